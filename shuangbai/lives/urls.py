"""Addresses: what changes in lives, what changes hands, who is forgotten."""

from django.urls import path

from shuangbai.lives.views import changes, erasing, handover, hints

urlpatterns = [
    path("families/<uuid:pk>/changes/", changes.changes, name="changes"),
    path("families/<uuid:pk>/changes/<slug:kind>", changes.change_new, name="change-new"),
    path("families/changes/<uuid:pk>", changes.change, name="change"),
    path("families/changes/<uuid:pk>/undo", changes.change_undo, name="change-undo"),
    path("families/<uuid:pk>/hints/", hints.family_hints, name="family-hints"),
    path("families/<uuid:pk>/hints/<uuid:person>/<slug:helper>", hints.hint_ask, name="hint-ask"),
    path("handover/", handover.handovers, name="handover-list"),
    path("handover/of/<uuid:staff>", handover.handover_new, name="handover-new"),
    path("handover/<uuid:pk>", handover.handover, name="handover"),
    path("handover/<uuid:pk>/answer", handover.handover_answer, name="handover-answer"),
    path("people/<uuid:pk>/erasure", erasing.erasure_ask, name="erasure-ask"),
    path("volunteers/<uuid:pk>/erasure", erasing.volunteer_erasure, name="volunteer-erasure"),
    path("erasures/", erasing.erasures, name="erasure-list"),
    path("erasures/<uuid:pk>", erasing.erasure, name="erasure"),
    path("erasures/<uuid:pk>/decide", erasing.erasure_decide, name="erasure-decide"),
    path("retention/", erasing.retention, name="retention"),
    path("setup/retention/", erasing.retention_rule, name="retention-rule"),
]
