"""The keys of an installation: where they lie, how they are made and changed, and what a lost one says.

They lie in SHUANGBAI_DATA/keys.json, readable by the owner alone, outside the repository and the
database. Old keys stay in the file until they are retired, so that what they encrypted stays readable.
"""

import base64
import contextlib
import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CIPHERS = ("aes-gcm", "sm4-gcm")
# No write outlives this: whoever began to write under a key before it was changed has ended by then.
QUIET_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Key:
    """One encryption key: its id stands in every value that it encrypted. 32 bytes; SM4 uses 16.

    `left_at` is the second (of the machine) in which another became current; None while it is, or never was.
    """

    key_id: str
    cipher: str
    secret: bytes
    left_at: float | None = None


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key that writes, all keys that read, and the key of the lookup hash."""

    current: Key
    by_id: dict[str, Key]
    hash_secret: bytes


def keys_path() -> Path:
    return Path(settings.DATA_DIR) / "keys.json"


def secret_path() -> Path:
    """The signing key: its first line signs, the others are still believed."""
    return Path(settings.DATA_DIR) / "secret.key"


def new_secret(length: int = 32) -> str:
    return secret_text(secrets.token_bytes(length))


def secret_text(secret: bytes) -> str:
    return base64.b64encode(secret).decode("ascii")


def secret_bytes(text: str) -> bytes:
    return base64.b64decode(text)


def new_signing_key() -> str:
    return secrets.token_urlsafe(50)


def write_private(path: Path, text: str, *, over: bool = False) -> None:
    """Write a file that only its owner may read; whole or not at all, over an existing one only where told."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if over:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)
        flush_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def flush_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder: a file that was renamed stays renamed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def prepare() -> None:
    """Make the keys of a new installation where there are none. Safe to call twice."""
    if settings.CIPHER not in CIPHERS:
        raise ImproperlyConfigured(f"SHUANGBAI_CIPHER 只能是 {' 或 '.join(CIPHERS)}，现在是 {settings.CIPHER}")
    if not keys_path().exists():
        key = {"cipher": settings.CIPHER, "secret": new_secret()}
        ring = {"current": "k1", "keys": {"k1": key}, "hash_secret": new_secret()}
        write_private(keys_path(), json.dumps(ring, indent=1))
    if not secret_path().exists():
        made = new_signing_key()
        write_private(secret_path(), made)
        settings.SECRET_KEY = made


def keyring() -> Keyring:
    """The keys of this installation, read anew when the file has changed under a running process.

    Raises ImproperlyConfigured, in one line, where the file is missing or cannot be read.
    """
    path = f"{settings.DATA_DIR}/keys.json"  # asked for with each value: nothing here may take long
    try:
        found = os.stat(path)
        return _read(path, found.st_mtime_ns, found.st_ino, found.st_size)
    except FileNotFoundError as error:
        message = f"缺少密钥文件 {path}：没有它，身份证号、电话和住址都读不出来。请从备份恢复后再启动。"
        raise ImproperlyConfigured(message) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"密钥文件 {path} 无法读取或已损坏，请从备份恢复后再启动。"
        raise ImproperlyConfigured(message) from error


@lru_cache(maxsize=2)
def _read(path: str, *_stamp: int) -> Keyring:
    return parse(Path(path).read_text(encoding="ascii"))


def forget() -> None:
    """Read the file again at the next question, even where its time and size have not changed."""
    _read.cache_clear()


def parse(text: str) -> Keyring:
    """The keys in a file's text. Raises ValueError, KeyError, TypeError or AttributeError for what is none."""
    raw = json.loads(text)
    by_id = {
        key_id: Key(key_id, key["cipher"], base64.b64decode(key["secret"]), key.get("left_at"))
        for key_id, key in raw["keys"].items()
    }
    if any(key.cipher not in CIPHERS or len(key.secret) < 32 for key in by_id.values()):
        raise ValueError("a key of an unknown cipher, or too short")
    return Keyring(by_id[raw["current"]], by_id, base64.b64decode(raw["hash_secret"]))


# CHANGING ------------------------------------------------------------------


