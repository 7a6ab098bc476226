"""What was done to keep the installation sound: backups, changes of key, check-ups. Times are the machine's."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id
from shuangbai.upkeep.enums import AlertRule, Origin, RunState, Step

_TOLD = (
    Q(state__in=["waiting", "running"], ended_at__isnull=True, error="")
    | Q(state="done", ended_at__isnull=False, error="")
    | (Q(state="failed", ended_at__isnull=False) & ~Q(error=""))
)


class BackupRun(models.Model):
    """One backup: who asked, the file's name in the backup folder, and whether it was restored to try it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    origin = models.CharField("由来", max_length=10, choices=Origin)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("开始时间", default=clock.machine_now)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.WAITING)
    step = models.CharField("步骤", max_length=10, choices=Step, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    folder = models.CharField("目录", max_length=300, blank=True)
    name = models.CharField("文件名", max_length=120, blank=True)
    size = models.PositiveBigIntegerField("大小（字节）", null=True)
    verified_at = models.DateTimeField("核对时间", null=True)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_TOLD, name="backup_run_is_told"),
            models.CheckConstraint(
                condition=~Q(state="done") | (Q(size__isnull=False) & ~Q(name="")), name="backup_done_has_file"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="backup_asked")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.name}"


class KeyRun(models.Model):
    """One change of key: how many stored values are under it, of how many. The values themselves say the rest."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("开始时间", default=clock.machine_now)
    key_id = models.CharField("新密钥", max_length=20)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.WAITING)
    done = models.PositiveIntegerField("已换", default=0)
    total = models.PositiveIntegerField("共", default=0)
    seen_at = models.DateTimeField("最近进展", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_TOLD, name="key_run_is_told"),
            models.CheckConstraint(condition=Q(done__lte=F("total")), name="key_run_done_within_total"),
        ]
        indexes = [models.Index(fields=["asked_at"], name="key_run_asked")]

    def __str__(self) -> str:
        return f"{self.key_id} {self.done}/{self.total}"


class Checkup(models.Model):
    """The findings of one whole check-up: a list of {"code", "severity", "sentence", "remedy"}."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    made_at = models.DateTimeField("时间", default=clock.machine_now)
    seconds = models.FloatField("用时（秒）")
    findings = models.JSONField("结果")

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="checkup_made")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d} {len(self.findings)}"


class TrailCheck(models.Model):
    """One verification of the trail's chain: asked for, how far it is, what it found in sentences."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("开始时间", default=clock.machine_now)
    state = models.CharField("状态", max_length=10, choices=RunState, default=RunState.WAITING)
    done = models.PositiveIntegerField("已核对", default=0)
    total = models.PositiveIntegerField("共", default=0)
    seen_at = models.DateTimeField("最近进展", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    sound = models.BooleanField("完好", null=True)
    head = models.CharField("块首", max_length=64, blank=True)
    sentences = models.JSONField("结果", default=list)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_TOLD, name="trail_check_is_told"),
            models.CheckConstraint(
                condition=Q(state="done", sound__isnull=False) | (~Q(state="done") & Q(sound__isnull=True)),
                name="trail_check_done_has_verdict",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], name="trail_check_asked")]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.done}/{self.total}"


class OpeningAlert(models.Model):
    """Somebody opened unusually many masked values on a day: for the auditor to look at. Times are the city's.

    `opened` counts the values of the hour or the day that the rule speaks of; `usual` is the person's mean day.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"remark"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField("规则", max_length=10, choices=AlertRule)
    on = models.DateField("日期")
    raised_at = models.DateTimeField("提醒时间")
    opened = models.PositiveIntegerField("查看项数")
    usual = models.FloatField("平常每天", null=True)
    looked_at = models.DateTimeField("处理时间", null=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    remark = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(looked_at__isnull=True, looked_by__isnull=True, remark="")
                | (Q(looked_at__isnull=False, looked_by__isnull=False) & ~Q(remark="")),
                name="opening_alert_looked_at_whole",
            ),
            models.UniqueConstraint(
                fields=["user", "on"], condition=Q(looked_at__isnull=True), name="opening_alert_open_once_a_day"
            ),
        ]
        indexes = [models.Index(fields=["raised_at"], name="opening_alert_raised")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.on} {self.opened}"
