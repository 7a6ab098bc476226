"""Pages of teams and of organisations of the neighbourhood."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.households.views import FORM, conflict_of, own_station, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names, shown_name
from shuangbai.volunteers import queries
from shuangbai.volunteers.access import (
    may_look_after,
    organisations_visible_to,
    reports_visible_to,
    teams_visible_to,
    volunteers_visible_to,
)
from shuangbai.volunteers.actions import people as actions
from shuangbai.volunteers.actions import teams as team_actions
from shuangbai.volunteers.forms import (
    HelpForm,
    JoinForm,
    MemberForm,
    MeritForm,
    OrganisationForm,
    StageForm,
    TeamForm,
)
from shuangbai.volunteers.models import Organisation, Team, TeamMember


@require_safe
def team_list(request: SignedIn) -> HttpResponse:
    """志愿队和社区社会组织."""
    viewer, today = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_RECORDS):
        raise Http404
    teams = teams_visible_to(request.user).order_by("station__path", "name")
    context = {
        "lines": queries.team_lines(teams, today, request.user),
        "organisations": organisations_visible_to(request.user).order_by("station__path", "name"),
        "many": len(viewer.station_ids(Permission.SEE_RECORDS)) > 1,
        "writes": viewer.home_station is not None,
        "handed_in": queries.reports_waiting(reports_visible_to(request.user)).count(),
        "sees_people": viewer.may(Permission.SEE_FAMILIES),
    }  # fmt: skip
    return render(request, "volunteers/teams.html", context)


def team_of(request: SignedIn, pk: UUID, *, looks_after: bool = False) -> Team:
    """The team, for whoever may see it, or look after it. Raises Http404."""
    found = get_object_or_404(teams_visible_to(request.user), pk=pk)
    if looks_after and not may_look_after(request.user, found.station_id):
        raise Http404
    return found


def _form_page(request: SignedIn, form: Any, heading: str, back: str, **more: Any) -> HttpResponse:
    crumbs = [(_("志愿队和组织"), reverse("team-list")), (heading, "")]
    context = {"form": form, "heading": heading, "back_url": back, "crumbs": crumbs, **more}
    status = more.get("status", 422 if form.is_bound else 200)
    return render(request, "volunteers/form.html", context, status=status)


@require_http_methods(FORM)
def team_new(request: SignedIn) -> HttpResponse:
    """登记志愿队."""
    form = TeamForm(request.POST or None, station=own_station(request, Permission.WRITE_RECORDS))
    if form.is_valid():
        entry = form.entry()
        if made := tried(form, lambda: team_actions.form_team(by=request.user, entry=entry)):
            messages.success(request, _("已登记这支志愿队"))
            return redirect("team", made.pk)
    return _form_page(request, form, _("登记志愿队"), reverse("team-list"))


@require_http_methods(FORM)
def team_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改志愿队的资料."""
    found = team_of(request, pk, looks_after=True)
    form = TeamForm(request.POST or None, station=found.station, team=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        try:
            if tried(form, lambda: team_actions.change_team(by=request.user, team=found, **said)):
                messages.success(request, _("已保存"))
                return redirect("team", pk)
        except Conflict as conflict:
            more = conflict_of(form, conflict.current, TeamForm.plain(team_of(request, pk)))
    return _form_page(request, form, _("改资料"), reverse("team", args=[pk]), **more)


@require_safe
def team(request: SignedIn, pk: UUID) -> HttpResponse:
    """One team: where it stands, who is of it, what it did on its own, what else is noted."""
    return team_page(request, team_of(request, pk))


def team_page(request: SignedIn, found: Team, **more: Any) -> HttpResponse:
    """The page of a team; `more` may bring a form of it that came back, and a status."""
    today, state = clock.today(), queries.state_now(found)
    names = sees_names(request.user)

    def shown(rows: list[TeamMember]) -> list[tuple[TeamMember, str]]:
        return [(row, shown_name(request.user, row.volunteer.called)) for row in rows]

    looks_after = may_look_after(request.user, found.station_id)
    context = {
        "team": found, "state": state, "states": queries.states_of(found), "names": names,
        "founder": shown_name(request.user, found.founder) if found.founder else "",
        "members": shown(queries.members_of(found, today)), "gone": shown(queries.members_of(found, today, gone=True)),
        "services": queries.team_services(found), "hours": queries.team_hours([found.pk]).get(found.pk, 0),
        "merits": queries.merits_of(team=found) if names else [], "looks_after": looks_after,
        "stage_form": StageForm(team=found, stage=state.stage), "join_form": JoinForm(), "merit_form": MeritForm(),
        "volunteers_url": f"{reverse('volunteer-suggest')}?q=",
        "crumbs": [(_("志愿队和组织"), reverse("team-list")), (found.name, "")], **more,
    }  # fmt: skip
    return render(request, "volunteers/team.html", context, status=more.get("status", 200))


@require_POST
def team_stage(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far the team is, from a day on."""
    found = team_of(request, pk, looks_after=True)
    form = StageForm(request.POST, team=found, stage=queries.state_now(found).stage)
    status = 422
    if form.is_valid():
        said = form.cleaned_data
        try:
            if tried(form, lambda: team_actions.move_team(by=request.user, team=found, **said)):
                messages.success(request, _("已记下"))
                return redirect("team", pk)
        except Conflict:
            form.add_error(None, _("您打开之后别人改过这支队，请看清现在的内容再保存"))
            status = 409
    return team_page(request, team_of(request, pk), stage_form=form, status=status)


@require_POST
def team_join(request: SignedIn, pk: UUID) -> HttpResponse:
    """A volunteer comes into the team."""
    found = team_of(request, pk, looks_after=True)
    form = JoinForm(request.POST)
    name = ""
    if form.is_valid():
        said = dict(form.cleaned_data)
        there = volunteers_visible_to(request.user, Permission.WRITE_RECORDS).filter(station=found.station_id)
        who = get_object_or_404(there, pk=said.pop("volunteer"))
        if tried(form, lambda: team_actions.join_team(by=request.user, team=found, volunteer=who, **said)):
            messages.success(request, _("已记入队员"))
            return redirect("team", pk)
        name = who.called
    return team_page(request, found, join_form=form, join_name=name, status=422)


@require_http_methods(FORM)
def team_member(request: SignedIn, pk: UUID) -> HttpResponse:
    """A member's role, or their last day in the team."""
    member = get_object_or_404(
        TeamMember.objects.select_related("team__station", "volunteer__person"), pk=pk, ends_on__isnull=True,
        team__in=teams_visible_to(request.user).values("pk"),
    )  # fmt: skip
    if not may_look_after(request.user, member.station_id):
        raise Http404
    form = MemberForm(request.POST or None, initial={"role": member.role})
    if form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: _member_changed(request, member, said)):
            messages.success(request, _("已记下"))
            return redirect("team", member.team_id)
    return _form_page(request, form, member.volunteer.called, reverse("team", args=[member.team_id]))


def _member_changed(request: SignedIn, member: TeamMember, said: dict[str, Any]) -> TeamMember:
    if said["ends_on"]:
        return team_actions.end_membership(by=request.user, member=member, ends_on=said["ends_on"])
    return team_actions.change_role(by=request.user, member=member, role=said["role"])


@require_POST
def team_merit(request: SignedIn, pk: UUID) -> HttpResponse:
    """A training, an award, praise or a complaint of a team."""
    found = team_of(request, pk, looks_after=True)
    form = MeritForm(request.POST)
    if form.is_valid():
        entry = form.entry()
        if tried(form, lambda: actions.note_merit(by=request.user, about=found, entry=entry)):
            messages.success(request, _("已记下"))
            return redirect("team", pk)
    return team_page(request, found, merit_form=form, status=422)


# ORGANISATIONS --------------------------------------------------------------


def organisation_of(request: SignedIn, pk: UUID, *, looks_after: bool = False) -> Organisation:
    found = get_object_or_404(organisations_visible_to(request.user), pk=pk)
    if looks_after and not may_look_after(request.user, found.station_id):
        raise Http404
    return found


@require_http_methods(FORM)
def organisation_new(request: SignedIn) -> HttpResponse:
    """登记社区社会组织."""
    form = OrganisationForm(request.POST or None, station=own_station(request, Permission.WRITE_RECORDS))
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: team_actions.enter_organisation(by=request.user, **said)):
            messages.success(request, _("已登记这个组织"))
            return redirect("organisation", made.pk)
    return _form_page(request, form, _("登记社区社会组织"), reverse("team-list"))


