"""Addresses of the lists that a city decides."""

from django.urls import path

from shuangbai.codes import views

urlpatterns = [
    path("emblem/<str:name>", views.emblem, name="emblem"),
    path("setup/city/", views.city, name="city"),
    path("setup/city/change", views.city_change, name="city-change"),
    path("setup/codes/", views.codes, name="codes"),
    path("setup/codes/<str:name>/", views.code_list, name="code-list"),
    path("setup/codes/<str:name>/new", views.code_add, name="code-add"),
    path("setup/codes/<str:name>/<slug:code>/rename", views.code_rename, name="code-rename"),
    path("setup/codes/<str:name>/<slug:code>/end", views.code_end, name="code-end"),
    path("setup/codes/<str:name>/<slug:code>/resume", views.code_resume, name="code-resume"),
    path("setup/codes/<str:name>/<slug:code>/move", views.code_move, name="code-move"),
    path("setup/workdays/", views.workdays, name="workdays"),
    path("setup/papers/", views.paper_list, name="paper-list"),
    path("setup/papers/<slug:code>/", views.paper, name="paper"),
    path("setup/papers/<slug:code>/template", views.paper_template, name="paper-template"),
    path("setup/papers/<slug:code>/sample", views.paper_sample, name="paper-sample"),
    path("setup/papers/<slug:code>/put", views.paper_put, name="paper-put"),
    path("setup/papers/<slug:code>/drop", views.paper_drop, name="paper-drop"),
]
