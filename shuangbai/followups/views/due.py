"""Who is to be seen next: the list, a station for its head, handing files over in bulk, grading one."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.followups import queries
from shuangbai.followups.access import shares_work, tasks_visible_to
from shuangbai.followups.enums import State
from shuangbai.followups.forms import DueFilter, GradeForm, PauseForm, ResumeForm, ShareForm
from shuangbai.followups.rules import FAMILY_UPWARD_AFTER, HEAD_AFTER
from shuangbai.households.access import households_within
from shuangbai.households.enums import PauseReason
from shuangbai.households.files import assign_files, grade_files, pause_file, resume_file
from shuangbai.households.grades import Schemes
from shuangbai.households.models import FamilyFile, Household
from shuangbai.households.queries import open_file_of
from shuangbai.households.views import FORM, family_of, page_url, to_family, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import staff_of
from shuangbai.network.roles import Permission

PAGE = 50


@require_safe
def due_list(request: SignedIn) -> HttpResponse:
    """该去看谁: every family with its date and the sentence that says why."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    form = DueFilter(request.GET, station_ids=viewer.station_ids(Permission.SEE_FAMILIES))
    found = asked_for(request, form.asked())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "page": page, "total": len(found), "names": viewer.may(Permission.SEE_NAMES),
        "asked": [str(value) for name, value in form.asked().items() if name != "state"],
        "state_words": dict(form.fields["state"].choices).get(form.asked().get("state", ""), ""),  # type: ignore[attr-defined]
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
        "may_record": viewer.may(Permission.WRITE_RECORDS), "shares": shares_work(request.user),
    }  # fmt: skip
    return render(request, "followups/due_list.html", context)


@require_safe
def due_upward(request: SignedIn) -> HttpResponse:
    """久未见面的家庭, by station: every file within reach is judged, so today's page asks for it once it is there."""
    if not viewer_of(request.user).may(Permission.ASK_FOLLOWUPS):
        raise Http404
    families = queries.families_due(households_within(request.user), clock.today())
    context = {"long_ago": queries.long_overdue(families, FAMILY_UPWARD_AFTER)}
    return render(request, "followups/_upward.html" if request.htmx else "followups/upward.html", context)


def asked_for(request: SignedIn, asked: dict[str, Any]) -> list[queries.FamilyDue]:
    """The visible families that the filters leave, the most urgent first."""
    whose = {"staff_id": asked["worker"].pk} if "worker" in asked else {}
    if "station" in asked:
        whose["station_ids"] = [asked["station"].pk]
    found = queries.families_due(households_within(request.user), clock.today(), **whose)
    wanted = (State.OVERDUE, State.DUE) if asked.get("state") == "now" else (asked.get("state"),)
    if "state" in asked:
        found = [one for one in found if one.state in wanted]
    if "village" in asked:
        found = [one for one in found if one.village_id == asked["village"].pk]
    return found


def shared_stations(request: SignedIn) -> list[UUID]:
    """The stations whose work this person shares out. Raises Http404 for everybody else."""
    if not shares_work(request.user):
        raise Http404
    return viewer_of(request.user).station_ids(Permission.VOID_ANY_RECORD)


@require_safe
def due_station(request: SignedIn) -> HttpResponse:
    """本站跟进: for the head, by grade and by worker, as work to share out."""
    return station_page(request, shared_stations(request))


def station_page(request: SignedIn, stations: list[UUID], form: ShareForm | None = None) -> HttpResponse:
    day = clock.today()
    found = queries.families_due(households_within(request.user), day, station_ids=stations)
    worker, state = request.GET.get("worker", ""), request.GET.get("state", "")
    shown = [one for one in found if worker in ("", str(one.staff_id or "none")) and state in ("", one.state)]
    if not worker and not state:
        shown = [one for one in found if one.state == State.OVERDUE or one.staff_id is None]
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    context = {
        "workers": queries.shares_by_worker(found), "levels": queries.shares_by_level(found), "page": page,
        "states": [state for state in State if state != State.NONE], "asked_worker": worker, "asked_state": state,
        "staff": staff_of(stations, day), "handed": queries.handed_today(stations, day), "form": form,
        "picked": request.POST.getlist("file"), "total": len(found),
        "tasks": list(queries.handed_upward(tasks_visible_to(request.user), day, HEAD_AFTER)[:20]),
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "", "today": day,
        "stations": OrgUnit.objects.filter(pk__in=stations).order_by("path"),
    }  # fmt: skip
    return render(request, "followups/station.html", context, status=422 if form else 200)


def open_files(stations: list[UUID]) -> Any:
    return FamilyFile.objects.filter(queries.kept_at(stations, clock.today()), state="open")


