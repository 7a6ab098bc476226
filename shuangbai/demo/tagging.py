"""Categories of the demonstration city's people and households, dated.

Whoever fits a category by the household's structure gets it with some probability;
poverty is a matter of the household. Nothing here is counted to a target.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from shuangbai.demo.people import Population, birthday, members_on
from shuangbai.demo.places import is_rural
from shuangbai.demo.shapes import FIRST_DAY, LAST_WORK_DAY, Household, Person, Tag
from shuangbai.households.rules import age_on

CATEGORIES_FILE = Path(__file__).resolve().parent.parent / "households" / "data" / "categories.json"


@lru_cache(maxsize=1)
def categories() -> dict[str, dict[str, Any]]:
    """The category table by code."""
    rows = json.loads(CATEGORIES_FILE.read_text(encoding="utf-8"))
    return {row["code"]: row for row in rows}


@dataclass(slots=True)
class _Tagger:
    pop: Population
    rng: Random
    tags: list[Tag]

    def person(self, one: Person, code: str, home: Household, source: str = "") -> None:
        """Give a person a category within the ages that it allows and the person's life."""
        rng, table = self.rng, categories()[code]
        source = source or ("roster" if table["statutory"] else "found")
        start = home.known_on - timedelta(days=rng.randrange(30, 1500))
        if source == "found" and rng.random() < 0.6:
            start = home.known_on
        start = max(start, one.born_on)
        if table["min_age"]:
            start = max(start, birthday(one.born_on, table["min_age"]))
        end, reason = None, ""
        if table["max_age"]:
            last = birthday(one.born_on, table["max_age"] + 1) - timedelta(days=1)
            if last < start:
                return
            if last <= LAST_WORK_DAY:
                end, reason = last, "age"
        if code == "linshi":
            start = home.known_on + timedelta(days=rng.randrange(-40, 60))
            end, reason = start + timedelta(days=rng.randrange(60, 200)), "over"
        elif end is None and rng.random() < 0.02:
            day = home.known_on + timedelta(days=rng.randrange(60, 500))
            if start < day <= LAST_WORK_DAY:
                end, reason = day, "withdrawn"
        if one.died_on and (end is None or end > one.died_on):
            end, reason = one.died_on, "died"
        if start <= LAST_WORK_DAY and (end is None or end >= start):
            self.tags.append(Tag(code, start, end, one.key, None, source, reason))

    def household(self, home: Household, code: str) -> None:
        """Give a household a category."""
        rng = self.rng
        start = home.known_on - timedelta(days=rng.randrange(100, 2400))
        end, reason = None, ""
        if code == "jiandang":
            start = date(2016, rng.randrange(1, 9), 1)
            end = rng.choice((date(2018, 12, 31), date(2019, 12, 31), date(2020, 12, 31), date(2020, 12, 31)))
            reason = "over" if end <= LAST_WORK_DAY else ""
        elif rng.random() < 0.18:  # newly approved, often with the station's help
            start = (home.known_on + timedelta(days=rng.randrange(0, 150))).replace(day=1)
        if code != "jiandang" and rng.random() < 0.07:
            day = home.known_on + timedelta(days=rng.randrange(30, 600))
            if FIRST_DAY < day <= LAST_WORK_DAY and day > start:
                end, reason = day, "withdrawn"
        if home.last_day and (end is None or end > home.last_day):
            end, reason = home.last_day, "died"
        if start <= LAST_WORK_DAY and (end is None or end >= start):
            self.tags.append(Tag(code, start, end, None, home.key, "roster", reason))

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def disabled(self, one: Person, home: Household, severe: float = 0.35) -> None:
        """A disability certificate, severe ones also in their own category."""
        rng = self.rng
        kind = rng.choices("1234567", weights=(12, 10, 3, 45, 14, 12, 4))[0]
        hard = self.chance(severe)
        one.disability = kind + (rng.choice("12") if hard else rng.choice("34"))
        self.person(one, "disabled", home)
        if hard:
            self.person(one, "disabled_severe", home)
        if kind == "6" and self.chance(0.8):
            self.person(one, "mental", home)


