"""From a case to a story that others read, and back; nothing of the case is told on the way."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuangbai.cases.models import Case
from shuangbai.core import audit
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.core.papers import kept_names
from shuangbai.dossier.enums import ConsentForm
from shuangbai.households.models import Person
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.enums import ErasureBasis
from shuangbai.network.models import Posting
from shuangbai.stories.access import own_stories, released_stories, stories_visible_to
from shuangbai.stories.actions.awarding import correct_award, enter_award, void_award
from shuangbai.stories.actions.consenting import record_consent, withdraw_consent
from shuangbai.stories.actions.moving import move_story
from shuangbai.stories.actions.writing import (
    StoryEntry,
    decide,
    draft_story,
    rename_words,
    replace_sure,
    write_story,
)
from shuangbai.stories.enums import AwardFor, AwardGrade, Does, Level, Reach, Step, StoryState
from shuangbai.stories.gathering import found_in, loaded, surroundings_of, texts_of
from shuangbai.stories.models import Award, Story, StoryConsent, StoryMove
from shuangbai.stories.queries import being_written, to_read
from shuangbai.stories.rules import AFTER, READ, SECTIONS, WITH_REASON, diagram
from tests.cast import TODAY, again
from tests.stories.conftest import CLEAN
from tests.sweep.stories import a_consent, a_paper, a_prize

pytestmark = pytest.mark.django_db
NAMES = ("陈小树", "小树", "曾秀英", "黄丽华", "13900001234", "向阳巷")


def fresh(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


def stepped(story: Story, by, step: Step, reason: str = "") -> Story:
    return move_story(by=again(by), story=story, version=fresh(story).version, step=step, reason=reason)


def whole(story: Story) -> str:
    return "\n".join(texts_of(story).values())


@pytest.fixture
def agreed(clean, worker, head, child) -> Story:
    """Checked, agreed to by the head and by the child's mother."""
    stepped(clean, worker, Step.CHECK)
    record_consent(by=worker, story=clean, entry=a_consent(child.pk))
    return stepped(clean, head, Step.AGREE)


@pytest.fixture
def released(agreed, worker) -> Story:
    return stepped(agreed, worker, Step.RELEASE)


class TestDrafting:
    def test_a_draft_is_the_cases_own_words_without_who_they_are_about(self, draft, case, city):
        said = whole(draft)
        assert [name for name in NAMES if name in said] == []
        assert city.base_village(city.chengdong).short_name not in said
        assert "2020年5月6日" not in said
        assert "案主" in said
        assert "案主母亲" in said
        assert "第一周" in said
        assert "优势视角" in draft.theory

    def test_somebody_is_called_the_same_throughout(self, draft):
        words = loaded(draft.words)
        assert len({word for subject, word in words.items() if subject.startswith("person:")}) == 2

    def test_sent_twice_it_is_one(self, case, worker):
        key = random_id()
        first = draft_story(by=worker, case=case, client_id=key, title="标题")
        assert draft_story(by=worker, case=case, client_id=key, title="标题") == first

    def test_only_whoever_writes_in_the_case_drafts(self, city, case):
        for name in ("colleague", "neighbour", "stranger", "supervisor", "officer", "auditor"):
            with pytest.raises(NotAllowed):
                draft_story(by=again(city.users[name]), case=case, client_id=random_id(), title="标题")
        with pytest.raises(Refused, match="请写标题"):
            draft_story(by=city.users["head"], case=case, client_id=random_id(), title=" ")

    def test_of_the_words_in_the_database_none_can_be_read(self, draft):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT title, background, words FROM stories_story")
            row = cursor.fetchone()
        assert "放学" not in row[0]
        assert "案主" not in row[2]


