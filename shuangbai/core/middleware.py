"""What every answer carries."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.defaults import page_not_found

from shuangbai.core.findings import NotAllowed
from shuangbai.core.limits import TooOften


class NotThere:
    """What somebody may not do is not there for them: an action's refusal is the same page as a wrong address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return page_not_found(request, Http404()) if isinstance(exception, NotAllowed) else None


class NothingKept:
    """No page that somebody signed in to see is kept by a browser or a proxy.

    Answers to htmx differ from the whole page at the same address, so caches are told that too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=()"
        return response


class NotSoOften:
    """Whoever asks more often than a limit allows is told when to try again, as a page or, to a script, as JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, TooOften):
            return None
        response: HttpResponse
        if "application/json" in request.headers.get("Accept", ""):
            response = JsonResponse({"results": [], "sentence": exception.sentence}, status=429)
        else:
            page = "core/too_often.html" if "HX-Request" in request.headers else "429.html"
            response = render(request, page, {"sentence": exception.sentence}, status=429)
        response.headers["Retry-After"] = str(exception.wait)
        return response
