"""Follow-up tasks: the list, asking for one, one with its answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.followups import actions, queries
from shuangbai.followups.access import may_answer, may_drop, tasks_visible_to
from shuangbai.followups.actions import TaskEntry
from shuangbai.followups.forms import ClosingForm, HandForm, TaskForm
from shuangbai.followups.models import Task
from shuangbai.households.access import households_within
from shuangbai.households.models import FileWorker
from shuangbai.households.queries import members_on, serving_station_ids
from shuangbai.households.views import FORM, family_of, form_page, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

PAGE = 50


@require_safe
def task_list(request: SignedIn) -> HttpResponse:
    """跟进事项: what was asked for and is not done, and what the product reminds of by itself."""
    viewer, day = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    tasks, me = queries.open_tasks(tasks_visible_to(request.user)), request.user.staff_id
    own = bool(viewer.home_station) and "all" not in request.GET
    if own:
        tasks = tasks.filter(queries.for_worker(me, day))
    page = Paginator(tasks, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page, "day": day, "own": own, "at_station": bool(viewer.home_station),
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
        "closed": queries.closed_tasks(tasks_visible_to(request.user), 10), "reminders": reminded(request, own),
    }  # fmt: skip
    return render(request, "followups/task_list.html", context)


def reminded(request: SignedIn, own: bool) -> list[queries.Reminder]:
    """The reminders about one's own families, or about the station's; a supervisor has tasks alone."""
    viewer, day = viewer_of(request.user), clock.today()
    if not viewer.home_station:
        return []
    whose: dict[str, Any] = {"station_ids": [viewer.home_station.pk]}
    if own and request.user.staff_id:
        whose = {"staff_id": request.user.staff_id}
    return queries.reminders(queries.families_due(households_within(request.user), day, **whose), day)


@require_http_methods(FORM)
def task_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """布置跟进事项 about a family."""
    household, day = family_of(request, pk, Permission.ASK_FOLLOWUPS), clock.today()
    kept = FileWorker.objects.on(day).filter(file__household=pk, file__state="open").first()
    station = next(iter(serving_station_ids(pk, day)), None)
    form = TaskForm(
        request.POST or None, members=list(members_on(pk, day)), station_id=station,
        worker_id=kept.staff_id if kept else None,
    )  # fmt: skip
    if form.is_valid():
        c = form.cleaned_data
        person, assignee = UUID(c["person"]) if c["person"] else None, c["assignee"].pk if c["assignee"] else None
        entry = TaskEntry(household, c["subject"], c["due_on"], person, assignee, c["by_visit"])
        task = tried(form, lambda: actions.ask_task(by=request.user, entry=entry))
        if task:
            messages.success(request, _("已布置"))
            return redirect("task", task.pk)
    return form_page(request, form, household, _("布置跟进事项"), save_label=_("布置"))


def task_of(request: SignedIn, pk: UUID) -> Task:
    """The task, if it may be seen. Raises Http404."""
    found = queries.with_answer(tasks_visible_to(request.user)).select_related(
        "household__village", "person", "assignee", "entered_by", "closed_by", "station"
    )
    return get_object_or_404(found, pk=pk)


@require_safe
def task(request: SignedIn, pk: UUID) -> HttpResponse:
    """One task: what, by when, who asked, who does it, what came of it."""
    return task_page(request, task_of(request, pk))


def task_page(request: SignedIn, found: Task, **more: Any) -> HttpResponse:
    answered = found.state == "open" and found.by_visit and found.met_on is not None
    open_ = found.state == "open" and not answered
    context = {
        "task": found, "day": clock.today(), "answered": answered, "open": open_, "crumbs": crumbs(),
        "may_answer": open_ and may_answer(request.user, found), "may_drop": open_ and may_drop(request.user, found),
        "closing": ClosingForm(initial={"version": found.version}), "handing": HandForm(task=found), **more,
    }  # fmt: skip
    status = more.pop("status", 200)
    return render(request, "followups/task.html", context, status=status)


def crumbs() -> list[tuple[str, str]]:
    return [(_("跟进事项"), reverse("task-list")), (_("一件事项"), "")]


def changed(request: SignedIn, pk: UUID, form: forms.Form, name: str, said: str, act: Any) -> HttpResponse:
    """The outcome of a change: back to the task, or its page with what is to be put right."""
    found = task_of(request, pk)
    if not form.is_valid():
        return task_page(request, found, **{name: form, "status": 422})
    try:
        if tried(form, lambda: act(found)):
            messages.success(request, said)
            return redirect("task", pk)
    except Conflict:
        form.add_error(None, _("刚才有同事改动了这件事项，下面是现在的样子；请看过再办"))
        form.data = {**form.data.dict(), "version": str(found.version)}  # type: ignore[attr-defined]
        return task_page(request, found, **{name: form, "status": 409})
    return task_page(request, found, **{name: form, "status": 422})


@require_POST
def task_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """办结: with what came of it."""
    form = ClosingForm(request.POST)
    return changed(request, pk, form, "closing", _("已办结"), lambda found: actions.answer_task(
        by=request.user, task=found, version=form.cleaned_data["version"], answer=form.cleaned_data["answer"]
    ))  # fmt: skip


@require_POST
def task_drop(request: SignedIn, pk: UUID) -> HttpResponse:
    """收回: with the reason."""
    form = ClosingForm(request.POST)
    return changed(request, pk, form, "closing", _("已收回"), lambda found: actions.drop_task(
        by=request.user, task=found, version=form.cleaned_data["version"], answer=form.cleaned_data["answer"]
    ))  # fmt: skip


@require_POST
def task_hand(request: SignedIn, pk: UUID) -> HttpResponse:
    """转给 a colleague."""
    form = HandForm(request.POST, task=task_of(request, pk))
    return changed(request, pk, form, "handing", _("已转交"), lambda found: actions.hand_task(
        by=request.user, task=found, version=form.cleaned_data["version"], to=form.cleaned_data["to"]
    ))  # fmt: skip
