"""Reading stories and prizes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.queries import clients_of
from shuangbai.households.models import Person
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit, Posting, Staff
from shuangbai.network.roles import Permission
from shuangbai.stories.access import awards_visible_to, own_stories, released_stories
from shuangbai.stories.enums import StoryState
from shuangbai.stories.models import Award, Story, StoryConsent, StoryMove
from shuangbai.stories.rules import READ


@dataclass(frozen=True, slots=True)
class Line:
    """A story as a list shows it; `names`: whom its case is about, for those of the case alone."""

    story: Story
    names: str = ""


def being_written(user: Any) -> list[Line]:
    """The stories of one's own cases that others do not read, with whom they are about: four queries."""
    rows = list(own_stories(user).exclude(state__in=READ).select_related("station").order_by("-entered_at", "id"))
    seen = set(cases_visible_to(user).filter(pk__in={row.case_key for row in rows}).values_list("pk", flat=True))
    clients = clients_of(seen)
    told = {pk: "、".join(one.name for one in clients[pk]) for pk in seen}
    return [Line(row, told.get(row.case_key, "")) for row in rows]


def to_agree(user: Any) -> QuerySet[Story]:
    """The stories that wait for this head or supervisor to agree; none that they wrote themselves."""
    if not any(viewer_of(user).may(one) for one in (Permission.LEAD_CASES, Permission.SUPERVISE_CASES)):
        return Story.objects.none()
    return own_stories(user).filter(state=StoryState.CHECKED).exclude(entered_by=user.pk)


def to_read(user: Any, station: UUID | None = None) -> list[Story]:
    """What everybody reads, by year and title: the order tells no day."""
    rows = released_stories(user).select_related("station")
    rows = rows.filter(station=station) if station else rows
    return sorted(rows, key=lambda one: (-(one.released_on.year if one.released_on else 0), one.title, one.pk))


def moves_of(story: Story) -> list[StoryMove]:
    return list(StoryMove.objects.filter(story=story).select_related("entered_by").order_by("entered_at", "id"))


@dataclass(frozen=True, slots=True)
class Agreed:
    """A consent with the name of whom it concerns."""

    row: StoryConsent
    name: str


def consents_of(story: Story) -> list[Agreed]:
    rows = list(StoryConsent.objects.filter(story=story).order_by("given_on", "entered_at"))
    names = dict(Person.objects.filter(pk__in=[row.person_key for row in rows]).values_list("pk", "name"))
    return [Agreed(row, names.get(row.person_key, row.giver)) for row in rows]


def awards_of_story(story: Story) -> list[Award]:
    return list(Award.objects.filter(story=story, void_reason="").order_by("-awarded_on", "id"))


def awards_of(user: Any, station: OrgUnit) -> list[Award]:
    """A station's prizes, the newest first."""
    rows = awards_visible_to(user).filter(station=station).select_related("staff", "station")
    return list(rows.order_by("-awarded_on", "id"))


def all_awards(user: Any) -> QuerySet[Award]:
    rows = awards_visible_to(user).select_related("staff", "station")
    return rows.order_by("-awarded_on", "id")


def staff_of(station: OrgUnit) -> list[Staff]:
    """Who is or was posted at the station, by name."""
    posted = Posting.objects.filter(unit=station).values("staff")
    return list(Staff.objects.filter(pk__in=posted).order_by("name", "id"))


def readable_of(user: Any, station: OrgUnit) -> Sequence[Story]:
    """The station's stories that others read, for a prize to name."""
    return to_read(user, station.pk)


def stored_names() -> set[str]:
    """The kept papers that consents and prizes name."""
    found: set[str] = set()
    for model in (StoryConsent, Award):
        found |= set(model.objects.exclude(stored="").values_list("stored", flat=True))
    return found
