"""Finding anything."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.desk import queries
from shuangbai.households.access import households_visible_to, households_within
from shuangbai.households.doubles import entries_of, once
from shuangbai.households.queries import (
    by_place,
    family_lines,
    find_households,
)
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.upkeep.rules import SEARCHES

SHOWN = 20


@require_safe
def search(request: SignedIn) -> HttpResponse:
    """查找: families by what one knows of them, and records by their words."""
    viewer, words = viewer_of(request.user), request.GET.get("q", "").strip()[:40]
    if not (viewer.may(Permission.SEE_FAMILIES) or viewer.may(Permission.SEE_RECORDS)):
        raise Http404
    context: dict[str, Any] = {"q": words, "searchable": queries.searchable(words)}
    if words:
        SEARCHES.count(request.user.pk)
    if words and viewer.may(Permission.SEE_FAMILIES):
        stations = viewer.station_ids(Permission.SEE_FAMILIES)
        found = find_households(households_within(request.user), stations, words)
        rows = list(by_place(once(found, households_visible_to(request.user)))[: SHOWN + 1])
        sees, entries = viewer.may(Permission.SEE_NAMES), entries_of(request.user, rows)
        context["families"] = family_lines(rows[:SHOWN], clock.today(), sees_names=sees, entries=entries)
        context["more_families"] = len(rows) > SHOWN
    if context["searchable"]:
        stations = viewer.station_ids(Permission.SEE_RECORDS)
        context["records"] = queries.records_with(request.user, words, stations, SHOWN)
    return render(request, "desk/search.html", context)
