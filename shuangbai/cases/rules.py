"""How a case moves through its stages, what each asks for, and when what is written is right. Pure.

The stages are those of MZ/T 094-2017; what each asks for follows its forms. Nothing that is missing stands in the way
but a closing without reason and summary: emergencies come before forms, and the reason is kept instead.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangbai.cases.enums import GoalState, Move, Scale, Stage, ViewKind
from shuangbai.core.findings import Finding, Severity

WORDS_MOST, LINE_MOST = 4000, 200
LEAST_WORDS = 2  # a reason of fewer characters says nothing
MINUTES_MOST = 600
MONTHS_USUAL, MONTHS_MOST = (1, 3, 6), 24
REVIEW_DAYS_USUAL = 90
GAS_LEAST, GAS_MOST, PERCENT_MOST = -2, 2, 100
PERCENT_REACHED = 80  # of 100 points: counted as reached (C5); of GAS it is 0, the expected level

# The six stages in their order, and the visits after closing.
ORDER = (Stage.INTAKE, Stage.ASSESS, Stage.PLAN, Stage.ACT, Stage.EVALUATE, Stage.CLOSE, Stage.FOLLOWUP)
OPEN_STAGES = ORDER[:-1]
CLOSED_STAGES = (Stage.FOLLOWUP, Stage.DECLINED)


def _moves_from(stage: Stage) -> dict[Stage, Move]:
    """Where an open case may go: the next stage, any further one, any earlier one."""
    at = OPEN_STAGES.index(stage)
    moves = dict.fromkeys(OPEN_STAGES[:at], Move.BACK)
    moves |= {to: Move.FORWARD if place == at + 1 else Move.SKIP
              for place, to in enumerate(OPEN_STAGES) if place > at}  # fmt: skip
    if stage == Stage.INTAKE:
        moves[Stage.DECLINED] = Move.DECLINE
    if stage == Stage.CLOSE:
        moves[Stage.FOLLOWUP] = Move.CLOSED
    return moves


# From which stage a case goes where, and what such a move is called. Whatever does not stand here is refused.
MOVES: Mapping[Stage, Mapping[Stage, Move]] = {
    **{stage: _moves_from(stage) for stage in OPEN_STAGES},
    Stage.FOLLOWUP: dict.fromkeys((Stage.ASSESS, Stage.PLAN, Stage.ACT), Move.REOPEN),
    Stage.DECLINED: {Stage.INTAKE: Move.REOPEN},
}
# Moves that ask for a reason always; FORWARD asks for one where a document of the stage is missing.
WITH_REASON = (Move.SKIP, Move.BACK, Move.REOPEN, Move.DECLINE)


def next_of(stage: Stage) -> Stage | None:
    """The stage that comes after an open one; of CLOSE it is FOLLOWUP, by closing."""
    return next((to for to, move in MOVES[stage].items() if move in (Move.FORWARD, Move.CLOSED)), None)


# WHAT EACH STAGE ASKS FOR ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """Something that a stage asks for. `gate`: of domain 7.1, what the next stage waits for."""

    stage: Stage
    label: str
    gate: bool = False


DOCUMENTS: Mapping[str, Document] = {
    "presenting": Document(Stage.INTAKE, "求助的问题"),
    "decision": Document(Stage.INTAKE, "接案决定和理由", gate=True),
    "consent": Document(Stage.INTAKE, "服务同意，或没有同意的原因", gate=True),
    "assessment": Document(Stage.ASSESS, "预估表"),
    "need": Document(Stage.ASSESS, "至少一项需求", gate=True),
    "risk": Document(Stage.ASSESS, "风险级别", gate=True),
    "plan": Document(Stage.PLAN, "服务计划书"),
    "goal": Document(Stage.PLAN, "至少一个目标", gate=True),
    "agreed": Document(Stage.PLAN, "服务对象同意计划"),
    "view_plan": Document(Stage.PLAN, "督导对计划的意见", gate=True),
    "session": Document(Stage.ACT, "至少一次会谈记录", gate=True),
    "evaluation": Document(Stage.EVALUATE, "评估表"),
    "ratings": Document(Stage.EVALUATE, "每个目标都有评分", gate=True),
    "reason": Document(Stage.CLOSE, "结案原因", gate=True),
    "summary": Document(Stage.CLOSE, "结案总结", gate=True),
    "view_closing": Document(Stage.CLOSE, "督导对结案的意见", gate=True),
    "follow_ups": Document(Stage.FOLLOWUP, "到期的回访都已完成"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A document of a case: there, missing since a day, or (`since` None) of a stage that is not reached."""

    code: str
    document: Document
    there: bool
    since: date | None

    @property
    def missing(self) -> bool:
        return not self.there and self.since is not None


