"""A grammar that writes what workers write after a visit.

The family's real composition on the day chooses the pools of clauses, the worker's habit
the length; whatever neighbours' texts have used is avoided, and no text appears twice.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from shuangbai.demo.clauses import POOLS, WORDS
from shuangbai.demo.days import in_epidemic
from shuangbai.demo.endings import ACTIONS, UNMET, UNMET_TAILS
from shuangbai.demo.fitting import TRAITS
from shuangbai.demo.shapes import Household, Person
from shuangbai.households.rules import age_on

MIN_LENGTH, MAX_LENGTH = 12, 220
_BLANK = re.compile(r"\{(\w+)\}")
_ELDER_POOLS = frozenset(
    "elder_alone elder_body elder_mood elder_couple frail aged tekun veteran lost_child cold hot".split()
)
_PATIENT_POOLS = frozenset(("disabled", "severe", "mental"))
_TALK_POOLS = frozenset(
    "family policy first again phone wechat office chance institution house_ok dibao epi_talk".split()
)
_ADULT_POOLS = frozenset("single left_woman correction floating fringe adult".split())
# Clauses of the patients' pools whose subject is somebody else.
_OTHERS_FIRST = ("家属", "照护", "护理", "残疾人", "全靠", "轮椅", "洗澡", "免费", "怀疑", "白天", "长年")
_CODE_POOLS = {
    "dibao_urban": ("dibao", 5),
    "dibao_rural": ("dibao", 5),
    "tekun_urban": ("tekun", 6),
    "tekun_rural": ("tekun", 6),
    "dibian": ("dibian", 5),
    "linshi": ("linshi", 6),
    "jiandang": ("jiandang", 4),
    "orphan": ("orphan", 7),
    "no_care_child": ("no_care", 7),
    "left_child": ("left_child", 6),
    "hard_child": ("hard_child", 5),
    "frail_elder": ("frail", 6),
    "aged": ("aged", 2),
    "lost_child_family": ("lost_child", 6),
    "disabled": ("disabled", 6),
    "disabled_severe": ("severe", 4),
    "left_woman": ("left_woman", 6),
    "single_mother": ("single", 5),
    "veteran": ("veteran", 5),
    "mental": ("mental", 6),
    "correction": ("correction", 7),
    "at_risk_youth": ("youth", 7),
    "floating": ("floating", 7),
    "fringe": ("fringe", 6),
}
_HOUSE_POOLS = {
    "old": ("house_bad", 2),
    "unsafe": ("house_bad", 4),
    "rent": ("rent", 2),
    "public": ("rent", 1),
    "dormitory": ("dorm", 1),
    "own": ("house_ok", 2),
}
_KIND_POOLS = {
    "elder_couple": ("elder_couple", 3),
    "grandparents": ("grandparents", 4),
    "nuclear": ("family", 3),
    "three_generations": ("family", 3),
    "couple": ("family", 2),
    "single_parent": ("single", 4),
}
_KIN = {"10": ("妻子", "丈夫"), "20": ("儿子",) * 2, "30": ("女儿",) * 2, "51": ("父亲",) * 2, "52": ("母亲",) * 2}


@dataclass(slots=True)
class Scene:
    """What the grammar knows about one visit."""

    household: Household
    day: date
    mode: str
    result: str
    first: bool
    worker: str
    present: list[tuple[Person, str]]  # members of the day with their relation
    met: list[Person]
    codes: dict[int, list[str]]  # by person


@dataclass(slots=True)
class Text:
    """A narrative with what follows from its clauses."""

    narrative: str
    topics: list[str] = field(default_factory=list)
    needs: list[str] = field(default_factory=list)
    next: str = "none"


def _grade_of_school(born: date, day: date) -> str:
    entered = born.year + 6 + (1 if born.month > 8 else 0)
    year = day.year - entered + (1 if day.month >= 9 else 0)
    if 1 <= year <= 6:
        return f"小学{'一二三四五六'[year - 1]}年级"
    if 7 <= year <= 9:
        return f"初{'一二三'[year - 7]}"
    if 10 <= year <= 12:
        return f"高{'一二三'[year - 10]}"
    return "学前班" if year < 1 else "中专"


class _Cast:
    """Who is called what: the first mention by surname, later ones in general words."""

    def __init__(self, scene: Scene, rng: Random) -> None:
        self._scene, self._rng = scene, rng
        day = scene.day
        ranked = sorted(scene.met, key=lambda p: (-self._weight(p), p.key))
        self.main = ranked[0] if ranked else scene.present[0][0]
        self.elder = next((p for p in ranked if age_on(p.born_on, day) >= 60), None)
        self.adult = next((p for p in ranked if 18 <= age_on(p.born_on, day) < 60), None)
        sick = [p for p, _ in scene.present if p.disability or {"mental", "disabled"} & set(scene.codes.get(p.key, ()))]
        self.patient = sick[0] if sick else None
        self.children = [p for p, _ in scene.present if age_on(p.born_on, day) < 18]
        pupils = [p for p in self.children if age_on(p.born_on, day) >= 6]
        self.pupil = pupils[0] if pupils else None
        self._named: set[int] = set()
        self.kin = self._kin_words()
        self.traits = self._traits()

    def _kin_words(self) -> tuple[str, ...]:
        """Which relatives the family may have: those without children speak of nephews."""
        carried = {code for codes in self._scene.codes.values() for code in codes}
        if {"tekun_rural", "tekun_urban"} & carried:
            return WORDS["kin_far"]
        head, day = self._scene.present[0][0], self._scene.day
        old = self.elder if self._scene.met else age_on(head.born_on, day) >= 60
        return WORDS["kin" if old else "kin_adult"]

    def _traits(self) -> set[str]:
        """What clauses may ask of the scene; see fitting.TRAITS."""
        scene, day = self._scene, self._scene.day
        relations = {relation for _, relation in scene.present}
        youngest = min((age_on(p.born_on, day) for p in self.children), default=99)
        kind = self.patient.disability[:1] if self.patient else ""
        carried = {code for codes in scene.codes.values() for code in codes}
        told = {
            "childless": bool({"tekun_rural", "tekun_urban", "lost_child_family"} & carried),
            "bedridden": bool({"frail_elder", "disabled_severe"} & carried),
            "old": min(age_on(p.born_on, day) for p, _ in scene.present) >= 58,
            "spouse": "10" in relations,
            "three": "10" in relations and bool({"51", "52"} & relations),
            "children": bool(self.children),
            "pupil": self.pupil is not None,
            "baby": youngest < 3,
            "small": youngest == 3,
            "adult": self.adult is not None and self.adult is not self.patient,
            "woman": self.adult is not None and self.adult.sex == "2",
            "elder": self.elder is not None,
            "grandma": self.elder is not None and self.elder.sex == "2",
            "grandpa": self.elder is not None and self.elder.sex == "1",
            "patient": self.patient is not None,
            "wheel": kind in ("4", "7"),
            "d4": kind in ("4", "7"),
            f"d{kind or 0}": True,
            "again": not scene.first,
            "alone": len(scene.present) == 1,
            "fishing": 5 <= day.month <= 8,
            "june": day.month in (5, 6),
            "january": day.month in (1, 2),
            "epidemic": in_epidemic(day),
            "rent": scene.household.housing == "rent",
            "public": scene.household.housing == "public",
            f"cause{scene.household.key % 3}": True,
            scene.mode: True,
        }
        return {name for name, holds in told.items() if holds}

    def suits(self, clause: str) -> bool:
        """Whether a clause asks nothing that the scene lacks."""
        return all(
            (name[1:] not in self.traits) if name[0] == "!" else name in self.traits for name in TRAITS.get(clause, ())
        )

    def _weight(self, one: Person) -> float:
        age = age_on(one.born_on, self._scene.day)
        weight = len(self._scene.codes.get(one.key, ())) + (2 if age >= 60 else 1.2 if age >= 18 else 0)
        return weight + (1.5 if one.disability and age >= 16 else 0)

    def call(self, one: Person) -> str:
        """How the text calls somebody."""
        rng, age = self._rng, age_on(one.born_on, self._scene.day)
        surname = one.name[:2] if one.name.startswith("欧阳") else one.name[0]
        again = one.key in self._named
        self._named.add(one.key)
        if age < 18:
            return "孩子" if again or rng.random() < 0.7 else "小朋友" if age < 10 else f"{surname}同学"
        if age >= 60:
            if again:
                return rng.choice(("老人", "老人家"))
            return (
                rng.choice((f"{surname}婆婆", "阿婆", "老人", f"{surname}奶奶", "案主", "老人家"))
                if one.sex == "2"
                else rng.choice((f"{surname}伯", "阿公", "老人", f"{surname}爷爷", "案主", "老人家"))
            )
        if again:
            return "其本人" if rng.random() < 0.3 else "案主"
        if one.sex == "2":
            return rng.choice((f"{surname}姐", f"{surname}姨", "案主", f"{surname}大姐"))
        return rng.choice((f"{surname}叔", f"{surname}哥", "案主", f"{surname}大哥"))

    def kinship(self, one: Person) -> str:
        """What somebody is to the main person, in a word."""
        head = self._scene.present[0]
        relation = next((r for p, r in self._scene.present if p.key == one.key), "")
        if head[0].key == self.main.key and relation in _KIN:
            return _KIN[relation][0 if one.sex == "2" else 1]
        return "家中患者"


class Writer:
    """Writes narratives in order of time; remembers what was written nearby."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._texts: set[str] = set()
        self._near: dict[int, deque[str]] = {}
        self._station: dict[str, deque[str]] = {}
        self._habits: dict[str, tuple[int, str, float]] = {}

    def write(self, scene: Scene) -> Text:
        """Compose one narrative that nobody has written yet."""
        for attempt in range(30):
            text, used = self._met(scene, attempt) if scene.result == "met" else self._unmet(scene, attempt)
            if text.narrative not in self._texts and MIN_LENGTH <= len(text.narrative) <= MAX_LENGTH:
                break
        else:  # pragma: no cover - the grammar is far larger than the city
            raise RuntimeError("the narratives ran out of words")
        self._texts.add(text.narrative)
        self._remember(scene, used)
        return text

    def _remember(self, scene: Scene, used: list[str]) -> None:
        self._near.setdefault(scene.household.key, deque(maxlen=24)).extend(used)
        self._station.setdefault(scene.household.station, deque(maxlen=45)).extend(used)

    def _banned(self, scene: Scene) -> set[str]:
        key, banned = scene.household.key, set(self._station.get(scene.household.station, ()))
        for other in (key - 2, key - 1, key, key + 1, key + 2):
            banned.update(self._near.get(other, ()))
        return banned

    def _habit(self, worker: str) -> tuple[int, str, float]:
        """A worker's habit: how many clauses, which mark between them, how often a last line."""
        if worker not in self._habits:
            rng = self._rng
            self._habits[worker] = (
                rng.choice((1, 2, 2, 3, 3, 4, 5, 7)),
                rng.choice(("。", "。", "。", ";", ";", ",")),
                rng.uniform(0.15, 0.6),
            )
        return self._habits[worker]

    def _pick(self, clauses: tuple[str, ...], banned: set[str], cast: _Cast) -> str:
        """A clause that suits the scene, if possible one that nobody near has read; may be empty."""
        rng = self._rng
        for _ in range(7):
            clause = rng.choice(clauses)
            if clause not in banned and cast.suits(clause):
                return clause
        fitting = [c for c in clauses if cast.suits(c)]
        return rng.choice([c for c in fitting if c not in banned] or fitting or [""])

    def _fill(self, clause: str, who: str, pupil: str, kin: tuple[str, ...] = WORDS["kin_far"]) -> str:
        rng = self._rng
        drawn: dict[str, str] = {}

        def word(match: re.Match[str]) -> str:
            name = match[1]
            if name == "S":
                return who
            if name == "grade":
                return pupil
            if name not in drawn:
                drawn[name] = rng.choice(kin if name == "kin" else WORDS[name])
            return drawn[name]

        return _BLANK.sub(word, clause)

    def _pools(self, scene: Scene, cast: _Cast) -> dict[str, float]:
        """The pools that fit the family on the day, with their weights."""
        home = scene.household
        found: dict[str, float] = {}

        def offer(pool: str, weight: float) -> None:
            found[pool] = max(found.get(pool, 0), weight)

        for code in {code: None for codes in scene.codes.values() for code in codes}:
            if code in _CODE_POOLS:
                offer(*_CODE_POOLS[code])
        if cast.elder:
            offer("elder_body", 4)
            offer("elder_mood", 2)
            if home.kind == "elder_alone" and len(scene.present) == 1:
                offer("elder_alone", 5)
        if home.kind in _KIND_POOLS and len(scene.present) > 1:
            pool, weight = _KIND_POOLS[home.kind]
            if pool != "single" or cast.adult:
                offer(pool, weight)
        if scene.mode == "home":
            offer(*_HOUSE_POOLS[home.housing])
        offer("policy", 1)
        self._ages_and_season(scene, cast, offer)
        return found

    def _ages_and_season(self, scene: Scene, cast: _Cast, give: Callable[[str, float], None]) -> None:
        day = scene.day
        if cast.pupil and day.month not in (7, 8):
            give("child_study", 2.4)
        if any(age_on(p.born_on, day) < 6 for p in cast.children):
            give("child_small", 2)
        if cast.adult and cast.adult is not cast.patient:
            give("adult", 2)
        if in_epidemic(day):
            give("epi_talk", 14)
        if day.month in (12, 1) and cast.elder and scene.mode == "home":
            give("cold", 2.5)
        if day.month in (7, 8) and scene.mode == "home" and cast.elder:
            give("hot", 2)
        if (day.year, day.month) in ((2017, 9), (2018, 9), (2019, 8)) and scene.mode == "home":
            give("typhoon", 1.5)
        if (day.month, day.day // 10) in ((1, 1), (9, 2), (6, 0)) and scene.mode == "home":
            give("festival", 1.2)
        if day.month in (2, 8, 9) and cast.pupil and not in_epidemic(day):
            give("term", 2)

    def _opening(self, scene: Scene) -> str | None:
        if scene.mode != "home":
            often = 0.75 if scene.mode in ("phone", "wechat") else 1.0
            return scene.mode if self._rng.random() < often else None
        if scene.first:
            return "first" if self._rng.random() < 0.42 else None
        return "again" if self._rng.random() < 0.5 else None

    def _chosen(self, scene: Scene, cast: _Cast, count: int) -> list[str]:
        rng, pools = self._rng, self._pools(scene, cast)
        chosen: list[str] = []
        while pools and len(chosen) < count:
            names = list(pools)
            name = rng.choices(names, weights=list(pools.values()))[0]
            chosen.append(name)
            del pools[name]
            if name in ("frail", "severe"):  # bedridden people are not told to keep fit
                pools.pop("elder_body", None)
        return chosen

    def _line(self, pool: str, clause: str, cast: _Cast, pupil: str) -> str:
        """A clause filled, its subject being whom the pool is about."""
        who, prefix = cast.main, ""
        if pool in _ELDER_POOLS and cast.elder:
            who = cast.elder
        elif pool in _ADULT_POOLS and cast.adult:
            who = cast.adult
        elif pool in _PATIENT_POOLS and cast.patient:
            who = cast.patient
            if who is not cast.main:
                word = cast.kinship(who)
                if "{S}" not in clause and not clause.startswith(_OTHERS_FIRST):
                    prefix = word
                return prefix + self._fill(clause, word, pupil, cast.kin)
        elif pool in _TALK_POOLS:
            who = cast.elder if cast.elder is cast.main else cast.adult or cast.elder or cast.main
        return self._fill(clause, cast.call(who) if "{S}" in clause else "", pupil, cast.kin)

    def _met(self, scene: Scene, attempt: int) -> tuple[Text, list[str]]:
        rng = self._rng
        cast, banned = _Cast(scene, rng), self._banned(scene)
        usual, mark, lasting = self._habit(scene.worker)
        count = max(1, usual + rng.choice((-1, -1, 0, 0, 1)) - (scene.mode == "chance") + attempt // 8)
        if scene.household.file and scene.first:
            count += rng.choice((1, 2, 3))
        pools = self._chosen(scene, cast, count)
        opening = self._opening(scene)
        if opening:
            pools.insert(0, opening)
        pupil = _grade_of_school(cast.pupil.born_on, scene.day) if cast.pupil else ""
        lines, used, topics, needs = [], [], [], []
        for pool in pools:
            clause = self._pick(POOLS[pool][2], banned, cast)
            if not clause:
                continue
            used.append(clause)
            lines.append(self._line(pool, clause, cast, pupil))
            topic, need, _ = POOLS[pool]
            topics.append(topic)
            if need and pool != "again" and rng.random() < 0.45:
                needs.append(need)
        step = self._step(scene, needs)
        if rng.random() < (lasting if step == "none" else 0.85):
            clause = self._pick(ACTIONS[step], banned, cast)
            used.append(clause)
            lines.append(self._fill(clause, "", pupil, cast.kin))
        text = mark.join(lines)
        if len(text) < MIN_LENGTH:
            lines.append(self._fill(self._pick(ACTIONS["none"], banned, cast), "", pupil))
            text = mark.join(lines)
        if mark == "。" or len(lines) > 2:
            text += "。"
        return Text(text, list(dict.fromkeys(topics)), list(dict.fromkeys(needs)), step), used

    def _step(self, scene: Scene, needs: list[str]) -> str:
        dice = self._rng.random()
        if dice < (0.5 if needs else 0.72):
            return "none"
        if dice < 0.82:
            return "next_visit"
        if dice < 0.91:
            return "apply" if "money" in needs or not needs else "next_visit"
        if dice < 0.96:
            return "referral"
        return "case" if needs and dice < 0.985 else "next_visit" if dice < 0.99 else "report"

    def _unmet(self, scene: Scene, attempt: int) -> tuple[Text, list[str]]:
        rng = self._rng
        cast, banned = _Cast(scene, rng), self._banned(scene)
        clause = self._pick(UNMET[scene.result], banned, cast)
        text, used = self._fill(clause, cast.call(cast.main), "", cast.kin), [clause]
        step = "next_visit" if scene.result in ("nobody_home", "hospital") and rng.random() < 0.7 else "none"
        if rng.random() < 0.4 or attempt or len(text) < MIN_LENGTH:
            tails = UNMET_TAILS["nobody_home" if scene.result == "nobody_home" else "other"]
            clause = self._pick(tails, banned, cast)
            used.append(clause)
            text += "," + self._fill(clause, "", "", cast.kin)
        return Text(text, [], [], step), used
