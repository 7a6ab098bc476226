"""A list of families or of records taken away as a workbook: what as, what for, and the file itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.counter.views.stock import month_asked, station_asked
from shuangbai.desk.actions import ListTaken, note_list_taken
from shuangbai.desk.enums import OF_RECORDS, ListKind, ListReason
from shuangbai.desk.exports import XLSX, Book, workbook
from shuangbai.desk.forms import ListForm
from shuangbai.desk.gathering import COLUMNS, Someone, enrolled, filled, goods_moved, of_sheets, people, records
from shuangbai.desk.views.sheets import sealed
from shuangbai.households.forms import FamilyFilter
from shuangbai.households.queries import by_place
from shuangbai.households.views import asked_families, own_station
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import records_visible_to
from shuangbai.services.enums import RecordKind
from shuangbai.services.queries import Asked, listed_page, worded_page
from shuangbai.services.views import asked_records, stations_of
from shuangbai.surveys.access import sheets_written_by
from shuangbai.surveys.queries import sheets_of
from shuangbai.surveys.rules.sheets import questions_of
from shuangbai.surveys.views.sheets import answered_of
from shuangbai.upkeep.rules import SEARCHES
from shuangbai.volunteers.views.people import asked as asked_volunteers

_OF_FAMILIES = (ListKind.HOUSEHOLDS, ListKind.PERSONS, ListKind.ROSTER)
_KINDS = {
    ListKind.VISITS: RecordKind.VISIT,
    ListKind.ACTIVITIES: RecordKind.ACTIVITY,
    ListKind.SESSIONS: RecordKind.GROUP_SESSION,
    ListKind.CONSULTATIONS: RecordKind.CONSULTATION,
}
_PAGE = 300  # records that are read together


@require_http_methods(["GET", "HEAD", "POST"])
def family_export(request: SignedIn) -> HttpResponse:
    """导出家庭: the families that the filters leave, as a workbook of families, of people or of a roster."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    stations = viewer.station_ids(Permission.SEE_FAMILIES)
    filters = FamilyFilter(request.GET, station_ids=stations)
    asked = filters.asked()
    if asked.get("q"):
        SEARCHES.count(request.user.pk)
    found = asked_families(request, asked, stations)
    opens = viewer.may(Permission.OPEN_MASKED)
    form = ListForm(request.POST or None, kinds=_OF_FAMILIES, opens=opens)

    def made(kind: ListKind, *, clear: bool) -> tuple[Book, dict[UUID, list[str]]]:
        keys = list(by_place(found).values_list("pk", flat=True))
        only, listed = asked.get("category"), kind == ListKind.ROSTER
        opened: dict[UUID, list[str]] = {}
        lines = noting(people(request.user, keys, clear=clear, only=only, listed=listed), opened)
        columns = [column for column in COLUMNS[kind] if clear or not column.opened]
        return workbook(kind.heading, mark_of(request, form), columns, lines), opened

    back = (_("家庭"), "family-list")
    return answered(request, form, made, back, told(filters), _("共 %(n)s 户") % {"n": found.count()})


@require_http_methods(["GET", "HEAD", "POST"])
def record_export(request: SignedIn) -> HttpResponse:
    """导出记录: the visits, activities, sessions or consultations that the filters leave; voided ones never."""
    if not viewer_of(request.user).may(Permission.SEE_RECORDS):
        raise Http404
    filters, asked = asked_records(request, stations_of(request.user))
    kinds = [kind for kind in OF_RECORDS if asked.kind in ("", _KINDS[kind])] or list(OF_RECORDS)
    form = ListForm(request.POST or None, kinds=kinds, opens=False)

    def made(kind: ListKind, *, clear: bool) -> tuple[Book, dict[UUID, list[str]]]:
        pages = pages_of(request, replace(asked, kind=_KINDS[kind], voided=False), filters.cleaned_data.get("q") or "")
        lines = records(request.user, kind, pages)
        return workbook(kind.heading, mark_of(request, form), COLUMNS[kind], lines), {}

    back = (_("服务记录"), "record-list")
    return answered(request, form, made, back, told(filters), _("不含已作废的"))


@require_http_methods(["GET", "HEAD", "POST"])
def volunteer_export(request: SignedIn) -> HttpResponse:
    """导出志愿者: those that the filters leave, without numbers and telephones."""
    if not viewer_of(request.user).may(Permission.SEE_FAMILIES):
        raise Http404
    filters, found = asked_volunteers(request)
    form = ListForm(request.POST or None, kinds=[ListKind.VOLUNTEERS], opens=False)

    def made(kind: ListKind, *, clear: bool) -> tuple[Book, dict[UUID, list[str]]]:
        return workbook(kind.heading, mark_of(request, form), COLUMNS[kind], enrolled(found)), {}

    back = (_("志愿者"), "volunteer-list")
    return answered(request, form, made, back, told(filters), _("共 %(n)s 名") % {"n": found.count()})


