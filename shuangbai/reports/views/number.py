"""现在要一个数, and two periods side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.reports import finder
from shuangbai.reports.comparison import compared, quick_pairs
from shuangbai.reports.forms import CompareForm, NumberForm, figures_in_order, spans_of
from shuangbai.reports.number import SLOW, number, trend
from shuangbai.reports.pictures import number_trend
from shuangbai.reports.remarks import of_number
from shuangbai.reports.spans import SPANS
from shuangbai.reports.views.asking import asked_as, first_question

SUGGESTED = 12


@require_safe
def number_page(request: Any) -> HttpResponse:
    """现在要一个数: the number, its trend, a year earlier, its splits and its list. To htmx only what changes."""
    form = asked_as(NumberForm, request, this_year(request) | {"figure": "", "q": ""})
    if not form.is_valid():
        return render(request, "reports/number.html", {"form": form}, status=422)
    ask, what = form.ask(), form.sought()
    context: dict[str, Any] = {"form": form, "ask": ask, "what": what, "spans": spans_of(ask)}
    if what:
        later = what.code in SLOW and "trend" not in request.GET  # the page comes first, and asks for the picture
        chart = "" if later else number_trend(trend(what, ask), ask, what)
        told = number(what, ask)
        context |= {"number": told, "chart": chart, "figure": what.code, "remarks": of_number(what, ask, told.counted)}
    else:
        typed = form.cleaned_data["q"]
        context |= {"typed": typed, "found": finder.find(typed), "groups": figures_in_order(), "rates": finder.RATES}
    return render(request, "reports/_number.html" if request.htmx else "reports/number.html", context)


def this_year(request: HttpRequest) -> dict[str, Any]:
    """What is asked where nothing was said: the year so far. Raises Http404 for who may ask none."""
    first = first_question(request)
    period = SPANS["this_year"].of(clock.today(), first["first"])
    return {**first, "first": period.first, "last": period.last}


@require_safe
def figure_suggest(request: HttpRequest) -> JsonResponse:
    """Figures and rates that answer to what is being typed."""
    first_question(request)
    found = finder.find(request.GET.get("q", "")[:40], SUGGESTED)
    results = [
        {"id": one.code, "text": one.name, "hint": f"{one.code} · {finder.unit_of(one)} · {one.definition}"}
        for one in found
    ]
    return JsonResponse({"results": results})


@require_safe
def compare_page(request: HttpRequest) -> HttpResponse:
    """两段时间对比: every figure of the results report for both."""
    first = this_year(request)
    then = SPANS["this_year"].of(clock.today(), first["first"]).year_earlier()
    form = asked_as(CompareForm, request, first | {"then_first": then.first, "then_last": then.last})
    if not form.is_valid():
        return render(request, "reports/compare.html", {"form": form}, status=422)
    ask = form.ask()
    context = {
        "form": form, "ask": ask, "compared": compared(ask, form.then()),
        "pairs": quick_pairs(clock.today(), ask.period),
    }  # fmt: skip
    return render(request, "reports/compare.html", context)
