"""kill -9 in the middle of writing, again and again: what was acknowledged is there once, and nothing is half there.

Three kinds of death by turns: one of the web's processes (its master makes another), the whole web (started again),
the job worker (started again). Writers resend what was not answered every other time, as a person would who presses
the button again, and let it be the other time.
"""

import contextlib
import json
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from pathlib import Path

from reliability.client import Client, form_of
from reliability.serving import PASSWORD, Installation, say

WRITERS, JOBS = 4, 80
QUEUE = """
from tests.core.killing import slow_job
for number in range({jobs}):
    slow_job.enqueue("job-%d" % number, {folder!r}, 0.5)
"""
COUNTS = """
import json
from collections import Counter
from django.db import connection
from django.db.models import Count
from django_tasks_db.models import DBTaskResult
from shuangbai.core.models import AuditEvent, TextDocument
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
ours = Visit.objects.filter(narrative__startswith="杀不死 ")
stories = Counter(ours.values_list("narrative", flat=True))
effects = Counter(AuditEvent.objects.filter(kind="test.slow_job_done").values_list("about_id", flat=True))
bare = ServiceRecord.objects.filter(kind="visit", visit__isnull=True).count()
lonely = ServiceRecord.objects.annotate(n=Count("workers")).filter(n=0).count()
unheard = ours.exclude(pk__in=TextDocument.objects.values("subject_id")).count()
whole = True
if connection.vendor == "sqlite":
    with connection.cursor() as line:
        whole = line.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        whole = whole and not line.execute("PRAGMA foreign_key_check").fetchall()
jobs = Counter(DBTaskResult.objects.filter(task_path__contains="slow_job").values_list("status", flat=True))
print(json.dumps({
    "stories": stories, "effects": effects, "bare": bare, "lonely": lonely, "unheard": unheard, "whole": whole,
    "jobs": jobs,
}))
"""


class Writer(threading.Thread):
    """Saves visits as fast as it is let, and remembers which of them were acknowledged."""

    def __init__(self, city: Installation, username: str, stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.city, self.username, self.stopping = city, username, stopping
        self.acknowledged: list[str] = []
        self.tried: list[str] = []

    def run(self) -> None:
        client = self.city.client()
        values, address, resend = {}, "", True
        while not self.stopping.is_set():
            try:
                if not values:
                    values, address = self.begin(client)
                story = f"杀不死 {uuid.uuid4().hex}"
                sent = values | {"narrative": [story], "client_id": [str(uuid.uuid4())]}
                self.tried.append(story)
                resend = not resend
                self.send(client, address, sent, story, again=resend)
            except (OSError, ValueError, KeyError, IndexError):
                client.close()
                time.sleep(0.1)
            except Exception as error:
                if not type(error).__module__.startswith("http"):
                    raise
                client.close()
                time.sleep(0.1)

    def begin(self, client: Client) -> tuple[dict[str, list[str]], str]:
        """The form of one family, filled in; sessions outlive the server."""
        import re

        if not client.cookies.get("sessionid"):
            client.sign_in(self.username, PASSWORD)
        family = re.findall(r"/families/([0-9a-f-]{36})/", client.get("/families/").text)[0]
        address = f"/visits/new?family={family}"
        values, choices = form_of(client.get(address).text)
        return values | {"met": choices.get("met", [])[:1]}, address

    def send(self, client: Client, address: str, sent: dict[str, list[str]], story: str, *, again: bool) -> None:
        for _ in range(60 if again else 1):
            try:
                answer = client.send(address, sent)
                if answer.status == 200 and story in answer.text:
                    self.acknowledged.append(story)
                    return
            except Exception:
                client.close()
                if not again:
                    return
            if self.stopping.is_set():
                return
            time.sleep(0.2)


def children(pid: int) -> list[int]:
    told = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(line) for line in told.split()]


