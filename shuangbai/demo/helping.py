"""What the demonstration's families were helped with: a directory, links, referrals, applications. All invented."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shuangbai.activities.models import Activity
from shuangbai.assistance.actions.matters import MatterEntry, StepEntry, move_matter, open_matter, tick_papers
from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.enums import Move as Step
from shuangbai.assistance.models import Matter, MatterPaper
from shuangbai.core import clock
from shuangbai.demo import shapes
from shuangbai.households.enums import FileState
from shuangbai.households.models import FamilyFile, Household, HouseholdStation
from shuangbai.households.queries import members_on
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import root_unit
from shuangbai.projects.models import Project
from shuangbai.resources.actions.directory import ResourceEntry, list_resource
from shuangbai.resources.actions.linking import LinkEntry, link_resource
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry, move_referral, start_referral
from shuangbai.resources.enums import Move
from shuangbai.resources.models import Resource

TODAY = shapes.CLOCK_DAY
SEED = 20200607
STATIONS, LINKS, MATTERS = 4, 14, 8
SINCE = date(2017, 7, 1)
BEFORE = date(2020, 1, 1)

# name, provider, kind, needs, conditions, last day
CITY = [
    ("困境儿童助学金", "市慈善会", "money", ["education"], "在读，家庭困难；每学期开学前一个月交材料", None),
    ("临时救助金", "市慈善会", "money", ["economic", "medical"], "突发困难，村（居）证明", None),
    ("法律援助", "市法律援助中心", "service", ["legal"], "带身份证和有关材料，电话预约", None),
    ("儿童心理辅导", "市妇联", "service", ["mind"], "每人六次，周末上门或在站里", date(2020, 12, 31)),
    ("轮椅、助行器借用", "市残联", "goods", ["care", "medical"], "凭残疾证或诊断证明，押金免交", None),
    ("冬衣发放", "市慈善会", "goods", ["economic"], "低保、特困家庭，先登记尺码", date(2020, 2, 29)),
]
# What the article's four cases were helped with (casebook), to be had from the programme's beginning.
CASEWORK: list[tuple[str, str, str, list[str], str, date | None]] = [
    ("爱心妈妈结对", "市妇联", "people", ["mind", "care"], "困境儿童，监护人同意；每周一次", None),
    ("长者食堂送餐", "村委会", "service", ["care"], "独居、行动不便的长者，村里登记", None),
    ("志愿者陪伴", "市志愿者协会", "people", ["social"], "每周一至两次，先见面再结对", None),
    ("房门和坡道改造", "市工商联爱心企业", "goods", ["housing"], "残疾人家庭，上门量过再定", None),
]
STATION = [
    ("大米、食油", "镇商会", "goods", ["economic"], "每季度一次，提前一周报名单", None),
    ("免费理发", "镇上理发店", "service", ["care"], "每月初十，行动不便的可上门", None),
    ("家电维修", "志愿电工队", "people", ["safety", "housing"], "材料费自理，困难户免", None),
    ("课后辅导教室", "镇中心小学", "venue", ["education"], "周一至周四下午", None),
]
# What was given for all who came: name, provider, kind, needs, conditions, last day; how much of it, and worth what.
FOR_ALL = [
    (("音响、桌椅借用", "镇文化站", "venue", ["social"], "提前三天说，用完送回", None), ("1", "次", "")),
    (("饮水、点心", "镇商会", "goods", ["social"], "办活动前一周报人数", None), ("40", "份", "200")),
]
FOR_PROJECTS = {
    "河园村": (
        (("量地画图", "市设计院志愿者", "service", ["housing"], "公益的事不收钱，先约时间", None), ("1", "次", "800")),
        date(2019, 4, 1),
    ),
    "“守护天使": (
        (("旧书换新家", "市图书馆", "goods", ["education"], "站里去拉，每年六月换一次", None), ("120", "册", "1800")),
        date(2018, 11, 28),
    ),
}
QUANTITIES = {"goods": ("份", 30, 220), "service": ("次", 40, 150), "people": ("次", 80, 200), "venue": ("次", 0, 0)}
REFERRALS = [
    ("县人民医院心理科", "近三个月夜里睡不好，说话少，家里人担心", "评估情绪和睡眠，告知后续怎样复诊"),
    ("镇卫生院", "长期卧床，家属不会翻身护理", "上门评估，教家属护理"),
    ("县残联", "行走不便，还没有办残疾证", "安排评定，能上门的请上门"),
    ("镇中心小学", "跟祖辈生活，功课跟不上", "安排班主任和课后辅导"),
]
MOVES = [
    [],
    [(Move.SEND, 12, "当面送达")],
    [(Move.SEND, 30, "传真并电话确认"), (Move.ACCEPT, 24, "对方已登记，下周安排")],
    [(Move.SEND, 60, "当面送达"), (Move.ACCEPT, 52, "当天接收"), (Move.SUCCEED, 30, "已上门两次，情况好转"),
     (Move.REVISIT, 15, "见到本人，愿意继续配合")],
]  # fmt: skip
APPLICATIONS: list[tuple[str, MatterKind, list[tuple[Step, int, str]]]] = [
    ("dibao", MatterKind.NEW, [(Step.APPLY, 70, ""), (Step.ACCEPT, 66, "镇里受理"), (Step.CHECK, 58, "入户两人")]),
    ("tekun", MatterKind.NEW, [(Step.APPLY, 30, ""), (Step.ACCEPT, 26, "镇里受理")]),
    ("aged", MatterKind.NEW, [(Step.ACCEPT, 90, ""), (Step.GRANT, 70, ""), (Step.PAY, 50, "")]),
    ("nursing", MatterKind.NEW, [(Step.APPLY, 20, "")]),
    ("linshi", MatterKind.NEW, [(Step.ACCEPT, 44, ""), (Step.REFUSE, 30, "不属于临时救助的情形，建议申请医疗救助")]),
    ("dibao", MatterKind.REVIEW, [(Step.ACCEPT, 55, ""), (Step.GRANT, 40, "年审通过")]),
    ("medical", MatterKind.CONSULT, [(Step.ANSWER, 18, "说明了报销和二次救助的顺序")]),
    ("living", MatterKind.CHANGE, []),
]


def fill(heads: Mapping[str, User]) -> None:
    """The city's directory by the officer; four stations' work by their heads, the printed worker's first."""
    root, officer = root_unit(), User.objects.get(username="officer")
    assert root is not None
    shared = _directory(officer, root, CITY)
    _directory(officer, root, CASEWORK)
    home = viewer_of(User.objects.get(username="worker")).home_station
    assert home is not None
    for code in [home.code, *(code for code in sorted(heads) if code != home.code)][:STATIONS]:
        by = User.objects.get(username="worker") if code == home.code else User.objects.get(pk=heads[code].pk)
        station = OrgUnit.objects.get(code=code)
        resources = [*shared, *_directory(by, station, STATION)]
        rng = Random(f"{SEED}{code}")
        _at_station(by, station, resources, rng)
        held = Activity.objects.filter(station=station, record__voided_at=None).select_related("record")
        for activity, said in zip(held.order_by("-record__occurred_on", "title"), FOR_ALL, strict=False):
            _give(by, station, "activities", activity.pk, activity.record.occurred_on, said, rng)
    for title, (said, on) in FOR_PROJECTS.items():
        for project in Project.objects.filter(title__startswith=title).select_related("station"):
            by = User.objects.get(pk=heads[project.station.code].pk)
            _give(by, project.station, "projects", project.pk, on, said, Random(f"{SEED}{title}"))


