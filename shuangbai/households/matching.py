"""Whether two entries may be of one person, as a score that says why. Pure: asks no database.

In a clan village many bear one name, so a name and a village alone never suffice; twins differ in a character,
a son may bear his father's name. Two sound identity numbers that differ are two people, whatever else agrees.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from shuangbai.core.characters import folded, tidy
from shuangbai.core.pinyin import blurred, syllables

LIKELY = 75
POSSIBLE = 60
VILLAGE, TELEPHONE, FAMILY = 12, 20, 15  # what the same around two people adds
AROUND_MOST = VILLAGE + TELEPHONE + FAMILY
SOUNDS_ALIKE = 88  # per cent of letters in order, for names as they are read
LUNAR = range(17, 55)  # days by which a date of the farmers' calendar lies before the same date of the other
GENERATION = 14
_CALLED = re.compile(
    r"(婆婆|阿婆|阿公|阿伯|阿姨|老伯|老人|大伯|大叔|大娘|大爷|奶奶|爷爷|先生|女士|婆|公|伯|叔|婶|姨|某+)$"
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is known of somebody, for holding side by side. `precise`: the birth date is known to the day."""

    name: str
    sex: str = "0"
    birth_date: date | None = None
    precise: bool = True
    estimated: bool = False
    id_hash: str = ""
    villages: frozenset[int] = frozenset()
    phones: frozenset[str] = frozenset()
    homes: frozenset[UUID] = frozenset()
    family: frozenset[str] = frozenset()


