"""区划: the division tree down to villages, other names, codes of several systems, and what became of a place."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.network import divisions
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.network.enums import AreaLevel
from shuangbai.network.forms import AliasForm, CodeForm, EndAreaForm, EndForm, PlaceForm, RenameForm, VillagesForm
from shuangbai.network.models import Area, AreaAlias, AreaCode
from shuangbai.network.places import SYSTEMS, areas_called, children_of, codes_of, own_city, path_of
from shuangbai.network.queries import grouped_areas
from shuangbai.network.views.answers import FORM, check_areas, done, form_page, pressed, tried

WITH_ABOVE = "parent__parent__parent__parent"


def area_of(request: SignedIn, pk: int) -> Area:
    check_areas(request)
    return get_object_or_404(Area.objects.select_related(WITH_ABOVE, "successor"), pk=pk)


def crumbs_to(area: Area | None) -> list[tuple[str, str]]:
    above = [(one.short_name, reverse("area", args=[one.pk])) for one in path_of(area)] if area else []
    return [(_("设置"), reverse("setup")), (_("区划"), reverse("area-list")), *above]


@require_safe
def area_list(request: SignedIn) -> HttpResponse:
    """区划: from the top, or what a name, a name path or a code finds."""
    check_areas(request)
    words = request.GET.get("q", "").strip()[:60]
    found = areas_called(words)
    context: dict[str, Any] = {"words": words, "found": [(area, path_of(area)[:-1]) for area in found]}
    if not words:
        city = None if "all" in request.GET else own_city()
        context |= {"city": city, "top": list(children_of(city))}
    return render(request, "network/areas.html", context)


@require_safe
def area(request: SignedIn, pk: int) -> HttpResponse:
    """一处区划: what is under it, how else it is called and numbered, and what became of it."""
    place = area_of(request, pk)
    below = divisions.BELOW.get(AreaLevel(place.level))
    context = {
        "place": place,
        "crumbs": [*crumbs_to(place)[:-1], (place.short_name, "")],
        "below": below.label if below else "",
        "children": list(children_of(place)),
        "codes": codes_of(place),
        "systems": SYSTEMS,
        "aliases": list(place.aliases.order_by("ends_on", "name")),
        "predecessors": list(place.predecessors.order_by("ends_on")),
        "takes_villages": below == AreaLevel.VILLAGE,
        "changes": changes_of(Area, id=place.pk),
    }
    return render(request, "network/area.html", context)


@require_http_methods(FORM)
def area_add(request: SignedIn, pk: int) -> HttpResponse:
    """在这里增加一处区划."""
    place = area_of(request, pk)
    form = PlaceForm(request.POST or None)
    if form.is_valid():
        said = {"entries": [form.entry()], "starts_on": form.cleaned_data["starts_on"]}
        added = tried(form, lambda: divisions.add_areas(by=request.user, parent=place, **said))
        if added:
            return done(request, _("已增加%(name)s") % {"name": added[0]}, "area", added[0].pk)
    return form_page(request, form, _("在%(where)s增加") % {"where": place}, crumbs_to(place))


@require_http_methods(FORM)
def area_rename(request: SignedIn, pk: int) -> HttpResponse:
    """改名."""
    place = area_of(request, pk)
    initial = {"version": place.version, "name": place.name, "on": clock.today()}
    form = RenameForm(request.POST or None, initial=initial)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("version", "name", "on")}
        if tried(
            form, lambda: divisions.rename_area(by=request.user, area=place, **said), lambda row: {"name": row.name}
        ):
            return done(request, _("已改名为%(name)s") % {"name": said["name"]}, "area", place.pk)
    return form_page(request, form, _("改名"), crumbs_to(place), sub=place.name)


def successors_for(place: Area) -> QuerySet[Area]:
    """Into what a place may go: of its level under the same parent; for a village anywhere in the county."""
    around = Area.objects.filter(level=place.level).exclude(pk=place.pk)
    if place.level == AreaLevel.VILLAGE and place.parent:
        return around.filter(parent__parent=place.parent.parent_id)
    return around.filter(parent=place.parent_id)


@require_http_methods(FORM)
def area_end(request: SignedIn, pk: int) -> HttpResponse:
    """撤销或并入, with what is still there."""
    place = area_of(request, pk)
    around = successors_for(place)
    initial = {"version": place.version, "ends_on": clock.today()}
    form = EndAreaForm(request.POST or None, choices=grouped_areas(around), initial=initial)
    if form.is_valid():
        successor = around.filter(pk=form.cleaned_data["successor"]).first()
        said = {"version": form.cleaned_data["version"], "ends_on": form.cleaned_data["ends_on"]}
        if tried(form, lambda: divisions.end_area(by=request.user, area=place, successor=successor, **said),
                 lambda row: {"ends_on": row.ends_on}):  # fmt: skip
            return done(request, _("已登记%(name)s撤销") % {"name": place}, "area", place.pk)
    left = divisions.open_in(place, clock.today())
    return form_page(request, form, _("撤销或并入"), crumbs_to(place), sub=place.name, left=left, label=_("登记撤销"))


@require_http_methods(FORM)
def area_villages(request: SignedIn, pk: int) -> HttpResponse:
    """粘贴村居名单: looked at first, then taken over."""
    place = area_of(request, pk)
    form = VillagesForm(request.POST or None)
    context: dict[str, Any] = {"place": place, "form": form, "crumbs": [*crumbs_to(place), (_("粘贴村居名单"), "")]}
    if form.is_valid():
        entries = form.entries()
        standing = set(Area.objects.filter(parent=place, ends_on=None).values_list("name", flat=True))
        fresh = [entry for entry in entries if entry.name not in standing]
        context |= {"rows": [(entry, entry.name in standing) for entry in entries], "fresh": len(fresh)}
        if "sure" in request.POST and fresh:
            said = {"entries": fresh, "starts_on": form.cleaned_data["starts_on"]}
            if tried(form, lambda: divisions.add_areas(by=request.user, parent=place, **said)):
                return done(request, _("已增加 %(n)s 个村居") % {"n": len(fresh)}, "area", place.pk)
    return render(request, "network/villages.html", context, status=422 if form.errors else 200)


# OTHER NAMES AND CODES -------------------------------------------------------


@require_http_methods(FORM)
def area_alias(request: SignedIn, pk: int) -> HttpResponse:
    """增加别名."""
    place = area_of(request, pk)
    form = AliasForm(request.POST or None)
    if form.is_valid() and tried(
        form, lambda: divisions.add_alias(by=request.user, area=place, name=form.cleaned_data["name"])
    ):
        return done(request, _("已增加别名"), "area", place.pk)
    return form_page(request, form, _("增加别名"), crumbs_to(place), sub=place.name)


@require_POST
def alias_remove(request: SignedIn, pk: int) -> HttpResponse:
    """去掉一个写错的别名."""
    check_areas(request)
    alias = get_object_or_404(AreaAlias.objects.select_related("area"), pk=pk)
    pressed(request, lambda: divisions.remove_alias(by=request.user, alias=alias), alias, _("已去掉别名"))
    return redirect("area", alias.area_id)


@require_http_methods(FORM)
def area_code(request: SignedIn, pk: int) -> HttpResponse:
    """登记一个体系的代码."""
    place = area_of(request, pk)
    form = CodeForm(request.POST or None, initial={"system": "mca"})
    if form.is_valid() and tried(form, lambda: divisions.add_code(by=request.user, area=place, **form.cleaned_data)):
        return done(request, _("已登记代码"), "area", place.pk)
    return form_page(request, form, _("登记代码"), crumbs_to(place), sub=place.name)


@require_http_methods(FORM)
def code_end(request: SignedIn, pk: int) -> HttpResponse:
    """停用一个代码."""
    check_areas(request)
    row = get_object_or_404(AreaCode.objects.select_related(f"area__{WITH_ABOVE}"), pk=pk)
    form = EndForm(request.POST or None, initial={"ends_on": clock.today()})
    if form.is_valid() and tried(
        form, lambda: divisions.end_code(by=request.user, row=row, ends_on=form.cleaned_data["ends_on"])
    ):
        return done(request, _("已停用代码 %(code)s") % {"code": row.code}, "area", row.area_id)
    return form_page(request, form, _("停用代码"), crumbs_to(row.area), sub=f"{row.area} · {row.code}")
