"""A referral on paper: the letter that goes along, as PDF, Word file or page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.desk import pdf, word
from shuangbai.desk.enums import PaperForm
from shuangbai.desk.forms import LetterForm
from shuangbai.desk.sheet import LETTER, Mark, letter
from shuangbai.desk.views.sheets import sealed
from shuangbai.network.context import SignedIn
from shuangbai.resources.access import may_write, referrals_visible_to
from shuangbai.resources.actions.referring import note_letter_taken
from shuangbai.resources.models import Referral
from shuangbai.resources.queries import referrals_in_order


@require_http_methods(["GET", "HEAD", "POST"])
def referral_letter(request: SignedIn, pk: UUID) -> HttpResponse:
    """打印转介函: keeps it in the trail, and gives the letter as PDF, Word file or page."""
    found = get_object_or_404(referrals_in_order(referrals_visible_to(request.user)), pk=pk)
    if not may_write(request.user, found):
        raise Http404
    form = LetterForm(request.POST or None, pdf=pdf.available())
    if form.is_valid():
        try:
            return given(request, found, PaperForm(form.cleaned_data["form"]))
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
    back = reverse("referral", args=[pk])
    crumbs = [(_("转介"), reverse("referral-list")), (_("一件转介"), back), (_("打印转介函"), "")]
    context: dict[str, Any] = {"form": form, "referral": found, "crumbs": crumbs, "back_url": back}
    context["pdf_missing"] = "" if pdf.available() else pdf.MISSING
    return render(request, "desk/letter_form.html", context, status=422 if form.is_bound else 200)


def given(request: SignedIn, found: Referral, kind: PaperForm) -> HttpResponse:
    """The letter in the form that was asked for. It is made before the trail says so, and given after."""
    at = clock.local(clock.now())
    mark = Mark(f"{request.user.display_name}（{request.user.username}）", f"{at:%Y-%m-%d %H:%M}", "")
    told = letter(found, mark)
    made = None
    if kind == PaperForm.PDF:
        made = pdf.render_letter(told, request.build_absolute_uri("/"))
    elif kind == PaperForm.WORD:
        made = word.render_letter(told)
    note_letter_taken(by=request.user, referral=found)
    if made is None:
        return sealed(render(request, "desk/letter_page.html", {"letter": told, "referral": found}))
    kinds = {PaperForm.PDF: "application/pdf", PaperForm.WORD: word.WORD}
    answer = HttpResponse(made, content_type=kinds[kind])
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{LETTER}_{at:%Y%m%d}.{kind.value}")
    return sealed(answer)
