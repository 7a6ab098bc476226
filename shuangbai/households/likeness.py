"""Looking for people who are known twice: keys kept for everybody, a constant number of questions for a batch.

`MatchKey` is derived like `FindKey` and kept up with it. Whoever is entered or changed is looked for: at once where a
person waits for the page, else by the job that works through `MatchDue`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shuangbai.core import idnumber
from shuangbai.core.actions import writing
from shuangbai.core.bulk import insert_rows
from shuangbai.core.characters import folded
from shuangbai.core.crypto import hasher, lookup_hash
from shuangbai.core.findings import Finding
from shuangbai.households.access import people_visible_to
from shuangbai.households.doubles import PEOPLE, Pair, groups_of, in_order, keep_pairs, kept_of, look_for_families
from shuangbai.households.entries import MemberEntry
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.known import MatchDue, MatchKey
from shuangbai.households.matching import POSSIBLE, Likeness, Traits, compare, keys_of
from shuangbai.households.models import Membership, Person, Residence
from shuangbai.network.roles import Permission

AT_ONCE = 100  # people looked for in one go by the job
LOOKED_AT = 60  # of those who share a key with somebody, those who share most


def _keeper() -> Callable[[str], int]:
    """Keys as they are kept: sixty-three bits of a keyed hash."""
    hashed = hasher("match")
    return lambda text: int(hashed(text)[:16], 16) >> 1


# WHAT IS KNOWN OF PEOPLE -----------------------------------------------------


def traits_of(person_ids: Collection[UUID]) -> dict[UUID, Traits]:
    """What is known of these people, for holding side by side: four queries however many there are."""
    ids = list(person_ids)
    homes, names = _homes_of(ids)
    columns = ("pk", "name", "sex", "birth_date", "birth_precision", "id_hash", "phone_tail")
    found = {}
    told = Person.objects.filter(pk__in=ids, forgotten=False)  # the forgotten all bear one name, and none
    for key, name, sex, born, precision, id_hash, tail in told.values_list(*columns):
        villages, phones, open_homes = homes[key]
        found[key] = Traits(
            name=name, sex=sex, birth_date=born, precise=precision == BirthPrecision.DAY,
            estimated=precision == BirthPrecision.ESTIMATED, id_hash=id_hash, villages=frozenset(villages),
            phones=frozenset(filter(None, {tail, *phones})), homes=frozenset(open_homes),
            family=frozenset(n for home in open_homes for who, n in names[home] if who != key),
        )  # fmt: skip
    return found


_Homes = dict[UUID, tuple[set[int], set[str], set[UUID]]]


def _homes_of(person_ids: Sequence[UUID]) -> tuple[_Homes, dict[UUID, list[tuple[UUID, str]]]]:
    """By person: villages ever lived in, tails of the families' telephones, homes; by home: who lives there."""
    homes: _Homes = defaultdict(lambda: (set(), set(), set()))
    rows = Membership.objects.filter(person__in=person_ids)
    columns = ("person_id", "household_id", "household__village_id", "household__phone_tail", "ends_on")
    where: dict[UUID, set[UUID]] = defaultdict(set)
    for person, home, village, tail, ends_on in rows.values_list(*columns):
        homes[person][0].add(village)
        where[home].add(person)
        if ends_on is None:
            homes[person][1].add(tail)
            homes[person][2].add(home)
    for home, village in Residence.objects.filter(household__in=list(where)).values_list("household_id", "village_id"):
        for person in where[home]:
            homes[person][0].add(village)
    names: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    together = Membership.objects.filter(household__in=list(where), ends_on__isnull=True)
    for home, person, name in together.values_list("household_id", "person_id", "person__name"):
        names[home].append((person, folded(name)))
    return homes, names


# WHO MAY BE THE SAME ---------------------------------------------------------


def alike(asked: Sequence[Traits], besides: Collection[UUID] = ()) -> list[list[tuple[UUID, Likeness]]]:
    """For each of these, entered or not, the people who may be the same, the likeliest first.

    The same number of queries whoever is asked for. Of entries that were merged, the one that is kept is named.
    """
    shared = _sharing_keys(asked)
    known = traits_of({person for found in shared for person in found} - set(besides))
    kept = kept_of(known)
    found = []
    for traits, sharing in zip(asked, shared, strict=True):
        best: dict[UUID, Likeness] = {}
        for person in sharing:
            likeness = compare(traits, known[person]) if person in known else None
            whose = kept.get(person, person)
            if likeness and likeness.score >= POSSIBLE and (whose not in best or likeness.score > best[whose].score):
                best[whose] = likeness
        found.append(sorted(best.items(), key=lambda one: (-one[1].score, one[0])))
    return found


def _sharing_keys(asked: Sequence[Traits]) -> list[set[UUID]]:
    """For each of these, who shares a key or the identity number with them: two queries."""
    wanted: dict[int, set[int]] = defaultdict(set)
    kept = _keeper()
    for number, traits in enumerate(asked):
        for key in keys_of(traits, asking=True):
            wanted[kept(key)].add(number)
    counts: list[dict[UUID, int]] = [defaultdict(int) for _ in asked]
    for shared, person in MatchKey.objects.filter(key__in=list(wanted)).values_list("key", "person_id"):
        for number in wanted[shared]:
            counts[number][person] += 1
    found = [set(sorted(one, key=lambda person: (-one[person], person))[:LOOKED_AT]) for one in counts]
    numbers = {traits.id_hash for traits in asked if traits.id_hash}
    holders = Person.objects.filter(id_hash__in=numbers).exclude(id_hash="") if numbers else Person.objects.none()
    by_number: dict[str, set[UUID]] = defaultdict(set)
    for id_hash, person in holders.values_list("id_hash", "pk"):
        by_number[id_hash].add(person)
    return [some | by_number.get(traits.id_hash, set()) for some, traits in zip(found, asked, strict=True)]


