"""Scales of a city's own, and what was answered. What a result belongs to decides who may see it (docs/adr/0059)."""

import json
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.network.models import OrgUnit
from shuangbai.scales.enums import Filler


class ScaleVersion(Dated):
    """A version of a scale that the city entered, or of the product's own that it ended. Versions are never altered."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    definition = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scale_version_once"),
            models.CheckConstraint(condition=~Q(code="") & Q(version__gte=1), name="scale_version_is_named"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class ScaleResult(Entered):
    """What somebody answered on a day. Nothing is altered: what was wrong is voided and entered again.

    `subject_key` is what it belongs to, a case; `person_key` whom it is about. Neither is a foreign key: whoever takes
    back a family or a ledger must not learn from it that there is a case. `said` holds answers, score and band.
    """

    PERSONAL: ClassVar = frozenset({"subject_key", "person_key", "scale", "said", "note", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    subject_key = models.UUIDField(editable=False)
    person_key = models.UUIDField(editable=False)
    scale = models.CharField(max_length=20)
    scale_version = models.PositiveSmallIntegerField()
    taken_on = models.DateField("哪天填的")
    filled_by = models.CharField("谁填的", max_length=10, choices=Filler)
    said = EncryptedTextField(purpose="scale_result.said", blank=True)
    note = EncryptedTextField("说明", purpose="scale_result.note", blank=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False, db_index=False
    )
    void_reason = EncryptedTextField("作废理由", purpose="scale_result.void_reason", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="scale_result_sent_once"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True)
                | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="scale_result_void_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["subject_key", "taken_on"], name="scale_result_of")]

    def __str__(self) -> str:
        return f"{self.scale} {self.taken_on}"

    @cached_property
    def told(self) -> dict[str, Any]:
        """What `said` holds; empty once it was forgotten."""
        return json.loads(self.said) if self.said else {}
