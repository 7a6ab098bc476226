"""Scales as data: what one is made of, how answers are scored, and what is wrong with either. Pure.

A score is a hint for a conversation, never a verdict: no rule of this product asks for one.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shuangbai.core.findings import Finding
from shuangbai.scales.enums import Filler, Worse

MOST_ITEMS, MOST_CHOICES, MOST_BANDS = 60, 12, 8
LONGEST_PART = 20
HIGHEST = 1000
RHO = 0.3  # how goals of one person are taken to hang together (Kiresuk & Sherman)
LEVELS = range(-2, 3)
ALARM = (
    "有自伤或轻生的念头。请现在就当面问清楚：想过怎么做、什么时候、有没有准备；不要让人独处，通知家人和站长、督导，"
    "陪同到精神科就医。有即时危险的，先打 120 或 110。未成年人，或不能完全辨认自己行为的成年人，请发起安全警报。"
)


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    points: int


@dataclass(frozen=True, slots=True)
class Item:
    """A question. `alarm_from`: from so many points on it is said at once what to do; it is noted nowhere."""

    code: str
    text: str
    choices: tuple[Choice, ...]
    reverse: bool = False
    scored: bool = True
    alarm_from: int | None = None

    def points(self, answer: int) -> int:
        """What an answer counts; a reverse item counts from the other end."""
        if not self.reverse:
            return answer
        every = [one.points for one in self.choices]
        return max(every) + min(every) - answer


@dataclass(frozen=True, slots=True)
class Band:
    """From a score to a score, both included: what it is called and what may be done."""

    least: int
    most: int
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Subscale:
    code: str
    name: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A version of a scale. `score_only`: its items may not be held here, so that its total alone is written down.

    `missing_most`: so many items may be left out; each then counts the mean of those answered.
    """

    code: str
    version: int
    name: str
    about: str
    fills: tuple[Filler, ...]
    worse: Worse
    items: tuple[Item, ...]
    bands: tuple[Band, ...]
    source: str
    licence: str
    starts_on: date
    ends_on: date | None = None
    subscales: tuple[Subscale, ...] = ()
    missing_most: int = 0
    score_only: bool = False
    unit: str = "分"
    lowest: int = 0
    highest: int = 0
    own: bool = False

    def band(self, total: int) -> Band | None:
        return next((one for one in self.bands if one.least <= total <= one.most), None)

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    @property
    def scored_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.scored)

    @property
    def parts(self) -> list[tuple[str, tuple[str, ...], int, int]]:
        """Each subscale's name, items, lowest and highest score."""
        ends = {item.code: [choice.points for choice in item.choices] for item in self.items}
        asked = [(part, [ends[code] for code in part.items]) for part in self.subscales]
        return [(part.name, part.items, sum(map(min, of)), sum(map(max, of))) for part, of in asked]


@dataclass(frozen=True, slots=True)
class Scored:
    """What answers come to. `filled`: how many items were replaced by the mean of the others."""

    total: int
    band: str
    hint: str
    filled: int = 0
    subscales: tuple[tuple[str, int], ...] = ()
    alarmed: bool = False


# MADE FROM DATA ------------------------------------------------------------


def scale_of(data: Mapping[str, Any], *, own: bool = False) -> Scale:
    """A scale from its data (data/scales.json, or what a city entered). Raises ValueError with a sentence."""
    found = definition_findings(data)
    if found:
        raise ValueError(found[0].sentence)
    common = data.get("choices", [])
    items = tuple(_item(str(place), one, common) for place, one in enumerate(data.get("items", []), 1))
    ends = [[choice.points for choice in item.choices] for item in items if item.scored]
    lowest = data["least"] if data.get("score_only") else sum(min(points) for points in ends)
    highest = data["most"] if data.get("score_only") else sum(max(points) for points in ends)
    until = data.get("ends_on")
    return Scale(
        code=data["code"], version=data["version"], name=data["name"], about=data["about"],
        fills=tuple(Filler(one) for one in data["fills"]), worse=Worse(data["worse"]), items=items,
        bands=tuple(Band(*one) for one in data.get("bands", [])), source=data["source"], licence=data["licence"],
        starts_on=date.fromisoformat(data["starts_on"]), ends_on=date.fromisoformat(until) if until else None,
        subscales=tuple(Subscale(c, n, tuple(map(str, i))) for c, n, i in data.get("subscales", [])),
        missing_most=data.get("missing_most", 0), score_only=bool(data.get("score_only")),
        unit=data.get("unit", "分"), lowest=lowest, highest=highest, own=own,
    )  # fmt: skip


