"""A lost key is said before anything is written, whichever way the product is started; and keys from the shell."""

from __future__ import annotations

import json

import pytest

from tests.demonstration import ROOT, SCRIPTS, Installed, Ran
from tests.upkeep.conftest import PASSPHRASE, age_keys

pytestmark = pytest.mark.django_db


def web(installed: Installed) -> Ran:
    """What a process of gunicorn does when it starts."""
    code = "import config.wsgi; print('ready')"
    return installed._done([str(SCRIPTS / "python"), "-c", code], PYTHONPATH=str(ROOT))


class TestTheWeb:
    def test_it_starts_with_its_keys(self, small_city: Installed) -> None:
        assert web(small_city).out == "ready\n"

    def test_without_the_key_file_it_does_not(self, small_city: Installed) -> None:
        (small_city.data / "keys.json").unlink()
        ran = web(small_city)
        assert (ran.code, ran.out) == (4, "")  # gunicorn's code for an application that does not load
        assert "缺少密钥文件" in ran.err
        assert len(ran.err.splitlines()) == 1
        assert not (small_city.data / "keys.json").exists()

    def test_nor_without_the_key_in_use(self, small_city: Installed) -> None:
        path = small_city.data / "keys.json"
        ring = json.loads(path.read_text())
        path.write_text(json.dumps({**ring, "current": "k9", "keys": {"k9": ring["keys"]["k1"]}}))
        ran = web(small_city)
        assert ran.code == 4
        assert "密钥文件里没有本库使用的密钥 k1" in ran.err

    def test_a_database_that_is_away_does_not_keep_it_from_starting(self, small_city: Installed) -> None:
        away = Installed(small_city.data, "postgres://sb:x@127.0.0.1:1/none")
        assert web(away).out == "ready\n"


class TestTheShell:
    def test_files_that_others_may_read_are_named_at_the_start(self, small_city: Installed) -> None:
        (small_city.data / "keys.json").chmod(0o644)
        ran = small_city.run("demo", "--no-serve")
        assert ran.code == 0
        assert f"注意：{small_city.data / 'keys.json'} 别的用户也能读" in ran.err

    def test_a_change_of_key_from_beginning_to_end(self, small_city: Installed) -> None:
        assert small_city.run("keys", "status").out == "k1\taes-gcm\t使用中\t20 处内容\t1 个文件\n"
        ran = small_city.run("keys", "rotate", "--cipher", "sm4-gcm")
        assert ran.out == "k2\t已改用新密钥 21 处\t仍用旧密钥 0 处\n", ran.err
        assert "请马上备份一次" in ran.err
        ran = small_city.run("keys", "retire", "k1")
        assert (ran.code, ran.out) == (1, "")
        assert "10 分钟后" in ran.err
        age_keys(small_city.data)
        small_city.run("backup", SHUANGBAI_BACKUP_PASSPHRASE=PASSPHRASE)
        ran = small_city.run("keys", "retire", "k1")
        assert ran.out == "k1\t已删除\n"
        assert "备份里仍有 k1" in ran.err
        assert small_city.run("keys", "status").out == "k2\tsm4-gcm\t使用中\t20 处内容\t1 个文件\n"
        assert web(small_city).out == "ready\n"

    def test_hashes_and_the_signing_key(self, small_city: Installed) -> None:
        before = (small_city.data / "secret.key").read_text().strip()
        assert "已更换查找用的密钥" in small_city.run("keys", "rehash").out
        assert "已登录的人不受影响" in small_city.run("keys", "rotate-signing").out
        assert (small_city.data / "secret.key").read_text().split()[1] == before
        settings = "from django.conf import settings; answer = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]"
        assert small_city.asks(settings) == (small_city.data / "secret.key").read_text().split()
        ran = small_city.run("keys", "rotate-signing", "--forget")
        assert "所有人要重新登录" in ran.out
        assert len(small_city.asks(settings)) == 1
        ran = small_city.run("keys", "rotate-signing", SHUANGBAI_SECRET_KEY="x" * 60)
        assert (ran.code, ran.out) == (1, "")
        assert "SHUANGBAI_SECRET_KEY" in ran.err
