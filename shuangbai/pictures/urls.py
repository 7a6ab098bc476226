"""Addresses of pictures. They tell nothing of whom or what is on them."""

from django.urls import path

from shuangbai.pictures import views

urlpatterns = [
    path("pictures/of/<slug:name>/<uuid:key>/new", views.picture_new, name="picture-new"),
    path("pictures/of/<slug:name>/<uuid:key>/marks", views.picture_marks, name="picture-marks"),
    path("pictures/<uuid:pk>/", views.picture, name="picture"),
    path("pictures/<uuid:pk>/edit", views.picture_edit, name="picture-edit"),
    path("pictures/<uuid:pk>/void", views.picture_void, name="picture-void"),
    path("pictures/<uuid:pk>/whole", views.picture_whole, name="picture-whole"),
    path("pictures/<uuid:pk>/small", views.picture_small, name="picture-small"),
    path("pictures/<uuid:pk>/public", views.picture_public, name="picture-public"),
    path("pictures/<uuid:pk>/public/small", views.picture_public_small, name="picture-public-small"),
]
