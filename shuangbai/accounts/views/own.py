"""One's own account: password, second factor, sessions; and for a station head the resets of the team."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from django import forms
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.accounts import actions, codes, provider
from shuangbai.accounts.access import accounts_led_by, stations_headed
from shuangbai.accounts.actions.linking import unlink_provider
from shuangbai.accounts.enums import Step
from shuangbai.accounts.forms import EnrolForm, OwnPasswordForm, ProofForm, ReasonForm
from shuangbai.accounts.middleware import FIRST, SESSION, done
from shuangbai.accounts.models import ProviderLink, RecoveryCode, SecondFactor
from shuangbai.accounts.queries import has_factor, open_resets, policy, roles_that_need_a_factor, sessions_of
from shuangbai.core.crypto import decrypt, encrypt
from shuangbai.core.findings import Refused
from shuangbai.core.forms import add_findings
from shuangbai.core.qr import qr_code
from shuangbai.core.queries import installation_names
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import User

FORM = ["GET", "HEAD", "POST"]
R = TypeVar("R")


def tried(form: forms.BaseForm, act: Callable[[], R]) -> R | None:
    """What the action gave, or None where its sentences now stand on the form."""
    try:
        return act()
    except Refused as refused:
        add_findings(form, refused)
        return None


def proved(request: SignedIn, form: forms.Form, field: str = "password") -> bool:
    """Whether the form is whole and holds one's present password; wrong ones count towards the lock."""
    if not form.is_valid():
        return False
    if authenticate(request, username=request.user.username, password=form.cleaned_data[field]) is not None:
        return True
    form.add_error(field, _("密码不对，请重新输入"))
    return False


@require_safe
def account(request: SignedIn) -> HttpResponse:
    """我的账号."""
    user = request.user
    context = {
        "held": viewer_of(user).held, "sessions": sessions_of(user), "own": request.session[SESSION],
        "factor": SecondFactor.objects.filter(user=user).first(),
        "codes_left": RecoveryCode.objects.filter(user=user, used_at=None).count(),
        "needed": roles_that_need_a_factor(user, policy()), "leads": bool(stations_headed(user)),
        "provider": provider.is_offered(),
        "linked": ProviderLink.objects.filter(user=user, issuer=provider.settings.OIDC_ISSUER).first(),
    }  # fmt: skip
    return render(request, "accounts/own.html", context)


@sensitive_post_parameters("old", "password", "password_again")
@require_http_methods(FORM)
def password(request: SignedIn) -> HttpResponse:
    """更换密码."""
    form, rules, keep = OwnPasswordForm(request.POST or None), policy(), request.session[SESSION]
    if form.is_bound and proved(request, form, "old"):
        new = form.cleaned_data["password"]
        tried(form, lambda: actions.change_password(by=request.user, password=new, keep=keep))
        if form.is_valid():
            update_session_auth_hash(request, request.user)
            done(request, Step.PASSWORD)
            messages.success(request, _("密码已更换，其他地方的登录都已退出。"))
            return redirect("today" if request.session[FIRST] else "own-account")
    context = {"form": form, "rules": rules, "must": Step.PASSWORD in request.session.get(FIRST, [])}
    return render(request, "accounts/own_password.html", context, status=422 if form.is_bound else 200)


# THE SECOND FACTOR ---------------------------------------------------------

SEALED = "account.enrolling"


def _sealed_secret(request: SignedIn) -> str:
    return encrypt(f"{request.user.pk}:{codes.new_secret()}", SEALED)


def _secret_of(request: SignedIn, sealed: str) -> str:
    """The secret that an earlier page of the same person carried; empty for anything else."""
    try:
        owner, _colon, secret = decrypt(sealed, SEALED).partition(":")
    except (InvalidTag, ImproperlyConfigured, ValueError):
        return ""
    return secret if owner == str(request.user.pk) else ""


@require_http_methods(FORM)
def factor(request: SignedIn) -> HttpResponse:
    """绑定验证器: the picture to read, and the digits that prove it was read."""
    if has_factor(request.user):
        return redirect("own-account")
    form = EnrolForm(request.POST or None, initial={"sealed": _sealed_secret(request)})
    secret = _secret_of(request, request.POST.get("sealed", "") or form.initial["sealed"])
    if not secret:
        return redirect("own-factor")
    if form.is_valid():
        typed = form.cleaned_data["code"]
        made = tried(form, lambda: actions.enrol_factor(by=request.user, secret=secret, typed=typed))
        if made:
            done(request, Step.FACTOR)
            return recovery_page(request, made)
    city = installation_names().city
    address = codes.provisioning_uri(secret, request.user.username, f"双百 {city}".strip())
    context = {
        "form": form, "picture": qr_code(address), "secret": [secret[i : i + 4] for i in range(0, len(secret), 4)],
        "must": Step.FACTOR in request.session.get(FIRST, []),
    }  # fmt: skip
    return render(request, "accounts/own_factor.html", context, status=422 if form.is_bound else 200)


