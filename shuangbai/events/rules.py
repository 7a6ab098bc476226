"""When a plan, a sign-up, a roll and a remark are right. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.states import Way, diagram_of
from shuangbai.core.telephones import read
from shuangbai.events.enums import Entrance, EventState
from shuangbai.services import rules as services
from shuangbai.services.enums import HeadGroup

R = Severity.REFUSE
S = EventState
PLACES_MOST = 500
WAITING_MOST = 200
TOGETHER_MOST = 10  # people of one sign-up
ROWS_MOST = 24  # steps, and lines of a budget
A_MINUTE = 20  # sendings let in for one event: a class that signs up at once, and no flood
KEPT_DAYS = 30  # names and telephones, after the day of the activity
SAY_DAYS = 14  # for how long one may say how it was
SAY_LEAST = 60  # so many may always speak
NEAR_DAYS = 7  # an activity that was recorded without its plan
DIGITS = range(7, 14)

# One table: what each door does about each finding of the day of an activity; those of the spine stand in services.
DOORS: DoorTable = {
    **services.DOORS,
    "held_already": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "not_held": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "below_list": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "taken": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
}


# STATES --------------------------------------------------------------------


WAYS: Mapping[EventState, Mapping[EventState, Way]] = {
    S.PREPARING: {
        S.OPEN: Way("开放报名"), S.HELD: Way("办结", by_record=True), S.CANCELLED: Way("取消活动", True),
    },
    S.OPEN: {
        S.HELD: Way("办结", by_record=True), S.PREPARING: Way("收回，重新筹备", True),
        S.CANCELLED: Way("取消活动", True),
    },
    S.HELD: {S.PREPARING: Way("活动记录已作废，改回筹备", True)},
    S.CANCELLED: {S.PREPARING: Way("恢复筹备", True)},
}  # fmt: skip
COMING = (S.PREPARING, S.OPEN)


def diagram() -> str:
    """The table of states as a mermaid diagram."""
    return diagram_of(S, WAYS, first=S.PREPARING, called="策划活动", last=(S.HELD, S.CANCELLED))


def move_findings(
    *, was: str, to: str, reason: str, places: int | None, held_on: date, today: date, recorded: bool
) -> list[Finding]:
    """`recorded`: the activity that came of it still stands."""
    way = WAYS[EventState(was)].get(EventState(to))
    if way is None or way.by_record:
        return [Finding("no_way", "to", f"活动现在是「{EventState(was).label}」，不能这样改；请刷新后再看")]
    findings = []
    if way.reason and not reason.strip():
        findings.append(Finding("reason_missing", "reason", f"请写明为什么{way.label}，一句话"))
    if to == S.OPEN and not places:
        findings.append(Finding("places_missing", "to", "还没有写名额，不知道报到多少人算满；请先在计划里填「名额」"))
    if to == S.OPEN and held_on < today:
        findings.append(Finding("past", "to", f"活动日期 {held_on:%Y-%m-%d} 已经过了，请先改计划里的日期"))
    if was == S.HELD and recorded:
        findings.append(Finding("recorded", "to", "活动记录还在，不能改回；录错了请先到活动记录里作废"))
    return findings


# THE PLAN ------------------------------------------------------------------


def money(text: str) -> Decimal | None:
    """What was typed as money; None for nothing, NaN for what is none."""
    text = text.strip().replace(",", "").replace("，", "")
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return Decimal("NaN")
    fits = value.is_finite() and 0 <= value < 10_000_000
    return value.quantize(Decimal("0.01")) if fits else Decimal("NaN")


def event_findings(
    *, title: str, held_on: date, opened_on: date, closed_on: date | None, starts_at: time | None,
    ends_at: time | None, worker_posted: bool, places: int | None, waiting_most: int, closes_on: date | None,
    state: str, taken: int, campaign: str,
) -> list[Finding]:  # fmt: skip
    """`taken`: how many people have a place; `campaign`: its name where the day lies outside it."""
    findings = []
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请填写活动名称"))
    if held_on < opened_on:
        findings.append(Finding("before_station", "held_on", f"日期早于本站开站日期（{opened_on:%Y-%m-%d}），请核对"))
    if closed_on and held_on > closed_on:
        findings.append(Finding("after_station", "held_on", f"本站已在 {closed_on:%Y-%m-%d} 撤站，请核对日期"))
    if campaign:
        findings.append(Finding("campaign_day", "campaign", f"这一天不在「{campaign}」的日期里，请改日期或不选专项"))
    if ends_at and (starts_at is None or ends_at <= starts_at):
        findings.append(Finding("times", "ends_at", "结束时间要晚于开始时间，请核对"))
    if not worker_posted:
        findings.append(Finding("worker_not_posted", "worker", "所选社工没有在本站任职过，请另选一位"))
    return findings + _places_findings(places, waiting_most, closes_on, held_on, state, taken)


def _places_findings(
    places: int | None, waiting_most: int, closes_on: date | None, held_on: date, state: str, taken: int
) -> list[Finding]:
    findings = []
    if places is not None and not 1 <= places <= PLACES_MOST:
        findings.append(Finding("places", "places", f"名额请填 1 到 {PLACES_MOST}"))
    elif places is None and state == S.OPEN:
        findings.append(Finding("places", "places", "正在报名，名额不能空着"))
    elif places is not None and places < taken:
        findings.append(
            Finding("below_taken", "places", f"已有 {taken} 人报上名，名额不能比这少；要减请先取消几个报名")
        )
    if waiting_most > WAITING_MOST:
        findings.append(Finding("waiting_most", "waiting_most", f"候补最多 {WAITING_MOST} 人"))
    if closes_on and closes_on > held_on:
        findings.append(Finding("closes_after", "closes_on", "报名截止日期晚于活动日期，请核对"))
    return findings


# SIGNING UP ----------------------------------------------------------------


def entrance(
    *, state: str, public: bool, today: date, held_on: date, closes_on: date | None, places: int, waiting_most: int,
    taken: int, waiting: int, people: int = 1,
) -> Entrance:  # fmt: skip
    """What the public page has to offer to so many `people` who want to come together."""
    if state == S.CANCELLED:
        return Entrance.CANCELLED
    if state == S.HELD or today > held_on:
        return Entrance.OVER
    if state == S.PREPARING:
        return Entrance.NOT_YET
    if not public:
        return Entrance.OFF
    if closes_on and today > closes_on:
        return Entrance.CLOSED
    # Whoever waits comes first: nobody overtakes them, even where only a few would fit.
    if not waiting and taken + people <= places:
        return Entrance.PLACE
    return Entrance.WAITING if waiting + people <= waiting_most else Entrance.FULL


def telephone(text: str) -> str:
    """The one telephone of a text as it is dialled, or ''."""
    found = read(text)
    if len(found) != 1:
        return ""
    dialled = found[0].dialled
    return dialled if len(dialled.lstrip("+")) in DIGITS else ""


def sign_up_findings(
    *, name: str, phone: str, people: int, for_children: bool, age_band: str, guardian: str, agreed: bool
) -> list[Finding]:
    findings = []
    if not name.strip():
        said = "请写孩子的名字，小名也可以" if for_children else "请写您的名字"
        findings.append(Finding("name_missing", "name", said))
    if not telephone(phone):
        findings.append(Finding("phone", "phone", "请写一个打得通的电话，手机写 11 位数字"))
    if not 1 <= people <= TOGETHER_MOST:
        findings.append(Finding("people", "along", f"一次最多报 {TOGETHER_MOST} 个人，请分开报"))
    if for_children and not age_band:
        findings.append(Finding("age_band", "age_band", "请选孩子的年龄段"))
    if for_children and not guardian.strip():
        findings.append(Finding("guardian", "guardian", "请写家长（监护人）的名字"))
    if for_children and not agreed:
        findings.append(Finding("agreed", "agreed", "孩子参加要家长同意，请勾选"))
    return findings


def rows_most(places: int, waiting_most: int) -> int:
    """So many sign-ups an event ever takes in, those withdrawn as well: more is no village."""
    return 3 * (places + waiting_most) + A_MINUTE


def head_group(for_children: bool, kind: str) -> HeadGroup:
    """Among which heads somebody is counted who signed up and is not known."""
    if for_children:
        return HeadGroup.CHILDREN
    return HeadGroup.ELDERS if kind == "elders" else HeadGroup.OTHERS


# THE DAY -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many people signed up for a place, wait, took it back; how many of the list came, and were named."""

    taken: int = 0
    waiting: int = 0
    withdrawn: int = 0
    came: int = 0
    named: int = 0
    sign_ups: int = 0
    told: int = 0  # sign-ups of which somebody said whether they came
    to_tell: int = 0  # that moved up from the waiting list

    def kept(self) -> dict[str, int]:
        return {"taken": self.taken, "waiting": self.waiting, "withdrawn": self.withdrawn, "came": self.came,
                "named": self.named}  # fmt: skip


