"""Code lists of what is known of a family. National codes are fixed; what a city words differently is declared."""

from django.db.models import TextChoices

from shuangbai.codes.enums import CodeSpec, declare

# NATIONAL CODES -------------------------------------------------------------


class Nation(TextChoices):
    """民族, GB/T 3304. 97 and 98 are usual practice."""

    HAN = "01", "汉族"
    MENGGU = "02", "蒙古族"
    HUI = "03", "回族"
    ZANG = "04", "藏族"
    WEIWUER = "05", "维吾尔族"
    MIAO = "06", "苗族"
    YI = "07", "彝族"
    ZHUANG = "08", "壮族"
    BUYI = "09", "布依族"
    CHAOXIAN = "10", "朝鲜族"
    MAN = "11", "满族"
    DONG = "12", "侗族"
    YAO = "13", "瑶族"
    BAI = "14", "白族"
    TUJIA = "15", "土家族"
    HANI = "16", "哈尼族"
    HASAKE = "17", "哈萨克族"
    DAI = "18", "傣族"
    LI = "19", "黎族"
    LISU = "20", "傈僳族"
    WA = "21", "佤族"
    SHE = "22", "畲族"
    GAOSHAN = "23", "高山族"
    LAHU = "24", "拉祜族"
    SHUI = "25", "水族"
    DONGXIANG = "26", "东乡族"
    NAXI = "27", "纳西族"
    JINGPO = "28", "景颇族"
    KEERKEZI = "29", "柯尔克孜族"
    TU = "30", "土族"
    DAWOER = "31", "达斡尔族"
    MULAO = "32", "仫佬族"
    QIANG = "33", "羌族"
    BULANG = "34", "布朗族"
    SALA = "35", "撒拉族"
    MAONAN = "36", "毛南族"
    GELAO = "37", "仡佬族"
    XIBO = "38", "锡伯族"
    ACHANG = "39", "阿昌族"
    PUMI = "40", "普米族"
    TAJIKE = "41", "塔吉克族"
    NU = "42", "怒族"
    WUZIBIEKE = "43", "乌孜别克族"
    ELUOSI = "44", "俄罗斯族"
    EWENKE = "45", "鄂温克族"
    DEANG = "46", "德昂族"
    BAOAN = "47", "保安族"
    YUGU = "48", "裕固族"
    JING = "49", "京族"
    TATAER = "50", "塔塔尔族"
    DULONG = "51", "独龙族"
    ELUNCHUN = "52", "鄂伦春族"
    HEZHE = "53", "赫哲族"
    MENBA = "54", "门巴族"
    LUOBA = "55", "珞巴族"
    JINUO = "56", "基诺族"
    OTHER = "97", "其他"
    NATURALISED = "98", "外国血统中国籍"


class Marriage(TextChoices):
    """婚姻状况, GB/T 2261.2."""

    SINGLE = "10", "未婚"
    MARRIED = "20", "已婚"
    FIRST = "21", "初婚"
    SECOND = "22", "再婚"
    AGAIN = "23", "复婚"
    WIDOWED = "30", "丧偶"
    DIVORCED = "40", "离婚"
    UNSAID = "90", "未说明"


class Education(TextChoices):
    """文化程度, GB/T 4658 (the 1984 scheme, which ledgers use)."""

    MASTER = "10", "研究生"
    BACHELOR = "20", "大学本科"
    COLLEGE = "30", "大学专科"
    TECHNICAL = "40", "中专或中技"
    CRAFT = "50", "技工学校"
    SENIOR = "60", "高中"
    JUNIOR = "70", "初中"
    PRIMARY = "80", "小学"
    ILLITERATE = "90", "文盲或半文盲"


class Politics(TextChoices):
    """政治面貌, GB/T 4762."""

    MEMBER = "01", "中共党员"
    PROBATIONARY = "02", "中共预备党员"
    LEAGUE = "03", "共青团员"
    MINGE = "04", "民革党员"
    MINMENG = "05", "民盟盟员"
    MINJIAN = "06", "民建会员"
    MINJIN = "07", "民进会员"
    NONGGONG = "08", "农工党党员"
    ZHIGONG = "09", "致公党党员"
    JIUSAN = "10", "九三学社社员"
    TAIMENG = "11", "台盟盟员"
    INDEPENDENT = "12", "无党派人士"
    MASSES = "13", "群众"


