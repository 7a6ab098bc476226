"""Pages of villages: the list, and the profile: a survey's numbers beside what the records know."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.core.charts import Bar, bars, pair
from shuangbai.households.views import not_found_unless
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import Area
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names
from shuangbai.surveys import queries
from shuangbai.surveys.access import surveys_visible_to, villages_visible_to
from shuangbai.surveys.enums import Kind
from shuangbai.surveys.views import WORDS, answered

DRAWN = 8  # categories in the drawing; the list has them all


@require_safe
def village_list(request: SignedIn) -> HttpResponse:
    """村居: those that the stations within reach cover, with their families on file and their last survey."""
    viewer, today = viewer_of(request.user), clock.today()
    not_found_unless(viewer.may(Permission.SEE_RECORDS))
    words = request.GET.get("q", "").replace("\0", "")[:20].strip()
    villages = villages_visible_to(request.user)
    if words:
        villages = villages.filter(name__contains=words)
    reach = viewer.reach(Permission.SEE_RECORDS)
    lines = queries.village_lines(villages, surveys_visible_to(request.user), reach, today)
    context = {"lines": lines, "q": words, "surveyed": sum(one.surveyed_on is not None for one in lines)}
    return render(request, "surveys/villages.html", context)


@require_safe
def village(request: SignedIn, pk: int) -> HttpResponse:
    """One village on one page; without a survey it shows what the records know."""
    found = get_object_or_404(villages_visible_to(request.user).select_related("parent__parent"), pk=pk)
    viewer, today = viewer_of(request.user), clock.today()
    reach, first = viewer.reach(Permission.SEE_RECORDS), date(today.year, 1, 1)
    surveys = list(queries.listed(surveys_visible_to(request.user), village=pk)[:10])
    latest, known = (surveys[0] if surveys else None), queries.known_of(found, reach, today)
    rows = queries.beside(latest, known)
    context = {
        "village": found, "crumbs": [(_("村居"), reverse("village-list")), (found.short_name, "")], "today": today,
        "latest": latest, "surveys": surveys, "known": known, "rows": rows, "first": first,
        "done": figures(request, found, queries.done_in(found, reach, first, today), first, today),
        "helpers": queries.helpers_in(found, reach, today), "charts": drawings(known, rows),
        "said": said_of(request, latest), "families_url": families_url(viewer, found),
        "new_url": f"{reverse('survey-new')}?village={pk}" if viewer.home_station else "",
        "stations": list(queries.stations_of(found, reach, today)),
    }  # fmt: skip
    return render(request, "surveys/village.html", context)


def families_url(viewer: Any, village: Area) -> str:
    """The list of the village's families on file, for whoever may open families."""
    if not viewer.may(Permission.SEE_FAMILIES):
        return ""
    return f"{reverse('family-list')}?village={village.pk}&file=yes"


def figures(request: SignedIn, village: Area, done: queries.Done, first: date, last: date) -> list[dict[str, Any]]:
    """What was done in the village this year, each number a link to its list in the reports."""
    units = viewer_of(request.user).units(Permission.SEE_REPORTS)
    asked = {"first": first, "last": last, "scope": units[0].code if units else "", "village": village.pk}
    told = (
        ("V1", _("走访"), done.visits, _("户次")), ("V2", _("走访到的家庭"), done.met, _("户")),
        ("A1", _("社区活动"), done.activities, _("场")), ("G2", _("小组"), done.sessions, _("节")),
    )  # fmt: skip
    return [
        {"code": code, "name": name, "value": value, "unit": unit,
         "url": f"{reverse('evidence', args=[code])}?{urlencode(asked)}" if units else ""}
        for code, name, value, unit in told
    ]  # fmt: skip


def drawings(known: queries.Known, rows: list[queries.Beside]) -> list[Any]:
    """The survey's numbers beside those of the files; families by category."""
    found = []
    both = [
        Bar(one.field.name, [one.surveyed, one.known])
        for one in rows
        if one.surveyed is not None and one.field.code != "households"
    ]
    if both:
        found.append(pair(bars, both, title=_("调研与档案"), unit=_("人"), series=[_("调研"), _("档案里")]))
    categories = [Bar(category.name, [families]) for category, families, _people in known.by_category[:DRAWN]]
    if categories:
        found.append(pair(bars, categories, title=_("在档家庭的类别"), unit=_("户")))
    return found


def said_of(request: SignedIn, latest: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    """What the last survey says beside numbers of people; its texts for whoever may read names."""
    if latest is None:
        return []
    words = WORDS if sees_names(request.user) else ()
    return answered(latest.answers, (Kind.NUMBER, Kind.SEVERAL, *words))
