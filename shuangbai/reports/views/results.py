"""The results report, the lists behind its numbers, and their definitions."""

import io
from typing import Any
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuangbai.core import sealed
from shuangbai.core.privacy import FEW, few
from shuangbai.core.snapshots import one_snapshot
from shuangbai.households.access import restricted_open_to
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.reports import pdf
from shuangbai.reports.access import file_visible_to
from shuangbai.reports.actions import note_taken
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.evidence import page_of
from shuangbai.reports.forms import AskForm, quick_periods, spans_of
from shuangbai.reports.indicators import BY_CODE, INDICATORS, RATES
from shuangbai.reports.jobs import order_pdf, question_of
from shuangbai.reports.models import ReportFile
from shuangbai.reports.queries import Ask, Indicator
from shuangbai.reports.results import client_list, figure, rates
from shuangbai.reports.sheet import contents
from shuangbai.reports.telling import Teller, opened, restrictions
from shuangbai.reports.views.asking import asked, first_question


def first_page(request: HttpRequest, form: AskForm) -> HttpResponse:
    """The report's page, or its form alone where the question makes no sense."""
    if not form.is_valid():
        spans = quick_periods(first_question(request)["first"])
        return render(request, "reports/results.html", {"form": form, "spans": spans}, status=422)
    context: dict[str, Any] = {"form": form, "spans": spans_of(form.ask())}
    missing = "" if pdf.available() else pdf.MISSING
    with one_snapshot():
        report = contents(form.ask(), restricted_open_to(request.user))
    return render(request, "reports/results.html", context | report | {"pdf_missing": missing})


@require_safe
def results_page(request: HttpRequest) -> HttpResponse:
    """成效报告."""
    return first_page(request, asked(request))


@require_safe
def rates_page(request: HttpRequest) -> HttpResponse:
    """建档、跟进与探访率: each with both its numbers, the day, and the lists behind them."""
    form = asked(request)
    if not form.is_valid():
        return render(request, "reports/rates.html", {"form": form}, status=422)
    ask = form.ask()
    graded = figure("F5", ask, splits=("grade",))
    return render(request, "reports/rates.html", {"form": form, "ask": ask, "shares": rates(ask), "graded": graded})


@require_POST
def results_pdf(request: HttpRequest) -> HttpResponse:
    """Ask for the report on the page as PDF."""
    form = asked(request)
    if not form.is_valid() or not pdf.available():
        return first_page(request, form)
    by: Any = request.user
    file = order_pdf(by=by, ask=form.ask(), origin=request.build_absolute_uri("/"))
    return redirect("results-file", file.pk)


def file_asked_for(request: HttpRequest, pk: UUID) -> ReportFile:
    """Raises Http404 for everybody but its asker."""
    try:
        return file_visible_to(request.user, pk)
    except ReportFile.DoesNotExist as error:
        raise Http404 from error


@require_safe
def results_file(request: Any, pk: UUID) -> HttpResponse:
    """How far a file is, and then the file. To htmx only the part that changes."""
    file = file_asked_for(request, pk)
    template = "reports/file_state.html" if request.htmx else "reports/file.html"
    return render(request, template, {"file": file, "ask": question_of(file)})


@require_safe
def results_download(request: SignedIn, pk: UUID) -> HttpResponseBase:
    """The file itself. Its one write is its own line in the trail."""
    file = file_asked_for(request, pk)
    if not file.is_there:
        return redirect("results-file", pk)
    note_taken(by=request.user, file=file)
    answer = FileResponse(
        io.BytesIO(sealed.kept(file.path)), as_attachment=True, filename=file.name, content_type="application/pdf"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def held(ask: Ask, indicator: Indicator, words: QueryDict) -> tuple[Ask, list[tuple[str, str]]]:
    """The question narrowed by the dimensions in the address, and these in words. Raises Http404."""
    said = []
    for code, text in words.items():
        if code not in DIMENSIONS:
            continue
        if code not in indicator.by:
            raise Http404
        dimension = DIMENSIONS[code]
        try:
            value = dimension.read(str(text))
        except LookupError as error:
            raise Http404 from error
        ask = ask.holding(code, value)
        said.append((dimension.name, dimension.named([value])[value][1]))
    return ask, said


@require_safe
def evidence_page(request: HttpRequest, code: str) -> HttpResponse:
    """The list behind one number."""
    indicator = BY_CODE.get(code)
    form = asked(request)
    if indicator is None or not form.is_valid():
        raise Http404
    ask, said = held(form.ask(), indicator, request.GET)
    number = request.GET.get("page", "1")
    if not number.isdigit() or int(number) < 1:
        raise Http404
    viewer = viewer_of(request.user)
    with one_snapshot():
        shown = shown_to(request.user, indicator, ask, int(number))
    page = shown["page"]
    context = {
        "indicator": indicator, "ask": ask, "said": said, **shown,
        "clients": client_list(ask) if code == "V5" else [],
        "opens_records": viewer.may(Permission.SEE_RECORDS), "opens_families": viewer.may(Permission.SEE_FAMILIES),
        "others": [(f.code, f.name) for f in INDICATORS], **turning(request, page.number, page.has_next),
    }  # fmt: skip
    return render(request, "reports/evidence.html", context)


def shown_to(user: Any, indicator: Indicator, ask: Ask, number: int) -> dict[str, Any]:
    """A page of the list with its number, as somebody may see them; rows and `hidden` together are the number."""
    restricted = restrictions(indicator, ask)
    among = opened(restricted, indicator, ask, user)
    value, listed = indicator.value(ask), indicator.evidence(ask, among)
    told = Teller(restricted_open_to(user)).told(indicator, ask, value)
    return {
        "page": page_of(indicator, ask, number, names=viewer_of(user).may(Permission.SEE_NAMES), among=among),
        "value": told, "evidence": listed, "hidden": hidden(told, value - listed, listed),
        "why": [restriction.why for restriction in restricted],
    }  # fmt: skip


def hidden(told: Any, closed: Any, listed: Any) -> str:
    """How many of a list may not be opened, in words; '' where it is whole. Of a number that is held back, its sign."""
    if isinstance(told, str):
        return FEW if told == FEW and not listed else _("若干")
    return intcomma(few(closed), use_l10n=False) if closed else ""


def turning(request: HttpRequest, number: int, has_next: bool) -> dict[str, str]:
    """Addresses of the pages before and after."""

    def at(page: int) -> str:
        words = request.GET.copy()
        words["page"] = str(page)
        return f"?{words.urlencode()}"

    return {"newer": at(number - 1) if number > 1 else "", "older": at(number + 1) if has_next else ""}


@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    """What each figure counts, in words."""
    if not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404
    return render(request, "reports/definitions.html", {"figures": INDICATORS, "rates": RATES})
