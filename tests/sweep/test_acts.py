"""Every action as everybody, with arguments that are valid for the place: NotAllowed, or as the table says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, signature
from typing import Any

import pytest

from checks import ROOT
from shuangbai.accounts.actions import sign_out
from shuangbai.accounts.models import AccountSession
from shuangbai.core.audit import Console
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.actions import change_member
from shuangbai.households.enums import Relation
from shuangbai.households.models import Membership
from shuangbai.network.models import User
from tests.cast import START, TODAY, again
from tests.sweep.acts import ARGUMENTS, SIGNS, TABLE, WITHOUT_ACTOR
from tests.sweep.asking import act_rows, some_of
from tests.sweep.world import ACTING, Place, World, undone

pytestmark = pytest.mark.django_db
ROWS = act_rows(TABLE)
NAMES = {name.partition("#")[0] for name in ROWS}


def marked() -> Iterator[str]:
    """Every function of the product that is marked @action, read from the code."""
    for path in sorted((ROOT / "shuangbai").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT / "shuangbai").with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(_named(one) == "action" for one in node.decorator_list):
                yield f"{module}.{node.name}"


def _named(decorator: ast.expr) -> str:
    return getattr(decorator, "id", getattr(decorator, "attr", ""))


def function_of(name: str) -> Any:
    module, _, function = name.partition("#")[0].rpartition(".")
    return getattr(import_module(f"shuangbai.{module}"), function)


class TestTheTableIsWhole:
    def test_every_action_stands_in_it(self) -> None:
        missing = set(marked()) - NAMES - set(WITHOUT_ACTOR)
        assert not missing, f"write a line in tests/sweep/acts.py for each of {sorted(missing)}"

    def test_nothing_stands_in_it_that_is_no_action(self) -> None:
        assert {*NAMES, *WITHOUT_ACTOR} <= set(marked())
        assert set(ARGUMENTS) == set(ROWS)
        assert {sign for one in ROWS.values() for column in one for sign in column.values()} <= set(SIGNS)

    def test_an_action_has_an_actor_unless_a_reason_says_why_not(self) -> None:
        with_actor = {name for name in marked() if "by" in signature(function_of(name)).parameters}
        assert with_actor - set(WITHOUT_ACTOR) == NAMES
        for name in with_actor & set(WITHOUT_ACTOR):  # the console and the demonstration act as nobody
            by = signature(function_of(name)).parameters["by"]
            assert by.default is None or by.annotation is Console, name
        assert all(WITHOUT_ACTOR.values())

    def test_an_action_takes_nothing_by_position(self) -> None:
        for name in marked():
            kinds = {parameter.kind for parameter in signature(function_of(name)).parameters.values()}
            assert kinds <= {Parameter.KEYWORD_ONLY}, name


@pytest.mark.parametrize("name", ROWS)
def test_an_action_answers_each_as_the_table_says(world: World, name: str) -> None:
    for place, expected in zip((world.here, world.there), ROWS[name], strict=True):
        got = {who: outcome(name, place, world.as_now(who)) for who in some_of(ACTING, name, expected)}
        assert {(place.name, who): sign for who, sign in got.items() if sign != expected[who]} == {}


def outcome(name: str, place: Place, by: User) -> str:
    """What came of it; where it was not allowed or refused, nothing stays in the trail."""
    with undone():
        given = ARGUMENTS[name](place)  # some first bring about what the action asks for
        written = AuditEvent.objects.count()
        try:
            function_of(name)(by=again(by), **given)
        except NotAllowed:
            assert AuditEvent.objects.count() == written
            return "."
        except Refused:
            assert AuditEvent.objects.count() == written
            return "!"
    return "+"


class TestFoundBySweeping:
    """What the tables cannot say: things that belong to two stations at once."""

    def test_whoever_is_of_two_families_has_each_membership_changed_by_its_own_station(
        self,
        world: World,
    ) -> None:
        here, there = world.here, world.there
        with undone():
            elsewhere = Membership.objects.create(
                station=there.station, household=there.household, person=here.person, relation=Relation.SON,
                is_primary=False, starts_on=START,
            )  # fmt: skip
            said = {"version": 1, "changes": {}, "dated": {"ends_on": TODAY}, "acknowledged": True}
            with pytest.raises(NotAllowed):
                change_member(by=world.as_now("worker"), membership=elsewhere, **said)
            assert change_member(by=world.as_now("worker"), membership=here.membership, **said).ends_on == TODAY

    def test_nobody_signs_somebody_else_out(self, world: World) -> None:
        """Signing out of what is there no more is no fault, so the table cannot tell it from signing out another."""
        session = world.here.managed.session
        for who in ACTING:
            with undone():
                sign_out(by=world.as_now(who), session_id=str(session.pk))
                assert AccountSession.objects.filter(pk=session.pk).exists() == (who != "worker"), who
