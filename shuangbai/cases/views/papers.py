"""The papers of a case, one or all in one go: asked for, made in the request, kept nowhere, and noted in the trail."""

from collections.abc import Sequence
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shuangbai.cases import pdf, word
from shuangbai.cases.actions.papers import note_papers_taken
from shuangbai.cases.blanks import BLANKS, Blank, PaperKind, PaperPurpose
from shuangbai.cases.models import Case
from shuangbai.cases.sheet import Mark, Sheet, Told, applying, sheets_of
from shuangbai.cases.taking import PapersForm
from shuangbai.cases.views.parts import case_of, crumbs
from shuangbai.codes.queries import has_templates
from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.households.views import FORM
from shuangbai.network.context import SignedIn

TAKEN = "taken"  # the field, and the cookie that brings its word back: by it the page learns that the file has come
PDF = "application/pdf"
SUFFIXES = {PDF: "pdf", word.WORD: "docx", word.ZIP: "zip"}


@require_http_methods(FORM)
def case_papers(request: SignedIn, pk: UUID) -> HttpResponse:
    """打印文书: which, as what, and what for."""
    found = case_of(request, pk)
    able = pdf.available()
    told = Told(found, request.user)
    form = PapersForm(request.POST or None, pdf=able, chosen=request.GET.getlist("paper") or applying(told))
    if form.is_valid():
        try:
            return given(request, told, form)
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
    context = {
        "case": found, "form": form, "crumbs": crumbs(found, _("打印文书")),
        "pdf_missing": "" if able else pdf.MISSING, "told": told,
        "own": has_templates(one.paper for one in BLANKS),
    }  # fmt: skip
    return render(request, "cases/papers.html", context, status=422 if form.is_bound else 200)


def given(request: SignedIn, told: Told, form: PapersForm) -> HttpResponse:
    """The papers as they were asked for. They are made before the trail says so, and given after."""
    found, said = told.case, form.cleaned_data
    blanks, kind, purpose = form.blanks(), PaperKind(said["form"]), PaperPurpose(said["purpose"])
    at = clock.local(clock.now())
    mark = Mark(f"{request.user.display_name}（{request.user.username}）", f"{at:%Y-%m-%d %H:%M}", str(purpose.label))
    sheets = sheets_of(told, blanks, mark)
    made = made_as(request, kind, sheets, mark)
    names = [one.name for one in blanks]
    note_papers_taken(by=request.user, case=found, names=names, kind=kind, purpose=purpose)
    answer = sent(found, blanks, made) if made else shown(request, found, sheets, mark)
    answer.headers["Cache-Control"] = "no-store"
    word_sent = request.POST.get(TAKEN, "")
    if word_sent.isascii() and word_sent.replace("-", "").isalnum():
        answer.set_cookie(TAKEN, word_sent[:36], max_age=60, secure=request.is_secure(), samesite="Lax")
    return answer


def made_as(request: SignedIn, kind: PaperKind, sheets: Sequence[Sheet], mark: Mark) -> tuple[bytes, str] | None:
    """The file and its type; None for the page. Raises Refused where the city's own template does not fit."""
    if kind == PaperKind.PDF:
        return pdf.render(sheets, mark, request.build_absolute_uri("/")), PDF
    return word.render_all(sheets) if kind == PaperKind.WORD else None


def sent(found: Case, blanks: Sequence[Blank], made: tuple[bytes, str]) -> HttpResponse:
    """A file whose name says which form it is and of which case, and names nobody."""
    data, kind = made
    title = blanks[0].name if len(blanks) == 1 else _("个案文书")
    answer = HttpResponse(data, content_type=kind)
    name = f"{title}_{found.number}.{SUFFIXES[kind]}"
    answer.headers["Content-Disposition"] = content_disposition_header(True, name)
    return answer


def shown(request: SignedIn, found: Case, sheets: Sequence[Sheet], mark: Mark) -> HttpResponse:
    return render(request, "cases/papers_page.html", {"case": found, "sheets": sheets, "mark": mark})
