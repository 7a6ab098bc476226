"""What every answer carries."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.defaults import page_not_found

from shuangbai.core import maintenance
from shuangbai.core.findings import NotAllowed
from shuangbai.core.limits import TooOften
from shuangbai.core.views import plainly

SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
# Never shown back: what is nobody's words, and what must not stand on a page.
NOT_SHOWN = ("csrfmiddlewaretoken", "password", "passphrase", "code", "token", "secret", "client_id", "version")


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


class ReadOnly:
    """While the system is being looked after, what would write answers 503 and gives back what was typed.

    The view runs, with the database open for reading alone: so its own form comes back filled in, and where a view has
    none, a page shows the words to be copied.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = maintenance.notice()
        if found is None:
            return self.get_response(request)
        if self._open(request):
            with maintenance.working():
                return self.get_response(request)
        if request.method in SAFE:
            return self.get_response(request)
        with maintenance.refusing() as refusals:
            response = self.get_response(request)
        if refusals:
            if request.headers.get("HX-Request"):
                response = render(request, "core/maintenance.html", {"notice": found})
            response.status_code = 503
            response["Retry-After"] = "600"
        return response

    def _open(self, request: HttpRequest) -> bool:
        try:
            return resolve(request.path_info).url_name in settings.MAINTENANCE_OPEN
        except Resolver404:
            return False

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, maintenance.UnderMaintenance):
            return None
        return render(request, "503_maintenance.html", {"typed": typed(request)}, status=503)


def typed(request: HttpRequest) -> list[str]:
    """What somebody wrote, in the order of the form: words, not the codes of boxes and hidden keys."""
    return [
        text
        for name, values in request.POST.lists()
        if not any(word in name for word in NOT_SHOWN)
        for text in values
        if text.strip() and not text.isascii()
    ]


class InWords:
    """Answers that a browser would show as nothing (405, 413, 429) come as a page in plain words.

    The outermost: it looks at what everything below made of the request.
    """

    STATUSES = frozenset({403, 405, 413, 429})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code not in self.STATUSES or response.streaming or response.content:
            return response
        response.content = b"" if request.method == "HEAD" else plainly(request, response.status_code).content
        response["Content-Type"] = "text/html; charset=utf-8"
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
        return response


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
            response = render(request, page, {"sentence": exception.sentence, "typed": typed(request)}, status=429)
        response.headers["Retry-After"] = str(exception.wait)
        return response
