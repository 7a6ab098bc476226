"""What the city says of cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.cases import queries
from shuangbai.cases.actions.watching import RULE, set_case_rule
from shuangbai.cases.forms import CaseRuleForm
from shuangbai.codes.queries import decisions_of, version_of
from shuangbai.codes.views import check_page, decided
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.views import FORM
from shuangbai.network.context import SignedIn


@require_http_methods(FORM)
def case_rule(request: SignedIn) -> HttpResponse:
    """个案, by the city."""
    check_page(request)
    day, version = clock.today(), version_of(RULE)
    form = CaseRuleForm(request.POST or None, rule=queries.rule_on(day), version=version)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "version": form.cleaned_data["version"] or 0}
        try:
            if decided(form, lambda: set_case_rule(by=request.user, reason=form.cleaned_data["reason"], **said)):
                messages.success(request, _("已保存"))
                return redirect("case-rule")
        except Conflict:
            rebase(form, version)
            form.add_error(None, _("您打开之后别人改过这项规定，请看清现在的规定，再按一次保存"))
            more["status"] = 409
    heading = _("个案")
    more["decisions"] = decisions_of(RULE)
    status = more.get("status", 422 if form.is_bound else 200)
    crumbs = [(_("设置"), reverse("setup")), (heading, "")]
    context = {"form": form, "heading": heading, "crumbs": crumbs, "back_url": reverse("setup"), **more}
    return render(request, "cases/rule.html", context, status=status)