def tag_people(pop: Population, rng: Random) -> list[Tag]:
    """Make the tags of all households; also marks disabilities on people."""
    tagger = _Tagger(pop, rng, [])
    for home in pop.households:
        people = [pop.people[m.person] for m in home.members if m.primary]
        unique = list({one.key: one for one in people}.values())
        _poverty(tagger, home)
        _STRUCTURE_RULES[home.kind](tagger, home, unique)
        _anybody(tagger, home, unique)
    return tagger.tags


_POOR = {
    "elder_alone": 0.34,
    "elder_couple": 0.27,
    "grandparents": 0.38,
    "single_parent": 0.56,
    "nuclear": 0.16,
    "three_generations": 0.21,
    "alone": 0.4,
    "couple": 0.13,
    "disabled_child": 0.69,
    "elder_and_son": 0.38,
}


def _poverty(tagger: _Tagger, home: Household) -> None:
    rural = is_rural(home.village)
    if not tagger.chance(_POOR[home.kind]):
        return
    dice = tagger.rng.random()
    if dice < 0.2 and home.kind in ("elder_alone", "alone"):
        tagger.household(home, "tekun_rural" if rural else "tekun_urban")
    elif dice < 0.62:
        tagger.household(home, "dibao_rural" if rural else "dibao_urban")
    elif dice < 0.76:
        tagger.household(home, "dibian")
    if rural and tagger.chance(0.32):
        tagger.household(home, "jiandang")


def _elder_alone(t: _Tagger, home: Household, people: list[Person]) -> None:
    elder = people[0]
    if t.chance(0.76):
        t.person(elder, "alone_elder", home)
    if t.chance(0.08):
        t.person(elder, "frail_elder", home)
    if t.chance(0.04):
        t.person(elder, "tekun_rural" if is_rural(home.village) else "tekun_urban", home)


def _elder_couple(t: _Tagger, home: Household, people: list[Person]) -> None:
    dice = t.rng.random()
    code = "empty_elder" if dice < 0.32 else "left_elder" if dice < 0.42 else ""
    lost = t.chance(0.02)
    for elder in people:
        if code:
            t.person(elder, code, home)
        if lost:
            t.person(elder, "lost_child_family", home)
        if t.chance(0.06):
            t.person(elder, "frail_elder", home)


def _grandparents(t: _Tagger, home: Household, people: list[Person]) -> None:
    dice = t.rng.random()
    code = "orphan" if dice < 0.03 else "no_care_child" if dice < 0.1 else "left_child" if dice < 0.6 else ""
    for one in people:
        if age_on(one.born_on, home.known_on) < 18:
            if code:
                t.person(one, code, home, "found" if code == "left_child" else "")
            if code == "no_care_child" or t.chance(0.03):
                t.person(one, "hard_child", home)
        elif code == "left_child" and t.chance(0.22):
            t.person(one, "left_elder", home)


def _single_parent(t: _Tagger, home: Household, people: list[Person]) -> None:
    parent = people[0]
    if parent.sex == "2" and t.chance(0.28):
        t.person(parent, "single_mother", home)
    hard, nobody = t.chance(0.2), t.chance(0.06)
    for child in people[1:]:
        if hard:
            t.person(child, "hard_child", home)
        if nobody:
            t.person(child, "no_care_child", home)
        if age_on(child.born_on, home.known_on) >= 12 and t.chance(0.08):
            t.person(child, "at_risk_youth", home)


def _nuclear(t: _Tagger, home: Household, people: list[Person]) -> None:
    if t.chance(0.05):
        t.disabled(t.rng.choice(people), home)
    if t.chance(0.045):
        t.person(people[0], "floating", home)
    for one in people[1:]:
        age = age_on(one.born_on, home.known_on)
        if one.sex == "2" and age >= 24 and is_rural(home.village) and t.chance(0.04):
            t.person(one, "left_woman", home)
        elif 12 <= age < 20 and t.chance(0.03):
            t.person(one, "at_risk_youth", home)


