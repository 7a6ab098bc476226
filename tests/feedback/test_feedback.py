"""What people say about the system itself: said, answered on screen, settled or said again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.feedback.actions import answer_feedback, close_feedback, reopen_feedback, send_feedback
from shuangbai.feedback.enums import FeedbackKind, FeedbackState
from shuangbai.feedback.models import Feedback, FeedbackReply
from shuangbai.feedback.rules import A_DAY, plain_path
from shuangbai.network.models import User

pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "head", "supervisor", "officer", "sysadmin", "security", "auditor"]
TEXT = "保存走访以后要点两次才能回到今日"
ANSWER = "下周改好，谢谢"


def said(by: User, kind: FeedbackKind = FeedbackKind.AWKWARD, text: str = TEXT) -> Feedback:
    return send_feedback(by=by, kind=kind, text=text, page="/visits/new?family=1")


def answered(row: Feedback, by: User, text: str = ANSWER) -> Feedback:
    return answer_feedback(by=by, feedback=row, version=row.version, text=text)


class TestSaying:
    @pytest.mark.parametrize("who", EVERYBODY)
    def test_everybody_may_and_finds_it_among_their_own(self, city, client_for, who):
        page = client_for(city.users[who])
        assert "对系统提意见" in page.get("/").content.decode()
        answer = page.post("/feedback/new", {"kind": "broken", "text": TEXT, "page": "/records/"})
        row = Feedback.objects.get()
        assert answer["Location"] == f"/feedback/{row.pk}/"
        assert (row.by, row.page, row.state) == (city.users[who], "/records/", FeedbackState.OPEN)
        assert TEXT in page.get("/feedback/").content.decode()

    @pytest.mark.nodb
    @pytest.mark.parametrize(
        ("path", "kept"),
        [
            ("/search?q=曾秀英", "/search"),
            ("/families/0197b3c4-1111-7000-8000-000000000000/edit", "/families/…/edit"),
            ("/records/#top", "/records/"),
            ("https://elsewhere.cn/", ""),
            ("javascript:alert(1)", ""),
        ],
    )
    def test_the_page_names_no_family(self, path, kept):
        assert plain_path(path) == kept

    def test_the_page_comes_from_where_one_was(self, client_for, worker):
        text = client_for(worker).get("/feedback/new?from=/families/%3Fq%3D曾秀英").content.decode()
        assert 'name="page" value="/families/"' in text
        assert "请不要写服务对象的姓名" in text

    @pytest.mark.parametrize(
        ("text", "words"),
        [("好", "多写几个字"), ("陈婆婆的证号 11010519491231002X 存不上", "像有身份证号"), ("x" * 2001, "太长了")],
    )
    def test_what_cannot_be_taken_is_said(self, client_for, worker, text, words):
        answer = client_for(worker).post("/feedback/new", {"kind": "broken", "text": text})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert Feedback.objects.count() == 0

    def test_not_without_a_kind(self, client_for, worker):
        answer = client_for(worker).post("/feedback/new", {"text": TEXT})
        assert "请选择是哪一种" in answer.content.decode()

    def test_not_without_end_in_a_day(self, worker):
        for _ in range(A_DAY):
            said(worker)
        with pytest.raises(Refused, match="请明天再提"):
            said(worker)

    def test_it_is_in_the_trail_without_its_words(self, worker):
        said(worker)
        event = AuditEvent.objects.get(kind="feedback.sent")
        assert event.by_id == worker.pk
        assert TEXT not in str(event.details)


class TestAnswering:
    def test_the_asker_finds_the_answer_on_the_page_of_the_day_until_settled(self, client_for, worker, sysadmin):
        row = answered(said(worker), sysadmin)
        page = client_for(worker)
        assert f"/feedback/{row.pk}/" in page.get("/").content.decode()
        shown = page.get(f"/feedback/{row.pk}/").content.decode()
        assert ANSWER in shown
        assert "罗伟" in shown
        page.post(f"/feedback/{row.pk}/close", {"version": row.version})
        assert f"/feedback/{row.pk}/" not in page.get("/").content.decode()

    def test_who_answers_is_told_how_many_wait(self, client_for, worker, sysadmin, officer):
        row = said(worker)
        assert "有 1 条对系统的意见等着答复" in client_for(sysadmin).get("/").content.decode()
        assert "等着答复" not in client_for(officer).get("/").content.decode()
        page = client_for(sysadmin)
        assert TEXT in page.get("/setup/feedback/").content.decode()
        page.post(f"/feedback/{row.pk}/answer", {"text": ANSWER, "version": 1})
        assert TEXT not in page.get("/setup/feedback/?state=open").content.decode()
        assert TEXT in page.get("/setup/feedback/?state=answered").content.decode()

    def test_the_asker_says_it_again(self, client_for, worker, sysadmin):
        row = answered(said(worker), sysadmin)
        client_for(worker).post(f"/feedback/{row.pk}/reopen", {"text": "还是要点两次", "version": 2})
        row.refresh_from_db()
        assert row.state == FeedbackState.OPEN
        shown = client_for(sysadmin).get(f"/feedback/{row.pk}/").content.decode()
        assert shown.index(ANSWER) < shown.index("还是要点两次")

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "security", "auditor"])
    def test_nobody_else_answers_or_reads_all(self, city, client_for, who, colleague):
        row, page = said(colleague), client_for(city.users[who])
        assert page.get("/setup/feedback/").status_code == 404
        assert page.get(f"/feedback/{row.pk}/").status_code == 404
        for act in ("answer", "close", "reopen"):
            assert page.post(f"/feedback/{row.pk}/{act}", {"text": TEXT, "version": 1}).status_code == 404
        with pytest.raises(NotAllowed):
            answered(row, city.users[who])
        with pytest.raises(NotAllowed):
            close_feedback(by=city.users[who], feedback=row, version=1)

    def test_only_the_asker_opens_it_again(self, worker, sysadmin):
        row = answered(said(worker), sysadmin)
        with pytest.raises(NotAllowed):
            reopen_feedback(by=sysadmin, feedback=row, version=2, text=TEXT)

    def test_what_may_follow_what(self, worker, sysadmin):
        row = said(worker)
        with pytest.raises(Refused, match="还在等待答复"):
            reopen_feedback(by=worker, feedback=row, version=1, text=TEXT)
        row = close_feedback(by=worker, feedback=row, version=1)
        for act in (lambda: answered(row, sysadmin), lambda: close_feedback(by=worker, feedback=row, version=2)):
            with pytest.raises(Refused, match="已办结"):
                act()
        assert reopen_feedback(by=worker, feedback=row, version=2, text=TEXT).state == FeedbackState.OPEN

    def test_two_at_once_and_what_was_typed_stays(self, client_for, worker, sysadmin):
        row = said(worker)
        answered(row, sysadmin)
        answer = client_for(sysadmin).post(f"/feedback/{row.pk}/answer", {"text": "另一个答复", "version": 1})
        assert answer.status_code == 409
        shown = answer.content.decode()
        for words in (ANSWER, "另一个答复", 'name="version" value="2"', "有了新的内容"):
            assert words in shown
        with pytest.raises(Conflict):
            close_feedback(by=worker, feedback=row, version=1)
        said_back = client_for(worker).post(f"/feedback/{row.pk}/close", {"version": "1"}, follow=True)
        assert "看过再办结" in said_back.content.decode()


class TestAsks:
    def test_everybody_reads_the_answer_and_nobody_whose_it_was(self, city, client_for, worker, sysadmin, stranger):
        ask = "每月的走访汇总表，系统里已经有数，能不能不再填"
        row = said(worker, FeedbackKind.NEEDLESS, ask)
        page = client_for(stranger)
        assert ask not in page.get("/feedback/asks/").content.decode()
        answered(row, sysadmin, "从下月起不用再填")
        shown = page.get("/feedback/asks/").content.decode()
        for words in (ask, "从下月起不用再填"):
            assert words in shown
        for words in (worker.display_name, sysadmin.display_name, str(row.pk)):
            assert words not in shown

    def test_other_kinds_are_not_in_it(self, client_for, worker, sysadmin, stranger):
        answered(said(worker), sysadmin)
        assert TEXT not in client_for(stranger).get("/feedback/asks/").content.decode()

    def test_lists_cost_the_same_however_long(self, client_for, worker, sysadmin, django_assert_max_num_queries: Any):
        for number in range(4):
            answered(said(worker, FeedbackKind.NEEDLESS, f"第 {number} 张表能不能不填"), sysadmin)
        for user, path, most in ((worker, "/feedback/asks/", 6), (worker, "/feedback/", 5),
                                 (sysadmin, "/setup/feedback/", 5)):  # fmt: skip
            client = client_for(user)
            client.get(path)
            with django_assert_max_num_queries(most):
                client.get(path)


class TestConstraints:
    def test_no_empty_words(self, worker):
        with pytest.raises(IntegrityError), transaction.atomic():
            Feedback.objects.create(kind="other", text="", by=worker)
        row = said(worker)
        with pytest.raises(IntegrityError), transaction.atomic():
            FeedbackReply.objects.create(feedback=row, text="", by=worker, is_answer=True)
