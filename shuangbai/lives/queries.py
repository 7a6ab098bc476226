"""What the pages of changing lives show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from shuangbai.assistance.keeping import RUNNING
from shuangbai.assistance.models import Matter
from shuangbai.dossier.models import STANDING, Disability
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.enums import FileState
from shuangbai.households.models import FamilyFile, FileWorker, Household, Membership, Person, Tag
from shuangbai.households.queries import members_on
from shuangbai.lives import hints
from shuangbai.lives.enums import ChangeKind, ErasureState, ItemState
from shuangbai.lives.models import Erasure, Handover, HandoverItem, LifeChange, RetentionRule
from shuangbai.network.access import viewer_of
from shuangbai.network.models import Posting, Staff
from shuangbai.network.queries import colleagues
from shuangbai.network.roles import Permission
from shuangbai.resources.models import Referral
from shuangbai.resources.rules import OPEN

HANDOVERS = 100
PROPOSED = 200

# What each change is for, in the order of the page, with the icon.
MENU: tuple[tuple[ChangeKind, str], ...] = (
    (ChangeKind.MOVE, "在本站范围内搬到别的村居或换了门牌"),
    (ChangeKind.SPLIT, "有人分出去另立一户"),
    (ChangeKind.MERGE, "另一户并到这户来"),
    (ChangeKind.DEATH, "有人去世；没有别的人时销户"),
    (ChangeKind.LEAVE, "有人或全家离开本地"),
    (ChangeKind.SECOND_HOME, "孩子在父母两家轮流住，两家都是他的家"),
    (ChangeKind.ROTATION, "老人在几个子女家轮流住"),
    (ChangeKind.STATION, "搬到别的站的范围，带或不带以前的记录"),
)


def people_of(household: Household, day: date) -> list[Membership]:
    return list(members_on(household.pk, day))


def ever_of(household: Household) -> list[Person]:
    """Everybody who is or was of the family and is not yet anonymous."""
    people = Person.objects.filter(memberships__household=household, forgotten=False).distinct()
    return list(people.defer("id_no", "phone").order_by("name", "id"))


def tags_in_force(household: Household, people: Sequence[UUID], day: date, *, own: bool = False) -> list[Tag]:
    """Categories of the household in force on the day; with `own` its people's too."""
    whose = Q(household=household) | Q(person__in=people) if own else Q(household=household)
    rows = Tag.objects.on(day).filter(whose).select_related("category", "person")
    return list(rows.order_by("person_id", "category__position", "id"))


def changes_of(changes: QuerySet[LifeChange], household_id: UUID) -> list[LifeChange]:
    """What changed in this family's life, the newest first."""
    rows = changes.filter(Q(household=household_id) | Q(other=household_id))
    return list(rows.select_related("entered_by", "undone_by", "station").order_by("-happened_on", "-entered_at"))


@dataclass(frozen=True, slots=True)
class Next:
    """Something to look at after a change: a sentence and where it is done."""

    text: str
    url_name: str
    key: Any


def next_steps(change: LifeChange) -> list[Next]:
    """What to look at once a change is done. Only what people must decide; the rest was done with it."""
    home, other, steps = change.household_id, change.other_id, []
    if change.kind == ChangeKind.SPLIT and other:
        steps += [
            Next("核对新户的成员关系、电话和类别", "family", other),
            Next("核对原户还留着的类别", "family", home),
        ]
    if change.kind in (ChangeKind.MERGE, ChangeKind.MOVE):
        steps.append(Next("核对这户的电话、类别和负责社工", "family", home))
    if change.kind in (ChangeKind.DEATH, ChangeKind.LEAVE, ChangeKind.ROTATION):
        steps.append(Next("核对其余成员与户主的关系、整户的类别", "family", home))
    if change.kind == ChangeKind.SECOND_HOME and other:
        steps.append(Next("核对第二家的资料", "family", other))
    return steps


# HANDING OVER --------------------------------------------------------------


