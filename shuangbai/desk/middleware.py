"""Until a city is founded, every page leads to the first run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shuangbai.core.queries import installation_names

# What answers without a city too, besides the first run itself: files of the pages, and whoever watches the server.
OPEN = ("/static/", "/health", "/ready")


class FirstRun:
    """Sends everybody to the first run while it has not ended. Costs nothing once it has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The address first: whoever asks whether the server lives must not wait for a database that is away.
        if not request.path.startswith(OPEN) and installation_names().founding:
            first = reverse("first-run")
            if not request.path.startswith(first):
                return redirect(first)
        return self.get_response(request)
