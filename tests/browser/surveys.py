"""Pages of surveys for the pictures: what is asked of the served city, and which address as whom."""

IDS = """
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
asked = Questionnaire.objects.filter(state="published").order_by("published_on").first()
surveys = Survey.objects.filter(station=asked.owner).order_by("village", "last_on")
answer |= {
    "survey": str(surveys[1].pk), "survey_before": str(surveys[0].pk), "surveyed": str(surveys[1].village_id),
    "questionnaire": str(asked.pk),
}
"""
PAGES: dict[str, tuple[str, str]] = {
    "surveys": ("supervisor", "/surveys/"),
    "survey": ("supervisor", "/surveys/{survey}/"),
    "survey-officer": ("officer", "/surveys/{survey}/"),
    "survey-compare": ("supervisor", "/surveys/compare?a={survey_before}&b={survey}"),
    "survey-new": ("worker", "/surveys/new"),
    "villages": ("supervisor", "/villages/"),
    "village": ("supervisor", "/villages/{surveyed}/"),
    "questionnaires": ("worker", "/questionnaires/"),
    "questionnaire": ("supervisor", "/questionnaires/{questionnaire}/"),
    "questionnaire-new": ("worker", "/questionnaires/new"),
    "questionnaire-export": ("worker", "/questionnaires/{questionnaire}/sheets/export"),
    "questionnaire-results": ("officer", "/questionnaires/{questionnaire}/results"),
}
