"""The chain over the trail: what is sealed stays as it was, and whatever somebody changes is found and named."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from shuangbai.core import audit, chain, clock, heads, trailguard
from shuangbai.core.digests import unpacked
from shuangbai.core.ids import new_id
from shuangbai.core.models import AuditBlock, AuditEvent
from shuangbai.core.periodic import Job, claim, jobs
from shuangbai.services.actions import CORRECTED, RECORDED


@pytest.fixture(autouse=True)
def heads_file(settings, tmp_path):
    settings.TRAIL_HEADS = tmp_path / "another-disk" / "trail-heads.log"
    settings.TRAIL_HEADS.parent.mkdir()
    return settings.TRAIL_HEADS


def enter(city, count: int = 3, reason: str = "") -> list[AuditEvent]:
    """So many entries about the root, and with a reason one of them a correction."""
    events = [audit.entry(RECORDED, by=None, about=city.root, what="走访") for _ in range(count)]
    if reason:
        events.append(audit.entry(CORRECTED, by=city.users["worker"], about=city.root, what="走访", reason=reason))
    audit.record_all(events)
    return events


def made_before(event: AuditEvent, span: timedelta) -> AuditEvent:
    """The entry as if it had been made so long ago."""
    moment = clock.machine_now() - span
    event.id = UUID(int=(int(moment.timestamp() * 1000) << 80) | (new_id().int & ((1 << 80) - 1)))
    event.digest = audit.digest_of(event)
    return event


@pytest.fixture
def sealed(city):
    """Three blocks of three, four and three entries."""
    AuditEvent.objects.all().delete()
    blocks = []
    for count, reason in ((3, ""), (3, "邻居陈阿婆说填错了"), (3, "")):
        blocks.append(enter(city, count, reason))
        chain.seal()
    return blocks


def codes(report: chain.Report) -> list[str]:
    return [fault.code for fault in report.faults]


class TestSealing:
    def test_what_is_written_is_not_sealed_and_the_writer_does_not_wait(self, city, django_assert_num_queries):
        clock.today()  # what day it is was asked before
        with django_assert_num_queries(1):
            enter(city, 1)
        assert AuditEvent.objects.latest("id").block is None

    def test_a_seal_takes_everything_that_is_there(self, city):
        enter(city, 5)
        assert chain.seal() == 1
        block = AuditBlock.objects.get()
        assert (block.number, block.previous) == (1, "0" * 64)
        assert not AuditEvent.objects.filter(block=None).exists()
        assert block.count == AuditEvent.objects.filter(block=1).count()

    def test_each_block_holds_the_hash_of_the_one_before(self, sealed):
        first, second, third = AuditBlock.objects.order_by("number")
        assert (second.previous, third.previous) == (first.hash, second.hash)

    def test_a_block_lists_its_entries_in_the_order_of_their_ids(self, sealed):
        block = AuditBlock.objects.get(number=2)
        members = list(unpacked(bytes(block.members)))
        assert members == sorted((event.pk, event.digest) for event in sealed[1])

    def test_many_entries_are_several_blocks(self, city, monkeypatch):
        AuditEvent.objects.all().delete()
        monkeypatch.setattr(chain, "BLOCK_MOST", 4)
        enter(city, 10)
        assert chain.seal() == 3
        assert list(AuditBlock.objects.order_by("number").values_list("count", flat=True)) == [4, 4, 2]
        assert chain.verify().sound

    def test_an_entry_that_commits_late_goes_into_a_later_block(self, city):
        """Its id is smaller than those already sealed: membership is said, not computed."""
        late = made_before(audit.entry(RECORDED, by=None, about=city.root, what="活动"), timedelta(seconds=3))
        enter(city, 2)
        chain.seal()
        audit.record_all([late])
        chain.seal()
        late.refresh_from_db()
        assert late.block == 2
        assert AuditBlock.objects.get(number=2).first_id < AuditBlock.objects.get(number=1).last_id
        assert chain.verify().sound

    def test_nothing_to_seal_makes_no_block_and_writes_nothing(self, sealed, django_assert_num_queries):
        with django_assert_num_queries(2):  # whether there is any, and the newest blocks for the file of heads
            assert chain.seal() == 0
        assert AuditBlock.objects.count() == 3

    def test_each_head_is_in_the_file_outside_the_database(self, sealed, heads_file):
        kept = [(line.number, line.hash) for line in heads.read()]
        assert kept == list(AuditBlock.objects.order_by("number").values_list("number", "hash"))
        assert heads_file.stat().st_mode & 0o077 == 0

    def test_heads_that_could_not_be_written_follow_later(self, city, settings, tmp_path):
        enter(city)
        settings.TRAIL_HEADS = tmp_path / "not-mounted" / "heads.log"
        with pytest.raises(OSError, match="not-mounted"):
            chain.seal()
        settings.TRAIL_HEADS.parent.mkdir()
        chain.seal()
        assert [line.number for line in heads.read()] == [1]
        assert chain.verify().sound

    @pytest.mark.django_db(transaction=True)
    def test_two_who_seal_at_once_make_one_chain(self):
        from tests.cast import forget_installation, make_city

        city = make_city()
        enter(city, 6)
        start, failed = threading.Barrier(4), []

        def work() -> None:
            try:
                start.wait()
                chain.seal()
            except BaseException as error:
                failed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        chain.seal()
        assert failed == []
        assert chain.verify().sound
        assert not AuditEvent.objects.filter(block=None).exists()
        forget_installation()
        # The guard forbids what the end of this test does to its tables.
        with trailguard.lifted():
            AuditEvent.objects.all().delete()
            AuditBlock.objects.all().delete()


class TestTheWindow:
    def test_the_job_stands_in_the_list_and_its_rhythm_fits_the_window(self):
        job = next(job for job in jobs() if job.does == "shuangbai.core.chain.seal")
        assert job.every + job.patience < chain.WINDOW

    def test_a_killed_worker_delays_the_seal_by_less_than_the_window(self, db):
        """The claim of the killed one runs out before an entry made at its beginning is five minutes old."""
        job: Job = next(job for job in jobs() if job.does == "shuangbai.core.chain.seal")
        begun = clock.machine_now()
        assert claim(job, begun)  # and then it is killed
        assert claim(job, begun + chain.WINDOW - timedelta(seconds=30))

    def test_an_entry_older_than_the_window_is_told(self, city):
        late = made_before(audit.entry(RECORDED, by=None, about=city.root, what="走访"), timedelta(minutes=6))
        chain.seal()
        audit.record_all([late])
        report = chain.verify()
        assert codes(report) == ["event_unsealed"]
        assert str(late.pk) in report.sentences()[1]
        assert report.oldest_unsealed > timedelta(minutes=6)

    def test_a_fresh_one_is_counted_and_no_fault(self, sealed, city):
        enter(city, 2)
        report = chain.verify()
        assert report.sound
        assert report.unsealed == 2
        assert "待封存 2 条" in "".join(report.sentences())


class TestVerifying:
    def test_an_untouched_chain_is_sound_and_says_its_head(self, sealed):
        report = chain.verify()
        assert (report.sound, report.blocks, report.events) == (True, 3, 10)
        assert report.head == AuditBlock.objects.get(number=3).hash
        assert report.head in "".join(report.sentences())

    def test_it_tells_how_far_it_is(self, sealed, monkeypatch):
        monkeypatch.setattr(chain, "BLOCKS_AT_ONCE", 1)
        told = []
        chain.verify(lambda done, whole: told.append((done, whole)))
        assert told == [(1, 3), (2, 3), (3, 3)]

    def test_an_empty_trail_is_sound(self, db):
        assert chain.verify().sound


class TestTampering:
    @pytest.mark.parametrize(
        "change",
        [
            {"by_name": "别人"},
            {"by_id": UUID(int=7)},
            {"kind": "record.voided"},
            {"at": clock.at(clock.date(2020, 1, 1))},
            {"about_id": "someone-else"},
            {"about_type": "households.household"},
            {"station_id": UUID(int=8)},
            {"details": {"what": "活动"}},
            {"personal": {"reason": "另一个理由"}},
            {"salt": "0" * 32},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_a_changed_field_is_found_and_its_entry_named(self, sealed, change):
        target = sealed[1][-1]
        with trailguard.lifted():
            AuditEvent.objects.filter(pk=target.pk).update(**change)
        report = chain.verify()
        assert [(fault.code, fault.block, fault.event) for fault in report.faults] == [("event_changed", 2, target.pk)]
        assert str(target.pk) in report.faults[0].sentence

    def test_a_changed_entry_with_a_digest_made_to_fit_is_found_too(self, sealed):
        target = sealed[1][0]
        target.details = {"what": "活动"}
        target.digest = audit.digest_of(target)
        with trailguard.lifted():
            target.save(update_fields=["details", "digest"])
        assert [(f.code, f.event) for f in chain.verify().faults] == [("event_changed", target.pk)]

    def test_a_deleted_entry_is_named(self, sealed):
        gone = sealed[0][1]
        with trailguard.lifted():
            AuditEvent.objects.filter(pk=gone.pk).delete()
        report = chain.verify()
        assert [(f.code, f.block, f.event) for f in report.faults] == [("event_missing", 1, gone.pk)]

    def test_two_that_changed_places_are_named_in_both_blocks(self, sealed):
        one, other = sealed[0][0], sealed[2][0]
        with trailguard.lifted():
            AuditEvent.objects.filter(pk=one.pk).update(block=3)
            AuditEvent.objects.filter(pk=other.pk).update(block=1)
        found = {(f.code, f.block, f.event) for f in chain.verify().faults}
        assert found == {
            ("event_missing", 1, one.pk), ("event_added", 1, other.pk),
            ("event_missing", 3, other.pk), ("event_added", 3, one.pk),
        }  # fmt: skip

    def test_an_entry_slipped_into_a_block_is_named(self, sealed, city):
        slipped = enter(city, 1)[0]
        AuditEvent.objects.filter(pk=slipped.pk).update(block=2)
        assert [(f.code, f.block, f.event) for f in chain.verify().faults] == [("event_added", 2, slipped.pk)]

    def test_a_block_taken_from_the_middle_is_named(self, sealed):
        with trailguard.lifted():
            AuditEvent.objects.filter(block=2).delete()
            AuditBlock.objects.filter(number=2).delete()
        report = chain.verify()
        assert ("block_missing", 2) in [(f.code, f.block) for f in report.faults]
        assert "第 2 块不见了" in "".join(report.sentences())

    def test_closing_the_gap_by_renumbering_is_found(self, sealed):
        with trailguard.lifted():
            AuditEvent.objects.filter(block=2).delete()
            AuditBlock.objects.filter(number=2).delete()
            AuditEvent.objects.filter(block=3).update(block=2)
            AuditBlock.objects.filter(number=3).update(number=2)
        found = codes(chain.verify())
        assert "chain" in found
        assert "block_changed" in found
        assert "end_cut" in found

    def test_a_block_whose_list_was_changed_is_named(self, sealed):
        with trailguard.lifted():
            AuditBlock.objects.filter(number=2).update(count=F("count") - 1)
        assert [(f.code, f.block) for f in chain.verify().faults] == [("block_changed", 2)]

    @pytest.mark.parametrize("left", [2, 1, 0])
    def test_a_cut_end_shows_against_the_file(self, sealed, left):
        with trailguard.lifted():
            AuditEvent.objects.filter(block__gt=left).delete()
            AuditBlock.objects.filter(number__gt=left).delete()
        report = chain.verify()
        assert [(f.code, f.block) for f in report.faults] == [("end_cut", left + 1)]
        assert f"只到第 {left} 块" in report.faults[0].sentence

    def test_an_end_cut_and_grown_again_still_shows(self, sealed, city):
        with trailguard.lifted():
            AuditEvent.objects.filter(block=3).delete()
            AuditBlock.objects.filter(number=3).delete()
        enter(city, 2)
        chain.seal()
        assert [(f.code, f.block) for f in chain.verify().faults] == [("heads_differ", 3)]

    def test_a_chain_forged_from_a_block_on_shows_against_the_file(self, sealed):
        """Whoever knows the rules computes digests, list, hash and the next block anew; the file does not agree."""
        with trailguard.lifted():
            AuditEvent.objects.filter(block__gte=2).update(block=None)
            AuditBlock.objects.filter(number__gte=2).delete()
            target = sealed[1][0]
            target.block, target.details = None, {"what": "活动"}
            target.digest = audit.digest_of(target)
            target.save()
        chain.seal()
        found = chain.verify().faults
        assert ("heads_differ", 2) in [(f.code, f.block) for f in found]

    @pytest.mark.parametrize(
        ("edit", "code"),
        [
            (lambda lines: [], "heads_missing"),
            (lambda lines: [lines[0], lines[1].replace(lines[1].split()[1], "f" * 64), lines[2]], "heads_differ"),
            (lambda lines: [lines[0], "###", lines[2]], "heads_changed"),
            (lambda lines: [*lines, "9 " + "a" * 64], "end_cut"),
        ],
        ids=["emptied", "changed", "scrawled", "lengthened"],
    )
    def test_an_edited_file_of_heads_is_found(self, sealed, heads_file, edit, code):
        lines = heads_file.read_text().splitlines()
        heads_file.write_text("".join(f"{line}\n" for line in edit(lines)))
        assert code in codes(chain.verify())

    def test_a_line_taken_from_the_file_is_found_once_it_is_overdue(self, sealed, heads_file, monkeypatch):
        lines = heads_file.read_text().splitlines()
        heads_file.write_text(f"{lines[0]}\n{lines[2]}\n")
        assert chain.verify().sound  # it may only be on its way
        later = clock.machine_now() + timedelta(minutes=6)
        monkeypatch.setattr(clock, "machine_now", lambda: later)
        assert [(f.code, f.block) for f in chain.verify().faults] == [("heads_short", 2)]

    def test_a_guard_that_was_taken_off_is_told(self, sealed):
        with connection.cursor() as cursor:
            for statement in trailguard.undo(connection.vendor):
                cursor.execute(statement)
        assert codes(chain.verify()) == ["guard"]

    def test_no_more_than_twenty_faults_are_listed_and_all_are_counted(self, city):
        AuditEvent.objects.all().delete()
        enter(city, 30)
        chain.seal()
        with trailguard.lifted():
            AuditEvent.objects.update(by_name="别人")
        report = chain.verify()
        assert (len(report.faults), report.faults_in_all) == (20, 30)
        assert "另有 10 处" in "".join(report.sentences())

    def test_a_restored_database_is_explained_once_somebody_says_so(self, sealed, city):
        with trailguard.lifted():
            AuditEvent.objects.filter(block=3).delete()
            AuditBlock.objects.filter(number=3).delete()
        chain.say_restored(by=None, reason="磁盘损坏，从昨夜备份恢复")
        chain.seal()
        report = chain.verify()
        assert report.sound
        assert report.restored == [2]
        assert "曾从备份恢复到第 2 块" in "".join(report.sentences())
        assert AuditEvent.objects.filter(kind="trail.restored").exists()


class TestTheGuard:
    """Round the action, straight at the database."""

    @pytest.mark.parametrize("change", [{"by_name": "别人"}, {"details": {}}, {"block": None}, {"digest": "0" * 64}])
    def test_a_sealed_entry_cannot_be_changed(self, sealed, change):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEvent.objects.filter(pk=sealed[0][0].pk).update(**change)

    def test_nor_one_that_waits_for_its_seal(self, sealed, city):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEvent.objects.filter(pk=enter(city, 1)[0].pk).update(kind="record.voided")

    def test_a_sealed_entry_cannot_be_deleted(self, sealed):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEvent.objects.filter(pk=sealed[0][0].pk).delete()

    def test_a_block_can_neither_be_changed_nor_deleted(self, sealed):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditBlock.objects.filter(number=1).update(hash="0" * 64)
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditBlock.objects.filter(number=1).delete()

    def test_under_the_name_of_forgetting_nothing_plain_changes(self, sealed):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditEvent.objects.filter(pk=sealed[1][-1].pk).update(salt="", personal={}, kind="record.voided")

    def test_an_entry_without_a_digest_is_refused(self, city):
        event = audit.entry(RECORDED, by=None, about=city.root, what="走访")
        event.digest = ""
        with pytest.raises(IntegrityError), transaction.atomic():
            event.save(force_insert=True)

    def test_a_block_of_nothing_is_refused(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            AuditBlock.objects.create(
                number=1, previous="", first_id=new_id(), last_id=new_id(), count=0, hash="x", sealed_at=clock.now()
            )


class TestForgetting:
    def test_the_words_go_and_the_chain_holds(self, sealed, city):
        target = sealed[1][-1]
        head = AuditBlock.objects.get(number=3).hash
        assert audit.forget(by=None, events=[target], basis="个人信息保护法第四十七条") == 1
        target.refresh_from_db()
        assert audit.sentence(target) == "林小燕 更正了走访记录，理由：（已按规定抹去）"
        assert "陈阿婆" not in str(AuditEvent.objects.values_list())
        chain.seal()
        report = chain.verify()
        assert report.sound
        assert report.forgotten == 1
        assert AuditBlock.objects.get(number=3).hash == head

    def test_the_name_of_whoever_acted_can_go_too(self, sealed):
        target = sealed[1][-1]
        audit.forget(by=None, events=[target], basis="离职人员申请", names=True)
        target.refresh_from_db()
        assert audit.sentence(target).startswith("（已按规定抹去）")
        assert target.by_id is not None
        assert chain.verify().sound

    def test_it_is_in_the_trail_itself(self, sealed):
        audit.forget(by=None, events=[sealed[1][-1]], basis="个人信息保护法第四十七条")
        told = AuditEvent.objects.get(kind="trail.forgotten")
        assert told.about_id == str(sealed[1][-1].pk)
        assert "第四十七条" in audit.sentence(told)

    def test_it_happens_once(self, sealed):
        for expected in (1, 0):
            target = AuditEvent.objects.get(pk=sealed[1][-1].pk)
            assert audit.forget(by=None, events=[target], basis="申请") == expected

    def test_one_that_left_no_entry_of_its_own_is_found(self, sealed):
        target = sealed[1][-1]
        AuditEvent.objects.filter(pk=target.pk).update(salt="", personal={"reason": "（已按规定抹去）"})
        assert [(f.code, f.event) for f in chain.verify().faults] == [("event_changed", target.pk)]

    def test_every_kind_says_what_of_it_is_personal(self):
        """Free text and names are forgotten by default; a kind that has them under another word must say so."""
        for kind in audit.KINDS.values():
            assert "{reason}" not in kind.sentence or "reason" in kind.personal, kind.code
            assert kind.short, kind.code
