"""How often one account may ask, counted in the memory of this process over a fixed window.

Reading must not write, so nothing is kept: each web process counts by itself and forgets at its end, and the
real ceiling is the limit times the number of processes (docs/adr/0016).
"""

import threading
import time
from dataclasses import dataclass, field
from math import ceil
from typing import Any

_KEPT_MOST = 10_000


class TooOften(Exception):
    """Somebody asked more often than a limit allows. `wait` seconds until it is allowed again."""

    def __init__(self, sentence: str, wait: int) -> None:
        self.sentence, self.wait = sentence, wait
        super().__init__(sentence)


@dataclass
class Limit:
    """At most `most` times in `seconds`, for each account. `what` is what one does, in Chinese; of `unit`."""

    what: str
    most: int
    seconds: int
    unit: str = "次"
    _counts: dict[Any, tuple[int, int]] = field(default_factory=dict, repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, who: Any, times: int = 1) -> None:
        """Count once, or so many, for `who`. Raises TooOften beyond the limit; what is refused is not counted."""
        now = time.monotonic()
        window = int(now // self.seconds)
        with self._turn:
            begun, before = self._counts.get(who, (window, 0))
            now_at = times + (before if begun == window else 0)
            if now_at > self.most:
                wait = ceil((window + 1) * self.seconds - now)
                raise TooOften(told(self.what, self.most, self.seconds, wait, self.unit), wait)
            if len(self._counts) > _KEPT_MOST:
                self._counts = {key: kept for key, kept in self._counts.items() if kept[0] == window}
            self._counts[who] = (window, now_at)


def told(what: str, most: int, seconds: int, wait: int, unit: str = "次") -> str:
    """The sentence of a limit: what was too often, and when to try again."""
    span = "一分钟" if seconds == 60 else "一小时" if seconds == 3600 else f"{seconds} 秒"
    later = f"{wait} 秒" if wait < 90 else f"{ceil(wait / 60)} 分钟"
    return f"{what}太频繁：{span}内最多 {most} {unit}。请 {later}后再试。"
