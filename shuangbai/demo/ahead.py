"""The city's plan, put together by a process of its own while the command makes the tables: both take some seconds."""

from __future__ import annotations

import contextlib
import gc
import signal
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection

from shuangbai.demo.plan import check, make_plan
from shuangbai.demo.shapes import Plan


def checked_plan() -> Plan:
    plan = make_plan()
    check(plan)
    return plan


@contextlib.contextmanager
def planning() -> Iterator[Callable[[], Plan]]:
    """Yields what waits for the plan. A process that is lost on the way costs its time; the plan is made here then."""
    beside = get_context("fork")
    here, there = beside.Pipe(duplex=False)
    process = beside.Process(target=_send_plan, args=(here, there), daemon=True)
    process.start()
    there.close()

    def wait() -> Plan:
        try:
            return here.recv()  # type: ignore[no-any-return]
        except EOFError:
            return checked_plan()

    try:
        yield wait
    finally:
        process.kill()
        process.join()
        here.close()


def _send_plan(here: Connection, there: Connection) -> None:
    here.close()  # or nobody would tell this process that the other has gone
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command that waits hears it too, and stops this
    gc.disable()
    with contextlib.suppress(BrokenPipeError):
        there.send(checked_plan())
