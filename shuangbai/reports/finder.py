"""Finding a figure or rate by what somebody types: its code, its name, initials or sounds, words of its definition."""

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from shuangbai.core.pinyin import initials, syllables
from shuangbai.reports.indicators import BY_CODE, INDICATORS, RATES, Rate
from shuangbai.reports.queries import Indicator

Sought = Indicator | Rate

EVERYTHING: Sequence[Sought] = (*INDICATORS, *RATES)
SOUGHT: dict[str, Sought] = {**BY_CODE, **{rate.code: rate for rate in RATES}}


def unit_of(what: Sought) -> str:
    """The unit that is printed beside the number; a rate is per cent."""
    return "%" if isinstance(what, Rate) else what.unit


def find(typed: str, most: int = len(EVERYTHING)) -> list[Sought]:
    """What answers to every word typed, the closest first: by code, name, letters of the name, then definition."""
    words = _plain(typed).split()
    if not words:
        return []
    ranked = []
    for place, what in enumerate(EVERYTHING):
        ranks = [_rank(what.code, word) for word in words]
        if None not in ranks:
            ranked.append((max(rank for rank in ranks if rank is not None), place, what))
    return [what for _, _, what in sorted(ranked, key=lambda one: one[:2])][:most]


def exactly(typed: str) -> Sought | None:
    """The one that is meant beyond doubt: its code or its whole name, or the only one that answers."""
    plain, found = _plain(typed).strip(), find(typed)
    for what in found:
        if plain in (what.code.lower(), _plain(what.name)):
            return what
    return found[0] if len(found) == 1 else None


def _plain(text: str) -> str:
    """Letters of one width and case."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, str, str, str]]:
    """For each code: its name, its initials, its sounds and its definition, all plain."""
    return {
        what.code: (
            _plain(what.name), initials(what.name), "".join(syllables(what.name)), _plain(what.definition),
        )
        for what in EVERYTHING
    }  # fmt: skip


def _in_order(word: str, text: str) -> bool:
    """Whether a word's characters stand in a text in order, with others between: 走访人数 in 走访服务人数."""
    rest = iter(text)
    return all(character in rest for character in word)


def _rank(code: str, word: str) -> int | None:
    """How close a word comes to one of them, 0 the closest; None where it does not answer."""
    name, letters, sounds, definition = _words()[code]
    tests: list[Callable[[], bool]] = [
        lambda: word == code.lower(),
        lambda: code.lower().startswith(word),
        lambda: name.startswith(word),
        lambda: word in name,
        lambda: letters.startswith(word),
        lambda: sounds.startswith(word),
        lambda: len(word) > 1 and (word in letters or word in sounds),
        lambda: len(word) > 1 and _in_order(word, name),
        lambda: len(word) > 2 and _in_order(word, letters),
        lambda: word in definition,
    ]
    return next((rank for rank, holds in enumerate(tests) if holds()), None)
