"""A week's plan as its page shows it: proposed or saved, with what has meanwhile been visited."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from shuangbai.followups.access import tasks_visible_to
from shuangbai.followups.queries import FamilyDue, families_due, for_worker, open_tasks
from shuangbai.households.access import households_within
from shuangbai.households.doubles import FamilyEntries
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.queries import colleague_rows
from shuangbai.network.roles import Permission
from shuangbai.rounds.access import plans_visible_to
from shuangbai.rounds.models import PlanStop, SafetyFlag, WeekPlan
from shuangbai.rounds.queries import flags_on
from shuangbai.rounds.rules import HORIZON, WEEK, Candidate, Stop, days_of, propose, workdays_left
from shuangbai.services.enums import RecordKind
from shuangbai.visits.models import Visit
from shuangbai.visits.queries import writable


@dataclass(slots=True)
class Planned:
    """A family in a week: where it stands in the plan, when and why it is due, what has been done since Monday."""

    stop: Stop
    family: FamilyDue
    group: str = ""
    flag: SafetyFlag | None = None
    visits: list[Visit] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    with_whom: str = ""

    @property
    def key(self) -> str:
        """The beginning of the names of its fields on the page."""
        return f"stop-{self.stop.household_id.hex}"

    @property
    def done(self) -> Visit | None:
        """The first visit of the week that met somebody."""
        return next((visit for visit in self.visits if visit.record.reached), None)

    @property
    def tried(self) -> list[Visit]:
        return [visit for visit in self.visits if not visit.record.reached]


@dataclass(slots=True)
class Week:
    """A worker's week. `plan` None: proposed, not saved. `waiting` are due in the week and not in the plan."""

    monday: date
    most: int
    plan: WeekPlan | None
    days: list[tuple[date, list[Planned]]]
    left_out: list[Planned]
    waiting: list[FamilyDue]

    @property
    def stops(self) -> list[Planned]:
        return [one for _day, some in self.days for one in some] + self.left_out

    @property
    def families(self) -> int:
        return sum(len(some) for _day, some in self.days)

    @property
    def done(self) -> int:
        return sum(1 for one in self.stops if one.done)


@dataclass(frozen=True, slots=True)
class Known:
    """What a week is made from: a worker's own families with their dates, and their open tasks."""

    families: Sequence[FamilyDue]
    tasks: Mapping[UUID, Sequence[Any]]

    def due_on(self, one: FamilyDue) -> date | None:
        """The day by which the family is to be seen: its date, or an earlier one of a task that a visit answers."""
        days = [task.due_on for task in self.tasks.get(one.household_id, ()) if task.by_visit]
        return min([*days, *([one.due.on] if one.due.on else [])], default=None)


def known_of(user: Any, station: OrgUnit, staff_id: UUID, today: date) -> Known:
    tasks: dict[UUID, list[Any]] = defaultdict(list)
    mine = list(open_tasks(tasks_visible_to(user).filter(for_worker(staff_id, today), station=station)))
    entries = FamilyEntries(writable(user), {task.household_id for task in mine})
    for task in mine:
        tasks[entries.stands(task.household_id)].append(task)
    families = families_due(households_within(user, Permission.WRITE_RECORDS), today, staff_id=staff_id)
    return Known(families, tasks)


def proposal(known: Known, monday: date, most: int, today: date) -> list[Stop]:
    """A round for each working day that is left of the week. Whose file is paused is not called on by the way."""
    sunday = monday + timedelta(days=WEEK - 1)
    horizon = sunday + timedelta(days=1) + HORIZON
    candidates = [
        Candidate(one.household_id, one.village_id, due_on, one.name)
        for one in known.families
        if (due_on := known.due_on(one)) and due_on <= (sunday if one.due.paused else horizon)
    ]
    rounds = propose(candidates, workdays_left(monday, today), most, sunday)
    return [Stop(pk, day, place) for day, some in rounds.items() for place, pk in enumerate(some, 1)]


def saved_stops(plan: WeekPlan) -> list[Stop]:
    rows = plan.stops.order_by("day", "position", "id")
    return [Stop(row.household_id, row.day, row.position, row.companion_id) for row in rows]


def own_plan(user: Any, station: OrgUnit, staff_id: UUID, monday: date) -> WeekPlan | None:
    mine = plans_visible_to(user).filter(station=station, staff=staff_id, monday=monday)
    return mine.select_related("entered_by").first()


