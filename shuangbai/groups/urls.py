"""Addresses of groups."""

from django.urls import path

from shuangbai.groups.views import drafts, members, planning, sessions

urlpatterns = [
    path("groups/", planning.group_list, name="group-list"),
    path("groups/new", planning.group_new, name="group-new"),
    path("groups/<uuid:pk>/", planning.group, name="group"),
    path("groups/<uuid:pk>/edit", planning.group_edit, name="group-edit"),
    path("groups/<uuid:pk>/evaluation", planning.group_evaluation, name="group-evaluation"),
    path("groups/<uuid:pk>/move", planning.group_move, name="group-move"),
    path("groups/<uuid:pk>/tasks", planning.group_tasks, name="group-tasks"),
    path("groups/<uuid:pk>/members/new", members.group_member_new, name="group-member-new"),
    path("groups/<uuid:pk>/sessions/new", sessions.session_new, name="group-session-new"),
    path("groups/<uuid:pk>/drafts/<slug:page>", drafts.group_draft, name="group-draft"),
    path("groups/<uuid:pk>/drafts/<slug:page>/drop", drafts.group_draft_drop, name="group-draft-drop"),
    path("groups/members/<uuid:pk>/", members.group_member, name="group-member"),
    path("groups/sessions/<uuid:pk>/", sessions.group_session, name="group_session"),
    path("groups/sessions/<uuid:pk>/correct", sessions.session_correct, name="group-session-correct"),
]
