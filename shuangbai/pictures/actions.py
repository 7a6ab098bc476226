"""Adding pictures to something, saying what is on them, and voiding them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Door, Finding, NotAllowed, judge, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper, drop_papers, keep_paper
from shuangbai.core.pictures import Picture as Pixels
from shuangbai.core.pictures import smaller
from shuangbai.network.models import User
from shuangbai.pictures import rules
from shuangbai.pictures.access import SUBJECTS, About, about_of, may_void, picture_seen_by, writes
from shuangbai.pictures.enums import Consent, Faces
from shuangbai.pictures.models import Picture
from shuangbai.pictures.queries import standing_pictures

ADDED = audit.kind("pictures.added", "{by} 给一件事（{what}）加了 {count} 张图片")
DESCRIBED = audit.kind("pictures.described", "{by} 改了 {count} 张图片的说明或公开（{what}）")
VOIDED = audit.kind("pictures.voided", "{by} 作废了一张图片（{what}），理由：{reason}")

SAID = ("caption", "taken_on", "faces", "consent", "consent_form", "asked_on", "asked_by_id", "consent_note",
        "withdrawn_on")  # fmt: skip


@dataclass(slots=True)
class PictureSaid:
    """What is said of a picture: what is on it, and whether it may be shown to everybody."""

    taken_on: date
    caption: str = ""
    faces: str = Faces.UNKNOWN
    consent: str = Consent.NOT_ASKED
    consent_form: str = ""
    asked_on: date | None = None
    asked_by_id: UUID | None = None
    consent_note: str = ""
    withdrawn_on: date | None = None


@dataclass(slots=True)
class PicturesEntry:
    """Pictures of one thing that are sent together, with what is said of all of them."""

    subject: str
    key: UUID
    pictures: Sequence[Pixels]
    said: PictureSaid
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


def said_findings(said: PictureSaid) -> list[Finding]:
    return rules.picture_findings(
        taken_on=said.taken_on, consent=said.consent, consent_form=said.consent_form, asked_on=said.asked_on,
        asked=said.asked_by_id is not None, withdrawn_on=said.withdrawn_on, today=clock.today(),
    )  # fmt: skip


def _written(by: User, subject: str, key: UUID) -> About:
    """The thing, if somebody may add pictures to it. Raises NotAllowed."""
    about = about_of(by, subject, key)
    if about is None or not writes(by, subject, about):
        raise NotAllowed
    return about


def _fields(said: PictureSaid) -> dict[str, Any]:
    """What is kept of what was said: nothing of a consent that nobody was asked for."""
    kept = {name: getattr(said, name) for name in SAID}
    kept |= {"caption": said.caption.strip(), "consent_note": said.consent_note.strip()}
    if said.consent == Consent.NOT_ASKED:
        kept |= {"consent_form": "", "asked_on": None, "asked_by_id": None, "consent_note": ""}
    if said.consent == Consent.REFUSED:
        kept["consent_form"] = ""
    if said.consent != Consent.WITHDRAWN:
        kept["withdrawn_on"] = None
    return kept


@action
def add_pictures(*, by: User, entry: PicturesEntry) -> list[Picture]:
    """Keep pictures with the thing they are of; sent twice, they are those kept before. Raises Refused, NotAllowed."""
    return keep_pictures(by=by, about=_written(by, entry.subject, entry.key), entry=entry)


def keep_pictures(*, by: User | None, about: About, entry: PicturesEntry) -> list[Picture]:
    """As `add_pictures`, for the action of a room that takes them from a stranger: `by` is nobody. Raises Refused."""
    sent = Picture.objects.filter(station=about.station, client_id=entry.client_id, subject_key=entry.key)
    before = list(sent.order_by("position"))
    if before:
        return before
    there = standing_pictures(entry.subject, [entry.key]).count()
    findings = said_findings(entry.said) + rules.count_findings(there, len(entry.pictures))
    refuse_if_any(judge(findings, Door.PAGE, rules.DOORS), acknowledged=False)
    kept: list[str] = []
    try:
        rows = [_row(by, about, entry, position, kept) for position in range(len(entry.pictures))]
        insert(rows, by=by)
        what = SUBJECTS[entry.subject].words
        if rows:
            audit.record(ADDED, by=by, about=rows[0], what=what, count=len(rows))
    except BaseException:
        drop_papers(kept)
        raise
    return rows


def _row(by: User | None, about: About, entry: PicturesEntry, position: int, kept: list[str]) -> Picture:
    pixels = entry.pictures[position]
    little = smaller(pixels)
    for one in (pixels, little):
        kept.append(keep_paper(Paper(one.data, one.suffix)))
    stored, small = kept[-2:]
    return Picture(
        station=about.station, client_id=entry.client_id, position=position, subject=entry.subject,
        subject_key=entry.key, stored=stored, small=small, width=pixels.width, height=pixels.height,
        size=len(pixels.data), entered_by=by, entered_at=entry.entered_at or clock.now(), **_fields(entry.said),
    )  # fmt: skip


@action
def describe_picture(*, by: User, picture: Picture, version: int, said: PictureSaid) -> Picture:
    """Say what is on a picture and whether it may be public. Raises Refused, NotAllowed, Conflict."""
    about = _written(by, picture.subject, picture.subject_key)
    current = Picture.objects.select_for_update(of=("self",)).get(pk=picture.pk)
    if current.voided_at is not None:
        raise NotAllowed
    if current.version != version:
        raise Conflict(current)
    refuse_if_any(judge(said_findings(said), Door.PAGE, rules.DOORS), acknowledged=False)
    _describe(by, current, said)
    audit.record(DESCRIBED, by=by, about=current, what=SUBJECTS[current.subject].words, count=1)
    current.station = about.station
    return current


def _describe(by: User, current: Picture, said: PictureSaid) -> None:
    for name, value in _fields(said).items():
        setattr(current, name, value)
    current.version += 1
    sign(current, by=by)
    current.save()


@action
def mark_pictures(
    *, by: User, subject: str, key: UUID, versions: Mapping[UUID, int], said: Mapping[UUID, PictureSaid]
) -> int:
    """Say of several pictures of one thing what is on them; how many changed. Raises Refused, NotAllowed, Conflict."""
    _written(by, subject, key)
    rows = standing_pictures(subject, [key]).filter(pk__in=list(said)).select_for_update(of=("self",))
    found = {one.pk: one for one in rows}
    if set(found) != set(said):
        raise Conflict(None)
    changed = [pk for pk, now in found.items() if any(getattr(now, n) != v for n, v in _fields(said[pk]).items())]
    findings = [finding for pk in changed for finding in said_findings(said[pk])]
    refuse_if_any(judge(findings, Door.PAGE, rules.DOORS), acknowledged=False)
    for pk in changed:
        if found[pk].version != versions[pk]:
            raise Conflict(found[pk])
        _describe(by, found[pk], said[pk])
    if changed:
        audit.record(DESCRIBED, by=by, about=found[changed[0]], what=SUBJECTS[subject].words, count=len(changed))
    return len(changed)


@action
def void_picture(*, by: User, picture: Picture, reason: str) -> Picture:
    """Take a picture out: that it was there, and why it went, stays; its files go. Raises Refused, NotAllowed."""
    seen = picture_seen_by(by, picture.pk)
    if seen is None or not may_void(by, *seen):
        raise NotAllowed
    current = Picture.objects.select_for_update(of=("self",)).get(pk=picture.pk)
    refuse_if_any(judge(rules.void_findings(reason), Door.PAGE, rules.DOORS), acknowledged=False)
    if current.voided_at is not None:
        return current
    files = [current.stored, current.small]
    current.stored = current.small = ""
    current.voided_at, current.voided_by, current.void_reason = clock.now(), by, reason.strip()[:100]
    current.version += 1
    sign(current, by=by, reason=current.void_reason)
    current.save()
    transaction.on_commit(lambda: drop_papers(files))
    audit.record(VOIDED, by=by, about=current, what=SUBJECTS[current.subject].words, reason=current.void_reason)
    return current