class TestDeciding:
    @pytest.fixture
    def typed(self, clean, worker) -> Story:
        """The worker types a name and a number again."""
        texts = {**CLEAN, "process": "陈小树和村民吴国荣去了卫生院。陈小树说电话13900001234。"}
        return write_story(by=worker, story=clean, version=clean.version, entry=StoryEntry("标题", texts))

    def asked(self, story: Story, case: Case) -> dict[str, object]:
        return {one.text: one for one in found_in(fresh(story), surroundings_of(case)) if not one.decided}

    def test_what_is_typed_afterwards_is_found_too(self, typed, case):
        found = self.asked(typed, case)
        assert set(found) == {"陈小树", "吴国荣", "13900001234"}
        assert len(found["陈小树"].places) == 2

    def test_replaced_it_is_replaced_wherever_it_stands(self, typed, case, worker):
        subject = self.asked(typed, case)["陈小树"].subject
        story = decide(by=worker, story=typed, version=typed.version, subject=subject, does=Does.REPLACE, words="小A")
        assert story.process.count("小A") == 2
        assert "陈小树" not in self.asked(story, case)

    def test_kept_it_stays_with_its_reason_and_can_be_asked_again(self, typed, case, worker):
        subject = self.asked(typed, case)["吴国荣"].subject
        story = decide(by=worker, story=typed, version=typed.version, subject=subject, does=Does.KEEP, words="是化名")
        assert "吴国荣" not in self.asked(story, case)
        story = decide(by=worker, story=story, version=story.version, subject=subject, does=Does.ASK)
        assert "吴国荣" in self.asked(story, case)

    @pytest.mark.parametrize(
        ("does", "words", "sentence"),
        [(Does.KEEP, " ", "为什么可以保留"), (Does.REPLACE, "", "用什么代替"), (Does.REPLACE, "曾秀英", "本身就能认出"),
         (Does.REPLACE, "13900001234", "本身就能认出")],
    )  # fmt: skip
    def test_a_decision_says_something_and_tells_nobody(self, typed, case, worker, does, words, sentence):
        subject = self.asked(typed, case)["陈小树"].subject
        with pytest.raises(Refused, match=sentence):
            decide(by=worker, story=typed, version=typed.version, subject=subject, does=does, words=words)

    def test_all_that_is_sure_at_once(self, typed, case, worker):
        story = replace_sure(by=worker, story=typed, version=typed.version)
        assert [name for name in NAMES if name in whole(story)] == []

    def test_a_word_is_changed_throughout_and_reapplied(self, typed, case, worker):
        story = replace_sure(by=worker, story=typed, version=typed.version)
        story = rename_words(by=worker, story=story, version=story.version, changes={"案主": "小A"})
        assert story.process.startswith("小A和")
        texts = {**CLEAN, "process": "陈小树又来了。"}
        story = write_story(by=worker, story=story, version=story.version, entry=StoryEntry("标题", texts))
        assert self.asked(story, case)["陈小树"].proposal == "小A"
        with pytest.raises(Refused, match="本身就能认出"):
            rename_words(by=worker, story=story, version=story.version, changes={"小A": "曾秀英"})

    def test_of_two_at_once_the_second_is_told(self, typed, worker, head):
        write_story(by=worker, story=typed, version=typed.version, entry=StoryEntry("标题", CLEAN))
        with pytest.raises(Conflict):
            write_story(by=head, story=typed, version=typed.version, entry=StoryEntry("标题", CLEAN))
        with pytest.raises(Conflict):
            decide(by=head, story=typed, version=typed.version, subject="x", does=Does.ASK)


