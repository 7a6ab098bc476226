"""A case is evaluated and closed, its client seen again; and what its supervisor says."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.cases import queries
from shuangbai.cases.access import may_comment, supervises
from shuangbai.cases.actions import ending
from shuangbai.cases.actions.watching import say_view
from shuangbai.cases.enums import FollowUpState, Stage, ViewKind
from shuangbai.cases.forms import ClosingForm, EvaluationForm, FollowUpForm, PlannedForm, ReasonForm, ViewForm
from shuangbai.cases.gathering import known
from shuangbai.cases.models import Case, Evaluation, FollowUp, Plan
from shuangbai.cases.views.parts import case_of, form_page, own_case, part_of, team_of
from shuangbai.core import clock
from shuangbai.households.views import FORM
from shuangbai.network.context import SignedIn


@require_http_methods(FORM)
def case_evaluate(request: SignedIn, pk: UUID, row: UUID | None = None) -> HttpResponse:
    """评估表: a new one, or one put right."""
    found = own_case(request, pk)
    old = part_of(found, Evaluation.objects, row) if row else None
    names = ("evaluated_on", "process", "outcome", "satisfaction", "client_words", "version")
    first = {name: getattr(old, name) for name in names} if old else {"evaluated_on": clock.today()}
    form = EvaluationForm(request.POST or None, initial=first)
    return form_page(
        request, found, form, _("评估表"), to="#evaluation", draft=f"evaluation-{row}" if row else "evaluation",
        act=lambda: ending.evaluate_case(
            by=request.user, case=found, entry=form.entry(), evaluation=old, version=form.read
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_close(request: SignedIn, pk: UUID) -> HttpResponse:
    """结案表: saved to be gone on with, or saved and the case closed by it."""
    found, day = own_case(request, pk), clock.today()
    if found.closed_on:
        raise Http404
    old = queries.closing_of(found)
    names = ("reason", "summary", "outcome", "client_view", "months")
    begun = {"months": queries.rule_on(day).months, "outcome": outcome_of(found)}
    first = {name: getattr(old, name) for name in names} if old else begun
    form = ClosingForm(request.POST or None, initial={**first, "version": found.version}, day=day)

    def act() -> object:
        said: dict[str, Any] = {"by": request.user, "case": found, "version": form.read, "entry": form.entry()}
        if not form.closes:
            return ending.write_closing(**said)
        return ending.close_case(**said, on=form.cleaned_data["on"], why=form.cleaned_data["why"])

    return form_page(
        request, found, form, _("结案表"), act=act, said=_("已结案") if form.is_bound and form.closes else "",
        to="#closing", draft="closing", template="cases/closing.html", may_close=found.stage == Stage.CLOSE,
        lacks=known(found, day).missing, now=lambda case: queries.closing_of(case) or case,
    )  # fmt: skip


def outcome_of(found: Case) -> str:
    """The outcome by goal, as far as it is known: a line for each, to be gone on with."""
    lines = []
    for one in queries.goals_of(found):
        if one.goal.state == "dropped":
            said = _("不再追求")
        elif one.latest is None:
            said = _("没有评分")
        else:
            said = _("达成") if one.reached else _("未达成")
        lines.append(f"{one.goal.statement}：{said}")
    return "\n".join(lines)


# AFTERWARDS ----------------------------------------------------------------


@require_http_methods(FORM)
def case_follow_up(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """回访记录."""
    found = own_case(request, pk)
    one = part_of(found, FollowUp.objects.select_related("case").exclude(state=FollowUpState.DROPPED), row)
    me = request.user.staff_id
    first = {"version": one.version, "worker": str(one.worker_id or me or found.worker_id)}
    if one.state == FollowUpState.DONE:
        first |= {name: getattr(one, name) for name in ("done_on", "mode", "result", "note")}
    form = FollowUpForm(request.POST or None, team=team_of(found, one.worker_id), initial=first)
    return form_page(
        request, found, form, _("回访记录"), to="#follow-ups", sub=f"{one.due_on:%Y-%m-%d}",
        act=lambda: ending.record_follow_up(
            by=request.user, follow_up=one, version=form.read, entry=form.entry()
        ),
    )  # fmt: skip


@require_http_methods(FORM)
def case_follow_up_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """再排一次回访."""
    found = own_case(request, pk)
    if found.stage != Stage.FOLLOWUP:
        raise Http404
    form = PlannedForm(request.POST or None)
    return form_page(
        request, found, form, _("再排一次回访"), to="#follow-ups",
        act=lambda: ending.plan_follow_up(by=request.user, case=found, due_on=form.cleaned_data["due_on"]),
    )  # fmt: skip


@require_http_methods(FORM)
def case_follow_up_drop(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """不再回访."""
    found = own_case(request, pk)
    one = part_of(found, FollowUp.objects.select_related("case").filter(state=FollowUpState.PLANNED), row)
    form = ReasonForm(request.POST or None, initial={"version": one.version})
    return form_page(
        request, found, form, _("不再回访"), to="#follow-ups", sub=f"{one.due_on:%Y-%m-%d}",
        act=lambda: ending.drop_follow_up(
            by=request.user, follow_up=one, version=form.read, reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip


# THE SUPERVISOR ------------------------------------------------------------


@require_http_methods(FORM)
def case_view(request: SignedIn, pk: UUID) -> HttpResponse:
    """督导意见: of the whole case; of the plan and the closing whether one agrees. The head comments."""
    found = case_of(request, pk)
    if not may_comment(request.user, found):
        raise Http404
    plan, closing = Plan.objects.filter(case=found).first(), queries.closing_of(found)
    kinds = [ViewKind.COMMENT]
    if supervises(request.user, found):
        kinds += [kind for kind, row in ((ViewKind.PLAN, plan), (ViewKind.CLOSING, closing)) if row]
    about = {ViewKind.PLAN: plan, ViewKind.CLOSING: closing}
    asked = request.GET.get("about", "")
    first = {"kind": asked if asked in kinds else ViewKind.COMMENT}
    form = ViewForm(request.POST or None, kinds=kinds, initial=first)

    def act() -> object:
        said = form.spoken()
        row = about.get(said["kind"])
        return say_view(by=request.user, case=found, **said, about_version=row.version if row else None)

    return form_page(
        request, found, form, _("说意见"), to="#views", act=act, said=_("已记下，社工看得到"),
        save_label=_("记下"),
    )  # fmt: skip
