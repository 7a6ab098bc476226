"""Who asks: the account behind a cookie, its session not ended, not left idle, and nothing left to do first.

One query loads account, staff and session together; a page that reads writes nothing. The cookie is signed and
holds the session's key, the minute of the latest request, how long it may be idle and when it is over.
"""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from shuangbai.accounts.actions import begin_session
from shuangbai.accounts.again import ask_again
from shuangbai.accounts.enums import Step
from shuangbai.accounts.models import AccountSession
from shuangbai.accounts.queries import has_factor, password_is_over, policy, roles_that_need_a_factor
from shuangbai.accounts.rules import device_in_words
from shuangbai.core.prepared import prepared
from shuangbai.network.models import User

# What the signed cookie holds besides Django's own keys. Moments are seconds of the machine's clock.
SESSION, SEEN, IDLE, UNTIL, FIRST = "account_session", "seen", "idle", "until", "first"
RENEWED_AFTER = 60  # seconds: the cookie is not sent anew with every page
# Where each step is taken, and the addresses that stay open until it is.
STEPS = {Step.PASSWORD: "own-password", Step.FACTOR: "own-factor"}
OPEN_MEANWHILE = {"signout", "own-factor-codes"}
LEFT_IDLE, OVER, ENDED = "idle", "over", "ended"


def sentence_of(gone: str) -> str:
    """Why somebody has to sign in again."""
    return {
        LEFT_IDLE: _("您离开了一阵，为保护资料已自动退出。请重新登录，会回到刚才的页面。"),
        OVER: _("这次登录的时间已到。请重新登录，会回到刚才的页面。"),
        ENDED: _("这次登录已经结束：密码已更改、账号停用，或被本人、管理员结束。请重新登录。"),
    }.get(gone, "")


def begin(request: HttpRequest, user: User, **_more: Any) -> None:
    """After every sign-in, by whichever way: a row for it, and its limits by the policy of the day in the cookie."""
    rules, now = policy(), int(time.time())
    device = device_in_words(request.META.get("HTTP_USER_AGENT", ""))
    session = begin_session(user=user, device=device, instead_of=request.session.get(SESSION))
    request.session[SESSION] = str(session.pk)
    request.session[SEEN] = now
    request.session[IDLE] = rules.idle_minutes * 60
    request.session[UNTIL] = now + rules.session_hours * 3600
    first = [Step.PASSWORD] if password_is_over(user, rules) else []
    if roles_that_need_a_factor(user, rules) and not has_factor(user):
        first.append(Step.FACTOR)
    request.session[FIRST] = first


def done(request: HttpRequest, step: Step) -> None:
    """A step that had to come first was taken."""
    request.session[FIRST] = [one for one in request.session.get(FIRST, []) if one != step]


def who(request: HttpRequest) -> User | AnonymousUser:
    """The account that a request comes from. Where it is nobody any more, `request.gone` says why."""
    session = request.session
    if SESSION not in session or session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return AnonymousUser()
    now = int(time.time())
    if now >= session[UNTIL] or now - session[SEEN] >= session[IDLE]:
        request.gone = OVER if now >= session[UNTIL] else LEFT_IDLE  # type: ignore[attr-defined]
        return AnonymousUser()
    row = next(iter(_session(UUID(session[SESSION]), UUID(session[SESSION_KEY]))), None)
    if row is None or row.ended_at is not None or not row.user.is_active or not _is_signed_with(session, row.user):
        request.gone = ENDED  # type: ignore[attr-defined]
        return AnonymousUser()
    if now - session[SEEN] >= RENEWED_AFTER:
        session[SEEN] = now
    return row.user


@prepared
def _session(session_id: UUID, user_id: UUID) -> QuerySet[AccountSession]:
    return AccountSession.objects.filter(pk=session_id, user=user_id).select_related("user__staff")


def _is_signed_with(session: Any, user: User) -> bool:
    """Whether the session was begun with the password that the account still has (an older signing key is renewed)."""
    kept = session.get(HASH_SESSION_KEY, "")
    if constant_time_compare(kept, user.get_session_auth_hash()):
        return True
    if any(constant_time_compare(kept, old) for old in user.get_session_auth_fallback_hash()):
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        return True
    return False


class Accounts(AuthenticationMiddleware):
    """Django's own, with the account's session asked in the same query and what must come first."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: who(request))  # type: ignore[assignment]

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not getattr(view, "login_required", True):
            return None
        request.user = who(request)  # in place of the wrapper, which each look at the account goes through
        if request.user.is_authenticated:
            return self.first(request)
        gone = getattr(request, "gone", "")
        if request.headers.get("HX-Request"):
            address = f"{reverse('signin')}?{urlencode({'next': self._page_of(request)})}"
            return HttpResponse(status=401, headers={"HX-Redirect": address})
        if request.method == "POST" and gone in (LEFT_IDLE, OVER):
            return ask_again(request, sentence_of(gone))
        return None

    def first(self, request: HttpRequest) -> HttpResponse | None:
        """The page of a step that comes before anything else, unless it is the one asked for."""
        steps = request.session.get(FIRST)
        if not steps or request.resolver_match is None:
            return None
        name, step = request.resolver_match.url_name, STEPS[Step(steps[0])]
        return None if name == step or name in OPEN_MEANWHILE else redirect(step)

    def _page_of(self, request: HttpRequest) -> str:
        """The page on which a part was asked for, as htmx tells it; only its path is taken."""
        parts = urlsplit(request.headers.get("HX-Current-URL", ""))
        return f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
