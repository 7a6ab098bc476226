"""What the city says: of each policy from a day on, and of a year's days off."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.assistance import queries
from shuangbai.assistance.actions import city
from shuangbai.assistance.enums import POLICIES
from shuangbai.assistance.forms import PolicyRuleForm, WorkdaysForm
from shuangbai.codes.queries import decisions_of, items_of, label_of, version_of
from shuangbai.codes.views import check_page, decided
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.views import FORM
from shuangbai.network.context import SignedIn


@require_safe
def policy_list(request: SignedIn) -> HttpResponse:
    """政策与期限."""
    check_page(request)
    crumbs = [(_("设置"), reverse("setup")), (_("政策与期限"), "")]
    context = {"lines": queries.policy_lines(clock.today()), "crumbs": crumbs, "decisions": decisions_of(city.RULE)}
    return render(request, "assistance/policies.html", context)


@require_http_methods(FORM)
def policy_rule(request: SignedIn, code: str) -> HttpResponse:
    """一项政策的规定."""
    check_page(request)
    if code not in items_of(POLICIES):
        raise Http404
    day, version = clock.today(), version_of(city.RULE)
    rule = queries.Rules().on(code, day)
    form = PolicyRuleForm(request.POST or None, rule=rule, version=version)
    heading = label_of(POLICIES, code, day)
    crumbs = [(_("设置"), reverse("setup")), (_("政策与期限"), reverse("policy-list")), (heading, "")]
    more = {
        "heading": heading, "crumbs": crumbs, "back_url": reverse("policy-list"), "rule": rule,
        "decisions": decisions_of(city.RULE, item=code),
    }  # fmt: skip
    return decision(request, form, version, "policy-list", "assistance/policy.html", lambda: city.set_policy_rule(
        by=request.user, policy=code, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"],
    ), more)  # fmt: skip


@require_http_methods(FORM)
def workdays(request: SignedIn) -> HttpResponse:
    """放假与调休, a year at a time."""
    check_page(request)
    today, asked = clock.today(), request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and today.year - 10 <= int(asked) <= today.year + 2 else today.year
    (off, worked), version = queries.days_of(year), version_of(city.WORKDAYS)
    form = WorkdaysForm(request.POST or None, off=off, worked=worked, version=version)
    heading = _("%(year)d 年放假与调休") % {"year": year}
    crumbs = [(_("设置"), reverse("setup")), (heading, "")]
    more = {"heading": heading, "crumbs": crumbs, "back_url": reverse("setup"), "year": year}
    more |= {"years": range(today.year - 1, today.year + 2), "decisions": decisions_of(city.WORKDAYS)}
    return decision(request, form, version, "workdays", "assistance/workdays.html", lambda: city.set_workdays(
        by=request.user, year=year, version=form.cleaned_data["version"] or 0, off=form.cleaned_data["off"],
        worked=form.cleaned_data["worked"], reason=form.cleaned_data["reason"],
    ), more)  # fmt: skip


def decision(
    request: SignedIn, form: Any, version: int, done: str, template: str, act: Any, more: dict[str, Any]
) -> HttpResponse:
    """The outcome of a decision: back to `done`, or the form with what is to be put right."""
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if decided(form, act):
                messages.success(request, _("已保存"))
                return redirect(done)
        except Conflict:
            rebase(form, version)
            form.add_error(None, _("您打开之后别人改过，请看清现在的规定，再按一次保存"))
            status = 409
    return render(request, template, {"form": form, **more}, status=status)
