"""What rooms above show on a station's page, told where the network may ask; it does not know what it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from shuangbai.network.models import OrgUnit


@dataclass(frozen=True, slots=True)
class Row:
    """A line: its words, where they lead ('' nowhere), and what is said below."""

    title: str
    url: str = ""
    beside: Sequence[str] = ()
    tag: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page. `more`: a link at its head as (words, address)."""

    heading: str
    rows: Sequence[Row]
    empty: str
    more: tuple[str, str] = ("", "")


Part = Callable[[Any, OrgUnit], Section | None]
PARTS: dict[str, Part] = {}


def register(room: str, part: Part) -> None:
    """Called once by a room's AppConfig. A second part of a room takes the place of the first."""
    PARTS[room] = part


def sections_of(user: Any, station: OrgUnit) -> list[Section]:
    return [section for part in PARTS.values() if (section := part(user, station))]
