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


class ListKind(TextChoices):
    """What a list is taken away as; the importer reads back all but groups, consultations, goods, sheets."""

    HOUSEHOLDS = "households", "一户一档（家庭与成员，每人一行）"
    PERSONS = "persons", "人员信息登记表（每人一行）"
    ROSTER = "roster", "对象花名册（只列带类别的人）"
    VISITS = "visits", "走访台账"
    ACTIVITIES = "activities", "活动台账"
    VOLUNTEERS = "volunteers", "志愿者花名册（每人一行）"
    SESSIONS = "sessions", "小组节次台账"
    CONSULTATIONS = "consultations", "来访咨询登记"
    GOODS = "goods", "物资经费月报"
    SHEETS = "sheets", "问卷答卷（每份一行，每题一列）"

    @property
    def heading(self) -> str:
        return str(self.label).partition("（")[0]


OF_RECORDS = (ListKind.VISITS, ListKind.ACTIVITIES, ListKind.SESSIONS, ListKind.CONSULTATIONS)


class ListReason(TextChoices):
    """Why a list is taken away. The label goes into the trail and into the file."""

    CHECK = "check", "核对、补正资料"
    VISIT = "visit", "入户或活动前准备"
    REPORT = "report", "按要求报送"
    REVIEW = "review", "督导、评估查阅"
    HANDOVER = "handover", "与接手的同事交接"
