"""How far a report has come, what was done with it, and as what it is taken away."""

from django.db.models import TextChoices


class FilingState(TextChoices):
    DRAFT = "draft", "草稿"
    CONFIRMED = "confirmed", "站长已确认"
    REVIEWED = "reviewed", "督导已复核"
    FREEZING = "freezing", "正在封存"
    ACCEPTED = "accepted", "已接收"
    WITHDRAWN = "withdrawn", "已撤回"


OPEN = (FilingState.DRAFT, FilingState.CONFIRMED, FilingState.REVIEWED, FilingState.FREEZING)


class StepKind(TextChoices):
    DRAFTED = "drafted", "起草"
    CONFIRMED = "confirmed", "确认"
    REVIEWED = "reviewed", "复核"
    RETURNED = "returned", "退回"
    ACCEPTING = "accepting", "接收"
    FROZEN = "frozen", "封存"
    FAILED = "failed", "没有封存成"
    WITHDRAWN = "withdrawn", "撤回"


class PaperForm(TextChoices):
    """As what a frozen report is taken away."""

    PDF = "pdf", "PDF"
    WORD = "docx", "Word 文件"


class ChangeKind(TextChoices):
    """Why today's records give another number than the report that was filed."""

    LATE = "late", "报后补录"
    CORRECTED = "corrected", "报后更正"
    VOIDED = "voided", "报后作废"
    RECATEGORISED = "recategorised", "类别有变"
    JUDGED = "judged", "到期日或级别有变"
    MERGED = "merged", "认定为同一人或同一户"
    UNTRACED = "untraced", "变了而没有留下痕迹"
    VANISHED = "vanished", "记录不见了"


# What no page of ours can do: somebody wrote into the database by hand.
FAULTS = frozenset({ChangeKind.UNTRACED, ChangeKind.VANISHED})
