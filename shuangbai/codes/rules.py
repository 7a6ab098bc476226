"""When a change of a list is right. Pure: told what stands and what is wanted, it returns findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from shuangbai.core.findings import Finding
from shuangbai.core.workdays import SATURDAY

YEARS_BACK, YEARS_AHEAD = 10, 2  # of which years days off may be entered


@dataclass(frozen=True, slots=True)
class Named:
    """What an item is called from a day to a day, both included."""

    label: str
    starts_on: date
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list with everything it was ever called, the first name first."""

    code: str
    base: str
    position: int
    version: int
    names: tuple[Named, ...]

    @property
    def latest(self) -> Named:
        return self.names[-1]

    def name_on(self, day: date) -> Named | None:
        """The name of the day; None where the item does not hold on it."""
        return next((name for name in reversed(self.names) if name.holds_on(day)), None)

    def label_on(self, day: date) -> str:
        """What it is called on a day: of days outside its own, by the nearest name before, else the first."""
        before = [name for name in self.names if name.starts_on <= day]
        return (before[-1] if before else self.names[0]).label

    @property
    def is_own(self) -> bool:
        """Whether it is the city's own, not one that the product came with."""
        return self.code != self.base


def reason_findings(reason: str) -> list[Finding]:
    if len(reason.strip()) >= 2:
        return []
    return [Finding("reason", "reason", "请写明理由，如「按2020年新口径」，会和改动一起留在历史里")]


def label_findings(label: str, starts_on: date, others: Iterable[Item]) -> list[Finding]:
    """A name against those of the other items that hold on or after its first day."""
    if not label.strip():
        return [Finding("label", "label", "请填写名称")]
    for other in others:
        for name in other.names:
            if name.label == label.strip() and (name.ends_on is None or name.ends_on >= starts_on):
                sentence = f"「{name.label}」这个名称已有一项在用，请换一个名称，或直接用那一项"
                return [Finding("label_twice", "label", sentence)]
    return []


def rename_findings(item: Item, starts_on: date) -> list[Finding]:
    latest = item.latest
    if latest.ends_on:
        sentence = f"「{latest.label}」已定于{latest.ends_on:%Y-%m-%d}停用，请先恢复使用再改名"
        return [Finding("ended", "starts_on", sentence)]
    if starts_on < latest.starts_on:
        sentence = f"现在的名称从{latest.starts_on:%Y-%m-%d}起用，新名称请从这一天或以后起"
        return [Finding("starts_before", "starts_on", sentence)]
    return []


def end_findings(item: Item, ends_on: date, *, latest_use: date | None, uses_after: int) -> list[Finding]:
    """The last day of an item, against its names and the records that keep its code after that day."""
    latest = item.latest
    if latest.ends_on:
        return [Finding("ended", "ends_on", f"「{latest.label}」已定于{latest.ends_on:%Y-%m-%d}停用，不必再停")]
    if ends_on < latest.starts_on:
        sentence = f"最后一天早于现在的名称开始使用的日期（{latest.starts_on:%Y-%m-%d}），请改正"
        return [Finding("ends_before", "ends_on", sentence)]
    if latest_use and uses_after:
        sentence = (
            f"{ends_on:%Y-%m-%d}之后还有 {uses_after} 条记录用了「{latest.label}」，最晚一条在{latest_use:%Y-%m-%d}；"
            "请把最后一天定在这一天或以后"
        )
        return [Finding("used_after", "ends_on", sentence)]
    return []


def needed_findings(item: Item, ends_on: date, others: Iterable[Item], needed: bool, word: str) -> list[Finding]:
    """That something is left to choose, and something that counts as what the rules need."""
    open_later = [other for other in others if other.latest.ends_on is None or other.latest.ends_on > ends_on]
    if not open_later:
        return [Finding("last_one", "ends_on", "这是表上最后一项，停用后就没有可选的了；请先增加别的项")]
    if needed and not any(other.base == item.base for other in open_later):
        sentence = f"至少要留一项算作「{word}」的，否则有的记录无法填写；请先增加一项再停用这一项"
        return [Finding("needed", "ends_on", sentence)]
    return []


def resume_findings(item: Item, starts_on: date) -> list[Finding]:
    latest = item.latest
    if latest.ends_on is None:
        return [Finding("not_ended", "starts_on", f"「{latest.label}」正在使用，不必恢复")]
    if starts_on <= latest.ends_on:
        following = latest.ends_on + timedelta(days=1)
        sentence = f"这一项用到{latest.ends_on:%Y-%m-%d}，请从{following:%Y-%m-%d}或以后起恢复"
        return [Finding("starts_before", "starts_on", sentence)]
    return []


def workdays_findings(*, year: int, days: Mapping[date, bool], source: str, today: date) -> list[Finding]:
    """A year's list: days off (False) and days of weekends that are worked (True), and where it was published."""
    findings = []
    if not today.year - YEARS_BACK <= year <= today.year + YEARS_AHEAD:
        findings.append(Finding("year", "", "请核对年份"))
    if other := sorted(day for day in days if day.year != year):
        findings.append(Finding("other_year", "days", f"{other[0]:%Y-%m-%d} 不在 {year} 年，请核对"))
    if wrong := sorted(day for day, works in days.items() if works and day.weekday() < SATURDAY):
        findings.append(Finding("weekday", "days", f"{wrong[0]:%Y-%m-%d} 本来就是工作日，不用写“班”"))
    if all(days.values()):
        findings.append(Finding("none", "days", "请写明放假的日子，至少一天"))
    if not source.strip():
        findings.append(Finding("source", "source", "请写明放假通知的名称和文号，让别人查得到"))
    return findings
