"""Addresses of signing in and of the network."""

from django.urls import path

from shuangbai.network import views

urlpatterns = [
    path("signin", views.signin, name="signin"),
    path("signout", views.signout, name="signout"),
    path("network/", views.network, name="network"),
    path("network/roles/", views.roles, name="roles"),
    path("network/stations/<str:code>/", views.station, name="station"),
]
