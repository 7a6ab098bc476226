from django.urls import path

from shuangbai.ledgers import views

urlpatterns = [
    path("ledgers/", views.ledgers, name="ledger-list"),
    path("ledgers/<uuid:pk>/", views.ledger, name="ledger"),
    path("ledgers/<uuid:pk>/columns", views.ledger_columns, name="ledger-columns"),
    path("ledgers/<uuid:pk>/rows", views.ledger_rows, name="ledger-rows"),
    path("ledgers/<uuid:pk>/bring", views.ledger_bring, name="ledger-bring"),
    path("ledgers/<uuid:pk>/state", views.ledger_state, name="ledger-state"),
    path("ledgers/<uuid:pk>/undo", views.ledger_undo, name="ledger-undo"),
    path("ledgers/<uuid:pk>/returned", views.ledger_returned, name="ledger-returned"),
    path("ledgers/<uuid:pk>/drop", views.ledger_drop, name="ledger-drop"),
    path("ledgers/rows/<uuid:pk>/", views.ledger_row, name="ledger-row"),
    path("ledgers/dealt/", views.dealings, name="dealing-list"),
    path("ledgers/dealt/<uuid:pk>/", views.dealing, name="dealing"),
    path("ledgers/dealt/<uuid:pk>/deal", views.dealing_deal, name="dealing-deal"),
    path("ledgers/dealt/<uuid:pk>/state", views.dealing_state, name="dealing-state"),
    path("ledgers/dealt/<uuid:pk>/back", views.dealing_back, name="dealing-back"),
    path("ledgers/dealt/<uuid:pk>/drop", views.dealing_drop, name="dealing-drop"),
]
