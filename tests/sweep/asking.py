"""Reading the tables, and asking one question of one address as one person."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.db import connection
from django.http import SimpleCookie
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from shuangbai.codes import queries as code_lists
from shuangbai.core import clock, strangers
from shuangbai.core import queries as core_queries
from shuangbai.core.queries import installation_names
from tests.sweep import addresses
from tests.sweep.world import ACTING, GROUPS, KEYS, Place, World, undone, writes

NAMED = re.compile(r"(?P<name>[\w-]+)(?:\((?P<takes>[^)]*)\))?(?P<query>\?[^#]*)?(?:#(?P<variant>\w+))?$")
# What is new at each asking, and the address itself, where a page leads back to it.
TOKEN = re.compile(
    rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value="|name="sealed" value="|name="made" value="|'
    rb'/feedback/new\?from=)[^"]*'
)
SENT_ONCE = re.compile(rb'(name="(?:row-\w+-)?client_id"[^>]* value=")[^"]*|(value=")[^"]*("[^>]* name="client_id")')
QUOTED, NUMBER = re.compile(r"'(?:[^']|'')*'"), re.compile(r"\b[0-9a-f]{32}\b|\b\d+\b")
CURSOR = re.compile(r"_django_curs_\w+")
QUARTER = 4
LIST = re.compile(r"\(\s*\?(?:\s*,\s*\?)*\s*\)|\(\?(?:::uuid)?(?:, \?(?:::uuid)?)*\)")


@dataclass(frozen=True)
class Row:
    """A line of the table: `here` and `there` say a sign for each of PEOPLE."""

    label: str
    name: str
    takes: tuple[str, ...]
    query: str
    sends: str
    method: str
    here: Mapping[str, str]
    there: Mapping[str, str] | None

    def address(self, keys: Mapping[str, str]) -> str:
        known = [keys[word] if word in KEYS else word for word in self.takes]
        return reverse(self.name, args=known) + re.sub(r"\{(\w+)\}", lambda found: keys[found[1]], self.query)

    @property
    def keyed(self) -> bool:
        """Whether the address says which thing of a station's is meant."""
        return "{" in self.query or any(word in KEYS for word in self.takes)

    def __str__(self) -> str:
        return f"{self.method} {self.label}"


def signs(text: str, of: list[list[str]]) -> dict[str, str]:
    """Raises ValueError for a column that does not have a sign for each person, grouped as they are."""
    groups = text.split()
    if [len(group) for group in groups] != [len(group) for group in of]:
        raise ValueError(f"not one sign for each of {of}: {text!r}")
    return dict(zip([name for group in of for name in group], "".join(groups), strict=True))


def rows() -> list[Row]:
    found = []
    for line in addresses.TABLE.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        label, method, *columns = [cell.strip() for cell in line.split(" | ")]
        match = NAMED.match(label)
        assert match, f"not a line of the table: {line}"
        takes = tuple(filter(None, (match["takes"] or "").split(",")))
        here, there = (
            [signs(text, GROUPS) for text in columns] if len(columns) == 2 else [signs(columns[0], GROUPS), None]
        )
        sends = match["name"] + (f"#{match['variant']}" if match["variant"] else "")
        found.append(Row(label, match["name"], takes, match["query"] or "", sends, method, here, there))
    return found


def act_rows(table: str) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    """For each action what everybody gets at 城东 and at 东洲; nobody acts signed out."""
    groups = [[name for name in group if name in ACTING] for group in GROUPS]
    found = {}
    for line in filter(str.strip, table.splitlines()):
        name, here, there = [cell.strip() for cell in line.split(" | ")]
        assert name not in found, f"{name} stands twice"
        found[name] = signs(here, groups), signs(there, groups)
    return found


def named_patterns() -> Iterator[URLPattern]:
    """Every address of the resolver, those without a name too."""
    stack: list[Any] = [get_resolver()]
    while stack:
        one = stack.pop()
        if isinstance(one, URLResolver):
            stack += one.url_patterns
        else:
            yield one


