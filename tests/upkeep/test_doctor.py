"""The check-up: each thing that may be wrong is broken here, and is found, with what to do."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from shuangbai.core import clock, databases, keys, papers, sealed, textindex
from shuangbai.core.models import AuditEvent, Installation, PeriodicRun, RunOutcome, TextDocument
from shuangbai.core.periodic import Job
from shuangbai.households.models import Person
from shuangbai.network.models import User
from shuangbai.upkeep import doctor, jobs
from shuangbai.upkeep.actions import change_key
from shuangbai.upkeep.enums import Severity
from shuangbai.upkeep.models import BackupRun, Checkup, KeyRun
from tests.cast import City, a_family, a_member, a_visit, forget_installation
from tests.demonstration import Installed
from tests.upkeep.conftest import PASSPHRASE, age_keys

DAY = timedelta(days=1)
SOON = Job("soon", DAY, "shuangbai.upkeep.jobs.check_up_daily")
LISTED = [SOON]


def codes(look: doctor.Look) -> list[str]:
    found = list(look())
    for one in found:  # every sentence can be said
        assert "{" not in one.sentence + one.remedy
        assert one.sentence
        assert one.remedy
    return [one.code for one in found]


@pytest.fixture
def family(city: City, worker: User) -> Any:
    made = a_family(city.chengdong, worker, members=[a_member("曾秀英", "01", id_no="11010519491231002X")])
    a_visit(city.chengdong, worker, made)
    return made


@pytest.fixture
def careless() -> Iterator[Callable[[str], None]]:
    """Write into the database what it would refuse; undone with the test's transaction."""

    def write(statement: str) -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = ON")
            cursor.execute(statement)

    yield write
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.nodb
class TestSettingsAndFiles:
    def test_a_desk_is_safe_and_says_that_only_it_can_come_in(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
        assert codes(doctor.settings_are_safe) == ["hosts_local"]

    def test_a_server_with_https_is_safe(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS, settings.HTTPS = ["shuangbai.example.org"], True
        assert codes(doctor.settings_are_safe) == []

    def test_debug_any_host_and_no_https_are_each_told(self, settings: Any) -> None:
        settings.ALLOWED_HOSTS, settings.DEBUG = ["*"], True
        assert codes(doctor.settings_are_safe) == ["debug_on", "hosts_any", "https_off"]

    def test_a_signing_key_that_is_short_or_missing(self, settings: Any, own_data: Path) -> None:
        assert codes(doctor.signing_key_is_sound) == []
        (own_data / "secret.key").unlink()
        assert codes(doctor.signing_key_is_sound) == ["signing_missing"]
        (own_data / "secret.key").write_text("x")
        with override_settings(SECRET_KEY="short"):
            assert codes(doctor.signing_key_is_sound) == ["signing_short"]

    def test_files_that_others_may_read(self, own_data: Path, settings: Any, tmp_path: Path) -> None:
        assert codes(doctor.files_are_private) == []
        own_data.chmod(0o755)
        (own_data / "keys.json").chmod(0o644)
        words = tmp_path / "words"
        words.write_text(PASSPHRASE)
        words.chmod(0o644)
        settings.BACKUP_PASSPHRASE_FILE = str(words)
        assert codes(doctor.files_are_private) == ["open_folder", "open_file", "open_file"]

    def test_files_of_somebody_else(self, own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 4321)
        assert codes(doctor.files_are_private) == ["other_owner"] * 3

    def test_a_disk_that_fills(self, own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(databases, "size", lambda: 3 * 1024**3)
        for free, found in ((50 * 1024**3, []), (5 * 1024**3, ["disk_low"]), (10 * 1024**2, ["disk_full"])):
            monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _path, free=free: SimpleNamespace(free=free))
            assert codes(doctor.disk_has_room) == found
        assert doctor.in_words(10 * 1024**2) == "10.0 MB"

    def test_styles_that_were_not_gathered(self, settings: Any, tmp_path: Path) -> None:
        manifest = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": manifest}}
        settings.STATIC_ROOT = tmp_path
        assert codes(doctor.static_files_are_there) == ["static_missing"]
        (tmp_path / "staticfiles.json").write_text("{}")
        assert codes(doctor.static_files_are_there) == []

    def test_a_machine_without_pango(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        assert codes(doctor.pdf_can_be_made) == ["pdf_missing"]


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestKeys:
    def test_a_sound_installation_has_nothing_to_say(self, family: Any) -> None:
        assert codes(doctor.keys_are_there) == codes(doctor.every_value_opens) == codes(doctor.hashes_hold) == []

    def test_a_lost_key_file(self, family: Any, own_data: Path) -> None:
        (own_data / "keys.json").unlink()
        assert codes(doctor.keys_are_there) == ["keys_missing"]

    def test_a_key_file_without_the_key_in_use_says_how_much_hangs_on_it(self, family: Any, own_data: Path) -> None:
        raw = json.loads((own_data / "keys.json").read_text())
        (own_data / "keys.json").write_text(json.dumps({**raw, "current": "k2", "keys": {"k2": raw["keys"]["k1"]}}))
        (found,) = doctor.keys_are_there()
        assert (found.code, found.details) == ("key_lost", {"key": "k1", "many": 2})

    def test_an_old_key_that_values_still_need_and_one_that_none_does(self, family: Any, own_data: Path) -> None:
        run = change_key(by=None, cipher="aes-gcm")
        assert codes(doctor.every_value_opens) == []  # it is under way
        KeyRun.objects.update(state="failed", ended_at=clock.machine_now(), error="x")
        assert codes(doctor.every_value_opens) == ["key_change_unfinished"]
        KeyRun.objects.update(state="running", ended_at=None, error="")
        jobs.try_rekeying(run)
        assert codes(doctor.every_value_opens) == ["key_unused"]
        age_keys(own_data)
        keys.remove_key("k1")
        assert codes(doctor.every_value_opens) == []

    def test_values_of_a_key_that_left_the_file(self, family: Any, own_data: Path) -> None:
        change_key(by=None, cipher="aes-gcm")
        age_keys(own_data)
        keys.remove_key("k1")  # nobody asked whether anything is under it
        assert codes(doctor.every_value_opens) == ["key_lost"]

    def test_a_kept_file_in_clear(self, city: City, own_data: Path) -> None:
        (own_data / "files").mkdir()
        sealed.keep(own_data / "files" / "one", b"x")
        assert codes(doctor.every_value_opens) == []
        (own_data / "files" / "two").write_bytes(b"in clear")
        assert codes(doctor.every_value_opens) == ["files_clear"]

    def test_a_file_that_no_row_names_and_a_row_whose_file_is_gone(
        self, city: City, own_data: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        paper = papers.Paper(b"%PDF-", "pdf")
        named, left = papers.keep_paper(paper), papers.keep_paper(paper)
        monkeypatch.setattr(papers, "KEEPERS", {"附件": lambda: [named]})
        assert codes(doctor.papers_are_there) == []  # it may be about to be named
        os.utime(papers.folder() / left, (0, 0))
        assert codes(doctor.papers_are_there) == ["paper_orphan"]
        papers.drop_paper(named)
        assert codes(doctor.papers_are_there) == ["paper_lost", "paper_orphan"]

    def test_hashes_of_another_secret(self, family: Any) -> None:
        keys.set_hash_secret(keys.new_secret())
        assert codes(doctor.hashes_hold) == ["hashes_stale"]


@pytest.mark.django_db
class TestTheDatabase:
    def test_a_sound_one_has_nothing_to_say(self, family: Any) -> None:
        for look in (
            doctor.tables_fit_the_code, doctor.database_is_sound, doctor.keys_point_somewhere, doctor.constraints_hold,
            doctor.texts_are_found,
        ):  # fmt: skip
            assert codes(look) == [], look

    def test_tables_older_than_the_code(self, city: City) -> None:
        MigrationRecorder.Migration.objects.filter(app="upkeep").delete()
        assert codes(doctor.tables_fit_the_code) == ["tables_old"]

    def test_tables_newer_than_the_code(self, city: City) -> None:
        MigrationRecorder(connection).record_applied("households", "0999_from_the_future")
        assert codes(doctor.tables_fit_the_code) == ["tables_new"]

    def test_a_row_that_breaks_a_named_rule(self, family: Any, careless: Callable[[str], None]) -> None:
        if connection.vendor == "postgresql":
            careless("ALTER TABLE households_tag DROP CONSTRAINT tag_amount_not_negative")
        person = Person.objects.get(pk=family.people[0].pk)
        from shuangbai.households.models import Category, Tag

        Tag.objects.create(
            station_id=person.station_id, category=Category.objects.order_by("pk")[0], person=person,
            starts_on=clock.today(), entered_by_id=person.entered_by_id,
        )  # fmt: skip
        careless("UPDATE households_tag SET amount = -5")
        (found,) = doctor.constraints_hold()
        assert found.code == "constraint_broken"
        assert found.details == {"table": "households_tag", "many": 1, "name": "tag_amount_not_negative"}

    def test_a_null_where_a_rule_says_nothing_breaks_none(self, family: Any) -> None:
        """A rule about an amount says nothing of a row without one, as the database sees it too."""
        assert codes(doctor.constraints_hold) == []

    def test_text_that_no_search_finds(self, family: Any) -> None:
        assert TextDocument.objects.count() == 1
        TextDocument.objects.create(
            id=textindex._key(clock.today()), subject_id=family.household.pk, owner_id=family.household.pk
        )
        (found,) = doctor.texts_are_found()
        assert (found.code, found.details) == ("text_unindexed", {"many": 1})

    def test_a_trail_that_somebody_changed(self, family: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        from shuangbai.core import chain

        report = chain.Report(at=clock.now(), blocks=3, number=3, head="ab" * 32)
        monkeypatch.setattr(chain, "verify", lambda: report)
        assert codes(doctor.trail_is_whole) == ["trail_head"]
        report.add(chain.Fault("event_changed", "第 2 块第 5 条的内容与封存时不同。", 2))
        found = list(doctor.trail_is_whole())
        assert [one.code for one in found] == ["trail_broken", "trail_broken"]
        assert "第 2 块第 5 条" in found[1].sentence


@pytest.mark.django_db(transaction=True)
class TestOrphans:
    def test_a_row_that_points_at_nothing_is_found_in_any_table(self, city: City, worker: User) -> None:
        family = a_family(city.chengdong, worker)
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA foreign_keys = OFF")
            else:
                cursor.execute("ALTER TABLE households_householdstation DISABLE TRIGGER ALL")
                cursor.execute("ALTER TABLE households_household DISABLE TRIGGER ALL")
            cursor.execute("UPDATE households_householdstation SET household_id = %s", [_nobody()])
        try:
            found = list(doctor.keys_point_somewhere())
            assert [(one.code, one.details["table"], one.details["column"]) for one in found] == [
                ("orphans", "households_householdstation", "household_id")
            ]
            if connection.vendor == "sqlite":
                assert codes(doctor.database_is_sound) == ["database_damaged"]
        finally:
            with connection.cursor() as cursor:
                key = family.household.pk
                stored = key.hex if connection.vendor == "sqlite" else key
                cursor.execute("UPDATE households_householdstation SET household_id = %s", [stored])
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA foreign_keys = ON")
                else:
                    cursor.execute("ALTER TABLE households_householdstation ENABLE TRIGGER ALL")
                    cursor.execute("ALTER TABLE households_household ENABLE TRIGGER ALL")


def _nobody() -> str:
    return "0" * 32 if connection.vendor == "sqlite" else "00000000-0000-0000-0000-000000000000"


@pytest.mark.django_db
class TestTime:
    def test_a_database_whose_clock_is_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(databases, "clock_difference", lambda machine: -300.0)
        assert "clocks_differ" in codes(doctor.clocks_agree)
        monkeypatch.setattr(databases, "clock_difference", lambda machine: 2.0)
        assert codes(doctor.clocks_agree) == []

    def test_the_real_difference_is_none_to_speak_of(self) -> None:
        difference = databases.clock_difference(doctor.time.time())
        assert difference is None if connection.vendor == "sqlite" else abs(difference or 99) < 5

    def test_a_clock_that_has_gone_back(self, family: Any) -> None:
        Installation.objects.update(clock_on=None)
        forget_installation()
        assert codes(doctor.clocks_agree) == []
        latest = AuditEvent.objects.order_by("-id").first()
        assert latest
        later = clock.machine_now() + timedelta(hours=3)
        AuditEvent.objects.bulk_create([_copy(latest, later)])
        (found,) = doctor.clocks_agree()
        assert found.code == "clock_back"
        assert found.details["minutes"] in (179, 180)

    def test_a_queue_that_nobody_serves(self, city: City) -> None:
        assert codes(doctor.jobs_are_done) == []
        jobs.order_checkup()
        assert codes(doctor.jobs_are_done) == []
        DBTaskResult.objects.update(enqueued_at=clock.machine_now() - timedelta(minutes=25))
        assert codes(doctor.jobs_are_done) == ["queue_stuck"]
        DBTaskResult.objects.update(status="FAILED", finished_at=clock.machine_now())
        assert codes(doctor.jobs_are_done) == ["jobs_failed"]

    def test_periodic_jobs_that_are_late_failed_or_never_ran(self, city: City, settings: Any) -> None:
        settings.PERIODIC_JOBS = f"{__name__}.LISTED"
        assert codes(doctor.periodic_jobs_run) == ["periodic_never"]
        now = clock.machine_now()
        row = PeriodicRun.objects.create(name="soon", due_at=now + DAY)
        assert codes(doctor.periodic_jobs_run) == []
        PeriodicRun.objects.update(due_at=now - timedelta(hours=2))
        assert codes(doctor.periodic_jobs_run) == ["periodic_late"]
        PeriodicRun.objects.update(started_at=now, outcome=RunOutcome.RUNNING)
        assert codes(doctor.periodic_jobs_run) == []
        PeriodicRun.objects.filter(pk=row.pk).update(
            started_at=now, ended_at=now, due_at=now + DAY, outcome=RunOutcome.FAILED, error="磁盘已满"
        )
        assert codes(doctor.periodic_jobs_run) == ["periodic_failed"]


def _copy(event: AuditEvent, at: Any) -> AuditEvent:
    from shuangbai.core.ids import new_id

    event.pk, event.at, event.block = new_id(), at, None
    event._state.adding = True
    return event


@pytest.mark.django_db
@pytest.mark.usefixtures("own_data")
class TestBackups:
    @pytest.fixture(autouse=True)
    def tools_are_here(self, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
        monkeypatch.setattr(databases, "check_tools", lambda: None)
        words = tmp_path / "words"
        words.write_text(PASSPHRASE)
        settings.BACKUP_PASSPHRASE_FILE = str(words)

    def test_all_is_set_up(self, city: City) -> None:
        assert codes(doctor.backups_are_set_up) == []

    def test_no_passphrase_a_bad_one_or_a_file_that_is_not_there(self, settings: Any, tmp_path: Path) -> None:
        settings.BACKUP_PASSPHRASE_FILE = ""
        assert codes(doctor.backups_are_set_up) == ["backup_off"]
        settings.BACKUP_PASSPHRASE_FILE = str(tmp_path / "none")
        assert codes(doctor.backups_are_set_up) == ["backup_passphrase"]
        (tmp_path / "none").write_text("short")
        assert codes(doctor.backups_are_set_up) == ["backup_passphrase"]

    def test_what_is_kept_makes_no_sense(self, settings: Any) -> None:
        settings.BACKUP_KEEP = "seven"
        assert codes(doctor.backups_are_set_up) == ["backup_keep"]

    def test_an_hour_that_is_none(self, settings: Any) -> None:
        settings.BACKUP_HOUR_SAID = "25"
        assert codes(doctor.backups_are_set_up) == ["backup_hour"]

    def test_tools_or_rights_that_are_missing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing() -> None:
            raise doctor.ImproperlyConfigured("本机没有 pg_dump")

        monkeypatch.setattr(databases, "check_tools", missing)
        monkeypatch.setattr(databases, "may_create_databases", lambda: False)
        assert codes(doctor.backups_are_set_up) == ["tool_missing", "backup_unverifiable"]

    def test_how_old_the_latest_good_one_is(self, own_data: Path) -> None:
        assert codes(doctor.backup_is_recent) == ["backup_never"]
        now = clock.machine_now()
        (own_data / "backups").mkdir()
        (own_data / "backups" / "one.sbb").write_bytes(b"x")
        run = BackupRun.objects.create(
            origin="schedule", state="done", ended_at=now, verified_at=now, name="one.sbb", size=1,
            folder=str(own_data / "backups"),
        )  # fmt: skip
        assert codes(doctor.backup_is_recent) == ["backup_same_disk"]
        KeyRun.objects.create(key_id="k2")
        assert codes(doctor.backup_is_recent) == ["backup_before_key", "backup_same_disk"]
        KeyRun.objects.all().delete()
        BackupRun.objects.filter(pk=run.pk).update(ended_at=now - timedelta(hours=30))
        assert codes(doctor.backup_is_recent) == ["backup_late", "backup_same_disk"]
        BackupRun.objects.filter(pk=run.pk).update(ended_at=now - timedelta(days=4))
        (own_data / "backups" / "one.sbb").unlink()
        assert codes(doctor.backup_is_recent) == ["backup_old", "backup_gone"]
        BackupRun.objects.update(verified_at=None)  # made, but never tried out
        assert codes(doctor.backup_is_recent) == ["backup_never"]


@pytest.mark.django_db
class TestTheWhole:
    def test_problems_come_first_and_every_look_is_made(self, city: City) -> None:
        looked: list[str] = []
        findings = doctor.examine(told=looked.append)
        assert looked == [check.label for check in doctor.CHECKS]
        order = [doctor.ORDER.index(one.severity) for one in findings]
        assert order == sorted(order)

    def test_the_quick_one_leaves_whole_tables_alone(self, city: City, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(30):
            doctor.examine(slow=False)

    def test_a_look_that_fails_is_a_finding_and_keeps_no_other(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails() -> Iterator[doctor.Found]:
            raise OSError(5, "Input/output error")
            yield

        monkeypatch.setattr(
            doctor, "CHECKS", (doctor.Check("磁盘", fails), doctor.Check("密钥", doctor.keys_are_there))
        )
        (found,) = doctor.examine()
        assert (found.code, found.severity) == ("could_not_look", Severity.PROBLEM)
        assert "Input/output error" in found.sentence

    def test_every_kind_of_finding_is_broken_somewhere_here_or_where_its_room_is_tested(self) -> None:
        tests = Path(__file__).parent.parent
        above = [tests / "filings" / "test_proof.py", tests / "services" / "test_doctor.py"]
        said = "".join(path.read_text(encoding="utf-8") for path in (Path(__file__), *above))
        assert [code for code in doctor.KINDS if f'"{code}"' not in said] == []

    def test_the_daily_one_is_kept_for_the_page(self, city: City) -> None:
        Checkup.objects.create(seconds=1, findings=[], made_at=clock.machine_now() - timedelta(days=120))
        MigrationRecorder.Migration.objects.filter(app="upkeep").delete()  # the page sees that at once by itself
        TextDocument.objects.create(id=textindex._key(clock.today()), subject_id=city.root.pk, owner_id=city.root.pk)
        jobs.check_up_daily()
        kept = Checkup.objects.get()
        assert {one["code"] for one in kept.findings} & {"text_unindexed", "tables_old"} == {"text_unindexed"}
        assert set(kept.findings[0]) == {"code", "severity", "sentence", "remedy"}


@pytest.mark.django_db
class TestTheShell:
    def test_a_problem_is_said_with_what_to_do_and_the_exit_code_is_1(self, small_city: Installed) -> None:
        (small_city.data / "keys.json").chmod(0o644)
        ran = small_city.run("doctor")
        assert ran.code == 1
        assert f"✗ {small_city.data / 'keys.json'} 别的用户也能读。\n    运行：chmod 600" in ran.out
        assert "体检完成：问题" in ran.out
        assert "留痕完好" in ran.out

    def test_as_json(self, small_city: Installed) -> None:
        ran = small_city.run("doctor", "--json", "--quick")
        said = json.loads(ran.out)
        assert said["problems"] == sum(one["severity"] == "problem" for one in said["findings"]) > 0
        assert ran.code == 1

    def test_where_there_is_nothing_yet(self, tmp_path: Path) -> None:
        ran = Installed(tmp_path / "var").run("doctor")
        assert (ran.code, ran.out) == (1, "")
        assert "还没有数据" in ran.err
        assert not (tmp_path / "var").exists()
