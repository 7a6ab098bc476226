"""Looking for people who are known twice: keys kept for everybody, a constant number of questions for a batch.

`MatchKey` is derived like `FindKey` and kept up with it. Whoever is entered or changed is looked for: at once where a
person waits for the page, else by the job that works through `MatchDue`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import F

from shuangbai.core import idnumber
from shuangbai.core.actions import writing
from shuangbai.core.bulk import insert_rows
from shuangbai.core.characters import folded
from shuangbai.core.crypto import hasher, lookup_hash
from shuangbai.core.findings import Finding
from shuangbai.households.access import people_visible_to
from shuangbai.households.doubles import Pair, groups_of, in_order, keep_pairs, kept_of, look_for_families
from shuangbai.households.entries import MemberEntry
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.known import PEOPLE, MatchDue, MatchKey
from shuangbai.households.matching import POSSIBLE, Likeness, Traits, compare, keys_beside, keys_of, may_be_alike
from shuangbai.households.models import Membership, Person, Residence
from shuangbai.households.queries import phone_tails
from shuangbai.network.roles import Permission

AT_ONCE = 100  # people looked for while somebody waits for the page; more wait for the job
AT_A_TIME = 500  # people looked for in one go by the job
LOOKED_AT = 60  # of those who share a key with somebody, those who share most


def _keeper() -> Callable[[str], int]:
    """Keys as they are kept: sixty-three bits of a keyed hash."""
    hashed = hasher("match")
    return lambda text: int(hashed(text)[:16], 16) >> 1


# WHAT IS KNOWN OF PEOPLE -----------------------------------------------------


def traits_of(person_ids: Collection[UUID], *, families: bool = True) -> dict[UUID, Traits]:
    """What is known of these people, for holding side by side: four queries however many there are.

    Three without their `families`, which keys are not made of.
    """
    ids = list(person_ids)
    homes = _homes_of(ids)
    names = _names_in({home for _, _, open_homes in homes.values() for home in open_homes}) if families else {}
    found = _own_traits(ids)
    for key, own in found.items():
        villages, phones, open_homes = homes[key]
        found[key] = replace(
            own, villages=frozenset(villages), phones=own.phones | phones, homes=frozenset(open_homes),
            family=frozenset(n for home in open_homes for who, n in names.get(home, ()) if who != key),
        )  # fmt: skip
    return found


def _own_traits(person_ids: Collection[UUID]) -> dict[UUID, Traits]:
    """What their own rows say of these people; of the forgotten nothing, who all bear one name, and none. One query."""
    columns = ("pk", "name", "sex", "birth_date", "birth_precision", "id_hash", "phone_tails")
    told = Person.objects.filter(pk__in=list(person_ids), forgotten=False)
    return {
        key: Traits(
            name=name, sex=sex, birth_date=born, precise=precision == BirthPrecision.DAY,
            estimated=precision == BirthPrecision.ESTIMATED, id_hash=id_hash, phones=frozenset(tails.split()),
        )
        for key, name, sex, born, precision, id_hash, tails in told.values_list(*columns)
    }  # fmt: skip


_Homes = dict[UUID, tuple[set[int], set[str], set[UUID]]]


def _homes_of(person_ids: Sequence[UUID]) -> _Homes:
    """By person: villages ever lived in, tails of the families' telephones, homes of today."""
    homes: _Homes = defaultdict(lambda: (set(), set(), set()))
    rows = Membership.objects.filter(person__in=person_ids)
    columns = ("person_id", "household_id", "household__village_id", "household__phone_tails", "ends_on")
    where: dict[UUID, list[UUID]] = defaultdict(list)
    for person, home, village, tails, ends_on in rows.values_list(*columns):
        homes[person][0].add(village)
        where[home].append(person)
        if ends_on is None:
            homes[person][1].update(tails.split())
            homes[person][2].add(home)
    for home, village in Residence.objects.filter(household__in=list(where)).values_list("household_id", "village_id"):
        for person in where[home]:
            homes[person][0].add(village)
    return homes


