"""The figures of the results report, each declared once (domain 6.3).

The code, the name, the unit and the definition printed beside the number stand here and nowhere else.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from shuangbai.activities.models import HeldWith
from shuangbai.codes.queries import counting_as
from shuangbai.core.bulk import listed
from shuangbai.core.models import holds_on
from shuangbai.core.periods import Period
from shuangbai.followups.enums import State
from shuangbai.followups.queries import FamilyDue, families_due
from shuangbai.households.access import restricted_open_to
from shuangbai.households.lists import CLIENTS
from shuangbai.households.models import CategoryFloor, CategoryListItem, FamilyFile, FileGrade, Membership, Standing
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import Coverage, OrgUnit, Posting
from shuangbai.reports.counted import FIGURES as COUNTED
from shuangbai.reports.given import GIVEN
from shuangbai.reports.groupwork import FIGURES as GROUP_FIGURES
from shuangbai.reports.onfile import FIGURES as ON_FILE
from shuangbai.reports.projecting import FIGURES as PROJECTING
from shuangbai.reports.queries import EVERY_ROW, Ask, Indicator, Restriction, Rows, awards_won
from shuangbai.reports.rows import aged, as_families, as_people, contacts, files_open, living_on, reached, records
from shuangbai.reports.surveying import FIGURES as SURVEYING
from shuangbai.reports.volunteering import VOLUNTEERING
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.visits.enums import MODES, Mode

ELDERS = "老人"  # the group of categories
MONTH_DAYS = 30


# ROWS ----------------------------------------------------------------------


def visits(ask: Ask) -> Rows:
    return records(ask, RecordKind.VISIT)


def effective_visits(ask: Ask) -> Rows:
    return visits(ask).filter(reached=True)


def unmet_visits(ask: Ask) -> Rows:
    """Visits that met nobody, where no visit that counts with them did."""
    met = ServiceRecord.objects.filter(
        station=OuterRef("station"), counted_key=OuterRef("counted_key"), reached=True, voided_at__isnull=True
    )
    return visits(ask).filter(~Exists(met), reached=False)


def people_visited(ask: Ask) -> Rows:
    return aged(contacts(ask, RecordKind.VISIT).filter(kind=ContactKind.PERSON))


def families_met(ask: Ask) -> Rows:
    return as_families(effective_visits(ask), same="same")


def on_client_list(period: Period) -> Q:
    """The condition that a standing's category is on the list 民政对象 on its day."""
    always, condition = [], Q(pk__in=[])
    items = CategoryListItem.objects.filter(list__code=CLIENTS).values_list("category_id", "starts_on", "ends_on")
    for category, first, last in items:
        if first <= period.first and (last is None or last >= period.last):
            always.append(category)
        else:
            until = Q(occurred_on__lte=last) if last else Q()
            condition |= Q(category=category, occurred_on__gte=first) & until
    return Q(category__in=always) | condition


def clients_met(ask: Ask) -> Rows:
    """People met in visits or named in attendance who carried a category of the list on the day."""
    carried = Standing.objects.filter(
        on_client_list(ask.period), occasion=OuterRef("record_id"), person=OuterRef("person_id")
    )
    people = contacts(ask, RecordKind.VISIT, RecordKind.ACTIVITY, RecordKind.GROUP_SESSION)
    return aged(people.filter(Exists(carried), kind=ContactKind.PERSON))


def plainly_clients(one: Indicator, ask: Ask, user: Any) -> Q:
    """That somebody may read why a row counts: it also does by a category that is not restricted, or they may open it.

    Otherwise whoever is on this list and on that of no other category would be known to carry a restricted one.
    """
    opens = restricted_open_to(user)
    if opens.stations is None:
        return EVERY_ROW
    carried = Standing.objects.filter(
        on_client_list(ask.period), occasion=OuterRef("record_id"), person=OuterRef("person_id"),
        category__restricted=False,
    )  # fmt: skip
    return opens.rows(one.by["station"]) | Q(Exists(carried))


def held_with_others(ask: Ask) -> Rows:
    """Stations that held an activity recorded by another: a row for each."""
    days, stations = ask.days("record__occurred_on"), ask.stations("partner")
    return HeldWith.objects.filter(days, stations, record__voided_at__isnull=True)


def files_opened(ask: Ask) -> Rows:
    return FamilyFile.objects.filter(ask.days("opened_on"), ask.stations())


def files_closed(ask: Ask) -> Rows:
    return FamilyFile.objects.filter(ask.days("closed_on"), ask.stations())


def stations_open(ask: Ask) -> Rows:
    return OrgUnit.objects.on(ask.period.last).filter(ask.stations("pk"), kind=UnitKind.STATION)


