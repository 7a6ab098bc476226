"""How a story comes from a draft to its readers, what each step asks for, and when a prize is right. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from shuangbai.core.findings import Finding, Severity
from shuangbai.stories.enums import AwardFor, Reach, Step, StoryState

TITLE_MOST, SECTION_MOST, LINE_MOST, WORD_MOST = 60, 10_000, 200, 40
LEAST_WORDS = 2  # a reason of fewer characters says nothing
ADULT, CHILD = 18, 14  # 未成年人保护法 Art. 2; 个人信息保护法 Art. 31

# The usual headings of a case write-up, by the field that holds each.
SECTIONS: Mapping[str, str] = {
    "background": "背景",
    "analysis": "预估与分析",
    "theory": "理论与方法",
    "goals": "目标",
    "process": "服务过程",
    "outcome": "成效",
    "reflection": "反思",
}
TEXTS = ("title", *SECTIONS)

# What may be done in which state, and which state follows. Whatever does not stand here is refused.
AFTER: Mapping[StoryState, Mapping[Step, StoryState]] = {
    StoryState.DRAFT: {Step.CHECK: StoryState.CHECKED, Step.WITHDRAW: StoryState.WITHDRAWN},
    StoryState.CHECKED: {Step.AGREE: StoryState.AGREED, Step.BACK: StoryState.DRAFT},
    StoryState.AGREED: {Step.RELEASE: StoryState.RELEASED, Step.BACK: StoryState.DRAFT},
    StoryState.RELEASED: {
        Step.SUBMIT: StoryState.SUBMITTED, Step.AWARD: StoryState.AWARDED, Step.WITHDRAW: StoryState.WITHDRAWN,
    },
    StoryState.SUBMITTED: {Step.AWARD: StoryState.AWARDED, Step.WITHDRAW: StoryState.WITHDRAWN},
    StoryState.AWARDED: {Step.AWARD: StoryState.AWARDED, Step.WITHDRAW: StoryState.WITHDRAWN},
    StoryState.WITHDRAWN: {Step.REDRAFT: StoryState.DRAFT},
}  # fmt: skip
READ = (StoryState.RELEASED, StoryState.SUBMITTED, StoryState.AWARDED)  # by others than those of the case
WITH_REASON: Mapping[Step, str] = {
    Step.BACK: "要改哪里",
    Step.WITHDRAW: "为什么撤下",
    Step.REDRAFT: "为什么重新修改",
    Step.SUBMIT: "报送到哪里",
}
EXAMPLES: Mapping[Step, str] = {
    Step.BACK: "第三段能看出是哪个村，请再改",
    Step.WITHDRAW: "服务对象不愿意再公开",
    Step.REDRAFT: "按评审意见补写成效",
    Step.SUBMIT: "2020 年全省优秀社会工作案例征集",
}
ORDER = tuple(Reach)  # each reach holds those before it


def diagram() -> str:
    """The table of states as a mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {StoryState.DRAFT}: 从个案起草"]
    lines += [f"    {state}: {state.label}" for state in StoryState]
    lines += [f"    {state} --> {to}: {step.label}" for state, moves in AFTER.items() for step, to in moves.items()]
    return "\n".join(lines)


# WRITING -------------------------------------------------------------------


def text_findings(*, state: str, title: str, texts: Mapping[str, str]) -> list[Finding]:
    findings = []
    if state != StoryState.DRAFT:
        findings.append(not_draft_finding())
    if not title.strip():
        findings.append(Finding("title", "title", "请写标题，如《燃起家庭的希望之火》，标题里不写人名地名"))
    for name, text in texts.items():
        if len(text) > SECTION_MOST:
            sentence = f"「{SECTIONS[name]}」太长了，最多 {SECTION_MOST} 个字，现在是 {len(text)} 个字"
            findings.append(Finding("long", name, sentence))
    return findings


def not_draft_finding() -> Finding:
    return Finding("not_draft", "", "这篇案例已经交去核对或发布，不能直接改；要改，请先「退回修改」或「撤下」")


def decide_findings(*, does: str, words: str, known: bool) -> list[Finding]:
    """About something that the checker found: what takes its place, or why it may stay."""
    if not known:
        return [Finding("gone", "", "文中已经没有这一处，请刷新这一页再看")]
    if does == "keep" and len(words.strip()) < LEAST_WORDS:
        return [Finding("why", "words", "请写明为什么可以保留，如「是公开的政策名称」")]
    if does == "replace" and not words.strip():
        return [Finding("by", "words", "请写用什么代替，如「某村」「案主母亲」")]
    if len(words) > (LINE_MOST if does == "keep" else WORD_MOST):
        return [Finding("long", "words", "太长了，请写短一些")]
    return []


