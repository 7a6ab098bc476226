"""Tables of states: from where, to where, and how. Each room has its own; what a way is stands here once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Way:
    """A way from one state to another: what it is called, whether it asks why, whether only a record goes it."""

    label: str
    reason: bool = False
    by_record: bool = False

    @property
    def how(self) -> str:
        return "（记下活动）" if self.by_record else "（写明原因）" if self.reason else ""


def diagram_of(
    states: Iterable[Any], ways: Mapping[Any, Mapping[Any, Way]], *, first: Any, called: str, last: Iterable[Any]
) -> str:
    """A table of states as a mermaid diagram; `called` is what brings about the first."""
    lines = ["stateDiagram-v2", f"    [*] --> {first}: {called}", *(f"    {one}: {one.label}" for one in states)]
    for was, there in ways.items():
        lines += [f"    {was} --> {to}: {way.label}{way.how}" for to, way in there.items()]
    return "\n".join([*lines, *(f"    {one} --> [*]" for one in last)])
