"""Words of community projects (domain 3.13): states, who takes part, what is given and how, meetings, problems."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class ProjectState(TextChoices):
    """The four steps of community work (MZ/T 071-2016), the end, and that it came to nothing."""

    SURVEY = "survey", "调研"
    PLAN = "plan", "计划"
    DOING = "doing", "实施"
    REVIEW = "review", "评估与移交"
    DONE = "done", "完成"
    STOPPED = "stopped", "中止"


class Origin(TextChoices):
    """How a project began."""

    VILLAGERS = "villagers", "村民提出"
    COMMITTEE = "committee", "村（居）委提出"
    VISITS = "visits", "走访中发现"
    SURVEY = "survey", "社区调研"
    OTHER = "other", "其他"


class Actor(TextChoices):
    """In what role somebody takes part in a project."""

    COMMITTEE = "committee", "村（居）委"
    GROUP = "group", "村民小组"
    COUNCIL = "council", "村民理事会"
    VILLAGERS = "villagers", "村民"
    NATIVE = "native", "乡贤"
    UNIT = "unit", "单位"
    VOLUNTEERS = "volunteers", "志愿者"
    OTHER = "other", "其他"


class LineKind(TextChoices):
    """What a line of a ledger is: three that come in, each summed up by itself, and one that goes out."""

    CASH = "cash", "现金"
    GOODS = "goods", "物资"
    DAYS = "days", "工日"
    SPENT = "spent", "支出"


GIVEN = (LineKind.CASH, LineKind.GOODS, LineKind.DAYS)


class Giver(TextChoices):
    PERSON = "person", "个人"
    UNIT = "unit", "单位"


# Who is no person: the name may be read by whoever sees the project.
BODIES = frozenset({Actor.COMMITTEE, Actor.GROUP, Actor.COUNCIL, Actor.UNIT, Giver.UNIT})


class CountedHow(TextChoices):
    """How it was told whom a project serves."""

    LISTED = "listed", "逐户登记"
    REGISTER = "register", "受益范围的户籍数"
    SPOT = "spot", "现场清点"
    ESTIMATED = "estimated", "估计"


class MeetingKind(TextChoices):
    DELIBERATION = "deliberation", "村民议事会"
    RESIDENTS = "residents", "居民会议"
    COMMITTEE = "committee", "村（居）委会议"
    COUNCIL = "council", "理事会会议"
    OTHER = "other", "其他会议"


class Raiser(TextChoices):
    STATION = "station", "社工记下"
    VILLAGER = "villager", "村民提交"


class Answer(TextChoices):
    """What the station said to a problem."""

    WAITING = "waiting", "待答复"
    PROJECT = "project", "列入项目"
    ANSWERED = "answered", "已答复"
    NOT_OURS = "not_ours", "不归本站"


MEETINGS = declare(
    CodeSpec(
        "meeting.kind", "会议类型", "社工参与的村（居）会议的类型，成效报告按它分列。", MeetingKind, "projects.meeting",
        "kind", "record__occurred_on",
    )
)  # fmt: skip
