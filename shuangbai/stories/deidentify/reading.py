"""A text in one form of each character, with the way back to where each stood in the text as it was given."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock

from shuangbai.core.characters import folded
from shuangbai.core.pinyin import blurred, syllables

_NOTHING = frozenset("\u200b\u200c\u200d\u200e\u200f\ufeff\u00ad")
_MARKS = frozenset("，；：！？（）")  # stay as they are: patterns name them
_BETWEEN = frozenset(" \t\u3000\u00a0·•‧・")


def is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character >= "\U00020000"


@dataclass(frozen=True, slots=True)
class Read:
    """`tight`: without what stands between characters, full-width and variant forms put right, small letters.

    `at[i]` is where the i-th character of `tight` stands in `given`; `apart` are the indexes before which something
    stood that was left out.
    """

    given: str
    tight: str
    at: tuple[int, ...]
    apart: frozenset[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the tight text begins and ends in the text as it was given."""
        return self.at[start], self.at[end - 1] + 1


def read(given: str) -> Read:
    letters, at = [], []
    for place, character in enumerate(given):
        if character in _NOTHING:
            continue
        plain = character if character in _MARKS else unicodedata.normalize("NFKC", character).lower()
        for one in plain:
            letters.append((folded(one) or one) if is_han(one) and one != "么" else one)  # which is no form of 幺
            at.append(place)
    kept: list[str] = []
    where, apart = [], set()
    for place, one in enumerate(letters):
        if one in _BETWEEN and kept and is_han(kept[-1]) and _next_is_han(letters, place):
            apart.add(len(kept))
            continue
        kept.append(one)
        where.append(at[place])
    return Read(given, "".join(kept), tuple(where), frozenset(apart))


def _next_is_han(letters: list[str], place: int) -> bool:
    following = place + 1
    while following < len(letters) and letters[following] in _BETWEEN:
        following += 1
    return following < len(letters) and is_han(letters[following])


@lru_cache(maxsize=65536)
def tightened(text: str) -> str:
    """A name as it is looked for."""
    return read(text).tight


def sounded(text: str) -> str:
    """The text as it sounds to southern ears, one private character a syllable, so that sounds are found like words."""
    return "".join(_sound(one) if is_han(one) else one for one in text)


_SOUNDS: dict[str, str] = {}
_NAMING = Lock()
_FIRST = 0xF0000  # the private plane: no text uses it


@lru_cache(maxsize=65536)
def _sound(character: str) -> str:
    heard = blurred(syllables(character)[0])
    with _NAMING:
        return _SOUNDS.setdefault(heard, chr(_FIRST + len(_SOUNDS)))
