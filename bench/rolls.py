"""Saving a session of a group with three hundred on its roll, beside the same rows by hand."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.copying import Copier
from bench.timing import Measure, median, shown
from shuangbai.core import clock
from shuangbai.core.findings import Door
from shuangbai.core.ids import random_id
from shuangbai.groups.actions.members import MemberEntry, add_members
from shuangbai.groups.actions.planning import GroupEntry, begin_group
from shuangbai.groups.actions.sessions import SessionEntry, record_sessions
from shuangbai.groups.enums import AgeBand, GroupKind, Presence
from shuangbai.groups.models import Group, GroupMember, GroupSession
from shuangbai.households.models import Membership
from shuangbai.network.models import OrgUnit, User

ROLL, SESSIONS = 300, 12
DETAIL = [
    ("groups_groupsession", "record_id"), ("groups_historicalgroupsession", "record_id"),
    ("groups_attendance", "record_id"), ("groups_historicalattendance", "record_id"),
]  # fmt: skip


def measures() -> list[Measure]:
    """Everybody is present, and of a family on file where the station knows so many: the most that is written."""
    station = OrgUnit.objects.filter(kind="station").order_by("code")[0]
    by = User.objects.get(username=f"{station.code}-1".lower())
    group = _group(station, by)
    number = iter(range(1, SESSIONS * 3))

    def save() -> None:
        record_sessions(by=by, entries=[_entry(group, by, next(number))], door=Door.PAGE)

    ours = median([save] * SESSIONS)
    with CaptureQueriesContext(connection) as queries:
        save()
    copier = Copier(GroupSession.objects.filter(group=group).latest("number").pk, DETAIL)
    connection.close()
    writer = copier.writer()
    copies = [copier.rows() for _ in range(SESSIONS)]
    by_hand = median([lambda rows=rows: writer.write(rows) for rows in copies], warm=0)
    writer.close()
    what = f"A session of a group with {ROLL} on its roll, saved"
    return [Measure(what, shown(ours), shown(by_hand), queries=len(queries))]


def _group(station: OrgUnit, by: User) -> Group:
    today = clock.today()
    entry = GroupEntry(station, "三百人的小组", GroupKind.INTEREST, today - timedelta(days=60), by.staff_id)  # type: ignore[arg-type]
    group = begin_group(by=by, entry=entry)
    rows = Membership.objects.filter(household__serving__station=station, person__died_on=None).order_by("id")
    people = list(dict.fromkeys(rows.values_list("person_id", flat=True)[: ROLL * 3]))[:ROLL]
    entries = [MemberEntry(person_id=key, joined_on=group.begun_on) for key in people]
    # A station of a small city knows fewer: the rest are only named.
    rest = range(ROLL - len(people))
    entries += [MemberEntry(name=f"阿{at}", age_band=AgeBand.ADULT, joined_on=group.begun_on) for at in rest]
    add_members(by=by, group=group, entries=entries)
    return group


def _entry(group: Group, by: Any, number: int) -> SessionEntry:
    members = GroupMember.objects.filter(group=group).values_list("pk", flat=True)
    roll = dict.fromkeys(members, (Presence.PRESENT, ""))
    return SessionEntry(
        station=group.station, group=group, occurred_on=group.begun_on + timedelta(days=number), number=number,
        theme="一起练", worker_ids=[by.staff_id], roll=roll, process="大家都到了，练完一整套。", client_id=random_id(),
    )  # fmt: skip
