"""People of whom the station knows, in every way a worker writes of them: whole, by given name, as 陈伯, as it sounds."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from shuangbai.core.pinyin import everyday_words, initials, syllables
from shuangbai.stories.deidentify.parts import Kind, Known, Part, Spot, Surroundings
from shuangbai.stories.deidentify.reading import Read, is_han, sounded, tightened
from shuangbai.stories.deidentify.words import (
    COMMON_GIVEN,
    COMPOUND,
    ELDER,
    FEMALE,
    GIVEN,
    GRAMMAR,
    MALE,
    NO_NAMES,
    OFFICES,
    SURNAMES,
    TITLES,
    WORDY,
)

_TITLE = "|".join(sorted(map(re.escape, TITLES), key=len, reverse=True))
_OWN = "本站登记的姓名"
_NEAR = {Part.CLIENT, Part.MEMBER, Part.RELATIVE, Part.WORKER, Part.VOLUNTEER}
_SOCIAL = frozenset("社工 督导 站长 干事".split())


@lru_cache(maxsize=4096)
def halves(name: str) -> tuple[str, str]:
    """Family name and given name."""
    size = 2 if name[:2] in COMPOUND and len(name) > 2 else 1
    return name[:size], name[size:]


def known_people(text: Read, around: Surroundings) -> Iterator[Spot]:
    heard = sounded(text.tight)
    for one in around.people:
        name = tightened(one.name)
        if len(name) < 2:
            continue
        yield from _exactly(text, name, one, _OWN)
        for nickname in one.nicknames:
            other = tightened(nickname)
            if len(other) >= 2 and other not in TITLES:
                yield from _exactly(text, other, one, "登记的乳名、外号")
        if one.part in _NEAR:
            yield from _shortened(text, one, name)
            yield from _heard(text, heard, one, name)
    yield from _titled(text, [one for one in around.people if one.part in _NEAR])


def _spot(text: Read, start: int, end: int, one: Known, why: str, *, sure: bool = True) -> Spot:
    first, after = text.span(start, end)
    return Spot(first, after, text.given[first:after], Kind.PERSON, one.key, why, one.label or "某人", sure)


def _exactly(text: Read, words: str, one: Known, why: str) -> Iterator[Spot]:
    """A station has thousands of names, and most stand in no text."""
    start = -1
    while (start := text.tight.find(words, start + 1)) >= 0:
        yield _spot(text, start, start + len(words), one, why)


def _all(text: Read, pattern: str, one: Known, why: str, *, sure: bool = True) -> Iterator[Spot]:
    for found in re.finditer(pattern, text.tight):
        yield _spot(text, found.start(), found.end(), one, why, sure=sure)


def _shortened(text: Read, one: Known, name: str) -> Iterator[Spot]:
    """By given name, by one character of it with 阿 or 小, doubled, masked, one character mistyped."""
    family, given = halves(name)
    if len(given) == 2:
        sure = given not in COMMON_GIVEN
        for found in re.finditer(re.escape(given), text.tight):
            before = text.tight[found.start() - 1 : found.start()]
            if before in SURNAMES and before not in WORDY and before != family[-1]:
                continue  # somebody else of the same given name
            yield _spot(text, found.start(), found.end(), one, "登记的名", sure=sure)
        a, b = map(re.escape, given)
        f = re.escape(family)
        typed = rf"{f}{a}[^\W\d_a-z]|{f}[^\W\d_a-z]{b}|{f}{b}{a}"
        for found in re.finditer(typed, text.tight):
            if found[0] != name and found[0][-1] not in GRAMMAR and found[0][1] not in GRAMMAR:
                yield _spot(text, found.start(), found.end(), one, "与登记的姓名只差一个字", sure=False)
    for character in dict.fromkeys(given):
        last = re.escape(character)
        yield from _all(text, rf"[阿亚]{last}(?![{re.escape(character)}])", one, "像登记的人的小名")
        if f"小{character}" not in _NO_NICK and character not in GRAMMAR:
            yield from _all(text, rf"(?<![大从])小{last}(?!时|孩|朋|学|区|组)", one, "像登记的人的小名", sure=False)
        if character * 2 not in COMMON_GIVEN | _DOUBLED:
            yield from _all(text, rf"{last}{last}", one, "像登记的人的小名", sure=False)
        for pattern in (rf"{re.escape(character)}(?:仔|妹仔|弟仔)",):
            yield from _all(text, pattern, one, "像登记的人的小名", sure=False)
    if given:
        yield from _all(text, rf"{re.escape(family)}[某*×xo○]{{1,2}}{re.escape(given[-1])}", one, "只隐去一个字的姓名")


_NO_NICK = frozenset(
    "小学 小心 小明 小花 小水 小春 小年 小家 小雨 小雪 小城 小海 小河 小楼 小石 小木 小满 小金 小山 小溪 小康 小华 小新".split()
)
_DOUBLED = frozenset(
    "天天 花花 月月 年年 家家 文文 星星 宝宝 常常 时时 人人 娃娃 金金 心心 青青 高高 明明 好好 多多 久久 平平 安安 清清 娘娘 妹妹 弟弟".split()
)


def _heard(text: Read, heard: str, one: Known, name: str) -> Iterator[Spot]:
    """As it sounds, in other characters or in letters, and by its initials."""
    if len(name) >= 3:
        sound, start = sounded(name), -1
        while (start := heard.find(sound, start + 1)) >= 0:
            if text.tight[start : start + len(name)] != name and text.tight[start : start + 2] not in NO_NAMES:
                yield _spot(text, start, start + len(name), one, "与登记的姓名同音", sure=False)
    if not all(map(is_han, name)):
        return
    sounds = syllables(name)
    family = len(halves(name)[0])
    first, last = "".join(sounds[:family]), r"[ \-']?".join(sounds[family:])
    if len("".join(sounds)) >= 6:
        for found in re.finditer(
            rf"(?<![a-z])(?:{first}[ ,\-]{{0,2}}{last}|{last}[ ,\-]{{0,2}}{first})(?![a-z])", text.tight
        ):
            yield _spot(text, found.start(), found.end(), one, "登记的姓名的拼音")
    letters = initials(name)
    if len(letters) >= 3:
        spelt = r"[.·]?".join(map(re.escape, letters))
        yield from _all(text, rf"(?<![a-z0-9]){spelt}\.?(?![a-z0-9])", one, "登记的姓名的拼音缩写", sure=False)


# 陈伯, 老陈 ------------------------------------------------------------------


def _titled(text: Read, people: Sequence[Known]) -> Iterator[Spot]:
    """A family name with a title: somebody known, where only one is called so, otherwise 某 and the title."""
    by_family: dict[str, list[Known]] = {}
    for one in people:
        by_family.setdefault(halves(tightened(one.name))[0], []).append(one)
    families = "".join(sorted(SURNAMES | {f for f in by_family if len(f) == 1}))
    compound = "|".join(sorted(COMPOUND))
    pattern = re.compile(
        rf"(?P<pre>[老小阿])?(?P<family>{compound}|[{families}])(?P<title>{_TITLE})|(?P<pre2>[老小阿])(?P<bare>[{families}])"
    )
    for found in pattern.finditer(text.tight):
        family, title = found["family"] or found["bare"], found["title"] or ""
        if not _is_title(text.tight, found, family, title, known=family in by_family):
            continue
        able = [one for one in by_family.get(family, []) if _fits(one, title)]
        first, after = text.span(found.start(), found.end())
        said = text.given[first:after]
        if len(able) == 1:
            yield Spot(first, after, said, Kind.PERSON, able[0].key, "姓加称呼", able[0].label or "某人")
        else:
            label = _nameless(title) if title else "某人"
            yield Spot(
                first, after, said, Kind.PERSON, f"title:{family}{title}", "姓加称呼", label,
                sure=family in by_family or (len(title) > 1 and family not in WORDY),
            )  # fmt: skip


def _is_title(text: str, found: re.Match[str], family: str, title: str, *, known: bool) -> bool:
    start, end = found.start(), found.end()
    before, behind = text[start - 1 : start], text[end : end + 1]
    if _of_words(text, start, before):
        return False
    if not title:
        return (
            family not in WORDY
            and behind not in {"师", "年", "家", "村", "镇"}
            and before not in {"大", "中"}
            and (known or not is_han(behind) or behind in GRAMMAR)
        )
    loose = not known and is_han(before) and before not in _LEFT  # nothing that stands before a name
    if behind == title or (title == "家" and behind in _HOUSEWORDS) or (loose and (family in WORDY or title in _WEAK)):
        return False
    if known:
        return True
    if title in _IN_NAMES and behind in GIVEN and behind not in GRAMMAR and behind not in _LEFT | _BEHIND:
        return False  # 陈家航
    return not (family in WORDY and title in _WEAK | {"某"})


def _of_words(text: str, start: int, before: str) -> bool:
    """Whether everyday words begin or end here: 小学, 照顾奶奶."""
    ending = text[start - 1 : start + 1] if start else ""
    words = NO_NAMES | _NOT_TITLED
    return (
        text[start : start + 2] in words
        or text[start : start + 3] in words
        or ending in NO_NAMES
        or (ending in everyday_words() and before not in _LEFT)
    )


_WEAK = frozenset({"家", "生", "公", "氏"})
_IN_NAMES = frozenset("家妈妹弟哥姐公生爸")
_BEHIND = frozenset("已经常每来说有是家也再今明")
_LEFT = frozenset("的和与跟同及叫是找对给向由把被让请问陪带接为在到去从替见听，。")
_NOT_TITLED = frozenset(
    "老师 小学 老家 老年 小时 小区 老人 老伴 老乡 小康 小米 老板 双百社工 双百 老支书 小组 小家 国家 全家 成家 大家 安家 顾家 居家 管家 "
    "养家 当家 归家 万家 东家 方家 高姐 学生 医生 先生 师生 新生 女生 男生 陌生 发生 出生 花生 卫生 民生 计生 公公 外公 办公 婆婆 "
    "老公 何某 关主任 区主任 村主任 强哥 高老师 小于 小何 阿连 师老师 老师傅 施工 江边 阿姨 阿公 阿婆 阿伯 阿叔 阿嫂 阿妹 阿弟 阿哥 阿姐 "
    "小于 小盛 老谋 小名 老相 小看 老花 小花 小包 小满 小计 小雷 小车 小石 老井 小井 小路 小安 小温 小白 老化 小段".split()
)
_HOUSEWORDS = frozenset("庭务长具属人访教境暴畜电禽园纺")


def _fits(one: Known, title: str) -> bool:
    if title in OFFICES:
        return one.part == Part.WORKER and title in _SOCIAL
    if one.part == Part.WORKER:
        return not title
    if title in FEMALE and one.female is False:
        return False
    if title in MALE and one.female is True:
        return False
    return not (title in ELDER and one.elder is False)


def _nameless(title: str) -> str:
    if title in {"某", "某某", "生", "氏", "家", "家长"}:
        return "某家" if title in {"家", "家长"} else "某人"
    return title if title in OFFICES else f"一位{title}" if len(title) > 1 else f"某{title}"
