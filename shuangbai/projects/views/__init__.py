"""Pages of community projects: what the views of a project, its ledger, meetings and problems share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.households.views import saved, tried
from shuangbai.network.context import SignedIn
from shuangbai.projects.access import projects_visible_to, projects_written_by
from shuangbai.projects.models import Project


def project_of(request: SignedIn, pk: UUID, *, write: bool = False) -> Project:
    """The project, if somebody may see it, or write it. Raises Http404."""
    found = projects_written_by(request.user) if write else projects_visible_to(request.user)
    return get_object_or_404(found.select_related("station", "worker", "village", "entered_by"), pk=pk)


def crumbs(project: Project | None, here: str) -> list[tuple[str, str]]:
    found = [(_("社区项目"), reverse("project-list"))]
    if project is not None:
        found.append((project.title, reverse("project", args=[project.pk])))
    return [*found, (here, "")]


def form_page(request: SignedIn, form: forms.Form, project: Project | None, heading: str, **more: Any) -> HttpResponse:
    """A page with one form of a project; 422 where it came back with something to put right."""
    status = more.pop("status", 422 if form.is_bound else 200)
    back = reverse("project", args=[project.pk]) if project else reverse("project-list")
    context = {"form": form, "heading": heading, "crumbs": crumbs(project, heading), "back_url": back, **more}
    return render(request, "projects/form.html", context, status=status)


def added(
    request: SignedIn, form: Any, project: Project, heading: str, act: Callable[[], Any], said: str, **more: Any
) -> HttpResponse:
    """A new part of a project: the page of the project where it was saved, otherwise the form."""
    if form.is_bound and form.is_valid() and tried(form, act):
        return back_to(request, project, said)
    return form_page(request, form, project, heading, **more)


def kept(
    request: SignedIn, form: Any, row: Any, heading: str, act: Callable[[], Any], said: str, **more: Any
) -> HttpResponse:
    """A part of a project changed; where somebody saved first, both versions."""
    if form.is_bound and form.is_valid():
        refused = saved(form, act, lambda: _now(row, form))
        if refused is None:
            return back_to(request, row.project, said)
        more |= refused
    return form_page(request, form, row.project, heading, **more)


def _now(row: Any, form: Any) -> tuple[Any, dict[str, Any]]:
    now = type(row).objects.get(pk=row.pk)
    return now, {name: value for name, value in form.said(now).items() if name in form.fields}


def back_to(request: SignedIn, project: Project, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("project", project.pk)
