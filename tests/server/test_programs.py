"""The programs of an installation: where they listen, what they log, how they stop and begin again."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from gunicorn.config import Config

from shuangbai import server
from tests.demo.test_starting import INSTALL, one_line
from tests.demonstration import Installed, free_port
from tests.server.conftest import Start

SECONDS = 120  # a fresh installation makes its tables first, and two of them at once on two cores


class OverSocket(http.client.HTTPConnection):
    """HTTP over a unix socket, as a proxy speaks it."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=10)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def get(place: Path | int, path: str) -> tuple[int, str]:
    line = OverSocket(place) if isinstance(place, Path) else http.client.HTTPConnection("127.0.0.1", place, timeout=10)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read().decode()
    finally:
        line.close()


def until_ready(place: Path | int) -> None:
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        try:
            if get(place, "/ready")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail("it was never ready")


class TestTheWeb:
    def test_listens_on_a_socket_and_logs_paths_alone(self, fresh: Installed, start: Start, tmp_path: Path) -> None:
        place, log = tmp_path / "s", tmp_path / "access.log"
        web = start("web", SHUANGBAI_BIND=f"unix:{place}", SHUANGBAI_ACCESS_LOG=str(log), SHUANGBAI_WEB_PROCESSES="1")
        until_ready(place)
        assert get(place, "/health") == (200, "ok\n")
        assert get(place, "/first-run?next=%E6%9B%BE%E7%A7%80%E8%8B%B1")[0] == 200
        get(place, "/no%0Asuch")
        web.terminate()
        assert web.wait(SECONDS) == 0
        # Two threads write the two lines, each after its answer has gone out: their order is nobody's promise.
        other, first_run = sorted(log.read_text().splitlines(), key=lambda line: " GET /first-run 200 " in line)
        assert " GET /first-run 200 " in first_run
        assert " GET /no%0Asuch " in other

    def test_takes_new_settings_while_it_serves(self, start: Start, tmp_path: Path) -> None:
        """HUP: new processes take over; whoever asks meanwhile is answered."""
        place = tmp_path / "s"
        web = start("web", SHUANGBAI_BIND=f"unix:{place}", SHUANGBAI_WEB_PROCESSES="1")
        until_ready(place)
        before = self.children(web.pid)
        web.send_signal(signal.SIGHUP)
        limit = time.monotonic() + SECONDS
        while self.children(web.pid) & before and time.monotonic() < limit:
            assert get(place, "/health") == (200, "ok\n")
        assert not self.children(web.pid) & before

    @staticmethod
    def children(of: int) -> set[int]:
        listed = subprocess.run(["pgrep", "-P", str(of)], capture_output=True, text=True)
        return {int(line) for line in listed.stdout.split()}

    def test_a_socket_that_is_taken(self, fresh: Installed, tmp_path: Path) -> None:
        place = tmp_path / "s"
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(str(place))
            other.listen()
            one_line(fresh.run("web", SHUANGBAI_BIND=f"unix:{place}"), str(place), "停止")
        assert not fresh.data.exists()

    @pytest.mark.nodb
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("SHUANGBAI_BIND", "8000"), ("SHUANGBAI_BIND", "unix:relative"), ("SHUANGBAI_BIND", "127.0.0.1:0"),
            ("SHUANGBAI_WEB_PROCESSES", "0"), ("SHUANGBAI_WEB_THREADS", "many"),
        ],
    )  # fmt: skip
    def test_a_setting_that_makes_no_sense(self, tmp_path: Path, name: str, value: str) -> None:
        here = Installed(tmp_path / "var")
        one_line(here.run("web", PORT=str(free_port()), **{name: value}), f"{name}={value}")

    @pytest.mark.nodb
    def test_what_the_settings_say(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SHUANGBAI_WEB_PROCESSES", "3")
        monkeypatch.setenv("SHUANGBAI_WEB_THREADS", "5")
        command = server.web_command(server.bind_from("[::1]:8000"))
        assert {"--workers=3", "--threads=5", "--bind=[::1]:8000"} <= set(command)
        assert not [word for word in command if word.startswith("--access-log")]
        with pytest.raises(ImproperlyConfigured):
            server.bind_from("localhost")

    @pytest.mark.nodb
    def test_who_was_at_an_alarms_page_is_not_noted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        noted: list[str] = []
        monkeypatch.setattr(
            server.Logger, "access", lambda self, resp, req, environ, took: noted.append(environ["PATH_INFO"])
        )
        log = server.PathLog(Config())
        for path in ("/health", "/safeguarding/", "/safeguarding/new", "/families/"):
            log.access(None, None, {"PATH_INFO": path}, 0)
        assert noted == ["/families/"]

    @pytest.mark.nodb
    def test_a_forged_address_cannot_break_the_log(self) -> None:
        log = server.PathLog(Config())
        answer = type("Answer", (), {"status": "200 OK", "headers": [], "sent": 1})()
        asked = [("X-Forwarded-For", "1.2.3.4\x1b[2J evil")]
        environ = {"PATH_INFO": "/a", "REQUEST_METHOD": "GET", "RAW_URI": "/a?q=1", "SERVER_PROTOCOL": "HTTP/1.1"}
        import datetime

        atoms = log.atoms(answer, asked, environ, datetime.timedelta(seconds=1))
        assert set(atoms["{x-forwarded-for}i"]) <= set("0123456789abcdefABCDEF.:, ?")


class TestUnderOneRoof:
    def test_reloads_and_stops_with_all_it_started(self, fresh: Installed, start: Start) -> None:
        port = free_port()
        roof = start("serve", PORT=str(port), SHUANGBAI_WEB_PROCESSES="1")
        until_ready(port)
        children = TestTheWeb.children(roof.pid)
        assert len(children) == 3
        roof.send_signal(signal.SIGHUP)
        limit = time.monotonic() + SECONDS
        while len(TestTheWeb.children(roof.pid) - children) < 2 and time.monotonic() < limit:
            time.sleep(0.1)
        assert len(TestTheWeb.children(roof.pid) & children) == 1  # the web's own process stays
        until_ready(port)
        children = TestTheWeb.children(roof.pid)
        roof.terminate()
        assert roof.wait(SECONDS) == 0
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


class TestTheOthers:
    @pytest.mark.parametrize("name", ["worker", "periodic"])
    def test_begin_once_the_tables_are_there_and_end_when_asked(
        self, fresh: Installed, start: Start, name: str
    ) -> None:
        program = start(name)
        time.sleep(1)
        assert program.poll() is None  # it waits
        fresh.asks(INSTALL.format(clock_on=None))
        self.until_at_work(fresh)
        program.terminate()
        assert program.wait(SECONDS) in (0, -signal.SIGTERM)

    @staticmethod
    def until_at_work(fresh: Installed) -> None:
        alone = (
            "from shuangbai.core import presence\ntry:\n  with presence.alone(): answer = True\n"
            "except Exception: answer = False"
        )
        limit = time.monotonic() + SECONDS
        while fresh.asks(alone) and time.monotonic() < limit:
            time.sleep(0.1)
        assert fresh.asks(alone) is False
