"""Addresses of the network."""

from django.urls import path

from shuangbai.network import views

urlpatterns = [
    path("network/", views.network, name="network"),
    path("network/roles/", views.roles, name="roles"),
    path("network/stations/<str:code>/", views.station, name="station"),
]
