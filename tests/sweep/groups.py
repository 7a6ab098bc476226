"""Groups: their lines of the tables, and what is sent. The places' groups are made in world.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from shuangbai.core.findings import Door
from shuangbai.core.ids import random_id
from shuangbai.groups.actions.members import MemberEntry, add_members
from shuangbai.groups.actions.planning import GroupEntry, begin_group, move_group
from shuangbai.groups.actions.sessions import SessionEntry, record_session
from shuangbai.groups.enums import AgeBand, DraftPage, GroupKind, GroupState, Presence
from shuangbai.groups.models import Group, GroupMember, GroupSession
from shuangbai.groups.rules import OPEN
from shuangbai.network.models import OrgUnit, User
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.world import Place

BEGUN, MET = date(2020, 5, 4), date(2020, 5, 18)
KEYS = {"group", "ended_group", "group_member", "group_record"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
group-list                            | GET  | +++ ++ ++ ... ..ss
group-list?state=running              | GET  | +++ ++ ++ ... ..ss
group-new                             | GET  | +++ ++ .. ... ..ss
group-new                             | POST | >>> !! .. ... ..ss
group(group)                          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
group-edit(group)                     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-edit(group)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-draft(group,sitting)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-draft-drop(group,sitting)       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-evaluation(group)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-evaluation(group)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-move(group)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-tasks(ended_group)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-tasks(ended_group)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-member-new(group)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-member-new(group)               | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-member(group_member)            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-member(group_member)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group-session-new(group)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-session-new(group)              | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-session-new(group)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
group_session(group_record)           | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
group-session-correct(group_record)   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
group-session-correct(group_record)   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
groups.actions.planning.begin_group         | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.planning.change_group        | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.planning.evaluate_group      | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.drafting.save_draft          | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.drafting.drop_draft          | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.planning.move_group          | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.planning.ask_followups       | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.members.add_members          | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.members.change_member        | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.sessions.record_sessions     | +++ .. .. ... ... | ... .+ .. ... ...
groups.actions.sessions.correct_session     | +++ .. .. ... ... | ... .+ .. ... ...
"""


@dataclass
class Groupwork:
    """A group that runs, one that is over, somebody on the list of both, a session."""

    group: Group
    ended_group: Group
    member: GroupMember
    named: GroupMember
    session: GroupSession

    def keys(self) -> dict[str, Any]:
        return {
            "group": self.group.pk, "ended_group": self.ended_group.pk, "group_member": self.member.pk,
            "group_record": self.session.pk,
        }  # fmt: skip


def entry_at(station: OrgUnit, by: User, **more: Any) -> GroupEntry:
    said = {"title": "小海星成长小组", "kind": GroupKind.GROWTH, "begun_on": BEGUN, "worker_id": by.staff_id}
    return GroupEntry(station=station, **{**said, **more})


def session_at(at: Any, group: Group, **more: Any) -> SessionEntry:
    """A session of a group with its whole list present."""
    members = GroupMember.objects.filter(group=group, joined_on__isnull=False)
    roll = {one.pk: (Presence.PRESENT, "") for one in members}
    said = {"occurred_on": MET, "number": 1, "theme": "认识新朋友", "worker_ids": [at.by.staff_id], "roll": roll}
    return SessionEntry(station=at.station, group=group, **{**said, **more})


def groupwork_of(station: OrgUnit, by: User, person_id: Any, words: str) -> Groupwork:
    """One of everything of this room at a place."""

    @dataclass
    class At:
        station: OrgUnit
        by: User

    at, made = At(station, by), []
    for title in ("小海星成长小组", "照顾者支持小组"):
        group = begin_group(by=by, entry=entry_at(station, by, title=title, need=words))
        entries = [
            MemberEntry(person_id=person_id, joined_on=BEGUN, note=words),
            MemberEntry(name="阿海", age_band=AgeBand.CHILD, joined_on=BEGUN),
        ]
        add_members(by=by, group=group, entries=entries)
        made.append((group, record_session(by=by, entry=session_at(at, group, process=words, reflection=words))))
    (group, session), (over, _last) = made
    over.refresh_from_db()
    over = move_group(by=by, group=over, version=over.version, to=GroupState.ENDED, on=TODAY)
    group.refresh_from_db()
    rows = {one.person_id: one for one in GroupMember.objects.filter(group=group)}
    return Groupwork(group, over, rows[person_id], rows[None], session)


