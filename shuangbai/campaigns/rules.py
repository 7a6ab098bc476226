"""When a call to many stations is right. Pure."""

from datetime import date

from shuangbai.core.findings import Door, Finding, Severity

MOST_DAYS = 366

DOORS = {
    code: dict.fromkeys(Door, Severity.REFUSE)
    for code in ("name", "name_taken", "dates", "too_long", "left_out", "over")
}  # fmt: skip


def call_findings(
    *, name: str, first: date, last: date, taken: bool, carried: tuple[date, date] | None = None
) -> list[Finding]:
    """`taken`: another one of these days has the name. `carried`: the first and last day of records that carry it."""
    found = []
    if not name.strip():
        found.append(Finding("name", "name", "请填写名称，如“2020年六一儿童节”"))
    elif taken:
        found.append(Finding("name_taken", "name", "这段日子里已有同名的专项或系列，请换个名称，免得各站选错"))
    if last < first:
        found.append(Finding("dates", "last", "结束日期早于开始日期，请对调或改正"))
    elif (last - first).days >= MOST_DAYS:
        found.append(Finding("too_long", "last", "一次最多一年；更长的请分年发起，数字才好比"))
    if carried and last >= first and (carried[0] < first or carried[1] > last):
        sentence = f"已有 {carried[0]:%Y-%m-%d} 到 {carried[1]:%Y-%m-%d} 的记录归在它名下，请把日期放宽到包括它们"
        found.append(Finding("left_out", "last" if carried[1] > last else "first", sentence))
    return found


def join_findings(*, last: date | None, today: date) -> list[Finding]:
    if last is not None and last < today:
        return [Finding("over", "", "已经结束，不必再加入；当时的记录照样可以补记在它名下")]
    return []
