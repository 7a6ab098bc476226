"""Timing, and what one measurement says."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Measure:
    """One line of the table. Times in milliseconds; `queries` None where none were counted."""

    what: str
    ours: str
    sql: str = ""
    aim: str = ""
    queries: int | None = None

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def milliseconds(call: Callable[[], Any]) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def each(calls: Sequence[Callable[[], Any]]) -> list[float]:
    """How long each call takes, in order."""
    return [milliseconds(call) for call in calls]


def median(calls: Sequence[Callable[[], Any]], warm: int = 2) -> float:
    """The median of the calls; the first few are made twice, so that none pays for an empty cache."""
    for call in calls[:warm]:
        call()
    return statistics.median(each(calls))


def pace() -> float:
    """How fast the machine is just now: milliseconds of a fixed loop of Python. One that others share varies."""
    kept: dict[int, int] = {}

    def loop() -> None:
        for number in range(1_000_000):
            kept[number & 1023] = number * 2

    return statistics.median(each([loop] * 3))


def percentile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def shown(value: float) -> str:
    """0.42 ms, 5.3 ms, 210 ms, 4.2 s."""
    if value >= 1000:
        return f"{value / 1000:.1f} s"
    if value >= 100:
        return f"{value:.0f} ms"
    return f"{value:.1f} ms" if value >= 1 else f"{value:.2f} ms"
