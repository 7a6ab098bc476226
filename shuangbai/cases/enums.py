"""Words of casework: where a case comes from, what it is about, how far it is, how a goal is measured (MZ/T 094)."""

from django.db.models import IntegerChoices, TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class Source(TextChoices):
    """From where a case came to the station."""

    VISIT = "visit", "走访发现"
    SELF = "self", "自行求助"
    VILLAGE = "village", "村居转介"
    OFFICE = "office", "部门转介"
    REPORTED = "reported", "他人举报"
    SUPERVISOR = "supervisor", "督导指派"


class CaseKind(TextChoices):
    """What a case is chiefly about."""

    MONEY = "money", "经济救助"
    FAMILY = "family", "家庭关系"
    CARE = "care", "监护与照料"
    CHILD = "child", "儿童保护"
    VIOLENCE = "violence", "家庭暴力"
    MIND = "mind", "精神健康"
    DISABILITY = "disability", "残障康复"
    ELDER = "elder", "老年服务"
    JOB = "job", "就业"
    SCHOOL = "school", "教育"
    LOSS = "loss", "丧亲"
    RIGHTS = "rights", "权益"
    OTHER = "other", "其他"


class CloseReason(TextChoices):
    """Why a case ends."""

    REACHED = "reached", "目标达成"
    ASKED = "asked", "服务对象要求"
    REFERRED = "referred", "转介"
    MOVED = "moved", "迁出"
    LOST = "lost", "失联"
    DIED = "died", "死亡"
    BEYOND = "beyond", "超出服务范围"


# `told=False`: how many cases keep an item is nobody's business who only keeps the lists.
SOURCES = declare(
    CodeSpec("case.source", "个案来源", "个案从哪里来。", Source, "cases.case", "source", "opened_on", told=False)
)
KINDS = declare(
    CodeSpec("case.kind", "个案类型", "个案主要是什么问题，成效报告按它分列。", CaseKind, "cases.case", "kind",
             "opened_on", told=False)
)  # fmt: skip
CLOSE_REASONS = declare(
    CodeSpec("case.close", "个案结案原因", "个案为什么结束。", CloseReason, "cases.case", "close_reason", "closed_on",
             told=False)
)  # fmt: skip


class Stage(TextChoices):
    """How far a case is: the six stages of MZ/T 094-2017 and the visits after closing. DECLINED: not taken on.

    A case is closed in FOLLOWUP and DECLINED, and open in every other.
    """

    INTAKE = "intake", "接案"
    ASSESS = "assess", "预估"
    PLAN = "plan", "计划"
    ACT = "act", "介入"
    EVALUATE = "evaluate", "评估"
    CLOSE = "close", "结案"
    FOLLOWUP = "followup", "回访"
    DECLINED = "declined", "不接案"


class Move(TextChoices):
    """How a case comes from one stage to another (rules.MOVES)."""

    OPEN = "open", "登记"
    FORWARD = "forward", "进入下一阶段"
    SKIP = "skip", "跳过"
    BACK = "back", "退回"
    CLOSED = "closed", "结案"
    DECLINE = "decline", "不接案"
    REOPEN = "reopen", "重开"


class Risk(TextChoices):
    LOW = "low", "低"
    MIDDLE = "middle", "中"
    HIGH = "high", "高"


class Urgency(TextChoices):
    CRISIS = "crisis", "紧急，当天处理"
    SOON = "soon", "一周内处理"
    USUAL = "usual", "一般"


class Consent(TextChoices):
    """Whether the client agreed to the service and its terms of confidence."""

    PENDING = "pending", "还没有征求"
    WRITTEN = "written", "已签同意书"
    SPOKEN = "spoken", "口头同意"
    GUARDIAN = "guardian", "监护人同意"
    NONE = "none", "没有同意（写明原因）"


class Scale(TextChoices):
    """How a goal's result is measured."""

    GAS = "gas", "目标达成量表（−2 至 +2）"
    PERCENT = "percent", "百分制（0 至 100）"


class Gas(IntegerChoices):
    """The five levels of Goal Attainment Scaling (Kiresuk & Sherman 1968)."""

    MUCH_LESS = -2, "−2 远低于预期"
    LESS = -1, "−1 低于预期"
    EXPECTED = 0, "0 达到预期"
    MORE = 1, "+1 高于预期"
    MUCH_MORE = 2, "+2 远高于预期"


class GoalState(TextChoices):
    OPEN = "open", "进行中"
    DROPPED = "dropped", "不再追求"


class SessionMode(TextChoices):
    """How a session was held."""

    HOME = "home", "入户面谈"
    OFFICE = "office", "来站面谈"
    PHONE = "phone", "电话"
    VIDEO = "video", "视频"
    INSTITUTION = "institution", "院舍、医院、学校"
    OUTSIDE = "outside", "陪同办事"
    OTHER = "other", "其他"


class ViewKind(TextChoices):
    """What a supervisor speaks of."""

    COMMENT = "comment", "意见"
    PLAN = "plan", "对计划"
    CLOSING = "closing", "对结案"


class Satisfaction(IntegerChoices):
    """What the client said of the service."""

    VERY_BAD = 1, "很不满意"
    BAD = 2, "不满意"
    FAIR = 3, "一般"
    GOOD = 4, "满意"
    VERY_GOOD = 5, "很满意"


class FollowUpState(TextChoices):
    PLANNED = "planned", "待回访"
    DONE = "done", "已回访"
    DROPPED = "dropped", "不再回访"


class FollowUpResult(TextChoices):
    """How it stands with the client after closing."""

    STEADY = "steady", "情况稳定"
    BETTER = "better", "继续好转"
    WORSE = "worse", "有反复"
    UNMET = "unmet", "没有联系上"


class OfferState(TextChoices):
    """How far it is with a case that is to become a colleague's."""

    WAITING = "waiting", "等确认"
    TAKEN = "taken", "已接手"
    DECLINED = "declined", "已退回"
    WITHDRAWN = "withdrawn", "已收回"