def hold_findings(
    *, state: str, held_on: date, today: date, on_list: int, stated_total: int | None, taken_by: str
) -> list[Finding]:
    """`on_list`: how many of the list came; `taken_by`: what else an activity to be joined already came of."""
    findings = []
    if state == S.HELD:
        findings.append(Finding("held_already", "", "这场活动已经记过了，不会再记一遍；要改请到活动记录里更正"))
    elif state == S.CANCELLED:
        findings.append(Finding("not_held", "", "这场活动已经取消；其实办了的，请先恢复筹备"))
    if stated_total is not None and stated_total < on_list:
        sentence = f"总人次 {stated_total} 少于名单上点到的 {on_list} 人，请改总数，或回到点名页改名单"
        findings.append(Finding("below_list", "stated_total", sentence))
    if taken_by:
        findings.append(Finding("taken", "activity", f"这条活动记录已经是「{taken_by}」的，请另选"))
    return findings


def line_before(numbers: Numbers) -> str:
    """How the summary begins while it is not known who else came."""
    waiting = f"（另有候补 {numbers.waiting} 人）" if numbers.waiting else ""
    return f"报名 {numbers.taken} 人{waiting}，名单上到场 {numbers.came} 人。"


def line_after(numbers: Numbers, *, times: int, named: int) -> str:
    """How the summary begins once it is."""
    waiting = f"（另有候补 {numbers.waiting} 人）" if numbers.waiting else ""
    return f"报名 {numbers.taken} 人{waiting}，到场 {times} 人次，其中名单上 {numbers.came} 人，实名 {named} 人。"


# AFTERWARDS ----------------------------------------------------------------


def say_most(times: int) -> int:
    """So many answers an activity with so many person-times takes in."""
    return max(SAY_LEAST, 2 * times)


def may_say(*, state: str, say_until: date | None, today: date) -> str:
    """'' where one may say how it was, otherwise why not."""
    if state != S.HELD or say_until is None:
        return "这场活动还没有办完，办完以后再请您说说。"
    if today > say_until:
        return "收集意见的时间已经过了，谢谢您。有话想说，随时可以打电话给社工站。"
    return ""


def voices(counts: Mapping[str, int]) -> tuple[int, int]:
    """Numerator and denominator of the satisfaction: 很满意 and 满意 of all answers."""
    return counts.get("5", 0) + counts.get("4", 0), sum(counts.values())


def budget_sums(rows: Sequence[Sequence[str]]) -> tuple[Decimal, Decimal]:
    """Planned and actual, altogether."""
    planned = sum((money(row[1]) or Decimal(0) for row in rows), Decimal(0))
    return planned, sum((money(row[2]) or Decimal(0) for row in rows), Decimal(0))
