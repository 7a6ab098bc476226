"""Addresses of community activities."""

from django.urls import path

from shuangbai.activities import views

urlpatterns = [
    path("activities/new", views.activity_new, name="activity-new"),
    path("activities/joint", views.activity_joint, name="activity-joint"),
    path("activities/people", views.people_suggest, name="people-suggest"),
    path("activities/<uuid:pk>/", views.activity, name="activity"),
    path("activities/<uuid:pk>/correct", views.activity_correct, name="activity-correct"),
]
