"""Until a city is founded, every page leads to the first run."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from shuangbai.core.queries import installation_names

# What answers without a city too: the first run itself, files of the pages, and whoever watches the server.
OPEN = ("/static/", "/health", "/ready")


class FirstRun:
    """Sends everybody to the first run while it has not ended. Costs nothing once it has."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # The address first: whoever watches the server asks nothing of a database that may be away.
        if request.path.startswith((reverse("first-run"), *OPEN)) or not installation_names().founding:
            return self.get_response(request)
        return redirect("first-run")
