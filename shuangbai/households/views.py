"""Pages about families: the list, entering one, its members, categories and file, and opening what is masked."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.codes.access import may_decide
from shuangbai.codes.queries import decisions_of, latest_decision, version_of
from shuangbai.codes.views import check_page, decided, decision_page
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused, Severity
from shuangbai.core.forms import add_findings, rebase, two_versions, without_complaints
from shuangbai.core.queries import latest_change
from shuangbai.households import actions, files, lists, queries
from shuangbai.households.access import households_visible_to, households_within, pairs_to_decide
from shuangbai.households.doubles import FamilyEntries, entries_of, once
from shuangbai.households.entries import FileEntry
from shuangbai.households.enums import CloseReason, Relation, TagEnd, TagUnit, UnmaskReason
from shuangbai.households.forms import (
    CategoryForm,
    FamilyEditForm,
    FamilyFilter,
    FamilyForm,
    FileCloseForm,
    FileForm,
    KnownFields,
    ListForm,
    MemberEditForm,
    MemberForm,
    NewMembers,
    NumberingForm,
    TagCloseForm,
    TagForm,
    UnlistForm,
    UnmaskForm,
    offer_known,
    tag_choices,
)
from shuangbai.households.known import FAMILIES, PEOPLE
from shuangbai.households.models import Category, Household, Membership, Tag
from shuangbai.households.rules import USUAL_PATTERN, pattern_findings
from shuangbai.network.access import viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.upkeep.rules import SEARCHES, SUGGESTIONS

R = TypeVar("R")
FORM = ["GET", "HEAD", "POST"]


def family_of(request: SignedIn, pk: UUID, permission: Permission = Permission.EDIT_FAMILIES) -> Household:
    """The family, if the person may do this to it. Raises Http404."""
    visible = households_visible_to(request.user, permission).select_related("station", "village")
    return get_object_or_404(visible, pk=pk)


def tried(form: forms.Form, act: Callable[[], R], *parts: forms.BaseForm) -> R | None:
    """What the action gave, or None where its sentences now stand on the form. Raises Http404."""
    try:
        return act()
    except NotAllowed:
        raise Http404 from None
    except Refused as refused:
        add_findings(form, refused, *parts)
        return None


def form_page(request: SignedIn, form: forms.Form, household: Household, heading: str, **more: Any) -> HttpResponse:
    """A form about a family; 422 where it came back with something to put right."""
    context = {"form": form, "household": household, "heading": heading, **more}
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "households/form.html", context, status=status)


def to_family(request: SignedIn, household: Household, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("family", household.pk)


def conflict_of(form: forms.Form, current: Any, theirs: dict[str, Any]) -> dict[str, Any]:
    """Both versions for the page; the form is moved on top of the one that now stands."""
    rows, change = two_versions(form, theirs), latest_change(current)
    rebase(form, current.version)
    by = change.by_name if change else _("另一位同事")
    return {"rows": rows, "theirs_by": by, "theirs_at": change.at if change else None, "status": 409}


def saved(
    form: forms.Form, act: Callable[[], Any], current: Callable[[], tuple[Any, dict[str, Any]]]
) -> dict[str, Any] | None:
    """None where it was saved; otherwise what the page says of a conflict, if it was one.

    `current` gives what stands now, and its values by the form's fields.
    """
    try:
        return None if tried(form, act) else {}
    except Conflict:
        return conflict_of(form, *current())


def not_found_unless(condition: bool) -> None:
    if not condition:
        raise Http404


# FINDING -------------------------------------------------------------------


@require_safe
def family_list(request: SignedIn) -> HttpResponse:
    """家庭."""
    viewer, today = viewer_of(request.user), clock.today()
    if not viewer.may(Permission.SEE_FAMILIES):
        raise Http404
    stations = viewer.station_ids(Permission.SEE_FAMILIES)
    form = FamilyFilter(request.GET, station_ids=stations)
    if form.asked().get("q"):
        SEARCHES.count(request.user.pk)
    found = once(asked_families(request, form.asked(), stations), households_visible_to(request.user))
    page = max(int(request.GET.get("page", "1")), 1) if request.GET.get("page", "1").isdecimal() else 1
    start = (page - 1) * queries.PAGE
    rows = list(queries.by_place(found)[start : start + queries.PAGE + 1])
    shown = rows[: queries.PAGE]
    entries = entries_of(request.user, shown)
    lines = queries.family_lines(shown, today, sees_names=viewer.may(Permission.SEE_NAMES), entries=entries)
    lines = queries.with_last_met(lines, today)
    context = {
        "form": form, "lines": lines, "total": found.count(), "first": start + 1, "last": start + len(lines),
        "asked": [str(value) for name, value in form.asked().items() if name not in ("q", "file")],
        "older_url": page_url(request, page + 1) if len(rows) > queries.PAGE else "",
        "newer_url": page_url(request, page - 1) if page > 1 else "",
        "may_edit": viewer.may(Permission.EDIT_FAMILIES), "many": len(stations) > 1, "query": request.GET.urlencode(),
        **doubles_for(request),
    }  # fmt: skip
    return render(request, "households/families.html", context)


def doubles_for(request: SignedIn) -> dict[str, Any]:
    """Whether this person decides who is known twice, and how many such pairs stand open."""
    may = any(map(viewer_of(request.user).may, (Permission.EDIT_FAMILIES, Permission.MATCH_PEOPLE)))
    counts = {
        name: pairs_to_decide(request.user, kind).filter(state="open").count() if may else 0
        for name, kind in (("doubles", PEOPLE), ("family_doubles", FAMILIES))
    }
    return {"may_match": may, **counts}


def page_url(request: SignedIn, page: int) -> str:
    words = request.GET.copy()
    words["page"] = str(page)
    return f"?{words.urlencode()}"


def asked_families(request: SignedIn, asked: dict[str, Any], stations: list[UUID]) -> Any:
    """The visible families that the filters leave."""
    today = clock.today()
    found = queries.find_households(households_within(request.user), stations, asked.get("q", ""))
    if "station" in asked:
        found = queries.served_by(found, asked["station"].pk, today)
    if "village" in asked:
        found = found.filter(village=asked["village"])
    if "category" in asked:
        found = queries.carrying(found, asked["category"], today)
    if "file" in asked:
        found = queries.with_file(found, asked["file"] == "yes")
    if "worker" in asked:
        found = queries.kept_by(found, asked["worker"].pk, today)
    return found


@require_safe
def family_suggest(request: SignedIn) -> JsonResponse:
    """Families that answer to what is being typed, at most ten."""
    SUGGESTIONS.count(request.user.pk)
    viewer = viewer_of(request.user)
    stations = viewer.station_ids(Permission.WRITE_RECORDS) or viewer.station_ids(Permission.SEE_FAMILIES)
    visible = households_visible_to(request.user)
    ids = queries.typed_suggestions(visible, stations, request.GET.get("q", "")[:40], 10)
    stands = FamilyEntries(visible, ids)
    ids = list(dict.fromkeys(stands.stands(pk) for pk in ids))
    rows = {row.pk: row for row in Household.objects.filter(pk__in=ids).select_related("village")}
    sees = viewer.may(Permission.SEE_NAMES)
    entries = {pk: stands.seen(pk) for pk in ids}
    lines = queries.family_lines([rows[pk] for pk in ids], clock.today(), sees_names=sees, entries=entries)
    results = [
        {
            "id": str(line.household.pk),
            "text": f"{line.name}户",
            "hint": " · ".join([line.household.village.short_name, f"{line.members}人", *line.categories[:3]]),
        }
        for line in lines
    ]
    return JsonResponse({"results": results})


@require_safe
def categories(request: SignedIn) -> HttpResponse:
    """对象类别, and which of them are 民政对象; for who decides, with what may be changed and what was."""
    today, decides = clock.today(), may_decide(request.user)
    context = {
        "rows": queries.category_rows(today, counted=decides),
        "items": queries.list_items(lists.CLIENTS),
        "today": today,
        "decides": decides,
        "decisions": decisions_of(lists.CATEGORY, lists.LISTED) if decides else [],
    }
    return render(request, "households/categories.html", context)


# ENTERING ------------------------------------------------------------------


def own_station(request: SignedIn, permission: Permission = Permission.EDIT_FAMILIES) -> OrgUnit:
    """The station where this person works, if they may do this there. Raises Http404."""
    viewer = viewer_of(request.user)
    station = viewer.home_station
    if station is None or not viewer.reaches(permission, station.pk):
        raise Http404
    return station


@require_http_methods(FORM)
def family_new(request: SignedIn) -> HttpResponse:
    """登记家庭: the household, its members and, at will, its file on one page."""
    station = own_station(request)
    village = request.GET.get("village", "")
    form = FamilyForm(request.POST or None, station=station, me=request.user.staff_id, village=village)
    members = members_of(request)
    status = 200
    if "add_member" in request.POST:
        for one in (form, *members):
            without_complaints(one)
    elif request.method == "POST":
        status = 422
        if form.is_valid() & members.is_valid():
            entered = tried(form, lambda: enter(request, form, members), *members)
            if entered:
                return to_family(request, entered.household, _("已登记这户家庭"))
        offered(request, list(members), form=form)
    context = {"form": form, "members": members, "station": station}
    return render(request, "households/family_new.html", context, status=status)


def members_of(request: SignedIn) -> Any:
    """The rows of members; one more where the button asked for it."""
    offered = tag_choices(TagUnit.PERSON, TagUnit.EITHER)
    if request.method != "POST":
        first = [{"relation": Relation.HEAD}]
        return NewMembers(prefix="members", initial=first, form_kwargs={"choices": offered})
    data = request.POST.copy()
    total = data.get("members-TOTAL_FORMS", "")
    if "add_member" in data and total.isdecimal():
        data["members-TOTAL_FORMS"] = str(min(int(total) + 1, NewMembers.max_num))
    return NewMembers(data, prefix="members", form_kwargs={"choices": offered})


def offered(request: SignedIn, rows: list[KnownFields], **where: Any) -> None:
    """Offer whoever is on file already. It says whether somebody is known, so it counts as a search."""
    SEARCHES.count(request.user.pk)
    offer_known(request.user, rows, **where)


def enter(request: SignedIn, form: FamilyForm, members: Any) -> Any:
    entry = form.entry([one.entry() for one in members])
    said: dict[str, Any] = {"by": request.user, "entry": entry, "acknowledged": "acknowledged" in request.POST}
    if not form.cleaned_data["open_file"]:
        return actions.enter_household(**said)
    worker = form.cleaned_data["worker"]
    return files.enter_household_with_file(
        **said, opened_on=form.cleaned_data["opened_on"], worker_id=worker.pk if worker else None
    )


@require_http_methods(FORM)
def family_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """修改家庭资料."""
    household = family_of(request, pk)
    served = queries.serving_station_ids(pk, clock.today())
    form = FamilyEditForm(request.POST or None, household=household, station_id=(served or [household.station_id])[0])
    more: dict[str, Any] = {}
    if form.is_valid():
        version = form.cleaned_data["version"]
        try:
            if tried(form, lambda: actions.change_household(
                by=request.user, household=household, version=version, changes=form.changes()
            )):  # fmt: skip
                return to_family(request, household, _("已保存"))
        except Conflict as conflict:
            now: Any = conflict.current
            more = conflict_of(form, now, FamilyEditForm.plain(now))
    return form_page(request, form, household, _("修改家庭资料"), **more)


@require_http_methods(FORM)
def member_add(request: SignedIn, pk: UUID) -> HttpResponse:
    """增加家庭成员."""
    household = family_of(request, pk)
    since = household.serving.order_by("starts_on").values_list("starts_on", flat=True).first()
    form = MemberForm(request.POST or None, initial={"starts_on": since})
    if form.is_valid():
        acknowledged = "acknowledged" in request.POST
        entry = form.entry()
        added = tried(form, lambda: actions.add_member(
            by=request.user, household=household, entry=entry, acknowledged=acknowledged
        ))  # fmt: skip
        if added:
            return to_family(request, household, _("已增加家庭成员"))
    if form.is_bound:
        offered(request, [form], household=household)
    return form_page(request, form, household, _("增加家庭成员"))


@require_http_methods(FORM)
def member_edit(request: SignedIn, pk: UUID, member: UUID) -> HttpResponse:
    """修改成员资料."""
    household = family_of(request, pk)
    membership = get_object_or_404(household.memberships.select_related("person"), pk=member)
    form = MemberEditForm(request.POST or None, membership=membership)
    more: dict[str, Any] = {}
    if form.is_valid():
        said = {"version": form.cleaned_data["version"], "changes": form.changes(), "dated": form.dated()}
        said["acknowledged"] = "acknowledged" in request.POST
        try:
            if tried(form, lambda: actions.change_member(by=request.user, membership=membership, **said)):
                return to_family(request, household, _("已保存"))
        except Conflict as conflict:
            now = Membership.objects.select_related("person").get(pk=member)
            theirs = {name: value for name, value in form.plain(now).items() if name in form.fields}
            more = conflict_of(form, conflict.current, theirs)
    heading = _("修改%(who)s的资料") % {"who": membership.person}
    return form_page(request, form, household, heading, **more)


# CATEGORIES AND FILES ------------------------------------------------------


@require_http_methods(FORM)
def tag_open(request: SignedIn, pk: UUID) -> HttpResponse:
    """登记类别."""
    household = family_of(request, pk)
    members = list(queries.members_on(pk, clock.today()))
    person = request.GET.get("person", "")
    form = TagForm(request.POST or None, household=household, members=members, bearer=person)
    if form.is_valid():
        people = {str(one.person_id): one.person for one in members}
        bearer = people.get(form.cleaned_data["bearer"], household)
        said: dict[str, Any] = {"entries": [form.entry()], "acknowledged": "acknowledged" in request.POST}
        if tried(form, lambda: actions.open_tags(by=request.user, bearer=bearer, **said)):
            return to_family(request, household, _("已登记类别"))
    return form_page(request, form, household, _("登记类别"))


@require_http_methods(FORM)
def tag_close(request: SignedIn, pk: UUID, tag: UUID) -> HttpResponse:
    """结束类别."""
    household = family_of(request, pk)
    theirs = Q(household=household) | Q(person__memberships__household=household)
    row = get_object_or_404(Tag.objects.filter(theirs).select_related("category", "person").distinct(), pk=tag)
    form = TagCloseForm(request.POST or None, tag=row)
    if form.is_valid():
        ends_on, reason = form.cleaned_data["ends_on"], TagEnd(form.cleaned_data["reason"])
        if tried(form, lambda: actions.close_tag(by=request.user, tag=row, ends_on=ends_on, reason=reason)):
            return to_family(request, household, _("已结束类别"))
    whose = row.person or _("整个家庭")
    return form_page(request, form, household, _("结束类别「%(name)s」") % {"name": row.category}, sub=whose)


@require_http_methods(FORM)
def file_open(request: SignedIn, pk: UUID) -> HttpResponse:
    """建档."""
    household = family_of(request, pk)
    form = FileForm(request.POST or None, station_id=household.station_id, me=request.user.staff_id)
    if form.is_valid():
        worker = form.cleaned_data["worker"]
        entry = FileEntry(household, form.cleaned_data["opened_on"], worker.pk if worker else None)
        file = tried(form, lambda: files.open_file(by=request.user, entry=entry))
        if file:
            return to_family(request, household, _("已建档，档案号 %(number)s") % {"number": file.number})
    return form_page(request, form, household, _("建档"), save_label=_("建档"))


@require_http_methods(FORM)
def file_close(request: SignedIn, pk: UUID) -> HttpResponse:
    """结档."""
    household = family_of(request, pk)
    file = queries.open_file_of(pk)
    if file is None:
        raise Http404
    form = FileCloseForm(request.POST or None)
    if form.is_valid():
        closed_on, reason = form.cleaned_data["closed_on"], CloseReason(form.cleaned_data["reason"])
        if tried(form, lambda: files.close_file(by=request.user, file=file, closed_on=closed_on, reason=reason)):
            return to_family(request, household, _("档案 %(number)s 已结档") % {"number": file.number})
    return form_page(request, form, household, _("结档 %(number)s") % {"number": file.number}, save_label=_("结档"))


# WHAT IS MASKED ------------------------------------------------------------


@require_POST
def family_unmask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Opens one masked value, or all of a family's, for a stated reason that goes into the trail."""
    household = family_of(request, pk, Permission.OPEN_MASKED)
    rows = list(household.memberships.select_related("person").order_by("relation"))
    tags = queries.tags_of_family(pk, [row.person_id for row in rows])
    values = queries.covered_values(household, rows, tags)
    key = request.GET.get("what", "")
    opened = [values[key]] if key in values else list(values.values()) if not key else []
    if not opened:
        raise Http404
    form = UnmaskForm(request.POST)
    context: dict[str, Any] = {"household": household, "form": form, "opened": opened}
    if not form.is_valid():
        return render(request, "households/unmask.html", {**context, "opened": []}, status=422)
    kinds = "、".join(dict.fromkeys(one.kind for one in opened))
    reason = UnmaskReason(form.cleaned_data["reason"]).label
    said: dict[str, Any] = {"what": kinds, "reason": reason, "keys": [one.key for one in opened]}
    tried(form, lambda: actions.note_unmasked(by=request.user, household=household, **said))
    if form.errors:  # what is not in the trail is not shown
        return render(request, "households/unmask.html", {**context, "opened": []}, status=422)
    if request.htmx and key:
        url = f"{reverse('family-unmask', args=[pk])}?what={key}"
        one = {"masked": opened[0].masked, "clear": opened[0].clear, "label": opened[0].label, "url": url}
        return render(request, "core/masked.html", {**one, "reasons": UnmaskReason.choices})
    return render(request, "households/unmask.html", {**context, "reason": reason})


