"""Values encrypted at rest: what is stored, what still opens, and what a lost key says."""

import base64
import json
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from shuangbai.core import crypto, keys
from shuangbai.core.fields import EncryptedTextField
from shuangbai.households.enums import Relation
from shuangbai.households.models import Household, Person
from tests.cast import a_family, a_member

ID = "11010519491231002X"


@pytest.fixture
def write_ring(tmp_path: Path, settings):
    """Give this test a data directory of its own, and write its key file."""
    settings.DATA_DIR = tmp_path

    def write(current: str, **ciphers: str) -> None:
        secrets = {
            key_id: {"cipher": cipher, "secret": base64.b64encode(key_id.encode()[:1] * 32).decode()}
            for key_id, cipher in ciphers.items()
        }
        ring = {"current": current, "keys": secrets, "hash_secret": base64.b64encode(b"h" * 32).decode()}
        (tmp_path / "keys.json").write_text(json.dumps(ring), encoding="ascii")
        keys.forget()

    keys.forget()
    yield write
    keys.forget()


@pytest.mark.nodb
class TestCrypto:
    @pytest.mark.parametrize("cipher", keys.CIPHERS)
    @pytest.mark.parametrize("text", ["三巷12号", "#", "𡒄" * 500])
    def test_what_was_encrypted_reads_the_same(self, write_ring, cipher, text):
        write_ring("a1", a1=cipher)
        stored = crypto.encrypt(text, "person.phone")
        assert crypto.decrypt(stored, "person.phone") == text
        assert stored.startswith(f"{cipher}:a1:")
        assert text not in stored.split(":")[2]

    @pytest.mark.parametrize("cipher", keys.CIPHERS)
    def test_one_value_never_looks_the_same_twice(self, write_ring, cipher):
        write_ring("a1", a1=cipher)
        assert len({crypto.encrypt("19900001234", "person.phone") for _ in range(50)}) == 50

    @pytest.mark.parametrize("cipher", keys.CIPHERS)
    @pytest.mark.parametrize("at", [0, 11, 12, -1])
    def test_a_single_changed_byte_does_not_open(self, write_ring, cipher, at):
        write_ring("a1", a1=cipher)
        head, key_id, body = crypto.encrypt("19900001234", "person.phone").split(":")
        raw = bytearray(base64.b64decode(body))
        raw[at] ^= 1
        with pytest.raises(InvalidTag):
            crypto.decrypt(f"{head}:{key_id}:{base64.b64encode(raw).decode()}", "person.phone")

    @pytest.mark.parametrize("cipher", keys.CIPHERS)
    def test_a_value_moved_to_another_field_does_not_open(self, write_ring, cipher):
        write_ring("a1", a1=cipher)
        stored = crypto.encrypt("19900001234", "person.phone")
        with pytest.raises(InvalidTag):
            crypto.decrypt(stored, "household.phone")

    def test_old_values_stay_readable_after_a_change_of_key_and_cipher(self, write_ring):
        write_ring("a1", a1="aes-gcm")
        old = crypto.encrypt("三巷12号", "household.address")
        write_ring("b2", a1="aes-gcm", b2="sm4-gcm")
        new = crypto.encrypt("四巷1号", "household.address")
        assert crypto.decrypt(old, "household.address") == "三巷12号"
        assert crypto.decrypt(new, "household.address") == "四巷1号"
        assert new.startswith("sm4-gcm:b2:")

    def test_a_key_that_left_the_ring_is_named_in_one_line(self, write_ring):
        write_ring("a1", a1="aes-gcm")
        stored = crypto.encrypt("三巷12号", "household.address")
        write_ring("b2", b2="aes-gcm")
        with pytest.raises(ImproperlyConfigured, match="密钥 a1 不在密钥文件中") as caught:
            crypto.decrypt(stored, "household.address")
        assert "\n" not in str(caught.value)

    def test_the_lookup_hash_is_keyed_and_bound_to_its_purpose(self, write_ring):
        write_ring("a1", a1="aes-gcm")
        one = crypto.lookup_hash(ID, "id")
        assert one == crypto.lookup_hash(ID, "id")
        assert one != crypto.lookup_hash(ID, "tail")
        assert len(one) == 32
        assert ID not in one

    def test_the_lookup_hash_survives_a_change_of_key(self, write_ring):
        write_ring("a1", a1="aes-gcm")
        before = crypto.lookup_hash(ID, "id")
        write_ring("b2", a1="aes-gcm", b2="sm4-gcm")
        assert crypto.lookup_hash(ID, "id") == before


