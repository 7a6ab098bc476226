"""How far a long import has come: in a file beside the database, since one transaction shows nothing before its end."""

import contextlib
from pathlib import Path
from uuid import UUID

from django.conf import settings


def _path(pk: UUID) -> Path:
    return Path(settings.DATA_DIR) / "progress" / str(pk)


def note(pk: UUID, done: int, total: int) -> None:
    """A disk that is full shows no progress, and stops nothing."""
    with contextlib.suppress(OSError):
        _path(pk).parent.mkdir(mode=0o700, exist_ok=True)
        _path(pk).write_text(f"{done} {total}")


def noted(pk: UUID) -> tuple[int, int]:
    """Rows done and rows in all; (0, 1) where nothing is known."""
    try:
        done, total = map(int, _path(pk).read_text().split())
    except (OSError, ValueError):
        return 0, 1
    return done, max(total, 1)


def forget(pk: UUID) -> None:
    with contextlib.suppress(OSError):
        _path(pk).unlink(missing_ok=True)
