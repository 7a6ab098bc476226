"""When a project, a line of its ledger, a meeting and a problem are right (domain 3.13, 7.3). Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shuangbai.core import telephones
from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.states import Way, diagram_of
from shuangbai.projects.enums import Answer, LineKind, ProjectState
from shuangbai.services import rules as services

R, W = Severity.REFUSE, Severity.WARN
S = ProjectState
PEOPLE_MOST = 2000  # at one meeting of a village
WAITING_MOST = 60  # problems by villagers that wait for an answer at one station
DAILY_MOST = 20  # problems that villagers of one station's villages send on one day
PICTURES_MOST = 3  # with one problem
SHORTEST_PHONE = 5  # digits of what can be dialled: a village has short numbers
DAILY_BYTES = 30_000_000  # of the pictures with a day's problems: some sixty from a telephone

# One table: what each door does about each finding of this room; those of the spine stand in services.
DOORS: DoorTable = {
    **services.DOORS,
    "topic_missing": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "nobody_came": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "too_many_came": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "before_project": {Door.PAGE: R, Door.SHEET: R, Door.PHONE: R},
    "after_project": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
    "same_meeting": {Door.PAGE: W, Door.SHEET: W, Door.PHONE: W},
}


# STATES --------------------------------------------------------------------


# The table of states: from where, to where, and how.
_STOP = Way("中止项目", True)
WAYS: Mapping[ProjectState, Mapping[ProjectState, Way]] = {
    S.SURVEY: {S.PLAN: Way("进入计划"), S.STOPPED: _STOP},
    S.PLAN: {S.DOING: Way("开始实施"), S.SURVEY: Way("退回调研", True), S.STOPPED: _STOP},
    S.DOING: {S.REVIEW: Way("进入评估与移交"), S.PLAN: Way("退回计划", True), S.STOPPED: _STOP},
    S.REVIEW: {S.DONE: Way("项目完成"), S.DOING: Way("退回实施", True), S.STOPPED: _STOP},
    S.DONE: {S.REVIEW: Way("重新打开", True)},
    S.STOPPED: {S.SURVEY: Way("重新开始", True)},
}
OPEN = (S.SURVEY, S.PLAN, S.DOING, S.REVIEW)
OVER = (S.DONE, S.STOPPED)
STEPS = (S.SURVEY, S.PLAN, S.DOING, S.REVIEW, S.DONE)


def diagram() -> str:
    """The table of states as a mermaid diagram."""
    return diagram_of(S, WAYS, first=S.SURVEY, called="立项", last=(S.DONE, S.STOPPED))


def move_findings(
    *, was: str, to: str, reason: str, on: date, today: date, begun_on: date, last: date | None, outcome: str,
    counted: bool,
) -> list[Finding]:  # fmt: skip
    """`last`: the day of the latest line of the ledger or meeting; `counted`: whether beneficiaries are told."""
    way = WAYS[ProjectState(was)].get(ProjectState(to))
    if way is None:
        return [Finding("no_way", "to", f"项目现在是「{ProjectState(was).label}」，不能这样改；请刷新后再看")]
    findings = []
    if way.reason and not reason.strip():
        findings.append(Finding("reason_missing", "reason", f"请写明为什么{way.label}，一句话"))
    if on > today:
        findings.append(Finding("future", "moved_on", "日期在今天之后，请填实际发生的日期"))
    elif on < begun_on:
        findings.append(Finding("before_project", "moved_on", f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对"))
    elif to == S.DONE and last and on < last:
        findings.append(Finding("before_last", "moved_on", f"账目或会议最晚记到 {last:%Y-%m-%d}，完成日期不能早于它"))
    if to == S.DONE and not outcome.strip():
        findings.append(Finding("outcome_missing", "to", "请先在「成效与移交」里写下做成了什么，再改为完成"))
    elif to == S.DONE and not counted:
        findings.append(Finding("count_missing", "to", "请先在「成效与移交」里写受益户数或人数和怎样数的，再改为完成"))
    return findings


# THE PROJECT ---------------------------------------------------------------


def project_findings(
    *, title: str, begun_on: date, today: date, opened_on: date, first: date | None, ended_on: date | None,
    worker_posted: bool,
) -> list[Finding]:  # fmt: skip
    """`first`: the day of the earliest line of the ledger, meeting or step."""
    findings = []
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请填写项目名称"))
    if begun_on > today:
        findings.append(Finding("future", "begun_on", "开始日期在今天之后，请改为今天或以前"))
    elif begun_on < opened_on:
        findings.append(Finding("before_station", "begun_on", f"日期早于本站开站日期（{opened_on:%Y-%m-%d}），请核对"))
    elif first and begun_on > first:
        sentence = f"{first:%Y-%m-%d} 已有账目、会议或状态，开始日期不能晚于它"
        findings.append(Finding("after_first", "begun_on", sentence))
    elif ended_on and begun_on > ended_on:
        findings.append(Finding("after_end", "begun_on", f"项目已在 {ended_on:%Y-%m-%d} 结束，开始日期不能晚于它"))
    if not worker_posted:
        findings.append(Finding("worker_not_posted", "worker", "所选社工没有在本站任职过，请另选一位"))
    return findings


def outcome_findings(
    *, families: int | None, people: int | None, counted_how: str, handed_on: date | None, handed_to: str,
    begun_on: date, today: date, done: bool, outcome: str,
) -> list[Finding]:  # fmt: skip
    findings = []
    told = families is not None or people is not None
    if told and not counted_how:
        findings.append(Finding("method_missing", "counted_how", "填了受益户数或人数，请选怎样数的"))
    if families and people is not None and people < families:
        sentence = f"受益 {people} 人比 {families} 户还少，一户至少一人，请核对"
        findings.append(Finding("fewer_people", "people", sentence))
    if handed_on and handed_on > today:
        findings.append(Finding("future", "handed_on", "移交日期在今天之后，请到时再填"))
    elif handed_on and handed_on < begun_on:
        findings.append(
            Finding("before_project", "handed_on", f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对")
        )
    if handed_on and not handed_to.strip():
        findings.append(Finding("handed_to", "handed_to", "填了移交日期，请写移交给谁，如「河园村村民理事会」"))
    if handed_to.strip() and handed_on is None:
        findings.append(Finding("handed_on", "handed_on", "写了移交给谁，请填移交日期"))
    if done and not (outcome.strip() and told):
        findings.append(Finding("outcome_missing", "outcome", "项目已完成，成效和受益数不能留空"))
    return findings


def stakeholder_findings(*, name: str, starts_on: date, ends_on: date | None, today: date) -> list[Finding]:
    findings = []
    if not name.strip():
        findings.append(Finding("nobody", "name", "请写姓名或单位，如「村民理事会」"))
    if starts_on > today:
        findings.append(Finding("future", "starts_on", "日期在今天之后，请核对"))
    if ends_on and ends_on < starts_on:
        findings.append(Finding("dates", "ends_on", "结束日期早于开始日期，请核对"))
    return findings


def milestone_findings(
    *, title: str, planned_on: date | None, done_on: date | None, dropped: str, begun_on: date, today: date
) -> list[Finding]:
    findings = []
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请写要做的事，如「拆除旧厕所」"))
    if done_on and done_on > today:
        findings.append(Finding("future", "done_on", "完成日期在今天之后，请做完再填"))
    elif done_on and done_on < begun_on:
        findings.append(Finding("before_project", "done_on", f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对"))
    if planned_on and planned_on < begun_on:
        sentence = f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对"
        findings.append(Finding("before_project", "planned_on", sentence))
    if dropped.strip() and done_on:
        findings.append(Finding("done_and_dropped", "dropped", "填了完成日期，就不要再写不做了的原因"))
    return findings


# THE LEDGER ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sums:
    """What a ledger adds up to. Money, what things are worth and days of work are never added to one another."""

    cash: Decimal = Decimal(0)
    spent: Decimal = Decimal(0)
    goods_worth: Decimal = Decimal(0)
    days: Decimal = Decimal(0)
    days_worth: Decimal = Decimal(0)

    @property
    def balance(self) -> Decimal:
        return self.cash - self.spent

    @property
    def worth(self) -> Decimal:
        return self.goods_worth + self.days_worth

    @property
    def overspent(self) -> Decimal:
        """By how much more was spent than came in; nothing where the ledger balances."""
        return max(-self.balance, Decimal(0))


def line_findings(
    *, kind: str, on: date, begun_on: date, ended_on: date | None, today: date, name: str, what: str,
    amount: Decimal | None, quantity: Decimal | None, value: Decimal | None, valued_by: str, thanked_on: date | None,
    balance: Decimal,
) -> list[Finding]:  # fmt: skip
    """`balance`: what is left in cash, whatever day the lines are of, without this one."""
    money = kind in (LineKind.CASH, LineKind.SPENT)
    findings = _line_days(on, begun_on, ended_on, thanked_on, today)
    if money and not (amount and amount > 0):
        findings.append(Finding("amount_missing", "amount", "请填金额，大于 0 的数，如 200 或 200.50"))
    if not money and not (quantity and quantity > 0):
        unit = "几个工日（一人做一天算一个）" if kind == LineKind.DAYS else "数量，如 10（单位另填）"
        findings.append(Finding("quantity_missing", "quantity", f"请填{unit}，大于 0 的数"))
    if kind == LineKind.SPENT and not what.strip():
        findings.append(Finding("what_missing", "what", "请写用在哪里，如「买地砖」"))
    if kind == LineKind.GOODS and not what.strip():
        findings.append(Finding("what_missing", "what", "请写是什么东西，如「水泥」"))
    if kind != LineKind.SPENT and not name.strip():
        findings.append(Finding("giver_missing", "name", "请写谁给的；不愿留名的写「热心人士」，不公开姓名"))
    if value is not None and not valued_by:
        findings.append(Finding("valued_by", "valued_by", "填了折合多少元，请选怎样估的"))
    if valued_by and value is None:
        findings.append(Finding("value_missing", "value", "选了怎样估的，请填折合多少元；不估就都留空"))
    if kind == LineKind.SPENT and amount and amount > balance:
        sentence = f"现金结余 {balance:.2f} 元，这一笔后是 {balance - amount:.2f} 元：账上支出会多于收入，请核对"
        findings.append(Finding("overspent", "amount", sentence, W))
    return findings


def _line_days(on: date, begun_on: date, ended_on: date | None, thanked_on: date | None, today: date) -> list[Finding]:
    findings = []
    if on > today:
        findings.append(Finding("future", "occurred_on", "日期在今天之后，请填实际的日期"))
    elif on < begun_on:
        sentence = f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对，或先改项目的开始日期"
        findings.append(Finding("before_project", "occurred_on", sentence))
    elif ended_on and on > ended_on:
        findings.append(Finding("after_project", "occurred_on", f"项目已在 {ended_on:%Y-%m-%d} 结束，请核对日期", W))
    if thanked_on and not on <= thanked_on <= today:
        findings.append(Finding("thanked_on", "thanked_on", "致谢日期要在收到之后、今天以前，请核对"))
    return findings


def reversal_findings(
    *, on: date, given_on: date, today: date, reason: str, already: bool, itself: bool, kind: str,
    amount: Decimal | None, balance: Decimal,
) -> list[Finding]:  # fmt: skip
    """`already`: the line was taken back before; `itself`: it is what takes another back."""
    if itself or already:
        return [Finding("reversed", "reason", "这一笔已经冲回过，或本身就是冲回，不能再冲；需要的话请重新记一笔")]
    findings = []
    if not reason.strip():
        findings.append(Finding("reason_missing", "reason", "请写明为什么冲回，如「本人收回」「金额记错，另记一笔」"))
    if on > today:
        findings.append(Finding("future", "occurred_on", "日期在今天之后，请填实际的日期"))
    elif on < given_on:
        sentence = f"这一笔记在 {given_on:%Y-%m-%d}，冲回的日期不能早于它"
        findings.append(Finding("before_line", "occurred_on", sentence))
    if kind == LineKind.CASH and amount and amount > balance:
        sentence = f"现金结余只有 {balance:.2f} 元，退回 {amount:.2f} 元后会是负数：钱可能已经用了，请核对"
        findings.append(Finding("overspent", "reason", sentence, W))
    return findings


# MEETINGS ------------------------------------------------------------------


def meeting_findings(
    *, day: date, title: str, workers: int, people: int | None, has_method: bool, begun_on: date | None,
    ended_on: date | None, same_day: bool,
) -> list[Finding]:  # fmt: skip
    """`same_day`: another meeting of the station with this title stands on the day."""
    findings = []
    if not title.strip():
        findings.append(Finding("topic_missing", "title", "请填写议题，一句话"))
    if not workers:
        findings.append(Finding("no_worker", "workers", "请选择到会的社工（至少一人）"))
    if not people:
        findings.append(Finding("nobody_came", "people", "请填到会人数，没有开成的会不用记"))
    elif people > PEOPLE_MOST:
        findings.append(Finding("too_many_came", "people", f"一次会议最多记 {PEOPLE_MOST} 人，请核对"))
    elif not has_method:
        findings.append(Finding("method_missing", "method", "请选择人数是怎么数的（签到表、现场清点或估计）"))
    if begun_on and day < begun_on:
        findings.append(
            Finding("before_project", "occurred_on", f"日期早于项目开始的日期（{begun_on:%Y-%m-%d}），请核对")
        )
    elif ended_on and day > ended_on:
        findings.append(Finding("after_project", "occurred_on", f"项目已在 {ended_on:%Y-%m-%d} 结束，请核对日期"))
    if same_day:
        findings.append(Finding("same_meeting", "occurred_on", "这一天已经记过同一议题的会，请确认是另一次"))
    return findings


# PROBLEMS ------------------------------------------------------------------


def problem_findings(*, what: str, raised_on: date, today: date, phone: str = "") -> list[Finding]:
    findings = []
    if not what.strip():
        findings.append(Finding("what_missing", "what", "请写是什么问题，一两句话就行"))
    if raised_on > today:
        findings.append(Finding("future", "raised_on", "日期在今天之后，请核对"))
    if phone.strip() and all(len(one.dialled) < SHORTEST_PHONE for one in telephones.read(phone)):
        findings.append(Finding("phone", "phone", "请写一个打得通的电话，手机写 11 位数字；不要回话就空着"))
    return findings


def sending_findings(*, opened: bool, today_sent: int, waiting: int, today_bytes: int, size: int) -> list[Finding]:
    """Whether the page of a station takes one more, with pictures of this size: a ceiling that a robot reaches, and a
    village does not."""
    if not opened:
        return [Finding("closed", "", "这一页现在不收了。您写的还在下面，请打电话或到社工站当面说。")]
    if today_sent >= DAILY_MOST:
        return [Finding("full_today", "", "今天收到的已经很多。您写的还在下面：请明天再交，急事请打社工站电话。")]
    if waiting >= WAITING_MOST:
        return [Finding("full", "", "还有很多问题没有答复，暂时不再收。您写的还在下面：请打电话或到社工站当面说。")]
    if size and today_bytes + size > DAILY_BYTES:
        sentence = "今天收到的图片已经很多，这次没有收。您写的还在下面：不带图片再按一次就能提交，图片请明天再来。"
        return [Finding("full_of_pictures", "pictures", sentence)]
    return []


def answer_findings(*, state: str, answer: str, has_project: bool) -> list[Finding]:
    findings = []
    if state not in (Answer.PROJECT, Answer.ANSWERED, Answer.NOT_OURS):
        findings.append(Finding("state", "state", "请选怎样答复"))
    if not answer.strip():
        findings.append(Finding("answer_missing", "answer", "请写答复的话，村民看得到"))
    if state == Answer.PROJECT and not has_project:
        findings.append(Finding("project_missing", "project", "请选列入哪个项目；还没有项目的，用「由此立项」"))
    return findings
