"""What a case was helped with, told by the rooms above that keep it: what was linked, and where its people were sent.

A case does not know of resources. The room that keeps them registers when it starts, as what hinders a closing does
(closing). It answers for whoever asks, in words, so that the case's papers can say it (docs/adr/0060, 0071).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from shuangbai.cases.models import Case
from shuangbai.network.models import User

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """One referral by the names of its form, and what happened of it. `whom` is empty where it is the case's people."""

    said: Said
    steps: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Helped:
    """What was linked, the oldest first, with its sums; and each referral, the oldest first."""

    links: Sequence[Said] = ()
    sums: Said = field(default_factory=dict)
    referrals: Sequence[Sent] = ()


Source = Callable[[User, Case], Helped]

SOURCES: dict[str, Source] = {}


def register(room: str, source: Source) -> None:
    """Called once by a room's AppConfig. A second of a room takes the place of the first."""
    SOURCES[room] = source


def helped_of(by: User, case: Case) -> Helped:
    """Everything that the rooms above tell somebody of a case."""
    told = [source(by, case) for source in SOURCES.values()]
    return Helped(
        [one for part in told for one in part.links], {name: said for part in told for name, said in part.sums.items()},
        [one for part in told for one in part.referrals],
    )  # fmt: skip
