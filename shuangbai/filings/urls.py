from django.urls import path

from shuangbai.filings import views

urlpatterns = [
    path("filings/", views.filings, name="filing-list"),
    path("filings/new", views.filing_new, name="filing-new"),
    path("filings/<uuid:pk>/", views.filing, name="filing"),
    path("filings/<uuid:pk>/step", views.filing_step, name="filing-step"),
    path("filings/<uuid:pk>/state", views.filing_state, name="filing-state"),
    path("filings/<uuid:pk>/proof", views.filing_proof, name="filing-proof"),
    path("filings/<uuid:pk>/paper", views.filing_paper, name="filing-paper"),
    path("r/<slug:code>", views.filing_by_code, name="filing-by-code"),
]
