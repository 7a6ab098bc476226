"""Files made from a report, and tables that people keep. No figure is stored: all are computed from the records."""

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit
from shuangbai.reports.enums import FileState

FOLDER = "reports"


class ReportFile(models.Model):
    """A results report asked for as PDF. Only its asker sees it.

    `question` is {"first", "last", "scope"}: two ISO dates, both included, and a unit's code. `origin` is where
    the asker's browser finds this server, so that links in the file open. The file on disk may be gone (jobs.py
    sweeps it away after a day); the row stays and says what was asked.
    """

    # Numbers and names of stations only; no field holds anything about a person who is served.
    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField("提交时间", default=clock.now, editable=False)
    question = models.JSONField("所问", editable=False)
    origin = models.CharField("网址", max_length=200, editable=False)
    state = models.CharField("状态", max_length=10, choices=FileState, default=FileState.WAITING, editable=False)
    made_at = models.DateTimeField("生成时间", null=True, editable=False)
    name = models.CharField("文件名", max_length=120, blank=True, editable=False)
    error = models.CharField("原因", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", made_at__isnull=True, name="", error="")
                | (Q(state="done", made_at__isnull=False, error="") & ~Q(name=""))
                | (Q(state="failed", made_at__isnull=True, name="") & ~Q(error="")),
                name="report_file_state_is_told",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.question}"

    @property
    def path(self) -> Path:
        """Where the file lies, or will."""
        return folder() / f"{self.pk}.pdf"

    @property
    def is_there(self) -> bool:
        """Whether it was made and has not been swept away."""
        return self.state == FileState.DONE and self.path.exists()


class SavedTable(models.Model):
    """A question for a table that somebody keeps under a name; `shared` with those who hold a role at its unit.

    `question` is what its form sends: figures, rows, columns, held, span or first and last, scope. With a span (上月)
    the period moves on with the day.
    """

    # A name given to a table of numbers; the form asks to name nobody in it.
    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    unit = models.ForeignKey(OrgUnit, verbose_name="机构", on_delete=models.PROTECT, related_name="+", editable=False)
    name = models.CharField("名称", max_length=40)
    question = models.JSONField("所问", editable=False)
    shared = models.BooleanField("同事也能打开", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    made_at = models.DateTimeField("保存时间", default=clock.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["made_by", "name"], name="saved_table_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_table_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


def folder() -> Path:
    """The directory of report files; it may not exist yet."""
    return Path(settings.MEDIA_ROOT) / FOLDER
