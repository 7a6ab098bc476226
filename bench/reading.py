"""Reading: lists, search, suggestions and the report, in the process and as whole pages."""

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from bench import baseline, words
from bench.city import START, TODAY
from bench.timing import Measure, each, median, shown
from shuangbai.campaigns.queries import result as campaign_result
from shuangbai.core.ids import new_id
from shuangbai.core.periods import Period
from shuangbai.filings import jobs
from shuangbai.filings.manifest import NOTHING_BEFORE, hash_of
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.verifying import Proof, prove
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Category, CategoryListItem
from shuangbai.households.queries import typed_suggestions
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import root_unit
from shuangbai.reports.evidence import page_of
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import Results, results
from shuangbai.services.access import records_visible_to
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import Campaign, Contact, ServiceRecord
from shuangbai.services.queries import Asked, fetch_page, listed_page, with_words

STATIONS = 10
BACKEND = "shuangbai.accounts.backends.AccountBackend"


class Reader:
    """The measurements of reading on the database that is loaded."""

    def __init__(self) -> None:
        self.stations = list(OrgUnit.objects.filter(kind=UnitKind.STATION).order_by("code")[:STATIONS])
        self.every = list(OrgUnit.objects.filter(kind=UnitKind.STATION).values_list("pk", flat=True))
        self.categories = list(Category.objects.order_by("position").values_list("pk", flat=True)[:3])
        self.pairs = list(product(self.stations, self.categories))
        self.officer = User.objects.get(username="officer")
        self.workers = {s.pk: User.objects.get(username=f"{s.code}-0".lower()) for s in self.stations}

    def measures(self) -> list[Measure]:
        found = [*self.lists(), *self.searches(), *self.suggestions(), self.report(), *self.campaign(), *self.numbers()]
        return [*found, *self.freezing(), *self.pages()]

    # LISTS ---------------------------------------------------------------------

    def lists(self) -> list[Measure]:
        mine = {s.pk: (records_visible_to(self.workers[s.pk]), [s.pk]) for s in self.stations}
        city = (records_visible_to(self.officer), self.every)
        assert self.page(*mine[self.stations[0].pk], self.categories[0]), "an empty list proves nothing"
        sql = median([lambda s=s, c=c: baseline.listed(s.pk, c) for s, c in self.pairs])
        ours = median([lambda s=s, c=c: self.page(*mine[s.pk], c) for s, c in self.pairs])
        plain = median([lambda s=s: self.page(*mine[s.pk], None) for s in self.stations])
        whole = median([lambda: self.page(*city, None)] * 5)
        whole_category = median([lambda c=c: self.page(*city, c) for c in self.categories])
        aim = "< 10 ms"
        return [
            Measure("A station's list of 50, by category", shown(ours), shown(sql), aim,
                    queries=self.counted(lambda: self.page(*mine[self.stations[0].pk], self.categories[0]))),
            Measure("A station's list of 50, unfiltered", shown(plain), "", aim),
            Measure("The city's list of 50, unfiltered", shown(whole), "", aim),
            Measure("The city's list of 50, by category", shown(whole_category), "", aim),
        ]  # fmt: skip

    @staticmethod
    def page(records: QuerySet[ServiceRecord], reach: list[Any], category: int | None) -> list[ServiceRecord]:
        """What the view record-list asks."""
        ids, _ = listed_page(records, Asked(reach=reach, category_id=category), None)
        return fetch_page(ids)

    # SEARCH --------------------------------------------------------------------

    def searches(self) -> list[Measure]:
        measures = []
        for what, word in (("common", words.COMMON), ("rare", words.RARE)):
            ours = median([lambda s=s, w=word: self.search([s.pk], w) for s in self.stations])
            sql = median([lambda s=s, w=word: baseline.worded(s.pk, w) for s in self.stations])
            measures.append(
                Measure(f"Two characters ({what}) in a station's texts", shown(ours), shown(sql), "< 10 ms")
            )
            ours = median([lambda w=word: self.search(None, w)] * 5)
            sql = median([lambda w=word: baseline.worded_anywhere(w)] * 3, warm=1)
            measures.append(Measure(f"Two characters ({what}) in the city's texts", shown(ours), shown(sql), "< 10 ms"))
        assert self.search([self.stations[0].pk], words.COMMON)
        return measures

    def search(self, stations: list[Any] | None, word: str) -> list[ServiceRecord]:
        return with_words(records_visible_to(self.officer), word, stations=stations)

    def suggestions(self) -> list[Measure]:
        typed = ["ch", "lx", "wm", "zj", "hy"]
        asked = list(product(self.stations, typed))
        families = {s.pk: households_visible_to(self.workers[s.pk]) for s in self.stations}
        ours = median([lambda s=s, t=t: typed_suggestions(families[s.pk], [s.pk], t, 10) for s, t in asked])
        sql = median([lambda s=s, t=t: baseline.suggested(s.pk, t) for s, t in asked])
        return [Measure("Families by two letters", shown(ours), shown(sql))]

    # THE REPORT ----------------------------------------------------------------

    def report(self) -> Measure:
        root = root_unit()
        assert root is not None
        question = Ask(Period(START, TODAY), root)
        civil = list(CategoryListItem.objects.values_list("category_id", flat=True))
        by_hand = baseline.Report(START, TODAY, civil)
        _agree(results(question), by_hand.figures())  # and both have warmed the cache
        ours, sql = each([lambda: results(question)])[0], each([by_hand.figures])[0]
        queries = self.counted(lambda: results(question))
        return Measure("The whole results report, the whole city", shown(ours), shown(sql), queries=queries)

    def campaign(self) -> list[Measure]:
        """A campaign's live result, for the whole city as it is loaded, and for 1,600 stations of a province."""
        week = Campaign.objects.get(code="week")
        found = self.campaign_of(week, "every station of the city")
        with transaction.atomic():
            found += self.campaign_of(a_province(week.owner), "1,600 stations")
            transaction.set_rollback(True)
        return found

    def campaign_of(self, campaign: Campaign, over: str) -> list[Measure]:
        root = campaign.owner
        assert campaign.ends_on is not None
        said = campaign.pk, campaign.starts_on, campaign.ends_on
        shown_now, by_hand = campaign_result(campaign, root), baseline.campaign(*said)
        for code in ("A1", "A2"):
            told = {row.unit.pk: row.values[code] for row in shown_now.rows if row.values[code]}
            assert told == by_hand[code], f"{code} of the campaign differs from what SQL says"
        ours = median([lambda: campaign_result(campaign, root)] * 3, warm=1)
        sql = median([lambda: baseline.campaign(*said)] * 3, warm=1)
        queries = self.counted(lambda: campaign_result(campaign, root))
        client, address = signed_in(self.officer), reverse("campaign", args=[campaign.code])
        page = median([lambda: client.get(address)] * 3, warm=1)
        return [
            Measure(f"A campaign's result over {over}", shown(ours), shown(sql), queries=queries),
            Measure(f"Page: a campaign's result over {over}", shown(page), shown(sql)),
        ]

    # NUMBERS -------------------------------------------------------------------

    def numbers(self) -> list[Measure]:
        """One number, two periods, a table of one's own and a list, each the officer's whole page of the whole city."""
        year, before = Period(TODAY.replace(month=1, day=1), TODAY), Period(START, TODAY)
        then, civil = year.year_earlier(), list(CategoryListItem.objects.values_list("category_id", flat=True))
        both = [baseline.Report(one.first, one.last, civil, splits=False) for one in (year, then)]
        days, all_days = (f"first={one.first}&last={one.last}" for one in (year, before))
        asked: list[tuple[str, str, Callable[[], Any]]] = [
            (
                "one number, 走访户数 with a year earlier and its months",
                f"{reverse('number')}?figure=V2&{days}",
                lambda: baseline.number(year.first, year.last),
            ),
            (
                "two periods side by side",
                f"{reverse('compare')}?{days}&then_first={then.first}&then_last={then.last}",
                lambda: [one.figures() for one in both],
            ),
            (
                "a table, 走访户次 and 走访户数 by category and manner",
                f"{reverse('tables')}?figures=V1&figures=V2&rows=category&columns=mode&{days}",
                lambda: baseline.crossed(year.first, year.last),
            ),
            (
                "first page of the list behind 走访户数",
                f"{reverse('evidence', args=['V2'])}?{all_days}",
                lambda: baseline.visited(START, TODAY),
            ),
        ]
        client = signed_in(self.officer)
        measures = []
        for what, address, sql in asked:
            get = self._getter(client, address)
            ours, by_hand = median([get] * 5, warm=1), median([sql] * 5, warm=1)
            measures.append(Measure(f"Page: {what}", shown(ours), shown(by_hand), queries=self.counted(get)))
        return measures

    # FREEZING ------------------------------------------------------------------

    def freezing(self) -> list[Measure]:
        """A frozen report of everything, its proof, and the first page of a list; the SQL reads the same rows only."""
        root = root_unit()
        assert root is not None
        question = Ask(Period(START, TODAY), root)
        filing = Filing(owner=root, first=START, last=TODAY, code="BENCH")
        made: list[Manifest] = []

        def freeze() -> None:
            header, facts, counted_at = jobs.made(filing)
            own = hash_of(number=1, previous=NOTHING_BEFORE, filing=filing.pk, header=header, facts=facts)
            made[:] = [
                Manifest(filing=filing, owner=root, number=1, previous=NOTHING_BEFORE, header=header, facts=facts,
                         counted_at=counted_at, hash=own)
            ]  # fmt: skip

        ours, sql = each([freeze])[0], each([lambda: baseline.facts(START, TODAY)])[0]
        [manifest] = made
        proof: list[Proof] = []
        proved = each([lambda: proof.append(prove(manifest))])[0]
        assert proof[0].sound, "\n".join(proof[0].sentences())
        listed = median([lambda: page_of(BY_CODE["V2"], question, 1, names=False)] * 3, warm=1)
        by_hand = median([lambda: baseline.visited(START, TODAY)] * 3, warm=1)
        size = f"{proof[0].facts:,} facts, {len(manifest.facts) / 1e6:.1f} MB"
        return [
            Measure("Freezing a report of the whole city", f"{shown(ours)} ({size})", shown(sql)),
            Measure("Proving it", shown(proved), shown(sql)),
            Measure("First page of the list behind 走访户数", shown(listed), shown(by_hand)),
        ]

    # PAGES ---------------------------------------------------------------------

    def pages(self) -> list[Measure]:
        worker = self.workers[self.stations[0].pk]
        category = f"category={self.categories[0]}"
        asked = [
            ("Page: a station's records, by category", worker, "record-list", category, "< 10 ms"),
            ("Page: a station's records", worker, "record-list", "", ""),
            ("Page: the city's records (officer)", self.officer, "record-list", "", ""),
            ("Page: the city's records, by category (officer)", self.officer, "record-list", category, ""),
            ("Page: a station's records, by a common word", worker, "record-list", f"q={words.COMMON}", ""),
            ("Page: families by two letters", worker, "family-suggest", "q=ch", ""),
            ("Page: a station's families", worker, "family-list", "", ""),
            ("Page: today", worker, "today", "", ""),
        ]
        measures = []
        for what, user, name, query, aim in asked:
            try:
                address = f"{reverse(name)}?{query}"
            except NoReverseMatch:
                continue
            client = signed_in(user)
            get = self._getter(client, address)
            measures.append(Measure(what, shown(median([get] * 15)), "", aim, queries=self.counted(get)))
        return measures

    @staticmethod
    def _getter(client: Client, address: str) -> Callable[[], None]:
        def get() -> None:
            response = client.get(address)
            assert response.status_code == 200, (address, response.status_code)

        return get

    @staticmethod
    def counted(call: Callable[[], Any]) -> int:
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)


