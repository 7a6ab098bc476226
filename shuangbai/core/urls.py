"""Addresses that belong to no room."""

from django.urls import path

from shuangbai.core import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("ready", views.ready, name="ready"),
    path("textsize", views.textsize, name="textsize"),
]
