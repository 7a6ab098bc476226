"""What the pages and the check-up ask about backups and keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from shuangbai.core import clock
from shuangbai.network.roles import Permission
from shuangbai.upkeep.enums import RunState
from shuangbai.upkeep.models import BackupRun, Checkup, KeyRun

SHOWN = 60


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """What the set-up hub shows of this room: url name, label, one line about it, the permission for it."""
    return [
        ("checkup", "体检", "设置、权限、数据、磁盘、时钟和备份有没有问题，怎么办", Permission.RUN_SYSTEM),
        ("backups", "备份", "做备份、看每次备份有没有核对过", Permission.RUN_SYSTEM),
        ("keys", "密钥", "更换加密密钥，看换到哪里了", Permission.SET_POLICIES),
    ]


# After so long without a word, whoever was at it is taken to have been killed.
SILENT = timedelta(hours=6)
RESUME = timedelta(minutes=3)
BACKUP_JOB = "backup"


def backups() -> QuerySet[BackupRun]:
    return BackupRun.objects.select_related("asked_by").order_by("-asked_at", "-id")


def latest_good_backup() -> BackupRun | None:
    """The newest that was made and restored to try it."""
    return backups().filter(state=RunState.DONE, verified_at__isnull=False).first()


def oldest_kept_backup() -> datetime | None:
    """When the oldest backup was made whose file still lies where it was put."""
    there = (run for run in backups().filter(state=RunState.DONE) if (Path(run.folder) / run.name).exists())
    return min((run.asked_at for run in there), default=None)


def backup_under_way() -> BackupRun | None:
    recent = backups().filter(state__in=[RunState.WAITING, RunState.RUNNING])
    return recent.filter(asked_at__gt=clock.machine_now() - SILENT).first()


def latest_key_run() -> KeyRun | None:
    return KeyRun.objects.select_related("asked_by").order_by("-asked_at", "-id").first()


def is_silent(run: KeyRun | None) -> bool:
    """Whether nobody is at work on a change of key: it ended, or has not said a word for some minutes."""
    if run is None or run.ended_at is not None:
        return True
    return (run.seen_at or run.asked_at) < clock.machine_now() - RESUME


def latest_checkup() -> Checkup | None:
    return Checkup.objects.order_by("-made_at", "-id").first()


def next_backup_at() -> datetime | None:
    """When the next backup begins by itself; None where no passphrase is set, so that none does."""
    if not settings.BACKUP_PASSPHRASE_FILE:
        return None
    now = clock.machine_now()
    turn = now.replace(hour=settings.BACKUP_HOUR, minute=0, second=0, microsecond=0)
    return turn if turn > now else turn + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """A backup as the page lists it; `there` says whether its file still lies where it was put."""

    run: BackupRun
    state: str
    mark: str
    there: bool


def backup_lines() -> list[Line]:
    now, lines = clock.machine_now(), []
    for run in backups()[:SHOWN]:
        silent = run.state in (RunState.WAITING, RunState.RUNNING) and run.asked_at < now - SILENT
        state = "中断" if silent else run.get_state_display()
        if run.state == RunState.DONE:
            state = "已核对" if run.verified_at else "未核对"
        mark = {"已核对": "open", "未核对": "due", "没有成功": "due", "中断": "due"}.get(state, "")
        there = bool(run.name) and (Path(run.folder) / run.name).exists()
        lines.append(Line(run, state, mark, there))
    return lines
