"""What is known of the people and places of a story, and what a check finds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import TextChoices


class Kind(TextChoices):
    """What a finding is about, the most telling first: where two overlap, the first stays."""

    NUMBER = "number", "号码"
    ADDRESS = "address", "住址"
    PERSON = "person", "姓名、称呼"
    UNIT = "unit", "学校、医院、单位"
    PLACE = "place", "地名"
    DAY = "day", "日期"
    RARE = "rare", "少见的事"
    AMOUNT = "amount", "金额"
    AGE = "age", "年龄"


class Part(TextChoices):
    """Who somebody is in the story."""

    CLIENT = "client", "服务对象"
    MEMBER = "member", "家人"
    RELATIVE = "relative", "亲属"
    WORKER = "worker", "社工"
    VOLUNTEER = "volunteer", "志愿者"
    OTHER = "other", "本站的其他人"


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of whom the station knows. `label`: what they are called in the story; `OTHER` only by full name."""

    key: str
    name: str
    part: Part
    label: str = ""
    nicknames: tuple[str, ...] = ()
    female: bool | None = None
    elder: bool | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place by its official name, and what takes its place."""

    name: str
    label: str
    kind: Kind = Kind.PLACE


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the station knows that a text may tell. `values`: exact values by the kind of what they are."""

    people: Sequence[Known] = ()
    places: Sequence[Place] = ()
    values: Mapping[str, Kind] = field(default_factory=dict)
    starts_on: date | None = None  # the first day of the work: days are told as weeks from it


@dataclass(frozen=True, slots=True)
class Spot:
    """A place of the text that could tell who somebody is.

    `subject` is what is meant, the same for each spelling of it; `proposal` takes its place. `sure`: it is replaced
    in a draft without asking. `start` and `end` count characters of the text as it was given.
    """

    start: int
    end: int
    text: str
    kind: Kind
    subject: str
    why: str
    proposal: str
    sure: bool = True


def untangled(spots: Iterable[Spot]) -> list[Spot]:
    """Of spots that overlap the surer, then the more telling, then the longer stays; in the order of the text.

    A rare fact that a name is part of stays where the name is not: it would tell as much without.
    """
    order = {kind: place for place, kind in enumerate(Kind)}
    ranked = sorted(spots, key=lambda s: (_rank(s), order[s.kind], s.start - s.end, s.start))
    taken = bytearray(max((spot.end for spot in ranked), default=0))
    kept = []
    for whole in ranked:
        spot = whole if not any(taken[whole.start : whole.end]) else _beside(whole, taken)
        if spot and spot.end > spot.start:
            taken[spot.start : spot.end] = b"\1" * (spot.end - spot.start)
            kept.append(spot)
    return sorted(kept, key=lambda spot: spot.start)


def _rank(spot: Spot) -> int:
    """What looks like a name comes after a place or body that it may be part of: 和平幼儿园."""
    if spot.subject.startswith("name:"):
        return 2
    if spot.kind == Kind.PERSON and not spot.subject.startswith("title:"):
        return 0 if spot.sure else 1  # 曾秀瑛: somebody known, mistyped, rather than a stranger
    return 0 if spot.sure else 1 if spot.kind in {Kind.UNIT, Kind.PLACE, Kind.ADDRESS} else 3


def _beside(spot: Spot, taken: bytearray) -> Spot | None:
    """The longest stretch that is left of a rare fact, if it is enough to tell."""
    if spot.kind != Kind.RARE:
        return None
    first = longest = place = 0
    while place < len(spot.text):
        begins = place
        while place < len(spot.text) and not taken[spot.start + place]:
            place += 1
        if place - begins > longest:
            first, longest = begins, place - begins
        place += 1
    if longest < 4:
        return None
    start = spot.start + first
    return replace(spot, start=start, end=start + longest, text=spot.text[first : first + longest])