def checklist(*, there: Collection[str], asked: Collection[str], reached: Mapping[Stage, date]) -> list[Line]:
    """Each document that a case asks for, in the order of stages.

    `there`: codes of what it has; `asked`: those of the documents that not every case asks for (the supervisor's
    views); `reached`: the day on which the case first came to a stage or passed it.
    """
    return [
        Line(code, document, code in there, reached.get(document.stage))
        for code, document in DOCUMENTS.items()
        if code in asked or not code.startswith("view_")
    ]


def views_asked(*, high: bool, agree_plan: bool, agree_closing: bool) -> set[str]:
    """The supervisor's views that a case asks for: of the plan where the risk is high, and where the city asks."""
    asked = {"view_plan"} if high or agree_plan else set()
    return asked | ({"view_closing"} if agree_closing else set())


def reached_on(moves: Sequence[tuple[Stage, date]]) -> dict[Stage, date]:
    """The day on which a case first came to each stage, or behind it. `moves`: to which stage and when, in order."""
    found: dict[Stage, date] = {}
    for to, on in moves:
        for stage in ORDER[: ORDER.index(to) + 1] if to in ORDER else ():
            found.setdefault(stage, on)
    return found


# MOVING --------------------------------------------------------------------


def move_findings(
    *, stage: Stage, to: Stage, reason: str, missing: Sequence[str], on: date, since: date, today: date
) -> list[Finding]:
    """What stands in the way of a move. `missing`: codes of the stage's gates that are not there; `since`: when the
    case came to `stage`."""
    move = MOVES[stage].get(to)
    if move is None:
        return [no_move_finding(stage, to)]
    findings = []
    said = len(reason.strip()) >= LEAST_WORDS
    if move in WITH_REASON and not said:
        findings.append(Finding("no_reason", "reason", f"请写明{_why(move, to)}，如「{_EXAMPLES[move]}」"))
    elif missing and not said:
        named = "、".join(DOCUMENTS[code].label for code in missing)
        sentence = f"「{stage.label}」还缺：{named}。可以先补上；要先往下走，请写明理由，如「情况紧急，先介入后补」"
        findings.append(Finding("missing", "reason", sentence))
    if on > today:
        findings.append(Finding("future", "on", "日期在今天之后，请核对；到了那天再记"))
    elif on < since:
        findings.append(Finding("before", "on", f"日期早于进入「{stage.label}」的{since:%Y-%m-%d}，请核对"))
    return findings


_EXAMPLES = {
    Move.SKIP: "有人身危险，先介入，表格后补",
    Move.BACK: "出现新情况，需要重新预估",
    Move.REOPEN: "回访时发现情况反复，服务对象再次求助",
    Move.DECLINE: "属于社保业务，已转介镇社会事务办",
}


def _why(move: Move, to: Stage) -> str:
    return {
        Move.SKIP: f"为什么直接到「{to.label}」", Move.BACK: f"为什么退回「{to.label}」", Move.REOPEN: "为什么重开",
        Move.DECLINE: "为什么不接案、转介到哪里",
    }[move]  # fmt: skip


def no_move_finding(stage: Stage, to: Stage) -> Finding:
    return Finding("no_move", "to", f"个案现在在「{stage.label}」，不能这样到「{to.label}」，请刷新这一页再选")


