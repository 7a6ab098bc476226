"""Code lists of community activities (domain 3.9)."""

from django.db.models import TextChoices


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
