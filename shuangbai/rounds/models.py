"""Going out and calling up: lists of calls, the week's plan, and where nobody should go alone."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.households.models import Household
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.services.models import Campaign, ServiceRecord


class CallList(Entered):
    """Families to be called up, picked on a day by what they are: before a cold wave, for a feast.

    `criteria` says in codes how they were picked, so that the page of the result can tell it.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    name = models.CharField("名称", max_length=40)
    day = models.DateField("列出日期", editable=False)
    criteria = models.JSONField(default=dict, editable=False)
    campaign = models.ForeignKey(
        Campaign, verbose_name="专项", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="call_list_has_name")]
        indexes = [models.Index(fields=["station", "day"], name="call_list_station")]

    def __str__(self) -> str:
        return self.name


class CallListItem(models.Model):
    """A family on a list of calls. `met_on` is the last contact as it was when the list was made."""

    PERSONAL: ClassVar = frozenset({"household"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    call_list = models.ForeignKey(CallList, on_delete=models.CASCADE, related_name="items")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    met_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "call_list", "household"], name="call_list_family_once")
        ]

    def __str__(self) -> str:
        return f"{self.call_list_id} {self.household_id}"


class CallMade(models.Model):
    """A call of a list: the record of it. One or more a family, where nobody answered at first."""

    PERSONAL: ClassVar = frozenset({"item", "record"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    item = models.ForeignKey(CallListItem, on_delete=models.CASCADE, related_name="calls")
    record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "item", "record"], name="call_made_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.record_id}"


class SafetyFlag(Dated, Entered):
    """That nobody should go to a family alone, from a day to a day, and why. Staff alone read it."""

    PERSONAL: ClassVar = frozenset({"household", "reason", "end_reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=200)
    end_reason = models.CharField("解除理由", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "household"], condition=Q(ends_on__isnull=True), name="safety_flag_one_now"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="safety_flag_has_reason"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="") | (Q(ends_on__isnull=False) & ~Q(end_reason="")),
                name="safety_flag_ends_with_reason",
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.starts_on}"


class WeekPlan(Entered):
    """Whom a worker means to see in a week. `most` families a day is what the worker chose."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", editable=False)
    monday = models.DateField(editable=False)
    most = models.PositiveSmallIntegerField("每天最多几户")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "staff", "monday"], name="week_plan_once_a_week"),
            models.CheckConstraint(condition=Q(most__gte=1, most__lte=20), name="week_plan_most_in_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.monday}"


class PlanStop(models.Model):
    """A family in a week's plan: on a day, as the so-maniest; no day says that it was left out of this week."""

    PERSONAL: ClassVar = frozenset({"household"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    plan = models.ForeignKey(WeekPlan, on_delete=models.CASCADE, related_name="stops")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    companion = models.ForeignKey(
        Staff, verbose_name="同行", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "plan", "household"], name="plan_family_once"),
            models.CheckConstraint(condition=Q(position__gte=1), name="plan_stop_has_place"),
            models.CheckConstraint(
                condition=Q(day__isnull=False) | Q(companion__isnull=True), name="plan_stop_left_out_goes_alone"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.position}"
