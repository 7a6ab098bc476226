"""The original is destroyed; what comes back out of one file is the same city. On either database."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core import databases
from shuangbai.upkeep import archive, restoring
from shuangbai.upkeep.archive import Manifest
from tests.demonstration import SCRIPTS, Installed, Ran, drop_database, new_database
from tests.upkeep.conftest import PASSPHRASE

REPORT = ("report", "results", "--from", "2017-07-01", "--to", "2020-06-06")
LOOK = """
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS.append("testserver")
settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
from shuangbai.core import sealed
from shuangbai.households.models import Household, Person
client = Client()
signed_in = client.post("/signin", {"username": "worker", "password": "correct-horse-battery"})
answer = {
    "signed_in": signed_in.status_code,
    "families": "曾秀英" in client.get("/families/").content.decode(),
    "phones": sorted(Household.objects.values_list("phone", flat=True)),
    "history": sorted(Household.history.values_list("address", flat=True)),
    "found": client.get("/families/?q=11010519491231002X").content.decode().count("曾秀英") > 0,
    "id": [number for number in Person.objects.values_list("id_no", flat=True) if number],
    "file": sealed.kept(settings.MEDIA_ROOT / "photo").decode(),
}
"""
CHAIN = """
from shuangbai.core import chain
report = chain.verify()
answer = [report.sound, report.number, [fault.sentence for fault in report.faults]]
"""
RUNS = """
from shuangbai.upkeep.models import BackupRun
answer = [[run.origin, run.state, bool(run.verified_at)] for run in BackupRun.objects.order_by("asked_at")]
"""
TRAIL = """
import shuangbai.upkeep.actions
from shuangbai.core import audit
from shuangbai.core.models import AuditEvent
answer = [audit.sentence(event) for event in AuditEvent.objects.filter(kind__startswith="backup.").order_by("id")]
"""


def destroy(installed: Installed) -> None:
    """Nothing of it is left: no database, no keys, no files."""
    shutil.rmtree(installed.data)
    if installed.url:
        new_database(installed.url.rpartition("/")[2])


def said(ran: Ran, *words: str, code: int = 0) -> str:
    assert ran.code == code, ran.err
    for word in words:
        assert word in ran.out + ran.err
    assert "Traceback" not in ran.err
    return ran.out.strip()


@pytest.fixture(scope="session")
def backup(city_once: Installed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the small city, elsewhere."""
    to = tmp_path_factory.mktemp("elsewhere")
    return Path(said(city_once.run("backup", "--to", str(to), SHUANGBAI_BACKUP_PASSPHRASE=PASSPHRASE), "核对无误"))


def refused(ran: Ran, *words: str) -> None:
    """One line says why, after at most the steps that were begun."""
    assert ran.code == 1
    assert ran.out == ""
    last = ran.err.strip().splitlines()[-1]
    for word in words:
        assert word in last, ran.err
    assert "Traceback" not in ran.err


