"""Reports that were handed up: how far each has come, who did what, and what a frozen one was made of."""

from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id
from shuangbai.core.periods import Period
from shuangbai.filings.enums import OPEN, FilingState, StepKind
from shuangbai.network.models import OrgUnit


class Filing(models.Model):
    """A results report of one unit and one period on its way to the bureau. `edition` 2 and on replace one accepted.

    `code` is short, to be typed or read from a picture. `trouble` says why the latest freezing came to nothing.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(OrgUnit, verbose_name="报告单位", on_delete=models.PROTECT, related_name="+")
    first = models.DateField("从")
    last = models.DateField("到")
    edition = models.PositiveSmallIntegerField("版次", default=1)
    reason = models.CharField("为什么重报", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=FilingState, default=FilingState.DRAFT)
    code = models.CharField("核验码", max_length=10, unique=True)
    trouble = models.CharField("没有封存成的原因", max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("起草时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "first", "last", "edition"], name="filing_edition_once"),
            models.UniqueConstraint(
                fields=["owner", "first", "last"], condition=Q(state__in=OPEN), name="filing_one_open_a_period"
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="filing_days_in_order"),
            models.CheckConstraint(condition=Q(edition=1) | ~Q(reason=""), name="filing_again_for_a_reason"),
        ]
        indexes = [models.Index(fields=["owner", "last", "id"], name="filing_list")]

    def __str__(self) -> str:
        return f"{self.owner} {self.period}"

    @property
    def station_id(self) -> UUID:
        """Where the trail says that it belongs."""
        return self.owner_id

    @property
    def period(self) -> Period:
        return Period(self.first, self.last)


class FilingStep(models.Model):
    """Who did what with a report, and when. Only ever added."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"comment"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    filing = models.ForeignKey(Filing, on_delete=models.CASCADE, related_name="steps")
    owner = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=StepKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=clock.now)
    comment = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "failed"]) | ~Q(comment=""), name="filing_step_says_why"
            )
        ]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.kind}"


class Manifest(models.Model):
    """What an accepted report was made of (filings/manifest.py). Written once, in the transaction that accepts it.

    `number` counts the accepted reports of this city; `hash` covers the header and the one before.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    filing = models.OneToOneField(Filing, primary_key=True, on_delete=models.PROTECT, related_name="manifest")
    owner = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField(unique=True)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    header = models.TextField()
    facts = models.BinaryField()
    counted_at = models.DateTimeField()
    sealed_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="manifest_is_numbered")]

    def __str__(self) -> str:
        return f"{self.number} {self.hash[:12]}"
