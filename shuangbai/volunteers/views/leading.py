"""A team's own page (队长页), for whoever holds its secret address; and what the station makes of what is handed in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import rebase
from shuangbai.core.qr import qr_code
from shuangbai.core.views import open_to_strangers
from shuangbai.households.views import FORM, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.volunteers import queries
from shuangbai.volunteers.access import reports_visible_to
from shuangbai.volunteers.actions import leading as actions
from shuangbai.volunteers.enums import ReportState
from shuangbai.volunteers.forms.leading import AnswerForm, LinkForm, ReportForm
from shuangbai.volunteers.models import TeamLink, TeamReport
from shuangbai.volunteers.rules import REPORT_DAYS
from shuangbai.volunteers.views.teams import team_of

# THE LEADER'S PAGE ---------------------------------------------------------


@open_to_strangers
@require_http_methods(FORM)
def team_page(request: HttpRequest, token: str) -> HttpResponse:
    """What the team did on its own, handed in; and what became of what was handed in before."""
    link = queries.link_of(token)
    if link is None:
        return _gone(request)
    form = ReportForm(request.POST or None, members=queries.members_lately(link.team, clock.today()))
    if form.is_valid() and _handed(form, lambda: actions.send_report(link=link, entry=form.entry())):
        return redirect(f"{request.path}?sent")
    return _leaders_page(request, token, link, form)


@open_to_strangers
@require_http_methods(FORM)
def team_page_report(request: HttpRequest, token: str, pk: UUID) -> HttpResponse:
    """What was handed in, to be mended or taken back while the station has not decided."""
    link = queries.link_of(token)
    if link is None:
        return _gone(request)
    report = get_object_or_404(TeamReport, pk=pk, team=link.team_id)
    if report.state not in (ReportState.WAITING, ReportState.RETURNED):
        return redirect("team-page", token)
    members = queries.members_lately(link.team, clock.today())
    form = ReportForm(request.POST or None, members=members, report=report)
    said: dict[str, Any] = {"link": link, "report": report, "version": _number(request.POST.get("version"))}
    if "withdraw" in request.POST:
        done = _handed(form, lambda: actions.withdraw_report(**said))
    else:
        done = form.is_valid() and _handed(form, lambda: actions.amend_report(entry=form.entry(), **said))
    if done:
        return redirect(f"{reverse('team-page', args=[token])}?sent")
    return _leaders_page(request, token, link, form, report=report)


def _number(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 9 else 0


def _handed(form: ReportForm, act: Callable[[], Any]) -> bool:
    """Whether it was done; else why not now stands on the form, with what was typed."""
    form.is_valid()  # so that a sentence can be added, whatever else is wrong
    try:
        return tried(form, act) is not None
    except Conflict:
        form.add_error(None, _("您打开之后这一次已经改过。请返回看清现在的样子，再改。"))
        return False


def _leaders_page(
    request: HttpRequest, token: str, link: TeamLink, form: ReportForm, report: TeamReport | None = None
) -> HttpResponse:
    context = {
        "team": link.team, "station": link.station, "link": link, "form": form, "report": report, "token": token,
        "days": REPORT_DAYS, "sent": "sent" in request.GET,
        "reports": queries.handed_in(link.team) if report is None else [],
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "volunteers/leader.html", context, status=status)


def _gone(request: HttpRequest) -> HttpResponse:
    """The same for an address that never was, one that ended, and one that was switched off."""
    return render(request, "volunteers/leader_gone.html", status=404)


# THE ADDRESS ---------------------------------------------------------------


@require_http_methods(FORM)
def team_link(request: SignedIn, pk: UUID) -> HttpResponse:
    """队长页: whether a team has one, until when; a new address, shown once with its QR code."""
    team = team_of(request, pk, looks_after=True)
    form, address = LinkForm(request.POST or None), ""
    if form.is_valid():
        months = int(form.cleaned_data["months"])
        if made := tried(form, lambda: actions.open_link(by=request.user, team=team, months=months)):
            address = request.build_absolute_uri(reverse("team-page", args=[made[1]]))
    context = {
        "team": team, "form": form, "address": address, "picture": qr_code(address) if address else "",
        "link": queries.link_now(team), "today": clock.today(),
        "crumbs": [(_("志愿队和组织"), reverse("team-list")), (team.name, reverse("team", args=[pk])),
                   (_("队长页"), "")],
    }  # fmt: skip
    status = 422 if form.is_bound and not address else 200
    return render(request, "volunteers/link.html", context, status=status)


@require_POST
def team_link_end(request: SignedIn, pk: UUID) -> HttpResponse:
    """停用队长页."""
    team = team_of(request, pk, looks_after=True)
    try:
        actions.end_link(by=request.user, team=team)
        messages.success(request, _("已停用，原来的链接和二维码都打不开了"))
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    return redirect("team-link", pk)


# WHAT THE STATION MAKES OF IT ----------------------------------------------


@require_safe
def report_list(request: SignedIn) -> HttpResponse:
    """待核对: what leaders handed in."""
    if not viewer_of(request.user).may(Permission.WRITE_RECORDS):
        raise Http404
    context = {
        "reports": queries.reports_waiting(reports_visible_to(request.user)),
        "crumbs": [(_("志愿队和组织"), reverse("team-list")), (_("队长交来的"), "")],
    }
    return render(request, "volunteers/reports.html", context)


@require_http_methods(FORM)
def team_report(request: SignedIn, pk: UUID) -> HttpResponse:
    """What a leader handed in: taken, sent back with words, or refused with a reason."""
    report = get_object_or_404(reports_visible_to(request.user), pk=pk)
    form, status = AnswerForm(request.POST or None, initial={"version": report.version}), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                if (done := tried(form, lambda: _decided(request, report, form.cleaned_data))) is not None:
                    return done
            except Conflict:
                form.add_error(None, _("您打开之后这一次改过了，请看清现在的内容再办"))
                status = 409
    return _report_page(request, pk, form, status)


def _decided(request: SignedIn, report: TeamReport, said: dict[str, Any]) -> HttpResponse:
    """What the button says. Raises NotAllowed, Conflict, Refused."""
    by, version = request.user, said["version"]
    match request.POST.get("decision"):
        case "accept":
            service = actions.accept_report(by=by, report=report, version=version)
            messages.success(request, _("已记入，时长算到各位队员名下"))
            return redirect("team_service", service.pk)
        case "return":
            actions.return_report(by=by, report=report, version=version, answer=said["answer"])
            messages.success(request, _("已退回，队长打开自己的页面就看得到您写的话"))
        case "refuse":
            actions.refuse_report(by=by, report=report, version=version, answer=said["answer"])
            messages.success(request, _("已记下没有采用的原因，队长看得到"))
        case _:
            raise NotAllowed
    return redirect("team-reports")


def _report_page(request: SignedIn, pk: UUID, form: AnswerForm, status: int) -> HttpResponse:
    report = get_object_or_404(reports_visible_to(request.user), pk=pk)
    helpers = queries.helpers_of(report)
    if status == 409:
        rebase(form, report.version)
    context = {
        "report": report, "helpers": helpers, "total": sum(row.hours for row in helpers), "form": form,
        "waits": report.state == ReportState.WAITING, "more": report.people - len(helpers),
        "crumbs": [(_("队长交来的"), reverse("team-reports")), (report.title, "")],
    }  # fmt: skip
    return render(request, "volunteers/report.html", context, status=status)
