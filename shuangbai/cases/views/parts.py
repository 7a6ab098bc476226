"""What every page of a case begins and ends with: the case for who may know of it, a form, a draft, two versions."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.cases.access import cases_visible_to, may_write
from shuangbai.cases.forms import CasePart
from shuangbai.cases.models import Case, CaseDraft
from shuangbai.cases.queries import draft_of, family_entries, may_work_at, names_of
from shuangbai.core import clock
from shuangbai.core.findings import Conflict
from shuangbai.core.forms import begin_with, rebase, two_versions, typed_in_draft
from shuangbai.households.models import Household
from shuangbai.households.queries import members_on, one_of_each
from shuangbai.households.views import tried
from shuangbai.network.context import SignedIn
from shuangbai.network.models import Staff, User


def case_of(request: SignedIn, pk: UUID) -> Case:
    """The case, for one of the few. Raises Http404, as for what does not exist."""
    found = cases_visible_to(request.user).select_related("charge", "worker", "co_worker", "supervisor")
    return get_object_or_404(found, pk=pk)


def own_case(request: SignedIn, pk: UUID) -> Case:
    """The case, for whoever writes in it. Raises Http404."""
    found = case_of(request, pk)
    if not may_write(request.user, found):
        raise Http404
    return found


def part_of(found: Case, rows: Any, pk: UUID) -> Any:
    """A row of the case. Raises Http404."""
    return get_object_or_404(rows, case=found, pk=pk)


def crumbs(found: Case, here: str = "") -> list[tuple[str, str]]:
    trail = [(_("个案"), reverse("case-list"))]
    if not here:
        return [*trail, (found.number, "")]
    return [*trail, (found.number, reverse("case", args=[found.pk])), (here, "")]


def family_people(user: User, household_key: UUID, day: date, keep: list[UUID]) -> list[tuple[UUID, str]]:
    """Who is of the family on the day by any entry of it that `user` sees, each person once, its own entry's first;
    and those of `keep` who are no longer."""
    entries = sorted(family_entries(user, household_key), key=lambda one: (one != household_key, one))
    rows: list[Any] = [row for entry in entries for row in members_on(entry, day)]
    chosen = {row.kept or row.person_id for row in rows if row.person_id in keep}
    here = {
        row.person_id: row.person.name for row in one_of_each(rows, keep)
        if row.person_id in keep or (row.kept or row.person_id) not in chosen
    }  # fmt: skip
    gone = [pk for pk in keep if pk not in here]
    return [*here.items(), *sorted(names_of(gone).items(), key=lambda pair: pair[1])]


def team_of(found: Case, *more: UUID | None) -> list[Staff]:
    """Who may be chosen as having done something in the case: its own people first, then whoever works there."""
    wanted = [found.worker_id, found.co_worker_id, *more]
    first = list(Staff.objects.filter(pk__in=[pk for pk in wanted if pk]))
    first.sort(key=lambda one: wanted.index(one.pk))
    rest = may_work_at(found.charge, clock.today()).exclude(pk__in=[one.pk for one in first])
    return [*first, *rest]


def family_of(found: Case) -> Household | None:
    return Household.objects.filter(pk=found.household_key).only("pk", "head_name").first()


# FORMS ---------------------------------------------------------------------


def form_page(
    request: SignedIn, found: Case, form: forms.Form, heading: str, *, act: Callable[[], Any] | None = None,
    said: str = "", draft: str = "", to: str = "", now: Callable[[Any], Any] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """A form of a case. Filled in, it is saved and leads back to the case (`to`: to what of it); where somebody else
    was first, it comes back with both versions (`now` gives the row to show, of what stands); `draft` names it, where
    what is not saved may be kept.
    """
    status = 422 if form.is_bound else 200
    if act and form.is_bound and form.is_valid():
        try:
            if tried(form, act) is not None:
                messages.success(request, said or _("已保存"))
                return redirect(f"{reverse('case', args=[found.pk])}{to}")
        except Conflict as conflict:
            row = now(conflict.current) if now else conflict.current
            more |= both_versions(form, row, conflict.current.version)  # type: ignore[attr-defined]
            status = 409
    elif draft and isinstance(form, CasePart):
        more["draft"] = taken_up(form, draft_of(request.user, found, draft))
    if draft:
        more["draft_url"] = reverse("case-draft", args=[found.pk, draft])
        more["drop_url"] = reverse("case-draft-drop", args=[found.pk, draft])
    more["back_url"] = reverse("case", args=[found.pk])
    context = {"case": found, "form": form, "heading": heading, "crumbs": crumbs(found, heading), **more}
    return render(request, more.get("template", "cases/form.html"), context, status=status)


def both_versions(form: forms.Form, current: Any, version: int) -> dict[str, Any]:
    """What stands now beside what was typed; what was typed can then be saved on top of it."""
    names = [name for name in form.fields if hasattr(current, name) and name not in ("version", "client_id")]
    rebase(form, version)
    latest = current.history.select_related("history_user").first() if hasattr(current, "history") else None
    by = latest.history_user.display_name if latest and latest.history_user else _("另一位同事")
    rows = two_versions(form, {name: getattr(current, name) for name in names})
    return {"rows": rows, "theirs_by": by, "theirs_at": latest.history_date if latest else None}


# DRAFTS --------------------------------------------------------------------


def taken_up(form: CasePart, draft: CaseDraft | None) -> CaseDraft | None:
    """The form begins with what was typed before and not saved."""
    if draft is None:
        return None
    begin_with(form, typed_in_draft(draft.typed))
    return draft
