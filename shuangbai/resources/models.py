"""What there is to help with, whom it was given to, and whom somebody was sent to (domain 3.11)."""

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.queries import base_of, label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.followups.models import Task
from shuangbai.households.models import Household, Person
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.pictures.access import Subject
from shuangbai.resources.enums import KINDS, Move, ReferralState, ResourceKind, ValuedBy

STANDING = Q(voided_at__isnull=True)  # the links that were not voided


class Resource(Entered):
    """Something that somebody provides. `unit` keeps the entry: a station for itself, the centre or bureau for all.

    When it is to be had stands in its terms, where in its areas (none: wherever the unit works).
    """

    PERSONAL: ClassVar = frozenset({"contact", "phone"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(OrgUnit, verbose_name="由谁维护", on_delete=models.PROTECT, related_name="+")
    name = models.CharField("资源", max_length=60)
    provider = models.CharField("提供方", max_length=60)
    initials = models.CharField(max_length=60, editable=False)
    kind = models.CharField("种类", max_length=16)
    listed_on = models.DateField("登记日期", editable=False)
    contact = models.CharField("联系人", max_length=40, blank=True)
    phone = EncryptedTextField("联系电话", purpose="resource.phone", blank=True)
    needs = models.JSONField("回应的需求", default=list, blank=True)
    covers = models.CharField("覆盖范围", max_length=300, blank=True, editable=False)
    conditions = models.CharField("条件与手续", max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(provider=""), name="resource_is_named"),
        ]
        indexes = [models.Index(fields=["unit", "kind"], name="resource_unit")]

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:
        return label_of(KINDS, self.kind, self.listed_on)

    @property
    def in_cash(self) -> bool:
        """Whether what is given of it is money."""
        return base_of(KINDS, self.kind) == ResourceKind.MONEY


class ResourceTerm(Dated):
    """That a resource is to be had from a day to a day."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="terms")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resource", "starts_on"], name="resource_term_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} {self.ends_on or ''}"


class ResourceArea(models.Model):
    """A place in which a resource is to be had, with all that lies in it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["resource", "area"], name="resource_area_once")]

    def __str__(self) -> str:
        return f"{self.area_id}"


