"""Pages of questionnaires: the list, drafting, publishing, one questionnaire, its results."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.charts import Bar, bars, pair
from shuangbai.core.forms import without_complaints
from shuangbai.core.ids import random_id
from shuangbai.core.privacy import LEAST_TOLD
from shuangbai.households.views import FORM, not_found_unless, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names
from shuangbai.surveys import queries
from shuangbai.surveys.access import (
    answerable_by,
    owner_for,
    questionnaires_kept_by,
    questionnaires_visible_to,
    sees_few,
    sheets_visible_to,
)
from shuangbai.surveys.actions import asking as actions
from shuangbai.surveys.enums import State, Whose
from shuangbai.surveys.forms.asking import QuestionnaireForm, theirs
from shuangbai.surveys.models import Questionnaire
from shuangbai.surveys.rules.sheets import WAYS, Tally, questions_of
from shuangbai.surveys.views import changed, page


def questionnaire_of(request: SignedIn, pk: UUID, *, keep: bool = False) -> Questionnaire:
    """The questionnaire, if somebody may see it, or keep it. Raises Http404."""
    found = questionnaires_kept_by(request.user) if keep else questionnaires_visible_to(request.user)
    return get_object_or_404(found.select_related("owner", "entered_by__staff"), pk=pk)


def crumbs(questionnaire: Questionnaire | None, here: str) -> list[tuple[str, str]]:
    found = [(_("问卷"), reverse("questionnaire-list"))]
    if questionnaire is not None:
        found.append((str(questionnaire), reverse("questionnaire", args=[questionnaire.pk])))
    return [*found, (here, "")]


@require_safe
def questionnaire_list(request: SignedIn) -> HttpResponse:
    """问卷: of the units within reach, and what units above have published; those in use first."""
    not_found_unless(viewer_of(request.user).may(Permission.SEE_RECORDS))
    mine = owner_for(request.user)
    rows = queries.questionnaires_listed(questionnaires_visible_to(request.user), sheets_visible_to(request.user))
    answers = set(answerable_by(request.user).values_list("pk", flat=True))
    context = {
        "questionnaires": rows, "answers": answers, "least": LEAST_TOLD,
        "full": viewer_of(request.user).home_station is not None,
        "new_url": reverse("questionnaire-new") if mine else "",
    }  # fmt: skip
    return render(request, "surveys/questionnaires.html", context)


@require_http_methods(FORM)
def questionnaire_new(request: SignedIn) -> HttpResponse:
    """起草问卷."""
    owner = owner_for(request.user)
    if owner is None:
        raise Http404
    form = QuestionnaireForm(request.POST or None)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.draft_questionnaire(by=request.user, owner=owner, entry=form.entry()))
        if made:
            messages.success(request, _("草稿已保存；看过没有问题再发布"))
            return redirect("questionnaire", made.pk)
    here = _("起草问卷")
    return page(request, "questionnaire_form", form, crumbs=crumbs(None, here), back_url=reverse("questionnaire-list"))


@require_http_methods(FORM)
def questionnaire_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改草稿."""
    found = questionnaire_of(request, pk, keep=True)
    not_found_unless(found.state == State.DRAFT)
    form = QuestionnaireForm(request.POST or None, questionnaire=found)
    more: dict[str, Any] = {"questionnaire": found, "crumbs": crumbs(found, _("改草稿"))}
    if form.is_bound and form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        asked = "；".join(one.text for one in said["entry"].questions)
        form.cleaned_data["questions"] = asked  # beside theirs, should somebody have saved meanwhile
        refused = changed(form, lambda: actions.change_draft(by=request.user, questionnaire=found, **said), theirs)
        if refused is None:
            messages.success(request, _("草稿已保存"))
            return redirect("questionnaire", pk)
        more |= refused
    return page(request, "questionnaire_form", form, back_url=reverse("questionnaire", args=[pk]), **more)


@require_safe
def questionnaire(request: SignedIn, pk: UUID) -> HttpResponse:
    """One questionnaire, as a page and as a blank sheet on paper."""
    return questionnaire_page(request, questionnaire_of(request, pk))


