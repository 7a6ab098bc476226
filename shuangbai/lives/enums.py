"""Code lists of what changes in lives, of handing over, and of forgetting. Labels are what workers read."""

from django.db.models import TextChoices


class ChangeKind(TextChoices):
    """What happened to a family."""

    MOVE = "move", "搬家"
    SPLIT = "split", "分户"
    MERGE = "merge", "并户"
    DEATH = "death", "去世"
    LEAVE = "leave", "离开本地"
    SECOND_HOME = "second-home", "孩子两家住"
    ROTATION = "rotation", "老人轮住"
    STATION = "station", "转到别的站"


class TagGoes(TextChoices):
    """What becomes of a household's category where a family parts. Asked, never guessed."""

    STAYS = "stays", "留在原户"
    BOTH = "both", "两户都有"
    GOES = "goes", "随新户走"
    ENDS = "ends", "到此为止"


class MergedTag(TextChoices):
    """What becomes of a category of the family that is merged into another."""

    CARRIED = "carried", "带到合并后的户"
    ENDS = "ends", "到此为止"


class HandoverReason(TextChoices):
    LEAVING = "leaving", "离职"
    POSTED = "posted", "调到别处"
    AWAY = "away", "长时间休假或培训"
    SHARED = "shared", "重新分工"


class ItemState(TextChoices):
    WAITING = "waiting", "等接手人确认"
    TAKEN = "taken", "已接手"
    DECLINED = "declined", "接手人退回"
    WITHDRAWN = "withdrawn", "已收回"


class ErasureBasis(TextChoices):
    """On what law somebody is forgotten: 个人信息保护法 Art. 47."""

    ASKED = "asked", "本人或监护人要求删除，且没有法定理由须继续保存"
    WITHDRAWN = "withdrawn", "本人或监护人撤回同意（个保法第四十七条第三项）"
    DONE = "done", "处理目的已实现或不再必要（第四十七条第一项）"
    EXPIRED = "expired", "保存期限已届满（第四十七条第二项）"
    UNLAWFUL = "unlawful", "违反法律或约定收集的（第四十七条第四项）"


class ErasureState(TextChoices):
    ASKED = "asked", "等民政局决定"
    REFUSED = "refused", "不予抹去"
    WITHDRAWN = "withdrawn", "申请已收回"
    DONE = "done", "已抹去"
