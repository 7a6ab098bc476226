"""Addresses of scales."""

from django.urls import path

from shuangbai.scales import views

urlpatterns = [
    path("scales/", views.scale_list, name="scale-list"),
    path("scales/new", views.scale_new, name="scale-new"),
    path("scales/<slug:code>/", views.scale, name="scale"),
    path("scales/<slug:code>/change", views.scale_change, name="scale-change"),
    path("scales/<slug:code>/end", views.scale_end, name="scale-end"),
]
