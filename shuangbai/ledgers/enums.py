"""What a ledger can be, the fields that its columns can mean, and the reasons that its rows can be given."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices

from shuangbai.core import idnumber


class Kind(StrEnum):
    """What one row of a ledger is about."""

    VISITS = "visits"
    HOUSEHOLDS = "households"
    PERSONS = "persons"
    ROSTER = "roster"
    ACTIVITIES = "activities"
    VOLUNTEERS = "volunteers"


class ImportKind(TextChoices):
    """What people call the kinds."""

    VISITS = Kind.VISITS.value, "走访台账"
    HOUSEHOLDS = Kind.HOUSEHOLDS.value, "家庭档案（一户一档）"
    PERSONS = Kind.PERSONS.value, "人员名单"
    ROSTER = Kind.ROSTER.value, "民政名册"
    ACTIVITIES = Kind.ACTIVITIES.value, "活动台账"
    VOLUNTEERS = Kind.VOLUNTEERS.value, "志愿者花名册"


class ImportState(TextChoices):
    """How far a ledger has come. Nothing of it is in the system before DONE."""

    READ = "read", "待核对"
    QUEUED = "queued", "正在导入"
    DONE = "done", "已导入"
    UNDOING = "undoing", "正在撤销"
    UNDONE = "undone", "已撤销"


class DealState(TextChoices):
    """How far a workbook of several stations has come. No station has anything of it before DEALT."""

    READ = "read", "待分发"
    QUEUED = "queued", "正在分发"
    DEALT = "dealt", "已分发"
    BACK = "back", "已收回"


class Fate(TextChoices):
    """What becomes of a row."""

    NEW = "new", "新增"
    ADDS = "adds", "补充"
    SAME = "same", "没有变化"
    TWICE = "twice", "重复"
    ASK = "ask", "待您决定"
    WRONG = "wrong", "有错，不导入"


class Reason(StrEnum):
    """Why a row is wrong, or what in it deserves a look."""

    NAME_MISSING = "name_missing"
    DATE_INVALID = "date_invalid"
    DATE_FUTURE = "date_future"
    ID_PRECISION_LOST = "id_precision_lost"
    ID_LENGTH = "id_length"
    ID_CHECKSUM = "id_checksum"
    ID_BIRTH_MISMATCH = "id_birth_mismatch"
    VILLAGE_UNKNOWN = "village_unknown"
    VILLAGE_AMBIGUOUS = "village_ambiguous"
    PHONE_INVALID = "phone_invalid"
    WORKER_UNKNOWN = "worker_unknown"
    CATEGORY_UNKNOWN = "category_unknown"
    DUPLICATE_IN_FILE = "duplicate_in_file"


SENTENCES = {
    Reason.NAME_MISSING: "没有姓名，请补上",
    Reason.DATE_INVALID: "日期读不出来或不存在，请写成 2019-03-05 的样子",
    Reason.DATE_FUTURE: "日期在今天之后，请核对年份",
    Reason.ID_PRECISION_LOST: "身份证号被存成了数字，后几位已经丢失，请对照证件重新填写，并先把这一列设为文本",
    Reason.ID_LENGTH: idnumber.SENTENCES[idnumber.IdFault.LENGTH],
    Reason.ID_CHECKSUM: "身份证号校验不符，请对照证件逐位核对",
    Reason.ID_BIRTH_MISMATCH: "身份证号与出生日期对不上，请对照证件核对",
    Reason.VILLAGE_UNKNOWN: "没有找到这个村（社区），请核对名称",
    Reason.VILLAGE_AMBIGUOUS: "叫这个名字的村（社区）不止一个，请写上镇街",
    Reason.PHONE_INVALID: "电话不是手机号也不是座机号，原样保留",
    Reason.WORKER_UNKNOWN: "本站没有叫这个名字的社工，原样保留",
    Reason.CATEGORY_UNKNOWN: "不认识这个对象类别，原样保留",
    Reason.DUPLICATE_IN_FILE: "与前面的一行重复",
}


class Shape(StrEnum):
    """What the values of a field look like."""

    DATE = "date"
    TIME = "time"
    ID = "id"
    PHONE = "phone"
    NAME = "name"
    VILLAGE = "village"
    SEX = "sex"
    RELATION = "relation"
    ETHNICITY = "ethnicity"
    EDUCATION = "education"
    MARITAL = "marital"
    MODE = "mode"
    RESULT = "result"
    CATEGORY = "category"
    DISABILITY = "disability"
    GRADE = "grade"
    COUNT = "count"
    FILE_NO = "file_no"
    GROUP = "group"
    ADDRESS = "address"
    LONG = "long"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a column can mean: its name in files, what people call it, what its values look like.

    `shared` fields may stand in two columns of a sheet.
    """

    name: str
    label: str
    shape: Shape
    shared: bool = False

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]


