"""台账导入: a file uploaded, looked through, decided about, brought in, taken back; and the row behind a record."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.ledgers import actions, deals, progress
from shuangbai.ledgers.access import (
    dealing_unit,
    dealings_visible_to,
    importing_station,
    imports_visible_to,
    may_undo,
)
from shuangbai.ledgers.enums import DealState, Fate, ImportState, Kind
from shuangbai.ledgers.forms import ColumnsForm, DecisionsForm, StationsForm, UndoForm, UploadForm, VersionForm
from shuangbai.ledgers.jobs import order_dealing, order_import, order_undo
from shuangbai.ledgers.keepsakes import book_of, rows_of
from shuangbai.ledgers.models import Dealing, Import, ImportedRow
from shuangbai.ledgers.proposing import Proposal, propose
from shuangbai.ledgers.queries import cells_of, station_choices, village_choices
from shuangbai.ledgers.returned import name_of_returned, return_workbook
from shuangbai.ledgers.rosters import Beside, beside
from shuangbai.ledgers.showing import (
    ORDER,
    changes,
    covered,
    faults_of,
    line_of,
    lines,
    met_unnamed,
    questions,
    samples,
    shares_of,
)
from shuangbai.ledgers.zipped import Unopenable
from shuangbai.network.context import SignedIn
from shuangbai.services.models import ServiceRecord

PAGE, LISTED, SHOWN = 30, 50, 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGE = 3000  # rows from which a page comes first and asks for what takes long itself


def found(request: SignedIn, pk: UUID) -> Import:
    """Raises Http404 for a ledger of another station."""
    return get_object_or_404(imports_visible_to(request.user), pk=pk)


def changed_meanwhile(request: SignedIn, pk: UUID) -> HttpResponse:
    messages.warning(request, _("您打开之后，这份台账已被别人处理过。请看现在的样子再决定。"))
    return redirect("ledger", pk)


# UPLOAD ----------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def ledgers(request: SignedIn) -> HttpResponse:
    """台账导入: a file to upload, and what came in before."""
    station = importing_station(request.user)
    if station is None:
        if dealing_unit(request.user) is None:
            raise Http404
        return redirect("dealing-list")
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        try:
            source = actions.take_in(
                by=request.user, station=station, data=file.read(), name=file.name, kind=Kind(kind) if kind else None
            )
        except Refused as refused:
            add_findings(form, refused)
        else:
            return redirect("ledger", source.pk)
    rows = imports_visible_to(request.user).order_by("-entered_at")[:LISTED]
    context = {"form": form, "station": station, "imports": rows}
    return render(request, "ledgers/ledgers.html", context, status=422 if form.is_bound else 200)


# LOOKED THROUGH --------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: SignedIn, pk: UUID) -> HttpResponse:
    """One ledger: what would become of it and what is to be decided; later, what became of it."""
    source = found(request, pk)
    if request.method == "POST":
        return _decided(request, source)
    if source.state != ImportState.READ:
        return render(request, "ledgers/ended.html", _ended(request, source, UndoForm(initial=_version(source))))
    inside = "now" in request.GET and request.htmx
    if source.counts.get("rows", 0) > LARGE and not inside and "now" not in request.GET:
        return render(request, "ledgers/waiting.html", {"source": source})
    context = _shown(source, None)
    return render(request, "ledgers/_ledger.html" if inside else "ledgers/ledger.html", context)


def _version(source: Import) -> dict[str, int]:
    return {"version": source.version}


def _proposal(source: Import) -> Proposal:
    """What would become of a ledger as it is decided. Raises Http404 where it is no longer kept."""
    try:
        rows = rows_of(source)
    except FileNotFoundError:
        raise Http404 from None
    return propose(source.station, Kind(source.kind), rows, actions.decided_of(source))


def _unclear(source: Import) -> list[str]:
    """What the ledger calls villages that are not clear, and nobody has said what they mean."""
    return [written for sheet in source.counts.get("sheets", ()) for written, *_rest in sheet["villages"]]


def _form(source: Import, proposal: Proposal, data: Any, roster: Beside | None) -> DecisionsForm:
    return DecisionsForm(
        data, roster=roster, proposal=proposal, decided=actions.decided_of(source),
        villages=village_choices(source.station), unclear=_unclear(source), initial=_version(source),
    )  # fmt: skip


def _shown(source: Import, data: Any) -> dict[str, Any]:
    proposal = _proposal(source)
    roster = beside(proposal) if proposal.kind is Kind.ROSTER else None
    form, counts = _form(source, proposal, data, roster), proposal.counts
    columns = [column for sheet in source.counts["sheets"] for column in sheet["columns"]]
    going = counts.get(Fate.NEW, 0) + counts.get(Fate.ADDS, 0)
    return {
        "source": source, "form": form, "going": going, "roster": roster,
        "may_bring": bool(going or form.decided.gone or form.decided.files),
        "version_form": VersionForm(initial=_version(source)),
        "figures": [(fate, Fate(fate).label, counts.get(fate, 0)) for fate in ORDER],
        "questions": questions(form.waiting, [form[f"f-{one.said.key}"].value() or "" for one in form.waiting]),
        "more_questions": len(proposal.open_choices) - len(form.waiting),
        "differing": [(label, many, changes(proposal, name, 5)) for name, label, many in form.differing],
        "wrong": lines(proposal, Fate.WRONG, 0, SHOWN), "new": lines(proposal, Fate.NEW, 0, 3),
        "unnamed": met_unnamed(proposal), "known": sum(bool(column[2]) for column in columns), "columns": len(columns),
        "families": sum(one.home is None and not one.waits and not one.missing for one in proposal.households),
    }  # fmt: skip


def _decided(request: SignedIn, source: Import) -> HttpResponse:
    if source.state != ImportState.READ:
        return changed_meanwhile(request, source.pk)
    proposal = _proposal(source)
    form = _form(source, proposal, request.POST, beside(proposal) if proposal.kind is Kind.ROSTER else None)
    if not form.is_valid():
        return render(request, "ledgers/ledger.html", _shown(source, request.POST), status=422)
    try:
        actions.decide(by=request.user, source=source, version=form.cleaned_data["version"], decided=form.said())
    except Conflict:
        return changed_meanwhile(request, source.pk)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
        return redirect("ledger", source.pk)
    messages.success(request, _("已照您的决定重新核对"))
    return redirect("ledger", source.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def ledger_columns(request: SignedIn, pk: UUID) -> HttpResponse:
    """各列的意思: what each column means, with what stands in it; changed by picking."""
    source = found(request, pk)
    if source.state != ImportState.READ:
        raise Http404
    sheets = source.counts["sheets"]
    kind = Kind(source.kind)
    form = ColumnsForm(request.POST or None, kind=kind, sheets=sheets, initial=_version(source))
    if form.is_valid():
        answer = _said_columns(request, source, form)
        if answer:
            return answer
    rows, shown = rows_of(source), []
    for number, sheet in enumerate(sheets):
        seen = samples(rows, sheet["sheet"])
        shown.append((sheet["sheet"], [(*column, seen.get(column[0], [])) for column in form.columns(number)]))
    context = {"source": source, "form": form, "sheets": shown}
    return render(request, "ledgers/columns.html", context, status=422 if form.is_bound else 200)


def _said_columns(request: SignedIn, source: Import, form: ColumnsForm) -> HttpResponse | None:
    """Read anew with what was picked; None where its sentences now stand on the form."""
    said, decided = form.cleaned_data, actions.decided_of(source)
    decided.mapping = {**decided.mapping, **form.mapping()}
    try:
        actions.decide(
            by=request.user, source=source, version=said["version"], decided=decided, kind=Kind(said["kind"]),
            learn=said["learn"],
        )  # fmt: skip
    except Conflict:
        return changed_meanwhile(request, source.pk)
    except Refused as refused:
        add_findings(form, refused)
        return None
    messages.success(request, _("已照这些意思重新读过"))
    return redirect("ledger", source.pk)


@require_safe
def ledger_rows(request: SignedIn, pk: UUID) -> HttpResponse:
    """The rows of which one thing becomes, or became: all that they say."""
    source = found(request, pk)
    asked = request.GET.get("fate", "")
    if asked not in Fate:
        raise Http404
    number = int(page) if (page := request.GET.get("page", "1")).isdecimal() and int(page) > 0 else 1
    start = (number - 1) * PAGE
    if source.state == ImportState.READ:
        shown = lines(_proposal(source), Fate(asked), start, PAGE + 1)
    else:
        shown = _became(source, Fate(asked), start)
    context = {
        "source": source, "fate": Fate(asked).label, "lines": shown[:PAGE],
        "newer_url": f"?fate={asked}&page={number - 1}" if number > 1 else "",
        "older_url": f"?fate={asked}&page={number + 1}" if len(shown) > PAGE else "",
    }  # fmt: skip
    return render(request, "ledgers/rows.html", context)


def _became(source: Import, fate: Fate, start: int) -> list[Any]:
    """Rows by what became of them, as they stood in the ledger."""
    places = source.rows.filter(fate=fate).order_by("id").values_list("sheet", "row")[start : start + PAGE + 1]
    try:
        said = {(row.sheet, row.row): row for row in rows_of(source)}
    except FileNotFoundError:
        said = {}
    return [line_of(said[place]) for place in places if place in said]


# BROUGHT IN ------------------------------------------------------------------


@require_POST
def ledger_bring(request: SignedIn, pk: UUID) -> HttpResponse:
    """Bring a ledger in as it stands. The job worker does it; its page says how far it is."""
    source, form = found(request, pk), VersionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        order_import(by=request.user, source=source, version=form.cleaned_data["version"])
    except Conflict:
        return changed_meanwhile(request, pk)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    return redirect("ledger", pk)


@require_safe
def ledger_state(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far bringing in or taking back is, for the part of the page that asks again and again."""
    source = found(request, pk)
    done, total = progress.noted(source.pk)
    answer = render(request, "ledgers/_state.html", {"source": source, "done": done, "total": total})
    if source.state not in (ImportState.QUEUED, ImportState.UNDOING):
        answer["HX-Refresh"] = "true"
    return answer