class TestSteps:
    def test_from_draft_to_prize(self, released, worker, city, child):
        assert (released.state, released.released_on) == (StoryState.RELEASED, TODAY)
        story = stepped(released, worker, Step.SUBMIT, "全省案例征集")
        assert (story.state, story.submitted_to) == (StoryState.SUBMITTED, "全省案例征集")
        award = enter_award(by=worker, entry=a_prize(city.chengdong, of=AwardFor.STORY, story_id=story.pk))
        assert (award.title, award.what) == ("有人等他放学", "《有人等他放学》")
        assert fresh(story).state == StoryState.AWARDED
        steps = list(StoryMove.objects.order_by("entered_at", "id").values_list("to_state", flat=True))
        assert sorted(steps) == sorted(["checked", "agreed", "released", "submitted", "awarded"])

    def test_nothing_goes_on_that_could_tell(self, clean, worker):
        texts = {**CLEAN, "outcome": "陈小树按时上学。"}
        story = write_story(by=worker, story=clean, version=clean.version, entry=StoryEntry("标题", texts))
        with pytest.raises(Refused, match="还有 1 处"):
            stepped(story, worker, Step.CHECK)

    def test_nor_what_has_come_to_be_known_since(self, agreed, city, worker):
        """A name that the station learns of after the check is asked about at the release."""
        Story.objects.filter(pk=agreed.pk).update(outcome="范思哲按时上学。")
        with pytest.raises(Refused, match="可能认出人"):
            stepped(agreed, worker, Step.RELEASE)

    def test_what_is_empty_is_no_story(self, draft, worker):
        story = write_story(
            by=worker, story=draft, version=draft.version, entry=StoryEntry("标题", {"outcome": "好。"})
        )
        with pytest.raises(Refused, match="背景、服务过程"):
            stepped(story, worker, Step.CHECK)

    def test_another_than_who_wrote_it_agrees(self, clean, worker, head, supervisor):
        stepped(clean, worker, Step.CHECK)
        with pytest.raises(NotAllowed):
            stepped(clean, worker, Step.AGREE)
        assert stepped(clean, supervisor, Step.AGREE).state == StoryState.AGREED

    def test_the_head_who_wrote_it_asks_the_supervisor(self, case, head, supervisor):
        story = draft_story(by=head, case=case, client_id=random_id(), title="标题")
        story = write_story(by=head, story=story, version=1, entry=StoryEntry("标题", CLEAN))
        stepped(story, head, Step.CHECK)
        with pytest.raises(Refused, match="起草人不能自己同意"):
            stepped(story, head, Step.AGREE)
        assert stepped(story, supervisor, Step.AGREE).state == StoryState.AGREED

    def test_whoever_agrees_may_send_it_back(self, clean, worker, head):
        stepped(clean, worker, Step.CHECK)
        with pytest.raises(Refused, match="要改哪里"):
            stepped(clean, head, Step.BACK)
        assert stepped(clean, head, Step.BACK, "能看出是哪个村").state == StoryState.DRAFT

    def test_what_was_put_forward_is_not_written_on(self, agreed, worker):
        with pytest.raises(Refused, match="不能直接改"):
            write_story(by=worker, story=agreed, version=fresh(agreed).version, entry=StoryEntry("标题", CLEAN))
        for act in (
            lambda: replace_sure(by=worker, story=agreed, version=fresh(agreed).version),
            lambda: decide(by=worker, story=agreed, version=fresh(agreed).version, subject="x", does=Does.ASK),
        ):
            with pytest.raises(Refused, match="不能直接改"):
                act()

    def test_the_table_is_whole(self):
        assert set(AFTER) == set(StoryState)
        assert set(READ) <= set(AFTER)
        for moves in AFTER.values():
            assert set(moves.values()) <= set(StoryState)
        assert set(WITH_REASON) <= set(Step)
        assert "draft --> checked: 核对完成，请站长看" in diagram()


class TestConsent:
    def test_without_it_nothing_is_released(self, clean, worker, head):
        stepped(clean, worker, Step.CHECK)
        stepped(clean, head, Step.AGREE)
        with pytest.raises(Refused, match="陈小树还没有同意发布"):
            stepped(clean, worker, Step.RELEASE)

    def test_and_no_further_than_it_reaches(self, clean, worker, head, child):
        stepped(clean, worker, Step.CHECK)
        record_consent(by=worker, story=clean, entry=a_consent(child.pk, reach=Reach.INSIDE))
        stepped(clean, head, Step.AGREE)
        story = stepped(clean, worker, Step.RELEASE)
        with pytest.raises(Refused, match="还没有同意报送评选"):
            stepped(story, worker, Step.SUBMIT, "全省案例征集")

    def test_taken_back_others_read_it_no_more(self, released, worker, city):
        consent = StoryConsent.objects.get()
        withdraw_consent(by=worker, consent=consent, withdrawn_on=TODAY, reason="怕同学知道")
        assert fresh(released).state == StoryState.WITHDRAWN
        assert not released_stories(again(city.users["officer"])).exists()
        assert stepped(released, worker, Step.REDRAFT, "商量后再改").state == StoryState.DRAFT
        with pytest.raises(Refused, match="已经撤回过"):
            withdraw_consent(by=worker, consent=consent, withdrawn_on=TODAY)

    def test_of_a_child_the_guardian_says_so(self, draft, worker, child):
        entry = a_consent(child.pk)
        entry.as_guardian = False
        with pytest.raises(Refused, match="13 岁"):
            record_consent(by=worker, story=draft, entry=entry)
        Person.objects.filter(pk=child.pk).update(birth_date=date(2004, 3, 5))
        with pytest.raises(NeedsAcknowledgement, match="16 岁"):
            record_consent(by=worker, story=draft, entry=entry)
        assert record_consent(by=worker, story=draft, entry=entry, acknowledged=True)

    def test_bad_input_is_told(self, draft, worker, child, family, city):
        for more, sentence in (
            ({"giver": " "}, "是谁表示的"), ({"given_on": TODAY + timedelta(days=1)}, "今天之后"),
            ({"form": ConsentForm.SPOKEN}, "见证人"),
        ):  # fmt: skip
            with pytest.raises(Refused, match=sentence):
                record_consent(by=worker, story=draft, entry=a_consent(child.pk, **more))
        with pytest.raises(NotAllowed):
            record_consent(by=worker, story=draft, entry=a_consent(family.people[0].pk))
        assert not StoryConsent.objects.exists()

    def test_the_signed_paper_is_kept_sealed_and_shown_to_the_few(self, draft, worker, child, client_for, city):
        row = record_consent(by=worker, story=draft, entry=a_consent(child.pk, paper=a_paper()))
        assert row.stored in kept_names()
        address = f"/stories/{draft.pk}/consent/{row.pk}/paper"
        assert client_for(worker).get(address).headers["Content-Type"] == "image/png"
        assert client_for(city.users["colleague"]).get(address).status_code == 404
        assert AuditEvent.objects.filter(kind="story.paper").count() == 1


