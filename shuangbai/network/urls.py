"""Addresses of the network."""

from django.urls import path

from shuangbai.network import views
from shuangbai.network.views import people, places, units

urlpatterns = [
    path("network/", views.network, name="network"),
    path("network/roles/", views.roles, name="roles"),
    path("network/stations/<str:code>/", views.station, name="station"),
    # SETTING UP
    path("network/areas/", places.area_list, name="area-list"),
    path("network/areas/<int:pk>/", places.area, name="area"),
    path("network/areas/<int:pk>/add", places.area_add, name="area-add"),
    path("network/areas/<int:pk>/rename", places.area_rename, name="area-rename"),
    path("network/areas/<int:pk>/end", places.area_end, name="area-end"),
    path("network/areas/<int:pk>/villages", places.area_villages, name="area-villages"),
    path("network/areas/<int:pk>/alias", places.area_alias, name="area-alias"),
    path("network/areas/<int:pk>/code", places.area_code, name="area-code"),
    path("network/aliases/<int:pk>/remove", places.alias_remove, name="alias-remove"),
    path("network/codes/<int:pk>/end", places.code_end, name="area-code-end"),
    path("network/units/", units.unit_list, name="unit-list"),
    path("network/units/<str:code>/", units.unit, name="unit"),
    path("network/units/<str:code>/new/<str:kind>", units.unit_new, name="unit-new"),
    path("network/units/<str:code>/edit", units.unit_edit, name="unit-edit"),
    path("network/units/<str:code>/move", units.unit_move, name="unit-move"),
    path("network/units/<str:code>/close", units.unit_close, name="unit-close"),
    path("network/units/<str:code>/reopen", units.unit_reopen, name="unit-reopen"),
    path("network/units/<str:code>/take-back", units.unit_take_back, name="unit-take-back"),
    path("network/units/<str:code>/villages", units.cover, name="cover"),
    path("network/coverage/<int:pk>/end", units.cover_end, name="cover-end"),
    path("network/coverage/<int:pk>/take-back", units.cover_take_back, name="cover-take-back"),
    path("network/staff/", people.staff_list, name="staff-list"),
    path("network/staff/new", people.staff_new, name="staff-new"),
    path("network/staff/paste", people.staff_paste, name="staff-paste"),
    path("network/staff/<uuid:pk>/", people.staff, name="staff"),
    path("network/staff/<uuid:pk>/edit", people.staff_edit, name="staff-edit"),
    path("network/staff/<uuid:pk>/post", people.staff_post, name="staff-post"),
    path("network/staff/<uuid:pk>/leave", people.staff_leave, name="staff-leave"),
    path("network/staff/<uuid:pk>/return", people.staff_return, name="staff-return"),
    path("network/postings/<int:pk>/edit", people.posting_edit, name="posting-edit"),
    path("network/postings/<int:pk>/transfer", people.posting_transfer, name="posting-transfer"),
    path("network/postings/<int:pk>/take-back", people.posting_take_back, name="posting-take-back"),
]