def givers_at(station_id: UUID, day: date) -> QuerySet[Staff]:
    """Who has something to give at a station: posted there on the day, or responsible for an open file there."""
    keeps = FileWorker.objects.filter(
        staff=OuterRef("pk"), ends_on__isnull=True, file__station=station_id, file__state=FileState.OPEN
    )
    return Staff.objects.filter(Q(pk__in=colleagues(station_id, day).order_by().values("pk")) | Exists(keeps))


def files_kept_by(staff_id: UUID, station_id: UUID) -> list[FamilyFile]:
    """The open files of a station for which somebody is responsible, in the order of a walk."""
    rows = FamilyFile.objects.filter(
        station=station_id, state=FileState.OPEN, workers__staff=staff_id, workers__ends_on__isnull=True
    )
    rows = rows.select_related("household__village").defer("household__phone", "household__address")
    return list(rows.order_by("household__village__name", "household__head_name", "id"))


def items_of(handover: Handover) -> list[HandoverItem]:
    """The families of a handover, those who receive them together."""
    rows = handover.items.select_related("file__household__village", "receiver", "decided_by")
    rows = rows.defer("file__household__phone", "file__household__address")
    return list(rows.order_by("receiver__name", "file__household__village__name", "file__household__head_name", "id"))


def counts_of(items: Sequence[HandoverItem]) -> list[tuple[str, dict[str, int]]]:
    """Who receives, with how many families in all, taken, and waiting: the lines of the receipt."""
    counts: dict[str, dict[str, int]] = {}
    for item in items:
        told = counts.setdefault(item.receiver.name, {"all": 0, "taken": 0, "waiting": 0})
        told["all"] += 1
        told["taken"] += item.state == ItemState.TAKEN
        told["waiting"] += item.state == ItemState.WAITING
    return sorted(counts.items())


