"""Addresses: who is to be seen next, and why."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
