"""Pages of a project: the station's list, its page, states, who takes part, milestones, outcome, public ledger."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.core.qr import qr_code
from shuangbai.households.views import FORM, own_station, saved, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.pictures.queries import album_of
from shuangbai.projects import queries
from shuangbai.projects.access import (
    may_write,
    milestones_written_by,
    problems_visible_to,
    problems_written_by,
    projects_visible_to,
    stakeholders_written_by,
)
from shuangbai.projects.actions import projects as actions
from shuangbai.projects.enums import BODIES, ProjectState
from shuangbai.projects.forms.projects import (
    MilestoneForm,
    MoveForm,
    OutcomeForm,
    ProjectFilter,
    ProjectForm,
    StakeholderForm,
    SwitchForm,
)
from shuangbai.projects.models import Milestone, Problem, Project, Stakeholder
from shuangbai.projects.rules import STEPS
from shuangbai.projects.views import added, back_to, form_page, kept, project_of
from shuangbai.resources.queries import linked_to
from shuangbai.services.access import sees_names, shown_name

TURN = 30


@require_safe
def project_list(request: SignedIn) -> HttpResponse:
    """社区项目: those of the stations within reach, those under way first; problems that wait."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_RECORDS):
        raise Http404
    form = ProjectFilter(request.GET)
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() and len(request.GET["from"]) < 7 else 0
    rows = list(queries.listed(projects_visible_to(request.user), **form.asked)[start : start + TURN + 1])
    asked = request.GET.copy()
    asked["from"] = str(start + TURN)
    context = {
        "form": form, "projects": rows[:TURN], "filtered": any(form.asked.values()),
        "older_url": f"?{asked.urlencode()}" if len(rows) > TURN else "",
        "newer_url": reverse("project-list") if start else "", "several": viewer.home_station is None,
        "writes": viewer.home_station is not None, "names": sees_names(request.user),
        "waiting": problems_visible_to(request.user).filter(state="waiting").count(),
    }  # fmt: skip
    return render(request, "projects/list.html", context)


@require_http_methods(FORM)
def project_new(request: SignedIn) -> HttpResponse:
    """立项; `problem` in the address says from which problem."""
    station = own_station(request, Permission.WRITE_RECORDS)
    problem = _problem_asked(request, station.pk)
    form = ProjectForm(request.POST or None, station=station, me=request.user.staff_id, problem=problem)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.begin_project(by=request.user, entry=form.entry(), problem=problem))
        if made:
            return back_to(request, made, _("已立项"))
    sub = _("先写名称就可以保存，其余的边做边补") if problem is None else _("问题和地点已从村民说的带过来，可以改")
    return form_page(request, form, None, _("立项"), sub=sub, save_label=_("保存项目"))


def _problem_asked(request: SignedIn, station_id: UUID) -> Problem | None:
    try:
        pk = UUID(request.GET.get("problem", ""))
    except ValueError:
        return None
    return problems_written_by(request.user).filter(pk=pk, station=station_id, state="waiting").first()


