"""The keys of an installation: where they lie, how they are made, and what a lost one says.

They lie in SHUANGBAI_DATA/keys.json, readable by the owner alone, outside the repository and the
database. Old keys stay in the file, so that what they encrypted stays readable.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CIPHERS = ("aes-gcm", "sm4-gcm")


@dataclass(frozen=True, slots=True)
class Key:
    """One encryption key: its id stands in every value that it encrypted. 32 bytes; SM4 uses 16."""

    key_id: str
    cipher: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """The key that writes, all keys that read, and the key of the lookup hash."""

    current: Key
    by_id: dict[str, Key]
    hash_secret: bytes


def keys_path() -> Path:
    return Path(settings.DATA_DIR) / "keys.json"


def new_secret(length: int = 32) -> str:
    return base64.b64encode(secrets.token_bytes(length)).decode("ascii")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; whole or not at all, and never over an existing one."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    finally:
        temporary.unlink()


def prepare() -> None:
    """Make the keys of a new installation where there are none. Safe to call twice."""
    cipher = settings.CIPHER
    if cipher not in CIPHERS:
        raise ImproperlyConfigured(f"SHUANGBAI_CIPHER 只能是 {' 或 '.join(CIPHERS)}，现在是 {cipher}")
    if not keys_path().exists():
        key = {"cipher": cipher, "secret": new_secret()}
        ring = {"current": "k1", "keys": {"k1": key}, "hash_secret": new_secret()}
        write_private(keys_path(), json.dumps(ring, indent=1))
        keyring.cache_clear()
    secret_path = Path(settings.DATA_DIR) / "secret.key"
    if not secret_path.exists():
        write_private(secret_path, secrets.token_urlsafe(50))
        settings.SECRET_KEY = secret_path.read_text(encoding="ascii").strip()


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The keys of this installation.

    Raises ImproperlyConfigured, in one line, where the file is missing or cannot be read.
    """
    try:
        raw = json.loads(keys_path().read_text(encoding="ascii"))
        by_id = {
            key_id: Key(key_id, key["cipher"], base64.b64decode(key["secret"])) for key_id, key in raw["keys"].items()
        }
        return Keyring(by_id[raw["current"]], by_id, base64.b64decode(raw["hash_secret"]))
    except FileNotFoundError as error:
        message = f"缺少密钥文件 {keys_path()}：没有它，身份证号、电话和住址都读不出来。请从备份恢复后再启动。"
        raise ImproperlyConfigured(message) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"密钥文件 {keys_path()} 无法读取或已损坏，请从备份恢复后再启动。"
        raise ImproperlyConfigured(message) from error
