"""Words of small things that are counted too (domain 3.9, 3.15): what somebody asked about, how, what came of it."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class Topic(TextChoices):
    AID = "aid", "低保与救助"
    ELDERS = "elders", "养老与高龄津贴"
    DISABLED = "disabled", "残疾人事务"
    CHILDREN = "children", "儿童与上学"
    HEALTH = "health", "看病与医保"
    FAMILY = "family", "婚姻与家庭"
    HOUSING = "housing", "住房"
    WORK = "work", "就业"
    DISPUTE = "dispute", "纠纷与法律"
    STATION = "station", "站里的活动与服务"
    OTHER = "other", "其他"


class Way(TextChoices):
    CAME = "came", "来访"
    CALLED = "called", "来电"
    ONLINE = "online", "线上"


class Outcome(TextChoices):
    ANSWERED = "answered", "当场答复"
    REFERRED = "referred", "转介"
    APPLY = "apply", "建议申请"
    LATER = "later", "约好再谈或上门"
    NOT_OURS = "not_ours", "告知该找谁"


TOPICS = declare(
    CodeSpec(
        "consultation.topic", "咨询内容", "来访、来电、线上咨询问的是什么，咨询人次按它分列。", Topic,
        "counter.consultation", "topic", "record__occurred_on",
    )
)  # fmt: skip


# GOODS AND FUNDS -------------------------------------------------------------


class StockKind(TextChoices):
    GOODS = "goods", "物资"
    MONEY = "money", "经费"


class MoveWay(TextChoices):
    OPENING = "opening", "期初"
    BOUGHT = "bought", "购入"
    DONATED = "donated", "捐赠"
    ALLOTTED = "allotted", "拨付"
    FAMILY = "family", "给家庭"
    ACTIVITY = "activity", "活动用"
    OFFICE = "office", "站里用"
    SPOILT = "spoilt", "损耗报废"
    COUNT = "count", "盘点"
    REVERSAL = "reversal", "冲销"


INS = (MoveWay.OPENING, MoveWay.BOUGHT, MoveWay.DONATED, MoveWay.ALLOTTED)
OUTS = (MoveWay.FAMILY, MoveWay.ACTIVITY, MoveWay.OFFICE, MoveWay.SPOILT)


# VENUES ----------------------------------------------------------------------


class VenueState(TextChoices):
    OPEN = "open", "开放"
    REPAIR = "repair", "停用维修"
    CLOSED = "closed", "不再使用"


class Condition(TextChoices):
    GOOD = "good", "完好"
    MEND = "mend", "要修"
    BARRED = "barred", "已停用"
