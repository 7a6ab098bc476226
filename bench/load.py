"""Loads a city of so many service records in bulk, with the rows that the real actions would write.

Left out, for they are written only and no list or figure reads them: the history tables and the trail.
"""

import sys
import time
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from uuid import UUID, uuid5

from django.core.management import call_command
from django.db import connection

from bench import bulk, city, words
from bench.city import DAYS, ENTERED, START, City, Family, Station, key
from shuangbai.activities.enums import ActivityKind
from shuangbai.activities.models import Activity
from shuangbai.core import keys, textindex
from shuangbai.core.models import TextDocument
from shuangbai.households.models import Standing
from shuangbai.households.queries import Belongings
from shuangbai.services.models import Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import text_of
from shuangbai.visits.actions import COUNTED_ONCE
from shuangbai.visits.enums import Mode, Result
from shuangbai.visits.models import Visit

VISITS = 0.85
CHUNK = 10_000
RECORD = (
    "id station_id kind occurred_on village_id place campaign_id household_id reached counted_key client_id version"
    " void_reason entered_at entered_by_id"
)
WORKER = "id station_id record_id staff_id position"
CONTACT = "id station_id record_id kind person_id household_id heads group method"
STANDING = "station_id occasion occurred_on household_id person_id category_id"
VISIT = "record_id station_id mode result purpose topics narrative observation needs followup"
ACTIVITY = "record_id station_id title kind partners volunteers volunteer_hours leaflets summary"
TABLES = {
    ServiceRecord: RECORD.split(), RecordWorker: WORKER.split(), Contact: CONTACT.split(), Standing: STANDING.split(),
    Visit: VISIT.split(), Activity: ACTIVITY.split(),
}  # fmt: skip
MODES = [Mode.HOME] * 14 + [Mode.PHONE] * 3 + [Mode.OFFICE, Mode.CHANCE, Mode.VIDEO]
RESULTS = [Result.MET] * 17 + [Result.NOBODY_HOME] * 2 + [Result.AWAY]


class Records:
    """Generates records in the order of days and writes them table by table."""

    def __init__(self, made: City, chance: Random) -> None:
        self.city, self.chance, self.by = made, chance, made.by.pk.hex
        self.rows: dict[type, list[tuple]] = {model: [] for model in TABLES}
        self.texts: list[tuple[int, str, str, str]] = []
        self.weights = [len(station.families) for station in made.stations]

    def add(self, day: date) -> None:
        station = self.chance.choices(self.city.stations, self.weights)[0]
        unit, record = station.unit.pk.hex, key(self.chance, day)
        if self.chance.random() < VISITS:
            self._visit(station, unit, record, day)
        else:
            self._activity(station, unit, record, day)
        workers = self.chance.sample(station.staff, 1 if self.chance.random() < 0.7 else 2)
        self.rows[RecordWorker] += [
            (key(self.chance, day), unit, record, staff, position) for position, staff in enumerate(workers)
        ]

    def _visit(self, station: Station, unit: str, record: str, day: date) -> None:
        chance = self.chance
        # Skewed: some families are visited ten times as often as others.
        family = station.families[int(len(station.families) * chance.random() ** 1.5)]
        mode, result = chance.choice(MODES), chance.choice(RESULTS)
        met = [person for person, _ in family.members if chance.random() < 0.6] or [family.members[0][0]]
        if result != Result.MET:
            met = []
        names = f"{station.unit.pk}{UUID(family.key)}{day}{mode}"
        counted = uuid5(COUNTED_ONCE, names).hex
        self._record(unit, record, "visit", day, family.village, family.key, bool(met), counted)
        for person in met:
            self._contact(unit, record, day, person, family.key)
        if met:
            self.rows[Contact].append((key(chance, day), unit, record, "household", None, family.key, 0, "", ""))
        self._standing(unit, record, day, family, met)
        text = words.narrative(chance)
        self.rows[Visit].append(
            (record, unit, mode.value, result.value, "ordinary", '["health"]', text, "", "[]", "none")
        )
        self._text(unit, record, day, text)

    def _record(
        self, unit: str, record: str, kind: str, day: date, village: int, family: str | None, reached: bool, once: str
    ) -> None:
        campaign = self.city.campaign.pk.hex if kind == "activity" and day >= self.city.campaign.starts_on else None
        client = f"{self.chance.getrandbits(128):032x}"
        self.rows[ServiceRecord].append(
            (record, unit, kind, day.isoformat(), village, "", campaign, family, reached, once, client, 1, "", ENTERED,
             self.by)
        )  # fmt: skip

    def _contact(self, unit: str, record: str, day: date, person: str, family: str | None) -> None:
        self.rows[Contact].append((key(self.chance, day), unit, record, "person", person, family, 0, "", ""))

    def _standing(
        self, unit: str, record: str, day: date, family: Family, met: Sequence[str], whole: bool = True
    ) -> None:
        household, each = family.counted(day)
        rows, on = self.rows[Standing], day.isoformat()
        for (person, _), categories in zip(family.members, each, strict=True):
            if person in met:
                rows += [(unit, record, on, None, person, category) for category in categories]
        if whole:
            rows += [(unit, record, on, family.key, None, category) for category in household]

    def _activity(self, station: Station, unit: str, record: str, day: date) -> None:
        chance = self.chance
        self._record(unit, record, "activity", day, chance.choice(station.villages), None, True, record)
        for family in chance.sample(station.families, min(2, len(station.families))):
            person = family.members[0][0]
            self._contact(unit, record, day, person, None)
            self._standing(unit, record, day, family, [person], whole=False)
        groups = chance.sample(("children", "elders", "clients", "volunteers", "others"), chance.choice((1, 2)))
        self.rows[Contact] += [
            (key(chance, day), unit, record, "heads", None, None, chance.randrange(3, 40), group, "counted")
            for group in groups
        ]
        title, summary = chance.choice(words.TITLES), words.narrative(chance, 6)
        volunteers = chance.randrange(4)
        kind = chance.choice(list(ActivityKind)).value
        self.rows[Activity].append((record, unit, title, kind, "", volunteers, f"{volunteers * 1.5:.1f}", 0, summary))
        self._text(unit, record, day, f"{title}\n{summary}")

    def _text(self, unit: str, record: str, day: date, text: str) -> None:
        document = day.toordinal() << 40 | self.chance.getrandbits(40)
        found = [f"o{unit}", *textindex.grams(text)]
        quoted = " ".join(f"'{gram}'" for gram in found) if connection.vendor != bulk.SQLITE else " ".join(found)
        self.texts.append((document, record, unit, quoted))

    def write(self) -> None:
        with bulk.batch():
            for model, columns in TABLES.items():
                bulk.write(model, columns, self.rows[model])
                self.rows[model].clear()
            documents = ["id", "subject_id", "owner_id"]
            if connection.vendor == bulk.SQLITE:
                bulk.write(TextDocument, documents, [text[:3] for text in self.texts])
                self.texts.sort()
                bulk.into("core_textgrams", ["rowid", "grams"], [(text[0], text[3]) for text in self.texts])
            else:
                bulk.write(TextDocument, [*documents, "grams"], self.texts)
            self.texts.clear()


