"""Which village a cell means: by name, by name path, within the towns that the ledger is told of, before the city.

The list is the statistics bureau's, since a ledger can be understood before its station is set up. A similar name is
only ever suggested.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from rapidfuzz import fuzz, process

from shuangbai.core.characters import folded
from shuangbai.ledgers.cells import IN_BRACKETS, plain
from shuangbai.ledgers.enums import Reason
from shuangbai.network.enums import AreaLevel
from shuangbai.network.gazetteer import read_divisions

_ENDING = re.compile(
    r"^(.+?)(社区居民委员会|社区居委会|社区居委|社区村|社区|居民委员会|居委会|居委|民居委"
    r"|村民委员会|村民委|村委会|村委|行政村|村)$"
)
_TOWN_ENDING = re.compile(r"^(.{2,}?)(街道办事处|街道办|街道|镇政府|镇|乡|管理区|区|县|市)$")
_TOWN_WORD = re.compile(r"街道|镇|乡|县|区|市")
_PATH = re.compile(r"[/\\>》,，、;；\-—|\s]+")
_COMMUNITY, _VILLAGE = "community", "village"
_GROUP = re.compile(
    r"^(?:第?[0-9一二三四五六七八九十]+(?:村民)?(?:小组|组|队|片|巷|号|路|街|栋|座)|[\u4e00-\u9fff]{1,6}"
    r"(?:村民小组|小组|组|路|街|巷|片|围|寮|寨|自然村|新村)\d*号?|\d+号?).*$"
)


def _kind(ending: str) -> str:
    return _VILLAGE if ending.startswith(("村", "行政")) else _COMMUNITY


def _said(name: str) -> tuple[str, str]:
    """What is left of a village's name without its ending, and which kind of place the ending says."""
    match = _ENDING.match(name)
    return (match[1], _kind(match[2])) if match else (name, "")


def says_village(text: str) -> bool:
    """Whether a name ends as names of villages do, known or not."""
    return bool(_ENDING.match(text))


def _town_said(name: str) -> str:
    match = _TOWN_ENDING.match(name)
    return match[1] if match else name


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """The village's code; or why there is none, and the codes among which it is ambiguous."""

    code: str | None = None
    fault: Reason | None = None
    among: tuple[str, ...] = ()


NOWHERE, _UNKNOWN = Found(), Found(fault=Reason.VILLAGE_UNKNOWN)


@cache
def _divisions() -> tuple[list[Place], list[Place], list[Place]]:
    """Counties, towns and villages of the list that the product brings."""
    levels: dict[str, list[Place]] = defaultdict(list)
    for row in read_divisions():
        levels[row["level"]].append(Place(row["code"], row["name"]))
    return levels[AreaLevel.COUNTY], levels[AreaLevel.TOWN], levels[AreaLevel.VILLAGE]


@dataclass(slots=True)
class _Names:
    """Villages by what is left of their names, and towns and counties by theirs."""

    villages: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    above: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


