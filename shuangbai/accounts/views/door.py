"""The door: signing in and out, the second factor, signing in again, the invitation, and the provider."""

import time
from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.accounts import provider
from shuangbai.accounts.actions import accept_code, link_provider, prove_factor, sign_out
from shuangbai.accounts.actions.issuing import hash_code
from shuangbai.accounts.again import Typed, again_page, unseal
from shuangbai.accounts.forms import FactorForm, SignInForm, WelcomeForm
from shuangbai.accounts.middleware import SESSION, sentence_of
from shuangbai.accounts.queries import has_factor, linked_account
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings
from shuangbai.network.context import SignedIn
from shuangbai.network.models import User

FORM = ["GET", "HEAD", "POST"]
BACKEND = "shuangbai.accounts.backends.AccountBackend"
WAITING, JOURNEY = "waiting", "journey"
WAITING_SECONDS = 300


def inside(request: HttpRequest, wanted: str) -> str:
    """An address of this server that was asked for, or nothing."""
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else ""


def enter(request: HttpRequest, user: User, target: str) -> HttpResponse:
    """Proved by the first factor: on to the second where there is one, or in."""
    if has_factor(user):
        request.session[WAITING] = {"user": str(user.pk), "next": target, "at": _seconds()}
        return redirect("signin-code")
    login(request, user, backend=BACKEND)
    return redirect(target or "today")


def _seconds() -> int:
    return int(time.time())


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(FORM)
def signin(request: HttpRequest) -> HttpResponse:
    """登录."""
    target = inside(request, request.POST.get("next") or request.GET.get("next") or "")
    if request.user.is_authenticated:
        return redirect(target or "today")
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if isinstance(user, User):
            return enter(request, user, target)
        form.add_error(None, _("账号或密码不对，请重新输入。忘记密码请找站长或系统管理员。"))
    context = {
        "form": form, "next": target, "gone": sentence_of(getattr(request, "gone", "")),
        "provider": provider.is_offered(),
    }  # fmt: skip
    return render(request, "accounts/signin.html", context, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(FORM)
def signin_code(request: HttpRequest) -> HttpResponse:
    """登录的第二步: what the authenticator shows."""
    waiting = request.session.get(WAITING) or {}
    user = User.objects.filter(pk=waiting["user"], is_active=True).first() if waiting else None
    if user is None or _seconds() - waiting["at"] > WAITING_SECONDS:
        request.session.pop(WAITING, None)
        return redirect("signin")
    form = FactorForm(request.POST or None)
    if form.is_valid():
        wrong = prove_factor(user=user, typed=form.cleaned_data["code"])
        if not wrong:
            del request.session[WAITING]
            login(request, user, backend=BACKEND)
            return redirect(waiting["next"] or "today")
        form.add_error("code", wrong)
    return render(request, "accounts/signin_code.html", {"form": form}, status=422 if form.is_bound else 200)


@sensitive_post_parameters("password")
@login_not_required
@require_POST
def signin_again(request: HttpRequest) -> HttpResponse:
    """重新登录, in the middle of a form that was sent too late: it goes on with what was typed."""
    typed = unseal(request.POST.get("typed", ""))
    user = User.objects.filter(pk=typed.user_id).first() if typed else None
    if typed is None or user is None:
        return redirect("signin")
    proved = authenticate(request, username=user.username, password=request.POST.get("password", ""))
    wrong = "" if isinstance(proved, User) else _("密码不对，请重新输入。您填写的内容都还在。")
    if isinstance(proved, User) and has_factor(proved):
        wrong = prove_factor(user=proved, typed=request.POST.get("code", ""))
    if wrong or not isinstance(proved, User):
        return again_page(request, typed, "", wrong)
    login(request, proved, backend=BACKEND)
    return _carry_on(request, typed)


def _carry_on(request: HttpRequest, typed: Typed) -> HttpResponse:
    """The form once more, as it was sent, with a fresh token: one press sends it."""
    return render(request, "accounts/carry_on.html", {"typed": typed})


@require_POST
def signout(request: SignedIn) -> HttpResponse:
    """退出登录."""
    sign_out(by=request.user, session_id=request.session[SESSION])
    logout(request)
    return redirect("signin")


@sensitive_post_parameters("password", "password_again", "code")
@login_not_required
@require_http_methods(FORM)
def welcome(request: HttpRequest) -> HttpResponse:
    """启用账号: user name and code from the slip, and a password of one's own."""
    form = WelcomeForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        user = authenticate(request, username=typed["username"], one_time_secret=hash_code(typed["code"]))
        if isinstance(user, User):
            try:
                accept_code(user=user, typed=typed["code"], password=typed["password"])
            except Refused as refused:
                add_findings(form, refused)
            else:
                messages.success(request, _("密码已设好，以后用账号和这个密码登录。"))
                user.refresh_from_db()
                return enter(request, user, "")
        else:
            form.add_error(None, _("账号或一次性码不对，或者码已过期、已用过。请核对，或找系统管理员重新发码。"))
    return render(request, "accounts/welcome.html", {"form": form}, status=422 if form.is_bound else 200)


# THE PROVIDER --------------------------------------------------------------


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("provider-back"))


@login_not_required
@require_safe
def to_provider(request: HttpRequest) -> HttpResponse:
    """统一登录: off to the provider; what must come back is kept in the signed cookie."""
    if not provider.is_offered():
        raise Http404
    try:
        address, journey = provider.set_out(_back(request))
    except provider.ProviderFailed as failed:
        return _failed(request, failed)
    request.session[JOURNEY] = {
        "state": journey.state, "nonce": journey.nonce, "verifier": journey.verifier,
        "next": inside(request, request.GET.get("next", "")), "link": request.GET.get("link") == "1",
    }  # fmt: skip
    return redirect(address)


@login_not_required
@require_safe
def from_provider(request: HttpRequest) -> HttpResponse:
    """Back from the provider: in, for an account that was bound; bound, for somebody who asked for that."""
    kept: dict[str, Any] = request.session.pop(JOURNEY, None) or {}
    if not provider.is_offered() or not kept:
        return _failed(request, provider.ProviderFailed(provider.NOT_BELIEVED))
    journey = provider.Journey(kept["state"], kept["nonce"], kept["verifier"])
    try:
        claim = provider.come_back(_back(request), request.GET.dict(), journey)
    except provider.ProviderFailed as failed:
        return _failed(request, failed)
    if kept["link"] and isinstance(request.user, User):
        return _bind(request, request.user, claim)
    user = linked_account(provider.settings.OIDC_ISSUER, claim)
    if user is None:
        said = _("这个平台账号还没有和本系统的账号绑定。请先用账号和密码登录，在「我的账号」里绑定，或找系统管理员。")
        return _failed(request, provider.ProviderFailed(said))
    return enter(request, user, kept["next"])


def _bind(request: HttpRequest, user: User, claim: str) -> HttpResponse:
    try:
        link_provider(by=user, user=user, issuer=provider.settings.OIDC_ISSUER, claim=claim)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    else:
        messages.success(request, _("已绑定，以后可以从统一登录平台登录。"))
    return redirect("own-account")


def _failed(request: HttpRequest, failed: provider.ProviderFailed) -> HttpResponse:
    """Back to the door, which is open without the provider, with what went wrong."""
    messages.warning(request, str(failed))
    return redirect("own-account" if request.user.is_authenticated else "signin")