class Part(NamedTuple):
    """What one trait adds to the score or takes from it, and how it is said; '' where it says nothing."""

    points: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two entries are, from 0 to 100, what speaks for one person and what against."""

    score: int
    reasons: tuple[str, ...]
    doubts: tuple[str, ...] = ()

    @property
    def likely(self) -> bool:
        return self.score >= LIKELY

    @property
    def sentence(self) -> str:
        said = "、".join(self.reasons)
        return f"{said}；但{'、'.join(self.doubts)}" if self.doubts else said


def compare(one: Traits, other: Traits) -> Likeness | None:
    """How alike two entries are; None where they are certainly not of one person or nothing speaks for it."""
    name = _names(one.name, other.name)
    if one.id_hash and other.id_hash:
        if one.id_hash != other.id_hash:
            return None
        doubts = () if name.points else ("姓名不同，可能有一处证号录错",)
        return Likeness(100, ("身份证号相同", *filter(None, (name.said,))), doubts)
    if not name.points:
        return None
    parts = [name, _villages(one, other), _births(one, other), _phones(one, other), _families(one, other)]
    parts += [_sexes(one, other), _homes(one, other)]
    score = min(max(sum(part.points for part in parts), 0), 99)
    return Likeness(
        score,
        tuple(part.said for part in parts if part.said and part.points > 0),
        tuple(part.said for part in parts if part.said and part.points <= 0),
    )


def may_be_alike(one: Traits, other: Traits) -> bool:
    """Whether two can reach POSSIBLE by what their own rows say, whatever is known of their homes."""
    if one.id_hash and other.id_hash:
        return one.id_hash == other.id_hash
    name = _names(one.name, other.name).points
    return bool(name) and name + _births(one, other).points + _sexes(one, other).points + AROUND_MOST >= POSSIBLE


@lru_cache(maxsize=65536)
def _names(one: str, other: str) -> Part:
    """A name beside a name: the same, written otherwise, of the same sound, a character apart, or only a call name."""
    a, b = folded(one), folded(other)
    if not a or not b:
        return Part()
    if a == b:
        return Part(40, "同名") if tidy(one) == tidy(other) else Part(38, "同名（繁简或异体写法不同）")
    sounds, others = syllables(a), syllables(b)
    if sounds == others:
        return Part(28, "姓名同音")
    if [*map(blurred, sounds)] == [*map(blurred, others)]:
        return Part(20, "姓名近音")
    if _is_called(a, b) or _is_called(b, a):
        return Part(8, "同姓，一处只记了称呼")
    return _written(a, b) if sounds[0] == others[0] else Part()


def _written(a: str, b: str) -> Part:
    """Names of one family name that differ in sound: a character apart, turned round, or nearly alike as read."""
    if min(len(a), len(b)) >= 3 and OSA.distance(a, b) == 1:
        return Part(18, "姓名两字颠倒") if sorted(a) == sorted(b) else Part(15, "姓名差一个字")
    sounds, others = syllables(a), syllables(b)
    if len(sounds) == len(others) and fuzz.ratio("".join(sounds), "".join(others)) >= SOUNDS_ALIKE:
        return Part(12, "姓名读音相近")
    return Part()


def _is_called(one: str, other: str) -> bool:
    """陈婆婆 beside 陈秀英."""
    return one[0] == other[0] and bool(_CALLED.search(one[1:])) and not _CALLED.search(other[1:])


def _births(one: Traits, other: Traits) -> Part:
    a, b = one.birth_date, other.birth_date
    if a is None or b is None:
        return Part()
    years = abs(a.year - b.year)
    if years >= GENERATION:
        return Part(-60, f"出生相差{years}年")
    if one.estimated or other.estimated:
        return Part(5, "出生年份相近") if years <= 2 else Part(-30, f"出生相差{years}年")
    if not (one.precise and other.precise) or (a == b and (a.month, a.day) == (1, 1)):
        # 1 January is what is typed where the day is not known.
        return Part(15, "出生年份相同") if years == 0 else Part(-20, f"出生相差{years}年")
    return _birth_days(a, b)


def _birth_days(a: date, b: date) -> Part:
    """Two birth dates that are known to the day."""
    years, days = abs(a.year - b.year), abs((a - b).days)
    said = [
        (days == 0, 35, "出生日期相同"),
        (days == 1, 25, "出生日期相差一天"),
        ((a.year, a.month, a.day) == (b.year, b.day, b.month), 22, "出生日期月日颠倒"),
        (years == 0 and a.day == b.day, 10, "出生年份和日相同"),
        (years == 0 and a.month == b.month, 10, "出生年份和月相同"),
        (years == 1 and (a.month, a.day) == (b.month, b.day), 10, "出生月日相同，年份相差一年"),
        (days in LUNAR, 12, f"出生日期相差{days}天（可能有一处是农历）"),
        (years == 0, -15, "出生日期不同"),
    ]
    return next((Part(points, words) for holds, points, words in said if holds), Part(-40, f"出生相差{years}年"))


def _sexes(one: Traits, other: Traits) -> Part:
    known = {"1", "2"}
    return Part(-30, "性别不同") if one.sex != other.sex and {one.sex, other.sex} == known else Part()


def _villages(one: Traits, other: Traits) -> Part:
    return Part(VILLAGE, "同村") if one.villages & other.villages else Part()


def _phones(one: Traits, other: Traits) -> Part:
    return Part(TELEPHONE, "电话尾号相同") if one.phones & other.phones else Part()


def _families(one: Traits, other: Traits) -> Part:
    return Part(FAMILY, "家人也同名") if one.family & other.family and not one.homes & other.homes else Part()


def _homes(one: Traits, other: Traits) -> Part:
    """Two of one household whose names differ are two people who share a village, a telephone, perhaps a birthday."""
    if not one.homes & other.homes:
        return Part()
    if folded(one.name) == folded(other.name):
        return Part(0, "登记在同一户")
    return Part(-60, "登记在同一户而姓名不同，可能是兄弟姐妹")


def compare_families(*, heads_same: bool, shared: int, smaller: int, village: bool, phone: bool) -> Likeness | None:
    """How alike two entries of families are, of which `shared` people may be the same; None where too little is.

    `smaller`: how many are of the smaller one. One person in both is no family in both: a child between two homes, an
    elder who rotates between sons. Only whoever heads both is.
    """
    if not shared or not (heads_same or shared > 1):
        return None
    score = 60 * shared // smaller + 25 * heads_same + 10 * village + 5 * phone
    if score < POSSIBLE:
        return None
    said = [(heads_same, "户主像是同一人"), (True, f"{shared} 人对得上（人少的一份 {smaller} 人）"),
            (village, "同村"), (phone, "电话尾号相同")]  # fmt: skip
    against = [(not heads_same, "户主不是同一人"), (not village, "不在一个村居")]
    return Likeness(
        min(score, 99),
        tuple(words for holds, words in said if holds),
        tuple(words for holds, words in against if holds),
    )


# BY WHAT CANDIDATES ARE FOUND -----------------------------------------------


def keys_of(traits: Traits, *, asking: bool = False) -> Iterator[str]:
    """By what somebody is found who may be the same. `asking`: the years beside, too, where a year may be a year off.

    Each key joins two traits, so that a common name in a clan village brings a handful and not a hundred.
    """
    born = traits.birth_date
    for name in _called_by(traits.name):
        years: Iterable[int] = () if born is None else range(born.year - 1, born.year + 2) if asking else (born.year,)
        yield from (f"ny {name} {year}" for year in years)
        yield from (f"nv {name} {village}" for village in sorted(traits.villages))
        yield from (f"np {name} {phone}" for phone in sorted(traits.phones))
    if born is not None and traits.precise and folded(traits.name):
        yield from (f"dv {born} {village}" for village in sorted(traits.villages))
        yield from (f"dp {born} {phone}" for phone in sorted(traits.phones))


def keys_beside(traits: Traits) -> Iterator[str]:
    """The keys that `asking` adds to those kept of somebody: the years beside that of their birth."""
    if traits.birth_date is not None:
        for name in _called_by(traits.name):
            yield from (f"ny {name} {traits.birth_date.year + years}" for years in (-1, 1))


def _called_by(name: str) -> tuple[str, ...]:
    sounds = [blurred(sound) for sound in syllables(folded(name))]
    return (" ".join(sounds),) if sounds else ()
