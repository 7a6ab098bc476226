"""Surveys of villages and sheets of questionnaires in a frozen report: counted, proved; changes are told."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from shuangbai.core.periods import Period
from shuangbai.filings.enums import ChangeKind
from shuangbai.filings.gathering import FROZEN
from shuangbai.filings.manifest import recount, unpacked
from shuangbai.filings.models import Manifest
from shuangbai.filings.verifying import prove
from shuangbai.network.models import User
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import results
from shuangbai.surveys.actions.asking import correct_sheet, void_sheet
from shuangbai.surveys.actions.surveying import void_survey
from shuangbai.surveys.models import AnswerSheet, Survey
from tests.cast import City
from tests.filings.test_proof import MAY, frozen
from tests.surveying import a_questionnaire, a_sheet_entry, a_survey, sheets_in

pytestmark = pytest.mark.django_db
ON = date(2020, 5, 10)
CODES = ("Q1", "Q1A", "Q6")


@pytest.fixture(autouse=True)
def heads_kept(tmp_path: Any, settings: Any) -> None:
    settings.TRAIL_HEADS = tmp_path / "heads.log"


@pytest.fixture
def month(city: City, worker: User) -> Manifest:
    """May of 城东: two surveys of one village and one of another, two sheets; frozen."""
    for village in (city.chishan, city.chishan, city.beiping):
        a_survey(city.chengdong, worker, village=village, first_on=ON, last_on=ON)
    sheets_in(city.chengdong, worker, a_questionnaire(city.chengdong, worker), 2, filled_on=ON)
    return frozen(city, city.chengdong, *MAY)


def counted(city: City) -> list[Any]:
    figures = results(Ask(Period(*MAY), city.chengdong)).figures
    return [figures[code].value for code in CODES]


def test_they_are_in_the_report_frozen_and_proved(city: City, month: Manifest) -> None:
    assert {*CODES} <= {*FROZEN}
    assert counted(city) == [3, 2, 2]
    facts = unpacked(json.loads(month.header), bytes(month.facts))
    assert [recount(facts, code) for code in CODES] == [3, 2, 2]
    proof = prove(month)
    assert (proof.sound, proof.figures) == (True, [])


def test_their_section_is_left_out_where_nothing_was_surveyed(city: City, month: Manifest) -> None:
    assert "村居调研与问卷" in "".join(results(Ask(Period(*MAY), city.chengdong)).numbered().values())
    assert "Q1" not in results(Ask(Period(*MAY), city.dongzhou)).numbered()


def test_no_answer_is_in_it(month: Manifest) -> None:
    tables = unpacked(json.loads(month.header), bytes(month.facts)).tables
    assert {*tables["survey"].columns} == {"version", "last_on", "village", "station__code"}
    assert {*tables["sheet"].columns} == {"version", "filled_on", "village", "station__code"}


def test_what_was_voided_corrected_or_came_late_is_told(city: City, worker: User, month: Manifest) -> None:
    void_survey(by=worker, survey=Survey.objects.get(village=city.beiping), reason="录重了")
    proof = prove(month)
    assert (proof.sound, set(proof.kinds)) == (True, {ChangeKind.VOIDED})
    assert [(one.code, one.frozen, one.now) for one in proof.figures] == [("Q1", 3, 2), ("Q1A", 2, 1)]
    one, other = AnswerSheet.objects.order_by("pk")
    void_sheet(by=worker, sheet=one, reason="录重了")
    entry = a_sheet_entry(city.chengdong, other.questionnaire, filled_on=date(2020, 5, 11))
    correct_sheet(by=worker, sheet=other, version=1, entry=entry, reason="日期抄错")
    sheets_in(city.chengdong, worker, other.questionnaire, 1, filled_on=ON)
    proof = prove(month)
    assert (proof.sound, set(proof.kinds)) == (True, {ChangeKind.VOIDED, ChangeKind.CORRECTED, ChangeKind.LATE})


@pytest.mark.parametrize("model", [Survey, AnswerSheet])
def test_what_was_changed_in_the_database_is_found(month: Manifest, model: Any) -> None:
    day = "last_on" if model is Survey else "filled_on"
    model.objects.filter(pk=model.objects.first().pk).update(**{day: date(2020, 5, 12)})
    assert not prove(month).sound
