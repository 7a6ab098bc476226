"""Code lists of visits (domain 3.5): the built-in codes, which carry the meaning, and the lists a city decides."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare


class Mode(TextChoices):
    HOME = "home", "入户"
    PHONE = "phone", "电话"
    VIDEO = "wechat", "微信视频"
    OFFICE = "office", "来站"
    CHANCE = "chance", "偶遇"
    INSTITUTION = "institution", "院舍医院"


class Result(TextChoices):
    """Only a visit that met somebody is service; the others are work all the same."""

    MET = "met", "见面"
    NOBODY_HOME = "nobody_home", "无人在家"
    VACANT = "vacant", "空置"
    REFUSED = "refused", "拒访"
    AWAY = "away", "外出"
    IN_HOSPITAL = "in_hospital", "住院"
    DECEASED = "deceased", "已去世"
    WRONG_NUMBER = "wrong_number", "号码错误"


class Purpose(TextChoices):
    ORDINARY = "ordinary", "日常"
    FIRST = "first", "首次建档"
    REGULAR = "regular", "定期回访"
    SPECIAL = "special", "节日或灾害"
    CHECK = "check", "核查"
    SATISFACTION = "satisfaction", "满意度回访"


class Topic(TextChoices):
    HEALTH = "health", "健康"
    INCOME = "income", "经济"
    CARE = "care", "赡养照料"
    HOUSING = "housing", "住房"
    SAFETY = "safety", "居家安全"
    NEED = "need", "需求"
    EMOTION = "emotion", "情绪"
    SOCIAL = "social", "社会交往"
    STUDY = "study", "学习"
    GUARDIANSHIP = "guardianship", "监护"
    POLICY = "policy", "政策"
    EPIDEMIC = "epidemic", "疫情防控"


class Need(TextChoices):
    ECONOMIC = "economic", "经济"
    MEDICAL = "medical", "医疗"
    CARE = "care", "照料"
    HOUSING = "housing", "住房"
    EDUCATION = "education", "教育"
    WORK = "work", "就业"
    MIND = "mind", "心理"
    LEGAL = "legal", "法律"
    SOCIAL = "social", "社会交往"
    SAFETY = "safety", "安全"
    OTHER = "other", "其他"


class Followup(TextChoices):
    NONE = "none", "无需跟进"
    NEXT_VISIT = "next_visit", "下次探访"
    CASE = "case", "转个案"
    REFERRAL = "referral", "转介"
    APPLY = "apply", "协助申请救助"
    REPORT = "report", "上报"


VISIT, DAY = "visits.visit", "record__occurred_on"

MODES = declare(
    CodeSpec(
        "visit.mode", "走访方式", "走访是怎样进行的。同一户同一天同一方式只算一次。", Mode, VISIT, "mode", DAY,
        meanings={Mode.PHONE: "计入电访户次"},
    )
)  # fmt: skip
RESULTS = declare(
    CodeSpec(
        "visit.result", "走访结果", "走访见到人没有。只有见到人的才算服务到人。", Result, VISIT, "result", DAY,
        meanings={code: "见到人，计入有效走访" if code == Result.MET else "没见到，计入未遇" for code in Result.values},
        needed=frozenset({Result.MET}),
    )
)  # fmt: skip
PURPOSES = declare(
    CodeSpec(
        "visit.purpose", "走访类型", "为什么去。不填时按日常。", Purpose, VISIT, "purpose", DAY,
        needed=frozenset({Purpose.ORDINARY}),
    )
)  # fmt: skip
TOPICS = declare(
    CodeSpec("visit.topic", "谈及的话题", "走访时谈到了什么，可选几项。", Topic, VISIT, "topics", DAY, several=True)
)
NEEDS = declare(
    CodeSpec("visit.need", "发现的需求", "走访时发现的需求，可选几项。", Need, VISIT, "needs", DAY, several=True)
)
FOLLOWUPS = declare(
    CodeSpec(
        "visit.followup", "跟进处理", "走访之后怎样办。", Followup, VISIT, "followup", DAY,
        meanings={Followup.NEXT_VISIT: "须填下次日期"}, needed=frozenset({Followup.NONE}),
    )
)  # fmt: skip
