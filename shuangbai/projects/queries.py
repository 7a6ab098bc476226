"""Reading projects: the station's list, a ledger and its sums, meetings, problems and the page that takes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from shuangbai.core import telephones
from shuangbai.network.models import Area, OrgUnit
from shuangbai.network.queries import villages_covered
from shuangbai.pictures.queries import sent_bytes
from shuangbai.projects.enums import GIVEN, Answer, Giver, LineKind, ProjectState, Raiser
from shuangbai.projects.models import (
    LedgerLine,
    Meeting,
    Milestone,
    Problem,
    ProblemBox,
    Project,
    ProjectMove,
    Stakeholder,
)
from shuangbai.projects.rules import OPEN, Sums
from shuangbai.services.enums import ContactKind
from shuangbai.services.models import Contact

BEFORE, AFTER = "projects-before", "projects-after"  # pictures of a project, by what they show
PROBLEMS = "problems"  # pictures of a problem

# THE LEDGER ----------------------------------------------------------------


def lines_of(project: Project) -> QuerySet[LedgerLine]:
    """The whole ledger by day and number, reversals among it."""
    rows = LedgerLine.objects.filter(project=project).select_related("reverses", "reversed_by", "entered_by")
    return rows.order_by("occurred_on", "number")


def sums_of(project: Project) -> Sums:
    """What a ledger adds up to, reversals taken off: one query."""
    rows = LedgerLine.objects.filter(project=project)
    told = rows.aggregate(
        cash=Sum("amount", filter=Q(kind=LineKind.CASH)), spent=Sum("amount", filter=Q(kind=LineKind.SPENT)),
        goods_worth=Sum("value", filter=Q(kind=LineKind.GOODS)), days=Sum("quantity", filter=Q(kind=LineKind.DAYS)),
        days_worth=Sum("value", filter=Q(kind=LineKind.DAYS)),
    )  # fmt: skip
    return Sums(**{name: number or Decimal(0) for name, number in told.items()})


def next_number(project: Project) -> int:
    return (LedgerLine.objects.filter(project=project).aggregate(last=Max("number"))["last"] or 0) + 1


def public_name(line: LedgerLine) -> str:
    """Who gave, as anybody may read it: by name only with consent."""
    if line.named and line.name:
        return str(line.name)
    return _("热心村民") if line.giver == Giver.PERSON else _("爱心单位")


@dataclass(frozen=True, slots=True)
class Given:
    """A line of the ledger with what it says of its kind, for a page or for the notice board."""

    line: LedgerLine
    name: str
    balance: Decimal | None

    @property
    def back(self) -> bool:
        """Whether it takes another line back, or was taken back."""
        return self.line.reverses_id is not None or hasattr(self.line, "reversed_by")

    @property
    def wrong(self) -> LedgerLine | None:
        """The line that it takes back."""
        return self.line.reverses


def ledger(lines: Iterable[LedgerLine], *, named: Any) -> list[Given]:
    """The lines with who gave as `named` says, and what is left in cash after each that is money."""
    found, balance = [], Decimal(0)
    for line in lines:
        if line.kind == LineKind.CASH:
            balance += line.amount or 0
        elif line.kind == LineKind.SPENT:
            balance -= line.amount or 0
        money = line.kind in (LineKind.CASH, LineKind.SPENT)
        found.append(Given(line, named(line) if line.kind in GIVEN else "", balance if money else None))
    return found


def by_kind(given: Iterable[Given]) -> list[tuple[LineKind, list[Given]]]:
    """The lines under their kind, kinds without any left out."""
    rows = list(given)
    parts = [(kind, [one for one in rows if one.line.kind == kind]) for kind in LineKind]
    return [(kind, some) for kind, some in parts if some]


# PROJECTS ------------------------------------------------------------------


def first_and_last(project: Project) -> tuple[date | None, date | None]:
    """The days of the earliest and the latest thing that was noted of a project: three queries."""
    found: list[date] = []
    for rows, day in (
        (LedgerLine.objects.filter(project=project), "occurred_on"),
        (meetings_of(project), "record__occurred_on"),
        (ProjectMove.objects.filter(project=project), "moved_on"),
    ):
        told = rows.order_by().aggregate(first=Min(day), last=Max(day))
        found += [one for one in told.values() if one]
    return min(found, default=None), max(found, default=None)


def last_noted(project: Project) -> date | None:
    """The day of the latest line or meeting; steps are not asked about."""
    line = LedgerLine.objects.filter(project=project).aggregate(last=Max("occurred_on"))["last"]
    meeting = meetings_of(project).order_by().aggregate(last=Max("record__occurred_on"))["last"]
    return max((one for one in (line, meeting) if one), default=None)


def meetings_of(project: Project) -> QuerySet[Meeting]:
    """The standing meetings of a project, with how many came, by day."""
    rows = Meeting.objects.filter(project=project, record__voided_at__isnull=True)
    return with_people(rows).select_related("record").order_by("record__occurred_on", "record_id")


def with_people(rows: QuerySet[Meeting]) -> QuerySet[Meeting]:
    came = Contact.objects.filter(record=OuterRef("pk"), kind=ContactKind.HEADS).order_by()
    told = Subquery(came.values("record").annotate(n=Sum("heads")).values("n"))
    return rows.annotate(people=Coalesce(told, 0, output_field=IntegerField()))


def same_meeting(station_id: UUID, day: date, title: str, but: UUID | None) -> bool:
    rows = Meeting.objects.filter(
        record__station=station_id, record__occurred_on=day, title=title, record__voided_at__isnull=True
    )
    return rows.exclude(pk=but).exists()


def milestones_of(project: Project) -> list[Milestone]:
    """Those that are done by their day, then those planned by theirs, then those that are dropped."""
    rows = list(Milestone.objects.filter(project=project).order_by("entered_at", "id"))
    return sorted(rows, key=lambda one: (bool(one.dropped), one.done_on or one.planned_on or date.max))


def stakeholders_of(project: Project) -> QuerySet[Stakeholder]:
    return Stakeholder.objects.filter(project=project).order_by("starts_on", "entered_at", "id")


def moves_of(project: Project) -> QuerySet[ProjectMove]:
    return ProjectMove.objects.filter(project=project).select_related("entered_by").order_by("entered_at", "id")


def listed(projects: QuerySet[Project], *, state: str = "", words: str = "") -> QuerySet[Project]:
    """Projects with their numbers, those that are not over first: one query, however many."""
    if state in ProjectState.values:
        projects = projects.filter(state=state)
    if words:
        projects = projects.filter(title__contains=words)

    def one(rows: QuerySet[Any], what: Any) -> Any:
        return Subquery(rows.order_by().values("project").annotate(n=what).values("n"))

    given = LedgerLine.objects.filter(project=OuterRef("pk"), kind=LineKind.CASH)
    met = Meeting.objects.filter(project=OuterRef("pk"), record__voided_at__isnull=True)
    over = ~Exists(Project.objects.filter(pk=OuterRef("pk"), state__in=OPEN))
    return projects.select_related("station", "worker", "village").annotate(
        over=over, cash=one(given, Sum("amount")), meeting_count=Coalesce(one(met, Count("pk")), 0)
    ).order_by("over", "-begun_on", "id")  # fmt: skip


def open_projects(station: OrgUnit, *, besides: UUID | None = None) -> list[Project]:
    """The station's projects that are under way, and one that was chosen before."""
    rows = Project.objects.filter(Q(state__in=OPEN) | Q(pk=besides), station=station)
    return list(rows.order_by("-begun_on", "id"))


