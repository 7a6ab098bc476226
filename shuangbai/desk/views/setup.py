"""设置: what a city that starts still lacks, and every page of setting up that the viewer may open."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.desk.beginnings import beginnings, setup_pages
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SETS_UP, SignedIn
from shuangbai.network.roles import Permission


@require_safe
def setup(request: SignedIn) -> HttpResponse:
    """设置."""
    viewer = viewer_of(request.user)
    if not any(map(viewer.may, SETS_UP)):
        raise Http404
    starts = viewer.may(Permission.MANAGE_NETWORK) or viewer.may(Permission.MANAGE_CODES)
    tasks = beginnings(viewer, clock.today()) if starts else []
    context = {
        "rooms": setup_pages(viewer),
        "tasks": tasks,
        "missing": sum(not task.done for task in tasks),
    }
    return render(request, "desk/setup.html", context)
