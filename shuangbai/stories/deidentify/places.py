"""Places: those that the station knows, and what is called like one; schools, hospitals and other bodies; addresses."""

import re
from collections.abc import Iterator, Sequence

from shuangbai.stories.deidentify.parts import Kind, Place, Spot, Surroundings
from shuangbai.stories.deidentify.reading import Read, is_han, tightened
from shuangbai.stories.deidentify.words import (
    COMMON_GIVEN,
    CUT,
    ESTATES,
    HOSPITALS,
    NOT_A_PLACE,
    SCHOOLS,
    UNITS,
    VILLAGES,
)

KNOWN_PLACE = "本站所在地区的地名"
_TAILS = tuple(sorted(VILLAGES, key=len, reverse=True))
_TAIL = "|".join(_TAILS)
_COARSE = {"市": "某市", "县": "某县", "区": "某区", "镇": "某镇", "乡": "某乡", "街道": "某街道", "社区": "某社区"}
_CUES = (
    "在",
    "到",
    "去",
    "于",
    "从",
    "来自",
    "住",
    "回",
    "家住",
    "是",
    "往",
    "离开",
    "嫁到",
    "嫁入",
    "搬到",
    "搬来",
    "由",
    "赴",
    "驻",
    "属",
)
_NUMERAL = r"(?:[0-9a-z一二三四五六七八九十零〇百]{1,5})"
_ADDRESS = re.compile(
    rf"(?:[\u4e00-\u9fff]{{1,6}}?(?:大道|公路|路|街|巷|里|弄|胡同|横街|直街|大街))?{_NUMERAL}[ ]?(?:号之)?{_NUMERAL}?号(?:楼|房|院|后座|前座)?"
    rf"(?:{_NUMERAL}(?:室|房|楼|号))?"
    rf"|{_NUMERAL}[ ]?(?:栋|幢|座|号楼)[ ]?(?:{_NUMERAL}[ ]?(?:单元|梯))?(?:{_NUMERAL}(?:室|房|楼|号)?)?"
    rf"|(?:第?{_NUMERAL}|[东西南北上下前后新老][\u4e00-\u9fff]?)(?:村民小组|生产队|组队)|第{_NUMERAL}(?:村民)?组"
    r"|[东西南北上下前后新老][\u4e00-\u9fff]?(?:围|寨|厝|埔|坑|巷)(?=[，。；、的]|\d|$)"
)
_HOUSE_NUMBER = re.compile(r"(?:路|街|巷|里|弄|道|村|厝|围|寨|队|组|楼|园|区|坊|镇|门牌|住址|地址)[^，。；\s]{0,4}$")
_ROAD = re.compile(r"(?:大道|公路|路|街|巷|弄|胡同|里)")
_NOT_ROAD = frozenset(
    "学路 家路 一路 半路 上路 公路 马路 道路 走路 铁路 线路 小路 大路 赶路 上街 逛街 街 这里 那里 家里 心里 村里 镇里 公里 哪里 夜里 手里 学校里".split()
)


def places(read_: Read, around: Surroundings) -> Iterator[Spot]:
    yield from _addresses(read_)
    yield from _known(read_, around.places)
    known = {stem(tightened(place.name)) for place in around.places}
    yield from _bodies(read_, known)
    yield from _called_so(read_)


# KNOWN -----------------------------------------------------------------------


def stem(name: str) -> str:
    """A place's name without what it is: 乌坎村委会 → 乌坎."""
    for tail in _TAILS:
        if name.endswith(tail) and len(name) > len(tail):
            return name[: -len(tail)]
    return name


def coarse(name: str) -> str:
    """What takes a place's name: 某村, 某镇."""
    for tail, word in _COARSE.items():
        if name.endswith(tail):
            return word
    return "某村" if name.endswith(("村", "村委会", "村民委员会", "村委")) else "某社区" if "居" in name else "某地"


def _known(text: Read, around: Sequence[Place]) -> Iterator[Spot]:
    for place in around:
        whole = tightened(place.name)
        short = stem(whole) if place.kind == Kind.PLACE else whole
        if len(short) < 2 or short not in text.tight:
            continue
        pattern = rf"{re.escape(short)}(?P<tail>{_TAIL})?(?P<office>党群服务中心|党支部|党总支)?"
        for found in re.finditer(pattern, text.tight):
            yield from _of_known(text, found, place, short, whole)


def _of_known(text: Read, found: re.Match[str], place: Place, short: str, whole: str) -> Iterator[Spot]:
    tail = found["tail"] or ""
    before = text.tight[max(found.start() - 3, 0) : found.start()]
    plain = short in COMMON_GIVEN or short in _EVERYDAY
    sure = not plain or (bool(tail) and before.endswith(_CUES)) or len(tail) > 1
    label = coarse(tail) if tail and tail not in {"村委会", "居委会", "村委", "街道办", "街道办事处"} else place.label
    label = {"村委会": "村委会", "居委会": "居委会", "村委": "村委", "街道办": "街道办", "街道办事处": "街道办"}.get(
        tail, label
    )
    subject = f"place:{short}:{tail}" if tail and label != place.label else f"place:{short}"
    start, end = text.span(found.start(), found.end())
    yield Spot(
        start, end, text.given[start:end], place.kind, subject, KNOWN_PLACE, label + (found["office"] or ""), sure
    )


