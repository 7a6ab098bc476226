"""Every address, room by room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

handler500 = "shuangbai.core.views.went_wrong"

urlpatterns = [
    path("", include("shuangbai.desk.urls")),
    path("", include("shuangbai.reports.urls")),
    path("", include("shuangbai.visits.urls")),
    path("", include("shuangbai.activities.urls")),
    path("", include("shuangbai.services.urls")),
    path("", include("shuangbai.households.urls")),
    path("", include("shuangbai.upkeep.urls")),
    path("", include("shuangbai.network.urls")),
    path("", include("shuangbai.core.urls")),
]


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: the page was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)