@contextmanager
def _changing() -> Iterator[dict[str, Any]]:
    """The file as a dict, to be changed; written whole at the end. One change at a time on this machine."""
    keyring()  # a missing or broken file says so
    with (Path(settings.DATA_DIR) / "keys.lock").open("a") as lock:
        os.chmod(lock.name, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        raw = json.loads(keys_path().read_text(encoding="ascii"))
        yield raw
        text = json.dumps(raw, indent=1)
        parse(text)
        write_private(keys_path(), text, over=True)


def add_key(cipher: str) -> Key:
    """Make a key and let it write from now on; those before it go on reading.

    Running processes notice by themselves. Raises ImproperlyConfigured for an unknown cipher.
    """
    if cipher not in CIPHERS:
        raise ImproperlyConfigured(f"加密算法只能是 {' 或 '.join(CIPHERS)}，现在是 {cipher}。")
    with _changing() as raw:
        numbers = [int(key_id[1:]) for key_id in raw["keys"] if key_id[:1] == "k" and key_id[1:].isdigit()]
        key_id = f"k{max([*numbers, raw.get('highest', 0)]) + 1}"  # an id once given is never given again
        raw["keys"][raw["current"]]["left_at"] = round(time.time())
        raw["keys"][key_id] = {"cipher": cipher, "secret": new_secret()}
        raw["current"], raw["highest"] = key_id, int(key_id[1:])
    return keyring().current


def remove_key(key_id: str) -> None:
    """Take a key out of the file for good; whether anything still needs it is the caller's to ask.

    Raises ImproperlyConfigured for a key that is unknown, current, or was until a moment ago.
    """
    with _changing() as raw:
        if key_id not in raw["keys"]:
            raise ImproperlyConfigured(f"密钥文件里没有 {key_id}，现有的是：{'、'.join(raw['keys'])}。")
        if key_id == raw["current"]:
            raise ImproperlyConfigured(f"{key_id} 正在使用，不能停用。请先更换密钥：shuangbai keys rotate")
        left = raw["keys"][key_id].get("left_at") or 0
        if time.time() - left < QUIET_SECONDS:
            raise ImproperlyConfigured(f"{key_id} 刚刚换下，可能还有写入没有结束，请 10 分钟后再停用。")
        del raw["keys"][key_id]


def set_hash_secret(secret: str) -> None:
    """Replace the key of the lookup hash (base64); every hash kept before must have been computed anew."""
    with _changing() as raw:
        raw["hash_secret"] = secret


def add_signing_key() -> None:
    """A new signing key; the one before it is believed until the next change, so that nobody is signed out."""
    before = secret_path().read_text(encoding="ascii").split()
    write_private(secret_path(), "\n".join([new_signing_key(), *before[:1]]) + "\n", over=True)


def drop_signing_keys() -> int:
    """Believe the newest signing key alone: everybody signs in anew. Returns how many were dropped."""
    lines = secret_path().read_text(encoding="ascii").split()
    write_private(secret_path(), f"{lines[0]}\n", over=True)
    return len(lines) - 1


def open_to_others() -> list[Path]:
    """The secret files that somebody else on this machine may read or write."""
    return [path for path in (keys_path(), secret_path()) if path.exists() and path.stat().st_mode & 0o077]


# THE CODE OF THE FIRST RUN -----------------------------------------------------
# Without 0, O, 1, I and L, which are misread: 31 characters, twelve of them, 59 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def _code_path() -> Path:
    return Path(settings.DATA_DIR) / "first-run.code"


def first_run_code() -> str:
    """The code that whoever founds the city in a browser must type; made where there is none yet.

    It lies in the data directory, so that only somebody with the server's console can know it.
    """
    if not _code_path().exists():
        drawn = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
        with contextlib.suppress(FileExistsError):  # somebody who started at the same time was first
            write_private(_code_path(), "-".join(drawn))
    return kept_first_run_code()


def kept_first_run_code() -> str:
    """The code that was made, or nothing: a page makes none."""
    try:
        return _code_path().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def is_first_run_code(typed: str) -> bool:
    """Whether somebody typed the code; small letters, spaces and dashes do not matter."""
    kept = kept_first_run_code()
    return bool(kept) and secrets.compare_digest(_plain(typed).encode(), _plain(kept).encode())


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def forget_first_run_code() -> None:
    """The first run has ended: the code opens nothing any more."""
    _code_path().unlink(missing_ok=True)