class Gazetteer:
    """The villages that a ledger may name. `towns`: codes among which a village without a town is looked for first.

    Without towns nothing is known of where the ledger is from: every village of the list may be meant, and a name
    that stands several times is left open rather than called ambiguous.
    """

    def __init__(self, towns: Sequence[str] | None = None) -> None:
        self.towns = frozenset(towns or ())
        self.city = next(iter(sorted(self.towns)))[:4] if self.towns else ""
        self._names = _Names()
        self._full: dict[str, str] = {}
        counties, all_towns, villages = _divisions()
        for place in (*counties, *all_towns):
            if place.code.startswith(self.city):
                self._names.above[_town_said(folded(place.name))].add(place.code)
        for place in villages:
            if place.code.startswith(self.city):
                stem, kind = _said(folded(place.name))
                self._names.villages[stem].add((place.code, kind))
                self._full[place.code] = place.name
        self._longest_above = max(map(len, self._names.above), default=0) + 5
        self._kept: dict[tuple[str, str, str], Found] = {}

    def find(self, text: str, town: str = "", county: str = "") -> Found:
        """What `text` means, in the town and county that other columns name."""
        key = (text, town, county)
        if key not in self._kept:
            text = plain(text)
            self._kept[key] = self._find(folded(IN_BRACKETS.sub("", text)) or folded(text), text, town, county)
        return self._kept[key]

    def knows(self, text: str) -> bool:
        """Whether this names a village, one or several."""
        found = self.find(text)
        return found.code is not None or found.fault is Reason.VILLAGE_AMBIGUOUS

    def is_in_one(self, text: str) -> bool:
        """Whether this names a village, or a place that begins with the name of one."""
        return self.knows(text) or self.begins_with(text) is not None

    def begins_with(self, text: str) -> str | None:
        """The village in whose name a place begins: 东一村文化广场 is in 东一村."""
        form = self._from_town(folded(plain(text)))
        for end in range(len(form), 2, -1):
            if _ENDING.match(form[:end]) and (code := self.find(form[:end]).code):
                return code
        return None

    def names_above(self, text: str) -> bool:
        """Whether this names a town or county, by any of its names."""
        return _town_said(folded(text)) in self._names.above

    def name_of(self, code: str) -> str:
        return self._full.get(code, code)

    def _find(self, form: str, text: str, town: str, county: str) -> Found:
        within = self._within(town, county)
        parts = [part for part in _PATH.split(text) if part.strip()]
        codes: set[str] = set()
        for whole in [form] if len(parts) < 2 else [form, *map(folded, reversed(parts))]:
            codes = codes or self._look(whole, within) or self._under_path(whole, within)
        return self._answer(codes or self._with_group(form, within))

    def _answer(self, codes: set[str]) -> Found:
        if len(codes) == 1:
            return Found(next(iter(codes)))
        if codes:
            if not self.towns:
                return NOWHERE
            return Found(fault=Reason.VILLAGE_AMBIGUOUS, among=tuple(sorted(codes)))
        return _UNKNOWN

    def path_of(self, code: str) -> str:
        """东洲街道东一村: a village with the town it is in."""
        town = next((place.name for place in _divisions()[1] if place.code == code[:9]), "")
        return town + self.name_of(code)

    def _within(self, town: str, county: str) -> frozenset[str]:
        """The codes under which to look, as towns and counties are named beside; empty where they are not."""
        towns = self._above(town, 9)
        counties = self._above(county, 6)
        both = frozenset(code for code in towns if code[:6] in counties)
        return both or towns or counties

    def _above(self, text: str, length: int) -> frozenset[str]:
        """The towns (9 digits) or counties (6) that a cell names, itself or as the end of a path."""
        form = folded(text)
        if not form:
            return frozenset()
        while form:
            named = frozenset(c for c in self._names.above.get(_town_said(form), ()) if len(c) == length)
            if named:
                exact = frozenset(c for c in named if self._is_called(c, form))
                return exact or named
            head = next((end for end in range(len(form) - 1, 1, -1) if self._names_above_form(form[:end])), 0)
            form = form[head:] if head else ""
        return frozenset()

    def _names_above_form(self, form: str) -> bool:
        return bool(_TOWN_ENDING.match(form)) and _town_said(form) in self._names.above

    @staticmethod
    @cache
    def _official() -> dict[str, str]:
        counties, towns, _ = _divisions()
        return {place.code: folded(place.name) for place in (*counties, *towns)}

    def _is_called(self, code: str, form: str) -> bool:
        """城东镇 is the town of 海丰 and not the street of 陆丰; where none is called so, a town may be a street."""
        return self._official()[code] == form

    def _look(self, form: str, within: frozenset[str]) -> set[str]:
        """The villages called so: in what is named beside; else in the ledger's towns, and then in the city."""
        called = self._called(form)
        if within:
            return {code for code in called if code[:9] in within or code[:6] in within}
        near = {code for code in called if code[:9] in self.towns}
        return near or called

    def _called(self, form: str) -> set[str]:
        stem, kind = _said(form)
        found = set(self._names.villages.get(stem, ())) | set(self._names.villages.get(form, ()))
        of_kind = {code for code, its in found if its == kind} if kind else set()
        if kind and stem != form and (exact := {code for code, its in self._names.villages.get(form, ()) if its}):
            of_kind |= exact  # 新村 may be 新村村民委员会
        return of_kind or {code for code, _ in found}

    def _under_path(self, form: str, within: frozenset[str]) -> set[str]:
        """海丰县城东镇赤山村: names of city, county and town in front, each narrowing what follows."""
        rest = self._from_town(form)
        for end in range(min(len(rest) - 1, self._longest_above), 1, -1):
            named = self._names.above.get(_town_said(rest[:end]))
            if not named:
                continue
            named = {c for c in named if self._is_called(c, rest[:end])} or named
            inner = frozenset(c for c in named if not within or c in within or c[:6] in within) or frozenset(named)
            below = rest[end:]
            found = self._look(below, inner) or self._under_path(below, inner) or self._with_group(below, inner)
            if found:
                return found
        return self._look(rest, within) if rest != form else set()

    def _from_town(self, form: str) -> str:
        """From the first town or county that is written in full: a province or zone before it says less."""
        ends = [match.end() for match in _TOWN_WORD.finditer(form)]
        for end in ends:
            for start in range(end - 2):
                name = form[start:end]
                if self._names_above_form(name) and any(
                    self._is_called(c, name) for c in self._names.above[_town_said(name)]
                ):
                    return form[start:]
        return form

    def _with_group(self, form: str, within: frozenset[str]) -> set[str]:
        """东一村三组, 赤山村委会下围: a village with its ending, and a group or a house behind."""
        for end in range(len(form) - 1, 2, -1):
            head, rest = form[:end], form[end:]
            match = _ENDING.match(head)
            if match and (len(match[2]) > 1 or _GROUP.match(rest)):
                found = self._look(head, within)
                if found:
                    return found
        return set()

    def suggestions(self, text: str, town: str = "", county: str = "") -> list[str]:
        """What an ambiguous or unknown name may mean: the villages called so, or those of similar names."""
        found = self.find(text, town, county)
        if found.among:
            return [self.path_of(code) for code in found.among[:6]]
        within = self._within(town, county) or self.towns
        stem = _said(folded(plain(text)))[0]
        near = {
            name: code
            for name, places in self._names.villages.items()
            for code, _ in places
            if code[:9] in within or code[:6] in within
        }
        alike = process.extract(stem, near.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=50)
        return [self.name_of(near[name]) for name, _, _ in alike]
