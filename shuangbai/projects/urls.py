"""Addresses of community projects; three of them are for anybody who was given them."""

from django.urls import path

from shuangbai.projects.views import ledger, meetings, problems, projects

urlpatterns = [
    path("projects/", projects.project_list, name="project-list"),
    path("projects/new", projects.project_new, name="project-new"),
    path("projects/<uuid:pk>/", projects.project, name="project"),
    path("projects/<uuid:pk>/edit", projects.project_edit, name="project-edit"),
    path("projects/<uuid:pk>/move", projects.project_move, name="project-move"),
    path("projects/<uuid:pk>/outcome", projects.project_outcome, name="project-outcome"),
    path("projects/<uuid:pk>/public", projects.project_public, name="project-public"),
    path("projects/<uuid:pk>/stakeholders/new", projects.stakeholder_new, name="stakeholder-new"),
    path("projects/<uuid:pk>/milestones/new", projects.milestone_new, name="milestone-new"),
    path("projects/<uuid:pk>/ledger/<slug:kind>", ledger.line_new, name="ledger-new"),
    path("projects/stakeholders/<uuid:pk>/", projects.stakeholder, name="stakeholder"),
    path("projects/milestones/<uuid:pk>/", projects.milestone, name="milestone"),
    path("projects/ledger/<uuid:pk>/", ledger.line, name="ledger-line"),
    path("projects/ledger/<uuid:pk>/reverse", ledger.line_reverse, name="ledger-reverse"),
    path("meetings/new", meetings.meeting_new, name="meeting-new"),
    path("meetings/<uuid:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<uuid:pk>/correct", meetings.meeting_correct, name="meeting-correct"),
    path("problems/", problems.problem_list, name="problem-list"),
    path("problems/new", problems.problem_new, name="problem-new"),
    path("problems/box", problems.problem_box, name="problem-box"),
    path("problems/<uuid:pk>/", problems.problem, name="problem"),
    path("problems/<uuid:pk>/unmask", problems.problem_unmask, name="problem-unmask"),
    path("village-matters/<slug:token>", problems.village_matters, name="village-matters"),
    path("village-matters/answer/<slug:token>", problems.village_answer, name="village-answer"),
    path("square/<slug:token>", ledger.square, name="square"),
]
