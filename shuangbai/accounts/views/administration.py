"""The system administrator's pages: the list of accounts, opening them, one account."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.accounts import actions, provider, queries
from shuangbai.accounts.access import is_administrator
from shuangbai.accounts.enums import Outcome, Purpose
from shuangbai.accounts.forms import AccountFilter, AccountForm, ClaimForm, PasteForm, ReasonForm
from shuangbai.accounts.models import ProviderLink, RoleRequest
from shuangbai.accounts.pasted import MOST, Line, read_list
from shuangbai.accounts.rules import STATION_ROLES
from shuangbai.accounts.views.own import FORM, tried
from shuangbai.core import audit
from shuangbai.core.findings import Conflict, Refused
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import User
from shuangbai.network.roles import Permission, Role


def check_manages(request: SignedIn, permission: Permission = Permission.MANAGE_ACCOUNTS) -> None:
    if not viewer_of(request.user).may(permission):
        raise Http404


def account_of(pk: UUID) -> Any:
    """An account with what its state follows from. Raises Http404."""
    return get_object_or_404(queries.accounts(), pk=pk)


def slips(request: SignedIn, issued: list[actions.Issued]) -> HttpResponse:
    """The slips to print, one a person: the only page on which the codes ever stand."""
    leave = "account-list" if viewer_of(request.user).may(Permission.MANAGE_ACCOUNTS) else "role-list"
    address = request.build_absolute_uri(reverse("welcome"))
    context = {"issued": issued, "address": address, "leave_url": reverse(leave)}
    return render(request, "accounts/slips.html", context)


# THE LIST ------------------------------------------------------------------


@require_safe
def account_list(request: SignedIn) -> HttpResponse:
    """账号."""
    check_manages(request)
    form = AccountFilter(request.GET)
    asked = form.asked()
    page = Paginator(queries.find_accounts(**asked), queries.PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form, "lines": queries.account_lines(page.object_list), "page": page,
        "asked": [dict(form.fields[name].choices).get(value, value) for name, value in asked.items() if name != "q"],  # type: ignore[attr-defined]
        "newer_url": _page_url(request, page.previous_page_number()) if page.has_previous() else "",
        "older_url": _page_url(request, page.next_page_number()) if page.has_next() else "",
        "resets": queries.open_resets(),
    }  # fmt: skip
    return render(request, "accounts/list.html", context)


def _page_url(request: SignedIn, page: int) -> str:
    asked = request.GET.copy()
    asked["page"] = str(page)
    return f"?{asked.urlencode()}"


# OPENING -------------------------------------------------------------------


@require_http_methods(FORM)
def account_new(request: SignedIn) -> HttpResponse:
    """开设一个账号."""
    check_manages(request)
    form = AccountForm(request.POST or None)
    if form.is_valid():
        typed = form.cleaned_data
        entry = actions.AccountEntry(
            typed["username"], typed["display_name"], Role(typed["role"]), typed["unit"], typed["staff"],
            reason=typed["reason"],
        )  # fmt: skip
        issued = opened(form, request, [entry])
        if issued:
            return slips(request, issued)
    return render(request, "accounts/new.html", {"form": form}, status=422 if form.is_bound else 200)


def opened(form: forms.Form, request: SignedIn, entries: list[actions.AccountEntry]) -> list[actions.Issued] | None:
    """The invitations, or None where sentences about the one entry stand on the form."""
    try:
        return actions.open_accounts(by=request.user, entries=entries)
    except Refused as refused:
        for finding in refused.findings:
            name = finding.field.partition("-")[2]
            form.add_error(name if name in form.fields else None, finding.sentence)
        return None


@require_http_methods(FORM)
def account_paste(request: SignedIn) -> HttpResponse:
    """粘贴名单: first shown with what is wrong in each line, then the good lines chosen are opened, all or none."""
    check_manages(request)
    form, lines = PasteForm(request.POST or None), []
    if form.is_valid():
        lines = read_list(form.cleaned_data["text"])
        if len(lines) > MOST or not lines:
            form.add_error(
                "text", _("一次最多 %(most)d 行，请分几次粘贴") % {"most": MOST} if lines else _("名单里没有内容")
            )
        elif "open" in request.POST:
            issued = _open_chosen(form, request, lines)
            if issued:
                return slips(request, issued)
    chosen = set(request.POST.getlist("line")) if "open" in request.POST else {str(line.number) for line in lines}
    context = {"form": form, "lines": lines, "chosen": chosen, "good": sum(line.is_good for line in lines)}
    return render(request, "accounts/paste.html", context, status=422 if form.errors else 200)


def _open_chosen(form: forms.Form, request: SignedIn, lines: list[Line]) -> list[actions.Issued] | None:
    """The invitations for the lines chosen. Refused as a whole where one of them is no longer good."""
    picked = [line for line in lines if str(line.number) in request.POST.getlist("line")]
    if not picked:
        form.add_error(None, _("没有选中任何一行，请勾选要开设的行"))
        return None
    if not all(line.is_good for line in picked):
        form.add_error(None, _("选中的行里有一行现在有问题（见下表），一个都没有开设。请去掉它再试"))
        return None
    return opened(form, request, [line.entry for line in picked if line.entry])


# ONE ACCOUNT ---------------------------------------------------------------


@require_safe
def account(request: SignedIn, pk: UUID) -> HttpResponse:
    """一个账号."""
    check_manages(request)
    user = account_of(pk)
    issuer = provider.settings.OIDC_ISSUER
    context = {
        "account": user, "state": queries.state_of(user), "code": queries.open_code(user),
        "grants": [(grant, grant.role in STATION_ROLES) for grant in user.lasting],
        "past": user.grants.exclude(pk__in=[grant.pk for grant in user.lasting]).select_related("unit"),
        "asked": RoleRequest.objects.filter(user=user, outcome="").select_related("unit", "asked_by"),
        "sessions": [one for one in queries.sessions_of(user) if one.ended_at is None],
        "history": [(event.at, audit.sentence(event)) for event in queries.history_of(user)],
        "oneself": user.pk == request.user.pk, "administrator": is_administrator(user),
        "provider": provider.is_offered(), "linked": ProviderLink.objects.filter(user=user, issuer=issuer).exists(),
    }  # fmt: skip
    return render(request, "accounts/account.html", context)


# What the buttons of an account's page ask for, and what is said when it was done.
def _doings(by: User, user: User) -> dict[str, tuple[Callable[[], Any], str]]:
    return {
        "invite": (lambda: actions.issue_code(by=by, user=user), ""),
        "reset": (lambda: actions.issue_code(by=by, user=user, purpose=Purpose.RESET), ""),
        "revoke": (lambda: actions.revoke_code(by=by, user=user), _("一次性码已作废。")),
        "unlock": (lambda: actions.unlock(by=by, user=user), _("已解锁，可以重新登录了。")),
        "sessions": (lambda: actions.end_all_sessions(by=by, user=user), _("这个账号的登录都已结束。")),
        "start": (lambda: actions.start_account(by=by, user=user), _("账号已重新启用。")),
        "unlink": (
            lambda: actions.unlink_provider(by=by, user=user, issuer=provider.settings.OIDC_ISSUER),
            _("已解除绑定。"),
        ),
    }


@require_POST
def account_do(request: SignedIn, pk: UUID) -> HttpResponse:
    """One of the buttons on an account's page."""
    check_manages(request)
    user = account_of(pk)
    doing = _doings(request.user, user).get(request.POST.get("do", ""))
    if doing is None:
        raise Http404
    act, said = doing
    try:
        made = act()
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    else:
        if isinstance(made, actions.Issued):
            return slips(request, [made])
        messages.success(request, said)
    return redirect("account", user.pk)


