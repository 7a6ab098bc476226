from django.urls import path

from shuangbai.reports import views

urlpatterns = [
    path("reports/results/", views.results_page, name="results"),
    path("reports/results/pdf", views.results_pdf, name="results-pdf"),
    path("reports/files/<uuid:pk>/", views.results_file, name="results-file"),
    path("reports/files/<uuid:pk>/download", views.results_download, name="results-download"),
    path("reports/rates/", views.rates_page, name="rates"),
    path("reports/definitions/", views.definitions, name="definitions"),
    path("reports/evidence/<slug:code>/", views.evidence_page, name="evidence"),
]