class TestWhoReads:
    def test_a_draft_is_known_to_those_of_its_case(self, city, draft):
        knows = {name for name in city.users if stories_visible_to(again(city.users[name])).exists()}
        assert knows == {"worker", "head", "supervisor"}

    def test_what_is_released_is_read_by_stations_supervisors_and_the_bureau(self, city, released):
        reads = {name for name in city.users if stories_visible_to(again(city.users[name])).exists()}
        assert reads == {"worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer"}

    def test_its_readers_are_told_neither_the_case_nor_the_writer_nor_the_day(
        self, city, released, case, worker, client_for
    ):
        for name in ("stranger", "officer", "colleague"):
            page = client_for(city.users[name]).get(f"/stories/{released.pk}/").content.decode()
            shown = page.partition("<main")[2].partition("</main>")[0]
            assert "案主按时上学" in shown
            for told in (case.number, str(case.pk), worker.display_name, f"{TODAY:%Y-%m-%d}", "陈小树", "同意"):
                assert told not in shown, (name, told)

    def test_who_left_the_station_knows_of_no_draft(self, city, draft, worker):
        Posting.objects.filter(staff=worker.staff_id).update(ends_on=TODAY - timedelta(days=1))
        assert not own_stories(again(worker)).exists()

    def test_the_lists_take_a_few_queries(self, released, draft, worker, officer, django_assert_max_num_queries):
        with django_assert_max_num_queries(8):
            assert {line.names for line in being_written(worker)} <= {"陈小树"}
        with django_assert_max_num_queries(3):
            assert [one.title for one in to_read(officer)] == ["有人等他放学"]

    def test_the_trail_says_neither_of_whom_nor_where(self, released):
        events = list(AuditEvent.objects.filter(kind__startswith="story."))
        assert {event.station_id for event in events} == {None}
        told = " ".join(audit.sentence(event) for event in events)
        assert "发布" in told
        assert [name for name in NAMES if name in told] == []


