"""Addresses of what is said about the system."""

from django.urls import path

from shuangbai.feedback import views

urlpatterns = [
    path("feedback/", views.feedback_own, name="feedback-own"),
    path("feedback/new", views.feedback_new, name="feedback-new"),
    path("feedback/asks/", views.feedback_asks, name="feedback-asks"),
    path("feedback/<uuid:pk>/", views.feedback, name="feedback"),
    path("feedback/<uuid:pk>/answer", views.feedback_answer, name="feedback-answer"),
    path("feedback/<uuid:pk>/reopen", views.feedback_reopen, name="feedback-reopen"),
    path("feedback/<uuid:pk>/close", views.feedback_close, name="feedback-close"),
    path("setup/feedback/", views.feedback_all, name="feedback-all"),
]
