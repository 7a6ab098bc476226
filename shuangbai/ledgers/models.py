"""Ledgers that were brought in: the file, what became of its rows, and what was made, so that it can be undone."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.core.models import Entered
from shuangbai.ledgers.enums import DealState, Fate, ImportKind, ImportState
from shuangbai.network.models import OrgUnit


def label(model: Any) -> str:
    """What `Made` calls things of a table."""
    return str(model._meta.label_lower)


class Dealing(Entered):
    """A workbook of several stations that their centre gave, to be dealt out among them; `stored` until it is.

    `said`: which station the words in its column of stations mean, as somebody picked.
    """

    PERSONAL: ClassVar = frozenset({"name", "stored", "said", "counts", "trouble"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    owner = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    name = EncryptedTextField("文件名", purpose="dealing.name")
    size = models.PositiveIntegerField("大小")
    digest = models.CharField(max_length=32)
    kind = models.CharField("种类", max_length=10, choices=ImportKind)
    state = models.CharField("状态", max_length=10, choices=DealState, default=DealState.READ)
    stored = models.CharField(max_length=40, blank=True)
    said = EncryptedTextField(blank=True, purpose="dealing.said")
    counts = models.JSONField(default=dict)
    trouble = models.CharField("没有分发成的原因", max_length=300, blank=True)
    dealt_at = models.DateTimeField("分发时间", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["dealt", "back"], dealt_at__isnull=False, stored="")
                | Q(~Q(stored=""), state__in=["read", "queued"], dealt_at__isnull=True),
                name="dealing_dealt_when",
            ),
        ]
        indexes = [models.Index(fields=["owner", "-entered_at"], name="dealing_list")]

    def __str__(self) -> str:
        return f"{self.pk}"


class Import(Entered):
    """A ledger that somebody gave to a station. `stored` is the file as it came, `told` what was read of it.

    Both are kept sealed, by names that tell nothing, and are dropped where somebody in them is forgotten.
    `decided`: which columns mean what, which villages and families are meant, which changes are wanted.
    """

    PERSONAL: ClassVar = frozenset({"name", "stored", "told", "decided", "trouble", "counts", "undo_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    name = EncryptedTextField("文件名", purpose="import.name")
    size = models.PositiveIntegerField("大小")
    digest = models.CharField(max_length=32)
    kind = models.CharField("种类", max_length=10, choices=ImportKind)
    state = models.CharField("状态", max_length=10, choices=ImportState, default=ImportState.READ)
    stored = models.CharField(max_length=40, blank=True)
    told = models.CharField(max_length=40, blank=True)
    decided = EncryptedTextField(blank=True, purpose="import.decided")
    counts = models.JSONField(default=dict)
    trouble = models.CharField("没有办成的原因", max_length=300, blank=True)
    ended_at = models.DateTimeField("导入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    undo_reason = models.CharField("撤销理由", max_length=100, blank=True)
    dealing = models.ForeignKey(Dealing, on_delete=models.PROTECT, null=True, related_name="parts", editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["done", "undoing", "undone"], ended_at__isnull=False)
                | (~Q(state__in=["done", "undoing", "undone"]) & Q(ended_at__isnull=True)),
                name="import_ended_when",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True, undo_reason="")
                | (Q(undone_at__gte=F("ended_at"), undone_by__isnull=False) & ~Q(undo_reason="")),
                name="import_undone_by_somebody_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["station", "-entered_at"], name="import_list")]

    def __str__(self) -> str:
        return f"{self.pk}"


class ImportedRow(models.Model):
    """What became of a row of a ledger. `digest` is by what the same row is known when it comes again.

    It outlives what it speaks of, so it names families, people and records by their keys alone.
    """

    PERSONAL: ClassVar = frozenset({"household", "person", "digest"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=100, blank=True)
    row = models.PositiveIntegerField()
    digest = models.CharField(max_length=32)
    fate = models.CharField(max_length=10, choices=Fate)
    household = models.UUIDField(null=True)
    person = models.UUIDField(null=True)
    record = models.UUIDField(null=True)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "source", "sheet", "row"], name="imported_row_once")]
        indexes = [
            models.Index(fields=["station", "digest"], name="imported_row_digest"),
            models.Index(fields=["record"], name="imported_row_record", condition=Q(record__isnull=False)),
            models.Index(fields=["household"], name="imported_row_household", condition=Q(household__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class Made(models.Model):
    """One thing that an import made or changed. `was`: of something changed, its fields before and after, as JSON."""

    PERSONAL: ClassVar = frozenset({"thing", "was"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="made")
    what = models.CharField(max_length=40)
    thing = models.UUIDField()
    was = EncryptedTextField(blank=True, purpose="made.was")
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "source", "what", "thing"], name="made_once_an_import")
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.thing}"


class Learnt(models.Model):
    """What the columns of a shape of sheet mean to a station, as somebody there decided: letters to fields."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=ImportKind)
    shape = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "kind", "shape"], name="learnt_once_a_shape")]

    def __str__(self) -> str:
        return self.shape[:12]
