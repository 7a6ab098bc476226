"""Pages of stories and prizes: what every one of them begins with."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.cases.models import Case
from shuangbai.network.context import SignedIn
from shuangbai.stories.access import case_of, stories_visible_to
from shuangbai.stories.models import Story

Crumbs = list[tuple[str, str]]


def story_of(request: SignedIn, pk: UUID) -> Story:
    """A story that somebody may know of. Raises Http404, as for what does not exist."""
    return get_object_or_404(stories_visible_to(request.user).select_related("station"), pk=pk)


def own_story(request: SignedIn, pk: UUID) -> tuple[Story, Case]:
    """A story and its case, for one of the few. Raises Http404."""
    story = story_of(request, pk)
    case = case_of(request.user, story)
    if case is None:
        raise Http404
    return story, case


def crumbs_to(*here: tuple[str, Any]) -> Crumbs:
    return [(_("案例与获奖"), reverse("story-list")), *((label, str(url)) for label, url in here)]
