"""Two who write in the same moment.

at_once(lambda: a_visit(…), lambda: open_tags(…))
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection

from shuangbai.core.actions import writing


def at_once(
    first: Callable[[], object], second: Callable[[], object], rest: Callable[[], object] = lambda: None
) -> None:
    """Do the first, and the rest, in one transaction, in the midst of which the second begins."""
    begun, second_done = threading.Event(), threading.Event()
    failed: list[BaseException] = []

    def whole() -> None:
        with writing():
            first()
            begun.set()
            second_done.wait(0.3)
            rest()

    def beside() -> None:
        begun.wait()
        second()
        second_done.set()

    def run(do: Callable[[], None]) -> None:
        try:
            do()
        except BaseException as error:
            failed.append(error)
            begun.set()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[do]) for do in (whole, beside)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
