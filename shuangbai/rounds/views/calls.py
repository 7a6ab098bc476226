"""Calls by weather or feast: picking the families, entering the calls, the one-page result."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import without_complaints
from shuangbai.core.limits import TooOften
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.views import tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.rounds.access import call_lists_visible_to, may_call
from shuangbai.rounds.actions.calls import CallEntry, CallListEntry, make_call_list, open_numbers, record_calls
from shuangbai.rounds.forms import KeepListForm, NumbersForm, PickForm
from shuangbai.rounds.models import CallList
from shuangbai.rounds.queries import (
    CallRow,
    call_rows,
    lines_of,
    list_rows,
    phones_of,
    picked,
    result_of,
    told_criteria,
)
from shuangbai.rounds.rules import LIST_MOST
from shuangbai.services.forms import typed_day, typed_ids
from shuangbai.services.rules import is_late
from shuangbai.services.views import writing_station
from shuangbai.visits.enums import Mode
from shuangbai.visits.grid import GridForm, RowForm, entries_of, rows_for, sent_of_draft, wrong_rows
from shuangbai.visits.models import GridDraft
from shuangbai.visits.queries import grid_draft_of, offered
from shuangbai.visits.views.evening import draft_context, try_recording

LISTS = 50
AT_ONCE = 30  # calls on one page
OPEN_FOR = 3600  # seconds during which a page may show numbers again that it showed


@require_safe
def calls(request: SignedIn) -> HttpResponse:
    """电访名单: the lists within reach, the newest first."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    context = {
        "lists": list_rows(call_lists_visible_to(request.user), LISTS),
        "may_call": viewer.home_station is not None,
        "several": len(viewer.station_ids(Permission.SEE_FAMILIES)) > 1,
    }
    return render(request, "rounds/calls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_new(request: SignedIn) -> HttpResponse:
    """新的名单: pick the group, see who is on it, keep it."""
    station, me = writing_station(request.user), request.user.staff_id
    if request.method != "POST":
        asked = request.GET if "pick" in request.GET else None
        return _picking(request, PickForm(asked, station=station, me=me))
    form = KeepListForm(request.POST, station=station, me=me)
    if form.is_valid():
        typed = form.cleaned_data
        entry = CallListEntry(station, typed["name"], typed["household"], form.criteria(), typed["campaign"])
        made = tried(form, lambda: make_call_list(by=request.user, entry=entry))
        if made:
            messages.success(request, _("名单已保存，可以开始打电话；同事打开同一份名单，谁打过都看得到"))
            return redirect("call-list", made.pk)
    return _picking(request, form, status=422)


def _picking(request: SignedIn, form: PickForm, *, status: int = 200) -> HttpResponse:
    """The page of picking: the families that answer, once anything was asked."""
    today, found = clock.today(), []
    context: dict[str, Any] = {"form": form, "most": LIST_MOST, "asked": form.is_bound}
    if form.is_bound and not {*form.CRITERIA} & set(form.errors):
        found = picked(request.user, form.station, form.criteria(), today)
        met = dict(found[:LIST_MOST])
        ticked = set(typed_ids(request.POST.getlist("household"))) if isinstance(form, KeepListForm) else set(met)
        context["families"] = [
            (line, on, (today - on).days if on else None, line.household.pk in ticked)
            for line in lines_of(request.user, list(met), today)
            for on in [met[line.household.pk]]
        ]
        if not isinstance(form, KeepListForm):
            context["keep"] = KeepListForm(station=form.station, me=form.me)
    context |= {"many": len(found), "keep": context.get("keep", form)}
    return render(request, "rounds/call_new.html", context, status=status)


def _list_of(request: SignedIn, pk: UUID) -> CallList:
    visible = call_lists_visible_to(request.user).select_related("station", "campaign", "entered_by")
    return get_object_or_404(visible, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def call_list(request: SignedIn, pk: UUID) -> HttpResponse:
    """Entering the calls of a list: whoever is still to be called, thirty at a time."""
    found = _list_of(request, pk)
    if not may_call(request.user, found):
        raise Http404
    asked = request.POST
    if request.method != "POST":
        return _opened(request, found)
    head, rows = _bound(request, found)
    if "numbers" in asked:
        for form in (head, *rows):
            without_complaints(form)
        return _page(request, found, head, rows, numbers=_opened_numbers(request, found, rows))
    entries = [
        CallEntry(entry, _seen(asked.get(f"{entry.row}-seen", "")))
        for entry in entries_of(head, rows)
    ]  # fmt: skip
    if entries and try_recording(request, head, rows, [one.visit for one in entries], lambda: record_calls(
        by=request.user, call_list=found, entries=entries, drafted=bool(asked.get("draft")),
        acknowledged=head.acknowledged,
    )):  # fmt: skip
        done = not any(row.open and not row.calls for row in call_rows(found))
        return redirect("call-result" if done else "call-list", pk)
    return _page(request, found, head, rows, numbers=_shown_before(request, found, rows), status=422)


def _seen(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _opened(request: SignedIn, found: CallList) -> HttpResponse:
    draft = grid_draft_of(request.user, found.station, str(found.pk))
    asked = sent_of_draft(draft) if draft else None
    day = typed_day(asked) if asked else clock.today()
    initial = {
        "occurred_on": day, "workers": [request.user.staff_id] if request.user.staff_id else [],
        "campaign": found.campaign_id,
    }  # fmt: skip
    me = request.user.staff_id
    head = GridForm(asked, initial=initial, station=found.station, day=day, me=me, first_mode=Mode.PHONE)
    waiting = [row for row in call_rows(found) if row.open]
    # Those nobody has called yet come before those who did not answer.
    waiting.sort(key=lambda row: len(row.calls))
    open_now = [row.item.household_id for row in waiting]
    told = [pk for pk in typed_ids(asked.getlist("rows")) if pk in open_now] if asked else []
    ids = list(dict.fromkeys([*told, *open_now]))[:AT_ONCE]
    rows = _with_calls(rows_for(offered(request.user, ids, day), day, asked, told), waiting)
    if asked:
        for form in (head, *rows):
            without_complaints(form)
    return _page(request, found, head, rows, draft=draft)


def _bound(request: SignedIn, found: CallList) -> tuple[GridForm, list[RowForm]]:
    asked, day = request.POST, typed_day(request.POST)
    head = GridForm(asked, station=found.station, day=day, me=request.user.staff_id, first_mode=Mode.PHONE)
    listed = call_rows(found)
    on_it = {entry for row in listed for entry in row.entries}
    told = [pk for pk in typed_ids(asked.getlist("rows"))[:AT_ONCE] if pk in on_it]
    rows = rows_for(offered(request.user, told, day), day, asked, told)
    return head, _with_calls(rows, listed)


def _with_calls(rows: list[RowForm], calls: Sequence[CallRow]) -> list[RowForm]:
    known = {entry: call for call in calls for entry in call.entries}
    for row in rows:
        row.about = known[row.family.household.pk]
    return rows


# NUMBERS -------------------------------------------------------------------


def _opened_numbers(request: SignedIn, found: CallList, rows: Sequence[RowForm]) -> str:
    """A sealed note that these numbers were opened, once the trail has it; '' where they may not be."""
    form = NumbersForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("请选择为什么要看这些号码"))
        return ""
    reason = UnmaskReason(form.cleaned_data["why"]).label
    homes = [row.family.household for row in rows if not row.touched]
    try:
        open_numbers(by=request.user, call_list=found, households=homes, reason=str(reason))
    except NotAllowed:
        raise Http404 from None
    except (Refused, TooOften) as error:
        messages.warning(request, str(error))
        return ""
    return signing.dumps([str(request.user.pk), str(found.pk), [home.pk.hex for home in homes]], salt="rounds.numbers")


def _shown_before(request: SignedIn, found: CallList, rows: Sequence[RowForm]) -> str:
    """The note that came with the page, if it is this account's, of this list and not old."""
    note = request.POST.get("opened", "")
    return note if _ids_in(note, request, found) else ""


def _ids_in(note: str, request: SignedIn, found: CallList) -> list[UUID]:
    try:
        who, which, ids = signing.loads(note, salt="rounds.numbers", max_age=OPEN_FOR)
    except (signing.BadSignature, ValueError):
        return []
    mine = who == str(request.user.pk) and which == str(found.pk)
    return [UUID(one) for one in ids] if mine else []


def _put_numbers(rows: list[RowForm], clear: set[UUID]) -> None:
    phones = phones_of([row.family.household.pk for row in rows], clock.today())
    for row in rows:
        row.phones = phones.get(row.family.household.pk, [])  # type: ignore[attr-defined]
        row.phone_open = row.family.household.pk in clear  # type: ignore[attr-defined]


def _page(
    request: SignedIn, found: CallList, head: GridForm, rows: list[RowForm], *, numbers: str = "", status: int = 200,
    draft: GridDraft | None = None,
) -> HttpResponse:  # fmt: skip
    everything, today = call_rows(found), clock.today()
    _put_numbers(rows, set(_ids_in(numbers, request, found)) if numbers else set())
    context = {
        "call_list": found,
        "told": told_criteria(found.criteria),
        "form": head,
        "rows": rows,
        "wrong": wrong_rows(rows),
        "open_count": sum(row.open for row in everything),
        "all_count": len(everything),
        "numbers_form": NumbersForm(),
        "numbers": numbers,
        "may_open": viewer_of(request.user).reaches(Permission.OPEN_MASKED, found.station_id),
        "late": is_late(head.day, today),
        "blank": _("没打"),
        "row_extra": "rounds/_call_row.html",
        **draft_context(request, str(found.pk), draft),
    }
    return render(request, "rounds/call_list.html", context, status=status)


@require_safe
def call_result(request: SignedIn, pk: UUID) -> HttpResponse:
    """The one page of a list: how many were listed, reached and not, what they need, who is still open."""
    found = _list_of(request, pk)
    context = {
        "call_list": found,
        "told": told_criteria(found.criteria),
        "result": result_of(call_rows(found)),
        "may_call": may_call(request.user, found),
        "today": clock.today(),
    }
    return render(request, "rounds/call_result.html", context)
