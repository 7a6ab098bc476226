"""When lives change, when work changes hands, and when somebody is to be forgotten."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.households.models import FamilyFile, Household, Person
from shuangbai.lives.enums import ChangeKind, ErasureBasis, ErasureState, HandoverReason, ItemState
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.volunteers.models import Volunteer


class LifeChange(Entered):
    """One change of a family's life, carried out whole. `steps` is its journal: what to take back if it was a slip.

    `said` are the sentences that were shown before it was done. The journal holds keys, days and codes alone: words
    about people are found again in the rows' own history (docs/adr/0040).
    """

    PERSONAL: ClassVar = frozenset({"household", "other", "said", "note"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField("变化", max_length=12, choices=ChangeKind)
    happened_on = models.DateField("从哪天起")
    said = models.JSONField(default=list)
    note = models.CharField("备注", max_length=200, blank=True)
    steps = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="life_change_undone_by_somebody",
            )
        ]
        indexes = [models.Index(fields=["household", "entered_at"], name="life_change_household")]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"


class Handover(Entered):
    """A worker's families given to others, from a day on. Each is another's only once they confirm it."""

    PERSONAL: ClassVar = frozenset({"note"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    giver = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("从哪天起")
    reason = models.CharField("原因", max_length=10, choices=HandoverReason)
    note = models.CharField("交接说明", max_length=500, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "giver"], condition=Q(closed_at__isnull=True), name="handover_one_open_a_giver"
            )
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} {self.starts_on}"


class HandoverItem(models.Model):
    """One family's file that changes hands, to whom, and how far it is. The open tasks of a family go with its file."""

    PERSONAL: ClassVar = frozenset({"why"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="items")
    file = models.ForeignKey(FamilyFile, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.WAITING)
    why = models.CharField("退回理由", max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "file"], condition=Q(state="waiting"), name="handover_item_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_at__isnull=False)),
                name="handover_item_decided",
            ),
        ]
        indexes = [models.Index(fields=["receiver", "state"], name="handover_item_receiver")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.state}"


class RetentionRule(Dated):
    """After how many years a closed file may be forgotten, by the city, from a day on."""

    years = models.PositiveSmallIntegerField("结档后保存年数")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="retention_rule_once_a_day"),
            models.CheckConstraint(condition=Q(years__gte=1), name="retention_rule_of_a_year_and_more"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.years}"


class Erasure(Entered):
    """That somebody is to be forgotten for good: asked by a head, decided by the bureau, by two people.

    It is somebody on file, or a volunteer who is not.
    `to_check` are the keys of records whose words the worker should read again: a name may be written another way.
    """

    PERSONAL: ClassVar = frozenset({"person", "volunteer", "reason", "answer"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="+")
    basis = models.CharField("法律依据", max_length=10, choices=ErasureBasis)
    reason = models.CharField("事由", max_length=300)
    state = models.CharField(max_length=10, choices=ErasureState, default=ErasureState.ASKED)
    answer = models.CharField("决定说明", max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    counts = models.JSONField(default=dict)
    to_check = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "person"], condition=Q(state="asked"), name="erasure_asked_once"
            ),
            models.UniqueConstraint(
                fields=["station", "volunteer"], condition=Q(state="asked"), name="erasure_asked_once_of_volunteer"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, volunteer__isnull=True)
                | Q(person__isnull=True, volunteer__isnull=False),
                name="erasure_of_somebody",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="erasure_has_reason"),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by__isnull=True) | (~Q(state="asked") & Q(decided_by__isnull=False)),
                name="erasure_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(decided_by=models.F("entered_by")), name="erasure_by_two_people"
            ),
        ]
        indexes = [models.Index(fields=["state", "entered_at"], name="erasure_state")]

    def __str__(self) -> str:
        return f"{self.state} {self.basis}"

    @property
    def name(self) -> str:
        """Of whoever is to be forgotten."""
        return str((self.person or self.volunteer).name)  # type: ignore[union-attr]
