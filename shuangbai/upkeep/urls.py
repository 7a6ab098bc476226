"""Addresses of upkeep."""

from django.urls import path

from shuangbai.upkeep import views

urlpatterns = [
    path("system/doctor/", views.checkup_page, name="checkup"),
    path("system/doctor/start", views.checkup_start, name="checkup-start"),
    path("system/backups/", views.backups_page, name="backups"),
    path("system/backups/start", views.backup_start, name="backup-start"),
    path("system/keys/", views.keys_page, name="keys"),
    path("system/keys/change", views.key_change, name="key-change"),
    path("system/keys/continue", views.key_continue, name="key-continue"),
]
