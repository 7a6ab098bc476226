"""Matters of policy: the list by due day, one with its steps and papers, opened, moved on, put right."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.assistance import queries
from shuangbai.assistance.access import matters_visible_to, may_void, may_write
from shuangbai.assistance.actions import matters
from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.forms import (
    CategoryForm,
    EndCategoryForm,
    MatterForm,
    PapersForm,
    StepForm,
    VoidForm,
)
from shuangbai.assistance.models import Matter, MatterPaper
from shuangbai.assistance.rules import GRANTED, moves_of
from shuangbai.codes.queries import calendar
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.models import Household
from shuangbai.households.queries import members_on
from shuangbai.households.views import FORM, conflict_of, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.resources.views import family_asked
from shuangbai.resources.views.drafts import taken_up

# What a matter's history does not tell: keys, and what its steps say already.
SILENT = {"id", "station", "client_id", "household", "review", "tag", "voided_at", "voided_by", "version", "entered_at",
          "entered_by", "stage", "accepted_on", "decided_on", "paid_on"}  # fmt: skip


@require_safe
def matter_list(request: SignedIn) -> HttpResponse:
    """协助申请: one's own that run, by the day by which each is to be decided; or the station's; or what ended."""
    viewer, day = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    found, own = matters_visible_to(request.user), bool(viewer.home_station) and "all" not in request.GET
    if own:
        found = found.filter(queries.for_worker(request.user.staff_id, day), station=viewer.home_station)
    ended = "ended" in request.GET
    rows: Any = queries.ended(found) if ended else queries.running(found, day)
    page = Paginator(rows, queries.LISTED).get_page(request.GET.get("page"))
    context = {
        "page": page, "lines": queries.lines(page.object_list, day) if ended else page.object_list, "day": day,
        "own": own, "at_station": bool(viewer.home_station), "ended": ended,
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
    }  # fmt: skip
    return render(request, "assistance/list.html", context)


@require_http_methods(FORM)
def matter_new(request: SignedIn) -> HttpResponse:
    """登记协助申请, from a family's page; beside it what its data suggest asking about."""
    household, day = family_asked(request), clock.today()
    first: dict[str, Any] = {name: request.GET[name] for name in ("person", "policy", "kind") if request.GET.get(name)}
    members = list(members_on(household.pk, day))
    form = MatterForm(request.POST or None, household=household, members=members, **first)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: matters.open_matter(by=request.user, **said)):
            messages.success(request, _("已登记，办到哪一步在这里记"))
            return redirect("matter", made.pk)
    back = reverse("family", args=[household.pk])
    more = taken_up(request, form, household, "applying", first) | {"hints": queries.hints_for(household, day)}
    return form_page(request, form, household, _("协助申请"), back, asking=True, **more)


def form_page(request: SignedIn, form: Any, household: Household, heading: str, back: str, **more: Any) -> HttpResponse:
    """A form of a matter; 422 where something is to be put right."""
    context = {"form": form, "household": household, "heading": heading, "back_url": back, **more}
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "assistance/form.html", context, status=status)


def matter_of(request: SignedIn, pk: UUID, *, writes: bool = False) -> Matter:
    """Raises Http404, as for what does not exist."""
    found = get_object_or_404(queries.shown(matters_visible_to(request.user)).select_related("voided_by"), pk=pk)
    if writes and (found.voided_at or not may_write(request.user, found)):
        raise Http404
    return found


@require_safe
def matter(request: SignedIn, pk: UUID) -> HttpResponse:
    """One matter: how far it is, by when, its papers, what was decided, what follows."""
    return matter_page(request, matter_of(request, pk))


def matter_page(request: SignedIn, found: Matter, **more: Any) -> HttpResponse:
    """The page of a matter; `more` may bring a form of it that came back, and a status."""
    day, told = clock.today(), queries.Rules()
    writes = found.voided_at is None and may_write(request.user, found)
    moves = writes and bool(moves_of(found.stage, found.kind))
    context = {
        "matter": found, "due": queries.due_in(found, told, calendar(), day), "day": day,
        "steps": list(queries.steps_of(found)), "rule": told.on(found.policy, found.accepted_on or found.opened_on),
        "papers": list(MatterPaper.objects.filter(matter=found).order_by("position", "id")), "may_write": writes,
        "may_void": found.voided_at is None and may_void(request.user, found),
        "stepping": StepForm(matter=found) if moves else None, "listing": PapersForm(initial=_version(found)),
        "latest": queries.latest_step(found) if writes else None,
        "crumbs": [(_("协助申请"), reverse("matter-list")), (str(found), "")],
        "changes": changes_of(Matter, silent=SILENT, say=queries.said, id=found.pk) if found.version > 1 else [],
        **following(found, writes), **more,
    }  # fmt: skip
    return render(request, "assistance/matter.html", context, status=more.get("status", 200))


def _version(found: Matter) -> dict[str, int]:
    return {"version": found.version}


