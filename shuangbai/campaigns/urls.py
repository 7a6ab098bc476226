"""Addresses of campaigns and their live result."""

from django.urls import path

from shuangbai.campaigns import views

urlpatterns = [
    path("campaigns/", views.campaign_list, name="campaign-list"),
    path("campaigns/new", views.campaign_new, name="campaign-new"),
    path("campaigns/<slug:code>/", views.campaign, name="campaign"),
    path("campaigns/<slug:code>/edit", views.campaign_edit, name="campaign-edit"),
    path("campaigns/<slug:code>/join", views.campaign_join, name="campaign-join"),
    path("campaigns/<slug:code>/leave", views.campaign_leave, name="campaign-leave"),
]
