"""Addresses of the composite pages."""

from django.urls import path

from shuangbai.desk import views
from shuangbai.desk.views import first_run, setup

urlpatterns = [
    path("", views.today, name="today"),
    path("search", views.search, name="search"),
    path("families/<uuid:pk>/", views.family, name="family"),
    path("people/<uuid:pk>/", views.person, name="person"),
    path("setup/", setup.setup, name="setup"),
    path("first-run", first_run.first_run, name="first-run"),
]
