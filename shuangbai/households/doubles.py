"""Entries of one and the same, people or families: what is kept of both kinds alike, and which families may be one.

Nothing is asked about families by themselves: two entries may be of one family where their people are, or may be, the
same. So this follows whatever is found or decided of people (likeness, identity).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.core.bulk import in_parts
from shuangbai.core.ids import new_id
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.enums import PairState, Relation
from shuangbai.households.known import FAMILIES, PEOPLE, HouseholdPair, Kind, PersonPair, SameHousehold
from shuangbai.households.matching import LIKELY, Likeness, compare_families
from shuangbai.households.models import Household, Membership

Pair = tuple[UUID, UUID]
UNDECIDED = (PairState.OPEN, PairState.LATER)


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


def entries_seen(user: Any, ids: Iterable[UUID], kind: Kind = PEOPLE) -> dict[UUID, set[UUID]]:
    """As `groups_of`, without the entries that `user` may not see: what another station wrote stays there."""
    groups = groups_of(ids, kind)
    others = {one for group in groups.values() for one in group} - set(groups)
    visible = people_visible_to(user) if kind == PEOPLE else households_visible_to(user)
    seen = set(visible.filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {one: {other for other in group if other in groups or other in seen} for one, group in groups.items()}


class FamilyEntries:
    """All entries of families, and which of them whoever sees `visible` (None: everything) sees: three queries at most.

    One query where none of `ids` is known twice, for each 5,000 of them. What is asked for is taken as seen.
    """

    def __init__(self, visible: QuerySet[Household] | None, ids: Iterable[UUID]) -> None:
        asked = set(ids)
        self._kept: dict[UUID, UUID] = {}
        self._groups: dict[UUID, list[UUID]] = defaultdict(list)
        roots = {kept for some in in_parts(asked) for _, kept in _merged(Q(household__in=some) | Q(kept__in=some))}
        for entry, kept in sorted(_merged(Q(kept__in=roots))) if roots else ():
            self._kept[entry] = self._kept[kept] = kept
            self._groups[kept].append(entry)
        others = set(self._kept) - asked
        seen = set(visible.filter(pk__in=others).values_list("pk", flat=True)) if visible is not None and others else ()
        self._seen = asked | (others if visible is None else set(seen))

    def every(self, household_id: UUID) -> list[UUID]:
        """All entries of the family, the one that is kept first."""
        kept = self._kept.get(household_id, household_id)
        return [kept, *self._groups.get(kept, ())]

    def seen(self, household_id: UUID) -> list[UUID]:
        """Those that are seen, first the one that stands for them: the kept one, or another where that is not seen."""
        return [one for one in self.every(household_id) if one in self._seen]

    def stands(self, household_id: UUID) -> UUID:
        """The entry under which the family is listed."""
        return next(iter(self.seen(household_id)), household_id)

    @property
    def several(self) -> set[UUID]:
        """Every entry of families known twice."""
        return set(self._kept)


def _merged(which: Q) -> list[tuple[UUID, UUID]]:
    return list(SameHousehold.objects.filter(which).values_list("household_id", "kept_id"))


def entries_of(user: Any, households: Iterable[Household]) -> dict[UUID, list[UUID]]:
    """For each of these families the entries that `user` sees, the one that stands for them first."""
    ids = [household.pk for household in households]
    entries = FamilyEntries(households_visible_to(user), ids)
    return {pk: entries.seen(pk) for pk in ids}


def once(found: QuerySet[Household], visible: QuerySet[Household]) -> QuerySet[Household]:
    """The families `found` with one row for each that is known twice, whichever of its entries answered.

    One query where none is, three where some are.
    """
    # Asked of the few that are merged away, not of all that were found.
    merged = SameHousehold.objects.filter(Exists(found.filter(pk=OuterRef("household"))))
    twice = set(merged.values_list("household_id", flat=True))
    if not twice:
        return found
    entries = FamilyEntries(visible, twice)
    away = {one for one in twice if entries.stands(one) != one}
    stand = {entries.stands(one) for one in away}
    return visible.filter(Q(pk__in=found.exclude(pk__in=away).values("pk")) | Q(pk__in=stand))


def keep_pairs(kind: Kind, asked: set[UUID], found: Mapping[Pair, Likeness]) -> None:
    """Pairs found are proposed or said anew; those of `asked` that nothing speaks for any more are dropped."""
    told_apart = _told_apart(kind, found)
    found = {pair: likeness for pair, likeness in found.items() if pair not in told_apart}
    mine = kind.pair.objects.filter(Q(first__in=asked) | Q(second__in=asked))
    known = {(pair.first_id, pair.second_id): pair for pair in mine}
    undecided = {key: pair for key, pair in known.items() if pair.state in UNDECIDED}
    kind.pair.objects.filter(pk__in=[pair.pk for key, pair in undecided.items() if key not in found]).delete()
    for key, pair in undecided.items():
        if key in found and pair.likeness != found[key]:
            pair.likeness = found[key]
            pair.save(update_fields=["score", "reasons", "doubts"])
    stations = dict(kind.model.objects.filter(pk__in={pair[0] for pair in found}).values_list("pk", "station_id"))
    kind.pair.objects.bulk_create(
        kind.pair(
            id=new_id(), station_id=stations[first], first_id=first, second_id=second, likeness=likeness,
            found_at=clock.now(),
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
    phones: set[str]
    head: int | None
    people: set[int]


def look_for_families(person_ids: Collection[UUID]) -> None:
    """Note which families may be one, because of these people. Part of an action, as `likeness.look_for`."""
    groups = groups_of(person_ids)
    asked = {one for group in groups.values() for one in group}
    if asked == set(groups) and not _links(asked) and not _proposed_for(asked):
        return  # nobody known twice: as a rule
    # All entries of these families: what is found of one is said of the one that is kept.
    mine = {home for group in groups_of(_homes_of(asked), FAMILIES).values() for home in group}
    theirs = Membership.objects.filter(household__in=mine, ends_on__isnull=True).values_list("person_id", flat=True)
    everybody = asked | set(theirs)
    near = {one for group in groups_of(everybody).values() for one in group}
    linked = {one for pair in _links(near) for one in pair} - near
    near |= {one for group in groups_of(linked).values() for one in group} if linked else set()
    others = _homes_of(near) - mine
    homes = _told(mine | others) if others or len(mine) > 1 else {}
    kept = kept_of(homes, FAMILIES)
    found: dict[Pair, Likeness] = {}
    for one, other in _sharing(homes):
        if one in mine or other in mine:
            pair = in_order(kept.get(one, one), kept.get(other, other))
            likeness = _compared(homes[one], homes[other]) if pair[0] != pair[1] else None
            if likeness and (pair not in found or found[pair].score < likeness.score):
                found[pair] = likeness
    keep_pairs(FAMILIES, mine, found)


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
    homes = Household.objects.filter(pk__in=list(members)).values_list("pk", "village_id", "phone_tails")
    for pk, village, phone in homes:
        head = next((signs[person] for person, relation in members[pk] if relation == Relation.HEAD), None)
        found[pk] = _Home(village, set(phone.split()), head, {signs[person] for person, _ in members[pk]})
    return found


def _signs(people: Iterable[UUID], links: Iterable[Pair]) -> dict[UUID, int]:
    """A number for each of these; the same for any two between whom links lead."""
    signs = {person: number for number, person in enumerate(people)}
    bearers = {number: [person] for person, number in signs.items()}
    for one, other in links:
        if one in signs and other in signs and signs[one] != signs[other]:
            gone = bearers.pop(signs[one])
            bearers[signs[other]] += gone
            signs |= dict.fromkeys(gone, signs[other])
    return signs


def _sharing(homes: Mapping[UUID, _Home]) -> set[Pair]:
    """Any two of these families in which somebody bears the same sign: the others have nothing to compare."""
    living: dict[int, list[UUID]] = defaultdict(list)
    for pk, home in homes.items():
        for sign in home.people:
            living[sign].append(pk)
    return {in_order(*two) for some in living.values() for two in combinations(some, 2)}


def _compared(one: _Home, other: _Home) -> Likeness | None:
    return compare_families(
        heads_same=one.head is not None and one.head == other.head, shared=len(one.people & other.people),
        smaller=min(len(one.people), len(other.people)), village=one.village == other.village,
        phone=bool(one.phones & other.phones),
    )  # fmt: skip
