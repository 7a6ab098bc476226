"""What is asked of the database as a whole while it grows."""

from __future__ import annotations

import pytest
from django.db import connection

from shuangbai.core import databases

pytestmark = pytest.mark.django_db


def cache_size() -> int:
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA cache_size").fetchone()[0]


@pytest.mark.sqlite_only
def test_more_pages_are_kept_at_hand_only_as_long_as_it_grows():
    usual = cache_size()
    with databases.growing():
        assert cache_size() == databases.CACHE_GROWING < usual
    with pytest.raises(ZeroDivisionError), databases.growing():
        raise ZeroDivisionError
    assert cache_size() == usual


def test_either_database_can_be_told_how_its_tables_are_filled():
    with databases.growing():
        databases.renew_statistics()
    if databases.kind() == databases.SQLITE:
        with connection.cursor() as cursor:
            assert cursor.execute("SELECT count(*) FROM sqlite_stat1").fetchone()[0]