def week_of(
    user: Any, known: Known, stops: Sequence[Stop], *, monday: date, most: int, plan: WeekPlan | None, today: date
) -> Week:
    """The week with everything that its page shows, in a number of queries that does not grow with it."""
    entries = FamilyEntries(writable(user), {stop.household_id for stop in stops})
    stops = _once(stops, entries)
    ids = [stop.household_id for stop in stops]
    own = {one.household_id: one for one in known.families}
    strangers = [pk for pk in ids if pk not in own]
    if strangers:
        own |= {one.household_id: one for one in families_due(writable(user), today, household_ids=strangers)}
    groups = dict(writable(user).filter(pk__in=ids).values_list("pk", "group"))
    every = [one for pk in ids for one in entries.seen(pk)]
    flags, visits = flags_on(every, max(today, monday)), _visits(every, monday, entries)
    planned = [
        Planned(
            stop, own[stop.household_id], groups.get(stop.household_id, ""),
            next((flags[one] for one in entries.seen(stop.household_id) if one in flags), None),
            visits.get(stop.household_id, []), [task.subject for task in known.tasks.get(stop.household_id, ())],
        )
        for stop in stops
        if stop.household_id in own
    ]  # fmt: skip
    days = [(day, [one for one in planned if one.stop.day == day]) for day in days_of(monday)]
    last, there = monday + timedelta(days=WEEK - 1), set(ids)
    waiting = [
        one for one in known.families if one.household_id not in there and (on := known.due_on(one)) and on <= last
    ]
    return Week(monday, most, plan, days, [one for one in planned if one.stop.day is None], waiting)


def _once(stops: Sequence[Stop], entries: FamilyEntries) -> list[Stop]:
    """The stops with each family once, under the entry that stands for it: what was saved before may name both."""
    found: dict[UUID, Stop] = {}
    for stop in stops:
        stands = entries.stands(stop.household_id)
        if stands not in found or found[stands].day is None:
            found[stands] = replace(stop, household_id=stands)
    return list(found.values())


def _visits(ids: Collection[UUID], monday: date, entries: FamilyEntries) -> dict[UUID, list[Visit]]:
    """The visits of the week to these families, the first one first: one query."""
    found: dict[UUID, list[Visit]] = defaultdict(list)
    rows = Visit.objects.filter(
        record__household__in=list(ids), record__kind=RecordKind.VISIT, record__voided_at__isnull=True,
        record__occurred_on__gte=monday, record__occurred_on__lt=monday + timedelta(days=WEEK),
    )  # fmt: skip
    for visit in rows.select_related("record").order_by("record__occurred_on", "record_id"):
        found[entries.stands(visit.record.household_id)].append(visit)  # type: ignore[arg-type]
    return found


def companions(station: OrgUnit, me: UUID, monday: date, today: date) -> list[Staff]:
    """Who may come along: the others posted at the station."""
    return [staff for staff in colleague_rows(station.pk, max(monday, today)) if staff.pk != me]


def asked_along(user: Any, me: UUID, monday: date) -> list[PlanStop]:
    """Where colleagues count on somebody in the week: one query."""
    rows = PlanStop.objects.filter(companion=me, day__isnull=False, plan__monday=monday)
    visible = rows.filter(plan__in=plans_visible_to(user)).select_related("plan__staff", "household__village")
    return list(visible.defer("household__phone", "household__address").order_by("day", "position"))


def told_days(stops: Iterable[Stop], names: Mapping[UUID, str]) -> dict[date | None, str]:
    """The families of each day in their order, in words: for two versions side by side."""
    found: dict[date | None, list[str]] = defaultdict(list)
    for stop in sorted(stops, key=lambda one: (one.day or date.max, one.position)):
        found[stop.day].append(names.get(stop.household_id, ""))
    return {day: "、".join(some) for day, some in found.items()}


def with_family(stops: Sequence[Stop], household_id: UUID, day: date) -> list[Stop]:
    """The stops with a family more at the end of a day; one that was left out comes back."""
    there = next((stop for stop in stops if stop.household_id == household_id), None)
    if there and there.day:
        return list(stops)
    place = max((stop.position for stop in stops if stop.day == day), default=0) + 1
    rest = [stop for stop in stops if stop.household_id != household_id]
    return [*rest, replace(there or Stop(household_id, day, place), day=day, position=place)]