@dataclass(frozen=True)
class Answer:
    sign: str
    status: int
    page: bytes
    headers: dict[str, str]
    asked: tuple[str, ...]
    cookies: Mapping[str, Any]

    def unlike(self, other: Answer) -> list[str]:
        """By what somebody could tell two answers apart."""
        found = [name for name in ("status", "page", "headers") if getattr(self, name) != getattr(other, name)]
        if self.asked != other.asked:
            pairs = zip_longest(self.asked, other.asked, fillvalue="nothing")
            mine, theirs = next((mine, theirs) for mine, theirs in pairs if mine != theirs)
            found.append(f"queries, first {mine} and {theirs}")
        return found


# To htmx the door says 401 and where it is: a part of a page cannot be redirected.
STATUS = {200: "+", 400: "?", 401: "s", 403: "c", 404: ".", 405: "x", 409: "=", 422: "!"}


def sign_of(response: Any) -> str:
    if response.status_code == 302:
        return "s" if response["Location"].startswith("/signin?next=") else ">"
    return STATUS.get(response.status_code, str(response.status_code))


def shape(sql: str) -> str:
    """A query without what it was asked with; a savepoint without its number."""
    if "SAVEPOINT" in sql:
        return sql.partition('"')[0]
    return LIST.sub("(?)", CURSOR.sub("", NUMBER.sub("?", QUOTED.sub("?", sql))))


def client_as(world: World, who: str, **options: Any) -> Client:
    """A client as signed in as at first, whatever an earlier question did to its cookies."""
    client = Client(**options)
    if not options:
        client.handler = world.clients[who].handler  # which has put its middleware together
    client.cookies = SimpleCookie(world.clients[who].cookies.output(header="", sep=";"))
    return client


_remembered: list[int] = []  # how much had been written when it was read


def remember() -> None:
    """Let the process know what it asks once in a while, so that it is not asked in the midst of a question; and let
    pages for strangers not tire of one address that asks as everybody."""
    strangers.OPENINGS._counts.clear()
    strangers.SENDINGS._counts.clear()
    strangers.BYTES._counts.clear()
    if _remembered != [writes()]:
        code_lists.forget()
        core_queries.forget()
        clock.forget()
    elif core_queries._kept:  # what was read stays true, however long ago that was
        core_queries._kept[0] = (int(time.monotonic() // core_queries.TRUSTED_SECONDS), *core_queries._kept[0][1:])
        code_lists._kept.until = time.monotonic() + code_lists.TRUSTED_SECONDS
    clock.standing_day()
    installation_names()
    code_lists.all_lists()
    _remembered[:] = [writes()]


def ask(world: World, who: str, method: str, address: str, form: Mapping[str, Any] | None = None) -> Answer:
    """The answer, with the queries that it took; what it wrote is taken back."""
    client, headers = client_as(world, who), {"HX-Request": "true"} if method == "HTMX" else {}
    remember()
    with undone(), CaptureQueriesContext(connection) as captured:
        if method == "POST":
            response = client.post(address, form or {}, headers=headers)
        else:
            response = client.generic("GET" if method == "HTMX" else method, address, headers=headers)
        page = b"".join(response.streaming_content) if response.streaming else response.content
    plain = SENT_ONCE.sub(b"", TOKEN.sub(b"", page))
    kept = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    asked = tuple(shape(query["sql"]) for query in captured)
    return Answer(sign_of(response), response.status_code, plain, kept, asked, response.cookies)


def some_of(people: Sequence[str], line: object, may: Mapping[str, str] | None = None) -> list[str]:
    """Everybody; on the second database a quarter of them, another for each line, and the first whom it lets in.

    Who may do what is decided in Python, so the second database is asked whether it answers alike, not everything anew.
    """
    if connection.vendor == "sqlite":
        return list(people)
    first = next((who for who in people if (may or {}).get(who, ".") in "+>"), people[0])
    turn = zlib.crc32(str(line).encode()) % QUARTER
    return [who for place, who in enumerate(people) if who == first or place % QUARTER == turn]


def lasting(told: Callable[[], Any]) -> Any:
    """What is told twice running: pages with a clock differ where a minute ends between two questions."""
    return told() and told()


def form_for(row: Row, at: Place) -> dict[str, Any] | None:
    return addresses.FORMS[row.sends](at) if row.method == "POST" else None
