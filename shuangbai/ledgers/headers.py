"""What the words above a column may mean: by what people call it, by likeness, by the word that it ends with.

In Chinese the last word of a header says what it is, and what stands before says of whom: 监护人电话 is a telephone, of
a guardian. So an ending counts more than a beginning, and whose it is rules out most fields.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from shuangbai.ledgers.cells import IN_BRACKETS, plain
from shuangbai.ledgers.words import ALIASES, WITHOUT_FIELD

SAYS_NOTHING = 0.45  # a header that is no more like any wording than that
_OF_ANOTHER = 0.6
NONE = ""  # the name of no field, among names of fields
_MARKS = re.compile(r"[\s*★※:：。.、,，;；!！?？\"'“”‘’_\-—]+")
_TO_FILL_IN = re.compile(r"(?<=..)(?:登记|填写|一?栏)$")  # 需求登记: where needs are written
_PART = 0.85  # how much a shorter ending counts beside a longer one
_ABOUT = re.compile(r"(?:基本|有关|相关|具体|个人|主要)?(?:情况|信息|资料|概况|登记|栏)$")
_PASSIVE = re.compile(r"被[^人者]{1,3}[人者]")
_SPOKEN = (("几个人", "人数"), ("几人", "人数"), ("多少人", "人数"), ("人次数", "人次"))
_OF = re.compile(r"(?<!目)的")
# Words that say what a column is about, whatever noun follows: 身体状态 is health, 残疾分级 disability.
_TOPICS = (
    (re.compile(r"残疾(?!人)|残障(?!人)|残疾人(?:类|等|分|级)"), "person.disability"),
    (re.compile(r"自理|失能"), "person.self_care"),
    (re.compile(r"婚姻|婚育|婚配"), "person.marital"),
    (re.compile(r"民族|族别"), "person.ethnicity"),
    (re.compile(r"学历|文化|教育(?!活动)"), "person.education"),
    (re.compile(r"健康|疾病|身体|患病|病[情史种]"), "person.health"),
    (re.compile(r"出生|生日"), "person.birth_date"),
    (
        re.compile(
            r"(?:跟进|处理|办理|解决|答复|处置)的?(?:意见|情况|结果|措施|建议|计划|进展|方案|事项)|处理$|(?:现场|当场)(?:答复|处理|解决)|"
            r"(?:下次|下一?步|后续|今后)(?:计划|安排|打算|工作)"
        ),
        "visit.followup",
    ),
    (re.compile(r"已(?:解决|处理|办理|落实)"), "visit.followup"),
    (re.compile(r"立档|建档(?!人|社工|率|编号|号)"), "household.opened_on"),
)
_ON_TOPIC = 0.75
_OF_A_FILE = re.compile(r"档|户|卷|家庭")
_OF_ALL = re.compile(r"合计|总计|小计|总数|总|数量|人数")
_A_PART = re.compile(r"[(](?:男|女|其中.*|儿童|长者|老人|青少年|妇女)[)]|^其中")
_COUNTS = frozenset({"visit.persons_met", "activity.persons", "activity.person_times"})
_POLITE = re.compile(r"^(?:请填写?|填写|所|其|该|被|本次|此次|总)(?=.{2})")
_SIGNED = re.compile(r"(?<=..)(?:签名|签字|签章)$")  # 走访人签名: who is asked to sign stands before it
_WHO_SIGN = frozenset({"visit.worker", "visit.companions", "household.worker"})
_NAMED = re.compile(r"(?<=..)姓名$")
# How stations say that they went to see somebody: 随访时间 and 敲门时间 are 走访时间.
_VISITING = re.compile(
    r"^((?:(?:计划|预计|拟)?下一?次)?)(?:入户走访|入户探访|电话探访|电话走访|"
    r"探访|入户|家访|访视|巡访|回访|慰问|访问|上门|探视|随访|敲门|致电|电访|去电|通话|"
    r"拜访|看望|探望|关爱|服务)(?=.)"
)
# And what else an activity is called: 讲座题目 and 聚会日期 are 活动题目 and 活动日期.
_ACTING = re.compile(r"^(?:讲座|课程|小组|培训|宣传|聚会|沙龙|义诊|比赛|工作坊|座谈会?|会议|开放)(?=.)")
_AS_ELSEWHERE = 0.94
_AND = re.compile(r"[及和与暨]")  # 探访日期及星期 is a day first of all
_FIRST_OF_TWO = 0.88
# What many headers begin or end with: alike in nothing else, two of them are not alike.
_ANY_HEAD = re.compile(r"^(?:走访|探访|入户|家访|服务|活动|家庭|对象|人员|户籍|居住|联系|监护)")
_ANY_TAIL = re.compile(
    r"(?:日期|时间|年月日?|姓名|名称|名字|情况|信息|人员|人数|人次|编号|号码|类别|类型|等级|级别|方式|形式|地址|电话|金额|标准|对象)$"
)
_LEAST_ALIKE = ((_ANY_TAIL, 60), (_ANY_HEAD, 40))
_GENERAL = re.compile(
    r"(?:基本情况|服务对象|走访对象|对象|家庭|户|村居|成员|家庭成员|人员|走访|探访|入户|服务|活动|救助|保障对象|保障|联系|档案|身份|个人|本人|儿童|老人|残疾人)*"
)

# Whose something is: (words, fields that may be meant all the same).
_WORKERS = re.compile(r"社工|(?<!被)走访人(?!数|次)|(?<!被)探访人(?!数|次)|工作人员|探访员|走访员")
_OWNERS: list[tuple[re.Pattern[str], frozenset[str]]] = [
    (re.compile(r"下一?次|预约"), frozenset({"visit.next_date", "visit.followup"})),
    (re.compile(r"上一?次|上回|[二再三]次"), frozenset()),
    (
        re.compile(r"监护|照[料顾护]|护理人|抚养人|赡养人|受托|委托|家长"),
        frozenset({"person.guardian", "person.self_care"}),
    ),
    (
        re.compile(
            r"父亲|母亲|父母|爸爸|妈妈|配偶姓名|紧急|联系人|邻居|村干部|网格员|帮扶(?!对象)|经办|审核|审批|填[表报写]|录入|开户|银行|存折|"
            r"残疾(?:人)?证(?!.*[类等级])|低保证|学校|家庭(?:成员|总)*(?:人口|人数)|收入|补[贴助差]|金额|银行|领取|队伍|证书|户数"
        ),
        frozenset({"visit.companions", "visit.followup", "household.worker", "person.health"}),
    ),
    (
        re.compile(r"户主|户代表|户长"),
        frozenset(
            {"household.head_name", "household.phone", "person.id_number", "household.address", "person.relation",
             "household.file_no"}
        ),
    ),
    (
        _WORKERS,
        frozenset({"visit.worker", "visit.companions", "household.worker", "visit.followup", "household.grade"}),
    ),
]  # fmt: skip
_HEADS_ID = re.compile(r"(?:户主|户代表|户长|家长).*(?:身份|证件)")


@dataclass(frozen=True, slots=True)
class Label:
    """A column's own words and those of the group over it, as they stand."""

    text: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """How much a header says a field, from 0 to 1, and the wording that it was taken for."""

    score: float
    wording: str