class DisabilityKind(TextChoices):
    """残疾类别, GB/T 26341."""

    SIGHT = "1", "视力残疾"
    HEARING = "2", "听力残疾"
    SPEECH = "3", "言语残疾"
    LIMBS = "4", "肢体残疾"
    INTELLECT = "5", "智力残疾"
    MIND = "6", "精神残疾"
    SEVERAL = "7", "多重残疾"


class DisabilityGrade(TextChoices):
    """残疾等级, GB/T 26341: the first is the heaviest."""

    FIRST = "1", "一级"
    SECOND = "2", "二级"
    THIRD = "3", "三级"
    FOURTH = "4", "四级"


class DangerGrade(TextChoices):
    """How safe a house is (危险房屋鉴定)."""

    A = "A", "A级（安全）"
    B = "B", "B级（基本安全）"
    C = "C", "C级（局部危险）"
    D = "D", "D级（整幢危险）"
    UNKNOWN = "?", "没有鉴定"


# OURS, FIXED ----------------------------------------------------------------


class Labour(TextChoices):
    FULL = "full", "有劳动能力"
    PART = "part", "部分丧失"
    NONE = "none", "没有劳动能力"


class CareScheme(TextChoices):
    CIVIL = "civil", "民政六项"
    PANYU = "panyu", "四级评定"


class CareItem(TextChoices):
    """The six of 民发〔2021〕43号."""

    EAT = "eat", "吃饭"
    DRESS = "dress", "穿衣"
    BED = "bed", "上下床"
    TOILET = "toilet", "如厕"
    WALK = "walk", "室内行走"
    WASH = "wash", "洗澡"


class CareLevel(TextChoices):
    """Both schemes' results; the first three follow from the six items, the others are chosen."""

    ABLE = "able", "自理"
    HALF = "half", "半失能"
    UNABLE = "unable", "全失能"
    FIRST = "p1", "完全自理"
    SECOND = "p2", "大部分自理"
    THIRD = "p3", "小部分自理"
    FOURTH = "p4", "完全不能自理"


class CarerRole(TextChoices):
    CARER = "carer", "主要照顾者"
    GUARDIAN = "guardian", "监护人"
    BOTH = "both", "监护人，也照顾日常"
    ENTRUSTED = "entrusted", "受委托照护"


class Presence(TextChoices):
    """人户分离."""

    BOTH = "0", "户在人在"
    PEOPLE_AWAY = "1", "户在人不在"
    REGISTERED_AWAY = "2", "户不在人在"


class Per(TextChoices):
    MONTH = "month", "每月"
    YEAR = "year", "每年"


class NeedState(TextChoices):
    OPEN = "open", "未解决"
    WORKING = "working", "解决中"
    SOLVED = "solved", "已解决"


class ConsentScope(TextChoices):
    FILE = "file", "建档"
    CASE = "case", "个案服务"
    PHOTO = "photo", "拍照录像"
    PUBLICITY = "publicity", "对外宣传"
    REFERRAL = "referral", "转介时共享资料"
    MINOR = "minor", "处理未满14周岁儿童的资料"


class ConsentForm(TextChoices):
    WRITTEN = "written", "书面"
    SPOKEN = "spoken", "口头，有见证人"
    RECORDED = "recorded", "录音"


# WHAT A CITY MAY WORD DIFFERENTLY -------------------------------------------


class Registration(TextChoices):
    HERE = "here", "本村（居）户籍"
    TOWN = "town", "本镇其他村（居）"
    ELSEWHERE = "elsewhere", "外地户籍"
    NONE = "none", "没有户口"


