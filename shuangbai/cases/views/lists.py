"""The lists of cases: one's own, what waits for a supervisor, what is to change hands; and drafts of forms."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shuangbai.cases import queries
from shuangbai.cases.access import cases_visible_to, may_know_of_cases, may_open_cases
from shuangbai.cases.actions.handing import answer_offer, withdraw_offer
from shuangbai.cases.actions.working import drop_draft, save_draft
from shuangbai.cases.forms import AnswerForm
from shuangbai.cases.gathering import Known, known_of, waiting_rows
from shuangbai.cases.views.parts import own_case
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import typed_for_draft
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

PAGE = 100
SCRIPT = "X-Draft"  # set by core/js/draft.js, which wants no page
PAGES = ("assessment", "plan", "goal", "session", "evaluation", "closing")


@require_safe
def case_list(request: SignedIn) -> HttpResponse:
    """个案: those of which this person may know, the open ones first by what comes next; `closed` in the address."""
    if not may_know_of_cases(request.user):
        raise Http404
    day, closed, mine = clock.today(), "closed" in request.GET, "mine" in request.GET
    found = cases_visible_to(request.user).filter(closed_on__isnull=not closed)
    if mine and request.user.staff_id:
        found = queries.of_worker(found, request.user.staff_id)
    cases = list(found.select_related("worker", "charge").order_by("-opened_on", "id")[: PAGE + 1])
    rows = in_order(known_of(cases[:PAGE], day))
    leads = viewer_of(request.user).may(Permission.LEAD_CASES)
    context = {
        "rows": rows, "day": day, "closed": closed, "mine": mine, "more": len(cases) > PAGE, "leads": leads,
        "supervises": viewer_of(request.user).may(Permission.SUPERVISE_CASES),
        "may_open": may_open_cases(request.user), "offers": list(queries.offers_to(request.user)),
        "given": list(queries.offers_given(request.user)), "answer": AnswerForm(),
        "unkept": list(queries.unkept(request.user, day).select_related("worker")) if leads else [],
    }  # fmt: skip
    return render(request, "cases/list.html", context)


def in_order(rows: list[Known]) -> list[Known]:
    """What comes next first; where nothing does, the oldest."""
    return sorted(rows, key=lambda one: (one.next.on if one.next else date.max, one.case.opened_on))


@require_safe
def case_waiting(request: SignedIn) -> HttpResponse:
    """等您看的: the supervisor's cases, what is asked of them first."""
    if not viewer_of(request.user).may(Permission.SUPERVISE_CASES):
        raise Http404
    day = clock.today()
    context = {"rows": waiting_rows(request.user, day), "day": day}
    return render(request, "cases/waiting.html", context)


# CHANGING HANDS --------------------------------------------------------------


@require_POST
def case_offer_answer(request: SignedIn, pk: UUID) -> HttpResponse:
    """接手、退回, by whoever receives a case; 收回 by whoever gives it."""
    does, form = request.POST.get("does", ""), AnswerForm(request.POST)
    rows = queries.offers_given(request.user) if does == "withdraw" else queries.offers_to(request.user)
    offer = get_object_or_404(rows, pk=pk)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    try:
        if does == "withdraw":
            withdraw_offer(by=request.user, offer=offer)
        else:
            answer_offer(by=request.user, offer=offer, take=does == "take", why=why)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
        return redirect("case-list")
    messages.success(request, {"take": _("已接手"), "withdraw": _("已收回")}.get(does, _("已退回")))
    return redirect(reverse("case", args=[offer.case_id]) if does == "take" else "case-list")


# DRAFTS --------------------------------------------------------------------


@require_POST
def case_draft(request: SignedIn, pk: UUID, page: str) -> HttpResponse:
    """存为草稿. To the script 204 with the time; to a browser without it, the case and a message."""
    found = own_case(request, pk)
    if page.split("-")[0] not in PAGES or len(page) > 50:
        raise Http404
    at = save_draft(by=request.user, case=found, page=page, typed=typed_for_draft(request.POST))
    if SCRIPT in request.headers:
        return HttpResponse(status=204, headers={"X-Draft-Kept": f"{at:%H:%M}"})
    messages.success(request, _("草稿已存，打开同一页接着写"))
    return redirect("case", pk)


@require_POST
def case_draft_drop(request: SignedIn, pk: UUID, page: str) -> HttpResponse:
    found = own_case(request, pk)
    drop_draft(by=request.user, case=found, page=page)
    messages.success(request, _("草稿已丢弃"))
    return redirect("case", pk)
