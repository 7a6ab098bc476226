"""Statements by the driver's own cursor: what Django's would give, refuse and show to whoever looks on."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from shuangbai.core.models import PeriodicRun
from shuangbai.core.statements import execute, execute_each, fetched

pytestmark = pytest.mark.django_db

TABLE = PeriodicRun._meta.db_table
INSERT = f"INSERT INTO {TABLE} (name, due_at, outcome, error) VALUES (%s, '2020-06-06', 'waiting', %s)"


def named(like: str) -> list[tuple[Any, ...]]:
    question = f"SELECT name, error FROM {TABLE} WHERE name LIKE 'x%%' AND error = %s ORDER BY name"
    return fetched(connections["default"], question, [like])


def test_they_give_the_same_whether_somebody_looks_on_or_not(django_assert_num_queries: Any) -> None:
    real = connections["default"]
    execute(real, INSERT, ["x1", "100%s"])
    execute_each(real, INSERT, [("x2", "100%s"), ("x3", "?")])
    execute_each(real, INSERT, [])
    assert named("100%s") == [("x1", "100%s"), ("x2", "100%s")]
    with django_assert_num_queries(2):
        execute(real, INSERT, ["x4", "?"])
        assert named("?") == [("x3", "?"), ("x4", "?")]


def test_errors_are_djangos() -> None:
    real = connections["default"]
    execute(real, INSERT, ["x1", ""])
    with pytest.raises(IntegrityError), transaction.atomic():
        execute(real, INSERT, ["x1", ""])
    assert named("") == [("x1", "")]


def test_a_transaction_that_is_broken_is_not_asked_anything() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            named("")


def test_whoever_refuses_statements_sees_them() -> None:
    seen = []

    def watch(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return run(sql, params, many, context)

    with connection.execute_wrapper(watch):
        execute(connections["default"], INSERT, ["x1", ""])
    assert seen == [INSERT]


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_opened_anew_is_asked_anew() -> None:
    execute(connections["default"], INSERT, ["x1", ""])
    connections["default"].close()
    assert named("") == [("x1", "")]
