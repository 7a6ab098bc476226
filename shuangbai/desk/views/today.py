"""今日: what a worker does next, what a station looks like, what a role is for."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.assistance import queries as assistance
from shuangbai.assistance.access import matters_visible_to
from shuangbai.cases.access import cases_visible_to, may_know_of_cases
from shuangbai.cases.gathering import known_of, waiting_rows
from shuangbai.cases.queries import of_worker, offers_to
from shuangbai.core import clock
from shuangbai.desk import queries
from shuangbai.events.access import events_visible_to
from shuangbai.events.queries import coming
from shuangbai.feedback.access import may_answer
from shuangbai.feedback.queries import answered_for, waiting_count
from shuangbai.filings.access import waiting_for
from shuangbai.followups import queries as followups
from shuangbai.followups.access import shares_work, tasks_visible_to
from shuangbai.followups.enums import State
from shuangbai.followups.rules import HEAD_AFTER, SUPERVISOR_AFTER
from shuangbai.groups.enums import DraftPage
from shuangbai.groups.models import GroupDraft
from shuangbai.groups.queries import drafts_of as group_drafts_of
from shuangbai.groups.views.drafts import DRAFTED
from shuangbai.households.access import households_within
from shuangbai.lives.queries import handover_notice
from shuangbai.network.access import Viewer, viewer_of
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import PERMISSION_WORDS, ROLES, Permission
from shuangbai.resources import queries as resources
from shuangbai.resources.access import referrals_visible_to
from shuangbai.rounds.access import call_lists_visible_to
from shuangbai.safeguarding.access import may_know_of_alarms
from shuangbai.safeguarding.queries import overdue
from shuangbai.stories.queries import to_agree
from shuangbai.upkeep.trail import alerts_waiting
from shuangbai.visits.models import GridDraft
from shuangbai.visits.queries import drafts_of, grid_drafts_of
from shuangbai.volunteers.access import reports_visible_to
from shuangbai.volunteers.queries import reports_waiting

SHOWN = 6
CASES_ASKED = 200
VILLAGES, EACH = 5, 4  # how much of a round the first page shows
GREETINGS = [(5, "夜深了"), (9, "早上好"), (12, "上午好"), (14, "中午好"), (18, "下午好"), (24, "晚上好")]


@require_safe
def today(request: SignedIn) -> HttpResponse:
    """今日: what a worker does next, what a station looks like, or what one's role is for."""
    viewer, now = viewer_of(request.user), clock.now()
    context: dict[str, Any] = {
        "greeting": next(words for hour, words in GREETINGS if now.hour < hour),
        "day": now.date(),
        "station": viewer.home_station,
        "held": [(one, ROLES[one.role].does) for one in viewer.held],
        "answered": list(answered_for(request.user)),
        "handover": handover_notice(request.user, clock.today()),
        "waiting": waiting_count() if may_answer(request.user) else 0,
        "filings": waiting_for(request.user) if viewer.may(Permission.SEE_REPORTS) else [],
        **cases_today(request, now.date()),
        "overdue_alarms": overdue(request.user, now) if may_know_of_alarms(request.user) else [],
    }
    if viewer.home_station and request.user.staff_id:
        context |= worker_day(request, viewer.home_station, request.user.staff_id)
    elif viewer.may(Permission.ASK_FOLLOWUPS):
        context |= handed_up(request)
    if viewer.may(Permission.SEE_REPORTS) and (not viewer.home_station or viewer.may(Permission.VOID_ANY_RECORD)):
        context |= overview(viewer)
    if "rounds" not in context and "glances" not in context:
        context |= rights(viewer)
    if viewer.may(Permission.READ_TRAIL):
        context |= {"reads_trail": True, "alerts": list(alerts_waiting()[:5])}
    return render(request, "desk/today.html", context)


def cases_today(request: SignedIn, day: date) -> dict[str, Any]:
    """The cases in which something comes next within a week, those that wait for a supervisor's word, and offers."""
    if not may_know_of_cases(request.user):
        return {}
    mine = cases_visible_to(request.user)
    if request.user.staff_id:
        mine = of_worker(mine, request.user.staff_id)
    held = known_of(mine.select_related("worker").order_by("-opened_on", "id")[:CASES_ASKED], day)
    due = sorted((one for one in held if one.due(day)), key=lambda one: one.next.on if one.next else day)
    supervised = viewer_of(request.user).may(Permission.SUPERVISE_CASES)
    waiting = [row for row in waiting_rows(request.user, day) if row[1]] if supervised else []
    return {"cases_due": due[:SHOWN], "cases_waiting": len(waiting), "case_offers": offers_to(request.user).count(),
            "stories_waiting": to_agree(request.user).count(), "knows_cases": True}  # fmt: skip


def rights(viewer: Viewer) -> dict[str, Any]:
    """What somebody may do who has neither families nor reports."""
    given = {permission for one in viewer.held for permission in one.permissions}
    words = [words for permission, words in PERMISSION_WORDS.items() if permission in given]
    return {"given": words, "reads_network": viewer.may(Permission.SEE_NETWORK)}


