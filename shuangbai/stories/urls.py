"""Addresses of stories and prizes."""

from django.urls import path

from shuangbai.stories.views import awards, reading, writing

urlpatterns = [
    path("stories/", reading.story_list, name="story-list"),
    path("stories/new", writing.story_new, name="story-new"),
    path("stories/<uuid:pk>/", reading.story, name="story"),
    path("stories/<uuid:pk>/take", reading.story_take, name="story-take"),
    path("stories/<uuid:pk>/edit", writing.story_edit, name="story-edit"),
    path("stories/<uuid:pk>/decide", writing.story_decide, name="story-decide"),
    path("stories/<uuid:pk>/words", writing.story_words, name="story-words"),
    path("stories/<uuid:pk>/step", writing.story_step, name="story-step"),
    path("stories/<uuid:pk>/consent", writing.story_consent, name="story-consent"),
    path("stories/<uuid:pk>/consent/<uuid:row>/withdraw", writing.consent_withdraw, name="story-consent-withdraw"),
    path("stories/<uuid:pk>/consent/<uuid:row>/paper", writing.consent_paper, name="story-consent-paper"),
    path("awards/", awards.award_list, name="award-list"),
    path("awards/new", awards.award_new, name="award-new"),
    path("awards/<uuid:pk>/", awards.award, name="award"),
    path("awards/<uuid:pk>/edit", awards.award_edit, name="award-edit"),
    path("awards/<uuid:pk>/void", awards.award_void, name="award-void"),
    path("awards/<uuid:pk>/certificate", awards.award_certificate, name="award-certificate"),
]
