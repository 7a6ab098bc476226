"""人员与任职: people taken on one by one or from a pasted list, posted, transferred, gone."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import NotAllowed
from shuangbai.network import closing, teams
from shuangbai.network.access import units_managed_by, viewer_of
from shuangbai.network.changes import changes_of, fresh, newest
from shuangbai.network.context import SignedIn
from shuangbai.network.enums import Post, Sex, UnitKind
from shuangbai.network.forms import (
    LeaveForm,
    PostingForm,
    StaffForm,
    StaffListForm,
    TransferForm,
    pasted_people,
    unit_choices,
)
from shuangbai.network.models import OrgUnit, Posting, Staff
from shuangbai.network.queries import staff_lines
from shuangbai.network.roles import Permission
from shuangbai.network.views.answers import FORM, acknowledged, done, form_page, pressed, tried, version_of


def crumbs_to(person: Staff | None) -> list[tuple[str, str]]:
    here = [(person.name, reverse("staff", args=[person.pk]))] if person else []
    return [(_("设置"), reverse("setup")), (_("人员与任职"), reverse("staff-list")), *here]


def units_here(request: SignedIn) -> list[OrgUnit]:
    """The open units to which this person posts people. Raises Http404 for whoever sets up nothing."""
    if not viewer_of(request.user).may(Permission.MANAGE_NETWORK):
        raise Http404
    return list((units_managed_by(request.user) & OrgUnit.objects.on(clock.today())).order_by("path"))


def person_of(request: SignedIn, pk: UUID) -> Staff:
    units_here(request)
    person = get_object_or_404(Staff, pk=pk)
    try:
        teams.check_person(request.user, person)
    except NotAllowed:
        raise Http404 from None
    return person


@require_safe
def staff_list(request: SignedIn) -> HttpResponse:
    """人员与任职: who is posted today, and on demand who no longer is."""
    units_here(request)
    words, gone = request.GET.get("q", "").strip()[:40], "gone" in request.GET
    lines = staff_lines(units_managed_by(request.user), clock.today(), words, gone=gone)
    return render(request, "network/staff_list.html", {"lines": lines, "words": words, "gone": gone})


@require_http_methods(FORM)
def staff_new(request: SignedIn) -> HttpResponse:
    """登记一名工作人员."""
    units = units_here(request)
    at = next((str(unit.pk) for unit in units if unit.code == request.GET.get("unit")), None)
    initial = {"unit": at, "post": Post.SERVICE, "hired_on": clock.today()}
    form = StaffForm(request.POST or None, units=unit_choices(units), initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        unit = next(unit for unit in units if str(unit.pk) == said["unit"])
        entry = teams.StaffEntry(
            said["name"], unit, Post(said["post"]), said["hired_on"], Sex(said["sex"] or "0"), said["starts_on"]
        )
        people = tried(
            form, lambda: teams.take_on(by=request.user, entries=[entry], acknowledged=acknowledged(request))
        )
        if people:
            return done(request, _("已登记"), "staff", people[0].pk)  # no name: messages wait in the cookie
    return form_page(request, form, _("登记工作人员"), crumbs_to(None))


@require_http_methods(FORM)
def staff_paste(request: SignedIn) -> HttpResponse:
    """粘贴名单: every line is looked at first; nothing is entered while one is faulty."""
    units = units_here(request)
    form = StaffListForm(request.POST or None)
    context: dict[str, Any] = {
        "form": form,
        "crumbs": [*crumbs_to(None), (_("粘贴名单"), "")],
        "stations": [unit for unit in units if unit.kind == UnitKind.STATION][:2],
    }
    if form.is_valid():
        people = pasted_people(form.cleaned_data["text"], units)
        faulty = [one for one in people if one.faults]
        context |= {"people": people, "faulty": faulty}
        entries = [one.entry for one in people if one.entry]
        if "sure" in request.POST and entries and not faulty:
            sure = acknowledged(request)
            if tried(form, lambda: teams.take_on(by=request.user, entries=entries, acknowledged=sure)):
                return done(request, _("已登记 %(n)s 人") % {"n": len(entries)}, "staff-list")
    return render(request, "network/staff_paste.html", context, status=422 if form.errors else 200)


@require_safe
def staff(request: SignedIn, pk: UUID) -> HttpResponse:
    """一名工作人员: postings with their days, what is in their name, and what became of it all."""
    person = person_of(request, pk)
    today = clock.today()
    postings = list(person.postings.select_related("unit").order_by("-starts_on"))
    posted = changes_of(Posting, lambda row: _("任职"), staff=person.pk)
    context = {
        "person": person,
        "crumbs": [*crumbs_to(None), (person.name, "")],
        "postings": postings,
        "now": [posting for posting in postings if posting.holds_on(today)],
        "account": getattr(person, "account", None),
        "kept": closing.kept_by(person),
        "changes": newest(changes_of(Staff, id=person.pk), posted),
        "fresh": fresh(posted, today),
        "today": today,
    }
    return render(request, "network/staff.html", context)


@require_http_methods(FORM)
def staff_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """修改姓名、性别、入职日期."""
    person = person_of(request, pk)
    form = StaffForm(request.POST or None, known=True, initial=StaffForm.plain(person) | {"version": person.version})
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in ("name", "sex", "hired_on")}
        changes["sex"] = changes["sex"] or "0"
        version = form.cleaned_data["version"]
        if tried(form, lambda: teams.change_staff(by=request.user, staff=person, version=version, changes=changes),
                 StaffForm.plain):  # fmt: skip
            return done(request, _("已保存"), "staff", person.pk)
    return form_page(request, form, _("修改资料"), crumbs_to(person))


@require_http_methods(FORM)
def staff_post(request: SignedIn, pk: UUID) -> HttpResponse:
    """增加任职."""
    person, units = person_of(request, pk), units_here(request)
    form = PostingForm(request.POST or None, units=unit_choices(units), initial={"starts_on": clock.today()})
    if form.is_valid():
        unit = next(unit for unit in units if str(unit.pk) == form.cleaned_data["unit"])
        said = form.changes() | {"post": Post(form.cleaned_data["post"])}
        if tried(form, lambda: teams.post_staff(by=request.user, staff=person, unit=unit, **said)):
            return done(request, _("已登记任职"), "staff", person.pk)
    return form_page(request, form, _("增加任职"), crumbs_to(person))


@require_http_methods(FORM)
def staff_leave(request: SignedIn, pk: UUID) -> HttpResponse:
    """登记离职, with what is still in their name."""
    person = person_of(request, pk)
    form = LeaveForm(request.POST or None, initial={"version": person.version, "left_on": clock.today()})
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "left_on": form.cleaned_data["left_on"]}
        if tried(
            form, lambda: teams.leave(by=request.user, staff=person, **said), lambda row: {"left_on": row.left_on}
        ):
            return done(request, _("已登记离职"), "staff", person.pk)
    return form_page(
        request, form, _("登记离职"), crumbs_to(person), left=closing.kept_by(person), label=_("登记离职"),
        left_note=_("这些请站长或本人在离职前用「家庭」页上的「交接」交给别人；登记离职不会丢失它们，没有人确认接手以前由站长代管。"),
    )  # fmt: skip


@require_POST
def staff_return(request: SignedIn, pk: UUID) -> HttpResponse:
    """收回离职登记."""
    person, version = person_of(request, pk), version_of(request)
    pressed(request, lambda: teams.return_to_work(by=request.user, staff=person, version=version), person,
            _("已收回离职登记；任职请在下面收回或增加"))  # fmt: skip
    return redirect("staff", pk)


# POSTINGS -----------------------------------------------------------------------


def posting_of(request: SignedIn, pk: int) -> Posting:
    found = Posting.objects.filter(unit__in=units_managed_by(request.user).values("pk"))
    return get_object_or_404(found.select_related("staff", "unit"), pk=pk)


@require_http_methods(FORM)
def posting_edit(request: SignedIn, pk: int) -> HttpResponse:
    """改岗位或日期."""
    row = posting_of(request, pk)
    plain = {"post": row.post, "starts_on": row.starts_on, "ends_on": row.ends_on}
    form = PostingForm(request.POST or None, initial=plain | {"version": row.version})
    if form.is_valid():
        version, changes = form.cleaned_data["version"], form.changes()
        if tried(form, lambda: teams.change_posting(by=request.user, posting=row, version=version, changes=changes),
                 lambda now: {name: getattr(now, name) for name in plain}):  # fmt: skip
            return done(request, _("已保存"), "staff", row.staff_id)
    return form_page(
        request, form, _("改任职"), crumbs_to(row.staff), sub=row.unit.name, changes=changes_of(Posting, id=row.pk)
    )


@require_http_methods(FORM)
def posting_transfer(request: SignedIn, pk: int) -> HttpResponse:
    """调动: one posting ends, another begins the next day."""
    row, units = posting_of(request, pk), units_here(request)
    initial = {"version": row.version, "on": clock.today(), "post": row.post}
    form = TransferForm(request.POST or None, units=unit_choices(units), initial=initial)
    if form.is_valid():
        unit = next(unit for unit in units if str(unit.pk) == form.cleaned_data["unit"])
        said = {name: form.cleaned_data[name] for name in ("version", "on")} | {"post": Post(form.cleaned_data["post"])}
        if tried(form, lambda: teams.transfer(by=request.user, posting=row, unit=unit, **said),
                 lambda now: {"post": now.post}):  # fmt: skip
            said_so = _("已调到%(name)s。新站的账号角色请账号管理员登记。") % {"name": unit}
            return done(request, said_so, "staff", row.staff_id)
    return form_page(request, form, _("调动"), crumbs_to(row.staff), sub=_("现在%(unit)s") % {"unit": row.unit})


@require_POST
def posting_take_back(request: SignedIn, pk: int) -> HttpResponse:
    """收回今天的登记."""
    row, version = posting_of(request, pk), version_of(request)
    person = row.staff_id
    pressed(request, lambda: teams.take_back_posting(by=request.user, posting=row, version=version), row,
            _("已收回任职登记"))  # fmt: skip
    return redirect("staff", person)
