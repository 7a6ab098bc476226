"""When a group, its members and its sessions are right, and what the standard asks for (domain 3.8, 7.2). Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.states import Way, diagram_of
from shuangbai.groups.enums import MINORS, AgeBand, GroupState, Phase
from shuangbai.services import rules as services
from shuangbai.services.enums import HeadGroup

R, W, I = Severity.REFUSE, Severity.WARN, Severity.IGNORE
ADULT = 18
ELDER = 60
NAMES_MOST = 300
MINUTES_MOST = 600
PLAN_MOST = 24
S = GroupState

# One table: what each door does about each finding of this room; those of the spine stand in services.
DOORS: DoorTable = {
    **services.DOORS,
    "theme_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "state_closed": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "number_taken": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "before_group": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "after_group": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "not_in_group": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "not_called": {Door.PAGE: R, Door.SHEET: W, Door.PHONE: R},
    "nobody_there": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "below_names": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "same_day": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
}


# STATES --------------------------------------------------------------------


# The table of states: from where, to where, and how. A first session takes a group to RUNNING by itself.
WAYS: Mapping[GroupState, Mapping[GroupState, Way]] = {
    S.PREPARING: {S.RECRUITING: Way("开始招募"), S.RUNNING: Way("直接开始"), S.CANCELLED: Way("取消小组", True)},
    S.RECRUITING: {
        S.RUNNING: Way("开始小组"), S.PREPARING: Way("退回筹备", True), S.CANCELLED: Way("取消小组", True),
    },
    S.RUNNING: {S.ENDED: Way("结束小组"), S.CANCELLED: Way("取消小组", True)},
    S.ENDED: {S.RUNNING: Way("重新开始", True)},
    S.CANCELLED: {S.PREPARING: Way("恢复筹备", True)},
}  # fmt: skip
HOLDING = (S.PREPARING, S.RECRUITING, S.RUNNING, S.ENDED)  # sessions may be entered, late ones too
OPEN = (S.PREPARING, S.RECRUITING, S.RUNNING)


MEAN_FROM = 5  # members measured twice: of fewer, one member makes the mean


@dataclass(frozen=True, slots=True)
class Change:
    """What members scored before and after, of those who did both. No mean of a few, and no test of so many."""

    many: int
    before: Decimal | None = None
    after: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def fell(self) -> Decimal:
        return -(self.change or Decimal(0))


def change_of(scores: Sequence[tuple[Decimal | None, Decimal | None]]) -> Change:
    """The means of those who have both points, to a tenth; none where they are too few."""
    both = [(before, after) for before, after in scores if before is not None and after is not None]
    if len(both) < MEAN_FROM:
        return Change(len(both))
    tenth = Decimal("0.1")
    before, after = (sum((pair[at] for pair in both), Decimal(0)) / len(both) for at in (0, 1))
    return Change(len(both), before.quantize(tenth), after.quantize(tenth))


def diagram() -> str:
    """The table of states as a mermaid diagram."""
    return diagram_of(S, WAYS, first=S.PREPARING, called="登记小组", last=(S.ENDED, S.CANCELLED))


def move_findings(
    *, was: str, to: str, reason: str, on: date, today: date, begun_on: date, last_session: date | None, sessions: int
) -> list[Finding]:
    way = WAYS[GroupState(was)].get(GroupState(to))
    if way is None:
        return [Finding("no_way", "to", f"小组现在是「{GroupState(was).label}」，不能这样改；请刷新后再看")]
    findings = []
    if way.reason and not reason.strip():
        findings.append(Finding("reason_missing", "reason", f"请写明为什么{way.label}，一句话"))
    if on > today:
        findings.append(Finding("future", "moved_on", "日期在今天之后，请填实际发生的日期"))
    elif on < begun_on:
        findings.append(Finding("before_group", "moved_on", f"日期早于开始筹备的日期（{begun_on:%Y-%m-%d}），请核对"))
    if to == S.CANCELLED and sessions:
        sentence = f"已有 {sessions} 节记录，不能取消；请改为「结束小组」，没有办完的写在评估里"
        findings.append(Finding("has_sessions", "to", sentence))
    if to == S.ENDED and not sessions:
        findings.append(Finding("no_session", "to", "还没有节次记录，不能结束；没有办成的请改为「取消小组」"))
    elif to == S.ENDED and last_session and on < last_session:
        sentence = f"最后一节在 {last_session:%Y-%m-%d}，结束日期不能早于它"
        findings.append(Finding("before_last", "moved_on", sentence))
    return findings


# THE PLAN ------------------------------------------------------------------


def group_findings(
    *, title: str, begun_on: date, today: date, opened_on: date, first_session: date | None, worker_posted: bool,
    same_worker: bool, plan: Sequence[tuple[int, str, str]],
) -> list[Finding]:  # fmt: skip
    findings = []
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请填写小组名称"))
    if begun_on > today:
        findings.append(Finding("future", "begun_on", "开始筹备的日期在今天之后，请改为今天或以前"))
    elif begun_on < opened_on:
        findings.append(Finding("before_station", "begun_on", f"日期早于本站开站日期（{opened_on:%Y-%m-%d}），请核对"))
    elif first_session and begun_on > first_session:
        sentence = f"第一节已在 {first_session:%Y-%m-%d} 举行，开始筹备的日期不能晚于它"
        findings.append(Finding("after_session", "begun_on", sentence))
    if not worker_posted:
        findings.append(Finding("worker_not_posted", "worker", "所选社工没有在本站任职过，请另选一位"))
    if same_worker:
        findings.append(Finding("same_worker", "coworker", "协同社工和负责社工是同一个人，请另选或留空"))
    numbers = [number for number, _day, _theme in plan]
    if len(set(numbers)) != len(numbers):
        findings.append(Finding("plan_number_twice", "plan", "各节计划里有两行是同一节，请改其中一行的节次"))
    return findings


def evaluation_findings(*, agreed_on: date | None, today: date, answers: Iterable[int], members: int) -> list[Finding]:
    findings = []
    if agreed_on and agreed_on > today:
        findings.append(Finding("future", "agreed_on", "约定日期在今天之后，请核对"))
    told = sum(answers)
    if told > members:
        sentence = f"满意度一共 {told} 份，比组员 {members} 人还多；每人一份，请核对"
        findings.append(Finding("too_many_answers", "satisfaction", sentence))
    return findings


def usual_phase(number: int, planned: int) -> Phase:
    """The phase by the place of a session among those planned: the first forms, the last ends."""
    if number <= 1:
        return Phase.FORMATION
    if planned and number >= planned:
        return Phase.ENDING
    return Phase.TRANSITION if number <= max(2, planned // 3) else Phase.MATURITY


# MEMBERS -------------------------------------------------------------------


def is_minor(age: int | None, band: str) -> bool:
    """By the day of birth where it is known, otherwise by what was said."""
    return age < ADULT if age is not None else band in MINORS


def head_group(age: int | None, band: str) -> HeadGroup:
    """Among which heads somebody counts who is only named."""
    if band == AgeBand.CHILD or (age is not None and age < ADULT):
        return HeadGroup.CHILDREN
    return HeadGroup.ELDERS if band == AgeBand.ELDER else HeadGroup.OTHERS


def member_findings(
    *, known: bool, of_station: bool, name: str, age_band: str, already: bool, taken: bool, refused_reason: str,
    joined_on: date | None, left_on: date | None, left_reason: str, consented_on: date | None, today: date,
    outside: Sequence[date], count: int,
) -> list[Finding]:  # fmt: skip
    """`outside`: days of sessions at which the member was there, and on which they would not be of the group."""
    findings = []
    if known and not of_station:
        findings.append(Finding("unknown", "person", "这个人不在本站家庭名册中，请重新选择，或在下面只写姓名"))
    if known and already:
        findings.append(Finding("already", "person", "这个人已经在这个小组的名单里，请到名单里改"))
    if not known and not name.strip():
        findings.append(Finding("nobody", "name", "请选一位本站家庭里的人，或写下姓名"))
    if not known and not age_band:
        findings.append(Finding("age_band", "age_band", "只写姓名的，请选大概的年龄段"))
    if count > NAMES_MOST:
        findings.append(Finding("too_many", "", f"一个小组最多 {NAMES_MOST} 人；更多的人请记为社区活动"))
    if not taken and not refused_reason.strip():
        findings.append(Finding("refused_reason", "refused_reason", "没有入组的，请写明原因，一句话"))
    if taken and joined_on is None:
        findings.append(Finding("joined_missing", "joined_on", "请填写入组日期"))
    return findings + _member_days(joined_on, left_on, left_reason, consented_on, today, outside)


def _member_days(
    joined_on: date | None, left_on: date | None, left_reason: str, consented_on: date | None, today: date,
    outside: Sequence[date],
) -> list[Finding]:  # fmt: skip
    findings = []
    for name, day in (("joined_on", joined_on), ("left_on", left_on), ("consented_on", consented_on)):
        if day and day > today:
            findings.append(Finding("future", name, "日期在今天之后，请核对"))
    if joined_on and left_on and left_on < joined_on:
        findings.append(Finding("dates", "left_on", "离组日期早于入组日期，请核对"))
    if left_on and not left_reason.strip():
        findings.append(Finding("left_reason", "left_reason", "请写明为什么离组，一句话"))
    if outside:
        days = "、".join(f"{day:%Y-%m-%d}" for day in sorted(outside)[:3])
        where = "left_on" if left_on and max(outside) > left_on else "joined_on"
        findings.append(Finding("was_there", where, f"这个人在 {days} 的节次里记为到场；请改日期，或先更正那几节"))
    return findings


# SESSIONS ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Called:
    """A member as the roll of a day has them."""

    name: str
    joined_on: date | None
    left_on: date | None


def _outside(one: Called, day: date) -> str:
    if one.joined_on is None:
        return f"{one.name}没有入组"
    if day < one.joined_on:
        return f"{one.name}在 {one.joined_on:%Y-%m-%d} 才入组"
    return f"{one.name}已在 {one.left_on:%Y-%m-%d} 离组" if one.left_on and day > one.left_on else ""


def session_findings(
    *, state: str, day: date, begun_on: date, ended_on: date | None, theme: str, workers: int, number: int,
    taken_on: date | None, same_day: bool, there: Sequence[Called], uncalled: Sequence[str], guests: int,
    has_method: bool, stated_total: int | None,
) -> list[Finding]:  # fmt: skip
    """`taken_on`: the day of another session of this number; `uncalled`: who of the day's roll was not called."""
    findings = []
    if state not in HOLDING:
        findings.append(Finding("state_closed", "occurred_on", "这个小组已经取消，不能再记节次；请先恢复筹备"))
    if not theme.strip():
        findings.append(Finding("theme_missing", "theme", "请填写这一节的主题"))
    if not workers:
        findings.append(Finding("no_worker", "workers", "请选择带组社工（至少一人）"))
    if taken_on:
        sentence = f"第 {number} 节已经记过（{taken_on:%Y-%m-%d}），请改节次，或到那一节里更正"
        findings.append(Finding("number_taken", "number", sentence))
    if day < begun_on:
        sentence = f"日期早于小组开始筹备的日期（{begun_on:%Y-%m-%d}），请核对"
        findings.append(Finding("before_group", "occurred_on", sentence))
    if ended_on and day > ended_on:
        findings.append(Finding("after_group", "occurred_on", f"小组已在 {ended_on:%Y-%m-%d} 结束，请核对日期"))
    if same_day:
        findings.append(Finding("same_day", "occurred_on", "这一天已经记过一节，请确认是一天里的另一节"))
    return (
        findings + _roll_findings(day, there, uncalled) + _count_findings(len(there), guests, has_method, stated_total)
    )


