"""Pages over records of every kind: their list, and voiding one."""

from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.privacy import mask_name
from shuangbai.households.access import categories_to_find_by, restricted_open_to
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.roles import Permission
from shuangbai.services.access import may_void, may_write, records_opened_to, records_visible_to, sees_names
from shuangbai.services.actions import void_records
from shuangbai.services.enums import RecordKind
from shuangbai.services.forms import RecordFilter, VoidForm
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import (
    BESIDE,
    ORIGINS,
    PARTS,
    Asked,
    Cursor,
    code_label,
    fetch_page,
    listed_page,
    worded_page,
)
from shuangbai.services.rules import is_late
from shuangbai.upkeep.rules import SEARCHES

WRITTEN = (
    "visit__narrative", "activity__summary", "group_session__theme", "group_session__process", "consultation__summary",
    "meeting__decisions",
)  # fmt: skip
WEEKDAYS = [f"星期{day}" for day in "一二三四五六日"]


def writing_station(user: Any) -> OrgUnit:
    """The station for which somebody writes; not found for those who write nothing."""
    station = viewer_of(user).home_station
    if station is None:
        raise Http404
    return station


def record_frame(user: Any, record: ServiceRecord) -> dict[str, Any]:
    """What stands on the page of a record of any kind: who entered it, and what may be done to it."""
    standing = record.voided_at is None
    return {
        "record": record,
        "workers": [row.staff for row in record.workers.select_related("staff").order_by("position")],
        "late": is_late(record.occurred_on, record.entered_at.astimezone(get_current_timezone()).date()),
        "may_correct": standing and may_write(user, record),
        "may_void": standing and may_void(user, record),
        "may_record": viewer_of(user).home_station is not None,
        "void_form": VoidForm(),
        "names": sees_names(user),
        "beside": [line for say in BESIDE.values() for line in say(user, record.pk)],
        "origin_url": next(filter(None, (told(user, record.pk) for told in ORIGINS.values())), ""),
        "parts": list(filter(None, (told(user, record) for told in PARTS.values()))),
    }


@require_safe
def record(request: SignedIn, pk: UUID) -> HttpResponse:
    """The page of a record, whatever its kind: the kinds are named as their pages are."""
    found = get_object_or_404(records_opened_to(request.user), pk=pk)
    return redirect(found.kind, found.pk)


def stations_of(user: Any) -> QuerySet[OrgUnit]:
    """The stations whose records somebody sees, in the tree's order."""
    return OrgUnit.objects.filter(pk__in=viewer_of(user).station_ids(Permission.SEE_RECORDS)).order_by("path")


def asked_records(request: SignedIn, stations: QuerySet[OrgUnit]) -> tuple[RecordFilter, Asked]:
    """The filters of the list as they were given, and as the query takes them."""
    workers = Staff.objects.filter(postings__unit__in=stations).distinct().order_by("name", "id")
    categories = categories_to_find_by(request.user, clock.today())
    form = RecordFilter(request.GET or {}, stations=stations, workers=workers, categories=categories)
    form.is_valid()
    return form, _asked(form.cleaned_data, _reach(request.user, form.cleaned_data, stations))


@require_safe
def record_list(request: SignedIn) -> HttpResponse:
    viewer = viewer_of(request.user)
    stations = stations_of(request.user)
    form, asked = asked_records(request, stations)
    ids, following = _page(request, form, asked)
    rows = fetch_page(ids)
    several = len(stations) > 1
    context = {
        "form": form,
        "months": _months(request.user, rows, several),
        "several": several,
        "filtered": [name for name, value in form.cleaned_data.items() if value],
        "older_url": _with(request, **following) if following else "",
        "newest_url": _with(request) if {"after", "before"} & set(request.GET) else "",
        "may_record": viewer.home_station is not None,
        "query": request.GET.urlencode(),
        "station_name": stations[0].name if len(stations) == 1 else "",
    }
    return render(request, "services/record_list.html", context)


def _reach(user: Any, typed: dict[str, Any], stations: Iterable[OrgUnit]) -> list[UUID]:
    """The stations whose records are listed: by a restricted category, those where one may open who carries it."""
    found, category = [station.pk for station in stations], typed.get("category")
    if category is None or not category.restricted:
        return found
    opens = restricted_open_to(user)
    return [pk for pk in found if opens.covers([pk])]


