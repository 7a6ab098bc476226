"""Who keeps lookup hashes: each room that does says how they are computed anew, and whether they still hold.

The key of the hash can be changed only where everything kept under it is written again with it.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keeper:
    """`rebuild` writes every hash of a room anew under the secret of the moment and returns how many rows it wrote.

    `stale` looks at some rows and returns how many no longer hold.
    """

    room: str
    rebuild: Callable[[], int]
    stale: Callable[[], int]


KEEPERS: dict[str, Keeper] = {}


def keeps_hashes(room: str, *, rebuild: Callable[[], int], stale: Callable[[], int]) -> None:
    """Declare a room's hashes; called once, when Django has loaded its models."""
    KEEPERS[room] = Keeper(room, rebuild, stale)
