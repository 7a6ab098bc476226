"""What the rooms above keep at a station, in a village or in somebody's name, told where the network may ask.

The network does not know that families exist, and yet closing a station must not lose them. A room that keeps
something registers a keeper when it starts (docs/adr/0023); the action asks every one of them, so that the
rule holds for the page, the shell and a spreadsheet alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from shuangbai.network.models import Area, OrgUnit, Staff, User


@dataclass(frozen=True, slots=True)
class Kept:
    """A number of things that are open. `to_hand_over`: somebody must take them; `hinders`: why it cannot be."""

    label: str
    count: int
    unit: str
    to_hand_over: bool = False
    hinders: str = ""


class Keeper(Protocol):
    """What a room above answers for. Every method asks or changes many rows in a fixed number of queries."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterable[Kept]:
        """What is open at the station after `ends_on`, its last day."""

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """What the station keeps belongs to `to` from `on`."""

    def in_village(self, village: Area, ends_on: date) -> Iterable[Kept]:
        """What is open in the village after `ends_on`, its last day."""

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """What is in the village is in `to` from `on`."""

    def of_staff(self, staff: Staff) -> Iterable[Kept]:
        """What is in somebody's name today."""


KEEPERS: dict[str, Keeper] = {}


def register(room: str, keeper: Keeper) -> None:
    """Called once by a room's AppConfig. A second keeper of a room takes the place of the first."""
    KEEPERS[room] = keeper


def kept_at(station: OrgUnit, ends_on: date) -> list[Kept]:
    return [kept for keeper in KEEPERS.values() for kept in keeper.at_station(station, ends_on) if kept.count]


def kept_in(village: Area, ends_on: date) -> list[Kept]:
    return [kept for keeper in KEEPERS.values() for kept in keeper.in_village(village, ends_on) if kept.count]


def kept_by(staff: Staff) -> list[Kept]:
    return [kept for keeper in KEEPERS.values() for kept in keeper.of_staff(staff) if kept.count]
