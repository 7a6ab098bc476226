"""上报: reports on their way to the bureau, what a frozen one says, and its proof."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, Refused
from shuangbai.filings import pdf, word
from shuangbai.filings.access import filings_visible_to, may_draft, steps_open, units_to_draft, waiting_for
from shuangbai.filings.actions import (
    confirm_filing,
    draft_filing,
    note_paper_taken,
    return_filing,
    review_filing,
    withdraw_filing,
)
from shuangbai.filings.enums import FilingState, PaperForm
from shuangbai.filings.forms import DraftForm, StepForm, last_month
from shuangbai.filings.jobs import order_freezing
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.paper import TITLE, paper
from shuangbai.filings.pictures import pictures
from shuangbai.filings.queries import latest_accepted
from shuangbai.filings.rules import name_of
from shuangbai.filings.showing import changed_rows, claim_rows, figure_rows, live_rows, parted, station_rows
from shuangbai.filings.verifying import ask_of, prove
from shuangbai.households.views import tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.reports.remarks import of_question
from shuangbai.reports.sheet import mark_of
from shuangbai.reports.telling import secret_codes

PAGE = 50
FACTS_A_SECOND = 12_000  # that are proved, roughly
AT_ONCE_SECONDS = 2


def found(request: SignedIn, pk: UUID) -> Filing:
    """Raises Http404 for a report of a unit that one may not ask about."""
    return get_object_or_404(filings_visible_to(request.user), pk=pk)


@require_safe
def filings(request: SignedIn) -> HttpResponse:
    """上报: what waits for whoever asks, and everything else, the newest period first."""
    if not viewer_of(request.user).may(Permission.SEE_REPORTS):
        raise Http404
    number = request.GET.get("page", "1")
    start = (int(number) - 1) * PAGE if number.isdecimal() and int(number) > 0 else 0
    ordered = filings_visible_to(request.user).order_by("-last", "-first", "owner__path", "-edition")
    rows, mine = list(ordered[start : start + PAGE + 1]), [] if start else waiting_for(request.user)
    rest = [row for row in rows[:PAGE] if row not in mine]
    page = start // PAGE + 1
    context = {
        "groups": [(_("等您办的"), mine), (_("全部"), rest)], "drafts": bool(units_to_draft(request.user)),
        "newer": f"?page={page - 1}" if page > 1 else "", "older": f"?page={page + 1}" if len(rows) > PAGE else "",
    }  # fmt: skip
    return render(request, "filings/filings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def filing_new(request: SignedIn) -> HttpResponse:
    """起草一份上报报告."""
    units = units_to_draft(request.user)
    if not units:
        raise Http404
    first, last = last_month()
    begun = {"unit": units[0].code, "first": f"{first}", "last": f"{last}"}
    begun |= {name: f"{value}" for name, value in request.GET.items() if name in begun}
    form = DraftForm(request.POST or None, initial=begun, user=request.user)
    if form.is_valid():
        said = form.cleaned_data
        made = tried(form, lambda: draft_filing(
            by=request.user, owner=said["unit"], first=said["first"], last=said["last"], reason=said["reason"]
        ))  # fmt: skip
        if made:
            messages.success(request, _("草稿已建好，请核对数字后确认"))
            return redirect("filing", made.pk)
    return render(request, "filings/filing_new.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def filing(request: SignedIn, pk: UUID) -> HttpResponse:
    """One report: its numbers, live until it is frozen, who did what, and what whoever asks may do."""
    return shown(request, found(request, pk), StepForm())


def sealed(one: Filing) -> Manifest | None:
    """What an accepted report was made of, without the facts themselves: they may be many megabytes."""
    return Manifest.objects.select_related("filing__owner").defer("facts").filter(pk=one.pk).first()


def shown(request: SignedIn, one: Filing, form: StepForm, status: int = 200) -> HttpResponse:
    manifest = sealed(one)
    header = json.loads(manifest.header) if manifest else None
    newer = latest_accepted(one.owner_id, one.first, one.last)
    context: dict[str, Any] = {
        "filing": one, "name": name_of(one.period), "manifest": manifest, "form": form,
        "steps": one.steps.select_related("by").order_by("at", "id"), "open": steps_open(request.user, one),
        "rows": figure_rows(header) if header else live_rows(ask_of(one)),
        "remarks": header["remarks"] if header else of_question(ask_of(one)),
        "stations": station_rows(header) if header else None,
        "claims": claim_rows(header) if header else [],
        "address": address_of(request, one), "pictures": pictures(header) if header else [],
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
        "newer": newer if newer and newer.pk != one.pk and newer.edition > one.edition else None,
    }  # fmt: skip
    return render(request, "filings/filing.html", context, status=status)


STEPS: Mapping[str, Callable[..., Filing]] = {
    "confirm": confirm_filing,
    "review": review_filing,
    "accept": order_freezing,
    "return": return_filing,
    "withdraw": withdraw_filing,
}


@require_POST
def filing_step(request: SignedIn, pk: UUID) -> HttpResponse:
    """Take a step. 409 where somebody took one meanwhile, 422 where it needs a reason or comes too early."""
    one, form = found(request, pk), StepForm(request.POST)
    if not form.is_valid():
        return shown(request, one, form, 422)
    said = form.cleaned_data
    step, more = STEPS[said["does"]], {"comment": said["comment"]} if said["does"] == "return" else {}
    try:
        moved = tried(form, lambda: step(by=request.user, filing=one, version=said["version"], **more))
    except Conflict as conflict:
        form.add_error(None, _("别人刚办过这份报告，下面是现在的样子，请看过再办"))
        current: Any = conflict.current
        return shown(request, current, form, 409)
    if moved is None:
        return shown(request, one, form, 422)
    messages.success(request, DONE[said["does"]])
    return redirect("filing", pk)


DONE = {
    "confirm": "已确认，等督导复核",
    "review": "已复核，等民政局接收",
    "accept": "已接收，正在封存",
    "return": "已退回起草人",
    "withdraw": "已撤回，可以另起一份",
}


@require_safe
def filing_state(request: SignedIn, pk: UUID) -> HttpResponse:
    """How far freezing is, for the part of the page that asks again and again."""
    one = found(request, pk)
    answer = render(request, "filings/_state.html", {"filing": one})
    if one.state != FilingState.FREEZING:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
def filing_proof(request: SignedIn, pk: UUID) -> HttpResponse:
    """核验: the report counted again from what was frozen, and held against today's records.

    Where that takes long the page comes first, and asks for the finding itself.
    """
    one = found(request, pk)
    manifest = sealed(one)
    if manifest is None:
        raise Http404
    facts = sum(table["facts"] for table in json.loads(manifest.header)["tables"].values())
    context: dict[str, Any] = {
        "filing": one, "name": name_of(one.period), "again": may_draft(request.user, one.owner),
        "seconds": facts // FACTS_A_SECOND,
    }  # fmt: skip
    if context["seconds"] < AT_ONCE_SECONDS or "now" in request.GET:
        context |= finding(request, manifest)
    inside = "now" in request.GET and request.htmx
    return render(request, "filings/_proof.html" if inside else "filings/proof.html", context)


def finding(request: SignedIn, manifest: Manifest) -> dict[str, Any]:
    """What the proof found, as its page shows it."""
    proof, viewer = prove(manifest), viewer_of(request.user)
    rows = figure_rows(json.loads(manifest.header), proof.figures) if proof.facts else []
    return {
        "proof": proof, "differing": parted(rows, differ=True), "same": parted(rows, differ=False),
        "changes": changed_rows(
            proof.changed, names=viewer.may(Permission.SEE_NAMES),
            secret=secret_codes(ask_of(manifest.filing), request.user),
        ),
        "opens_records": viewer.may(Permission.SEE_RECORDS),
    }  # fmt: skip


@require_POST
def filing_paper(request: SignedIn, pk: UUID) -> HttpResponse:
    """The frozen report as PDF or Word file. It is made before the trail says so, and given after."""
    one = found(request, pk)
    manifest, kind = sealed(one), request.POST.get("form", "")
    if manifest is None or kind not in PaperForm:
        raise Http404
    if kind == PaperForm.PDF and not pdf.available():
        messages.error(request, pdf.MISSING)
        return redirect("filing", pk)
    told = paper(manifest, mark=mark_of(request.user, clock.now()), address=address_of(request, one))
    try:
        made = pdf.render(told, request.build_absolute_uri("/")) if kind == PaperForm.PDF else word.render(told)
    except Refused as refused:
        messages.error(request, refused.findings[0].sentence)
        return redirect("filing", pk)
    note_paper_taken(by=request.user, filing=one, form=PaperForm(kind))
    name = f"{TITLE}_{told['unit']}_{one.first:%Y%m%d}-{one.last:%Y%m%d}_{one.code}.{kind}"
    answer = HttpResponse(made, content_type="application/pdf" if kind == PaperForm.PDF else word.WORD)
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def address_of(request: HttpRequest, one: Filing) -> str:
    """Where the short code leads, for the picture on page and paper."""
    return request.build_absolute_uri(reverse("filing-by-code", args=[one.code]))


@require_safe
def filing_by_code(request: SignedIn, code: str) -> HttpResponse:
    """The short address under a report's picture. 404 for who may not see it."""
    one = get_object_or_404(filings_visible_to(request.user), code=code.upper())
    return redirect("filing", one.pk)
