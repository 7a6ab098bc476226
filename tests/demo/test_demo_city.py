"""The demonstration city as built: the figures of 2020, each equal to its evidence, and people nobody is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from shuangbai.demo.city import PASSWORD, ROLE_WORDS
from tests.demonstration import FROM, PERIOD, TO, Built, Installed

PUBLISHED = {"S1": 21, "S2": 73, "V2": 10_412, "V5": 15_100, "F2": 1_435}
ROOMS = Path(__file__).resolve().parents[2] / "shuangbai"

Report = dict[str, Any]


@pytest.fixture(scope="session")
def report(demo_city: Built) -> Report:
    """The whole report over the article's three years, as the shell prints it."""
    ran = demo_city.run("report", "results", *PERIOD, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    return json.loads(ran.out)


@pytest.fixture(scope="session")
def figures(report: Report) -> dict[str, Report]:
    return {figure["code"]: figure for figure in report["figures"]}


def test_building_keeps_standard_output_clean_and_says_what_it_does(demo_city: Built) -> None:
    assert demo_city.built.out == ""
    assert "演示城市" in demo_city.built.err
    assert "Traceback" not in demo_city.built.err


class TestTheReport:
    def test_it_says_what_was_asked(self, report: Report) -> None:
        assert (report["report"], report["from"], report["to"], report["scope"]) == ("results", FROM, TO, "SW")
        assert len(report["rows"]) == 21

    @pytest.mark.parametrize("code", PUBLISHED)
    def test_the_published_figures_come_out_of_the_records(self, figures: dict[str, Report], code: str) -> None:
        assert figures[code]["value"] == PUBLISHED[code]

    def test_more_than_thirty_thousand_took_part(self, figures: dict[str, Report]) -> None:
        value = {code: figure["value"] for code, figure in figures.items()}
        assert value["B1"] == value["A2"] + value["G4"] == 33_251
        assert (value["G1"], value["G2"], value["G4"]) == (12, 67, 687)

    def test_a_visit_reached_somebody_or_did_not(self, figures: dict[str, Report]) -> None:
        assert figures["V1"]["value"] == figures["V3"]["value"] + figures["V7"]["value"]

    def test_every_number_equals_its_evidence(self, report: Report) -> None:
        numbers = [(figure["code"], "", figure) for figure in report["figures"]]
        numbers += [
            (figure["code"], f"{dimension}={line['key']}", line)
            for figure in report["figures"]
            for dimension, lines in figure["splits"].items()
            for line in lines
        ]
        assert len(numbers) > 200
        assert [where for *where, one in numbers if one["value"] != one["evidence"]] == []

    def test_the_publicity_week_took_place_at_every_station(self, demo_city: Built, figures: dict[str, Report]) -> None:
        week = next(one for one in figures["B1"]["splits"]["campaign"] if one["key"] == "sw-week-2020")
        assert 3_200 <= week["value"] <= 3_299
        assert demo_city.asks(CAMPAIGN_STATIONS) == 21

    def test_dongzhous_childrens_day(self, demo_city: Built) -> None:
        assert demo_city.asks(SERIES) == {"station": "东洲社工站", "events": 4, "person_times": 120}

    def test_one_station_alone(self, demo_city: Built, report: Report) -> None:
        row = report["rows"][0]
        ran = demo_city.run("report", "results", *PERIOD, "--scope", row["station"])
        own = json.loads(ran.out)
        assert (own["scope"], len(own["rows"])) == (row["station"], 1)
        values = {figure["code"]: figure["value"] for figure in own["figures"]}
        columns = set(row) - {"station", "name"}
        assert {code: values[code] for code in columns} == {code: row[code] for code in columns}
        assert all(figure["value"] == figure["evidence"] for figure in own["figures"])

    def test_shared_households_explain_the_gap(self, report: Report, figures: dict[str, Report]) -> None:
        over = sum(row["V2"] for row in report["rows"]) - figures["V2"]["value"]
        assert report["shared"]["V2"] == over > 0


class TestTheEvidence:
    def test_the_lines_of_every_code_add_up_and_their_records_exist(
        self, demo_city: Built, figures: dict[str, Report]
    ) -> None:
        found = demo_city.asks(EVIDENCE)
        assert {code: one["sum"] for code, one in found.items()} == {
            code: figure["value"] for code, figure in figures.items()
        }
        assert {code: one["missing"] for code, one in found.items() if one["missing"]} == {}
        assert {code: one["twice"] for code, one in found.items() if one["twice"]} == {}

    def test_a_line_is_a_json_object_without_names(self, demo_city: Built, report: Report) -> None:
        row = report["rows"][0]
        ran = demo_city.run("evidence", "v2", *PERIOD, "--scope", row["station"])
        assert (ran.code, ran.err) == (0, "")
        lines = [json.loads(line) for line in ran.out.splitlines()]
        assert sum(line["adds"] for line in lines) == row["V2"]
        assert all(set(line) == {"key", "adds", "records"} and line["records"] for line in lines)
        assert not re.search(r"[\u4e00-\u9fff]", ran.out)


class TestItsPeople:
    def test_nobody_is_anybody(self, demo_city: Built) -> None:
        """ID numbers are of counties that never were, and sound in every other way; no two people share one."""
        found = demo_city.asks(ID_NUMBERS)
        assert found["count"] > 5_000
        assert (found["counties"], found["unsound"], found["shared"]) == (["441592", "441593", "441598"], 0, 0)

    def test_no_story_is_told_twice(self, demo_city: Built) -> None:
        found = demo_city.asks(NARRATIVES)
        assert found["visits"] > 15_000
        assert found["twice"] == 0
        assert found["shortest"] < 20 < 120 < found["longest"]

    def test_no_two_neighbours_read_alike(self, demo_city: Built) -> None:
        """Families side by side in a village's list: less than half of what was last written at both is the same."""
        found = demo_city.asks(NEIGHBOURS)
        assert found["pairs"] > 5_000
        assert found["closest"] < 1 / 2, found["texts"]

    def test_life_is_in_it(self, demo_city: Built) -> None:
        found = demo_city.asks(LIFE)
        assert {what for what, count in found.items() if not count} == set()

    def test_the_printed_accounts_sign_in(self, demo_city: Built) -> None:
        assert demo_city.asks(SIGN_INS) == dict.fromkeys(ROLE_WORDS, True)
        welcome = demo_city.asks("from shuangbai.demo import city; answer = city.welcome('http://x', fresh=True)")
        assert PASSWORD in welcome
        assert all(name in welcome for name in ROLE_WORDS)


@pytest.mark.sqlite_only
def test_a_second_start_keeps_what_was_entered(demo_copy: Installed) -> None:
    entered = demo_copy.asks(ENTER_ONE)
    ran = demo_copy.run("demo", "--no-serve")
    assert (ran.code, ran.out) == (0, "")
    assert demo_copy.asks(f"{FIND}; answer = ServiceRecord.objects.filter(pk={entered!r}).count()") == 1


@pytest.mark.nodb
def test_the_product_does_not_know_the_numbers_of_the_article() -> None:
    """Outside the plan of the demonstration, nothing in the code holds one of its sums."""
    sums = re.compile(r"10[,_]?412|15[,_]?100|1[,_]?435\b|1\.51\s*万|1\.04\s*万|3[,_]?200|相伴童行")
    files = [file for kind in ("py", "html", "js", "json") for file in ROOMS.rglob(f"*.{kind}")]
    outside = [file for file in files if "demo" not in file.relative_to(ROOMS).parts and "data" not in file.parts]
    assert outside
    knowing = [str(file.relative_to(ROOMS)) for file in outside if sums.search(file.read_text(encoding="utf-8"))]
    assert knowing == []


# ASKED INSIDE THE CITY -------------------------------------------------------
CAMPAIGN_STATIONS = """
from shuangbai.services.models import ServiceRecord
week = ServiceRecord.objects.filter(campaign__code="sw-week-2020", kind="activity", voided_at=None)
answer = week.values("station").distinct().count()
"""
SERIES = """
from datetime import date
from shuangbai.activities.models import Activity
from shuangbai.core.periods import Period
from shuangbai.network.models import OrgUnit
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
station = OrgUnit.objects.get(name="东洲社工站")
events = Activity.objects.filter(record__station=station, series__name="相伴童行", record__voided_at=None)
ids = {str(pk) for pk in events.values_list("pk", flat=True)}
lines = BY_CODE["A2"].lines(Ask(Period(date(2017, 7, 1), date(2020, 6, 6)), station))
answer = {"station": station.name, "events": len(ids), "person_times": sum(n for key, n, _ in lines if str(key) in ids)}
"""
EVIDENCE = """
import contextlib, io
from shuangbai import cli
from shuangbai.groups.models import Group
from shuangbai.households.models import FamilyFile
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting, Staff
from shuangbai.assistance.models import Matter
from shuangbai.projects.models import LedgerLine, Project
from shuangbai.resources.models import Referral, ResourceLink
from shuangbai.volunteers.models import Team, Volunteer, VolunteerHours
from shuangbai.reports.results import CODES
from shuangbai.services.models import ServiceRecord
from shuangbai.stories.models import Award
from shuangbai.surveys.models import AnswerSheet, Survey
kinds = (Award, LedgerLine, Project, ServiceRecord, FamilyFile, Group, OrgUnit, Staff, Posting, Coverage, Area,
         Matter, Referral, ResourceLink, Team, Volunteer, VolunteerHours, Survey, AnswerSheet)
there = {str(pk) for model in kinds
         for pk in model.objects.values_list("pk", flat=True)}
answer = {}
for code in CODES:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert cli.main(["evidence", code, "--from", "2017-07-01", "--to", "2020-06-06"]) == 0
    lines = [json.loads(line) for line in said.getvalue().splitlines()]
    adds, keys = sum(line["adds"] for line in lines), [line["key"] for line in lines]
    missing = {record for line in lines for record in line["records"]} - there
    answer[code] = {
        "sum": int(adds) if adds == int(adds) else adds,
        "missing": sorted(missing)[:3], "twice": len(keys) - len(set(keys)),
    }
"""
ID_NUMBERS = """
from shuangbai.core.idnumber import IdNumber, read
from shuangbai.households.models import Person
held = [number for number in Person.objects.values_list("id_no", flat=True).iterator() if number]
answer = {
    "count": len(held), "counties": sorted({number[:6] for number in held}), "shared": len(held) - len(set(held)),
    "unsound": sum(not isinstance(read(number), IdNumber) for number in held),
}
"""
NARRATIVES = """
from shuangbai.visits.models import Visit
told = [text for text in Visit.objects.values_list("narrative", flat=True) if text]
answer = {
    "visits": len(told), "twice": len(told) - len(set(told)),
    "shortest": min(map(len, told)), "longest": max(map(len, told)),
}
"""
NEIGHBOURS = """
from itertools import pairwise
from shuangbai.visits.models import Visit
rows = Visit.objects.exclude(narrative="").order_by("record__occurred_on").values_list(
    "record__station__code", "record__household__village__name", "record__household__head_name",
    "record__household", "narrative")
latest = {(station, village, home): (name, text) for station, village, name, home, text in rows}
listed = sorted((station, village, name, text) for (station, village, _), (name, text) in latest.items())
def pairs(text):
    return {text[i : i + 2] for i in range(len(text) - 1)}
found = []
for (*one, _, first), (*other, _, second) in pairwise(listed):
    if one == other:
        a, b = pairs(first), pairs(second)
        found.append((len(a & b) / len(a | b), first, second))
closest = max(found)
answer = {"pairs": len(found), "closest": closest[0], "texts": closest[1:]}
"""
LIFE = """
from django.db.models import Count, F
from shuangbai.households.models import FamilyFile, Household, Membership
from shuangbai.network.models import Coverage, Posting
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
records = ServiceRecord.objects
homes = records.filter(kind="visit").values("household").annotate(
    visits=Count("pk"), stations=Count("station", distinct=True))
answer = {
    "unmet visits": Visit.objects.filter(record__reached=False).count(),
    "late entries": sum((entered.date() - on).days > 7
                        for entered, on in records.values_list("entered_at", "occurred_on").iterator()),
    "voided records": records.filter(voided_at__isnull=False).count(),
    "corrected records": records.filter(version__gt=1).count(),
    "families visited ten times": homes.filter(visits__gte=10).count(),
    "families visited once": homes.filter(visits=1).count(),
    "families of two stations": homes.filter(stations=2).count(),
    "people in two homes": Membership.objects.filter(is_primary=False).count(),
    "postings that ended": Posting.objects.filter(ends_on__isnull=False).count(),
    "villages covered later": Coverage.objects.filter(starts_on__gt=F("station__starts_on")).count(),
    "closed files": FamilyFile.objects.filter(closed_on__isnull=False).count(),
    "epidemic work": records.filter(campaign__code="epidemic-2020", kind="activity").count(),
}
"""
SIGN_INS = f"""
from django.test import RequestFactory
from shuangbai.accounts.backends import AccountBackend
names = {list(ROLE_WORDS)!r}
answer = {{name: AccountBackend().authenticate(None, name, {PASSWORD!r}) is not None for name in names}}
"""
FIND = "from shuangbai.services.models import ServiceRecord"
ENTER_ONE = """
from datetime import date
from shuangbai.activities.actions import ActivityEntry, record_activity
from shuangbai.activities.enums import ActivityKind
from shuangbai.network.models import User
from shuangbai.services.enums import CountMethod, HeadGroup
head = User.objects.get(username="head")
station = head.grants.get(role="head", ends_on=None).unit
made = record_activity(by=head, acknowledged=True, entry=ActivityEntry(
    station=station, occurred_on=date(2020, 6, 5), title="端午包粽子", kind=ActivityKind.FESTIVAL,
    worker_ids=[head.staff_id], heads={HeadGroup.ELDERS: 12}, method=CountMethod.SIGNED))
answer = str(made.pk)
"""