def load(records: int, stations: int, households: int = 0) -> None:
    """Builds the city in the empty database of DATABASE_URL or SHUANGBAI_DATA; a household for ten records, or more."""
    began = time.perf_counter()
    keys.prepare()
    call_command("migrate", verbosity=0, interactive=False)
    chance = Random(20200606)
    made = city.frame(stations, chance)
    with bulk.loading([*city.TABLES, *TABLES, TextDocument]):
        city.settle_families(made, max(records // 10, stations * 3, households), chance)
        _say(f"{records:,} records: families loaded", began)
        writer = Records(made, chance)
        for number in range(records):
            writer.add(START + timedelta(days=number * (DAYS + 1) // records))
            if number % CHUNK == CHUNK - 1:
                writer.write()
        writer.write()
        _say(f"{records:,} records: rows loaded", began)
    bulk.settle()
    _verify(made, chance)
    _say(f"{records:,} records: looked through", began)


def _say(line: str, began: float) -> None:
    print(f"{line} after {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


def _verify(made: City, chance: Random) -> None:
    """A sample of what was generated, held against the product's own rules."""
    station = made.stations[0]
    rows = list(ServiceRecord.objects.filter(station=station.unit, kind="visit").order_by("-occurred_on")[:200])
    around = Belongings({row.household_id for row in rows})
    for row in chance.sample(rows, min(25, len(rows))):
        kept = Standing.objects.filter(occasion=row.pk, household=row.household_id).values_list("category", flat=True)
        assert set(kept) - {None} == around.carried_by_household(row.household_id, row.occurred_on), row.pk
    found = textindex.find(words.COMMON, owners=[station.unit.pk], limit=5)
    assert words.COMMON in text_of(ServiceRecord.objects.get(pk=found[0][1]))
    with connection.cursor() as cursor:
        if connection.vendor == bulk.SQLITE:
            cursor.execute("PRAGMA foreign_key_check(services_contact)")
            assert not cursor.fetchall()


def stations_for(records: int) -> int:
    """Twenty-one stations up to 50,000 records, two hundred at 500,000."""
    return max(21, records // 2500)
