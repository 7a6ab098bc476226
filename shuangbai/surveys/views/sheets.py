"""Pages of sheets: one after another from paper or on a phone, the list of one's station, correcting, voiding."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.households.views import FORM, not_found_unless, own_station, page_url, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.forms import VoidForm, typed_ids
from shuangbai.surveys import queries
from shuangbai.surveys.access import answerable_by, may_void, sheets_written_by
from shuangbai.surveys.actions import asking as actions
from shuangbai.surveys.forms.asking import SheetForm, stood
from shuangbai.surveys.models import AnswerSheet, Questionnaire
from shuangbai.surveys.views import changed, page
from shuangbai.surveys.views.asking import crumbs

TURN = 50


def answered_of(request: SignedIn, pk: UUID) -> Questionnaire:
    """The questionnaire, if somebody enters sheets of it. Raises Http404."""
    return get_object_or_404(answerable_by(request.user).select_related("owner"), pk=pk)


def sheet_of(request: SignedIn, pk: UUID) -> AnswerSheet:
    """A sheet of one's own station, not voided. Raises Http404."""
    rows = sheets_written_by(request.user).filter(voided_at__isnull=True)
    return get_object_or_404(rows.select_related("questionnaire", "station", "village", "entered_by__staff"), pk=pk)


@require_http_methods(FORM)
def sheet_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """录入: a sheet, and after it the next; village, day and of whom stay."""
    station = own_station(request, Permission.WRITE_RECORDS)
    found = answered_of(request, pk)
    form = SheetForm(request.POST or None, station=station, questionnaire=found, kept=request.GET.dict())
    if form.is_valid():
        made = tried(form, lambda: actions.enter_sheet(by=request.user, entry=form.entry()))
        if made:
            carried = urlencode(form.carried(made))
            return redirect(f"{reverse('sheet-new', args=[pk])}?{carried}#questions")
    mine = queries.sheets_of(sheets_written_by(request.user).filter(station=station), found)
    last = mine.filter(pk__in=typed_ids([request.GET.get("last", "")])).first()
    more = {
        "questionnaire": found, "count": mine.count(), "last": last, "crumbs": crumbs(found, _("录入")),
        "back_url": reverse("questionnaire-results", args=[pk]), "going_on": last is not None and not form.is_bound,
    }  # fmt: skip
    return page(request, "sheet_form", form, **more)


@require_http_methods(FORM)
def sheet_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正一份."""
    found = sheet_of(request, pk)
    form = SheetForm(request.POST or None, station=found.station, questionnaire=found.questionnaire, sheet=found)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "entry": form.entry()}
        said["reason"] = form.cleaned_data["reason"]
        refused = changed(
            form, lambda: actions.correct_sheet(by=request.user, sheet=found, **said), lambda now: theirs(now, form)
        )
        if refused is None:
            messages.success(request, _("已更正"))
            return redirect(f"{reverse('sheet-new', args=[found.questionnaire_id])}?{urlencode(form.carried(found))}")
        more = refused
    context = {
        "questionnaire": found.questionnaire, "sheet": found, "crumbs": crumbs(found.questionnaire, _("更正一份")),
        "back_url": reverse("sheet-list", args=[found.questionnaire_id]), "voids": may_void(request.user, found),
    }  # fmt: skip
    return page(request, "sheet_form", form, **context, **more)


def theirs(sheet: AnswerSheet, form: SheetForm) -> dict[str, Any]:
    """What now stands of a sheet, by the fields of its form."""
    said = stood(sheet)
    return {name: said.get(name, "") for name in form.fields if name not in ("version", "client_id", "reason")}


@require_http_methods(FORM)
def sheet_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废一份."""
    found = sheet_of(request, pk)
    not_found_unless(may_void(request.user, found))
    form = VoidForm(request.POST or None)
    back = reverse("sheet-list", args=[found.questionnaire_id])
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: actions.void_sheet(by=request.user, sheet=found, reason=reason)):
            messages.success(request, _("已作废"))
            return redirect(back)
    what = _("%(day)s 填的一份「%(title)s」") % {"day": found.filled_on, "title": found.questionnaire}
    return page(request, "void", form, what=what, crumbs=crumbs(found.questionnaire, _("作废")), back_url=back)


@require_safe
def sheet_list(request: SignedIn, pk: UUID) -> HttpResponse:
    """已录的: the sheets of one's station, the latest entered first."""
    station = own_station(request, Permission.WRITE_RECORDS)
    found = answered_of(request, pk)
    number = int(request.GET["page"]) if request.GET.get("page", "").isdecimal() and len(request.GET["page"]) < 5 else 1
    start = (max(number, 1) - 1) * TURN
    mine = queries.sheets_of(sheets_written_by(request.user).filter(station=station), found)
    rows = mine.defer("words", "answers").select_related("village", "entered_by__staff").order_by("-entered_at", "-id")
    shown = list(rows[start : start + TURN + 1])
    context = {
        "questionnaire": found, "sheets": shown[:TURN], "count": mine.count(), "crumbs": crumbs(found, _("已录的")),
        "older_url": page_url(request, number + 1) if len(shown) > TURN else "",
        "newer_url": page_url(request, number - 1) if start else "",
    }  # fmt: skip
    return render(request, "surveys/sheets.html", context)
