"""What stands in a cell: dates, identity numbers, telephones, counts, names, in every dress that people give them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from shuangbai.core import idnumber
from shuangbai.core.idnumber import IdFault
from shuangbai.ledgers.enums import Reason

# Written where something is not known; none of it is a value.
MISSING = frozenset(
    "无 没有 不详 不明 未知 不清楚 暂无 待补 待补充 待查 待核实 待定 未填 未提供 未登记 未办 未办理 未办证 未上户 "
    "未上户口 没上户口 无户口 黑户 办理中 正在办理 补办中 遗失 丢失 空 缺 缺失 略 不便透露 不愿提供 无电话 没电话 "
    "无手机 无联系电话 无身份证 没有身份证 无证 "
    "n/a na nil null none ? ?? ??? / // \\ - -- --- — —— ——— * × x 0 . ... … #n/a #ref! #value! #name?".split()
)
_FORMATS = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_DASHES = str.maketrans("–—―−‐‑－﹣", "--------")
IN_BRACKETS = re.compile(r"[(\[【〔][^)\]】〕]*[)\]】〕]")
_DIGITS = {mark: number for number, marks in enumerate(("〇○零", "一", "二", "三", "四", "五", "六", "七", "八", "九"))
           for mark in marks} | {"两": 2}  # fmt: skip


def plain(value: Any) -> str:
    """The value as text: full-width forms and invisible characters put right; a whole number without its point."""
    if isinstance(value, str):
        if value.isascii():
            return value.strip()
        if not unicodedata.is_normalized("NFKC", value):
            value = unicodedata.normalize("NFKC", value)
        return _FORMATS.sub("", value).strip()
    return "" if value is None else _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if value.time() != time() else value.strftime("%Y-%m-%d")
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def is_missing(text: str) -> bool:
    """Whether this says that nothing is known."""
    return not text or text.lower() in MISSING


@lru_cache(maxsize=4096)
def number_in_words(words: str) -> int | None:
    """十二 → 12, 二〇一九 → 2019, 廿 is left to the lunar calendar. None for what is no number."""
    if not words or any(mark not in _DIGITS and mark not in "十百" for mark in words):
        return None
    if "十" not in words and "百" not in words:
        return int("".join(str(_DIGITS[mark]) for mark in words))
    total, current = 0, 0
    for mark in words:
        if mark in _DIGITS:
            current = _DIGITS[mark]
        else:
            total += (current or 1) * (10 if mark == "十" else 100)
            current = 0
    return total + current


# DATES -----------------------------------------------------------------------

_LUNAR = re.compile(r"农历|阴历|旧历|正月|腊月|冬月|闰|初[一二三四五六七八九十]|廿|卅")
_WEEKDAY = r"\s*[(]?\s*(?:星期|周|礼拜)[一二三四五六日天1-7]\s*[)]?"
_HOUR = (
    r"\s*(?:[(]?(?:上午|下午|早上|早晨|中午|晚上|傍晚|早|晚|夜|午后|am|pm)[)]?)?\s*"
    r"(?:\d{1,2}\s*(?::|时|点)\s*(?:半|\d{0,2})\s*分?(?:\s*:\s*\d{2}(?:\.\d+)?)?)?\s*(?:am|pm)?\s*(?:左右|许)?"
    r"(?:\s*[-~至到]\s*\d{1,2}\s*(?::|时|点)\s*(?:半|\d{0,2})\s*分?)?(?:z|\+\d\d:?\d\d)?"
)
_TAIL = rf"(?:t(?=\d))?(?:{_WEEKDAY})?{_HOUR}(?:{_WEEKDAY})?\s*(?:[(][^)\d]*[)])?\s*"
_BETWEEN = r"\s*[-./\\,，。、_:年月~·\s]\s*"
_FULL = re.compile(rf"(\d{{4}}|\d{{2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})(?!\d)\s*[日号]?{_TAIL}")
_COMPACT = re.compile(rf"((?:19|20|21)\d\d)(\d\d)(\d\d){_TAIL}")
_SHORT = re.compile(r"(\d\d)(\d\d)(\d\d)")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_MONTH = re.compile(r"(\d{4}|\d{2}(?=\s*年))(?:\s*[-./年]\s*)(\d{1,2})\s*月?(?:份)?")
_MONTH_COMPACT = re.compile(r"((?:19|20)\d\d)(0[1-9]|1[0-2])")
_YEAR = re.compile(r"(\d{4})\s*年?")
_BACKWARDS = re.compile(rf"(\d{{1,2}})\s*[-./]\s*(\d{{1,2}})\s*[-./]\s*(\d{{4}}){_TAIL}")
_NAMED = re.compile(rf"(\d{{1,2}})[-\s]+([a-z]{{3}})[a-z]*[-\s,]+(\d{{4}}|\d{{2}}){_TAIL}")
EARLIEST_COMPACT_MONTH = "191501"  # 190305 is a day of 2019, 195603 a month
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_CHINESE_NUMBER = re.compile(r"[〇○零一二三四五六七八九十]+(?=\s*[年月日号]|$)")


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is known. `fault` says that something stands there which is no day."""

    value: date | None = None
    year: int | None = None
    month: int | None = None
    fault: bool = False
    missing: bool = False

    @property
    def written(self) -> str | None:
        """2019-03-05, 2019-03 or 2019, as precise as it is."""
        if self.value:
            return self.value.isoformat()
        if self.year is None:
            return None
        return f"{self.year:04d}-{self.month:02d}" if self.month else f"{self.year:04d}"