def a_province(root: OrgUnit, stations: int = 1600) -> Campaign:
    """A campaign under which each of so many new stations held an activity for thirty people nobody named."""
    campaign = Campaign(
        code="province", name="全省宣传月", owner=root, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 31)
    )
    campaign.save(force_insert=True)
    officer = User.objects.get(username="officer")
    units = [
        OrgUnit(
            code=f"P{n}",
            kind=UnitKind.STATION,
            name=f"第{n}社工站",
            parent=root,
            path=f"{root.path}P{n}/",
            starts_on=START,
        )
        for n in range(stations)
    ]
    records = [
        ServiceRecord(
            station=unit, kind=RecordKind.ACTIVITY, occurred_on=date(2020, 5, 1 + n % 31), campaign=campaign,
            reached=True, counted_key=new_id(), client_id=new_id(), entered_by=officer,
        )
        for n, unit in enumerate(units)
    ]  # fmt: skip
    heads = [
        Contact(station=one.station, record=one, kind=ContactKind.HEADS, heads=30, group="others", method="counted")
        for one in records
    ]
    for rows in (units, records, heads):
        type(rows[0])._default_manager.bulk_create(rows, batch_size=500)
    return campaign


def signed_in(user: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend=BACKEND)
    return client


def _agree(ours: Results, by_hand: dict[str, Any]) -> None:
    """Raise AssertionError unless both reports say the same, figure for figure and split for split.

    What is not asked by hand is of records that the city does not have, and must be nought.
    """
    for code, figure in ours.figures.items():
        assert float(figure.value) == float(by_hand.get(code) or 0), (code, figure.value, by_hand.get(code))
        for dimension, lines in figure.splits.items():
            theirs = sorted(float(number) for number in by_hand.get(f"{code}.{dimension}", {}).values() if number)
            assert sorted(float(line.value) for line in lines if line.value) == theirs, (code, dimension)
    for code in ours.rows[0].values:
        if f"{code}.station" in by_hand:
            theirs = sorted(float(number) for number in by_hand[f"{code}.station"].values() if number)
            assert sorted(float(row.values[code]) for row in ours.rows if row.values[code]) == theirs, code
