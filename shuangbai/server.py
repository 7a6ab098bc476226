"""Web, job worker and periodic jobs under one roof, for one small server or a desk."""

import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

WEB_PROCESSES = 2
WEB_THREADS = 4


def check_port(port: int) -> None:
    """Raise ImproperlyConfigured, in one line, where the port cannot be had: taken, or kept for root."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise ImproperlyConfigured(f"端口 {port} 不能使用：{error.strerror}。请换一个：PORT=8000") from error
            message = f"端口 {port} 已被占用。请停止占用它的程序，或换一个端口：PORT={port + 1} make demo"
            raise ImproperlyConfigured(message) from error


def gather_static() -> None:
    """Static files with hashed names, gathered anew only when one of them changed."""
    from django.contrib.staticfiles.finders import get_finders

    newest = 0.0
    for finder in get_finders():
        for path, storage in finder.list([]):
            newest = max(newest, os.path.getmtime(storage.path(path)))
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    if stamp.exists() and stamp.read_text() == f"{newest}":
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(f"{newest}")


def serve(port: int, *, ready: Callable[[str], None]) -> None:
    """Serve on 127.0.0.1 until stopped. `ready` is called with the address once it answers.

    When one of the three programs ends, the others are ended too. Raises ImproperlyConfigured for a busy port.
    """
    check_port(port)
    gather_static()
    web = [
        sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind=127.0.0.1:{port}", f"--workers={WEB_PROCESSES}",
        f"--threads={WEB_THREADS}", "--worker-class=gthread", "--log-level=warning", "--timeout=60",
        "--no-control-socket",
    ]  # fmt: skip
    manage = [sys.executable, "-m", "shuangbai", "manage"]
    jobs = [*manage, "db_worker", "--verbosity=0", "--interval=2", "--no-startup-delay"]
    periodic = [*manage, "periodic"]
    environment = {**os.environ, "SHUANGBAI_DATA": str(settings.DATA_DIR), "PYTHONPATH": str(settings.BASE_DIR)}
    running = [subprocess.Popen(command, env=environment) for command in (web, jobs, periodic)]
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        wait_until_answered(port, running[0])
        ready(f"http://127.0.0.1:{port}")
        while all(process.poll() is None for process in running):
            time.sleep(0.5)
    finally:
        signal.signal(signal.SIGTERM, previous)
        stop(running)
    if any(process.returncode not in (0, -signal.SIGTERM, -signal.SIGINT) for process in running):
        raise ImproperlyConfigured("网页或后台任务意外停止，请查看上面的信息。")


def wait_until_answered(port: int, web: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if web.poll() is not None:
            raise ImproperlyConfigured("网页没有启动，请查看上面的信息。")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ImproperlyConfigured("网页 30 秒内没有启动，请查看上面的信息。")


def stop(running: "list[subprocess.Popen[bytes]]") -> None:
    for process in running:
        if process.poll() is None:
            process.terminate()
    for process in running:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
