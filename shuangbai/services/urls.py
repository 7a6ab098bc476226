"""Addresses of the records of every kind."""

from django.urls import path

from shuangbai.services import views

urlpatterns = [
    path("records/", views.record_list, name="record-list"),
    path("records/<uuid:pk>/", views.record, name="record"),
    path("records/<uuid:pk>/void", views.record_void, name="record-void"),
]
