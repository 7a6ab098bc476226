"""A family's file on paper: what it is taken for, and the file itself."""

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
from shuangbai.desk.actions import note_paper_taken
from shuangbai.desk.enums import PaperForm, PaperReason
from shuangbai.desk.forms import SheetForm
from shuangbai.desk.sheet import TITLE, Mark, on_sheet, sheet
from shuangbai.desk.views import reading
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission


@require_http_methods(["GET", "HEAD", "POST"])
def family_sheet(request: SignedIn, pk: UUID) -> HttpResponse:
    """打印档案表: asks what for, keeps it in the trail, and gives the form as PDF, Word file or page."""
    household = get_object_or_404(households_visible_to(request.user).select_related("village"), pk=pk)
    opens = households_visible_to(request.user, Permission.OPEN_MASKED).filter(pk=pk).exists()
    form = SheetForm(request.POST or None, pdf=pdf.available(), opens=opens)
    if form.is_valid():
        try:
            return given(request, household, form)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
    crumbs = [
        (_("家庭"), reverse("family-list")),
        (str(household), reverse("family", args=[pk])),
        (_("打印档案表"), ""),
    ]
    context = {
        "form": form,
        "household": household,
        "crumbs": crumbs,
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
    }
    return render(request, "desk/sheet_form.html", context, status=422 if form.is_bound else 200)


def given(request: SignedIn, household: Household, form: SheetForm) -> HttpResponse:
    """The sheet in the form that was asked for. It is made before the trail says so, and given after."""
    said, known = form.cleaned_data, reading.known_of(request, household)
    clear, reason, kind = bool(said.get("clear")), PaperReason(said["reason"]), PaperForm(said["form"])
    at = clock.local(clock.now())
    mark = Mark(f"{request.user.display_name}（{request.user.username}）", f"{at:%Y-%m-%d %H:%M}", reason.label)
    told = sheet(request.user, known, reading.tree(known, linked=False), mark, clear=clear)
    made = made_as(request, kind, told)
    opened = on_sheet(known) if clear else []
    note_paper_taken(by=request.user, household=household, form=kind, reason=reason, opened=opened)
    if made is None:
        return sealed(render(request, "desk/sheet_page.html", {"sheet": told, "household": household}))
    name = f"{TITLE}_{told['number'] or _('未建档')}_{at:%Y%m%d}.{kind.value}"  # a file's name names nobody
    kinds = {PaperForm.PDF: "application/pdf", PaperForm.WORD: word.WORD}
    answer = HttpResponse(made, content_type=kinds[kind])
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return sealed(answer)


def made_as(request: SignedIn, kind: PaperForm, told: dict[str, Any]) -> bytes | None:
    """The file; None for the page. Raises Refused where the city's own template does not fit."""
    if kind == PaperForm.PDF:
        return pdf.render(told, request.build_absolute_uri("/"))
    return word.render(told) if kind == PaperForm.WORD else None


def sealed(answer: HttpResponse) -> HttpResponse:
    """An answer that no browser keeps."""
    answer.headers["Cache-Control"] = "no-store"
    return answer
