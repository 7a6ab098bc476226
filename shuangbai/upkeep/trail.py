"""What the auditor's pages ask of the trail: entries, openings of masked values, the state of the chain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.core import audit, chain, clock
from shuangbai.core.digests import unpacked
from shuangbai.core.models import AuditBlock, AuditEvent, PeriodicRun
from shuangbai.network.models import OrgUnit, User
from shuangbai.upkeep.models import OpeningAlert, TrailCheck
from shuangbai.upkeep.rules import USUAL_DAYS

PAGE = 50
NAMES_MOST = 20
SILENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: after the entry of this moment and id."""

    at: datetime
    key: UUID

    @classmethod
    def parse(cls, text: str) -> "Place | None":
        """The place written as microseconds and hex; None for anything else."""
        moment, _, key = text.partition(".")
        try:
            return cls(datetime.fromtimestamp(int(moment) / 1_000_000, tz=clock.machine_now().tzinfo), UUID(key))
        except (ValueError, OverflowError, OSError):
            return None

    def __str__(self) -> str:
        return f"{round(self.at.timestamp() * 1_000_000)}.{self.key.hex}"


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a list shows it; `station` is the name of the unit whose business it was."""

    event: AuditEvent
    sentence: str
    station: str
    label: str


def entries(asked: dict[str, Any]) -> QuerySet[AuditEvent]:
    """The entries that the filters leave: who, kind, station, first, last, about_type and about_id."""
    found = AuditEvent.objects.all()
    if asked.get("who"):
        found = found.filter(by_id__in=called(asked["who"]))
    if asked.get("kind"):
        found = found.filter(kind=asked["kind"])
    if asked.get("unit"):
        found = found.filter(station_id=asked["unit"].pk)
    if asked.get("first"):
        found = found.filter(at__gte=clock.at(asked["first"], 0))
    if asked.get("last"):
        found = found.filter(at__lt=clock.at(asked["last"] + timedelta(days=1), 0))
    if asked.get("about_type") and asked.get("about_id"):
        found = found.filter(about_type=asked["about_type"], about_id=asked["about_id"])
    return found


def called(words: str) -> list[UUID]:
    """The accounts that answer to a user name or a name, a handful at most."""
    named = User.objects.filter(Q(username=words) | Q(display_name__contains=words))
    return list(named.order_by("username").values_list("pk", flat=True)[:NAMES_MOST])


def page(found: QuerySet[AuditEvent], after: Place | None, size: int = PAGE) -> tuple[list[AuditEvent], Place | None]:
    """A page of entries, newest first, and where the next begins."""
    if after is not None:
        earlier = Q(at=after.at, id__lt=after.key)
        found = found.filter(at__lte=after.at).filter(Q(at__lt=after.at) | earlier)
    rows = list(found.order_by("-at", "-id")[: size + 1])
    following = Place(rows[size - 1].at, rows[size - 1].pk) if len(rows) > size else None
    return rows[:size], following


def lines(events: Sequence[AuditEvent]) -> list[Line]:
    """Entries as sentences: one query for the names of their stations."""
    stations = OrgUnit.objects.filter(pk__in={event.station_id for event in events if event.station_id})
    names = dict(stations.values_list("pk", "name"))
    return [
        Line(e, audit.sentence(e), names.get(e.station_id, "") if e.station_id else "", label_of(e.kind))
        for e in events
    ]


def label_of(code: str) -> str:
    return audit.KINDS[code].short if code in audit.KINDS else code


def kinds() -> list[tuple[str, str]]:
    """Every kind of entry with what it is called, by that name."""
    return sorted(((code, kind.short) for code, kind in audit.KINDS.items()), key=lambda one: one[1])


def type_name(about_type: str) -> str:
    """What an entry speaks of, as people call it."""
    return ABOUT_WORDS.get(about_type, "其他记录")


ABOUT_WORDS = {
    "households.household": "家庭", "households.person": "人员", "households.familyfile": "档案",
    "households.category": "类别", "households.categorylist": "类别清单", "services.servicerecord": "服务记录",
    "rounds.calllist": "电访名单", "rounds.weekplan": "一周的走访计划",
    "filings.filing": "上报报告",
    "services.campaign": "专项", "reports.reportfile": "报告文件", "network.user": "账号", "network.orgunit": "机构",
    "network.staff": "人员（在岗）", "network.area": "区划", "core.auditevent": "留痕", "core.auditblock": "留痕的块",
    "core.installation": "本系统", "upkeep.trailcheck": "留痕核对", "upkeep.openingalert": "查看提醒",
    "network.posting": "任职", "network.coverage": "覆盖村居", "network.rolegrant": "角色",
    "activities.series": "活动系列",
    "accounts.policy": "登录规则", "accounts.onetimecode": "一次性码", "accounts.accountsession": "登录会话",
    "codes.decision": "调整", "codes.codelist": "代码表", "codes.codeitem": "代码项", "feedback.feedback": "意见",
    "households.personpair": "疑似重复的人员",
    "households.membership": "家庭成员", "visits.visit": "走访", "activities.activity": "活动",
    "followups.task": "跟进事项", "groups.group": "小组", "groups.groupmember": "组员",
    "lives.handover": "交接", "lives.lifechange": "家庭变化", "lives.erasure": "依法抹去",
    "lives.retentionrule": "保存年限",
    "planning.openingbalance": "历史汇总", "planning.demandedform": "要填的报表", "planning.reportedform": "报来的报表",
    "resources.resource": "资源", "resources.resourcelink": "资源链接", "resources.referral": "转介",
    "assistance.matter": "协助申请",
    "safeguarding.alarm": "安全警报", "cases.case": "个案",
    "upkeep.backuprun": "备份", "upkeep.keyrun": "更换密钥", "upkeep.checkup": "体检",
}  # fmt: skip


# ONE ENTRY, AND THE CHAIN --------------------------------------------------


def place_in_chain(event: AuditEvent) -> dict[str, Any]:
    """The block of an entry, which of how many it is in there, and whether it still is what was sealed."""
    block = AuditBlock.objects.filter(number=event.block).first() if event.block else None
    if block is None:
        return {"sealed": None, "sound": chain.is_sound(event)}
    members = dict(unpacked(bytes(block.members)))
    number = list(members).index(event.pk) + 1 if event.pk in members else 0
    return {
        "sealed": block,
        "number": number,
        "sound": members.get(event.pk) == event.digest and chain.is_sound(event),
    }


def chain_state() -> dict[str, Any]:
    """The last block, what waits for its seal, and when the sealing job was last at it: three queries."""
    unsealed = AuditEvent.objects.filter(block__isnull=True)
    oldest = unsealed.order_by("id").values_list("id", flat=True).first()
    waited = clock.machine_now() - chain.made_at(oldest) if oldest else None
    return {
        "latest": AuditBlock.objects.order_by("-number").defer("members").first(),
        "unsealed": unsealed.count() if oldest else 0,
        "waited": max(int(waited.total_seconds()), 0) if waited is not None else None,
        "overdue": waited is not None and waited > chain.WINDOW,
        "window": chain.minutes(chain.WINDOW),
        "sealing": PeriodicRun.objects.filter(name="trail-seal").first(),
    }


def latest_check() -> TrailCheck | None:
    return TrailCheck.objects.select_related("asked_by").order_by("-asked_at", "-id").first()


def is_at_work(check: TrailCheck | None) -> bool:
    """Whether a verification is under way: not ended, and heard of within a quarter of an hour."""
    if check is None or check.ended_at is not None:
        return False
    return (check.seen_at or check.asked_at) > clock.machine_now() - SILENT


# WHAT WAS OPENED -----------------------------------------------------------


def opening_kinds() -> list[str]:
    return [kind.code for kind in audit.KINDS.values() if kind.opens]


def openings() -> QuerySet[AuditEvent]:
    """The entries that say that somebody opened masked values."""
    return AuditEvent.objects.filter(kind__in=opening_kinds())


def openings_about(about_type: str, about_ids: Iterable[UUID]) -> QuerySet[AuditEvent]:
    """Who opened masked values of these rows, newest first."""
    found = openings().filter(about_type=about_type, about_id__in=[str(pk) for pk in about_ids])
    return found.order_by("-at", "-id")


def counted(event: AuditEvent) -> int:
    """How many values an opening opened."""
    return int(event.details.get("count", 1))


@dataclass(frozen=True, slots=True)
class Habit:
    """How many values somebody opened in the last hour and today, and on a day of the month before when they did."""

    hour: int
    day: int
    usual: float | None
    oldest_of_hour: datetime | None


def habit_of(user_id: Any, now: datetime) -> Habit:
    """One query, over thirty days of one person."""
    today = clock.at(now.date(), 0)
    since = today - timedelta(days=USUAL_DAYS)
    mine = openings().filter(by_id=user_id, at__gte=since, at__lte=now).order_by("at").only("at", "details")
    hour = day = 0
    before: dict[Any, int] = {}
    oldest = None
    for event in mine:
        many = counted(event)
        if event.at >= now - timedelta(hours=1):
            hour, oldest = hour + many, oldest or event.at
        if event.at >= today:
            day += many
        else:
            on = event.at.astimezone(now.tzinfo).date()
            before[on] = before.get(on, 0) + many
    return Habit(hour, day, sum(before.values()) / len(before) if before else None, oldest)


def alerts_waiting() -> QuerySet[OpeningAlert]:
    """Alerts that nobody has looked at, newest first."""
    return OpeningAlert.objects.filter(looked_at__isnull=True).select_related("user").order_by("-raised_at", "-id")


def alerts_looked_at(most: int) -> Iterable[OpeningAlert]:
    done = OpeningAlert.objects.filter(looked_at__isnull=False).select_related("user", "looked_by")
    return done.order_by("-raised_at", "-id")[:most]


def openings_of_alert(alert: OpeningAlert) -> QuerySet[AuditEvent]:
    """What the person opened on the day of the alert."""
    first, last = clock.at(alert.on, 0), clock.at(alert.on + timedelta(days=1), 0)
    return openings().filter(by_id=alert.user_id, at__gte=first, at__lt=last).order_by("-at", "-id")
