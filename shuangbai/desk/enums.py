"""Code lists of the composite pages."""

from django.db.models import TextChoices


class PaperForm(TextChoices):
    """As what the family's paper form is taken away."""

    PDF = "pdf", "PDF 文件"
    WORD = "docx", "Word 文件（可再编辑）"
    PAGE = "page", "网页，用浏览器打印"


class PaperReason(TextChoices):
    """Why the paper form is taken away. The label goes into the trail and onto the paper."""

    BOX = "box", "装入纸质档案"
    APPLY = "apply", "协助申请救助或补贴"
    VISIT = "visit", "入户时核对"
    REVIEW = "review", "督导、评估查阅"
    HANDOVER = "handover", "与接手的同事交接"
