"""The trail. Every kind of entry is declared once, reads as a sentence, and knows what of it is personal."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import models

from shuangbai.core import bulk, clock, digests
from shuangbai.core.ids import new_id
from shuangbai.core.models import AuditEvent

FORGOTTEN_WORDS = "（已按规定抹去）"
SYSTEM = "系统"


class Actor(Protocol):
    """Whoever acts: an account, or the system's own."""

    pk: Any
    display_name: str


@dataclass(slots=True)
class Console:
    """Whoever runs a command on the server: no account, the name of the system's user."""

    display_name: str
    pk: Any = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of entry; `sentence` may name {by} and the details.

    `personal` names the details that may hold a person's name or free text: they are what is forgotten. `opens`:
    such an entry says that masked values were opened, `count` of them, and why. `placeless`: which station it was
    about is not kept, because even that would tell too much.
    """

    code: str
    sentence: str
    personal: frozenset[str] = frozenset({"reason"})
    label: str = ""
    opens: bool = False
    placeless: bool = False

    @property
    def short(self) -> str:
        """What the kind is called in a list to choose from: its label, or its sentence without what varies."""
        plain = re.sub(r"\{\w+\}", "…", self.sentence.removeprefix("{by} "))
        return self.label or re.split("[：（，]", plain)[0].removeprefix("的")


KINDS: dict[str, Kind] = {}


def kind(
    code: str, sentence: str, *, personal: Iterable[str] = ("reason",), label: str = "", opens: bool = False,
    placeless: bool = False,
) -> Kind:  # fmt: skip
    """Declare a kind of entry. Raises ValueError for a code declared twice."""
    if code in KINDS:
        raise ValueError(f"audit kind declared twice: {code}")
    KINDS[code] = Kind(code, sentence, frozenset(personal), label, opens, placeless)
    return KINDS[code]


FORGOTTEN = kind(
    "trail.forgotten", "{by} 按规定抹去了一条留痕中的个人内容，依据：{basis}",
    personal=("basis",), label="抹去留痕中的个人内容",
)  # fmt: skip


def entry(what: Kind, /, *, by: Actor | None, about: models.Model, **details: Any) -> AuditEvent:
    """An entry not yet written; `about`'s station, where it has one and may be known, is kept beside it."""
    event = bulk.make(
        AuditEvent,
        id=new_id(),
        at=clock.now(),
        kind=what.code,
        by_id=by.pk if by else None,
        by_name=by.display_name if by else SYSTEM,
        station_id=None if what.placeless else getattr(about, "station_id", None),
        about_type=about._meta.label_lower,
        about_id=str(about.pk),
        details={name: value for name, value in details.items() if name not in what.personal},
        personal={name: value for name, value in details.items() if name in what.personal},
        salt=secrets.token_hex(16),
    )
    event.commitment = commitment_of(event)
    event.digest = digest_of(event)
    return event


def commitment_of(event: AuditEvent) -> str:
    """The commitment to the personal part as it now stands."""
    return digests.commitment(event.salt, event.by_name, event.personal)


def digest_of(event: AuditEvent) -> str:
    """The digest of the entry as it now stands."""
    return digests.digest(
        id=event.id, at=event.at, kind=event.kind, by_id=event.by_id, station_id=event.station_id,
        about_type=event.about_type, about_id=event.about_id, details=event.details, commitment=event.commitment,
    )  # fmt: skip


def record(what: Kind, /, *, by: Actor | None, about: models.Model, **details: Any) -> None:
    bulk.insert([entry(what, by=by, about=about, **details)])


def record_all(entries: Iterable[AuditEvent]) -> None:
    bulk.insert(list(entries))


def forget(*, by: Actor | None, events: Iterable[AuditEvent], basis: str, names: bool = False) -> int:
    """Replace the personal part of entries and drop its salt; each forgetting is an entry itself.

    Inside the caller's action, which knows who may. With `names` the name of whoever acted goes too; the
    account's key stays. The digest holds, because it covers a commitment and not the words. Returns how
    many entries were changed; one forgotten before is left alone.
    """
    told = []
    for event in events:
        if not event.salt:
            continue
        AuditEvent.objects.filter(pk=event.pk).update(
            by_name=FORGOTTEN_WORDS if names else event.by_name,
            personal=dict.fromkeys(event.personal, FORGOTTEN_WORDS),
            salt="",
        )
        told.append(entry(FORGOTTEN, by=by, about=event, basis=basis))
    record_all(told)
    return len(told)


class _Words(dict[str, Any]):
    """The details of an entry; what a later version of its sentence names and this one lacks is a dash."""

    def __missing__(self, name: str) -> str:
        return "—"


def sentence(event: AuditEvent) -> str:
    """The entry as a Chinese sentence; an unknown kind (from a later version) shows its code."""
    known = KINDS.get(event.kind)
    if known is None:
        return f"{event.by_name}：{event.kind}"
    return known.sentence.format_map(_Words({**event.details, **event.personal, "by": event.by_name}))
