"""个案数字: the figures of casework by half-year and part of the tree, each with its list."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.cases.access import may_know_of_cases
from shuangbai.core import clock
from shuangbai.core.snapshots import one_snapshot
from shuangbai.network.access import viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.reports.access import units_reportable
from shuangbai.reports.casework import BY_CODE, FIGURES, LISTED, RATE, Half, Telling, halves, listed, signed
from shuangbai.reports.queries import Ask


def _half(request: HttpRequest) -> Half:
    """The half-year that the address names, or the latest that is over. Raises Http404."""
    offered = {one.key: one for one in halves(clock.today())}
    key = request.GET.get("half", halves(clock.today())[1].key)
    if key not in offered or not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404
    return offered[key]


@require_safe
def case_figures(request: HttpRequest) -> HttpResponse:
    """个案数字: counties and stations in rows, figures in columns."""
    half, day = _half(request), clock.today()
    units = list(units_reportable(request.user))
    if not units:
        raise Http404
    with one_snapshot():
        telling = Telling(request.user, half, day)
        rows = list(telling.rows(units))
    context = {
        "half": half, "halves": halves(day), "rows": rows, "figures": FIGURES, "rate": RATE, "over": telling.over,
        "depth": min(unit.path.count("/") for unit in units), "knows": may_know_of_cases(request.user),
    }  # fmt: skip
    return render(request, "reports/cases.html", context)


@require_safe
def case_evidence(request: HttpRequest, code: str) -> HttpResponse:
    """The list behind one number: what of it this person may open, and how many they may not."""
    half, one, unit = _half(request), BY_CODE.get(code), _unit(request)
    if one is None:
        raise Http404
    why = one.restriction.why if one.restriction else ""
    with one_snapshot():
        value = Telling(request.user, half, clock.today()).told(code, unit)
        items = listed(one, Ask(half.period, unit), request.user)
    context = {
        "indicator": one, "half": half, "unit": unit, "value": value, "items": items[:LISTED],
        "hidden": _hidden(value, len(items)), "why": why, "opens": may_know_of_cases(request.user),
    }  # fmt: skip
    return render(request, "reports/case_evidence.html", context)


def _unit(request: HttpRequest) -> OrgUnit:
    units = units_reportable(request.user)
    found = units.filter(code=request.GET["scope"]).first() if "scope" in request.GET else units.first()
    if found is None:
        raise Http404
    return found


def _hidden(value: Any, opened: int) -> str:
    """How many of a list may not be opened, in words; '' where it is whole."""
    if signed(value):
        return _("若干")
    return str(value - opened) if value > opened else ""