@require_http_methods(FORM)
def organisation_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改组织的资料."""
    found = organisation_of(request, pk, looks_after=True)
    form = OrganisationForm(request.POST or None, station=found.station, organisation=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        said["acknowledged"] = form.acknowledged
        try:
            if tried(form, lambda: team_actions.change_organisation(by=request.user, organisation=found, **said)):
                messages.success(request, _("已保存"))
                return redirect("organisation", pk)
        except Conflict as conflict:
            theirs = OrganisationForm.plain(organisation_of(request, pk))
            more = conflict_of(form, conflict.current, theirs)
    return _form_page(request, form, _("改资料"), reverse("organisation", args=[pk]), **more)


@require_safe
def organisation(request: SignedIn, pk: UUID) -> HttpResponse:
    """One organisation, and what the station does for it."""
    return organisation_page(request, organisation_of(request, pk))


def organisation_page(request: SignedIn, found: Organisation, **more: Any) -> HttpResponse:
    looks_after, names = may_look_after(request.user, found.station_id), sees_names(request.user)
    context = {
        "organisation": found, "helps": queries.helps_of(found), "looks_after": looks_after, "names": names,
        "help_form": HelpForm(), "crumbs": [(_("志愿队和组织"), reverse("team-list")), (found.name, "")], **more,
    }  # fmt: skip
    return render(request, "volunteers/organisation.html", context, status=more.get("status", 200))


@require_POST
def organisation_help(request: SignedIn, pk: UUID) -> HttpResponse:
    """What the station did for an organisation."""
    found = organisation_of(request, pk, looks_after=True)
    form = HelpForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: team_actions.note_help(by=request.user, organisation=found, **said)):
            messages.success(request, _("已记下"))
            return redirect("organisation", pk)
    return organisation_page(request, found, help_form=form, status=422)
