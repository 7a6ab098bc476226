"""Words of social group work (domain 3.8, 7.2): kinds, states, phases of a session, who was there."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class GroupKind(TextChoices):
    GROWTH = "growth", "成长"
    SUPPORT = "support", "支持"
    EDUCATION = "education", "教育"
    THERAPY = "therapy", "治疗"
    TASK = "task", "任务（互助）"
    INTEREST = "interest", "兴趣"


class GroupState(TextChoices):
    PREPARING = "preparing", "筹备"
    RECRUITING = "recruiting", "招募"
    RUNNING = "running", "进行中"
    ENDED = "ended", "已结束"
    CANCELLED = "cancelled", "取消"


class Phase(TextChoices):
    """The five phases of MZ/T 095-2017: offered by the number of the session, never forced."""

    PREPARATION = "preparation", "筹备期"
    FORMATION = "formation", "形成期"
    TRANSITION = "transition", "转折期"
    MATURITY = "maturity", "成熟期"
    ENDING = "ending", "结束期"


class DraftPage(TextChoices):
    """A form of a group of which what is not saved is kept."""

    SESSION = "sitting", "记一节"
    EVALUATION = "evaluation", "契约与评估"


class Presence(TextChoices):
    PRESENT = "present", "到"
    LATE = "late", "迟到"
    ABSENT = "absent", "没来"


THERE = (Presence.PRESENT, Presence.LATE)


class AgeBand(TextChoices):
    """About how old somebody is who is only named."""

    CHILD = "child", "未满 14 岁"
    TEEN = "teen", "14 至 17 岁"
    ADULT = "adult", "18 至 59 岁"
    ELDER = "elder", "60 岁及以上"


MINORS = (AgeBand.CHILD, AgeBand.TEEN)


class Reached(TextChoices):
    ALL = "all", "都达成了"
    MOST = "most", "大部分达成"
    SOME = "some", "部分达成"
    NONE = "none", "没有达成"


class Satisfied(TextChoices):
    VERY = "very", "很满意"
    RATHER = "rather", "满意"
    FAIR = "fair", "一般"
    NOT = "not", "不满意"


KINDS = declare(
    CodeSpec(
        "group.kind", "小组类型", "小组的类型，成效报告按它分列。", GroupKind, "groups.group", "kind", "begun_on",
    )
)  # fmt: skip
