"""Pictures for the pages that show them: of one thing, and those that everybody may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, Sum
from django.urls import reverse

from shuangbai.pictures.access import SUBJECTS, about_of, publishable_now, shown_to, writes
from shuangbai.pictures.enums import Faces
from shuangbai.pictures.models import Picture
from shuangbai.pictures.rules import publishable


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture on a page. `alt` is what somebody hears who does not see it."""

    picture: Picture
    alt: str
    public: bool


@dataclass(frozen=True, slots=True)
class Album:
    """The pictures of one thing, for pictures/_of.html."""

    rows: list[Shown]
    add_url: str = ""
    marks_url: str = ""

    @property
    def unmarked(self) -> int:
        return sum(one.picture.faces == Faces.UNKNOWN for one in self.rows)


def alt_of(picture: Picture, title: str, number: int) -> str:
    return picture.caption or f"{title}的图片，第 {number} 张"


def standing_pictures(name: str, keys: Iterable[UUID]) -> QuerySet[Picture]:
    rows = Picture.objects.filter(subject=name, subject_key__in=list(keys), voided_at__isnull=True)
    return rows.order_by("entered_at", "position", "id")


def album_of(user: Any, name: str, key: UUID) -> Album:
    """The pictures of a thing as somebody sees them. Two queries, whatever their number."""
    about = about_of(user, name, key)
    if about is None:
        return Album([])
    rows = standing_pictures(name, [key]).filter(shown_to(user)).defer("consent_note")
    shown = [
        Shown(one, alt_of(one, about.title, number), about.stands and publishable(one.faces, one.consent))
        for number, one in enumerate(rows, 1)
    ]
    if not writes(user, name, about):
        return Album(shown)
    where = [name, key]
    return Album(shown, reverse("picture-new", args=where), reverse("picture-marks", args=where))


def published(name: str, keys: Iterable[UUID]) -> dict[UUID, list[Shown]]:
    """What everybody may see at this moment of these things, by their keys. Addresses: picture-public, its small one.

    For public pages and reports: no account is asked for.
    """
    standing = SUBJECTS[name].standing(keys)
    found: dict[UUID, list[Shown]] = defaultdict(list)
    for one in standing_pictures(name, standing).filter(publishable_now()).defer("consent_note"):
        mine = found[one.subject_key]
        mine.append(Shown(one, one.caption or f"图片，第 {len(mine) + 1} 张", public=True))
    return dict(found)


def published_picture(pk: UUID) -> Picture | None:
    """A picture that everybody may see at this moment."""
    found = Picture.objects.filter(publishable_now(), pk=pk).defer("consent_note").first()
    if found is None or found.subject not in SUBJECTS:
        return None
    return found if SUBJECTS[found.subject].standing([found.subject_key]) else None


def sent_bytes(name: str, keys: QuerySet[Any]) -> int:
    """How much strangers sent of these things, what was voided since included."""
    rows = Picture.objects.filter(subject=name, subject_key__in=keys, entered_by__isnull=True)
    return rows.aggregate(size=Sum("size"))["size"] or 0


def stored_names() -> set[str]:
    """The kept files that pictures name."""
    rows = Picture.objects.exclude(stored="").values_list("stored", "small")
    return {name for both in rows for name in both}
