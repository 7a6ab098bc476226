"""Keys are changed while people work: everything is encrypted anew, nothing is lost, and a kill does no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, connection, transaction
from django_tasks_db.models import DBTaskResult

from shuangbai.core import audit, clock, hashes, keys, sealed
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent, Installation
from shuangbai.households.actions import change_person
from shuangbai.households.enums import Relation
from shuangbai.households.models import FindKey, Person
from shuangbai.households.queries import find_households
from shuangbai.network.models import User
from shuangbai.upkeep import jobs, rekeying
from shuangbai.upkeep.actions import change_hash_secret, change_key, change_signing_key, continue_rekeying, retire_key
from shuangbai.upkeep.enums import RunState
from shuangbai.upkeep.models import KeyRun
from shuangbai.upkeep.values import UNKNOWN, columns, files_by_key, orphaned, values_by_key
from tests.cast import City, a_family, a_member
from tests.upkeep.conftest import age_keys

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_data")]
NUMBER = "11010519491231002X"


@pytest.fixture
def families(city: City, worker: User) -> list[Any]:
    """Three families with everything that is encrypted, one of them changed, so that history has more."""
    made = [
        a_family(
            city.chengdong, worker, address=f"三巷{number}号", phone=f"0660-661234{number}",
            members=[a_member("曾秀英", Relation.HEAD, id_no="" if number else NUMBER, phone=f"1990000123{number}")],
        )
        for number in range(3)
    ]  # fmt: skip
    person = made[0].people[0]
    change_person(by=worker, person=person, version=1, changes={"phone": "19900005678"}, acknowledged=True)
    return made


@pytest.fixture
def photo(own_data: Path) -> Path:
    folder = own_data / "files" / "photos"
    folder.mkdir(parents=True)
    sealed.keep(folder / "one", b"a picture")
    return folder / "one"


def raw(table: str, column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")
        return [value for (value,) in cursor.fetchall()]


class TestWhatIsEncrypted:
    def test_every_encrypted_column_is_found_history_tables_too(self) -> None:
        names = {(column.table, column.name) for column in columns()}
        assert {("households_person", "id_no"), ("households_historicalperson", "id_no")} <= names
        assert len(names) >= 10

    def test_values_are_counted_by_key(self, families: list[Any]) -> None:
        # 3 addresses and 3 phones of families, an ID, 3 phones: each twice with history, and one changed person's two.
        assert values_by_key() == {"k1": 22, UNKNOWN: 0}

    def test_a_key_that_is_in_no_file_is_named_with_what_hangs_on_it(self, families: list[Any], own_data: Path) -> None:
        ring = json.loads((own_data / "keys.json").read_text())
        other = {"current": "k5", "keys": {"k5": ring["keys"]["k1"]}, "hash_secret": ring["hash_secret"]}
        (own_data / "keys.json").write_text(json.dumps(other))
        assert values_by_key()[UNKNOWN] == 22
        assert orphaned() == {"k1": 22}


class TestChanging:
    def test_everything_is_under_the_new_key_history_and_files_included(self, families: list[Any], photo: Path) -> None:
        run = change_key(by=None, cipher="sm4-gcm")
        assert jobs.try_rekeying(run) == ""
        assert values_by_key() == {"k1": 0, "k2": 22, UNKNOWN: 0}
        assert files_by_key() == {"k2": 1}
        assert rekeying.left() == 0
        assert all(value.startswith("sm4-gcm:k2:") for value in raw("households_historicalperson", "phone"))
        assert sealed.kept(photo) == b"a picture"
        person = Person.objects.get(pk=families[0].people[0].pk)
        assert (person.id_no, person.phone) == (NUMBER, "19900005678")
        assert {one.phone for one in person.history.all()} == {"19900001230", "19900005678"}
        run.refresh_from_db()
        assert (run.state, run.done, run.total, run.error) == (RunState.DONE, 23, 23, "")

    def test_until_then_old_values_are_read_and_new_ones_written(self, families: list[Any], worker: User) -> None:
        change_key(by=None, cipher="aes-gcm")
        person = Person.objects.get(pk=families[1].people[0].pk)
        assert person.phone == "19900001231"
        change_person(
            by=worker, person=person, version=person.version, changes={"phone": "19900009999"}, acknowledged=True
        )
        assert sorted(value.split(":")[1] for value in raw("households_person", "phone")) == ["k1", "k1", "k2"]
        assert Person.objects.get(pk=person.pk).phone == "19900009999"

    def test_the_database_knows_its_new_key(self, families: list[Any]) -> None:
        change_key(by=None, cipher="aes-gcm")
        assert Installation.objects.get().key_id == "k2"

    @pytest.mark.parametrize("after", range(0, 12, 3))
    def test_a_job_that_is_killed_goes_on_where_it_stopped(
        self, families: list[Any], photo: Path, monkeypatch: pytest.MonkeyPatch, after: int
    ) -> None:
        monkeypatch.setattr(rekeying, "AT_ONCE", 2)
        run = change_key(by=None, cipher="aes-gcm")

        class Killed(BaseException):
            pass

        batches = 0

        def told(_many: int) -> None:
            nonlocal batches
            batches += 1
            if batches > after:
                raise Killed

        with pytest.raises(Killed):
            rekeying.rekey(told)
        done = 23 - rekeying.left()
        assert 0 < done < 23
        assert jobs.try_rekeying(run) == ""
        run.refresh_from_db()
        assert (run.done, rekeying.left()) == (23 - done, 0)
        assert Person.objects.get(pk=families[0].people[0].pk).id_no == NUMBER

    def test_what_somebody_saves_meanwhile_is_not_written_over(
        self, families: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change_key(by=None, cipher="aes-gcm")
        person, replace = Person.objects.get(pk=families[0].people[0].pk), rekeying._replace

        def saved_in_between(column: Any, anew: Any) -> None:
            if (column.table, column.name) == ("households_person", "phone"):
                Person.objects.filter(pk=person.pk).update(phone="19900007777")
            replace(column, anew)

        monkeypatch.setattr(rekeying, "_replace", saved_in_between)
        rekeying.rekey(lambda many: None)
        assert Person.objects.get(pk=person.pk).phone == "19900007777"
        assert rekeying.left() == 0

    def test_a_value_that_was_tampered_with_stops_it_with_a_sentence(self, families: list[Any]) -> None:
        (column,) = (one for one in columns() if (one.table, one.name) == ("households_person", "id_no"))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE households_person SET phone = id_no WHERE id_no <> ''")
        assert column.rows().count() == 1
        run = change_key(by=None, cipher="aes-gcm")
        error = jobs.try_rekeying(run)
        assert "shuangbai doctor" in error
        run.refresh_from_db()
        assert (run.state, run.error) == (RunState.FAILED, error)

    def test_one_that_was_killed_is_taken_up_by_itself(
        self, families: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run = change_key(by=None, cipher="aes-gcm")
        jobs.resume_rekeying()
        assert rekeying.left() == 22  # it may still be at work
        KeyRun.objects.update(asked_at=clock.machine_now() - 2 * jobs_pause())
        jobs.resume_rekeying()
        assert rekeying.left() == 0
        run.refresh_from_db()
        assert run.state == RunState.DONE

    def test_by_the_button_a_job_does_it(self, families: list[Any], security: User) -> None:
        run = jobs.order_key_change(by=security, cipher="aes-gcm")
        assert DBTaskResult.objects.get().args_kwargs["args"] == [str(run.pk)]
        jobs.rekey.call(str(run.pk))
        assert rekeying.left() == 0
        assert audit.sentence(AuditEvent.objects.get(kind="key.changed")).startswith(
            "何敏 更换了加密密钥，从 k1 换为 k2"
        )

    @pytest.mark.parametrize("act", ["key", "go on", "retire", "hashes", "signing"])
    @pytest.mark.parametrize("who", ["worker", "head", "officer", "sysadmin", "auditor"])
    def test_nobody_but_the_security_administrator(self, city: City, own_data: Path, who: str, act: str) -> None:
        before = (own_data / "keys.json").read_bytes(), (own_data / "secret.key").read_bytes()
        acts: dict[str, Callable[[User], object]] = {
            "key": lambda by: change_key(by=by, cipher="aes-gcm"),
            "go on": lambda by: continue_rekeying(by=by),
            "retire": lambda by: retire_key(by=by, key_id="k1"),
            "hashes": lambda by: change_hash_secret(by=by),
            "signing": lambda by: change_signing_key(by=by, forget=True),
        }
        with pytest.raises(NotAllowed):
            acts[act](city.users[who])
        assert ((own_data / "keys.json").read_bytes(), (own_data / "secret.key").read_bytes()) == before

    def test_the_kept_row_tells_no_nonsense(self) -> None:
        for wrong in ({"done": 2, "total": 1}, {"state": "done"}, {"state": "failed", "ended_at": clock.machine_now()}):
            with pytest.raises(IntegrityError), transaction.atomic():
                KeyRun.objects.create(key_id="k2", **wrong)


def jobs_pause() -> Any:
    from shuangbai.upkeep.queries import RESUME

    return RESUME


class TestRetiring:
    def test_a_key_goes_once_nothing_is_under_it(self, families: list[Any], photo: Path, own_data: Path) -> None:
        jobs.try_rekeying(change_key(by=None, cipher="aes-gcm"))
        age_keys(own_data)
        retire_key(by=None, key_id="k1")
        assert list(keys.keyring().by_id) == ["k2"]
        assert Person.objects.get(pk=families[0].people[0].pk).id_no == NUMBER
        assert sealed.kept(photo) == b"a picture"

    def test_not_while_a_value_is(self, families: list[Any], own_data: Path) -> None:
        change_key(by=None, cipher="aes-gcm")
        age_keys(own_data)
        with pytest.raises(Refused, match="还有 22 处内容"):
            retire_key(by=None, key_id="k1")

    def test_not_while_a_file_is(self, city: City, photo: Path, own_data: Path) -> None:
        change_key(by=None, cipher="aes-gcm")
        age_keys(own_data)
        with pytest.raises(Refused, match="还有 1 处内容"):
            retire_key(by=None, key_id="k1")

    def test_not_the_one_in_use(self, city: City) -> None:
        with pytest.raises(ImproperlyConfigured, match="正在使用"):
            retire_key(by=None, key_id="k1")
        assert not AuditEvent.objects.filter(kind="key.retired").exists()


class TestHashes:
    def found(self, city: City, typed: str) -> int:
        from shuangbai.households.models import Household

        return find_households(Household.objects.all(), [city.chengdong.pk], typed).count()

    def test_people_are_found_by_their_numbers_after_the_secret_was_changed(
        self, city: City, families: list[Any]
    ) -> None:
        before = Person.objects.exclude(id_hash="").values_list("id_hash", flat=True).get()
        assert [self.found(city, typed) for typed in (NUMBER, "002X", "5678", "2341", "1231")] == [1, 1, 1, 1, 1]
        assert change_hash_secret(by=None) == 3 + 4 + 3 + 3
        assert Person.objects.exclude(id_hash="").values_list("id_hash", flat=True).get() != before
        assert [self.found(city, typed) for typed in (NUMBER, "002X", "5678", "2341", "1231")] == [1, 1, 1, 1, 1]
        assert not FindKey.objects.filter(key=before).exists()
        assert not any(keeper.stale() for keeper in hashes.KEEPERS.values())

    def test_a_change_that_fails_leaves_the_old_secret_and_the_old_hashes(
        self, city: City, families: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = keys.keyring().hash_secret

        def fails(_secret: str) -> None:
            raise OSError(28, "full")

        monkeypatch.setattr(keys, "set_hash_secret", fails)
        with pytest.raises(OSError, match="full"):
            change_hash_secret(by=None)
        assert keys.keyring().hash_secret == before
        assert self.found(city, NUMBER) == 1

    def test_a_machine_that_dies_between_file_and_commit_is_noticed_and_mended(
        self, city: City, families: list[Any]
    ) -> None:
        keys.set_hash_secret(keys.new_secret())
        assert self.found(city, NUMBER) == 0
        assert hashes.KEEPERS["家庭与人员"].stale() == 1
        change_hash_secret(by=None)
        assert self.found(city, NUMBER) == 1