def death(city: Installation, kind: int) -> None:
    """One of the three deaths; what does not come back by itself is started again."""
    web, worker, *others = city.running
    if kind == 0 and (of_web := children(web.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(random.choice(of_web), signal.SIGKILL)
        return
    victim, name = (web, "web") if kind == 1 else (worker, "worker")
    os.killpg(victim.pid, signal.SIGKILL)
    victim.wait()
    city.running.clear()
    city.start(name)
    [begun] = city.running
    city.running = [begun, worker, *others] if name == "web" else [web, begun, *others]
    if name == "web":
        city.until_ready()


def measure(city: Installation, times: int, minutes: float = 11) -> str:
    """Kill so often (or until the time is up); the figures as a line. Raises RuntimeError where something is lost."""
    city.start("web", "worker", "periodic")  # without the last nothing seals the trail, and that is told as a fault
    city.until_ready()
    with tempfile.TemporaryDirectory(prefix="sbjobs-") as folder:
        city.code(QUEUE.format(jobs=JOBS, folder=folder))
        stopping, chance, began = threading.Event(), random.Random(3), time.monotonic()
        names = ["worker", "head", "stranger", "js1"][:WRITERS]
        writers = [Writer(city, name, stopping) for name in names]
        for writer in writers:
            writer.start()
        killed = [0, 0, 0]
        until_saved(writers, 0, 60)
        for number in range(times):
            if time.monotonic() - began > minutes * 60:
                break
            # Never without something saved since the last death: a server that only dies proves nothing.
            until_saved(writers, saved(writers), 15)
            time.sleep(chance.uniform(0, 0.4))
            kind = (0, 1, 2, 0)[number % 4]
            death(city, kind)
            killed[kind] += 1
        stopping.set()
        for writer in writers:
            writer.join(30)
        until_jobs_done(city)
        begun = sum(len(file.read_text()) for file in Path(folder).glob("job-*"))
    return judged(city, writers, killed, begun, time.monotonic() - began)


def saved(writers: list[Writer]) -> int:
    return sum(len(writer.acknowledged) for writer in writers)


def until_saved(writers: list[Writer], count: int, seconds: float) -> None:
    limit = time.monotonic() + seconds
    while saved(writers) <= count and time.monotonic() < limit:
        time.sleep(0.01)


def until_jobs_done(city: Installation, seconds: float = 180) -> None:
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if json.loads(city.code(COUNTS))["jobs"].get("SUCCESSFUL") == JOBS:
            return
        time.sleep(3)


def judged(city: Installation, writers: list[Writer], killed: list[int], begun: int, seconds: float) -> str:
    found = json.loads(city.code(COUNTS))
    acknowledged = [story for writer in writers for story in writer.acknowledged]
    tried = {story for writer in writers for story in writer.tried}
    wrong = {
        "acknowledged and not there": len([story for story in acknowledged if not found["stories"].get(story)]),
        "there twice": len([story for story, count in found["stories"].items() if count > 1]),
        "there and never sent": len(set(found["stories"]) - tried),
        "records without their visit": found["bare"],
        "records without a worker": found["lonely"],
        "visits missing in the index": found["unheard"],
        "jobs not done": JOBS - found["jobs"].get("SUCCESSFUL", 0),
        "jobs with other than one effect": JOBS - sum(count == 1 for count in found["effects"].values()),
        "database not whole": int(not found["whole"]),
    }
    doctor = json.loads(city.command("doctor", "--json").stdout)
    ours = {"database_damaged", "orphans", "constraint_broken", "text_unindexed", "trail_broken"}
    for one in doctor["findings"]:
        if one["code"] in ours:
            wrong[one["code"]] = 1
            say(f"doctor: {one['sentence']}")
    said = ", ".join(f"{what}: {count}" for what, count in wrong.items())
    line = (
        f"{city.vendor}: {sum(killed)} times kill -9 in {seconds:.0f} s ({killed[0]} of one web process, {killed[1]} "
        f"of the whole web, {killed[2]} of the job worker); {len(tried)} visits sent, {len(acknowledged)} "
        f"acknowledged; {JOBS} jobs, begun {begun} times. {said}."
    )
    say(line)
    if any(wrong.values()):
        raise RuntimeError("something was lost or doubled")
    return line
