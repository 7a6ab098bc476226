"""A backup as one sealed file: what goes in, and how it is read again.

Inside the seal lies a packed tar: `manifest.json` first, the database, `keys.json`, `secret.key`, the heads of the
trail, `files/…`, and `contents.json` last with the SHA-256 of each. Made in constant memory; docs/adr/0018.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.migrations.loader import MigrationLoader

from shuangbai.core import clock, databases, keys
from shuangbai.core.sealed import Reader, Unreadable, Writer
from shuangbai.upkeep.enums import Step
from shuangbai.upkeep.rules import passphrase_complaint

FORMAT = 1
SUFFIX = ".sbb"
MANIFEST, CONTENTS, FILES = "manifest.json", "contents.json", "files"
KEYS, SECRET, HEADS = "keys.json", "secret.key", "trail-heads.log"
WORK, UNPACKED = "backup-work-", ".restoring-"
LONGEST_TEXT = 1 << 26
PACKED = {databases.SQLITE: 3, databases.POSTGRESQL: 1}  # pg_dump packs its own
Told = Callable[[Step], None]


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself. `counts` are rows a table at the very moment of the copy."""

    format: int
    program: str
    made_at: str
    city: str
    database: str
    server: str
    migrations: dict[str, list[str]]
    counts: dict[str, int]
    key_id: str
    database_sha256: str
    chain_head: str = ""


def quiet(_step: Step) -> None:
    """Tells nobody."""


def program_version() -> str:
    try:
        return version("shuangbai")
    except PackageNotFoundError:
        return "0"


def new_name(moment: datetime) -> str:
    return f"shuangbai-{moment:%Y%m%d-%H%M%S}{SUFFIX}"


def scheduled_passphrase() -> str | None:
    """The passphrase of backups that nobody stands beside; None where none is set.

    Raises ImproperlyConfigured for a file that is missing, or whose first line will not do.
    """
    path = settings.BACKUP_PASSPHRASE_FILE
    return read_passphrase(Path(path)) if path else None


def read_passphrase(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"口令文件 {path} 读不出来，请检查路径和权限。") from error
    return lines[0] if lines else ""


# MAKING --------------------------------------------------------------------


@contextmanager
def work_folder() -> Iterator[Path]:
    """A private folder on the data's own disk for what must not lie elsewhere in clear; gone afterwards.

    What a killed backup or restore left behind a day ago goes too.
    """
    data = databases.data_folder()
    for old in (*data.glob(f"{WORK}*"), *data.glob(f"{UNPACKED}*")):
        if is_left_behind(old):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=WORK, dir=data))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def is_left_behind(path: Path) -> bool:
    return path.stat().st_mtime < time.time() - 24 * 3600


def make(to: Path, passphrase: str, told: Told = quiet) -> Manifest:
    """Write a backup into the file `to`, whole or not at all, while everybody goes on working.

    Raises ImproperlyConfigured for a passphrase that will not do, missing keys or tools; OSError for the disk.
    """
    complaint = passphrase_complaint(passphrase)
    if complaint:
        raise ImproperlyConfigured(complaint)
    keys.keyring()
    to.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    passing = to.with_name(f".{to.name}.{os.getpid()}.part")
    for old in to.parent.glob(".shuangbai-*.part"):
        if is_left_behind(old):
            old.unlink(missing_ok=True)
    with work_folder() as work:
        told(Step.COPYING)
        copy = work / databases.FILES[databases.kind()]
        with databases.copied(copy) as asked:
            manifest = _manifest(asked, digest_of(copy))
        told(Step.SEALING)
        try:
            with open(passing, "xb", opener=_private) as file:
                sealer = Writer(file, passphrase=passphrase)
                _pack(sealer, manifest, copy)
                sealer.close()
                file.flush()
                os.fsync(file.fileno())
            os.replace(passing, to)
            keys.flush_folder(to.parent)
        finally:
            passing.unlink(missing_ok=True)
    return manifest


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _manifest(asked: databases.Copied, digest: str) -> Manifest:
    tables = asked.tables()
    applied = asked.rows('SELECT app, name FROM "django_migrations" ORDER BY id')
    migrations: dict[str, list[str]] = {}
    for app, name in applied:
        migrations.setdefault(app, []).append(name)
    city = asked.rows('SELECT city_name FROM "core_installation"')
    return Manifest(
        format=FORMAT, program=program_version(), made_at=clock.machine_now().isoformat(timespec="seconds"),
        city=city[0][0] if city else "", database=databases.kind(), server=databases.server_version(),
        migrations=migrations, counts=count_rows(asked, tables), key_id=keys.keyring().current.key_id,
        database_sha256=digest, chain_head=_chain_head(asked),
    )  # fmt: skip


def _chain_head(asked: databases.Copied) -> str:
    """The hash of the trail's latest sealed block; nothing where none is sealed."""
    rows = asked.rows('SELECT hash FROM "core_auditblock" ORDER BY number DESC LIMIT 1')
    return str(rows[0][0]) if rows else ""


def model_tables() -> list[str]:
    """Every table that the code knows, each once."""
    return sorted({str(model._meta.db_table) for model in apps.get_models(include_auto_created=True)})


