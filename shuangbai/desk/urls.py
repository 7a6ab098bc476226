"""Addresses of the composite pages."""

from django.urls import path

from shuangbai.desk.views import doubles, family, first_run, letters, lists, reading, search, setup, sheets, today

urlpatterns = [
    path("", today.today, name="today"),
    path("search", search.search, name="search"),
    path("families/doubles/", doubles.family_doubles, name="family-doubles"),
    path("families/doubles/<uuid:pk>/", doubles.family_double, name="family-double"),
    path("families/export", lists.family_export, name="family-export"),
    path("records/export", lists.record_export, name="record-export"),
    path("volunteers/export", lists.volunteer_export, name="volunteer-export"),
    path("counter/goods/export", lists.goods_export, name="goods-export"),
    path("questionnaires/<uuid:pk>/sheets/export", lists.sheet_export, name="sheet-export"),
    path("families/<uuid:pk>/", family.family, name="family"),
    path("families/<uuid:pk>/openings", reading.openings_page, name="family-openings"),
    path("families/<uuid:pk>/history/<slug:section>", reading.history_page, name="family-history"),
    path("families/<uuid:pk>/sheet", sheets.family_sheet, name="family-sheet"),
    path("people/doubles/", doubles.doubles, name="doubles"),
    path("people/doubles/<uuid:pk>/", doubles.double, name="double"),
    path("people/<uuid:pk>/", family.person, name="person"),
    path("resources/referrals/<uuid:pk>/letter", letters.referral_letter, name="referral-letter"),
    path("setup/", setup.setup, name="setup"),
    path("first-run", first_run.first_run, name="first-run"),
]