def _directory(
    by: User, unit: OrgUnit, rows: Sequence[tuple[str, str, str, list[str], str, date | None]]
) -> list[Resource]:
    return [
        list_resource(
            by=by, unit=unit, entry=ResourceEntry(name, provider, kind, needs=needs, conditions=conditions),
            starts_on=SINCE, ends_on=last,
        )
        for name, provider, kind, needs, conditions, last in rows
    ]  # fmt: skip


def _at_station(by: User, station: OrgUnit, resources: Sequence[Resource], rng: Random) -> None:
    served = HouseholdStation.objects.filter(station=station, starts_on__lt=BEFORE, ends_on__isnull=True)
    files = FamilyFile.objects.filter(
        station=station, state=FileState.OPEN, opened_on__lt=BEFORE, household__in=served.values("household")
    )
    homes = [file.household for file in files.select_related("household").order_by("number")]
    for n in range(LINKS):
        _link(by, rng.choice(homes), rng.choice(resources), rng, UUID(int=rng.getrandbits(128), version=4), n)
    for (body, why, asks), moves in zip(REFERRALS, MOVES, strict=True):
        _refer(by, rng.choice(homes), body, why, asks, moves, UUID(int=rng.getrandbits(128), version=4))
    for policy, kind, steps in APPLICATIONS[:MATTERS]:
        _apply(by, rng.choice(homes), policy, kind, steps, UUID(int=rng.getrandbits(128), version=4))