def _item(code: str, data: Mapping[str, Any], common: Sequence[Any]) -> Item:
    choices = tuple(Choice(label, points) for label, points in data.get("choices", common))
    return Item(
        code, data["text"], choices, bool(data.get("reverse")), data.get("scored", True), data.get("alarm_from")
    )


def definition_findings(data: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with a scale before anybody is asked by it; fields are those of the city's page."""
    findings = [
        Finding(name, name, sentence)
        for name, sentence in (
            ("name", "请填写量表的名称"), ("source", "请写明出处：谁编的、哪一年、哪份文件"),
            ("licence", "请写明凭什么可以用：许可、公有领域，或购买的授权"),
        )
        if not str(data.get(name, "")).strip()
    ]  # fmt: skip
    if not data.get("fills"):
        findings.append(Finding("fills", "fills", "请选谁可以填"))
    findings += _range_findings(data) if data.get("score_only") else _item_findings(data)
    if not findings:
        findings = _part_findings(data) or _band_findings(data)
    return findings


def _range_findings(data: Mapping[str, Any]) -> list[Finding]:
    least, most = data.get("least"), data.get("most")
    if data.get("items"):
        return [Finding("items", "items", "只登记得分的量表不写题目；要逐题填，请不要选“只登记得分”")]
    if least is None or most is None or not 0 <= least < most <= HIGHEST:
        return [Finding("most", "most", f"请填最低分和最高分，如 0 和 100；最高不超过 {HIGHEST}")]
    return []


def _item_findings(data: Mapping[str, Any]) -> list[Finding]:
    items, common = data.get("items", []), data.get("choices", [])
    if not items or len(items) > MOST_ITEMS:
        return [Finding("items", "items", f"请写 1 到 {MOST_ITEMS} 道题，一行一题")]
    if len({one["text"] for one in items}) < len(items):
        return [Finding("items", "items", "有两道题完全一样，请核对")]
    for place, one in enumerate(items, 1):
        choices = one.get("choices", common)
        points = [choice[1] for choice in choices]
        if not 2 <= len(choices) <= MOST_CHOICES or len(set(points)) < len(points):
            sentence = f"第 {place} 题要有 2 到 {MOST_CHOICES} 个选项，每个选项的分数不同，如“没有=0”"
            return [Finding("choices", "choices", sentence)]
        if any(not 0 <= point <= 100 for point in points):
            return [Finding("choices", "choices", "选项的分数是 0 到 100 的整数")]
    if not 0 <= data.get("missing_most", 0) < len(items):
        return [Finding("missing_most", "missing_most", "允许漏答的题数要少于题数")]
    return []


def _part_findings(data: Mapping[str, Any]) -> list[Finding]:
    """A subscale has a name of its own, and items that there are and that count."""
    parts = data.get("subscales", [])
    scored = {str(place) for place, one in enumerate(data.get("items", []), 1) if one.get("scored", True)}
    names = [str(name).strip() for _code, name, _items in parts]
    if len(set(names)) < len(names) or any(not 0 < len(name) <= LONGEST_PART for name in names):
        return [Finding("parts", "items", f"每个部分要有自己的名称，最多 {LONGEST_PART} 个字")]
    for (_code, _name, items), name in zip(parts, names, strict=True):
        if not items or not scored.issuperset(map(str, items)):
            return [Finding("parts", "items", f"部分“{name}”里要有题目，而且都要是计分的题")]
    return []


def _band_findings(data: Mapping[str, Any]) -> list[Finding]:
    """Bands leave no gap and do not overlap, from the lowest score to the highest; or there are none."""
    bands = data.get("bands", [])
    if len(bands) > MOST_BANDS:
        return [Finding("bands", "bands", f"最多分 {MOST_BANDS} 段")]
    if not bands:
        return []
    if data.get("score_only"):
        lowest, highest = data["least"], data["most"]
    else:
        every = [
            [choice[1] for choice in one.get("choices", data.get("choices", []))]
            for one in data["items"] if one.get("scored", True)
        ]  # fmt: skip
        lowest, highest = sum(map(min, every)), sum(map(max, every))
    expected = lowest
    for least, most, label, *_ in bands:
        if least != expected or most < least or not str(label).strip():
            sentence = f"分段要从低到高连着写，每段有名称：这里应从 {expected} 开始，如“{expected}-{highest}=一般”"
            return [Finding("bands", "bands", sentence)]
        expected = most + 1
    if expected != highest + 1:
        return [Finding("bands", "bands", f"分段只到 {expected - 1}，而最高分是 {highest}，请补上")]
    return []


# SCORING -------------------------------------------------------------------


def answer_findings(scale: Scale, answers: Mapping[str, int], total: int | None = None) -> list[Finding]:
    """What is wrong with answers; each sentence names its item. `answers`: points as chosen, by the item's code."""
    if scale.score_only:
        if total is None or not scale.lowest <= total <= scale.highest:
            return [Finding("total", "total", f"总分是 {scale.lowest} 到 {scale.highest} 的整数")]
        return []
    known = {item.code: item for item in scale.items}
    findings = [
        Finding("unknown", "", f"这份量表没有第 {code} 题，请重新打开本页") for code in answers if code not in known
    ]
    for item in scale.items:
        answer = answers.get(item.code)
        if answer is not None and answer not in {one.points for one in item.choices}:
            sentence = f"第 {item.code} 题的回答不在选项里，请重选"
            findings.append(Finding("outside", f"item_{item.code}", sentence))
    missing = [item.code for item in scale.scored_items if answers.get(item.code) is None]
    if len(missing) > scale.missing_most:
        allowed = f"；最多可漏答 {scale.missing_most} 题" if scale.missing_most else ""
        sentence = f"还有第 {'、'.join(missing)} 题没有答{allowed}"
        findings.append(Finding("missing", f"item_{missing[0]}", sentence))
    return findings


def score(scale: Scale, answers: Mapping[str, int], total: int | None = None) -> Scored:
    """What answers come to. Raises ValueError where `answer_findings` would say something.

    With items left out the sum is that of the others in proportion, rounded to the nearest whole number; a subscale
    of which nothing was answered has none.
    """
    found = answer_findings(scale, answers, total)
    if found:
        raise ValueError(found[0].sentence)
    if scale.score_only:
        return _scored(scale, int(total or 0))
    points = {i.code: i.points(answers[i.code]) for i in scale.scored_items if answers.get(i.code) is not None}
    every = scale.scored_items
    whole = _in_proportion(points.values(), len(every))
    answered = [(one, [points[code] for code in one.items if code in points]) for one in scale.subscales]
    parts = tuple((one.name, _in_proportion(some, len(one.items))) for one, some in answered if some)
    alarmed = any(i.alarm_from is not None and (answers.get(i.code) or 0) >= i.alarm_from for i in scale.items)
    return _scored(scale, whole, len(every) - len(points), parts, alarmed)


def _scored(
    scale: Scale, total: int, filled: int = 0, parts: tuple[tuple[str, int], ...] = (), alarmed: bool = False
) -> Scored:
    band = scale.band(total)
    return Scored(total, band.label if band else "", band.hint if band else "", filled, parts, alarmed)


def _in_proportion(points: Any, whole: int) -> int:
    known = list(points)
    return math.floor(sum(known) * whole / len(known) + 0.5) if known else 0


# GOAL ATTAINMENT SCALING ---------------------------------------------------


def attainment(goals: Sequence[tuple[float, int]]) -> float | None:
    """The T-score of weighted goals, each (weight, level from -2 to +2); None without goals.

    50 where all came about as expected, a standard deviation of 10. Kiresuk TJ, Sherman RE. Goal attainment scaling: a
    general method for evaluating comprehensive community mental health programs. Community Ment Health J
    1968;4:443-453: 50 + 10·Σwx / √((1-ρ)·Σw² + ρ·(Σw)²), with their ρ of 0.3. Raises ValueError for a level off the
    scale or a weight that is not positive.
    """
    if not goals:
        return None
    for weight, level in goals:
        if level not in LEVELS or weight <= 0:
            raise ValueError(f"a goal has a weight above 0 and a level from -2 to +2, not {weight}, {level}")
    weights = [weight for weight, _ in goals]
    spread = math.sqrt((1 - RHO) * sum(weight**2 for weight in weights) + RHO * sum(weights) ** 2)
    return 50 + 10 * sum(weight * level for weight, level in goals) / spread
