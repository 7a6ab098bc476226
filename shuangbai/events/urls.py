"""Addresses of planned activities, and the pages that anybody may open by their address."""

from django.urls import path

from shuangbai.events.views import holding, joining, planning

urlpatterns = [
    path("events/", planning.event_list, name="event-list"),
    path("events/new", planning.event_new, name="event-new"),
    path("events/<uuid:pk>/", planning.event, name="event"),
    path("events/<uuid:pk>/edit", planning.event_edit, name="event-edit"),
    path("events/<uuid:pk>/move", planning.event_move, name="event-move"),
    path("events/<uuid:pk>/switch", planning.event_switch, name="event-switch"),
    path("events/<uuid:pk>/plan", planning.event_plan, name="event-plan"),
    path("events/<uuid:pk>/poster", planning.event_poster, name="event-poster"),
    path("events/<uuid:pk>/names/new", joining.name_new, name="event-name-new"),
    path("events/<uuid:pk>/phones", joining.phones, name="event-phones"),
    path("events/<uuid:pk>/roll", holding.roll, name="event-roll"),
    path("events/<uuid:pk>/held", holding.held, name="event-held"),
    path("events/<uuid:pk>/link", holding.link, name="event-link"),
    path("events/<uuid:pk>/say", holding.say_switch, name="event-say"),
    path("events/names/<uuid:pk>/withdraw", joining.name_withdraw, name="event-name-withdraw"),
    path("events/names/<uuid:pk>/told", joining.name_told, name="event-name-told"),
    path("join/<str:token>", joining.join, name="join"),
    path("join/mine/<str:secret>", joining.mine, name="join-mine"),
    path("say/<str:token>", holding.say, name="say"),
]
