"""Where everything lives to the end, Python's search for cycles would look through it again and again.

A program that loads spends a third of its time on that search, reading a ledger of 20,000 rows nearly half, and it
finds nothing.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PAGES = (10_000, 20, 20)  # a page makes many times the 700 objects after which Python would search
SELDOM = (100_000, 50, 100)

_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []  # what held before, once for each piece of work that goes on


@contextmanager
def never() -> Iterator[None]:
    """No search as long as this lasts: for what a process does alone, and makes nothing but what stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def loading() -> Iterator[None]:
    """No search while a server loads; what it holds then is never looked through, and not taken down at its end."""
    with never():
        yield
    gc.freeze()


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
