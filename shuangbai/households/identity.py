"""One person known twice: decided by somebody, for a reason, on a day; and taken back the same way.

A merge rewrites no record. PersonAlias says what was decided; SamePerson, derived from it, says in one join whose
entry stands for whom. Undone, everything counts as before (docs/adr/0038).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed, Refused, refuse_if_any
from shuangbai.households.access import pairs_to_decide
from shuangbai.households.enums import PairState
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.known import PersonAlias, PersonPair, SamePerson
from shuangbai.households.likeness import groups_of, look_for
from shuangbai.households.models import Membership, Person
from shuangbai.households.rules import merge_findings
from shuangbai.network.models import User

MERGED = audit.kind("person.merged", "{by} 认定两份人员资料是同一人")
UNMERGED = audit.kind("person.unmerged", "{by} 撤销了“同一人”的认定")
TOLD_APART = audit.kind("person.told_apart", "{by} 认定两份人员资料不是同一人")
PUT_OFF = audit.kind("person.put_off", "{by} 把一对疑似重复的人员留到以后核对")
REOPENED = audit.kind("person.reopened", "{by} 撤销了“不是同一人”的认定，重新核对：{reason}", personal=("reason",))

UNDECIDED = (PairState.OPEN, PairState.LATER)


def _taken(by: User, pair: PersonPair, *states: PairState) -> PersonPair:
    """The pair under its lock. Raises NotAllowed for whom it is not, Refused where somebody decided meanwhile."""
    if not pairs_to_decide(by).filter(pk=pair.pk).exists():
        raise NotAllowed
    current = PersonPair.objects.select_for_update().get(pk=pair.pk)
    if current.state not in states:
        now = PairState(current.state).label
        who = f"{current.decided_by.display_name}" if current.decided_by else "另一位同事"
        raise Refused.because("", f"{who}刚刚处理过这一对，现在是“{now}”；请重新打开这一页")
    return current


def _reason(text: str) -> str:
    if len(text.strip()) < 2:
        raise Refused.because("reason", "请写明理由，如“两站核对过户口本”“电话问过本人”")
    return text.strip()[:200]


def _decide(pair: PersonPair, state: PairState, by: User | None, reason: str = "") -> None:
    pair.state, pair.reason = state, reason
    pair.decided_by, pair.decided_at = by, clock.now() if by else None
    pair.save(update_fields=["state", "reason", "decided_by", "decided_at"])


@action
def merge_people(*, by: User, pair: PersonPair, keep: UUID, reason: str) -> PersonAlias:
    """Both entries of a pair are of one person; `keep` is the one that stands for both from now on.

    Raises Refused for two sound identity numbers that differ, in them or in what was merged into them.
    """
    pair = _taken(by, pair, *UNDECIDED)
    if keep not in (pair.first_id, pair.second_id):
        raise NotAllowed
    reason = _reason(reason)
    person, into = (pair.second, pair.first) if keep == pair.first_id else (pair.first, pair.second)
    _check_mergeable(person, into)
    alias = PersonAlias(
        station_id=person.station_id, person=person, into=into, decided_on=clock.today(), decided_by=by, reason=reason
    )
    alias.save(force_insert=True)
    _decide(pair, PairState.SAME, by, reason)
    _resolve({person.pk, into.pk})
    # What stood open of the entry that was merged away is asked of the one that is kept.
    mine = PersonPair.objects.filter(Q(first=person) | Q(second=person))
    mine.filter(state__in=UNDECIDED).delete()
    look_for([into.pk])
    audit.record(MERGED, by=by, about=person, into=str(into.pk))
    return alias


def _check_mergeable(person: Person, into: Person) -> None:
    groups = groups_of([person.pk, into.pk])
    everybody = groups[person.pk] | groups[into.pk]
    ids = set(Person.objects.filter(pk__in=everybody).exclude(id_hash="").values_list("id_hash", flat=True))
    apart = PersonPair.objects.filter(state=PairState.APART, first__in=everybody, second__in=everybody)
    across = [one for one in apart.select_related("decided_by") if _between(one, groups[person.pk])]
    found = merge_findings(
        one_already=into.pk in groups[person.pk],
        merged_away=SamePerson.objects.filter(person__in=[person.pk, into.pk]).exists(),
        other_ids=len(ids) > 1,
        told_apart=_told_by(across[0]) if across else "",
    )
    refuse_if_any(found, acknowledged=False)


def _between(pair: PersonPair, group: set[UUID]) -> bool:
    return (pair.first_id in group) != (pair.second_id in group)


def _told_by(pair: PersonPair) -> str:
    who = pair.decided_by.display_name if pair.decided_by else ""
    return f"{who}于{pair.decided_at:%Y-%m-%d}"


@action
def undo_merge(*, by: User, pair: PersonPair, reason: str) -> PersonAlias:
    """Two entries that were merged are of two people again; every figure counts as before. The pair stands open."""
    pair = _taken(by, pair, PairState.SAME)
    reason = _reason(reason)
    both = [pair.first_id, pair.second_id]
    alias = PersonAlias.objects.filter(undone_on=None, person__in=both, into__in=both).select_related("person").get()
    alias.undone_on, alias.undone_by, alias.undo_reason = clock.today(), by, reason
    alias.save(update_fields=["undone_on", "undone_by", "undo_reason"])
    _decide(pair, PairState.OPEN, None)
    _resolve(set(both))
    look_for(both)
    audit.record(UNMERGED, by=by, about=alias.person, into=str(alias.into_id))
    return alias


def _resolve(person_ids: set[UUID]) -> None:
    """Write anew who stands for whom among these people and everybody who was ever known as one of them."""
    people = set(person_ids)
    edges: dict[UUID, UUID] = {}
    frontier = set(person_ids)
    while frontier:  # a chain is seldom longer than two
        rows = PersonAlias.objects.filter(Q(person__in=frontier) | Q(into__in=frontier), undone_on=None)
        found = dict(rows.values_list("person_id", "into_id"))
        edges |= found
        frontier = (set(found) | set(found.values())) - people
        people |= frontier
    SamePerson.objects.filter(person__in=people).delete()
    SamePerson.objects.bulk_create(SamePerson(person_id=one, kept_id=_root(one, edges)) for one in edges)
    homes = Membership.objects.filter(person__in=people).values_list("household_id", flat=True)
    refresh_find_keys(list(set(homes)))


def _root(person: UUID, edges: dict[UUID, UUID]) -> UUID:
    while person in edges:
        person = edges[person]
    return person


@action
def tell_apart(*, by: User, pair: PersonPair, reason: str) -> PersonPair:
    """Two entries are of two people: remembered for good, and never proposed again."""
    pair = _taken(by, pair, *UNDECIDED)
    _decide(pair, PairState.APART, by, _reason(reason))
    audit.record(TOLD_APART, by=by, about=pair)
    return pair


@action
def put_off(*, by: User, pair: PersonPair, reason: str = "") -> PersonPair:
    """Leave a pair for later: it stands below the open ones."""
    pair = _taken(by, pair, PairState.OPEN)
    _decide(pair, PairState.LATER, by, reason.strip()[:200])
    audit.record(PUT_OFF, by=by, about=pair)
    return pair


@action
def reopen_pair(*, by: User, pair: PersonPair, reason: str) -> PersonPair:
    """Take back that two entries were told apart: the pair stands open again. Why is kept in the trail."""
    pair, reason = _taken(by, pair, PairState.APART), _reason(reason)
    _decide(pair, PairState.OPEN, None)
    audit.record(REOPENED, by=by, about=pair, reason=reason)
    return pair


# READING ---------------------------------------------------------------------


def aliases_of(person_ids: Iterable[UUID]) -> list[PersonAlias]:
    """What was decided of these people's entries and stands, newest first."""
    ids = list(person_ids)
    rows = PersonAlias.objects.filter(Q(person__in=ids) | Q(into__in=ids), undone_on=None)
    return list(rows.select_related("person", "into", "decided_by").order_by("-decided_on", "-id"))


def pair_of(alias: PersonAlias) -> Any:
    """The pair by which an alias was decided."""
    both = [alias.person_id, alias.into_id]
    return PersonPair.objects.filter(first__in=both, second__in=both).first()