class Work(TextChoices):
    FARM = "farm", "务农"
    FISHING = "fishing", "捕捞养殖"
    JOB = "job", "有固定工作"
    CASUAL = "casual", "打零工"
    AWAY = "away", "外出务工"
    BUSINESS = "business", "做生意"
    STUDENT = "student", "在读"
    HOME = "home", "在家照顾家人"
    JOBLESS = "jobless", "没有工作"
    RETIRED = "retired", "退休或不再劳动"


class Health(TextChoices):
    GOOD = "good", "健康"
    WEAK = "weak", "一般或较弱"
    CHRONIC = "chronic", "有慢性病"
    SERIOUS = "serious", "有重病"


class HouseKind(TextChoices):
    OWN = "own", "自置"
    PUBLIC = "public", "公租或廉租"
    RENTED = "rented", "出租屋"
    BUILT = "built", "自建"
    RETURNED = "returned", "回迁"
    DORMITORY = "dormitory", "宿舍"
    INSTITUTION = "institution", "院舍"
    RESETTLED = "resettled", "安置房"
    LENT = "lent", "借住"
    OTHER = "other", "其他"


class Structure(TextChoices):
    CONCRETE = "concrete", "钢筋混凝土"
    BRICK = "brick", "砖混"
    TILE = "tile", "砖瓦"
    EARTH = "earth", "土坯"
    WOOD = "wood", "木结构"
    SHED = "shed", "棚屋"
    OTHER = "other", "其他"


class Water(TextChoices):
    TAP = "tap", "自来水"
    WELL = "well", "井水"
    SPRING = "spring", "山泉水"
    CARRIED = "carried", "要到外面挑"


class Power(TextChoices):
    SOUND = "sound", "通电，线路正常"
    OLD = "old", "通电，线路老化"
    NONE = "none", "没有通电"


class Fuel(TextChoices):
    BOTTLE = "bottle", "瓶装煤气"
    PIPED = "piped", "管道燃气"
    WOOD = "wood", "柴火"
    ELECTRIC = "electric", "用电"


class Toilet(TextChoices):
    FLUSH = "flush", "室内冲水"
    DRY = "dry", "室内旱厕"
    OUTSIDE = "outside", "室外自用"
    SHARED = "shared", "公厕"
    NONE = "none", "没有"


class Hazard(TextChoices):
    WIRING = "wiring", "电线老化或乱拉"
    GAS = "gas", "煤气使用不安全"
    FIRE = "fire", "明火、杂物堆放"
    LEAK = "leak", "漏雨"
    CRACK = "crack", "墙体开裂"
    SLIP = "slip", "地面湿滑、没有扶手"
    SLOPE = "slope", "靠近山坡或水边"
    DARK = "dark", "照明不足"
    HYGIENE = "hygiene", "卫生差"


class Income(TextChoices):
    WAGE = "wage", "工资"
    FARM = "farm", "务农"
    BUSINESS = "business", "经营"
    ALLOWANCE = "allowance", "低保等政策金"
    PENSION = "pension", "养老金"
    CHILDREN = "children", "子女赡养"
    RENT = "rent", "租金、分红"
    GIFT = "gift", "亲友或慈善资助"
    OTHER = "other", "其他"


class Expense(TextChoices):
    FOOD = "food", "吃用"
    MEDICAL = "medical", "医疗"
    EDUCATION = "education", "教育"
    RENT = "rent", "房租"
    CARE = "care", "照料"
    FARM = "farm", "生产"
    DEBT = "debt", "还债"
    OTHER = "other", "其他"


class Benefit(TextChoices):
    SUBSISTENCE = "subsistence", "最低生活保障"
    DESTITUTE = "destitute", "特困人员供养"
    TEMPORARY = "temporary", "临时救助"
    MEDICAL = "medical", "医疗救助"
    SCHOOL = "school", "教育救助"
    HOUSING = "housing", "住房救助"
    ORPHAN = "orphan", "孤儿及事实孤儿生活费"
    DISABLED_LIVING = "disabled_living", "困难残疾人生活补贴"
    DISABLED_CARE = "disabled_care", "重度残疾人护理补贴"
    AGED = "aged", "高龄津贴"
    PENSION = "pension", "城乡居民养老金"
    VETERAN = "veteran", "优抚金"
    OTHER = "other", "其他"


