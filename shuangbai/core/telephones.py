"""Telephones as people write them: several in one text, each with whose it is. Pure.

What is kept is the text as it was typed, so that nothing of it is lost; what is shown, masked, dialled and found by is
read from it.
"""

import re
from dataclasses import dataclass

from shuangbai.core.privacy import mask_address, mask_phone

MOST = 6  # telephones of one person or one family
_NUMBER = re.compile(
    r"(?<!\d)(?:"
    r"(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}"  # a mobile one
    r"|[(（]?0\d{2,3}[)）]?[- ]?\d{7,8}"  # a landline with its area
    r"|[48]00-?\d{3}-?\d{4}"
    r"|\d{5,8}"  # without its area, or a village's short number
    r")(?:\s*(?:转|-)\s*\d{1,6})?(?!\d)"
)
# Mobile numbers that ran together where lines were pasted into a field of one line.
_RUN = re.compile(r"(?<!\d)(?:1[3-9]\d{9}){2,}(?!\d)")
_BESIDE = " \t\r\n、，,；;。.：:/|-—和或"
_OPENING, _CLOSING = "（(【[", "）)】]"


@dataclass(frozen=True, slots=True)
class Telephone:
    """A number as it was written, and whose it is or what it is for; '' where nobody said."""

    number: str
    label: str = ""

    @property
    def dialled(self) -> str:
        """What a telephone dials: the extension is asked for by whoever answers."""
        return re.sub(r"[^\d+]", "", re.split("转", self.number)[0])

    @property
    def masked(self) -> str:
        return mask_phone(self.dialled)


def read(text: str) -> list[Telephone]:
    """The telephones of a text, in their order, each once; a text without any is one as it stands, if it has a digit.

    A label stands before its number, 邻居陈叔 13900002222, or in brackets behind it.
    """
    found: dict[str, Telephone] = {}
    text = _RUN.sub(lambda run: " ".join(re.findall(r"\d{11}", run[0])), text)
    numbers = list(_NUMBER.finditer(text))
    start = 0
    for place, number in enumerate(numbers):
        end = numbers[place + 1].start() if place + 1 < len(numbers) else len(text)
        label, behind = _label(text[start : number.start()]), text[number.end() : end]
        start = number.end()
        bracket = re.match(r"\s*[（(【\[]([^）)】\]]*)[）)】\]]", behind)
        if bracket:
            start += bracket.end()
            label = "，".join(filter(None, (label, _label(bracket[1]))))
        elif place + 1 == len(numbers):
            label = "，".join(filter(None, (label, _label(behind))))
        one = Telephone(" ".join(number[0].split()), label)
        found.setdefault(one.dialled, one)
    if not found and any(map(str.isdigit, text)):
        return [Telephone(text.strip())]
    return list(found.values())


def _label(text: str) -> str:
    return " ".join(text.strip(_BESIDE + _OPENING + _CLOSING).split())


def masked(text: str) -> str:
    """本人 *******0012、邻居 *******2222: a label stays. A text without a number is hidden whole."""
    told = "、".join(" ".join(filter(None, (one.label, one.masked))) for one in read(text))
    return told or mask_address(text.strip())


def without(text: str, numbers: set[str]) -> str:
    """The text without the telephones that are dialled so; as it stands where it has none of them."""
    told = read(text)
    if not any(one.dialled in numbers for one in told):
        return text
    return "、".join(" ".join(filter(None, (one.label, one.number))) for one in told if one.dialled not in numbers)
