"""How a matter of policy goes on, by when it is to be decided, and what the product knows of each policy. Pure.

Days, papers and texts of the product's own are what was published; a city that works by other rules says so from a
day on. `sure` False: not checked against the document, and pages say it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from shuangbai.assistance.enums import MatterKind, Move, Policy, Stage
from shuangbai.core.findings import Finding, Severity
from shuangbai.core.workdays import Calendar

WORDS_MOST, LINE_MOST = 2000, 100
MOST_AMOUNT = Decimal(1_000_000)
SOON = 5  # working days left from which a matter is called near
MOST_PAPERS, MOST_DAYS = 20, 250
LONG_AGO = timedelta(days=366 * 3)

S, M = Stage, Move

# What may be recorded at which stage, and which stage follows. Whatever does not stand here is refused.
AFTER: Mapping[Stage, Mapping[Move, Stage]] = {
    S.PREPARING: {M.APPLY: S.APPLIED, M.ACCEPT: S.RUNNING, M.ANSWER: S.ANSWERED, M.WITHDRAW: S.WITHDRAWN},
    S.APPLIED: {M.ACCEPT: S.RUNNING, M.RETURN: S.PREPARING, M.REFUSE: S.REFUSED, M.WITHDRAW: S.WITHDRAWN},
    S.RUNNING: {
        M.CHECK: S.RUNNING, M.PUBLISH: S.RUNNING, M.GRANT: S.GRANTED, M.REFUSE: S.REFUSED, M.WITHDRAW: S.WITHDRAWN,
    },
    S.GRANTED: {M.PAY: S.PAID},
    S.PAID: {},
    S.REFUSED: {M.APPEAL: S.APPEALED},
    S.APPEALED: {M.OVERTURN: S.GRANTED, M.UPHOLD: S.UPHELD},
    S.UPHELD: {},
    S.ANSWERED: {},
    S.WITHDRAWN: {},
}  # fmt: skip
OPEN = (S.PREPARING, S.APPLIED, S.RUNNING, S.GRANTED, S.APPEALED)  # somebody still has something to do
GRANTED = (S.GRANTED, S.PAID)
GRANTS = (M.GRANT, M.OVERTURN)
NEEDS_NOTE: Mapping[Move, str] = {
    M.RETURN: "请写明要补什么材料", M.REFUSE: "请写明不批准的理由，照通知书上的写", M.APPEAL: "请写明申诉什么",
    M.UPHOLD: "请写明答复的理由", M.ANSWER: "请写明怎样答复的", M.WITHDRAW: "请写明为什么不办了",
}  # fmt: skip


def moves_of(stage: str, kind: str) -> Sequence[Move]:
    """What may be recorded of a matter: a question is answered, everything else is decided."""
    allowed = AFTER[Stage(stage)]
    if kind == MatterKind.CONSULT:
        return tuple(move for move in allowed if move in (M.ANSWER, M.WITHDRAW))
    return tuple(move for move in allowed if move != M.ANSWER)


def diagram() -> str:
    """The table of stages as a mermaid diagram; moves that lead nowhere else are told together."""
    lines = ["stateDiagram-v2", f"    [*] --> {S.PREPARING}: 登记"]
    lines += [f"    {stage}: {stage.label}" for stage in S]
    for stage, moves in AFTER.items():
        stays = "、".join(move.label for move, to in moves.items() if to == stage)
        if stays:
            lines.append(f"    {stage} --> {stage}: {stays}")
        lines += [f"    {stage} --> {to}: {move.label}" for move, to in moves.items() if to != stage]
    return "\n".join([*lines, *(f"    {stage} --> [*]" for stage in S if not AFTER[stage])])


# WHAT IS KNOWN OF A POLICY -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds of a policy from a day on. Days are working days from acceptance to the decision.

    `line`: yuan a month and head up to which hints speak of it. `categories`: what a granted matter may make of
    whoever it is for.
    """

    policy: str
    starts_on: date
    text: str
    source: str
    days: int | None = None
    special_days: int | None = None
    review_months: int | None = None
    papers: tuple[str, ...] = ()
    line: Decimal | None = None
    sure: bool = False
    own: bool = False


