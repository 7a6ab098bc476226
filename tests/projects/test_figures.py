"""Projects, meetings and gifts as figures: a small case by hand, and each number beside its list."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuangbai.core.periods import Period
from shuangbai.filings.comparing import changes, marks
from shuangbai.filings.gathering import gather
from shuangbai.filings.manifest import recount
from shuangbai.projects.actions import projects as actions
from shuangbai.projects.actions.ledger import reverse_line
from shuangbai.projects.entries import OutcomeEntry
from shuangbai.projects.enums import LineKind, ProjectState
from shuangbai.projects.models import Project
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.projecting import FIGURES
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import lines_of, results
from shuangbai.services.actions import void_records
from tests.projects.conftest import a_line, a_meeting, a_project

pytestmark = pytest.mark.django_db
MAY, JUNE = Period(date(2020, 5, 1), date(2020, 5, 31)), Period(date(2020, 6, 1), date(2020, 6, 6))


def values(ask: Ask) -> dict[str, Any]:
    return {one.code: one.value(ask) for one in FIGURES}


@pytest.fixture
def done(city, worker) -> Project:
    """A project of April, done on 20 May, with every kind of line, one taken back in June, and three meetings."""
    project = a_project(city.chengdong, worker)
    a_project(city.dongzhou, city.users["stranger"], title="另一个", begun_on=date(2020, 5, 5))
    a_meeting(city.chengdong, worker, project=project)
    a_meeting(city.chengdong, worker, title="不属于项目的", people=14)
    void_records(by=worker, records=[a_meeting(city.chengdong, worker, title="录错").record], reason="重复录入")
    line = a_line(project, worker)
    a_line(project, worker, amount=Decimal("100.50"))
    a_line(project, worker, LineKind.SPENT)
    a_line(project, worker, LineKind.GOODS, value=Decimal(300), valued_by="market")
    a_line(project, worker, LineKind.GOODS)
    a_line(project, worker, LineKind.DAYS, quantity=Decimal("6.5"))
    entry = OutcomeEntry(outcome="铺好了", families=120, people=480, counted_how="register")
    actions.tell_outcome(by=worker, project=project, version=1, entry=entry)
    for version, to in enumerate((ProjectState.PLAN, ProjectState.DOING, ProjectState.REVIEW, ProjectState.DONE), 2):
        project = actions.move_project(by=worker, project=project, version=version, to=to, on=date(2020, 5, 20))
    reverse_line(by=worker, line=line, version=1, on=date(2020, 6, 2), reason="本人收回", acknowledged=True)
    return project


class TestByHand:
    def test_a_month(self, city, done) -> None:
        assert values(Ask(MAY, city.root)) == {
            "Q2": 2, "Q2A": 1, "Q2B": 1, "Q3": 2, "Q3A": 40, "Q4A": Decimal("300.50"), "Q4B": 300,
            "Q4C": Decimal("6.5"), "Q5A": 120, "Q5B": 480,
        }  # fmt: skip

    def test_what_is_taken_back_is_taken_off_on_its_own_day(self, city, done) -> None:
        june = values(Ask(JUNE, city.root))
        assert (june["Q4A"], june["Q2"], june["Q2B"]) == (-200, 1, 0)
        whole = Ask(Period(MAY.first, JUNE.last), city.root)
        assert BY_CODE["Q4A"].value(whole) == Decimal("100.50")

    def test_of_one_station(self, city, done) -> None:
        assert values(Ask(MAY, city.dongzhou))["Q2"] == 1
        assert BY_CODE["Q3"].value(Ask(MAY, city.dongzhou)) == 0


class TestNumberAndList:
    @pytest.mark.parametrize("code", [one.code for one in FIGURES])
    def test_each_number_is_the_sum_of_its_list_and_of_its_parts(self, city, done, code) -> None:
        ask, figure = Ask(MAY, city.root), BY_CODE[code]
        assert figure.value(ask) == figure.evidence(ask)
        for dimension in figure.by:
            assert dimension in DIMENSIONS
            parts = lines_of(figure, ask, dimension, evidence=True)
            assert sum(one.value for one in parts) == figure.value(ask)
            assert all(one.value == one.evidence for one in parts)

    @pytest.mark.parametrize("names", [True, False])
    def test_each_opens_to_a_list_that_shows_no_name_to_whoever_may_not(self, city, done, names) -> None:
        for figure in FIGURES:
            page = page_of(figure, Ask(MAY, city.root), 1, names=names)
            assert page.items
            assert any("卓海生" in one.title for one in page.items) == (names and figure.code in ("Q4A", "Q4B", "Q4C"))

    def test_the_report_has_them(self, city, done) -> None:
        report = results(Ask(MAY, city.root), evidence=True)
        assert report.figures["Q2"].value == 2
        assert all(report.figures[one.code].value == report.figures[one.code].evidence for one in FIGURES)


class TestFrozen:
    def test_a_frozen_report_keeps_them_and_tells_what_changed(self, city, worker, done) -> None:
        ask, marked = Ask(MAY, city.root), marks()
        frozen = gather(ask, "salt")
        for figure in FIGURES:
            assert Decimal(recount(frozen, figure.code)) == figure.value(ask), figure.code
        assert changes(frozen, gather(ask, "salt"), marked) == []
        a_line(done, worker, occurred_on=date(2020, 5, 11))
        told = changes(frozen, gather(ask, "salt"), marked)
        assert [one.table for one in told] == ["ledger_line"]
