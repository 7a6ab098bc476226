"""What every answer carries."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse
from django.views.defaults import page_not_found

from shuangbai.core.findings import NotAllowed


class BehindProxy:
    """The address of whoever asks, as the proxy in front says it; without this everybody would be the proxy.

    In force with SHUANGBAI_HTTPS=1 alone. The last entry is the one that our own proxy wrote.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.HTTPS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        try:
            request.META["REMOTE_ADDR"] = str(ip_address(said))
        except ValueError:
            request.META["REMOTE_ADDR"] = request.META.get("REMOTE_ADDR") or "127.0.0.1"  # a socket has no address
        return self.get_response(request)


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
