"""Pages of a group: the station's list, its plan, its page, evaluation, states, follow-up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.groups import queries
from shuangbai.groups.access import groups_visible_to, may_write
from shuangbai.groups.actions import planning as actions
from shuangbai.groups.enums import DraftPage, GroupState, Satisfied
from shuangbai.groups.forms.planning import (
    EvaluationForm,
    FollowForm,
    GroupFilter,
    GroupForm,
    MoveForm,
    evaluated,
    theirs,
)
from shuangbai.groups.models import Group, GroupMember
from shuangbai.groups.rules import HOLDING, MEAN_FROM, change_of
from shuangbai.groups.views import back_to, crumbs, group_of, page
from shuangbai.groups.views.drafts import draft_context, take_up
from shuangbai.households.views import FORM, not_found_unless, own_station, saved, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names, shown_name

TURN = 30


@require_safe
def group_list(request: SignedIn) -> HttpResponse:
    """小组: those of the stations within reach, the running ones first."""
    viewer = viewer_of(request.user)
    not_found_unless(viewer.may(Permission.SEE_RECORDS))
    form = GroupFilter(request.GET)
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() and len(request.GET["from"]) < 7 else 0
    rows = list(queries.listed(groups_visible_to(request.user), **form.asked)[start : start + TURN + 1])
    asked = request.GET.copy()
    asked["from"] = str(start + TURN)
    context = {
        "form": form, "groups": rows[:TURN], "filtered": any(form.asked.values()),
        "older_url": f"?{asked.urlencode()}" if len(rows) > TURN else "",
        "newer_url": reverse("group-list") if start else "",
        "new_url": reverse("group-new") if viewer.home_station else "", "several": viewer.home_station is None,
    }  # fmt: skip
    return render(request, "groups/list.html", context)


@require_http_methods(FORM)
def group_new(request: SignedIn) -> HttpResponse:
    """登记小组."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = GroupForm(request.POST or None, station=station, me=request.user.staff_id)
    if form.is_bound and form.is_valid():
        made = tried(form, lambda: actions.begin_group(by=request.user, entry=form.entry()))
        if made:
            return back_to(request, made, _("小组已登记"))
    return page(request, "group_form", form, crumbs=crumbs(None, _("登记小组")), back_url=reverse("group-list"))


