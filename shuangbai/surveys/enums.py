"""Words of surveys and questionnaires, and what a survey of a village asks, declared once (docs/adr/0066)."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class Method(TextChoices):
    INTERVIEW = "interview", "访谈"
    QUESTIONNAIRE = "questionnaire", "问卷"
    OBSERVATION = "observation", "观察"
    MEETING = "meeting", "座谈"
    WALK = "walk", "社区漫步"
    ORAL = "oral", "口述史"


class Source(TextChoices):
    """Where a number comes from."""

    COMMITTEE = "committee", "村（居）委会"
    POLICE = "police", "派出所"
    TOWN = "town", "镇街部门"
    HEALTH = "health", "卫生站（院）"
    STATION = "station", "本站"
    VILLAGERS = "villagers", "村民说的"


class Way(TextChoices):
    """How a number came about."""

    LEDGER = "ledger", "台账、名册"
    COUNTED = "counted", "逐户清点"
    SAMPLED = "sampled", "抽样推算"
    ESTIMATED = "estimated", "估计"


class Kind(StrEnum):
    """What is written down of a field: a number with its source, a number, some of a list, a text, lines in order."""

    SOURCED = "sourced"
    NUMBER = "number"
    SEVERAL = "several"
    TEXT = "text"
    LINES = "lines"
    RANKED = "ranked"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is asked about a village. A code is never given another meaning; what is no longer asked stays."""

    code: str
    section: str
    name: str
    kind: Kind
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    most: int = 0

    @property
    def labels(self) -> dict[str, str]:
        return dict(self.choices)


def _people(code: str, name: str, hint: str = "") -> Field:
    return Field(code, "人口", name, Kind.SOURCED, "人", hint=hint, most=200_000)


_LIVELIHOODS = (
    ("farming", "种植"), ("livestock", "养殖"), ("fishing", "捕捞"), ("away", "外出务工"), ("factory", "本地工厂"),
    ("craft", "来料加工、手工"), ("trade", "商贸、摆摊"), ("tourism", "旅游、民宿"), ("online", "电商"),
)  # fmt: skip
_ORGANISATIONS = (
    ("committee", "村（居）委会"), ("party", "党支部"), ("council", "村民理事会"), ("clan", "宗族理事会"),
    ("temple", "庙会（神事）理事会"), ("elders", "老年协会"), ("women", "妇女小组"), ("youth", "青年会"),
    ("coop", "合作社"), ("team", "志愿队"), ("arts", "文艺队、广场舞队"), ("alumni", "乡贤、外出乡亲会"),
)  # fmt: skip
_FACILITIES = (
    ("clinic", "卫生站"), ("school", "小学"), ("kindergarten", "幼儿园"), ("library", "图书室"),
    ("elders_hall", "老人活动中心"), ("canteen", "长者食堂"), ("square", "文化广场"), ("sports", "运动场"),
    ("playground", "儿童活动场"), ("ancestral", "祠堂"), ("temple", "庙宇"), ("toilet", "公厕"), ("water", "自来水"),
    ("lights", "路灯"), ("waste", "垃圾收集点"), ("bus", "公交到村"), ("parcel", "快递点"), ("market", "集市、超市"),
)  # fmt: skip

FIELDS: tuple[Field, ...] = (
    Field("households", "人口", "户数", Kind.SOURCED, "户", most=50_000),
    _people("registered", "户籍人口"),
    _people("resident", "常住人口", "一年里住满半年的，含外来的"),
    _people("floating", "流动人口", "外来、户口不在本村的"),
    _people("away", "外出人口", "户口在本村、外出半年以上的"),
    _people("elders", "60 岁及以上"),
    _people("children", "未满 18 岁儿童"),
    _people("disabled", "持证残疾人"),
    _people("dibao", "低保"),
    _people("tekun", "特困供养"),
    Field("hamlets", "地理与经济", "自然村、村民小组", Kind.NUMBER, "个", most=200),
    Field("town_km", "地理与经济", "到镇街中心", Kind.NUMBER, "公里", most=200),
    Field("income", "地理与经济", "人均可支配收入", Kind.NUMBER, "元/年", most=1_000_000),
    Field("collective", "地理与经济", "村集体年收入", Kind.NUMBER, "万元", most=1_000_000),
    Field("livelihoods", "地理与经济", "主要生计", Kind.SEVERAL, choices=_LIVELIHOODS),
    Field("place", "地理与经济", "地形、边界与交通", Kind.TEXT, hint="可以注明地图存在哪里"),
    Field("crowds", "人群与组织", "有哪些人群，各自怎样生活", Kind.TEXT, hint="如“留守老人多在旧围，白天独自在家”"),
    Field("organisations", "人群与组织", "组织", Kind.SEVERAL, choices=_ORGANISATIONS),
    Field("organised", "人群与组织", "组织做什么、谁说话有人听", Kind.TEXT, hint="写职务，不写姓名"),
    Field("facilities", "设施与历史", "公共设施", Kind.SEVERAL, choices=_FACILITIES),
    Field("upkeep", "设施与历史", "设施的状况", Kind.TEXT, hint="如“老人活动中心有房没人管，常锁着”"),
    Field("history", "设施与历史", "历史与文化", Kind.TEXT, hint="姓氏、迁徙、节日、手艺"),
    Field("problems", "问题、优势与需求", "问题", Kind.LINES, hint="一行一个"),
    Field("strengths", "问题、优势与需求", "优势与资产", Kind.LINES, hint="一行一个：人、地方、组织、习惯"),
    Field("needs", "问题、优势与需求", "需求", Kind.RANKED, hint="一行一个，最要紧的写在最上面"),
)  # fmt: skip
FIELD = {one.code: one for one in FIELDS}
SECTIONS = tuple(dict.fromkeys(one.section for one in FIELDS))
PEOPLE = tuple(one for one in FIELDS if one.kind == Kind.SOURCED and one.unit == "人")


class QuestionKind(TextChoices):
    ONE = "one", "单选"
    SEVERAL = "several", "多选"
    YES_NO = "yes_no", "是或否"
    NUMBER = "number", "数字"
    TEXT = "text", "短文字"


YES_NO = (("yes", "是"), ("no", "否"))


class State(TextChoices):
    DRAFT = "draft", "起草中"
    PUBLISHED = "published", "使用中"
    ENDED = "ended", "已停用"


class Whose(TextChoices):
    """Of whom a sheet is: counted, and never tied to anybody."""

    UNSAID = "unsaid", "不记"
    FILED = "filed", "在档家庭"
    OTHERS = "others", "其他村民"
