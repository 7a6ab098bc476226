"""The key file changes under running processes: whole, never open to others, and no key is lost on the way."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import signing
from django.core.exceptions import ImproperlyConfigured

from shuangbai.core import crypto, keys

pytestmark = pytest.mark.nodb


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A data directory with keys of its own."""
    settings.DATA_DIR = tmp_path
    settings.CIPHER = "aes-gcm"
    settings.SECRET_KEY = django_settings.SECRET_KEY
    keys.forget()
    keys.prepare()
    yield tmp_path
    keys.forget()


def ages(folder: Path, seconds: float = 3600) -> None:
    """Let every change of key have happened that long ago."""
    raw = json.loads((folder / "keys.json").read_text())
    for key in raw["keys"].values():
        if key.get("left_at"):
            key["left_at"] -= seconds
    (folder / "keys.json").write_text(json.dumps(raw))


class TestAnotherKey:
    def test_it_writes_from_now_on_and_the_old_one_goes_on_reading(self, folder: Path) -> None:
        old = crypto.encrypt("三巷12号", "household.address")
        assert keys.add_key("sm4-gcm").key_id == "k2"
        new = crypto.encrypt("四巷1号", "household.address")
        assert (old.split(":")[:2], new.split(":")[:2]) == (["aes-gcm", "k1"], ["sm4-gcm", "k2"])
        assert crypto.decrypt(old, "household.address") == "三巷12号"
        assert crypto.decrypt(new, "household.address") == "四巷1号"

    def test_the_file_stays_private_and_nothing_else_is_left_behind(self, folder: Path) -> None:
        keys.add_key("aes-gcm")
        assert stat.S_IMODE((folder / "keys.json").stat().st_mode) == 0o600
        assert {path.name for path in folder.iterdir()} == {"keys.json", "secret.key", "keys.lock"}

    def test_another_process_notices_by_itself(self, folder: Path) -> None:
        assert keys.keyring().current.key_id == "k1"
        whole = json.loads((folder / "keys.json").read_text())
        whole["keys"]["k9"] = {"cipher": "aes-gcm", "secret": keys.new_secret()}
        keys.write_private(folder / "keys.json", json.dumps({**whole, "current": "k9"}), over=True)
        assert keys.keyring().current.key_id == "k9"

    def test_a_file_that_is_lost_under_a_running_process_is_noticed_before_anything_is_written(
        self, folder: Path
    ) -> None:
        crypto.encrypt("x", "y")
        (folder / "keys.json").unlink()
        with pytest.raises(ImproperlyConfigured, match="缺少密钥文件"):
            crypto.encrypt("x", "y")

    def test_two_who_change_at_once_both_get_a_key(self, folder: Path) -> None:
        threads = [threading.Thread(target=keys.add_key, args=("aes-gcm",)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(keys.keyring().by_id) == {f"k{number}" for number in range(1, 10)}

    def test_a_disk_that_fails_leaves_the_old_file(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        before = (folder / "keys.json").read_bytes()

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space"):
            keys.add_key("aes-gcm")
        assert (folder / "keys.json").read_bytes() == before
        assert not [path for path in folder.iterdir() if path.name.startswith(".")]

    def test_an_unknown_cipher_changes_nothing(self, folder: Path) -> None:
        with pytest.raises(ImproperlyConfigured, match="rot13"):
            keys.add_key("rot13")
        assert list(keys.keyring().by_id) == ["k1"]

    def test_asking_for_the_keys_costs_next_to_nothing(self, folder: Path) -> None:
        keys.keyring()
        began = time.perf_counter()
        for _ in range(10_000):
            keys.keyring()
        assert time.perf_counter() - began < 1


class TestRetiring:
    def test_a_retired_key_is_gone_from_every_file(self, folder: Path) -> None:
        secret = json.loads((folder / "keys.json").read_text())["keys"]["k1"]["secret"]
        keys.add_key("aes-gcm")
        ages(folder)
        keys.remove_key("k1")
        assert list(keys.keyring().by_id) == ["k2"]
        assert not [path for path in folder.iterdir() if secret in path.read_text()]

    def test_the_current_one_is_not(self, folder: Path) -> None:
        with pytest.raises(ImproperlyConfigured, match="正在使用"):
            keys.remove_key("k1")

    def test_nor_one_that_was_current_a_moment_ago(self, folder: Path) -> None:
        keys.add_key("aes-gcm")
        with pytest.raises(ImproperlyConfigured, match="刚刚换下"):
            keys.remove_key("k1")
        assert set(keys.keyring().by_id) == {"k1", "k2"}

    def test_nor_one_that_is_not_there(self, folder: Path) -> None:
        with pytest.raises(ImproperlyConfigured, match="k7"):
            keys.remove_key("k7")

    def test_an_id_is_never_given_twice(self, folder: Path) -> None:
        keys.add_key("aes-gcm")
        ages(folder)
        keys.remove_key("k1")
        keys.add_key("aes-gcm")
        ages(folder)
        keys.remove_key("k2")
        assert keys.add_key("aes-gcm").key_id == "k4"


class TestSigning:
    def believed(self, folder: Path, token: str) -> bool:
        first, *others = (folder / "secret.key").read_text().split()
        try:
            signing.loads(token, key=first, fallback_keys=others)
        except signing.BadSignature:
            return False
        return True

    def test_what_was_signed_before_is_believed_until_the_next_change(self, folder: Path) -> None:
        token = signing.dumps({"user": 1}, key=(folder / "secret.key").read_text().strip())
        keys.add_signing_key()
        assert self.believed(folder, token)
        keys.add_signing_key()
        assert not self.believed(folder, token)
        assert len((folder / "secret.key").read_text().split()) == 2

    def test_dropping_the_old_ones_signs_everybody_out(self, folder: Path) -> None:
        token = signing.dumps({"user": 1}, key=(folder / "secret.key").read_text().strip())
        keys.add_signing_key()
        assert keys.drop_signing_keys() == 1
        assert not self.believed(folder, token)
        assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600


def test_files_that_others_may_read_are_named(folder: Path) -> None:
    assert keys.open_to_others() == []
    (folder / "keys.json").chmod(0o640)
    assert keys.open_to_others() == [folder / "keys.json"]


def test_hashes_can_be_computed_by_the_secret_that_is_about_to_take_over(folder: Path) -> None:
    before, fresh = crypto.lookup_hash("1234", "tail"), keys.new_secret()
    with crypto.hashing_by(keys.secret_bytes(fresh)):
        ahead = crypto.lookup_hash("1234", "tail")
    assert before == crypto.lookup_hash("1234", "tail") != ahead
    keys.set_hash_secret(fresh)
    assert crypto.lookup_hash("1234", "tail") == ahead
