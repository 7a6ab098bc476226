"""The trail. Every kind of entry is declared once and reads as a sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from shuangbai.core import bulk, clock
from shuangbai.core.models import AuditEvent


class Actor(Protocol):
    """Whoever acts: an account, or the system's own."""

    pk: Any
    display_name: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry; `sentence` may name {by} and the details. Details hold no personal values."""

    code: str
    sentence: str


KINDS: dict[str, Kind] = {}


def kind(code: str, sentence: str) -> Kind:
    """Declare a kind of entry. Raises ValueError for a code declared twice."""
    if code in KINDS:
        raise ValueError(f"audit kind declared twice: {code}")
    KINDS[code] = Kind(code, sentence)
    return KINDS[code]


def entry(what: Kind, /, *, by: Actor | None, about: models.Model, **details: Any) -> AuditEvent:
    """An entry not yet written; `about`'s station, where it has one, is kept beside it."""
    return AuditEvent(
        at=clock.now(),
        kind=what.code,
        by_id=by.pk if by else None,
        by_name=by.display_name if by else "系统",
        station_id=getattr(about, "station_id", None),
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        details=details,
    )


def record(what: Kind, /, *, by: Actor | None, about: models.Model, **details: Any) -> None:
    bulk.insert([entry(what, by=by, about=about, **details)])


def record_all(entries: Iterable[AuditEvent]) -> None:
    bulk.insert(list(entries))


def sentence(event: AuditEvent) -> str:
    """The entry as a Chinese sentence; an unknown kind (from a later version) shows its code."""
    known = KINDS.get(event.kind)
    if known is None:
        return f"{event.by_name}:{event.kind}"
    return known.sentence.format_map({"by": event.by_name, **event.details})