def postings_held(ask: Ask) -> Rows:
    at_station = Posting.objects.on(ask.period.last).filter(unit__kind=UnitKind.STATION)
    return at_station.filter(ask.stations("unit"))


def coverage_held(ask: Ask) -> Rows:
    return Coverage.objects.on(ask.period.last).filter(ask.stations())


def files_graded(ask: Ask) -> Rows:
    """The grades that files in hand have on the last day."""
    last = ask.period.last
    in_hand = Q(file__closed_on__isnull=True) | Q(file__closed_on__gt=last)
    graded = FileGrade.objects.on(last).filter(in_hand, ask.stations(), file__opened_on__lte=last)
    return as_families(graded, "file__household", "file__household__same")


def families_to_follow(ask: Ask) -> list[FamilyDue]:
    """The families with a file in hand that have a date to be seen by on the last day; worked out once a question."""
    if "due" not in ask.kept:
        told = families_due(None, ask.period.last, among=ask.stations(), each_file=True)
        ask.kept["due"] = [one for one in told if one.due.on]
    found: list[FamilyDue] = ask.kept["due"]
    return found


def files_followed(ask: Ask, *, in_time: bool) -> Rows:
    """The files of these families; `in_time`: of those not overdue on the last day."""
    told = [one for one in families_to_follow(ask) if not in_time or one.state != State.OVERDUE]
    return as_families(FamilyFile.objects.filter(pk__in=listed(one.file_id for one in told if one.file_id)))


def elders_bound(ask: Ask) -> Rows:
    """The memberships of living people who carry a category of elders that has a longest interval on the last day."""
    last = ask.period.last
    bound = CategoryFloor.objects.on(last).filter(category__group=ELDERS).values_list("category_id", flat=True)
    return Membership.objects.on(last).filter(
        living_on(last), holds_on(last, "household__serving__"), ask.stations("household__serving__station"),
        holds_on(last, "person__tags__"), person__tags__category__in=list(bound),
    )  # fmt: skip


def elders_visited(ask: Ask) -> Rows:
    """Visits in the thirty days up to the last day that met such a person."""
    last = ask.period.last
    return Contact.objects.filter(
        record__kind=RecordKind.VISIT, record__voided_at__isnull=True, record__occurred_on__lte=last,
        record__occurred_on__gt=last - timedelta(days=MONTH_DAYS), kind=ContactKind.PERSON,
        person__in=elders_bound(ask).values("person"),
    )  # fmt: skip


# FIGURES -------------------------------------------------------------------

_WHO = {"sex": "person__sex", "age": "age_band"}  # of rows that are `aged`
_VISIT = {
    "station": "station",
    "month": "occurred_on",
    "mode": "visit__mode",
    "result": "visit__result",
    "purpose": "visit__purpose",
    "campaign": "campaign",
    "village": "village",
    "category": "standings__category",
    "worker": "workers__staff",
}
_VISITED = {
    "station": "record__station",
    "month": "record__occurred_on",
    "mode": "record__visit__mode",
    "campaign": "record__campaign",
    "category": "standings__category",
    "worker": "record__workers__staff",
    **_WHO,
}
_ACTIVITY = {
    "station": "station",
    "month": "occurred_on",
    "activity_kind": "activity__kind",
    "campaign": "campaign",
    "series": "activity__series",
    "village": "village",
    "worker": "workers__staff",
}
_ATTENDED = {
    "station": "record__station",
    "month": "record__occurred_on",
    "activity_kind": "record__activity__kind",
    "campaign": "record__campaign",
    "series": "record__activity__series",
    "naming": "kind",
    "group": "group",
}
_FILE = {"station": "station", "month": "opened_on"}
_ONCE = "已认定为同一人的，两站都服务过全市也只算一人"
_ONCE_FAMILY = "已认定为同一户的，两站各有登记全市也只算一户"
_ANY = "同一户、同一天、同一方式、同一站只算一次"

_PRIZES = Indicator(
    "W1", "获奖", "项", "期内案例、社工、社工站和项目获得的奖项，按获奖日期；一个奖项只算一项，作废的不计。",
    awards_won, thing="award", key="pk", record="pk",
    by={"station": "station", "month": "awarded_on", "award_level": "level", "award_of": "of"},
)  # fmt: skip