def public_project(token: str) -> Project | None:
    """The project whose ledger stands at this address; None where it is switched off or there is none."""
    rows = Project.objects.filter(token=token, public=True).select_related("station", "village")
    return rows.first()


# PROBLEMS ------------------------------------------------------------------


def box_at(token: str) -> ProblemBox | None:
    """The open page of a station with this address."""
    return ProblemBox.objects.filter(token=token, opened=True).select_related("station").first()


def box_of(station: OrgUnit) -> ProblemBox | None:
    return ProblemBox.objects.filter(station=station).first()


def problem_at(token: str) -> Problem | None:
    return Problem.objects.filter(token=token).select_related("station", "village", "project").first()


def sent_on(station_id: UUID, day: date) -> int:
    """How many problems villagers sent to a station on a day."""
    return Problem.objects.filter(station=station_id, raiser=Raiser.VILLAGER, raised_on=day).count()


def bytes_sent_on(station_id: UUID, day: date) -> int:
    """How much the pictures weigh that came with them."""
    rows = Problem.objects.filter(station=station_id, raiser=Raiser.VILLAGER, raised_on=day)
    return sent_bytes(PROBLEMS, rows.values("pk"))


def waiting_at(station_id: UUID) -> int:
    """How many of those that villagers sent still wait for an answer."""
    return Problem.objects.filter(station=station_id, raiser=Raiser.VILLAGER, state=Answer.WAITING).count()


def listed_problems(problems: QuerySet[Problem], *, state: str = "") -> QuerySet[Problem]:
    """Those that wait first, then the latest."""
    if state in Answer.values:
        problems = problems.filter(state=state)
    waiting = Exists(Problem.objects.filter(pk=OuterRef("pk"), state=Answer.WAITING))
    rows = problems.select_related("station", "village", "project").defer("phone")
    return rows.annotate(waits=waiting).order_by("-waits", "-raised_on", "-entered_at", "id")


def masked_phone(problem: Problem) -> str:
    return telephones.masked(problem.phone)


def village_rows(station: OrgUnit, day: date) -> list[Area]:
    return list(villages_covered(station.pk, day).order_by("name", "id"))
