"""Whose pictures somebody may see: those of the things that they may see. The rooms above say what these things are.

A room registers each kind of thing that has pictures when it starts (docs/how-to/pictures.md).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.pictures.models import Picture
from shuangbai.pictures.rules import PUBLISHABLE
from shuangbai.services.access import sees_names


@dataclass(frozen=True, slots=True)
class About:
    """The thing a picture is of, as its room tells it to somebody who may see it. `stands`: it was not voided."""

    key: UUID
    station: OrgUnit
    title: str
    day: date
    url: str
    stands: bool = True


class Subject(ABC):
    """A kind of thing that has pictures. `words` is what people call it: 活动."""

    words = ""

    @abstractmethod
    def rows(self, user: Any) -> QuerySet[Any]:
        """The things of this kind that somebody may see, with what `about` tells of one."""

    @abstractmethod
    def about(self, row: Any) -> About:
        """Whose it is, what it is called, where it is shown."""

    @abstractmethod
    def standing(self, keys: Iterable[UUID]) -> set[UUID]:
        """Which of these still stand: pictures of what was voided are shown to nobody outside."""

    def written_by(self, user: Any, about: About) -> bool:
        """Whether somebody may add pictures to it and say something of them."""
        return about.stands and viewer_of(user).reaches(Permission.WRITE_RECORDS, about.station.pk)


SUBJECTS: dict[str, Subject] = {}


def register(name: str, subject: Subject) -> None:
    """Called once by a room's AppConfig for each kind of thing. A second one of a name takes the place of the first."""
    SUBJECTS[name] = subject


def publishable_now() -> Q:
    """The condition that everybody may see a picture, as far as the picture itself says."""
    found = Q(pk__in=[])
    for faces, consent in sorted(PUBLISHABLE):
        found |= Q(faces=faces, consent=consent)
    return Q(voided_at__isnull=True) & found


def about_of(user: Any, name: str, key: UUID) -> About | None:
    """What somebody may see of the thing of this kind; None where there is none, or not for them."""
    subject = SUBJECTS.get(name)
    row = subject.rows(user).filter(pk=key).first() if subject else None
    return subject.about(row) if subject and row else None


def writes(user: Any, name: str, about: About) -> bool:
    return SUBJECTS[name].written_by(user, about)


def shown_to(user: Any) -> Q:
    """The condition on pictures of a thing that somebody sees: without the right to names, no face and no words of it
    but what everybody may see."""
    return Q() if sees_names(user) else publishable_now()


def picture_seen_by(user: Any, pk: UUID) -> tuple[Picture, About] | None:
    """A picture with the thing it is of; None where there is none, or not for them: by one and the same question."""
    theirs = Q(pk__in=[])
    for name, subject in SUBJECTS.items():
        theirs |= Q(subject=name, subject_key__in=subject.rows(user).values("pk"))
    rows = Picture.objects.filter(theirs, shown_to(user), pk=pk)
    found = rows.select_related("station", "asked_by", "entered_by", "voided_by").first()
    about = about_of(user, found.subject, found.subject_key) if found else None
    return (found, about) if found and about else None


def may_void(user: Any, picture: Picture, about: About) -> bool:
    """One's own, one that a stranger sent, or any of the station's for its head: as with records."""
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, picture.station_id):
        return True
    return picture.entered_by_id in (user.pk, None) and writes(user, picture.subject, about)
