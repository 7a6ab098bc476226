"""Addresses of families. `/families/<uuid>/` itself, the whole page of one, belongs to the desk."""

from django.urls import path

from shuangbai.households import views

urlpatterns = [
    path("families/", views.family_list, name="family-list"),
    path("families/suggest", views.family_suggest, name="family-suggest"),
    path("families/new", views.family_new, name="family-new"),
    path("families/categories/", views.categories, name="categories"),
    path("setup/categories/new", views.category_add, name="category-add"),
    path("setup/categories/<slug:code>/edit", views.category_edit, name="category-edit"),
    path("setup/categories/<slug:code>/move", views.category_move, name="category-move"),
    path("setup/categories/listed/new", views.category_listed, name="category-listed"),
    path("setup/categories/listed/<int:pk>/end", views.category_unlisted, name="category-unlisted"),
    path("setup/numbering/", views.numbering, name="numbering"),
    path("setup/numbering/change", views.numbering_change, name="numbering-change"),
    path("families/<uuid:pk>/edit", views.family_edit, name="family-edit"),
    path("families/<uuid:pk>/unmask", views.family_unmask, name="family-unmask"),
    path("families/<uuid:pk>/members/new", views.member_add, name="member-add"),
    path("families/<uuid:pk>/members/<uuid:member>/edit", views.member_edit, name="member-edit"),
    path("families/<uuid:pk>/tags/new", views.tag_open, name="tag-open"),
    path("families/<uuid:pk>/tags/<uuid:tag>/close", views.tag_close, name="tag-close"),
    path("families/<uuid:pk>/file/new", views.file_open, name="file-open"),
    path("families/<uuid:pk>/file/close", views.file_close, name="file-close"),
]
