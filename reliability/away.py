"""The database goes away and comes back: pages say so and recover by themselves; so do the other programs."""

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from reliability.disk import address_of, save
from reliability.kills import COUNTS, QUEUE
from reliability.serving import DURABLE, PASSWORD, Installation, say
from tests import postgres

AWAY_SECONDS = 15


class Server:
    """A PostgreSQL that can be stopped and started on the same data."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="sbpg-", dir="/tmp"))
        self.account = postgres._account()
        if self.account:
            os.chown(self.home, self.account.pw_uid, self.account.pw_gid)
        self.home.chmod(0o755)
        self.programs = postgres._programs(self.home, self.account)
        postgres._initdb(self.programs, self.home, self.account)
        self.start()
        self.url = f"postgresql://postgres@{quote(str(self.home), safe='')}:5432/postgres"

    def start(self) -> None:
        self.process = postgres._start(self.programs, self.home, self.account, postgres.SPEED | DURABLE)
        postgres._wait_until_ready(self.process, self.home)

    def stop(self) -> None:
        postgres._stop(self.process)


@contextlib.contextmanager
def server() -> Iterator[Server]:
    made = Server()
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.home, ignore_errors=True)


def measure(city: Installation) -> str:
    """`city` is on SQLite; it is moved to a server of this measurement's own."""
    with server() as database, tempfile.TemporaryDirectory(prefix="sbjobs-") as folder:
        done = city.command("move", "--to", database.url)
        if done.returncode:
            raise RuntimeError(done.stderr)
        city.url = database.url
        city.start("web", "worker", "periodic")
        city.until_ready()
        client = city.client()
        client.sign_in("worker", PASSWORD)
        address = address_of(client)
        before = save(client, address, "杀不死 之前").status
        city.code(QUEUE.format(jobs=10, folder=folder))
        database.stop()
        city.until_ready("database")
        pages = [client.get(path) for path in ("/", "/families/", "/records/", "/signin")]
        told = [page.status == 503 and "数据库暂时连不上" in page.text for page in pages[:3]]
        sent = client.post(address, {"narrative": ["杀不死 当中"]})
        health = city.client().get("/health").text.strip()  # as whoever watches asks: signed in as nobody
        time.sleep(AWAY_SECONDS)
        alive = [process.poll() is None for process in city.running]
        began = time.monotonic()
        database.start()
        back = city.until_ready() and time.monotonic() - began
        after = save(client, address, "杀不死 之后").status
        limit = time.monotonic() + 60
        while json.loads(city.code(COUNTS))["jobs"] != {"SUCCESSFUL": 10} and time.monotonic() < limit:
            time.sleep(1)
        jobs = json.loads(city.code(COUNTS))
        city.stop()
        city.url = ""
    effects = sum(count == 1 for count in jobs["effects"].values())
    line = (
        f"Before: {before}. Away for {AWAY_SECONDS} s: /health {health}, /ready database, pages "
        f"{[page.status for page in pages]} in plain words, sending {sent.status}; programs alive: {sum(alive)} of 3. "
        f"Back: ready {back:.1f} s after the server's start began, saving {after}, without a restart or a new sign-in; "
        f"10 jobs queued before: {jobs['jobs']}, with one effect each: {effects}."
    )
    say(line)
    fine = all(told) and health == "ok" and all(alive) and before == after == 200 and effects == 10
    if not fine or sent.status != 503 or jobs["jobs"] != {"SUCCESSFUL": 10}:
        raise RuntimeError("the database's absence did harm")
    return line