@require_http_methods(FORM)
def project_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改项目."""
    found = project_of(request, pk, write=True)
    form = ProjectForm(request.POST or None, station=found.station, me=request.user.staff_id, project=found)
    more: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        refused = saved(
            form,
            lambda: actions.change_project(by=request.user, project=found, version=version, entry=form.entry()),
            lambda: _now(pk, form),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已保存"))
        more = refused
    return form_page(request, form, found, _("改项目"), **more)


def _now(pk: UUID, form: Any) -> tuple[Project, dict[str, Any]]:
    now = Project.objects.get(pk=pk)
    return now, form.said(now)


@require_safe
def project(request: SignedIn, pk: UUID) -> HttpResponse:
    """One project: what it is about, who takes part, meetings, ledger, milestones, what came of it."""
    return project_page(request, project_of(request, pk))


def project_page(request: SignedIn, found: Project, **more: Any) -> HttpResponse:
    """The page of a project; `more` may bring a form of it that came back, and a status."""
    user, writes = request.user, may_write(request.user, found.station_id)
    names = sees_names(user)
    lines = queries.ledger(queries.lines_of(found), named=lambda line: _called(user, line.name, line.giver))
    reached = [ProjectState(one.became) for one in queries.moves_of(found)]
    address = request.build_absolute_uri(reverse("square", args=[found.token]))
    context = {
        "project": found, "crumbs": [(_("社区项目"), reverse("project-list")), (found.title, "")], "names": names,
        "writes": writes, "sums": queries.sums_of(found), "parts": queries.by_kind(lines),
        "meetings": queries.meetings_of(found), "milestones": queries.milestones_of(found),
        "stakeholders": [(one, _called(user, one.name, one.role)) for one in queries.stakeholders_of(found)],
        "moves": queries.moves_of(found), "moving": MoveForm(project=found) if writes else None,
        "steps": _steps(found, reached), "problems": _problems(request, found),
        "before": album_of(user, queries.BEFORE, found.pk), "after": album_of(user, queries.AFTER, found.pk),
        "linked": list(filter(None, [linked_to(user, "projects", found.pk)])),
        "square_url": address if found.public else "", "qr": qr_code(address) if found.public and writes else "",
        **more,
    }  # fmt: skip
    return render(request, "projects/project.html", context, status=more.get("status", 200))


def _called(user: Any, name: str, role: str) -> str:
    """A name as somebody may see it; what a unit is called is no secret."""
    return name if role in BODIES else shown_name(user, name)


def _steps(found: Project, reached: list[ProjectState]) -> list[dict[str, Any]]:
    """The steps of a project from first to last, which are behind it and in which it is."""
    at = STEPS.index(ProjectState(found.state)) if found.state in STEPS else -1
    return [
        {"label": step.label, "here": place == at, "behind": place < at or (at < 0 and step in reached)}
        for place, step in enumerate(STEPS)
    ]


def _problems(request: SignedIn, found: Project) -> list[Problem]:
    rows = problems_visible_to(request.user).filter(project=found).defer("phone")
    return list(rows.order_by("raised_on", "id"))


@require_POST
def project_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """Another state: the page of the project again where something is to be put right."""
    found = project_of(request, pk, write=True)
    form = MoveForm(request.POST, project=found)
    more: dict[str, Any] = {"status": 422}
    if form.is_valid():
        c = form.cleaned_data
        refused = saved(
            form,
            lambda: actions.move_project(
                by=request.user, project=found, version=c["version"], to=ProjectState(c["to"]), on=c["moved_on"],
                reason=c["reason"],
            ),
            lambda: (Project.objects.get(pk=pk), {}),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已记下"))
        if refused:
            form.add_error(None, _("您打开之后，这个项目已被别人改过；请看清现在的样子，再按一次"))
            found, more["status"] = project_of(request, pk), 409
    return project_page(request, found, moving=form, **more)


@require_http_methods(FORM)
def project_outcome(request: SignedIn, pk: UUID) -> HttpResponse:
    """成效与移交."""
    found = project_of(request, pk, write=True)
    form = OutcomeForm(request.POST or None, project=found)
    more: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        version = form.cleaned_data["version"] or 0
        refused = saved(
            form,
            lambda: actions.tell_outcome(by=request.user, project=found, version=version, entry=form.entry()),
            lambda: _now(pk, form),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已保存"))
        more = refused
    return form_page(request, form, found, _("成效与移交"), **more)


@require_POST
def project_public(request: SignedIn, pk: UUID) -> HttpResponse:
    """The public ledger on, off, or at a new address."""
    found = project_of(request, pk, write=True)
    form = SwitchForm(request.POST)
    if form.is_valid():
        to, version = form.cleaned_data["to"], form.cleaned_data["version"]
        try:
            actions.show_ledger(
                by=request.user, project=found, version=version, public=to != "off", renewed=to == "renew"
            )
        except NotAllowed:
            raise Http404 from None
        except Conflict:
            messages.warning(request, _("您打开之后，这个项目已被别人改过；请看清现在的样子，再按一次"))
        else:
            messages.success(request, _("公开账目已停止，链接打不开了") if to == "off" else _("公开账目已打开"))
    return redirect(f"{reverse('project', args=[pk])}#public")


# WHO TAKES PART, WHAT IS TO BE REACHED ---------------------------------------


@require_http_methods(FORM)
def stakeholder_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """加参与方."""
    found = project_of(request, pk, write=True)
    form = StakeholderForm(request.POST or None, project=found)
    return added(
        request, form, found, _("加参与方"),
        lambda: actions.add_stakeholder(by=request.user, project=found, entry=form.entry()), _("已加上"),
    )  # fmt: skip


@require_http_methods(FORM)
def stakeholder(request: SignedIn, pk: UUID) -> HttpResponse:
    """One who takes part, changed, or no longer taking part."""
    row: Stakeholder = get_object_or_404(stakeholders_written_by(request.user).select_related("project"), pk=pk)
    form = StakeholderForm(request.POST or None, project=row.project, stakeholder=row)
    return kept(
        request, form, row, _("改参与方"),
        lambda: actions.change_stakeholder(
            by=request.user, stakeholder=row, version=form.cleaned_data["version"] or 0, entry=form.entry()
        ),
        _("已保存"),
    )  # fmt: skip


@require_http_methods(FORM)
def milestone_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """加节点."""
    found = project_of(request, pk, write=True)
    form = MilestoneForm(request.POST or None)
    return added(
        request, form, found, _("加节点"),
        lambda: actions.add_milestone(by=request.user, project=found, entry=form.entry()), _("已加上"),
    )  # fmt: skip


@require_http_methods(FORM)
def milestone(request: SignedIn, pk: UUID) -> HttpResponse:
    """A milestone changed, done, or dropped."""
    row: Milestone = get_object_or_404(milestones_written_by(request.user).select_related("project"), pk=pk)
    form = MilestoneForm(request.POST or None, milestone=row)
    return kept(
        request, form, row, _("改节点"),
        lambda: actions.change_milestone(
            by=request.user, milestone=row, version=form.cleaned_data["version"] or 0, entry=form.entry()
        ),
        _("已保存"),
    )  # fmt: skip
