"""Pages of the dossier: a small form for each part, its history, and opening what is masked or attached."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.codes.queries import base_of
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.core.views import paper_answer
from shuangbai.dossier import actions, queries
from shuangbai.dossier.access import parts_of, standing_of
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.enums import ATTACHMENTS
from shuangbai.dossier.forms import FORMS, PartForm, VoidForm, starting
from shuangbai.dossier.models import KINDS, SNAPSHOTS, Attachment, Part, PersonSheet
from shuangbai.dossier.rules import GUARDED
from shuangbai.households.access import known_from, may_edit
from shuangbai.households.actions import note_unmasked
from shuangbai.households.enums import UnmaskReason
from shuangbai.households.forms import UnmaskForm
from shuangbai.households.models import Household, Membership
from shuangbai.households.views import conflict_of, family_of, to_family, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.services.access import records_visible_to
from shuangbai.services.models import ServiceRecord

FORM = ["GET", "HEAD", "POST"]
RECORDS = 12


def kind_of(part: str) -> type[Part]:
    """The kind of part that an address names. Raises Http404."""
    if part not in KINDS:
        raise Http404
    return KINDS[part]


def members_of(household: Household) -> list[Membership]:
    """Everybody who is or was of the family, once each, those of today first."""
    rows = household.memberships.select_related("person").order_by("relation", "person__birth_date", "id")
    today = clock.today()
    ordered = sorted(rows, key=lambda row: not row.holds_on(today))
    return list({row.person_id: row for row in reversed(ordered)}.values())[::-1]


def row_of(request: SignedIn, kind: type[Part], household: Household, members: list[Membership], row: UUID) -> Part:
    """A part, voided ones too, of this family. Raises Http404."""
    people = [member.person_id for member in members]
    return get_object_or_404(parts_of(kind, household, people, known_from(request.user, household.pk)), pk=row)


def records_of(request: SignedIn, household: Household, part: Part | None = None) -> list[ServiceRecord]:
    """The latest records of the family, and those that a need names: by what it was found or met."""
    rows = records_visible_to(request.user).filter(household=household, voided_at__isnull=True)
    latest = list(rows.order_by("-occurred_on", "-id")[:RECORDS])
    named: Any = {getattr(part, name, None) for name in actions.RECORDS} - {None, *(row.pk for row in latest)}
    return [*latest, *(rows.filter(pk__in=named) if named else ())]


def part_page(request: SignedIn, form: forms.Form, household: Household, heading: str, **more: Any) -> HttpResponse:
    """A form of a part; 422 where it came back with something to put right."""
    context = {"form": form, "household": household, "heading": heading, **more}
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "dossier/form.html", context, status=status)


def stood(request: SignedIn, form: PartForm, conflict: Conflict) -> dict[str, Any]:
    """Both versions for the page; a part that somebody voided meanwhile says so."""
    current: Any = conflict.current
    if current is None or current.void_reason:
        form.add_error(None, _("这一项在您打开之后已被作废或更正，请返回家庭页面，打开现在的那一项"))
        return {"status": 409}
    return conflict_of(form, current, form.theirs(current))


# EACH PART --------------------------------------------------------------------


@require_http_methods(FORM)
def part_new(request: SignedIn, pk: UUID, part: str) -> HttpResponse:
    """登记一项; a snapshot begins with the one before it."""
    kind, household = kind_of(part), family_of(request, pk)
    if part == "sheet":
        raise Http404
    today, person = clock.today(), request.GET.get("person", "")
    since = known_from(request.user, pk)
    previous = queries.previous_snapshot(kind, household, today, since) if part in SNAPSHOTS else None
    form = FORMS[part](
        request.POST or None, request.FILES or None, members=members_of(household),
        start=starting(part, previous, today, person) | need_of(request, part),
        records=records_of(request, household) if part == "need" else (),
    )  # fmt: skip
    entered = tried(form, lambda: enter(request, kind, household, form)) if form.is_valid() else None
    if entered:
        return to_family(request, household, _("已登记%(what)s") % {"what": kind.WORDS})
    heading = _("登记%(what)s") % {"what": kind.WORDS}
    return part_page(request, form, household, heading, previous=previous)


def need_of(request: SignedIn, part: str) -> dict[str, str]:
    """The need that a link named: what a visit mentioned, to be entered as a need of its own."""
    return {"kind": request.GET["kind"]} if part == "need" and "kind" in request.GET else {}


def enter(request: SignedIn, kind: type[Part], household: Household, form: PartForm) -> Part:
    said, person_id = form.said(), form.person_id
    if kind is Attachment:
        paper = form.cleaned_data["paper"]
        return actions.attach(by=request.user, household=household, person_id=person_id, said=said, paper=paper)
    entries = [PartEntry(household, said, person_id)]
    acknowledged = "acknowledged" in request.POST
    return actions.enter_parts(by=request.user, kind=kind, entries=entries, acknowledged=acknowledged)[0]


@require_http_methods(FORM)
def part_edit(request: SignedIn, pk: UUID, part: str, row: UUID) -> HttpResponse:
    """修改一项; a snapshot is put right by another in its place."""
    kind, household = kind_of(part), family_of(request, pk)
    members = members_of(household)
    current = row_of(request, kind, household, members, row)
    if part == "sheet" or (current.void_reason and request.method != "POST"):
        raise Http404
    records = records_of(request, household, current) if part == "need" else []
    form = FORMS[part](request.POST or None, members=members, part=current, records=records)
    more: dict[str, Any] = {"row": current, "retake": part in SNAPSHOTS}
    if form.is_valid():
        try:
            if tried(form, lambda: change(request, household, current, form)):
                return to_family(request, household, _("已保存"))
        except Conflict as conflict:
            more |= stood(request, form, conflict)
    what = {"what": kind.WORDS}
    return part_page(
        request, form, household, _("更正%(what)s") % what if part in SNAPSHOTS else _("修改%(what)s") % what, **more
    )


def change(request: SignedIn, household: Household, current: Part, form: PartForm) -> Part:
    act = actions.retake_snapshot if current.PART in SNAPSHOTS else actions.change_part
    said = form.said()
    if "person" in form.fields:
        said["person_id"] = form.person_id
    return act(
        by=request.user, household=household, part=current, version=form.cleaned_data["version"] or 0, said=said,
        acknowledged="acknowledged" in request.POST,
    )  # fmt: skip


@require_http_methods(FORM)
def sheet(request: SignedIn, pk: UUID, person: UUID) -> HttpResponse:
    """一个人的基本情况: the first, or a change."""
    household = family_of(request, pk)
    members = members_of(household)
    who = next((row.person for row in members if row.person_id == person), None)
    if who is None:
        raise Http404
    kept = PersonSheet.objects.filter(person=who).first()
    # What another station knew and did not pass on is not shown, and is still in the history once written over.
    current = parts_of(PersonSheet, household, [person], known_from(request.user, pk)).first()
    start = {"known_on": clock.today(), "version": kept.version if kept else 0}
    form = FORMS["sheet"](request.POST or None, members=members, part=current, start=start)
    more: dict[str, Any] = {}
    if form.is_valid():
        version, acknowledged = form.cleaned_data["version"] or 0, "acknowledged" in request.POST
        said: dict[str, Any] = {"version": version, "said": form.said(), "acknowledged": acknowledged}
        try:
            if tried(form, lambda: actions.write_sheet(
                by=request.user, household=household, person_id=person, **said
            )):  # fmt: skip
                return to_family(request, household, _("已保存基本情况"))
        except Conflict as conflict:
            more = stood(request, form, conflict)
    return part_page(request, form, household, _("%(who)s的基本情况") % {"who": who}, **more)


@require_http_methods(FORM)
def part_void(request: SignedIn, pk: UUID, part: str, row: UUID) -> HttpResponse:
    """作废一项, with the reason."""
    kind, household = kind_of(part), family_of(request, pk)
    current = row_of(request, kind, household, members_of(household), row)
    if part == "sheet":
        raise Http404
    form = VoidForm(request.POST or None, initial={"version": current.version})
    more: dict[str, Any] = {"what": f"{kind.WORDS}：{current}"}
    if form.is_valid():
        reason, version = form.cleaned_data["reason"], form.cleaned_data["version"]
        said = {"household": household, "part": current, "version": version, "reason": reason}
        try:
            if tried(form, lambda: actions.void_part(by=request.user, **said)):
                return to_family(request, household, _("已作废，可在改动历史里看到"))
        except Conflict:
            form.add_error(None, _("这一项在您打开之后有改动，请返回家庭页面看过再决定"))
            more["status"] = 409
    return part_page(request, form, household, _("作废一项%(what)s") % {"what": kind.WORDS}, voiding=True, **more)


@require_safe
def part_history(request: SignedIn, pk: UUID, part: str) -> HttpResponse:
    """一个部分的全部与改动历史: what stands, what ended or was voided, and was, became, who, when."""
    kind, household = kind_of(part), family_of(request, pk, Permission.SEE_FAMILIES)
    people, since = {row.person_id: row.person for row in members_of(household)}, known_from(request.user, pk)
    context = {
        "household": household, "part": part, "heading": kind.WORDS, "may_edit": may_edit(request.user, household),
        "lines": queries.lines_of(kind, household, list(people), since),
        "changes": queries.history_of(kind, household, people, since),
        "series": queries.all_series(kind, household, since) if part in SNAPSHOTS else [],
        "snapshot": part in SNAPSHOTS,
    }  # fmt: skip
    return render(request, "dossier/history.html", context)


# WHAT IS MASKED, AND ATTACHMENTS -------------------------------------------------


@require_POST
def unmask(request: SignedIn, pk: UUID) -> HttpResponse:
    """Opens one masked value of the dossier for a stated reason that goes into the trail."""
    household = family_of(request, pk, Permission.OPEN_MASKED)
    people = {row.person_id: row.person for row in members_of(household)}
    values = queries.covered_parts(queries.dossier_of(household, list(people), known_from(request.user, pk)), people)
    key = request.GET.get("what", "")
    if key not in values:
        raise Http404
    one, form = values[key], UnmaskForm(request.POST)
    context: dict[str, Any] = {"household": household, "form": form, "opened": []}
    if form.is_valid():
        reason = UnmaskReason(form.cleaned_data["reason"]).label
        said: dict[str, Any] = {"what": one.kind, "reason": reason, "keys": [key]}
        tried(form, lambda: note_unmasked(by=request.user, household=household, **said))
    if not form.is_valid():  # what is not in the trail is not shown
        return render(request, "households/unmask.html", context, status=422)
    if request.htmx:
        url = f"{reverse('dossier-unmask', args=[pk])}?what={key}"
        shown = {"masked": one.masked, "clear": one.clear, "label": one.label, "url": url}
        return render(request, "core/masked.html", {**shown, "reasons": UnmaskReason.choices})
    return render(request, "households/unmask.html", {**context, "opened": [one], "reason": reason})


@require_POST
def attachment_open(request: SignedIn, pk: UUID, row: UUID) -> HttpResponse:
    """Sends an attachment; the trail keeps who opened it, of those that show identity numbers also why."""
    household = family_of(request, pk, Permission.SEE_FAMILIES)
    told = standing_of(Attachment, household, [], known_from(request.user, pk))
    attachment = get_object_or_404(told, pk=row)
    try:
        if base_of(ATTACHMENTS, attachment.kind) not in GUARDED:
            actions.note_looked(by=request.user, household=household, attachment=attachment)
        else:
            form = UnmaskForm(request.POST)
            if not form.is_valid() or not _noted(request, household, attachment, form):
                context = {"household": household, "form": form, "opened": []}
                return render(request, "households/unmask.html", context, status=422)
        return paper_answer(attachment.stored, shown_as="attachment")
    except (NotAllowed, FileNotFoundError):
        raise Http404 from None


def _noted(request: SignedIn, household: Household, attachment: Attachment, form: UnmaskForm) -> bool:
    """Whether the opening is in the trail now; if not, the form says why."""
    reason = UnmaskReason(form.cleaned_data["reason"]).label
    said: dict[str, Any] = {"what": attachment.get_kind_display(), "reason": reason}
    tried(form, lambda: note_unmasked(by=request.user, household=household, **said))
    return not form.errors
