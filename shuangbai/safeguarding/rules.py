"""When an alarm may be raised, carried on and closed, and how long it has run. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shuangbai.core.findings import Finding, Severity
from shuangbai.safeguarding.enums import AlarmState, CloseReason, Protected, StepKind

WORDS_MOST, LINE_MOST = 4000, 200
ADULT = 18
CLOSE = "close"
HOURS_USUAL = 1  # the law says at once; a city may say otherwise
SLACK = timedelta(minutes=2)  # between two clocks
LONG_AGO, BEFORE = timedelta(days=366), timedelta(days=1)

# What may be done in which state, and which state follows. Whatever does not stand here is refused.
AFTER: Mapping[AlarmState, Mapping[str, AlarmState]] = {
    AlarmState.RAISED: {
        **dict.fromkeys(StepKind, AlarmState.RAISED), StepKind.POLICE: AlarmState.REPORTED, CLOSE: AlarmState.CLOSED,
    },
    AlarmState.REPORTED: {**dict.fromkeys(StepKind, AlarmState.REPORTED), CLOSE: AlarmState.CLOSED},
    AlarmState.CLOSED: {},
}  # fmt: skip
# Why an alarm may be closed while no report to the police stands in it.
WITHOUT_REPORT = (CloseReason.MISTAKEN, CloseReason.DRILL)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a kind of step asks: what its line of words is called, an example, and whether it must be filled in."""

    whom: str
    example: str
    needs_whom: bool = True
    needs_note: bool = False


STEPS: Mapping[str, Asked] = {
    StepKind.POLICE: Asked("向哪里报警、接警人", "110 指令中心，城东派出所陈警官"),
    StepKind.TOLD: Asked("告知了谁", "站长、镇儿童督导员、民政科"),
    StepKind.PLACED: Asked("安置在哪里、谁照看", "镇敬老院临时房间，由姑姑陪住"),
    StepKind.MEDICAL: Asked("哪家医院、谁陪同", "县妇幼保健院，社工与村妇女主任陪同"),
    StepKind.ORDER: Asked("哪个机关", "县人民法院、城东派出所"),
    StepKind.FOLLOWUP: Asked("见到了谁", "本人和姑姑", needs_whom=False, needs_note=True),
    StepKind.MORE: Asked("从哪里得知", "班主任", needs_whom=False, needs_note=True),
}


def diagram() -> str:
    """The table of states as a mermaid diagram; steps that lead nowhere else are told together."""
    lines = ["stateDiagram-v2", f"    [*] --> {AlarmState.RAISED}: 发起"]
    lines += [f"    {state}: {state.label}" for state in AlarmState]
    for state, moves in AFTER.items():
        stays = "、".join(StepKind(move).label for move, to in moves.items() if to == state)
        if stays:
            lines.append(f"    {state} --> {state}: {stays}")
        for move, to in moves.items():
            if to != state:
                lines.append(f"    {state} --> {to}: {StepKind(move).label if move != CLOSE else '结案（不是发起人）'}")
    return "\n".join([*lines, f"    {AlarmState.CLOSED} --> [*]"])


# RAISING -------------------------------------------------------------------


def raise_findings(
    *, known: bool, who: str, protected: str, age: int | None, facts: str, discovered_at: datetime, now: datetime,
    open_already: bool,
) -> list[Finding]:  # fmt: skip
    """What is wrong with an alarm. An emergency comes before forms: what only looks odd is warned of.

    `age`: completed years of a known person, None where the day of birth is not known.
    """
    findings = []
    if not known and not who.strip():
        findings.append(Finding("nobody", "who", "请选一位本站的人，或写明是谁（不知道姓名就写样子和住处）"))
    if not facts.strip():
        findings.append(Finding("no_facts", "facts", "请写下看见、听见了什么，一句也可以，详情可以过后补充"))
    if discovered_at > now + SLACK:
        findings.append(Finding("future", "discovered_at", "发现时间在现在之后，请核对日期和时刻"))
    elif discovered_at < now - LONG_AGO:
        findings.append(Finding("long_ago", "discovered_at", "发现时间在一年多以前，请核对年份"))
    if age is not None and (age < ADULT) != (protected == Protected.MINOR):
        sentence = f"按登记的出生日期，这个人 {age} 岁；请核对是不是选错了人，或「保护对象」选错了"
        findings.append(Finding("age", "protected", sentence, Severity.WARN))
    if open_already:
        sentence = "这个人已有一件没有结案的警报；如果说的是同一件事，请到那一件里「记一步」，不必再发起"
        findings.append(Finding("open_already", "person", sentence, Severity.WARN))
    return findings