_EVERYDAY = frozenset(
    "八万 公平 向阳 红星 东风 新光 中心 平安 和平 文明 团结 前进 光明 胜利 新华 新兴 新建 建设 东方 西南 河口 新田 新村 南门 东门 西门 北门 大街 "
    "上英 大安 内湖 城东 城西 城南 城北 城区 海城 东海 河东 河西 大湖 联合 新城 新区 长安 太平 永安 解放 人民 民主 中山 新港 港口 码头 "
    "渔业 友谊 建新 联丰 红光 东升 朝阳 长江 黄河 江南 水口 石头 山下 大塘 新塘 中间 下村 上村 龙山 金山 银山 青山 白沙 沙湾 海边 农场".split()
)

# CALLED LIKE ONE -------------------------------------------------------------


def _bodies(text: Read, known: set[str]) -> Iterator[Spot]:
    """Schools, hospitals, stations of the police, homes, firms that bear a name."""
    for words, label in ((SCHOOLS, "某学校"), (HOSPITALS, "某医院"), (UNITS, "")):
        pattern = re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
        for found in pattern.finditer(text.tight):
            start = _begins(text, found.start(), longest=13)
            name = text.tight[start : found.start()]
            if not _bears(name):
                continue
            first, after = text.span(start, found.end())
            what = (
                found[0]
                if len(found[0]) > 1
                else {"寺": "寺庙", "庙": "庙", "宫": "庙", "祠": "祠堂", "厂": "工厂"}[found[0]]
            )
            sure = any(one in name for one in known) or (2 <= len(name) <= 4 and found[0] not in _ANY)
            proposal = label if label and what in {"学校", "医院"} else f"某{what}"
            yield Spot(
                first, after, text.given[first:after], Kind.UNIT, f"unit:{name}{found[0]}", "单位名称", proposal, sure,
            )  # fmt: skip


_ANY = frozenset("厂 工厂 市场 机构 码头 协会 商店 学校 银行 幼儿园 卫生院 医院 卫生站 诊所 大学 工作室 合作社".split())


def _called_so(text: Read) -> Iterator[Spot]:
    """Villages, towns, estates that nobody told us of."""
    pattern = re.compile("|".join(sorted([*_TAILS, *ESTATES], key=len, reverse=True)))
    for found in pattern.finditer(text.tight):
        start = _begins(text, found.start(), longest=5)
        name = text.tight[start : found.start()]
        if not _bears(name) or (found[0] in {"城", "区", "市", "县", "乡", "苑", "家园", "里弄"} and len(name) < 2):
            continue
        if text.tight[found.end() : found.end() + 1] in {
            "民",
            "里",
            "口",
            "干",
            "医",
            "场",
            "集",
            "亲",
            "间",
            "政",
        } and found[0] in {"村", "市", "乡", "镇"}:
            continue
        first, after = text.span(start, found.end())
        label = coarse(found[0]) if found[0] in _TAILS else "某小区"
        yield Spot(
            first, after, text.given[first:after], Kind.PLACE, f"place:{name}:{found[0]}", "像一个地名", label,
            sure=len(name) >= 2 and found[0] not in {"城", "区", "市", "家园"},
        )  # fmt: skip


def _begins(text: Read, end: int, *, longest: int) -> int:
    """Where the name before a word like 小学 begins: after the nearest word of grammar, mark or end of a word."""
    start = end
    while start > 0 and end - start < longest:
        one = text.tight[start - 1]
        if not is_han(one) or one in CUT or start in text.apart:
            break
        start -= 1
    return start


def _bears(name: str) -> bool:
    """Whether what stands before a word like 小学 names it: not 这所, 镇里的, 某."""
    left = name
    while True:
        known = next((w for w in sorted(NOT_A_PLACE, key=len, reverse=True) if left.startswith(w)), None)
        if known is None:
            break
        left = left[len(known) :]
    return bool(left) and "某" not in name


# ADDRESSES -------------------------------------------------------------------


def _addresses(text: Read) -> Iterator[Spot]:
    for found in _ADDRESS.finditer(text.tight):
        start, end = found.start(), found.end()
        said = found[0]
        before = text.tight[max(start - 10, 0) : start]
        road = _ROAD.search(said)
        if re.fullmatch(rf"{_NUMERAL}[ ]?号", said) and not _HOUSE_NUMBER.search(before):
            continue
        if road and (said[: road.end()] in _NOT_ROAD):
            continue
        if said.startswith("第") and "组" in said and "村民" not in said and not before.endswith(("村", "会")):
            continue
        if re.fullmatch(r"[东西南北上下前后新老].*(?:围|寨|厝|埔|坑|巷)", said) and not before.endswith(_CUES):
            continue
        while said[:1] in CUT and len(said) > 2:
            start += 1
            said = said[1:]
        first, after = text.span(start, end)
        yield Spot(first, after, text.given[first:after], Kind.ADDRESS, f"address:{said}", "住址、门牌", "某处")
    for found in re.finditer(r"[\u4e00-\u9fff]{2,8}(?:大道|路|街|巷)(?=\d|的|，|。|附近|口|边|上|旁)", text.tight):
        start = _begins(text, found.end() - (2 if found[0].endswith("大道") else 1), longest=6)
        name = text.tight[start : found.end()]
        if len(name) < 3 or any(name.endswith(word) for word in _NOT_ROAD) or not _bears(name[:-1]):
            continue
        first, after = text.span(start, found.end())
        yield Spot(
            first, after, text.given[first:after], Kind.ADDRESS, f"address:{name}", "路名、街名", "某条路", sure=False
        )
