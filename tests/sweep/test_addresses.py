"""Every address as everybody: own people, strangers, the bureau, three administrators, and who is shut out."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import date

import pytest

from shuangbai.core.bulk import in_parts
from shuangbai.core.models import Installation
from shuangbai.households.actions import open_tags
from shuangbai.households.entries import TagEntry
from shuangbai.households.enums import Relation
from tests.cast import a_family, a_file, a_member, a_visit, an_activity, forget_installation
from tests.sweep import addresses, cases, safeguarding
from tests.sweep.aside import held, in_caches, told_aside
from tests.sweep.asking import Answer, Row, ask, form_for, lasting, named_patterns, rows, some_of
from tests.sweep.carried import uncarried
from tests.sweep.world import CLEAR, PEOPLE, READS, WORDS, Nowhere, Place, World, undone

pytestmark = pytest.mark.django_db
ROWS = rows()
OPENING = {"family-unmask", "dossier-unmask"}  # the pages that open what is masked, for a reason
METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


class TestTheTableIsWhole:
    def test_every_address_stands_in_it(self) -> None:
        missing = {pattern.name or str(pattern.pattern) for pattern in named_patterns()} - {row.name for row in ROWS}
        assert not missing, f"write a line in tests/sweep/addresses.py for each of {sorted(missing)}"

    def test_nothing_stands_in_it_that_is_no_address(self) -> None:
        named = {pattern.name for pattern in named_patterns()}
        assert {row.name for row in ROWS} <= named

    def test_no_line_stands_twice(self) -> None:
        assert len({str(row) for row in ROWS}) == len(ROWS)

    def test_every_sign_is_explained_and_every_post_has_its_form(self) -> None:
        used = {sign for row in ROWS for column in (row.here, row.there or {}) for sign in column.values()}
        assert used <= set(addresses.SIGNS)
        assert {row.sends for row in ROWS if row.method == "POST"} == set(addresses.FORMS)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_an_address_answers_each_as_the_table_says(world: World, log: io.StringIO, row: Row) -> None:
    """And what is not there for somebody is, by status, page, headers and queries, what does not exist.

    Every answer carries its headers, and nothing personal leaves beside a page: by an address one is sent to, a header,
    a cookie, a log, a cache. The number and shape of queries stand for time: a clock would measure the machine.
    """
    got: dict[str, dict[str, str]] = {"here": {}, "there": {}}
    told: list[str] = []
    some = some_of(PEOPLE, row, row.here)
    with undone():  # some forms first bring about what is asked for
        for who in some:
            nothing = (
                ask(world, who, row.method, row.address(Nowhere()), form_for(row, world.here)) if row.keyed else None
            )
            for place in (world.here, world.there) if row.there else (world.here,):
                answer = ask(world, who, row.method, row.address(place.keys), form_for(row, place))
                got[place.name][who] = answer.sign
                told += [f"{who} gets no good {part}" for part in uncarried(row, answer)]
                told += [f"{who} takes along {words}" for words in told_aside(answer)]
                told += leaks(answer.page.decode(errors="replace"), who, opened=row.name in OPENING)
                if nothing and answer.sign == "." and not in_ones_sight(row, who, place.name):
                    told += [f"{who} tells {place.name} from nothing by its {part}" for part in answer.unlike(nothing)]
            if nothing:
                told += [f"{who} finds what does not exist"] if nothing.sign in "+>" else []
    told += [f"{word} in the log or a cache" for word in held(log.getvalue() + in_caches())]
    expected = {"here": row.here, "there": row.there or {}}
    assert {(p, who): sign for p, one in got.items() for who, sign in one.items() if sign != expected[p][who]} == {}
    assert told == []


def leaks(page: str, who: str, *, opened: bool) -> list[str]:
    """Words about a family that stand on a page of somebody who may not see them there."""
    found = []
    for place, words in WORDS.items():
        for kind, text in words.items():
            may = place in READS.get(who, ()) and (kind not in CLEAR or opened)
            meant = (kind, who) in {("words", "officer"), ("feedback", "sysadmin")}  # veiled; and whoever answers
            if text in page and not may and not meant:
                found.append(f"{who} sees {kind} of {place}")
    for what, room in (("alarm", safeguarding), ("case", cases)):
        told = [place for place, text in room.SAID.items() if text in page and place not in room.FEW.get(who, ())]
        found += [f"{who} sees the {what} of {place}" for place in told]
    return found


BELONGING = [row for row in ROWS if row.keyed]


def in_ones_sight(row: Row, who: str, place: str) -> bool:
    """Whether somebody sees the thing by another line, or it is their own account: only this may not be done to it."""
    return row.takes[:1] == (who,) or any(
        (other.here if place == "here" else other.there or {}).get(who) in {"+", ">"}
        for other in BELONGING
        if other.takes[:1] == row.takes[:1]
    )


@pytest.mark.parametrize("name", sorted({row.name for row in ROWS}))
def test_other_methods_are_refused(world: World, name: str) -> None:
    """HEAD answers like GET; what has no line is 405 for whoever is signed in, the door for who is not."""
    lines = [row for row in ROWS if row.name == name]
    by_method = {row.method: row for row in reversed(lines)}
    open_door = by_method.get("GET", lines[0]).here["out"] != "s"
    address = lines[0].address(world.here.keys)
    for method in METHODS:
        for who in ("worker", "nobody", "out"):
            line = by_method.get("GET" if method == "HEAD" else method)
            if method in by_method:
                continue
            answer = ask(world, who, method, address)
            expected = line.here[who] if line else "s" if who == "out" and not open_door else "x"
            assert (method, who, answer.sign) == (method, who, expected)
            if method == "HEAD":
                assert answer.page == b""


# Whoever sees nothing of 城东: what happens there may change nothing that they see.
APART = ["neighbour", "stranger", "sysadmin", "security", "auditor", "ended", "nobody", "out"]
TOGETHER = 12  # pages that are asked before and after one change: bringing it about takes as long as three pages
PAGES = list(in_parts([row for row in ROWS if row.method in ("GET", "HTMX")], TOGETHER))


def answers(
    world: World, some: Sequence[Row], at: Place, people: Callable[[Row], Sequence[str]]
) -> dict[tuple[str, str], Answer]:
    """What these pages say, each to its people."""
    return {
        (who, str(row)): ask(world, who, row.method, row.address(at.keys))
        for row in some
        for who in people(row)
        # The auditor reads what was done everywhere; that is what the trail is for.
        if who != "auditor" or not row.name.startswith("trail")
    }


@pytest.mark.parametrize("some", PAGES, ids=lambda some: str(some[0]))
def test_what_happens_at_a_station_changes_no_page_elsewhere(world: World, some: list[Row]) -> None:
    """No name, no count, no suggestion: the page before and after is the same to the letter."""

    def changed() -> dict[tuple[str, str], list[str]]:
        before = answers(world, some, world.there, lambda row: some_of(APART, row, row.there))
        with undone():
            more_happens(world.here)
            after = answers(world, some, world.there, lambda row: some_of(APART, row, row.there))
        return {asked: unlike for asked in before if (unlike := before[asked].unlike(after[asked]))}

    assert not lasting(changed)


def test_the_same_shows_to_whoever_should_see_it(world: World) -> None:
    """Otherwise the test before could not fail."""
    before = {who: ask(world, who, "GET", "/records/") for who in ("worker", "supervisor", "officer", "stranger")}
    with undone():
        more_happens(world.here)
        changed = {who for who, answer in before.items() if ask(world, who, "GET", "/records/").page != answer.page}
    assert changed == {"worker", "supervisor", "officer"}


@pytest.mark.parametrize("some", PAGES, ids=lambda some: str(some[0]))
def test_a_restricted_category_changes_no_page_of_who_may_not_open_it(world: World, some: list[Row]) -> None:
    """Not by its name, nor by a number, a line that comes or goes, or an answer of a filter."""

    def told() -> list[tuple[str, str]]:
        before = answers(world, some, world.here, lambda row: UNOPENED)
        with undone():
            becomes_secret(world.here)
            after = answers(world, some, world.here, lambda row: UNOPENED)
        return [asked for asked in before if {"status", "page"} & {*before[asked].unlike(after[asked])}]

    assert not lasting(told)


def test_those_who_work_on_the_family_see_it(world: World) -> None:
    address = f"/families/{world.here.household.pk}/"
    with undone():
        becomes_secret(world.here)
        pages = {who: ask(world, who, "GET", address).page.decode() for who in ("worker", "supervisor")}
        trail = ask(world, "auditor", "GET", "/trail/").page.decode()
    assert all("社区矫正对象" in page for page in pages.values())
    assert "登记了类别「保密类别」" in trail
    assert "社区矫正对象" not in trail


OPEN_BEFORE = {"first-run", "health", "ready"}  # while there is no city yet


def test_until_a_city_is_founded_every_address_leads_to_the_first_run(world: World) -> None:
    with undone():
        Installation.objects.update(founding=True)
        forget_installation()
        told = {
            (str(row), who): response
            for row in ROWS
            for who in ("sysadmin", "out")
            if row.name not in OPEN_BEFORE
            and (response := ask(world, who, row.method, row.address(world.here.keys), form_for(row, world.here)))
            .headers.get("Location") != "/first-run"
        }  # fmt: skip
    assert told == {}


FIGURE = re.compile(r'class="figure-value[^"]*"[^>]*>(.*?)</', re.DOTALL)


def test_a_figure_does_not_depend_on_who_asks(world: World) -> None:
    address = f"/reports/results/?first=2017-07-01&last=2020-06-06&scope={world.here.station.code}"
    told = {
        who: FIGURE.findall(ask(world, who, "GET", address).page.decode())
        for who in ("worker", "head", "supervisor", "officer")
    }
    assert len(told["worker"]) > 10
    assert all(figures == told["worker"] for figures in told.values())


UNOPENED = ["officer", "auditor"]


def becomes_secret(at: Place) -> None:
    """Somebody of the family is found to have carried a restricted category all along."""
    open_tags(by=at.by, bearer=at.person, entries=[TagEntry("correction", date(2019, 1, 1))], acknowledged=True)


def more_happens(at: Place) -> None:
    """A further family with a file, a visit to it, an activity, at one place."""
    family = a_family(at.station, at.by, members=[a_member("曾秀芳", Relation.HEAD)], tags=["dibao_rural"])
    a_file(family, at.by, on=date(2020, 5, 4))
    a_visit(at.station, at.by, family, narrative="血压正常")
    an_activity(at.station, at.by, title="又一场", people=family.people)
