"""A name as its bearer reads it: initials by which workers find people with two keystrokes, and its sounds.

The dictionaries take long to load, and that of phrases much memory: each is loaded by whoever first asks.
"""

import os
from functools import lru_cache

# Set before pypinyin is first loaded: phrases say nothing of single characters, and take 44 MB in every process.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")

# Family names that dictionaries of common readings get wrong (曾 is zeng, not ceng).
_FAMILY = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "区": "ou", "解": "xie", "任": "ren", "查": "zha", "翟": "zhai",
    "覃": "qin", "朴": "piao", "缪": "miao", "盖": "ge", "尉": "yu", "冼": "xian", "褚": "chu", "乐": "yue",
    "员": "yun", "华": "hua", "洗": "xian", "牟": "mu", "逄": "pang",
}  # fmt: skip
_COMPOUND = {"尉迟": ("yu", "chi"), "万俟": ("mo", "qi"), "长孙": ("zhang", "sun"), "单于": ("chan", "yu")}


def _read(character: str, style: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(character, style=getattr(Style, style), errors=lambda text: text)[0].lower()


@lru_cache(maxsize=65536)
def _initial(character: str) -> str:
    return _read(character, "FIRST_LETTER")[:1]


@lru_cache(maxsize=65536)
def _syllable(character: str) -> str:
    return _read(character, "NORMAL")


def initials(name: str) -> str:
    """陈秀英 → cxy. Characters without a reading stay as they are; at most 20 letters."""
    letters = [_initial(character) for character in name[:20] if not character.isspace()]
    if letters and name[0] in _FAMILY:
        letters[0] = _FAMILY[name[0]][:1]
    return "".join(letters)


@lru_cache(maxsize=65536)
def syllables(name: str) -> tuple[str, ...]:
    """陈秀英 → chen, xiu, ying. A family name as a family name; a character without a reading is its own sound."""
    sounds = [_syllable(character) for character in name]
    if name[:2] in _COMPOUND and len(name) > 2:
        sounds[:2] = _COMPOUND[name[:2]]
    elif name[:1] in _FAMILY:
        sounds[0] = _FAMILY[name[0]]
    return tuple(sounds)


@lru_cache(maxsize=4096)
def blurred(syllable: str) -> str:
    """The syllable without what southern ears do not tell apart: zh and z, n and l in front, n and ng at the end."""
    for whole, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")):
        if syllable.startswith(whole):
            syllable = short + syllable[len(whole) :]
            break
    return syllable[:-1] if syllable.endswith("ng") else syllable


@lru_cache(maxsize=1)
def everyday_words() -> frozenset[str]:
    """Words and phrases of two characters and more, 47,000: what the dictionary of phrases lists, without readings."""
    from pypinyin.phrases_dict import phrases_dict

    return frozenset(phrases_dict)