class TestPages:
    def test_the_whole_way_by_the_pages(self, case, worker, head, client_for):
        mine, heads = client_for(worker), client_for(head)
        page = mine.get(f"/stories/new?case={case.pk}").content.decode()
        assert "陈小树" in page
        said = {"case": str(case.pk), "title": "有人等他放学", "client_id": str(random_id())}
        edit = mine.post("/stories/new", said).headers["Location"]
        assert edit.endswith("/edit")
        story = Story.objects.get()
        texts = {**dict.fromkeys(SECTIONS, ""), **CLEAN, "title": "有人等他放学", "version": "1"}
        assert mine.post(edit, texts).status_code == 302
        step = f"/stories/{story.pk}/step"
        assert mine.post(step, {"step": "check", "version": "2"}).status_code == 302
        assert heads.post(step, {"step": "agree", "version": "3"}).status_code == 302
        refused = mine.post(step, {"step": "release", "version": "4"})
        assert refused.status_code == 422
        assert "还没有同意发布" in refused.content.decode()

    def test_the_findings_stand_beside_the_text_and_are_decided_there(self, clean, worker, client_for):
        mine, address = client_for(worker), f"/stories/{clean.pk}/edit"
        typed = {**CLEAN, "title": "标题", "process": "陈小树来过。", "version": str(clean.version)}
        assert mine.post(address, typed).status_code == 302
        page = mine.get(address).content.decode()
        assert "<mark>陈小树</mark>" in page
        subject = page.partition('name="subject" value="person:')[2].partition('"')[0]
        said = {"subject": f"person:{subject}", "does": "replace", "words": "小A", "version": str(fresh(clean).version)}
        assert mine.post(f"/stories/{clean.pk}/decide", said).status_code == 302
        assert fresh(clean).process == "小A来过。"

    def test_a_refused_decision_keeps_what_was_typed(self, clean, worker, client_for):
        write_story(
            by=worker, story=clean, version=clean.version, entry=StoryEntry("标题", {**CLEAN, "goals": "陈小树"})
        )
        one = found_in(fresh(clean), surroundings_of(Case.objects.get(pk=clean.case_key)))[0]
        said = {"subject": one.subject, "does": "replace", "words": "曾秀英", "version": str(fresh(clean).version)}
        answer = client_for(worker).post(f"/stories/{clean.pk}/decide", said)
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "本身就能认出" in page
        assert 'value="曾秀英"' in page

    def test_typed_text_is_checked_without_being_saved(self, clean, worker, client_for):
        typed = {**CLEAN, "title": "标题", "process": "陈小树来过。", "version": str(clean.version), "does": "check"}
        address = f"/stories/{clean.pk}/edit"
        part = client_for(worker).post(address, typed, headers={"HX-Request": "true"}).content.decode()
        assert "<mark>陈小树</mark>" in part
        assert "<html" not in part
        assert "陈小树来过。" in client_for(worker).post(address, typed).content.decode()
        assert fresh(clean).process == CLEAN["process"]

    def test_of_two_editors_the_second_keeps_what_was_typed(self, clean, worker, head, client_for):
        typed = {**CLEAN, "title": "甲的标题", "version": str(clean.version)}
        assert client_for(worker).post(f"/stories/{clean.pk}/edit", typed).status_code == 302
        answer = client_for(head).post(f"/stories/{clean.pk}/edit", {**typed, "title": "乙的标题"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "乙的标题" in page
        assert f'name="version" value="{fresh(clean).version}"' in page

    def test_taken_away_as_word_it_names_nobody(self, released, officer, client_for):
        answer = client_for(officer).post(f"/stories/{released.pk}/take", {"form": "word"})
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            said = packed.read("word/document.xml").decode()
        assert "有人等他放学" in said
        assert "案主按时上学" in said
        assert AuditEvent.objects.filter(kind="story.taken").count() == 1

    def test_a_family_that_is_none_of_ones_business(self, draft, client_for, city):
        for name in ("colleague", "stranger", "officer", "auditor"):
            for part in ("", "edit"):
                assert client_for(city.users[name]).get(f"/stories/{draft.pk}/{part}").status_code == 404


class TestPrizes:
    def test_one_stands_on_the_stations_page_and_in_the_figure(self, city, worker, client_for):
        award = enter_award(by=worker, entry=a_prize(city.chengdong, name="全省优秀案例", of=AwardFor.STORY,
                                                      title="《春天的门》", grade=AwardGrade.SECOND,
                                                      level=Level.PROVINCE))  # fmt: skip
        page = client_for(worker).get(f"/network/stations/{city.chengdong.code}/").content.decode()
        assert "《春天的门》" in page
        assert "省级二等奖" in page
        assert str(award) == "全省优秀案例 二等奖"

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"of": AwardFor.STORY}, "title"), ({"of": AwardFor.PERSON}, "staff"), ({"of": AwardFor.PROJECT}, "project"),
         ({"name": " "}, "name"), ({"body": ""}, "body")],
    )  # fmt: skip
    def test_what_is_missing_is_said(self, city, worker, more, field):
        entry = a_prize(city.chengdong)
        for name, value in more.items():
            setattr(entry, name, value)
        with pytest.raises(Refused) as refused:
            enter_award(by=worker, entry=entry)
        assert refused.value.findings[0].field == field
        assert not Award.objects.exists()

    def test_nor_of_a_day_to_come_or_before_the_station(self, city, worker):
        for on in (TODAY + timedelta(days=1), date(2001, 1, 1)):
            entry = a_prize(city.chengdong)
            entry.awarded_on = on
            with pytest.raises(Refused):
                enter_award(by=worker, entry=entry)

    def test_a_draft_is_no_story_to_be_awarded(self, city, worker, draft):
        with pytest.raises(NotAllowed):
            enter_award(by=worker, entry=a_prize(city.chengdong, of=AwardFor.STORY, story_id=draft.pk))

    def test_put_right_and_voided(self, city, worker, head, stranger):
        award = enter_award(by=worker, entry=a_prize(city.chengdong))
        award = correct_award(by=head, award=award, version=1, entry=a_prize(city.chengdong, name="标杆社工站"))
        assert (award.name, award.version) == ("标杆社工站", 2)
        with pytest.raises(Conflict):
            correct_award(by=worker, award=award, version=1, entry=a_prize(city.chengdong))
        with pytest.raises(NotAllowed):
            void_award(by=stranger, award=award, version=2, reason="不是我们的")
        with pytest.raises(Refused, match="为什么作废"):
            void_award(by=worker, award=award, version=2, reason="")
        assert void_award(by=worker, award=award, version=2, reason="登记错了").void_reason == "登记错了"
        with pytest.raises(NotAllowed):
            void_award(by=worker, award=award, version=3, reason="登记错了")

    def test_whoever_was_never_there_won_nothing_there(self, city, worker, stranger):
        with pytest.raises(Refused, match="没有在本站任职过"):
            enter_award(by=worker, entry=a_prize(city.chengdong, of=AwardFor.PERSON, staff_id=stranger.staff_id))
        award = enter_award(by=worker, entry=a_prize(city.chengdong, of=AwardFor.PERSON, staff_id=worker.staff_id))
        assert award.what == worker.display_name