def count_rows(asked: databases.Copied, tables: set[str]) -> dict[str, int]:
    return {
        table: int(asked.rows(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608  names come from the models
        for table in model_tables()
        if table in tables
    }


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class _Counted:
    """A file as it is read, with its digest."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        some = self._file.read(size)
        self._digest.update(some)
        return some

    def digest(self) -> str:
        return self._digest.hexdigest()


def _pack(sealer: Writer, manifest: Manifest, copy: Path) -> None:
    data = databases.data_folder()
    digests: dict[str, str] = {}
    packed = gzip.GzipFile(fileobj=sealer, mode="wb", compresslevel=PACKED[manifest.database], mtime=0)  # type: ignore[call-overload]
    with packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, io.BytesIO(json.dumps(asdict(manifest), ensure_ascii=False).encode()), digests)
        secret = ((KEYS, data / KEYS), (SECRET, data / SECRET), (HEADS, Path(settings.TRAIL_HEADS)))
        for name, path in ((copy.name, copy), *secret, *_kept_files()):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue  # swept away meanwhile, or a signing key that comes from the environment
            with file:
                _add(tar, name, file, digests)
        _add(tar, CONTENTS, io.BytesIO(json.dumps(digests).encode()), {})


def _kept_files() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")) if root.exists() else ():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield f"{FILES}/{path.relative_to(root).as_posix()}", path


def _add(tar: tarfile.TarFile, name: str, file: BinaryIO, digests: dict[str, str]) -> None:
    member = tarfile.TarInfo(name)
    member.mode = 0o600
    member.size = file.seek(0, io.SEEK_END)
    file.seek(0)
    counted = _Counted(file)
    tar.addfile(member, counted)  # type: ignore[arg-type]
    digests[name] = counted.digest()


# READING -------------------------------------------------------------------


def unpack(file: Path, passphrase: str, into: Path, accept: Callable[[Manifest], None]) -> Manifest:
    """Write what a backup holds into the empty folder `into`. `accept` sees the manifest before anything is written.

    Raises Unreadable for a damaged file or another passphrase, ImproperlyConfigured for one that is no backup, and
    whatever `accept` raises.
    """
    manifest: Manifest | None = None
    found: dict[str, str] = {}
    promised: dict[str, str] | None = None
    with file.open("rb") as raw:
        reader = Reader(raw, passphrase=passphrase)
        packed = gzip.GzipFile(fileobj=reader, mode="rb")  # type: ignore[call-overload]
        try:
            with packed, tarfile.open(fileobj=packed, mode="r|") as tar:
                for member in tar:
                    content = _content(tar, member)
                    if member.name == MANIFEST:
                        manifest = parse_manifest(content.read(min(member.size, LONGEST_TEXT)), found)
                        accept(manifest)
                    elif manifest is None:
                        raise ImproperlyConfigured("这个文件不是本系统的备份，或是更新的版本做的。")
                    elif member.name == CONTENTS:
                        promised = json.loads(content.read(min(member.size, LONGEST_TEXT)))
                    else:
                        found[member.name] = _write(content, into / checked_name(member.name))
            while reader.read(1 << 16):  # to the very end: what is cut off behind the last member shows too
                pass
        except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise Unreadable("备份里面的内容读不出来，文件已损坏。请换另一份备份。") from error
    if manifest is None or promised != found:
        raise Unreadable("备份的内容和它自己的清单对不上，不能用。请换另一份备份。")
    return manifest


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> _Counted:
    content = tar.extractfile(member) if member.isreg() else None
    if content is None:
        raise ImproperlyConfigured(f"备份里有不该有的内容：{member.name}")
    return _Counted(content)  # type: ignore[arg-type]


def checked_name(name: str) -> str:
    """A member's name, if it is one of those a backup has. Raises ImproperlyConfigured for any other."""
    parts = PurePosixPath(name).parts
    if name in {KEYS, SECRET, HEADS, *databases.FILES.values()}:
        return name
    if len(parts) < 2 or parts[0] != FILES or ".." in parts or "\\" in name:
        raise ImproperlyConfigured(f"备份里有不该有的内容：{name}")
    return name


def _write(content: _Counted, path: Path) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "xb", opener=_private) as file:
        shutil.copyfileobj(content, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())
    return content.digest()


def parse_manifest(raw: bytes, found: dict[str, str]) -> Manifest:
    """Raises ImproperlyConfigured for a manifest of another format."""
    found[MANIFEST] = hashlib.sha256(raw).hexdigest()
    try:
        manifest = Manifest(**json.loads(raw))
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured("备份的说明读不懂：可能是更新的版本做的，请先升级程序。") from error
    if manifest.format != FORMAT:
        raise ImproperlyConfigured(f"备份的格式是 {manifest.format}，本程序只认 {FORMAT}，请先升级程序。")
    return manifest


def newer_than_code(manifest: Manifest) -> str:
    """A migration of the backup that this code does not know, as "app.name"; nothing where it knows all."""
    known = set(MigrationLoader(None).disk_migrations)
    own = {app for app, _ in known}
    for app, names in manifest.migrations.items():
        for name in names:
            if app in own and (app, name) not in known:
                return f"{app}.{name}"
    return ""
