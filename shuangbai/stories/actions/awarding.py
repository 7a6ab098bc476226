"""Prizes: entered, put right, voided. One of a story tells the story's state."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, refuse_if_any
from shuangbai.core.papers import Paper, drop_paper, keep_paper
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.network.roles import Permission
from shuangbai.stories.access import released_stories
from shuangbai.stories.actions.moving import put_move
from shuangbai.stories.actions.trail import read_locked
from shuangbai.stories.enums import AwardFor, AwardGrade, Level, Step, StoryState
from shuangbai.stories.models import Award, Story
from shuangbai.stories.rules import AFTER, LEAST_WORDS, award_findings

ENTERED = audit.kind("award.entered", "{by} 登记了一项获奖：{what}")
CHANGED = audit.kind("award.changed", "{by} 更正了一项获奖：{what}")
VOIDED = audit.kind("award.voided", "{by} 作废了一项获奖：{what}，理由：{reason}")


@dataclass(slots=True)
class AwardEntry:
    """A prize as its page says it; of a story in the system by its key, of an older one by its title."""

    station: OrgUnit
    client_id: UUID
    of: AwardFor
    name: str
    level: Level
    grade: AwardGrade
    awarded_on: date
    body: str
    story_id: UUID | None = None
    staff_id: UUID | None = None
    title: str = ""
    project: str = ""
    note: str = ""
    paper: Paper | None = None


@action
def enter_award(*, by: User, entry: AwardEntry) -> Award:
    """Enter a prize of a station; sent twice it is the first. Raises NotAllowed, Refused."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Award.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    award = Award(station=entry.station, client_id=entry.client_id, entered_by=by, entered_at=clock.now())
    story = _say(by, award, entry)
    award.stored = keep_paper(entry.paper) if entry.paper else ""
    try:
        insert([award], by=by)
        audit.record(ENTERED, by=by, about=award, what=str(award))
        _tell_story(by, story, award)
    except BaseException:
        drop_paper(award.stored)
        raise
    return award


@action
def correct_award(*, by: User, award: Award, version: int, entry: AwardEntry) -> Award:
    """Put a prize right. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, award, version)
    story = _say(by, current, entry)
    if entry.paper:
        current.stored = keep_paper(entry.paper)
    current.version += 1
    sign(current, by=by)
    current.save()
    audit.record(CHANGED, by=by, about=current, what=str(current))
    _tell_story(by, story, current)
    return current


@action
def void_award(*, by: User, award: Award, version: int, reason: str) -> Award:
    """Void a prize that was entered in error. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, award, version)
    if len(reason.strip()) < LEAST_WORDS:
        raise Refused.because("reason", "请写明为什么作废，如「登记到了别的站」")
    current.void_reason, current.version = reason.strip(), current.version + 1
    sign(current, by=by)
    current.save()
    audit.record(VOIDED, by=by, about=current, what=str(current), reason=reason.strip())
    return current


def _current(by: User, award: Award, version: int) -> Award:
    check_reaches(by, Permission.WRITE_RECORDS, {award.station_id})
    current = Award.objects.select_for_update(of=("self",)).get(pk=award.pk)
    if current.void_reason:
        raise NotAllowed
    if current.version != version:
        raise Conflict(current)
    return current


def _say(by: User, award: Award, entry: AwardEntry) -> Story | None:
    """Put what was said on the row. Raises Refused."""
    story = _story(by, award, entry)
    found = award_findings(
        of=entry.of, story=story is not None, staff=entry.staff_id is not None, project=entry.project, name=entry.name,
        title=entry.title, body=entry.body, awarded_on=entry.awarded_on, today=clock.today(),
        since=award.station.starts_on,
    )  # fmt: skip
    if entry.of == AwardFor.PERSON and entry.staff_id and not _worked_there(award, entry.staff_id):
        found.append(Finding("staff", "staff", "所选的人没有在本站任职过，请另选一位"))
    refuse_if_any(found, acknowledged=False)
    award.of, award.name, award.level, award.grade = entry.of, entry.name.strip(), entry.level, entry.grade
    award.awarded_on, award.body, award.note = entry.awarded_on, entry.body.strip(), entry.note.strip()
    award.story = story
    award.staff_id = entry.staff_id if entry.of == AwardFor.PERSON else None
    told = {AwardFor.STORY: story.title if story else entry.title, AwardFor.PROJECT: entry.project}
    award.title = told.get(entry.of, "").strip().strip("《》")
    return story


def _story(by: User, award: Award, entry: AwardEntry) -> Story | None:
    """The station's story that won it: one that others read, or the one that stands there already."""
    if entry.of != AwardFor.STORY or entry.story_id is None:
        return None
    if award.story_id == entry.story_id:
        return award.story
    found = released_stories(by).filter(pk=entry.story_id, station=award.station_id).first()
    if found is None:
        raise NotAllowed
    return found


def _worked_there(award: Award, staff_id: UUID) -> bool:
    return Posting.objects.filter(unit=award.station_id, staff=staff_id).exists()


def _tell_story(by: User, story: Story | None, award: Award) -> None:
    if story and Step.AWARD in AFTER[StoryState(story.state)] and story.state != StoryState.AWARDED:
        put_move(by, read_locked(story, None), Step.AWARD, str(award))
