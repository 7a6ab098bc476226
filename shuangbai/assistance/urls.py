"""Addresses of policy assistance."""

from django.urls import path

from shuangbai.assistance.views import city, matters

urlpatterns = [
    path("assistance/", matters.matter_list, name="matter-list"),
    path("assistance/new", matters.matter_new, name="matter-new"),
    path("assistance/policies/", city.policy_list, name="policy-list"),
    path("assistance/policies/<str:code>", city.policy_rule, name="policy-rule"),
    path("assistance/<uuid:pk>/", matters.matter, name="matter"),
    path("assistance/<uuid:pk>/step", matters.matter_step, name="matter-step"),
    path("assistance/<uuid:pk>/undo", matters.matter_undo, name="matter-undo"),
    path("assistance/<uuid:pk>/papers", matters.matter_papers, name="matter-papers"),
    path("assistance/<uuid:pk>/category", matters.matter_category, name="matter-category"),
    path("assistance/<uuid:pk>/correct", matters.matter_correct, name="matter-correct"),
    path("assistance/<uuid:pk>/void", matters.matter_void, name="matter-void"),
]
