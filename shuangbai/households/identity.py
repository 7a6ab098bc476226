"""One person or one family known twice: decided by somebody, for a reason, on a day; and taken back the same way.

A merge rewrites no record. PersonAlias and HouseholdAlias say what was decided; SamePerson and SameHousehold, derived
from them, say in one join whose entry stands for whom. Undone, everything counts as before (docs/adr/0038, 0050).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed, Refused, refuse_if_any
from shuangbai.households.access import pairs_to_decide
from shuangbai.households.doubles import UNDECIDED, groups_of, look_for_families
from shuangbai.households.enums import PairState
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.known import (
    FAMILIES,
    PEOPLE,
    HouseholdAlias,
    HouseholdPair,
    Kind,
    PersonAlias,
    PersonPair,
    kind_of,
)
from shuangbai.households.likeness import look_for
from shuangbai.households.models import Membership, Person
from shuangbai.households.rules import merge_findings
from shuangbai.network.models import User

MERGED = {
    PEOPLE: audit.kind("person.merged", "{by} 认定两份人员资料是同一人"),
    FAMILIES: audit.kind("household.merged", "{by} 认定两份家庭资料是同一户"),
}
UNMERGED = {
    PEOPLE: audit.kind("person.unmerged", "{by} 撤销了“同一人”的认定"),
    FAMILIES: audit.kind("household.unmerged", "{by} 撤销了“同一户”的认定"),
}
TOLD_APART = {
    PEOPLE: audit.kind("person.told_apart", "{by} 认定两份人员资料不是同一人"),
    FAMILIES: audit.kind("household.told_apart", "{by} 认定两份家庭资料不是同一户"),
}
PUT_OFF = {
    PEOPLE: audit.kind("person.put_off", "{by} 把一对疑似重复的人员留到以后核对"),
    FAMILIES: audit.kind("household.put_off", "{by} 把一对疑似重复的家庭留到以后核对"),
}
REOPENED = {
    PEOPLE: audit.kind("person.reopened", "{by} 撤销了“不是同一人”的认定，重新核对：{reason}"),
    FAMILIES: audit.kind("household.reopened", "{by} 撤销了“不是同一户”的认定，重新核对：{reason}"),
}


def _taken(by: User, pair: Any, *states: PairState) -> Any:
    """The pair under its lock. Raises NotAllowed for whom it is not, Refused where somebody decided meanwhile."""
    kind = kind_of(pair)
    if not pairs_to_decide(by, kind).filter(pk=pair.pk).exists():
        raise NotAllowed
    current = kind.pair.objects.select_for_update().get(pk=pair.pk)
    if current.state not in states:
        who = f"{current.decided_by.display_name}" if current.decided_by else "另一位同事"
        now = current.get_state_display()
        raise Refused.because("", f"{who}刚刚处理过这一对，现在是“{now}”；请重新打开这一页")
    return current


def _reason(text: str) -> str:
    if len(text.strip()) < 2:
        raise Refused.because("reason", "请写明理由，如“两站核对过户口本”“电话问过本人”")
    return text.strip()[:200]


def _decide(pair: Any, state: PairState, by: User | None, reason: str = "") -> None:
    pair.state, pair.reason = state, reason
    pair.decided_by, pair.decided_at = by, clock.now() if by else None
    pair.save(update_fields=["state", "reason", "decided_by", "decided_at"])


@action
def merge_people(*, by: User, pair: PersonPair, keep: UUID, reason: str) -> PersonAlias:
    """Both entries of a pair are of one person; `keep` is the one that stands for both from now on.

    Raises Refused for two sound identity numbers that differ, in them or in what was merged into them.
    """
    alias: PersonAlias = _merge(by, pair, keep, reason)
    return alias


@action
def merge_families(*, by: User, pair: HouseholdPair, keep: UUID, reason: str) -> HouseholdAlias:
    """Both entries of a pair are of one family; `keep` is the one that stands for both from now on.

    Their people stay two entries each until somebody decides of them.
    """
    alias: HouseholdAlias = _merge(by, pair, keep, reason)
    return alias


def _merge(by: User, pair: Any, keep: UUID, reason: str) -> Any:
    kind, pair = kind_of(pair), _taken(by, pair, *UNDECIDED)
    if keep not in (pair.first_id, pair.second_id):
        raise NotAllowed
    reason = _reason(reason)
    entry, into = (pair.second, pair.first) if keep == pair.first_id else (pair.first, pair.second)
    _check_mergeable(kind, entry.pk, into.pk)
    alias = kind.alias(
        station_id=entry.station_id, into=into, decided_on=clock.today(), decided_by=by, reason=reason,
        **{kind.entry: entry},
    )  # fmt: skip
    alias.save(force_insert=True)
    _decide(pair, PairState.SAME, by, reason)
    _resolve(kind, {entry.pk, into.pk})
    # What stood open of the entry that was merged away is asked of the one that is kept.
    mine = kind.pair.objects.filter(Q(first=entry.pk) | Q(second=entry.pk))
    mine.filter(state__in=UNDECIDED).delete()
    _look_anew(kind, [into.pk])
    audit.record(MERGED[kind], by=by, about=entry, into=str(into.pk))
    return alias


def _check_mergeable(kind: Kind, entry: UUID, into: UUID) -> None:
    groups = groups_of([entry, into], kind)
    everybody = groups[entry] | groups[into]
    people = Person.objects.filter(pk__in=everybody) if kind == PEOPLE else Person.objects.none()
    ids = set(people.exclude(id_hash="").values_list("id_hash", flat=True))
    apart = kind.pair.objects.filter(state=PairState.APART, first__in=everybody, second__in=everybody)
    across = [one for one in apart.select_related("decided_by") if _between(one, groups[entry])]
    found = merge_findings(
        one=kind.one,
        one_already=into in groups[entry],
        merged_away=kind.same.objects.filter(pk__in=[entry, into]).exists(),
        other_ids=len(ids) > 1,
        told_apart=_told_by(across[0]) if across else "",
    )
    refuse_if_any(found, acknowledged=False)


def _between(pair: Any, group: set[UUID]) -> bool:
    return (pair.first_id in group) != (pair.second_id in group)


def _told_by(pair: Any) -> str:
    who = pair.decided_by.display_name if pair.decided_by else ""
    return f"{who}于{pair.decided_at:%Y-%m-%d}"


@action
def undo_merge(*, by: User, pair: Any, reason: str) -> Any:
    """Two entries that were merged are two again; every figure counts as before. The pair stands open."""
    kind, pair = kind_of(pair), _taken(by, pair, PairState.SAME)
    reason = _reason(reason)
    both = [pair.first_id, pair.second_id]
    standing = kind.alias.objects.filter(undone_on=None, into__in=both, **{f"{kind.entry}__in": both})
    alias = standing.select_related(kind.entry).get()
    alias.undone_on, alias.undone_by, alias.undo_reason = clock.today(), by, reason
    alias.save(update_fields=["undone_on", "undone_by", "undo_reason"])
    _decide(pair, PairState.OPEN, None)
    _resolve(kind, set(both))
    _look_anew(kind, both)
    audit.record(UNMERGED[kind], by=by, about=getattr(alias, kind.entry), into=str(alias.into_id))
    return alias


def _look_anew(kind: Kind, entries: Iterable[UUID]) -> None:
    if kind == PEOPLE:
        look_for(list(entries))
    else:
        people = Membership.objects.filter(household__in=list(entries), ends_on__isnull=True)
        look_for_families(set(people.values_list("person_id", flat=True)))


def _resolve(kind: Kind, entries: set[UUID]) -> None:
    """Write anew what stands for what among these entries and all that were ever known as one of them."""
    everything = set(entries)
    edges: dict[UUID, UUID] = {}
    frontier = set(entries)
    while frontier:  # a chain is seldom longer than two
        one_of = Q(**{f"{kind.entry}__in": frontier}) | Q(into__in=frontier)
        rows = kind.alias.objects.filter(one_of, undone_on=None)
        found = dict(rows.values_list(f"{kind.entry}_id", "into_id"))
        edges |= found
        frontier = (set(found) | set(found.values())) - everything
        everything |= frontier
    kind.same.objects.filter(pk__in=everything).delete()
    kind.same.objects.bulk_create(kind.same(pk=one, kept_id=_root(one, edges)) for one in edges)
    if kind == PEOPLE:
        homes = Membership.objects.filter(person__in=everything).values_list("household_id", flat=True)
        refresh_find_keys(list(set(homes)))


def _root(entry: UUID, edges: dict[UUID, UUID]) -> UUID:
    while entry in edges:
        entry = edges[entry]
    return entry


@action
def tell_apart(*, by: User, pair: Any, reason: str) -> Any:
    """Two entries are of two: remembered for good, and never proposed again."""
    kind, pair = kind_of(pair), _taken(by, pair, *UNDECIDED)
    _decide(pair, PairState.APART, by, _reason(reason))
    if kind == PEOPLE:
        look_for_families([pair.first_id, pair.second_id])  # which may have been one because of them
    audit.record(TOLD_APART[kind], by=by, about=pair)
    return pair


@action
def put_off(*, by: User, pair: Any, reason: str = "") -> Any:
    """Leave a pair for later: it stands below the open ones."""
    kind, pair = kind_of(pair), _taken(by, pair, PairState.OPEN)
    _decide(pair, PairState.LATER, by, reason.strip()[:200])
    audit.record(PUT_OFF[kind], by=by, about=pair)
    return pair


@action
def reopen_pair(*, by: User, pair: Any, reason: str) -> Any:
    """Take back that two entries were told apart: the pair stands open again. Why is kept in the trail."""
    kind, pair, reason = kind_of(pair), _taken(by, pair, PairState.APART), _reason(reason)
    _decide(pair, PairState.OPEN, None)
    audit.record(REOPENED[kind], by=by, about=pair, reason=reason)
    return pair


# READING ---------------------------------------------------------------------


def aliases_of(ids: Iterable[UUID], kind: Kind = PEOPLE) -> list[Any]:
    """What was decided of these entries and stands, newest first."""
    some = list(ids)
    rows = kind.alias.objects.filter(Q(**{f"{kind.entry}__in": some}) | Q(into__in=some), undone_on=None)
    return list(rows.select_related(kind.entry, "into", "decided_by").order_by("-decided_on", "-id"))


def pair_of(alias: PersonAlias | HouseholdAlias) -> Any:
    """The pair by which an alias was decided."""
    kind = kind_of(alias)
    both = [getattr(alias, f"{kind.entry}_id"), alias.into_id]
    return kind.pair.objects.filter(first__in=both, second__in=both).first()