def _three_generations(t: _Tagger, home: Household, people: list[Person]) -> None:
    for one in people:
        if age_on(one.born_on, home.known_on) >= 66 and t.chance(0.07):
            t.person(one, "frail_elder", home)
    if t.chance(0.06):
        t.disabled(t.rng.choice(people), home)


def _alone(t: _Tagger, home: Household, people: list[Person]) -> None:
    dice = t.rng.random()
    if dice < 0.3:
        t.disabled(people[0], home)
    elif dice < 0.38:
        t.person(people[0], "mental", home, "roster")
    elif dice < 0.44:
        t.person(people[0], "correction", home)
    elif dice < 0.56:
        t.person(people[0], "fringe", home)


def _couple(t: _Tagger, home: Household, people: list[Person]) -> None:
    if t.chance(0.1):
        t.disabled(t.rng.choice(people), home)
    if t.chance(0.04):
        t.person(people[0], "floating", home)


def _disabled_child(t: _Tagger, home: Household, people: list[Person]) -> None:
    if t.chance(0.92):
        t.disabled(people[-1], home, severe=0.5)
    if t.chance(0.06):
        t.disabled(people[0], home)


def _elder_and_son(t: _Tagger, home: Household, people: list[Person]) -> None:
    if t.chance(0.22):
        t.disabled(people[-1], home)
    if t.chance(0.14):
        t.person(people[0], "frail_elder", home)


_STRUCTURE_RULES = {
    "elder_alone": _elder_alone,
    "elder_couple": _elder_couple,
    "grandparents": _grandparents,
    "single_parent": _single_parent,
    "nuclear": _nuclear,
    "three_generations": _three_generations,
    "alone": _alone,
    "couple": _couple,
    "disabled_child": _disabled_child,
    "elder_and_son": _elder_and_son,
}


def _anybody(t: _Tagger, home: Household, people: list[Person]) -> None:
    """Categories that do not hang on the structure."""
    for one in people:
        age = age_on(one.born_on, LAST_WORK_DAY)
        if age >= 80 and t.chance(0.62):
            t.person(one, "aged", home)
        if one.sex == "1" and age >= 58 and t.chance(0.022):
            t.person(one, "veteran", home)
        if not one.disability and age >= 60 and t.chance(0.025):
            t.disabled(one, home)
    if t.chance(0.016):
        t.person(people[0], "linshi", home, "self")
    if t.chance(0.006):
        t.person(people[0], "fringe", home)


class Carried:
    """Which categories a person carries on a day, from the tags and the memberships."""

    def __init__(self, pop: Population, tags: list[Tag]) -> None:
        self._own: dict[int, list[Tag]] = {}
        self._home: dict[int, list[Tag]] = {}
        self._homes: dict[int, list[int]] = {}
        self._households = pop.households
        for tag in tags:
            if tag.person is not None:
                self._own.setdefault(tag.person, []).append(tag)
            elif tag.household is not None:
                self._home.setdefault(tag.household, []).append(tag)
        for home in pop.households:
            for member in home.members:
                homes = self._homes.setdefault(member.person, [])
                if home.key not in homes:
                    homes.append(home.key)
        self._civil = {code for code, row in categories().items() if row["civil"]}

    def codes(self, person: int, day: date) -> list[str]:
        """Codes of the categories that a person carries on a day, own ones first."""
        found = [
            tag.category
            for tag in self._own.get(person, ())
            if tag.starts_on <= day and (tag.ends_on is None or day <= tag.ends_on)
        ]
        for key in self._homes[person]:
            if key in self._home and any(m.person == person for m in members_on(self._households[key], day)):
                found += [
                    tag.category
                    for tag in self._home[key]
                    if tag.starts_on <= day and (tag.ends_on is None or day <= tag.ends_on)
                ]
        return found

    def civil(self, person: int, day: date) -> bool:
        """Whether a person carries a category of the list 民政对象 on a day."""
        return any(code in self._civil for code in self.codes(person, day))

    def has_any(self, home: Household) -> bool:
        """Whether the household or one of its members ever has a tag."""
        return home.key in self._home or any(m.person in self._own for m in home.members)
