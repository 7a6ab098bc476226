"""Web, job worker and periodic jobs: each a program of its own, or all under one roof for a desk or a small server."""

import errno
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from gunicorn.glogging import Logger

WEB_PROCESSES = 2
WEB_THREADS = 4
GRACE_SECONDS = 15
TABLES_SECONDS = 300
NOT_NOTED = {"/health", "/ready"}  # asked every few seconds by whoever watches
# Who is there is in the trail; here it would tell of an alarm, or of a case.
UNTOLD = ("/safeguarding/", "/cases/", "/stories/")
# When, who, what without the query string (it holds the words that people search for), how it went, how long.
ACCESS_LINE = "%(t)s %({x-forwarded-for}i)s %(m)s %(U)s %(s)s %(B)s %(M)sms"


class PathLog(Logger):
    """gunicorn's log of requests: by path, on one line whatever the path holds, without the watcher's."""

    def atoms(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().atoms(resp, req, environ, request_time)
        found["U"] = quote(str(environ.get("PATH_INFO", "")))
        via = re.sub(r"[^0-9a-fA-F.:, ]", "?", str(found.get("{x-forwarded-for}i", "-")))[:100]
        return {**found, "{x-forwarded-for}i": via}

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: Any) -> None:
        path = str(environ.get("PATH_INFO", ""))
        if path not in NOT_NOTED and not path.startswith(UNTOLD):
            super().access(resp, req, environ, request_time)


# WHERE -----------------------------------------------------------------------
@dataclass(frozen=True)
class Bind:
    """Where the web listens: a port of this machine, or a unix socket that a proxy reaches."""

    host: str = "127.0.0.1"
    port: int = 0
    path: str = ""

    @property
    def words(self) -> str:
        return f"unix:{self.path}" if self.path else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        return self.words if self.path else f"http://{self.words}"

    def probe(self) -> socket.socket:
        family = socket.AF_UNIX if self.path else socket.AF_INET6 if ":" in self.host else socket.AF_INET
        return socket.socket(family)

    @property
    def place(self) -> Any:
        return self.path or (self.host.strip("[]"), self.port)

    def answers(self) -> bool:
        with self.probe() as probe:
            return probe.connect_ex(self.place) == 0


def bind_from(text: str) -> Bind:
    """What SHUANGBAI_BIND says. Raises ImproperlyConfigured, in one line."""
    if text.startswith("unix:/"):
        return Bind(path=text.removeprefix("unix:"))
    host, _, port = text.rpartition(":")
    if host and port.isdigit() and 0 < int(port) < 65536:
        return Bind(host=host, port=int(port))
    raise ImproperlyConfigured(f"SHUANGBAI_BIND={text} 无法识别。请写成 127.0.0.1:8000 或 unix:/run/shuangbai/web.sock")


def check_bind(bind: Bind) -> None:
    """Raise ImproperlyConfigured, in one line, where the place cannot be had: taken, or kept for root."""
    if bind.path:
        if bind.answers():
            raise ImproperlyConfigured(f"{bind.path} 已有程序在用。请先停止它，或在 SHUANGBAI_BIND 里换一个。")
        return
    with bind.probe() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(bind.place)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                message = f"端口 {bind.port} 不能使用：{error.strerror}。请换一个：PORT=8000"
                raise ImproperlyConfigured(message) from error
            other = min(bind.port + 1, 65535)
            message = f"端口 {bind.port} 已被占用。请停止占用它的程序，或换一个端口：PORT={other} make demo"
            raise ImproperlyConfigured(message) from error


def counted(name: str, usual: int, most: int) -> int:
    """A number from the environment. Raises ImproperlyConfigured, in one line."""
    text = os.environ.get(name, str(usual))
    if not text.isdigit() or not 1 <= int(text) <= most:
        raise ImproperlyConfigured(f"{name}={text} 不是 1 到 {most} 之间的整数。")
    return int(text)


# WHAT RUNS -------------------------------------------------------------------
def gather_static() -> None:
    """Static files with hashed names, gathered anew only when one of them changed."""
    from django.contrib.staticfiles.finders import get_finders

    newest = 0.0
    for finder in get_finders():
        for path, storage in finder.list([]):
            newest = max(newest, os.path.getmtime(storage.path(path)))
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    # The place counts too: another build of the product has files of its own, perhaps older ones.
    mark = f"{newest} {settings.BASE_DIR}"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(mark, encoding="utf-8")


