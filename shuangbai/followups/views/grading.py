"""跟进分级: how a city grades, decided on set-up pages with dates and history."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.codes.queries import decisions_of, label_of, latest_decision
from shuangbai.codes.views import check_page, decided, decision_page
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase, two_versions
from shuangbai.followups.forms import ChooseForm, FloorEndForm, FloorForm, LevelEndForm, LevelForm, SchemeForm
from shuangbai.households import schemes
from shuangbai.households.grades import Schemes, floor_rows, schemes_of_stations, versions_of
from shuangbai.households.models import CategoryFloor
from shuangbai.households.rules import PRESETS, Level
from shuangbai.households.views import FORM
from shuangbai.network.access import units_visible_to
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.queries import open_stations
from shuangbai.visits.enums import MODES


@require_safe
def grading(request: SignedIn) -> HttpResponse:
    """跟进分级: the schemes, which station uses which, the longest intervals, and what was decided."""
    check_page(request)
    day = clock.today()
    now = Schemes(day)
    stations = list(open_stations(units_visible_to(request.user), day))
    chosen = schemes_of_stations(one.pk for one in stations)
    rows = [(one, now.of(one.pk), [row for row in chosen.get(one.pk, []) if row.starts_on > day]) for one in stations]
    later = [row for some in versions_of(now.levels).values() for row in some if row.starts_on > day]
    context = {
        "schemes": [(one, [told(level) for level in one.levels], one.code not in PRESETS) for one in now.in_order()],
        "stations": rows, "later": later, "floors": floor_rows(), "today": day,
        "decisions": decisions_of(schemes.GRADING, schemes.FLOORS),
    }  # fmt: skip
    return render(request, "followups/grading.html", context)


def told(level: Level) -> dict[str, Any]:
    """A level with its ways in words."""
    return {"level": level, "ways": "、".join(label_of(MODES, mode, clock.today()) for mode in level.modes)}


def page(request: SignedIn, form: forms.Form, heading: str, **more: Any) -> HttpResponse:
    back = reverse("grading")
    return decision_page(
        request, form, heading=heading, crumbs=[(_("跟进分级"), back), (heading, "")], back_url=back, **more
    )


def saved(request: SignedIn, form: forms.Form, said: str, act: Any) -> HttpResponse | None:
    """Back to the page of schemes where the decision was made; None where its sentences stand on the form."""
    if form.is_valid() and decided(form, act):
        messages.success(request, said)
        return redirect("grading")
    return None


def found_level(code: str) -> tuple[Level, Schemes]:
    """A level as it holds, or will hold. Raises Http404."""
    now = Schemes(clock.today())
    if code not in now.levels or now.levels[code].ended:
        raise Http404
    return now.levels[code], now


@require_http_methods(FORM)
def level_edit(request: SignedIn, code: str) -> HttpResponse:
    """改一级 from a day on."""
    check_page(request)
    level, now = found_level(code)
    form = LevelForm(request.POST or None, level=level, version=now.by_code[level.scheme].version)
    more: dict[str, Any] = {}
    try:
        done = saved(request, form, _("已保存，从那天起按新的算"), lambda: schemes.change_level(
            by=request.user, level=code, version=form.cleaned_data["version"] or 0, said=form.said(),
            reason=form.cleaned_data["reason"],
        ))  # fmt: skip
        if done:
            return done
    except Conflict:
        more = both(form, level, now.by_code[level.scheme].version)
    return page(request, form, _("改「%(label)s」") % {"label": level.label}, **more)


def both(form: forms.Form, level: Level, version: int) -> dict[str, Any]:
    """What somebody else decided meanwhile beside what was typed, which can then be saved on top of it."""
    plain = {name: value for name, value in LevelForm.plain(level).items() if name != "modes"}
    rows, decision = two_versions(form, plain), latest_decision(schemes.GRADING, level.scheme)
    rebase(form, version)
    who = (decision.by, decision.at) if decision else ("", None)
    return {"rows": rows, "theirs_by": who[0], "theirs_at": who[1], "status": 409}


def own_scheme(code: str) -> Any:
    """A scheme of the city's own. Raises Http404."""
    scheme = Schemes(clock.today()).by_code.get(code)
    if scheme is None or code in PRESETS:
        raise Http404
    return scheme


