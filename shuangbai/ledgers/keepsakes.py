"""The file of an import as it came, and what was read of it: kept sealed, by names that tell nothing."""

import json
import zlib
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from shuangbai.core.bulk import in_parts
from shuangbai.core.papers import Paper, keep_paper, paper_data
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.ledgers.told import Row

BOOK, ROWS = "book", "rows"
LINE = 500


def keep_book(data: bytes) -> str:
    """Returns the name under which the file is kept."""
    return keep_paper(Paper(data, BOOK))


def keep_rows(rows: Sequence[Row]) -> str:
    """Returns the name under which what was read is kept: the columns of each sheet, then some rows a line."""
    columns = {row.sheet: row.columns for row in rows}
    return keep_paper(
        Paper(_squeezed([columns], ([row.as_list() for row in some] for some in in_parts(rows, LINE))), ROWS)
    )


def _squeezed(*lines: Iterable[Any]) -> bytes:
    """Lines of JSON, a line at a time: the whole text would be three times the ledger."""
    squeezing, encode = zlib.compressobj(6), json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    parts = [squeezing.compress(f"{encode(line)}\n".encode()) for line in chain(*lines)]
    return b"".join([*parts, squeezing.flush()])


def book_of(source: Import) -> bytes:
    """Raises FileNotFoundError where the file was dropped."""
    return paper_data(source.stored)


def rows_of(source: Import) -> list[Row]:
    """Raises FileNotFoundError where what was read was dropped."""
    first, *lines = zlib.decompress(paper_data(source.told)).splitlines()
    columns = {sheet: [(letter, header) for letter, header in some] for sheet, some in json.loads(first).items()}
    return [Row.of_list(values, columns[values[0]]) for line in lines for values in json.loads(line)]


def kept_names() -> Iterable[str]:
    """The names of all that imports keep."""
    for names in Import.objects.values_list("stored", "told"):
        yield from filter(None, names)
    yield from filter(None, Dealing.objects.values_list("stored", flat=True))
