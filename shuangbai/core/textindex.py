"""Finding words in texts: an index of bigrams behind one interface, on either database.

Two-character words are the commonest search and trigram indexes cannot find them, so each text is
kept as its set of character pairs: an FTS5 table on SQLite, a GIN index over a tsvector on
PostgreSQL. The owner's id is one more term, so that a search within one owner never reads another's.
A document's key begins with its day: newest first is the order of keys, and a search stops at its limit.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, connections

from shuangbai.core.bulk import insert_rows
from shuangbai.core.models import TextDocument
from shuangbai.core.statements import execute, execute_each

MIN_LENGTH = 2
_WORD = re.compile(r"[^\W_]+")

SQLITE_SETUP = (
    "CREATE VIRTUAL TABLE core_textgrams USING fts5(grams, content='', detail='none', columnsize=0,"
    ' tokenize="unicode61 remove_diacritics 0")'
)
# PostgreSQL must know how rare a pair is, or it walks through all documents from the newest on for one that few hold.
POSTGRES_SETUP = (
    "ALTER TABLE core_textdocument ADD COLUMN grams tsvector;"
    "ALTER TABLE core_textdocument ALTER COLUMN grams SET STATISTICS 1000;"
    "CREATE INDEX core_textdocument_grams ON core_textdocument USING gin (grams) WITH (fastupdate = off)"
)
SQLITE_UNDO = "DROP TABLE core_textgrams"
POSTGRES_UNDO = "ALTER TABLE core_textdocument DROP COLUMN grams"


@dataclass(frozen=True, slots=True)
class Text:
    """What is put into the index: whose it is, what it belongs to, the day it speaks of."""

    owner_id: UUID
    subject_id: UUID
    on: date
    text: str


def grams(text: str) -> set[str]:
    """The pairs of neighbouring characters in each run of letters, digits and Chinese characters."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return {run[i : i + 2] for run in _WORD.findall(folded) for i in range(len(run) - 1)}


def holds(text: str, words: str) -> bool:
    """Whether a text holds each run of `words` as it stands, not only its pairs apart."""
    folded = unicodedata.normalize("NFKC", text).lower()
    runs = _WORD.findall(unicodedata.normalize("NFKC", words).lower())
    return all(run in folded for run in runs if len(run) >= MIN_LENGTH)


def _owner_term(owner_id: UUID) -> str:
    return f"o{owner_id.hex}"


def _key(day: date) -> int:
    """20 bits of day, 40 bits of chance: the order of keys is the order of days."""
    return day.toordinal() << 40 | secrets.randbits(40)


def put(texts: Iterable[Text]) -> None:
    """Index new texts. A text without a pair of characters is left out."""
    rows = [(_key(t.on), t, " ".join([_owner_term(t.owner_id), *found])) for t in texts if (found := grams(t.text))]
    rows.sort(key=itemgetter(0))  # FTS5 writes out what it has gathered whenever a key is smaller than the one before
    real = connections["default"]
    if real.vendor == "sqlite":
        columns = ("id", "subject_id", "owner_id")
        insert_rows(TextDocument, columns, ((key, text.subject_id, text.owner_id) for key, text, _ in rows))
        execute_each(real, "INSERT INTO core_textgrams(rowid, grams) VALUES (%s, %s)", [(k, g) for k, _, g in rows])
    elif rows:
        execute(
            real,
            "INSERT INTO core_textdocument (id, subject_id, owner_id, grams)"
            " SELECT id, subject, owner, array_to_tsvector(string_to_array(pairs, ' '))"
            " FROM unnest(%s::bigint[], %s::uuid[], %s::uuid[], %s::text[]) AS new(id, subject, owner, pairs)",
            [[key for key, _, _ in rows], [text.subject_id for _, text, _ in rows],
             [text.owner_id for _, text, _ in rows], [pairs for _, _, pairs in rows]],
        )  # fmt: skip


def remove(owner_id: UUID, subject_ids: Sequence[UUID]) -> None:
    """Take texts out. On SQLite their pairs stay behind without a document and are never found again."""
    TextDocument.objects.filter(owner_id=owner_id, subject_id__in=subject_ids).delete()


def forget(owner_id: UUID, subject_id: UUID, text: str) -> None:
    """Take a text out so that not even its pairs are left: `text` is what was put, word for word.

    For what must not be found again by anybody, an index that is opened with other tools included.
    """
    keys = list(TextDocument.objects.filter(owner_id=owner_id, subject_id=subject_id).values_list("id", flat=True))
    if connection.vendor == "sqlite":
        pairs = " ".join([_owner_term(owner_id), *grams(text)])
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO core_textgrams(core_textgrams, rowid, grams) VALUES ('delete', %s, %s)",
                [(key, pairs) for key in keys],
            )
    TextDocument.objects.filter(id__in=keys).delete()


def find(words: str, *, owners: Sequence[UUID] | None, limit: int, before: int | None = None) -> list[tuple[int, UUID]]:
    """(key, subject) of the texts that hold every pair of `words`, newest day first.

    `owners` None searches all. `before` is the last key of the page before. Words of three and more
    characters can match texts that hold their pairs apart: the caller checks the text itself.
    Raises ValueError for words without a pair of characters.
    """
    wanted = sorted(grams(words))
    if not wanted:
        raise ValueError("请至少输入两个相连的字")
    terms = [f'"{gram}"' for gram in wanted]
    conjunction = " AND " if connection.vendor == "sqlite" else " & "
    if owners is not None:
        alternatives = " OR " if connection.vendor == "sqlite" else " | "
        terms.insert(0, f"({alternatives.join(_quoted(_owner_term(owner)) for owner in owners) or _quoted('none')})")
    query = conjunction.join(terms)
    if connection.vendor == "sqlite":
        sql = (
            "SELECT d.id, d.subject_id FROM core_textgrams JOIN core_textdocument d ON d.id = core_textgrams.rowid"
            " WHERE core_textgrams MATCH %s AND core_textgrams.rowid < %s ORDER BY core_textgrams.rowid DESC LIMIT %s"
        )
    else:
        query = query.replace('"', "'")
        sql = (
            "SELECT id, subject_id FROM core_textdocument"
            " WHERE grams @@ %s::tsquery AND id < %s ORDER BY id DESC LIMIT %s"
        )
    params: list[Any] = [query, before or 1 << 62, limit]
    operations: Any = connection.ops
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(sql, params)
        else:
            # The words in the statement: planned once for whatever word, it walks through all documents for a rare one.
            cursor.execute(operations.compose_sql(sql, params))
        return [(key, subject if isinstance(subject, UUID) else UUID(subject)) for key, subject in cursor.fetchall()]


def missing(look: int = 200) -> int:
    """Of documents, the newest and some at random, how many a search of their owner's does not find."""
    newest = TextDocument.objects.order_by("-id")[: look // 2]
    some = TextDocument.objects.order_by("?")[: look // 2]
    lost = 0
    with connection.cursor() as cursor:
        for key, owner in {row for part in (newest, some) for row in part.values_list("id", "owner_id")}:
            if connection.vendor == "sqlite":
                sql = "SELECT count(*) FROM core_textgrams WHERE core_textgrams MATCH %s AND rowid = %s"
                cursor.execute(sql, [_quoted(_owner_term(owner)), key])
            else:
                sql = "SELECT count(*) FROM core_textdocument WHERE grams @@ %s::tsquery AND id = %s"
                cursor.execute(sql, [f"'{_owner_term(owner)}'", key])
            lost += cursor.fetchone()[0] == 0
    return lost


def _quoted(term: str) -> str:
    return f'"{term}"'
