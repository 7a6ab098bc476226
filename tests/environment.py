"""Loaded before Django's settings (`-p tests.environment` in pyproject.toml): where tests keep data, and no network.

Each xdist worker has a data directory of its own, with fixed keys, so that a failure shows the same bytes twice.
"""

from __future__ import annotations

import atexit
import base64
import ipaddress
import json
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any


def _fixed_secret(letter: bytes) -> str:
    return base64.b64encode(letter * 32).decode("ascii")


def _data_directory() -> Path:
    directory = Path(tempfile.mkdtemp(prefix=f"sbtest-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-"))
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    keys = {"k1": {"cipher": "aes-gcm", "secret": _fixed_secret(b"k")}}
    ring = {"current": "k1", "keys": keys, "hash_secret": _fixed_secret(b"h")}
    (directory / "keys.json").write_text(json.dumps(ring), encoding="ascii")
    (directory / "secret.key").write_text("a-key-for-tests-alone-" * 3, encoding="ascii")
    (directory / "static").mkdir()  # whitenoise warns of a missing one
    return directory


os.environ["SHUANGBAI_DATA"] = str(_data_directory())
# What a person may have set for their own server must not reach the tests. DATABASE_URL alone comes through.
for _name in ("SHUANGBAI_CIPHER", "SHUANGBAI_DEBUG", "SHUANGBAI_HOSTS", "SHUANGBAI_HTTPS", "SHUANGBAI_SECRET_KEY"):
    os.environ.pop(_name, None)


class NetworkUsed(RuntimeError):
    """A test reached for another machine; the product never does."""


def _is_here(address: Any) -> bool:
    host = address[0] if isinstance(address, tuple) else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"}


def _guarded(name: str) -> None:
    original = getattr(socket.socket, name)

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address):
            self.close()
            raise NetworkUsed(f"a test connected to {address!r}")
        return original(self, address)

    setattr(socket.socket, name, connect)


_guarded("connect")
_guarded("connect_ex")
