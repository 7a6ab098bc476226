"""Code lists of families and people. Codes follow the standards named; labels are what workers read."""

from django.db.models import IntegerChoices, TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class Relation(TextChoices):
    """Relation to the head of the household, GB/T 4761 (two digits)."""

    SELF = "01", "本人"
    HEAD = "02", "户主"
    SPOUSE = "10", "配偶"
    HUSBAND = "11", "夫"
    WIFE = "12", "妻"
    SON = "20", "子"
    FOSTER_SON = "27", "养子或继子"
    SON_IN_LAW = "28", "女婿"
    DAUGHTER = "30", "女"
    FOSTER_DAUGHTER = "37", "养女或继女"
    DAUGHTER_IN_LAW = "38", "儿媳"
    GRANDCHILD = "40", "孙子女"
    GRANDSON = "41", "孙子"
    GRANDDAUGHTER = "42", "孙女"
    DAUGHTERS_SON = "43", "外孙子"
    DAUGHTERS_DAUGHTER = "44", "外孙女"
    PARENT = "50", "父母"
    FATHER = "51", "父亲"
    MOTHER = "52", "母亲"
    FATHER_IN_LAW_OF_WIFE = "53", "公公"
    MOTHER_IN_LAW_OF_WIFE = "54", "婆婆"
    FATHER_IN_LAW = "55", "岳父"
    MOTHER_IN_LAW = "56", "岳母"
    STEPFATHER = "57", "继父或养父"
    STEPMOTHER = "58", "继母或养母"
    GRANDPARENT = "60", "祖父母"
    GRANDFATHER = "61", "祖父"
    GRANDMOTHER = "62", "祖母"
    MATERNAL_GRANDFATHER = "63", "外祖父"
    MATERNAL_GRANDMOTHER = "64", "外祖母"
    SIBLING = "70", "兄弟姐妹"
    ELDER_BROTHER = "71", "兄"
    ELDER_BROTHERS_WIFE = "72", "嫂"
    YOUNGER_BROTHER = "73", "弟"
    YOUNGER_BROTHERS_WIFE = "74", "弟媳"
    ELDER_SISTER = "75", "姐姐"
    ELDER_SISTERS_HUSBAND = "76", "姐夫"
    YOUNGER_SISTER = "77", "妹妹"
    YOUNGER_SISTERS_HUSBAND = "78", "妹夫"
    OTHER = "80", "其他"


class IdState(TextChoices):
    """What is known of somebody's identity number. Missing is ordinary: elders, unregistered children."""

    MISSING = "missing", "未填"
    SOUND = "sound", "有效"


class BirthPrecision(TextChoices):
    DAY = "day", "到日"
    MONTH = "month", "到月"
    YEAR = "year", "到年"
    ESTIMATED = "estimated", "估计"


class TagSource(TextChoices):
    ROSTER = "roster", "民政名册"
    WORKER = "worker", "社工发现"
    SELF = "self", "自报"
    VILLAGE = "village", "村居推送"


class TagEnd(TextChoices):
    DEATH = "death", "死亡"
    LEFT = "left", "退出"
    MOVED = "moved", "迁出"
    CHANGED = "changed", "升降类"
    CANCELLED = "cancelled", "核查取消"
    AGE = "age", "年龄不再符合"


class TagUnit(TextChoices):
    PERSON = "person", "个人"
    HOUSEHOLD = "household", "家庭"
    EITHER = "either", "个人或家庭"


class FileState(TextChoices):
    OPEN = "open", "在档"
    CLOSED = "closed", "已结档"


class PauseReason(TextChoices):
    """Why a file is paused: nobody is there to be seen for a while."""

    HOSPITAL = "hospital", "长期住院"
    AWAY = "away", "外出务工或探亲"
    HOUSED = "housed", "暂住机构或亲属家"
    ASKED = "asked", "家庭要求暂缓"
    OTHER = "other", "其他"


class CloseReason(TextChoices):
    STABLE = "stable", "情况稳定，无需跟进"
    MOVED = "moved", "迁出"
    DECEASED = "deceased", "死亡销档"
    MERGED = "merged", "与其他档案合并"
    OTHER = "other", "其他"


class Grade(TextChoices):
    """The levels of the schemes that the product brings (domain 4.3). A grade is never shown to a villager."""

    RED = "red", "红"
    YELLOW = "yellow", "黄"
    GREEN = "green", "绿"
    A = "abc_a", "A类"
    B = "abc_b", "B类"
    C = "abc_c", "C类"
    FIRST = "six_1", "一级"
    SECOND = "six_2", "二级"
    THIRD = "six_3", "三级"
    FOURTH = "six_4", "四级"
    FIFTH = "six_5", "五级"
    SIXTH = "six_6", "六级"


GRADES = declare(
    CodeSpec(
        "file.grade", "跟进级别", "系统自带各级的名称，只改名称；间隔在「跟进分级」里定。级别不给服务对象看。",
        Grade, "households.filegrade", "grade", "starts_on", closed=True,
    )
)  # fmt: skip


class Colour(TextChoices):
    """How a level is marked on pages. The word always stands beside it."""

    RED = "red", "红"
    ORANGE = "orange", "橙"
    YELLOW = "yellow", "黄"
    GREEN = "green", "绿"
    BLUE = "blue", "蓝"
    GREY = "grey", "灰"


class FindKind(IntegerChoices):
    """By what a family is found as somebody types."""

    NAME = 1, "姓名"
    INITIALS = 2, "拼音首字母"
    FILE_NO = 3, "档案号"
    PHONE_TAIL = 4, "电话尾号"
    ID_TAIL = 5, "证件尾号"


class PairState(TextChoices):
    """What was decided of two entries that may be of one person."""

    OPEN = "open", "待核对"
    LATER = "later", "以后再说"
    SAME = "same", "同一人"
    APART = "apart", "不是同一人"


class FamilyPairState(TextChoices):
    """As PairState, of two entries that may be of one family."""

    OPEN = PairState.OPEN.value, "待核对"
    LATER = PairState.LATER.value, "以后再说"
    SAME = PairState.SAME.value, "同一户"
    APART = PairState.APART.value, "不是同一户"


class UnmaskReason(TextChoices):
    """Why somebody opens what is masked. The label goes into the trail."""

    VISIT = "visit", "入户前核对身份"
    REACH = "reach", "联系本人或家属"
    APPLY = "apply", "协助申请救助或补贴"
    CHECK = "check", "核对、更正档案"
    URGENT = "urgent", "紧急情况"