def unviewed_findings(*, asked: bool, there: bool) -> list[Finding]:
    """A warning where the risk is high and the supervisor has said nothing of the plan."""
    if there or not asked:
        return []
    sentence = "这件个案风险高，督导还没有对计划说过意见；建议先请督导看，情况紧急可以先往下走"
    return [Finding("unviewed", "", sentence, Severity.WARN)]


# OPENING -------------------------------------------------------------------


def case_findings(
    *, presenting: str, people: int, strangers: int, opened_on: date, accepted_on: date | None,
    consent_on: date | None, today: date, beyond_intake: bool, closed_on: date | None, first_session: date | None,
) -> list[Finding]:  # fmt: skip
    """What is wrong with the record of 接案. `strangers`: how many of the people asked for are not of the family."""
    findings = []
    if strangers:
        findings.append(Finding("strangers", "people", "所选的人里有的不是这家的成员，请重新选"))
    elif not people:
        findings.append(Finding("nobody", "people", "请选服务对象，至少一位"))
    if not presenting.strip():
        findings.append(Finding("presenting", "presenting", "请写下求助的问题，一句也可以"))
    if opened_on > today:
        findings.append(Finding("future", "opened_on", "登记日期在今天之后，请核对"))
    elif first_session and opened_on > first_session:
        sentence = f"{first_session:%Y-%m-%d}已有会谈，登记日期不能比它晚"
        findings.append(Finding("after_session", "opened_on", sentence))
    elif closed_on and opened_on > closed_on:
        findings.append(Finding("after_closing", "opened_on", f"个案已在{closed_on:%Y-%m-%d}结案，登记日期不能比它晚"))
    if accepted_on and accepted_on < opened_on:
        findings.append(Finding("accepted_before", "accepted_on", "接案日期早于登记日期，请核对"))
    elif accepted_on and accepted_on > today:
        findings.append(Finding("accepted_future", "accepted_on", "接案日期在今天之后，请核对"))
    elif beyond_intake and accepted_on is None:
        findings.append(Finding("accepted", "accepted_on", "个案已经过了接案阶段，请填接案日期"))
    if consent_on and consent_on > today:
        findings.append(Finding("consent_future", "consent_on", "同意日期在今天之后，请核对"))
    return findings


def risk_findings(*, reason: str, on: date, opened_on: date, today: date) -> list[Finding]:
    findings = []
    if len(reason.strip()) < LEAST_WORDS:
        findings.append(Finding("risk_reason", "risk_reason", "请写明依据，如「独自照看孩子，近期两次说不想活」"))
    if on > today:
        findings.append(Finding("future", "on", "日期在今天之后，请核对"))
    elif on < opened_on:
        findings.append(Finding("before", "on", f"日期早于个案登记的{opened_on:%Y-%m-%d}，请核对"))
    return findings


# GOALS ---------------------------------------------------------------------


def goal_findings(
    *, statement: str, indicator: str, target: str, set_on: date, due_on: date, levels: Sequence[str]
) -> list[Finding]:
    """What is wrong with a goal: it says what, by what one sees it, and by when. `levels`: the five, from -2 on."""
    findings = []
    if not statement.strip():
        findings.append(Finding("statement", "statement", "请写明目标，如「小敏每天按时上学」"))
    if not indicator.strip():
        findings.append(Finding("unmeasured", "indicator", "请写明怎样衡量，如「每周迟到的次数，由班主任记录」"))
    if not target.strip():
        findings.append(Finding("no_target", "target", "请写明要达到什么，如「每周迟到不超过一次」"))
    if due_on < set_on:
        findings.append(Finding("due", "due_on", "期限早于订立日期，请核对"))
    told = sum(bool(level.strip()) for level in levels)
    if told and told < len(levels):
        sentence = "五级里有的没有写；要用五级描述，请五级都写，不用就全部留空"
        findings.append(Finding("levels", "level_m2", sentence, Severity.WARN))
    return findings


