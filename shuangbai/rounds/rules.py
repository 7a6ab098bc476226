"""When a list of calls, a flag or a plan is right, and how a week is proposed. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from shuangbai.core.findings import Finding

LIST_MOST = 200  # families on one list of calls
PLAN_MOST = 60  # families in one week's plan
WEEK = 7
WORKDAYS = 5


def call_list_findings(*, name: str, families: int) -> list[Finding]:
    found = []
    if not name.strip():
        found.append(Finding("name_missing", "name", "请给名单起个名字，如「寒潮问候」"))
    if not families:
        found.append(Finding("nobody_listed", "household", "名单里还没有家庭，请至少勾选一户"))
    if families > LIST_MOST:
        found.append(Finding("too_many", "household", f"一份名单最多 {LIST_MOST} 户，请按村或类别分成几份"))
    return found


def flag_findings(*, reason: str, starts_on: date, today: date) -> list[Finding]:
    found = []
    if len(reason.strip()) < 2:
        found.append(Finding("reason_missing", "reason", "请写明为什么要两个人去，如「有家人酒后打人」"))
    if starts_on > today:
        found.append(Finding("starts_later", "starts_on", "开始日期请填今天或以前"))
    return found


def flag_end_findings(*, reason: str, starts_on: date, ends_on: date, today: date) -> list[Finding]:
    found = []
    if len(reason.strip()) < 2:
        found.append(Finding("reason_missing", "end_reason", "请写明为什么可以一个人去了"))
    if ends_on < starts_on:
        found.append(Finding("ends_before", "ends_on", f"解除日期不能早于开始日期（{starts_on:%Y-%m-%d}）"))
    if ends_on > today:
        found.append(Finding("ends_later", "ends_on", "解除日期请填今天或以前"))
    return found


# A WEEK ----------------------------------------------------------------------


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def days_of(monday: date, days: int = WEEK) -> list[date]:
    return [monday + timedelta(days=number) for number in range(days)]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family that might be seen in the week. `due_on` is the day by which it is to be seen (None: no such day)."""

    household_id: UUID
    village_id: int
    due_on: date | None
    name: str = ""

    @property
    def urgency(self) -> tuple[date, str, str]:
        return (self.due_on or date.max, self.name, str(self.household_id))


def propose(
    candidates: Sequence[Candidate], days: Sequence[date], most: int, until: date | None = None
) -> dict[date, list[UUID]]:
    """A round a day: villages together, the most urgent first, no more than `most` families a day.

    Each day begins in the village of the most urgent family that is still waiting and takes what is due there in the
    week. What room is left goes to the village whose waiting families fit best, then to families of the villages of
    the day that are not due yet: one is there anyway. A family is in the week once. What falls due up to `until` (the
    last of the days) is due.
    """
    last = until or max(days, default=date.min)
    due = sorted((one for one in candidates if one.due_on and one.due_on <= last), key=lambda one: one.urgency)
    later = sorted((one for one in candidates if not one.due_on or one.due_on > last), key=lambda one: one.urgency)
    rounds: dict[date, list[UUID]] = {}
    for day in days:
        chosen: list[Candidate] = []
        while due and len(chosen) < most:
            village = _next_village(due, most - len(chosen), first=not chosen)
            here = [one for one in due if one.village_id == village][: most - len(chosen)]
            chosen += here
            due = [one for one in due if one not in here]
        there = {one.village_id for one in chosen}
        on_the_way = [one for one in later if one.village_id in there][: most - len(chosen)]
        chosen += on_the_way
        later = [one for one in later if one not in on_the_way]
        rounds[day] = [one.household_id for one in _by_village(chosen)]
    return rounds


def _next_village(waiting: Sequence[Candidate], room: int, *, first: bool) -> int:
    """Where to go next: to the most urgent family; later in the day to a village that can be finished, if one can."""
    if first:
        return waiting[0].village_id
    sizes = Counter(one.village_id for one in waiting)
    fitting = {village: size for village, size in sizes.items() if size <= room}
    order = {village: place for place, village in reversed(list(enumerate(one.village_id for one in waiting)))}
    if not fitting:
        return waiting[0].village_id
    return min(fitting, key=lambda village: order[village])


def _by_village(chosen: Sequence[Candidate]) -> list[Candidate]:
    """The families of a day, each village's together, the villages in the order in which they were taken up."""
    order = {village: place for place, village in enumerate(dict.fromkeys(one.village_id for one in chosen))}
    return sorted(chosen, key=lambda one: order[one.village_id])


@dataclass(frozen=True, slots=True)
class Stop:
    """A family in the plan as it is typed: on a day (None: left out of the week), as the so-maniest, with whom."""

    household_id: UUID
    day: date | None
    position: int
    companion_id: UUID | None = None


def plan_findings(
    *, stops: Sequence[Stop], monday: date, most: int, me: UUID, colleagues: Collection[UUID], names: Mapping[UUID, str]
) -> list[Finding]:
    """What is wrong with a week's plan. More families on a day than the worker chose is theirs to decide."""
    found: list[Finding] = []
    if not 1 <= most <= 20:
        found.append(Finding("most_out_of_reason", "most", "每天最多几户，请填 1 到 20"))
    if len(stops) > PLAN_MOST:
        found.append(Finding("too_many", "most", f"一周最多排 {PLAN_MOST} 户，请先去掉几户"))
    twice = [home for home, times in Counter(stop.household_id for stop in stops).items() if times > 1]
    for home in twice:
        found.append(Finding("twice", "most", f"{names.get(home, '这')}户排了两次，请去掉一次"))
    days = set(days_of(monday))
    for stop in stops:
        row, who = f"stop-{stop.household_id.hex}", f"{names.get(stop.household_id, '')}户"
        if stop.day and stop.day not in days:
            found.append(Finding("other_week", f"{row}-day", f"{who}：这天不在这一周里，请另选一天"))
        if stop.companion_id and stop.companion_id == me:
            found.append(Finding("alone_with_self", f"{row}-companion", f"{who}：同行的人请选别的社工"))
        elif stop.companion_id and stop.companion_id not in colleagues:
            sentence = f"{who}：同行的人这周不在本站任职，请另选一位"
            found.append(Finding("companion_not_posted", f"{row}-companion", sentence))
    return found


HORIZON = timedelta(days=14)  # how far beyond the week a family on the way may be due
MOST_USUAL = 8


def usual_week(today: date) -> date:
    """The Monday of the week that is planned: from Friday on the next one."""
    return monday_of(today + timedelta(days=3))


def workdays_left(monday: date, today: date) -> list[date]:
    """The working days of the week from today on."""
    return [day for day in days_of(monday, WORKDAYS) if day >= today]


@dataclass(frozen=True, slots=True)
class Typed:
    """A family's place as it stands on the page: `order` typed over `was`, `index` where it stood."""

    household_id: UUID
    day: date | None
    order: int
    was: int
    index: int
    companion_id: UUID | None = None


def in_order(typed: Sequence[Typed]) -> list[Stop]:
    """The stops as they are meant, by day and number: one moved up goes before the number's holder, one down after."""

    def place(one: Typed) -> tuple[date, int, int, int]:
        moved = (one.order > one.was) - (one.order < one.was)
        return (one.day or date.max, one.order, moved, one.index)

    found, counts = [], Counter[date | None]()
    for one in sorted(typed, key=place):
        counts[one.day] += 1
        found.append(Stop(one.household_id, one.day, counts[one.day], one.companion_id if one.day else None))
    return found
