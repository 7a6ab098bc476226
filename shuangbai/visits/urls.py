"""Addresses of visits."""

from django.urls import path

from shuangbai.visits import views
from shuangbai.visits.views import evening

urlpatterns = [
    path("visits/new", views.visit_new, name="visit-new"),
    path("visits/evening", evening.evening, name="evening"),
    path("visits/evening/row", evening.evening_row, name="evening-row"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/correct", views.visit_correct, name="visit-correct"),
]