def tidy(text: str) -> str:
    """The header in the form in which wordings are compared."""
    return _MARKS.sub("", plain(text).lower())


def _forms(text: str) -> list[str]:
    """The ways to read a header: with what is in brackets and without it, each with a polite 请填 before it or not."""
    whole = _PASSIVE.sub("服务对象", plain(text).lower())
    for spoken, written in _SPOKEN:
        whole = whole.replace(spoken, written)
    whole = _OF.sub("", whole)
    found = [_MARKS.sub("", re.sub(r"[()\[\]【】〔〕]", "", whole)), _MARKS.sub("", IN_BRACKETS.sub("", whole))]
    found += [_POLITE.sub("", form) for form in found]
    return list(dict.fromkeys(form.replace("/", "") for form in found if form.strip("/")))


@cache
def _wordings() -> dict[str, list[str]]:
    """Each wording and the fields that it is used for."""
    found: dict[str, list[str]] = {}
    for field, words in (*ALIASES.items(), (NONE, WITHOUT_FIELD)):
        for word in words.split():
            for form in _forms(word):
                if field not in found.setdefault(form, []):
                    found[form].append(field)
    return found


@lru_cache(maxsize=4096)
def meanings(label: Label) -> dict[str, Meaning]:
    """The fields that a header may mean; NONE for one of those that have no field here."""
    texts = [label.text, *_with_group(label)]
    best: dict[str, Meaning] = {}
    whole: set[str] = set()
    group = len(_ABOUT.sub("", tidy(label.group)))
    for number, text in enumerate(texts):
        for field, meaning in _of_text(text).items():
            # 儿童 under 参加人数 are some of them: the group's own words do not say which column.
            in_group = number and label.text and len(meaning.wording) <= group < len(tidy(text))
            if in_group and tidy(text).startswith(meaning.wording):
                continue
            if number and _says_nothing_of(label, meaning.wording):
                continue
            said = _weaker(meaning, 0.97) if number else meaning
            whole = whole | {field} if number and label.text and meaning.score == 1.0 else whole
            if field not in best or best[field].score < said.score:
                best[field] = said
    if whole:  # 级别 under 残疾情况 is 残疾级别, whatever else is called 级别
        best = {field: meaning if field in whole else _weaker(meaning, 0.8) for field, meaning in best.items()}
    return _of_its_owner(label, _on_topic(label, _of_a_part(label, best)))