@pytest.mark.nodb
class TestKeys:
    def test_a_missing_key_file_says_so_in_one_line(self, write_ring):
        with pytest.raises(ImproperlyConfigured, match="缺少密钥文件") as caught:
            crypto.encrypt("x", "y")
        assert "\n" not in str(caught.value)

    @pytest.mark.parametrize("content", ["", "{", "[]", '{"keys": {}}', '{"current": "k1", "keys": {"k1": {}}}'])
    def test_a_damaged_key_file_says_so_in_one_line(self, write_ring, tmp_path, content):
        (tmp_path / "keys.json").write_text(content, encoding="ascii")
        with pytest.raises(ImproperlyConfigured, match="已损坏") as caught:
            keys.keyring()
        assert "\n" not in str(caught.value)

    def test_a_new_installation_gets_keys_that_only_its_owner_reads(self, write_ring, tmp_path):
        keys.prepare()
        assert crypto.decrypt(crypto.encrypt("x", "y"), "y") == "x"
        for name in ("keys.json", "secret.key"):
            assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.json", "secret.key"]

    def test_preparing_twice_changes_nothing(self, write_ring, tmp_path):
        keys.prepare()
        before = (tmp_path / "keys.json").read_bytes()
        keys.prepare()
        assert (tmp_path / "keys.json").read_bytes() == before

    def test_an_existing_file_is_never_written_over(self, tmp_path):
        (tmp_path / "keys.json").write_text("old", encoding="ascii")
        with pytest.raises(FileExistsError):
            keys.write_private(tmp_path / "keys.json", "new")
        assert (tmp_path / "keys.json").read_text(encoding="ascii") == "old"
        assert len(list(tmp_path.iterdir())) == 1

    def test_an_unknown_cipher_is_refused_by_name(self, write_ring, settings):
        settings.CIPHER = "rot13"
        with pytest.raises(ImproperlyConfigured, match="rot13"):
            keys.prepare()

    def test_the_cipher_of_the_setting_is_the_one_that_writes(self, write_ring, settings):
        settings.CIPHER = "sm4-gcm"
        keys.prepare()
        assert crypto.encrypt("x", "y").startswith("sm4-gcm:k1:")


class TestFields:
    SECRETS = (ID, "19900001234", "三巷12号", "0660-6612345", "残证4415")

    @pytest.fixture
    def family(self, city, worker):
        from shuangbai.households.actions import TagEntry
        from tests.cast import START

        tag = TagEntry("disabled", START, certificate="残证4415")
        return a_family(
            city.chengdong, worker, address="三巷12号", phone="0660-6612345",
            members=[a_member("曾秀英", Relation.HEAD, id_no=ID, phone="19900001234", tags=[tag])],
        )  # fmt: skip

    def test_no_table_holds_an_id_a_phone_or_an_address_in_clear_history_included(self, family):
        seen = 0
        for model in apps.get_models(include_auto_created=True):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
                for row in cursor.fetchall():
                    seen += 1
                    found = [secret for secret in self.SECRETS if secret in " ".join(map(str, row))]
                    assert not found, f"{model.__name__} holds {found}"
        assert seen > 50

    def test_python_reads_them_in_clear_from_history_too(self, family):
        household = Household.objects.get(pk=family.household.pk)
        assert (household.address, household.phone) == ("三巷12号", "0660-6612345")
        assert household.history.get().address == "三巷12号"
        person = Person.objects.get()
        assert person.id_no == person.history.get().id_no == ID
        assert person.tags.get().history.get().certificate == "残证4415"

    def test_an_empty_value_stays_empty(self, city, worker):
        family = a_family(city.chengdong, worker)
        with connection.cursor() as cursor:
            cursor.execute("SELECT address, phone FROM households_household")
            assert cursor.fetchall() == [("", "")]
        assert Household.objects.get(pk=family.household.pk).address == ""

    def test_nobody_can_filter_by_an_encrypted_value(self, family):
        with pytest.raises(FieldError):
            Person.objects.filter(id_no=ID).exists()
        with pytest.raises(FieldError):
            Person.objects.filter(id_no__contains="1101").exists()

    def test_every_encrypted_field_has_a_purpose_of_its_own(self):
        purposes = {}
        for model in apps.get_models():
            if model.__name__.startswith("Historical"):
                continue
            for one in model._meta.get_fields():
                if isinstance(one, EncryptedTextField):
                    assert one.purpose not in purposes, one
                    purposes[one.purpose] = one
        assert len(purposes) >= 5
        assert "" not in purposes
