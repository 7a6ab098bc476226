"""Days: told as weeks from the first day of the work, or as some month of some year."""

import re
from collections.abc import Iterator
from datetime import date

from shuangbai.stories.deidentify.parts import Kind, Spot, Surroundings
from shuangbai.stories.deidentify.reading import Read

_CHINESE = {c: v for v, cs in enumerate(("零〇○", "一", "二", "三", "四", "五", "六", "七", "八", "九")) for c in cs}
_Y = r"(?P<year>(?:19|20)\d\d|[一二][零〇○九][零〇○一二三四五六七八九]{2}|(?<!\d)\d\d(?=年))"
_M = r"(?P<month>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<day>[12]\d|3[01]|0?[1-9]|三十一?|二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|初?[一二三四五六七八九十])"
_GAP = r"[ ]?"
_FULL = re.compile(
    rf"(?<!\d){_Y}{_GAP}(?:年|[\-/.]){_GAP}{_M}{_GAP}(?:月|[\-/.]){_GAP}{_D}{_GAP}(?:日|号)?(?![\d元万.%])"
)
_MONTH = re.compile(
    rf"(?<!\d){_Y}{_GAP}年{_GAP}{_M}{_GAP}月份?(?:[上中下]旬|初|底|中)?|(?<!\d)(?P<y2>(?:19|20)\d\d)[\-/.](?P<m2>0[1-9]|1[0-2])(?![\d.元万])"
)
_DAY = re.compile(
    rf"(?:农历|阴历|阳历|公历|去年|今年|前年|同年|次年|翌年|当年)?(?<![\d.]){_M}{_GAP}月{_GAP}{_D}{_GAP}(?:日|号)|(?:农历|阴历)(?P<lm>正|冬|腊|[一二三四五六七八九十]{{1,2}})月(?P<ld>初?[一二三四五六七八九十廿]{{1,3}})"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d年(?!级|龄|代)|[一二][零〇○九][零〇○一二三四五六七八九]{2}年")
_NEAR = re.compile(
    r"(?:去年|前年|今年|大前年|同年|次年|翌年)(?:的)?(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?:[上中下]旬|初|底)?"
)
_BORN = re.compile(r"出?生(?:于|日期)?[：:是为]?\s*$")


def days(read: Read, around: Surroundings) -> Iterator[Spot]:
    text = read.tight
    for pattern, telling in ((_FULL, _whole_day), (_MONTH, _month), (_DAY, _bare_day), (_NEAR, _near), (_YEAR, _year)):
        for found in pattern.finditer(text):
            born = bool(_BORN.search(text[: found.start()])) or text[found.end() :].startswith(("出生", "生于", "生日"))
            said = telling(found, around.starts_on, born)
            if said is None:
                continue
            subject, proposal, why = said
            start, end = read.span(found.start(), found.end())
            yield Spot(start, end, read.given[start:end], Kind.DAY, f"day:{subject}", why, proposal)


Said = tuple[str, str, str] | None


def _whole_day(found: re.Match[str], starts_on: date | None, born: bool) -> Said:
    year, month, day = _number(found["year"]), _number(found["month"]), _number(found["day"])
    year = year + 2000 if year < 100 else year
    try:
        when = date(year, month, day)
    except ValueError:
        return f"{found[0]}", "某年某月某日", "日期"
    if born:
        return f"born:{when}", "某年", "出生日期"
    return f"{when}", told(when, starts_on), "日期"


def _month(found: re.Match[str], starts_on: date | None, born: bool) -> Said:
    year = _number(found["year"] or found["y2"])
    month = _number(found["month"] or found["m2"])
    year = year + 2000 if year < 100 else year
    if not 1 <= month <= 12:
        return None
    if born:
        return f"born:{year}-{month}", "某年", "出生年月"
    if not starts_on:
        return f"{year}-{month}", "某年某月", "年月"
    apart = (year - starts_on.year) * 12 + month - starts_on.month
    return f"{year}-{month}", _months(apart), "年月"


def _bare_day(found: re.Match[str], starts_on: date | None, born: bool) -> Said:
    return found[0], "生日那天" if born else "某月某日", "月和日"


def _near(found: re.Match[str], starts_on: date | None, born: bool) -> Said:
    return found[0], f"{found[0][:2]}某月" if not found[0].startswith("大") else "几年前", "年月"


def _year(found: re.Match[str], starts_on: date | None, born: bool) -> Said:
    year = _number(found[0][:4])
    if born or not starts_on:
        return f"{year}", "某年", "年份"
    apart = year - starts_on.year
    words = {0: "当年", -1: "前一年", 1: "第二年", -2: "两年前", 2: "第三年"}
    return f"{year}", words.get(apart, "多年前" if apart < -5 else "几年前" if apart < 0 else "几年后"), "年份"


def told(when: date, starts_on: date | None) -> str:
    """第三周, or how long before the work began."""
    if starts_on is None:
        return "某年某月"
    apart = (when - starts_on).days
    if apart < 0:
        return _months(round(apart / 30))
    weeks = apart // 7 + 1
    return f"第{chinese(weeks)}周" if weeks <= 26 else _months(apart // 30)


def _months(apart: int) -> str:
    if apart == 0:
        return "开始服务的那个月"
    words = f"{chinese(abs(apart))}个月" if abs(apart) <= 18 else f"{chinese(round(abs(apart) / 12))}年"
    return f"服务开始前约{words}" if apart < 0 else f"服务开始后约{words}"


def chinese(number: int) -> str:
    """1 to 99 in characters: 三, 十二, 二十六."""
    digits = "零一二三四五六七八九"
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else digits[tens]) + "十" if tens else "") + (digits[ones] if ones or not tens else "")


def _number(text: str) -> int:
    """Digits in either script, by place (二〇一九) or by word (二十六, 廿三, 初八)."""
    text = text.strip().lstrip("初") or "初"
    if text.isdigit() and text.isascii():
        return int(text)
    if "十" in text or "廿" in text:
        text = text.replace("廿", "二十")
        tens, _, ones = text.partition("十")
        return (_CHINESE.get(tens, 1) if tens else 1) * 10 + (_CHINESE.get(ones, 0) if ones else 0)
    value = 0
    for character in text:
        value = value * 10 + _CHINESE.get(character, 0)
    return value
