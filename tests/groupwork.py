"""Short ways to enter groups, beside those of the cast.

group = a_group(city.chengdong, worker)
members = members_in(group, worker, people=family.people, named=["阿海"])
session = a_session(group, worker, on=date(2020, 5, 10))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from shuangbai.core.findings import Door
from shuangbai.groups.actions.members import MemberEntry, add_members
from shuangbai.groups.actions.planning import GroupEntry, begin_group
from shuangbai.groups.actions.sessions import SessionEntry, record_sessions
from shuangbai.groups.enums import AgeBand, GroupKind, Presence
from shuangbai.groups.models import Group, GroupMember, GroupSession
from shuangbai.groups.queries import next_number, on_roll
from shuangbai.network.models import OrgUnit, User

BEGUN, JOINED = date(2020, 4, 1), date(2020, 5, 1)


def a_group(station: OrgUnit, by: User, **more: Any) -> Group:
    """A growth group that is prepared since April."""
    said = {"title": "小海星成长小组", "kind": GroupKind.GROWTH, "begun_on": BEGUN, "worker_id": by.staff_id, **more}
    return begin_group(by=by, entry=GroupEntry(station=station, **said))


def members_in(
    group: Group, by: User, *, people: Sequence[Any] = (), named: Sequence[str] = (), joined: date = JOINED, **more: Any
) -> list[GroupMember]:
    """Put people on a group's list: of families, and only named."""
    band = more.pop("age_band", AgeBand.CHILD)
    entries = [MemberEntry(person_id=one.pk, joined_on=joined, **more) for one in people]
    entries += [MemberEntry(name=name, age_band=band, joined_on=joined, **more) for name in named]
    return add_members(by=by, group=group, entries=entries)


def a_session_entry(
    group: Group, by: User, *, on: date = date(2020, 5, 10), roll: Mapping[Any, Any] | None = None, **more: Any
) -> SessionEntry:
    """An entry for the next session with the whole list present, but for what `roll` says of members."""
    members = [one for one in GroupMember.objects.filter(group=group) if on_roll(one, on)]
    said: dict[Any, Any] = {one.pk: (Presence.PRESENT, "") for one in members}
    for member, presence in (roll or {}).items():
        said[getattr(member, "pk", member)] = presence if isinstance(presence, tuple) else (presence, "")
    entry: dict[str, Any] = {"number": next_number(group), "theme": "认识新朋友", "worker_ids": [by.staff_id], **more}
    return SessionEntry(station=group.station, group=group, occurred_on=on, roll=said, **entry)


def a_session(group: Group, by: User, **more: Any) -> GroupSession:
    """Record a session. `on`, `roll`, `guests`, `theme`, `process` … as in `a_session_entry`."""
    return record_sessions(by=by, entries=[a_session_entry(group, by, **more)], door=Door.SHEET)[0]
