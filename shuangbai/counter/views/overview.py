"""站里的小事: one page from which everything here is reached."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.counter.queries import checks_due, figures_of, latest
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names


@require_safe
def small_things(request: SignedIn) -> HttpResponse:
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_RECORDS):
        raise Http404
    stations, day = viewer.station_ids(Permission.SEE_RECORDS), clock.today()
    mine = viewer.home_station
    context = {
        "station": mine, "day": day, "month": f"{day:%Y-%m}", "may_record": mine is not None,
        "due": checks_due(mine, day) if mine else [],
        "told": figures_of(stations, day.replace(day=1), day),
        "rows": latest(stations, names=sees_names(request.user), several=len(stations) > 1),
    }  # fmt: skip
    return render(request, "counter/small_things.html", context)
