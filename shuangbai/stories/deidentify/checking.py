"""What in a text could tell who somebody is; and the text without it, the same words for the same thing throughout."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from shuangbai.stories.deidentify.days import days
from shuangbai.stories.deidentify.numbers import numbers
from shuangbai.stories.deidentify.parts import Kind, Spot, Surroundings, untangled
from shuangbai.stories.deidentify.people import known_people
from shuangbai.stories.deidentify.places import places
from shuangbai.stories.deidentify.rare import rare
from shuangbai.stories.deidentify.reading import Read, read, tightened
from shuangbai.stories.deidentify.sizes import ages, amounts
from shuangbai.stories.deidentify.strangers import strangers

_LETTERS = "甲乙丙丁戊己庚辛壬癸"


def check(text: str, around: Surroundings, words: Mapping[str, str] | None = None) -> list[Spot]:
    """All that could tell who somebody is, in the order of the text; `words`: what takes the place of each subject.

    What a draft says instead, 某人 or 案主, is itself no finding.
    """
    said = words or {}
    seen = read(text)
    found = [spot for look in _LOOKS for spot in look(seen, around)]
    kept = untangled(_values(seen, around, found))
    return [
        replace(one, proposal=said.get(one.subject, one.proposal)) for one in kept if not _is_said(one, said, around)
    ]


def _is_said(spot: Spot, said: Mapping[str, str], around: Surroundings) -> bool:
    """Whether the spot is a word that was put there instead of something."""
    return spot.text in _put(tuple(said.values()), tuple(one.label for one in around.people))


def _put(words: tuple[str, ...], labels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for word in (*words, *labels) if word)


def _values(seen: Read, around: Surroundings, found: Iterable[Spot]) -> Iterable[Spot]:
    """What was found, and the exact values that the station keeps of these people: a school, an address."""
    yield from found
    for value, kind in around.values.items():
        wanted = tightened(value)
        start = -1
        while len(wanted) >= 3 and (start := seen.tight.find(wanted, start + 1)) >= 0:
            first, after = seen.span(start, start + len(wanted))
            label = {Kind.UNIT: "某单位", Kind.ADDRESS: "某处", Kind.NUMBER: "（号码略）"}.get(kind, "某")
            yield Spot(first, after, seen.given[first:after], kind, f"value:{wanted}", "档案里登记的内容", label)


_LOOKS = (
    numbers,
    known_people,
    lambda seen, around: strangers(seen),
    places,
    days,
    lambda seen, around: rare(seen),
    lambda seen, around: amounts(seen),
    lambda seen, around: ages(seen),
)


def replaced(text: str, spots: Iterable[Spot], *, kept: Collection[str] = (), only_sure: bool = False) -> str:
    """The text with each spot's proposal in its place; subjects in `kept` stay as they are."""
    parts, latest = [], 0
    for spot in sorted(spots, key=lambda spot: spot.start):
        if spot.subject in kept or (only_sure and not spot.sure):
            continue
        before = _without_twice(text[latest : spot.start], spot)
        parts.append(before)
        if spot.kind != Kind.PERSON or not before.endswith(spot.proposal):  # 社工林晓婷: 社工, and not 社工社工
            parts.append(spot.proposal)
        latest = spot.end
    return "".join([*parts, text[latest:]])


def _without_twice(before: str, spot: Spot) -> str:
    """父亲陈大文: 案主父亲, and not 父亲案主父亲."""
    kin = spot.proposal.removeprefix("案主")
    twice = spot.kind == Kind.PERSON and len(kin) > 1 and kin != spot.proposal and before.endswith(kin)
    return before[: -len(kin)] if twice else before


def named(texts: Iterable[str], around: Surroundings, words: Mapping[str, str] | None = None) -> dict[str, str]:
    """What takes the place of each subject of these texts: as `words` say, and strangers told apart by letters."""
    said, strange = dict(words or {}), 0
    taken = set(said.values())
    for text in texts:
        for spot in check(text, around):
            if spot.subject in said:
                continue
            word = spot.proposal
            if spot.subject.startswith("name:"):
                while f"某{_letter(strange)}" in taken:
                    strange += 1
                word = f"某{_letter(strange)}"
                taken.add(word)
            said[spot.subject] = word
    return said


def _letter(number: int) -> str:
    return _LETTERS[number] if number < len(_LETTERS) else str(number + 1)


def renamed(text: str, changes: Mapping[str, str]) -> str:
    """The text with words that were put there changed to others, all at once, the longest first."""
    import re

    if not changes:
        return text
    pattern = re.compile("|".join(map(re.escape, sorted(changes, key=len, reverse=True))))
    return pattern.sub(lambda found: changes[found[0]], text)
