"""The file of an import as it came, and what was read of it: kept sealed, by names that tell nothing."""

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from shuangbai.core.bulk import in_parts
from shuangbai.core.papers import Paper, keep_paper, paper_data
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.ledgers.told import Row

BOOK, ROWS = "book", "rows"
LINE = 500
PIECE = 1 << 16
SHORT = 40


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


def rows_of(source: Import, *, cells: bool = True) -> list[Row]:
    """What was read, on request without the cells: half of it. Raises FileNotFoundError where it was dropped."""
    lines = _lines(paper_data(source.told))
    columns = {sheet: [(letter, header) for letter, header in some] for sheet, some in json.loads(next(lines)).items()}
    seen: dict[str, str] = {}
    found = []
    for line in lines:
        for values in json.loads(line):
            row = Row.of_list(values, columns[values[0]])
            row.sheet, row.said = seen.setdefault(row.sheet, row.sheet), _shared(row.said, seen)
            if not cells:
                row.packed = None
            found.append(row)
    return found


def _lines(squeezed: bytes) -> Iterator[bytes]:
    """A line at a time: the whole text would be several times the ledger."""
    unpacking, waiting = zlib.decompressobj(), b""
    for start in range(0, len(squeezed), PIECE):
        *whole, waiting = (waiting + unpacking.decompress(squeezed[start : start + PIECE])).split(b"\n")
        yield from whole
    if rest := waiting + unpacking.flush():
        yield from filter(None, rest.split(b"\n"))


def _shared(said: dict[str, Any], seen: dict[str, str]) -> dict[str, Any]:
    """What a row says, with the names and words that other rows say too as one text each."""
    once = seen.setdefault
    return {
        once(name, name): once(value, value) if isinstance(value, str) and len(value) < SHORT else value
        for name, value in said.items()
    }


def kept_names() -> Iterable[str]:
    """The names of all that imports keep."""
    for names in Import.objects.values_list("stored", "told"):
        yield from filter(None, names)
    yield from filter(None, Dealing.objects.values_list("stored", flat=True))
