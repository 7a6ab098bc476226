"""Fifty people at work on a Monday morning: signing in, looking things up, writing down, correcting, reading lists.

Each is a thread with think times of its own, asking over HTTP what a browser would ask. Times are until the page is
there, redirects included.
"""

import json
import random
import re
import threading
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from reliability.client import Client, form_of
from reliability.serving import PASSWORD, Installation, say

THINK_SECONDS = 10.0  # on average between two things that one person does
ARRIVE_SECONDS = 90.0  # everybody comes within the first minute and a half
KEYS_SECONDS = 0.25  # between two letters of a search
LETTERS = ("l", "lx", "lxy"), ("c", "cd", "cdw"), ("z", "zx"), ("h", "hj", "hjg"), ("林", "林小"), ("陈", "陈大")
MIX = {
    "record a visit": 24, "open a family": 20, "search as one types": 20, "today": 14, "lists": 12, "correct": 4,
    "record an activity": 3, "report": 3,
}  # fmt: skip
WHO = """
import json
from shuangbai.core import clock
from shuangbai.network.models import Posting, RoleGrant
from shuangbai.network.roles import Role
today, found = clock.today(), {}
for role in (Role.WORKER, Role.HEAD, Role.SUPERVISOR, Role.OFFICER):
    grants = RoleGrant.objects.filter(role=role, starts_on__lte=today).exclude(ends_on__lt=today)
    if role in (Role.WORKER, Role.HEAD):
        posted = Posting.objects.filter(starts_on__lte=today).exclude(ends_on__lt=today).values("staff")
        grants = grants.filter(user__staff__in=posted)
    found[role.value] = sorted(set(grants.values_list("user__username", flat=True)))
print(json.dumps(found))
"""
KEPT = """
import json, sys
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
told = json.load(open({file!r}))
found = set(str(pk) for pk in Visit.objects.filter(pk__in=told).values_list("pk", flat=True))
print(json.dumps([len(told), len(found)]))
"""


