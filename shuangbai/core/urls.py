"""Addresses that belong to no room."""

from django.urls import path

from shuangbai.core import views

urlpatterns = [path("textsize", views.textsize, name="textsize")]