@require_http_methods(FORM)
def group_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """小组计划, changed."""
    found = group_of(request, pk, write=True)
    form = GroupForm(request.POST or None, station=found.station, me=request.user.staff_id, group=found)
    more: dict[str, Any] = {
        "group": found,
        "crumbs": crumbs(found, _("改计划")),
        "back_url": reverse("group", args=[pk]),
    }
    if form.is_bound and form.is_valid():
        refused = saved(
            form,
            lambda: actions.change_group(
                by=request.user, group=found, version=form.cleaned_data["version"] or 0, entry=form.entry()
            ),
            lambda: _now(pk, lambda now: theirs(now, form)),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已保存"))
        more |= refused
    return page(request, "group_form", form, **more)


def _now(pk: UUID, said: Any) -> tuple[Group, dict[str, Any]]:
    now = Group.objects.get(pk=pk)
    return now, said(now)


@require_safe
def group(request: SignedIn, pk: UUID) -> HttpResponse:
    """One group: its plan, who takes part, its sessions, what came of it, and what it still lacks."""
    return group_page(request, group_of(request, pk))


def group_page(request: SignedIn, found: Group, **more: Any) -> HttpResponse:
    """The page of a group; `more` may bring a form of it that came back, and a status."""
    # How old members were, and whose guardian had to consent: of a group that is over, on its last day.
    day, names, writes = found.ended_on or clock.today(), sees_names(request.user), may_write(request.user, found)
    members, lines = list(queries.members_of([found.pk])), queries.session_lines(found)
    attended = queries.attended([one.pk for one in members])
    rows = [_member_row(request, one, day, attended.get(one.pk, 0)) for one in members]
    context = {
        "group": found, "crumbs": crumbs(None, found.title), "names": names, "writes": writes,
        "members": [row for row in rows if row["member"].joined_on], "lines": lines,
        "not_taken": [row for row in rows if not row["member"].joined_on],
        "person_times": sum(one.person_times for one in lines),
        "missing": queries.missing_of(found, members, lines, day) if writes or names else [],
        "moves": queries.moves_of(found), "moving": MoveForm(group=found) if writes else None,
        "records": writes and found.state in HOLDING, "plan": _plan(found, lines),
        "measured": [row for row in rows if None not in (row["member"].score_before, row["member"].score_after)],
        "change": change_of([(one.score_before, one.score_after) for one in members if one.joined_on]),
        "few": MEAN_FROM, "satisfaction": [(grade.label, found.satisfaction.get(str(grade), 0)) for grade in Satisfied],
        "follows": writes and found.state == GroupState.ENDED,
        "tasks": queries.tasks_after(found, members).count() if found.ended_on else 0, **more,
    }  # fmt: skip
    return render(request, "groups/group.html", context, status=more.get("status", 200))


def _member_row(request: SignedIn, member: GroupMember, day: Any, attended: int) -> dict[str, Any]:
    before, after = member.score_before, member.score_after
    return {
        "member": member, "name": shown_name(request.user, queries.name_of(member)), "age": queries.age_of(member, day),
        "lacks_consent": queries.lacks_consent(member, day), "attended": attended,
        "change": after - before if before is not None and after is not None else None,
    }  # fmt: skip


def _plan(found: Group, lines: Any) -> list[dict[str, Any]]:
    """The planned sessions beside those that were held."""
    held = {one.session.number: one for one in lines}
    return [
        {"number": number, "on": day, "theme": theme, "held": held.get(number)} for number, day, theme in found.plan
    ]


@require_http_methods(FORM)
def group_evaluation(request: SignedIn, pk: UUID) -> HttpResponse:
    """契约与评估."""
    found = group_of(request, pk, write=True)
    form = EvaluationForm(request.POST or None, group=found)
    more: dict[str, Any] = {"group": found, "crumbs": crumbs(found, _("契约与评估"))}
    draft = None if form.is_bound else queries.draft_of(request.user, found, DraftPage.EVALUATION)
    take_up(form, draft)
    more |= draft_context(found, DraftPage.EVALUATION, draft)
    if form.is_bound and form.is_valid():
        refused = saved(
            form,
            lambda: actions.evaluate_group(
                by=request.user, group=found, version=form.cleaned_data["version"], said=form.said()
            ),
            lambda: _now(pk, evaluated),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已保存"))
        more |= refused
    return page(request, "evaluation_form", form, **more)


@require_POST
def group_move(request: SignedIn, pk: UUID) -> HttpResponse:
    """Another state: the page of the group again where something is to be put right."""
    found = group_of(request, pk, write=True)
    form = MoveForm(request.POST, group=found)
    more: dict[str, Any] = {"status": 422}
    if form.is_valid():
        c = form.cleaned_data
        refused = saved(
            form,
            lambda: actions.move_group(
                by=request.user, group=found, version=c["version"], to=GroupState(c["to"]), on=c["moved_on"],
                reason=c["reason"],
            ),
            lambda: _now(pk, lambda now: {}),
        )  # fmt: skip
        if refused is None:
            return back_to(request, found, _("已记下"))
        if refused:
            form.add_error(None, _("您打开之后，这个小组已被别人改过；请看清现在的样子，再按一次"))
            found, more["status"] = group_of(request, pk), 409
    return group_page(request, found, moving=form, **more)


@require_http_methods(FORM)
def group_tasks(request: SignedIn, pk: UUID) -> HttpResponse:
    """组员跟进: a task about each of the chosen members."""
    found = group_of(request, pk, write=True)
    form = FollowForm(request.POST or None, members=list(queries.members_of([pk])))
    if form.is_valid():
        c = form.cleaned_data
        made = tried(form, lambda: actions.ask_followups(
            by=request.user, group=found, member_ids=c["members"], subject=c["subject"], due_on=c["due_on"]
        ))  # fmt: skip
        if made:
            messages.success(request, _("已布置 %(count)s 件跟进事项") % {"count": len(made)})
            return redirect("group", pk)
    return page(request, "tasks_form", form, group=found, crumbs=crumbs(found, _("组员跟进")))