def questionnaire_page(request: SignedIn, found: Questionnaire, **more: Any) -> HttpResponse:
    keeps = questionnaires_kept_by(request.user).filter(pk=found.pk).exists()
    answers = answerable_by(request.user).filter(pk=found.pk).exists()
    editions = queries.editions_of(questionnaires_visible_to(request.user), found.line)
    context = {
        "questionnaire": found, "questions": questions_of(found.questions), "crumbs": crumbs(None, str(found)),
        "keeps": keeps, "answers": answers, "editions": list(editions), "client_id": random_id(),
        "ways": [(to.value, label) for to, label in WAYS[State(found.state)].items()] if keeps else [], **more,
    }  # fmt: skip
    return render(request, "surveys/questionnaire.html", context, status=more.get("status", 200))


@require_POST
def questionnaire_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """发布, 停用: the page again where something is to be put right."""
    found = questionnaire_of(request, pk, keep=True)
    form = QuestionnaireForm(request.POST)
    without_complaints(form)
    to, version = request.POST.get("to", ""), request.POST.get("version", "")
    not_found_unless(to in State.values and version.isdecimal() and len(version) < 9)
    refused = changed(
        form,
        lambda: actions.move_questionnaire(
            by=request.user, questionnaire=found, version=int(version), to=State(to)
        ),
        lambda _now: {},
    )  # fmt: skip
    if refused is None:
        messages.success(request, _("已发布，可以录入了") if to == State.PUBLISHED else _("已停用，结果还在"))
        return redirect("questionnaire", pk)
    said = [str(one) for one in form.non_field_errors()] + [str(e) for errors in form.errors.values() for e in errors]
    if refused:
        said = [_("您打开之后，这份问卷已被别人改过；请看清现在的样子，再按一次")]
    status = 409 if refused else 422
    return questionnaire_page(request, questionnaire_of(request, pk), refusals=list(dict.fromkeys(said)), status=status)


@require_POST
def questionnaire_revise(request: SignedIn, pk: UUID) -> HttpResponse:
    """改成新版本: a draft with the same questions."""
    found = questionnaire_of(request, pk, keep=True)
    form = QuestionnaireForm(request.POST)
    without_complaints(form)
    made = tried(
        form, lambda: actions.revise_questionnaire(by=request.user, questionnaire=found, client_id=random_id())
    )
    not_found_unless(made is not None)
    return redirect("questionnaire-edit", made.pk)  # type: ignore[union-attr]


# RESULTS -------------------------------------------------------------------


@require_safe
def questionnaire_results(request: SignedIn, pk: UUID) -> HttpResponse:
    """结果: counts and shares by question, of everybody or of one village; few sheets are told to the station alone."""
    found = questionnaire_of(request, pk)
    not_found_unless(found.state != State.DRAFT)
    sheets = sheets_visible_to(request.user)
    asked = request.GET.get("village", "")
    not_found_unless(asked == "" or (asked.isdecimal() and len(asked) < 15))
    stations = set(queries.sheets_of(sheets, found).order_by().values_list("station", flat=True).distinct())
    results = queries.results_of(
        found, sheets, all_told=sees_few(request.user, stations), least=LEAST_TOLD,
        village=int(asked) if asked else None,
    )  # fmt: skip
    not_found_unless(results is not None)
    names = sees_names(request.user)
    context = {
        "questionnaire": found, "results": results, "names": names, "least": LEAST_TOLD,
        "rows": [shown(one) for one in results.tallies] if results else [],
        "whose": whose_of(results), "crumbs": crumbs(found, _("结果")),
        "answers": answerable_by(request.user).filter(pk=pk).exists(),
    }  # fmt: skip
    return render(request, "surveys/results.html", context)


def shown(one: Tally) -> dict[str, Any]:
    """A question's tally, with its bars where there is something to draw."""
    title = one.question.text
    drawn = [Bar(share.label, [share.count]) for share in one.shares] if one.answered else []
    return {
        "tally": one,
        "chart": pair(bars, drawn, title=title, unit=_("份"), heading=False) if drawn else "",
    }  # fmt: skip


def whose_of(results: queries.Results | None) -> list[tuple[str, int]]:
    """Of whom sheets are, where it was said of any."""
    counted = results.whose if results else {}
    said = [(Whose(code).label, count) for code, count in sorted(counted.items()) if count]
    return said if set(counted) != {Whose.UNSAID} else []
