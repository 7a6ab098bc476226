"""Addresses: who is to be seen next, and why."""

from django.urls import path

from shuangbai.followups.views import due, grading, tasks

urlpatterns = [
    path("due/", due.due_list, name="due-list"),
    path("due/station/", due.due_station, name="due-station"),
    path("due/upward", due.due_upward, name="due-upward"),
    path("due/station/share", due.due_share, name="due-share"),
    path("due/station/give-back", due.due_give_back, name="due-give-back"),
    path("families/<uuid:pk>/grade", due.file_grade, name="file-grade"),
    path("families/<uuid:pk>/pause", due.file_pause, name="file-pause"),
    path("families/<uuid:pk>/resume", due.file_resume, name="file-resume"),
    path("families/<uuid:pk>/tasks/new", tasks.task_new, name="task-new"),
    path("tasks/", tasks.task_list, name="task-list"),
    path("tasks/<uuid:pk>/", tasks.task, name="task"),
    path("tasks/<uuid:pk>/answer", tasks.task_answer, name="task-answer"),
    path("tasks/<uuid:pk>/drop", tasks.task_drop, name="task-drop"),
    path("tasks/<uuid:pk>/hand", tasks.task_hand, name="task-hand"),
    path("setup/grading/", grading.grading, name="grading"),
    path("setup/grading/levels/<slug:code>/edit", grading.level_edit, name="level-edit"),
    path("setup/grading/levels/<slug:code>/end", grading.level_end, name="level-end"),
    path("setup/grading/schemes/new", grading.scheme_add, name="scheme-add"),
    path("setup/grading/schemes/<slug:code>/levels/new", grading.level_add, name="level-add"),
    path("setup/grading/stations", grading.scheme_choose, name="scheme-choose"),
    path("setup/grading/floors/new", grading.floors_set, name="floors-set"),
    path("setup/grading/floors/<int:pk>/end", grading.floor_end, name="floor-end"),
]
