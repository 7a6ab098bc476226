"""Pages of the account of goods and funds."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.core.views import paper_answer
from shuangbai.counter.access import items_visible_to, items_written_by, may_keep
from shuangbai.counter.actions import stock
from shuangbai.counter.forms.stock import CountForm, ItemForm, MoveForm, ReverseForm
from shuangbai.counter.models import StockItem, StockMove
from shuangbai.counter.queries import balances, moves_of_item, moves_of_month, standing_moves
from shuangbai.households.access import family_to_write_about
from shuangbai.households.views import FORM, conflict_of, own_station, page_url, tried
from shuangbai.network.access import viewer_of
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.services.access import sees_names, shown_name
from shuangbai.services.forms import recent_days, typed_ids
from shuangbai.services.views import stations_of

LISTED = 50


def station_asked(request: SignedIn) -> OrgUnit:
    """One's own station, or the one of those within reach that the address names, else the first. Raises Http404."""
    viewer = viewer_of(request.user)
    if not viewer.may(Permission.SEE_RECORDS):
        raise Http404
    if viewer.home_station:
        return viewer.home_station
    code, found = request.GET.get("station", ""), stations_of(request.user)
    station = (found.filter(code=code) if code else found).first()
    if station is None:
        raise Http404
    return station


def month_asked(request: SignedIn) -> tuple[date, date]:
    """The first and the last day of the month in the address; of this month for anything else."""
    today = clock.today()
    try:
        first = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        first = today.replace(day=1)
    return first, first.replace(day=monthrange(first.year, first.month)[1])


@require_safe
def goods(request: SignedIn) -> HttpResponse:
    """物资经费台账: what there is."""
    station = station_asked(request)
    several = list(stations_of(request.user)) if not viewer_of(request.user).home_station else []
    context = {
        "station": station, "stations": several, "lines": balances(station), "month": f"{clock.today():%Y-%m}",
        "may_keep": viewer_of(request.user).reaches(Permission.WRITE_RECORDS, station.pk),
    }  # fmt: skip
    return render(request, "counter/goods.html", context)


