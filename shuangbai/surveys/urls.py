"""Addresses of villages surveyed, their profiles, and questionnaires."""

from django.urls import path

from shuangbai.surveys.views import asking, sheets, surveys, villages

urlpatterns = [
    path("surveys/", surveys.survey_list, name="survey-list"),
    path("surveys/new", surveys.survey_new, name="survey-new"),
    path("surveys/compare", surveys.survey_compare, name="survey-compare"),
    path("surveys/<uuid:pk>/", surveys.survey, name="survey"),
    path("surveys/<uuid:pk>/edit", surveys.survey_edit, name="survey-edit"),
    path("surveys/<uuid:pk>/void", surveys.survey_void, name="survey-void"),
    path("surveys/<uuid:pk>/pdf", surveys.survey_pdf, name="survey-pdf"),
    path("questionnaires/", asking.questionnaire_list, name="questionnaire-list"),
    path("questionnaires/new", asking.questionnaire_new, name="questionnaire-new"),
    path("questionnaires/<uuid:pk>/", asking.questionnaire, name="questionnaire"),
    path("questionnaires/<uuid:pk>/edit", asking.questionnaire_edit, name="questionnaire-edit"),
    path("questionnaires/<uuid:pk>/move", asking.questionnaire_move, name="questionnaire-move"),
    path("questionnaires/<uuid:pk>/revise", asking.questionnaire_revise, name="questionnaire-revise"),
    path("questionnaires/<uuid:pk>/results", asking.questionnaire_results, name="questionnaire-results"),
    path("questionnaires/<uuid:pk>/sheets/", sheets.sheet_list, name="sheet-list"),
    path("questionnaires/<uuid:pk>/sheets/new", sheets.sheet_new, name="sheet-new"),
    path("questionnaires/sheets/<uuid:pk>/", sheets.sheet_edit, name="sheet-edit"),
    path("questionnaires/sheets/<uuid:pk>/void", sheets.sheet_void, name="sheet-void"),
    path("villages/", villages.village_list, name="village-list"),
    path("villages/<int:pk>/", villages.village, name="village"),
]
