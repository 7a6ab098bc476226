"""Work of upkeep that is too long for a page, or that nobody asks for: backups, changes of key, check-ups."""

import fcntl
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django_tasks import task

from shuangbai.core import clock, databases
from shuangbai.core.actions import writing
from shuangbai.core.sealed import Unreadable
from shuangbai.network.models import User
from shuangbai.upkeep import archive, doctor, rekeying, restoring
from shuangbai.upkeep.actions import (
    ask_for_backup,
    change_key,
    close_dead_runs,
    continue_rekeying,
    keep_checkup,
    note_backup_failed,
    note_backup_made,
    note_rekeyed,
    note_step,
)
from shuangbai.upkeep.enums import Origin, Step
from shuangbai.upkeep.models import BackupRun, Checkup, KeyRun
from shuangbai.upkeep.queries import is_silent, latest_key_run
from shuangbai.upkeep.rules import Keeping, parse_keeping, worth_keeping

log = logging.getLogger(__name__)
NO_PASSPHRASE = "没有设置备份口令（SHUANGBAI_BACKUP_PASSPHRASE_FILE），没有做备份。"  # noqa: S105


# BACKUPS -------------------------------------------------------------------


def order_backup(*, by: User) -> BackupRun:
    """Note that a backup is wanted and queue its job, in one transaction. Raises as `ask_for_backup` does."""
    with writing():
        run = ask_for_backup(by=by, origin=Origin.PAGE)
        make_backup.enqueue(str(run.pk))
    return run


@task()
def make_backup(run_id: str) -> None:
    """Make the backup that was asked for on a page. Run again after it ended, this changes nothing."""
    run = BackupRun.objects.filter(pk=run_id, ended_at__isnull=True).first()
    if run is not None:
        try_backup(run)


def back_up_daily() -> None:
    """The backup of the day; nothing where no passphrase is set, which the check-up says."""
    if settings.BACKUP_PASSPHRASE_FILE:
        try_backup(ask_for_backup(by=None, origin=Origin.SCHEDULE))


def try_backup(run: BackupRun) -> bool:
    """Make, try out and keep a backup under the passphrase of the settings; what goes wrong stands in the run."""
    try:
        passphrase, keeping = archive.scheduled_passphrase(), kept()
        if passphrase is None:
            raise ImproperlyConfigured(NO_PASSPHRASE)
        back_up(run, Path(settings.BACKUPS_DIR), passphrase)
        thin(Path(settings.BACKUPS_DIR), keeping)
    except Exception as error:
        if not isinstance(error, ImproperlyConfigured | Unreadable | OSError):
            log.exception("backup %s was not made", run.pk)
        note_backup_failed(run_id=run.pk, error=why(error))
        return False
    return True


def why(error: Exception) -> str:
    """A sentence for whoever reads the list of backups."""
    if isinstance(error, ImproperlyConfigured | Unreadable):
        return str(error)
    if isinstance(error, OSError):
        return f"文件没有写成：{error.strerror or error}。请检查备份目录和数据目录所在的磁盘。"
    if isinstance(error, DatabaseError):
        return "数据库没有完成这一步，请查看后台任务的日志。"
    return "备份没有做成，请查看后台任务的日志，然后再试一次。"


def back_up(run: BackupRun, folder: Path, passphrase: str, *, verified: bool = True) -> Path:
    """Make one backup in `folder`, restore it into a scratch place unless told otherwise, and note it in the run.

    One at a time: a second waits. Raises whatever making or trying it out raises.
    """
    with _turn():
        close_dead_runs(but=run.pk)
        path = _free(folder, clock.machine_now())
        archive.make(path, passphrase, lambda step: note_step(run_id=run.pk, step=step))
        if verified:
            note_step(run_id=run.pk, step=Step.VERIFYING)
            try:
                restoring.verify(path, passphrase)
            except Exception:
                path.replace(path.with_suffix(".bad"))  # kept for who looks for the reason, counted by nobody
                raise
        size = path.stat().st_size
        note_backup_made(run_id=run.pk, folder=str(folder), name=path.name, size=size, verified=verified)
    return path


