"""Community projects: problems that anybody raises, the project, what is given and spent, and meetings on the spine.

Ids are random. Who gave, who raised a problem and how to reach them is encrypted, in the history too; on public pages
a name stands by consent alone (docs/adr/0065).
"""

from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.projects.enums import (
    MEETINGS,
    Actor,
    Answer,
    CountedHow,
    Giver,
    LineKind,
    Origin,
    ProjectState,
    Raiser,
)
from shuangbai.resources.enums import ValuedBy
from shuangbai.services.models import ServiceRecord


def _station() -> models.ForeignKey:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


def _money(label: str) -> models.DecimalField:
    return models.DecimalField(label, max_digits=11, decimal_places=2, null=True, blank=True)


def _number(side: str) -> Q:
    """The condition that what a line adds, money or a quantity, is on one side of nothing; NULL is not an answer."""
    amount = Q(**{"amount__isnull": False, f"amount__{side}": 0})
    return amount | Q(**{"quantity__isnull": False, f"quantity__{side}": 0})


class Project(Entered):
    """One community project (社区项目): from a problem to what stands there afterwards, and who looks after it.

    `token` is the address of the public ledger, `public` whether it is answered.
    """

    PERSONAL: ClassVar = frozenset({
        "problem", "aim", "outcome", "handed_to", "agreement", "counted_note", "stop_reason",
    })  # fmt: skip

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    title = models.CharField("项目名称", max_length=60)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField("地点", max_length=80, blank=True)
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    begun_on = models.DateField("开始日期")
    origin = models.CharField("缘起", max_length=10, choices=Origin, default=Origin.VILLAGERS)
    problem = models.TextField("问题", blank=True)
    aim = models.TextField("目标", blank=True)
    state = models.CharField("状态", max_length=8, choices=ProjectState, default=ProjectState.SURVEY, editable=False)
    ended_on = models.DateField("完成或中止日期", null=True, editable=False)
    stop_reason = models.CharField("中止原因", max_length=200, blank=True, editable=False)
    outcome = models.TextField("成效", blank=True)
    handed_on = models.DateField("移交日期", null=True, blank=True)
    handed_to = models.CharField("移交给", max_length=80, blank=True)
    agreement = models.TextField("移交时怎样约定", blank=True)
    families = models.PositiveIntegerField("受益户数", null=True, blank=True)
    people = models.PositiveIntegerField("受益人数", null=True, blank=True)
    counted_how = models.CharField("怎样数的", max_length=10, choices=CountedHow, blank=True)
    counted_note = models.CharField("数的说明", max_length=200, blank=True)
    token = models.CharField(max_length=16, unique=True, editable=False)
    public = models.BooleanField("公开账目", default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="project_sent_once"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(token=""), name="project_has_title_and_token"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "stopped"], ended_on__isnull=False)
                | ~Q(state__in=["done", "stopped"]) & Q(ended_on__isnull=True),
                name="project_ends_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="stopped") & ~Q(stop_reason="") | ~Q(state="stopped") & Q(stop_reason=""),
                name="project_stopped_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("begun_on")), name="project_dates_in_order"
            ),
            models.CheckConstraint(
                condition=Q(families__isnull=True, people__isnull=True) | ~Q(counted_how=""),
                name="project_says_how_it_counted",
            ),
        ]
        indexes = [models.Index(fields=["station", "state", "begun_on"], name="project_list")]

    def __str__(self) -> str:
        return self.title


