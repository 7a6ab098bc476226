"""Somebody records something at a station while a ledger goes in there."""

from __future__ import annotations

from datetime import date

import pytest

from shuangbai.households.actions import TagEntry, open_tags
from shuangbai.ledgers.actions import _take_turn
from shuangbai.ledgers.models import Import
from shuangbai.services.doctor import standings_follow
from shuangbai.services.models import ServiceRecord
from tests.atonce import at_once
from tests.cast import START, a_family, a_visit, again, forget_installation, make_city


@pytest.mark.django_db(transaction=True)
def test_a_visit_to_a_family_of_which_the_ledger_tells() -> None:
    """Neither waits for the other for ever."""
    city = make_city()
    worker, at = city.users["worker"], city.chengdong
    family = a_family(at, worker)
    ledger, told = Import(station=at), [TagEntry("dibao_rural", START)]
    at_once(
        lambda: _take_turn(ledger),
        lambda: a_visit(at, again(worker), family, on=date(2020, 5, 1)),
        lambda: open_tags(by=again(worker), bearer=family.household, entries=told, acknowledged=True),
    )
    wrong, visits = list(standings_follow()), ServiceRecord.objects.count()
    forget_installation()
    assert visits == 1
    assert wrong == []
