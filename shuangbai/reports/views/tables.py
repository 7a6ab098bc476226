"""Tables of one's own: asked, kept under a name, opened, shared, taken away as a spreadsheet."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.network.context import SignedIn
from shuangbai.network.views.answers import FORM, done, pressed, tried, version_of
from shuangbai.reports.access import tables_visible_to, unit_of
from shuangbai.reports.actions import change_table, delete_table, note_table_exported, save_table
from shuangbai.reports.exports import XLSX, workbook
from shuangbai.reports.forms import SaveForm, TableForm, as_typed
from shuangbai.reports.models import SavedTable
from shuangbai.reports.sheet import grids, mark_of
from shuangbai.reports.tables import MOST_CELLS, Table, TooLarge, table
from shuangbai.reports.views.asking import came, first_question


def table_form(request: HttpRequest) -> TableForm:
    """The question that came along, or an empty one. Raises Http404 for who may ask none."""
    first, words = first_question(request), came(request).copy()
    if "rows" not in words:
        return TableForm(initial={"rows": "station", "span": "this_year", "scope": first["scope"]}, user=request.user)
    words.setdefault("scope", first["scope"])
    return TableForm(words, user=request.user)


def counted(form: TableForm) -> Table | None:
    """The table of a valid question; None where the form now says what to put right."""
    if not form.is_valid():
        return None
    try:
        return table(form.question())
    except TooLarge as error:
        told = _("这张表有 %(n)d 格，超过 %(most)d 格：请少选指标、缩短期间、缩小范围，或用「只看」收窄")
        form.add_error(None, told % {"n": error.cells, "most": MOST_CELLS})
        return None


def page(
    request: SignedIn, form: TableForm, saved: SavedTable | None = None, save: SaveForm | None = None
) -> HttpResponse:
    """The form, the table where there is one, and the tables one has kept."""
    shown = counted(form)
    context: dict[str, Any] = {"form": form, "saved": saved, "save": save or SaveForm(unit=unit_of(request.user))}
    if shown:
        context |= {"ask": shown.question.ask, "table": shown, "grids": grids(shown), "pairs": form.pairs()}
    kept = tables_visible_to(request.user).select_related("made_by", "unit").order_by("name", "pk")
    mine = request.user.pk
    context |= {"own": [t for t in kept if t.made_by_id == mine], "others": [t for t in kept if t.made_by_id != mine]}
    sent = form.is_bound or request.method == "POST"
    wrong = (sent and not shown) or (save is not None and save.errors)
    return render(request, "reports/tables.html", context, status=422 if wrong else 200)


@require_safe
def tables_page(request: SignedIn) -> HttpResponse:
    """自定义表."""
    return page(request, table_form(request))


@require_safe
def table_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """One that was kept, of today."""
    first_question(request)
    saved = get_object_or_404(tables_visible_to(request.user).select_related("made_by", "unit"), pk=pk)
    return page(request, TableForm(as_typed(saved.question), user=request.user), saved)


@require_POST
def table_save(request: SignedIn) -> HttpResponse:
    """Keep the question of the table on the page."""
    form, save = table_form(request), SaveForm(request.POST, unit=unit_of(request.user))
    if form.is_valid() and save.is_valid():
        said = {"name": save.cleaned_data["name"], "shared": bool(save.cleaned_data.get("shared"))}
        scope = form.cleaned_data["scope"]
        kept = tried(save, lambda: save_table(by=request.user, scope=scope, question=form.said(), **said))
        if kept:
            return done(request, _("已保存，下面是按今天算的数"), "table", kept.pk)
    return page(request, form, save=save)


def own_table(request: SignedIn, pk: UUID) -> SavedTable:
    """One's own. Raises Http404 for a colleague's too."""
    return get_object_or_404(tables_visible_to(request.user).filter(made_by=request.user), pk=pk)


@require_http_methods(FORM)
def table_change(request: SignedIn, pk: UUID) -> HttpResponse:
    """Call it otherwise, share it or no more."""
    kept, unit = own_table(request, pk), unit_of(request.user)
    now = {"name": kept.name, "shared": kept.shared, "version": kept.version}
    form = SaveForm(request.POST or None, initial=now, unit=unit)
    if form.is_valid():
        said = form.cleaned_data
        asked = {"version": said["version"] or 0, "name": said["name"], "shared": bool(said.get("shared"))}
        act = lambda: change_table(by=request.user, table=kept, **asked)  # noqa: E731
        if tried(form, act, lambda row: {"name": row.name, "shared": row.shared}):
            return done(request, _("已保存"), "table", pk)
    conflict = getattr(form, "conflict", {})
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, "reports/table_change.html", {"form": form, "table": kept, **conflict}, status=status)


@require_http_methods(FORM)
def table_delete(request: SignedIn, pk: UUID) -> HttpResponse:
    """Ask once more, then drop it."""
    kept = own_table(request, pk)
    if request.method != "POST":
        return render(request, "reports/table_delete.html", {"table": kept})
    version = version_of(request)
    pressed(request, lambda: delete_table(by=request.user, table=kept, version=version), kept, _("已删除"))
    return redirect("tables")


@require_POST
def table_export(request: SignedIn) -> HttpResponse:
    """The table on the page as a spreadsheet. It is made before the trail says so, and given after."""
    form = table_form(request)
    shown = counted(form)
    if shown is None:
        return page(request, form)
    ask, title = shown.question.ask, request.POST.get("title", "")[:40] or _("自定义表")
    made = workbook(shown, title, mark_of(request.user, clock.now()))
    note_table_exported(by=request.user, ask=ask, codes=[one.code for one in shown.question.figures])
    answer = HttpResponse(made, content_type=XLSX)
    name = f"{title}_{ask.unit.name}_{ask.period.first:%Y%m%d}-{ask.period.last:%Y%m%d}.xlsx"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