# STEPS ---------------------------------------------------------------------


def step_findings(
    *, state: str, kind: str, whom: str, receipt: str, note: str, happened_at: datetime, discovered_at: datetime,
    now: datetime,
) -> list[Finding]:  # fmt: skip
    if kind not in AFTER[AlarmState(state)]:
        return [closed_finding()]
    asked, findings = STEPS[kind], []
    if asked.needs_whom and not whom.strip():
        findings.append(Finding("whom", "whom", f"请写明{asked.whom}，如「{asked.example}」"))
    if asked.needs_note and not note.strip():
        findings.append(Finding("note", "note", "请写明情况，一句也可以"))
    if kind == StepKind.POLICE and not receipt.strip() and not note.strip():
        findings.append(Finding("receipt", "receipt", "请填报警回执号；还没有拿到，就在「情况」里写明为什么"))
    if happened_at > now + SLACK:
        findings.append(Finding("future", "happened_at", "时间在现在之后，请核对；还没有做的事，做了再记"))
    elif happened_at < discovered_at - BEFORE:
        findings.append(Finding("before", "happened_at", "时间比发现时间早一天以上，请核对日期"))
    return findings


def closed_finding() -> Finding:
    return Finding("closed", "", "这件警报已经结案，不能再记；有新情况请另发起一件")


# CLOSING -------------------------------------------------------------------


def close_findings(*, state: str, reason: str, note: str, drill: bool, by_raiser: bool) -> list[Finding]:
    if CLOSE not in AFTER[AlarmState(state)]:
        return [closed_finding()]
    if by_raiser:
        return [Finding("own", "", "发起人不能自己结案，请由站长或督导中的另一位来结")]
    findings = []
    if (reason == CloseReason.DRILL) != drill:
        said = "这是演练，请选「演练结束」" if drill else "这不是演练，请另选一个结案原因"
        findings.append(Finding("drill", "reason", said))
    elif state == AlarmState.RAISED and reason not in WITHOUT_REPORT:
        sentence = "还没有报警记录，不能这样结案；请先记下报警，或选「核实后不属于这些情形」并写明怎样核实"
        findings.append(Finding("unreported", "reason", sentence))
    if len(note.strip()) < 4:
        findings.append(Finding("note", "note", "请写明结案的理由，如「已随姑姑生活，回访三次情况平稳」"))
    return findings


def open_case_finding() -> Finding:
    """What whoever may know of an alarm is told where they close a case about the same person."""
    return Finding("open_alarm", "", "服务对象还有一件没有结案的安全警报，请先把警报办完、结案，再结这件个案")


# THE CLOCK -----------------------------------------------------------------


def is_overdue(*, state: str, discovered_at: datetime, now: datetime, hours: int) -> bool:
    """Whether so many hours have passed since the discovery and no report to the police is recorded."""
    return state == AlarmState.RAISED and now - discovered_at >= timedelta(hours=hours)


def span_words(first: datetime, last: datetime) -> str:
    """How long it was between two moments, in the two largest units: 2 天 4 小时, 3 小时 12 分, 7 分."""
    minutes = max(int((last - first).total_seconds()) // 60, 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时"
    return f"{hours} 小时 {rest} 分" if hours else f"{rest} 分"
