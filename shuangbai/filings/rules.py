"""When a report may go which way, and what its period is called. Pure."""

from datetime import date, timedelta

from shuangbai.core.findings import Refused
from shuangbai.core.periods import Period
from shuangbai.filings.enums import FilingState

COMMENT_MOST = 200
# From which state a step may be taken.
BEFORE_CONFIRMING = FilingState.DRAFT
BEFORE_REVIEWING = FilingState.CONFIRMED
BEFORE_ACCEPTING = FilingState.REVIEWED
RETURNABLE = (FilingState.CONFIRMED, FilingState.REVIEWED)
WITHDRAWABLE = (FilingState.DRAFT, FilingState.CONFIRMED, FilingState.REVIEWED)


def check_state(state: str, *allowed: FilingState) -> None:
    """Raise Refused where a report is not, or no longer, where the step begins."""
    if state not in allowed:
        raise Refused.because("", f"这份报告现在是「{FilingState(state).label}」，不能这样办，请刷新这一页再看")


def check_reason(field: str, text: str, example: str) -> str:
    """The sentence that a step needs. Raises Refused for none."""
    said = text.strip()
    if len(said) < 2:
        raise Refused.because(field, f"请写明理由，如「{example}」")
    return said[:COMMENT_MOST]


def check_days(first: date, last: date, today: date, opened: date) -> None:
    """Raise Refused for a period that no report can be made of."""
    if last < first:
        raise Refused.because("last", "结束日期早于开始日期，请对调或改正")
    if last > today:
        raise Refused.because("last", "期间还没有过完，请把结束日期改为今天或以前")
    if last < opened:
        raise Refused.because("last", f"这个机构 {opened:%Y-%m-%d} 才开，期间里没有可报的内容")


def name_of(period: Period) -> str:
    """What a period is called in a report's title: a week, month, quarter, half-year or year where it is one."""
    first, last = period.first, period.last
    ends_month = (last + timedelta(days=1)).day == 1
    if first.day == 1 and ends_month and first.year == last.year:
        months = (first.month, last.month)
        if months[0] == months[1]:
            return f"{first.year} 年 {first.month} 月"
        if months == (1, 12):
            return f"{first.year} 年"
        if months in ((1, 6), (7, 12)):
            return f"{first.year} 年{'上' if months[0] == 1 else '下'}半年"
        if months[1] - months[0] == 2 and months[0] % 3 == 1:
            return f"{first.year} 年第 {(months[0] + 2) // 3} 季度"
    if period.days == 7 and first.weekday() == 0:
        return f"{first:%Y-%m-%d} 起一周"
    return str(period)
