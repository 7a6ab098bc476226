"""可能符合……: what a family's data suggest, and the helpers that ask what is not known. Hints, never verdicts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.households.access import households_visible_to
from shuangbai.households.actions import change_household
from shuangbai.households.models import Household
from shuangbai.households.queries import tags_of_family
from shuangbai.households.rules import age_on
from shuangbai.lives import hints, queries
from shuangbai.lives.forms.hints import CareForm, LeftForm, SelfCareForm
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission

FORM = ["GET", "HEAD", "POST"]
HELPERS: dict[str, tuple[str, Any]] = {
    "care": ("事实无人抚养儿童", CareForm), "left": ("农村留守儿童", LeftForm),
    "selfcare": ("特困人员六项自理能力", SelfCareForm),
}  # fmt: skip


def family_of(request: SignedIn, pk: UUID) -> Household:
    visible = households_visible_to(request.user, Permission.EDIT_FAMILIES).select_related("village")
    return get_object_or_404(visible, pk=pk)


@require_safe
def family_hints(request: SignedIn, pk: UUID) -> HttpResponse:
    """可能符合（提示，不是认定）."""
    household, day = family_of(request, pk), clock.today()
    here = queries.people_of(household, day)
    tags = tags_of_family(pk, [row.person_id for row in here])
    found = hints.family_hints(queries.family_known(here, tags, day), day)
    people = [(row, row.person.birth_date and age_on(row.person.birth_date, day)) for row in here]
    context = {"household": household, "hints": found, "people": people, "day": day}
    return render(request, "lives/hints.html", context)


@require_http_methods(FORM)
def hint_ask(request: SignedIn, pk: UUID, person: UUID, helper: str) -> HttpResponse:
    """One helper for one of the family: asked, judged, shown with the rule; a note only where one is wanted."""
    household, day = family_of(request, pk), clock.today()
    row = next((one for one in queries.people_of(household, day) if one.person_id == person), None)
    if row is None or helper not in HELPERS:
        raise Http404
    heading, make = HELPERS[helper]
    form, answer = make(request.POST or None), None
    if form.is_valid():
        answer = judged(helper, form.answers(), row.person.birth_date, day)
        if "note" in request.POST and noted(request, household, f"{row.person.name}：{answer.sentence}", answer):
            return redirect("family-hints", pk)
    context = {"household": household, "row": row, "form": form, "answer": answer, "heading": heading, "day": day}
    return render(request, "lives/hint_ask.html", context, status=422 if form.is_bound and not answer else 200)


def judged(helper: str, said: dict[str, Any], born: Any, day: Any) -> hints.Answer:
    if helper == "selfcare":
        return hints.selfcare(said["cannot"], day=day)
    judge = hints.without_care if helper == "care" else hints.left_behind
    return judge(said["father"], said["mother"], age=age_on(born, day) if born else 0, day=day)


def noted(request: SignedIn, household: Household, words: str, answer: hints.Answer) -> bool:
    """The answer as a line of the family's note, with the day and the rule: the only thing that is kept."""
    source = answer.rule.source if answer.rule else ""
    line = f"{clock.today():%Y-%m-%d} {words}（提示，依据{source}）"
    note = f"{household.note}\n{line}".strip()
    try:
        change_household(by=request.user, household=household, version=household.version, changes={"note": note})
    except NotAllowed:
        raise Http404 from None
    except Conflict:
        messages.warning(request, _("刚才有人改过这户的资料，没有存成备注，请再按一次"))
        return False
    messages.success(request, _("已存为这户的备注"))
    return True
