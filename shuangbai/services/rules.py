"""When a countable record is right, whatever its kind. Pure."""

from collections.abc import Iterable
from datetime import date

from shuangbai.core.findings import Door, DoorTable, Finding, Severity

R, W, I = Severity.REFUSE, Severity.WARN, Severity.IGNORE

LATE_AFTER_DAYS = 7

# One table: what each door does about each finding of the spine and its details.
DOORS: DoorTable = {
    "date_in_future": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "before_station": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "after_station": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "no_worker": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "worker_not_posted": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: W},
    "campaign_dates": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "code_not_offered": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    # visits
    "not_a_member": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "nobody_met": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "met_though_unmet": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "met_the_dead": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "everybody_dead": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "same_visit_today": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "next_not_after": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "next_without_date": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "times_in_order": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    # activities
    "title_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "nobody_counted": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "method_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "total_contradicts": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "hours_without_volunteers": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "hours_impossible": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "participant_unknown": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    # consultations, leaflets
    "many_impossible": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "copies_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "joint_unknown": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
}


def record_findings(
    *, occurred_on: date, today: date, station_opened_on: date, station_closed_on: date | None
) -> list[Finding]:
    """The date of a record against today and the station's life."""
    if occurred_on > today:
        sentence = f"日期 {occurred_on:%Y-%m-%d} 在今天之后，请改为今天或以前；尚未发生的请在事后再记"
        return [Finding("date_in_future", "occurred_on", sentence)]
    if occurred_on < station_opened_on:
        sentence = f"日期早于本站开站日期（{station_opened_on:%Y-%m-%d}），请核对年份"
        return [Finding("before_station", "occurred_on", sentence)]
    if station_closed_on and occurred_on > station_closed_on:
        return [Finding("after_station", "occurred_on", f"本站已于{station_closed_on:%Y-%m-%d}撤站，请核对日期")]
    return []


def campaign_findings(*, occurred_on: date, first: date, last: date | None, name: str) -> list[Finding]:
    if occurred_on < first or (last and occurred_on > last):
        return [Finding("campaign_dates", "campaign", f"日期不在「{name}」的起止日期之内，请核对专项或日期")]
    return []


def code_findings(field: str, name: str, unoffered: Iterable[str], day: date) -> list[Finding]:
    """Items of a code list that the city does not offer on the day of the record."""
    return [
        Finding("code_not_offered", field, f"{name}「{word}」在 {day:%Y-%m-%d} 不在可选之列，请另选一项或核对日期")
        for word in unoffered
    ]


def is_late(occurred_on: date, entered_on: date) -> bool:
    """Entered more than seven days after (补录): shown on the record, never held against anybody."""
    return (entered_on - occurred_on).days > LATE_AFTER_DAYS
