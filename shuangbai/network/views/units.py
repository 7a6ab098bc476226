"""机构树: units that open, change, move and close; and the villages that stations cover."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.network import tree
from shuangbai.network.access import units_managed_by, viewer_of
from shuangbai.network.actions import UnitEntry, cover_villages, open_units
from shuangbai.network.changes import changes_of, fresh, newest
from shuangbai.network.context import SignedIn
from shuangbai.network.enums import AreaLevel, Batch, CoverageKind, UnitKind
from shuangbai.network.forms import CloseForm, CoverForm, EndForm, MoveForm, UnitForm, unit_choices
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting
from shuangbai.network.places import Match, match_villages
from shuangbai.network.queries import grouped_areas, open_stations, proposed_code, towns_for, villages_covered
from shuangbai.network.roles import Permission
from shuangbai.network.rules import PARENTS
from shuangbai.network.views.answers import (
    FORM,
    acknowledged,
    done,
    form_page,
    managed_unit,
    pressed,
    tried,
    version_of,
)


def crumbs_to(unit: OrgUnit | None) -> list[tuple[str, str]]:
    here = [(unit.name, reverse("unit", args=[unit.code]))] if unit else []
    return [(_("设置"), reverse("setup")), (_("机构树"), reverse("unit-list")), *here]


@require_safe
def unit_list(request: SignedIn) -> HttpResponse:
    """机构树, as far as this person sets it up."""
    if not viewer_of(request.user).may(Permission.MANAGE_NETWORK):
        raise Http404
    units = list(units_managed_by(request.user).select_related("town").order_by("path"))
    top = min((unit.path.count("/") for unit in units), default=0)
    rows = [(unit, min(unit.path.count("/") - top, 4), kinds_under(unit)) for unit in units]
    return render(request, "network/units.html", {"rows": rows, "today": clock.today()})


def kinds_under(unit: OrgUnit) -> list[UnitKind]:
    return [] if unit.ends_on else [kind for kind in UnitKind if UnitKind(unit.kind) in PARENTS[kind]]


@require_safe
def unit(request: SignedIn, code: str) -> HttpResponse:
    """一个机构: its facts, what stands under it, and what became of it, its villages and its people."""
    one = managed_unit(request, code)
    parts = [changes_of(OrgUnit, id=one.pk)]
    if one.kind == UnitKind.STATION:
        parts += [
            changes_of(Coverage, lambda row: _("覆盖"), station=one.pk),
            changes_of(Posting, lambda row: _("任职"), unit=one.pk),
        ]
    today, latest = clock.today(), parts[0][:1]
    context = {
        "unit": one,
        "crumbs": [*crumbs_to(None), (one.name, "")],
        "kinds": kinds_under(one),
        "children": list(OrgUnit.objects.filter(parent=one).select_related("town").order_by("path")),
        "changes": newest(*parts),
        "fresh": bool(fresh(latest, today)),
        "unused": len(parts[0]) == 1 and not any(map(any, parts[1:])) and not one.children.exists(),
        "today": today,
    }
    return render(request, "network/unit.html", context)


def places_for(kind: str, above: OrgUnit) -> dict[str, Any]:
    """What the form of a unit offers as its place."""
    counties = Area.objects.filter(level=AreaLevel.COUNTY)
    towns = kind in (UnitKind.STATION, UnitKind.POINT)
    return {
        "towns": grouped_areas(towns_for(above)) if towns else [],
        "counties": grouped_areas(counties) if kind == UnitKind.COUNTY else [],
    }


@require_http_methods(FORM)
def unit_new(request: SignedIn, code: str, kind: str) -> HttpResponse:
    """设立一个机构 under another."""
    above = managed_unit(request, code)
    if kind not in kinds_under(above):
        raise Http404
    initial = {"code": proposed_code(UnitKind(kind), above, ""), "starts_on": clock.today()}
    form = UnitForm(request.POST or None, kind=kind, initial=initial, **places_for(kind, above))
    if form.is_valid():
        said = form.changes()
        entry = UnitEntry(
            said["code"].strip().upper(), UnitKind(kind), said["name"], above.code, said["starts_on"],
            batch=Batch(said["batch"]) if said.get("batch") else None, address=said["address"], phone=said["phone"],
            town_id=said.get("town_id"), county_id=said.get("county_id") or above.county_id,
        )  # fmt: skip
        opened = tried(form, lambda: open_units(by=request.user, entries=[entry], acknowledged=acknowledged(request)))
        if opened:
            return done(request, _("已设立%(name)s") % {"name": entry.name}, "unit", entry.code)
    return form_page(request, form, _("设立%(kind)s") % {"kind": UnitKind(kind).label}, crumbs_to(above))


@require_http_methods(FORM)
def unit_edit(request: SignedIn, code: str) -> HttpResponse:
    """修改一个机构自己的资料."""
    one = managed_unit(request, code)
    form = UnitForm(
        request.POST or None, kind=one.kind, fixed=True, **places_for(one.kind, one.parent or one),
        initial=UnitForm.plain(one) | {"version": one.version},
    )  # fmt: skip
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "changes": form.changes()}
        if tried(form, lambda: tree.change_unit(by=request.user, unit=one, **said), UnitForm.plain):
            return done(request, _("已保存"), "unit", one.code)
    return form_page(request, form, _("修改"), crumbs_to(one), sub=one.code)


@require_http_methods(FORM)
def unit_move(request: SignedIn, code: str) -> HttpResponse:
    """划归别的上级."""
    one = managed_unit(request, code)
    above = units_managed_by(request.user).filter(kind__in=[k for k in PARENTS[UnitKind(one.kind)] if k], ends_on=None)
    above = above.exclude(path__startswith=one.path).exclude(children=one).order_by("path")
    form = MoveForm(request.POST or None, choices=unit_choices(above), initial={"version": one.version})
    if form.is_valid():
        parent = get_object_or_404(above, pk=form.cleaned_data["parent"])
        version = form.cleaned_data["version"]
        if tried(form, lambda: tree.move_unit(by=request.user, unit=one, version=version, parent=parent),
                 lambda row: {"parent": row.parent_id}):  # fmt: skip
            return done(request, _("已划归%(name)s") % {"name": parent}, "unit", one.code)
    return form_page(request, form, _("划归别的上级"), crumbs_to(one), sub=_("现属%(name)s") % {"name": one.parent})


@require_http_methods(FORM)
def unit_close(request: SignedIn, code: str) -> HttpResponse:
    """撤销一个机构: what is open is told first, in numbers of the chosen day; then it is handed over."""
    one = managed_unit(request, code)
    today = clock.today()
    takers = open_stations(units_managed_by(request.user), today).exclude(pk=one.pk)
    choices = unit_choices(takers) if one.kind == UnitKind.STATION else []
    form = CloseForm(request.POST or None, choices=choices, initial={"version": one.version, "ends_on": today})
    sure = form.is_valid() and "sure" in request.POST
    day = form.cleaned_data["ends_on"] if form.is_valid() else today
    if sure:
        said: dict[str, Any] = {name: form.cleaned_data[name] for name in ("version", "ends_on")}
        to = form.cleaned_data.get("to")
        said["to"] = takers.filter(pk=to).first() if to else None
        said["move_staff"] = bool(form.cleaned_data.get("move_staff"))
        if tried(
            form, lambda: tree.close_unit(by=request.user, unit=one, **said), lambda now: {"ends_on": now.ends_on}
        ):
            return done(request, _("%(name)s已撤销") % {"name": one}, "unit", one.code)
    conflict = getattr(form, "conflict", {})
    context = {"unit": one, "form": form, "left": tree.open_at(one, day), "day": day, **conflict,
               "asked": form.is_bound and form.is_valid(), "crumbs": [*crumbs_to(one), (_("撤销"), "")]}  # fmt: skip
    return render(request, "network/close.html", context, status=409 if conflict else 422 if form.errors else 200)


@require_POST
def unit_reopen(request: SignedIn, code: str) -> HttpResponse:
    """收回今天登记的撤销."""
    one = managed_unit(request, code)
    pressed(request, lambda: tree.reopen_unit(by=request.user, unit=one, version=version_of(request)), one,
            _("已收回撤销登记。村居、任职和家庭若已交给别的站，请在各自的页面收回或改回。"))  # fmt: skip
    return redirect("unit", one.code)


@require_POST
def unit_take_back(request: SignedIn, code: str) -> HttpResponse:
    """收回今天误设的机构."""
    one = managed_unit(request, code)
    pressed(request, lambda: tree.take_back_unit(by=request.user, unit=one, version=version_of(request)), one,
            _("已收回%(name)s") % {"name": one})  # fmt: skip
    still_there = OrgUnit.objects.filter(code=code).exists()
    return redirect("unit", code) if still_there else redirect("unit-list")


# COVERAGE ---------------------------------------------------------------------


def station_of(request: SignedIn, code: str) -> OrgUnit:
    one = managed_unit(request, code)
    if one.kind != UnitKind.STATION:
        raise Http404
    return one


def villages_offered(station: OrgUnit) -> list[tuple[int, str]]:
    """The villages of the station's town that it does not serve yet."""
    held = villages_covered(station.pk, clock.today()).values("pk")
    own = Area.objects.filter(parent=station.town, level=AreaLevel.VILLAGE, ends_on=None).exclude(pk__in=held)
    return [(area.pk, area.short_name) for area in own.order_by("name", "id")] if station.town_id else []


