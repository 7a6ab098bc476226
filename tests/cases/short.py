"""Short ways to enter a case and what hangs on it."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuangbai.cases.actions.ending import ClosingEntry, close_case
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, open_case
from shuangbai.cases.actions.working import GoalEntry, SessionEntry, record_session, set_goal
from shuangbai.cases.enums import CaseKind, Consent, Risk, SessionMode, Source, Stage
from shuangbai.cases.models import Case
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from tests.cast import TODAY

OPENED = date(2020, 5, 4)
WORDS = "夜里不敢回自己屋里"


def said(*people: Any, **more: Any) -> CaseEntry:
    """The record of 接案, taken on and agreed to on 4 May 2020."""
    entry: dict[str, Any] = {
        "source": Source.VISIT, "kind": CaseKind.CHILD, "presenting": WORDS, "people": [one.pk for one in people],
        "opened_on": OPENED, "accepted_on": OPENED, "accept_reason": "能帮上", "consent": Consent.SPOKEN, **more,
    }  # fmt: skip
    return CaseEntry(**entry)


def an_entry(station: Any, family: Any, *, entry: CaseEntry | None = None, **more: Any) -> OpenEntry:
    """A new case about the child of a family."""
    return OpenEntry(
        station=station, client_id=more.pop("client_id", None) or random_id(), household_id=family.household.pk,
        said=entry or said(family.people[1]), **more,
    )  # fmt: skip


def a_case(station: Any, by: User, family: Any, *, stage: Stage | None = None, **more: Any) -> Case:
    """A case with a risk that was judged; brought to `stage` in a hurry."""
    more = {"risk": Risk.MIDDLE, "risk_reason": "独自在家", **more}
    case = open_case(by=by, entry=an_entry(station, family, **more), acknowledged=True)
    return moved(case, by, stage) if stage else case


def moved(case: Case, by: User, to: Stage, **more: Any) -> Case:
    """The case in another stage, with a reason."""
    now = Case.objects.get(pk=case.pk)
    more = {"on": now.stage_on, "reason": "情况紧急，后补", "acknowledged": True, **more}
    move_case(by=by, case=now, version=now.version, to=to, **more)
    return Case.objects.get(pk=case.pk)


def closed(case: Case, by: User, *, on: date = date(2020, 6, 1), months: tuple[int, ...] = (1, 3), **more: Any) -> Case:
    """The case closed, whatever it lacked."""
    now = Case.objects.get(pk=case.pk)
    if now.stage != Stage.CLOSE:
        now = moved(now, by, Stage.CLOSE)
    entry = ClosingEntry(more.pop("reason", "reached"), "做了什么、变了什么", months=months)
    close_case(by=by, case=now, version=now.version, entry=entry, on=on, why="情况紧急，后补", **more)
    return Case.objects.get(pk=case.pk)


def a_goal(case: Case, by: User, **more: Any) -> Any:
    entry: dict[str, Any] = {
        "statement": "每天按时上学", "indicator": "每周迟到几次", "target": "不超过一次", "set_on": OPENED,
        "due_on": TODAY, **more,
    }  # fmt: skip
    return set_goal(by=by, case=case, entry=GoalEntry(**entry), acknowledged=True)


def a_talk(by: User, on: date = date(2020, 5, 12), **more: Any) -> SessionEntry:
    entry: dict[str, Any] = {
        "held_on": on, "minutes": 50, "mode": SessionMode.HOME, "process": "谈了上学", "worker_id": by.staff_id, **more,
    }  # fmt: skip
    return SessionEntry(**entry)


def a_session(case: Case, by: User, on: date = date(2020, 5, 12), **more: Any) -> Any:
    return record_session(by=by, case=case, entry=a_talk(by, on, **more))
