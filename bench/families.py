"""The family file and who is next, on a city of a hundred thousand families: pages and questions, beside plain SQL."""

import statistics
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count
from django.urls import reverse

from bench import baseline, bulk, words
from bench.city import ENTERED, START, TODAY, key
from bench.load import RECORD, VISIT
from bench.reading import Reader, signed_in
from bench.timing import Measure, each, median, shown
from shuangbai.followups.queries import families_due
from shuangbai.households.access import households_visible_to
from shuangbai.households.entries import MemberEntry
from shuangbai.households.enums import Relation
from shuangbai.households.likeness import alike, refresh_match_keys, traits_of_entry
from shuangbai.households.models import FamilyFile, FileGrade, FileWorker, Person
from shuangbai.network.models import OrgUnit, User
from shuangbai.rounds.rules import Candidate, days_of, monday_of, propose
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit

FAMILIES = 300
EVENTS = 500
A_DAY = 8
ASKED = 25
KEYS_AT_ONCE = 2000
GRADE = "id station_id file_id grade reason starts_on entered_at entered_by_id"


class FamilyReader:
    """One worker with 300 families, one family with 500 events, everybody findable who is known twice."""

    def __init__(self) -> None:
        self.chance = Random(300)
        counted = FamilyFile.objects.values("station").annotate(n=Count("id")).order_by("-n", "station")
        self.station = OrgUnit.objects.get(pk=counted[0]["station"])
        self.worker = User.objects.get(username=f"{self.station.code}-0".lower())
        self.mine = self._give_families()
        self._grade()
        self.family = self._give_events()
        self._find_keys()
        bulk.settle()

    def measures(self) -> list[Measure]:
        return [*self.today(), *self.the_family(), self.plan(), self.known_twice()]

    # WHAT IS MEASURED ----------------------------------------------------------

    def today(self) -> list[Measure]:
        visible = households_visible_to(self.worker)
        staff = self.worker.staff_id
        assert len(families_due(visible, TODAY, staff_id=staff)) == FAMILIES
        ours = median([lambda: families_due(visible, TODAY, staff_id=staff)] * 9)
        sql = median([lambda: latest_by_hand(staff)] * 9)
        queries = Reader.counted(lambda: families_due(visible, TODAY, staff_id=staff))
        return [
            Measure(f"When each of {FAMILIES} families is due, and why", shown(ours), shown(sql), "", queries),
            self._page(f"Page: today, {FAMILIES} families", reverse("today"), sql),
            self._page(f"Page: who is due, {FAMILIES} families", reverse("due-list"), sql),
        ]  # fmt: skip

    def the_family(self) -> list[Measure]:
        address = reverse("family", args=[self.family])
        sql = median([lambda: events_by_hand(self.family)] * 9)
        return [self._page(f"Page: a family with {EVENTS} events", address, sql)]

    def plan(self) -> Measure:
        """From the database to the rounds of seven days."""
        days = days_of(monday_of(TODAY))
        visible = households_visible_to(self.worker)

        def proposed() -> dict[date, list[UUID]]:
            found = families_due(visible, TODAY, staff_id=self.worker.staff_id)
            return propose([Candidate(f.household_id, f.village_id, f.due.on, f.name) for f in found], days, A_DAY)

        assert sum(map(len, proposed().values())) == A_DAY * len(days)
        return Measure(
            f"A week's plan out of {FAMILIES} families", shown(median([proposed] * 9)),
            shown(median([lambda: latest_by_hand(self.worker.staff_id)] * 9)), "", Reader.counted(proposed),
        )  # fmt: skip

    def known_twice(self) -> Measure:
        """A new person of a name that is there, held against everybody: by the keys, and by hand over all names."""
        people = list(Person.objects.exclude(birth_date=None).order_by("id").values_list("name", "birth_date")[:ASKED])
        village = self.station.coverage.order_by("pk").first()
        assert village is not None

        def asked(name: str, born: date) -> Any:
            entry = MemberEntry(name=name, relation=Relation.HEAD, birth_date=born)
            return traits_of_entry(entry, village_id=village.village_id, phones=(), family=())

        assert any(alike([asked(*person)])[0] for person in people), "nobody was found, which proves nothing"
        ours = statistics.median(each([lambda p=p: alike([asked(*p)]) for p in people]))
        sql = statistics.median(each([lambda p=p: namesakes_by_hand(*p) for p in people]))
        everybody = Person.objects.count()
        return Measure(
            f"Whether a new person is one of {everybody:,} known", shown(ours), shown(sql), "",
            Reader.counted(lambda: alike([asked(*people[0])])),
        )  # fmt: skip

    def _page(self, what: str, address: str, sql: float | None = None) -> Measure:
        get: Callable[[], None] = Reader._getter(signed_in(self.worker), address)
        ours = median([get] * 9)
        return Measure(what, shown(ours), shown(sql) if sql is not None else "", "", Reader.counted(get))

    # WHAT IS PREPARED ----------------------------------------------------------

    def _give_families(self) -> list[UUID]:
        """The station's open files: three hundred to this worker, the others to the first colleague."""
        files = list(FamilyFile.objects.filter(station=self.station).order_by("id").values_list("pk", flat=True))
        assert len(files) >= FAMILIES, f"{len(files)} files at the largest station: take more families"
        keepers = FileWorker.objects.filter(file__in=files, ends_on=None)
        other = keepers.exclude(staff=self.worker.staff_id).values_list("staff_id", flat=True)[0]
        keepers.update(staff=other)
        FileWorker.objects.filter(file__in=files[:FAMILIES]).update(staff=self.worker.staff_id)
        return files[:FAMILIES]

    def _grade(self) -> None:
        rows = [
            (key(self.chance, START), self.station.pk.hex, file.hex, self.chance.choice(["red", "yellow", "green"]),
             "独居", START.isoformat(), ENTERED, self.worker.pk.hex)
            for file in self.mine
        ]  # fmt: skip
        with bulk.batch():
            bulk.write(FileGrade, GRADE.split(), rows)

    def _give_events(self) -> UUID:
        """One of the families with so many visits that it has 500 events."""
        file = FamilyFile.objects.get(pk=self.mine[0])
        home, unit = file.household_id, self.station.pk.hex
        there = ServiceRecord.objects.filter(household=home).count()
        records, visits = [], []
        for number in range(EVENTS - there):
            day = START + timedelta(days=number * 2 % 1070)
            record = key(self.chance, day)
            records.append(
                (record, unit, "visit", day.isoformat(), None, "", None, home.hex, False, record,
                 f"{self.chance.getrandbits(128):032x}", 1, "", ENTERED, self.worker.pk.hex)
            )  # fmt: skip
            told = (words.narrative(self.chance), "", "[]", "none")
            visits.append((record, unit, "home", "nobody_home", "ordinary", '["health"]', *told))
        with bulk.batch():
            bulk.write(ServiceRecord, RECORD.split(), records)
            bulk.write(Visit, VISIT.split(), visits)
        return home

    def _find_keys(self) -> None:
        people = list(Person.objects.order_by("id").values_list("pk", flat=True))
        for start in range(0, len(people), KEYS_AT_ONCE):
            with bulk.batch():
                refresh_match_keys(people[start : start + KEYS_AT_ONCE])


