"""Alarms about people in danger. Ids tell no time; what is said is encrypted, in the history too (docs/adr/0051)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.network.models import OrgUnit
from shuangbai.safeguarding.enums import AlarmState, CloseReason, Protected, Situation, StepKind


def _account(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **options)


class Alarm(Entered):
    """That somebody is, or may be, in danger; who raised it is `entered_by`.

    `charge` is the station in whose charge it is today: another than `station` once that was closed. `person_key` is no
    foreign key: whoever takes back a family, a change or a ledger is told what hangs on a person, and must not learn
    from it of an alarm.
    """

    PERSONAL: ClassVar = frozenset({"person_key", "who", "facts", "impressions", "done", "close_note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    charge = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    person_key = models.UUIDField(null=True, editable=False)
    who = EncryptedTextField("是谁", purpose="alarm.who", blank=True)
    protected = models.CharField("保护对象", max_length=10, choices=Protected)
    situation = models.CharField("情形", max_length=10, choices=Situation)
    discovered_at = models.DateTimeField("发现时间")
    facts = EncryptedTextField("看见、听见的", purpose="alarm.facts", blank=True)
    impressions = EncryptedTextField("印象与推测", purpose="alarm.impressions", blank=True)
    done = EncryptedTextField("已经做了什么", purpose="alarm.done", blank=True)
    drill = models.BooleanField("演练", default=False)
    state = models.CharField(max_length=10, choices=AlarmState, default=AlarmState.RAISED)
    closed_at = models.DateTimeField(null=True, editable=False)
    closed_by = _account(null=True, editable=False, db_index=False)
    close_reason = models.CharField("结案原因", max_length=10, choices=CloseReason, blank=True)
    close_note = EncryptedTextField("结案说明", purpose="alarm.close_note", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="alarm_raised_once"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False) & ~Q(close_reason="")
                | ~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True, close_reason=""),
                name="alarm_closed_with_reason",
            ),
            models.CheckConstraint(condition=~Q(closed_by=F("entered_by")), name="alarm_closed_by_another"),
            models.CheckConstraint(
                condition=Q(close_reason="") | Q(drill=True, close_reason="drill")
                | Q(drill=False) & ~Q(close_reason="drill"),
                name="alarm_drill_ends_as_drill",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["person_key"], name="alarm_person")]

    def __str__(self) -> str:
        return f"{self.state}"


class AlarmStep(Entered):
    """Something that was done about an alarm. Nothing is altered: what was wrong is put right by another."""

    PERSONAL: ClassVar = frozenset({"whom", "receipt", "note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("做了什么", max_length=10, choices=StepKind)
    happened_at = models.DateTimeField("时间")
    whom = EncryptedTextField(purpose="alarm_step.whom", blank=True)
    receipt = EncryptedTextField("报警回执号", purpose="alarm_step.receipt", blank=True)
    note = EncryptedTextField("情况", purpose="alarm_step.note", blank=True)

    def __str__(self) -> str:
        return f"{self.kind}"


class AlarmReader(Entered):
    """Somebody at the station whom its head lets read an alarm, until that is ended."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="readers")
    user = _account(db_index=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "alarm", "user"], condition=Q(ended_at__isnull=True), name="alarm_reader_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class AlarmRule(Dated):
    """What the city says of alarms from a day on.

    `hours`: after so many without a report to the police an alarm is called overdue. `least`: a number of alarms
    smaller than this is not told.
    """

    hours = models.PositiveSmallIntegerField("几小时没有报警记录就提醒")
    least = models.PositiveSmallIntegerField("少于几件不公开")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="alarm_rule_once_a_day"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=72), name="alarm_rule_hours_in_reason"),
            models.CheckConstraint(condition=Q(least__gte=5, least__lte=100), name="alarm_rule_least_in_reason"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.hours} {self.least}"