_ID, _ASK, _BANK = "身份证、户口簿", "申请书", "银行账号"
_MEANS = "家庭经济状况核对授权书"
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    Policy.DIBAO: ("dibao_rural", "dibao_urban"), Policy.DIBIAN: ("dibian",),
    Policy.TEKUN: ("tekun_rural", "tekun_urban"), Policy.LINSHI: ("linshi",),
    Policy.CARD: ("disabled", "disabled_severe"), Policy.ORPHAN: ("orphan",), Policy.NO_CARE: ("no_care_child",),
    Policy.AGED: ("aged",), Policy.MENTAL: ("mental",),
}  # fmt: skip
SHIPPED: Sequence[Rule] = (
    Rule(
        Policy.DIBAO, date(2012, 12, 12), "共同生活的家庭成员人均收入低于当地低保标准，且财产状况符合规定。",
        "国务院令第649号、民发〔2012〕220号", 30, 45, 12, (_ASK, _ID, _MEANS, "收入、财产证明"),
    ),
    Rule(
        Policy.DIBAO, date(2021, 7, 1),
        "共同生活的家庭成员人均收入低于当地低保标准，且财产状况符合规定。自受理起30个工作日内办结，特殊情况可延长到45个"
        "工作日。", "民发〔2021〕57号", 30, 45, 12, (_ASK, _ID, _MEANS, "收入、财产证明"), sure=True,
    ),
    Rule(
        Policy.DIBIAN, date(2021, 7, 1), "人均收入高于低保标准，一般不超过低保标准的1.5倍，财产状况符合规定。",
        "民发〔2021〕57号", 30, 45, 12, (_ASK, _ID, _MEANS, "收入、财产证明"),
    ),
    Rule(
        Policy.TEKUN, date(2016, 10, 10),
        "老年人、残疾人和未满16岁的人，无劳动能力、无生活来源，并且没有法定赡养、抚养、扶养义务人或者义务人没有履行能力。",
        "民发〔2016〕178号", 30, None, 12, (_ASK, _ID, _MEANS, "劳动能力、生活来源、赡养情况的说明"),
    ),
    Rule(
        Policy.TEKUN, date(2021, 4, 26),
        "老年人、残疾人和未成年人，无劳动能力、无生活来源，并且没有法定赡养、抚养、扶养义务人或者义务人无履行义务能力。",
        "民发〔2021〕43号", 30, None, 12, (_ASK, _ID, _MEANS, "劳动能力、生活来源、赡养情况的说明"),
    ),
    Rule(
        Policy.LINSHI, date(2014, 10, 3), "遭遇突发事件、意外伤害、重大疾病或其他特殊原因，基本生活暂时出现严重困难。"
        "紧急的可以先行救助，事后补办手续。", "国发〔2014〕47号", None, None, None, (_ASK, _ID, "遭遇困难的证明"),
    ),
    Rule(
        Policy.MEDICAL, date(2014, 5, 1), "救助对象的参保补贴和自付医疗费用救助；因病支出过大的家庭看当地规定。",
        "国务院令第649号", None, None, None, (_ASK, _ID, "诊断证明、费用结算单"),
    ),
    Rule(
        Policy.LIVING, date(2016, 1, 1), "低保家庭中的残疾人；有的地方扩大到低收入残疾人等。", "国发〔2015〕52号",
        None, None, 12, (_ASK, _ID, "残疾人证", "低保证明", _BANK),
    ),
    Rule(
        Policy.NURSING, date(2016, 1, 1),
        "残疾等级一级、二级且需要长期照护的残疾人；有的地方扩大到三级、四级智力和精神残疾。", "国发〔2015〕52号",
        None, None, 12, (_ASK, _ID, "残疾人证", _BANK),
    ),
    Rule(
        Policy.CARD, date(2017, 8, 1), "符合残疾标准的人自愿申领，到指定机构评定；证的有效期10年，到期换发。",
        "残联发〔2017〕34号", None, None, None, (_ID, "近期证件照", "病历、诊断材料"),
    ),
    Rule(
        Policy.ORPHAN, date(2010, 11, 16), "未满18岁，父母都死亡或都查找不到。", "国办发〔2010〕54号",
        None, None, 12, (_ASK, _ID, "父母死亡或查找不到的证明", _BANK),
    ),
    Rule(
        Policy.NO_CARE, date(2020, 1, 1),
        "父母双方都有重残、重病、服刑、强制隔离戒毒、其他限制人身自由、失联之一，或一方死亡、失踪而另一方有其一的未满18岁"
        "儿童。", "民发〔2019〕62号、粤民规字〔2019〕10号", 30, None, 12, (_ASK, _ID, "父母情形的证明", _BANK),
    ),
    Rule(
        Policy.NO_CARE, date(2021, 1, 1),
        "在原来的情形（重残、重病、服刑、强制隔离戒毒、其他限制人身自由、失联，死亡、失踪）以外，增加被撤销监护资格、被遣送"
        "（驱逐）出境。", "民发〔2019〕62号、民发〔2020〕125号", 30, None, 12, (_ASK, _ID, "父母情形的证明", _BANK),
    ),
    Rule(
        Policy.AGED, date(2010, 1, 1), "满80岁；起算年龄和标准以当地规定为准。", "当地规定", None, None, 12,
        (_ID, _BANK),
    ),
    Rule(
        Policy.EDUCATION, date(2014, 5, 1), "在读的低保家庭成员、特困供养人员等，按不同学段减免或资助。",
        "国务院令第649号", None, None, 12, (_ASK, _ID, "在读证明"),
    ),
    Rule(
        Policy.HOUSING, date(2014, 5, 1), "住房困难的低保家庭、分散供养的特困人员：公租房、租赁补贴、农村危房改造。",
        "国务院令第649号", None, None, None, (_ASK, _ID, "住房情况说明"),
    ),
    Rule(
        Policy.MENTAL, date(2016, 1, 1), "严重精神障碍患者的监护人履行看护职责的，按当地规定以奖代补。", "当地规定",
        None, None, 12, (_ASK, _ID, "诊断证明", "监护人协议", _BANK),
    ),
)  # fmt: skip


