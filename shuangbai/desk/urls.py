"""Addresses of the composite pages."""

from django.urls import path

from shuangbai.desk import views

urlpatterns = [
    path("", views.today, name="today"),
    path("search", views.search, name="search"),
    path("families/<uuid:pk>/", views.family, name="family"),
    path("people/<uuid:pk>/", views.person, name="person"),
]