@pytest.mark.django_db
class TestTheWholeWay:
    def test_the_city_comes_back_after_everything_was_destroyed(
        self, small_city: Installed, backup: Path, passphrase_file: Path
    ) -> None:
        before, figures = small_city.asks(LOOK), said(small_city.run(*REPORT))
        assert before["signed_in"] == 302
        assert before["families"]
        assert before["found"]
        assert before["file"] == "a picture"
        assert "19900001234" not in backup.read_bytes().decode("latin1")
        destroy(small_city)
        refused(small_city.run(*REPORT), "还没有城市")
        shutil.rmtree(small_city.data, ignore_errors=True)
        ran = small_city.run("restore", str(backup), "--passphrase-file", str(passphrase_file))
        said(ran, "已恢复：汕尾市", "1 个文件")
        assert small_city.asks(LOOK) == before
        assert said(small_city.run(*REPORT)) == figures
        assert json.loads(figures)["figures"]
        for name in ("keys.json", "secret.key"):
            assert (small_city.data / name).stat().st_mode & 0o777 == 0o600
        assert small_city.data.stat().st_mode & 0o777 == 0o700
        assert small_city.asks(RUNS) == [["shell", "failed", False]]  # the backup holds itself under way
        assert small_city.asks(TRAIL)[-1].startswith("系统 把数据恢复为")
        assert small_city.asks(CHAIN) == [True, 1, []]

    def test_what_is_written_while_a_backup_is_made_does_no_harm_to_it(
        self, small_city: Installed, passphrase_file: Path, tmp_path: Path
    ) -> None:
        busy = (
            "from shuangbai.cli import start_django; start_django()\n"
            "from shuangbai.core.models import TextDocument\nfrom shuangbai.core.actions import writing\n"
            "from uuid import uuid4\nimport time\n"
            "until = time.monotonic() + 300\nprint('ready', flush=True)\n"
            "while time.monotonic() < until:\n"
            "    with writing():\n"
            "        for _ in range(20):\n"
            "            TextDocument.objects.create(id=uuid4().int >> 66, subject_id=uuid4(), owner_id=uuid4())\n"
            "    time.sleep(0.02)\n"
        )
        writer = subprocess.Popen(
            [str(SCRIPTS / "python"), "-c", busy], env=small_city.environment(), cwd=tempfile.gettempdir(),
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert writer.stdout
        try:
            assert writer.stdout.readline() == b"ready\n"
            for _ in range(2):
                ran = small_city.run("backup", "--to", str(tmp_path / "e"), "--passphrase-file", str(passphrase_file))
                said(ran, "核对无误")
            assert writer.poll() is None, "it stopped writing before the backup was made"
        finally:
            writer.kill()
            writer.wait()
            writer.stdout.close()

    def test_what_was_there_is_moved_aside_not_deleted(
        self, small_city: Installed, backup: Path, passphrase_file: Path
    ) -> None:
        small_city.asks("from shuangbai.core import chain; chain.seal()\n"  # a block that the backup does not know
                        "from shuangbai.core.models import Installation\n"
                        "Installation.objects.update(city_name='改过的城市'); answer = None")  # fmt: skip
        words = ("restore", str(backup), "--passphrase-file", str(passphrase_file))
        refused(small_city.run(*words), "已有数据", "--replace")
        said(small_city.run(*words, "--replace"), "已恢复：汕尾市")
        city = "from shuangbai.core.models import Installation; answer = Installation.objects.get().city_name"
        assert small_city.asks(city) == "汕尾市"
        assert small_city.asks(CHAIN) == [True, 1, []]  # the later head is explained
        (aside,) = small_city.data.glob("before-restore-*")
        assert (aside / "keys.json").exists()
        assert (aside / "files" / "photo").exists()
        if small_city.url:
            schema = f"from django.db import connection; c = connection.cursor(); c.execute('SELECT city_name FROM {aside.name.replace('-', '_')}.core_installation'); answer = c.fetchone()[0]"  # noqa: E501
            assert small_city.asks(schema) == "改过的城市"
            said(small_city.run("backup", "--passphrase-file", str(passphrase_file)), "核对无误")
        else:
            old = Installed(aside)
            assert old.asks(city) == "改过的城市"


@pytest.mark.django_db
class TestWhatIsRefused:
    @pytest.fixture
    def empty(self, tmp_path: Path) -> Installed:
        url = new_database(f"sbempty_{os.getpid()}")
        yield Installed(tmp_path / "new" / "var", url)
        drop_database(url)

    def untouched(self, installed: Installed) -> bool:
        from_database = True
        if installed.url:
            tables = "from django.db import connection; answer = connection.introspection.table_names()"
            from_database = installed.asks(tables) == []
        return not installed.data.exists() and from_database

    def test_a_mistyped_passphrase_touches_nothing(self, empty: Installed, backup: Path, tmp_path: Path) -> None:
        wrong = tmp_path / "wrong"
        wrong.write_text("four words for the test")
        for words in (("restore", str(backup)), ("backup", "verify", str(backup))):
            refused(empty.run(*words, "--passphrase-file", str(wrong)), "口令不对")
        shutil.rmtree(empty.data, ignore_errors=True)  # `verify` works in the data directory
        refused(empty.run("restore", str(backup), "--passphrase-file", str(wrong)), "口令不对", "没有改动")
        assert self.untouched(empty)

    def test_a_file_that_was_cut_off_or_altered(
        self, empty: Installed, backup: Path, passphrase_file: Path, tmp_path: Path
    ) -> None:
        whole = backup.read_bytes()
        for name, content in (
            ("cut", whole[: len(whole) // 2]),
            ("altered", whole[:-40] + bytes([whole[-40] ^ 1]) + whole[-39:]),
            ("no backup", b"SQLite format 3\x00" + whole[16:]),
        ):
            other = tmp_path / name
            other.write_bytes(content)
            ran = empty.run("restore", str(other), "--passphrase-file", str(passphrase_file))
            refused(ran, "不是本系统" if name == "no backup" else "备份")
            assert self.untouched(empty), name

    def test_a_backup_of_a_later_version_names_it(
        self, small_city: Installed, empty: Installed, passphrase_file: Path, tmp_path: Path
    ) -> None:
        small_city.asks(
            "from django.db.migrations.recorder import MigrationRecorder\nfrom django.db import connection\n"
            "MigrationRecorder(connection).record_applied('households', '0999_from_the_future'); answer = None"
        )
        ran = small_city.run(
            "backup", "--no-verify", "--to", str(tmp_path / "e"), "--passphrase-file", str(passphrase_file)
        )
        later = said(ran, "已备份")
        for words in (["restore", later], ["backup", "verify", later]):
            ran = empty.run(*words, "--passphrase-file", str(passphrase_file))
            refused(ran, "更新的版本", "households.0999_from_the_future", "升级")

    def test_where_the_system_is_running(self, small_city: Installed, backup: Path, passphrase_file: Path) -> None:
        sits = (
            "from shuangbai.cli import start_django; start_django()\n"
            "from shuangbai.core.models import Installation\nInstallation.objects.get()\n"
            "print('ready', flush=True)\nimport time; time.sleep(60)"
        )
        other = subprocess.Popen(
            [str(SCRIPTS / "python"), "-c", sits], env=small_city.environment(), cwd=tempfile.gettempdir(),
            stdout=subprocess.PIPE,
        )  # fmt: skip
        assert other.stdout
        try:
            assert other.stdout.readline() == b"ready\n"
            ran = small_city.run("restore", str(backup), "--replace", "--passphrase-file", str(passphrase_file))
            refused(ran, "正在运行", "停止")
        finally:
            other.kill()
            other.wait()
            other.stdout.close()

    @pytest.mark.parametrize("where", ["restoring.databases.put_aside", "restoring.open_one_each"])
    def test_a_restore_that_fails_midway_leaves_everything_as_it_was(
        self, small_city: Installed, backup: Path, passphrase_file: Path, where: str
    ) -> None:
        """Before the database was moved aside, and after: the keys in the backup do not open its values."""
        before = small_city.asks(LOOK)
        broken = (
            "import sys; from shuangbai.upkeep import restoring\n"
            "def off(*_): raise OSError(28, 'No space left on device')\n"
            f"{where} = off\n"
            "from shuangbai import cli\n"
            f"words = ['restore', {str(backup)!r}, '--replace', '--passphrase-file', {str(passphrase_file)!r}]\n"
            "answer = cli.main(words)"
        )
        assert small_city.asks(broken) == 1
        assert small_city.asks(LOOK) == before
        assert not list(small_city.data.glob("before-restore-*"))
        assert not list(small_city.data.glob(".restoring-*"))

    def test_a_passphrase_that_is_too_short_makes_no_backup(self, small_city: Installed, tmp_path: Path) -> None:
        short = tmp_path / "short"
        short.write_text("secret")
        ran = small_city.run("backup", "--to", str(tmp_path / "e"), "--passphrase-file", str(short))
        refused(ran, "口令只有 6 个字符")
        assert not (tmp_path / "e").exists() or not list((tmp_path / "e").iterdir())
        assert small_city.asks(RUNS)[-1] == ["shell", "failed", False]

    def test_no_passphrase_at_all(self, small_city: Installed) -> None:
        refused(small_city.run("backup"), "--passphrase-file", "SHUANGBAI_BACKUP_PASSPHRASE")

    def test_where_there_is_nothing_yet(self, empty: Installed, passphrase_file: Path) -> None:
        refused(empty.run("backup", "--passphrase-file", str(passphrase_file)), "还没有数据")
        assert self.untouched(empty)


@pytest.mark.django_db
def test_a_passphrase_may_come_from_the_environment(small_city: Installed) -> None:
    installed = small_city
    ran = installed.run("backup", SHUANGBAI_BACKUP_PASSPHRASE=PASSPHRASE)
    path = said(ran, "核对无误")
    assert Path(path).parent == installed.data / "backups"
    said(installed.run("backup", "verify", path, SHUANGBAI_BACKUP_PASSPHRASE=PASSPHRASE), "核对无误：汕尾市")
    assert not [one for one in installed.data.iterdir() if one.name.startswith(("backup-work", ".restoring"))]


@pytest.mark.nodb
class TestWithoutAnInstallation:
    def test_a_backup_of_another_kind_of_database_is_refused_by_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        manifest = Manifest(1, "0.1", "2020-06-06T02:00:00+08:00", "汕尾市", "postgresql", "15", {}, {}, "k1", "")
        monkeypatch.setattr(databases, "kind", lambda: databases.SQLITE)
        with pytest.raises(ImproperlyConfigured, match="是 PostgreSQL 的，这里用的是 SQLite"):
            restoring.accept_here(manifest)
        monkeypatch.setattr(databases, "kind", lambda: databases.POSTGRESQL)
        restoring.accept_here(manifest)

    @pytest.fixture
    def tool(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str, int], None]:
        """A tool of PostgreSQL of a certain version, the only one on PATH; the server is of version 15."""
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(databases, "kind", lambda: databases.POSTGRESQL)
        monkeypatch.setattr(databases, "server_version", lambda: "15")

        def make(name: str, version: int) -> None:
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {version}.4 (Debian)'\n")
            path.chmod(0o755)

        return make

    def test_missing_tools_of_postgresql_are_named(self, tool: Callable[[str, int], None]) -> None:
        with pytest.raises(ImproperlyConfigured, match=r"本机没有 pg_dump.*postgresql-client"):
            databases.check_tools()
        tool("pg_dump", 15)
        with pytest.raises(ImproperlyConfigured, match="本机没有 pg_restore"):
            databases.check_tools()
        tool("pg_restore", 15)
        databases.check_tools()

    def test_tools_that_do_not_fit_the_server_are_named(self, tool: Callable[[str, int], None], tmp_path: Path) -> None:
        tool("pg_dump", 14)
        with pytest.raises(ImproperlyConfigured, match=r"pg_dump 的版本是 14，数据库是 15.*postgresql-client-15"):
            databases.check_tools()
        tool("pg_restore", 17)
        with pytest.raises(ImproperlyConfigured, match="pg_restore 的版本是 17，数据库是 15"):
            databases._load_postgres(tmp_path / "none", {"dbname": "x"}, 15)

    def test_what_killed_runs_left_behind_goes_with_the_next(self, own_data: Path) -> None:
        left = [own_data / f"{archive.WORK}x", own_data / f"{archive.UNPACKED}x", own_data / f"{archive.WORK}young"]
        for folder in left:
            folder.mkdir()
            (folder / "database.sqlite3").write_bytes(b"in clear")
        for folder in left[:2]:
            os.utime(folder, (1, 1))
        with archive.work_folder() as work:
            assert work.stat().st_mode & 0o777 == 0o700
            assert {path for path in own_data.iterdir() if path.is_dir()} == {work, left[2]}
        assert not work.exists()

    def test_names_that_lead_out_of_the_folder_are_refused(self) -> None:
        for name in ("../keys.json", "files/../../x", "/etc/passwd", "files", "other", "files/..\\x", "write.lock"):
            with pytest.raises(ImproperlyConfigured, match="不该有"):
                archive.checked_name(name)
        assert archive.checked_name("files/reports/a.pdf") == "files/reports/a.pdf"
