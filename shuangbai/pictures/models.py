"""A picture of something that another room keeps (docs/adr/0063)."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.pictures.enums import Consent, ConsentForm, Faces


class Picture(models.Model):
    """What it is of stands in `subject` and `subject_key`, as its room registered it (pictures.access): no foreign key.

    `stored` and `small` are papers (core.papers) under names that tell nothing; voided, the files are gone. The id is
    random: it stands in the addresses of public pages. One that a stranger sent was entered by nobody.
    """

    PERSONAL: ClassVar = frozenset({"caption", "consent_note", "stored", "small", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    position = models.PositiveSmallIntegerField(editable=False)
    subject = models.CharField(max_length=20, editable=False)
    subject_key = models.UUIDField(editable=False)
    stored = models.CharField("文件", max_length=40, blank=True, editable=False)
    small = models.CharField("小图", max_length=40, blank=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    size = models.PositiveIntegerField("大小", editable=False)
    caption = models.CharField("说明", max_length=80, blank=True)
    taken_on = models.DateField("拍摄日期")
    faces = models.CharField("人脸", max_length=8, choices=Faces, default=Faces.UNKNOWN)
    consent = models.CharField("公开", max_length=10, choices=Consent, default=Consent.NOT_ASKED)
    consent_form = models.CharField("怎样同意的", max_length=10, choices=ConsentForm, blank=True)
    asked_on = models.DateField("哪天问的", null=True, blank=True)
    asked_by = models.ForeignKey(
        Staff,
        verbose_name="谁去问的",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    consent_note = EncryptedTextField("谁表示的", purpose="picture.consent_note", blank=True)
    withdrawn_on = models.DateField("哪天撤回的", null=True, blank=True)
    entered_at = models.DateTimeField("录入时间", default=clock.now, editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=100, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id", "position"], name="picture_sent_once"),
            models.UniqueConstraint(fields=["station", "stored"], condition=~Q(stored=""), name="picture_stored_once"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                & ~Q(stored="") & ~Q(small="")
                | Q(voided_at__isnull=False, voided_by__isnull=False, stored="", small="") & ~Q(void_reason=""),
                name="picture_has_files_or_was_voided",
            ),
            models.CheckConstraint(
                condition=~Q(consent__in=[Consent.AGREED, Consent.WITHDRAWN])
                | Q(asked_on__isnull=False, asked_by__isnull=False) & ~Q(consent_form=""),
                name="picture_consent_is_told",
            ),
            models.CheckConstraint(
                condition=Q(consent=Consent.WITHDRAWN, withdrawn_on__isnull=False)
                | ~Q(consent=Consent.WITHDRAWN) & Q(withdrawn_on__isnull=True),
                name="picture_withdrawn_on_a_day",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["subject", "subject_key", "entered_at"], name="picture_of")]

    def __str__(self) -> str:
        return self.caption or f"{self.subject} {self.taken_on}"
