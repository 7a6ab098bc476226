"""Everything read inside is of one moment, and nobody who writes waits for it."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection

from shuangbai.core.actions import writing
from shuangbai.core.snapshots import one_snapshot
from shuangbai.network.enums import AreaLevel
from shuangbai.network.models import Area

WAITS = 20


def an_area(name: str) -> None:
    with writing():
        Area.objects.create(name=name, level=AreaLevel.PROVINCE, starts_on=date(2017, 1, 1))


def meanwhile(name: str) -> None:
    """Somebody else writes, on a connection of their own, and is done."""

    def write() -> None:
        an_area(name)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    other.join(WAITS)
    assert not other.is_alive()


@pytest.mark.django_db(transaction=True)
class TestOneSnapshot:
    def test_what_others_write_meanwhile_is_not_seen(self) -> None:
        an_area("甲")
        with one_snapshot():
            assert Area.objects.count() == 1
            meanwhile("乙")
            assert [area.name for area in Area.objects.iterator(chunk_size=1)] == ["甲"]
        assert Area.objects.count() == 2

    def test_it_ends_where_something_goes_wrong_inside(self) -> None:
        def wrong() -> None:
            with one_snapshot():
                Area.objects.count()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            wrong()
        an_area("甲")
        assert Area.objects.count() == 1


@pytest.mark.django_db
def test_inside_a_transaction_it_is_that_one() -> None:
    an_area("甲")
    with one_snapshot():
        assert Area.objects.count() == 1
