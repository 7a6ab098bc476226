"""起草、修改、核对、发布: the pages of those of the case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.cases.access import cases_visible_to, may_open_cases, may_write
from shuangbai.cases.models import Case
from shuangbai.cases.queries import clients_of
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.core.views import paper_answer
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn
from shuangbai.stories.actions import consenting, moving, writing
from shuangbai.stories.enums import Does, Step, StoryState
from shuangbai.stories.forms import ConsentForm, DecideForm, NewStoryForm, StepForm, StoryForm, WithdrawForm, WordsForm
from shuangbai.stories.gathering import found_in, standing_words, surroundings_of
from shuangbai.stories.models import Story, StoryConsent
from shuangbai.stories.rules import SECTIONS
from shuangbai.stories.views import crumbs_to, own_story
from shuangbai.stories.views.reading import story_page

CHANGED = "您打开之后，另一位同事改过这篇案例；请看下面现在的样子，再按一次保存"


# DRAFTING ------------------------------------------------------------------


@require_http_methods(FORM)
def story_new(request: SignedIn) -> HttpResponse:
    """从个案起草: of a case that one works on."""
    if not may_open_cases(request.user):
        raise Http404
    cases = {case.pk: case for case in cases_visible_to(request.user) if may_write(request.user, case)}
    if request.GET.get("case", "") not in {"", *map(str, cases)}:
        raise Http404
    form = NewStoryForm(request.POST or None, offered=_offered(cases), initial={"case": request.GET.get("case", "")})
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("title", "client_id")}
        case = cases[UUID(form.cleaned_data["case"])]
        if made := tried(form, lambda: writing.draft_story(by=request.user, case=case, **said)):
            messages.success(request, _("已起草。认得出人的内容已先替换，请逐处核对，再改写"))
            return redirect("story-edit", made.pk)
    context = {"form": form, "crumbs": crumbs_to((_("起草"), "")), "any": bool(cases)}
    return render(request, "stories/new.html", context, status=422 if form.is_bound else 200)


def _offered(cases: dict[UUID, Case]) -> list[tuple[UUID, str]]:
    """The cases to choose from, by whom each is about: closed ones first, as a story tells how it ended."""
    names = clients_of(cases)
    ordered = sorted(cases.values(), key=lambda case: (case.closed_on is None, -case.opened_on.toordinal(), case.pk))
    return [
        (case.pk, f"{'、'.join(one.name for one in names[case.pk])}（{case.number}，{case.get_stage_display()}）")
        for case in ordered
    ]  # fmt: skip


# WRITING -------------------------------------------------------------------


@require_http_methods(FORM)
def story_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """The text with what could tell who somebody is beside it."""
    story, case = _draft(request, pk)
    form = StoryForm(request.POST or None, story=story)
    if request.POST.get("does") == "check":
        return _checked(request, story, case, form)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            said: dict[str, Any] = {"version": form.cleaned_data["version"], "entry": form.entry()}
            if tried(form, lambda: writing.write_story(by=request.user, story=story, **said)):
                messages.success(request, _("已保存"))
                return redirect("story-edit", pk)
        except Conflict:
            story, status = own_story(request, pk)[0], 409
            rebase(form, story.version)
            form.add_error(None, _(CHANGED))
    return edit_page(request, story, case, form=form, status=status)


def _draft(request: SignedIn, pk: UUID) -> tuple[Story, Case]:
    """A story that somebody may write on; Http404 for everybody else."""
    story, case = own_story(request, pk)
    if not may_write(request.user, case):
        raise Http404
    return story, case


def edit_page(request: SignedIn, story: Story, case: Case, **more: Any) -> HttpResponse:
    """The editing page; `more` may bring a form of it that came back, and a status."""
    said, findings = standing_words(story), found_in(story, surroundings_of(case))
    theirs = more.get("status") == 409
    context = {
        "story": story, "form": StoryForm(story=story), "words": WordsForm(story=story, said=said),
        "asked": [one for one in findings if not one.decided], "kept": [one for one in findings if one.decided],
        "version": story.version, "draft": story.state == StoryState.DRAFT, "saved": True,
        "theirs": [(label, getattr(story, name)) for name, label in SECTIONS.items()] if theirs else [],
        "crumbs": crumbs_to((story.title, reverse("story", args=[story.pk])), (_("修改"), "")), **more,
    }  # fmt: skip
    return render(request, "stories/edit.html", context, status=more.get("status", 200))


def _checked(request: SignedIn, story: Story, case: Case, form: StoryForm) -> HttpResponse:
    """What the checker says of the text as it is typed, which is not saved."""
    for name in ("title", *SECTIONS):
        setattr(story, name, str(form[name].value() or ""))
    findings = found_in(story, surroundings_of(case))
    context = {
        "story": story, "asked": [one for one in findings if not one.decided], "saved": False,
        "kept": [one for one in findings if one.decided], "version": story.version, "draft": True,
    }  # fmt: skip
    if request.htmx:
        return render(request, "stories/_findings.html", context)
    return edit_page(request, story, case, form=form, **{name: context[name] for name in ("asked", "kept", "saved")})


@require_POST
def story_decide(request: SignedIn, pk: UUID) -> HttpResponse:
    """替换 or 保留, of everything that means the same."""
    story, case = _draft(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _said_again(request, story, case, _("请重新选择"), 422)
    said = {name: form.cleaned_data[name] for name in ("subject", "words", "version")}
    does = Does(form.cleaned_data["does"])

    def act() -> Story:
        if does == Does.SURE:
            return writing.replace_sure(by=request.user, story=story, version=said["version"])
        return writing.decide(by=request.user, story=story, does=does, **said)

    try:
        if tried(form, act):
            return redirect(f"{reverse('story-edit', args=[pk])}#findings")
    except Conflict:
        return _said_again(request, own_story(request, pk)[0], case, _(CHANGED), 409)
    told = next((str(one) for errors in form.errors.values() for one in errors), "")
    return _said_again(request, story, case, told, 422, said["subject"], said["words"])


def _said_again(
    request: SignedIn, story: Story, case: Case, told: str, status: int, subject: str = "", typed: str = ""
) -> HttpResponse:
    """The editing page with what stood in the way of a decision, and what was typed."""
    more = {"told": told, "told_of": subject, "typed": typed, "status": status}
    return edit_page(request, story, case, **more)


@require_POST
def story_words(request: SignedIn, pk: UUID) -> HttpResponse:
    """代称: what people and places are called throughout."""
    story, case = _draft(request, pk)
    form, status = WordsForm(request.POST, story=story, said=standing_words(story)), 422
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "changes": form.changes()}
        try:
            if tried(form, lambda: writing.rename_words(by=request.user, story=story, **said)):
                messages.success(request, _("已全文改好"))
                return redirect("story-edit", pk)
        except Conflict:
            story, status = own_story(request, pk)[0], 409
            form = WordsForm(story=story, said=standing_words(story))
            return edit_page(request, story, case, words=form, told=_(CHANGED), status=409)
    return edit_page(request, story, case, words=form, status=status)


# STEPS ---------------------------------------------------------------------


def changed(
    request: SignedIn, story: Story, case: Case, form: forms.Form, name: str, act: Callable[[], Any]
) -> HttpResponse:
    """The outcome of a change: back to the story, or its page with what is to be put right and all that was typed."""
    status = 422
    if form.is_valid():
        try:
            if tried(form, act):
                messages.success(request, _("已记下"))
                return redirect("story", story.pk)
        except Conflict:
            story, status = own_story(request, story.pk)[0], 409
            rebase(form, story.version)
            form.add_error(None, _("您打开之后，另一位同事处理过这篇案例；请看下面现在的样子，再按一次"))
    return story_page(request, story, case, **{name: form, "status": status})


@require_POST
def story_step(request: SignedIn, pk: UUID) -> HttpResponse:
    """One step on, or back."""
    story, case = own_story(request, pk)
    form = StepForm(request.POST)
    step = Step(form["step"].value()) if form["step"].value() in Step.values else None
    if step is None or step == Step.AWARD or not moving.may_step(request.user, case, step):
        raise Http404
    return changed(request, story, case, form, "stepped", lambda: moving.move_story(
        by=request.user, story=story, step=step, **{name: form.cleaned_data[name] for name in ("version", "reason")}
    ))  # fmt: skip


# CONSENT -------------------------------------------------------------------


@require_http_methods(FORM)
def story_consent(request: SignedIn, pk: UUID) -> HttpResponse:
    """登记同意: who let their story go how far."""
    story, case = _draft(request, pk)
    offered = [(one.row.person_key, one.name) for one in clients_of([case.pk])[case.pk]]
    form = ConsentForm(request.POST or None, request.FILES or None, offered=offered)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if tried(form, lambda: consenting.record_consent(by=request.user, story=story, **said)):
            messages.success(request, _("已登记"))
            return redirect("story", pk)
    crumbs = crumbs_to((story.title, reverse("story", args=[pk])), (_("登记同意"), ""))
    context = {"form": form, "story": story, "crumbs": crumbs}
    return render(request, "stories/consent.html", context, status=422 if form.is_bound else 200)


def _consent(story: Story, row: UUID) -> StoryConsent:
    return get_object_or_404(StoryConsent.objects.select_related("story"), story=story, pk=row)


@require_http_methods(FORM)
def consent_withdraw(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """撤回同意: what others read is then withdrawn."""
    story, _case = _draft(request, pk)
    consent = _consent(story, row)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        said = dict(form.cleaned_data)
        if tried(form, lambda: consenting.withdraw_consent(by=request.user, consent=consent, **said)):
            messages.success(request, _("已登记撤回"))
            return redirect("story", pk)
    crumbs = crumbs_to((story.title, reverse("story", args=[pk])), (_("撤回同意"), ""))
    context = {"form": form, "story": story, "consent": consent, "crumbs": crumbs}
    return render(request, "stories/withdraw.html", context, status=422 if form.is_bound else 200)


@require_safe
def consent_paper(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """The signed paper, for those of the case; each opening is kept in the trail."""
    story, _case = own_story(request, pk)
    consent = _consent(story, row)
    try:
        answer = paper_answer(consent.stored, shown_as="consent")
    except FileNotFoundError:
        raise Http404 from None
    consenting.note_paper(by=request.user, consent=consent)
    return answer
