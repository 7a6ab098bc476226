"""Matters of policy with which a station helps somebody, and what the city says of the policies (domain 3.12)."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.assistance.enums import POLICIES, MatterKind, Move, Stage
from shuangbai.codes.queries import label_of
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.followups.models import Task
from shuangbai.households.models import Household, Person, Tag
from shuangbai.network.models import OrgUnit, Staff

STANDING = Q(voided_at__isnull=True)  # the matters that were not voided


def _account(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **options
    )


def _station() -> Any:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


class PolicyRule(Dated):
    """What the city says of a policy from a day on, in place of what the product brings."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    policy = models.CharField("政策", max_length=16)
    days = models.PositiveSmallIntegerField("办理期限（工作日）", null=True, blank=True)
    special_days = models.PositiveSmallIntegerField("特殊情况（工作日）", null=True, blank=True)
    review_months = models.PositiveSmallIntegerField("多少个月年审一次", null=True, blank=True)
    line = models.DecimalField("标准（元/人/月）", max_digits=8, decimal_places=2, null=True, blank=True)
    papers = models.JSONField("要交的材料", default=list, blank=True)
    text = models.CharField("哪些人符合", max_length=500)
    source = models.CharField("依据", max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "starts_on"], name="policy_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(special_days__isnull=True) | Q(days__isnull=False, special_days__gte=F("days")),
                name="policy_rule_special_is_longer",
            ),
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="policy_rule_has_source"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.policy} {self.starts_on}"


class Matter(Entered):
    """A matter of policy for a family, or for somebody of it. What happened stands in its steps; the days that
    deadlines and figures ask for are kept here as well. `review`: the task until the next review."""

    PERSONAL: ClassVar = frozenset({"household", "person", "policy", "amount", "note", "refusal", "reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    household = models.ForeignKey(
        Household, verbose_name="家庭", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        Person, verbose_name="为谁", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    policy = models.CharField("政策", max_length=16)
    kind = models.CharField("办什么", max_length=8, choices=MatterKind)
    special = models.BooleanField("属特殊情况，用较长的期限", default=False)
    opened_on = models.DateField("开始协助的日期")
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    stage = models.CharField("办到哪里", max_length=10, choices=Stage, default=Stage.PREPARING)
    accepted_on = models.DateField("受理日期", null=True, editable=False)
    decided_on = models.DateField("审批日期", null=True, editable=False)
    paid_on = models.DateField("发放日期", null=True, editable=False)
    amount = models.DecimalField("金额（元/月）", max_digits=10, decimal_places=2, null=True, blank=True)
    next_review_on = models.DateField("下次年审", null=True, blank=True)
    note = EncryptedTextField("情况", purpose="matter.note", blank=True)
    refusal = EncryptedTextField("不批准的理由", purpose="matter.refusal", blank=True)
    review = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    tag = models.ForeignKey(Tag, on_delete=models.SET_NULL, null=True, related_name="+", editable=False, db_index=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = _account(null=True, editable=False)
    reason = EncryptedTextField("更正或作废的理由", purpose="matter.reason", blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="matter_once"),
            models.CheckConstraint(
                condition=~Q(stage__in=["granted", "paid", "refused", "appealed", "upheld"])
                | Q(decided_on__isnull=False),
                name="matter_decided_on_a_day",
            ),
            models.CheckConstraint(condition=~Q(stage="paid") | Q(paid_on__isnull=False), name="matter_paid_on_a_day"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="matter_amount"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="matter_voided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "opened_on"], name="matter_station"),
            models.Index(fields=["household", "opened_on"], name="matter_household"),
            models.Index(fields=["worker", "stage"], name="matter_worker"),
        ]

    def __str__(self) -> str:
        return label_of(POLICIES, self.policy, self.opened_on)

    def get_policy_display(self) -> str:
        return label_of(POLICIES, self.policy, self.opened_on)


class MatterStep(Entered):
    """What was recorded of a matter. The latest can be taken back, where it was a slip; then it no longer holds."""

    PERSONAL: ClassVar = frozenset({"note"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = _station()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField("做了什么", max_length=10, choices=Move)
    was = models.CharField(max_length=10, choices=Stage)
    became = models.CharField("之后", max_length=10, choices=Stage)
    happened_on = models.DateField("日期")
    note = EncryptedTextField("情况", purpose="matter_step.note", blank=True)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = _account(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="matter_step_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move}"


class MatterPaper(models.Model):
    """A paper that a matter asks for, and the day on which it was there."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    station = _station()
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="papers")
    position = models.PositiveSmallIntegerField()
    name = models.CharField("材料", max_length=60)
    got_on = models.DateField("齐了的日期", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "matter", "name"], name="matter_paper_once")]

    def __str__(self) -> str:
        return self.name