INDICATORS = [
    Indicator(
        "S1",
        "社工站",
        "个",
        "期末当天已开站且未撤站的社工站。",
        stations_open,
        thing="station",
        key="pk",
        record="pk",
        by={"station": "pk"},
        as_of=True,
    ),
    Indicator(
        "S2",
        "在岗社工",
        "人",
        "期末当天在社工站任职的社工，一人在两站任职只算一人；督导中心和民政局人员不计。",
        postings_held,
        thing="staff",
        key="staff",
        record="staff",
        by={"station": "unit", "post": "post"},
        as_of=True,
    ),
    Indicator(
        "S3",
        "覆盖村居",
        "个",
        "期末当天社工站服务所及的村（居），两站同覆盖一村只算一个。",
        coverage_held,
        thing="village",
        key="village",
        record="village",
        by={"station": "station", "coverage": "kind"},
        as_of=True,
    ),
    Indicator(
        "V1",
        "走访户次",
        "户次",
        f"期内的走访记录，含未遇和电话；{_ANY}。",
        visits,
        thing="record",
        key="counted_key",
        record="pk",
        by=_VISIT,
    ),
    Indicator(
        "V2",
        "走访户数",
        "户",
        f"期内至少有一次有效走访（见到人）的不同家庭；两站走访同一家庭，全市只算一户；{_ONCE_FAMILY}。",
        families_met,
        thing="household",
        key="family",
        record="pk",
        by=_VISIT,
    ),
    Indicator(
        "V3",
        "有效走访户次",
        "户次",
        f"走访户次中见到人的；{_ANY}。",
        effective_visits,
        thing="record",
        key="counted_key",
        record="pk",
        by=_VISIT,
    ),
    Indicator(
        "V4",
        "走访服务人次",
        "人次",
        "每次有效走访中实际见到的家庭成员，一人一次算一人次。",
        people_visited,
        thing="contact",
        key="pk",
        record="record",
        by=_VISITED,
    ),
    Indicator(
        "V5",
        "服务民政对象人次",
        "人次",
        "走访中见到的、活动和小组中实名参加的人，当天本人或所在家庭有「民政对象」名单中的类别，一人一次算一人次；"
        "未实名的人数不计入。",
        clients_met,
        thing="contact",
        key="pk",
        record="record",
        by={**_VISITED, "record_kind": "record__kind"},
        restriction=Restriction("只因保密类别计入的人不列出：只有服务这户的站和它的督导能打开。", plainly_clients),
    ),
    Indicator(
        "V6",
        "电访户次",
        "户次",
        f"走访户次中以电话进行的，含未接通；{_ANY}。",
        lambda ask: visits(ask).filter(visit__mode__in=counting_as(MODES, Mode.PHONE)),
        thing="record",
        key="counted_key",
        record="pk",
        by=_VISIT,
    ),
    Indicator(
        "V7",
        "未遇户次",
        "户次",
        "走访户次中没有见到人的；当天同站同方式另有一次见到人的，不算未遇。走访户次 = 有效 + 未遇。",
        unmet_visits,
        thing="record",
        key="counted_key",
        record="pk",
        by=_VISIT,
    ),
    Indicator(
        "V8",
        "走访服务人数",
        "人",
        f"期内有效走访中实际见到的不同的家庭成员，多次见到只算一人；{_ONCE}。",
        lambda ask: as_people(people_visited(ask)),
        thing="person",
        key="whoever",
        record="record",
        by=_VISITED,
    ),
    Indicator(
        "F2",
        "新建档案",
        "个",
        "期内建立的家庭服务档案（一户一档），按建档日期；后来结档的也算。",
        files_opened,
        thing="file",
        key="pk",
        record="pk",
        by=_FILE,
    ),
    Indicator(
        "F1",
        "在档户数",
        "户",
        f"期末当天有在档（未结档）的家庭服务档案的家庭；{_ONCE_FAMILY}。",
        files_open,
        thing="family",
        key="family",
        record="pk",
        by=_FILE,
        as_of=True,
    ),
    Indicator(
        "F3",
        "结档",
        "个",
        "期内结档的家庭服务档案，按结档日期。",
        files_closed,
        thing="file",
        key="pk",
        record="pk",
        by={"station": "station", "month": "closed_on"},
    ),
    Indicator(
        "F5",
        "已定级户数",
        "户",
        f"期末当天在档、已定跟进级别的家庭，按级别分布；{_ONCE_FAMILY}。",
        files_graded,
        thing="family",
        key="family",
        record="file",
        by={"station": "station", "grade": "grade"},
        as_of=True,
    ),
    *ON_FILE,
    Indicator(
        "F6B",
        "应跟进户数",
        "户",
        f"期末当天在档、有到期日的家庭：已定级，或有类别的最长间隔，或约好了日子；暂停跟进的以预计恢复的日子为到期日；{_ONCE_FAMILY}。",
        lambda ask: files_followed(ask, in_time=False),
        thing="family",
        key="family",
        record="pk",
        by={"station": "station"},
        as_of=True,
    ),
    Indicator(
        "F6A",
        "按时跟进户数",
        "户",
        f"应跟进户数中期末当天没有逾期的；到期后还在宽限天数内的算按时；{_ONCE_FAMILY}，有一站按时就算按时。",
        lambda ask: files_followed(ask, in_time=True),
        thing="family",
        key="family",
        record="pk",
        by={"station": "station"},
        as_of=True,
    ),
    Indicator(
        "F7B",
        "特殊困难老人",
        "人",
        "期末当天本人带有老人类别、且这一类别定有最长间隔的在世的人，一人只算一次。",
        elders_bound,
        thing="carrier",
        key="person",
        record="person",
        by={"station": "household__serving__station"},
        as_of=True,
    ),
    Indicator(
        "F7A",
        "近30天探访到的特殊困难老人",
        "人",
        "特殊困难老人中，期末当天及以前共30天内走访时见到过的人，一人只算一次；电话见到也算。",
        elders_visited,
        thing="person",
        key="person",
        record="record",
        by={"station": "record__station"},
        as_of=True,
    ),
    Indicator(
        "A1",
        "社区活动",
        "场",
        "期内举办的社区活动，一场算一场；一个系列的四场算四场，两站合办由主办站记一场。",
        lambda ask: records(ask, RecordKind.ACTIVITY),
        thing="record",
        key="pk",
        record="pk",
        by=_ACTIVITY,
    ),
    Indicator(
        "A2",
        "社区活动人次",
        "人次",
        "参加社区活动的人次：实名参加者一人一次，加未实名人数（儿童、长者、民政对象、志愿者、其他）。",
        lambda ask: reached(ask, RecordKind.ACTIVITY),
        thing="record",
        key="record",
        record="record",
        adds="person_times",
        by=_ATTENDED,
    ),
    Indicator(
        "A3",
        "其中未实名人次",
        "人次",
        "社区活动人次中只有人数、没有姓名的；它不能去重，所以不计入任何「人数」。",
        lambda ask: reached(ask, RecordKind.ACTIVITY).filter(kind=ContactKind.HEADS),
        thing="record",
        key="record",
        record="record",
        adds="person_times",
        by=_ATTENDED,
    ),
    Indicator(
        "A6",
        "实名参加人数",
        "人",
        f"实名参加过社区活动的不同的人，多次参加只算一人；{_ONCE}。",
        lambda ask: as_people(aged(contacts(ask, RecordKind.ACTIVITY))),
        thing="person",
        key="whoever",
        record="record",
        by={**_ATTENDED, **_WHO},
    ),
    Indicator(
        "A7",
        "协办活动",
        "场",
        "期内由别的社工站记录、本站合办的社区活动；它已计在主办站的社区活动里，这里只列出，不再相加；几个站合办的，全市只算一场。",
        held_with_others,
        thing="record",
        key="record",
        record="record",
        by={
            "station": "partner",
            "month": "record__occurred_on",
            "campaign": "record__campaign",
            "activity_kind": "record__activity__kind",
        },
    ),
    *GROUP_FIGURES,
    Indicator(
        "B1",
        "活动及小组受益人次",
        "人次",
        "社区活动人次与小组人次之和（A2 + G4）。",
        lambda ask: reached(ask, RecordKind.ACTIVITY, RecordKind.GROUP_SESSION),
        thing="record",
        key="record",
        record="record",
        adds="person_times",
        by=_ATTENDED,
    ),
    *VOLUNTEERING,
    *GIVEN,
    *COUNTED,
    *PROJECTING,
    *SURVEYING,
    _PRIZES,
]

BY_CODE = {indicator.code: indicator for indicator in INDICATORS}


# RATES ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """A share: two figures of the same question, each with its evidence. Shown with both and the day, never alone."""

    code: str
    name: str
    definition: str
    numerator: str
    denominator: str

    @property
    def parts(self) -> tuple[Indicator, Indicator]:
        return BY_CODE[self.numerator], BY_CODE[self.denominator]


def per_cent(over: Any, under: Any) -> str:
    """A share as it is printed, with one decimal; empty where there is nothing to be counted."""
    return f"{over * 100 / under:.1f}" if under else ""


RATES = [
    Rate("F4", "建档率（民政对象）", "已建档的民政对象家庭 ÷ 民政对象家庭，截至期末当天。", "F4A", "F4B"),
    Rate("F6", "按时跟进率", "按时跟进户数 ÷ 应跟进户数，截至期末当天。", "F6A", "F6B"),
    Rate("F7", "月探访率（特殊困难老人）", "近30天探访到的特殊困难老人 ÷ 特殊困难老人，截至期末当天。", "F7A", "F7B"),
]
