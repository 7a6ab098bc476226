"""Sealed files: encrypted in chunks whose order and end are authenticated, written and read in constant memory.

    magic "SBSEAL1\\n" · length of the header, 4 bytes · header, JSON · SHA-256 of all before · chunks

A chunk is its plain bytes under AES-256-GCM or SM4-GCM with the tag behind; all but the last have the header's
`chunk` bytes in clear. Its nonce is 7 bytes of the header, 4 of its number, and one that says whether it is the
last (the STREAM construction), so that nothing is swapped, left out or cut off without being noticed. The key
comes from a passphrase (scrypt) or from the keyring, by HKDF with the file's own salt; docs/adr/0018.
"""

import base64
import hashlib
import hmac
import json
import os
import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shuangbai.core.crypto import seal, unseal
from shuangbai.core.keys import Key, Keyring, keyring

MAGIC = b"SBSEAL1\n"
CHUNK = 1 << 20
LONGEST_CHUNK = 1 << 24
LONGEST_HEADER = 1 << 16
TAG = 16
# 64 MB and some tenths of a second for every guess at a passphrase.
SCRYPT = {"n": 1 << 16, "r": 8, "p": 1}


class Unreadable(Exception):
    """A sealed file cannot be read; the sentence says whether it is damaged, cut off, or of another passphrase."""


class WrongPassphrase(Unreadable):
    """The passphrase is not the one that the file was made with."""


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _derived(secret: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=64, salt=salt, info=b"shuangbai sealed file").derive(secret)


def _from_passphrase(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt=salt, length=64, **cost).derive(passphrase.encode())


def _check(half: bytes) -> str:
    """What tells a wrong passphrase from a damaged file, without helping to guess one."""
    return _text(hmac.new(half, b"passphrase", hashlib.sha256).digest()[:16])


class Writer:
    """Seals what is written to it into `file`. `close` writes the last chunk: without it nothing can be read."""

    def __init__(self, file: BinaryIO, *, passphrase: str | None = None, chunk: int = CHUNK) -> None:
        """By a passphrase, or, without one, by the keyring's current key."""
        self._file, self._chunk, self._waiting, self._number = file, chunk, bytearray(), 0
        salt, prefix = os.urandom(32), os.urandom(7)
        header: dict[str, Any] = {"salt": _text(salt), "prefix": _text(prefix), "chunk": chunk}
        if passphrase is None:
            current = keyring().current
            both, cipher = _derived(current.secret, salt), current.cipher
            header |= {"key": current.key_id}
        else:
            both, cipher = _from_passphrase(passphrase, salt, SCRYPT), "aes-gcm"
            header |= {"scrypt": SCRYPT}
        header |= {"cipher": cipher, "check": _check(both[32:])}
        self._key, self._prefix = Key("", cipher, both[:32]), prefix
        raw = json.dumps(header).encode()
        self._head = MAGIC + struct.pack(">I", len(raw)) + raw
        self._bound = hashlib.sha256(self._head).digest()
        file.write(self._head + self._bound)

    def write(self, plain: bytes) -> int:
        self._waiting += plain
        # One byte more than a chunk must wait: only then is it certain that this is not the last.
        while len(self._waiting) > self._chunk:
            self._put(bytes(self._waiting[: self._chunk]), last=False)
            del self._waiting[: self._chunk]
        return len(plain)

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._prefix, self._number, last=last)
        self._file.write(seal(self._key, nonce, plain, self._bound))
        self._number += 1


def _nonce(prefix: bytes, number: int, *, last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, last)