# WHAT A CITY DECIDES --------------------------------------------------------


def _category_page(request: SignedIn, form: forms.Form, heading: str, **more: Any) -> HttpResponse:
    back = reverse("categories")
    return decision_page(
        request, form, heading=heading, crumbs=[(_("类别表"), back), (heading, "")], back_url=back, **more
    )


@require_http_methods(FORM)
def category_add(request: SignedIn) -> HttpResponse:
    """增加类别."""
    check_page(request)
    form = CategoryForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if decided(form, lambda: lists.add_category(by=request.user, said=form.said(), reason=reason)):
            messages.success(request, _("已增加类别「%(name)s」") % form.said())
            return redirect("categories")
    return _category_page(request, form, _("增加类别"))


@require_http_methods(FORM)
def category_edit(request: SignedIn, code: str) -> HttpResponse:
    """修改类别; what it is called, its days, its old names."""
    check_page(request)
    category = get_object_or_404(Category, code=code)
    form = CategoryForm(request.POST or None, category=category)
    more: dict[str, Any] = {}
    if form.is_valid():
        said: dict[str, Any] = {"version": form.cleaned_data["version"] or 0, "said": form.said()}
        said |= {"reason": form.cleaned_data["reason"], "acknowledged": form.acknowledged}
        try:
            if decided(form, lambda: lists.change_category(by=request.user, category=category, **said)):
                messages.success(request, _("已保存"))
                return redirect("categories")
        except Conflict:
            more = _both_decided(form, CategoryForm.plain(category), category.version, lists.CATEGORY, code)
    return _category_page(request, form, _("修改类别「%(name)s」") % {"name": category}, **more)


