"""Addresses of visits."""

from django.urls import path

from shuangbai.visits import views
from shuangbai.visits.views import drafts, evening

urlpatterns = [
    path("visits/new", views.visit_new, name="visit-new"),
    path("visits/draft", drafts.visit_draft, name="visit-draft"),
    path("visits/draft/drop", drafts.visit_draft_drop, name="visit-draft-drop"),
    path("visits/evening", evening.evening, name="evening"),
    path("visits/many/draft", drafts.grid_draft, name="grid-draft"),
    path("visits/many/draft/drop", drafts.grid_draft_drop, name="grid-draft-drop"),
    path("visits/evening/row", evening.evening_row, name="evening-row"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/correct", views.visit_correct, name="visit-correct"),
]