@require_http_methods(FORM)
def level_add(request: SignedIn, code: str) -> HttpResponse:
    """增加一级."""
    check_page(request)
    scheme = own_scheme(code)
    form = LevelForm(request.POST or None, version=scheme.version)
    try:
        done = saved(request, form, _("已增加"), lambda: schemes.add_level(
            by=request.user, scheme=code, version=form.cleaned_data["version"] or 0, said=form.said(),
            reason=form.cleaned_data["reason"],
        ))  # fmt: skip
    except Conflict:
        return overtaken(request)
    return done or page(request, form, _("「%(name)s」增加一级") % {"name": scheme.name})


def overtaken(request: SignedIn) -> HttpResponse:
    messages.warning(request, _("刚才有同事改了这种办法，请看过现在的样子再改"))
    return redirect("grading")


@require_http_methods(FORM)
def level_end(request: SignedIn, code: str) -> HttpResponse:
    """停用一级."""
    check_page(request)
    level, now = found_level(code)
    own_scheme(level.scheme)
    form = LevelEndForm(request.POST or None, version=now.by_code[level.scheme].version)
    try:
        done = saved(request, form, _("已停用"), lambda: schemes.end_level(
            by=request.user, level=code, version=form.cleaned_data["version"] or 0,
            ends_on=form.cleaned_data["ends_on"], reason=form.cleaned_data["reason"],
        ))  # fmt: skip
    except Conflict:
        return overtaken(request)
    return done or page(request, form, _("停用「%(label)s」") % {"label": level.label})


@require_http_methods(FORM)
def scheme_add(request: SignedIn) -> HttpResponse:
    """增加一种办法."""
    check_page(request)
    form = SchemeForm(request.POST or None, schemes=Schemes(clock.today()).in_order())
    done = saved(request, form, _("已增加，请逐级核对天数和方式"), lambda: schemes.add_scheme(
        by=request.user, name=form.cleaned_data["name"], starts_on=clock.today(), like=form.cleaned_data["like"],
        reason=form.cleaned_data["reason"],
    ))  # fmt: skip
    return done or page(request, form, _("增加一种办法"))


@require_http_methods(FORM)
def scheme_choose(request: SignedIn) -> HttpResponse:
    """各站用哪一种办法."""
    check_page(request)
    now, offered = Schemes(clock.today()), open_stations(OrgUnit.objects.all(), clock.today())
    form = ChooseForm(request.POST or None, schemes=now.in_order(), stations=offered)
    done = saved(request, form, _("已保存"), lambda: schemes.choose_scheme(
        by=request.user, stations=list(form.cleaned_data["stations"]), scheme=form.cleaned_data["scheme"],
        starts_on=form.cleaned_data["starts_on"], reason=form.cleaned_data["reason"],
    ))  # fmt: skip
    return done or page(request, form, _("各站用哪一种办法"))


@require_http_methods(FORM)
def floors_set(request: SignedIn) -> HttpResponse:
    """类别的最长间隔."""
    check_page(request)
    form = FloorForm(request.POST or None)
    done = saved(request, form, _("已保存"), lambda: schemes.set_floors(
        by=request.user, categories=list(form.cleaned_data["categories"]), days=form.cleaned_data["days"],
        starts_on=form.cleaned_data["starts_on"], reason=form.cleaned_data["reason"],
    ))  # fmt: skip
    return done or page(request, form, _("定类别的最长间隔"))


@require_http_methods(FORM)
def floor_end(request: SignedIn, pk: int) -> HttpResponse:
    """结束一类的最长间隔."""
    check_page(request)
    floor = get_object_or_404(CategoryFloor.objects.select_related("category"), pk=pk)
    form = FloorEndForm(request.POST or None)
    done = saved(request, form, _("已结束"), lambda: schemes.end_floor(
        by=request.user, floor=floor, ends_on=form.cleaned_data["ends_on"], reason=form.cleaned_data["reason"]
    ))  # fmt: skip
    return done or page(request, form, _("结束「%(name)s」的最长间隔") % {"name": floor.category})
