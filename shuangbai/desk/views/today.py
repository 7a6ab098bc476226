"""今日: what a worker does next, what a station looks like, what a role is for."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.desk import queries
from shuangbai.feedback.access import may_answer
from shuangbai.feedback.queries import answered_for, waiting_count
from shuangbai.households.access import households_visible_to
from shuangbai.network.access import Viewer, viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import PERMISSION_WORDS, ROLES, Permission
from shuangbai.upkeep.trail import alerts_waiting

SHOWN = 10
GREETINGS = [(5, "夜深了"), (9, "早上好"), (12, "上午好"), (14, "中午好"), (18, "下午好"), (24, "晚上好")]


@require_safe
def today(request: SignedIn) -> HttpResponse:
    """今日: what a worker does next, what a station looks like, or what one's role is for."""
    viewer, now = viewer_of(request.user), clock.now()
    context: dict[str, Any] = {
        "greeting": next(words for hour, words in GREETINGS if now.hour < hour),
        "day": now.date(),
        "station": viewer.home_station,
        "held": [(one, ROLES[one.role].does) for one in viewer.held],
        "answered": list(answered_for(request.user)),
        "waiting": waiting_count() if may_answer(request.user) else 0,
    }
    if viewer.home_station and request.user.staff_id:
        context |= worker_day(request, viewer.home_station, request.user.staff_id)
    if viewer.may(Permission.SEE_REPORTS) and (not viewer.home_station or viewer.may(Permission.VOID_ANY_RECORD)):
        context |= overview(viewer)
    if "due" not in context and "glances" not in context:
        given = {permission for one in viewer.held for permission in one.permissions}
        context["given"] = [words for permission, words in PERMISSION_WORDS.items() if permission in given]
        context["reads_network"] = viewer.may(Permission.SEE_NETWORK)
    if viewer.may(Permission.READ_TRAIL):
        context |= {"reads_trail": True, "alerts": list(alerts_waiting()[:5])}
    return render(request, "desk/today.html", context)


def worker_day(request: SignedIn, station: OrgUnit, me: UUID) -> dict[str, Any]:
    """A worker's own families, dates and records."""
    day = clock.today()
    due, count = queries.families_due(households_visible_to(request.user), me, day, SHOWN)
    return {
        "due": due,
        "due_count": count,
        "all_url": f"{reverse('family-list')}?worker={me}",
        "dates": queries.dates_due(me, day, SHOWN),
        "latest": queries.happenings(request.user, queries.latest_of(request.user, station.pk, me, 5)),
    }


def overview(viewer: Viewer) -> dict[str, Any]:
    """The stations in somebody's scope, each with a way into its report."""
    day = clock.today()
    ids = viewer.station_ids(Permission.SEE_REPORTS)
    stations = OrgUnit.objects.filter(pk__in=ids).select_related("county").order_by("path")
    units = viewer.units(Permission.SEE_REPORTS)
    return {"glances": queries.glances(list(stations), day), "scopes": units}