def worker_day(request: SignedIn, station: OrgUnit, me: UUID) -> dict[str, Any]:
    """A worker's own families, tasks and records; for the head the station's too."""
    day, visible, heads = clock.today(), households_within(request.user), shares_work(request.user)
    whose: dict[str, Any] = {"station_ids": [station.pk]} if heads else {"staff_id": me}
    families = followups.families_due(visible, day, **whose)
    mine = [one for one in families if one.staff_id == me]
    tasks = followups.open_tasks(tasks_visible_to(request.user).filter(followups.for_worker(me, day), station=station))
    said = followups.reminders(mine, day)
    return {
        "rounds": followups.rounds_of(mine, VILLAGES, EACH),
        "standing": standing(mine, f"worker={me}"),
        "mine": len(mine),
        "tasks": list(tasks[:SHOWN]),
        "task_count": tasks.count(),
        "after_visits": after_visits(request, station, me, mine, day),
        "reminders": said[:SHOWN],
        "reminder_count": len(said),
        "may_record": True,
        "drafts": drafts_of(request.user, station),
        "grid_drafts": _pages_of_many(request, station),
        "events": coming(events_visible_to(request.user).filter(station=station), day),
        "team_reports": reports_waiting(reports_visible_to(request.user)).count(),
        "latest": queries.happenings(request.user, queries.latest_of(request.user, station.pk, me, 5)),
        **helping(request, day, me, station),
        **(station_day(request, families, day) if heads else {}),
    }


def after_visits(
    request: SignedIn, station: OrgUnit, me: UUID, mine: Sequence[followups.FamilyDue], day: date
) -> list[followups.Reminder]:
    """What visits to one's own families, and one's own visits, said would follow and nothing has answered."""
    homes = {entry for one in mine for entry in (one.household_id, *one.others)}
    return queries.left_after_visits(request.user, station.pk, me, homes, day)


def helping(request: SignedIn, day: date, me: UUID | None = None, station: OrgUnit | None = None) -> dict[str, Any]:
    """Applications near or past their day, referrals of which to ask: one's own, or all within reach."""
    matters, sent = matters_visible_to(request.user), referrals_visible_to(request.user)
    if station:
        matters = matters.filter(assistance.for_worker(me, day), station=station)
        sent = sent.filter(resources.for_worker(me, day))
    late = resources.late(sent, day)
    if station is None:
        late = late.filter(next_on__lt=day - timedelta(days=SUPERVISOR_AFTER))
    return {"pressing": assistance.pressing(matters, day)[:SHOWN], "to_ask": list(late[:SHOWN])}


def _pages_of_many(request: SignedIn, station: OrgUnit) -> list[tuple[str, str, datetime]]:
    """One's own pages of many visits that are not finished: what each is called, its address, when it was kept."""
    drafts = list(grid_drafts_of(request.user, station))
    keys = [UUID(one.page) for one in drafts if one.page != GridDraft.EVENING]
    lists = {str(one.pk): one for one in call_lists_visible_to(request.user).filter(pk__in=keys)} if keys else {}
    found = [
        (_called(one), reverse(DRAFTED[DraftPage(one.page)], args=[one.group_id]), one.updated_at)
        for one in group_drafts_of(request.user, station)
    ]
    for one in drafts:
        if one.page == GridDraft.EVENING:
            found.append((_("记一天的走访"), reverse("evening"), one.updated_at))
        elif one.page in lists:
            called = _("电访名单：%(name)s") % {"name": lists[one.page].name}
            found.append((called, reverse("call-list", args=[one.page]), one.updated_at))
    return found


def _called(draft: GroupDraft) -> str:
    return f"{draft.group.title}：{draft.get_page_display()}"


def standing(families: Sequence[followups.FamilyDue], words: str) -> list[tuple[str, int, str]]:
    """How many families stand how, each with the address of its list."""
    counts, url = followups.counts_of(families), reverse("due-list")
    return [(str(state.label), counts[state], f"{url}?state={state}&{words}") for state in State if counts[state]]


def station_day(request: SignedIn, families: Sequence[followups.FamilyDue], day: date) -> dict[str, Any]:
    """What the head shares out: the station's families by worker, and tasks that stayed too long."""
    late = followups.handed_upward(tasks_visible_to(request.user), day, HEAD_AFTER)
    return {
        "workers": followups.shares_by_worker(families),
        "unkept": sum(one.staff_id is None for one in families),
        "late": list(late[:SHOWN]),
    }


def handed_up(request: SignedIn) -> dict[str, Any]:
    """What was handed upward to a supervisor: tasks past their date. Families long unseen are asked for by the page."""
    late = followups.handed_upward(tasks_visible_to(request.user), clock.today(), SUPERVISOR_AFTER)
    told = {"late": list(late[:SHOWN]), "late_count": late.count(), "upward": True}
    return told | helping(request, clock.today())


def overview(viewer: Viewer) -> dict[str, Any]:
    """The stations in somebody's scope, each with a way into its report."""
    day = clock.today()
    ids = viewer.station_ids(Permission.SEE_REPORTS)
    stations = OrgUnit.objects.filter(pk__in=ids).select_related("county").order_by("path")
    units = viewer.units(Permission.SEE_REPORTS)
    return {"glances": queries.glances(list(stations), day), "scopes": units}
