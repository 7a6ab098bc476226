"""A project of 城东's, and short ways to note what belongs to it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from shuangbai.core import strangers
from shuangbai.network.models import OrgUnit, User
from shuangbai.projects.actions.ledger import note_line
from shuangbai.projects.actions.meetings import record_meeting
from shuangbai.projects.actions.problems import switch_box
from shuangbai.projects.actions.projects import begin_project
from shuangbai.projects.entries import LineEntry, MeetingEntry, ProjectEntry
from shuangbai.projects.enums import LineKind
from shuangbai.projects.forms.problems import SendProblemForm
from shuangbai.projects.models import LedgerLine, Meeting, ProblemBox, Project
from shuangbai.services.enums import CountMethod

BEGUN, MAY = date(2020, 4, 1), date(2020, 5, 10)


def a_project(station: OrgUnit, by: User, **more: Any) -> Project:
    said = {"title": "河园村小广场", "begun_on": BEGUN, "worker_id": by.staff_id, "problem": "旧厕所成了垃圾堆"}
    return begin_project(by=by, entry=ProjectEntry(station=station, **{**said, **more}))


def a_line(project: Project, by: User, kind: LineKind = LineKind.CASH, **more: Any) -> LedgerLine:
    said: dict[str, Any] = {"occurred_on": MAY, "giver": "person", "name": "卓海生"}
    if kind == LineKind.CASH:
        said |= {"amount": Decimal(200)}
    elif kind == LineKind.SPENT:
        said = {"occurred_on": MAY, "what": "买地砖", "amount": Decimal(50)}
    else:
        said |= {"quantity": Decimal(10), "what": "水泥", "unit": "袋"}
    return note_line(by=by, project=project, entry=LineEntry(kind, **{**said, **more}), acknowledged=True)


def a_meeting_entry(station: OrgUnit, by: User, **more: Any) -> MeetingEntry:
    said = {
        "occurred_on": MAY, "kind": "deliberation", "title": "旧厕所拆不拆", "worker_ids": [by.staff_id], "people": 26,
        "method": CountMethod.SIGNED, "decisions": "拆，改成小广场",
    }  # fmt: skip
    return MeetingEntry(station=station, **{**said, **more})


def a_meeting(station: OrgUnit, by: User, **more: Any) -> Meeting:
    return record_meeting(by=by, entry=a_meeting_entry(station, by, **more), acknowledged=True)


def sent(station: OrgUnit, **more: Any) -> dict[str, Any]:
    """What a villager's browser sends some seconds after the page was opened."""
    with mock.patch("time.time", return_value=time.time() - 10):
        fresh = SendProblemForm(station=station).fresh
    return {"what": "榕树下的路灯不亮", "made": fresh, "website": "", "client_id": str(uuid.uuid4())} | more


@pytest.fixture
def project(city, worker) -> Project:
    return a_project(city.chengdong, worker, village_id=city.chishan.pk)


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    for limit in (strangers.OPENINGS, strangers.SENDINGS, strangers.BYTES):
        limit._counts.clear()


@pytest.fixture
def box(city, worker) -> ProblemBox:
    """The open page of 城东 for problems."""
    return switch_box(by=worker, station=city.chengdong, opened=True, version=0)


@pytest.fixture
def text_of() -> Callable[[Any], str]:
    return lambda answer: answer.content.decode()
