"""That nobody should go to a family alone: said, read, ended."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.forms import add_findings
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.households.views import tried
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.rounds.access import flags_ended_by
from shuangbai.rounds.actions.plans import end_flag, flag_family
from shuangbai.rounds.forms import FlagEndForm, FlagForm
from shuangbai.rounds.models import SafetyFlag


def _family(request: SignedIn, pk: UUID) -> Household:
    return get_object_or_404(households_visible_to(request.user).select_related("village"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def safety(request: SignedIn, pk: UUID) -> HttpResponse:
    """双人入户: whether and why, since when; what was said before."""
    household = _family(request, pk)
    if request.method != "POST":
        return _page(request, household, FlagForm(initial={"starts_on": clock.today()}))
    station, form = viewer_of(request.user).home_station, FlagForm(request.POST)
    if station is None:
        raise Http404
    if form.is_valid():
        said = form.cleaned_data
        if tried(form, lambda: flag_family(by=request.user, station=station, household=household, **said)):
            messages.success(request, _("已标明双人入户，排计划时会提醒"))
            return redirect("safety", pk)
    return _page(request, household, form, status=422)


@require_POST
def safety_end(request: SignedIn, pk: UUID) -> HttpResponse:
    """One may go alone again."""
    flag = get_object_or_404(flags_ended_by(request.user).select_related("household__village"), pk=pk)
    form = FlagEndForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            end_flag(
                by=request.user, flag=flag, version=typed["version"], ends_on=typed["ends_on"],
                reason=typed["end_reason"],
            )  # fmt: skip
        except NotAllowed:
            raise Http404 from None
        except Refused as refused:
            add_findings(form, refused)
        except Conflict:
            messages.warning(request, _("您打开以后，已有同事解除了，请看下面的记录"))
            return redirect("safety", flag.household_id)
        else:
            messages.success(request, _("已解除双人入户"))
            return redirect("safety", flag.household_id)
    return _page(request, flag.household, FlagForm(), ending=form, status=422)


def _page(
    request: SignedIn, household: Household, form: forms.Form, *, ending: FlagEndForm | None = None, status: int = 200
) -> HttpResponse:
    viewer, today = viewer_of(request.user), clock.today()
    flags = SafetyFlag.objects.filter(household=household).select_related("station", "entered_by")
    rows = list(flags.order_by("-starts_on", "-id"))
    station = viewer.home_station
    mine = next((one for one in rows if station and one.station_id == station.pk and one.ends_on is None), None)
    if mine and ending is None:
        ending = FlagEndForm(initial={"version": mine.version, "ends_on": today})
    context = {
        "household": household,
        "form": form,
        "ending": ending,
        "flag": mine,
        "flags": rows,
        "today": today,
        "may_edit": station is not None and viewer.reaches(Permission.EDIT_FAMILIES, station.pk),
    }
    return render(request, "rounds/safety.html", context, status=status)
