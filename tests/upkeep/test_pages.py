"""The pages of upkeep: who sees them, what they show, and what their buttons do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from shuangbai.core import audit, clock, keys
from shuangbai.core.findings import NotAllowed
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from shuangbai.upkeep import archive, jobs, restoring
from shuangbai.upkeep.actions import ask_for_backup
from shuangbai.upkeep.enums import Origin, RunState
from shuangbai.upkeep.models import BackupRun, Checkup, KeyRun
from shuangbai.upkeep.rules import Keeping, parse_keeping, passphrase_complaint, worth_keeping
from tests.cast import City
from tests.upkeep.conftest import PASSPHRASE

SignedIn = Callable[[User], Client]
SYSTEM = ("checkup", "backups")
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def words(settings: Any, tmp_path: Path) -> Path:
    """The passphrase of backups is set."""
    path = tmp_path / "words"
    path.write_text(f"{PASSPHRASE}\n")
    settings.BACKUP_PASSPHRASE_FILE = str(path)
    return path


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Backups made of nothing, in no time: the whole way is tested in test_restoring.py."""
    made: list[str] = []

    def make(to: Path, passphrase: str, told: Any = None) -> None:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(b"sealed")
        made.append(passphrase)

    monkeypatch.setattr(archive, "make", make)
    monkeypatch.setattr(restoring, "verify", lambda path, passphrase: None)
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestWhoSees:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "security", "auditor"])
    def test_check_up_and_backups_are_there_for_the_system_administrator_alone(
        self, city: City, client_for: SignedIn, who: str
    ) -> None:
        client = client_for(city.users[who])
        assert [client.get(reverse(name)).status_code for name in SYSTEM] == [404, 404]
        assert [client.post(reverse(f"{name}-start")).status_code for name in ("checkup", "backup")] == [404, 404]
        assert not DBTaskResult.objects.exists()
        assert not BackupRun.objects.exists()

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "sysadmin", "auditor"])
    def test_keys_are_there_for_the_security_administrator_alone(
        self, city: City, client_for: SignedIn, who: str
    ) -> None:
        client = client_for(city.users[who])
        assert client.get(reverse("keys")).status_code == 404
        for name in ("key-change", "key-continue"):
            assert client.post(reverse(name), {"cipher": "aes-gcm"}).status_code == 404
        assert list(keys.keyring().by_id) == ["k1"]

    def test_the_set_up_page_leads_each_to_theirs(
        self, client_for: SignedIn, sysadmin: User, security: User, worker: User
    ) -> None:
        def leads(user: User) -> list[str]:
            page = client_for(user).get(reverse("setup")).text
            return [name for name in ("checkup", "keys") if f'href="{reverse(name)}"' in page]

        assert [leads(user) for user in (sysadmin, security, worker)] == [["checkup"], ["keys"], []]

    @pytest.mark.parametrize("name", ["checkup-start", "backup-start", "key-change", "key-continue"])
    def test_nothing_is_begun_by_a_link(self, client_for: SignedIn, sysadmin: User, security: User, name: str) -> None:
        assert [client_for(user).get(reverse(name)).status_code for user in (sysadmin, security)] == [405, 405]


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestTheCheckUp:
    def test_what_is_wrong_is_said_with_what_to_do(self, client_for: SignedIn, sysadmin: User) -> None:
        page = client_for(sysadmin).get(reverse("checkup")).text
        assert "还没有一份核对过的备份" in page
        assert "没有设置备份口令" in page
        assert "SHUANGBAI_BACKUP_PASSPHRASE_FILE" in page

    def test_the_button_asks_for_the_whole_one(self, client_for: SignedIn, sysadmin: User) -> None:
        client = client_for(sysadmin)
        answer = client.post(reverse("checkup-start"), follow=True)
        assert "已安排全面体检" in answer.text
        assert DBTaskResult.objects.get().task_path == "shuangbai.upkeep.jobs.make_checkup"
        jobs.make_checkup.call()
        page = client.get(reverse("checkup")).text
        assert f"{clock.local(Checkup.objects.get().made_at):%Y-%m-%d %H:%M} 体检" in page

    def test_the_page_asks_little(
        self, client_for: SignedIn, sysadmin: User, django_assert_max_num_queries: Any
    ) -> None:
        client = client_for(sysadmin)
        client.get(reverse("checkup"))
        with django_assert_max_num_queries(34):
            client.get(reverse("checkup"))


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestBackups:
    def test_the_button_makes_one_and_the_list_shows_it(
        self, client_for: SignedIn, sysadmin: User, words: Path, copied: list[str]
    ) -> None:
        client = client_for(sysadmin)
        assert "现在备份" in client.get(reverse("backups")).text
        client.post(reverse("backup-start"))
        waiting = client.get(reverse("backups")).text
        assert "正在备份" in waiting
        assert f'hx-get="{reverse("backups")}"' in waiting
        assert "现在备份" not in waiting
        run = BackupRun.objects.get()
        jobs.make_backup.call(str(run.pk))
        jobs.make_backup.call(str(run.pk))  # a second time changes nothing
        assert copied == [PASSPHRASE]
        answer = client.get(reverse("backups"), headers={"HX-Request": "true"})
        assert answer.headers["HX-Refresh"] == "true"  # the button is back
        part = answer.text
        assert "<html" not in part
        assert "hx-get" not in part
        for said in ("已核对", "页面", "罗伟", "shuangbai-", ".sbb"):
            assert said in part
        assert audit.sentence(AuditEvent.objects.get(kind="backup.made")).startswith("罗伟 做好一份备份 shuangbai-")

    def test_a_second_one_waits_for_the_first(self, client_for: SignedIn, sysadmin: User, words: Path) -> None:
        client = client_for(sysadmin)
        client.post(reverse("backup-start"))
        assert "已有一份备份正在进行" in client.post(reverse("backup-start"), follow=True).text
        assert BackupRun.objects.count() == 1

    def test_without_a_passphrase_it_says_that_none_are_made(self, client_for: SignedIn, sysadmin: User) -> None:
        page = client_for(sysadmin).get(reverse("backups")).text
        assert "自动备份没有运行" in page
        assert "现在备份" not in page
        jobs.back_up_daily()
        assert not BackupRun.objects.exists()

    def test_one_that_failed_says_why(
        self, client_for: SignedIn, sysadmin: User, words: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(archive, "make", full)
        jobs.back_up_daily()
        run = BackupRun.objects.get()
        assert (run.origin, run.state) == (Origin.SCHEDULE, RunState.FAILED)
        page = client_for(sysadmin).get(reverse("backups")).text
        assert "没有成功" in page
        assert "请检查备份目录和数据目录所在的磁盘" in page

    def test_what_is_to_be_kept_makes_no_sense(self, city: City, words: Path, settings: Any) -> None:
        settings.BACKUP_KEEP = "seven"
        jobs.back_up_daily()
        assert BackupRun.objects.get().error.startswith("SHUANGBAI_BACKUP_KEEP 写得不对：seven")

    def test_one_that_cannot_be_restored_counts_for_nothing(
        self, city: City, words: Path, copied: list[str], monkeypatch: pytest.MonkeyPatch, own_data: Path
    ) -> None:
        def off(*_: object) -> None:
            raise restoring.ImproperlyConfigured("备份的行数和清单对不上")

        monkeypatch.setattr(restoring, "verify", off)
        jobs.back_up_daily()
        assert BackupRun.objects.get().error == "备份的行数和清单对不上"
        assert [path.suffix for path in (own_data / "backups").iterdir()] == [".bad"]

    def test_what_a_killed_one_left_is_told_by_the_next(self, city: City, words: Path, copied: list[str]) -> None:
        killed = ask_for_backup(by=None, origin=Origin.SCHEDULE)
        BackupRun.objects.update(state=RunState.RUNNING)
        jobs.back_up_daily()
        killed.refresh_from_db()
        assert (killed.state, killed.error) == (RunState.FAILED, "没有做完就中断了。")

    def test_one_that_has_been_silent_for_long_stands_in_nobodys_way(
        self, client_for: SignedIn, sysadmin: User, words: Path
    ) -> None:
        ask_for_backup(by=None, origin=Origin.SCHEDULE)
        BackupRun.objects.update(asked_at=clock.machine_now() - timedelta(hours=7))
        page = client_for(sysadmin).get(reverse("backups")).text
        assert "中断" in page
        assert "现在备份" in page

    def test_nobody_else_asks_for_one(self, city: City) -> None:
        for who in ("worker", "officer", "security", "auditor"):
            with pytest.raises(NotAllowed):
                ask_for_backup(by=city.users[who], origin=Origin.PAGE)

    def test_the_list_asks_as_much_for_many_as_for_one(
        self, client_for: SignedIn, sysadmin: User, words: Path, django_assert_max_num_queries: Any
    ) -> None:
        now, client = clock.machine_now(), client_for(sysadmin)
        for number in range(30):
            BackupRun.objects.create(
                origin="page", asked_by=sysadmin, state="done", ended_at=now, name=f"{number}.sbb", size=1
            )
        client.get(reverse("backups"))
        with django_assert_max_num_queries(7):
            client.get(reverse("backups"))

    @pytest.mark.parametrize(
        "wrong",
        [
            {"state": "done"},
            {"state": "failed", "ended_at": datetime(2020, 6, 6, tzinfo=ZONE)},
            {"state": "done", "ended_at": datetime(2020, 6, 6, tzinfo=ZONE)},
            {"state": "running", "error": "x"},
        ],
    )
    def test_a_row_tells_no_nonsense(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            BackupRun.objects.create(origin="page", **wrong)


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestKeys:
    def test_changing_it_shows_how_far_it_is(self, client_for: SignedIn, security: User) -> None:
        client = client_for(security)
        page = client.get(reverse("keys")).text
        assert "使用中" in page
        assert ">k2<" not in page
        answer = client.post(reverse("key-change"), {"cipher": "sm4-gcm"}, follow=True)
        assert "新密钥已经启用" in answer.text
        assert "国密 SM4-GCM" in answer.text
        assert ">k2<" in answer.text
        assert keys.keyring().current.cipher == "sm4-gcm"
        run = KeyRun.objects.get()
        assert "正在把已有内容改用新密钥" in answer.text
        jobs.rekey.call(str(run.pk))
        part = client.get(reverse("keys"), headers={"HX-Request": "true"}).text
        assert "处内容已改用新密钥" in part
        assert "<html" not in part

    def test_without_a_cipher_nothing_happens(self, client_for: SignedIn, security: User) -> None:
        answer = client_for(security).post(reverse("key-change"), {"cipher": "rot13"})
        assert answer.status_code == 422
        assert list(keys.keyring().by_id) == ["k1"]

    def test_what_was_interrupted_is_gone_on_with(
        self, client_for: SignedIn, security: User, worker: User, city: City
    ) -> None:
        from tests.cast import a_family

        a_family(city.chengdong, worker, address="三巷1号")
        client = client_for(security)
        client.post(reverse("key-change"), {"cipher": "aes-gcm"})
        assert "接着做" not in client.get(reverse("keys")).text
        KeyRun.objects.update(asked_at=clock.machine_now() - timedelta(hours=1))
        assert "还有 2 处内容仍用旧密钥" in client.get(reverse("keys")).text
        client.post(reverse("key-continue"))
        assert list(KeyRun.objects.order_by("asked_at").values_list("state", flat=True)) == ["failed", "waiting"]
        jobs.rekey.call(str(KeyRun.objects.get(state="waiting").pk))
        assert "接着做" not in client.get(reverse("keys")).text


def night(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZONE)  # type: ignore[arg-type, misc]


@pytest.mark.nodb
class TestRules:
    def test_the_newest_of_each_day_week_and_month_stays(self) -> None:
        moments = [night(2020, 6, 6, 2) - timedelta(days=number) for number in range(200)]
        kept = worth_keeping([*moments, night(2020, 6, 6, 1)], Keeping(7, 4, 12))
        assert set(moments[:7]) <= kept
        assert night(2020, 6, 6, 1) not in kept
        assert {moment for moment in kept if moment.month == 5} == {
            night(2020, 5, 31, 2), night(2020, 5, 24, 2), night(2020, 5, 17, 2)
        }  # fmt: skip
        assert len(kept) == 7 + 2 + 6
        assert max(moments) in worth_keeping(moments, Keeping(1, 0, 0))

    def test_old_files_go_and_files_of_other_names_stay(self, tmp_path: Path) -> None:
        names = [f"shuangbai-2020060{day}-020000.sbb" for day in (3, 4, 5, 6)]
        for name in [*names, "mine.sbb", "shuangbai-old.sbb"]:
            (tmp_path / name).write_bytes(b"x")
        assert {path.name for path in jobs.thin(tmp_path, Keeping(2, 0, 0))} == set(names[:2])
        assert {path.name for path in tmp_path.iterdir()} == {*names[2:], "mine.sbb", "shuangbai-old.sbb"}

    @pytest.mark.parametrize("text", ["", "7", "7,4", "a,b,c", "0,4,12", "7,-1,2", "7,4,12,1"])
    def test_nonsense_about_keeping_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".*"):
            parse_keeping(text)

    def test_passphrases(self) -> None:
        assert passphrase_complaint("four words for a test") == ""
        assert "至少要 12 个" in passphrase_complaint("short")
        assert "太容易猜到" in passphrase_complaint("aaaaaaaaaaaaaaaa")
