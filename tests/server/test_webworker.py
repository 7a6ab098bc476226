"""The web's threads: one request after another, by the thread that is warm, and nobody held up by a slow one."""

import http.client
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from shuangbai.webworker import OneByOne

pytestmark = pytest.mark.nodb

LONG = 3600.0  # seconds


class Pool:
    """A pool of four threads on the queue, with what each job needs to be held up."""

    def __init__(self, patience: float) -> None:
        self.jobs = OneByOne(patience)
        self.threads = ThreadPoolExecutor(max_workers=4)
        self.threads._work_queue = self.jobs  # type: ignore[assignment]
        self.open = threading.Event()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_: object) -> None:
        self.open.set()
        self.threads.shutdown(wait=True)

    def who(self) -> "Future[int]":
        return self.threads.submit(threading.get_ident)

    def held(self) -> "Future[bool]":
        return self.threads.submit(self.open.wait, 20)


def until(true: Callable[[], object]) -> None:
    for _ in range(400):
        if true():
            return
        time.sleep(0.005)
    raise AssertionError("it never came to be")


def test_whoever_worked_last_works_next() -> None:
    with Pool(LONG) as pool:
        held = pool.held()
        waiting = [pool.who() for _ in range(3)]
        pool.open.set()
        assert len({one.result(20) for one in waiting}) == 1
        assert held.result(20)
        until(lambda: len(pool.jobs._waiting) == 4)
        assert len({pool.who().result(20) for _ in range(6) if not time.sleep(0.01)}) == 1


def test_a_second_waits_for_the_first_until_it_takes_long() -> None:
    with Pool(LONG) as pool:
        pool.held()
        second = pool.who()
        until(lambda: pool.jobs._waiting)
        assert pool.jobs.patience_left()
        pool.jobs.hurry()
        assert not second.done()
        pool.jobs._patience = 0.0
        assert pool.jobs.patience_left() == 0.0
        pool.jobs.hurry()
        assert second.result(20)


def test_what_takes_long_holds_up_nobody_who_comes_later() -> None:
    with Pool(0.0) as pool:
        slow = pool.held()
        second = pool.held()
        until(lambda: pool.jobs._waiting)
        pool.jobs.hurry()
        until(lambda: not pool.jobs._items)
        third = pool.who()
        until(lambda: pool.jobs._waiting)
        pool.jobs.hurry()
        assert third.result(20)
        assert pool.who().result(20), "nothing known to be slow is under way: it begins at once"
        assert not slow.done()
        assert not second.done()


def test_while_all_are_at_work_nothing_is_asked_again_and_again() -> None:
    with Pool(0.5) as pool:
        for number in range(4):
            pool.held()
            until(lambda n=number: len(pool.threads._threads) == n + 1)
            until(lambda n=number: not pool.jobs._items or len(pool.jobs._waiting) == 1)
            pool.jobs._patience = 0.0
            pool.jobs.hurry()
            pool.jobs._patience = 0.5
        until(lambda: not pool.jobs._waiting)
        last = pool.who()
        assert pool.jobs.patience_left() == 0.5
        pool.open.set()
        assert last.result(20)
        until(lambda: pool.jobs.patience_left() is None)


def test_threads_end_though_one_is_at_work() -> None:
    with Pool(LONG) as pool:
        pool.held()
        pool.who()
        last = pool.who()
        until(lambda: len(pool.jobs._waiting) == 2)
        pool.threads.shutdown(wait=False)
        until(lambda: sum(thread.is_alive() for thread in pool.threads._threads) == 1)
        pool.open.set()
        assert last.result(20), "what was asked before is done"


def test_an_empty_queue_says_so() -> None:
    with pytest.raises(queue.Empty):
        OneByOne(LONG).get_nowait()


APP = """
import os, threading, time
held = threading.Event()
def application(environ, start_response):
    if environ["PATH_INFO"] == "/hold":
        held.wait(20)
    if environ["PATH_INFO"] == "/let-go":
        held.set()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.getpid()} {threading.get_ident()}".encode()]
"""


def test_a_slow_page_holds_up_no_other_and_one_alone_keeps_its_line(tmp_path: Path) -> None:
    (tmp_path / "plain.py").write_text(APP, encoding="utf-8")
    socket_file = tmp_path / "web.sock"
    command = [
        sys.executable, "-m", "gunicorn", "plain", f"--bind=unix:{socket_file}", "--workers=1", "--threads=4",
        "--worker-class=shuangbai.webworker.Worker", "--keep-alive=5", "--no-control-socket", f"--chdir={tmp_path}",
        f"--pythonpath={Path(__file__).parents[2]}",
    ]  # fmt: skip
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(socket_file.exists)
        with Line(socket_file) as alone, Line(socket_file) as slow, Line(socket_file) as other:
            assert alone.ask("/").words == alone.ask("/").words, "one thread answers both"
            assert alone.kept
            holding = threading.Thread(target=slow.ask, args=("/hold",))
            holding.start()
            time.sleep(0.2)
            assert other.ask("/").words.split()[0] == alone.words.split()[0]
            assert not other.kept, "of several lines none stays with the process"
            other.ask("/let-go")
            holding.join(20)
            assert not holding.is_alive()
            with ExitStack() as lines:
                for _ in range(12):
                    lines.enter_context(Line(socket_file)).connect()
                began = time.monotonic()
                assert other.ask("/").words, "lines that ask nothing take no thread"
                assert time.monotonic() - began < 4, "gunicorn alone waits five seconds with each"
                late = lines.enter_context(Line(socket_file))
                late.connect()
                time.sleep(0.1)
                assert late.ask("/").words, "a word that comes late is heard"
    finally:
        program.terminate()
        program.wait(30)
        assert program.returncode == 0


class Line:
    """Somebody who asks by a unix socket, and opens it anew where it was closed."""

    def __init__(self, address: Path) -> None:
        self.address, self.words, self.kept = str(address), "", False
        self.http = http.client.HTTPConnection("localhost", timeout=30)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def connect(self) -> None:
        self.http.sock = socket.socket(socket.AF_UNIX)
        self.http.sock.settimeout(30)
        self.http.sock.connect(self.address)

    def ask(self, path: str) -> "Line":
        if self.http.sock is None:
            self.connect()
        self.http.request("GET", path)
        answer = self.http.getresponse()
        self.words, self.kept = answer.read().decode(), not answer.will_close
        return self