def _asked(typed: dict[str, Any], reach: list[UUID]) -> Asked:
    """The filters as the query takes them. The station is always among those within reach."""
    first, last = typed.get("month") or (typed.get("first"), typed.get("last"))
    keys = {name: typed[name].pk if typed.get(name) else None for name in ("station", "category", "worker", "campaign")}
    return Asked(
        reach=reach, station_id=keys["station"],
        kind=typed.get("kind") or "", first=first, last=last, category_id=keys["category"],
        worker_id=keys["worker"], campaign_id=keys["campaign"],
        reached={"yes": True, "no": False}.get(typed.get("reached") or ""), voided=bool(typed.get("voided")),
    )  # fmt: skip


def _page(request: SignedIn, form: RecordFilter, asked: Asked) -> tuple[list[UUID], dict[str, str] | None]:
    """Ids of the page asked for, and what the address of the next one says."""
    visible = records_visible_to(request.user)
    words = form.cleaned_data.get("q")
    if words:
        SEARCHES.count(request.user.pk)
        before = request.GET.get("before", "")
        try:
            ids, key = worded_page(
                visible, words, asked, int(before) if before.isdecimal() and len(before) < 19 else None
            )
        except ValueError as error:
            form.add_error("q", str(error))
            return [], None
        return ids, {"before": str(key)} if key else None
    ids, cursor = listed_page(visible, asked, Cursor.parse(request.GET.get("after", "")))
    return ids, {"after": str(cursor)} if cursor else None


def _with(request: SignedIn, **place: str) -> str:
    """The list's address with the same filters at another place."""
    query = request.GET.copy()
    for name in ("after", "before"):
        query.pop(name, None)
    query.update(place)
    return f"{reverse('record-list')}?{query.urlencode()}"


def _months(user: Any, rows: list[dict[str, Any]], several: bool) -> list[tuple[str, list[dict[str, Any]]]]:
    """The rows as they are shown, under the month that they belong to."""
    names = sees_names(user)
    shown = [(f"{row['occurred_on']:%Y}年{row['occurred_on'].month}月", _row(row, names, several)) for row in rows]
    return [(month, [row for _month, row in group]) for month, group in groupby(shown, key=itemgetter(0))]


def _row(row: dict[str, Any], names: bool, several: bool) -> dict[str, Any]:
    """One row. Without the right to names, no text that may hold them."""
    kind, head, on = row["kind"], row["household__head_name"], row["occurred_on"]
    codes = [(name, row.get(f"{kind}__{name}")) for name in ("mode", "kind", "topic")]
    what = [code_label(kind, name, code, on) for name, code in codes if code]
    what += [_("%(n)s 份") % {"n": row["handout__copies"]}] if row["handout__copies"] else []
    family = _("%(name)s户") % {"name": head if names else mask_name(head)} if head else ""
    where = [row["station__name"] if several else "", row["village__name"], row["place"]]
    result = row["visit__result"]
    unmet = "" if row["reached"] else code_label(kind, "result", result, on) if result else _("未遇到")
    written = [row[name] for name in WRITTEN]
    text = "：".join(part for part in written if part)
    meta = [RecordKind(kind).label, *what, *where, "、".join(row["workers"])]
    return {
        "url": reverse(kind, args=[row["id"]]),
        "title": _titled(row) or family or "".join([*map(str, what[:1]), str(RecordKind(kind).label)]),
        "state": _("已作废") if row["voided_at"] else unmet,
        "void": bool(row["voided_at"]),
        "campaign": row["campaign__name"],
        "meta": " · ".join(str(one) for one in meta if one),
        "text": text[:64] if names else "",
        "day": row["occurred_on"].day,
        "weekday": WEEKDAYS[row["occurred_on"].weekday()],
    }


def _titled(row: dict[str, Any]) -> str:
    """What a row is called, if it is called anything."""
    named = (row[f"{kind}__title"] for kind in ("activity", "team_service", "handout", "meeting"))
    return next(filter(None, named), "") or _session(row)


def _session(row: dict[str, Any]) -> str:
    """Which session of which group a row is; nothing for another kind."""
    title, number = row["group_session__group__title"], row["group_session__number"]
    return _("%(title)s 第 %(number)s 节") % {"title": title, "number": number} if title else ""


@require_http_methods(["POST"])
def record_void(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(records_visible_to(request.user).select_related("household", "station"), pk=pk)
    form = VoidForm(request.POST)
    if form.is_valid():
        try:
            void_records(by=request.user, records=[found], reason=form.cleaned_data["reason"])
        except Refused as refused:
            add_findings(form, refused)
        except NotAllowed as error:
            raise Http404 from error
        else:
            messages.success(request, _("已作废，不再计入任何数字；内容仍可查看"))
            return redirect(found.kind, found.pk)
    elif not may_void(request.user, found):
        raise Http404
    return render(request, "services/void.html", {"form": form, "record": found}, status=422)
