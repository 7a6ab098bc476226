"""Words of resources: what there is, how its worth was told, how far a referral is."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class ResourceKind(TextChoices):
    MONEY = "money", "资金"
    GOODS = "goods", "物资"
    VENUE = "venue", "场地"
    PEOPLE = "people", "人力"
    SERVICE = "service", "专业服务"
    POLICY = "policy", "政策"


class ValuedBy(TextChoices):
    """How it was told what something is worth."""

    RECEIPT = "receipt", "票据"
    MARKET = "market", "市价"
    OWN = "own", "自估"


class ReferralState(TextChoices):
    DRAFT = "draft", "待发出"
    SENT = "sent", "已转介，等答复"
    ACCEPTED = "accepted", "已接收，办理中"
    REFUSED = "refused", "被拒"
    DONE = "done", "成功，待回访"
    FAILED = "failed", "失败，待回访"
    ENDED = "ended", "已回访"
    DROPPED = "dropped", "不转了"


class Move(TextChoices):
    CONTACT = "contact", "联系核实"
    SEND = "send", "发出转介"
    URGE = "urge", "催问"
    ACCEPT = "accept", "对方接收"
    REFUSE = "refuse", "对方拒绝"
    PROGRESS = "progress", "办理进展"
    SUCCEED = "succeed", "办成"
    FAIL = "fail", "没有办成"
    REVISIT = "revisit", "回访"
    DROP = "drop", "不转了"


KINDS = declare(
    CodeSpec(
        "resource.kind", "资源种类", "可以链接给家庭的资源是什么。", ResourceKind, "resources.resource", "kind",
        "listed_on", meanings={ResourceKind.MONEY: "链接时计入现金，其余计入折合"},
    )
)  # fmt: skip
