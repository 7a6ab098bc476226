"""Code lists of the spine."""

from django.db.models import TextChoices


class RecordKind(TextChoices):
    VISIT = "visit", "走访"
    ACTIVITY = "activity", "社区活动"
    GROUP_SESSION = "group_session", "小组节次"
    TEAM_SERVICE = "team_service", "志愿队服务"
    CONSULTATION = "consultation", "咨询"
    HANDOUT = "handout", "宣传资料"
    MEETING = "meeting", "会议"


class ContactKind(TextChoices):
    PERSON = "person", "人"
    HOUSEHOLD = "household", "户"
    HEADS = "heads", "未实名人数"


class HeadGroup(TextChoices):
    """Parts of an anonymous head count. They do not overlap: everybody is counted in one of them."""

    CHILDREN = "children", "儿童"
    ELDERS = "elders", "长者"
    CLIENTS = "clients", "民政对象"
    VOLUNTEERS = "volunteers", "志愿者"
    OTHERS = "others", "其他"


class CountMethod(TextChoices):
    SIGNED = "signed", "签到表"
    COUNTED = "counted", "现场清点"
    ESTIMATED = "estimated", "估计"