def all_over(station: OrgUnit) -> OrgUnit:
    """The station, all its groups ended: before that it cannot be closed."""
    Group.objects.filter(station=station, state__in=OPEN).update(state=GroupState.ENDED, ended_on=TODAY)
    return station


def _evaluated() -> dict[str, Any]:
    words = ("agreement", "measure", "process", "outcome", "reached", "reached_note")
    return {**dict.fromkeys(words, ""), "agreed_on": None, "satisfaction": {"very": 1}}


def _roll(at: Place) -> dict[str, str]:
    """Everybody of the running group was there."""
    return {f"at-{one.pk.hex}": "present" for one in (at.groupwork.member, at.groupwork.named)}


def _session(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "occurred_on": "2020-05-25", "number": "2", "minutes": "60", "theme": "我会", "phase": "formation",
        "workers": [str(at.by.staff_id)], "client_id": str(random_id()), **_roll(at),
    }  # fmt: skip
    return said | more


def _plan(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "title": "小海星成长小组", "kind": "growth", "begun_on": "2020-05-04", "worker": str(at.by.staff_id),
        "rows": "0", "client_id": str(random_id()),
    }  # fmt: skip
    return said | more


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "group-new": _plan,
    "group-edit": lambda at: _plan(at, version=str(at.groupwork.group.version)),
    "group-draft": _session,
    "group-draft-drop": lambda at: {},
    "group-evaluation": lambda at: {"version": str(at.groupwork.group.version), "very": "1"},
    "group-move": lambda at: {"version": str(at.groupwork.group.version), "to": "ended", "moved_on": "2020-06-06"},
    "group-tasks": lambda at: {
        "members": [str(at.groupwork.ended_group.members.get(person__isnull=False).pk)], "subject": "看看近况",
        "due_on": "2020-06-30",
    },
    "group-member-new": lambda at: {
        "taken": "yes", "joined_on": "2020-05-20", "named-0-name": "阿虾", "named-0-age_band": "teen",
    },
    "group-member": lambda at: {
        "version": "1", "taken": "yes", "joined_on": "2020-05-04", "consented_on": "2020-05-04",
    },
    "group-session-new": _session,
    "group-session-correct": lambda at: _session(at, number="1", version="1", reason="主题写错"),
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "groups.actions.drafting.save_draft": lambda at: {
        "group": at.groupwork.group, "page": DraftPage.SESSION, "typed": "{}",
    },
    "groups.actions.drafting.drop_draft": lambda at: {"group": at.groupwork.group, "page": DraftPage.SESSION},
    "groups.actions.planning.begin_group": lambda at: {"entry": entry_at(at.station, at.by)},
    "groups.actions.planning.change_group": lambda at: {
        "group": at.groupwork.group, "version": at.groupwork.group.version, "entry": entry_at(at.station, at.by),
    },
    "groups.actions.planning.evaluate_group": lambda at: {
        "group": at.groupwork.group, "version": at.groupwork.group.version, "said": _evaluated(),
    },
    "groups.actions.planning.move_group": lambda at: {
        "group": at.groupwork.group, "version": at.groupwork.group.version, "to": GroupState.ENDED, "on": TODAY,
    },
    "groups.actions.planning.ask_followups": lambda at: {
        "group": at.groupwork.group, "member_ids": [at.groupwork.member.pk], "subject": "看看近况", "due_on": TODAY,
    },
    "groups.actions.members.add_members": lambda at: {
        "group": at.groupwork.group, "entries": [MemberEntry(name="阿虾", age_band=AgeBand.TEEN, joined_on=MET)],
    },
    "groups.actions.members.change_member": lambda at: {
        "member": at.groupwork.member, "version": 1, "entry": MemberEntry(joined_on=BEGUN),
    },
    "groups.actions.sessions.record_sessions": lambda at: {
        "entries": [session_at(at, at.groupwork.group, number=2)], "door": Door.SHEET,
    },
    "groups.actions.sessions.correct_session": lambda at: {
        "session": at.groupwork.session, "version": 1, "entry": session_at(at, at.groupwork.group, theme="改过"),
        "reason": "主题写错",
    },
}  # fmt: skip
