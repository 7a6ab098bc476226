"""Code lists of community activities (domain 3.9)."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class ActivityKind(TextChoices):
    PUBLICITY = "publicity", "宣传"
    FESTIVAL = "festival", "节日"
    CULTURE = "culture_sports", "文体"
    LECTURE = "lecture", "教育讲座"
    CHILDREN = "children", "儿童"
    ELDERS = "elders", "长者"
    CLINIC = "clinic", "义诊义卖"
    ENVIRONMENT = "environment", "环境"
    VOLUNTEER = "volunteer", "志愿"
    MEETING = "meeting", "居民议事"


KINDS = declare(
    CodeSpec(
        "activity.kind", "活动类型", "社区活动的类型，成效报告按它分列。", ActivityKind, "activities.activity", "kind",
        "record__occurred_on",
    )
)  # fmt: skip
