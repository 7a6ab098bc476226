"""What a frozen report proves: it stands, it says what changed since, and no change by hand goes unseen."""

from __future__ import annotations

import errno
import json
from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shuangbai.core import heads
from shuangbai.filings import jobs
from shuangbai.filings.actions import accept_filing, confirm_filing, draft_filing, review_filing
from shuangbai.filings.doctor import CHECK, KINDS
from shuangbai.filings.enums import ChangeKind, FilingState
from shuangbai.filings.gathering import FROZEN, gather
from shuangbai.filings.manifest import hash_of, packed, recount, recount_stations, unpacked
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.verifying import Proof, prove, prove_chain
from shuangbai.households.actions import open_tags
from shuangbai.households.entries import MoveEntry, TagEntry
from shuangbai.households.enums import Relation
from shuangbai.households.identity import merge_people, undo_merge
from shuangbai.households.known import PersonPair
from shuangbai.households.models import CategoryListItem
from shuangbai.households.moves import move_households
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.services.actions import void_records
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.upkeep import doctor as upkeep
from shuangbai.visits.actions import correct_visit
from shuangbai.visits.models import Visit
from tests.cast import City, a_family, a_member, a_visit, a_visit_entry
from tests.histories import SPAN, History, undone

MANY = settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
MAY = (date(2020, 5, 1), date(2020, 5, 31))


def frozen(city: City, unit: Any, first: date, last: date) -> Manifest:
    """A report taken through every step, and frozen."""
    head, supervisor, officer = (city.users[name] for name in ("head", "supervisor", "officer"))
    drafter = head if unit == city.chengdong else supervisor
    one = draft_filing(by=drafter, owner=unit, first=first, last=last, reason="重报")
    one = confirm_filing(by=drafter, filing=one, version=one.version)
    one = review_filing(by=supervisor, filing=one, version=one.version)
    accept_filing(by=officer, filing=one, version=one.version)
    jobs.freeze.call(str(one.pk))
    return Manifest.objects.select_related("filing__owner").get(pk=one.pk)


@pytest.fixture
def month(city: City, tmp_path: Any, settings: Any) -> Manifest:
    """May of 城东, with a few visits, frozen."""
    settings.TRAIL_HEADS = tmp_path / "heads.log"
    by = city.users["worker"]
    for number in range(4):
        family = a_family(city.chengdong, by, members=[a_member(f"陈{'甲乙丙丁'[number]}"), a_member("陈小")])
        a_visit(city.chengdong, by, family, on=date(2020, 5, 3 + number), met=family.people)
    return frozen(city, city.chengdong, *MAY)


def sentences(proof: Proof) -> str:
    return "\n".join(proof.sentences())


