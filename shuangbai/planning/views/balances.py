"""历史汇总: totals from before the system, with their sources."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.views.answers import acknowledged, done, tried
from shuangbai.planning import queries
from shuangbai.planning.access import balances_visible_to, may_balance, units_balanced_by
from shuangbai.planning.actions import correct_balance, enter_balance, void_balance
from shuangbai.planning.forms import BalanceForm, ReasonForm
from shuangbai.planning.models import OpeningBalance
from shuangbai.planning.views import FORM, check_reads, form_page
from shuangbai.reports.indicators import BY_CODE

SILENT = {"id", "version", "entered_at", "entered_by", "voided_at", "voided_by"}


@require_safe
def balance_list(request: SignedIn) -> HttpResponse:
    """历史汇总（无明细）."""
    check_reads(request)
    rows = queries.balance_rows(balances_visible_to(request.user))
    context = {"rows": rows, "may_enter": units_balanced_by(request.user).exists()}
    return render(request, "planning/balances.html", context)


def _crumbs(row: OpeningBalance | None = None) -> list[tuple[str, str]]:
    found = [(_("历史汇总"), reverse("balance-list"))]
    return [*found, (BY_CODE[row.code].name, reverse("balance", args=[row.pk]))] if row else found


def _units(request: SignedIn) -> QuerySet[OrgUnit]:
    """The units for which this person enters balances. Raises Http404 where there is none."""
    units = units_balanced_by(request.user)
    if not units.exists():
        raise Http404
    return units


@require_http_methods(FORM)
def balance_new(request: SignedIn) -> HttpResponse:
    """登记历史汇总."""
    form = BalanceForm(request.POST or None, units=_units(request))
    if form.is_valid():
        sure = acknowledged(request)
        row = tried(form, lambda: enter_balance(by=request.user, entry=form.entry(), acknowledged=sure))
        if row:
            return done(request, _("已登记；报告里会单列，不与记录相加"), "balance", row.pk)
    return form_page(request, form, _("登记历史汇总"), _crumbs())


def _one(request: SignedIn, pk: UUID) -> OpeningBalance:
    rows = balances_visible_to(request.user).filter(code__in=BY_CODE)
    return get_object_or_404(rows.select_related("unit", "entered_by", "voided_by"), pk=pk)


def _standing(request: SignedIn, pk: UUID) -> OpeningBalance:
    """A balance that this person may change. Raises Http404."""
    row = _one(request, pk)
    if row.voided_at or not may_balance(request.user, row.unit_id):
        raise Http404
    return row


def _said(line: Any, name: str, value: Any) -> str | None:
    """A figure by its name, where the history has its code."""
    return BY_CODE[value].name if name == "code" and value in BY_CODE else None


@require_safe
def balance(request: SignedIn, pk: UUID) -> HttpResponse:
    """One total: the number, where it is written, and what became of it."""
    row = _one(request, pk)
    context = {
        "row": row, "what": BY_CODE[row.code], "crumbs": [*_crumbs(), (BY_CODE[row.code].name, "")],
        "may_change": not row.voided_at and may_balance(request.user, row.unit_id),
        "changes": changes_of(OpeningBalance, silent=SILENT, say=_said, id=row.pk),
    }  # fmt: skip
    return render(request, "planning/balance.html", context)


@require_http_methods(FORM)
def balance_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正."""
    row = _standing(request, pk)
    form = BalanceForm(request.POST or None, units=_units(request), row=row)
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
        sure = acknowledged(request)
        kept = tried(
            form,
            lambda: correct_balance(by=request.user, balance=row, entry=form.entry(), acknowledged=sure, **said),
            BalanceForm.plain,
        )
        if kept:
            return done(request, _("已更正"), "balance", pk)
    return form_page(request, form, _("更正"), _crumbs(row))


@require_http_methods(FORM)
def balance_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废."""
    row = _standing(request, pk)
    form = ReasonForm(request.POST or None, initial={"version": row.version})
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "reason": form.cleaned_data["reason"]}
        if tried(form, lambda: void_balance(by=request.user, balance=row, **said)):
            return done(request, _("已作废"), "balance", pk)
    what = BY_CODE[row.code]
    about = _("作废之后它不再出现在任何报告里，但仍能查到谁在什么时候、因为什么作废。")
    said_about = f"{row.unit.name} · {what.name} {row.plain} {what.unit}（{row.period}）"
    return form_page(request, form, _("作废"), _crumbs(row), sub=said_about, about=about, save_label=_("作废这一笔"))
