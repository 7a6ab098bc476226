"""Consultations and leaflets of the demonstration, a few a month at three stations; 东洲's account and its park.

Invented, the same each time. None of it is a visit or an activity, so no figure published of the city moves.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.findings import Door
from shuangbai.counter.actions.recording import record_consultations, record_handouts
from shuangbai.counter.actions.stock import add_item, count_stock, record_move
from shuangbai.counter.actions.venues import check_venue, count_use, hold_at, open_venue
from shuangbai.counter.entries import ConsultationEntry, HandoutEntry, ItemEntry, MoveEntry, VenueEntry
from shuangbai.counter.enums import Condition, MoveWay, Outcome, StockKind, Topic, Way
from shuangbai.counter.models import StockItem, Venue, VenueItem
from shuangbai.demo.days import is_holiday
from shuangbai.households.models import Membership
from shuangbai.network.models import Coverage, OrgUnit, User
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import ServiceRecord

SEED = 20190506
STATIONS = ("SW-CQ-01", "SW-HF-02", "SW-HF-01")
FIRST, LAST = date(2019, 5, 6), date(2020, 6, 5)
A_MONTH = 5
SURNAMES = "黄蔡吴郑许庄余施"

# topic, outcome, who, what was asked
ASKED: tuple[tuple[Topic, Outcome, HeadGroup, str], ...] = (
    (Topic.AID, Outcome.APPLY, HeadGroup.CLIENTS, "丈夫住院花了不少，问临时救助要带什么"),
    (Topic.AID, Outcome.ANSWERED, HeadGroup.CLIENTS, "低保年审要交哪几样"),
    (Topic.ELDERS, Outcome.ANSWERED, HeadGroup.ELDERS, "八十岁了，高龄津贴从哪个月算"),
    (Topic.ELDERS, Outcome.NOT_OURS, HeadGroup.ELDERS, "养老金卡丢了去哪里补"),
    (Topic.DISABLED, Outcome.APPLY, HeadGroup.CLIENTS, "听力不好，怎样评残办证"),
    (Topic.DISABLED, Outcome.REFERRED, HeadGroup.CLIENTS, "轮椅坏了能不能换"),
    (Topic.CHILDREN, Outcome.ANSWERED, HeadGroup.OTHERS, "暑假站里有没有给孩子的活动"),
    (Topic.CHILDREN, Outcome.LATER, HeadGroup.OTHERS, "孙子不肯上学，想请社工到家里谈谈"),
    (Topic.HEALTH, Outcome.ANSWERED, HeadGroup.ELDERS, "异地看病回来怎样报销"),
    (Topic.FAMILY, Outcome.LATER, HeadGroup.OTHERS, "和儿媳说不到一起，想找人说说"),
    (Topic.WORK, Outcome.REFERRED, HeadGroup.OTHERS, "在家带孩子，有没有手工活"),
    (Topic.DISPUTE, Outcome.NOT_OURS, HeadGroup.OTHERS, "和邻居争一道墙"),
    (Topic.STATION, Outcome.ANSWERED, HeadGroup.CHILDREN, "来问四点半课堂几点开门"),
    (Topic.STATION, Outcome.ANSWERED, HeadGroup.VOLUNTEERS, "想当志愿者，怎样报名"),
)
LEAFLETS = (
    ("防溺水宣传单", "村口"), ("残疾人两项补贴办理须知", "圩市"), ("防诈骗宣传单", "文化室门口"),
    ("社工站服务手册", "站里"), ("疫情防护须知", "各村路口"), ("临时救助一看就懂", "村委会"),
)  # fmt: skip


def fill(heads: Mapping[str, User]) -> None:
    """By the heads of the stations, dated as it would have been."""
    for place, code in enumerate(STATIONS):
        if code in heads:
            _Book(code, heads[code], Random(SEED + place)).fill()
    if STATIONS[0] in heads:
        fill_station(heads[STATIONS[0]])


class _Book:
    def __init__(self, code: str, by: User, rng: Random) -> None:
        self.by, self.rng, self.station = User.objects.get(pk=by.pk), rng, OrgUnit.objects.get(code=code)
        self.me = [by.staff_id] if by.staff_id else []
        covered = Coverage.objects.filter(station=self.station).order_by("village_id").values_list("village", flat=True)
        self.villages = list(covered)

    def fill(self) -> None:
        days = self._days()
        people = self._on_file()
        asked = [self._asked(day, people) for day in days for _ in range(self.rng.randint(1, 2))]
        record_consultations(by=self.by, entries=asked, door=Door.SHEET)
        record_handouts(by=self.by, entries=[self._handed(day) for day in days[:: A_MONTH - 1]], door=Door.SHEET)

    def _days(self) -> list[date]:
        """Working days of the span, some a month."""
        first = max(FIRST, self.station.starts_on)
        every = [first + timedelta(days=n) for n in range((LAST - first).days + 1)]
        working = [day for day in every if day.weekday() < 5 and not is_holiday(day)]
        months = sorted({(day.year, day.month) for day in working})
        found = []
        for month in months:
            there = [day for day in working if (day.year, day.month) == month]
            found += sorted(self.rng.sample(there, min(A_MONTH, len(there))))
        return found

    def _on_file(self) -> list[UUID]:
        """Some grown people of the station's families, who come by themselves."""
        rows = Membership.objects.filter(
            household__serving__station=self.station, household__serving__ends_on=None, ends_on=None,
            starts_on__lt=FIRST, person__died_on=None, person__birth_date__lt=date(1990, 1, 1),
            household__serving__starts_on__lt=FIRST,
        )  # fmt: skip
        ordered = rows.order_by("household__village_id", "person__birth_date", "person__name")
        return list(dict.fromkeys(ordered.values_list("person_id", flat=True)[:40]))

    def _asked(self, day: date, people: list[UUID]) -> ConsultationEntry:
        rng = self.rng
        topic, outcome, group, said = rng.choice(ASKED)
        kind = rng.random()
        person = rng.choice(people) if people and kind < 0.3 else None
        name = f"{rng.choice(SURNAMES)}{'姨' if rng.random() < 0.5 else '叔'}" if 0.3 <= kind < 0.45 else ""
        return ConsultationEntry(
            self.station, day, topic, self.me, way=rng.choices(list(Way), (7, 3, 1))[0], outcome=outcome,
            person_id=person, name=name, group=group, many=2 if kind > 0.9 else 1,
            village_id=rng.choice(self.villages) if rng.random() < 0.7 else None, summary=said,
            client_id=UUID(int=rng.getrandbits(128)), entered_at=clock.at(day, 17, rng.randint(0, 50)),
        )  # fmt: skip

    def _handed(self, day: date) -> HandoutEntry:
        title, place = self.rng.choice(LEAFLETS)
        return HandoutEntry(
            self.station, day, title, self.rng.randint(4, 24) * 5, self.me,
            village_id=self.rng.choice(self.villages), place=place, client_id=UUID(int=self.rng.getrandbits(128)),
            entered_at=clock.at(day, 17, 55),
        )  # fmt: skip