class TestForgetting:
    def erase(self, person, head, officer, station) -> None:
        said = {"basis": ErasureBasis.ASKED, "reason": "家属书面要求抹去"}
        row = ask_erasure(by=head, station=station, people=[person], **said)[0]
        decide_erasure(by=officer, erasure=row, agrees=True, answer="材料齐全")

    def test_what_says_who_is_who_goes_and_what_others_read_stays(self, released, head, officer, child, city):
        row = StoryConsent.objects.get()
        self.erase(child, head, officer, city.chengdong)
        story, consent = fresh(released), StoryConsent.objects.get(pk=row.pk)
        assert (story.words, story.kept, story.outcome) == ("", "", "案主按时上学。")
        assert consent.giver == ""
        assert {row.words for row in Story.history.filter(id=story.pk)} == {""}

    def test_a_draft_that_is_theirs_alone_goes_whole(self, draft, head, officer, child, city):
        self.erase(child, head, officer, city.chengdong)
        assert whole(fresh(draft)).strip() == ""


class TestTheDatabaseRefuses:
    def test_what_cannot_be(self, city, draft, worker):
        with pytest.raises(IntegrityError, match="story_released_on_a_day"), transaction.atomic():
            Story.objects.filter(pk=draft.pk).update(state="released")
        twin = fresh(draft)
        twin.pk = random_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
        award = enter_award(by=worker, entry=a_prize(city.chengdong))
        with pytest.raises(IntegrityError, match="award_is_somebodys"), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(of="person")
        other = Award.objects.get(pk=award.pk)
        other.pk = random_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            other.save(force_insert=True)

    def test_a_consent_withdrawn_before_it_was_given(self, draft, worker, child):
        row = record_consent(by=worker, story=draft, entry=a_consent(child.pk))
        with pytest.raises(IntegrityError, match="story_consent_withdrawn_after"), transaction.atomic():
            StoryConsent.objects.filter(pk=row.pk).update(withdrawn_on=TODAY - timedelta(days=9))
        twin = StoryConsent.objects.get(pk=row.pk)
        twin.pk = random_id()
        with pytest.raises(IntegrityError), transaction.atomic():
            twin.save(force_insert=True)