def goal_state_findings(*, was: str, becomes: str, case_open: bool, reason: str) -> list[Finding]:
    """A goal is given up and taken up again with a reason, the latter only while its case is open."""
    again = becomes == GoalState.OPEN
    if was == becomes:
        return [Finding("same", "", f"这个目标已经{'在追求' if again else '不再追求'}，请刷新页面")]
    if again and not case_open:
        return [Finding("closed", "", "个案已经结案，不能重新追求目标；要接着做，请先重开个案")]
    if len(reason.strip()) < LEAST_WORDS:
        example = "重新追求，如「父亲已回村，孩子回校」" if again else "不再追求，如「已随父亲去深圳读书」"
        return [Finding("reason", "reason", f"请写明为什么{example}")]
    return []


def rating_findings(*, scale: str, value: int, on: date, set_on: date, today: date, dropped: bool) -> list[Finding]:
    """A rating outside its scale, of a day that cannot be."""
    findings = []
    if dropped:
        findings.append(Finding("dropped", "", "这个目标已经不再追求，不能再评分"))
    if scale == Scale.GAS and not GAS_LEAST <= value <= GAS_MOST:
        findings.append(Finding("outside", "value", "目标达成量表只有 −2、−1、0、+1、+2 五级，请重新选择"))
    elif scale == Scale.PERCENT and not 0 <= value <= PERCENT_MOST:
        findings.append(Finding("outside", "value", "百分制是 0 到 100，请重新填写"))
    if on > today:
        findings.append(Finding("future", "rated_on", "评分日期在今天之后，请核对"))
    elif on < set_on:
        findings.append(Finding("before", "rated_on", f"评分日期早于订立目标的{set_on:%Y-%m-%d}，请核对"))
    return findings


def is_reached(scale: str, value: int | None) -> bool:
    """Whether a rating counts as reached: the expected level of GAS, 80 of 100 points."""
    return value is not None and value >= (0 if scale == Scale.GAS else PERCENT_REACHED)


# WHAT IS WRITTEN ------------------------------------------------------------


def declined_finding() -> Finding:
    return Finding("declined", "", "这件个案没有接，不能写这一项；要接，请先重开")


def dated_findings(field: str, on: date, *, since: date, today: date, said: bool) -> list[Finding]:
    """Of a document: that it says something, of a day within its case."""
    findings = []
    if on > today:
        findings.append(Finding("future", field, "日期在今天之后，请核对"))
    elif on < since:
        findings.append(Finding("before", field, f"日期早于个案登记的{since:%Y-%m-%d}，请核对"))
    if not said:
        findings.append(Finding("empty", "", "还没有写内容，至少写一项，一句也可以"))
    return findings


# SESSIONS ------------------------------------------------------------------


def session_findings(
    *, held_on: date, opened_on: date, closed_on: date | None, today: date, process: str, next_on: date | None,
    minutes: int,
) -> list[Finding]:  # fmt: skip
    """A session lies within its case, and not in the future."""
    findings = []
    if held_on > today:
        findings.append(Finding("future", "held_on", "日期在今天之后，请核对；会谈过后再记"))
    elif held_on < opened_on:
        sentence = f"日期早于个案登记的{opened_on:%Y-%m-%d}；请核对日期，或先把登记日期改早"
        findings.append(Finding("before", "held_on", sentence))
    elif closed_on and held_on > closed_on:
        sentence = f"个案已在{closed_on:%Y-%m-%d}结案，之后的会谈记不进来；回访请记在「回访」，要继续服务请先重开个案"
        findings.append(Finding("closed", "held_on", sentence))
    if not process.strip():
        findings.append(Finding("process", "process", "请写下谈了什么，一句也可以"))
    if not 1 <= minutes <= MINUTES_MOST:
        findings.append(Finding("minutes", "minutes", f"时长请填 1 到 {MINUTES_MOST} 分钟"))
    if next_on and next_on < held_on:
        findings.append(Finding("next", "next_on", "下次日期早于这次会谈，请核对"))
    return findings


