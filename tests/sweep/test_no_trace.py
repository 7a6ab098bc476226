"""Whoever is not one of the few finds no trace of an alarm or a case: with one and without, every answer is the same.

Both at once: an address that tells of either is found, and asking each twice takes ten minutes already.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps

from shuangbai.cases.actions.ending import ClosingEntry, close_case
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.working import attach_visit, record_session
from shuangbai.cases.closing import HINDRANCES
from shuangbai.cases.enums import Stage
from shuangbai.cases.keeping import case_path
from shuangbai.cases.models import Case, Goal
from shuangbai.core import clock
from shuangbai.core.bulk import in_parts
from shuangbai.core.models import AuditEvent
from shuangbai.safeguarding.actions import StepEntry, close_alarm, raise_alarm, record_step
from shuangbai.safeguarding.enums import CloseReason, StepKind
from shuangbai.safeguarding.models import Alarm, AlarmStep
from tests.cast import again
from tests.sweep import cases, safeguarding, stories
from tests.sweep.asking import Answer, Row, ask, form_for, lasting, rows, some_of
from tests.sweep.world import Place, World, undone

pytestmark = pytest.mark.django_db
READING = ("GET", "HTMX")
TOGETHER = 36  # addresses that are asked of the same alarms and cases: bringing these about takes a second
# Whoever is not one of the few at 城东 and gets further than the door; the stranger also where they belong.
OTHERS = ["colleague", "neighbour", "officer", "sysadmin", "security", "auditor", "nobody"]
AT_HOME = ["stranger"]  # one of the few at 东洲, and of 城东 they know nothing
WRITING = ["colleague", "officer"]  # whose answers to what is sent are looked at too: papers, exports, refusals
MINUTE, NEVER = re.compile(rb"\b\d\d:\d\d\b"), re.compile(rb"(?!)")
DRAWN = {"own-factor-codes", "signin-again", "team-link"}  # new codes, a form sealed anew, a secret address
# Who reads what was done reads that something was done about an alarm, by whom and when: the trail is for that.
TRAIL = {"auditor": "trail"}
# How many values each key has encrypted, in the whole city, is told to who changes keys.
KEYS = {"security": "keys"}


def more_alarms(at: Place, head) -> None:
    """A second alarm with steps that is closed, a drill, and a step of the first."""
    for drill in (False, True):
        entry = safeguarding.entry_at(at.station, person_id=at.person.pk, facts="又见新伤", drill=drill)
        alarm = raise_alarm(by=at.by, entry=entry, acknowledged=True)
        said = StepEntry(StepKind.POLICE, clock.now(), "派出所", "A2")
        record_step(by=at.by, alarm=alarm, version=1, entry=said)
        reason = CloseReason.DRILL if drill else CloseReason.SAFE
        close_alarm(by=head, alarm=alarm, version=2, reason=reason, note="已随姑姑生活")
    said = StepEntry(StepKind.TOLD, clock.now() - timedelta(minutes=1), "站长")
    record_step(by=at.by, alarm=at.alarm, version=1, entry=said)


def more_cases(at: Place) -> None:
    """A second case that is closed with a visit to come, a visit of the family put to the first, a further session."""
    case = cases.opened(at.name, at.station, at.by, at.household.pk, at.person.pk, at.casework.case.supervisor)
    record_session(by=at.by, case=case, entry=cases.talk_on(at.by, clock.today(), "又谈了一次"))
    move_case(by=at.by, case=case, version=1, to=Stage.CLOSE, on=clock.today(), reason="搬走")
    entry = ClosingEntry("moved", "搬走了", months=[1])
    # As if this person knew of no alarm: what stands in the way is another test's.
    with open_alarms_untold():
        close_case(by=at.by, case=case, version=2, entry=entry, on=clock.today(), why="督导已知道")
    attach_visit(by=at.by, case=at.casework.case, record_key=at.visit.pk)
    record_session(by=at.by, case=at.casework.case, entry=cases.talk_on(at.by, clock.today(), "又谈了一次"))
    stories.more_stories(at)


@contextmanager
def open_alarms_untold() -> Iterator[None]:
    kept = dict(HINDRANCES)
    HINDRANCES.clear()
    yield
    HINDRANCES.update(kept)


def no_cases(at: Place) -> None:
    """As if there had never been one at the place, nor a story of one that others do not read."""
    stories.no_stories(at)
    keys = list(Case.objects.filter(station=at.station).values_list("pk", flat=True))
    goals = list(Goal.objects.filter(case__in=keys).values_list("pk", flat=True))
    rows = [(model, case_path(model)) for model in apps.get_app_config("cases").get_models()]
    own = {"id": keys, "case": keys, "goal__case": goals}
    for model, path in sorted(rows, key=lambda row: (row[1] == "id", row[0] is Goal)):  # what points at a row first
        if path:
            field = "goal__in" if path == "goal__case" else f"{path}__in"
            gone = list(model.objects.filter(**{field: own[path]}).values_list("pk", flat=True))
            if hasattr(model, "history"):
                model.history.filter(id__in=gone).delete()
            model.objects.filter(pk__in=gone)._raw_delete("default")
    AuditEvent.objects.filter(kind__startswith="case.", about_id__in=[str(pk) for pk in keys]).delete()


def no_alarms(at: Place) -> None:
    """As if there had never been one at the place."""
    keys = list(Alarm.objects.filter(station=at.station).values_list("pk", flat=True))
    AlarmStep.objects.filter(alarm__in=keys).delete()
    Alarm.history.filter(id__in=keys).delete()
    Alarm.objects.filter(pk__in=keys)._raw_delete("default")
    AuditEvent.objects.filter(kind__startswith="alarm.", about_id__in=[str(pk) for pk in keys]).delete()


def answers(world: World, row: Row, forms: dict[str, Any]) -> dict[str, Answer]:
    def asked(who: str, at: Place) -> Answer:
        return ask(world, who, row.method, row.address(at.keys), forms.get(who))

    if row.method not in READING:
        return {who: asked(who, world.here) for who in WRITING}
    others = some_of(OTHERS, row)
    return {who: asked(who, world.here) for who in others} | {who: asked(who, world.there) for who in AT_HOME}


def unlike(one: Answer, other: Answer, row: Row) -> list[str]:
    """By what two answers can be told apart, without what is drawn anew each time: keys, codes, names of files.

    Papers bear the minute in which they were made, and a minute may end between the two.
    """
    drawn = set() if row.method in READING else {"headers"}
    minute = MINUTE if row.method not in READING else NEVER
    if (row.method not in READING and row.name in DRAWN) or unpacked(one.page, minute) == unpacked(other.page, minute):
        drawn.add("page")
    return [part for part in one.unlike(other) if part not in drawn]


def unpacked(page: bytes, without: re.Pattern[bytes]) -> list[tuple[str, bytes]]:
    """What a page or an office file holds, `without` that; of a file not its properties, which say when it was made."""
    if not page.startswith(b"PK"):
        return [("", without.sub(b"", page))]
    with zipfile.ZipFile(io.BytesIO(page)) as packed:
        names = [name for name in packed.namelist() if not name.startswith("docProps/")]
        return [(name, without.sub(b"", packed.read(name))) for name in names]


@pytest.mark.parametrize("some", list(in_parts(rows(), TOGETHER)), ids=lambda some: str(some[0]))
def test_with_an_alarm_and_a_case_and_without_every_answer_is_the_same(world: World, some: list[Row]) -> None:
    """Pages, lists, suggestions, search, exports, JSON, reports, timelines, headers, and the queries that it took."""

    def told() -> dict[tuple[str, str], list[str]]:
        with clock.pinned(clock.today()):
            # What is sent is the same both times, and written where what it is about is there.
            first, second = ([{who: form_for(row, world.here) for who in WRITING} for row in some] for _ in range(2))
            with undone():
                more_alarms(world.here, world.as_now("head"))
                more_cases(world.here)
                with_alarms = [answers(world, row, forms) for row, forms in zip(some, first, strict=True)]
            with undone():
                no_alarms(world.here)
                no_cases(world.here)
                without = [answers(world, row, forms) for row, forms in zip(some, second, strict=True)]
        return {
            (str(row), who): parts
            for row, one, other in zip(some, with_alarms, without, strict=True)
            for who, answer in one.items()
            if not _meant(who, row) and (parts := unlike(answer, other[who], row))
        }

    assert not lasting(told)


def _meant(who: str, row: Row) -> bool:
    return any(row.name.startswith(kept[who]) for kept in (TRAIL, KEYS) if who in kept)


def test_the_few_see_it(world: World) -> None:
    """Otherwise the test before could not fail."""
    addresses = ("/", f"/families/{world.here.household.pk}/", f"/people/{world.here.person.pk}/", "/safeguarding/")
    for who in ("worker", "head", "supervisor"):
        pages = [ask(world, who, "GET", address).page for address in addresses]
        with undone():
            no_alarms(world.here)
            assert all(ask(world, who, "GET", a).page != page for a, page in zip(addresses, pages, strict=True)), who


def test_what_the_auditor_reads_says_nothing_of_whom_or_where(world: World) -> None:
    with undone():
        more_alarms(world.here, again(world.users["head"]))
        page = ask(world, "auditor", "GET", "/trail/?kind=alarm.raised").page.decode()
        pages = [ask(world, "auditor", "GET", f"/trail/{event.pk}/").page.decode()
                 for event in AuditEvent.objects.filter(kind__startswith="alarm.")]  # fmt: skip
    assert "发起了一件安全警报" in page
    for text in pages:
        shown = text.partition("<main")[2].partition("</main>")[0]
        assert "安全警报" in shown
        held = [
            word
            for word in ("城东", str(world.here.person.pk), "陈大文", "曾秀英", "家暴", "演练", "赤山")
            if word in shown
        ]
        assert held == []