def web_command(bind: Bind) -> list[str]:
    processes = counted("SHUANGBAI_WEB_PROCESSES", WEB_PROCESSES, 64)
    threads = counted("SHUANGBAI_WEB_THREADS", WEB_THREADS, 64)
    command = [
        sys.executable, "-m", "gunicorn", "config.wsgi", f"--bind={bind.words}", f"--workers={processes}",
        f"--threads={threads}", "--worker-class=shuangbai.webworker.Worker", "--keep-alive=5", "--timeout=60",
        f"--graceful-timeout={GRACE_SECONDS}", "--no-control-socket", "--logger-class=shuangbai.server.PathLog",
        "--log-level=warning",
    ]  # fmt: skip
    log = os.environ.get("SHUANGBAI_ACCESS_LOG")
    return [*command, f"--access-logfile={log}", f"--access-logformat={ACCESS_LINE}"] if log else command


def environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(settings.BASE_DIR), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "SHUANGBAI_DATA": str(settings.DATA_DIR), "PYTHONPATH": path}


def become_web(bind: Bind) -> None:
    """Turn this process into the web server, so that whoever watches it watches the server itself."""
    check_bind(bind)
    gather_static()
    command = web_command(bind)
    os.execve(command[0], command, environment())  # noqa: S606


def work() -> None:
    """Do queued jobs until told to stop; the one under way is done to its end."""
    from shuangbai.core.jobs import Worker

    worker = Worker()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: worker.stopping.set())
    worker.loop()


def wait_for_tables() -> None:
    """Until web has brought the tables up to date: it alone does so. Raises ImproperlyConfigured after minutes."""
    from django.db import Error

    from shuangbai.core.readiness import migrations_fit

    for _ in range(TABLES_SECONDS):
        try:
            if migrations_fit():
                return
        except Error:
            pass
        time.sleep(1)
    raise ImproperlyConfigured("数据库连不上，或数据表还不是这个版本的。请先启动网页（shuangbai web），它会更新表。")


class Roof:
    """Web, worker and periodic jobs as children of one process. When one ends, the others are ended too."""

    def __init__(self, bind: Bind) -> None:
        others = [[sys.executable, "-m", "shuangbai", name] for name in ("worker", "periodic")]
        self.commands = [web_command(bind), *others]
        self.running = [self.start(command) for command in self.commands]
        self.reloading = False

    def start(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(command, env=environment())

    def watch(self) -> None:
        while all(process.poll() is None for process in self.running):
            time.sleep(0.5)
            if self.reloading:
                self.reloading = False
                self.reload()

    def reload(self) -> None:
        """New code and settings: the web changes its processes one by one, the others end and begin again."""
        web, *others = self.running
        web.send_signal(signal.SIGHUP)
        stop(others)
        self.running = [web, *(self.start(command) for command in self.commands[1:])]

    def ended_well(self) -> bool:
        return all(process.returncode in (0, -signal.SIGTERM, -signal.SIGINT) for process in self.running)


def serve(bind: Bind, *, ready: Callable[[str], None]) -> None:
    """Serve until stopped. `ready` is called with the address once it answers. SIGHUP reloads.

    Raises ImproperlyConfigured for a busy port, and where a program ends by itself.
    """
    check_bind(bind)
    gather_static()
    roof = Roof(bind)
    previous = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: setattr(roof, "reloading", True))
    try:
        wait_until_answered(bind, roof.running[0])
        ready(bind.address)
        roof.watch()
    finally:
        signal.signal(signal.SIGTERM, previous)
        stop(roof.running)
    if not roof.ended_well():
        raise ImproperlyConfigured("网页或后台任务意外停止，请查看上面的信息。")


def wait_until_answered(bind: Bind, web: "subprocess.Popen[bytes]") -> None:
    for _ in range(300):
        if web.poll() is not None:
            raise ImproperlyConfigured("网页没有启动，请查看上面的信息。")
        if bind.answers():
            return
        time.sleep(0.1)
    raise ImproperlyConfigured("网页 30 秒内没有启动，请查看上面的信息。")


def stop(running: "list[subprocess.Popen[bytes]]") -> None:
    """End programs gracefully; whoever is not done in time is killed, and loses nothing by it."""
    for process in running:
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + GRACE_SECONDS + 1
    for process in running:
        try:
            process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