@dataclass
class Tally:
    """What everybody met with."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, kind: str, seconds: float) -> None:
        with self.lock:
            self.times.setdefault(kind, []).append(seconds)

    def wrong(self, what: str) -> None:
        with self.lock:
            self.errors.append(what)


class Person(threading.Thread):
    """One person; `until` is when everybody goes to lunch."""

    def __init__(self, username: str, role: str, city: Installation, tally: Tally, until: float, seed: int) -> None:
        super().__init__(daemon=True)
        self.username, self.role, self.tally, self.until = username, role, tally, until
        self.client: Client = city.client()
        self.chance = random.Random(seed)
        self.families: list[str] = []
        self.visits: list[str] = []

    def run(self) -> None:
        self.pause(self.chance.uniform(0, ARRIVE_SECONDS))
        try:
            self.note("sign-in", self.client.sign_in(self.username, PASSWORD))
            if self.role != "officer":  # to whom families are not there
                page = self.note("lists", self.client.get("/families/"))
                self.families = list(dict.fromkeys(re.findall(r"/families/([0-9a-f-]{36})/", page)))
            while time.monotonic() < self.until:
                self.pause(self.chance.expovariate(1 / THINK_SECONDS))
                if time.monotonic() < self.until:
                    self.act()
        except Exception as error:
            self.tally.wrong(f"{self.username}: {type(error).__name__}: {error}")
        finally:
            self.client.close()

    def pause(self, seconds: float) -> None:
        time.sleep(max(0.0, min(seconds, self.until - time.monotonic())))

    def note(self, kind: str, answer: Any, *expected: str) -> str:
        self.tally.took(kind, answer.seconds)
        if answer.status != 200 or "/signin" in answer.path or not all(word in answer.text for word in expected):
            self.tally.wrong(f"{self.username}, {kind}: {answer.status} at {answer.path}")
        return str(answer.text)

    def act(self) -> None:
        mix = dict(MIX)
        if self.role not in ("worker", "head"):  # they read
            mix = {"today": 20, "lists": 40, "report": 15}
        what = self.chance.choices(list(mix), list(mix.values()))[0]
        getattr(self, "do_" + what.replace(" ", "_"))()

    def do_today(self) -> None:
        self.note("today", self.client.get("/"))

    def do_open_a_family(self) -> None:
        self.note("family", self.client.get(f"/families/{self.chance.choice(self.families)}/"))

    def do_search_as_one_types(self) -> None:
        for words in self.chance.choice(LETTERS):
            answer = self.client.get(f"/families/suggest?q={quoted(words)}")
            self.note("search, each letter", answer)
            time.sleep(KEYS_SECONDS)

    def do_lists(self) -> None:
        paths = ["/records/", "/records/?kind=visit", f"/records/?q={quoted('血压')}"]
        path = self.chance.choice(paths if self.role == "officer" else ["/families/", *paths])
        self.note("lists", self.client.get(path))

    def do_report(self) -> None:
        self.note("report", self.client.get("/reports/results/"))

    def do_record_a_visit(self) -> None:
        address = f"/visits/new?family={self.chance.choice(self.families)}"
        values, choices = form_of(self.note("visit form", self.client.get(address)))
        self.pause(self.chance.uniform(2, THINK_SECONDS))
        story = f"老人血压偏高，提醒按时服药。{uuid.uuid4().hex}"
        met = choices.get("met", [])[:1]
        values |= {"narrative": [story], "met": met, "client_id": [str(uuid.uuid4())]}
        if not met:  # nobody of the family is left
            values["result"] = ["vacant"]
        answer = self.client.send(address, values)
        if answer.status == 422 and 'name="acknowledged"' in answer.text:  # a second visit on one day: asked, and meant
            again, _ = form_of(answer.text)
            answer = self.client.send(address, again | {"acknowledged": ["1"]})
        self.note("visit saved", answer, story)
        if answer.status == 200 and story in answer.text:
            self.visits.append(answer.path)
            with self.tally.lock:
                self.tally.saved.append(answer.path.strip("/").split("/")[1])

    def do_record_an_activity(self) -> None:
        values, _choices = form_of(self.note("activity form", self.client.get("/activities/new")))
        self.pause(self.chance.uniform(2, THINK_SECONDS))
        title = f"相伴童行{uuid.uuid4().hex[:8]}"
        values |= {"title": [title], "kind": ["children"], "children": ["20"], "method": ["signed"]}
        values |= {"client_id": [str(uuid.uuid4())], "summary": ["做了风筝。"]}
        self.note("activity saved", self.client.send("/activities/new", values), title)

    def do_correct(self) -> None:
        if not self.visits:
            self.do_record_a_visit()
            return
        address = f"{self.chance.choice(self.visits)}correct"
        values, _ = form_of(self.note("correction form", self.client.get(address)))
        self.pause(self.chance.uniform(2, THINK_SECONDS))
        story = f"更正：血压正常。{uuid.uuid4().hex}"
        answer = self.client.send(address, values | {"narrative": [story], "reason": ["记错了"]})
        self.note("correction saved", answer, story)


def quoted(words: str) -> str:
    from urllib.parse import quote

    return quote(words)


def crowd(city: Installation, people: int, tally: Tally, until: float) -> list[Person]:
    known = json.loads(city.code(WHO))
    chosen = [(name, "officer") for name in known["officer"][:1]]
    chosen += [(name, "supervisor") for name in known["supervisor"][:1]]
    chosen += [(name, "head") for name in known["head"][: people // 12]]
    taken = {name for name, _ in chosen}
    chosen += [(name, "worker") for name in known["worker"] if name not in taken][: people - len(chosen)]
    return [Person(name, role, city, tally, until, seed) for seed, (name, role) in enumerate(chosen)]


def measure(city: Installation, people: int, minutes: float) -> str:
    """Run the morning; the figures as Markdown. Raises RuntimeError where something saved is not there."""
    city.start("web", "worker", "periodic")
    city.until_ready()
    tally, until = Tally(), time.monotonic() + minutes * 60
    everybody = crowd(city, people, tally, until)
    say(f"{city.vendor}: {len(everybody)} people for {minutes:g} minutes")
    for person in everybody:
        person.start()
    for person in everybody:
        person.join(minutes * 60 + 60)
    file = city.data.parent / "saved.json"
    file.write_text(json.dumps(tally.saved))
    told, found = json.loads(city.code(KEPT.format(file=str(file))))
    if told != found:
        raise RuntimeError(f"{told} visits were acknowledged, {found} are there")
    for line in tally.errors[:20]:
        say(f"  {line}")
    return page(city.vendor, len(everybody), minutes, tally)


def page(vendor: str, people: int, minutes: float, tally: Tally) -> str:
    count = sum(map(len, tally.times.values()))
    head = (
        f"{vendor}: {people} people, {minutes:g} minutes, {count} requests ({count / minutes / 60:.1f} a second), "
        f"{len(tally.errors)} errors, {len(tally.saved)} visits acknowledged and all there."
    )
    lines = [head, "", "| Kind | Requests | p50 | p95 | p99 | longest |", "|---|---|---|---|---|---|"]
    for kind, times in sorted(tally.times.items(), key=lambda item: -len(item[1])):
        ordered = sorted(times)
        p50, p95, p99 = (ordered[min(len(ordered) - 1, int(len(ordered) * share))] for share in (0.5, 0.95, 0.99))
        lines.append(
            f"| {kind} | {len(times)} | {1000 * p50:.0f} ms | {1000 * p95:.0f} ms | {1000 * p99:.0f} ms"
            f" | {1000 * ordered[-1]:.0f} ms |"
        )
    return "\n".join(lines)