class Reader:
    """What a Writer was given, chunk by chunk; `read` gives no byte that was not authenticated.

    Raises Unreadable (WrongPassphrase for a mistyped one), at the start for the header, later for a chunk.
    """

    def __init__(self, file: BinaryIO, *, passphrase: str | None = None, ring: Keyring | None = None) -> None:
        header, self._bound = read_header(file)
        try:
            salt, self._prefix = base64.b64decode(header["salt"]), base64.b64decode(header["prefix"])
            both = self._secret(header, salt, passphrase, ring)
            self._key = Key("", header["cipher"], both[:32])
            self._chunk, check = int(header["chunk"]), header["check"]
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("文件头缺少内容，文件已损坏。") from error
        if not 0 < self._chunk <= LONGEST_CHUNK:
            raise Unreadable("文件头的内容不合规定，文件已损坏。")
        if not hmac.compare_digest(check, _check(both[32:])):
            raise WrongPassphrase("口令不对：打不开这个文件。请核对口令后再试，什么都没有改动。")
        self._file, self._number, self._ready, self._ended = file, 0, b"", False
        self._ahead = file.read(self._chunk + TAG)

    @staticmethod
    def _secret(header: dict[str, Any], salt: bytes, passphrase: str | None, ring: Keyring | None) -> bytes:
        if "scrypt" in header:
            cost = {name: int(header["scrypt"][name]) for name in SCRYPT}
            if cost["n"] > 1 << 20 or cost["r"] > 32 or cost["p"] > 16:
                raise Unreadable("文件头的内容不合规定，文件已损坏。")
            return _from_passphrase(passphrase or "", salt, cost)
        key = (ring or keyring()).by_id.get(header["key"])
        if key is None:
            raise Unreadable(f"密钥 {header['key']} 不在密钥文件中，用它加密的文件读不出来。请从备份恢复密钥文件。")
        return _derived(key.secret, salt)

    def read(self, size: int = -1) -> bytes:
        while (size < 0 or len(self._ready) < size) and not self._ended:
            self._ready += self._next()
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _next(self) -> bytes:
        sealed, self._ahead = self._ahead, self._file.read(self._chunk + TAG)
        last = not self._ahead
        try:
            plain = unseal(self._key, _nonce(self._prefix, self._number, last=last), sealed, self._bound)
        except (InvalidTag, ValueError) as error:
            raise Unreadable(self._why(sealed, last=last)) from error
        self._number, self._ended = self._number + 1, last
        return plain

    def _why(self, sealed: bytes, *, last: bool) -> str:
        """Whether the file was cut off at a chunk's end, or within one, or changed."""
        place = f"第 {self._number + 1} 块"
        if last:
            try:
                unseal(self._key, _nonce(self._prefix, self._number, last=False), sealed, self._bound)
            except (InvalidTag, ValueError):
                return f"文件在{place}处不完整或被改动过。请重新复制一次，或换另一份备份。"
            return f"文件不完整：{place}之后的内容没有了。请重新复制一次，或换另一份备份。"
        return f"文件的{place}被改动过，不能相信它的内容。请重新复制一次，或换另一份备份。"


def read_header(file: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The header of a sealed file and what its chunks are bound to. Raises Unreadable."""
    start = file.read(len(MAGIC) + 4)
    if start[: len(MAGIC)] != MAGIC:
        raise Unreadable("这不是本系统的加密文件，请核对文件名。")
    length = struct.unpack(">I", start[len(MAGIC) :])[0] if len(start) == len(MAGIC) + 4 else LONGEST_HEADER + 1
    raw = file.read(length) if length <= LONGEST_HEADER else b""
    bound = hashlib.sha256(start + raw).digest()
    if len(raw) != length or file.read(len(bound)) != bound:
        raise Unreadable("文件头不完整或被改动过。请重新复制一次，或换另一份备份。")
    header: dict[str, Any] = json.loads(raw)
    return header, bound


# FILES THAT ARE KEPT -------------------------------------------------------


def key_of(path: Path) -> str | None:
    """The id of the key that a kept file is sealed with; None for a file in clear. Raises OSError."""
    with path.open("rb") as file:
        try:
            header, _ = read_header(file)
        except Unreadable:
            return None
    return str(header.get("key", ""))


def keep(path: Path, content: bytes) -> None:
    """Write a file sealed by the current key, so that nobody ever finds half of it. Raises OSError."""
    with keeping(path) as to:
        to.write(content)


@contextmanager
def keeping(path: Path) -> Iterator[Writer]:
    """Write a kept file piece by piece; it appears whole at the end of the block, or not at all."""
    passing = path.with_name(f".{uuid.uuid4()}")
    try:
        with open(passing, "wb", opener=_private) as file:
            to = Writer(file)
            yield to
            to.close()
            file.flush()
            os.fsync(file.fileno())
        os.replace(passing, path)
    finally:
        passing.unlink(missing_ok=True)


def kept(path: Path) -> bytes:
    """The content of a kept file. Raises OSError, Unreadable."""
    with path.open("rb") as file:
        return Reader(file).read()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_EXCL, 0o600)