def _give(by: User, station: OrgUnit, name: str, key: UUID, on: date, said: Any, rng: Random) -> None:
    """Something that an activity or a project got, of a resource of its own."""
    row, (many, unit, worth) = said
    [resource] = _directory(by, station, [row])
    entry = LinkEntry(UUID(int=rng.getrandbits(128), version=4), resource.pk, on, about=(name, key))
    entry.quantity, entry.unit = Decimal(many), unit
    if worth:
        entry.value, entry.valued_by = Decimal(worth), "market"
    link_resource(by=by, entry=entry, acknowledged=True)


def _somebody(household: Household, n: int) -> UUID | None:
    members = [row.person_id for row in members_on(household.pk, TODAY)]
    return members[n % len(members)] if members and n % 2 else None


def _link(by: User, household: Household, resource: Resource, rng: Random, client_id: UUID, n: int) -> None:
    on, last = TODAY - timedelta(days=rng.randrange(5, 330)), resource.terms.get().ends_on  # type: ignore[attr-defined]
    entry = LinkEntry(
        client_id, resource.pk, min(on, last or on), household=household, person_id=_somebody(household, n)
    )
    if resource.in_cash:
        entry.value, entry.valued_by = Decimal(rng.randrange(3, 21) * 100), "receipt"
    else:
        unit, low, high = QUANTITIES[resource.kind]
        entry.quantity, entry.unit = Decimal(rng.randrange(1, 4)), unit
        if high:
            entry.value, entry.valued_by = Decimal(rng.randrange(low, high)), rng.choice(["market", "own"])
    entry.result = rng.choice(["", "家里说很管用", "已用上，过后再看"])
    link_resource(by=by, entry=entry, acknowledged=True)


def _refer(
    by: User, household: Household, body: str, why: str, asks: str, moves: Sequence[tuple[Move, int, str]], key: UUID
) -> None:
    asked = TODAY - timedelta(days=moves[0][1] + 3 if moves else 2)
    entry = ReferralEntry(key, asked, why, asks, household=household, body=body)
    with clock.pinned(asked):
        referral = start_referral(by=User.objects.get(pk=by.pk), entry=entry, acknowledged=True)
    for version, (move, ago, note) in enumerate(moves, 1):
        on = TODAY - timedelta(days=ago)
        with clock.pinned(on):
            said = MoveEntry(move, on, note=note)
            move_referral(by=User.objects.get(pk=by.pk), referral=referral, version=version, entry=said)


def _apply(
    by: User, household: Household, policy: str, kind: MatterKind, steps: Sequence[tuple[Step, int, str]], key: UUID
) -> None:
    began = TODAY - timedelta(days=steps[0][1] + 5 if steps else 3)
    entry = MatterEntry(key, household, policy, kind, began)
    with clock.pinned(began):
        matter = open_matter(by=User.objects.get(pk=by.pk), entry=entry, acknowledged=True)
    for step, ago, note in steps:
        on = TODAY - timedelta(days=ago)
        said = StepEntry(step, on, note)
        if step == Step.GRANT:
            said.amount = Decimal(420)
        with clock.pinned(on):
            fresh = Matter.objects.get(pk=matter.pk)
            matter = move_matter(by=User.objects.get(pk=by.pk), matter=fresh, version=fresh.version, entry=said)
    papers = list(MatterPaper.objects.filter(matter=matter).order_by("position").values_list("pk", flat=True))
    if papers:
        fresh = Matter.objects.get(pk=matter.pk)
        tick_papers(by=User.objects.get(pk=by.pk), matter=fresh, version=fresh.version, got=papers[: len(papers) // 2])