@require_http_methods(FORM)
def goods_new(request: SignedIn) -> HttpResponse:
    """登记一样物资或经费."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = ItemForm(request.POST or None, station=station)
    if form.is_valid() and (made := tried(form, lambda: stock.add_item(by=request.user, entry=form.entry()))):
        messages.success(request, _("已登记，现在可以记期初和进出"))
        return redirect("goods-item", made.pk)
    return _page(request, form, _("登记物资或经费"), reverse("goods"))


def _item(request: SignedIn, pk: UUID, *, writes: bool = False) -> StockItem:
    visible = items_written_by(request.user) if writes else items_visible_to(request.user)
    return get_object_or_404(visible.select_related("station"), pk=pk)


@require_safe
def goods_item(request: SignedIn, pk: UUID) -> HttpResponse:
    """One item: how much there is, and everything that moved."""
    item = _item(request, pk)
    page = Paginator(moves_of_item(item), LISTED).get_page(request.GET.get("page"))
    context = {
        "item": item, "rows": [_told(request, move) for move in page.object_list], "page": page,
        "balance": sum(one.quantity for one in standing_moves(item.pk)), "may_keep": may_keep(request.user, item),
        "crumbs": [(_("物资经费台账"), reverse("goods")), (item.name, "")],
        "older_url": page_url(request, page.number + 1) if page.has_next() else "",
        "newer_url": page_url(request, page.number - 1) if page.number > 1 else "",
        "changes": changes_of(StockItem, silent={"id", "version", "station", "client_id", "kind", "entered_at",
                                                 "entered_by"}, id=pk) if item.version > 1 else [],
    }  # fmt: skip
    return render(request, "counter/goods_item.html", context)


def _told(request: SignedIn, move: StockMove) -> dict[str, Any]:
    """A move as a row shows it; who got it by name only to those who see names."""
    names = sees_names(request.user)
    head = move.household.head_name if move.household else ""
    family = _("%(name)s户") % {"name": shown_name(request.user, head)} if head else ""
    return {
        "move": move, "quantity": abs(move.quantity), "came": move.quantity > 0, "family": family, "names": names,
        "whom": move.whom if names else "", "reason": move.reason if names else "",
        "taken_back": any(True for _one in move.reversals.all()),
    }  # fmt: skip


@require_http_methods(FORM)
def goods_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """改名称、单位."""
    item = _item(request, pk, writes=True)
    form = ItemForm(request.POST or None, station=item.station, item=item)
    more: dict[str, Any] = {}
    if form.is_valid():
        typed = form.cleaned_data
        said = {name: typed[name] for name in ItemForm.SAID}
        try:
            act = lambda: stock.change_item(by=request.user, item=item, version=typed["version"] or 0, **said)  # noqa: E731
            if tried(form, act):
                messages.success(request, _("已保存"))
                return redirect("goods-item", pk)
        except Conflict as conflict:
            current: Any = conflict.current
            more = conflict_of(form, current, {name: getattr(current, name) for name in ItemForm.SAID})
    return _page(request, form, _("改「%(name)s」") % {"name": item.name}, reverse("goods-item", args=[pk]), **more)


@require_http_methods(FORM)
def goods_in(request: SignedIn, pk: UUID) -> HttpResponse:
    """记入账."""
    return _moved(request, pk, outward=False)


@require_http_methods(FORM)
def goods_out(request: SignedIn, pk: UUID) -> HttpResponse:
    """记出账; `family` in the address says to which."""
    return _moved(request, pk, outward=True)


def _moved(request: SignedIn, pk: UUID, *, outward: bool) -> HttpResponse:
    item = _item(request, pk, writes=True)
    form = MoveForm(request.POST or None, request.FILES or None, item=item, outward=outward)
    home = _family(request) if outward else None
    if home and not form.is_bound:
        form.initial.update(household=home.pk, way="family")
    if form.is_valid():
        entry = form.entry(home)
        if tried(form, lambda: stock.record_move(by=request.user, item=item, entry=entry)):
            messages.success(request, _("已记下"))
            return redirect("goods-item", pk)
    heading = _("「%(name)s」出账") if outward else _("「%(name)s」入账")
    more = {"suggest_url": f"{reverse('family-suggest')}?q=", "home": home, "unit": item.unit}
    return _page(request, form, heading % {"name": item.name}, reverse("goods-item", args=[pk]), **more)


def _family(request: SignedIn) -> Any:
    """The family that the form or the address names, for whoever writes about it. Raises Http404."""
    keys = typed_ids([request.POST.get("household") or request.GET.get("family") or ""])
    if not keys:
        return None
    home = family_to_write_about(request.user, keys[0])
    if home is None:
        raise Http404
    return home


@require_http_methods(FORM)
def goods_count(request: SignedIn, pk: UUID) -> HttpResponse:
    """盘点."""
    item = _item(request, pk, writes=True)
    form = CountForm(request.POST or None)
    if form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: stock.count_stock(by=request.user, item=item, **said)):
            messages.success(request, _("盘点已记下"))
            return redirect("goods-item", pk)
    sub = _("账上现有 %(n)s %(unit)s") % {
        "n": f"{sum((one.quantity for one in standing_moves(pk)), start=0):g}", "unit": item.unit
    }  # fmt: skip
    back = reverse("goods-item", args=[pk])
    return _page(request, form, _("盘点「%(name)s」") % {"name": item.name}, back, sub=sub, unit=item.unit)


def _move(request: SignedIn, pk: UUID, *, writes: bool = False) -> StockMove:
    visible = items_written_by(request.user) if writes else items_visible_to(request.user)
    rows = StockMove.objects.filter(item__in=visible).select_related("item__station", "household")
    return get_object_or_404(rows.defer("household__address", "household__phone"), pk=pk)


@require_http_methods(FORM)
def goods_reverse(request: SignedIn, pk: UUID) -> HttpResponse:
    """冲销一笔."""
    move = _move(request, pk, writes=True)
    form = ReverseForm(request.POST or None)
    back = reverse("goods-item", args=[move.item_id])
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: stock.reverse_move(by=request.user, move=move, reason=reason)):
            messages.success(request, _("已冲销，两笔都留在台账里"))
            return redirect(back)
    what = f"{move.moved_on} {move.get_way_display()} {abs(move.quantity):g} {move.item.unit}"
    return _page(request, form, _("冲销「%(name)s」的一笔") % {"name": move.item.name}, back, sub=what)


@require_POST
def goods_receipt(request: SignedIn, pk: UUID) -> HttpResponse:
    """Sends the receipt; the trail keeps who opened it."""
    move = _move(request, pk)
    try:
        stock.note_receipt_looked(by=request.user, move=move)
        return paper_answer(move.stored, shown_as="receipt")
    except (NotAllowed, FileNotFoundError):
        raise Http404 from None


@require_safe
def goods_sheet(request: SignedIn) -> HttpResponse:
    """月报: what there was, came, went and is left, and each move; to be printed."""
    station, (first, last) = station_asked(request), month_asked(request)
    context = {
        "station": station, "first": first, "last": last, "month": f"{first:%Y-%m}",
        "lines": balances(station, first, last),
        "rows": [_told(request, move) for move in moves_of_month(station, first, last)],
        "crumbs": [(_("物资经费台账"), reverse("goods")), (_("月报"), "")],
    }  # fmt: skip
    return render(request, "counter/goods_sheet.html", context)


Act = Callable[[], Any]


def _page(request: SignedIn, form: Any, heading: str, back: str, **more: Any) -> HttpResponse:
    """A form of the account; 422 where something is to be put right."""
    crumbs = [(_("物资经费台账"), reverse("goods")), (heading, "")]
    context = {
        "form": form,
        "heading": heading,
        "back_url": back,
        "crumbs": crumbs,
        "recent_days": recent_days(),
        **more,
    }
    return render(
        request, "counter/goods_form.html", context, status=more.get("status") or (422 if form.is_bound else 200)
    )