@require_http_methods(["GET", "HEAD", "POST"])
def goods_export(request: SignedIn) -> HttpResponse:
    """导出物资经费月报: the month's moves of one station."""
    station, (first, last) = station_asked(request), month_asked(request)
    form = ListForm(request.POST or None, kinds=[ListKind.GOODS], opens=False)

    def made(kind: ListKind, *, clear: bool) -> tuple[Book, dict[UUID, list[str]]]:
        lines = goods_moved(request.user, station, first, last)
        return workbook(kind.heading, mark_of(request, form), COLUMNS[kind], lines), {}

    asked = [station.name, f"{first:%Y-%m}"]
    return answered(request, form, made, (_("物资经费月报"), "goods-sheet"), asked, "")


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_export(request: SignedIn, pk: UUID) -> HttpResponse:
    """导出答卷: the sheets of one questionnaire at one's own station, for whoever reads single ones."""
    station = own_station(request, Permission.WRITE_RECORDS)
    found = answered_of(request, pk)
    mine = sheets_of(sheets_written_by(request.user).filter(station=station), found)
    form = ListForm(request.POST or None, kinds=[ListKind.SHEETS], opens=False)

    def made(kind: ListKind, *, clear: bool) -> tuple[Book, dict[UUID, list[str]]]:
        columns = of_sheets(questions_of(found.questions))
        return workbook(kind.heading, mark_of(request, form), columns, filled(mine)), {}

    back = (_("已录的"), "sheet-list", pk)
    return answered(request, form, made, back, [str(found)], _("共 %(n)s 份") % {"n": mine.count()})


Made = Callable[..., tuple[Book, dict[UUID, list[str]]]]


def answered(
    request: SignedIn, form: ListForm, made: Made, back: tuple[Any, ...], asked: Sequence[str], count: str
) -> HttpResponse:
    """The form, or the file: it is made before the trail says so, and given after. `back`: what one comes from, the
    name of its address, and what that takes."""
    if form.is_valid():
        try:
            return given(request, form, made, "、".join(asked))
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
    query = request.GET.urlencode()
    of, name, *args = back
    back_url = reverse(name, args=args) + (f"?{query}" if query else "")
    crumbs = [(of, back_url), (_("导出"), "")]
    said = {
        "asked": asked,
        "count": count,
        "of": of,
        "active": "record-list" if name in ("record-list", "sheet-list") else "families",
    }
    context = {"form": form, "crumbs": crumbs, "back": back_url, **said}
    return render(request, "desk/list_form.html", context, status=422 if form.is_bound else 200)


def given(request: SignedIn, form: ListForm, made: Made, asked: str) -> HttpResponse:
    said = form.cleaned_data
    kind, reason = ListKind(said["kind"]), ListReason(said["reason"])
    book, opened = made(kind, clear=bool(said.get("clear")))
    note_list_taken(by=request.user, taken=ListTaken(kind, book.rows, asked, opened), reason=reason)
    answer = HttpResponse(book.data, content_type=XLSX)
    name = f"{kind.heading}_{clock.local(clock.now()):%Y%m%d_%H%M}.xlsx"  # a file's name names nobody
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return sealed(answer)


def mark_of(request: SignedIn, form: ListForm) -> str:
    """Who took the list away, when, and what for: a line that the importer passes over."""
    user, at = request.user, clock.local(clock.now())
    reason = ListReason(form.cleaned_data["reason"]).label
    return f"{user.display_name}（{user.username}）{at:%Y-%m-%d %H:%M} 导出，用途：{reason}"


def told(filters: Any) -> list[str]:
    """The filters that were given, in words."""
    said = []
    for name, value in filters.cleaned_data.items():
        if value and name != "voided":
            field = filters.fields[name]
            words = (
                dict(field.choices).get(value, value) if isinstance(value, str) and hasattr(field, "choices") else value
            )
            words = f"{value[0]:%Y-%m}" if isinstance(value, tuple) else words
            said.append(f"{field.label}：{words}")
    return said


def noting(lines: Iterator[Someone], opened: dict[UUID, list[str]]) -> Iterator[Someone]:
    """The lines, while it is noted by family which masked values they show."""
    for line in lines:
        keys = opened.setdefault(line.household.pk, [])
        keys += [key for key in line.masked() if key not in keys]
        if not keys:
            del opened[line.household.pk]
        yield line


def pages_of(request: SignedIn, asked: Asked, words: str) -> Iterator[list[UUID]]:
    """The keys of the records asked for, newest first, as the list shows them."""
    visible = records_visible_to(request.user)
    if words:
        SEARCHES.count(request.user.pk)
        before, more = None, True
        while more:
            ids, before = worded_page(visible, words, asked, before, _PAGE)
            more = before is not None
            yield ids
        return
    cursor, more = None, True
    while more:
        ids, cursor = listed_page(visible, asked, cursor, _PAGE)
        more = cursor is not None
        yield ids
