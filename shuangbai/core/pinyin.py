"""Initials of a name as its bearer reads it, by which workers find people with two keystrokes."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Family names that dictionaries of common readings get wrong (曾 is zeng, not ceng).
_FAMILY = {
    "曾": "z", "单": "s", "仇": "q", "区": "o", "解": "x", "任": "r", "查": "z", "翟": "z", "覃": "q",
    "朴": "p", "缪": "m", "盖": "g", "尉": "y", "冼": "x", "褚": "c", "乐": "y", "员": "y", "华": "h",
}  # fmt: skip


@lru_cache(maxsize=65536)
def _initial(character: str) -> str:
    return lazy_pinyin(character, style=Style.FIRST_LETTER, errors=lambda text: text)[0][:1].lower()


def initials(name: str) -> str:
    """陈秀英 → cxy. Characters without a reading stay as they are; at most 20 letters."""
    letters = [_initial(character) for character in name[:20] if not character.isspace()]
    if letters and name[0] in _FAMILY:
        letters[0] = _FAMILY[name[0]]
    return "".join(letters)
