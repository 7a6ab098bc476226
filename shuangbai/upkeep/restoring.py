"""A backup tried out in a scratch place, and a backup put back."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core import clock, databases, keys
from shuangbai.core.crypto import decrypt
from shuangbai.core.keys import Keyring
from shuangbai.upkeep import archive
from shuangbai.upkeep.archive import FILES, HEADS, KEYS, SECRET, Manifest
from shuangbai.upkeep.values import columns

ASIDE = "before-restore-"
KEPT_NAMES = (KEYS, SECRET, FILES)


@dataclass(frozen=True)
class Verified:
    """What trying a backup out has shown."""

    manifest: Manifest
    rows: int
    files: int
    values: int


# TRYING OUT ----------------------------------------------------------------


def accept_here(manifest: Manifest) -> None:
    """Raise ImproperlyConfigured for a backup that this program cannot put into this kind of database."""
    newer = archive.newer_than_code(manifest)
    if newer:
        raise ImproperlyConfigured(
            f"这份备份来自更新的版本（{manifest.program}，本程序不认识其中的 {newer}）。"
            "请先升级程序，再恢复；什么都没有改动。"
        )
    if manifest.database != databases.kind():
        of, here = databases.NAMES[manifest.database], databases.NAMES[databases.kind()]
        raise ImproperlyConfigured(f"这份备份是 {of} 的，这里用的是 {here}。请恢复到 {of}，再用搬迁命令换数据库。")


def verify(file: Path, passphrase: str) -> Verified:
    """Restore a backup into a scratch place and look it over; nothing of the running installation is touched.

    Raises Unreadable or ImproperlyConfigured with a sentence that says what is wrong with it.
    """
    with archive.work_folder() as work:
        manifest = archive.unpack(file, passphrase, work, accept_here)
        ring = parse_keys(work)
        with databases.scratch(work / databases.FILES[manifest.database]) as asked:
            try:
                rows = look_over(asked, manifest)
                values = open_one_each(asked, ring)
            except sqlite3.DatabaseError as error:
                raise ImproperlyConfigured(f"备份里的数据库已损坏：{error}") from error
        files = sum(path.is_file() for path in (work / FILES).rglob("*"))
    return Verified(manifest, rows, files, values)


def parse_keys(folder: Path) -> Keyring:
    """The keys that a backup brought. Raises ImproperlyConfigured where there are none."""
    try:
        return keys.parse((folder / KEYS).read_text(encoding="ascii"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ImproperlyConfigured("备份里没有可用的密钥文件，恢复后读不出身份证号和电话。请换另一份备份。") from error


def look_over(asked: databases.Copied, manifest: Manifest) -> int:
    """That a restored database is sound and holds what the manifest says; the number of its rows."""
    complaint = asked.complaint()
    if complaint:
        raise ImproperlyConfigured(f"备份里的数据库没有通过自检：{complaint}")
    tables = asked.tables()
    counts = archive.count_rows(asked, tables)
    off = [table for table, many in manifest.counts.items() if counts.get(table) != many]
    if off:
        raise ImproperlyConfigured(f"备份的行数和清单对不上（{'、'.join(off[:3])}），不能用。请换另一份备份。")
    applied: dict[str, list[str]] = {}
    for app, name in asked.rows('SELECT app, name FROM "django_migrations" ORDER BY id'):
        applied.setdefault(app, []).append(name)
    if applied != manifest.migrations:
        raise ImproperlyConfigured("备份的表结构和清单对不上，不能用。请换另一份备份。")
    return sum(counts.values())


def open_one_each(asked: databases.Copied, ring: Keyring) -> int:
    """Decrypt one value of each encrypted column by the keys that came along; how many columns have one."""
    opened, tables = 0, asked.tables()
    for column in columns():
        if column.table not in tables:
            continue
        question = f'SELECT "{column.name}" FROM "{column.table}" WHERE "{column.name}" <> \'\' LIMIT 1'  # noqa: S608
        for (stored,) in asked.rows(question):
            try:
                decrypt(stored, column.field.purpose, ring)
            except (InvalidTag, ValueError) as error:
                raise ImproperlyConfigured("备份里的密钥打不开备份里的内容，不能用。请换另一份备份。") from error
            opened += 1
    return opened


# PUTTING BACK --------------------------------------------------------------


def refuse_if_unfit(*, replace: bool) -> None:
    """Raise ImproperlyConfigured where there is something that a restore would cover, or somebody at work."""
    data = databases.data_folder()
    there = [name for name in (KEYS, FILES) if _holds_something(data / name)]
    if not replace and (there or not databases.is_empty()):
        raise ImproperlyConfigured(
            f"{data} 或它的数据库里已有数据，没有恢复。要用备份换掉它，请加 --replace：原来的会移到一边，不会删除。"
        )
    if replace and databases.in_use():
        raise ImproperlyConfigured("系统正在运行，数据库有人在用。请先停止网页和后台任务，再恢复。")


def _holds_something(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(one.is_file() for one in path.rglob("*")))


def restore(file: Path, passphrase: str, *, replace: bool, said: Callable[[str], None]) -> Verified:
    """Put a backup in the place of this installation's data: whole, or everything stays as it was.

    What was there is moved aside, into a folder of the data directory (on PostgreSQL also a schema). Raises
    Unreadable or ImproperlyConfigured with a sentence; nothing has been touched then.
    """
    data = databases.data_folder()
    refuse_if_unfit(replace=replace)
    made = not data.exists()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=archive.UNPACKED, dir=data))
    try:
        said("正在解开备份……")
        manifest = archive.unpack(file, passphrase, work, accept_here)
        ring = parse_keys(work)
        files = sum(path.is_file() for path in (work / FILES).rglob("*"))
        said("正在放回并核对……")
        rows, values = _swap(work, manifest, ring)
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if made and not any(data.iterdir()):
            data.rmdir()
    return Verified(manifest, rows, files, values)


def _swap(work: Path, manifest: Manifest, ring: Keyring) -> tuple[int, int]:
    """Old out, new in, looked over; on any error old in again. The numbers of rows and of values that opened."""
    data, mark = databases.data_folder(), f"{clock.machine_now():%Y%m%d_%H%M%S}"
    aside, had_database = data / f"{ASIDE}{mark}", not databases.is_empty()
    aside.mkdir(mode=0o700)
    try:
        for name in KEPT_NAMES:
            _move(data / name, aside / name)
        if had_database:
            databases.put_aside(aside, mark)
        databases.put(work / databases.FILES[manifest.database])
        with databases.here() as asked:
            rows, values = look_over(asked, manifest), open_one_each(asked, ring)
        for name in KEPT_NAMES:
            _move(work / name, data / name)
        _bring_heads(work / HEADS)
        keys.flush_folder(data)
    except BaseException:
        for name in KEPT_NAMES:
            if (aside / name).exists():
                _remove(data / name)
                _move(aside / name, data / name)
        if had_database:
            databases.put_back(aside, mark)
        else:
            databases.clear()
        raise
    finally:
        if not any(aside.iterdir()):
            aside.rmdir()
    return rows, values


def _bring_heads(brought: Path) -> None:
    """The heads of the trail that are here already know more than those of the backup: they stay."""
    place = Path(settings.TRAIL_HEADS)
    if brought.exists() and not place.exists():
        shutil.copyfile(brought, place)
        place.chmod(0o600)


def _move(source: Path, target: Path) -> None:
    if source.exists():
        os.replace(source, target)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
