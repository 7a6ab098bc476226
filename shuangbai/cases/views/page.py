"""One case: how far it is, what is missing, what comes next, and everything that is written in it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shuangbai.cases import queries
from shuangbai.cases.access import leads, may_comment, may_write, supervises
from shuangbai.cases.actions.handing import may_give
from shuangbai.cases.actions.opening import note_looked
from shuangbai.cases.enums import CLOSE_REASONS, KINDS, SOURCES, Move, Stage
from shuangbai.cases.gathering import Known, known
from shuangbai.cases.models import Case, Plan
from shuangbai.cases.rules import MOVES, ORDER, next_of
from shuangbai.cases.views.parts import case_of, crumbs
from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.doubles import groups_of
from shuangbai.households.known import FAMILIES
from shuangbai.network.context import SignedIn
from shuangbai.visits.queries import visits_visible_to

SESSIONS_SHOWN, VISITS_OFFERED = 10, 10


@require_safe
def case(request: SignedIn, pk: UUID) -> HttpResponse:
    """一件个案; each look is kept in the trail. Phone first: the stage, what is missing, the next step."""
    found, day = case_of(request, pk), clock.today()
    note_looked(by=request.user, case=found)
    held = known(found, day)
    sessions = queries.sessions_of(found)
    whole = "all" in request.GET
    context = {
        "case": found, "known": held, "day": day, "crumbs": crumbs(found), **standing(found, held, day),
        **written(found), "sessions": sessions if whole else sessions[:SESSIONS_SHOWN],
        "more_sessions": 0 if whole else max(len(sessions) - SESSIONS_SHOWN, 0),
        "minutes": sum(one.session.minutes for one in sessions if one.number), **words_of(found),
        **family(request, found, held), **visits(request, found), **may(request, found),
    }  # fmt: skip
    return render(request, "cases/case.html", context)


def standing(found: Case, held: Known, day: date) -> dict[str, Any]:
    """The line of stages, and where the case may go from here."""
    stage = Stage(found.stage)
    place = ORDER.index(stage) if stage in ORDER else -1
    line = [(one, "done" if at < place else "now" if at == place else "") for at, one in enumerate(ORDER)]
    onward = next_of(stage) if found.is_open else None
    others = [(to, move) for to, move in MOVES[stage].items() if to != onward and move != Move.CLOSED]
    return {
        "line": line, "onward": onward, "closing_next": onward == Stage.FOLLOWUP, "others": others,
        "late": held.late(day), "lacks": [(one, where_written(found, one.code)) for one in held.missing],
        "papers": held.lines,
    }  # fmt: skip


# Where each document of a case is written: the name of an address, or a place on the page of the case.
WRITTEN_AT = {
    "presenting": "case-edit", "decision": "case-edit", "consent": "case-edit", "assessment": "case-assess",
    "need": "case-assess", "risk": "case-risk", "plan": "case-plan", "agreed": "case-plan", "goal": "case-goal-new",
    "session": "case-session-new", "evaluation": "case-evaluate", "reason": "case-closing", "summary": "case-closing",
    "ratings": "#goals", "view_plan": "#views", "view_closing": "#views", "follow_ups": "#follow-ups",
}  # fmt: skip


def where_written(found: Case, code: str) -> str:
    place = WRITTEN_AT[code]
    if found.closed_on and place == "case-closing":
        return "#closing"
    return place if place.startswith("#") else reverse(place, args=[found.pk])


def words_of(found: Case) -> dict[str, Any]:
    """What the city called source, kind and reason on their days."""
    reason, closed_on = found.close_reason, found.closed_on
    return {
        "source": label_of(SOURCES, found.source, found.opened_on),
        "kind": label_of(KINDS, found.kind, found.opened_on),
        "close_reason": label_of(CLOSE_REASONS, reason, closed_on) if reason and closed_on else "",
    }  # fmt: skip


def written(found: Case) -> dict[str, Any]:
    """Everything that is written in the case, each kind with what leads first."""
    closings = found.closings.order_by("-entered_at")
    return {
        "assessments": list(found.assessments.select_related("entered_by").order_by("-assessed_on", "-entered_at")),
        "plan": Plan.objects.filter(case=found).first(), "goals": queries.goals_of(found),
        "evaluations": list(found.evaluations.select_related("entered_by").order_by("-evaluated_on", "-entered_at")),
        "closing": next((one for one in closings if one.reopened_on is None), None),
        "old_closings": [one for one in closings if one.reopened_on],
        "follow_ups": queries.follow_ups_of(found), "views": queries.views_of(found),
        "moves": queries.moves_of(found)[::-1], "risks": queries.risks_of(found),
        "offer": found.offers.filter(state="waiting").select_related("receiver").first(),
    }  # fmt: skip


def family(request: SignedIn, found: Case, held: Known) -> dict[str, Any]:
    """The family and its people, each with an address while this person still sees them."""
    keys = [client.row.person_key for client in held.clients]
    seen = set(people_visible_to(request.user).filter(pk__in=keys).values_list("pk", flat=True))
    home = households_visible_to(request.user).filter(pk=found.household_key).first()
    return {"home": home, "clients": [(one, one.row.person_key in seen) for one in held.clients]}


def visits(request: SignedIn, found: Case) -> dict[str, Any]:
    """The visits that were put to the case, and the family's latest ones that may be."""
    keys = [row.record_key for row in queries.visits_of(found)]
    visible = visits_visible_to(request.user).order_by("-record__occurred_on", "-record__entered_at")
    family_keys = groups_of([found.household_key], FAMILIES)[found.household_key]
    of_family = visible.filter(
        record__household__in=family_keys, record__voided_at__isnull=True,
        record__occurred_on__gte=found.opened_on,
    ).exclude(pk__in=keys)  # fmt: skip
    offered = list(of_family[:VISITS_OFFERED]) if may_write(request.user, found) else []
    return {"attached": list(visible.filter(pk__in=keys)), "to_attach": offered}


def may(request: SignedIn, found: Case) -> dict[str, bool]:
    """What this person may do in the case."""
    user = request.user
    return {
        "writes": may_write(user, found), "leads": leads(user, found), "supervises": supervises(user, found),
        "comments": may_comment(user, found), "gives": may_give(user, found) and found.is_open,
    }  # fmt: skip
