"""The rooms of casework, help, and work with many people together: their lines of the tables, and what is sent."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING, Any

from tests.sweep import (
    campaigns,
    cases,
    counter,
    events,
    groups,
    helping,
    papers,
    pictures,
    projects,
    stories,
    surveys,
    volunteers,
)

if TYPE_CHECKING:
    from shuangbai.network.models import OrgUnit, User

# In this order each finds at a place what those before it have made.
SQUARE: list[ModuleType] = [pictures, events, projects, surveys, counter, campaigns]
ROOMS: list[ModuleType] = [cases, papers, stories, helping, volunteers, groups, *SQUARE]
TABLE = "".join(room.TABLE for room in ROOMS)
ACTS = "".join(room.ACTS for room in ROOMS)
FORMS: dict[str, Any] = {name: form for room in ROOMS for name, form in room.FORMS.items()}
ARGUMENTS: dict[str, Any] = {name: said for room in ROOMS for name, said in room.ARGUMENTS.items()}
WITHOUT_ACTOR: dict[str, str] = {
    name: why for room in ROOMS for name, why in getattr(room, "WITHOUT_ACTOR", {}).items()
}
SQUARE_KEYS = {key for room in SQUARE for key in room.KEYS}


def all_over(station: OrgUnit) -> OrgUnit:
    """The station, nothing of these rooms open there any more: before that it cannot be closed."""
    for room in ROOMS:
        getattr(room, "all_over", lambda _station: None)(station)
    return station


def squares_of(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """What the rooms of work with many people make at a place."""
    made: dict[str, Any] = {}
    for room in SQUARE:
        made |= room.made_at(station, by, words, keys | made)
    return made