def _ended(request: SignedIn, source: Import, form: UndoForm) -> dict[str, Any]:
    counts = source.counts
    fates = counts.get("fates", {})
    done, total = progress.noted(source.pk)
    return {
        "source": source, "form": form, "may_undo": may_undo(request.user, source), "left": counts.get("left", []),
        "kept": counts.get("kept", []), "done": done, "total": total,
        "figures": [(fate, Fate(fate).label, fates.get(fate, 0)) for fate in ORDER if fates.get(fate)],
    }  # fmt: skip


@require_POST
def ledger_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take an import back, for a reason. The job worker does it; the page says how far it is."""
    source, form = found(request, pk), UndoForm(request.POST)
    if source.state != ImportState.DONE:
        return changed_meanwhile(request, pk)
    if form.is_valid():
        said = form.cleaned_data
        try:
            order_undo(by=request.user, source=source, version=said["version"], reason=said["reason"])
        except NotAllowed:
            raise Http404 from None
        except Conflict:
            return changed_meanwhile(request, pk)
        except Refused as refused:
            add_findings(form, refused)
        else:
            return redirect("ledger", pk)
    return render(request, "ledgers/ended.html", _ended(request, source, form), status=422)


@require_POST
def ledger_drop(request: SignedIn, pk: UUID) -> HttpResponse:
    """Throw away a ledger that was not brought in."""
    source, form = found(request, pk), VersionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        actions.drop(by=request.user, source=source, version=form.cleaned_data["version"])
    except (Conflict, Refused):
        return changed_meanwhile(request, pk)
    messages.success(request, _("已丢弃，什么都没有导入"))
    return redirect("ledger-list")


@require_POST
def ledger_returned(request: SignedIn, pk: UUID) -> HttpResponse:
    """The workbook as it came, its wrong cells marked: made before the trail says so, and given after."""
    source = found(request, pk)
    try:
        rows, data = rows_of(source), book_of(source)
        reasons = _proposal(source).reasons if source.state == ImportState.READ else {}
        marked = return_workbook(data, faults_of(rows, reasons))
    except FileNotFoundError:
        raise Http404 from None
    except Unopenable as error:
        messages.error(request, f"{error}。")
        return redirect("ledger", pk)
    actions.note_returned(by=request.user, source=source)
    answer = HttpResponse(marked, content_type=XLSX)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name_of_returned(source.name))
    answer.headers["Cache-Control"] = "no-store"
    return answer


# WHERE IT COMES FROM ---------------------------------------------------------


@require_safe
def ledger_row(request: SignedIn, pk: UUID) -> HttpResponse:
    """原始行: the cells from which a record or a family was made, long numbers covered."""
    visible = ImportedRow.objects.filter(source__in=imports_visible_to(request.user))
    row = get_object_or_404(visible.select_related("source__entered_by"), pk=pk)
    source = row.source
    cells = [(letter, header, covered(text)) for letter, header, text in cells_of(row)]
    record = ServiceRecord.objects.filter(pk=row.record).first() if row.record else None
    return render(request, "ledgers/row.html", {"row": row, "source": source, "cells": cells, "record": record})


# A WORKBOOK OF SEVERAL STATIONS ------------------------------------------------


def found_dealing(request: SignedIn, pk: UUID) -> Dealing:
    """Raises Http404 for somebody who deals nothing out, or not for that unit."""
    return get_object_or_404(dealings_visible_to(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def dealings(request: SignedIn) -> HttpResponse:
    """多站台账: a workbook of several stations to upload, and those of before."""
    owner = dealing_unit(request.user)
    if owner is None:
        raise Http404
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file, kind = form.cleaned_data["file"], form.cleaned_data["kind"]
        try:
            taken = deals.take_in_many(
                by=request.user, owner=owner, data=file.read(), name=file.name, kind=Kind(kind) if kind else None
            )
        except Refused as refused:
            add_findings(form, refused)
        else:
            return redirect("dealing", taken.pk)
    rows = dealings_visible_to(request.user).order_by("-entered_at")[:LISTED]
    context = {"form": form, "owner": owner, "dealings": rows}
    return render(request, "ledgers/dealings.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def dealing(request: SignedIn, pk: UUID) -> HttpResponse:
    """One workbook: how many rows for which station, and which words are no station; later, how far they are."""
    one = found_dealing(request, pk)
    form = _stations_form(one, request.POST if request.method == "POST" else None)
    if request.method == "POST" and (form is None or form.is_valid()):
        return _said_stations(request, one, form)
    context = {
        "dealing": one, "form": form, "shares": shares_of(one), "left": one.counts["why"],
        "version_form": VersionForm(initial={"version": one.version}),
    }  # fmt: skip
    return render(request, "ledgers/dealing.html", context, status=422 if form and form.is_bound else 200)


def _stations_form(one: Dealing, data: Any) -> StationsForm | None:
    if one.state != DealState.READ:
        return None
    return StationsForm(
        data, unclear=one.counts["unclear"], said=deals.said_of(one), stations=station_choices(one.owner),
        initial={"version": one.version},
    )  # fmt: skip


def _said_stations(request: SignedIn, one: Dealing, form: StationsForm | None) -> HttpResponse:
    if form is None:
        return _dealt_meanwhile(request, one.pk)
    try:
        deals.say_stations(by=request.user, dealing=one, version=form.cleaned_data["version"], said=form.said())
    except (Conflict, FileNotFoundError):
        return _dealt_meanwhile(request, one.pk)
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
    else:
        messages.success(request, _("已照您选的重新分过"))
    return redirect("dealing", one.pk)


def _dealt_meanwhile(request: SignedIn, pk: UUID) -> HttpResponse:
    messages.warning(request, _("您打开之后，这份台账已被别人处理过。请看现在的样子再决定。"))
    return redirect("dealing", pk)


def _on_dealing(request: SignedIn, pk: UUID, act: Callable[..., Any]) -> Any:
    """What an action on a workbook gives, or the answer where it refuses."""
    one, form = found_dealing(request, pk), VersionForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        return act(by=request.user, dealing=one, version=form.cleaned_data["version"])
    except Conflict:
        return _dealt_meanwhile(request, pk)
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
        return redirect("dealing", pk)


@require_POST
def dealing_deal(request: SignedIn, pk: UUID) -> HttpResponse:
    """Deal a workbook out as it is sorted. The job worker does it; its page says when it is done."""
    done = _on_dealing(request, pk, order_dealing)
    return done if isinstance(done, HttpResponse) else redirect("dealing", pk)


@require_safe
def dealing_state(request: SignedIn, pk: UUID) -> HttpResponse:
    """Whether dealing out is done, for the part of the page that asks again and again."""
    one = found_dealing(request, pk)
    answer = render(request, "ledgers/_deal_state.html", {"dealing": one})
    if one.state != DealState.QUEUED:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
def dealing_back(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take back from the stations what they have not brought in."""
    done = _on_dealing(request, pk, deals.call_back)
    if isinstance(done, HttpResponse):
        return done
    back, kept = done
    messages.success(request, _("收回了 %(back)s 个站的；%(kept)s 个站已经导入，没有动") % {"back": back, "kept": kept})
    return redirect("dealing", pk)


@require_POST
def dealing_drop(request: SignedIn, pk: UUID) -> HttpResponse:
    """Throw away a workbook that was not dealt out."""
    done = _on_dealing(request, pk, deals.drop_many)
    if isinstance(done, HttpResponse):
        return done
    messages.success(request, _("已丢弃，各站什么都没有收到"))
    return redirect("dealing-list")
