"""Ages and sums of money, told in bands."""

import re
from collections.abc import Iterator

from shuangbai.stories.deidentify.parts import Kind, Spot
from shuangbai.stories.deidentify.reading import Read

_CN = "零〇一二两三四五六七八九十百千万"
_AGE = re.compile(
    r"(?:年仅|刚满|今年|年近|年|现年)?(?<![\d.第])(?P<n>\d{1,3}|[一二三四五六七八九]?十[一二三四五六七八九]?|一百[零〇]?[一二三四五六七八九]?|[一二两三四五六七八九])[ ]?(?:周岁|虚岁|岁)(?P<half>半)?"
)
_NEARLY = re.compile(r"年(?:近|已)(?P<n>\d{2}|[七八九]十|百)(?!\d|岁|分|元|天|个|多|多岁)")
_LAW = re.compile(r"(?:(?<!刚)满|未满|不满|年满|超过|低于|小于|大于|至|到|－|-|~)$")
_MONEY = re.compile(
    r"(?<![\d.])(?P<wan>\d+(?:\.\d+)?)[ ]?万[ ]?\d{1,4}[千百]?(?:\d百)?(?:多|余)?(?:元|块钱|块)"
    r"|(?:人民币|￥|¥|rmb)?[ ]?(?<![\d.a-z])(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)[ ]?(?P<unit>万|千|百|亿|w|k)?(?P<over>多|余|几)?[ ]?(?P<yuan>元|块钱|块|圆|rmb)"
    r"|(?P<cn>[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万]*)(?P<over2>多|余|几)?(?:元|块钱|块(?=[，。；、的]|$)|圆)"
    r"|(?P<bare>\d+(?:\.\d+)?)[ ]?万(?!人|次|户|字|步|里|亩|吨|一|分|事)"
)
_TENS = ("", "十", "二十", "三十", "四十", "五十", "六十", "七十", "八十", "九十")


def ages(read: Read) -> Iterator[Spot]:
    for pattern in (_AGE, _NEARLY):
        for found in pattern.finditer(read.tight):
            years = number(found["n"])
            before, behind = read.tight[: found.start("n")], read.tight[found.end() :]
            if (
                years is None
                or years > 120
                or _LAW.search(before)
                or behind.startswith(("以上", "以下", "以内", "及以", "至"))
            ):
                continue
            start, end = read.span(found.start(), found.end())
            yield Spot(start, end, read.given[start:end], Kind.AGE, f"age:{years}", "准确的年龄", band(years))


def band(years: int) -> str:
    """An age by its ten years: 四十多岁; of a child by the time of school."""
    for under, words in (
        (3, "两三岁"),
        (7, "学龄前"),
        (10, "不到十岁"),
        (13, "十岁出头"),
        (18, "十多岁"),
        (20, "近二十岁"),
    ):
        if years < under:
            return words
    return f"{_TENS[years // 10]}多岁" if years < 100 else "九十多岁"


def amounts(read: Read) -> Iterator[Spot]:
    for found in _MONEY.finditer(read.tight):
        start, end = read.span(found.start(), found.end())
        value = _value(found)
        if not value or found["over"] or found["over2"]:
            continue  # 两千多元: a band already
        said = read.given[start:end]
        yield Spot(start, end, said, Kind.AMOUNT, f"amount:{value:g}", "准确的金额", size(value))


def _value(found: re.Match[str]) -> float | None:
    if found["cn"]:
        told = number(found["cn"])
        return float(told) if told and len(found["cn"]) > 1 else None
    if found["bare"] or found["wan"]:
        return float(found["bare"] or found["wan"]) * 10_000
    times = {"万": 1e4, "w": 1e4, "千": 1e3, "k": 1e3, "百": 1e2, "亿": 1e8}.get(found["unit"] or "", 1)
    return float(found["n"].replace(",", "")) * times


def size(value: float) -> str:
    """A sum by how many figures it has: 几百元, 数千元, 数万元."""
    for under, words in (
        (10, "几元"), (100, "几十元"), (1_000, "几百元"), (10_000, "数千元"), (100_000, "数万元"), (1_000_000, "数十万元"),
    ):  # fmt: skip
        if value < under:
            return words
    return "上百万元"


def number(text: str) -> int | None:
    """A number in digits or in words up to a hundred million; None where it is neither."""
    text = text.strip()
    if text.isdigit() and text.isascii():
        return int(text)
    digits = {c: v for v, cs in enumerate(("零〇", "一", "二两", "三", "四", "五", "六", "七", "八", "九")) for c in cs}
    units = {"十": 10, "百": 100, "千": 1000}
    whole, section, latest = 0, 0, 0
    for character in text:
        if character in digits:
            latest = digits[character]
        elif character in units:
            section += (latest or 1) * units[character]
            latest = 0
        elif character == "万":
            whole, section, latest = (whole + section + latest) * 10_000, 0, 0
        else:
            return None
    return whole + section + latest