def _roll_findings(day: date, there: Sequence[Called], uncalled: Sequence[str]) -> list[Finding]:
    findings = []
    strays = [said for one in there if (said := _outside(one, day))]
    if strays:
        sentence = f"{'；'.join(strays[:5])}，不能记这一天到场。请改日期或名单里的日期，或计入来宾人数"
        findings.append(Finding("not_in_group", "roll", sentence))
    if uncalled:
        names = "、".join(uncalled[:5]) + ("等" if len(uncalled) > 5 else "")
        findings.append(
            Finding("not_called", "roll", f"还没有点名：{names}（共 {len(uncalled)} 人），请选到、迟到或没来")
        )
    return findings


def _count_findings(named: int, guests: int, has_method: bool, stated_total: int | None) -> list[Finding]:
    findings = []
    if not named and not guests:
        findings.append(Finding("nobody_there", "roll", "没有一个人到场，不算一节；没有办成的不用记"))
    if guests and not has_method:
        findings.append(Finding("method_missing", "method", "填了来宾人数，请选择怎么数的（签到表、现场清点或估计）"))
    if stated_total is not None and stated_total < named:
        sentence = f"总人次 {stated_total} 少于点名到场的 {named} 人，请改总数，或改点名"
        findings.append(Finding("below_names", "stated_total", sentence))
    elif stated_total is not None and stated_total != named + guests:
        sentence = (
            f"总人次 {stated_total} 与分项不符：点名到场 {named} + 来宾 {guests} = {named + guests}，"
            "请改总数或分项，也可把总数留空"
        )
        findings.append(Finding("total_contradicts", "stated_total", sentence))
    return findings


