"""Names of people of whom nobody told us: a family name, characters of given names, and what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shuangbai.core.pinyin import everyday_words
from shuangbai.stories.deidentify.parts import Kind, Spot
from shuangbai.stories.deidentify.reading import Read, is_han
from shuangbai.stories.deidentify.words import (
    AFTER,
    BEFORE,
    COMPOUND,
    GIVEN,
    GRAMMAR,
    NO_NAMES,
    OFFICES,
    SURNAMES,
    TITLES,
    WORDY,
)

_BEFORE = {size: frozenset(word for word in BEFORE if len(word) == size) for size in (1, 2, 3, 4)}
_AFTER = {size: frozenset(word for word in AFTER if len(word) == size) for size in (1, 2, 3)}
_OFFICE = tuple(sorted(OFFICES | {"同学", "女士", "先生", "小朋友"}, key=len, reverse=True))
_CALLED = re.compile(
    r"(?P<cue>小名|外号|乳名|绰号|昵称|花名|化名|别名|曾用名|人称|原名|本名|真名|俗称|都叫[他她]|喊[他她]|叫[他她]|叫作|叫做)(?:是|叫做?|为|：|:)?[“\"「'‘]?"
    r"(?P<name>[\u4e00-\u9fff]{2,4}?)(?=[”\"」'’，。；、,.\s（(]|的|是|$)"
)
_NICK = re.compile(r"阿(?P<one>[\u4e00-\u9fff])")
_MASKED = re.compile(r"(?P<family>[\u4e00-\u9fff])(?:[*×○]{1,2}|某|x{1,2}|o{1,2})(?P<last>[\u4e00-\u9fff])?")
_KIN = frozenset("姨婆公伯叔嫂妹弟哥姐嬷婶爷爸妈里拉胶弥门")


@dataclass(frozen=True, slots=True)
class Guess:
    start: int
    end: int
    sure: bool


def strangers(text: Read) -> Iterator[Spot]:
    guesses = list(_guesses(text))
    names = {text.tight[one.start : one.end]: one.sure for one in sorted(guesses, key=lambda one: one.sure)}
    for name, sure in names.items():
        for found in re.finditer(re.escape(name), text.tight) if len(name) > 2 or sure else ():
            yield _spot(text, found.start(), found.end(), name, "像一个人的姓名", sure=sure)
    for one in guesses:
        name = text.tight[one.start : one.end]
        yield _spot(text, one.start, one.end, name, "像一个人的姓名", sure=one.sure)
    yield from _nicknames(text)


def _spot(text: Read, start: int, end: int, subject: str, why: str, *, sure: bool) -> Spot:
    first, after = text.span(start, end)
    return Spot(first, after, text.given[first:after], Kind.PERSON, f"name:{subject}", why, "某人", sure)


def _nicknames(text: Read) -> Iterator[Spot]:
    for found in _CALLED.finditer(text.tight):
        plain = found["cue"] in {"叫他", "叫她", "喊他", "喊她", "叫作", "叫做"}
        if found["name"] not in TITLES and not (plain and any(one in GRAMMAR for one in found["name"])):
            yield _spot(text, *found.span("name"), found["name"], "小名、外号", sure=not plain)
    for found in _NICK.finditer(text.tight):
        if found["one"] in GIVEN and found["one"] not in _KIN:
            yield _spot(text, found.start(), found.end(), found[0], "像一个人的小名", sure=False)
    for found in _MASKED.finditer(text.tight):
        last = found["last"]
        if found["family"] in SURNAMES and (found["family"] not in WORDY or _left(text, found.start()) >= 2):
            masked = found[0] if last and last in GIVEN and last not in GRAMMAR else found[0].removesuffix(last or "")
            if len(masked) > 2 or masked.endswith("某"):
                yield _spot(text, found.start(), found.start() + len(masked), masked, "没有隐去姓的人", sure=False)


def _guesses(text: Read) -> Iterator[Guess]:
    tight, place = text.tight, 0
    while place < len(tight) - 1:
        guess = None
        if tight[place] in _BEFORE[1]:  # 向, 和, 于: a family name too, and more often the word before one
            guess = _guess(text, place + 1, _family(tight, place + 1))
        guess = guess or _guess(text, place, _family(tight, place))
        if guess:
            yield guess
        place = guess.end if guess else place + 1


def _family(tight: str, place: int) -> int:
    """How many characters of a family name begin here."""
    if tight[place : place + 2] in COMPOUND:
        return 2
    return int(tight[place : place + 1] in SURNAMES and tight[place + 1 : place + 3] not in COMPOUND)


def _guess(text: Read, start: int, family: int) -> Guess | None:
    """The likeliest name that begins here, or none."""
    tight = text.tight
    left, wordy, begins = _left(text, start), family == 1 and tight[start : start + 1] in WORDY, 0
    if not family or (family == 1 and _ends_word(tight, start)):
        return None
    if family == 1 and _is_word(tight, start):
        if wordy or left < 2 or tight[start : start + 3] in NO_NAMES or tight[start : start + 3] in everyday_words():
            return None
        begins = 3  # 黄金, 王国: a word, and perhaps the beginning of a name
    best: tuple[int, Guess] | None = None
    for given in (2, 1):
        end = start + family + given
        characters = tight[start + family : end]
        if len(characters) < given or not all(map(is_han, characters)) or any(c in GRAMMAR for c in characters):
            continue
        likely = sum(c in GIVEN or c >= "\U00020000" or "\u3400" <= c <= "\u4dbf" for c in characters)
        score = _score(left, _right(text, end), likely, given + family - 1, wordy, characters in everyday_words())
        score -= begins if given == 2 and likely == 2 else begins * 9
        if score >= 4 and (best is None or score > best[0]):
            best = score, Guess(start, end, sure=score >= 6)
    return best[1] if best else None


def _score(left: int, right: int, likely: int, given: int, wordy: bool, word: bool) -> int:
    """How likely a name is, by what stands around it and what it is made of; from 4 on it is one."""
    if likely < given and (wordy or left < 2 or right < 2):
        return 0
    if given == 1 and wordy and left < 3:
        return 0
    if given == 1 and left + right < (2 if likely and not wordy else 4):
        return 0
    if wordy and left + right < (2 if given == 2 else 4):
        return 0
    if word and left + right < 3:
        return 0
    return left + right + likely + (2 if given == 2 else 1) - (1 if wordy else 0) - (1 if word else 0)


def _is_word(tight: str, start: int) -> bool:
    """Whether an everyday word begins here."""
    two, three = tight[start : start + 2], tight[start : start + 3]
    if two in NO_NAMES or three in NO_NAMES:
        return True
    return (
        two in everyday_words()
        or (three in everyday_words() and three[:2] not in COMPOUND)
        or tight[start : start + 4] in everyday_words()
    )


def _ends_word(tight: str, start: int) -> bool:
    """Whether the character that could be a family name is the end of an everyday word: 身高, 学费."""
    before = tight[start - 1 : start + 1] if start else ""
    if before[-1:] == "周" and before[0] in "每一两三四几下上本这那半头第次全隔":
        return True
    if len(before) < 2 or (before[0] in _BEFORE[1] and before not in NO_NAMES):
        return False
    return before in everyday_words() or before in NO_NAMES


def _left(text: Read, start: int) -> int:
    """What stands before: 3 a word like 名叫 or 村民, 2 a mark or a small word, 1 the end of a word, 0 anything else."""
    tight = text.tight
    if start == 0 or start in text.apart or not is_han(tight[start - 1]):
        return 3 if _LABEL.search(tight[max(start - 8, 0) : start]) else 2
    for size in (4, 3, 2):
        if tight[max(start - size, 0) : start] in _BEFORE[size]:
            return 3
    if tight[start - 1] in _BEFORE[1] or tight[start - 1] in "的了着过后时里":
        return 2
    return 1 if tight[max(start - 2, 0) : start] in everyday_words() else 0


_LABEL = re.compile(r"(?:人|姓名|名字|父|母|亲|子|女|者|社工|督导|老师|医生|主任|书记)[：:、]$")


def _right(text: Read, end: int) -> int:
    """What stands behind: 3 a title, 2 a mark, a small word, the end, 1 the beginning of a word; 0 anything else."""
    tight = text.tight
    if end >= len(tight) or end in text.apart or not is_han(tight[end]):
        return 2
    if tight.startswith(_OFFICE, end):
        return 3
    for size in (3, 2):
        if tight[end : end + size] in _AFTER[size]:
            return 2
    if tight[end] in _AFTER[1]:
        return 2
    return 1 if tight[end : end + 2] in everyday_words() or tight[end : end + 3] in everyday_words() else 0
