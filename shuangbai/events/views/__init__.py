"""Pages of planned activities: what their views share."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.events.access import events_visible_to, events_written_by
from shuangbai.events.models import Event
from shuangbai.network.context import SignedIn


def event_of(request: SignedIn, pk: UUID, *, write: bool = False) -> Event:
    """The plan, if somebody may see it, or write it. Raises Http404."""
    found = events_written_by(request.user) if write else events_visible_to(request.user)
    related = ("station", "worker", "village", "campaign", "entered_by", "activity__record")
    return get_object_or_404(found.select_related(*related), pk=pk)


def crumbs(event: Event | None, here: str) -> list[tuple[str, str]]:
    found = [(_("活动策划"), reverse("event-list"))]
    if event is not None:
        found.append((event.title, reverse("event", args=[event.pk])))
    return [*found, (here, "")]


def page(request: Any, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """A page with a form; 422 where it came back with something to put right."""
    status = more.pop("status", 422 if form.is_bound else 200)
    return render(request, f"events/{template}.html", {"form": form, **more}, status=status)


def back_to(request: SignedIn, event: Event, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("event", event.pk)


def stale(request: SignedIn, event: Event) -> HttpResponse:
    """Somebody changed it meanwhile: its page says so, and nothing was done."""
    messages.warning(request, _("您打开之后，这场活动已被别人改过；请看清现在的样子，再按一次"))
    return redirect("event", event.pk)
