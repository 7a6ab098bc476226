"""What is said of a picture: whose faces are on it, and whether it may be shown to everybody."""

from django.db.models import TextChoices


class Faces(TextChoices):
    """In kind, never who: nobody is looked up by a face here."""

    UNKNOWN = "unknown", "还没标"
    NOBODY = "nobody", "没有人脸"
    OTHERS = "others", "有成年人正脸"
    MINOR = "minor", "有未成年人正脸"


class Consent(TextChoices):
    NOT_ASKED = "not_asked", "没有问过"
    AGREED = "agreed", "同意公开"
    REFUSED = "refused", "不同意公开"
    WITHDRAWN = "withdrawn", "同意过，后来撤回"


class ConsentForm(TextChoices):
    WRITTEN = "written", "书面"
    SPOKEN = "spoken", "口头，有见证人"
    RECORDED = "recorded", "录音"