def _both_decided(form: forms.Form, theirs: dict[str, Any], version: int, subject: str, item: str) -> dict[str, Any]:
    """What somebody else decided meanwhile beside what was typed, which can then be saved on top of it."""
    theirs = {name: value for name, value in theirs.items() if name not in ("version", "reason")}
    rows, decision = two_versions(form, theirs), latest_decision(subject, item)
    rebase(form, version)
    by, at = (decision.by, decision.at) if decision else ("", None)
    return {"rows": rows, "theirs_by": by, "theirs_at": at, "status": 409}


@require_POST
def category_move(request: SignedIn, code: str) -> HttpResponse:
    """上移, 下移."""
    check_page(request)
    category = get_object_or_404(Category, code=code)
    lists.move_category(by=request.user, category=category, up=request.POST.get("to") == "up")
    return redirect("categories")


@require_http_methods(FORM)
def category_listed(request: SignedIn) -> HttpResponse:
    """列入民政对象."""
    check_page(request)
    form = ListForm(request.POST or None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("category", "starts_on", "reason")}
        said["acknowledged"] = form.acknowledged
        if decided(form, lambda: lists.list_category(by=request.user, **said)):
            messages.success(request, _("已列入「民政对象」：%(category)s") % said)
            return redirect("categories")
    return _category_page(request, form, _("列入民政对象"))


