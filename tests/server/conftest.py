"""Starting the product's programs as an installation does."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.demonstration import SCRIPTS, Installed

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(fresh: Installed) -> Iterator[Start]:
    """Start a command of the product; what is left of it is killed at the end."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*words: str, **environment: str) -> subprocess.Popen[bytes]:
        with (fresh.data.parent / "said.log").open("ab") as log:
            running.append(
                subprocess.Popen(
                    [SCRIPTS / "shuangbai", *words], env=fresh.environment(**environment), cwd=fresh.data.parent,
                    stdout=log, stderr=log, start_new_session=True,
                )
            )  # fmt: skip
        return running[-1]

    yield begin
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
