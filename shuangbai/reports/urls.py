from django.urls import path

from shuangbai.reports.views import casework, number, results, tables

urlpatterns = [
    path("reports/results/", results.results_page, name="results"),
    path("reports/results/pdf", results.results_pdf, name="results-pdf"),
    path("reports/files/<uuid:pk>/", results.results_file, name="results-file"),
    path("reports/files/<uuid:pk>/download", results.results_download, name="results-download"),
    path("reports/rates/", results.rates_page, name="rates"),
    path("reports/definitions/", results.definitions, name="definitions"),
    path("reports/evidence/<slug:code>/", results.evidence_page, name="evidence"),
    path("reports/cases/", casework.case_figures, name="case-figures"),
    path("reports/cases/<slug:code>/", casework.case_evidence, name="case-evidence"),
    path("reports/number/", number.number_page, name="number"),
    path("reports/number/suggest", number.figure_suggest, name="figure-suggest"),
    path("reports/compare/", number.compare_page, name="compare"),
    path("reports/tables/", tables.tables_page, name="tables"),
    path("reports/tables/save", tables.table_save, name="table-save"),
    path("reports/tables/export", tables.table_export, name="table-export"),
    path("reports/tables/<uuid:pk>/", tables.table_page, name="table"),
    path("reports/tables/<uuid:pk>/change", tables.table_change, name="table-change"),
    path("reports/tables/<uuid:pk>/delete", tables.table_delete, name="table-delete"),
]
