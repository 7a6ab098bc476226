"""A list of volunteers entered, through the actions that a page takes too; and taken back."""

import json
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.bulk import copy_to_history, in_parts
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.telephones import MOST
from shuangbai.ledgers.enrolling import Roll, said_of, team_names
from shuangbai.ledgers.grouping import written_day
from shuangbai.ledgers.models import Made
from shuangbai.ledgers.proposing import FamilySaid, Proposal
from shuangbai.ledgers.told import Row, open_notes
from shuangbai.network.models import User
from shuangbai.volunteers.actions.people import change_volunteer, enter_volunteers
from shuangbai.volunteers.actions.teams import join_team
from shuangbai.volunteers.entries import VolunteerEntry
from shuangbai.volunteers.models import Team, TeamMember, Volunteer

SKILLS, NUMBER, GUARDIAN, NAME = 200, 40, 120, 40


class Noting(Protocol):
    """What an import keeps of what it made (entering.Noted)."""

    left: dict[int, str]

    def make(self, model: Any, things: Iterable[UUID]) -> None: ...

    def change(self, model: Any, thing: UUID, was: Any) -> None: ...


def enlist(*, by: User, proposal: Proposal, client_id: Callable[[Row], UUID], noted: Noting) -> None:
    """Everybody of the list: entered, or filled in, and put to the teams that the station has."""
    place = {id(row): number for number, row in enumerate(proposal.rows)}
    going = [one for one in proposal.households if not one.waits and not one.missing]
    new, known = [one for one in going if one.home is None], [one for one in going if one.home and one.fills]
    roll = Roll(proposal.station)
    made = enter_volunteers(by=by, entries=[_entry(proposal, one, client_id) for one in new])
    noted.make(Volunteer, (row.pk for row in made))
    for one, row in zip(new, made, strict=True):
        one.home = row.pk
        names = team_names(one.said)
        if missing := [name for name in names if name not in roll.teams]:
            noted.left[place[id(one.said.rows[0])]] = f"本站没有登记队伍「{'、'.join(missing)}」，留在备注"
        _join(by, row, [roll.teams[name] for name in names if name in roll.teams], place[id(one.said.rows[0])], noted)
    rows = Volunteer.objects.select_related("person").in_bulk([one.home for one in known])
    for one in known:
        number = place[id(one.said.rows[0])]
        teams = one.fills.pop("teams", [])
        row = rows[one.home]  # type: ignore[index]
        if one.fills:
            try:
                row = _fill(by, row, one.fills, noted)
            except Refused as refused:
                noted.left[number] = refused.first.sentence
        _join(by, row, teams, number, noted)


def _entry(proposal: Proposal, one: FamilySaid, client_id: Callable[[Row], UUID]) -> VolunteerEntry:
    someone, person = one.said.people[0], one.people[0].person
    born, precision = someone.born
    notes = [note for row in one.said.rows for note in row.notes]
    team = said_of(one.said, "team")
    own: dict[str, Any] = {} if person else {
        "name": someone.name[:NAME], "sex": someone.sex or "0", "birth_date": None if someone.id else born,
        "birth_precision": precision, "id_no": someone.id, "phone": "、".join(someone.phones[:MOST]),
    }  # fmt: skip
    since = written_day(said_of(one.said, "since")) or clock.today()
    return VolunteerEntry(
        station=proposal.station, since=since, person_id=person, village_id=one.village,
        skills=said_of(one.said, "skills")[:SKILLS], platform_no=said_of(one.said, "platform_no")[:NUMBER],
        guardian=said_of(one.said, "guardian")[:GUARDIAN],
        note=open_notes([*notes, *([("队伍", team)] if team else [])]), client_id=client_id(one.said.rows[0]), **own,
    )  # fmt: skip


def _join(by: User, volunteer: Volunteer, teams: Iterable[UUID], number: int, noted: Noting) -> None:
    for team in Team.objects.filter(pk__in=list(teams)).order_by("name"):
        try:
            starts = max(volunteer.since, team.founded_on)
            member = join_team(by=by, team=team, volunteer=volunteer, starts_on=starts)
        except Refused as refused:
            noted.left[number] = refused.first.sentence
        else:
            noted.make(TeamMember, [member.pk])


def _fill(by: User, volunteer: Volunteer, fills: dict[str, Any], noted: Noting) -> Volunteer:
    before = {name: str(getattr(volunteer, name) or "") for name in fills}
    entry = entry_of(volunteer)
    for name, value in fills.items():
        setattr(entry, name, value)
    row = change_volunteer(by=by, volunteer=volunteer, version=volunteer.version, entry=entry, acknowledged=True)
    noted.change(Volunteer, row.pk, {name: (before[name], str(getattr(row, name) or "")) for name in fills})
    return row


def entry_of(row: Volunteer) -> VolunteerEntry:
    """A volunteer as an entry that would change nothing."""
    names = ("since", "village_id", "skills", "times", "platform_no", "guardian", "consented_on", "note")
    own = ("name", "sex", "birth_date", "birth_precision", "id_no", "phone")
    said = {name: getattr(row, name) for name in (*names, *(() if row.person_id else own))}
    return VolunteerEntry(station=row.station, person_id=row.person_id, **said)


# TAKEN BACK ----------------------------------------------------------------


def revert(*, by: User, made: Made) -> str:
    """Fields of a volunteer that an import filled in, where they still say what it wrote; why not, or ''."""
    row = Volunteer.objects.select_related("person", "station").filter(pk=made.thing).first()
    said = json.loads(made.was)
    back = {name: old for name, (old, new) in said.items() if row and str(getattr(row, name) or "") == new}
    if row and back:
        entry = entry_of(row)
        for name, old in back.items():
            setattr(entry, name, _typed(name, old))
        try:
            change_volunteer(by=by, volunteer=row, version=row.version, entry=entry, acknowledged=True)
        except (Refused, Conflict, NotAllowed):
            return "补充的内容改不回去，请到资料里核对"
    return "补充的内容后来又改过，不再改回" if len(back) < len(said) else ""


def _typed(name: str, written: str) -> Any:
    if name == "village_id":
        return int(written) if written else None
    if name == "birth_date":
        return date.fromisoformat(written) if written else None
    return written


def remove(*, by: User, volunteers: Collection[UUID], members: Collection[UUID], reason: str) -> None:
    """Volunteers on whom nothing depends, and memberships, with a last line in each history."""
    mine = set(TeamMember.objects.filter(volunteer__in=list(volunteers)).values_list("pk", flat=True)) | set(members)
    for model, keys in ((TeamMember, mine), (Volunteer, volunteers)):
        for some in in_parts(keys):
            copy_to_history(model, some, kind="-", by=by, reason=f"撤销导入：{reason}"[:100])
            rows: Any = model._base_manager.filter(pk__in=some)
            rows._raw_delete(rows.db)
