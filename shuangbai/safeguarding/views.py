"""Pages of safeguarding: raising an alarm, the few's list, one alarm, the one figure, what the city says of them."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.codes.queries import decisions_of, version_of
from shuangbai.codes.views import check_page, decided
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.models import Person
from shuangbai.households.queries import members_on, one_of_each
from shuangbai.households.rules import age_on
from shuangbai.households.views import FORM, own_station, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.safeguarding import actions, queries
from shuangbai.safeguarding.access import (
    alarms_visible_to,
    answers_for,
    may_close,
    may_count,
    may_know_of_alarms,
    may_name,
    may_raise,
)
from shuangbai.safeguarding.enums import AlarmState, Protected
from shuangbai.safeguarding.forms import AlarmForm, AlarmRuleForm, CloseForm, ReaderForm, StepForm
from shuangbai.safeguarding.models import Alarm
from shuangbai.safeguarding.rules import ADULT, span_words

# RAISING -------------------------------------------------------------------


@require_http_methods(FORM)
def alarm_new(request: SignedIn) -> HttpResponse:
    """发起安全警报, from any page; `person` or `family` in the address fill in who."""
    station = own_station(request, Permission.RAISE_ALARMS)
    person, members = _person_asked(request), _members_asked(request)
    initial = {"person": person.pk, "protected": _protected(person)} if person else {}
    form = AlarmForm(request.POST or None, station=station, members=members, initial=initial)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: actions.raise_alarm(by=request.user, **said)):
            messages.success(request, _("已登记。请确认已经拨打 110，再往下记"))
            return redirect("alarm", made.pk)
    context = {
        "form": form, "members": members, "person_name": _name_of(request, form),
        "people_url": f"{reverse('people-suggest')}?q=", "crumbs": _crumbs(_("发起")),
    }  # fmt: skip
    return render(request, "safeguarding/new.html", context, status=422 if form.is_bound else 200)


def _person_asked(request: SignedIn) -> Person | None:
    """Who is meant, where the address says so. Raises Http404."""
    key = request.GET.get("person")
    return get_object_or_404(people_visible_to(request.user, Permission.EDIT_FAMILIES), pk=_key(key)) if key else None


def _members_asked(request: SignedIn) -> Sequence[tuple[UUID, str]]:
    """Who is of the family that the address names, with their ages; raises Http404."""
    key = request.GET.get("family")
    if not key:
        return []
    visible = households_visible_to(request.user, Permission.EDIT_FAMILIES)
    household, day = get_object_or_404(visible, pk=_key(key)), clock.today()
    rows = [row.person for row in one_of_each(members_on(household.pk, day)) if row.person.died_on is None]
    ages = {one.pk: f"，{age_on(one.birth_date, day)} 岁" for one in rows if one.birth_date}
    return [(one.pk, f"{one.name}{ages.get(one.pk, '')}") for one in rows]


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _protected(person: Person) -> str:
    """A minor by the day of birth; of whoever is grown up it is not presumed that they lack capacity."""
    return Protected.MINOR if person.birth_date and age_on(person.birth_date, clock.today()) < ADULT else ""


def _name_of(request: SignedIn, form: AlarmForm) -> str:
    """What the person is called whose key stands in the form, while they may be chosen."""
    key = str(form["person"].value() or "")
    try:
        pk = UUID(key)
    except ValueError:
        return ""
    found = people_visible_to(request.user, Permission.EDIT_FAMILIES).filter(pk=pk)
    return found.values_list("name", flat=True).first() or ""


# THE FEW -------------------------------------------------------------------


@require_safe
def alarm_list(request: SignedIn) -> HttpResponse:
    """安全警报: those that this person may know of. The list says when and how far, never about whom."""
    if not may_know_of_alarms(request.user):
        raise Http404
    rows = queries.lines(alarms_visible_to(request.user), clock.now())
    new_url = reverse("alarm-new") if may_raise(request.user) else ""
    context = {"rows": rows, "new_url": new_url, "counts": may_count(request.user)}
    return render(request, "safeguarding/list.html", context)


def alarm_of(request: SignedIn, pk: UUID) -> Alarm:
    """The alarm, for one of the few. Raises Http404, as for what does not exist."""
    found = alarms_visible_to(request.user).select_related("charge", "entered_by", "closed_by")
    return get_object_or_404(found, pk=pk)


@require_safe
def alarm(request: SignedIn, pk: UUID) -> HttpResponse:
    """One alarm: the clock, what was seen, what was done; each look is kept in the trail."""
    found = alarm_of(request, pk)
    actions.note_looked(by=request.user, alarm=found)
    return alarm_page(request, found)


def alarm_page(request: SignedIn, found: Alarm, **more: Any) -> HttpResponse:
    """The page of an alarm; `more` may bring a form of it that came back, and a status."""
    now, open_ = clock.now(), found.state != AlarmState.CLOSED
    names = open_ and may_name(request.user, found)
    steps = list(queries.steps_of(found))
    context = {
        "alarm": found, "open": open_, "crumbs": _crumbs(_("一件警报")),
        "steps": [(one, span_words(found.discovered_at, one.happened_at)) for one in steps],
        "person": _known_person(request, found.person_key),
        "clock": span_words(found.discovered_at, found.closed_at or now),
        "overdue": queries.is_late(found, now),
        "asks": queries.asks(), "step": StepForm(alarm=found), "closing": CloseForm(alarm=found),
        "may_close": open_ and may_close(request.user, found),
        "own": open_ and answers_for(request.user, found) and found.entered_by_id == request.user.pk,
        "readers": list(queries.readers_of(found)), "may_name": names,
        "reading": ReaderForm(offered=list(queries.may_be_named(found, now.date())) if names else []), **more,
    }  # fmt: skip
    return render(request, "safeguarding/alarm.html", context, status=more.get("status", 200))


def _known_person(request: SignedIn, key: UUID | None) -> Person | None:
    """Whom an alarm is about, while this person still sees the family."""
    return people_visible_to(request.user).only("pk").filter(pk=key).first() if key else None


def _crumbs(here: str) -> list[tuple[str, str]]:
    return [(_("安全警报"), reverse("alarm-list")), (here, "")]


def changed(request: SignedIn, found: Alarm, form: forms.Form, name: str, act: Callable[[], Any]) -> HttpResponse:
    """The outcome of a change: back to the alarm, or its page with what is to be put right and all that was typed."""
    status = 422
    if form.is_valid():
        try:
            if tried(form, act):
                messages.success(request, _("已记下"))
                return redirect("alarm", found.pk)
        except Conflict:
            found, status = alarm_of(request, found.pk), 409
            rebase(form, found.version)
            form.add_error(None, _("您打开之后，另一位同事记了新的一步；请看下面现在的样子，再按一次保存"))
    return alarm_page(request, found, **{name: form, "status": status})


@require_POST
def alarm_step(request: SignedIn, pk: UUID) -> HttpResponse:
    """记一步: what was done."""
    found = alarm_of(request, pk)
    form = StepForm(request.POST, alarm=found)
    return changed(request, found, form, "step", lambda: actions.record_step(
        by=request.user, alarm=found, version=form.cleaned_data["version"], entry=form.entry()
    ))  # fmt: skip


@require_POST
def alarm_close(request: SignedIn, pk: UUID) -> HttpResponse:
    """结案, by another than who raised it."""
    found = alarm_of(request, pk)
    if not answers_for(request.user, found):
        raise Http404
    form = CloseForm(request.POST, alarm=found)
    return changed(request, found, form, "closing", lambda: actions.close_alarm(
        by=request.user, alarm=found, **{name: form.cleaned_data[name] for name in ("reason", "note", "version")}
    ))  # fmt: skip


@require_POST
def alarm_reader(request: SignedIn, pk: UUID) -> HttpResponse:
    """Whom the head lets read it, or no longer."""
    found = alarm_of(request, pk)
    if not may_name(request.user, found):
        raise Http404
    if request.POST.get("does") == "end":
        reader = get_object_or_404(queries.readers_of(found), user=_key(request.POST.get("user", "")))
        actions.unname_reader(by=request.user, alarm=found, user=reader.user)
        messages.success(request, _("已记下"))
        return redirect("alarm", pk)
    form = ReaderForm(request.POST, offered=list(queries.may_be_named(found, clock.today())))
    return changed(request, found, form, "reading", lambda: actions.name_reader(
        by=request.user, alarm=found, user=User.objects.get(pk=form.cleaned_data["user"])
    ))  # fmt: skip


# THE CITY ------------------------------------------------------------------


@require_safe
def alarm_figure(request: SignedIn) -> HttpResponse:
    """安全警报件数: one number for the whole city a half-year, and nothing else."""
    if not may_count(request.user):
        raise Http404
    day = clock.today()
    least = queries.rule_on(day).least
    context = {"years": queries.figure(day, least), "least": least}
    return render(request, "safeguarding/figure.html", context)


@require_http_methods(FORM)
def alarm_rule(request: SignedIn) -> HttpResponse:
    """安全警报, by the city."""
    check_page(request)
    day, version = clock.today(), version_of(actions.RULE)
    form = AlarmRuleForm(request.POST or None, rule=queries.rule_on(day), version=version)
    more: dict[str, Any] = {}
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("hours", "least", "starts_on", "version", "reason")}
        try:
            if decided(form, lambda: actions.set_alarm_rule(by=request.user, **said)):
                messages.success(request, _("已保存"))
                return redirect("alarm-rule")
        except Conflict:
            rebase(form, version)
            form.add_error(None, _("您打开之后别人改过这项规定，请看清现在的规定，再按一次保存"))
            more["status"] = 409
    heading = _("安全警报")
    crumbs = [(_("设置"), reverse("setup")), (heading, "")]
    more["decisions"] = decisions_of(actions.RULE)
    status = more.get("status", 422 if form.is_bound else 200)
    context = {"form": form, "heading": heading, "crumbs": crumbs, "back_url": reverse("setup"), **more}
    return render(request, "safeguarding/rule.html", context, status=status)