# GOODS, THE PARK -------------------------------------------------------------

PARK = "“守护天使的翅膀”儿童乐园"
# name, unit, moves: day, way, how many, worth, from whom or for what
GOODS: tuple[tuple[str, str, tuple[tuple[date, MoveWay, str, str, str], ...]], ...] = (
    ("口罩", "个", (
        (date(2020, 2, 10), MoveWay.DONATED, "500", "1000", "县慈善会"),
        (date(2020, 2, 15), MoveWay.ACTIVITY, "180", "", "送到独居长者门口"),
        (date(2020, 4, 20), MoveWay.ACTIVITY, "120", "", "四点半课堂复课"),
        (date(2020, 5, 18), MoveWay.OFFICE, "40", "", "入户时用"),
    )),
    ("故事绘本", "册", (
        (date(2019, 9, 2), MoveWay.DONATED, "60", "1200", "镇中心小学家长委员会"),
        (date(2020, 5, 30), MoveWay.SPOILT, "3", "", "翻破了"),
    )),
    ("大米", "袋", (
        (date(2020, 1, 15), MoveWay.ALLOTTED, "30", "1800", "街道办"),
        (date(2020, 1, 20), MoveWay.ACTIVITY, "26", "", "春节走访困难家庭"),
    )),
)  # fmt: skip
MONEY = (
    (date(2020, 1, 2), MoveWay.OPENING, "320.50", "2019 年结余"),
    (date(2020, 3, 6), MoveWay.ALLOTTED, "1000", "街道办拨活动经费"),
    (date(2020, 5, 29), MoveWay.ACTIVITY, "386.40", "六一活动的气球、文具"),
    (date(2020, 6, 3), MoveWay.OFFICE, "48", "打印纸"),
)