def word_findings(*, word: str, betrays: bool) -> list[Finding]:
    """About a word that is to stand for somebody or something."""
    if not word or len(word) > WORD_MOST:
        return [Finding("word", "words", f"代称不能空着，最多 {WORD_MOST} 个字")]
    if betrays:
        return [Finding("betrays", "words", f"「{word}」本身就能认出人或地方，请换一个代称，如「小A」「某村」")]
    return []


# MOVING --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """What a step looks at. `undecided`: findings of the checker that nobody has decided on; `lacking`: names of
    clients who did not agree that it goes so far; `own`: whoever acts wrote the draft."""

    undecided: int = 0
    empty: Sequence[str] = ()
    lacking: Collection[str] = ()
    own: bool = False


def step_findings(*, state: str, step: Step, reason: str, ready: Ready) -> list[Finding]:
    """What stands in the way of a step."""
    if step not in AFTER[StoryState(state)]:
        sentence = f"这篇案例现在是「{StoryState(state).label}」，不能「{step.label}」，请刷新这一页再看"
        return [Finding("no_step", "", sentence)]
    findings = []
    if step in WITH_REASON and len(reason.strip()) < LEAST_WORDS:
        findings.append(Finding("reason", "reason", f"请写明{WITH_REASON[step]}，如「{EXAMPLES[step]}」"))
    if step in {Step.CHECK, Step.AGREE, Step.RELEASE} and ready.undecided:
        sentence = f"还有 {ready.undecided} 处可能认出人的内容没有决定：逐处替换，或写明保留的理由"
        findings.append(Finding("undecided", "", sentence))
    if step == Step.CHECK and ready.empty:
        findings.append(Finding("empty", "", f"还没有写：{'、'.join(ready.empty)}"))
    if step == Step.AGREE and ready.own:
        findings.append(Finding("own", "", "起草人不能自己同意，请由站长或督导中的另一位来看"))
    if step in {Step.RELEASE, Step.SUBMIT} and ready.lacking:
        far = "发布" if step == Step.RELEASE else "报送评选"
        sentence = f"{'、'.join(ready.lacking)}还没有同意{far}，请先登记同意；不愿意就不能{far}"
        findings.append(Finding("consent", "", sentence))
    return findings


def reaches(given: str, asked: Reach) -> bool:
    """Whether who agreed to `given` agreed to `asked`."""
    return ORDER.index(Reach(given)) >= ORDER.index(asked)


def asked_reach(step: Step) -> Reach:
    return Reach.CONTEST if step in {Step.SUBMIT, Step.AWARD} else Reach.INSIDE


# CONSENT -------------------------------------------------------------------


def consent_findings(
    *, giver: str, age: int | None, as_guardian: bool, given_on: date, today: date, spoken: bool, witness: str
) -> list[Finding]:
    findings = []
    if not giver.strip():
        findings.append(Finding("giver", "giver", "请写明是谁表示的"))
    if age is not None and age < ADULT and not as_guardian:
        sentence = f"这个人 {age} 岁，要由监护人同意，请选「监护人」；本人的意愿也要听"
        findings.append(Finding("guardian", "as_guardian", sentence, Severity.REFUSE if age < CHILD else Severity.WARN))
    if given_on > today:
        findings.append(Finding("future", "given_on", "日期在今天之后，请核对"))
    if spoken and not witness.strip():
        findings.append(Finding("witness", "witness", "口头同意要有见证人，请写明是谁"))
    return findings


def withdraw_findings(*, withdrawn: bool, on: date, given_on: date, today: date) -> list[Finding]:
    if withdrawn:
        return [Finding("withdrawn", "", "这份同意已经撤回过")]
    if on > today or on < given_on:
        return [Finding("on", "withdrawn_on", "撤回日期要在同意之后、今天以前，请核对")]
    return []


# PRIZES --------------------------------------------------------------------


def award_findings(
    *, of: str, story: bool, staff: bool, project: str, name: str, title: str, body: str, awarded_on: date,
    today: date, since: date,
) -> list[Finding]:  # fmt: skip
    findings = []
    if of == AwardFor.STORY and not story and not title.strip():
        findings.append(Finding("story", "title", "请选获奖的案例；系统里没有的，就写案例的标题"))
    if of == AwardFor.PERSON and not staff:
        findings.append(Finding("staff", "staff", "请选获奖的社工"))
    if of == AwardFor.PROJECT and not project.strip():
        findings.append(Finding("project", "project", "请写项目或活动的名称"))
    if not name.strip():
        findings.append(Finding("name", "name", "请写奖项名称，如「全省优秀社会工作案例」"))
    if not body.strip():
        findings.append(Finding("body", "body", "请写颁奖单位，如「广东省民政厅」"))
    if awarded_on > today:
        findings.append(Finding("future", "awarded_on", "获奖日期在今天之后，请核对"))
    elif awarded_on < since:
        findings.append(Finding("before", "awarded_on", f"获奖日期早于本站开站的{since:%Y-%m-%d}，请核对"))
    return findings