def _household() -> Any:
    return models.ForeignKey(
        Household, verbose_name="家庭", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip


def _person() -> Any:
    return models.ForeignKey(
        Person, verbose_name="谁", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )


def _station() -> Any:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


def _account(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **options
    )


# Kinds of things beside families that get a resource; rooms above add theirs (docs/how-to/resources.md).
HELPED: dict[str, Subject] = {}


class ResourceLink(Entered):
    """That a resource reached somebody on a day. Corrected with its history, voided with a reason, never deleted.

    `case_key` names the case that it belongs to, and is no foreign key. A link without a household is its case's
    alone: for whoever may not know of the case there is none (docs/adr/0056). Or it is an activity's or a project's:
    `subject` names the kind of thing (HELPED), `subject_key` which; then nobody in particular got it.
    """

    PERSONAL: ClassVar = frozenset({"household", "person", "case_key", "note", "result", "stored", "reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    resource = models.ForeignKey(Resource, verbose_name="资源", on_delete=models.PROTECT, related_name="links")
    household = _household()
    person = _person()
    case_key = models.UUIDField(null=True, editable=False)
    subject = models.CharField(max_length=20, blank=True, editable=False)
    subject_key = models.UUIDField(null=True, editable=False)
    occurred_on = models.DateField("日期")
    quantity = models.DecimalField("数量", max_digits=10, decimal_places=2, null=True, blank=True)
    unit = models.CharField("单位", max_length=10, blank=True)
    in_cash = models.BooleanField("现金", default=False, editable=False)
    value = models.DecimalField("价值（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    valued_by = models.CharField("怎样估的价", max_length=8, choices=ValuedBy, blank=True)
    note = EncryptedTextField("给了什么", purpose="resource_link.note", blank=True)
    result = EncryptedTextField("效果", purpose="resource_link.result", blank=True)
    stored = models.CharField("票据", max_length=40, blank=True, editable=False)
    pages = models.PositiveSmallIntegerField(default=0, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = _account(null=True, editable=False)
    reason = EncryptedTextField("更正或作废的理由", purpose="resource_link.reason", blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="resource_link_once"),
            models.CheckConstraint(
                condition=Q(household__isnull=False, subject="", subject_key__isnull=True)
                | Q(household__isnull=True, case_key__isnull=False, person__isnull=True, subject="")
                & Q(subject_key__isnull=True)
                | Q(household__isnull=True, case_key__isnull=True, person__isnull=True, subject_key__isnull=False)
                & ~Q(subject=""),
                name="resource_link_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, valued_by="") | Q(value__gte=0, valued_by__gt=""),
                name="resource_link_says_how_valued",
            ),
            models.CheckConstraint(
                condition=Q(in_cash=False) | Q(value__isnull=False), name="resource_link_cash_is_told"
            ),
            models.CheckConstraint(
                condition=Q(quantity__isnull=True) | Q(quantity__gt=0, unit__gt=""),
                name="resource_link_quantity_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="resource_link_voided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "occurred_on"], name="resource_link_station"),
            models.Index(fields=["household", "occurred_on"], name="resource_link_household"),
            models.Index(fields=["case_key"], name="resource_link_case", condition=Q(case_key__isnull=False)),
            models.Index(fields=["subject_key"], name="resource_link_subject", condition=Q(subject_key__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on}"

    @property
    def subject_words(self) -> str:
        """What people call the kind of thing that it was for; '' where a family got it."""
        known = HELPED.get(self.subject)
        return known.words if known else ""


class Referral(Entered):
    """That somebody is sent to a resource, or to any body. What happened stands in its steps.

    `case_key` and a missing household: as of a link. `reminder`: the task that is open until the next answer.
    """

    PERSONAL: ClassVar = frozenset({"household", "person", "case_key", "why", "asks", "body", "contact"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    household = _household()
    person = _person()
    case_key = models.UUIDField(null=True, editable=False)
    resource = models.ForeignKey(
        Resource, verbose_name="资源", on_delete=models.PROTECT, null=True, blank=True, related_name="referrals"
    )
    body = EncryptedTextField("转给", purpose="referral.body", blank=True)
    contact = EncryptedTextField("对方联系人", purpose="referral.contact", blank=True)
    asked_on = models.DateField("登记日期")
    why = EncryptedTextField("为什么转介", purpose="referral.why", blank=True)
    asks = EncryptedTextField("请对方做什么", purpose="referral.asks", blank=True)
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    state = models.CharField("状态", max_length=10, choices=ReferralState, default=ReferralState.DRAFT)
    sent_on = models.DateField("发出日期", null=True, blank=True, editable=False)
    next_on = models.DateField("下次提醒", null=True, blank=True)
    reminder = models.ForeignKey(
        Task, on_delete=models.SET_NULL, null=True, related_name="+", editable=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="referral_once"),
            models.CheckConstraint(
                condition=Q(household__isnull=False) | Q(case_key__isnull=False, person__isnull=True),
                name="referral_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "dropped"]) | Q(sent_on__isnull=False), name="referral_sent_on_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state"], name="referral_station"),
            models.Index(fields=["household", "asked_on"], name="referral_household"),
            models.Index(fields=["worker", "state"], name="referral_worker"),
            models.Index(fields=["case_key"], name="referral_case", condition=Q(case_key__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.state}"

    def is_late(self, day: date) -> bool:
        return self.next_on is not None and self.next_on < day


class ReferralStep(Entered):
    """What was done about a referral, or answered. Nothing is altered: what was wrong is put right by another."""

    PERSONAL: ClassVar = frozenset({"whom", "note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="steps")
    move = models.CharField("做了什么", max_length=10, choices=Move)
    became = models.CharField("之后", max_length=10, choices=ReferralState)
    happened_on = models.DateField("日期")
    whom = EncryptedTextField("对方是谁", purpose="referral_step.whom", blank=True)
    note = EncryptedTextField("情况", purpose="referral_step.note", blank=True)

    def __str__(self) -> str:
        return f"{self.move}"


class FamilyDraft(models.Model):
    """What somebody typed in a form of help for a family and has not saved: theirs alone, as a draft of a visit
    (docs/adr/0042).

    `page` names the form; `typed` is its fields as they were sent, as JSON: name, and list of values.
    """

    PERSONAL: ClassVar = frozenset({"typed", "household"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+", editable=False)
    page = models.CharField(max_length=20, editable=False)
    typed = EncryptedTextField("填了的内容", purpose="family_draft.typed")
    updated_at = models.DateTimeField("存下时间", default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "entered_by", "household", "page"], name="family_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.updated_at:%Y-%m-%d}"
