"""The database itself refuses to change what is in the trail: triggers, in each database's own way.

An entry may be changed in two ways only: it gets its block, and its personal part is forgotten (then the
salt is empty and the rest stays). A sealed entry and a block are never deleted. Whoever owns the database
can take the triggers off; `chain.verify` says so, and finds what was changed meanwhile.

A migration that rebuilds core_auditevent on SQLite loses the triggers with the old table: it must end with
`KeepTrail` again.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_EVENT, _BLOCK = "core_auditevent", "core_auditblock"
_PLAIN = ("id", "at", "kind", "by_id", "station_id", "about_type", "about_id", "details", "commitment", "digest")
_PERSONAL = ("by_name", "personal", "salt")
NAMES = ("trail_event_kept", "trail_event_stays", "trail_block_kept", "trail_block_stays")


def _same(columns: tuple[str, ...], operator: str) -> str:
    return " AND ".join(f"OLD.{column} {operator} NEW.{column}" for column in columns)


def _allowed(operator: str) -> str:
    """The two changes that an entry may see: it gets its block, or its personal part is forgotten."""
    sealing = f"OLD.block IS NULL AND {_same(_PERSONAL, operator)}"
    forgetting = f"{_same(('block',), operator)} AND NEW.salt = ''"
    return f"{_same(_PLAIN, operator)} AND (({sealing}) OR ({forgetting}))"


def _sqlite() -> list[str]:
    def refuse(name: str, when: str, table: str, condition: str) -> str:
        told = "BEGIN SELECT RAISE(ABORT, 'the trail is sealed'); END"
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} {condition} {told}"

    return [
        refuse(NAMES[0], "UPDATE", _EVENT, f"WHEN NOT ({_allowed('IS')})"),
        refuse(NAMES[1], "DELETE", _EVENT, "WHEN OLD.block IS NOT NULL"),
        refuse(NAMES[2], "UPDATE", _BLOCK, ""),
        refuse(NAMES[3], "DELETE", _BLOCK, ""),
    ]


def _postgres() -> list[str]:
    def refuse(name: str, when: str, table: str, condition: str) -> str:
        told = "EXECUTE FUNCTION trail_is_sealed()"
        return f"CREATE TRIGGER {name} BEFORE {when} ON {table} FOR EACH ROW {condition} {told}"

    said = "RAISE EXCEPTION 'the trail is sealed' USING ERRCODE = 'check_violation'"
    head = "CREATE OR REPLACE FUNCTION trail_is_sealed() RETURNS trigger LANGUAGE plpgsql AS"
    return [
        f"{head} $$ BEGIN {said}; END $$",
        refuse(NAMES[0], "UPDATE", _EVENT, f"WHEN (NOT ({_allowed('IS NOT DISTINCT FROM')}))"),
        refuse(NAMES[1], "DELETE", _EVENT, "WHEN (OLD.block IS NOT NULL)"),
        refuse(NAMES[2], "UPDATE", _BLOCK, ""),
        refuse(NAMES[3], "DELETE", _BLOCK, ""),
    ]


def setup(vendor: str) -> list[str]:
    """The statements that set the guard."""
    return undo(vendor) + (_sqlite() if vendor == "sqlite" else _postgres())


def undo(vendor: str) -> list[str]:
    """The statements that take it off."""
    tables = (_EVENT, _EVENT, _BLOCK, _BLOCK)
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in NAMES]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in zip(NAMES, tables, strict=True)]


def is_set() -> bool:
    """Whether the database has all triggers, switched on."""
    if connection.vendor == "sqlite":
        sql = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN (%s, %s, %s, %s)"
    else:
        sql = "SELECT count(DISTINCT tgname) FROM pg_trigger WHERE tgenabled <> 'D' AND tgname IN (%s, %s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, NAMES)
        return bool(cursor.fetchone()[0] == len(NAMES))


@contextmanager
def lifted() -> Iterator[None]:
    """Without the guard inside the block: for copying an installation, and for tests that tamper."""
    _execute(undo(connection.vendor))
    try:
        yield
    finally:
        _execute(setup(connection.vendor))


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
