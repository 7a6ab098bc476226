"""The forms of a case (MZ/T 094-2017; domain 7.1) as they stand on paper: boxes, lines to write on, tables. Pure.

One description serves the PDF and the Word templates (`python -m checks.caseforms`), and says which names a city's own
template may use. What is not recorded is left blank, so that it can be filled in by hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import TextChoices


class PaperKind(TextChoices):
    """As what papers are taken away."""

    PDF = "pdf", "PDF 文件"
    WORD = "docx", "Word 文件（可再编辑）"
    PAGE = "page", "网页，用浏览器打印"


class PaperPurpose(TextChoices):
    """Why papers are taken away. The label goes into the trail and onto the paper."""

    BOX = "box", "装入纸质档案"
    SIGN = "sign", "交服务对象阅读、签字"
    HAND = "hand", "打印空白处，现场手填"
    REVIEW = "review", "督导、评估查阅"
    HANDOVER = "handover", "与接手的同事交接"
    LAWFUL = "lawful", "法院、公安等依法调取"


@dataclass(frozen=True, slots=True)
class Facts:
    """Boxes, two to a row: (label, name) each."""

    rows: tuple[tuple[tuple[str, str], ...], ...]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Words:
    """A heading over text, or over so many lines to write on."""

    label: str
    name: str
    lines: int = 4
    kind: str = "words"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: columns of (head, field, millimetres), and at least `least` rows, blank ones too."""

    label: str
    name: str
    columns: tuple[tuple[str, str, int], ...]
    least: int = 3
    kind: str = "rows"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with the same in words under it (`name`_words), or room to draw by hand."""

    label: str
    name: str
    kind: str = "drawing"

    @property
    def words(self) -> str:
        return f"{self.name}_words"


@dataclass(frozen=True, slots=True)
class Fixed:
    """Paragraphs that always stand there."""

    label: str
    paragraphs: tuple[str, ...]
    kind: str = "fixed"


@dataclass(frozen=True, slots=True)
class Signs:
    """Where to sign."""

    labels: tuple[str, ...]
    kind: str = "signs"


Part = Facts | Words | Rows | Drawing | Fixed | Signs


@dataclass(frozen=True, slots=True)
class Blank:
    """A form. `each`: one sheet for each session, or for each referral; otherwise one."""

    code: str
    name: str
    about: str
    parts: tuple[Part, ...]
    each: bool = False

    @property
    def paper(self) -> str:
        """The code of its Word template (codes.enums.PAPERS)."""
        return f"case-{self.code}"


# On top of every form.
HEAD: Mapping[str, str] = {
    "title": "表名", "bureau": "主管部门", "station": "服务站", "case_no": "案号", "clients": "服务对象",
    "worker": "主责社工", "mark": "谁在什么时候取出", "purpose": "用途",
}  # fmt: skip

CLIENTS = Rows(
    "服务对象", "people",
    (("姓名", "name", 26), ("性别", "sex", 14), ("出生年月", "born", 24), ("与户主关系", "relation", 28),
     ("联系电话（手填）", "phone", 40), ("证件号（手填）", "id_no", 42)),
    least=2,
)  # fmt: skip
GOAL_COLUMNS = (
    ("目标", "statement", 50), ("怎样衡量", "indicator", 38), ("现在", "baseline", 30), ("要达到", "target", 30),
    ("期限", "due_on", 26),
)  # fmt: skip

INTAKE = Blank(
    "intake", "个案接案登记表", "从哪里来、求助什么、紧不紧急、接不接",
    (
        Facts(((("登记日期", "opened_on"), ("来源", "source")), (("类型", "type"), ("紧急程度", "urgency")),
               (("风险级别", "risk"), ("协同社工", "co_worker")), (("村居", "village"), ("住址（手填）", "address")))),
        CLIENTS,
        Words("求助的问题", "presenting", 6), Words("初步判断", "judgement", 4),
        Facts(((("是否接案", "accepted"), ("接案日期", "accepted_on")),)),
        Words("接或不接的理由；不接的，转介到哪里", "accept_reason", 3),
        Signs(("社工", "站长", "日期")),
    ),
)  # fmt: skip
CONSENT = Blank(
    "consent", "个案服务同意书", "服务对象知道自己的权利和保密的例外，同意接受服务",
    (
        Fixed("告知", (
            "一、社工按本站的安排，与您一起了解情况、订计划、想办法。接不接受服务由您决定，随时可以提出停止，不影响您享受其他政策和服务。",
            "二、您告诉社工的事，只有主责社工、协同社工、站长和督导知道，为您服务以外不使用，不向别人公开。纸质和电子的资料由本站保管。",
            "三、下列情况不能保密：您或别人的生命、安全有危险；未成年人或不能完全辨认自己行为的人受到或可能受到侵害，法律要求立即报告；司法机关依法调取。能够事先告诉您的，社工会先告诉您。",
            "四、需要联系学校、医院、部门或亲友时，社工会先征得您的同意，只说必要的事。",
            "五、需要拍照、录音，或把您的故事隐去姓名后用于学习、宣传的，另行征求同意；不同意不影响服务。",
            "六、对服务不满意，可以向站长或民政部门提出。",
        )),
        Facts(((("同意与否", "consent"), ("同意日期", "consent_on")),)),
        Words("没有同意的原因，或另外的约定", "consent_reason", 3),
        Signs(("服务对象", "监护人（如需）", "社工", "日期")),
    ),
)  # fmt: skip
ASSESSMENT = Blank(
    "assessment", "个案预估表", "个人、家庭与环境，需求与优势；家系图和生态图",
    (
        Facts(((("预估日期", "assessed_on"), ("风险级别", "risk")),)),
        Words("生理：健康、残疾、自理", "physical", 3), Words("心理：情绪、想法、经历", "psychological", 3),
        Words("社会：家庭、邻里、学校、工作、经济", "social", 3),
        Words("试过的办法", "tried", 2), Words("优势", "strengths", 2), Words("可用的资源", "resources", 2),
        Words("需求，按轻重排列", "needs", 3), Words("风险的依据", "risk_reason", 2), Words("分析", "analysis", 4),
        Rows("量表结果", "scales",
             (("日期", "on", 26), ("谁", "whose", 24), ("量表", "scale", 60), ("得分", "total", 20),
              ("分段", "band", 44)), least=2),
        Drawing("家系图", "tree"), Drawing("生态图", "ecomap"),
        Signs(("社工", "督导", "日期")),
    ),
)  # fmt: skip
PLAN = Blank(
    "plan", "个案服务计划书（服务协议）", "目标、步骤和双方的责任，双方签字",
    (
        Facts(((("计划日期", "planned_on"), ("对象同意日期", "agreed_on")),)),
        Words("总目的", "aim", 1), Rows("目标", "goals", GOAL_COLUMNS, least=3),
        Words("理论或方法", "theory", 1), Words("策略与步骤", "strategy", 3), Words("时间安排", "schedule", 1),
        Words("社工的责任", "worker_duties", 2), Words("服务对象的责任", "client_duties", 2),
        Words("督导意见", "supervisor_plan", 1),
        Fixed("", ("以上计划已向服务对象念过、讲清楚，双方同意照此进行；情况变化时，一起商量修改。",)),
        Signs(("服务对象", "监护人（如需）", "社工", "日期")),
    ),
)  # fmt: skip
SESSION = Blank(
    "session", "个案过程记录", "每次会谈一张",
    (
        Facts(((("第几节", "number"), ("日期", "held_on")), (("时间", "time"), ("方式", "mode")),
               (("地点", "place"), ("谈话的社工", "held_by")))),
        Words("在场的人", "present", 1), Words("目的", "aim", 1), Words("过程", "process", 7),
        Words("服务对象的反应", "response", 3), Words("评估与反思", "reflection", 3),
        Words("下一步", "next_step", 1), Facts(((("下次日期", "next_on"), ("记录日期", "entered_on")),)),
        Signs(("社工", "督导", "日期")),
    ),
    each=True,
)  # fmt: skip
LINKING = Blank(
    "linking", "资源链接记录表", "给了什么、从哪里来、值多少、管不管用",
    (
        Facts(((("现金合计", "cash"), ("折合合计", "in_kind")),)),
        Rows("链接的资源", "links",
             (("日期", "on", 24), ("资源（提供方）", "resource", 42), ("给谁", "whom", 20), ("给了什么", "amount", 24),
              ("价值（元）", "value", 20), ("估价", "valued_by", 14), ("效果", "result", 30)), least=5),
        Words("还缺什么，打算找谁", "wanting", 3),
        Signs(("社工", "站长", "日期")),
    ),
)  # fmt: skip
REFERRAL = Blank(
    "referral", "个案转介表", "转给谁、为什么转、办得怎样；每件转介一张",
    (
        Facts(((("登记日期", "asked_on"), ("发出日期", "sent_on")), (("转给", "body"), ("对方联系人", "contact")),
               (("转介谁", "whom"), ("负责社工", "sent_by")), (("同意共享资料", "shared"), ("现在", "state")))),
        Words("为什么转介", "why", 4), Words("请对方做什么", "asks", 4),
        Rows("经过", "steps",
             (("日期", "on", 24), ("做了什么", "move", 24), ("对方是谁", "whom", 26), ("情况", "note", 66),
              ("之后", "became", 34)), least=4),
        Words("结果和以后的打算", "after", 3),
        Fixed("", (
            "服务对象知道转给谁、为什么转、会告诉对方哪些事，同意转介。情况紧急、来不及先征得同意的，事后说明并补签。",
        )),
        Signs(("本人或监护人", "社工", "站长", "日期")),
    ),
    each=True,
)  # fmt: skip
SUPERVISION = Blank(
    "supervision", "个案督导记录", "督导对个案、计划和结案的意见，跟进的事",
    (
        Facts(((("督导", "supervisor"), ("社工", "worker")),)),
        Rows("督导意见", "views",
             (("日期", "on", 26), ("关于什么", "about", 26), ("督导", "by", 24), ("意见", "text", 98)), least=4),
        Words("跟进的事、谁负责、到什么时候", "follow_up", 4),
        Signs(("督导", "社工", "日期")),
    ),
)  # fmt: skip
EVALUATION = Blank(
    "evaluation", "个案评估表", "目标达到多少，前后有什么变化",
    (
        Facts(((("评估日期", "evaluated_on"), ("目标达成 T 分", "t_score")),)),
        Rows("目标达成", "results",
             (("目标", "statement", 46), ("期限", "due_on", 24), ("首次评分", "first", 33), ("最近评分", "latest", 33),
              ("依据", "note", 38)), least=3),
        Drawing("目标达成的变化", "attainment"),
        Rows("前后测", "repeated",
             (("量表", "scale", 52), ("谁", "whose", 22), ("最初", "first", 42), ("最近", "latest", 42),
              ("相差", "change", 16)), least=2),
        Words("过程评估", "process", 2), Words("成效评估", "outcome", 2), Words("服务对象的话", "client_words", 2),
        Signs(("社工", "督导", "日期")),
    ),
)  # fmt: skip
STATEMENTS = "很不同意", "不太同意", "一般", "同意", "很同意"
SATISFACTION = Blank(
    "satisfaction", "服务满意度表", "服务对象自己填，社工不在场更好",
    (
        Fixed("", ("请在合适的格子里打“✓”，可以不签名。这一张放进个案的档案，写什么都不影响您以后得到的服务。",)),
        Rows("请您看看", "answers",
             (("说法", "text", 79), *((label, f"a{place}", 19) for place, label in enumerate(STATEMENTS, 1))), least=5),
        Facts(((("总的来说", "satisfaction"), ("日期", "filled_on")),)),
        Words("最有帮助的是什么", "best", 3), Words("希望改进的是什么", "better", 3),
        Signs(("填写人（可不签）", "日期")),
    ),
)  # fmt: skip
CLOSING = Blank(
    "closing", "个案结案表", "为什么结案、做了什么、服务对象和督导怎么看、以后怎样回访",
    (
        Facts(((("结案日期", "closed_on"), ("结案原因", "reason")),
               (("接案日期", "accepted_on"), ("会谈节数", "sessions")))),
        Words("总结", "summary", 5), Words("目标达成情况", "outcome", 3),
        Rows("各目标", "results",
             (("目标", "statement", 96), ("最近评分", "latest", 40), ("达成", "reached", 38)), least=3),
        Words("服务对象的意见", "client_view", 2), Words("督导意见", "supervisor_closing", 2),
        Words("回访安排", "plan", 1),
        Signs(("服务对象", "社工", "督导", "站长", "日期")),
    ),
)  # fmt: skip
FOLLOWUP = Blank(
    "followup", "个案回访记录表", "结案以后的各次回访",
    (
        Facts(((("结案日期", "closed_on"), ("结案原因", "reason")),)),
        Rows("回访", "visits",
             (("到期", "due_on", 26), ("回访日期", "done_on", 26), ("方式", "mode", 24), ("社工", "by", 22),
              ("现在怎样", "result", 24), ("情况", "note", 52)), least=4),
        Words("需要再服务的，写明打算", "again", 3),
        Signs(("社工", "站长", "日期")),
    ),
)  # fmt: skip

BLANKS = (
    INTAKE, CONSENT, ASSESSMENT, PLAN, SESSION, LINKING, REFERRAL, SUPERVISION, EVALUATION, SATISFACTION, CLOSING,
    FOLLOWUP,
)  # fmt: skip
BY_CODE: Mapping[str, Blank] = {one.code: one for one in BLANKS}


def names_of(blank: Blank) -> dict[str, str]:
    """Every name that the form's template may use, and what it says."""
    return dict(HEAD) | {name: said for part in blank.parts for name, said in _told(part)}


def _told(part: Part) -> Iterator[tuple[str, str]]:
    match part:
        case Facts():
            yield from ((name, label) for row in part.rows for label, name in row)
        case Words():
            yield part.name, part.label
        case Rows():
            fields = "、".join(f"{field}（{head}）" for head, field, _wide in part.columns)
            yield part.name, f"{part.label}，每行：{fields}"
        case Drawing():
            yield part.name, f"{part.label}（图）"
            yield part.words, f"{part.label}的文字说明"
