"""Tables without a product noun: the installation itself, the trail of what was done, the text index."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id


class Installation(models.Model):
    """The one row that says which city this is. `clock_on` set: a demonstration whose clock stands.

    From `sponsor` to `address` it is what stands at the foot of pages; `emblem` is the name of a kept picture.
    """

    city_name = models.CharField("城市名称", max_length=40)
    bureau_name = models.CharField("主管部门", max_length=60)
    sponsor = models.CharField("主办单位", max_length=60, blank=True)
    record_no = models.CharField("备案号", max_length=60, blank=True)
    site_code = models.CharField("网站标识码", max_length=20, blank=True)
    police_no = models.CharField("公安备案号", max_length=60, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    emblem = models.CharField("标志", max_length=40, blank=True)
    version = models.PositiveIntegerField(default=1)
    clock_on = models.DateField(null=True, blank=True)
    key_id = models.CharField(max_length=20)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="installation_is_one")]

    def __str__(self) -> str:
        return self.city_name


class AuditEvent(models.Model):
    """Who did what to what, and when. No foreign keys: it outlives what it speaks of.

    Written by `audit.record` alone. `digest` covers all but `block` (core/digests.py); `personal` and `by_name`
    are covered by `commitment`, so that they can be forgotten: then `salt` is empty. `block` is the number of the
    sealed block, empty until the next sealing.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"by_name", "personal"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    by_id = models.UUIDField(null=True)
    by_name = models.CharField(max_length=60)
    station_id = models.UUIDField(null=True)
    about_type = models.CharField(max_length=40)
    about_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)
    personal = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    commitment = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    block = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(commitment="") & ~Q(digest=""), name="audit_event_is_digested")
        ]
        indexes = [
            models.Index(fields=["about_type", "about_id", "at"], name="audit_about"),
            models.Index(fields=["at", "id"], name="audit_at"),
            models.Index(fields=["by_id", "at", "id"], name="audit_by"),
            models.Index(fields=["kind", "at", "id"], name="audit_kind"),
            models.Index(fields=["station_id", "at", "id"], name="audit_station"),
            models.Index(fields=["id"], condition=Q(block__isnull=True), name="audit_unsealed"),
            models.Index(fields=["block", "id"], condition=Q(block__isnull=False), name="audit_block"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.about_type} {self.about_id}"


class AuditBlock(models.Model):
    """Entries of the trail sealed together (core/chain.py). `members`: their ids and digests, in the order of ids."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    number = models.PositiveIntegerField(primary_key=True)
    previous = models.CharField(max_length=64)
    first_id = models.UUIDField()
    last_id = models.UUIDField()
    count = models.PositiveIntegerField()
    members = models.BinaryField()
    hash = models.CharField(max_length=64, unique=True)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1, count__gte=1), name="audit_block_is_told")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"


class RunOutcome(models.TextChoices):
    """How the latest turn of a periodic job went."""

    WAITING = "waiting", "未运行过"
    RUNNING = "running", "运行中"
    DONE = "done", "成功"
    FAILED = "failed", "失败"


class PeriodicRun(models.Model):
    """One periodic job's turn: when the next is due, and how the latest went. By the machine's clock."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    name = models.CharField(max_length=40, unique=True)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=RunOutcome, default=RunOutcome.WAITING)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="waiting", started_at__isnull=True, ended_at__isnull=True)
                | Q(outcome="running", started_at__isnull=False, ended_at__isnull=True)
                | Q(outcome__in=["done", "failed"], started_at__isnull=False, ended_at__isnull=False),
                name="periodic_run_is_told",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.outcome}"


class TextDocument(models.Model):
    """One searchable text. Its key begins with the day it speaks of, so that newest first is key order."""

    id = models.BigIntegerField(primary_key=True)
    subject_id = models.UUIDField()
    owner_id = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner_id", "subject_id"], name="text_subject_once")]

    def __str__(self) -> str:
        return str(self.subject_id)


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to a day, both included."""

    def on(self, day: date) -> Self:
        """The rows that hold on `day`."""
        return self.filter(holds_on(day))

    def touching(self, first: date, last: date) -> Self:
        """The rows that hold on at least one day from `first` to `last`, both included."""
        return self.filter(starts_on__lte=last).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first))


def holds_on(day: date | F, prefix: str = "") -> Q:
    """The condition that a dated row, reached by `prefix` (`"tag__"`), holds on `day`."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    )


class Dated(models.Model):
    """Holds from `starts_on` to `ends_on`, both days included; no end means until further notice."""

    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_dates_in_order",
            )
        ]

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Entered(models.Model):
    """When and by whom a row came into the system (not when the thing happened)."""

    entered_at = models.DateTimeField("录入时间", default=clock.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="录入人",
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        db_index=False,
    )

    class Meta:
        abstract = True