NO_DAY, FAULTY = Day(missing=True), Day(fault=True)


def read_day(value: Any, *, from_1904: bool = False, latest: date | None = None) -> Day:
    """The day in a cell. A year of two digits is 20xx, unless that is after `latest` (then 19xx).

    Serial numbers count from 1899-12-30, or from 1904-01-01 where the workbook says so.
    """
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Day(value, value.year, value.month) if value.year >= 1900 else FAULTY
    if isinstance(value, float):
        return _numeric_day(value, from_1904)
    if not isinstance(value, str):
        return NO_DAY if value is None else FAULTY
    return _written_day(value, from_1904, latest)


@lru_cache(maxsize=65536)
def _written_day(value: str, from_1904: bool, latest: date | None) -> Day:
    text = plain(value).translate(_DASHES).strip("'\"‘’“”` ").lower()
    if is_missing(text):
        return NO_DAY
    if _LUNAR.search(text):
        return FAULTY
    if not text.isascii():
        text = _CHINESE_NUMBER.sub(lambda match: str(number_in_words(match[0])), text)
    if _SERIAL.fullmatch(text):
        return _from_serial(float(text), from_1904)
    return _whole_day(text, latest) or _part_of_a_day(text, latest) or FAULTY


def _whole_day(text: str, latest: date | None) -> Day | None:
    """A text with year, month and day, whether or not there is such a day."""
    if match := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _day(_whole_year(match[1], latest), int(match[2]), int(match[3]))
    if match := _BACKWARDS.fullmatch(text):
        return _backwards(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.fullmatch(text):
        named = _MONTHS.index(match[2]) + 1 if match[2] in _MONTHS else 0
        return _day(_whole_year(match[3], latest), named, int(match[1]))
    if (match := _SHORT.fullmatch(text)) and (text < EARLIEST_COMPACT_MONTH or not _MONTH_COMPACT.fullmatch(text)):
        return _day(_whole_year(match[1], latest), int(match[2]), int(match[3]))
    return None


def _part_of_a_day(text: str, latest: date | None) -> Day | None:
    """A text with a year, or a year and a month."""
    if match := _MONTH.fullmatch(text) or _MONTH_COMPACT.fullmatch(text):
        year, month = _whole_year(match[1], latest), int(match[2])
        return Day(year=year, month=month) if 1 <= month <= 12 and 1900 <= year <= 2100 else FAULTY
    if (match := _YEAR.fullmatch(text)) and 1900 <= int(match[1]) <= 2100:
        return Day(year=int(match[1]))
    return None


def _numeric_day(value: float, from_1904: bool) -> Day:
    if 7000 <= value < 80000:  # 1919 to 2119
        return _from_serial(value, from_1904)
    if 1900 <= value <= 2100:  # 2019.7 typed as a number
        return _written_day(repr(value).removesuffix(".0"), from_1904, None)
    return _written_day(plain(value), from_1904, None) if value.is_integer() and value > 0 else FAULTY


def _from_serial(value: float, from_1904: bool) -> Day:
    try:
        day = (date(1904, 1, 1) if from_1904 else date(1899, 12, 30)) + timedelta(days=int(value))
    except OverflowError:
        return FAULTY
    return Day(day, day.year, day.month)


def _whole_year(digits: str, latest: date | None) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if latest and year + 2000 > latest.year else 2000)