# CLOSING, AFTERWARDS, THE SUPERVISOR ------------------------------------------


def close_findings(
    *, reason: str, summary: str, missing: Sequence[str], why: str, on: date, since: date, today: date,
    latest_session: date | None,
) -> list[Finding]:  # fmt: skip
    """A case is not closed without reason and summary; whatever else is missing asks for a word why."""
    findings = []
    if not reason:
        findings.append(Finding("no_close_reason", "reason", "请选结案原因"))
    if len(summary.strip()) < LEAST_WORDS:
        findings.append(Finding("no_summary", "summary", "请写结案总结：做了什么、有什么变化、以后靠什么"))
    rest = [code for code in missing if code not in ("reason", "summary")]
    if rest and len(why.strip()) < LEAST_WORDS:
        named = "、".join(DOCUMENTS[code].label for code in rest)
        findings.append(Finding("missing", "why", f"还缺：{named}。可以先补上；要先结案，请写明理由"))
    if on > today:
        findings.append(Finding("future", "on", "结案日期在今天之后，请核对"))
    elif on < since:
        findings.append(Finding("before", "on", f"结案日期早于进入「结案」的{since:%Y-%m-%d}，请核对"))
    elif latest_session and on < latest_session:
        sentence = f"最后一次会谈在{latest_session:%Y-%m-%d}，结案不能比它早"
        findings.append(Finding("before_session", "on", sentence))
    return findings


def months_findings(months: Sequence[int]) -> list[Finding]:
    if all(1 <= month <= MONTHS_MOST for month in months) and len(set(months)) == len(months):
        return []
    return [Finding("months", "months", f"回访请填结案后几个月，1 到 {MONTHS_MOST}，不重复，如 1、3、6")]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def follow_up_findings(*, done_on: date, closed_on: date, note: str, today: date) -> list[Finding]:
    findings = []
    if done_on > today:
        findings.append(Finding("future", "done_on", "回访日期在今天之后，请核对；回访过后再记"))
    elif done_on < closed_on:
        findings.append(Finding("before", "done_on", f"回访日期早于结案的{closed_on:%Y-%m-%d}，请核对"))
    if len(note.strip()) < LEAST_WORDS:
        findings.append(Finding("note", "note", "请写下回访情况，一句也可以"))
    return findings


def view_findings(*, kind: str, agrees: bool | None, text: str, there: bool) -> list[Finding]:
    """`there`: whether what is spoken of is written."""
    if not there:
        return [Finding("nothing", "kind", "还没有写，等社工写了再说")]
    if kind == ViewKind.COMMENT:
        return [] if text.strip() else [Finding("text", "text", "请写下意见，一句也可以")]
    if agrees is None:
        return [Finding("agrees", "agrees", "请选同意或不同意")]
    return [] if agrees or text.strip() else [Finding("why", "text", "请写明为什么不同意、要改哪里")]


def diagram() -> str:
    """The table of stages as a mermaid diagram; skips and ways back are told together, as they are many."""
    lines = ["stateDiagram-v2", f"    [*] --> {Stage.INTAKE}: {Move.OPEN.label}"]
    lines += [f"    {stage}: {stage.label}" for stage in Stage]
    for stage, moves in MOVES.items():
        for to, move in moves.items():
            if move in (Move.FORWARD, Move.CLOSED, Move.DECLINE, Move.REOPEN):
                words = move.label if move not in WITH_REASON else f"{move.label}（写明理由）"
                lines.append(f"    {stage} --> {to}: {words}")
    for move, where in ((Move.SKIP, "后面任何一个阶段"), (Move.BACK, "前面任何一个阶段")):
        lines.append(f"    note right of {Stage.ACT}: {move.label}到{where}，写明理由" if move == Move.SKIP else
                     f"    note left of {Stage.ACT}: {move.label}到{where}，写明理由")  # fmt: skip
    return "\n".join([*lines, f"    {Stage.FOLLOWUP} --> [*]"])
