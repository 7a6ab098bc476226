"""Words of policy assistance: the policies, what is asked for, how far a matter is."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class Policy(TextChoices):
    DIBAO = "dibao", "低保"
    DIBIAN = "dibian", "低保边缘"
    TEKUN = "tekun", "特困供养"
    LINSHI = "linshi", "临时救助"
    MEDICAL = "medical", "医疗救助"
    LIVING = "living", "困难残疾人生活补贴"
    NURSING = "nursing", "重度残疾人护理补贴"
    CARD = "card", "残疾人证"
    ORPHAN = "orphan", "孤儿基本生活保障"
    NO_CARE = "no_care", "事实无人抚养儿童保障"
    AGED = "aged", "高龄津贴"
    EDUCATION = "education", "教育救助"
    HOUSING = "housing", "住房救助"
    MENTAL = "mental", "精神障碍监护补贴"
    OTHER = "other", "其他政策"


class MatterKind(TextChoices):
    NEW = "new", "新增"
    CHANGE = "change", "变更"
    STOP = "stop", "停发"
    REVIEW = "review", "年审"
    CONSULT = "consult", "政策咨询"


class Stage(TextChoices):
    PREPARING = "preparing", "准备材料"
    APPLIED = "applied", "已递交，等受理"
    RUNNING = "running", "已受理，办理中"
    GRANTED = "granted", "已批准，等发放"
    PAID = "paid", "已发放"
    REFUSED = "refused", "不批准"
    APPEALED = "appealed", "已申诉，等答复"
    UPHELD = "upheld", "申诉后仍不批准"
    ANSWERED = "answered", "已答复"
    WITHDRAWN = "withdrawn", "不办了"


class Move(TextChoices):
    APPLY = "apply", "递交申请"
    RETURN = "return", "退回补材料"
    ACCEPT = "accept", "受理"
    CHECK = "check", "入户核查"
    PUBLISH = "publish", "公示"
    GRANT = "grant", "批准"
    REFUSE = "refuse", "不批准"
    PAY = "pay", "发放"
    APPEAL = "appeal", "申诉"
    OVERTURN = "overturn", "申诉后改批准"
    UPHOLD = "uphold", "申诉后维持"
    ANSWER = "answer", "答复咨询"
    WITHDRAW = "withdraw", "不办了"


POLICIES = declare(
    CodeSpec(
        "assistance.policy", "协助申请的政策", "事务岗协助申请的政策；本市自己的可以增加，算作最接近的一项。", Policy,
        "assistance.matter", "policy", "opened_on",
        meanings={Policy.MENTAL: "保密：只有服务这户的站和它的督导能看到是谁"}, needed=frozenset({Policy.OTHER}),
    )
)  # fmt: skip
