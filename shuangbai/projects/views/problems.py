"""Pages of problems: the station's list, one and its answer, the public page of a station, and what came of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.core.qr import qr_code
from shuangbai.core.views import open_to_strangers
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.forms import UnmaskForm
from shuangbai.households.views import FORM, own_station, saved, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.pictures.queries import album_of, published, standing_pictures
from shuangbai.projects import queries
from shuangbai.projects.access import may_open_masked, may_write, problems_visible_to, problems_written_by
from shuangbai.projects.actions import problems as actions
from shuangbai.projects.forms.problems import AnswerForm, ProblemFilter, ProblemForm, SendProblemForm
from shuangbai.projects.forms.projects import SwitchForm
from shuangbai.projects.models import Problem
from shuangbai.projects.views import form_page

SHOWN = 200


# THE STATION'S ---------------------------------------------------------------


@require_safe
def problem_list(request: SignedIn) -> HttpResponse:
    """公共问题: those that wait first; the station's public page, open or shut."""
    viewer = viewer_of(request.user)
    if not (viewer.may(Permission.SEE_RECORDS) and viewer.may(Permission.SEE_NAMES)):
        raise Http404
    form, station = ProblemFilter(request.GET), viewer.home_station
    box = queries.box_of(station) if station else None
    address = request.build_absolute_uri(reverse("village-matters", args=[box.token])) if box and box.opened else ""
    context = {
        "form": form, "problems": queries.listed_problems(problems_visible_to(request.user), state=form.asked)[:SHOWN],
        "filtered": bool(form.asked), "several": station is None, "station": station, "box": box, "address": address,
        "qr": qr_code(address) if address else "", "crumbs": _crumbs(""),
    }  # fmt: skip
    return render(request, "projects/problems.html", context)


def _crumbs(here: str) -> list[tuple[str, str]]:
    found = [(_("社区项目"), reverse("project-list")), (_("公共问题"), reverse("problem-list") if here else "")]
    return [*found, (here, "")] if here else found


@require_http_methods(FORM)
def problem_new(request: SignedIn) -> HttpResponse:
    """记问题."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = ProblemForm(request.POST or None, station=station)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.raise_problem(by=request.user, station=station, entry=form.entry()))
        if made:
            messages.success(request, _("已记下"))
            return redirect("problem", made.pk)
    here = _("记问题")
    return form_page(request, form, None, here, crumbs=_crumbs(here), back_url=reverse("problem-list"))


def _problem_of(request: SignedIn, pk: UUID, *, write: bool = False) -> Problem:
    found = problems_written_by(request.user) if write else problems_visible_to(request.user)
    return get_object_or_404(found.select_related("station", "village", "project", "entered_by"), pk=pk)


@require_http_methods(FORM)
def problem(request: SignedIn, pk: UUID) -> HttpResponse:
    """One problem, and the answer to it."""
    found = _problem_of(request, pk, write=request.method == "POST")
    form = _answer_form(request, found)
    more: dict[str, Any] = {}
    if form and form.is_bound and form.is_valid():
        c = form.cleaned_data
        refused = saved(
            form,
            lambda: actions.answer_problem(
                by=request.user, problem=found, version=c["version"] or 0, state=c["state"], answer=c["answer"],
                project=c["project"],
            ),
            lambda: _now(pk),
        )  # fmt: skip
        if refused is None:
            messages.success(request, _("已答复"))
            return redirect("problem", pk)
        more = refused
    return _problem_page(request, found, form, **more)


def _answer_form(request: SignedIn, found: Problem) -> AnswerForm | None:
    if not may_write(request.user, found.station_id):
        return None
    projects = queries.open_projects(found.station, besides=found.project_id)
    return AnswerForm(request.POST or None, problem=found, projects=projects)


def _now(pk: UUID) -> tuple[Problem, dict[str, Any]]:
    now = Problem.objects.get(pk=pk)
    return now, {"state": now.state, "project": str(now.project_id or ""), "answer": now.answer}


def _problem_page(request: SignedIn, found: Problem, form: AnswerForm | None, **more: Any) -> HttpResponse:
    status = more.pop("status", 422 if form and form.is_bound else 200)
    opens = may_open_masked(request.user, found)
    context = {
        "problem": found, "form": form, "crumbs": _crumbs(_("一个问题")), "phone": queries.masked_phone(found),
        "unmask_url": reverse("problem-unmask", args=[found.pk]) if opens else "", "reasons": UnmaskReason.choices,
        "answer_url": request.build_absolute_uri(reverse("village-answer", args=[found.token])),
        "album": album_of(request.user, queries.PROBLEMS, found.pk), **more,
    }  # fmt: skip
    return render(request, "projects/problem.html", context, status=status)


@require_POST
def problem_unmask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Opens the telephone of whoever raised it, for a stated reason that goes into the trail."""
    found = _problem_of(request, pk)
    if not found.phone or not may_open_masked(request.user, found):
        raise Http404
    form = UnmaskForm(request.POST)
    if form.is_valid():
        reason = UnmaskReason(form.cleaned_data["reason"]).label
        tried(form, lambda: actions.note_opened(by=request.user, problem=found, reason=reason))
    if not form.is_valid():  # what is not in the trail is not shown
        messages.warning(request, str(next(iter(form.errors.values()))[0]))
        return redirect("problem", pk)
    shown = {
        "masked": queries.masked_phone(found), "clear": found.phone, "label": _("电话"),
        "url": reverse("problem-unmask", args=[pk]), "reasons": UnmaskReason.choices,
    }  # fmt: skip
    if request.htmx:
        return render(request, "core/masked.html", shown)
    return render(request, "projects/unmask.html", {"problem": found, "one": shown, "reason": reason})


