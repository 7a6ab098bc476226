"""Pages of a group's sessions: recording one with its roll, its page, its correction."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase, typed_in_draft
from shuangbai.groups import queries
from shuangbai.groups.access import sessions_visible_to
from shuangbai.groups.actions.sessions import correct_session, record_session
from shuangbai.groups.enums import DraftPage, Presence
from shuangbai.groups.forms.sessions import (
    SessionForm,
    blank_session,
    corrections,
    entry_of,
    initial_of,
    saved_roll,
    side_by_side,
)
from shuangbai.groups.models import Attendance, Group, GroupSession
from shuangbai.groups.rules import HOLDING
from shuangbai.groups.views import crumbs, group_of, page
from shuangbai.groups.views.drafts import draft_context, take_up
from shuangbai.households.views import FORM, not_found_unless, tried
from shuangbai.network.context import SignedIn
from shuangbai.pictures.queries import album_of
from shuangbai.services.access import may_write, sees_names, shown_name, veiled
from shuangbai.services.enums import HeadGroup
from shuangbai.services.forms import recent_days, typed_day
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame


@require_http_methods(FORM)
def session_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """记一节."""
    found = group_of(request, pk, write=True)
    not_found_unless(found.state in HOLDING)
    if request.method != "POST":
        return _new_page(request, found)
    form = _form(request, found, request.POST, day=typed_day(request.POST))
    if form.is_valid():
        made = tried(form, lambda: record_session(by=request.user, entry=form.entry(), acknowledged=form.acknowledged))
        if made:
            messages.success(request, _("这一节已保存"))
            return redirect("group_session", made.pk)
    return _form_page(request, found, form)


def _new_page(request: SignedIn, group: Group) -> HttpResponse:
    """A new session, or the one that was begun and not saved; to htmx what depends on the day that is asked for."""
    draft = None if request.htmx else queries.draft_of(request.user, group, DraftPage.SESSION)
    typed = typed_in_draft(draft.typed) if draft else request.GET
    day = typed_day(typed)
    initial = blank_session(group, day=day, me=request.user.staff_id) | _typed_beside(request)
    form = _form(request, group, None, initial=initial, day=day, typed=typed)
    take_up(form, draft)
    return _form_page(request, group, form, draft=draft)


def _typed_beside(request: SignedIn) -> dict[str, Any]:
    """What was chosen beside the day before it was changed, and is asked again with it."""
    said: dict[str, Any] = {name: request.GET[name] for name in ("village", "place") if name in request.GET}
    return said | ({"workers": request.GET.getlist("workers")} if "workers" in request.GET else {})


def _form(request: SignedIn, group: Group, data: Any, **more: Any) -> SessionForm:
    return SessionForm(data, group=group, station=group.station, me=request.user.staff_id, **more)


def _form_page(request: SignedIn, group: Group, form: SessionForm, **more: Any) -> HttpResponse:
    """The whole form; to htmx, on a GET, only what depends on the day."""
    context = {"group": group, **more}
    if not form.correcting:
        context |= draft_context(group, DraftPage.SESSION, more.get("draft"))
    if request.htmx and request.method != "POST":
        return render(request, "groups/_of_the_day.html", {"form": form, **context})
    return page(
        request, "session_form", form, recent_days=recent_days(), refresh_url=request.get_full_path(),
        crumbs=crumbs(group, _("更正") if form.correcting else _("记一节")), **context,
    )  # fmt: skip


@require_safe
def group_session(request: SignedIn, pk: UUID) -> HttpResponse:
    """One session: who was there, what was done."""
    found = get_object_or_404(sessions_visible_to(request.user), pk=pk)
    roll, names = queries.attendance_of(found.pk), sees_names(request.user)
    hidden = [] if names else [queries.name_of(one.member) for one in roll]
    called = [(one, shown_name(request.user, queries.name_of(one.member))) for one in roll]
    there = sum(one.presence != Presence.ABSENT for one in roll)
    guests = sum(found.guests.values())
    context = record_frame(request.user, found.record) | {
        "session": found, "group": found.group, "crumbs": crumbs(found.group, _("第 %(n)s 节") % {"n": found.number}),
        "present": [name for one, name in called if one.presence == Presence.PRESENT],
        "latecomers": [name for one, name in called if one.presence == Presence.LATE],
        "absent": [(name, one.reason if names else "") for one, name in called if one.presence == Presence.ABSENT],
        "guest_lines": _guests(found), "there": there, "guests": guests, "person_times": there + guests,
        "theme": veiled(found.theme, hidden), "process": veiled(found.process, hidden),
        "corrections": corrections(found, hidden) if names else [],
        "album": album_of(request.user, "sessions", found.pk),
    }  # fmt: skip
    return render(request, "groups/session.html", context)


def _guests(session: GroupSession) -> list[tuple[str, int]]:
    return [(str(HeadGroup(group).label), count) for group, count in session.guests.items() if count]


@require_http_methods(FORM)
def session_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(sessions_visible_to(request.user).select_related("group__station"), pk=pk)
    roll = saved_roll(found)
    not_found_unless(may_write(request.user, found.record) and found.record.voided_at is None)
    if request.method != "POST":
        return _correction(request, found, roll)
    form = _form(request, found.group, request.POST, day=typed_day(request.POST), saved=roll, correcting=True)
    both: dict[str, Any] = {}
    if form.is_valid():
        try:
            if tried(form, lambda: _corrected(request, form, found)):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("group_session", pk)
        except Conflict:
            both = _both_versions(form, pk)
    return _form_page(request, found.group, form, session=found, **both)


def _correction(request: SignedIn, found: GroupSession, roll: dict[UUID, Attendance]) -> HttpResponse:
    """A saved session opened for correction; another day may be asked for, for its roll and workers."""
    initial = initial_of(found, roll)
    if "occurred_on" in request.GET:
        initial |= {"occurred_on": typed_day(request.GET)} | _typed_beside(request)
    form = _form(
        request, found.group, None, initial=initial, day=initial["occurred_on"], saved=roll, correcting=True,
        typed=request.GET,
    )  # fmt: skip
    return _form_page(request, found.group, form, session=found)


def _corrected(request: SignedIn, form: SessionForm, found: GroupSession) -> GroupSession:
    return correct_session(
        by=request.user, session=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    )  # fmt: skip


def _both_versions(form: SessionForm, pk: UUID) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    now = GroupSession.objects.select_related("group", "record__station").get(pk=pk)
    saved = versions(now.record)[-1]
    rebase(form, now.record.version)
    return {
        "rows": side_by_side(entry_of(now, saved_roll(now)), form.entry()), "theirs_by": saved.by,
        "theirs_at": saved.at, "status": 409,
    }  # fmt: skip
