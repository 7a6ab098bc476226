"""The kinds of people and families that the programme serves, as ledgers write them: old words, short words, several.

The codes are those of the category list that the product brings; 低保 without 城 or 农 may be either of two.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from shuangbai.ledgers.cells import plain, several

_YES = frozenset("是 有 √ ✓ ✔ y yes 1 1.0 ○ 对 享受 已享受 符合".split())
_NO = frozenset("否 非 不是 没有 × ✗ x n no 0 0.0 不享受 未享受 不符合".split())
_ORDINARY = frozenset(
    "一般 一般户 普通 普通户 普通群众 一般群众 正常 群众 村民 居民 一般家庭 普通家庭 非困难户 非民政对象".split()
)

_WORD = re.compile(r"\w")  # of 高龄老人(80+) a bracket is left over, which is no category
_NOT = re.compile(r"非(?:低保|特困|五保|残疾|贫困|建档)\w*")
# From the most particular wording to the least; each takes its part of the cell, the rest is read on.
_TABLE = [
    (r"低保边缘|低边|低收入|边缘家庭|边缘户(?!.*致贫)", "低保边缘", ("dibian",)),
    (r"刚性支出|支出型", "刚性支出困难", ()),
    (r"(?:城市|城镇|城)(?:居民)?(?:最低生活保障|低保)", "城市低保", ("dibao_urban",)),
    (r"(?:农村|农)(?:居民)?(?:最低生活保障|低保)", "农村低保", ("dibao_rural",)),
    (r"最低生活保障|低保|吃低保|低补", "低保", ("dibao_urban", "dibao_rural")),
    (r"(?:单亲|特困)+母亲|单亲妈妈", "单亲特困母亲", ("single_mother",)),
    (r"(?:城市|城镇)(?:特困|三无)", "城市特困", ("tekun_urban",)),
    (r"农村(?:特困|五保)", "农村特困", ("tekun_rural",)),
    (r"特困(?:人员|供养)?|五保|三无|(?:分散|集中)供养", "特困", ("tekun_urban", "tekun_rural")),
    (r"临时救助|临时困难|临救", "临时救助", ("linshi",)),
    (r"建档立卡|精准扶贫|贫困户|脱贫户|脱贫不稳定|边缘易致贫|防返贫", "建档立卡贫困户", ("jiandang",)),
    (r"事实(?:上)?(?:无人抚养|孤儿)|无人抚养", "事实无人抚养儿童", ("no_care_child",)),
    (r"孤儿", "孤儿", ("orphan",)),
    (r"留守儿童|留守孩", "农村留守儿童", ("left_child",)),
    (r"留守妇女", "农村留守妇女", ("left_woman",)),
    (r"困境儿童|困难儿童|重病重残儿童", "困境儿童", ("hard_child",)),
    (r"艾滋病感染儿童", "艾滋病感染儿童", ("hiv_child",)),
    (r"流动儿童", "困境儿童", ()),
    (r"困境青少年|边缘青少年", "困境青少年", ("at_risk_youth",)),
    (r"独居(?:老人|长者|老年人)?|孤寡(?:老人)?|孤老", "独居老人", ("alone_elder",)),
    (r"空巢(?:老人|长者|老年人)?", "空巢老人", ("empty_elder",)),
    (r"留守(?:老人|长者|老年人)", "留守老人", ("left_elder",)),
    (r"(?:半)?失能(?:老人|长者|老年人)?|失智(?:老人)?", "失能老人", ("frail_elder",)),
    (r"高龄(?:老人|长者|老年人)?|(?:80|90)(?:周)?岁以上(?:老人)?", "高龄老人", ("aged",)),
    (r"计划生育特殊|计生特殊|失独", "计划生育特殊家庭", ("lost_child_family",)),
    (r"重度残疾|重残|[一二12]级残疾", "重度残疾", ("disabled_severe",)),
    (r"精神障碍|精神病|精障", "精神障碍患者", ("mental",)),
    (r"残疾|残障", "残疾", ("disabled",)),
    (r"优抚|退役军人|退伍|复退|军烈?属|烈属|军人家庭", "优抚对象", ("veteran",)),
    (r"刑满释放|刑释|安置帮教", "刑满释放人员", ("released",)),
    (r"社区矫正|矫正", "社区矫正对象", ("correction",)),
    (r"戒毒|吸毒", "戒毒康复人员", ("drug_recovery",)),
    (r"流浪乞讨|流浪", "流浪乞讨人员", ()),
    (r"家暴", "受家暴妇女", ("abused_woman",)),
    (r"流动人口|外来人口|外来务工", "流动人口", ("floating",)),
    (r"边缘弱势|弱势群体", "其他边缘弱势", ("fringe",)),
]  # fmt: skip
_PATTERNS = [(re.compile(pattern), label, codes) for pattern, label, codes in _TABLE]


@dataclass(frozen=True, slots=True)
class Category:
    """What a cell says of somebody. Several codes: it does not tell which; none: the list has no such item."""

    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Categories:
    known: tuple[Category, ...] = ()
    unknown: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def read_categories(text: str, header: str = "") -> Categories:
    """The categories of a cell. A yes says what the header says (是否低保: 是)."""
    known: dict[str, Category] = {}
    unknown = []
    for part in several(text):
        said = part.lower()
        if said in _NO or said in _ORDINARY or not _WORD.search(part):
            continue
        found = _said(plain(header) if said in _YES else part)
        known.update({category.label: category for category in found})
        if not found and not _NOT.match(part) and said not in _YES:
            unknown.append(part)
    return Categories(tuple(known.values()), tuple(unknown))


def _said(part: str) -> list[Category]:
    found, rest = [], _NOT.sub("", part)
    for pattern, label, codes in _PATTERNS:
        rest, times = pattern.subn("", rest)
        if times:
            found.append(Category(label, codes))
    return found


def is_category(text: str) -> bool:
    """Whether the whole of a cell is categories."""
    read = read_categories(text)
    return bool(read.known) and not read.unknown and len(text) <= 8 * len(read.known) + 4
