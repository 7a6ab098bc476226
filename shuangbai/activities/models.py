"""A community activity: a detail on the spine, sharing its key."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from shuangbai.activities.enums import KINDS
from shuangbai.codes.queries import label_of
from shuangbai.core.history import LeanHistory
from shuangbai.core.ids import new_id
from shuangbai.network.models import OrgUnit
from shuangbai.services.models import ServiceRecord


class Series(models.Model):
    """A series of activities under one title. Each of its events is an activity (场)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    name = models.CharField("系列名称", max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "name"], name="series_name_once")]

    def __str__(self) -> str:
        return self.name


class Activity(models.Model):
    """One event. Named participants and head counts are the record's contacts and do not overlap."""

    PERSONAL: ClassVar = frozenset({"summary"})  # it may name people

    record = models.OneToOneField(ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="activity")
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    title = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=16)
    series = models.ForeignKey(Series, verbose_name="系列", on_delete=models.PROTECT, null=True, related_name="events")
    partners = models.CharField("合作单位", max_length=120, blank=True)
    volunteers = models.PositiveIntegerField("志愿者人数", default=0)
    volunteer_hours = models.DecimalField("志愿服务小时", max_digits=7, decimal_places=1, default=0)
    leaflets = models.PositiveIntegerField("宣传资料份数", default=0)
    summary = models.TextField("小结", blank=True)
    history = LeanHistory()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(volunteer_hours__gte=0), name="activity_hours_not_negative"),
            models.CheckConstraint(
                condition=Q(volunteer_hours=0) | Q(volunteers__gt=0), name="activity_hours_need_volunteers"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """What the city called the kind on the day of the activity."""
        return label_of(KINDS, self.kind, self.record.occurred_on)


class HeldWith(models.Model):
    """A station that held an activity together with the one whose record it is: counted there, shown here too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="held_with")
    partner = models.ForeignKey(OrgUnit, verbose_name="合办社工站", on_delete=models.PROTECT, related_name="+")
    history = LeanHistory(by="record")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "record", "partner"], name="held_with_once"),
            models.CheckConstraint(condition=~Q(partner=F("station")), name="held_with_another"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.partner_id}"
