"""Roles: asked for by the system administrator, confirmed and taken back by the security administrator."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.accounts import actions, queries
from shuangbai.accounts.access import is_administrator
from shuangbai.accounts.enums import Outcome, Purpose
from shuangbai.accounts.forms import EndGrantForm, RoleForm
from shuangbai.accounts.rules import STATION_ROLES
from shuangbai.accounts.views.administration import account_of, check_manages, slips
from shuangbai.accounts.views.own import FORM, tried
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, Refused
from shuangbai.core.queries import latest_change
from shuangbai.network.context import SignedIn
from shuangbai.network.models import RoleGrant, User
from shuangbai.network.roles import Permission, Role


@require_http_methods(FORM)
def role_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """申请或授予角色."""
    check_manages(request)
    user = account_of(pk)
    if user.pk == request.user.pk:
        raise Http404
    form = RoleForm(request.POST or None, initial={"starts_on": clock.today()})
    if form.is_valid():
        asked = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        made = tried(form, lambda: actions.ask_role(by=request.user, user=user, **asked))
        if made is not None:
            given = isinstance(made, RoleGrant)
            messages.success(request, _("角色已生效。") if given else _("已提交，安全管理员确认后生效。"))
            return redirect("account", user.pk)
    return render(
        request, "accounts/role_new.html", {"form": form, "account": user}, status=422 if form.is_bound else 200
    )


@require_safe
def role_list(request: SignedIn) -> HttpResponse:
    """角色确认."""
    check_manages(request, Permission.GRANT_ROLES)
    context = {
        "waiting": queries.role_requests(decided=False),
        "decided": queries.role_requests(decided=True)[:20],
        "grants": queries.wider_grants(),
        "resets": [one for one in queries.open_resets() if is_administrator(one.user)],
        "administrators": queries.account_lines(queries.administrators()),
        "others": queries.others_with_a_factor(request.user),
        "me": request.user,
    }
    return render(request, "accounts/roles.html", context)


@require_POST
def role_decide(request: SignedIn, pk: UUID) -> HttpResponse:
    """A role confirmed, declined, or taken back by who asked for it."""
    outcome = request.POST.get("outcome", "")
    try:
        if outcome == Outcome.WITHDRAWN:
            actions.withdraw_role(by=request.user, request_id=pk)
        elif outcome in (Outcome.GRANTED, Outcome.DECLINED):
            actions.decide_role(by=request.user, request_id=pk, outcome=Outcome(outcome))
        else:
            raise Http404
    except Conflict as conflict:
        row: Any = conflict.current
        how = {"who": row.decided_by, "how": row.get_outcome_display()}
        messages.warning(request, _("%(who)s 已经处理过这个申请：%(how)s。") % how)
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    else:
        messages.success(request, _("已记下：%(how)s。") % {"how": Outcome(outcome).label})
    return redirect("account-list" if outcome == Outcome.WITHDRAWN else "role-list")


@require_http_methods(FORM)
def grant_end(request: SignedIn, pk: int) -> HttpResponse:
    """收回角色: its last day. Where somebody changed it meanwhile, both are shown."""
    grant = get_object_or_404(RoleGrant.objects.select_related("user", "unit"), pk=pk)
    station = grant.role in STATION_ROLES
    check_manages(request, Permission.MANAGE_ACCOUNTS if station else Permission.GRANT_ROLES)
    if grant.user_id == request.user.pk:
        raise Http404
    initial = {"ends_on": clock.today(), "seen": grant.ends_on}
    form, conflict = EndGrantForm(request.POST or None, initial=initial), None
    if form.is_valid():
        try:
            if tried(form, lambda: actions.end_grant(by=request.user, grant_id=pk, **form.cleaned_data)):
                messages.success(request, _("已记下最后一天。"))
                return redirect("account", grant.user_id) if station else redirect("role-list")
        except Conflict:
            conflict = latest_change(grant.user)
            form = EndGrantForm(initial={**initial, "ends_on": form.cleaned_data["ends_on"]})
    status = 409 if conflict else 422 if form.is_bound else 200
    context = {"form": form, "grant": grant, "station": station, "conflict": conflict}
    return render(request, "accounts/grant_end.html", context, status=status)


@require_POST
def administrator_do(request: SignedIn, pk: UUID) -> HttpResponse:
    """What the security administrator does for an account: a lost telephone, and a new password for administrators."""
    check_manages(request, Permission.GRANT_ROLES)
    user = get_object_or_404(User, pk=pk)
    try:
        if request.POST.get("do") == "factor":
            actions.reset_factor(by=request.user, user=user)
            messages.success(request, _("验证器已解除，登录已结束。"))
        elif request.POST.get("do") == "reset":
            return slips(request, [actions.issue_code(by=request.user, user=user, purpose=Purpose.RESET)])
        else:
            raise Http404
    except Refused as refused:
        messages.warning(request, refused.findings[0].sentence)
    return redirect("role-list")
