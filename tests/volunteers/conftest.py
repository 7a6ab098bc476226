"""Short ways into the room."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuangbai.network.models import OrgUnit, User
from shuangbai.volunteers.actions.hours import record_team_service
from shuangbai.volunteers.actions.people import enter_volunteer
from shuangbai.volunteers.actions.teams import form_team
from shuangbai.volunteers.entries import HoursEntry, TeamEntry, TeamServiceEntry, VolunteerEntry
from shuangbai.volunteers.enums import TeamKind, TeamStage
from shuangbai.volunteers.models import Team, TeamService, Volunteer
from tests.cast import City

SINCE = date(2019, 3, 5)
Makes = Callable[..., Any]


def a_volunteer(station: OrgUnit, by: User, name: str = "卓望", **more: Any) -> Volunteer:
    since = more.pop("since", SINCE)
    own = {"name": name} if "person_id" not in more else {}
    return enter_volunteer(by=by, entry=VolunteerEntry(station, since, **own, **more), acknowledged=True)


def a_team(station: OrgUnit, by: User, name: str = "赤山村巾帼志愿队", **more: Any) -> Team:
    said = {"kind": TeamKind.WOMEN, "founded_on": SINCE, "stage": TeamStage.GROWING, **more}
    return form_team(by=by, entry=TeamEntry(station, name, **said))


def hours(volunteer: Volunteer, many: Any = 2, **more: Any) -> HoursEntry:
    return HoursEntry(volunteer.pk, Decimal(str(many)), **more)


def a_service(station: OrgUnit, by: User, *entries: HoursEntry, **more: Any) -> TeamService:
    on = more.pop("on", date(2020, 5, 2))
    return record_team_service(
        by=by, entry=TeamServiceEntry(station, on, more.pop("title", "清扫村道"), hours=entries, **more)
    )


@pytest.fixture
def volunteer(city: City, worker: User) -> Volunteer:
    return a_volunteer(city.chengdong, worker)


@pytest.fixture
def team(city: City, worker: User) -> Team:
    return a_team(city.chengdong, worker)
