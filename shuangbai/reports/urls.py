from django.urls import path

from shuangbai.reports import views

urlpatterns = [
    path("reports/results/", views.results_page, name="results"),
    path("reports/definitions/", views.definitions, name="definitions"),
    path("reports/evidence/<slug:code>/", views.evidence_page, name="evidence"),
]
