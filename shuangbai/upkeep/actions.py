"""Writes of upkeep: backups asked for and made, keys changed and retired. `by` None is the system or its shell."""

from datetime import timedelta
from uuid import UUID

from shuangbai.core import audit, chain, clock, hashes, keys
from shuangbai.core.actions import action, writing
from shuangbai.core.crypto import hashing_by
from shuangbai.core.findings import Refused
from shuangbai.core.keys import Key
from shuangbai.core.models import Installation
from shuangbai.network.models import User
from shuangbai.upkeep.access import check_runs_system, check_sets_policies
from shuangbai.upkeep.enums import Origin, RunState
from shuangbai.upkeep.models import BackupRun, Checkup, KeyRun
from shuangbai.upkeep.queries import backup_under_way
from shuangbai.upkeep.values import files_by_key, values_by_key

BACKUP_ASKED = audit.kind("backup.asked", "{by} 要求备份（{origin}）")
BACKUP_MADE = audit.kind("backup.made", "{by} 做好一份备份 {name}，已恢复到临时位置核对")
BACKUP_FAILED = audit.kind("backup.failed", "{by} 的备份没有成功：{error}")
RESTORED = audit.kind("backup.restored", "{by} 把数据恢复为 {made_at} 的备份")
KEY_CHANGED = audit.kind("key.changed", "{by} 更换了加密密钥，从 {before} 换为 {after}（{cipher}）")
KEY_RETIRED = audit.kind("key.retired", "{by} 停用并删除了加密密钥 {key}")
HASHES_CHANGED = audit.kind("key.rehashed", "{by} 更换了查找用的密钥，重算 {rows} 行")
SIGNING_CHANGED = audit.kind("key.signing", "{by} 更换了签名密钥")
KEPT_CHECKUPS = timedelta(days=90)


# BACKUPS -------------------------------------------------------------------


@action
def ask_for_backup(*, by: User | None, origin: Origin) -> BackupRun:
    """Note that a backup is wanted. Raises NotAllowed; Refused while one is under way."""
    check_runs_system(by)
    if origin == Origin.PAGE and backup_under_way():
        raise Refused.because("backup", "已有一份备份正在进行，请等它结束。")
    run = BackupRun(asked_by=by, origin=origin)
    run.save(force_insert=True)
    audit.record(BACKUP_ASKED, by=by, about=run, origin=origin.label)
    return run


@action
def note_step(*, run_id: UUID, step: str) -> None:
    """What a running backup is doing."""
    BackupRun.objects.filter(pk=run_id, ended_at__isnull=True).update(state=RunState.RUNNING, step=step)


@action
def note_backup_made(*, run_id: UUID, folder: str, name: str, size: int, verified: bool) -> None:
    """The file is there, and was restored to try it unless `verified` is false."""
    now = clock.machine_now()
    BackupRun.objects.filter(pk=run_id).update(
        state=RunState.DONE, step="", ended_at=now, folder=folder, name=name, size=size, error="",
        verified_at=now if verified else None,
    )  # fmt: skip
    run = BackupRun.objects.select_related("asked_by").get(pk=run_id)
    audit.record(BACKUP_MADE, by=run.asked_by, about=run, name=name)


@action
def note_backup_failed(*, run_id: UUID, error: str) -> None:
    """There is no backup from this run, and why."""
    running = BackupRun.objects.filter(pk=run_id, ended_at__isnull=True)
    if not running.update(state=RunState.FAILED, step="", ended_at=clock.machine_now(), error=error[:300]):
        return  # it had ended before
    run = BackupRun.objects.select_related("asked_by").get(pk=run_id)
    audit.record(BACKUP_FAILED, by=run.asked_by, about=run, error=error[:300])


@action
def close_dead_runs(*, but: UUID) -> None:
    """Whoever holds the lock of backups knows that every other running one was killed."""
    dead = BackupRun.objects.filter(state=RunState.RUNNING).exclude(pk=but)
    dead.update(state=RunState.FAILED, step="", ended_at=clock.machine_now(), error="没有做完就中断了。")


@action
def note_restored(*, made_at: str) -> None:
    """The database is that of a backup: say so in its trail, and end the run that was under way when it was made.

    Raises OSError where the file of the trail's heads cannot be written.
    """
    running = BackupRun.objects.filter(state=RunState.RUNNING)
    said = "数据已恢复为这次所做的备份，当时还没有核对。"
    running.update(state=RunState.FAILED, step="", ended_at=clock.machine_now(), error=said)
    installation = Installation.objects.first()
    if installation:
        audit.record(RESTORED, by=None, about=installation, made_at=made_at)
    chain.say_restored(by=None, reason=f"恢复 {made_at} 的备份")


