"""Reading alarms: for the named few; and the one figure, for whoever counts the city."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.privacy import FEW, LEAST_TOLD
from shuangbai.network.models import Posting, User
from shuangbai.network.roles import Permission
from shuangbai.reports.suppression import Cell, suppressed
from shuangbai.safeguarding.access import alarms_visible_to
from shuangbai.safeguarding.enums import AlarmState
from shuangbai.safeguarding.models import Alarm, AlarmReader, AlarmRule, AlarmStep
from shuangbai.safeguarding.rules import HOURS_USUAL, STEPS, Asked, is_overdue, open_case_finding, span_words

FIRST_YEAR_BACK = 3
EVERYTHING = 10**9  # a base so large that a number is judged by itself alone


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("alarm-rule", "安全警报", "发现后几小时没有报警记录就提醒；少于几件不公开", Permission.MANAGE_CODES),
        ("alarm-figure", "安全警报件数", "全市每半年发起多少件，只有这一个数", Permission.MANAGE_CODES),
    ]


# WHAT THE CITY SAYS --------------------------------------------------------


def alarm_rules() -> list[AlarmRule]:
    """What the city said, the newest first; none where it said nothing."""
    return list(AlarmRule.objects.order_by("-starts_on"))


def rule_on(day: date) -> AlarmRule:
    """The rule of a day; where the city said nothing, the product's own, which is not saved."""
    rule = AlarmRule.objects.on(day).order_by("-starts_on").first()
    return rule or AlarmRule(hours=HOURS_USUAL, least=LEAST_TOLD)


# ALARMS --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """An alarm as a list shows it: when and how far, never about whom. `clock`: how long it ran, or has run."""

    alarm: Alarm
    clock: str
    overdue: bool


def is_late(alarm: Alarm, now: datetime) -> bool:
    """Whether a report to the police should stand in it by now, by what the city says today: one query."""
    hours = rule_on(now.date()).hours
    return is_overdue(state=alarm.state, discovered_at=alarm.discovered_at, now=now, hours=hours)


def lines(alarms: QuerySet[Alarm], now: datetime) -> list[Line]:
    """The open ones first, then the newest."""
    hours = rule_on(now.date()).hours
    rows = alarms.select_related("charge", "entered_by").defer("who", "facts", "impressions", "done", "close_note")
    told = [
        Line(
            one, span_words(one.discovered_at, one.closed_at or now),
            is_overdue(state=one.state, discovered_at=one.discovered_at, now=now, hours=hours),
        )
        for one in rows.order_by("-discovered_at", "id")
    ]  # fmt: skip
    return sorted(told, key=lambda line: line.alarm.state == AlarmState.CLOSED)


def overdue(user: Any, now: datetime) -> list[Line]:
    """The alarms that somebody may know of and in which, so long after, no report to the police stands: two queries."""
    open_ones = alarms_visible_to(user).filter(state=AlarmState.RAISED)
    return [line for line in lines(open_ones, now) if line.overdue]


def open_about(user: Any, people: Iterable[UUID]) -> QuerySet[Alarm]:
    """Alarms about these people that are not closed and that somebody may know of."""
    return alarms_visible_to(user).filter(person_key__in=list(people)).exclude(state=AlarmState.CLOSED)


def hindering(user: User, people: Collection[UUID]) -> list[Finding]:
    """What stands in the way of closing a case about these people (cases.closing); nothing to who may not know."""
    return [open_case_finding()] if open_about(user, people).exists() else []


def steps_of(alarm: Alarm) -> QuerySet[AlarmStep]:
    """What was done, in the order in which it happened."""
    return AlarmStep.objects.filter(alarm=alarm).select_related("entered_by").order_by("happened_at", "entered_at")


def asks() -> list[tuple[str, Asked]]:
    """What each kind of step asks, by its code."""
    return [(str(kind), asked) for kind, asked in STEPS.items()]


def readers_of(alarm: Alarm) -> QuerySet[AlarmReader]:
    """Whom the head lets read it now."""
    return alarm.readers.filter(ended_at__isnull=True).select_related("user").order_by("entered_at")


def may_be_named(alarm: Alarm, day: date) -> QuerySet[User]:
    """Accounts of whoever is posted at the station in charge today and is not among the few already."""
    posted = Posting.objects.on(day).filter(unit=alarm.charge_id, staff=OuterRef("staff"))
    known = AlarmReader.objects.filter(alarm=alarm, ended_at__isnull=True).values("user")
    found = User.objects.filter(Exists(posted), is_active=True).exclude(Q(pk__in=known) | Q(pk=alarm.entered_by_id))
    return found.order_by("display_name", "pk")


# THE FIGURE ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Year:
    """How many alarms were raised in a year and its halves; None for what has not ended, a sign for what is not told.

    A half-year is told only once it has ended: a number that moved from one day to the next would tell of an alarm.
    """

    year: int
    halves: Sequence[str | None]
    whole: str | None


def figure(day: date, least: int) -> list[Year]:
    """X2: alarms raised in the whole city, drills left out, by the day on which they were raised; the newest first."""
    return [_year(number, day, least) for number in range(day.year, day.year - FIRST_YEAR_BACK - 1, -1)]


def _year(number: int, day: date, least: int) -> Year:
    spans = [(date(number, 1, 1), date(number, 6, 30)), (date(number, 7, 1), date(number, 12, 31))]
    cells = [Cell(first, _raised(first, last), EVERYTHING) for first, last in spans if last < day]
    if len(cells) < len(spans):
        whole, told = None, {key: sign for cell in cells for key, sign in suppressed(cell, least=least).items()}
    else:
        whole = Cell(number, sum(cell.value for cell in cells), EVERYTHING, cells)
        told = suppressed(whole, least=least)

    def shown(cell: Cell) -> str:
        sign = told.get(cell.key, str(cell.value))
        return f"＜{least}" if sign == FEW else sign

    return Year(
        number, [shown(cell) for cell in cells] + [None] * (len(spans) - len(cells)), shown(whole) if whole else None
    )


def _raised(first: date, last: date) -> int:
    raised = Alarm.objects.filter(drill=False, entered_at__gte=clock.at(first, 0))
    return raised.filter(entered_at__lt=clock.at(last + timedelta(days=1), 0)).count()
