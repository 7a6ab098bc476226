"""Addresses of safeguarding."""

from django.urls import path

from shuangbai.safeguarding import views

urlpatterns = [
    path("safeguarding/", views.alarm_list, name="alarm-list"),
    path("safeguarding/new", views.alarm_new, name="alarm-new"),
    path("safeguarding/figure", views.alarm_figure, name="alarm-figure"),
    path("safeguarding/rule", views.alarm_rule, name="alarm-rule"),
    path("safeguarding/<uuid:pk>/", views.alarm, name="alarm"),
    path("safeguarding/<uuid:pk>/step", views.alarm_step, name="alarm-step"),
    path("safeguarding/<uuid:pk>/close", views.alarm_close, name="alarm-close"),
    path("safeguarding/<uuid:pk>/reader", views.alarm_reader, name="alarm-reader"),
]
