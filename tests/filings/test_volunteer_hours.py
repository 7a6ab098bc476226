"""A frozen report and hours that were entered, corrected or voided since: told, and no change by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shuangbai.filings.verifying import prove
from shuangbai.volunteers.actions.hours import correct_hours, give_hours, void_hours
from shuangbai.volunteers.models import VolunteerHours
from tests.cast import City, an_activity
from tests.filings.test_proof import MAY, frozen
from tests.volunteers.conftest import a_volunteer, hours


def test_hours_by_name_change_a_frozen_figure_with_a_trace(city: City, tmp_path: Any, settings: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    worker = city.users["worker"]
    activity, one = an_activity(city.chengdong, worker, on=MAY[0]), a_volunteer(city.chengdong, worker)
    [row] = give_hours(by=worker, record=activity.record, entries=[hours(one)])
    manifest = frozen(city, city.chengdong, *MAY)
    assert prove(manifest).sound
    correct_hours(by=worker, row=row, version=1, hours=Decimal(3), first=None, last=None, task="", reason="填错了")
    proof = prove(manifest)
    assert proof.sound
    assert [(one.code, one.frozen, one.now) for one in proof.figures] == [("T3", 2, 3)]
    void_hours(by=worker, row=row, version=2, reason="记重了")
    assert prove(manifest).sound


def test_a_number_changed_in_the_database_is_found(city: City, tmp_path: Any, settings: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    worker = city.users["worker"]
    activity, one = an_activity(city.chengdong, worker, on=MAY[0]), a_volunteer(city.chengdong, worker)
    give_hours(by=worker, record=activity.record, entries=[hours(one)])
    manifest = frozen(city, city.chengdong, *MAY)
    VolunteerHours.objects.update(hours=Decimal(9))
    assert not prove(manifest).sound