def _of_a_part(label: Label, found: dict[str, Meaning]) -> dict[str, Meaning]:
    """人数(男) is not how many there were."""
    if not _A_PART.search(plain(label.text)):
        return found
    return {field: _weaker(meaning, 0.6) if field in _COUNTS else meaning for field, meaning in found.items()}


def _says_nothing_of(label: Label, wording: str) -> bool:
    """Whether only the group is like the wording: 长者 under 参加人数 is not 参加人次; a bare 1 is."""
    own = tidy(label.text)
    return bool(own) and not (own.isdecimal() or _OF_ALL.fullmatch(own) or set(own) & set(wording))


def _on_topic(label: Label, found: dict[str, Meaning]) -> dict[str, Meaning]:
    text = tidy(label.text)
    if len(text) > 14 or any(meaning.score >= 0.97 for meaning in found.values()):
        return found
    for words, field in _TOPICS:
        if match := words.search(text):
            kept = {name: meaning if name == field else _weaker(meaning, 0.6) for name, meaning in found.items()}
            if field not in kept or kept[field].score < _ON_TOPIC:
                kept[field] = Meaning(_ON_TOPIC, match[0])
            return kept
    return found


def _with_group(label: Label) -> list[str]:
    """监护人情况 over 姓名 reads 监护人姓名."""
    group = _ABOUT.sub("", tidy(label.group))
    if not group or group in tidy(label.text):
        return []
    if _OF_ALL.fullmatch(tidy(label.text)):
        return [group]
    return [group + plain(label.text), _ABOUT.sub("", group) + plain(label.text)] if label.text else [group]


def _of_its_owner(label: Label, found: dict[str, Meaning]) -> dict[str, Meaning]:
    text = tidy(label.group) + tidy(label.text)
    number = found.get("household.file_no")
    if number and number.score < 0.97 and not _OF_A_FILE.search(text):
        found = found | {"household.file_no": _weaker(number, 0.7)}
    for owner, allowed in _OWNERS:
        # 走访人员 over a group does not say whose each column is: the others below may be of those who were visited.
        # 残疾类别 under 残疾人证信息 is no number of a card: a group is read with what stands below it.
        places = [tidy(label.text)] if owner is _WORKERS else [tidy(label.text), text]
        if not any(map(owner.search, places)):
            continue
        kept = {
            field: meaning if field == NONE or field in allowed or _exactly(label, field) else _weaker(meaning, 0.35)
            for field, meaning in found.items()
        }
        if _HEADS_ID.search(text) and "person.id_number" in kept:
            kept["person.id_number"] = _weaker(kept["person.id_number"], 0.8)
        lost = max((found[field].score for field in kept if kept[field] != found[field]), default=0.0)
        if lost >= SAYS_NOTHING and lost > max((meaning.score for meaning in kept.values()), default=0.0):
            kept[NONE] = Meaning(_OF_ANOTHER, text)  # 探访人电话 says whose telephone it is: not ours
        return kept
    return found


def _exactly(label: Label, field: str) -> bool:
    """Whether the column's own words are just what the field is called; 联系人 over 电话 is not."""
    return not label.group and any(field in _wordings().get(form, ()) for form in _forms(label.text))