# KEYS ----------------------------------------------------------------------


@action
def change_key(*, by: User | None, cipher: str) -> KeyRun:
    """A new key writes from now on; the run that is returned encrypts the rest by it (jobs.order_rekeying).

    Raises NotAllowed, ImproperlyConfigured for an unknown cipher.
    """
    check_sets_policies(by)
    before = keys.keyring().current
    after = keys.add_key(cipher)
    # The file is not undone with a transaction that fails: then the new key writes already, and the run is begun anew.
    Installation.objects.update(key_id=after.key_id)
    run = KeyRun(asked_by=by, key_id=after.key_id)
    run.save(force_insert=True)
    audit.record(KEY_CHANGED, by=by, about=run, before=before.key_id, after=after.key_id, cipher=cipher)
    return run


@action
def continue_rekeying(*, by: User | None) -> KeyRun:
    """A run for what is left under older keys, after one that was killed or failed."""
    check_sets_policies(by)
    KeyRun.objects.filter(ended_at__isnull=True).update(
        state=RunState.FAILED, ended_at=clock.machine_now(), error="没有做完就中断了，由下一次接着做。"
    )
    run = KeyRun(asked_by=by, key_id=keys.keyring().current.key_id)
    run.save(force_insert=True)
    return run


@action
def note_rekeyed(*, run_id: UUID, done: int, total: int, ended: bool = False, error: str = "") -> None:
    """How far a change of key is, and at its end how it went."""
    now = clock.machine_now()
    state = RunState.RUNNING if not ended else RunState.FAILED if error else RunState.DONE
    KeyRun.objects.filter(pk=run_id, ended_at__isnull=True).update(
        state=state, done=done, total=max(total, done), seen_at=now, ended_at=now if ended else None, error=error[:300]
    )


@action
def retire_key(*, by: User | None, key_id: str) -> Key:
    """Delete a key that encrypts nothing any more. Raises NotAllowed; Refused while something is under it."""
    check_sets_policies(by)
    key = keys.keyring().by_id.get(key_id)
    many = values_by_key()[key_id] + files_by_key()[key_id]
    if key and many:
        raise Refused.because(
            "key", f"还有 {many} 处内容用 {key_id} 加密，不能停用。请先运行 shuangbai keys reencrypt。"
        )
    installation = Installation.objects.first()
    if installation and installation.key_id == key_id:
        Installation.objects.update(key_id=keys.keyring().current.key_id)
    if installation:
        audit.record(KEY_RETIRED, by=by, about=installation, key=key_id)
    keys.remove_key(key_id)
    assert key is not None  # noqa: S101  remove_key has refused an unknown one
    return key


def change_hash_secret(*, by: User | None) -> int:
    """A new key of the lookup hash, and every hash computed anew by it. Returns how many rows were written.

    The key file is replaced as the last thing before the rows are committed. Should the commit fail, the old key is
    put back; should the machine die in between, the check-up says so and this is run again. Raises NotAllowed.
    """
    check_sets_policies(by)
    fresh, old = keys.new_secret(), keys.secret_text(keys.keyring().hash_secret)
    try:
        with writing():
            with hashing_by(keys.secret_bytes(fresh)):
                rows = sum(keeper.rebuild() for keeper in hashes.KEEPERS.values())
            installation = Installation.objects.first()
            if installation:
                audit.record(HASHES_CHANGED, by=by, about=installation, rows=rows)
            keys.set_hash_secret(fresh)
    except BaseException:
        if keys.keyring().hash_secret == keys.secret_bytes(fresh):
            keys.set_hash_secret(old)
        raise
    return rows


@action
def change_signing_key(*, by: User | None, forget: bool) -> None:
    """Sign by a new key; with `forget` those before it are believed no more, and everybody signs in anew."""
    check_sets_policies(by)
    installation = Installation.objects.first()
    if installation:
        audit.record(SIGNING_CHANGED, by=by, about=installation)
    keys.add_signing_key()
    if forget:
        keys.drop_signing_keys()


# CHECK-UPS -----------------------------------------------------------------


@action
def keep_checkup(*, findings: list[dict[str, str]], seconds: float) -> Checkup:
    """Keep what a check-up found; those of three months ago go."""
    Checkup.objects.filter(made_at__lt=clock.machine_now() - KEPT_CHECKUPS).delete()
    return Checkup.objects.create(findings=findings, seconds=seconds)
