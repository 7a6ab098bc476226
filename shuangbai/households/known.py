"""Tables about people and families known twice: by what they are found, what was decided, who stands for whom."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id
from shuangbai.households.enums import FamilyPairState, PairState
from shuangbai.households.matching import Likeness
from shuangbai.network.models import OrgUnit


class Joined(models.ForeignObject):  # type: ignore[type-arg]
    """A join to rows of the same key, of another room or table: no column. Such a row may be missing, or be many."""

    requires_unique_target = False
    to: type[models.Model] | str

    def contribute_to_class(self, cls: type[models.Model], name: str, **_: Any) -> None:  # type: ignore[override]
        super().contribute_to_class(cls, name, private_only=True)

    def __init__(self, *, from_fields: list[str], to_fields: list[str]) -> None:
        super().__init__(
            self.to, models.DO_NOTHING, from_fields=from_fields, to_fields=to_fields, related_name="+", null=True
        )


class Shared(Joined):
    """A join to everybody who is found by the same key, themselves too."""

    to = "households.MatchKey"


class MatchKey(models.Model):
    """By what somebody is found who may be one person with another (matching.keys_of), in whichever station.

    Derived, and a keyed hash: nothing of a name or a birth date can be read from it.
    """

    PERSONAL: ClassVar = frozenset({"person", "key"})

    person = models.ForeignKey("households.Person", on_delete=models.CASCADE, related_name="match_keys", db_index=False)
    key = models.BigIntegerField()
    shared = Shared(from_fields=["key"], to_fields=["key"])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="match_key_once")]
        indexes = [models.Index(fields=["key", "person"], name="match_key_found")]

    def __str__(self) -> str:
        return f"{self.key}"


class MatchDue(models.Model):
    """Somebody entered or changed for whom nobody has yet looked whether they are known twice."""

    PERSONAL: ClassVar = frozenset({"person"})

    person = models.OneToOneField("households.Person", on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.person_id}"


class Pair(models.Model):
    """Two entries that may be of one and the same, what speaks for it, and what was decided. The smaller key is first.

    A decision is remembered for good: a pair that was told apart is never proposed again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    score = models.PositiveSmallIntegerField(default=0)
    reasons = models.JSONField(default=list)
    doubts = models.JSONField(default=list)
    state = models.CharField("状态", max_length=10, choices=PairState, default=PairState.OPEN)
    found_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    reason = models.CharField("理由", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="%(class)s_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="%(class)s_in_order"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True, decided_by__isnull=True)
                | (Q(state="later", decided_at__isnull=False, decided_by__isnull=False))
                | (Q(state__in=["same", "apart"], decided_at__isnull=False, decided_by__isnull=False) & ~Q(reason="")),
                name="%(class)s_decided_by_somebody_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "-score", "id"], name="%(class)s_list")]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id} {self.state}"  # type: ignore[attr-defined]

    @property
    def likeness(self) -> Likeness:
        """What speaks for one and the same, and what against."""
        return Likeness(self.score, tuple(self.reasons), tuple(self.doubts))

    @likeness.setter
    def likeness(self, found: Likeness) -> None:
        self.score, self.reasons, self.doubts = found.score, list(found.reasons), list(found.doubts)


class Alias(models.Model):
    """That two entries are of one and the same, decided on a day for a reason, and perhaps undone on another.

    `into` is the entry that was kept when it was decided. No record is rewritten: what resolves is derived from it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    decided_on = models.DateField("认定日期", editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    reason = models.CharField("理由", max_length=200)
    undone_on = models.DateField("撤销日期", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    undo_reason = models.CharField("撤销理由", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="%(class)s_has_reason"),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True, undone_by__isnull=True, undo_reason="")
                | (Q(undone_on__gte=models.F("decided_on"), undone_by__isnull=False) & ~Q(undo_reason="")),
                name="%(class)s_undone_by_somebody_for_a_reason",
            ),
        ]


def _one_in_force(entry: str) -> list[models.BaseConstraint]:
    """That an entry is merged into one other at a time, and never into itself."""
    return [
        models.UniqueConstraint(fields=[entry], condition=Q(undone_on__isnull=True), name="%(class)s_one_in_force"),
        models.CheckConstraint(condition=~Q(**{entry: models.F("into")}), name="%(class)s_of_another"),
    ]


class PersonPair(Pair):
    """Two entries that may be of one person."""

    PERSONAL: ClassVar = frozenset({"first", "second", "reasons", "doubts", "reason"})

    first = models.ForeignKey("households.Person", on_delete=models.PROTECT, related_name="+", editable=False)
    second = models.ForeignKey("households.Person", on_delete=models.PROTECT, related_name="+", editable=False)


class PersonAlias(Alias):
    """That two entries are of one person."""

    PERSONAL: ClassVar = frozenset({"person", "into", "reason", "undo_reason"})

    person = models.ForeignKey("households.Person", on_delete=models.PROTECT, related_name="aliases", editable=False)
    into = models.ForeignKey("households.Person", on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta(Alias.Meta):
        constraints = [*Alias.Meta.constraints, *_one_in_force("person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.into_id}"


class SamePerson(models.Model):
    """The entry that is kept for an entry that was merged into it, whatever the chain between. Derived (identity.py).

    One join resolves: who has no row is their own. Nobody who has a row is kept for another.
    """

    PERSONAL: ClassVar = frozenset({"person", "kept"})

    person = models.OneToOneField("households.Person", on_delete=models.CASCADE, primary_key=True, related_name="same")
    kept = models.ForeignKey("households.Person", on_delete=models.CASCADE, related_name="known_as")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(person=models.F("kept")), name="same_person_is_another")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kept_id}"


class HouseholdPair(Pair):
    """Two entries that may be of one family: its head or two of its people may be the same."""

    PERSONAL: ClassVar = frozenset({"first", "second", "reason"})

    state = models.CharField("状态", max_length=10, choices=FamilyPairState, default=FamilyPairState.OPEN)
    first = models.ForeignKey("households.Household", on_delete=models.PROTECT, related_name="+", editable=False)
    second = models.ForeignKey("households.Household", on_delete=models.PROTECT, related_name="+", editable=False)


class HouseholdAlias(Alias):
    """That two entries are of one family."""

    PERSONAL: ClassVar = frozenset({"household", "into", "reason", "undo_reason"})

    household = models.ForeignKey(
        "households.Household", on_delete=models.PROTECT, related_name="aliases", editable=False
    )
    into = models.ForeignKey("households.Household", on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta(Alias.Meta):
        constraints = [*Alias.Meta.constraints, *_one_in_force("household")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.into_id}"


class SameHousehold(models.Model):
    """The entry that is kept for a family's entry that was merged into it. As SamePerson."""

    PERSONAL: ClassVar = frozenset({"household", "kept"})

    household = models.OneToOneField(
        "households.Household", on_delete=models.CASCADE, primary_key=True, related_name="same"
    )
    kept = models.ForeignKey("households.Household", on_delete=models.CASCADE, related_name="known_as")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(household=models.F("kept")), name="same_household_is_another")
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kept_id}"


@dataclass(frozen=True, slots=True)
class Kind:
    """What may be known twice, and its tables.

    `entry` is what a row of aliases calls the one merged away, `serving` how an entry is reached from HouseholdStation.
    """

    entry: str
    serving: str
    one: str
    pair: Any
    alias: Any
    same: Any

    @property
    def model(self) -> Any:
        """What an entry is."""
        return self.pair._meta.get_field("first").related_model


PEOPLE = Kind("person", "household__memberships__person", "同一人", PersonPair, PersonAlias, SamePerson)
FAMILIES = Kind("household", "household", "同一户", HouseholdPair, HouseholdAlias, SameHousehold)


def kind_of(row: Pair | Alias) -> Kind:
    return PEOPLE if isinstance(row, PersonPair | PersonAlias) else FAMILIES
