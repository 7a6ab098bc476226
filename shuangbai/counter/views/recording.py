"""Pages of consultations and of leaflets."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.counter.access import consultations_visible_to, handouts_visible_to
from shuangbai.counter.actions.recording import (
    correct_consultation,
    correct_handout,
    record_consultation,
    record_handout,
)
from shuangbai.counter.forms.recording import (
    ConsultationForm,
    HandoutForm,
    blank,
    corrections,
    entry_of,
    initial_of,
    side_by_side,
)
from shuangbai.counter.models import Consultation, Handout
from shuangbai.counter.queries import person_of
from shuangbai.households.access import family_to_write_about
from shuangbai.households.models import Household
from shuangbai.households.views import FORM, tried
from shuangbai.network.context import SignedIn
from shuangbai.services.access import may_write, shown_name
from shuangbai.services.forms import recent_days, typed_day, typed_ids
from shuangbai.services.queries import versions
from shuangbai.services.views import record_frame, writing_station

# CONSULTATIONS -------------------------------------------------------------


@require_http_methods(FORM)
def consultation_new(request: SignedIn) -> HttpResponse:
    """记咨询; `family` in the address says about which."""
    station, me = writing_station(request.user), request.user.staff_id
    data = request.POST or None
    day, home = typed_day(request.POST or request.GET), _home(request, data)
    first = blank(day=day, me=me) | {"household": home.pk if home else None}
    form = ConsultationForm(data, initial=first, user=request.user, station=station, day=day, me=me, household=home)
    if form.is_valid() and (made := tried(form, lambda: record_consultation(
        by=request.user, entry=form.entry(), acknowledged=form.acknowledged
    ))):  # fmt: skip
        messages.success(request, _("咨询已记下"))
        return redirect("consultation", made.pk)
    return _page(request, form, "consultation")


def _home(request: SignedIn, data: Any, kept: UUID | None = None) -> Household | None:
    """The family that the address or the form names, for whoever may write about it. Raises Http404."""
    keys = typed_ids([data.get("household", "") if data else request.GET.get("family", "") or str(kept or "")])
    if not keys:
        return None
    if keys[0] == kept:
        return Household.objects.defer("address", "phone").get(pk=kept)
    home = family_to_write_about(request.user, keys[0])
    if home is None:
        raise Http404
    return home


@require_safe
def consultation(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(consultations_visible_to(request.user), pk=pk)
    record, person = found.record, person_of(found.record)
    frame = record_frame(request.user, record)
    names = frame["names"]
    called = person.name if person else found.name
    context = frame | {
        "found": found, "person": person, "called": shown_name(request.user, called) if called else "",
        "family": shown_name(request.user, record.household.head_name) if record.household else "",
        "summary": found.summary if names else "",
        "corrections": corrections(Consultation, record) if names else [],
    }  # fmt: skip
    return render(request, "counter/consultation.html", context)


@require_http_methods(FORM)
def consultation_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正咨询."""
    found = _to_correct(request, consultations_visible_to(request.user), pk)
    first, data = initial_of(found), request.POST or None
    day = typed_day(request.POST) if data else first["occurred_on"]
    home = _home(request, data, found.record.household_id)
    form = ConsultationForm(
        data, initial=first, user=request.user, station=found.record.station, day=day, me=request.user.staff_id,
        correcting=True, household=home,
    )  # fmt: skip
    return _corrected(request, form, found, "consultation", lambda: correct_consultation(
        by=request.user, consultation=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    ))  # fmt: skip


# LEAFLETS --------------------------------------------------------------------


@require_http_methods(FORM)
def handout_new(request: SignedIn) -> HttpResponse:
    """记宣传资料."""
    station, me = writing_station(request.user), request.user.staff_id
    day = typed_day(request.POST or request.GET)
    form = HandoutForm(
        request.POST or None, initial=blank(day=day, me=me), user=request.user, station=station, day=day, me=me
    )
    if form.is_valid() and (made := tried(form, lambda: record_handout(
        by=request.user, entry=form.entry(), acknowledged=form.acknowledged
    ))):  # fmt: skip
        messages.success(request, _("已记下"))
        return redirect("handout", made.pk)
    return _page(request, form, "handout")


@require_safe
def handout(request: SignedIn, pk: UUID) -> HttpResponse:
    found = get_object_or_404(handouts_visible_to(request.user), pk=pk)
    context = record_frame(request.user, found.record) | {
        "found": found, "corrections": corrections(Handout, found.record),
    }  # fmt: skip
    return render(request, "counter/handout.html", context)


@require_http_methods(FORM)
def handout_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正宣传资料."""
    found = _to_correct(request, handouts_visible_to(request.user), pk)
    first, data = initial_of(found), request.POST or None
    form = HandoutForm(
        data, initial=first, user=request.user, station=found.record.station, me=request.user.staff_id,
        day=typed_day(request.POST) if data else first["occurred_on"], correcting=True,
    )  # fmt: skip
    return _corrected(request, form, found, "handout", lambda: correct_handout(
        by=request.user, handout=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    ))  # fmt: skip


# BOTH ------------------------------------------------------------------------


def _to_correct(request: SignedIn, visible: Any, pk: UUID) -> Any:
    """One of those within reach that may be corrected. Raises Http404."""
    found = get_object_or_404(visible, pk=pk)
    if not may_write(request.user, found.record) or found.record.voided_at:
        raise Http404
    return found


def _corrected(request: SignedIn, form: Any, found: Any, kind: str, act: Callable[[], Any]) -> HttpResponse:
    """The outcome of a correction: back to the record, or the form with what is to be put right."""
    more: dict[str, Any] = {"found": found}
    if form.is_valid():
        try:
            if tried(form, act):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect(kind, found.pk)
        except Conflict:
            more |= _both(form, type(found).objects.select_related("record__station").get(pk=found.pk))
    return _page(request, form, kind, **more)


def _both(form: Any, now: Any) -> dict[str, Any]:
    """What is saved now beside what was typed; what was typed can then be saved on top of it."""
    saved = versions(now.record)[-1]
    rebase(form, now.record.version)
    rows = side_by_side(entry_of(now), form.entry())
    return {"rows": rows, "theirs_by": saved.by, "theirs_at": saved.at, "status": 409}


def _page(request: SignedIn, form: Any, kind: str, **more: Any) -> HttpResponse:
    """The form; 422 where something is to be put right."""
    context = {
        "form": form, "recent_days": recent_days(), "people_url": f"{reverse('people-suggest')}?q=",
        "back_url": reverse(kind, args=[more["found"].pk]) if "found" in more else reverse("small-things"), **more,
    }  # fmt: skip
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, f"counter/{kind}_form.html", context, status=status)
