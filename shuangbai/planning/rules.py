"""When a total without records, a target or a demanded form may be entered, and what they come to. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.periods import Period
from shuangbai.planning.enums import InForce, Often

REFUSED = dict.fromkeys(Door, Severity.REFUSE)
WARNED = dict.fromkeys(Door, Severity.WARN)
DOORS: DoorTable = {
    "figure": REFUSED, "future": REFUSED, "number": REFUSED, "whole": REFUSED, "source": REFUSED, "twice": REFUSED,
    "nested": WARNED, "recorded": WARNED,
    "name": REFUSED, "times": REFUSED, "minutes": REFUSED, "units": REFUSED, "dates": REFUSED, "address": REFUSED,
    "name_twice": WARNED,
}  # fmt: skip

# OPENING BALANCES ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """What a rule needs to know of a figure. `whole`: it counts things, so half of one makes no sense."""

    code: str
    name: str
    unit: str
    whole: bool


@dataclass(frozen=True, slots=True)
class Stated:
    """A balance that stands: whose it is, and for which days. `same`: of the very unit that is asked about."""

    unit: str
    period: Period
    same: bool


@dataclass(frozen=True, slots=True)
class BalanceKnown:
    """What surrounds a balance. `counted`: what the records of these days give."""

    today: date
    unit: str
    figure: Figure | None
    meeting: Sequence[Stated]
    counted: int | Decimal


def balance_findings(*, period: Period, number: Decimal, title: str, known: BalanceKnown) -> list[Finding]:
    """What stands against a total from before the system (domain 6.2 rule 6)."""
    figure = known.figure
    if figure is None:
        return [Finding("figure", "code", "请从列表中选择指标；截至某一天的数字没有期间，不能登记历史汇总")]
    found = []
    if period.last > known.today:
        found.append(Finding("future", "last_on", "结束日期在今天之后，历史汇总只能是过去的，请改正"))
    if number <= 0:
        found.append(Finding("number", "number", "请填大于零的数；没有就不必登记"))
    elif figure.whole and number != int(number):
        found.append(Finding("whole", "number", f"{figure.name}的单位是「{figure.unit}」，请填整数"))
    if not title.strip():
        found.append(Finding("source", "title", "请填写出处：这个数写在哪份文件里"))
    for one in known.meeting:
        if one.same:
            sentence = f"{one.unit}的{figure.name}在 {one.period} 已有一笔，期间不能重叠；请改期间，或去更正那一笔"
            found.append(Finding("twice", "first_on", sentence))
        else:
            sentence = f"{one.unit}的{figure.name}在 {one.period} 已有一笔，两笔可能说的是同一件事，报告里不会相加"
            found.append(Finding("nested", "unit", sentence))
    if known.counted and not found:
        sentence = (
            f"这段日子{known.unit}在系统里已有记录（{figure.name} {known.counted} {figure.unit}）；"
            "请确认这笔数不含它们，或把结束日期改到系统启用之前"
        )
        found.append(Finding("recorded", "last_on", sentence))
    return found


# TARGETS ---------------------------------------------------------------------

LARGEST_TARGET = 10_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a target is. `months` are left in the year, this one counted; 0 when the year is over."""

    target: int
    done: int | Decimal
    months: int

    @property
    def rest(self) -> int:
        return max(ceil(self.target - self.done), 0)

    @property
    def monthly(self) -> int:
        """So many a month from now to the end of the year would reach it, rounded up."""
        return ceil(self.rest / self.months) if self.months else 0


def months_left(year: int, today: date) -> int:
    """The months of the year that are not over on a day, the month of that day counted."""
    return 12 if today.year < year else 0 if today.year > year else 13 - today.month


