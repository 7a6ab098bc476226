"""The spine: one row for every countable thing, and whom it reached."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core.history import LeanHistory
from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.households.known import Joined, SameHousehold, SamePerson
from shuangbai.households.models import Household, Person, Standing
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.services.enums import ContactKind, CountMethod, HeadGroup, RecordKind


class Noted(Joined):
    """A join to the standings that were noted for a row (households.Standing): many rows."""

    to = Standing


class Known(Joined):
    """A join to the entry that stands for a person who is known twice (households.SamePerson): a row or none."""

    to = SamePerson


class KnownFamily(Joined):
    """A join to the entry that stands for a family that is known twice (households.SameHousehold): a row or none."""

    to = SameHousehold


class Campaign(Dated):
    """Work of many stations under one name for some days: a publicity week, a cold wave."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=60)
    owner = models.ForeignKey(OrgUnit, verbose_name="发起单位", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [*Dated.Meta.constraints]

    def __str__(self) -> str:
        return self.name


class ServiceRecord(Entered):
    """Something done on a day by a station that counts. What it was is in the detail that shares its key.

    `reached` says whether it reached anybody. `counted_key` is alike for records that count once
    (domain 6.1: same household, day, mode and station). `client_id` is made where the record was typed,
    so that sending it twice changes nothing. Never deleted: voided, with a reason.
    """

    PERSONAL: ClassVar = frozenset({"household", "void_reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    kind = models.CharField(max_length=20, choices=RecordKind, editable=False)
    occurred_on = models.DateField("日期")
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField("地点", max_length=60, blank=True)
    campaign = models.ForeignKey(
        Campaign, verbose_name="专项", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    household = models.ForeignKey(
        Household, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    reached = models.BooleanField("有效", editable=False)
    counted_key = models.UUIDField(editable=False)
    client_id = models.UUIDField(editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True, editable=False)
    standings = Noted(from_fields=["id", "household"], to_fields=["occasion", "household"])
    same = KnownFamily(from_fields=["household"], to_fields=["household"])
    history = LeanHistory(excluded_fields=["standings", "same"])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="record_sent_once"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="record_voided_by_somebody_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["station", "kind", "occurred_on", "id"], name="record_list", condition=Q(voided_at__isnull=True)
            ),
            models.Index(
                fields=["kind", "occurred_on", "id"], name="record_city_list", condition=Q(voided_at__isnull=True)
            ),
            models.Index(fields=["household", "occurred_on", "id"], name="record_household"),
            models.Index(fields=["station", "counted_key"], name="record_counted"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_on}"


class RecordWorker(models.Model):
    """A worker who did it. One or more a record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="workers")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="records")
    position = models.PositiveSmallIntegerField()
    history = LeanHistory(by="record")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "record", "staff"], name="record_worker_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.staff_id}"


class Contact(models.Model):
    """Whom a record reached: a person, a household, or an anonymous head count with how it was counted."""

    PERSONAL: ClassVar = frozenset({"person", "household"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=ContactKind)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="contacts")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    heads = models.PositiveIntegerField(default=0)
    group = models.CharField(max_length=10, choices=HeadGroup, blank=True)
    method = models.CharField("计数方式", max_length=10, choices=CountMethod, blank=True)
    standings = Noted(from_fields=["record", "person"], to_fields=["occasion", "person"])
    same = Known(from_fields=["person"], to_fields=["person"])
    history = LeanHistory(by="record", excluded_fields=["standings", "same"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, heads=0)
                | Q(kind="household", person__isnull=True, household__isnull=False, heads=0)
                | (
                    Q(kind="heads", person__isnull=True, household__isnull=True, heads__gt=0)
                    & ~Q(group="")
                    & ~Q(method="")
                ),
                name="contact_says_whom",
            ),
            models.UniqueConstraint(
                fields=["station", "record", "person"], condition=Q(kind="person"), name="contact_person_once"
            ),
            models.UniqueConstraint(
                fields=["station", "record", "group"], condition=Q(kind="heads"), name="contact_group_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.kind}"
