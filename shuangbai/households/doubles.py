"""Entries of one and the same, people or families: what is kept of both kinds alike, and which families may be one.

Nothing is asked about families by themselves: two entries may be of one family where their people are, or may be, the
same. So this follows whatever is found or decided of people (likeness, identity).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id
from shuangbai.households.enums import PairState, Relation
from shuangbai.households.known import HouseholdAlias, HouseholdPair, PersonAlias, PersonPair, SameHousehold, SamePerson
from shuangbai.households.matching import LIKELY, Likeness, compare_families
from shuangbai.households.models import Household, Membership, Person

Pair = tuple[UUID, UUID]
UNDECIDED = (PairState.OPEN, PairState.LATER)


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be known twice, and its tables. `entry` is what a row of aliases calls the one merged away."""

    entry: str
    one: str
    model: Any
    pair: Any
    alias: Any
    same: Any


PEOPLE = Kind("person", "同一人", Person, PersonPair, PersonAlias, SamePerson)
FAMILIES = Kind("household", "同一户", Household, HouseholdPair, HouseholdAlias, SameHousehold)


def kind_of(pair: PersonPair | HouseholdPair) -> Kind:
    return PEOPLE if isinstance(pair, PersonPair) else FAMILIES


def in_order(one: UUID, other: UUID) -> Pair:
    return (one, other) if one.int < other.int else (other, one)


def groups_of(ids: Iterable[UUID], kind: Kind = PEOPLE) -> dict[UUID, set[UUID]]:
    """For each of these, all entries of the same one, themselves too: two queries."""
    asked = set(ids)
    root = kept_of(asked, kind)
    group: dict[UUID, set[UUID]] = {root.get(one, one): {root.get(one, one)} for one in asked}
    columns = (f"{kind.entry}_id", "kept_id")
    for one, kept in kind.same.objects.filter(kept__in=list(group)).values_list(*columns):
        group[kept].add(one)
    return {one: group[root.get(one, one)] for one in asked}


def kept_of(ids: Collection[UUID], kind: Kind = PEOPLE) -> dict[UUID, UUID]:
    """For those of these that were merged into another, the entry that is kept."""
    rows = kind.same.objects.filter(**{f"{kind.entry}__in": list(ids)})
    return dict(rows.values_list(f"{kind.entry}_id", "kept_id"))


def keep_pairs(kind: Kind, asked: set[UUID], found: Mapping[Pair, Likeness]) -> None:
    """Pairs found are proposed or said anew; those of `asked` that nothing speaks for any more are dropped."""
    told_apart = _told_apart(kind, found)
    found = {pair: likeness for pair, likeness in found.items() if pair not in told_apart}
    mine = kind.pair.objects.filter(Q(first__in=asked) | Q(second__in=asked))
    known = {(pair.first_id, pair.second_id): pair for pair in mine}
    undecided = {key: pair for key, pair in known.items() if pair.state in UNDECIDED}
    kind.pair.objects.filter(pk__in=[pair.pk for key, pair in undecided.items() if key not in found]).delete()
    for key, pair in undecided.items():
        if key in found and (pair.score, pair.reasons) != (found[key].score, list(found[key].reasons)):
            pair.score, pair.reasons, pair.doubts = found[key].score, list(found[key].reasons), list(found[key].doubts)
            pair.save(update_fields=["score", "reasons", "doubts"])
    stations = dict(kind.model.objects.filter(pk__in={pair[0] for pair in found}).values_list("pk", "station_id"))
    kind.pair.objects.bulk_create(
        kind.pair(
            id=new_id(), station_id=stations[first], first_id=first, second_id=second, score=likeness.score,
            reasons=list(likeness.reasons), doubts=list(likeness.doubts), found_at=clock.now(),
        )
        for (first, second), likeness in found.items()
        if (first, second) not in known
    )  # fmt: skip


def _told_apart(kind: Kind, found: Iterable[Pair]) -> set[Pair]:
    """Of these pairs, those that were told apart, or of whose other entries two were."""
    pairs = list(found)
    if not pairs:
        return set()
    groups = groups_of({one for pair in pairs for one in pair}, kind)
    everybody = {one for group in groups.values() for one in group}
    rows = kind.pair.objects.filter(state=PairState.APART, first__in=everybody, second__in=everybody)
    apart = set(rows.values_list("first_id", "second_id"))
    return {
        (first, second)
        for first, second in pairs
        if any(in_order(a, b) in apart for a in groups[first] for b in groups[second])
    }


