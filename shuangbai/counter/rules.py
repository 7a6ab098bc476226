"""When small things are right. Pure."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from shuangbai.core.findings import Finding

MANY_MOST = 99
COPIES_MOST = 99_999


def consultation_findings(
    *, many: int, workers: int, posted: bool, person_known: bool, family_known: bool, is_member: bool
) -> list[Finding]:
    """`family_known`: the station serves or served the family; `is_member`: the person is of it on the day."""
    found = _workers(workers, posted)
    if not 1 <= many <= MANY_MOST:
        found.append(Finding("many_impossible", "many", f"人数请填 1 到 {MANY_MOST}；一群人来问，可以记成活动"))
    if not person_known:
        found.append(Finding("participant_unknown", "person", "这个人不在本站家庭名册中，请重新选择，或只写姓名"))
    if not family_known:
        found.append(Finding("participant_unknown", "person", "这一户不在本站家庭名册中，请重新选择"))
    elif not is_member:
        found.append(Finding("not_a_member", "person", "这个人当天不是这一户的人，请核对日期或换一个人"))
    return found


def handout_findings(*, title: str, copies: int, workers: int, posted: bool) -> list[Finding]:
    found = _workers(workers, posted)
    if not title.strip():
        found.append(Finding("title_missing", "title", "请写明是什么资料，如“防溺水宣传单”"))
    if not 1 <= copies <= COPIES_MOST:
        found.append(Finding("copies_missing", "copies", f"请填份数，1 到 {COPIES_MOST}"))
    return found


def _workers(workers: int, posted: bool) -> list[Finding]:
    if not workers:
        return [Finding("no_worker", "workers", "请选择社工（至少一人）")]
    if not posted:
        return [Finding("worker_not_posted", "workers", "所选社工当天不在本站任职，请核对日期或社工")]
    return []


# GOODS AND FUNDS -------------------------------------------------------------

Moved = tuple[date, Decimal]


def told(quantity: Decimal) -> str:
    """A quantity without empty decimals: 12, 350.5."""
    return f"{quantity.normalize():f}" if quantity else "0"


def shortage(moves: Iterable[Moved]) -> Moved | None:
    """The first day at whose end there would be less than nothing, and how much; None where there is none."""
    days: dict[date, Decimal] = {}
    for on, quantity in moves:
        days[on] = days.get(on, Decimal(0)) + quantity
    balance = Decimal(0)
    for on in sorted(days):
        balance += days[on]
        if balance < 0:
            return on, balance
    return None


def balance_on(moves: Iterable[Moved], day: date) -> Decimal:
    return sum((quantity for on, quantity in moves if on <= day), Decimal(0))


def move_findings(
    *,
    name: str,
    unit: str,
    on: date,
    today: date,
    opened_on: date,
    quantity: Decimal,
    moves: Sequence[Moved],
    counted_on: date | None,
) -> list[Finding]:
    """`quantity` is signed; `moves` are those that stand; `counted_on` is the day of the last stocktaking."""
    found = _day(on, today, opened_on)
    if counted_on and on <= counted_on:
        sentence = f"「{name}」在 {counted_on} 盘点过，那天和以前的不能再补记；请用盘点以后的日期，或先冲销那次盘点"
        found.append(Finding("before_count", "moved_on", sentence))
    if not quantity:
        found.append(Finding("quantity_missing", "quantity", "请填数量，要大于 0"))
    short = shortage([*moves, (on, quantity)]) if quantity < 0 else None
    if short:
        there = balance_on(moves, on)
        sentence = f"「{name}」到 {on} 只有 {told(there)} {unit}，不够 {told(-quantity)} {unit}；少记的入账请先补上"
        if there + quantity >= 0:
            sentence = f"照这样记，「{name}」到 {short[0]} 会少 {told(-short[1])} {unit}；请核对数量和日期"
        found.append(Finding("below_zero", "quantity", sentence))
    return found


def count_findings(
    *, name: str, on: date, today: date, opened_on: date, latest: date | None, difference: Decimal, reason: str
) -> list[Finding]:
    """`latest`: the day of the last move that stands: what comes after a stocktaking is not there before it."""
    found = _day(on, today, opened_on)
    if latest and on < latest:
        found.append(Finding("after_count", "moved_on", f"「{name}」在 {latest} 还有进出，盘点日期请不早于那天"))
    if difference and len(reason.strip()) < 2:
        way = "多" if difference > 0 else "少"
        sentence = f"实有比账上{way} {told(abs(difference))}，请写明原因，如「漏记一次发放」"
        found.append(Finding("reason_missing", "reason", sentence))
    return found


def reverse_findings(
    *, name: str, unit: str, on: date, left: Sequence[Moved], counted_on: date | None, reason: str
) -> list[Finding]:
    """`left` are the moves that would stand without it; `counted_on` is the day of a later stocktaking that stands."""
    found = []
    if len(reason.strip()) < 2:
        found.append(Finding("reason_missing", "reason", "请写明冲销理由，如「数量写错」"))
    if counted_on and on <= counted_on:
        sentence = f"「{name}」在 {counted_on} 已经盘点，那以前的进出不能冲销；要改请先冲销那次盘点"
        found.append(Finding("before_count", "reason", sentence))
    short = shortage(left)
    if short:
        sentence = f"冲销以后「{name}」到 {short[0]} 会少 {told(-short[1])} {unit}；请先冲销那以后的出账"
        found.append(Finding("below_zero", "reason", sentence))
    return found


def _day(on: date, today: date, opened_on: date) -> list[Finding]:
    if on > today:
        return [Finding("date_in_future", "moved_on", f"日期 {on} 在今天之后，请改为今天或以前")]
    if on < opened_on:
        return [Finding("before_station", "moved_on", f"日期早于本站开站日期（{opened_on}），请核对年份")]
    return []


# VENUES ----------------------------------------------------------------------


def venue_findings(
    *,
    name: str,
    taken: bool,
    opened_on: date,
    today: date,
    closed: bool,
    closed_on: date | None,
    months: int,
    items: Sequence[str],
) -> list[Finding]:
    """`taken`: whether another place of the station is called so."""
    found = []
    if not name.strip():
        found.append(Finding("name_missing", "name", "请填名称，如“村口儿童乐园”"))
    if taken:
        found.append(Finding("name_taken", "name", f"本站已有一处场地叫「{name.strip()}」，请换个名称"))
    if opened_on > today:
        found.append(Finding("date_in_future", "opened_on", "启用日期在今天之后，请改为今天或以前"))
    if closed and (closed_on is None or closed_on < opened_on or closed_on > today):
        found.append(Finding("closed_when", "closed_on", "请填停用日期：不早于启用日期，不晚于今天"))
    if not 1 <= months <= 24:
        found.append(Finding("months_impossible", "check_months", "请填 1 到 24 个月"))
    if any(len(item) > 40 for item in items):
        found.append(Finding("item_too_long", "items", "每样设备的名称最多 40 个字"))
    return found


def check_findings(*, on: date, today: date, opened_on: date, safe: bool, faulty: bool, note: str) -> list[Finding]:
    found = []
    if not opened_on <= on <= today:
        found.append(Finding("date_wrong", "checked_on", f"检查日期请在启用（{opened_on}）和今天之间"))
    if not safe and len(note.strip()) < 2:
        found.append(Finding("note_missing", "note", "请写明哪里不安全、怎样处理，如「秋千链条松，已围起来」"))
    if safe and faulty and len(note.strip()) < 2:
        found.append(Finding("note_missing", "note", "有设备要修或停用，请写一句怎样处理，或改为“不能放心用”"))
    return found


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last of that month."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