def following(found: Matter, writes: bool) -> dict[str, Any]:
    """The category that follows from what was granted: to be given, to be ended, or given already."""
    if not writes or found.stage not in GRANTED or found.tag_id or found.kind == MatterKind.CONSULT:
        return {"given": found.tag_id is not None}
    day = found.decided_on or clock.today()
    if found.kind == MatterKind.STOP:
        held = queries.carried(found, clock.today())
        return {"ending": EndCategoryForm(matter=found, held=held)} if held else {}
    offered = queries.proposals(found, day)
    if not offered:
        return {}
    held_now = [tag.category.name for tag in queries.carried(found, day)]
    return {"giving": CategoryForm(matter=found, offered=offered), "held": held_now}


def changed(
    request: SignedIn, found: Matter, form: Any, name: str, act: Callable[[], Any], said: str = ""
) -> HttpResponse:
    """The outcome of a change: back to the matter, or its page with what is to be put right and all that was typed."""
    status = 422
    if form.is_valid():
        try:
            if tried(form, act):
                messages.success(request, said or _("已记下"))
                return redirect("matter", found.pk)
        except Conflict:
            found, status = matter_of(request, found.pk), 409
            rebase(form, found.version)
            form.add_error(None, _("您打开之后，同事记了新的内容；请看下面现在的样子，再按一次保存"))
    return matter_page(request, found, **{name: form, "status": status})


@require_POST
def matter_step(request: SignedIn, pk: UUID) -> HttpResponse:
    """记一步."""
    found = matter_of(request, pk, writes=True)
    form = StepForm(request.POST, matter=found)
    return changed(request, found, form, "stepping", lambda: matters.move_matter(
        by=request.user, matter=found, version=form.cleaned_data["version"] or 0, entry=form.entry()
    ))  # fmt: skip


@require_POST
def matter_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """撤回最后一步."""
    found = matter_of(request, pk, writes=True)
    form, latest = PapersForm(request.POST), queries.latest_step(found)
    if latest is None:
        raise Http404
    return changed(request, found, form, "undoing", lambda: matters.undo_step(
        by=request.user, matter=found, version=form.cleaned_data["version"] or 0, step=latest
    ), _("已撤回"))  # fmt: skip


@require_POST
def matter_papers(request: SignedIn, pk: UUID) -> HttpResponse:
    """材料: which are there."""
    found = matter_of(request, pk, writes=True)
    form = PapersForm(request.POST)
    return changed(request, found, form, "listing", lambda: matters.tick_papers(
        by=request.user, matter=found, version=form.cleaned_data["version"] or 0, got=form.got(),
        more=form.cleaned_data["more"],
    ), _("已保存材料"))  # fmt: skip


@require_POST
def matter_category(request: SignedIn, pk: UUID) -> HttpResponse:
    """按结果登记类别, or end one."""
    found = matter_of(request, pk, writes=True)
    if found.kind == MatterKind.STOP:
        held = queries.carried(found, clock.today())
        ending = EndCategoryForm(request.POST, matter=found, held=held)
        return changed(request, found, ending, "ending", lambda: matters.end_category(
            by=request.user, matter=found, version=ending.cleaned_data["version"] or 0,
            tag=next(one for one in held if str(one.pk) == ending.cleaned_data["tag"]),
            ends_on=ending.cleaned_data["ends_on"],
        ), _("已结束类别"))  # fmt: skip
    offered = queries.proposals(found, found.decided_on or clock.today())
    giving = CategoryForm(request.POST, matter=found, offered=offered)
    named = ("category", "starts_on", "level")
    return changed(request, found, giving, "giving", lambda: matters.give_category(
        by=request.user, matter=found, version=giving.cleaned_data["version"] or 0, acknowledged=giving.acknowledged,
        **{name: giving.cleaned_data[name] for name in named},
    ), _("已登记类别"))  # fmt: skip


@require_http_methods(FORM)
def matter_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正 what a matter is about."""
    found = matter_of(request, pk, writes=True)
    members = list(members_on(found.household_id, clock.today()))
    form = MatterForm(request.POST or None, household=found.household, members=members, matter=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        try:
            if tried(form, lambda: corrected(request, form, found)):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("matter", pk)
        except Conflict as conflict:
            current: Any = conflict.current
            more = conflict_of(form, current, form.theirs(current))
    return form_page(request, form, found.household, _("更正协助申请"), reverse("matter", args=[pk]), **more)


def corrected(request: SignedIn, form: MatterForm, found: Matter) -> Matter:
    return matters.change_matter(
        by=request.user, matter=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    )  # fmt: skip


@require_http_methods(FORM)
def matter_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废."""
    found = matter_of(request, pk)
    if found.voided_at or not may_void(request.user, found):
        raise Http404
    form = VoidForm(request.POST or None, initial=_version(found))
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = {"version": form.cleaned_data["version"] or 0, "reason": form.cleaned_data["reason"]}
        try:
            if tried(form, lambda: matters.void_matter(by=request.user, matter=found, **said)):
                messages.success(request, _("已作废，不再计入任何数字"))
                return redirect("matter", pk)
        except Conflict:
            form.add_error(None, _("您打开之后同事改过这件事项，请返回看过再决定"))
            status = 409
    crumbs = [(_("协助申请"), reverse("matter-list")), (_("作废"), "")]
    return render(request, "assistance/void.html", {"form": form, "matter": found, "crumbs": crumbs}, status=status)