@require_POST
def due_share(request: SignedIn) -> HttpResponse:
    """Hands the ticked files to one worker from today on."""
    stations = shared_stations(request)
    files = {file.pk: file for file in open_files(stations).filter(station__in=stations)}
    form = ShareForm(request.POST, files=files, station_ids=stations)
    if form.is_valid():
        to, day = form.cleaned_data["to"], clock.today()
        entries = [(files[pk], to.pk, day) for pk in form.cleaned_data["file"]]
        if tried(form, lambda: assign_files(by=request.user, entries=entries)) is not None:
            # The message waits in a cookie, so it names nobody.
            messages.success(request, _("已转手 %(n)d 户，转错了可在本页下方退回") % {"n": len(entries)})
            return redirect("due-station")
    return station_page(request, stations, form)


@require_POST
def due_give_back(request: SignedIn) -> HttpResponse:
    """Gives files that were handed over today back to who had them."""
    stations, day = shared_stations(request), clock.today()
    ticked = set(request.POST.getlist("file"))
    entries: list[Any] = [
        (row.file, row.before.pk, day)  # type: ignore[attr-defined]
        for row in queries.handed_today(stations, day)
        if str(row.file_id) in ticked
    ]
    try:
        assign_files(by=request.user, entries=entries)
    except (NotAllowed, Refused):
        raise Http404 from None
    if entries:
        messages.success(request, _("已退回 %(n)d 户") % {"n": len(entries)})
    else:
        messages.warning(request, _("没有勾选要退回的家庭"))
    return redirect("due-station")


@require_http_methods(FORM)
def file_grade(request: SignedIn, pk: UUID) -> HttpResponse:
    """定级: a level of the station's scheme, with a reason; and the grades there were."""
    household, file = _file_of(request, pk)
    history = list(file.grades.select_related("entered_by").order_by("-starts_on"))
    scheme = Schemes(clock.today()).of(file.station_id)
    form = GradeForm(request.POST or None, scheme=scheme, now=history[0].grade if history else "")
    if form.is_valid():
        entry = (file, form.cleaned_data["grade"], form.cleaned_data["starts_on"], form.cleaned_data["reason"])
        if tried(form, lambda: grade_files(by=request.user, entries=[entry])):
            return to_family(request, household, _("已定级"))
    due = queries.families_due(None, clock.today(), household_ids=[pk])[0]
    context = {"form": form, "household": household, "history": history, "scheme": scheme, "due": due}
    return render(request, "followups/grade.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def file_pause(request: SignedIn, pk: UUID) -> HttpResponse:
    """暂停跟进: until when and why; of a file that is paused another end. And the pauses there were."""
    household, file = _file_of(request, pk)
    form = PauseForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        said = {"starts_on": typed["starts_on"], "planned_on": typed["planned_on"], "note": typed["note"]}
        reason = PauseReason(typed["reason"])
        if tried(form, lambda: pause_file(by=request.user, file=file, reason=reason, **said)):
            return to_family(request, household, _("已暂停跟进，到预计恢复的日子会提醒"))
    return _pauses(request, household, file, form=form)


@require_http_methods(FORM)
def file_resume(request: SignedIn, pk: UUID) -> HttpResponse:
    """恢复跟进, on the page of the pause."""
    household, file = _file_of(request, pk)
    resuming = ResumeForm(request.POST or None)
    if resuming.is_valid():
        day = resuming.cleaned_data["resumed_on"]
        if tried(resuming, lambda: resume_file(by=request.user, file=file, resumed_on=day)):
            return to_family(request, household, _("已恢复跟进"))
    return _pauses(request, household, file, resuming=resuming)


def _file_of(request: SignedIn, pk: UUID) -> tuple[Household, FamilyFile]:
    """A family that may be edited and its open file. Raises Http404."""
    household, file = family_of(request, pk), open_file_of(pk)
    if file is None:
        raise Http404
    return household, file


def _pauses(
    request: SignedIn, household: Household, file: FamilyFile, *, form: PauseForm | None = None,
    resuming: ResumeForm | None = None,
) -> HttpResponse:  # fmt: skip
    history = list(file.pauses.select_related("entered_by").order_by("-starts_on"))
    running = next((one for one in history if one.ends_on is None), None)
    bound = any(one is not None and one.is_bound for one in (form, resuming))
    context = {
        "household": household, "history": history, "running": running, "form": form or PauseForm(),
        "resuming": resuming or (ResumeForm() if running else None),
    }  # fmt: skip
    return render(request, "followups/pause.html", context, status=422 if bound else 200)