@contextmanager
def _turn() -> Iterator[None]:
    with (databases.data_folder() / "backup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _free(folder: Path, moment: datetime) -> Path:
    path = folder / archive.new_name(moment)
    while path.exists():
        time.sleep(1)
        path = folder / archive.new_name(clock.machine_now())
    return path


def kept() -> Keeping:
    """Which backups are kept. Raises ImproperlyConfigured where the setting makes no sense."""
    try:
        return parse_keeping(settings.BACKUP_KEEP)
    except ValueError as error:
        said = f"SHUANGBAI_BACKUP_KEEP 写得不对：{settings.BACKUP_KEEP}，请写成 7,4,12 的样子。"
        raise ImproperlyConfigured(said) from error


def thin(folder: Path, keeping: Keeping) -> list[Path]:
    """Remove the backups that are not to be kept; files of other names are left alone."""
    moments: dict[datetime, Path] = {}
    for path in folder.glob(f"shuangbai-*{archive.SUFFIX}"):
        try:
            moments[datetime.strptime(path.name, f"shuangbai-%Y%m%d-%H%M%S{archive.SUFFIX}")] = path  # noqa: DTZ007
        except ValueError:
            continue
    stay = worth_keeping(moments, keeping)
    gone = [path for moment, path in moments.items() if moment not in stay]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


# KEYS ----------------------------------------------------------------------


def order_key_change(*, by: User, cipher: str) -> KeyRun:
    """Change the key and queue the job that encrypts the rest by it. Raises as `change_key` does."""
    with writing():
        run = change_key(by=by, cipher=cipher)
        rekey.enqueue(str(run.pk))
    return run


def order_continuation(*, by: User) -> KeyRun:
    """Queue a job for what an earlier one has left. Raises NotAllowed."""
    with writing():
        run = continue_rekeying(by=by)
        rekey.enqueue(str(run.pk))
    return run


@task()
def rekey(run_id: str) -> None:
    """Encrypt anew what is left under older keys. May be killed at any moment and run again."""
    run = KeyRun.objects.filter(pk=run_id, ended_at__isnull=True).first()
    if run is not None:
        try_rekeying(run)


def try_rekeying(run: KeyRun, show: Callable[[int, int], None] | None = None) -> str:
    """Rekey with the progress in `run`; the reason as a sentence where it did not come to its end."""
    done, total = 0, rekeying.left()
    note_rekeyed(run_id=run.pk, done=0, total=total)
    heard = time.monotonic()

    def told(many: int) -> None:
        nonlocal done, heard
        done += many
        if show:
            show(done, total)
        if time.monotonic() - heard > 1:
            heard = time.monotonic()
            note_rekeyed(run_id=run.pk, done=done, total=total)

    error = ""
    try:
        rekeying.rekey(told)
    except InvalidTag:
        error = "有内容被改动过或不属于它所在的栏，解不开。请运行 shuangbai doctor 查明是哪一处。"
    except (ImproperlyConfigured, Unreadable, OSError) as problem:
        error = why(problem)
    note_rekeyed(run_id=run.pk, done=done, total=total, ended=True, error=error)
    return error


def resume_rekeying() -> None:
    """Take up a change of key that was killed: one that has not said a word for some minutes and has not ended."""
    run = latest_key_run()
    if run is not None and run.ended_at is None and is_silent(run):
        try_rekeying(run)


# CHECK-UPS -----------------------------------------------------------------


def check_up() -> Checkup:
    """What of the check-up takes time, kept for the page; the page looks at the rest itself."""
    began = time.monotonic()
    findings = [finding.as_dict() for finding in doctor.examine(slow=True)]
    return keep_checkup(findings=findings, seconds=round(time.monotonic() - began, 1))


def check_up_daily() -> None:
    check_up()


@task()
def make_checkup() -> None:
    check_up()


def order_checkup() -> None:
    """Queue a whole check-up."""
    with writing():
        make_checkup.enqueue()