def _day(year: int, month: int, day: int) -> Day:
    try:
        return Day(date(year, month, day), year, month) if year >= 1900 else FAULTY
    except ValueError:
        return FAULTY


def _backwards(first: int, second: int, year: int) -> Day:
    """5/3/2019 may be May or March: only where one of the two cannot be a month, or both say the same, is it a day."""
    if first == second or second > 12:
        return _day(year, first, second)
    return _day(year, second, first) if first > 12 else FAULTY


# TIMES, COUNTS ---------------------------------------------------------------

_CLOCK = re.compile(r"(上午|下午|早上|中午|晚上|傍晚)?\s*(\d{1,2})\s*(?::|时|点)\s*(半|\d{0,2})")
_COUNT = re.compile(r"\d+")
_OF_BOTH = re.compile(r"[男女]性?[:：]?(\d{1,4})[人名]?[、,，;；和/\s]*[男女]性?[:：]?(\d{1,4})[人名]?")
_WORDS_COUNT = re.compile(r"[〇零一二两三四五六七八九十百]+")


def read_time(value: Any) -> time | None:
    """The time of day with which a cell begins; None where it begins otherwise, or there is no such time."""
    if isinstance(value, time):
        return value
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, float):
        minutes = round(value * 1440) if 0 < value < 1 else 1440
        return time(minutes // 60, minutes % 60) if minutes < 1440 else None
    match = _CLOCK.match(plain(value))
    if not match:
        return None
    hour, minute = int(match[2]), 30 if match[3] == "半" else int(match[3] or 0)
    if match[1] in ("下午", "晚上", "傍晚") and hour < 12:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_count(value: Any) -> int | None:
    """How many: 45 of 约45, 45余人 and 45人; 3 of 三人; 8 of 男3女5. None where no number stands."""
    if isinstance(value, float):
        return int(value) if 0 <= value < 1e9 else None
    if not isinstance(value, str):
        return None
    text = plain(value).replace(",", "")
    if match := _OF_BOTH.fullmatch(text):
        return sum(int(number) for number in match.groups())
    if match := _COUNT.search(text):
        return int(match[0][:9])
    match = _WORDS_COUNT.search(text)
    return number_in_words(match[0]) if match else None


# IDENTITY NUMBERS ------------------------------------------------------------

_ID_LABEL = re.compile(r"^(?:公民|居民)?(?:身份证明?|身份|证件|id)?(?:证)?(?:号码|号|no\.?)?[:：]?", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
_LONGEST_EXACT = 1e15  # a spreadsheet keeps fifteen digits of a number


@dataclass(frozen=True, slots=True)
class Id:
    """A sound number of 18 characters with the birth date that it states, or why there is none."""

    number: str | None = None
    born: date | None = None
    fault: Reason | None = None


NO_ID = Id()
_FAULTS = {
    IdFault.LENGTH: Reason.ID_LENGTH, IdFault.CHECKSUM: Reason.ID_CHECKSUM, IdFault.DATE: Reason.ID_CHECKSUM,
    IdFault.CHARACTERS: Reason.ID_LENGTH,
}  # fmt: skip


def read_id(value: Any) -> Id:
    """The identity number in a cell; one that was kept as a number of more than 15 digits has lost its end."""
    if isinstance(value, float):
        if value >= _LONGEST_EXACT * 100:
            return Id(fault=Reason.ID_PRECISION_LOST)
        if value == 0:
            return NO_ID
        return _written_id(f"{value:.0f}")
    return _written_id(value) if isinstance(value, str) else NO_ID


def bare_id(text: str) -> str:
    """The number without labels, spaces, quotes and what a formula puts around it."""
    number = plain(text).translate(_DASHES).removeprefix("=")
    number = re.sub(r"[\s\-'’‘\"“”`·.]", "", number)
    return _ID_LABEL.sub("", number).upper()


def _written_id(text: str) -> Id:
    if len(text) == 18 and text.isascii() and text.isalnum():
        return _as_id(text)
    trimmed = plain(text).strip("'\"=’‘ ")
    if is_missing(trimmed):
        return NO_ID
    if _SCIENTIFIC.fullmatch(trimmed):
        return Id(fault=Reason.ID_PRECISION_LOST)
    number = bare_id(text)
    if is_missing(number):
        return NO_ID
    if not re.fullmatch(r"\d*X?", number):
        number = IN_BRACKETS.sub("", number)
    return _as_id(number)


def _as_id(number: str) -> Id:
    found = idnumber.read(number)
    if isinstance(found, IdFault):
        return Id(fault=_FAULTS[found])
    return Id(found.number, found.birth_date)


def looks_like_id(value: Any) -> bool:
    """Whether this was meant as an identity number, sound or not."""
    if isinstance(value, float):
        return 1e17 <= value < 1e18 or 1e14 <= value < 1e15
    if not isinstance(value, str) or len(value) < 11:
        return False
    if _SCIENTIFIC.fullmatch(value.strip()):
        return True
    number = bare_id(value)
    return bool(re.fullmatch(r"\d{17}[\dX]|\d{15}", number)) and _has_birth_date(number)


def _has_birth_date(number: str) -> bool:
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    return digits[:2] in ("18", "19", "20") and "01" <= digits[4:6] <= "12" and "01" <= digits[6:8] <= "31"


# TELEPHONES ------------------------------------------------------------------

_PHONE_SPLIT = re.compile(r"[、,，;；/|\n\r]+|(?<=\d)\s{2,}(?=\d)|(?<=\d{11})\s+(?=\d)|或|和|及")
_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(0\d{2,3})-?([2-9]\d{6,7})(?:(?:-|转)\d{1,6})?|([2-9]\d{6,7})|((?:400|800)-?\d{3}-?\d{4})")
_PHONE_WORDS = re.compile(r"[^\d+转-]+")
_PARTED = re.compile(r"(?<=\d)[\s-](?=\d)")


@dataclass(frozen=True, slots=True)
class Phones:
    """The telephone numbers of a cell; `fault` where something else stands there too."""

    numbers: tuple[str, ...] = ()
    fault: bool = False


def read_phones(value: Any) -> Phones:
    if isinstance(value, float):
        value = f"{value:.0f}"
    return _written_phones(value) if isinstance(value, str) else Phones()


@lru_cache(maxsize=65536)
def _written_phones(value: str) -> Phones:
    text = plain(value).translate(_DASHES).strip("'\"= ")
    if is_missing(text):
        return Phones()
    found, fault = [], False
    for part in _PHONE_SPLIT.split(IN_BRACKETS.sub(" ", text).strip()):
        number = _phone(part)
        if number:
            found.append(number)
        elif number is None:
            fault = True
    return Phones(tuple(dict.fromkeys(found)), fault or not found)


def looks_like_phone(text: str) -> bool:
    """Whether a telephone number is written there, seven digits of it in a row or parted as in 199-0000-1234."""
    return bool(re.search(r"\d{7}", _PARTED.sub("", text)) and read_phones(text).numbers)


def _phone(part: str) -> str | None:
    """One number; empty for a blank or a label; None for what is no telephone."""
    digits = _PHONE_WORDS.sub("", part)
    if not part.strip():
        return ""
    tight = digits.replace("-", "")
    if match := _MOBILE.fullmatch(tight):
        return match[1]
    if match := _LANDLINE.fullmatch(digits.strip("-")):
        return f"{match[1]}-{match[2]}" if match[1] else match[0]
    return None


# NAMES, SEVERAL IN ONE CELL ----------------------------------------------------

_SEVERAL = re.compile(
    r"[、,，;；/|\n\r+&＋]+|\s{2,}|(?<=[\u4e00-\u9fff]{2})\s+(?=[\u4e00-\u9fff]{2})|和(?=[\u4e00-\u9fff]{2})"
)


def read_name(value: Any) -> str:
    """A person's name without the spaces in it and what stands behind in brackets; empty where there is none."""
    if isinstance(value, str) and 1 < len(value) <= 4 and value.isalpha():
        return "" if value in MISSING else value
    text = IN_BRACKETS.sub("", plain(value)) if isinstance(value, str) else plain(value)
    text = re.sub(r"\s+", "", text) if not text.isascii() else text
    return "" if is_missing(text) else text


_TITLE = r"(?:实习|驻村|双百|专职|值班|一线)?(?:社会工作者|社工|副?站长|督导|老师|同志|主任)"
_TITLED = re.compile(rf"^{_TITLE}[:：]?(?=.{{2}})|(?<=..){_TITLE}$")


def untitled(name: str) -> str:
    """The name without what the person is: 社工 before it, 站长 or 同志 behind it."""
    return _TITLED.sub("", name)


def several(value: Any) -> list[str]:
    """What stands in a cell that may hold more than one thing."""
    text = plain(value)
    if is_missing(text):
        return []
    return [part for part in (piece.strip(" .。:：") for piece in _SEVERAL.split(text)) if not is_missing(part)]