# WHILE SOMEBODY IS ENTERED ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on file who may be the one that is being entered, within what the reader may edit."""

    person: Person
    likeness: Likeness
    membership: Membership | None


def traits_of_entry(
    entry: MemberEntry,
    *,
    village_id: int,
    phone_tails: Iterable[str],
    homes: Iterable[UUID] = (),
    family: Iterable[str],
) -> Traits:
    """What a form says of somebody who is not entered yet."""
    read = idnumber.read(entry.id_no) if entry.id_no.strip() else None
    sound = read if isinstance(read, idnumber.IdNumber) else None
    return Traits(
        name=entry.name, sex=sound.sex if sound and entry.sex not in {"1", "2"} else entry.sex,
        birth_date=entry.birth_date or (sound.birth_date if sound else None),
        precise=entry.birth_precision == BirthPrecision.DAY,
        estimated=entry.birth_precision == BirthPrecision.ESTIMATED,
        id_hash=lookup_hash(sound.number, "id") if sound else "", villages=frozenset({village_id}),
        phones=frozenset(filter(None, phone_tails)), homes=frozenset(homes),
        family=frozenset(folded(name) for name in family),
    )  # fmt: skip


def known_people(by: Any, asked: Sequence[Traits]) -> list[tuple[list[Known], bool]]:
    """For each of these: who may be the same within what `by` may edit, and whether somebody beyond it may be."""
    found = alike(asked)
    ids = {person for some in found for person, _ in some}
    visible = people_visible_to(by, Permission.EDIT_FAMILIES).filter(pk__in=ids) if ids else Person.objects.none()
    people = {person.pk: person for person in visible}
    rows = Membership.objects.filter(person__in=list(people)).select_related("household__village")
    homes = {row.person_id: row for row in rows.order_by("is_primary", "starts_on", "id")} if people else {}
    return [
        (
            [Known(people[pk], likeness, homes.get(pk)) for pk, likeness in some if pk in people],
            any(pk not in people for pk, _ in some),
        )
        for some in found
    ]


def known_findings(known: Sequence[Known], elsewhere: bool, prefix: str = "") -> list[Finding]:
    """What a form says of these: who it may be, or only that another station may have them."""
    field, findings = f"{prefix}name", []
    for one in known[:3]:
        where = f"{one.membership.household}，{one.membership.household.village.short_name}" if one.membership else ""
        sentence = (
            f"可能已登记过：{one.person.name}（{where}），{one.likeness.sentence}。"
            "是同一人请在“是不是已登记过的人”中选中，不必再登记；不是请核对后照此保存"
        )
        findings.append(Finding("known_here", field, sentence))
    if elsewhere:
        sentence = "外站可能已有此人；照此保存后提请督导中心核对，不影响您继续登记"
        findings.append(Finding("known_elsewhere", field, sentence))
    return findings


# KEPT UP ---------------------------------------------------------------------


def refresh_match_keys(person_ids: Collection[UUID]) -> None:
    """Write anew by what these people are found, and that somebody is to look whether they are known twice."""
    ids = list(dict.fromkeys(person_ids))
    traits = traits_of(ids)
    MatchKey.objects.filter(person__in=ids).delete()
    waiting = set(MatchDue.objects.filter(person__in=ids).values_list("person_id", flat=True))
    _write_match_keys(traits, due=[person for person in traits if person not in waiting])


def write_match_keys(traits: Mapping[UUID, Traits]) -> None:
    """As `refresh_match_keys`, of people who were entered just now, by the traits that keys are made of."""
    _write_match_keys(traits, due=traits)


def _write_match_keys(traits: Mapping[UUID, Traits], due: Iterable[UUID]) -> None:
    kept = _keeper()
    rows = ((person, key) for person, known in traits.items() for key in sorted({*map(kept, keys_of(known))}))
    insert_rows(MatchKey, ("person_id", "key"), rows)
    insert_rows(MatchDue, ("person_id",), ((person,) for person in due))


def look_for(person_ids: Collection[UUID]) -> None:
    """Note who may be the same as these people, and their families. Part of an action: one that enters or decides."""
    kept = kept_of(person_ids)
    asked = traits_of({kept.get(person, person) for person in person_ids})
    found: dict[Pair, Likeness] = {}
    for one, others in zip(asked, alike(list(asked.values())), strict=True):
        found |= {in_order(one, other): likeness for other, likeness in others if other != one}
    keep_pairs(PEOPLE, set(asked), found)
    look_for_families(set(person_ids) | set(asked))
    MatchDue.objects.filter(person__in=list(person_ids)).delete()


def entries_seen(user: Any, person_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """As `groups_of`, without the entries that `user` may not see: what another station wrote stays there."""
    groups = groups_of(person_ids)
    others = {one for group in groups.values() for one in group} - set(groups)
    seen = set(people_visible_to(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return {one: {other for other in group if other in groups or other in seen} for one, group in groups.items()}


def others_with_another_id(person_id: UUID, id_hash: str) -> bool:
    """Whether an entry that was merged with this one has another sound identity number."""
    others = groups_of([person_id])[person_id] - {person_id}
    return bool(others) and Person.objects.filter(pk__in=others).exclude(id_hash__in=["", id_hash]).exists()


def look_for_due() -> int:
    """The job: whoever was entered in bulk or changed is looked for, some at a time. How many were."""
    looked = 0
    while due := list(MatchDue.objects.order_by("person_id").values_list("person_id", flat=True)[:AT_ONCE]):
        with writing():
            refresh_match_keys(due)
            look_for(due)
        looked += len(due)
    return looked
