"""gunicorn's threaded worker, which gives a request to the thread that was last at work (docs/adr/0074).

Each thread has a database connection of its own, and what a connection has read is lost to it once another has written.
Taken in turn, four threads make each save read everything anew: a fifth of what a save costs.
"""

import queue
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class LastComeFirst:
    """A queue as a ThreadPoolExecutor uses it. What comes while several wait goes to whoever began to wait last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._items: deque[Any] = deque()
        self._waiting: list[queue.SimpleQueue[Any]] = []

    def put(self, item: Any) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.pop().put(item)
            else:
                self._items.append(item)

    def get(self, block: bool = True) -> Any:
        """The oldest item. Raises queue.Empty where there is none and `block` is false."""
        with self._lock:
            if self._items:
                return self._items.popleft()
            if not block:
                raise queue.Empty
            own: queue.SimpleQueue[Any] = queue.SimpleQueue()
            self._waiting.append(own)
        return own.get()

    def get_nowait(self) -> Any:
        return self.get(block=False)


class WarmThreads(ThreadPoolExecutor):
    """A pool whose thread that worked last works next; the others stand by for what comes meanwhile."""

    def __init__(self, threads: int) -> None:
        super().__init__(max_workers=threads)
        self._work_queue = LastComeFirst()  # type: ignore[assignment]


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn tells no types
    """Keeps a connection open while it is the process's only one, so that whoever is alone stays where it is warm.

    Where there are several, each is closed after its answer: kept open, they would stay with a process however busy.
    """

    def get_thread_pool(self) -> WarmThreads:
        return WarmThreads(self.cfg.threads)

    @property
    def max_keepalived(self) -> int:
        """How many connections may stand open idle, as the answer to another begins."""
        return int(self.nr_conns == 1)

    @max_keepalived.setter
    def max_keepalived(self, most: int) -> None:
        """gunicorn's own number, of a thousand, is not asked for."""