def recovery_page(request: SignedIn, made: list[str]) -> HttpResponse:
    """The recovery codes, this once."""
    return render(request, "accounts/own_codes.html", {"codes": made})


@sensitive_post_parameters("password")
@require_http_methods(FORM)
def factor_codes(request: SignedIn) -> HttpResponse:
    """重新生成备用码."""
    return _with_proof(
        request, _("重新生成备用码"), _("生成以后，原来的备用码全部作废。"),
        lambda: recovery_page(request, actions.renew_recovery_codes(by=request.user)),
    )  # fmt: skip


@sensitive_post_parameters("password")
@require_http_methods(FORM)
def factor_remove(request: SignedIn) -> HttpResponse:
    """解除验证器; whoever must have one is led to bind another at once."""

    def remove() -> HttpResponse:
        actions.remove_factor(by=request.user, keep=request.session[SESSION])
        if roles_that_need_a_factor(request.user, policy()):
            request.session[FIRST] = [Step.FACTOR]
        messages.success(request, _("验证器已解除。"))
        return redirect("own-factor" if request.session[FIRST] else "own-account")

    return _with_proof(
        request,
        _("解除验证器"),
        _("解除以后登录只要密码。换手机时先解除，再用新手机绑定；其他地方的登录都会退出。"),
        remove,
    )


def _with_proof(request: SignedIn, heading: str, what: str, act: Callable[[], HttpResponse]) -> HttpResponse:
    if not has_factor(request.user):
        raise Http404
    form = ProofForm(request.POST or None)
    if form.is_bound and proved(request, form):
        answer = tried(form, act)
        if answer is not None:
            return answer
    context = {"form": form, "heading": heading, "what": what}
    return render(request, "accounts/own_proof.html", context, status=422 if form.is_bound else 200)


# SESSIONS ------------------------------------------------------------------


@require_POST
def end_one(request: SignedIn, pk: UUID) -> HttpResponse:
    """结束一处登录."""
    if not request.user.sessions.filter(pk=pk).exists():  # type: ignore[attr-defined]
        raise Http404
    actions.end_session(by=request.user, session_id=pk)
    messages.success(request, _("这一处登录已结束。"))
    return redirect("own-account")


@require_POST
def end_others(request: SignedIn) -> HttpResponse:
    """结束其他所有登录."""
    count = actions.end_other_sessions(by=request.user, keep=request.session[SESSION])
    messages.success(request, _("其他登录都已结束（%(count)d 处）。") % {"count": count})
    return redirect("own-account")


# THE PROVIDER --------------------------------------------------------------


@require_POST
def link(request: SignedIn) -> HttpResponse:
    """解除与统一登录平台的绑定."""
    if not provider.is_offered():
        raise Http404
    try:
        unlink_provider(by=request.user, user=request.user, issuer=provider.settings.OIDC_ISSUER)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    else:
        messages.success(request, _("已解除绑定。"))
    return redirect("own-account")


# A STATION'S TEAM ----------------------------------------------------------


@require_safe
def team(request: SignedIn) -> HttpResponse:
    """本站账号: for whom a reset may be asked."""
    if not stations_headed(request.user):
        raise Http404
    asked = set(open_resets().values_list("user_id", flat=True))
    people = accounts_led_by(request.user).select_related("staff").order_by("display_name")
    rows: list[Any] = [(one, one.pk in asked) for one in people]
    return render(request, "accounts/team.html", {"rows": rows, "may_ask": policy().heads_may_ask})


@require_http_methods(FORM)
def ask_for_reset(request: SignedIn, pk: UUID) -> HttpResponse:
    """申请重设密码."""
    user = get_object_or_404(User.objects.filter(pk__in=accounts_led_by(request.user).values("pk")), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: actions.ask_reset(by=request.user, user=user, reason=reason)):
            messages.success(request, _("已交给系统管理员，办好后会有一张新的一次性码给本人。"))
            return redirect("team-accounts")
    return render(
        request, "accounts/team_reset.html", {"form": form, "who": user}, status=422 if form.is_bound else 200
    )
