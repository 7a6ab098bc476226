"""Addresses: lists of calls, the week's plan, safety."""

from django.urls import path

from shuangbai.rounds.views import calls

urlpatterns = [
    path("rounds/calls/", calls.calls, name="calls"),
    path("rounds/calls/new", calls.call_new, name="call-new"),
    path("rounds/calls/<uuid:pk>/", calls.call_list, name="call-list"),
    path("rounds/calls/<uuid:pk>/result", calls.call_result, name="call-result"),
]