class StrengthKind(TextChoices):
    PERSON = "person", "本人长处"
    FAMILY = "family", "家人"
    NEIGHBOURS = "neighbours", "邻里宗亲"
    SKILL = "skill", "手艺技能"
    PROPERTY = "property", "土地物产"
    FORMAL = "formal", "单位与组织"
    OTHER = "other", "其他"


class AttachmentKind(TextChoices):
    CONSENT = "consent", "同意书"
    IDENTITY = "identity", "证件复印件"
    CERTIFICATE = "certificate", "证明材料"
    HOUSE = "house", "房屋照片"
    ASSESSMENT = "assessment", "评估表"
    GENOGRAM = "genogram", "家系图或生态图"
    OTHER = "other", "其他"


def _of(model: str, day: str, code: str, name: str, about: str, choices: type[TextChoices], field: str) -> CodeSpec:
    return declare(CodeSpec(code, name, about, choices, f"dossier.{model}", field, day))


def _several(
    model: str, day: str, code: str, name: str, about: str, choices: type[TextChoices], field: str
) -> CodeSpec:
    return declare(CodeSpec(code, name, about, choices, f"dossier.{model}", field, day, several=True))


_SHEET = ("personsheet", "known_on")
_HOUSING = ("housing", "taken_on")

REGISTRATIONS = _of(*_SHEET, "person.registration", "户籍状态", "家里人的户口在哪里。", Registration, "registration")
WORKS = _of(*_SHEET, "person.work", "就业状态", "家里人靠什么生活。", Work, "work")
HEALTHS = _of(*_SHEET, "person.health", "健康状况", "大致的健康状况；具体病情另填，隐去显示。", Health, "health")
HOUSE_KINDS = _of(*_HOUSING, "housing.kind", "住房类型", "房子是谁的、怎样住着。", HouseKind, "kind")
STRUCTURES = _of(*_HOUSING, "housing.structure", "房屋结构", "房子用什么建的。", Structure, "structure")
WATERS = _of(*_HOUSING, "housing.water", "用水", "家里的水从哪里来。", Water, "water")
POWERS = _of(*_HOUSING, "housing.power", "用电", "通电与线路。", Power, "power")
FUELS = _of(*_HOUSING, "housing.fuel", "用气与燃料", "做饭用什么。", Fuel, "fuel")
TOILETS = _of(*_HOUSING, "housing.toilet", "厕所", "家里的厕所。", Toilet, "toilet")
HAZARDS = _several(*_HOUSING, "housing.hazard", "安全隐患", "家里看得见的危险，可选几项。", Hazard, "hazards")
INCOMES = _of(
    "incomeline", "snapshot__taken_on", "economy.income", "收入来源", "家庭收入按来源填写。", Income, "source"
)
EXPENSES = _of(
    "expenseline", "snapshot__taken_on", "economy.expense", "支出用途", "家庭支出按用途填写。", Expense, "source"
)
BENEFITS = _several(
    "economy", "taken_on", "economy.benefit", "享受的政策", "这户正在领取的补贴与救助，可选几项。", Benefit, "benefits"
)
STRENGTHS = _of(
    "strength", "starts_on", "strength.kind", "优势与资源", "这户可以依靠的人、事、物。", StrengthKind, "kind"
)
GUARDED_WORDS = "打开须说明理由，督导不能打开"
ATTACHMENTS = declare(
    CodeSpec(
        "attachment.kind", "附件种类", "档案里的图片与文件。", AttachmentKind, "dossier.attachment", "kind", "taken_on",
        meanings={AttachmentKind.IDENTITY: GUARDED_WORDS, AttachmentKind.CERTIFICATE: GUARDED_WORDS},
    )
)  # fmt: skip
CARE_LEVELS = declare(
    CodeSpec(
        "selfcare.level", "自理能力", "自理能力的等级，只改名称。前三级由民政六项得出。", CareLevel,
        "dossier.selfcare", "level", "assessed_on", closed=True,
    )
)  # fmt: skip
