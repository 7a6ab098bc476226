"""Pages of groups: what the views of a group, its list and its sessions share."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.groups.access import groups_visible_to, groups_written_by
from shuangbai.groups.models import Group
from shuangbai.network.context import SignedIn


def group_of(request: SignedIn, pk: UUID, *, write: bool = False) -> Group:
    """The group, if somebody may see it, or write it. Raises Http404."""
    found = groups_written_by(request.user) if write else groups_visible_to(request.user)
    return get_object_or_404(found.select_related("station", "worker", "coworker", "village", "entered_by"), pk=pk)


def crumbs(group: Group | None, here: str) -> list[tuple[str, str]]:
    found = [(_("小组"), reverse("group-list"))]
    if group is not None:
        found.append((group.title, reverse("group", args=[group.pk])))
    return [*found, (here, "")]


def page(request: SignedIn, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """A page with a form; 422 where it came back with something to put right."""
    status = more.pop("status", 422 if form.is_bound else 200)
    return render(request, f"groups/{template}.html", {"form": form, **more}, status=status)


def back_to(request: SignedIn, group: Group, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("group", group.pk)