# WHAT THE STANDARD ASKS FOR ------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What stands in a group, for the list of its papers. `since`: the day on which each phase began."""

    said: frozenset[str]
    since: Mapping[Phase, date]
    planned: int
    members: int
    minors_without_consent: Sequence[str] = ()
    without_process: Sequence[date] = ()
    before_missing: int = 0
    after_missing: int = 0
    measures: bool = False
    tasks: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that MZ/T 095-2017 asks for in a phase; `there`: whether it is."""

    code: str
    phase: Phase
    label: str
    there: Callable[[Facts], bool]


def _has(name: str) -> Callable[[Facts], bool]:
    return lambda facts: name in facts.said


P = Phase
PAPERS: Sequence[Paper] = (
    Paper("need", P.PREPARATION, "需求与背景", _has("need")),
    Paper("theory", P.PREPARATION, "理论", _has("theory")),
    Paper("goals", P.PREPARATION, "目标", _has("goals")),
    Paper("plan", P.PREPARATION, "各节计划", lambda facts: facts.planned > 0),
    Paper("budget", P.PREPARATION, "预算", _has("budget")),
    Paper("risks", P.PREPARATION, "风险与应对", _has("risks")),
    Paper("recruiting", P.PREPARATION, "怎样招募、筛选", _has("recruiting")),
    Paper("members", P.PREPARATION, "组员名单", lambda facts: facts.members > 0),
    Paper("agreement", P.FORMATION, "小组契约", lambda facts: {"agreement", "agreed_on"} <= facts.said),
    Paper("consent", P.FORMATION, "未成年组员的监护人同意", lambda facts: not facts.minors_without_consent),
    Paper("before", P.FORMATION, "前测", lambda facts: facts.measures and not facts.before_missing),
    Paper("process", P.MATURITY, "每一节的过程记录", lambda facts: not facts.without_process),
    Paper("after", P.ENDING, "后测", lambda facts: facts.measures and not facts.after_missing),
    Paper("satisfaction", P.ENDING, "满意度", lambda facts: facts.answers > 0),
    Paper("evaluation", P.ENDING, "过程评估与成效评估", lambda facts: {"process", "outcome"} <= facts.said),
    Paper("reached", P.ENDING, "目标达成", _has("reached")),
    Paper("following", P.ENDING, "跟进名单", lambda facts: facts.tasks > 0),
)


@dataclass(frozen=True, slots=True)
class Missing:
    paper: Paper
    since: date


def missing(facts: Facts) -> list[Missing]:
    """What is not there and was asked for by now, with the day since when. It hinders nothing."""
    found = []
    for paper in PAPERS:
        since = facts.since.get(paper.phase)
        if since is not None and not paper.there(facts):
            first = min(facts.without_process) if paper.code == "process" and facts.without_process else since
            found.append(Missing(paper, first))
    return found
