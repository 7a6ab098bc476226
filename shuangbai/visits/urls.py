"""Addresses of visits."""

from django.urls import path

from shuangbai.visits import views

urlpatterns = [
    path("visits/new", views.visit_new, name="visit-new"),
    path("visits/<uuid:pk>/", views.visit, name="visit"),
    path("visits/<uuid:pk>/correct", views.visit_correct, name="visit-correct"),
]