def target_findings(
    numbers: Mapping[str, int | None], *, known: Collection[str], year: int, today: date
) -> list[Finding]:
    """What stands against the targets of a station for a year; None takes one back."""
    found = []
    if not today.year - 1 <= year <= today.year + 1:
        found.append(Finding("dates", "version", f"只能定去年、今年和明年的任务，{year} 年不行"))
    for code, number in numbers.items():
        if code not in known:
            found.append(Finding("figure", code, "这个指标不能定任务，请从列表中选择"))
        elif number is not None and not 1 <= number <= LARGEST_TARGET:
            found.append(Finding("number", code, "请填 1 以上的整数；不定任务就留空"))
    return found


# DEMANDED FORMS --------------------------------------------------------------

# How often in a month; working days of a month are 21 on average.
PER_MONTH = {
    Often.DAILY: Fraction(21), Often.WEEKLY: Fraction(52, 12), Often.MONTHLY: Fraction(1),
    Often.QUARTERLY: Fraction(1, 3), Often.HALF_YEARLY: Fraction(1, 6), Often.YEARLY: Fraction(1, 12),
    Often.ONCE: Fraction(0),
}  # fmt: skip
MOST_MINUTES, MOST_TIMES = 6000, 365


def monthly_hours(*, often: str, times_a_year: int | None, minutes: int) -> Fraction:
    """Hours that one station spends on a form in a month; a form that is filled once costs none."""
    times = Fraction(times_a_year or 0, 12) if often == Often.IRREGULAR else PER_MONTH[Often(often)]
    return times * minutes / 60


def standing_on(day: date, starts_on: date, ends_on: date | None) -> InForce:
    if day < starts_on:
        return InForce.COMING
    return InForce.NOW if ends_on is None or day <= ends_on else InForce.ENDED


@dataclass(frozen=True, slots=True)
class Demand:
    """A form that is demanded, as it is entered."""

    name: str
    asker: str
    often: str
    minutes: int
    starts_on: date
    ground: str = ""
    times_a_year: int | None = None
    ends_on: date | None = None
    filled_by: str = "none"
    address: str = ""
    note: str = ""


def demand_findings(said: Demand, *, units: int, names: Collection[str]) -> list[Finding]:
    """What stands against a form in the catalogue; `names` are of those that are demanded already."""
    found = []
    for field, text in (("name", said.name), ("asker", said.asker)):
        if not text.strip():
            found.append(Finding("name", field, "请填写这一项"))
    if said.often == Often.IRREGULAR and not 1 <= (said.times_a_year or 0) <= MOST_TIMES:
        found.append(Finding("times", "times_a_year", "不定期的，请填一年大约几次"))
    if said.often != Often.IRREGULAR and said.times_a_year is not None:
        found.append(Finding("times", "times_a_year", "只有不定期的才填一年几次，请清空或改选「不定期」"))
    if not 1 <= said.minutes <= MOST_MINUTES:
        found.append(Finding("minutes", "minutes", f"请填 1 到 {MOST_MINUTES} 分钟"))
    if not units:
        found.append(Finding("units", "units", "请至少选一个机构：要谁填这张表"))
    if said.ends_on and said.ends_on < said.starts_on:
        found.append(Finding("dates", "ends_on", "结束日期早于开始日期，请改正"))
    if said.address and not is_inside(said.address):
        found.append(Finding("address", "address", "请从浏览器地址栏复制本系统里那一页的地址"))
    if said.name.strip() in names:
        found.append(Finding("name_twice", "name", "目录里已有一张在要的表叫这个名字，请核对是不是同一张"))
    return found


def is_inside(address: str) -> bool:
    """Whether an address is a page of this system."""
    return address.startswith("/") and not address.startswith("//") and "\\" not in address and " " not in address


def reason_findings(reason: str, field: str = "reason") -> list[Finding]:
    return [] if reason.strip() else [Finding("source", field, "请写明理由，以后的人要看得懂")]


def end_findings(*, starts_on: date, ends_on: date, reason: str) -> list[Finding]:
    """What stands against ending a form: a day on which it was in force is its last, and why."""
    found = reason_findings(reason)
    if ends_on < starts_on:
        found.append(Finding("dates", "ends_on", f"这张表从 {starts_on} 起要，最后一天不能早于它"))
    return found
