"""Pages of scales: which there are, what each asks, where a city adds its own. Results are shown by rooms above."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.codes.access import may_decide
from shuangbai.codes.forms import DecisionForm
from shuangbai.codes.queries import decisions_of, version_of
from shuangbai.codes.views import check_page, decided, decision_page
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.network.context import SignedIn
from shuangbai.scales import actions, queries
from shuangbai.scales.forms import EndScaleForm, ScaleForm
from shuangbai.scales.rules import Scale

FORM = ["GET", "HEAD", "POST"]


@require_safe
def scale_list(request: SignedIn) -> HttpResponse:
    """评估量表: those in use, those that ended, where each comes from."""
    known, today = queries.catalogue(), clock.today()
    now = queries.scales_on(today, known)
    codes = {one.code for one in now}
    newest = {code: queries.newest_of(code, known) for code, _version in known}
    others = [one for code, one in newest.items() if one and code not in codes]
    decides = may_decide(request.user)
    context = {
        "scales": now, "others": others, "today": today, "decides": decides,
        "decisions": decisions_of(actions.SUBJECT) if decides else [],
        "new_url": reverse("scale-new") if decides else "",
    }  # fmt: skip
    return render(request, "scales/list.html", context)


def _scale(code: str) -> tuple[Scale, list[Scale]]:
    versions = queries.versions_of(code, queries.catalogue())
    if not versions:
        raise Http404
    return versions[0], versions


@require_safe
def scale(request: SignedIn, code: str) -> HttpResponse:
    """One scale: its items, how it is scored, its source and licence; printed, it can be filled in by hand."""
    newest, versions = _scale(code)
    context = {
        "scale": newest, "versions": versions[1:], "today": clock.today(), "decides": may_decide(request.user),
        "crumbs": _crumbs(newest.name),
    }  # fmt: skip
    return render(request, "scales/scale.html", context)


def _crumbs(*here: str) -> list[tuple[str, str]]:
    return [(_("评估量表"), reverse("scale-list")), *((one, "") for one in here)]


@require_http_methods(FORM)
def scale_new(request: SignedIn) -> HttpResponse:
    """增加本市的量表."""
    check_page(request)
    form = ScaleForm(request.POST or None, version=version_of(actions.SUBJECT))
    return _written(request, form, actions.add_scale, {}, _("增加量表"), reverse("scale-list"))


@require_http_methods(FORM)
def scale_change(request: SignedIn, code: str) -> HttpResponse:
    """改成新版本: of a scale of the city's own."""
    check_page(request)
    newest, _versions = _scale(code)
    if not newest.own:
        raise Http404
    form = ScaleForm(request.POST or None, version=version_of(actions.SUBJECT), like=newest)
    heading = _("%(name)s：改成新版本") % {"name": newest.name}
    return _written(request, form, actions.change_scale, {"code": code}, heading, reverse("scale", args=[code]))


def _written(
    request: SignedIn, form: ScaleForm, act: Callable[..., Any], more: dict[str, Any], heading: str, back: str
) -> HttpResponse:
    """A scale that was written: kept, or the form with what is to be put right."""

    def send() -> Any:
        c = form.cleaned_data
        said = {"starts_on": c["starts_on"], "version": c["version"] or 0, "reason": c["reason"]}
        return act(by=request.user, data=form.definition(), **said, **more)

    return _decided(request, form, send, heading, back)


def _decided(request: SignedIn, form: DecisionForm, send: Callable[[], Any], heading: str, back: str) -> HttpResponse:
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            if decided(form, send):
                messages.success(request, _("已保存"))
                return redirect("scale-list")
        except Conflict:
            status = 409
            rebase(form, version_of(actions.SUBJECT))
            form.add_error(None, _("您打开之后别人改过量表，请先看清现在的样子，再按一次保存"))
    return decision_page(request, form, heading=heading, crumbs=_crumbs(heading), back_url=back, status=status)


@require_http_methods(FORM)
def scale_end(request: SignedIn, code: str) -> HttpResponse:
    """停用, from the day after its last."""
    check_page(request)
    newest, _versions = _scale(code)
    form = EndScaleForm(request.POST or None, version=version_of(actions.SUBJECT))

    def send() -> None:
        c = form.cleaned_data
        said = {"ends_on": c["ends_on"], "version": c["version"] or 0, "reason": c["reason"]}
        actions.end_scale(by=request.user, code=code, **said)

    heading = _("%(name)s：停用") % {"name": newest.name}
    return _decided(request, form, send, heading, reverse("scale", args=[code]))
