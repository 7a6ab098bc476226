"""What is inside a backup: packed, complete, told from what somebody made up under the right passphrase."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import tracemalloc
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core import databases
from shuangbai.core.sealed import Unreadable, Writer
from shuangbai.upkeep import archive
from shuangbai.upkeep.archive import Manifest
from tests.upkeep.conftest import PASSPHRASE

pytestmark = [pytest.mark.nodb, pytest.mark.usefixtures("own_data")]
MANIFEST = Manifest(1, "0.1", "2020-06-06T02:00:00+08:00", "汕尾市", "sqlite", "3", {}, {}, "k1", "")


def fine(_manifest: Manifest) -> None:
    """Accepts every backup."""


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[[dict[str, bytes]], Path]:
    """A sealed file with members of the test's choice."""

    def make(members: dict[str, bytes]) -> Path:
        path = tmp_path / "made-up.sbb"
        with path.open("wb") as file:
            sealer = Writer(file, passphrase=PASSPHRASE)
            packed: Any = gzip.GzipFile(fileobj=sealer, mode="wb")  # type: ignore[call-overload]
            with packed, tarfile.open(fileobj=packed, mode="w|") as tar:
                for name, content in members.items():
                    member = tarfile.TarInfo(name)
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))
            sealer.close()
        return path

    return make


def unpack(path: Path, tmp_path: Path) -> Manifest:
    into = tmp_path / "into"
    into.mkdir()
    return archive.unpack(path, PASSPHRASE, into, fine)


def head(**changed: Any) -> bytes:
    return json.dumps({**asdict(MANIFEST), **changed}).encode()


def test_members_that_no_backup_has_are_written_nowhere(
    made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    path = made_up({"manifest.json": head(), "../keys.json": b"{}"})
    with pytest.raises(ImproperlyConfigured, match="不该有"):
        unpack(path, tmp_path)
    assert not (tmp_path / "keys.json").exists()


def test_one_without_its_list_of_contents_is_refused(
    made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    with pytest.raises(Unreadable, match="对不上"):
        unpack(made_up({"manifest.json": head(), "keys.json": b"{}"}), tmp_path)


def test_one_whose_list_says_otherwise_is_refused(made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path) -> None:
    listed = json.dumps({"manifest.json": "0" * 64, "keys.json": "0" * 64}).encode()
    with pytest.raises(Unreadable, match="对不上"):
        unpack(made_up({"manifest.json": head(), "keys.json": b"{}", "contents.json": listed}), tmp_path)


def test_one_of_a_format_to_come_is_refused(made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="格式是 2"):
        unpack(made_up({"manifest.json": head(format=2)}), tmp_path)


def test_one_that_says_more_than_we_know_is_refused(
    made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path
) -> None:
    with pytest.raises(ImproperlyConfigured, match="更新的版本"):
        unpack(made_up({"manifest.json": head(novelty=1)}), tmp_path)


def test_one_without_a_manifest_is_none(made_up: Callable[[dict[str, bytes]], Path], tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="不是本系统的备份"):
        unpack(made_up({"keys.json": b"{}"}), tmp_path)


def test_a_sealed_file_of_something_else_is_none(tmp_path: Path) -> None:
    path = tmp_path / "other"
    with path.open("wb") as file:
        sealer = Writer(file, passphrase=PASSPHRASE)
        sealer.write(b"a letter")
        sealer.close()
    with pytest.raises(Unreadable, match="读不出来"):
        unpack(path, tmp_path)


def test_a_large_database_takes_little_memory_and_little_room(
    own_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = b"2020-06-06,visit,home,met,\n" * 1000

    @contextmanager
    def copied(to: Path) -> Any:
        with to.open("wb") as file:
            for _ in range(1500):
                file.write(line)
        yield None

    monkeypatch.setattr(databases, "copied", copied)
    monkeypatch.setattr(archive, "_manifest", lambda asked, digest: MANIFEST)
    path = tmp_path / "large.sbb"
    tracemalloc.start()
    archive.make(path, PASSPHRASE)
    into = tmp_path / "into"
    into.mkdir()
    archive.unpack(path, PASSPHRASE, into, fine)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    name = databases.FILES[databases.kind()]
    assert (into / name).stat().st_size == 1500 * len(line)
    assert path.stat().st_size < 1 << 20
    assert peak < 24 << 20
    assert not list(own_data.glob("backup-work-*"))


def test_a_disk_that_fills_leaves_no_half_backup(
    own_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def copied(to: Path) -> Any:
        to.write_bytes(b"x")
        yield None

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(databases, "copied", copied)
    monkeypatch.setattr(archive, "_manifest", lambda asked, digest: MANIFEST)
    monkeypatch.setattr(archive, "_add", full)
    with pytest.raises(OSError, match="No space"):
        archive.make(tmp_path / "backups" / "one.sbb", PASSPHRASE)
    assert list((tmp_path / "backups").iterdir()) == []
    assert not list(own_data.glob("backup-work-*"))
