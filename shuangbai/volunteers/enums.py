"""Words of volunteers: kinds of team and of organisation, how far a team is, when people can come, what is noted."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class TeamKind(TextChoices):
    WOMEN = "women", "妇女"
    YOUTH = "youth", "青少年"
    PARTY = "party", "党员"
    ELDERS = "elders", "长者"
    NEIGHBOURS = "neighbours", "邻里互助"
    SKILLED = "skilled", "专业服务"
    MIXED = "mixed", "综合"


TEAM_KINDS = declare(
    CodeSpec(
        "team.kind", "志愿队类型", "志愿队的类型，志愿队数按它分列。", TeamKind, "volunteers.team", "kind", "founded_on"
    )
)


class TeamStage(TextChoices):
    """How far a team is, from being gathered to running itself."""

    GATHERING = "gathering", "召集中"
    GROWING = "growing", "培育中"
    RUNNING = "running", "能自己运转"
    ENDED = "ended", "停止活动"


class TeamRole(TextChoices):
    LEADER = "leader", "队长"
    DEPUTY = "deputy", "副队长"
    MEMBER = "member", "队员"


class ReportState(TextChoices):
    """How far what a leader handed in is."""

    WAITING = "waiting", "等社工站核对"
    ACCEPTED = "accepted", "已核对记入"
    RETURNED = "returned", "退回修改"
    REFUSED = "refused", "没有采用"
    WITHDRAWN = "withdrawn", "自己收回"


class OrganisationKind(TextChoices):
    MUTUAL = "mutual", "互助服务"
    CULTURE = "culture", "文体"
    ELDERS = "elders", "老年人协会"
    COUNCIL = "council", "理事会、议事会"
    CHARITY = "charity", "公益慈善"
    OTHER = "other", "其他"


class Standing(TextChoices):
    """Whether an organisation is registered as one, on file with its town, or neither."""

    REGISTERED = "registered", "已登记"
    FILED = "filed", "已备案"
    NEITHER = "neither", "未登记未备案"


class FreeTime(TextChoices):
    WEEKDAY = "weekday", "平日白天"
    EVENING = "evening", "平日晚上"
    WEEKEND = "weekend", "周末"
    HOLIDAY = "holiday", "寒暑假"
    URGENT = "urgent", "临时应急"


class MeritKind(TextChoices):
    """What order 67 has noted of a volunteer beside the service itself."""

    TRAINING = "training", "培训"
    AWARD = "award", "表彰奖励"
    PRAISE = "praise", "评价"
    COMPLAINT = "complaint", "被投诉"
