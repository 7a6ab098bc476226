"""Addresses of what is asked of stations: balances, targets, the catalogue of forms."""

from django.urls import path

from shuangbai.planning.views import balances, demands, targets

urlpatterns = [
    path("reports/balances/", balances.balance_list, name="balance-list"),
    path("reports/balances/new", balances.balance_new, name="balance-new"),
    path("reports/balances/<uuid:pk>/", balances.balance, name="balance"),
    path("reports/balances/<uuid:pk>/correct", balances.balance_correct, name="balance-correct"),
    path("reports/balances/<uuid:pk>/void", balances.balance_void, name="balance-void"),
    path("reports/targets/", targets.target_list, name="target-list"),
    path("reports/targets/<slug:code>/<int:year>/", targets.target_station, name="target-station"),
    path("reports/targets/<slug:code>/<int:year>/set", targets.target_set, name="target-set"),
    path("reports/forms/", demands.demand_list, name="demand-list"),
    path("reports/forms/new", demands.demand_new, name="demand-new"),
    path("reports/forms/report", demands.demand_report, name="demand-report"),
    path("reports/forms/reported/<uuid:pk>/decline", demands.demand_decline, name="demand-decline"),
    path("reports/forms/reported/<uuid:pk>/withdraw", demands.demand_withdraw, name="demand-withdraw"),
    path("reports/forms/<uuid:pk>/", demands.demand, name="demand"),
    path("reports/forms/<uuid:pk>/edit", demands.demand_edit, name="demand-edit"),
    path("reports/forms/<uuid:pk>/end", demands.demand_end, name="demand-end"),
    path("reports/forms/<uuid:pk>/resume", demands.demand_resume, name="demand-resume"),
]
