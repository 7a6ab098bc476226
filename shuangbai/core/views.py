"""What belongs to no room: the size of the letters, kept pictures, and pages for what went wrong before a room."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuangbai.core import databases, papers, readiness
from shuangbai.core.context import LARGE, TEXT_SIZE, large_type
from shuangbai.core.pictures import TYPES, picture_data
from shuangbai.core.strangers import count_asking

YEAR = 365 * 24 * 3600
BUSY = ("database is locked", "deadlock", "lock timeout", "too many clients", "connection slots")
RETRY_SECONDS = "10"


def _word(word: str, status: int) -> HttpResponse:
    return HttpResponse(f"{word}\n", content_type="text/plain; charset=utf-8", status=status)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """That the process answers. Asks nothing of the database."""
    return _word("ok", 200)


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """That the installation can be worked with; otherwise one word that says what is in the way."""
    word = readiness.obstacle()
    return _word(word, 200 if word == readiness.READY else 503)


@login_not_required
@require_POST
def textsize(request: HttpRequest) -> HttpResponse:
    """大字 or back: a cookie of this browser, so that whoever signs in on it reads well at the door already."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    answer = redirect(wanted if inside else "today")
    if request.POST.get("size") == LARGE:
        answer.set_cookie(
            TEXT_SIZE, LARGE, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax", path="/"
        )
    else:
        answer.delete_cookie(TEXT_SIZE, path="/", samesite="Lax")
    return answer


def picture_answer(name: str, *, shown_as: str, kept_by_browsers: bool = False) -> HttpResponse:
    """A kept picture as an answer that a browser takes for a picture and nothing else. Raises Http404.

    `kept_by_browsers` only for what anybody may see under a name that changes with its content.
    """
    try:
        data = picture_data(name)
    except OSError:
        raise Http404 from None
    suffix = name.rpartition(".")[2]
    answer = HttpResponse(data, content_type=TYPES[suffix])
    answer["Content-Disposition"] = f'inline; filename="{shown_as}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=31536000, immutable" if kept_by_browsers else "no-store"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def paper_answer(name: str, *, shown_as: str) -> HttpResponse:
    """A kept paper as an answer that a browser shows and runs nothing of. Raises FileNotFoundError."""
    suffix = name.rpartition(".")[2]
    answer = HttpResponse(papers.paper_data(name), content_type=papers.TYPES[suffix])
    answer["Content-Disposition"] = f'inline; filename="{shown_as}.{suffix}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    # A browser's own reader of PDF is switched off by sandbox; the file holds nothing that could run.
    answer["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
    if suffix != "pdf":
        answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def plainly(request: HttpRequest, status: int, **more: Any) -> HttpResponse:
    """The page for a status without a session, a user or a query: it must come where these are what is broken."""
    page = render_to_string(f"{status}.html", {"large_type": large_type(request), **more})
    return HttpResponse(page, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where the request was too large or had too many parts."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
    return plainly(request, 413 if too_large else 400)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came without its token: the page was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 where the database or the disk is to blame. The log has the error, not what was sent."""
    words = _passing(sys.exc_info()[1])
    if words is None:
        return plainly(request, 500)
    answer = plainly(request, 503, words=words)
    answer["Retry-After"] = RETRY_SECONDS
    return answer


def _passing(error: BaseException | None) -> str | None:
    """What to say about an error that is the machine's; None for a defect."""
    said = str(error)
    if databases.is_full(error):
        return _("服务器的磁盘已满，刚才的内容没有保存。请告诉系统管理员清理磁盘，再试一次。")
    if isinstance(error, OperationalError) and any(words in said for words in BUSY):
        return _("此刻用的人太多，刚才的内容没有保存。请等几秒再试一次。")
    if isinstance(error, OperationalError | InterfaceError):
        return _("数据库暂时连不上，刚才的内容没有保存。恢复后会自动好，请过一会儿再试一次。")
    return None


def open_to_strangers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The view answers whoever knows its address, so often and not oftener; search engines are told to leave it."""

    @login_not_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page, address = f"{view.__module__}.{view.__name__}", request.META.get("REMOTE_ADDR") or ""
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        count_asking(page, address, sends=request.method == "POST", size=size)
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer
