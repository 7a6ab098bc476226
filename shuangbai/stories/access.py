"""Who knows of a story while it is written: those of its case. Who reads it then; who enters prizes."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.cases import access as cases
from shuangbai.cases.models import Case
from shuangbai.network.access import units_visible_to, viewer_of
from shuangbai.network.roles import Permission
from shuangbai.stories.models import Award, Story, StoryMove
from shuangbai.stories.rules import READ


def own_stories(user: Any) -> QuerySet[Story]:
    """The stories of the cases of which somebody may know, however far each is."""
    theirs = cases.cases_visible_to(user).filter(pk=OuterRef("case_key"))
    return Story.objects.filter(Exists(theirs))


def released_stories(user: Any) -> QuerySet[Story]:
    """What whoever may read stories reads: of the whole city."""
    if not may_read_stories(user):
        return Story.objects.none()
    return Story.objects.filter(state__in=READ)


def stories_visible_to(user: Any) -> QuerySet[Story]:
    theirs = cases.cases_visible_to(user).filter(pk=OuterRef("case_key"))
    read = Q(state__in=READ) if may_read_stories(user) else Q(pk__in=[])
    return Story.objects.filter(Q(Exists(theirs)) | read)


def may_read_stories(user: Any) -> bool:
    return viewer_of(user).may(Permission.READ_STORIES)


def case_of(user: Any, story: Story) -> Case | None:
    """The story's case, for one of the few; for everybody else there is none."""
    return cases.cases_visible_to(user).filter(pk=story.case_key).first()


def may_write(user: Any, case: Case | None) -> bool:
    return case is not None and cases.may_write(user, case)


def may_agree(user: Any, case: Case | None) -> bool:
    """The head of the station, or the supervisor of the case, where the head wrote it."""
    return case is not None and (cases.leads(user, case) or cases.supervises(user, case))


def wrote(user: Any, story: Story) -> bool:
    """Whether somebody drafted the story, or put it forward last."""
    latest = StoryMove.objects.filter(story=story, step="check").order_by("-entered_at").first()
    return user.pk in {story.entered_by_id, latest.entered_by_id if latest else None}


def awards_visible_to(user: Any) -> QuerySet[Award]:
    """All prizes, for whoever reads stories: they are honours, and public. Otherwise those of the units one sees."""
    standing = Award.objects.filter(void_reason="")
    return standing if may_read_stories(user) else standing.filter(station__in=units_visible_to(user))


def may_see_awards(user: Any) -> bool:
    return may_read_stories(user) or viewer_of(user).may(Permission.SEE_NETWORK)


def may_enter_awards(user: Any) -> bool:
    return viewer_of(user).may(Permission.WRITE_RECORDS)


def may_change_award(user: Any, award: Award) -> bool:
    return viewer_of(user).reaches(Permission.WRITE_RECORDS, award.station_id)
