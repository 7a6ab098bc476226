"""gunicorn's threaded worker, made warm: one request after another, by the thread that was at work (docs/adr/0074).

Python lets one thread of a process work at a time. Four that share the time of one pass it on at every question to the
database, and each has a connection of its own, to which what it has read is lost once another has written: eight who
save at once took a fifth more of the processors for it.
"""

import queue
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from gunicorn.workers.gthread import _DEFER, TConn, ThreadWorker

PATIENCE = 0.05  # seconds: most pages are done by then
SPEECHLESS = 0.01  # seconds that a thread waits for the first word of whoever has connected


class OneByOne:
    """A queue as a ThreadPoolExecutor uses it, whose items are done one after another until one takes long.

    Whoever comes back for the next item gets it; of those who wait, the one who waited least is woken. An item that has
    lain longer than `patience` seconds is begun beside those under way, when `hurry` is called.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._items: deque[tuple[float, Any]] = deque()
        self._waiting: list[tuple[int, queue.SimpleQueue[Any]]] = []
        self._at_work: set[int] = set()  # threads whose item is not yet known to take long

    def put(self, item: Any) -> None:
        """Add an item; None tells a thread to end, whoever is at work."""
        with self._lock:
            if self._waiting and (item is None or not self._at_work):
                self._wake(item)
            else:
                self._items.append((time.monotonic(), item))

    def get(self, block: bool = True) -> Any:
        """The next item, once it is this thread's to do. Raises queue.Empty where there is none, unless to `block`."""
        me = threading.get_ident()
        with self._lock:
            self._at_work.discard(me)
            if self._items and (not self._at_work or self._items[0][1] is None):
                return self._taken(me, self._items.popleft()[1])
            if not block:
                raise queue.Empty
            mine: queue.SimpleQueue[Any] = queue.SimpleQueue()
            self._waiting.append((me, mine))
        return mine.get()

    def get_nowait(self) -> Any:
        return self.get(block=False)

    def patience_left(self) -> float | None:
        """Seconds until there may be something to hurry; None where nothing lies."""
        with self._lock:
            if not self._items:
                return None
            left = self._items[0][0] + self._patience - time.monotonic()
            return max(left, 0.0 if self._waiting else self._patience)

    def hurry(self) -> None:
        """Begin the oldest item where it has lain too long; what is under way no longer holds up what comes later."""
        with self._lock:
            if self._items and self._waiting and time.monotonic() - self._items[0][0] >= self._patience:
                self._at_work.clear()
                self._wake(self._items.popleft()[1])

    def _wake(self, item: Any) -> None:
        thread, its = self._waiting.pop()
        its.put(self._taken(thread, item))

    def _taken(self, thread: int, item: Any) -> Any:
        if item is not None:
            self._at_work.add(thread)
        return item


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn tells no types
    """Keeps a connection open while it is the process's only one, so that whoever is alone stays where it is warm.

    Where there are several, each is closed after its answer: kept open, they would stay with a process however busy.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.requests = OneByOne(PATIENCE)

    def get_thread_pool(self) -> ThreadPoolExecutor:
        pool = ThreadPoolExecutor(max_workers=self.cfg.threads)
        pool._work_queue = self.requests  # type: ignore[assignment]
        return pool

    def handle(self, conn: TConn) -> Any:
        """Answer, unless nothing is asked yet: browsers connect ahead, and such a line waits without a thread."""
        if not conn.initialized and not conn.wait_for_data(SPEECHLESS):
            return _DEFER
        return super().handle(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        left = self.requests.patience_left()
        super().wait_for_and_dispatch_events(timeout if left is None else min(timeout, left))
        self.requests.hurry()

    @property
    def max_keepalived(self) -> int:
        """How many connections may stand open idle, as the answer to another begins."""
        return int(self.nr_conns == 1)

    @max_keepalived.setter
    def max_keepalived(self, most: int) -> None:
        """gunicorn's own number, of a thousand, is not asked for."""