def fill_station(by: User) -> None:
    """What 东洲 keeps account of, and its park with checks and use."""
    by = User.objects.get(pk=by.pk)
    station, rng = OrgUnit.objects.get(code=STATIONS[0]), Random(SEED)
    for name, unit, moves in GOODS:
        item = add_item(by=by, entry=ItemEntry(station, StockKind.GOODS, name, unit, client_id=_key(rng)))
        for on, way, many, worth, whom in moves:
            _note(by, item, rng, MoveEntry(on, way, Decimal(many), Decimal(worth) if worth else None, whom))
        if name == "口罩":
            said: dict[str, Any] = {"counted": Decimal(158), "reason": "拆封时有破损，没有记", "client_id": _key(rng)}
            count_stock(by=by, item=item, on=date(2020, 5, 31), **said)
    fund = add_item(by=by, entry=ItemEntry(station, StockKind.MONEY, "站里备用金", "元", client_id=_key(rng)))
    for number, (on, way, many, whom) in enumerate(MONEY):
        _note(by, fund, rng, MoveEntry(on, way, Decimal(many), whom=whom, receipt_no=f"{on:%y%m}-{number + 1:03}"))
    _open_park(by, station, rng)
    _open_hall(by, station, rng)


def _key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128))


def _note(by: User, item: StockItem, rng: Random, entry: MoveEntry) -> None:
    entry.client_id, entry.entered_at = _key(rng), clock.at(entry.moved_on, 17, 30)
    record_move(by=by, item=item, entry=entry)


def _open_park(by: User, station: OrgUnit, rng: Random) -> None:
    village = Coverage.objects.filter(station=station, village__name__contains="东二").order_by("village_id").first()
    opened = date(2018, 10, 20)
    entry = VenueEntry(
        station, PARK, opened, village.village_id if village else None, "文化室后面的空地",
        "每天早上到天黑，雨天不开", "阿水伯", "19900003456", 3,
        items=("秋千", "滑梯", "跷跷板", "沙池", "小书屋"), client_id=_key(rng), entered_at=clock.at(opened, 10),
    )  # fmt: skip
    park = open_venue(by=by, entry=entry)
    for on, safe, note in (
        (date(2019, 12, 20), True, ""), (date(2020, 2, 28), False, "秋千链条松，围起来等师傅来修"),
        (date(2020, 3, 4), True, "秋千换了链条"),
    ):  # fmt: skip
        pieces = VenueItem.objects.filter(venue=park).values_list("name", "pk")
        worn = {pk: Condition.GOOD if safe or name != "秋千" else Condition.BARRED for name, pk in pieces}
        check_venue(by=by, venue=park, on=on, safe=safe, note=note, found=worn, client_id=_key(rng))
    for day, heads in ((23, 34), (24, 41), (30, 38), (31, 67)):
        count_use(by=by, venue=park, on=date(2020, 5, day), heads=heads, method=CountMethod.COUNTED)
    _held(by, park, PARK)


def _open_hall(by: User, station: OrgUnit, rng: Random) -> None:
    """The station's own room, beside the park on the form of an activity."""
    opened = date(2018, 11, 5)
    entry = VenueEntry(
        station, "站里的活动室", opened, None, "社工站一楼", "工作日，周末有活动时开", check_months=6,
        items=("投影", "长桌", "折叠椅"), client_id=_key(rng), entered_at=clock.at(opened, 10),
    )  # fmt: skip
    hall = open_venue(by=by, entry=entry)
    pieces = VenueItem.objects.filter(venue=hall).values_list("pk", flat=True)
    good = dict.fromkeys(pieces, Condition.GOOD)
    check_venue(by=by, venue=hall, on=date(2020, 4, 8), safe=True, note="", found=good, client_id=_key(rng))
    _held(by, hall, "社工站活动室")


def _held(by: User, venue: Venue, place: str) -> None:
    """The activities whose place says so."""
    held = ServiceRecord.objects.filter(
        place__contains=place, station=venue.station, kind="activity", voided_at=None, occurred_on__gte=venue.opened_on
    )
    hold_at(by=by, venue=venue, records=held.order_by("occurred_on", "place"))