@require_http_methods(FORM)
def cover(request: SignedIn, code: str) -> HttpResponse:
    """增加服务的村居: from the town's list or by pasted names; a name that means several places is asked."""
    station = station_of(request, code)
    today, offered = clock.today(), villages_offered(station)
    initial = {"starts_on": max(station.starts_on, today), "kind": CoverageKind.BASE}
    form = CoverForm(request.POST or None, choices=offered, initial=initial)
    matches = pasted(request, form, station)
    if form.is_valid() and "sure" in request.POST:
        saved = save_coverage(request, form, station, matches)
        if saved is not None:
            return done(request, _("已登记 %(n)s 个村居") % {"n": saved}, "station", station.code)
    context = {"station": station, "form": form, "matches": matches, "offered": bool(offered),
               "named": [match for match in matches if match.area],
               "unknown": [match for match in matches if not match.found],
               "asked": form.is_bound and not form.errors,
               "crumbs": [*crumbs_to(station), (_("增加服务的村居"), "")]}  # fmt: skip
    return render(request, "network/cover.html", context, status=422 if form.errors else 200)


def pasted(request: SignedIn, form: CoverForm, station: OrgUnit) -> list[Match]:
    """What the pasted names mean; the form asks about those that mean several places."""
    near = station.town or station.county
    lines = request.POST.get("names", "").splitlines()
    matches = match_villages(lines, near) if near else []
    if form.is_bound:
        form.ask([(match.typed, match.found) for match in matches if len(match.found) > 1])
    return matches


