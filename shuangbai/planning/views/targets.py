"""年度任务: what a station means to reach in a year, how far it is, and the pace that it needs. No ranking."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, Refused
from shuangbai.core.forms import add_findings, rebase, two_versions
from shuangbai.core.queries import latest_change
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import open_stations
from shuangbai.network.roles import Permission
from shuangbai.network.views.answers import done
from shuangbai.planning import queries
from shuangbai.planning.access import stations_planned_for
from shuangbai.planning.actions import set_targets
from shuangbai.planning.forms import TargetsForm
from shuangbai.planning.models import Target
from shuangbai.planning.views import FORM, check_reads, form_page
from shuangbai.reports.indicators import BY_CODE

YEARS = 2000, 2200


def asked_year(text: str) -> int:
    """The year in an address; this year where it names none. Raises Http404 for one that no calendar here has."""
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else clock.today().year
    if not YEARS[0] <= year <= YEARS[1]:
        raise Http404
    return year


@require_safe
def target_list(request: SignedIn) -> HttpResponse:
    """年度任务 of every station within reach, by the stations' codes."""
    check_reads(request)
    today = clock.today()
    year = asked_year(request.GET.get("year", ""))
    last = min(today.replace(year=year, month=12, day=31), today)
    reach = OrgUnit.objects.filter(pk__in=stations_planned_for(request.user).order_by().values("pk"))
    stations = list(open_stations(reach, last))
    plans = queries.plans(stations, year, today)
    context = {
        "year": year, "plans": plans, "without": [plan.station for plan in plans if not plan.rows],
        "may_set": viewer_of(request.user).may(Permission.SET_DEMANDS),
        "years": [today.year - 1, today.year, today.year + 1],
    }  # fmt: skip
    return render(request, "planning/targets.html", context)


def _station(request: SignedIn, code: str, year: int) -> OrgUnit:
    """The station, where somebody reads its targets. Raises Http404."""
    asked_year(str(year))
    return get_object_or_404(stations_planned_for(request.user), code=code)


def _crumbs(year: int) -> list[tuple[str, str]]:
    return [(_("年度任务"), f"{reverse('target-list')}?year={year}")]


@require_safe
def target_station(request: SignedIn, code: str, year: int) -> HttpResponse:
    """One station's year: each target with what was done, linked to its list, and the pace."""
    station = _station(request, code, year)
    [plan] = queries.plans([station], year, clock.today())
    changes = changes_of(
        Target, lambda row: BY_CODE[row.code].name if row.code in BY_CODE else row.code,
        silent={"id", "version", "entered_at", "entered_by", "station", "year", "code"}, station=station.pk, year=year,
    )  # fmt: skip
    context = {
        "station": station, "year": year, "plan": plan, "changes": changes,
        "may_set": viewer_of(request.user).reaches(Permission.SET_DEMANDS, station.pk),
        "crumbs": [*_crumbs(year), (station.name, "")],
    }  # fmt: skip
    return render(request, "planning/target_station.html", context)


@require_http_methods(FORM)
def target_set(request: SignedIn, code: str, year: int) -> HttpResponse:
    """定任务: a station's year in one grid."""
    station = _station(request, code, year)
    if not viewer_of(request.user).reaches(Permission.SET_DEMANDS, station.pk):
        raise Http404
    rows = queries.targets_of([station.pk], year).get(station.pk, {})
    form = TargetsForm(request.POST or None, rows=rows)
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"], "numbers": form.numbers()}
        try:
            set_targets(by=request.user, station=station, year=year, **said)
            return done(request, _("已保存"), "target-station", code, year)
        except Refused as refused:
            add_findings(form, refused)
        except Conflict as conflict:
            form.conflict = _both(form, conflict.current, station)  # type: ignore[attr-defined]
    crumbs = [*_crumbs(year), (station.name, reverse("target-station", args=[code, year]))]
    about = _("不定任务的留空。任务只用来看进度和还要多少，不排名、不打分。")
    return form_page(request, form, _("%(year)s 年的任务") % {"year": year}, crumbs, about=about, grid=True)


def _both(form: TargetsForm, rows: Any, station: OrgUnit) -> dict[str, Any]:
    """Both versions of a station's year; the next save goes on top of the one that now stands."""
    both, change = two_versions(form, TargetsForm.plain(rows)), latest_change(station)
    rebase(form, queries.version_of(rows))
    by, at = (change.by_name, change.at) if change else (_("另一位同事"), None)
    return {"rows": both, "theirs_by": by, "theirs_at": at, "conflict": True}
