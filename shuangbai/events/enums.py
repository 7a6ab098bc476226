"""Words of an activity that is planned: its states, who comes, how it was."""

from django.db.models import TextChoices


class EventState(TextChoices):
    PREPARING = "preparing", "筹备"
    OPEN = "open", "报名中"
    HELD = "held", "已举办"
    CANCELLED = "cancelled", "取消"


class ChildBand(TextChoices):
    """About how old a child is: enough to plan games and to seat them, and no more."""

    TODDLER = "toddler", "未满 6 岁"
    YOUNGER = "younger", "6 至 9 岁"
    OLDER = "older", "10 至 13 岁"
    TEEN = "teen", "14 至 17 岁"


class Entrance(TextChoices):
    """What somebody who opens the public page may do there, and what the page says otherwise."""

    PLACE = "place", "可以报名"
    WAITING = "waiting", "名额已满，现在报名排在候补。有人取消时，社工按先后打电话告诉您。"
    FULL = "full", "名额和候补都已经满了，没法再报名。"
    NOT_YET = "not_yet", "还没有开始报名。"
    OFF = "off", "这场活动的网上报名已经关闭。"
    CLOSED = "closed", "报名已经截止。"
    OVER = "over", "这场活动已经办完了，谢谢您关心。"
    CANCELLED = "cancelled", "这场活动取消了。"


LETS_IN = (Entrance.PLACE, Entrance.WAITING)


class Grade(TextChoices):
    """How content somebody was, 1 to 5, in words."""

    VERY = "5", "很满意"
    RATHER = "4", "满意"
    FAIR = "3", "一般"
    LITTLE = "2", "不太满意"
    NOT = "1", "不满意"


CONTENT = (Grade.VERY, Grade.RATHER)


class Gated(TextChoices):
    """The public pages whose sendings are counted by the minute."""

    JOIN = "join", "报名"
    SAY = "say", "反馈"
