"""Words of safeguarding: who is protected, the nine situations, how far an alarm is, what is done, why it ends."""

from django.db.models import TextChoices


class Protected(TextChoices):
    """Whom the law of reporting protects (未成年人保护法 Art. 11; 反家庭暴力法 Art. 14)."""

    MINOR = "minor", "未成年人"
    INCAPABLE = "incapable", "不能完全辨认自己行为的成年人"


class Situation(TextChoices):
    """The nine situations of 高检发〔2020〕9号 Art. 4, in its order."""

    INJURY = "injury", "隐私部位受伤"
    UNDER_14 = "under14", "不满十四岁：疑遭性侵、怀孕、流产"
    OVER_14 = "over14", "满十四岁：疑遭性侵而怀孕、流产"
    BEATEN = "beaten", "多处伤、营养不良、神志不清，疑遭家暴、欺凌、虐待"
    HARMED = "harmed", "自杀、自残、中毒、被殴打等致伤残或死亡"
    ABANDONED = "abandoned", "被遗弃，或长期无人照料"
    TRAFFICKED = "trafficked", "来源不明、失踪，或被拐卖、收买"
    BEGGING = "begging", "被组织乞讨"
    OTHER = "other", "其他严重侵害，或正面临危险"


class AlarmState(TextChoices):
    RAISED = "raised", "还没有报警记录"
    REPORTED = "reported", "已报警，跟进中"
    CLOSED = "closed", "已结案"


class StepKind(TextChoices):
    POLICE = "police", "报警"
    TOLD = "told", "告知"
    PLACED = "placed", "临时安置"
    MEDICAL = "medical", "就医"
    ORDER = "order", "告诫书、人身安全保护令"
    FOLLOWUP = "followup", "回访跟进"
    MORE = "more", "补充所见所闻"


class CloseReason(TextChoices):
    SAFE = "safe", "人已安全，跟进完成"
    HANDED = "handed", "已由公安、民政等部门接手"
    MISTAKEN = "mistaken", "核实后不属于这些情形"
    DRILL = "drill", "演练结束"
