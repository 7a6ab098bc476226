"""Follow-up tasks (跟进事项): what somebody asks to be done about a family. When a family is due is never kept."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.core.ids import new_id
from shuangbai.core.models import Entered
from shuangbai.followups.enums import Origin, TaskState
from shuangbai.households.models import Household, Person
from shuangbai.network.models import OrgUnit, Staff


class Task(Entered):
    """Something to be done about a family by a day. `station` serves the family and never changes.

    With `by_visit` the first visit since `asked_on` that meets somebody answers it: that is computed, so that a
    voided visit opens it again. Any task can be closed by hand, with what came of it.
    """

    PERSONAL: ClassVar = frozenset({"household", "person", "subject", "answer"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, verbose_name="家庭", on_delete=models.PROTECT, related_name="tasks")
    person = models.ForeignKey(
        Person, verbose_name="关于谁", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    subject = models.CharField("事项", max_length=200)
    origin = models.CharField("谁提的", max_length=12, choices=Origin)
    asked_on = models.DateField("提出日期", editable=False)
    due_on = models.DateField("办理期限")
    by_visit = models.BooleanField("去过就算办了", default=True)
    assignee = models.ForeignKey(
        Staff, verbose_name="谁来办", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    state = models.CharField("状态", max_length=10, choices=TaskState, default=TaskState.OPEN)
    answer = models.CharField("结果", max_length=200, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    # Set by `queries.with_answer`: the record that answers a task, and its day.
    record_id: Any
    met_on: Any

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(subject=""), name="task_has_subject"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("asked_on")), name="task_dates_in_order"),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True, closed_by__isnull=True, answer="")
                | (Q(state__in=["done", "dropped"], closed_on__isnull=False, closed_by__isnull=False) & ~Q(answer="")),
                name="task_closed_by_somebody_with_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "due_on"], name="task_station_open", condition=Q(state="open")),
            models.Index(fields=["assignee", "due_on"], name="task_assignee_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.due_on}"