@require_http_methods(FORM)
def category_unlisted(request: SignedIn, pk: int) -> HttpResponse:
    """移出民政对象."""
    check_page(request)
    item = get_object_or_404(queries.list_items(lists.CLIENTS), pk=pk)
    form = UnlistForm(request.POST or None)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("ends_on", "reason")} | {"acknowledged": form.acknowledged}
        if decided(form, lambda: lists.unlist_category(by=request.user, item=item, **said)):
            messages.success(request, _("已移出「民政对象」：%(category)s") % {"category": item.category})
            return redirect("categories")
    return _category_page(request, form, _("移出民政对象：%(category)s") % {"category": item.category})


@require_safe
def numbering(request: SignedIn) -> HttpResponse:
    """档案编号: the rule of today, examples, rules to come, history."""
    check_page(request)
    today, rules = clock.today(), queries.numbering_rules()
    pattern = queries.pattern_on(rules, today)
    context = {
        "pattern": pattern,
        "examples": queries.number_examples(pattern, today),
        "rules": rules,
        "later": [rule for rule in rules if rule.starts_on > today],
        "decisions": decisions_of(lists.NUMBERING),
    }
    return render(request, "households/numbering.html", context)


@require_http_methods(FORM)
def numbering_change(request: SignedIn) -> HttpResponse:
    """改编号规则, with examples before it is saved."""
    check_page(request)
    rules, version, today = queries.numbering_rules(), version_of(lists.NUMBERING), clock.today()
    pattern = rules[0].pattern if rules else USUAL_PATTERN
    form = NumberingForm(request.POST or None, pattern=pattern, version=version)
    more: dict[str, Any] = {}
    if form.is_valid() and "preview" not in request.POST:
        said = {name: form.cleaned_data[name] for name in ("pattern", "starts_on", "version", "reason")}
        said["acknowledged"] = form.acknowledged
        try:
            if decided(form, lambda: lists.set_numbering(by=request.user, **said)):
                messages.success(request, _("已保存，新建的档案从那天起按新规则编号"))
                return redirect("numbering")
        except Conflict:
            theirs = {"pattern": pattern, "starts_on": rules[0].starts_on if rules else today}
            more = _both_decided(form, theirs, version, lists.NUMBERING, "")
    return _numbering_form(request, form, pattern, **more)


def _numbering_form(request: SignedIn, form: forms.Form, pattern: str, **more: Any) -> HttpResponse:
    """The form with three examples of what is typed, where it can be understood."""
    typed = str(form["pattern"].value() or pattern).strip()
    if "preview" in request.POST:
        without_complaints(form)
        more["status"] = 200
    faults = pattern_findings(typed, [])
    more["examples"] = queries.number_examples(typed, clock.today()) if not _refuses(faults) else []
    more["faults"] = faults
    back, heading = reverse("numbering"), _("改编号规则")
    crumbs = [(_("档案编号"), back), (heading, "")]
    return decision_page(
        request, form, heading=heading, crumbs=crumbs, back_url=back, after="households/_examples.html", **more
    )


def _refuses(findings: list[Any]) -> bool:
    return any(finding.severity is Severity.REFUSE for finding in findings)
