"""Addresses: what is known of a family over the years."""

from django.urls import path

from shuangbai.dossier import views

urlpatterns = [
    path("families/<uuid:pk>/dossier/<slug:part>/", views.part_history, name="dossier-history"),
    path("families/<uuid:pk>/dossier/<slug:part>/new", views.part_new, name="dossier-new"),
    path("families/<uuid:pk>/dossier/<slug:part>/<uuid:row>/edit", views.part_edit, name="dossier-edit"),
    path("families/<uuid:pk>/dossier/<slug:part>/<uuid:row>/void", views.part_void, name="dossier-void"),
    path("families/<uuid:pk>/people/<uuid:person>/sheet", views.sheet, name="dossier-sheet"),
    path("families/<uuid:pk>/attachments/<uuid:row>/open", views.attachment_open, name="attachment-open"),
    path("families/<uuid:pk>/dossier-unmask", views.unmask, name="dossier-unmask"),
]
