"""Pages of surveys: the list, one survey, entering, correcting, voiding, two side by side, on paper."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock, pdf
from shuangbai.core.charts import Bar, bars, pair
from shuangbai.households.views import FORM, not_found_unless, own_station, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names
from shuangbai.services.forms import VoidForm
from shuangbai.surveys import queries
from shuangbai.surveys.access import (
    may_void,
    may_write,
    surveys_visible_to,
    surveys_written_by,
    villages_visible_to,
)
from shuangbai.surveys.actions import surveying as actions
from shuangbai.surveys.enums import FIELD, PEOPLE, Kind
from shuangbai.surveys.forms.surveying import PairForm, SurveyForm, theirs
from shuangbai.surveys.models import Survey
from shuangbai.surveys.rules.survey import Difference, comparable, differences, number_of
from shuangbai.surveys.views import WORDS, answered, changed, page

TURN = 30


def survey_of(request: SignedIn, pk: Any, *, write: bool = False) -> Survey:
    """The survey, if somebody may see it, or write it. Raises Http404."""
    found = surveys_written_by(request.user) if write else surveys_visible_to(request.user)
    related = ("station", "village__parent", "worker", "entered_by__staff", "voided_by__staff")
    return get_object_or_404(found.select_related(*related), pk=pk)


def crumbs(survey: Survey | None, here: str) -> list[tuple[str, str]]:
    found = [(_("社区调研"), reverse("survey-list"))]
    if survey is not None:
        found.append((str(survey), reverse("survey", args=[survey.pk])))
    return [*found, (here, "")]


@require_safe
def survey_list(request: SignedIn) -> HttpResponse:
    """社区调研, the latest first; `?voided=1` shows voided ones too."""
    viewer = viewer_of(request.user)
    not_found_unless(viewer.may(Permission.SEE_RECORDS))
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 5 else 1
    start, voided = (max(number, 1) - 1) * TURN, request.GET.get("voided") == "1"
    rows = list(queries.listed(surveys_visible_to(request.user), voided=voided)[start : start + TURN + 1])
    context = {
        "surveys": rows[:TURN], "voided": voided, "several": viewer.home_station is None,
        "older_url": page_url(request, number + 1) if len(rows) > TURN else "",
        "newer_url": page_url(request, number - 1) if start else "",
        "new_url": reverse("survey-new") if viewer.home_station else "",
    }  # fmt: skip
    return render(request, "surveys/list.html", context)


@require_http_methods(FORM)
def survey_new(request: SignedIn) -> HttpResponse:
    """登记调研; `village` in the address is the one whose page one came from."""
    station = own_station(request, Permission.WRITE_RECORDS)
    village = request.GET.get("village", "")
    form = SurveyForm(request.POST or None, station=station, me=request.user.staff_id, village=village)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: actions.enter_survey(by=request.user, **said)):
            messages.success(request, _("调研已登记"))
            return redirect("survey", made.pk)
    back = reverse("survey-list")
    return page(request, "survey_form", form, crumbs=crumbs(None, _("登记调研")), back_url=back)


@require_http_methods(FORM)
def survey_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正调研."""
    found = survey_of(request, pk, write=True)
    not_found_unless(found.voided_at is None)
    form = SurveyForm(request.POST or None, station=found.station, me=request.user.staff_id, survey=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        said |= {"reason": form.cleaned_data["reason"], "acknowledged": form.acknowledged}
        refused = changed(
            form, lambda: actions.correct_survey(by=request.user, survey=found, **said), lambda now: theirs(now, form)
        )
        if refused is None:
            messages.success(request, _("已更正，原来的样子留在历史里"))
            return redirect("survey", pk)
        more = refused
    back = reverse("survey", args=[pk])
    return page(request, "survey_form", form, survey=found, crumbs=crumbs(found, _("更正")), back_url=back, **more)


@require_http_methods(FORM)
def survey_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废调研."""
    found = survey_of(request, pk)
    not_found_unless(found.voided_at is None and may_void(request.user, found))
    form = VoidForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: actions.void_survey(by=request.user, survey=found, reason=reason)):
            messages.success(request, _("已作废"))
            return redirect("survey", pk)
    more = {"what": str(found), "crumbs": crumbs(found, _("作废")), "back_url": reverse("survey", args=[pk])}
    return page(request, "void", form, **more)


def shown(request: SignedIn, survey: Survey) -> dict[str, Any]:
    """What the page and the paper of a survey show. Its texts are for whoever may read names."""
    names = sees_names(request.user)
    kinds = tuple(Kind) if names else tuple(kind for kind in Kind if kind not in WORDS)
    known = [(one, number_of(survey.answers, one.code)) for one in PEOPLE]
    drawn = [Bar(one.name, [count]) for one, count in known if count is not None]
    return {
        "survey": survey, "names": names, "sections": answered(survey.answers, kinds),
        "chart": pair(bars, drawn, title=_("人口"), unit=_("人")) if len(drawn) > 1 else "",
        "withheld": not names and any(FIELD[code].kind in WORDS for code in survey.answers),
    }  # fmt: skip


@require_safe
def survey(request: SignedIn, pk: UUID) -> HttpResponse:
    """One survey: what was found, from where each number is, what was corrected; beside which others it may be held."""
    found = survey_of(request, pk)
    visible = surveys_visible_to(request.user)
    others = queries.listed(visible).exclude(pk=pk)
    context = {
        **shown(request, found), "crumbs": crumbs(None, str(found)), "changes": queries.changes_of(found),
        "writes": may_write(request.user, found.station_id) and found.voided_at is None,
        "voids": may_void(request.user, found) and found.voided_at is None,
        "before": queries.before(visible, found), "others": list(others[:TURN]), "pdf": pdf.available(),
        "profile": villages_visible_to(request.user).filter(pk=found.village_id).exists(),
    }  # fmt: skip
    return render(request, "surveys/survey.html", context)


@require_POST
def survey_pdf(request: SignedIn, pk: UUID) -> HttpResponse:
    """The report as PDF; that it was taken stands in the trail."""
    found = survey_of(request, pk)
    not_found_unless(pdf.available())
    at = clock.local(clock.now())
    context = {**shown(request, found), "by": request.user.display_name, "at": at}
    made = pdf.set_on_paper(
        render_to_string("surveys/survey_pdf.html", context, request), request.build_absolute_uri("/")
    )
    actions.note_survey_taken(by=request.user, survey=found)
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{found}.pdf")
    return answer


@require_safe
def survey_compare(request: SignedIn) -> HttpResponse:
    """Two surveys side by side, the older on the left: of one village what changed, of two how they differ."""
    form = PairForm(request.GET)
    not_found_unless(form.is_valid())
    one, other = (survey_of(request, form.cleaned_data[name]) for name in ("a", "b"))
    same = one.village_id == other.village_id
    if same and other.last_on < one.last_on:
        one, other = other, one
    names = sees_names(request.user)
    rows = [row for row in differences(one.answers, other.answers) if names or row.field.kind not in WORDS]
    both = comparable(one.answers, other.answers)
    labels = [one.period, other.period] if same else [one.village.short_name, other.village.short_name]
    drawn = [Bar(field.name, [was, now]) for field, was, now in both]
    context = {
        "one": one, "other": other, "same": same, "names": names, "labels": labels, "sections": by_section(rows),
        "chart": pair(bars, drawn, title=_("两次都清楚的人口"), unit=_("人"), series=labels) if drawn else "",
        "crumbs": crumbs(other, _("对照")),
    }  # fmt: skip
    return render(request, "surveys/compare.html", context)


def by_section(rows: list[Difference]) -> list[tuple[str, list[Difference]]]:
    found: dict[str, list[Difference]] = {}
    for row in rows:
        found.setdefault(row.field.section, []).append(row)
    return list(found.items())