def _weaker(meaning: Meaning, times: float) -> Meaning:
    return Meaning(meaning.score * times, meaning.wording)


@lru_cache(maxsize=8192)
def _of_text(text: str) -> dict[str, Meaning]:
    best: dict[str, Meaning] = {}
    for form, allowed in _readings(text):
        said = [*_alike(form), *((other, score) for other, score in _elsewhere(form) if other in _wordings())]
        for wording, score in said:
            for field in _wordings()[wording]:
                if (allowed is None or field in allowed) and (field not in best or best[field].score < score):
                    best[field] = Meaning(score, wording)
    return best


def _readings(text: str) -> dict[tuple[str, frozenset[str] | None], None]:
    """The forms of a header, each with the fields that it may mean; a signature is a worker's, or nothing to us."""
    forms = _forms(text)
    bare = [tail.sub("", form) for tail in (_NAMED, _TO_FILL_IN) for form in forms]
    signed = [_SIGNED.sub("", form) for form in forms if _SIGNED.search(form)]
    return dict.fromkeys([*((form, None) for form in (*forms, *bare)), *((form, _WHO_SIGN) for form in signed)])


def _elsewhere(form: str) -> list[tuple[str, float]]:
    """What other stations would write over the same column."""
    said = [
        (_VISITING.sub(r"\1走访", form), _AS_ELSEWHERE),
        (_ACTING.sub("活动", form), _AS_ELSEWHERE),
        (_AND.split(form)[0], _FIRST_OF_TWO),
    ]
    return [(other, score) for other, score in said if len(other) > 1 and other != form]


def _alike(form: str) -> list[tuple[str, float]]:
    """Wordings like a header and how like they are; the very wording alone is 1."""
    found: dict[str, float] = {form: 1.0} if form in _wordings() else {}
    for wording, ratio, _ in process.extract(form, _wordings().keys(), scorer=fuzz.ratio, limit=25, score_cutoff=45):
        if _alike_in_more(form, wording):
            found[wording] = max(found.get(wording, 0), ratio / 100 * 0.85)
    longest = max((len(wording) for wording in _wordings() if form.endswith(wording)), default=0)
    for wording in _wordings():
        if len(wording) < 2 or wording == form or wording not in form:
            continue
        rest = form.replace(wording, "", 1)
        share = len(wording) / len(form)
        if form.endswith(wording):
            said = 0.62 + 0.35 * share + (0.1 if _GENERAL.fullmatch(rest) else 0)
            said *= 1.0 if len(wording) == longest else _PART  # 户主身份证号 ends with 身份证号, and so with 证号
        elif form.startswith(wording):
            said = 0.45 + 0.35 * share
        else:
            said = 0.35 + 0.35 * share
        found[wording] = max(found.get(wording, 0), min(said, 0.96))
    return list(found.items())


def _alike_in_more(one: str, other: str) -> bool:
    """Whether two headers are alike beyond what any header may begin or end with: 入住时间 is not like 入档时间.

    入户 alone lacks the last word of 入户目的, which says what it is.
    """
    if other.startswith(one) and len(other) >= 2 * len(one):
        return False
    for common, least in _LEAST_ALIKE:
        ends = common.search(one), common.search(other)
        if ends[0] and ends[1] and ends[0][0] == ends[1][0]:
            rests = [common.sub("", word) for word in (one, other)]
            if all(rests) and fuzz.ratio(*rests) < least:
                return False
    return True


@cache
def _longest() -> int:
    return max(map(len, _wordings()))


@lru_cache(maxsize=16384)
def is_wording(text: str) -> bool:
    """Whether a cell is the very wording of a header."""
    return len(text) <= 24 and any(form in _wordings() for form in _forms(text))


@lru_cache(maxsize=16384)
def header_likeness(text: str) -> float:
    """How much a cell reads like a header, from 0 to 1: a cheap question, asked of every cell near the top."""
    if not text or len(text) > 24:
        return 0.0
    if is_wording(text):
        return 1.0
    best = 0.0
    for form in _forms(text):
        alike = process.extractOne(form, _wordings().keys(), scorer=fuzz.ratio, score_cutoff=60)
        best = max(best, alike[1] / 100 * 0.9 if alike else 0.0)
        if any(form[-length:] in _wordings() for length in range(2, min(len(form), _longest()))):
            best = max(best, 0.7)
    return best
