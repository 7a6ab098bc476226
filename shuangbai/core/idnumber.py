"""Citizen identity numbers (GB 11643-1999) as people type them.

Length, date and check digit decide; the region never does, since the elders' counties were renamed
before 1988. Nothing here makes a number compulsory.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


class IdFault(StrEnum):
    LENGTH = "length"
    CHECKSUM = "checksum"
    DATE = "date"
    CHARACTERS = "characters"


SENTENCES = {
    IdFault.LENGTH: "身份证号应为18位（老证15位），请对照证件核对位数",
    IdFault.CHECKSUM: "身份证号最后一位校验不符，请对照证件逐位核对",
    IdFault.DATE: "身份证号中的出生日期不存在，请对照证件核对第7至14位",
    IdFault.CHARACTERS: "身份证号只能由数字组成（末位可为X），请重新填写",
}


@dataclass(frozen=True, slots=True)
class IdNumber:
    """A sound number: 18 characters, with the birth date and sex (GB/T 2261.1: 1 male, 2 female) it states."""

    number: str
    birth_date: date
    sex: str


def check_digit(first17: str) -> str:
    """The eighteenth character for seventeen digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(d) * w for d, w in zip(first17, _WEIGHTS, strict=True)) % 11]


def tidy(text: str) -> str:
    """Full-width digits, spaces, hyphens, a leading apostrophe and lower-case x put right."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return re.sub(r"[\s\-'’‘\"\u200b-\u200f\ufeff]", "", plain)


def read(text: str) -> IdNumber | IdFault:
    """The number in `text`, 15 digits converted to 18; or what is wrong with it."""
    number = tidy(text)
    if not re.fullmatch(r"\d*X?", number):
        return IdFault.CHARACTERS
    if len(number) == 15 and number.isdigit():
        longer = f"{number[:6]}19{number[6:]}"
        number = longer + check_digit(longer)
    if len(number) != 18:
        return IdFault.LENGTH
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return IdFault.DATE
    if check_digit(number[:17]) != number[17]:
        return IdFault.CHECKSUM
    return IdNumber(number, born, "1" if int(number[16]) % 2 else "2")
