"""案例: those being written, for the few; those that everybody reads; one of them, on paper too."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuangbai.cases.access import may_know_of_cases, may_open_cases
from shuangbai.cases.models import Case
from shuangbai.core import clock
from shuangbai.network.context import SignedIn
from shuangbai.stories import pdf, queries, word
from shuangbai.stories.access import awards_visible_to, case_of, may_enter_awards, may_read_stories
from shuangbai.stories.actions.moving import may_step, note_taken
from shuangbai.stories.actions.writing import note_looked
from shuangbai.stories.enums import Step, StoryState
from shuangbai.stories.forms import StepForm
from shuangbai.stories.gathering import found_in, surroundings_of
from shuangbai.stories.models import Story
from shuangbai.stories.rules import AFTER, EXAMPLES, READ, SECTIONS, WITH_REASON
from shuangbai.stories.views import crumbs_to, story_of


@require_safe
def story_list(request: SignedIn) -> HttpResponse:
    """案例与获奖: one's own that are being written, and all that are released."""
    if not may_read_stories(request.user):
        raise Http404
    writes = may_open_cases(request.user)
    context = {
        "writing": queries.being_written(request.user) if may_know_of_cases(request.user) else [],
        "read": queries.to_read(request.user), "writes": writes,
        "new_url": reverse("story-new") if writes else "", "enters": may_enter_awards(request.user),
        "awards": list(queries.all_awards(request.user)[:5]), "awards_count": awards_visible_to(request.user).count(),
    }  # fmt: skip
    return render(request, "stories/list.html", context)


@require_safe
def story(request: SignedIn, pk: UUID) -> HttpResponse:
    """One story: for its readers the text, for those of its case also how far it is."""
    found = story_of(request, pk)
    case = case_of(request.user, found)
    if case is not None:
        note_looked(by=request.user, story=found)
    return story_page(request, found, case)


def story_page(request: SignedIn, found: Story, case: Case | None, **more: Any) -> HttpResponse:
    """The page of a story; `more` may bring a form of it that came back, and a status."""
    context = {
        "story": found, "crumbs": crumbs_to((found.title, "")), "sections": texts_of(found),
        "year": found.released_on.year if found.released_on else None, "pdf": pdf.available(),
        "awards": queries.awards_of_story(found), **_inside(request, found, case), **more,
    }  # fmt: skip
    return render(request, "stories/story.html", context, status=more.get("status", 200))


def _inside(request: SignedIn, found: Story, case: Case | None) -> dict[str, Any]:
    """What only those of the case see."""
    if case is None:
        return {}
    findings, drafting = found_in(found, surroundings_of(case)), found.state == StoryState.DRAFT
    return {
        "case": case, "moves": queries.moves_of(found), "consents": queries.consents_of(found),
        "steps": steps_of(request, found, case), "edits": drafting and may_step(request.user, case, Step.CHECK),
        "asked": [one for one in findings if not one.decided], "kept": [one for one in findings if one.decided],
        "consents_open": may_step(request.user, case, Step.RELEASE),
    }  # fmt: skip


def steps_of(request: SignedIn, found: Story, case: Case) -> list[dict[str, Any]]:
    """The steps that somebody may take now; a prize is entered on a page of its own."""
    return [
        {
            "step": step, "form": StepForm(initial={"step": step, "version": found.version}, auto_id=f"{step}-%s"),
            "asks": WITH_REASON.get(step, ""), "example": EXAMPLES.get(step, ""),
        }
        for step in AFTER[StoryState(found.state)]
        if step != Step.AWARD and may_step(request.user, case, step)
    ]  # fmt: skip


def texts_of(found: Story) -> list[tuple[str, str]]:
    return [(label, getattr(found, name)) for name, label in SECTIONS.items() if getattr(found, name)]


# ON PAPER --------------------------------------------------------------------


def _sheet(request: SignedIn, found: Story) -> dict[str, Any]:
    at = clock.local(clock.now())
    mark = f"{request.user.display_name}（{request.user.username}）　{at:%Y-%m-%d %H:%M}"
    return {
        "title": found.title, "station": found.station.name, "sections": texts_of(found), "mark": mark,
        "year": found.released_on.year if found.released_on else None,
        "awards": [f"{one}（{one.body}，{one.awarded_on.year} 年）" for one in queries.awards_of_story(found)],
        "note": "" if found.state in READ else _("尚未发布，仅供核对"),
    }  # fmt: skip


def _file(data: bytes, suffix: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    name = f"{_('案例')}_{clock.local(clock.now()):%Y%m%d}.{suffix}"  # a file's name names nobody
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
def story_take(request: SignedIn, pk: UUID) -> HttpResponse:
    """The story as PDF or as a Word file; the trail keeps who took it away."""
    found, kind = story_of(request, pk), request.POST.get("form", "")
    if kind not in {"pdf", "word"}:
        raise Http404
    if kind == "pdf" and not pdf.available():
        messages.warning(request, pdf.MISSING)
        return redirect("story", pk)
    sheet = _sheet(request, found)
    made = pdf.render(sheet, request.build_absolute_uri("/")) if kind == "pdf" else word.render(sheet)
    note_taken(by=request.user, story=found, what="PDF" if kind == "pdf" else "Word")
    suffix, content = ("pdf", "application/pdf") if kind == "pdf" else ("docx", word.WORD)
    return _file(made, suffix, content)
