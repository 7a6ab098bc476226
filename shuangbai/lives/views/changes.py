"""家庭有变化: the menu, the guided form of each change with its preview, what was done, and taking it back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.households.queries import family_lines, find_households
from shuangbai.households.views import tried
from shuangbai.lives import queries
from shuangbai.lives.access import changes_visible_to
from shuangbai.lives.actions import homes, people
from shuangbai.lives.actions.parts import acting_station
from shuangbai.lives.actions.undoing import undo_change
from shuangbai.lives.enums import ChangeKind
from shuangbai.lives.forms.changes import (
    About,
    ChangeForm,
    DeathForm,
    LeaveForm,
    MergeForm,
    MoveForm,
    PickForm,
    RotationForm,
    SecondHomeForm,
    SplitForm,
    StationForm,
    UndoForm,
)
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import UNDO_DAYS, Preview
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.upkeep.rules import SEARCHES

FORM = ["GET", "HEAD", "POST"]
FOUND = 20

K = ChangeKind
GUIDES: dict[str, tuple[type[ChangeForm], Callable[..., LifeChange]]] = {
    K.MOVE: (MoveForm, homes.move_home),
    K.SPLIT: (SplitForm, homes.split_household),
    K.MERGE: (MergeForm, homes.merge_households),
    K.DEATH: (DeathForm, people.note_death),
    K.LEAVE: (LeaveForm, people.leave_area),
    K.SECOND_HOME: (SecondHomeForm, people.add_second_home),
    K.ROTATION: (RotationForm, people.rotate_homes),
    K.STATION: (StationForm, homes.give_to_station),
}
WITH_OTHER = {K.MERGE, K.SECOND_HOME, K.ROTATION}


def family_of(request: SignedIn, pk: UUID) -> Household:
    """The family, if the person may change it. Raises Http404."""
    visible = households_visible_to(request.user, Permission.EDIT_FAMILIES).select_related("station", "village")
    return get_object_or_404(visible, pk=pk)


@require_safe
def changes(request: SignedIn, pk: UUID) -> HttpResponse:
    """家庭有变化: what may have happened, and what was entered before."""
    household = family_of(request, pk)
    may_ask = viewer_of(request.user).may(Permission.ASK_ERASURE)
    context = {
        "household": household, "menu": queries.MENU, "may_ask": may_ask,
        "past": queries.changes_of(changes_visible_to(request.user), pk),
        "people": queries.ever_of(household) if may_ask else [],
    }  # fmt: skip
    return render(request, "lives/changes.html", context)


@require_http_methods(FORM)
def change_new(request: SignedIn, pk: UUID, kind: str) -> HttpResponse:
    """One change, guided: who else it is about, what happened, what will follow, and then it is done."""
    household = family_of(request, pk)
    if kind not in GUIDES:
        raise Http404
    about = about_of(request, household, ChangeKind(kind))
    missing = (kind in WITH_OTHER and about.other is None) or (kind == K.STATION and about.target is None)
    if missing or (kind == K.ROTATION and "more" in request.GET):
        return pick_page(request, household, ChangeKind(kind), about)
    make, act = GUIDES[kind]
    form, preview = make(request.POST or None, about=about), None
    if form.is_valid():
        done, preview = carried_out(request, form, act)
        if done:
            messages.success(request, _("已办好，下面是做了什么"))
            return redirect("change", done.pk)
    context = {"household": household, "kind": ChangeKind(kind), "form": form, "preview": preview, "about": about}
    return render(request, "lives/change.html", context, status=422 if form.is_bound and not preview else 200)


def carried_out(
    request: SignedIn, form: Any, act: Callable[..., LifeChange]
) -> tuple[LifeChange | None, Preview | None]:
    """The change that was done, or what would be done; neither where the form now says what to put right."""
    try:
        return act(by=request.user, entry=form.entry(), confirmed=form.cleaned_data["confirmed"]), None
    except NotAllowed:
        raise Http404 from None
    except Preview as preview:
        data: QueryDict = form.data.copy()
        data["confirmed"] = preview.token
        form.data = data
        return None, preview
    except Refused as refused:
        add_findings(form, refused)
        return None, None


def about_of(request: SignedIn, household: Household, kind: ChangeKind) -> About:
    """What a guided form must know of the family, and of the other one or the station that was picked."""
    today = clock.today()
    try:
        station = acting_station(request.user, household)
    except NotAllowed:
        raise Http404 from None
    here = queries.people_of(household, today)
    keys = [row.person_id for row in here]
    own = kind in (K.DEATH, K.LEAVE)
    tags = queries.tags_in_force(household, keys, today, own=own)
    if kind == K.DEATH:
        tags = [tag for tag in tags if tag.person_id]
    about = About(household, station, here, tags)
    picked = others_picked(request, household)
    if picked:
        about.other, about.homes = picked[0], [household, *picked]
        about.other_here = queries.people_of(picked[0], today)
        about.other_tags = queries.tags_in_force(picked[0], [], today)
    if code := request.GET.get("to", ""):
        about.target = stations_open(station).filter(code=code).first()
    return about


def others_picked(request: SignedIn, household: Household) -> list[Household]:
    """The other families named in the address, three at most, as far as the person may change them."""
    keys = []
    for text in request.GET.getlist("with")[:3]:
        try:
            keys.append(UUID(text))
        except ValueError:
            raise Http404 from None
    visible = households_visible_to(request.user, Permission.EDIT_FAMILIES).exclude(pk=household.pk)
    found = visible.select_related("village").in_bulk(keys)
    if len(found) < len(set(keys)):
        raise Http404
    return [found[key] for key in dict.fromkeys(keys)]


def stations_open(besides: UUID) -> Any:
    rows = OrgUnit.objects.on(clock.today()).filter(kind=UnitKind.STATION).exclude(pk=besides)
    return rows.select_related("parent").order_by("path")


def pick_page(request: SignedIn, household: Household, kind: ChangeKind, about: About) -> HttpResponse:
    """Which other family, or which station, it is about."""
    context: dict[str, Any] = {"household": household, "kind": kind}
    if kind == K.STATION:
        context["stations"] = stations_open(about.station_id)
        return render(request, "lives/pick_station.html", context)
    form = PickForm(request.GET)
    asked = form.cleaned_data["q"].strip() if form.is_valid() else ""
    picked = list(about.homes)[1:]
    context |= {"form": form, "asked": asked, "lines": [], "picked": picked}
    if asked:
        SEARCHES.count(request.user.pk)
        stations = viewer_of(request.user).station_ids(Permission.EDIT_FAMILIES)
        visible = households_visible_to(request.user, Permission.EDIT_FAMILIES).exclude(
            pk__in=[household.pk, *(home.pk for home in picked)]
        )
        found = find_households(visible, stations, asked).select_related("village").order_by("head_name", "id")
        context["lines"] = family_lines(list(found[:FOUND]), clock.today(), sees_names=True)
    return render(request, "lives/pick_family.html", context)


# WHAT WAS DONE -------------------------------------------------------------


def change_of(request: SignedIn, pk: UUID) -> LifeChange:
    rows = changes_visible_to(request.user).select_related("household", "other", "entered_by", "undone_by", "station")
    return get_object_or_404(rows, pk=pk)


def change_page(request: SignedIn, found: LifeChange, form: UndoForm, status: int = 200) -> HttpResponse:
    seen = set(
        households_visible_to(request.user)
        .filter(pk__in=[found.household_id, found.other_id])
        .values_list("pk", flat=True)
    )
    steps = [(one.text, reverse(one.url_name, args=[one.key])) for one in queries.next_steps(found) if one.key in seen]
    late = (clock.today() - clock.day_of(found.entered_at)).days > UNDO_DAYS
    context = {
        "change": found, "form": form, "steps": steps, "late": late, "days": UNDO_DAYS,
        "household": found.household if found.household_id in seen else None,
        "other": found.other if found.other_id in seen else None,
    }  # fmt: skip
    return render(request, "lives/change_done.html", context, status=status)


@require_safe
def change(request: SignedIn, pk: UUID) -> HttpResponse:
    """What a change did, what to look at next, and the way back."""
    return change_page(request, change_of(request, pk), UndoForm())


@require_POST
def change_undo(request: SignedIn, pk: UUID) -> HttpResponse:
    """撤销这次变化."""
    found, form = change_of(request, pk), UndoForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if tried(form, lambda: undo_change(by=request.user, change=found, reason=reason)):
            messages.success(request, _("已撤销，家庭恢复到登记之前的样子"))
            return redirect("change", found.pk)
    return change_page(request, found, form, 422)
