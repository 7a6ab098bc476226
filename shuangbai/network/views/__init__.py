"""The network of stations, and the page that lists role against permission."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.core.charts import Bar, bars, pair
from shuangbai.network.access import units_visible_to, viewer_of
from shuangbai.network.changes import changes_of, fresh
from shuangbai.network.context import SignedIn
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import Coverage, OrgUnit
from shuangbai.network.queries import (
    coverage_of,
    half_years,
    postings_at,
    staff_in_post,
    station_lines,
    villages_by_day,
)
from shuangbai.network.roles import PERMISSION_WORDS, ROLES, Permission
from shuangbai.network.showing import sections_of


@require_safe
def network(request: SignedIn) -> HttpResponse:
    """机构: the tree, the stations by county, and how their coverage grew."""
    units, today = units_visible_to(request.user), clock.today()
    lines = station_lines(units, today)
    opened = min((line.unit.starts_on for line in lines), default=today)
    days = half_years(opened, today)
    grown = villages_by_day(units, days)
    context = {
        "counties": [
            (county or _("其他"), list(rows)) for county, rows in groupby(lines, lambda line: line.unit.county)
        ],
        "stations": sum(line.unit.holds_on(today) for line in lines),
        "staff": staff_in_post(units, today),
        "base": grown[-1][0],
        "around": grown[-1][1],
        "tree": _tree(list(units.order_by("path"))),
        "chart": _growth(days, grown),
    }
    return render(request, "network/network.html", context)


def _tree(units: list[OrgUnit]) -> list[dict[str, object]]:
    """The units above the stations, each with the number of stations below it, and what it belongs to."""
    stations = [unit.path for unit in units if unit.kind == UnitKind.STATION]
    names = {unit.pk: unit.name for unit in units}
    above = [unit for unit in units if unit.kind not in (UnitKind.STATION, UnitKind.POINT)]
    return [
        {
            "unit": unit,
            "stations": sum(path.startswith(unit.path) for path in stations),
            "parent": names.get(unit.parent_id, "") if unit.parent_id else "",
        }
        for unit in above
    ]


def _growth(days: list, grown: list[tuple[int, int]]) -> str:
    items = [
        Bar(f"{day:%Y}年底" if day.month == 12 else f"{day:%Y}年{day.month}月", counts)
        for day, counts in zip(days, grown, strict=True)
    ]
    return pair(
        bars, items, title=_("服务的村居"), series=(_("驻村重点"), _("周边覆盖")), unit=_("个"), horizontal=False,
        stacked=True, heading=False,
    )  # fmt: skip


@require_safe
def station(request: SignedIn, code: str) -> HttpResponse:
    """一个社工站: its villages and its people, with dates; those of the past are folded."""
    stations = units_visible_to(request.user).filter(kind=UnitKind.STATION)
    unit = get_object_or_404(stations.select_related("county", "town", "parent"), code=code)
    today = clock.today()
    coverage, postings = list(coverage_of(unit.pk)), list(postings_at(unit.pk))
    manages = viewer_of(request.user).may(Permission.MANAGE_NETWORK)
    context = {
        "unit": unit,
        "coverage": [row for row in coverage if row.ends_on is None or row.ends_on >= today],
        "past_coverage": [row for row in coverage if row.ends_on and row.ends_on < today],
        "postings": [row for row in postings if row.ends_on is None or row.ends_on >= today],
        "past_postings": [row for row in postings if row.ends_on and row.ends_on < today],
        "manages": manages,
        "sections": sections_of(request.user, unit),
        "fresh": fresh(changes_of(Coverage, station=unit.pk), today) if manages else (),
    }
    return render(request, "network/station.html", context)


@require_safe
def roles(request: SignedIn) -> HttpResponse:
    """角色与权限: one table for everybody to read."""
    rows = [
        (words, [(role.label, permission in spec.permissions) for role, spec in ROLES.items()])
        for permission, words in PERMISSION_WORDS.items()
    ]
    held = viewer_of(request.user).held
    return render(request, "network/roles.html", {"roles": ROLES.items(), "rows": rows, "held": held})