class TestWhatIsFrozen:
    @MANY
    @given(seed=st.integers(0, 10_000))
    def test_every_figure_is_its_set_and_so_is_every_stations(self, city: City, seed: int) -> None:
        with undone():
            History(city, seed).make()
            ask = Ask(SPAN, city.root)
            header, body = packed(gather(ask, "salt"), {})
            facts = unpacked(json.loads(header), body)
            for code in FROZEN:
                indicator = BY_CODE[code]
                assert recount(facts, code) == indicator.value(ask), code
                if not facts.figures[code].station:  # what several stations may serve is told for the whole alone
                    continue
                stations = {unit.code: unit.pk for unit in (city.chengdong, city.haicheng, city.dongzhou)}
                split = indicator.split(ask, "station")
                told = recount_stations(facts, code)
                assert {code: split.get(pk, 0) for code, pk in stations.items()} == {
                    code: told.get(code, 0) for code in stations
                }, code

    @MANY
    @given(seed=st.integers(0, 10_000))
    def test_freezing_twice_is_the_same_byte_for_byte(self, city: City, seed: int) -> None:
        with undone():
            History(city, seed).make()
            one = draft_filing(by=city.users["supervisor"], owner=city.root, first=SPAN.first, last=SPAN.last)
            assert jobs.made(one)[:2] == jobs.made(one)[:2]

    def test_it_says_the_definitions_and_nobodys_name(self, month: Manifest) -> None:
        header = json.loads(month.header)
        assert header["definitions"]["V2"]["definition"] == BY_CODE["V2"].definition
        assert header["definitions"]["V2"]["version"] == 1
        assert [step["step"] for step in header["steps"]] == ["drafted", "confirmed", "reviewed", "accepting"]
        values = json.dumps(
            [column.values for table in unpacked(header, bytes(month.facts)).tables.values()
             for column in table.columns.values()], ensure_ascii=False,
        )  # fmt: skip
        assert "陈" not in values + month.header.replace("社工站服务", "")
        keys = {str(key) for key in Contact.objects.values_list("person_id", flat=True) if key}
        assert not any(key in values for key in keys)

    def test_a_job_begun_twice_freezes_once(self, month: Manifest) -> None:
        jobs.freeze.call(str(month.pk))
        assert Manifest.objects.count() == 1
        assert month.filing.state == FilingState.ACCEPTED

    def test_a_full_disk_leaves_no_half_report(self, city: City, monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import OperationalError

        def full(**_: Any) -> None:
            with transaction.atomic():
                raise OperationalError("database or disk is full")

        monkeypatch.setattr(jobs, "note_frozen", full)
        head, supervisor, officer = (city.users[name] for name in ("head", "supervisor", "officer"))
        one = draft_filing(by=head, owner=city.chengdong, first=MAY[0], last=MAY[1])
        one = confirm_filing(by=head, filing=one, version=1)
        one = review_filing(by=supervisor, filing=one, version=2)
        accept_filing(by=officer, filing=one, version=3)
        jobs.freeze.call(str(one.pk))
        one.refresh_from_db()
        assert (one.state, Manifest.objects.count()) == (FilingState.REVIEWED, 0)
        assert "磁盘已满" in one.trouble

    def test_a_full_disk_while_the_head_is_written_outside_leaves_the_report_and_is_found(
        self, city: City, tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.TRAIL_HEADS = tmp_path / "heads.log"
        written = heads.append

        def full(lines: Any) -> None:
            list(lines)
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(heads, "append", full)
        with pytest.raises(OSError, match="No space left"):  # the job tells the administrator
            frozen(city, city.chengdong, *MAY)
        assert {one.code for one in CHECK.look()} == {"report_heads_short"}
        monkeypatch.setattr(heads, "append", written)
        assert Manifest.objects.get().filing.state == FilingState.ACCEPTED
        frozen(city, city.root, *MAY)
        assert {one.code for one in CHECK.look()} == {"report_head"}

    def test_a_period_across_a_change_of_a_definition_says_so_for_ever(
        self, city: City, tmp_path: Any, settings: Any
    ) -> None:
        settings.TRAIL_HEADS = tmp_path / "heads.log"
        item = CategoryListItem.objects.filter(list__code="civil").select_related("category").first()
        CategoryListItem.objects.filter(pk=item.pk).update(starts_on=date(2020, 5, 11))  # type: ignore[union-attr]
        kept = frozen(city, city.chengdong, *MAY)
        CategoryListItem.objects.filter(pk=item.pk).update(starts_on=date(2017, 1, 1))  # type: ignore[union-attr]
        [said] = json.loads(kept.header)["remarks"]
        assert f"{item.category.name} 2020-05-11 列入" in said  # type: ignore[union-attr]


class TestWhatChangedSince:
    def test_nothing(self, month: Manifest) -> None:
        proof = prove(month)
        assert (proof.sound, proof.changed, proof.figures) == (True, [], [])
        assert "没有差异" in sentences(proof)

    def test_added_late(self, month: Manifest, city: City) -> None:
        by = city.users["worker"]
        family = a_family(city.chengdong, by)
        a_visit(city.chengdong, by, family, on=date(2020, 5, 20), met=family.people[:1])
        proof = prove(month)
        assert proof.sound
        assert set(proof.kinds) == {ChangeKind.LATE}
        assert {one.code: one.by for one in proof.figures}["V2"] == 1

    def test_corrected(self, month: Manifest, city: City) -> None:
        visit = Visit.objects.select_related("record").order_by("record__occurred_on").first()
        assert visit
        entry = a_visit_entry(
            city.chengdong, city.users["worker"], _of(visit), on=date(2020, 4, 28),
            met=[contact.person for contact in visit.record.contacts.filter(person__isnull=False)][:1],
        )  # fmt: skip
        correct_visit(
            by=city.users["worker"], visit=visit, version=1, entry=entry, reason="日期填错", acknowledged=True
        )
        proof = prove(month)
        assert proof.sound, sentences(proof)
        assert set(proof.kinds) == {ChangeKind.CORRECTED}
        assert {one.code: one.by for one in proof.figures}["V1"] == -1

    def test_voided(self, month: Manifest, city: City) -> None:
        void_records(by=city.users["head"], records=[ServiceRecord.objects.first()], reason="重复录入")
        proof = prove(month)
        assert proof.sound, sentences(proof)
        assert set(proof.kinds) == {ChangeKind.VOIDED}

    def test_recategorised(self, month: Manifest, city: City) -> None:
        person = Contact.objects.exclude(person=None).first().person  # type: ignore[union-attr]
        open_tags(
            by=city.users["worker"], bearer=person, entries=[TagEntry("dibao_rural", date(2020, 1, 1))],
            acknowledged=True,
        )  # fmt: skip
        proof = prove(month)
        assert proof.sound, sentences(proof)
        assert set(proof.kinds) == {ChangeKind.RECATEGORISED}
        assert "V5" in {one.code for one in proof.figures}

    def test_one_person_known_twice_counts_once_since(self, city: City, tmp_path: Any, settings: Any) -> None:
        """Across stations, where the centre decides; and parted again, all is as frozen."""
        settings.TRAIL_HEADS = tmp_path / "heads.log"
        born, people = date(1951, 3, 12), []
        for station, name in ((city.chengdong, "worker"), (city.haicheng, "neighbour")):
            by = city.users[name]
            her = a_member("曾秀英", Relation.HEAD, sex="2", birth_date=born)
            family = a_family(station, by, members=[her])
            a_visit(station, by, family, on=date(2020, 5, 6), met=family.people)
            people.append(family.people[0])
        kept = frozen(city, city.root, *MAY)
        pair = PersonPair.objects.get(first__in=people, second__in=people)
        merge_people(by=city.users["supervisor"], pair=pair, keep=people[0].pk, reason="对过户口本")
        proof = prove(kept)
        assert proof.sound, sentences(proof)
        assert set(proof.kinds) == {ChangeKind.MERGED}
        assert [(one.code, one.by) for one in proof.figures] == [("V8", -1)]
        undo_merge(by=city.users["supervisor"], pair=PersonPair.objects.get(pk=pair.pk), reason="不是同一人")
        assert prove(kept).changed == []

    def test_a_family_that_moved_away_with_the_village_it_was_met_in(self, month: Manifest, city: City) -> None:
        """Where a family lives now changes nothing of where it was met."""
        household = ServiceRecord.objects.exclude(household=None).first().household  # type: ignore[union-attr]
        move_households(by=city.users["worker"], entries=[MoveEntry(household, city.beiping.pk, date(2020, 5, 20))])
        proof = prove(month)
        assert (proof.sound, proof.figures) == (True, [])

    def test_a_definition_that_is_another_is_said(self, month: Manifest, monkeypatch: pytest.MonkeyPatch) -> None:
        from dataclasses import replace

        monkeypatch.setitem(BY_CODE, "V2", replace(BY_CODE["V2"], version=2))
        assert "第 1 版变为第 2 版" in sentences(prove(month))


def _of(visit: Visit) -> Any:
    class Family:
        household = visit.record.household
        people = [contact.person for contact in visit.record.contacts.filter(person__isnull=False)]

    return Family


BY_HAND: dict[str, tuple[str, str]] = {
    # what is changed by hand: the statement, and the kind of fault
    "a record's day": ("UPDATE services_servicerecord SET occurred_on = '2020-05-09'", "untraced"),
    "a record out of the month": ("UPDATE services_servicerecord SET occurred_on = '2020-04-09'", "untraced"),
    "a record voided": (
        "UPDATE services_servicerecord SET voided_at = entered_at, voided_by_id = entered_by_id, void_reason = 'x'",
        "untraced",
    ),
    "a visit's mode": ("UPDATE visits_visit SET mode = 'phone'", "untraced"),
    "a visit that met nobody": ("UPDATE services_servicerecord SET reached = NOT reached", "untraced"),
}


class TestChangesByHand:
    @pytest.mark.parametrize("what", BY_HAND)
    def test_in_the_records(self, what: str, month: Manifest) -> None:
        statement, kind = BY_HAND[what]
        with connection.cursor() as cursor:
            cursor.execute(statement)
        proof = prove(month)
        assert {fault.code for fault in proof.faults} == {kind}
        assert {one.value for one in proof.kinds} == {kind}
        assert "直接改了数据库" in sentences(proof)
        assert "服务记录里" in sentences(proof)
        assert "__" not in sentences(proof)

    def test_a_contact_of_another_person(self, month: Manifest, city: City) -> None:
        other = a_family(city.chengdong, city.users["worker"]).people[0]
        Contact.objects.filter(pk=Contact.objects.exclude(person=None).values("pk")[:1]).update(person=other)
        assert {fault.code for fault in prove(month).faults} == {"untraced"}

    def test_a_record_deleted(self, month: Manifest) -> None:
        first = ServiceRecord.objects.order_by("pk").values_list("pk", flat=True)[0]
        tables = ["visits_visit", "services_recordworker", "services_contact"]
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"DELETE FROM {table} WHERE record_id = %s", [_db(first)])
            cursor.execute("DELETE FROM services_servicerecord WHERE id = %s", [_db(first)])
        proof = prove(month)
        assert {fault.code for fault in proof.faults} == {"vanished"}

    def test_a_hundred_of_a_hundred_in_the_manifest(self, month: Manifest) -> None:
        random = Random(5)
        whole = bytes(month.facts)
        for turn in range(100):
            month.refresh_from_db()
            if turn % 2:
                at = random.randrange(len(whole))
                month.facts = whole[:at] + bytes([whole[at] ^ (1 << random.randrange(8))]) + whole[at + 1 :]
            else:
                header = month.header
                at = random.choice([place for place, letter in enumerate(header) if letter.isdecimal()])
                month.header = header[:at] + str((int(header[at]) + 1) % 10) + header[at + 1 :]
            assert not prove(month).sound, turn

    def test_a_number_that_is_of_no_figure(self, month: Manifest) -> None:
        month.header = month.header.replace('"V2"', '"V2X"')
        assert not prove(month).sound

    def test_a_figure_changed_together_with_every_hash(self, month: Manifest) -> None:
        """The set still says what was counted, and the file outside still says what the head was."""
        header = json.loads(month.header)
        header["figures"]["V2"]["value"] += 1
        _forge(month, header)
        assert "figure_changed" in {fault.code for fault in prove(month).faults}
        assert "report_changed" in {fault.code for fault in prove_chain().faults}

    def test_a_stations_number_changed_together_with_every_hash(self, month: Manifest) -> None:
        header = json.loads(month.header)
        header["report"]["rows"][0]["V2"] += 1
        _forge(month, header)
        assert "figure_changed" in {fault.code for fault in prove(month).faults}

    def test_the_reports_days(self, month: Manifest) -> None:
        Filing.objects.filter(pk=month.pk).update(first=date(2020, 4, 1))
        changed = Manifest.objects.select_related("filing__owner").get(pk=month.pk)
        assert "question_changed" in {fault.code for fault in prove(changed).faults}


def _db(key: Any) -> Any:
    return key.hex if connection.vendor == "sqlite" else key


def _forge(manifest: Manifest, header: dict[str, Any]) -> None:
    from shuangbai.filings.manifest import canonical

    manifest.header = canonical(header)
    manifest.hash = hash_of(
        number=manifest.number, previous=manifest.previous, filing=manifest.pk, header=manifest.header,
        facts=bytes(manifest.facts),
    )  # fmt: skip
    manifest.save()


class TestTheChain:
    def test_of_three(self, month: Manifest, city: City) -> None:
        frozen(city, city.haifeng, *MAY)
        last = frozen(city, city.root, *MAY)
        proof = prove_chain()
        assert (proof.reports, proof.head, proof.faults) == (3, last.hash, [])

    def test_the_newest_removed(self, month: Manifest, city: City) -> None:
        frozen(city, city.root, *MAY).delete()
        [fault] = prove_chain().faults
        assert fault.code == "report_removed"
        assert "最新的报告被移除" in fault.sentence

    def test_the_newest_removed_and_the_file_cut_as_well(self, month: Manifest, city: City) -> None:
        """The report itself still says that it was accepted."""
        kept = heads.path().read_bytes()
        frozen(city, city.root, *MAY).delete()
        heads.path().write_bytes(kept)
        [fault] = prove_chain().faults
        assert fault.code == "report_removed"
        assert "已接收，而它的封存件不见了" in fault.sentence

    def test_one_in_the_middle_removed(self, month: Manifest, city: City) -> None:
        frozen(city, city.root, *MAY)
        month.delete()
        assert "第 1 号报告不见了" in "".join(prove_chain().sentences())

    def test_one_changed_for_another(self, month: Manifest, city: City) -> None:
        frozen(city, city.root, *MAY)
        Manifest.objects.filter(pk=month.pk).update(hash="0" * 63 + "1")
        assert {"chain_broken", "report_changed"} == {fault.code for fault in prove_chain().faults}

    def test_a_restored_backup_explains_what_is_beyond(self, month: Manifest, city: City) -> None:
        later = frozen(city, city.root, *MAY).filing
        Manifest.objects.filter(pk=later.pk).delete()
        Filing.objects.filter(pk=later.pk).update(state=FilingState.REVIEWED)
        heads.append([f"{heads.RESTORED} 1 {'a' * 64} 1"])
        proof = prove_chain()
        assert proof.faults == []
        assert "须重新接收" in "".join(proof.sentences())

    def test_the_trail_reads_its_own_lines_only(self, month: Manifest) -> None:
        assert list(heads.read()) == []
        assert [line.number for line in heads.read_reports()] == [1]


class TestTheCheckUp:
    """`shuangbai doctor` and 系统体检."""

    @staticmethod
    def found() -> dict[str, str]:
        said = {}
        for one in CHECK.look():
            assert "{" not in one.sentence + one.remedy
            said[one.code] = f"{one.sentence}{one.remedy}"
        return said

    def test_it_is_one_of_the_looks(self) -> None:
        assert CHECK in upkeep.CHECKS
        assert set(KINDS) <= set(upkeep.KINDS)

    def test_no_report_has_nothing_to_say(self, city: City, tmp_path: Any, settings: Any) -> None:
        settings.TRAIL_HEADS = tmp_path / "heads.log"
        assert self.found() == {}

    def test_a_sound_chain_gives_its_head_to_be_copied(self, month: Manifest) -> None:
        [(code, said)] = self.found().items()
        assert code == "report_head"
        assert month.hash in said

    def test_the_newest_report_removed(self, month: Manifest, city: City) -> None:
        frozen(city, city.root, *MAY).delete()
        [(code, said)] = self.found().items()
        assert code == "report_removed"
        assert "从最近一份还有它的备份恢复" in said

    def test_a_broken_link(self, month: Manifest, city: City) -> None:
        frozen(city, city.root, *MAY)
        Manifest.objects.filter(number=2).update(previous="0" * 63 + "1")
        assert set(self.found()) == {"report_chain_broken", "report_changed"}

    @pytest.mark.parametrize("what", ["header", "facts"])
    def test_a_manifest_that_is_not_what_its_hash_says(self, month: Manifest, what: str) -> None:
        changed = {"header": month.header.replace('"value":', '"value":1', 1), "facts": bytes(month.facts) + b"x"}
        Manifest.objects.filter(pk=month.pk).update(**{what: changed[what]})
        [(code, said)] = self.found().items()
        assert code == "report_changed"
        assert "第 1 号报告（城东社工站" in said
        assert "shuangbai verify --all" in said

    def test_a_manifest_changed_together_with_its_hash(self, month: Manifest) -> None:
        _forge(month, {**json.loads(month.header), "columns": []})
        assert set(self.found()) == {"report_changed"}

    def test_the_file_outside_lost(self, month: Manifest) -> None:
        heads.path().unlink()
        [(code, said)] = self.found().items()
        assert code == "report_heads_short"
        assert "trail-heads.log" in said

    def test_a_restore_says_what_is_to_be_accepted_again(self, month: Manifest, city: City) -> None:
        later = frozen(city, city.root, *MAY).filing
        Manifest.objects.filter(pk=later.pk).delete()
        Filing.objects.filter(pk=later.pk).update(state=FilingState.REVIEWED)
        heads.append([f"{heads.RESTORED} 1 {'a' * 64} 1"])
        assert set(self.found()) == {"report_to_accept_again", "report_head"}


def test_erasing_a_person_leaves_the_report_valid(month: Manifest, city: City) -> None:
    from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
    from shuangbai.lives.enums import ErasureBasis

    person = Contact.objects.exclude(person=None).first().person  # type: ignore[union-attr]
    [row] = ask_erasure(
        by=city.users["head"], station=city.chengdong, people=[person], basis=ErasureBasis.WITHDRAWN, reason="本人要求"
    )
    decide_erasure(by=city.users["officer"], erasure=row, agrees=True, answer="材料齐全")
    proof = prove(month)
    assert proof.sound, sentences(proof)
    assert proof.figures == []
