"""Addresses of upkeep."""

from django.urls import path

from shuangbai.upkeep.views import system as views
from shuangbai.upkeep.views import trail

urlpatterns = [
    path("system/doctor/", views.checkup_page, name="checkup"),
    path("system/doctor/start", views.checkup_start, name="checkup-start"),
    path("system/backups/", views.backups_page, name="backups"),
    path("system/backups/start", views.backup_start, name="backup-start"),
    path("system/keys/", views.keys_page, name="keys"),
    path("system/keys/change", views.key_change, name="key-change"),
    path("trail/", trail.trail_list, name="trail"),
    path("trail/chain/", trail.chain_page, name="trail-chain"),
    path("trail/chain/verify", trail.chain_verify, name="trail-verify"),
    path("trail/openings/", trail.openings_page, name="trail-openings"),
    path("trail/alerts/<uuid:pk>/", trail.alert_page, name="trail-alert"),
    path("trail/<uuid:pk>/", trail.trail_event, name="trail-event"),
    path("system/keys/continue", views.key_continue, name="key-continue"),
]