# FAMILIES -------------------------------------------------------------------


@dataclass(slots=True)
class _Home:
    """An entry of a family as it is compared: its people of today under one sign each, whatever their entries."""

    village: int
    phone: str
    head: int | None
    people: set[int]


def look_for_families(person_ids: Collection[UUID]) -> None:
    """Note which families may be one, because of these people. Part of an action, as `likeness.look_for`."""
    groups = groups_of(person_ids)
    asked = {one for group in groups.values() for one in group}
    if asked == set(groups) and not _links(asked) and not _proposed_for(asked):
        return  # nobody known twice: as a rule
    mine = _homes_of(asked)
    theirs = Membership.objects.filter(household__in=mine, ends_on__isnull=True).values_list("person_id", flat=True)
    everybody = asked | set(theirs)
    near = {one for group in groups_of(everybody).values() for one in group}
    linked = {one for pair in _links(near) for one in pair} - near
    near |= {one for group in groups_of(linked).values() for one in group} if linked else set()
    others = _homes_of(near) - mine
    homes = _told(mine | others) if others or len(mine) > 1 else {}
    kept = kept_of(homes, FAMILIES)
    found: dict[Pair, Likeness] = {}
    for one in mine & set(homes):
        for other in set(homes) - {one}:
            pair = in_order(kept.get(one, one), kept.get(other, other))
            likeness = _compared(homes[one], homes[other]) if pair[0] != pair[1] else None
            if likeness and (pair not in found or found[pair].score < likeness.score):
                found[pair] = likeness
    keep_pairs(FAMILIES, {kept.get(one, one) for one in mine}, found)


def _proposed_for(person_ids: Collection[UUID]) -> bool:
    """Whether a family of theirs was proposed before, which may no longer hold."""
    homes = Membership.objects.filter(person__in=list(person_ids), ends_on__isnull=True).values("household")
    mine = HouseholdPair.objects.filter(Q(first__in=homes) | Q(second__in=homes), state__in=UNDECIDED)
    return mine.exists()


def _homes_of(person_ids: Collection[UUID]) -> set[UUID]:
    rows = Membership.objects.filter(person__in=list(person_ids), ends_on__isnull=True)
    return set(rows.values_list("household_id", flat=True))


def _links(person_ids: Collection[UUID]) -> list[Pair]:
    """Pairs of these and anybody that were found to be one person, or likely are and nobody has decided yet."""
    ids = list(person_ids)
    pairs = PersonPair.objects.filter(Q(first__in=ids) | Q(second__in=ids))
    held = pairs.filter(Q(state=PairState.SAME) | Q(state__in=UNDECIDED, score__gte=LIKELY))
    return list(held.values_list("first_id", "second_id"))


def _told(home_ids: Collection[UUID]) -> dict[UUID, _Home]:
    """What is known of these families, with their people under one sign for all entries that may be of one person."""
    rows = Membership.objects.filter(household__in=list(home_ids), ends_on__isnull=True, person__forgotten=False)
    members: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    for home, person, relation in rows.values_list("household_id", "person_id", "relation"):
        members[home].append((person, relation))
    people = {person for some in members.values() for person, _ in some}
    kept = kept_of(people)
    signs = _signs({*people, *kept.values()}, [*kept.items(), *_links({*people, *kept.values()})])
    found = {}
    homes = Household.objects.filter(pk__in=list(members)).values_list("pk", "village_id", "phone_tail")
    for pk, village, phone in homes:
        head = next((signs[person] for person, relation in members[pk] if relation == Relation.HEAD), None)
        found[pk] = _Home(village, phone, head, {signs[person] for person, _ in members[pk]})
    return found


def _signs(people: Iterable[UUID], links: Iterable[Pair]) -> dict[UUID, int]:
    """A number for each of these; the same for any two between whom links lead."""
    signs = {person: number for number, person in enumerate(people)}
    for one, other in links:
        if one in signs and other in signs and signs[one] != signs[other]:
            gone, stays = signs[one], signs[other]
            signs = {person: stays if sign == gone else sign for person, sign in signs.items()}
    return signs


def _compared(one: _Home, other: _Home) -> Likeness | None:
    return compare_families(
        heads_same=one.head is not None and one.head == other.head, shared=len(one.people & other.people),
        smaller=min(len(one.people), len(other.people)), village=one.village == other.village,
        phone=one.phone == other.phone != "",
    )  # fmt: skip
