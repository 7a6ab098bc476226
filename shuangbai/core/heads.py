"""The heads of the trail's blocks in a file outside the database, so that cutting off the end shows.

One line a block: number, hash, number of entries, when it was sealed. Lines are only ever added. A line that
begins with `restored` says that the database was put back to an earlier state, and to which block. A line that
begins with `report` is the head of a frozen report (filings/verifying.py), which has a chain of its own.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

TAIL_BYTES = 64 * 1024
RESTORED = "restored"
REPORT = "report"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a block's head, or, with `restored`, the block to which a restored database went back.

    `number` is -1 where the line cannot be read.
    """

    number: int
    hash: str
    restored: bool = False


def path() -> Path:
    return Path(settings.TRAIL_HEADS)


def append(lines: Iterable[str]) -> None:
    """Add lines and wait until the disk has them. Raises OSError."""
    text = "".join(f"{line}\n" for line in lines)
    if not text:
        return
    fresh = not path().exists()
    descriptor = os.open(path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, text.encode("ascii"))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if fresh:
        folder = os.open(path().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def read() -> Iterator[Line]:
    """Every line of the trail in its order; nothing where there is no file."""
    yield from (_line(text) for text in _texts() if not _of_report(text))


def read_reports() -> Iterator[Line]:
    """Every line of frozen reports, and among them, as `restored`, where the database was put back."""
    for text in _texts():
        if _of_report(text):
            yield _line(text.partition(" ")[2])
        elif text.startswith(RESTORED):
            yield _line(text)


def _texts() -> Iterator[str]:
    if path().exists():
        with path().open(encoding="ascii", errors="replace") as file:
            yield from (text for text in file if text.strip())


def _of_report(text: str) -> bool:
    return text.startswith(f"{REPORT} ")


def tail() -> list[Line]:
    """The newest few hundred lines."""
    if not path().exists():
        return []
    with path().open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(size - TAIL_BYTES, 0))
        texts = file.read().decode("ascii", errors="replace").splitlines()
    whole = texts if size <= TAIL_BYTES else texts[1:]
    return [_line(text) for text in whole if text.strip() and not _of_report(text)]


def _line(text: str) -> Line:
    words = text.split()
    restored = words[0] == RESTORED
    words = words[1:] if restored else words
    if len(words) >= 2 and words[0].isdecimal():
        return Line(int(words[0]), words[1], restored)
    return Line(-1, text.strip()[:80])
