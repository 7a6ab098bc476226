"""The results report, the lists behind its numbers, and their definitions."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission
from shuangbai.reports import pictures
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.evidence import page_of
from shuangbai.reports.forms import AskForm, default_question, quick_periods
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.queries import Ask, Indicator
from shuangbai.reports.results import CODES, COLUMNS, SECTIONS, client_list, results


def asked(request: HttpRequest) -> AskForm:
    """The question in the address, or the one that is asked first. Raises Http404 for who may ask none."""
    question = default_question(request.user)
    if question is None or not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404
    words: Any = {**question, **{name: value for name, value in request.GET.items() if name in question}}
    return AskForm(words, user=request.user)


@require_safe
def results_page(request: HttpRequest) -> HttpResponse:
    """成效报告."""
    form = asked(request)
    first = default_question(request.user)
    context: dict[str, Any] = {"form": form, "quick": quick_periods(first["first"]) if first else []}
    if not form.is_valid():
        return render(request, "reports/results.html", context, status=422)
    report = results(form.ask())
    context |= {
        "ask": report.ask,
        "report": report,
        "sections": [(title, [report.figures[code] for code in codes]) for title, codes in SECTIONS],
        "columns": [BY_CODE[code] for code in COLUMNS],
        "clients": client_list(report.ask),
        "map": pictures.station_map(report),
        "visits_by_month": pictures.by_month(report),
        "households_by_category": pictures.by_category(report),
        "people_by_month": pictures.by_activity_month(report),
    }
    return render(request, "reports/results.html", context)


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
            value = dimension.read(text)
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
    page = page_of(indicator, ask, int(number), names=viewer.may(Permission.SEE_NAMES))
    context = {
        "indicator": indicator, "ask": ask, "said": said, "page": page, "value": indicator.value(ask),
        "evidence": indicator.evidence(ask), "clients": client_list(ask) if code == "V5" else [],
        "opens_records": viewer.may(Permission.SEE_RECORDS), "opens_families": viewer.may(Permission.SEE_FAMILIES),
        "others": [(f.code, f.name) for f in INDICATORS], **turning(request, page.number, page.has_next),
    }  # fmt: skip
    return render(request, "reports/evidence.html", context)


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
    return render(request, "reports/definitions.html", {"figures": [BY_CODE[code] for code in CODES]})