def _names_in(home_ids: Collection[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    """Who lives in these homes, by name."""
    names: dict[UUID, list[tuple[UUID, str]]] = defaultdict(list)
    together = Membership.objects.filter(household__in=list(home_ids), ends_on__isnull=True)
    for home, person, name in together.values_list("household_id", "person_id", "person__name"):
        names[home].append((person, folded(name)))
    return names


# WHO MAY BE THE SAME ---------------------------------------------------------


Found = list[tuple[UUID, Likeness]]


def alike(asked: Sequence[Traits]) -> list[Found]:
    """For each of these, entered or not, the people who may be the same, the likeliest first.

    The same number of queries whoever is asked for. Of entries that were merged, the one that is kept is named.
    """
    near = _near(asked, _sharing_keys(asked), {})
    known = traits_of({person for some in near for person in some})
    kept = kept_of(known)
    return [_likeliest(traits, some, known, kept) for traits, some in zip(asked, near, strict=True)]


def _near(asked: Sequence[Traits], shared: Sequence[set[UUID]], told: Mapping[UUID, Traits]) -> list[list[UUID]]:
    """Of those who share a key with each of these, who may be the same by what their own row says (in `told`, or read).

    So that of the many who share a name or a birthday in a village, homes are read only where that may decide.
    """
    own = {**_own_traits({person for some in shared for person in some} - told.keys()), **told}
    return [
        [person for person in some if person in own and may_be_alike(traits, own[person])]
        for traits, some in zip(asked, shared, strict=True)
    ]


def _likeliest(traits: Traits, near: Iterable[UUID], known: Mapping[UUID, Traits], kept: Mapping[UUID, UUID]) -> Found:
    best: dict[UUID, Likeness] = {}
    for person in near:
        likeness = compare(traits, known[person]) if person in known else None
        whose = kept.get(person, person)
        if likeness and likeness.score >= POSSIBLE and (whose not in best or likeness.score > best[whose].score):
            best[whose] = likeness
    return sorted(best.items(), key=lambda one: (-one[1].score, one[0]))


def _sharing_keys(asked: Sequence[Traits]) -> list[set[UUID]]:
    """For each of these, who shares a key or the identity number with them: two queries."""
    counts = _found_by([set(keys_of(traits, asking=True)) for traits in asked])
    return _most_shared(asked, counts, LOOKED_AT)


def _found_by(keys: Sequence[set[str]]) -> list[dict[UUID, int]]:
    """For each set of keys, how many of them each person is found by: one query."""
    wanted: dict[int, set[int]] = defaultdict(set)
    kept = _keeper()
    for number, some in enumerate(keys):
        for key in some:
            wanted[kept(key)].add(number)
    counts: list[dict[UUID, int]] = [defaultdict(int) for _ in keys]
    for shared, person in MatchKey.objects.filter(key__in=list(wanted)).values_list("key", "person_id"):
        for number in wanted[shared]:
            counts[number][person] += 1
    return counts


def _others_sharing_keys(asked: Mapping[UUID, Traits]) -> list[set[UUID]]:
    """As `_sharing_keys`, others than themselves, of people on file: by the keys that they have. Three queries."""
    counts = dict(zip(asked, _found_by([set(keys_beside(traits)) for traits in asked.values()]), strict=True))
    rows = MatchKey.objects.filter(person__in=list(asked)).annotate(other=F("shared__person"))
    for person, other in rows.exclude(other=F("person")).values_list("person_id", "other"):
        counts[person][other] += 1
    found = _most_shared(list(asked.values()), list(counts.values()), LOOKED_AT - 1)
    return [some - {person} for person, some in zip(asked, found, strict=True)]


def _most_shared(asked: Sequence[Traits], counts: Sequence[dict[UUID, int]], most: int) -> list[set[UUID]]:
    """Those who share most keys with each, and all who bear the same identity number: one query."""
    found = [set(sorted(one, key=lambda person: (-one[person], person))[:most]) for one in counts]
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
    phones: Iterable[str],
    homes: Iterable[UUID] = (),
    family: Iterable[str],
) -> Traits:
    """What a form says of somebody who is not entered yet; `phones`: texts with their telephones and their family's."""
    read = idnumber.read(entry.id_no) if entry.id_no.strip() else None
    sound = read if isinstance(read, idnumber.IdNumber) else None
    return Traits(
        name=entry.name, sex=sound.sex if sound and entry.sex not in {"1", "2"} else entry.sex,
        birth_date=entry.birth_date or (sound.birth_date if sound else None),
        precise=entry.birth_precision == BirthPrecision.DAY,
        estimated=entry.birth_precision == BirthPrecision.ESTIMATED,
        id_hash=lookup_hash(sound.number, "id") if sound else "", villages=frozenset({village_id}),
        phones=frozenset(tail for text in phones for tail in phone_tails(text).split()), homes=frozenset(homes),
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
    traits = traits_of(ids, families=False)
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
    """Note who may be the same as these people, and their families. Part of an action: one that enters or decides.

    By the keys that they have: whoever changes what these are made of writes them first.
    """
    kept = kept_of(person_ids)
    asked = _own_traits({kept.get(person, person) for person in person_ids})
    some = _near(list(asked.values()), _others_sharing_keys(asked), asked)
    near = {one: others for one, others in zip(asked, some, strict=True) if others}
    known = traits_of({person for one, others in near.items() for person in (one, *others)}) if near else {}
    kept_near = kept_of(known)
    found: dict[Pair, Likeness] = {}
    for one, others in near.items():
        likeliest = _likeliest(known[one], others, known, kept_near)
        found |= {in_order(one, other): likeness for other, likeness in likeliest if other != one}
    keep_pairs(PEOPLE, set(asked), found)
    look_for_families(set(person_ids) | set(asked))
    MatchDue.objects.filter(person__in=list(person_ids)).delete()


def others_with_another_id(person_id: UUID, id_hash: str) -> bool:
    """Whether an entry that was merged with this one has another sound identity number."""
    others = groups_of([person_id])[person_id] - {person_id}
    return bool(others) and Person.objects.filter(pk__in=others).exclude(id_hash__in=["", id_hash]).exists()


def look_for_due() -> int:
    """The job: whoever was entered in bulk or changed is looked for, some at a time. How many were.

    By the keys that were written when they were noted as due.
    """
    looked = 0
    while due := list(MatchDue.objects.order_by("person_id").values_list("person_id", flat=True)[:AT_A_TIME]):
        with writing():
            look_for(due)
        looked += len(due)
    return looked
