"""Work on many rows that all live to its end: Python's search for cycles would look through them again and again.

Reading a ledger of 20,000 rows spends nearly half of its time on that search and finds nothing.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 50, 100)

_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []  # what held before, once for each piece of work that goes on


@contextmanager
def seldom() -> Iterator[None]:
    """Search seldom as long as this lasts; of several at once the last to end puts back what held before."""
    with _lock:
        _usual.append(_usual[0] if _usual else gc.get_threshold())
        gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        with _lock:
            before = _usual.pop()
            if not _usual:
                gc.set_threshold(*before)
