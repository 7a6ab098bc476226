"""Addresses: lists of calls, the week's plan, safety."""

from django.urls import path

from shuangbai.rounds.views import calls, safety, week

urlpatterns = [
    path("rounds/week/", week.week_plan, name="week-plan"),
    path("rounds/week/print", week.week_print, name="week-plan-print"),
    path("rounds/calls/", calls.calls, name="calls"),
    path("rounds/calls/new", calls.call_new, name="call-new"),
    path("rounds/calls/<uuid:pk>/", calls.call_list, name="call-list"),
    path("rounds/calls/<uuid:pk>/result", calls.call_result, name="call-result"),
    path("rounds/safety/<uuid:pk>/", safety.safety, name="safety"),
    path("rounds/safety/<uuid:pk>/end", safety.safety_end, name="safety-end"),
]