def tasks_by_family(giver_id: UUID, household_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many open tasks of somebody's go along with each of these families."""
    rows = Task.objects.filter(assignee=giver_id, state=TaskState.OPEN, household__in=household_ids)
    return dict(rows.values("household_id").annotate(n=Count("id")).values_list("household_id", "n"))


# Why a task's history says that it changed hands, and how near to the answer that stands.
MOVED, MOMENT = "随家庭交接", timedelta(minutes=1)


def along(handover: Handover, items: Sequence[HandoverItem]) -> None:
    """Put on each family (`along`) the tasks that go with it, or that went when it was taken. Two queries."""
    homes = {item.file.household_id for item in items}
    open_ = Task.objects.filter(assignee=handover.giver_id, state=TaskState.OPEN, household__in=homes)
    went = Task.history.filter(history_change_reason=MOVED, household__in=homes)
    now, then = list(open_.order_by("due_on", "id")), list(went.order_by("due_on", "id"))
    for item in items:
        tasks: list[Any] = []
        if item.state == ItemState.WAITING:
            tasks = [one for one in now if one.household_id == item.file.household_id]
        elif item.state == ItemState.TAKEN:
            tasks = [one for one in then if _went_with(one, item)]
        item.along = tasks  # type: ignore[attr-defined]


def _went_with(line: Any, item: HandoverItem) -> bool:
    """Whether this line of a task's history is from when the family was taken."""
    of_it = line.household_id == item.file.household_id and line.assignee_id == item.receiver_id
    return bool(of_it and item.decided_at and abs(line.history_date - item.decided_at) <= MOMENT)


def tasks_of(giver_id: UUID, household_ids: Sequence[UUID]) -> tuple[int, int]:
    """Open tasks of somebody's about their families, and about others: these are handed over one by one."""
    going = sum(tasks_by_family(giver_id, household_ids).values())
    rows = Task.objects.filter(assignee=giver_id, state=TaskState.OPEN)
    return going, rows.exclude(household__in=household_ids).count()


def helping_of(giver_id: UUID, household_ids: Sequence[UUID]) -> int:
    """How many open referrals and applications of somebody's go along with their families."""
    theirs = {"worker": giver_id, "household__in": household_ids}
    matters = Matter.objects.filter(RUNNING, **theirs).count()
    return matters + Referral.objects.filter(state__in=OPEN, **theirs).count()


def waiting_files(file_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these files wait for somebody to take them."""
    rows = HandoverItem.objects.filter(file__in=file_ids, state=ItemState.WAITING)
    return set(rows.values_list("file_id", flat=True))


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Somebody who is not posted at the station any more and in whose name files still stand."""

    staff_id: UUID
    name: str
    count: int


def left_behind(station_ids: Sequence[UUID], day: date) -> list[LeftBehind]:
    """Files in the names of people who have gone: the head answers for them until they are taken."""
    posted = Posting.objects.on(day).filter(staff=OuterRef("staff"), unit=OuterRef("station"))
    rows = FileWorker.objects.filter(
        station__in=station_ids, ends_on__isnull=True, file__state=FileState.OPEN, starts_on__lte=day
    )
    told = rows.exclude(Exists(posted)).values("staff_id", "staff__name").annotate(n=Count("file", distinct=True))
    return [
        LeftBehind(row["staff_id"], row["staff__name"], row["n"]) for row in told.order_by("staff__name", "staff_id")
    ]


def handover_lines(handovers: QuerySet[Handover]) -> list[Handover]:
    """Handovers with how many families wait, were taken and came back, the open ones first."""
    counted = {
        name: Count("items", filter=Q(items__state=state), distinct=True)
        for name, state in (("waiting", "waiting"), ("taken", "taken"), ("declined", "declined"))
    }
    rows = handovers.select_related("giver", "station", "entered_by").annotate(**counted)
    return list(rows.order_by(F("closed_at").desc(nulls_first=True), "-entered_at")[:HANDOVERS])


@dataclass(frozen=True, slots=True)
class HandoverNotice:
    """What the first page says of handing over: for me to confirm; for the head what waits and what was left."""

    mine: int = 0
    waiting: int = 0
    declined: int = 0
    left: int = 0


def handover_notice(user: Any, day: date) -> HandoverNotice | None:
    """None where there is nothing to say. Four queries at most; one for a worker."""
    viewer = viewer_of(user)
    mine = 0
    if user.staff_id and viewer.may(Permission.EDIT_FAMILIES):
        mine = HandoverItem.objects.filter(receiver=user.staff_id, state=ItemState.WAITING).count()
    heads = viewer.station_ids(Permission.HAND_OVER) if viewer.may(Permission.HAND_OVER) else []
    if not heads:
        return HandoverNotice(mine) if mine else None
    waiting = HandoverItem.objects.filter(station__in=heads, state=ItemState.WAITING)
    back = HandoverItem.objects.filter(station__in=heads, state=ItemState.DECLINED, file__state=FileState.OPEN)
    still = back.filter(
        Exists(
            FileWorker.objects.filter(file=OuterRef("file"), staff=OuterRef("handover__giver"), ends_on__isnull=True)
        )
    ).exclude(Exists(HandoverItem.objects.filter(file=OuterRef("file"), state=ItemState.WAITING)))
    told = HandoverNotice(
        mine, waiting.exclude(receiver=user.staff_id).count(), still.values("file").distinct().count(),
        sum(one.count for one in left_behind(heads, day)),
    )  # fmt: skip
    return told if any((told.mine, told.waiting, told.declined, told.left)) else None


# FORGETTING ----------------------------------------------------------------


def retention_rules() -> list[RetentionRule]:
    """The years that closed files are kept, the newest rule first; none where the city set none."""
    return list(RetentionRule.objects.order_by("-starts_on"))


def years_on(day: date) -> int | None:
    rule = RetentionRule.objects.on(day).order_by("-starts_on").first()
    return rule.years if rule else None


def before_years(day: date, years: int) -> date:
    """The day so many years before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A family whose last file closed long ago, and its people who are nowhere else served."""

    household: Household
    number: str
    closed_on: date
    people: list[Person]


def retention_list(households: QuerySet[Household], day: date, years: int) -> list[Proposed]:
    """Families whose files were all closed at least so many years ago: proposed, and decided by people."""
    last = before_years(day, years)
    files = FamilyFile.objects.filter(household=OuterRef("pk"))
    old = files.filter(state=FileState.CLOSED, closed_on__lte=last)
    newer = files.filter(Q(state=FileState.OPEN) | Q(closed_on__gt=last))
    found = households.filter(Exists(old)).exclude(Exists(newer)).select_related("village")
    rows = list(found.defer("phone", "address").order_by("village__name", "head_name", "id")[:PROPOSED])
    keys = [home.pk for home in rows]
    numbers: dict[UUID, Any] = {}
    for home, closed_on, number in FamilyFile.objects.filter(household__in=keys).values_list(
        "household_id", "closed_on", "number"
    ):
        numbers[home] = max(numbers.get(home, (closed_on, number)), (closed_on, number))
    elsewhere = Membership.objects.filter(person=OuterRef("person"), household__files__state=FileState.OPEN)
    waiting = Erasure.objects.filter(person=OuterRef("person"), state=ErasureState.ASKED)
    theirs = Membership.objects.filter(household__in=keys, person__forgotten=False).exclude(
        Exists(elsewhere) | Exists(waiting)
    )
    people: dict[UUID, dict[UUID, Person]] = {}
    for row in theirs.select_related("person").defer("person__id_no", "person__phone").order_by("relation", "id"):
        people.setdefault(row.household_id, {})[row.person_id] = row.person
    return [
        Proposed(home, numbers[home.pk][1], numbers[home.pk][0], list(people[home.pk].values()))
        for home in rows
        if home.pk in people
    ]


# What is encrypted of whoever is to be forgotten: nobody asked for it on these pages.
SEALED_OF_SUBJECT = (
    "person__id_no", "person__phone", "volunteer__id_no", "volunteer__phone", "volunteer__guardian", "volunteer__note",
)  # fmt: skip


def erasure_lines(erasures: QuerySet[Erasure]) -> list[Erasure]:
    """Erasures, those that wait first."""
    rows = erasures.select_related("person", "volunteer", "station", "entered_by")
    rows = rows.defer(*SEALED_OF_SUBJECT)
    return list(rows.order_by(F("decided_at").desc(nulls_first=True), "-entered_at")[:HANDOVERS])


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """Pages of this room for the set-up hub: (url name, label, one line, permission)."""
    return [
        ("retention-rule", "保存年限", "结档后保存几年，到期列出名单由人决定", Permission.MANAGE_CODES),
        ("erasure-list", "依法抹去", "各站申请抹去个人资料，由民政局决定", Permission.DECIDE_ERASURE),
    ]


# HINTS ---------------------------------------------------------------------


def family_known(here: Sequence[Membership], tags: Sequence[Tag], day: date) -> list[hints.Known]:
    """What hints ask of a family's people, from rows that the page has; of disabilities one query."""
    keys = [row.person_id for row in here]
    found: dict[UUID, list[tuple[str, str]]] = {}
    rows = Disability.objects.filter(STANDING, person__in=keys).exclude(ended_on__lt=day).exclude(expires_on__lt=day)
    for person, kind, grade in rows.values_list("person_id", "kind", "grade"):
        found.setdefault(person, []).append((kind, grade))
    carried: dict[UUID, set[str]] = {}
    for tag in tags:
        if tag.person_id and tag.holds_on(day):
            carried.setdefault(tag.person_id, set()).add(tag.category.code)
    return [
        hints.Known(
            row.person_id, row.person.name, row.person.birth_date, row.person.died_on is None,
            frozenset(carried.get(row.person_id, ())), tuple(found.get(row.person_id, ())), row.relation,
        )
        for row in here
    ]  # fmt: skip
