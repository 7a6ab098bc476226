"""By what families are found as somebody types: kept for every station that serves them, derived from what is on file.

Whatever changes a name, a telephone, a number or who is of a family writes its keys anew, and with them those by which
people known twice are found (likeness).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from shuangbai.core.bulk import insert_rows
from shuangbai.core.pinyin import initials
from shuangbai.households.doubles import groups_of
from shuangbai.households.entries import Entered
from shuangbai.households.enums import BirthPrecision, FindKind
from shuangbai.households.likeness import refresh_match_keys, write_match_keys
from shuangbai.households.matching import Traits
from shuangbai.households.models import FamilyFile, FindKey, Household, HouseholdStation, Membership, Person
from shuangbai.households.queries import MORE_NAMES

_COLUMNS = ("station_id", "household_id", "kind", "key")


def write_find_keys(made: Sequence[Entered], staying: set[UUID]) -> None:
    """By what families are found that were entered just now, and their people, all of them new.

    What `refresh_find_keys` would write, which has to read it back. `staying`: who is of their family still.
    """
    found, traits = [], {}
    for one in made:
        home = one.household
        keys = {(FindKind.PHONE_TAIL.value, tail) for tail in home.phone_tails.split()}
        for person in one.people:
            keys |= _keys_of(person.name, person.initials, person.phone_tails, person.id_tail)
            phones = {*person.phone_tails.split(), *(home.phone_tails.split() if person.pk in staying else ())}
            traits[person.pk] = Traits(
                name=person.name, birth_date=person.birth_date, precise=person.birth_precision == BirthPrecision.DAY,
                villages=frozenset({home.village_id}), phones=frozenset(phones),
            )  # fmt: skip
        found += [(home.station_id, home.pk, kind, key[:40]) for kind, key in sorted(keys)]
    insert_rows(FindKey, _COLUMNS, found)
    write_match_keys(traits)


def refresh_find_keys(household_ids: Sequence[UUID], *, people: bool = True) -> None:
    """Write anew by what these families are found, for every station that has served them.

    And by what their `people` are, unless nothing was changed by which two people are held to be one.
    """
    households = {h.pk: h for h in Household.objects.filter(pk__in=household_ids).only("phone_tails")}
    keys: dict[UUID, set[tuple[int, str]]] = {pk: set() for pk in households}
    for pk, household in households.items():
        keys[pk] |= {(FindKind.PHONE_TAIL.value, tail) for tail in household.phone_tails.split()}
    members = Membership.objects.filter(household__in=household_ids).values_list("household_id", "person_id")
    belonging = [(pk, person) for pk, person in members.distinct() if pk in keys]
    groups = groups_of({person for _, person in belonging})
    found = _found_by({one for group in groups.values() for one in group})
    for pk, person in belonging:
        keys[pk] |= found[person][1]
    for pk, number in FamilyFile.objects.filter(household__in=household_ids).values_list("household_id", "number"):
        keys[pk] |= _keys_of_file(number)
    served = HouseholdStation.objects.filter(household__in=household_ids).values_list("station_id", "household_id")
    for_station = {(station, pk): set(keys[pk]) for station, pk in served.distinct()}
    for pk, person in belonging:  # what the same station calls the same person in another entry leads here too
        for other in groups[person] - {person}:
            station, also = found[other]
            if (station, pk) in for_station:
                for_station[station, pk] |= also
    FindKey.objects.filter(household__in=household_ids).delete()
    insert_rows(
        FindKey,
        _COLUMNS,
        ((station, pk, kind, key[:40]) for (station, pk), some in for_station.items() for kind, key in sorted(some)),
    )
    if people:
        refresh_match_keys({person for _, person in belonging})


def add_file_keys(files: Sequence[FamilyFile]) -> None:
    """By the numbers of files that were opened just now their families are found too."""
    ids = [file.household_id for file in files]
    stations: dict[UUID, set[UUID]] = defaultdict(set)
    for pk, station in HouseholdStation.objects.filter(household__in=ids).values_list("household_id", "station_id"):
        stations[pk].add(station)
    known = set(FindKey.objects.filter(household__in=ids, kind=FindKind.FILE_NO).values_list(*_COLUMNS))
    wanted = {
        (station, file.household_id, kind, key[:40])
        for file in files
        for station in stations[file.household_id]
        for kind, key in _keys_of_file(file.number)
    }
    insert_rows(FindKey, _COLUMNS, sorted(wanted - known))


def _keys_of_file(number: str) -> set[tuple[int, str]]:
    return {(FindKind.FILE_NO.value, number.lower()), (FindKind.FILE_NO.value, number[-4:].lower())}


def _found_by(person_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, set[tuple[int, str]]]]:
    """By what each of these people is found, with the station that entered them: a query, and one for other names."""
    ids = list(person_ids)
    rows = Person.objects.filter(pk__in=ids).values_list(
        "pk", "station_id", "name", "initials", "phone_tails", "id_tail"
    )
    found = {}
    for pk, station, name, short, phones, id_tail in rows:
        found[pk] = station, _keys_of(name, short, phones, id_tail)
    for told in MORE_NAMES.values():
        for pk, name in told(ids):
            found[pk][1].update(_keys_of_name(name), {(FindKind.INITIALS.value, initials(name))})
    return found


def _keys_of(name: str, short: str, phone_tails: str, id_tail: str) -> set[tuple[int, str]]:
    """By what somebody is found, of what stands in their own row."""
    more = [(FindKind.INITIALS, short), (FindKind.ID_TAIL, id_tail)]
    more += [(FindKind.PHONE_TAIL, tail) for tail in phone_tails.split()]
    return _keys_of_name(name) | {(kind.value, key) for kind, key in more if key}


def _keys_of_name(name: str) -> set[tuple[int, str]]:
    """A name is found by itself and by its endings of two characters and more."""
    return {(FindKind.NAME.value, name[i:].lower()) for i in range(max(len(name) - 1, 1))}
