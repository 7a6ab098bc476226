"""What a watching machine asks, and what a person reads when the database is away."""

import errno
import sys

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.defaults import server_error

from shuangbai.core import readiness

FULL = ("disk is full", "No space left", "could not extend file", "disk I/O error")
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


def went_wrong(request: HttpRequest) -> HttpResponse:
    """The page for an error: 503 where the database or the disk is to blame and it will pass, otherwise 500."""
    words = _passing(sys.exc_info()[1])
    if words is None:
        return server_error(request)
    page = loader.get_template("503.html").render({"words": words, "request": request})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"})


def _passing(error: BaseException | None) -> str | None:
    """What to say about an error that is the machine's; None for a defect."""
    said = str(error)
    no_room = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if no_room or (isinstance(error, OperationalError) and any(words in said for words in FULL)):
        return _("服务器的磁盘已满，刚才的内容没有保存。请告诉系统管理员清理磁盘，再试一次。")
    if isinstance(error, OperationalError) and any(words in said for words in BUSY):
        return _("此刻用的人太多，刚才的内容没有保存。请等几秒再试一次。")
    if isinstance(error, OperationalError | InterfaceError):
        return _("数据库暂时连不上，刚才的内容没有保存。恢复后会自动好，请过一会儿再试一次。")
    return None
