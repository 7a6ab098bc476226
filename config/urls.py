"""Every address, room by room."""

from django.urls import include, path

urlpatterns = [
    path("", include("shuangbai.desk.urls")),
    path("", include("shuangbai.filings.urls")),
    path("", include("shuangbai.planning.urls")),
    path("", include("shuangbai.reports.urls")),
    path("", include("shuangbai.lives.urls")),
    path("", include("shuangbai.rounds.urls")),
    path("", include("shuangbai.followups.urls")),
    path("", include("shuangbai.dossier.urls")),
    path("", include("shuangbai.visits.urls")),
    path("", include("shuangbai.activities.urls")),
    path("", include("shuangbai.services.urls")),
    path("", include("shuangbai.households.urls")),
    path("", include("shuangbai.upkeep.urls")),
    path("", include("shuangbai.feedback.urls")),
    path("", include("shuangbai.codes.urls")),
    path("", include("shuangbai.accounts.urls")),
    path("", include("shuangbai.network.urls")),
    path("", include("shuangbai.core.urls")),
]

handler400 = "shuangbai.core.views.bad_request"
handler500 = "shuangbai.core.views.server_error"