def save_coverage(request: SignedIn, form: CoverForm, station: OrgUnit, matches: list[Match]) -> int | None:
    """How many villages were entered, or None where a sentence now stands on the form."""
    if any(not match.found for match in matches):
        form.add_error("names", _("名单里还有认不出的村居，请改正或删去那几行"))
        return None
    said = form.cleaned_data
    chosen = [*said["villages"], *(match.area.pk for match in matches if match.area)]
    chosen += [value for name, value in said.items() if name.startswith("which-")]
    villages = list(dict.fromkeys(chosen))
    if not villages:
        form.add_error(None, _("请在列表里勾选，或粘贴村居名称"))
        return None
    entries = [(station, pk, CoverageKind(said["kind"]), said["starts_on"], None) for pk in villages]
    rows = tried(form, lambda: cover_villages(by=request.user, entries=entries))
    return len(rows) if rows else None


def coverage_of(request: SignedIn, pk: int) -> Coverage:
    found = Coverage.objects.filter(station__in=units_managed_by(request.user).values("pk"))
    return get_object_or_404(found.select_related("station", "village"), pk=pk)


@require_http_methods(FORM)
def cover_end(request: SignedIn, pk: int) -> HttpResponse:
    """结束一个村居的覆盖."""
    row = coverage_of(request, pk)
    yesterday = clock.today() - timedelta(days=1)
    initial = {"version": row.version, "ends_on": max(row.ends_on or yesterday, row.starts_on)}
    form = EndForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "ends_on": form.cleaned_data["ends_on"]}
        if tried(form, lambda: tree.end_coverage(by=request.user, cover=row, **said),
                 lambda now: {"ends_on": now.ends_on}):  # fmt: skip
            return done(request, _("已登记结束日期"), "station", row.station.code)
    crumbs = [*crumbs_to(None), (row.station.name, reverse("station", args=[row.station.code]))]
    heading = _("结束服务%(village)s") % {"village": row.village.short_name}
    return form_page(request, form, heading, crumbs, changes=changes_of(Coverage, id=row.pk))


@require_POST
def cover_take_back(request: SignedIn, pk: int) -> HttpResponse:
    """收回今天的登记."""
    row = coverage_of(request, pk)
    code, version = row.station.code, version_of(request)
    pressed(request, lambda: tree.take_back_coverage(by=request.user, cover=row, version=version), row,
            _("已收回%(village)s的登记") % {"village": row.village.short_name})  # fmt: skip
    return redirect("station", code)
