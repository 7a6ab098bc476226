"""Pages of certificates of volunteer service: issuing, the list by which one is verified, printing, withdrawing."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.privacy import mask_id
from shuangbai.core.queries import installation_names
from shuangbai.households.views import FORM, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.volunteers import pdf
from shuangbai.volunteers.access import certificates_visible_to, may_open_masked, may_take_back
from shuangbai.volunteers.actions import certifying
from shuangbai.volunteers.forms import CertificateForm, ReasonForm
from shuangbai.volunteers.models import Certificate
from shuangbai.volunteers.queries import PAGE, services_of
from shuangbai.volunteers.views.people import volunteer_of


@require_http_methods(FORM)
def certificate_new(request: SignedIn, pk: UUID) -> HttpResponse:
    """出具志愿服务记录证明."""
    found = volunteer_of(request, pk, looks_after=True)
    form = CertificateForm(request.POST or None, volunteer=found)
    if form.is_valid():
        entry = form.entry()
        if made := tried(form, lambda: certifying.issue_certificate(by=request.user, volunteer=found, entry=entry)):
            messages.success(request, _("已出具，编号 %(number)s") % {"number": made.number})
            return redirect("certificate", made.pk)
    context = {
        "form": form, "volunteer": found, "total": sum(one.row.hours for one in services_of(found)),
        "back_url": reverse("volunteer", args=[pk]),
        "crumbs": [(_("志愿者"), reverse("volunteer-list")), (found.called, reverse("volunteer", args=[pk])),
                   (_("出具证明"), "")],
    }  # fmt: skip
    return render(request, "volunteers/certificate_new.html", context, status=422 if form.is_bound else 200)


@require_safe
def certificate_list(request: SignedIn) -> HttpResponse:
    """已出具的证明: by a number that somebody shows, whether it was issued and still holds."""
    if not viewer_of(request.user).may(Permission.SEE_FAMILIES):
        raise Http404
    words = request.GET.get("q", "").replace("\0", "").strip()[:40]
    rows = certificates_visible_to(request.user).defer("said").order_by("-issued_on", "-serial")
    if words:
        rows = rows.filter(number__icontains=words)
    page = max(int(request.GET.get("page", "1")), 1) if request.GET.get("page", "1").isdecimal() else 1
    shown = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "rows": shown[:PAGE], "q": words, "newer_url": page_url(request, page - 1) if page > 1 else "",
        "older_url": page_url(request, page + 1) if len(shown) > PAGE else "",
        "crumbs": [(_("志愿者"), reverse("volunteer-list")), (_("已出具的证明"), "")],
    }  # fmt: skip
    return render(request, "volunteers/certificates.html", context)


def _certificate_of(request: SignedIn, pk: UUID) -> Certificate:
    return get_object_or_404(certificates_visible_to(request.user), pk=pk)


def _told(found: Certificate, *, clear: bool) -> dict[str, Any]:
    """What a certificate says, as it was issued; the identity number masked unless `clear`."""
    said = json.loads(found.said) if found.said else {}
    if said and not clear:
        said["id_no"] = mask_id(said["id_no"])
    return {"certificate": found, "said": said, "bureau_name": installation_names().bureau}


@require_safe
def certificate(request: SignedIn, pk: UUID) -> HttpResponse:
    """One certificate as it was issued."""
    return _page(request, _certificate_of(request, pk))


def _page(request: SignedIn, found: Certificate, **more: Any) -> HttpResponse:
    standing = found.voided_at is None
    context = {
        **_told(found, clear=False), "pdf": pdf.available(), "pdf_missing": pdf.MISSING,
        "may_print": standing and bool(found.said) and may_open_masked(request.user, found.volunteer),
        "may_withdraw": standing and may_take_back(request.user, found),
        "form": ReasonForm(initial={"version": found.version}),
        "crumbs": [(_("已出具的证明"), reverse("certificate-list")), (found.number, "")], **more,
    }  # fmt: skip
    return render(request, "volunteers/certificate.html", context, status=more.get("status", 200))


@require_POST
def certificate_print(request: SignedIn, pk: UUID) -> HttpResponse:
    """The certificate on paper, with the identity number; kept in the trail. As PDF, or as a page to print."""
    found = _certificate_of(request, pk)
    try:
        certifying.note_taken(by=request.user, certificate=found)
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        messages.warning(request, refused.first.sentence)
        return redirect("certificate", pk)
    context = _told(found, clear=True)
    if request.POST.get("form") == "pdf" and pdf.available():
        answer = HttpResponse(pdf.render(context, request.build_absolute_uri("/")), content_type="application/pdf")
        answer["Content-Disposition"] = content_disposition_header(True, f"{found.number}.pdf")
        return answer
    return render(request, "volunteers/certificate_page.html", context)


@require_POST
def certificate_withdraw(request: SignedIn, pk: UUID) -> HttpResponse:
    """Takes a certificate back; its number stays taken, and whoever looks it up is told."""
    found = _certificate_of(request, pk)
    if not may_take_back(request.user, found) or found.voided_at:
        raise Http404
    form = ReasonForm(request.POST)
    status = 422
    if form.is_valid():
        said: dict[str, Any] = {"reason": form.cleaned_data["reason"], "version": form.cleaned_data["version"] or 0}
        try:
            if tried(form, lambda: certifying.withdraw_certificate(by=request.user, certificate=found, **said)):
                messages.success(request, _("已收回；查到这个编号的人会看到"))
                return redirect("certificate", pk)
        except Conflict:
            form.add_error(None, _("您打开之后别人改过这份证明，请返回看清再收回"))
            status = 409
    return _page(request, found, form=form, status=status)
