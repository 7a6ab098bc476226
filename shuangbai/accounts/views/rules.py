"""The rules of signing in, with their history."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.accounts import actions, queries
from shuangbai.accounts.actions.policies import FIELDS, shown
from shuangbai.accounts.forms import PolicyForm
from shuangbai.accounts.views.administration import check_manages
from shuangbai.accounts.views.own import FORM, tried
from shuangbai.core import audit
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission


@require_http_methods(FORM)
def policies(request: SignedIn) -> HttpResponse:
    """登录规则."""
    check_manages(request, Permission.SET_POLICIES)
    latest = queries.latest_policy()
    initial = {name: getattr(latest, name) for name in FIELDS} | {"version": latest.version}
    form, more = PolicyForm(request.POST or None, initial=initial), {}
    if form.is_valid():
        typed = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"], "values": form.values}
        try:
            if tried(form, lambda: actions.set_policy(by=request.user, **typed)):
                messages.success(request, _("规则已保存，从今天起生效。"))
                return redirect("policies")
        except Conflict as conflict:
            more = _two(form, conflict.current)
            rebase(form, more["current"].version)
    context = {"form": form, "latest": latest, "history": _history(), **more}
    return render(request, "accounts/policies.html", context, status=409 if more else 422 if form.is_bound else 200)


def _two(form: PolicyForm, current: Any) -> dict[str, Any]:
    """What somebody else saved beside what was typed."""
    rows = [
        {
            "label": form.fields[name].label, "theirs": shown(getattr(current, name)), "mine": shown(typed),
            "changed": getattr(current, name) != typed,
        }
        for name, typed in form.values.items()
    ]  # fmt: skip
    return {"rows": rows, "current": current}


def _history() -> list[tuple[Any, str]]:
    return [(event.at, audit.sentence(event)) for event in queries.policy_history()]
