"""What stands in the way of closing a case, told by the rooms above: an open alarm about a client.

A case does not know that alarms exist. A room that knows of something registers when it starts, as keepers do
(network.closing). It answers for whoever asks: to somebody who may not know of the thing, there is none, and the case
is closed (docs/adr/0055).
"""

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from shuangbai.core.findings import Finding
from shuangbai.network.models import User

# Who closes, and the people whom the case is about, under all of their entries.
Hindrance = Callable[[User, Collection[UUID]], Sequence[Finding]]

HINDRANCES: dict[str, Hindrance] = {}


def register(room: str, hindrance: Hindrance) -> None:
    """Called once by a room's AppConfig. A second of a room takes the place of the first."""
    HINDRANCES[room] = hindrance


def hindering(user: User, people: Collection[UUID]) -> list[Finding]:
    return [finding for hindrance in HINDRANCES.values() for finding in hindrance(user, people)]
