"""What the city says of each policy from a day on."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.assistance import queries
from shuangbai.assistance.actions import city
from shuangbai.assistance.enums import POLICIES
from shuangbai.assistance.forms import PolicyRuleForm
from shuangbai.codes.queries import decisions_of, items_of, label_of, version_of
from shuangbai.codes.views import check_page, decision
from shuangbai.core import clock
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
