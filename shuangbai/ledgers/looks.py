"""What the values of a column look like, whatever stands above them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Any

from shuangbai.ledgers import words
from shuangbai.ledgers.categories import is_category
from shuangbai.ledgers.cells import (
    is_missing,
    looks_like_id,
    looks_like_phone,
    plain,
    read_day,
    read_name,
    read_time,
    several,
    untitled,
)
from shuangbai.ledgers.enums import Shape
from shuangbai.ledgers.villages import says_village

_SAMPLE = 240
_LONGEST_TIME = 16  # 上午 9:10-10:30
_PART_OF_DAY = re.compile(r"上午|下午|早上|早晨|中午|晚上|傍晚|夜间|全天")
_PERSON = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,4}")
_LONGEST_PLACE = 18
_MANY = re.compile(
    r"(?:大?约|近|共|逾)?\d{1,4}[余多]?(?:人次|人|名|位|个)?[左右]*|[男女]\d{1,4}[人名]?[、,/ ]*[男女]\d{1,4}[人名]?"
)
_GROUP = re.compile(
    r"第?[一二三四五六七八九十\d]+(?:村民)?(?:小?组|队|社)|.{1,5}(?:小?组|经济社|自然村)|[\u4e00-\u9fff]{1,4}(?:厝|寮|围|寨|仔|埔)"
)
_ADDRESS = re.compile(r".*(?:路|街|巷|号|栋|座|单元|室|村).*\d.*|.*\d+号.*|.{2,}(?:县|镇|市|街道).{2,}")
_DISABLED = re.compile(r".*(?:视力|听力|言语|语言|肢体|智力|精神|多重|盲|聋|哑).*|[一二三四1-4]级|无残疾")
_FILE = re.compile(
    r"[A-Za-z\u4e00-\u9fff]{0,6}[-–—(（\[]?\d{2,6}[A-Za-z\d年\-–—)）\]\[第号/]*\d[号)）]?|[A-Za-z]{1,6}[-\d]*\d{2,}"
)
_COUNTER = re.compile(r"([A-Za-z\u4e00-\u9fff]{1,6}[-–—]?)(\d{1,6})")
_CARE = re.compile(r".*(?:自理|失能|依赖|[abc]类).*|全护理|半护理")


@dataclass(slots=True)
class Look:
    """How large a share of the values has each shape, and how many there are."""

    count: int = 0
    share: dict[Shape, float] = field(default_factory=dict)
    distinct: float = 0.0
    length: float = 0.0
    is_sequence: bool = False
    is_numbered: bool = False
    numeric: float = 0.0
    staff: float | None = None  # the share of values that are workers of the station; None where they are not known
    common: tuple[str, ...] = ()

    def of(self, shape: Shape) -> float:
        return self.share.get(shape, 0.0)


def look_at(
    values: Sequence[Any], knows_village: Callable[[str], bool], latest: date, workers: frozenset[str] | None = None
) -> Look:
    """The look of a column's values (no blanks); at most some hundreds of them, from all over."""
    step = max(1, len(values) // _SAMPLE)
    texts = [plain(value) for value in values[::step]]
    sample = [value for value, text in zip(values[::step], texts, strict=True) if not is_missing(text)]
    texts = [text for text in texts if not is_missing(text)]
    if not sample:
        return Look()
    counts: Counter[Shape] = Counter()
    for value, text in zip(sample, texts, strict=True):
        counts.update(_shapes(value, text, knows_village, latest))
    total = len(sample)
    return Look(
        count=len(sample) * step,
        share={shape: count / total for shape, count in counts.items()},
        distinct=len(set(texts)) / total,
        length=sum(map(len, texts)) / total,
        is_sequence=_is_sequence(values),
        is_numbered=_is_numbered(values),
        numeric=sum(isinstance(value, float) or text.isdecimal() for value, text in zip(sample, texts, strict=True))
        / total,
        staff=None if workers is None else sum(_are_staff(text, workers) for text in texts) / total,
        common=tuple(text for text, _ in Counter(texts).most_common(3)),
    )


def _is_sequence(values: Sequence[Any]) -> bool:
    """Whether the rows are counted: 1, 2, 3, in whatever order they were sorted afterwards."""
    first = values[:200]
    numbers = [int(text) for text in map(plain, first) if text.isdecimal() and len(text) <= 6]
    return len(numbers) >= max(3, 0.8 * len(first)) and _count_up(numbers)


def _is_numbered(values: Sequence[Any]) -> bool:
    """Whether the rows are counted by a mark and a number: DF001, DF002."""
    first = values[:200]
    counters = [match for match in map(_COUNTER.fullmatch, map(plain, first)) if match]
    if len(counters) < max(3, 0.8 * len(first)) or len({match[1] for match in counters}) > 1:
        return False
    return _count_up([int(match[2]) for match in counters])


def _count_up(numbers: Sequence[int]) -> bool:
    steps = Counter(b - a for a, b in pairwise(numbers))
    all_there = len(set(numbers)) == len(numbers) >= 0.9 * (max(numbers) - min(numbers) + 1)
    return steps[1] >= 0.7 * (len(numbers) - 1) or all_there


def _shapes(value: Any, text: str, knows_village: Callable[[str], bool], latest: date) -> Iterable[Shape]:
    if isinstance(value, date):
        return (Shape.DATE,)
    if isinstance(value, time):
        return (Shape.TIME,)
    if looks_like_id(value):
        return (Shape.ID,)
    if isinstance(value, float):
        return _of_number(value)
    return _of_text(text, knows_village, latest)


def _of_number(value: float) -> list[Shape]:
    if 1.3e10 <= value < 2e10 and value.is_integer():
        return [Shape.PHONE]
    found = [Shape.DATE] if 25000 < value < 60000 or 19300101 <= value <= 21000000 else []
    if value.is_integer() and 0 <= value <= 3000:
        found.append(Shape.COUNT)
    if 0 < value < 1:
        found.append(Shape.TIME)
    return found


def _of_text(text: str, knows_village: Callable[[str], bool], latest: date) -> list[Shape]:
    found = []
    day = read_day(text, latest=latest)
    if day.value or (day.month and not text.isdecimal()):
        found.append(Shape.DATE)
    elif len(text) <= _LONGEST_TIME and (read_time(text) or _PART_OF_DAY.fullmatch(text)):
        found.append(Shape.TIME)
    elif looks_like_phone(text):
        found.append(Shape.PHONE)
    elif _MANY.fullmatch(text):
        found.append(Shape.COUNT)
    if not found:
        found = [shape for shape, test in _TESTS.items() if test(text)]
    if (len(text) <= _LONGEST_PLACE and says_village(text)) or (
        len(text) <= 30 and not text.isdecimal() and Shape.NAME not in found and knows_village(text)
    ):
        found.append(Shape.VILLAGE)
    if _FILE.fullmatch(text):
        found.append(Shape.FILE_NO)
    if len(text) >= 12 and not found:
        found.append(Shape.LONG)
    return found


def is_person_name(text: str) -> bool:
    """Two to four characters that begin with a family name and are no other word of a ledger."""
    name = read_name(text)
    if not _PERSON.fullmatch(name) or name[0] not in words.SURNAMES:
        return False
    return name not in words.RELATIONS and not says_village(name) and name[-1] not in "族级类镇县组号层"


def _are_names(text: str) -> bool:
    parts = several(text)
    return 0 < len(parts) <= 4 and all(is_person_name(part) for part in parts)


def _are_staff(text: str, workers: frozenset[str]) -> bool:
    return read_name(text) in workers or any(untitled(part) in workers for part in several(text))


def _among(vocabulary: frozenset[str]) -> Callable[[str], bool]:
    return lambda text: text.lower() in vocabulary


def _holds(vocabulary: Sequence[str], longest: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= longest and any(word in text for word in vocabulary)


# One character alone says a manner only where a column is known to say manners.
_MODES = [word for _, its in words.MODES for word in its if len(word) > 1]
_TESTS: dict[Shape, Callable[[str], bool]] = {
    Shape.SEX: _among(frozenset(["男", "女", "男性", "女性", "m", "f"])),
    Shape.RELATION: lambda text: text in words.RELATIONS or re.sub(r"[(].*", "", text) in words.RELATIONS,
    Shape.ETHNICITY: lambda text: text in words.ETHNICITIES or text.removesuffix("族") in words.ETHNICITIES,
    Shape.EDUCATION: _among(words.EDUCATIONS),
    Shape.MARITAL: _among(words.MARITALS),
    Shape.GRADE: _among(words.GRADES),
    Shape.MODE: _holds(_MODES, 8),
    Shape.RESULT: _holds(words.RESULTS, 10),
    Shape.CATEGORY: is_category,
    Shape.DISABILITY: lambda text: len(text) <= 12 and bool(_DISABLED.fullmatch(text)),
    Shape.NAME: _are_names,
    Shape.GROUP: lambda text: len(text) <= 10 and bool(_GROUP.fullmatch(text)),
    Shape.ADDRESS: lambda text: 3 <= len(text) <= 50 and bool(_ADDRESS.fullmatch(text)),
    Shape.WORDS: lambda text: bool(_CARE.fullmatch(text.lower())),
}

# What a value of these shapes is cannot be mistaken for something else.
TELLING = (Shape.ID, Shape.PHONE, Shape.DATE, Shape.SEX, Shape.RELATION, Shape.ETHNICITY, Shape.TIME)
_OPEN = {Shape.WORDS, Shape.LONG, Shape.FILE_NO, Shape.ADDRESS, Shape.GROUP}


def fit(shape: Shape, look: Look) -> float:
    """How well values suit a field of this shape, from -1 (cannot be) over 0 (says nothing) to 1."""
    if not look.count:
        return 0.0
    share = look.of(shape)
    other = max((look.of(telling) for telling in TELLING if telling is not shape), default=0.0)
    if shape in _OPEN:
        return _open_fit(shape, look, share, other)
    if shape in (Shape.ID, Shape.PHONE, Shape.DATE, Shape.TIME, Shape.SEX):
        if share >= 0.3:
            return min(1.0, share + 0.2)
        return -0.4 if share >= 0.1 or look.count < 3 else -1.0
    if share >= 0.5:
        return share
    return -1.0 if other >= 0.6 and share < 0.2 else (share if share >= 0.2 else -0.3)


def _open_fit(shape: Shape, look: Look, share: float, other: float) -> float:
    if other >= 0.6 and share < 0.6:
        return -1.0
    if shape is Shape.LONG:
        return min(1.0, look.length / 20) if look.length >= 12 else (0.0 if look.length >= 5 else -0.4)
    if shape is Shape.FILE_NO:
        return -0.8 if look.is_sequence else (share if share >= 0.5 else -0.3)
    if shape is Shape.WORDS:
        return -0.6 if look.is_sequence or look.numeric > 0.8 else 0.0
    return (
        share if share >= 0.4 else (-0.5 if look.numeric > 0.8 and look.length < 4 and shape is Shape.ADDRESS else 0.0)
    )
