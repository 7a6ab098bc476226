"""Addresses: what is known of a family over the years."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