@require_http_methods(FORM)
def account_stop(request: SignedIn, pk: UUID) -> HttpResponse:
    """停用账号."""
    check_manages(request)
    user = account_of(pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]

        def stop() -> bool:
            actions.stop_account(by=request.user, user=user, reason=reason)
            return True

        if tried(form, stop):
            messages.success(request, _("账号已停用，登录都已结束。记录都保留。"))
            return redirect("account", user.pk)
    return render(request, "accounts/stop.html", {"form": form, "account": user}, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def account_link(request: SignedIn, pk: UUID) -> HttpResponse:
    """绑定统一登录平台."""
    check_manages(request)
    if not provider.is_offered():
        raise Http404
    user, issuer = account_of(pk), provider.settings.OIDC_ISSUER
    form = ClaimForm(request.POST or None)
    if form.is_valid():
        claim = form.cleaned_data["claim"]
        if tried(form, lambda: actions.link_provider(by=request.user, user=user, issuer=issuer, claim=claim)):
            messages.success(request, _("已绑定。"))
            return redirect("account", user.pk)
    return render(request, "accounts/link.html", {"form": form, "account": user}, status=422 if form.is_bound else 200)


@require_POST
def reset_decide(request: SignedIn, pk: UUID) -> HttpResponse:
    """A reset that a station head asked for: granted, with its slip, or not."""
    outcome = Outcome.GRANTED if request.POST.get("outcome") == "granted" else Outcome.DECLINED
    try:
        issued = actions.decide_reset(by=request.user, request_id=pk, outcome=outcome)
    except Conflict as conflict:
        said = _("%(who)s 已经处理过这个申请：%(how)s。") % {
            "who": conflict.current.decided_by, "how": conflict.current.get_outcome_display(),  # type: ignore[attr-defined]
        }  # fmt: skip
        messages.warning(request, said)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    else:
        if issued:
            return slips(request, [issued])
        messages.success(request, _("已记为不同意。"))
    may_list = viewer_of(request.user).may(Permission.MANAGE_ACCOUNTS)
    return redirect("account-list" if may_list else "role-list")