def shipped_on(policy: str, day: date) -> Rule | None:
    """The product's own rule of a policy on a day: the latest that had begun, else the first."""
    rows = sorted((rule for rule in SHIPPED if rule.policy == policy), key=lambda rule: rule.starts_on)
    begun = [rule for rule in rows if rule.starts_on <= day]
    if begun:
        return begun[-1]
    return replace(rows[0], sure=False) if rows else None


def rule_findings(
    *, days: int | None, special_days: int | None, starts_on: date, today: date, latest: date | None, source: str,
    text: str, papers: Sequence[str],
) -> list[Finding]:  # fmt: skip
    """What a city says of a policy from a day on."""
    findings = []
    if special_days is not None and (days is None or special_days < days):
        findings.append(Finding("special", "special_days", "特殊情况的期限要比一般期限长；没有一般期限就都留空"))
    if starts_on < today:
        findings.append(Finding("past", "starts_on", "请从今天或以后起；已经过去的期限不会改"))
    elif latest and starts_on < latest:
        findings.append(Finding("before", "starts_on", f"已定好从 {latest:%Y-%m-%d} 起的规定，请从这一天或以后起"))
    if not source.strip():
        findings.append(Finding("source", "source", "请写明文件名称或文号，让别人查得到"))
    if not text.strip():
        findings.append(Finding("text", "text", "请写明哪些人符合，照文件的话写"))
    if len(papers) > MOST_PAPERS:
        findings.append(Finding("papers", "papers", f"材料最多 {MOST_PAPERS} 项，请合并几项"))
    return findings


# DEADLINES -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """By when a matter is to be decided, how many working days are left, and by which rule."""

    on: date
    left: int
    rule: Rule
    unknown: tuple[int, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.left < 0

    @property
    def is_near(self) -> bool:
        return 0 <= self.left <= SOON

    @property
    def over(self) -> int:
        return -self.left


def due_of(
    *, stage: str, accepted_on: date | None, special: bool, rule: Rule | None, calendar: Calendar, today: date
) -> Due | None:
    """None where no clock runs: not accepted yet, decided, or no number of days is known."""
    if stage != S.RUNNING or accepted_on is None or rule is None:
        return None
    days = rule.special_days if special and rule.special_days else rule.days
    if days is None:
        return None
    on = calendar.after(accepted_on, days)
    return Due(on, calendar.between(today, on), rule, tuple(calendar.unknown(accepted_on, on)))


# MATTERS -------------------------------------------------------------------------


def matter_findings(
    *, opened_on: date, today: date, is_member: bool, has_person: bool, kind: str, same_open: str
) -> list[Finding]:
    """`same_open`: since when another matter of the same policy for the same runs, in words."""
    findings = []
    if opened_on > today:
        findings.append(Finding("future", "opened_on", "日期在今天之后，请核对"))
    elif opened_on < today - LONG_AGO:
        findings.append(Finding("long_ago", "opened_on", "日期在三年以前，请核对年份", Severity.WARN))
    if has_person and not is_member:
        findings.append(Finding("member", "person", "所选的人不是这户的，请重新选择"))
    if same_open and kind != MatterKind.CONSULT:
        sentence = f"同一政策已有一件从 {same_open} 起在办；如果是同一件，请到那一件里记，不必再登记"
        findings.append(Finding("same_open", "policy", sentence, Severity.WARN))
    return findings


def move_findings(
    *, stage: str, kind: str, move: str, happened_on: date, since: date, today: date, note: str,
    amount: Decimal | None, next_review_on: date | None,
) -> list[Finding]:  # fmt: skip
    """`since`: the day of the latest step before, or on which the matter began."""
    allowed = moves_of(stage, kind)
    if not allowed:
        return [Finding("closed", "", f"这件事项已是「{Stage(stage).label}」，不能再记；记错了可撤回最后一步")]
    if move not in allowed:
        names = "、".join(one.label for one in allowed)
        return [Finding("move", "move", f"现在是「{Stage(stage).label}」，只能记：{names}")]
    findings = []
    if happened_on > today:
        findings.append(Finding("future", "happened_on", "日期在今天之后，办了再记"))
    elif happened_on < since:
        findings.append(Finding("before", "happened_on", f"日期早于上一步（{since:%Y-%m-%d}），请核对"))
    if not note.strip() and (asks := NEEDS_NOTE.get(Move(move))):
        findings.append(Finding("note", "note", asks))
    if move in GRANTS and amount is not None and not 0 <= amount <= MOST_AMOUNT:
        findings.append(Finding("amount", "amount", "请核对金额"))
    if move in GRANTS and next_review_on and next_review_on <= happened_on:
        findings.append(Finding("review", "next_review_on", "下次年审要在批准日期之后"))
    return findings


def reason_findings(reason: str, what: str) -> list[Finding]:
    return [] if len(reason.strip()) >= 2 else [Finding("reason", "reason", f"请写明{what}")]


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where it has none."""
    year, month = day.year + (day.month - 1 + months) // 12, (day.month - 1 + months) % 12 + 1
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError
