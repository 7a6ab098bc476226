"""A day's visits in the evening, on one page: each row is saved as a whole record of its own."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import without_complaints
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import recent_days, typed_day, typed_ids
from shuangbai.services.rules import is_late
from shuangbai.services.views import writing_station
from shuangbai.visits.actions import VisitEntry, record_evening
from shuangbai.visits.grid import (
    MOST_ROWS,
    GridForm,
    RowForm,
    entries_of,
    kept_otherwise,
    put_findings,
    rows_for,
    sent_of_draft,
    wrong_rows,
)
from shuangbai.visits.models import GridDraft, Visit
from shuangbai.visits.queries import Mine, grid_draft_of, named_families, offered, own_families


@require_http_methods(["GET", "HEAD", "POST"])
def evening(request: SignedIn) -> HttpResponse:
    """记一天的走访: one's own families of the day's villages, a row each."""
    station = writing_station(request.user)
    if request.method != "POST":
        return _begun(request, station)
    asked, day = request.POST, typed_day(request.POST)
    mine = own_families(request.user, request.user.staff_id, day)
    head = GridForm(asked, station=station, day=day, me=request.user.staff_id)
    if "again" in asked or "add" in asked:
        return _changed(request, head, mine)
    told = typed_ids(asked.getlist("rows"))[:MOST_ROWS]
    rows = rows_for(offered(request.user, told, day), day, asked, told)
    entries = entries_of(head, rows)
    if not entries or not try_recording(request, head, rows, entries, lambda: record_evening(
        by=request.user, station=station, entries=entries, drafted=bool(asked.get("draft")),
        acknowledged=head.acknowledged,
    )):  # fmt: skip
        return _page(request, head, rows, mine, status=422)
    query = {"first": day, "last": day, "worker": request.user.staff_id}
    return redirect(f"{reverse('record-list')}?{urlencode(query)}")


def _begun(request: SignedIn, station: OrgUnit) -> HttpResponse:
    """A page on which nothing is typed, or one's own that was begun and not saved."""
    asked, me = request.GET, request.user.staff_id
    draft, day = grid_draft_of(request.user, station, GridDraft.EVENING), typed_day(asked)
    mine = own_families(request.user, me, day)
    if draft:
        return _gone_on_with(request, draft, mine)
    named = dict.fromkeys(typed_ids(asked.getlist("family"))[:MOST_ROWS])
    families = offered(request.user, list(named) or _chosen(mine, asked), day)
    if named and len(families) < len(named):
        raise Http404
    head = GridForm(initial=_shared(request, day), station=station, day=day, me=me)
    return _page(request, head, rows_for(families, day), mine)


def try_recording(
    request: SignedIn, head: GridForm, rows: Sequence[RowForm], entries: Sequence[VisitEntry],
    record: Callable[[], list[Visit]],
) -> list[Visit] | None:  # fmt: skip
    """What `record` saved, all together; None where a sentence now stands on the forms and nothing is saved."""
    try:
        visits = record()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        put_findings(head, rows, refused)
        return None
    messages.success(request, _("已保存 %(n)d 户，每户都是一条单独的记录，可以逐条更正") % {"n": len(visits)})
    before = kept_otherwise(entries, visits)
    if before:
        names = "、".join(str(visit.record.household) for visit in before)
        sentence = _("%(names)s刚才已经保存过，这次改的没有存进去；要改请打开那条记录更正")
        messages.warning(request, sentence % {"names": names})
    return visits


def _shared(request: SignedIn, day: date) -> dict[str, Any]:
    return {"occurred_on": day, "workers": [request.user.staff_id] if request.user.staff_id else []}


def _villages(asked: MultiValueDict[str, str]) -> set[int]:
    return {int(one) for one in asked.getlist("village") if one.isascii() and one.isdecimal() and len(one) < 10}


def _chosen(mine: Sequence[Mine], asked: MultiValueDict[str, str]) -> list[UUID]:
    """One's own families of the villages asked for (all of them where none is): the longest unseen, by place."""
    villages = _villages(asked)
    found = [one for one in mine if not villages or one.village_id in villages][:MOST_ROWS]
    return [one.pk for one in sorted(found, key=lambda one: (one.village, one.head_name, one.pk))]


def _changed(request: SignedIn, head: GridForm, mine: Sequence[Mine]) -> HttpResponse:
    """The page with another day, other villages or a family more: what was typed stays, nothing is complained of."""
    asked, day = request.POST, head.day
    told = typed_ids(asked.getlist("rows"))[:MOST_ROWS]
    own = {one.pk for one in mine}
    rows = rows_for(offered(request.user, told, day), day, asked, told)
    kept = [row.family.household.pk for row in rows if row.touched or row.family.household.pk not in own]
    if "add" in asked:
        named = named_families(request.user, head.station, asked.get("find", ""))
        if len(named) != 1:
            many = _("不止一户对得上，请写全姓名或档案号")
            messages.warning(request, many if named else _("没有找到这户，请核对姓名或档案号"))
        wanted = [*told, *named] if len(named) == 1 else told
    else:
        wanted = [*kept, *_chosen(mine, asked)]
    ids = list(dict.fromkeys(wanted))[:MOST_ROWS]
    rows = rows_for(offered(request.user, ids, day), day, asked, told)
    for form in (head, *rows):
        without_complaints(form)
    return _page(request, head, rows, mine)


def _gone_on_with(request: SignedIn, draft: GridDraft, mine: Sequence[Mine]) -> HttpResponse:
    """The page as it was left, with the rest of the families and those that the address names."""
    asked = sent_of_draft(draft)
    day, told = typed_day(asked), typed_ids(asked.getlist("rows"))
    head = GridForm(asked, station=draft.station, day=day, me=request.user.staff_id)
    named = typed_ids(request.GET.getlist("family")) or _chosen(mine, asked)
    ids = list(dict.fromkeys([*told, *named]))[:MOST_ROWS]
    rows = rows_for(offered(request.user, ids, day), day, asked, told)
    for form in (head, *rows):
        without_complaints(form)
    return _page(request, head, rows, mine, asked=asked, draft=draft)


def _page(
    request: SignedIn, head: GridForm, rows: Sequence[RowForm], mine: Sequence[Mine], *, status: int = 200,
    asked: MultiValueDict[str, str] | None = None, draft: GridDraft | None = None,
) -> HttpResponse:  # fmt: skip
    asked = asked or (request.POST if request.method == "POST" else request.GET)
    chosen = _villages(asked)
    by_village = groupby(sorted(mine, key=attrgetter("village", "village_id")), key=attrgetter("village_id", "village"))
    villages = [(pk, name, len(list(group)), pk in chosen) for (pk, name), group in by_village]
    today = clock.today()
    context = {
        "form": head,
        "rows": rows,
        "wrong": wrong_rows(rows),
        "villages": villages,
        "hidden_count": max(len(mine) - len(rows), 0) if not chosen and not asked.getlist("family") else 0,
        "most": MOST_ROWS,
        "days": [*recent_days(), (_("前天"), (today - timedelta(days=2)).isoformat())],
        "late": is_late(head.day, today),
        "blank": _("没去"),
        "suggest_url": f"{reverse('family-suggest')}?q=",
        **draft_context(request, GridDraft.EVENING, draft),
    }
    return render(request, "visits/evening.html", context, status=status)


def draft_context(request: SignedIn, page: str, draft: GridDraft | None) -> dict[str, Any]:
    """What the templates of a page of many say and send of a draft of it."""
    return {
        "draft": draft, "draft_url": reverse("grid-draft"), "drop_url": reverse("grid-draft-drop"),
        "draft_query": f"?page={page}",
        "drafted": "1" if draft or request.POST.get("draft") else "",
    }  # fmt: skip


@require_safe
def evening_row(request: SignedIn) -> HttpResponse:
    """One row more, for the search on the page; 204 where nothing was chosen."""
    writing_station(request.user)
    day, there = typed_day(request.GET), set(typed_ids(request.GET.getlist("rows")))
    picked = typed_ids([request.GET.get("family", "")])
    if not picked:
        return HttpResponse(status=204)
    families = offered(request.user, picked, day)
    if not families:
        raise Http404
    said = ""
    if picked[0] in there:
        said = _("这户已经在上面了")
    elif len(there) >= MOST_ROWS:
        said = _("一页最多 %(n)d 户，请先保存，再记其余的") % {"n": MOST_ROWS}
    context = {"row": rows_for(families, day)[0], "said": said, "blank": _("没去")}
    return render(request, "visits/_added_row.html", context)
