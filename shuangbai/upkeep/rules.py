"""When a passphrase will do, which backups are kept, how often one may ask, and what the auditor is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from shuangbai.core.limits import Limit
from shuangbai.upkeep.enums import AlertRule

SHORTEST_PASSPHRASE = 12


class Keeping(NamedTuple):
    """How many days, weeks and months keep their newest backup."""

    days: int
    weeks: int
    months: int


def parse_keeping(text: str) -> Keeping:
    """`"7,4,12"`. Raises ValueError for anything else, or where nothing would be kept."""
    parts = [int(part) for part in text.split(",")]
    if len(parts) != 3 or min(parts) < 0 or parts[0] < 1:
        raise ValueError(text)
    return Keeping(*parts)


def worth_keeping(moments: Iterable[datetime], keeping: Keeping) -> set[datetime]:
    """Of the moments of backups those to keep: the newest of each of the latest days, weeks and months with one."""
    newest_first = sorted(moments, reverse=True)
    kept: set[datetime] = set()
    for many, period in ((keeping.days, "%Y%m%d"), (keeping.weeks, "%G%V"), (keeping.months, "%Y%m")):
        seen: list[str] = []
        for moment in newest_first:
            name = moment.strftime(period)
            if name not in seen and len(seen) < many:
                seen.append(name)
                kept.add(moment)
    return kept


def passphrase_complaint(passphrase: str) -> str:
    """Why a passphrase will not do, as a sentence; nothing for one that will."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        return f"口令只有 {len(passphrase)} 个字符，至少要 {SHORTEST_PASSPHRASE} 个；可以用几个不相干的词连起来。"
    if len(set(passphrase)) < 5:
        return "口令里几乎都是同一个字符，太容易猜到，请换一个。"
    return ""


# HOW OFTEN, AND WHEN THE AUDITOR IS TOLD -----------------------------------
# A person who types with a list under the field asks once a word; only a program reaches these.
SEARCHES = Limit("查找", 60, 60)
SUGGESTIONS = Limit("查找", 240, 60)
# Of masked values, counted in the trail and so over all web processes.
OPENED_MOST = 60
OPENED_HOUR = 20
OPENED_TIMES_USUAL = 3
OPENED_DAY_LEAST = 12
USUAL_DAYS = 30


def alert_rule(*, hour: int, day: int, usual: float | None) -> AlertRule | None:
    """Whether so many openings are unusual: in the last hour, today, and on a usual day of the same person.

    `usual` None is somebody who opened nothing in the thirty days before: only the hour counts then.
    """
    if hour > OPENED_HOUR:
        return AlertRule.HOUR
    if usual is not None and day >= OPENED_DAY_LEAST and day > OPENED_TIMES_USUAL * usual:
        return AlertRule.USUAL
    return None
