"""A visit: a detail on the spine, sharing its key. And what was typed of one and not saved yet."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.history import LeanHistory
from shuangbai.core.ids import random_id
from shuangbai.households.models import Household
from shuangbai.network.models import OrgUnit, User
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import FOLLOWUPS, MODES, PURPOSES, RESULTS, Followup, Purpose


class Visit(models.Model):
    """One visit to one household on one day. Whom it met are the record's contacts."""

    PERSONAL: ClassVar = frozenset({"narrative", "observation", "needs", "topics", "record"})

    record = models.OneToOneField(ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="visit")
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    mode = models.CharField("方式", max_length=12)
    result = models.CharField("结果", max_length=12)
    purpose = models.CharField("类型", max_length=12, default=Purpose.ORDINARY)
    started_at = models.TimeField("开始时间", null=True, blank=True)
    ended_at = models.TimeField("结束时间", null=True, blank=True)
    topics = models.JSONField("谈及", default=list)
    narrative = models.TextField("谈了什么、看到什么", blank=True)
    observation = models.TextField("社工观察", blank=True)
    needs = models.JSONField("需求", default=list)
    followup = models.CharField("跟进", max_length=12, default=Followup.NONE)
    next_on = models.DateField("下次日期", null=True, blank=True)
    history = LeanHistory()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(started_at__isnull=True)
                | Q(ended_at__isnull=True)
                | Q(ended_at__gte=models.F("started_at")),
                name="visit_times_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.mode} {self.result}"

    # As Django names the label of a code; here it is the city's on the day of the record.
    def get_mode_display(self) -> str:
        return label_of(MODES, self.mode, self.record.occurred_on)

    def get_result_display(self) -> str:
        return label_of(RESULTS, self.result, self.record.occurred_on)

    def get_purpose_display(self) -> str:
        return label_of(PURPOSES, self.purpose, self.record.occurred_on)

    def get_followup_display(self) -> str:
        return label_of(FOLLOWUPS, self.followup, self.record.occurred_on)


class VisitDraft(models.Model):
    """What somebody typed of a visit and has not saved: theirs alone, no record, without history (docs/adr/0042).

    `typed` is the form's fields as they were sent, as JSON: name, and list of values.
    """

    PERSONAL: ClassVar = frozenset({"typed", "household"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", editable=False)
    typed = EncryptedTextField("填了的内容", purpose="visit_draft.typed")
    updated_at = models.DateTimeField("存下时间", default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "entered_by", "household"], name="visit_draft_once")]

    def __str__(self) -> str:
        return f"{self.household} {self.updated_at:%Y-%m-%d}"


class GridDraft(models.Model):
    """What somebody typed on a page of many visits and has not saved, as VisitDraft; one a page.

    `page` is "evening", or the key of a list of calls. Which families it is about stands in `typed` alone.
    """

    PERSONAL: ClassVar = frozenset({"typed"})
    EVENING: ClassVar = "evening"

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    page = models.CharField(max_length=36, editable=False)
    typed = EncryptedTextField("填了的内容", purpose="grid_draft.typed")
    updated_at = models.DateTimeField("存下时间", default=clock.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "entered_by", "page"], name="grid_draft_once")]

    def __str__(self) -> str:
        return f"{self.page} {self.updated_at:%Y-%m-%d}"
