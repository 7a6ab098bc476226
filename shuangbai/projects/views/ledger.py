"""Pages of the ledger: a line noted, described, taken back; and the ledger as anybody may read it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.qr import qr_code
from shuangbai.core.views import open_to_strangers
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn
from shuangbai.pictures.queries import published
from shuangbai.projects import queries
from shuangbai.projects.access import lines_written_by
from shuangbai.projects.actions import ledger as actions
from shuangbai.projects.enums import LineKind
from shuangbai.projects.forms.ledger import DescribeForm, LineForm, ReverseForm
from shuangbai.projects.models import LedgerLine
from shuangbai.projects.views import added, back_to, form_page, kept, project_of

HEADINGS = {
    LineKind.CASH: "记一笔捐款",
    LineKind.GOODS: "记捐来的东西",
    LineKind.DAYS: "记出的工",
    LineKind.SPENT: "记一笔支出",
}


@require_http_methods(FORM)
def line_new(request: SignedIn, pk: UUID, kind: str) -> HttpResponse:
    """记一笔: money, goods, days of work, or what was spent."""
    found = project_of(request, pk, write=True)
    if kind not in LineKind.values:
        raise Http404
    what = LineKind(kind)
    form = LineForm(request.POST or None, kind=what)
    return added(
        request, form, found, HEADINGS[what],
        lambda: actions.note_line(
            by=request.user, project=found, entry=form.entry(), acknowledged=form.acknowledged
        ),
        _("已记账"), sub=found.title, save_label=_("记账"), save_note=_("记下后金额不能改；错了可以冲回，另记一笔"),
    )  # fmt: skip


def _line_of(request: SignedIn, pk: UUID) -> LedgerLine:
    rows = lines_written_by(request.user).select_related("project__station", "reverses", "reversed_by")
    return get_object_or_404(rows, pk=pk)


def _told(line: LedgerLine) -> str:
    """A line in few words, without who gave."""
    if line.amount is not None:
        return f"{line.number} 号 {line.get_kind_display()} {line.amount:.2f} 元"
    return f"{line.number} 号 {line.get_kind_display()} {line.what} {line.quantity:f} {line.unit}"


@require_http_methods(FORM)
def line(request: SignedIn, pk: UUID) -> HttpResponse:
    """A line's name, consent, receipt and thanks; never its amount."""
    row = _line_of(request, pk)
    form = DescribeForm(request.POST or None, line=row)
    taken = row.reverses_id is not None or hasattr(row, "reversed_by")
    return kept(
        request, form, row, _("改这一笔的说明"),
        lambda: actions.describe_line(
            by=request.user, line=row, version=form.cleaned_data["version"] or 0, said=form.asked()
        ),
        _("已保存"), sub=_told(row), reverse_url="" if taken else reverse("ledger-reverse", args=[pk]),
    )  # fmt: skip


@require_http_methods(FORM)
def line_reverse(request: SignedIn, pk: UUID) -> HttpResponse:
    """冲回: a line taken back by one of its own."""
    row = _line_of(request, pk)
    form = ReverseForm(request.POST or None, line=row)
    more: dict[str, Any] = {"sub": _told(row), "save_label": _("冲回这一笔")}
    if form.is_bound and form.is_valid():
        c = form.cleaned_data
        try:
            made = tried(form, lambda: actions.reverse_line(
                by=request.user, line=row, version=c["version"] or 0, on=c["occurred_on"], reason=c["reason"],
                acknowledged=form.acknowledged,
            ))  # fmt: skip
        except Conflict:
            form.add_error(None, _("您打开之后，这一笔已被别人改过；请返回看清，再冲回"))
            return form_page(request, form, row.project, _("冲回"), status=409, **more)
        if made:
            return back_to(request, row.project, _("已冲回，原来的一笔留在账上"))
    return form_page(request, form, row.project, _("冲回"), **more)


@open_to_strangers
@require_safe
def square(request: HttpRequest, token: str) -> HttpResponse:
    """The ledger of a project for anybody who knows its address: to be checked, and printed for the notice board."""
    found = queries.public_project(token)
    if found is None:
        raise Http404
    given = queries.ledger(queries.lines_of(found), named=queries.public_name)
    address = request.build_absolute_uri(reverse("square", args=[token]))
    milestones = [one for one in queries.milestones_of(found) if not one.dropped]
    context = {
        "project": found, "parts": queries.by_kind(given), "sums": queries.sums_of(found), "milestones": milestones,
        "qr": qr_code(address), "before": published(queries.BEFORE, [found.pk]).get(found.pk, []),
        "after": published(queries.AFTER, [found.pk]).get(found.pk, []),
    }  # fmt: skip
    return render(request, "projects/square.html", context)
