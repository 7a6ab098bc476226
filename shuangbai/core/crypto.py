"""Encryption of single values and keyed hashes for exact lookup.

A stored value reads `cipher:key-id:base64(nonce ‖ ciphertext ‖ tag)`, so that old values stay
readable after a change of key or cipher. AES-256-GCM by default; SM4-GCM (GB/T 32907) by setting.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core.keys import Key, keyring

_NONCE = 12
_TAG = 16


@lru_cache(maxsize=16)
def _aes(secret: bytes) -> AESGCM:
    return AESGCM(secret)


def _seal(key: Key, nonce: bytes, plain: bytes, purpose: bytes) -> bytes:
    if key.cipher == "aes-gcm":
        return _aes(key.secret).encrypt(nonce, plain, purpose)
    sealer = Cipher(algorithms.SM4(key.secret[:16]), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(purpose)
    return sealer.update(plain) + sealer.finalize() + sealer.tag


def _open(key: Key, nonce: bytes, sealed: bytes, purpose: bytes) -> bytes:
    if key.cipher == "aes-gcm":
        return _aes(key.secret).decrypt(nonce, sealed, purpose)
    opener = Cipher(algorithms.SM4(key.secret[:16]), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    opener.authenticate_additional_data(purpose)
    return opener.update(sealed[:-_TAG]) + opener.finalize()


def encrypt(text: str, purpose: str) -> str:
    """The value as it is stored. `purpose` binds it to its field: moved to another, it does not open."""
    key = keyring().current
    nonce = os.urandom(_NONCE)
    sealed = nonce + _seal(key, nonce, text.encode(), purpose.encode())
    return f"{key.cipher}:{key.key_id}:{base64.b64encode(sealed).decode('ascii')}"


def decrypt(stored: str, purpose: str) -> str:
    """The text of a stored value.

    Raises ImproperlyConfigured where its key is not in the keyring, cryptography's InvalidTag where
    the value was tampered with or belongs to another field.
    """
    _cipher, key_id, body = stored.split(":", 2)
    key = keyring().by_id.get(key_id)
    if key is None:
        raise ImproperlyConfigured(f"密钥 {key_id} 不在密钥文件中,用它加密的内容读不出来。请从备份恢复密钥文件。")
    sealed = base64.b64decode(body)
    return _open(key, sealed[:_NONCE], sealed[_NONCE:], purpose.encode()).decode()


def lookup_hash(text: str, purpose: str) -> str:
    """A keyed hash by which an exact value is found without being stored in clear (HMAC-SHA-256, 32 hex)."""
    message = f"{purpose}\x1f{text}".encode()
    return hmac.new(keyring().hash_secret, message, hashlib.sha256).hexdigest()[:32]