# BY HAND ---------------------------------------------------------------------


def _own(value: UUID) -> Any:
    return value.hex if connection.vendor == bulk.SQLITE else value


def latest_by_hand(staff_id: UUID | None) -> Sequence[tuple]:
    """The families of a worker with their grade and the latest visit that met somebody: less than what ours tells."""
    assert staff_id is not None
    return baseline.ask(
        "SELECT h.id, h.head_name, g.grade, MAX(r.occurred_on) FROM households_fileworker w"
        " JOIN households_familyfile f ON f.id = w.file_id AND f.state = 'open'"
        " JOIN households_household h ON h.id = f.household_id"
        " LEFT JOIN households_filegrade g ON g.file_id = f.id AND g.ends_on IS NULL"
        " LEFT JOIN services_servicerecord r ON r.household_id = h.id AND r.kind = 'visit' AND r.reached"
        " AND r.voided_at IS NULL"
        " WHERE w.staff_id = %s AND w.ends_on IS NULL GROUP BY h.id, h.head_name, g.grade ORDER BY 4",
        [_own(staff_id)],
    )


def events_by_hand(household_id: UUID) -> Sequence[tuple]:
    """The newest twenty visits of a family with their words."""
    return baseline.ask(
        "SELECT r.occurred_on, v.mode, v.result, v.narrative FROM services_servicerecord r"
        " JOIN visits_visit v ON v.record_id = r.id WHERE r.household_id = %s"
        " ORDER BY r.occurred_on DESC, r.id DESC LIMIT 20",
        [_own(household_id)],
    )


def namesakes_by_hand(name: str, born: date) -> Sequence[tuple]:
    """Everybody of the name born within a year, by the columns as they are."""
    return baseline.ask(
        "SELECT p.id, p.name, p.birth_date, h.village_id FROM households_person p"
        " JOIN households_membership m ON m.person_id = p.id JOIN households_household h ON h.id = m.household_id"
        " WHERE p.name = %s AND p.birth_date BETWEEN %s AND %s",
        [name, born - timedelta(days=366), born + timedelta(days=366)],
    )