@require_POST
def problem_box(request: SignedIn) -> HttpResponse:
    """The station's public page opened, shut, or put at a new address."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = SwitchForm(request.POST)
    if form.is_valid():
        to, version = form.cleaned_data["to"], form.cleaned_data["version"]
        try:
            actions.switch_box(
                by=request.user, station=station, opened=to != "off", version=version, renewed=to == "renew"
            )
        except NotAllowed:
            raise Http404 from None
        except Conflict:
            messages.warning(request, _("您打开之后，同事已经改过；请看清现在的样子，再按一次"))
        else:
            messages.success(request, _("公开页已关闭，不再收了") if to == "off" else _("公开页已开放"))
    return redirect(f"{reverse('problem-list')}#box")


# ANYBODY'S -------------------------------------------------------------------


@open_to_strangers
@require_http_methods(FORM)
def village_matters(request: HttpRequest, token: str) -> HttpResponse:
    """The page on which a villager says what is wrong. Without an account, without a script."""
    box = queries.box_at(token)
    if box is None:
        raise Http404
    form = SendProblemForm(request.POST or None, request.FILES or None, station=box.station)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.send_problem(box=box, entry=form.entry()))
        if made:
            return redirect("village-answer", made.token)
    context = {"form": form, "station": box.station, "again": bool(request.FILES)}
    return render(request, "projects/village_matters.html", context, status=422 if form.is_bound else 200)


@open_to_strangers
@require_safe
def village_answer(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody wrote and what the station answered, at an address that they alone have."""
    found = queries.problem_at(token)
    if found is None:
        raise Http404
    address = request.build_absolute_uri(reverse("village-answer", args=[token]))
    project = found.project if found.project and found.project.public else None
    context = {
        "problem": found, "address": address, "qr": qr_code(address),
        "square_url": reverse("square", args=[project.token]) if project else "",
        "shown": published(queries.PROBLEMS, [found.pk]).get(found.pk, []),
        "kept": standing_pictures(queries.PROBLEMS, [found.pk]).filter(entered_by=None).count(),
    }  # fmt: skip
    return render(request, "projects/village_answer.html", context)
