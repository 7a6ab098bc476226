"""Saving a visit over HTTP against the real server, beside the same rows inserted by hand-written SQL."""

import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.urls import reverse

from bench import words
from bench.copying import Copier
from bench.reading import signed_in
from bench.timing import Measure, milliseconds, percentile, shown
from shuangbai.core import clock
from shuangbai.households.models import Household, Membership
from shuangbai.network.models import OrgUnit, User
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import Mode, Result

CLIENTS = 8
ALONE = 200
TOGETHER = 400
WARM = 160
LENGTH = re.compile(r"content-length: (\d+)", re.IGNORECASE)
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(slots=True)
class Job:
    """A visit to save: to whom, and who was met."""

    household: UUID
    person: UUID


@contextmanager
def server() -> Iterator[int]:
    """The product's own server, web and job worker, on a free port; its words go to a file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "SHUANGBAI_DATA": str(settings.DATA_DIR), "PORT": str(port)}
    log = Path(settings.DATA_DIR) / "server.log"
    with log.open("wb") as words_of_it:
        process = subprocess.Popen(
            [sys.executable, "-m", "shuangbai", "serve"], cwd=settings.BASE_DIR, env=environment,
            stdout=words_of_it, stderr=words_of_it,
        )  # fmt: skip
    try:
        _wait_for(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-800:]}")
        try:
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            asked.request("GET", "/signin")
            if asked.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not answer within a minute")


class Line:
    """A client's connection, opened anew where the server has closed it: no more than a save needs of HTTP.

    Clients share the processors with the server, and Python's own client takes more of them.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, head: str, body: bytes = b"") -> tuple[int, str, bytes]:
        """Send a request whose first line and headers are `head`: status, headers and body of the answer."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        length = f"\r\nHost: 127.0.0.1:{self.port}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall((head + length).encode() + body)
        came = b""
        while (end := came.find(b"\r\n\r\n")) < 0:
            came += self._more()
        headers = came[:end].decode()
        found = LENGTH.search(headers)
        while len(came) < end + 4 + (int(found[1]) if found else 0):
            came += self._more()
        if "connection: close" in headers.lower():
            self.close()
        return int(headers[9:12]), headers, came[end + 4 :]

    def _more(self) -> bytes:
        assert self.socket is not None
        if not (more := self.socket.recv(65_536)):
            raise RuntimeError("the server ended its answer early")
        return more

    def close(self) -> None:
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Visitor:
    """One client: an account signed in by its session cookie, one request after another."""

    def __init__(self, port: int, user: User) -> None:
        self.user, self.line = user, Line(port)
        session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = {settings.SESSION_COOKIE_NAME: session}
        self.token = ""

    def open_form(self, household: UUID) -> None:
        """The form of a visit, for its token."""
        status, headers, answer = self.line.ask(self._head("GET", household))
        page = answer.decode()
        found = TOKEN.search(page)
        if status != 200 or found is None:
            raise RuntimeError(f"the form of a visit answered {status}: {page[:400]}")
        self.token = found[1]
        if given := re.search(rf"set-cookie: *{settings.CSRF_COOKIE_NAME}=([^;]+)", headers, re.IGNORECASE):
            self.cookies[settings.CSRF_COOKIE_NAME] = given[1]

    def save(self, job: Job, body: bytes) -> None:
        """Post the form. The answer is the redirection to the saved visit, which is not followed."""
        status, _, page = self.line.ask(self._head("POST", job.household), body)
        if status != 302:
            problem = re.sub(r"<[^>]+>|\s+", " ", page.decode(errors="replace"))
            raise RuntimeError(f"saving a visit answered {status}: {problem[:3000]}")

    def body(self, job: Job) -> bytes:
        """An ordinary visit as a browser sends it."""
        typed = [
            ("csrfmiddlewaretoken", self.token), ("client_id", str(uuid4())), ("acknowledged", "1"),
            ("occurred_on", clock.today().isoformat()), ("workers", str(self.user.staff_id)),
            ("mode", Mode.HOME.value), ("result", Result.MET.value), ("met", str(job.person)),
            ("topics", "health"), ("topics", "care"), ("followup", "none"), ("purpose", "ordinary"),
            ("narrative", words.narrative(_chance)), ("campaign", ""), ("next_on", ""), ("observation", ""),
            ("started_at", ""), ("ended_at", ""),
        ]  # fmt: skip
        return urlencode(typed).encode()

    def _head(self, method: str, household: UUID) -> str:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        form = "Content-Type: application/x-www-form-urlencoded"
        return f"{method} {reverse('visit-new')}?family={household} HTTP/1.1\r\nCookie: {cookie}\r\n{form}"


_chance = Random(5)


def jobs(station: OrgUnit, number: int) -> list[Job]:
    """So many families of a station, each once where it has enough."""
    homes = list(Household.objects.filter(station=station).order_by("-id").values_list("pk", flat=True)[:number])
    met = dict(Membership.objects.filter(household__in=homes).values_list("household_id", "person_id"))
    return [Job(homes[at % len(homes)], met[homes[at % len(homes)]]) for at in range(number)]


def measures() -> list[Measure]:
    """One client, then eight; and the same rows by hand in as many threads."""
    stations = list(OrgUnit.objects.filter(kind="station").order_by("code")[: CLIENTS + 1])
    users = [User.objects.get(username=f"{s.code}-1".lower()) for s in stations]
    before = ServiceRecord.objects.count()
    with server() as port:
        visitors = [Visitor(port, user) for user in users]
        work = [jobs(station, ALONE + WARM if number == 0 else TOGETHER // CLIENTS + WARM // CLIENTS)
                for number, station in enumerate(stations)]  # fmt: skip
        for visitor, own in zip(visitors, work, strict=True):
            visitor.open_form(own[0].household)
        _together(visitors[1:], [own[-WARM // CLIENTS :] for own in work[1:]])
        alone = _alone(visitors[0], work[0])
        times, lasted = _together(visitors[1:], [own[: TOGETHER // CLIENTS] for own in work[1:]])
    saved = ServiceRecord.objects.count() - before
    assert saved == WARM + len(work[0]) + len(times), f"{saved} visits were saved"
    sql_alone, sql_rate = _by_hand()
    return [
        Measure("Saving a visit over HTTP, 1 client, median", shown(statistics.median(alone)),
                shown(statistics.median(sql_alone)), "< 6 ms"),
        Measure("Saving a visit over HTTP, 1 client, p95", shown(percentile(alone, 0.95)),
                shown(percentile(sql_alone, 0.95))),
        Measure("Saving a visit over HTTP, 8 clients, saves a second", f"{len(times) / lasted:.0f}",
                f"{sql_rate:.0f}", "> 250"),
        Measure("Saving a visit over HTTP, 8 clients, median", shown(statistics.median(times))),
    ]  # fmt: skip


def _alone(visitor: Visitor, own: Sequence[Job]) -> list[float]:
    bodies = [visitor.body(job) for job in own]
    visitor.line.close()  # the server has ended what was idle meanwhile; the next request opens it
    times = [milliseconds(lambda j=job, b=body: visitor.save(j, b)) for job, body in zip(own, bodies, strict=True)]
    return times[WARM:]


def _together(visitors: Sequence[Visitor], work: Sequence[Sequence[Job]]) -> tuple[list[float], float]:
    """How long each save took, and how long all of them did."""
    bodies = [[(job, visitor.body(job)) for job in own] for visitor, own in zip(visitors, work, strict=True)]
    for visitor in visitors:
        visitor.line.close()
    return in_threads(
        [[lambda v=v, j=j, b=b: v.save(j, b) for j, b in own] for v, own in zip(visitors, bodies, strict=True)]
    )


def in_threads(work: Sequence[Sequence[Callable[[], Any]]]) -> tuple[list[float], float]:
    """Each list of calls in a thread of its own, all started at once."""
    times: list[list[float]] = [[] for _ in work]
    failures: list[BaseException] = []
    start = threading.Barrier(len(work) + 1)

    def run(calls: Sequence[Callable[[], Any]], own: list[float]) -> None:
        start.wait()
        try:
            own.extend(milliseconds(call) for call in calls)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(work, times, strict=True)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    lasted = time.perf_counter() - began
    if failures:
        raise failures[0]
    return [one for own in times for one in own], lasted


def _by_hand() -> tuple[list[float], float]:
    """The rows of the visit saved last, inserted again under new keys: one transaction each."""
    latest = ServiceRecord.objects.order_by("-id").values_list("pk", flat=True)[0]
    connection.close()
    copier = Copier(latest)
    alone = copier.writer()
    one_by_one = [milliseconds(lambda r=rows: alone.write(r)) for rows in [copier.rows() for _ in range(ALONE + WARM)]]
    writers = [copier.writer() for _ in range(CLIENTS)]
    work = [[(writer, copier.rows()) for _ in range(TOGETHER // CLIENTS)] for writer in writers]
    _, lasted = in_threads([[lambda w=w, r=r: w.write(r) for w, r in own] for own in work])
    for writer in (alone, *writers):
        writer.close()
    return one_by_one[WARM:], TOGETHER / lasted
