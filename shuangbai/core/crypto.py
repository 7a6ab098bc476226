"""Encryption of single values and keyed hashes for exact lookup.

A stored value reads `cipher:key-id:base64(nonce ‖ ciphertext ‖ tag)`, so that old values stay
readable after a change of key or cipher. AES-256-GCM by default; SM4-GCM (GB/T 32907) by setting.
"""

import base64
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core.keys import Key, Keyring, keyring

_NONCE = 12
_TAG = 16
_hash_secret: ContextVar[bytes | None] = ContextVar("hash_secret", default=None)


@lru_cache(maxsize=16)
def _aes(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def seal(key: Key, nonce: bytes, plain: bytes, purpose: bytes) -> bytes:
    """Ciphertext and tag under the key's cipher. A nonce of 12 bytes is never used twice with one key."""
    if key.cipher == "aes-gcm":
        return _aes(key.secret).encrypt(nonce, plain, purpose)
    sealer = Cipher(algorithms.SM4(key.secret[:16]), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(purpose)
    return sealer.update(plain) + sealer.finalize() + sealer.tag


def unseal(key: Key, nonce: bytes, sealed: bytes, purpose: bytes) -> bytes:
    """What `seal` was given. Raises cryptography's InvalidTag for anything else."""
    if key.cipher == "aes-gcm":
        return _aes(key.secret).decrypt(nonce, sealed, purpose)
    opener = Cipher(algorithms.SM4(key.secret[:16]), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    opener.authenticate_additional_data(purpose)
    return opener.update(sealed[:-_TAG]) + opener.finalize()


def mark(key: Key) -> str:
    """How every value begins that the key encrypted."""
    return f"{key.cipher}:{key.key_id}:"


def encrypt(text: str, purpose: str) -> str:
    """The value as it is stored. `purpose` binds it to its field: moved to another, it does not open."""
    key = keyring().current
    nonce = os.urandom(_NONCE)
    sealed = nonce + seal(key, nonce, text.encode(), purpose.encode())
    return f"{mark(key)}{base64.b64encode(sealed).decode('ascii')}"


def decrypt(stored: str, purpose: str, ring: Keyring | None = None) -> str:
    """The text of a stored value, by this installation's keys or by those of `ring` (a backup's).

    Raises ImproperlyConfigured where its key is not in the keyring, cryptography's InvalidTag where
    the value was tampered with or belongs to another field.
    """
    _cipher, key_id, body = stored.split(":", 2)
    key = (ring or keyring()).by_id.get(key_id)
    if key is None:
        raise ImproperlyConfigured(f"密钥 {key_id} 不在密钥文件中，用它加密的内容读不出来。请从备份恢复密钥文件。")
    sealed = base64.b64decode(body)
    return unseal(key, sealed[:_NONCE], sealed[_NONCE:], purpose.encode()).decode()


def lookup_hash(text: str, purpose: str) -> str:
    """A keyed hash by which an exact value is found without being stored in clear (HMAC-SHA-256, 32 hex)."""
    return hmac.digest(_secret(), f"{purpose}\x1f{text}".encode(), "sha256").hex()[:32]


def hasher(purpose: str) -> Callable[[str], str]:
    """`lookup_hash` for many values in one go: the keys are asked for once, and the hash begun with them once."""
    begun = hmac.new(_secret(), f"{purpose}\x1f".encode(), "sha256")

    def hashed(text: str) -> str:
        going_on = begun.copy()
        going_on.update(text.encode())
        return going_on.hexdigest()[:32]

    return hashed


def _secret() -> bytes:
    return _hash_secret.get() or keyring().hash_secret


@contextmanager
def hashing_by(secret: bytes) -> Iterator[None]:
    """Inside the block hashes are computed with another secret: the one that is about to take over."""
    token = _hash_secret.set(secret)
    try:
        yield
    finally:
        _hash_secret.reset(token)