class ProjectMove(Entered):
    """That a project came from one state to another: by whom is `entered_by`. Nothing here is altered."""

    PERSONAL: ClassVar = frozenset({"reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="moves", editable=False)
    was = models.CharField(max_length=8, choices=ProjectState, editable=False)
    became = models.CharField(max_length=8, choices=ProjectState, editable=False)
    moved_on = models.DateField("日期", editable=False)
    reason = models.CharField("原因", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(was=F("became")), name="project_move_changes_state")]

    def __str__(self) -> str:
        return f"{self.was} {self.became}"


class Stakeholder(Dated, Entered):
    """Who takes part in a project, in what role, from when until when."""

    PERSONAL: ClassVar = frozenset({"name", "does"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="stakeholders", editable=False)
    role = models.CharField("身份", max_length=10, choices=Actor)
    name = EncryptedTextField("谁", purpose="stakeholder.name")
    does = EncryptedTextField("做什么", purpose="stakeholder.does", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [*Dated.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.project_id} {self.role}"


class Milestone(Entered):
    """Something a project means to reach: by when, and when it was. Dropped with a reason, never deleted."""

    PERSONAL: ClassVar = frozenset({"note", "dropped"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones", editable=False)
    title = models.CharField("做什么", max_length=60)
    planned_on = models.DateField("计划日期", null=True, blank=True)
    done_on = models.DateField("完成日期", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    dropped = models.CharField("不做了的原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="milestone_has_title"),
            models.CheckConstraint(
                condition=Q(dropped="") | Q(done_on__isnull=True), name="milestone_is_done_or_dropped"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LedgerLine(Entered):
    """A line of a project's ledger: what was given, or spent; or, with `reverses`, that a line was taken back.

    Written once: amounts do not change. A line that was wrong or taken back is reversed by one of its own, with its
    own day and a reason, so that the sums of a period stay what they were. `amount` is money; of goods and of days of
    work there is a `quantity`, and what they are worth if somebody said so, and how.
    """

    PERSONAL: ClassVar = frozenset({"name", "what", "reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lines", editable=False)
    number = models.PositiveIntegerField("编号", editable=False)
    kind = models.CharField("种类", max_length=6, choices=LineKind, editable=False)
    occurred_on = models.DateField("日期")
    giver = models.CharField("谁给的", max_length=6, choices=Giver, blank=True)
    name = EncryptedTextField("姓名或单位", purpose="ledger_line.name", blank=True)
    named = models.BooleanField("同意公开姓名", default=False)
    what = models.CharField("什么", max_length=80, blank=True)
    amount = _money("金额")
    quantity = models.DecimalField("数量", max_digits=9, decimal_places=1, null=True, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    value = _money("折合")
    valued_by = models.CharField("怎样估的", max_length=8, choices=ValuedBy, blank=True)
    receipt = models.CharField("票据号", max_length=40, blank=True)
    thanked_on = models.DateField("致谢日期", null=True, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    reason = models.CharField("冲回原因", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="ledger_line_sent_once"),
            models.UniqueConstraint(fields=["station", "project", "number"], name="ledger_line_number_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["cash", "spent"], amount__isnull=False, quantity__isnull=True, value__isnull=True)
                | Q(kind__in=["goods", "days"], amount__isnull=True, quantity__isnull=False),
                name="ledger_line_is_money_or_a_quantity",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True, reason="") & _number("gt")
                | Q(reverses__isnull=False) & ~Q(reason="") & _number("lt"),
                name="ledger_line_is_taken_back_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, valued_by="") | Q(value__isnull=False) & ~Q(valued_by=""),
                name="ledger_line_says_how_it_was_valued",
            ),
            models.CheckConstraint(
                condition=Q(kind="spent", giver="", named=False) & ~Q(what="") | ~Q(kind="spent") & ~Q(giver=""),
                name="ledger_line_says_who_gave_or_what_for",
            ),
        ]
        indexes = [models.Index(fields=["station", "occurred_on"], name="ledger_line_days")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.number}"

    @property
    def worth(self) -> Decimal | None:
        """Its money, or what it is worth."""
        return self.amount if self.amount is not None else self.value


class Meeting(models.Model):
    """A meeting about what concerns a village, whether or not of a project: a detail that shares the record's key."""

    PERSONAL: ClassVar = frozenset({"title", "decisions"})

    record = models.OneToOneField(ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="meeting")
    station = _station()
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="meetings")
    kind = models.CharField("会议类型", max_length=16)
    title = models.CharField("议题", max_length=80)
    decisions = models.TextField("议定的事", blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="meeting_has_title")]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """What the city called the kind on the day of the meeting."""
        return label_of(MEETINGS, self.kind, self.record.occurred_on)


class ProblemBox(models.Model):
    """The page on which villagers of a station's villages say what is wrong: its address, and whether it is open."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.OneToOneField(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False)
    token = models.CharField(max_length=16, unique=True, editable=False)
    opened = models.BooleanField("开放", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(token=""), name="problem_box_has_token")]

    def __str__(self) -> str:
        return f"{self.station_id}"


class Problem(models.Model):
    """A public problem: said by a worker, or by a villager on the station's page; and what the station answered.

    `token` is the address at which whoever said it reads the answer. A villager has no account: `entered_by` is empty.
    """

    PERSONAL: ClassVar = frozenset({"what", "place", "name", "phone", "answer"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    raiser = models.CharField("来源", max_length=8, choices=Raiser, editable=False)
    raised_on = models.DateField("日期", editable=False)
    what = models.TextField("什么问题")
    place = models.CharField("在哪里", max_length=80, blank=True)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    name = EncryptedTextField("怎样称呼", purpose="problem.name", blank=True)
    phone = EncryptedTextField("电话", purpose="problem.phone", blank=True)
    token = models.CharField(max_length=16, unique=True, editable=False)
    state = models.CharField("答复", max_length=8, choices=Answer, default=Answer.WAITING, editable=False)
    answer = models.TextField("答复的话", blank=True)
    answered_on = models.DateField("答复日期", null=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="problems")
    entered_at = models.DateTimeField("录入时间", default=clock.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="problem_sent_once"),
            models.CheckConstraint(condition=~Q(what="") & ~Q(token=""), name="problem_says_something"),
            models.CheckConstraint(
                condition=Q(raiser="villager", entered_by__isnull=True) | Q(raiser="station", entered_by__isnull=False),
                name="problem_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", answer="", answered_on__isnull=True, project__isnull=True)
                | ~Q(state="waiting") & ~Q(answer="") & Q(answered_on__isnull=False),
                name="problem_is_answered_in_words",
            ),
            models.CheckConstraint(
                condition=Q(state="project", project__isnull=False) | ~Q(state="project") & Q(project__isnull=True),
                name="problem_is_put_to_a_project",
            ),
        ]
        indexes = [models.Index(fields=["station", "state", "raised_on"], name="problem_list")]

    def __str__(self) -> str:
        return f"{self.raiser} {self.raised_on}"