S = Shape
FIELDS = {
    field.name: field
    for field in [
        Field("visit.date", "走访日期", S.DATE),
        Field("visit.time", "走访时间", S.TIME),
        Field("visit.mode", "走访方式", S.MODE),
        Field("visit.result", "走访结果", S.RESULT),
        Field("visit.worker", "走访社工", S.NAME, shared=True),
        Field("visit.companions", "同行人员", S.NAME, shared=True),
        Field("visit.purpose", "走访目的", S.WORDS),
        Field("visit.narrative", "走访内容", S.LONG, shared=True),
        Field("visit.needs", "需求", S.WORDS, shared=True),
        Field("visit.followup", "跟进", S.WORDS, shared=True),
        Field("visit.next_date", "下次走访日期", S.DATE),
        Field("visit.persons_met", "见面人数", S.COUNT),
        Field("household.file_no", "档案编号", S.FILE_NO),
        Field("household.village", "村（社区）", S.VILLAGE),
        Field("household.group", "村民小组", S.GROUP),
        Field("household.address", "住址", S.ADDRESS, shared=True),
        Field("household.head_name", "户主姓名", S.NAME),
        Field("household.phone", "家庭电话", S.PHONE, shared=True),
        Field("household.grade", "跟进级别", S.GRADE),
        Field("household.opened_on", "建档日期", S.DATE),
        Field("household.worker", "负责社工", S.NAME),
        Field("person.name", "姓名", S.NAME),
        Field("person.sex", "性别", S.SEX),
        Field("person.birth_date", "出生日期", S.DATE),
        Field("person.id_number", "身份证号", S.ID),
        Field("person.phone", "电话", S.PHONE, shared=True),
        Field("person.relation", "与户主关系", S.RELATION),
        Field("person.categories", "对象类别", S.CATEGORY, shared=True),
        Field("person.disability", "残疾类别等级", S.DISABILITY, shared=True),
        Field("person.self_care", "自理能力", S.WORDS),
        Field("person.ethnicity", "民族", S.ETHNICITY),
        Field("person.education", "文化程度", S.EDUCATION),
        Field("person.marital", "婚姻状况", S.MARITAL),
        Field("person.health", "健康状况", S.WORDS, shared=True),
        Field("person.guardian", "监护人", S.NAME),
        Field("activity.name", "活动名称", S.WORDS),
        Field("activity.date", "活动日期", S.DATE),
        Field("activity.village", "活动村居", S.VILLAGE),
        Field("activity.kind", "活动类型", S.WORDS),
        Field("activity.persons", "参加人数", S.COUNT),
        Field("activity.person_times", "参加人次", S.COUNT),
        Field("activity.volunteers", "志愿者", S.COUNT),
        Field("volunteer.skills", "特长", S.WORDS, shared=True),
        Field("volunteer.team", "所属队伍", S.WORDS),
        Field("volunteer.since", "加入时间", S.DATE),
        Field("volunteer.hours", "服务时长", S.COUNT),
        Field("volunteer.number", "志愿者编号", S.FILE_NO),
        Field("volunteer.times", "能参加的时间", S.WORDS),
    ]
}
# What a column of a list of volunteers can mean: whoever they live with is not asked.
OF_VOLUNTEERS = frozenset(
    {"person.name", "person.sex", "person.birth_date", "person.id_number", "person.phone", "person.guardian",
     "person.education", "person.ethnicity", "person.health", "household.village", "household.address",
     *(name for name in FIELDS if name.startswith("volunteer."))}
)  # fmt: skip
