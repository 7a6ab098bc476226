"""Pages of surveys, villages and questionnaires: filled in as a browser does, refused, two at once, who sees what."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
from tests.cast import a_family, a_file
from tests.surveying import ANSWERS, a_questionnaire, a_survey, counted, sheets_in

pytestmark = pytest.mark.django_db
NEW = "/surveys/new"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def typed(village: Any, by: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends of a survey."""
    sent = {
        "village": str(village.pk), "first_on": "2020-03-02", "last_on": "2020-03-20", "worker": str(by.staff_id),
        "methods": ["interview", "walk"], "sample": "40", "source": "committee", "way": "ledger",
        "registered": "3200", "elders": "560", "children": "480", "children-source": "station",
        "children-way": "counted", "town_km": "4.5", "facilities": ["clinic", "square"],
        "problems": "1. 垃圾点没人管\n\n2. 路灯坏了", "needs": "看病接送\n暑假有人看孩子", "summary": "老人多。",
        "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | more


def asked(**more: Any) -> dict[str, Any]:
    """What a browser sends of a questionnaire."""
    sent = {
        "title": "长者午餐问卷", "about": "给来吃饭的老人", "rows": "3", "q-0-text": "合不合口味", "q-0-kind": "one",
        "q-0-choices": "很合/一般／不合", "q-1-text": "还想说什么", "q-1-kind": "text", "q-1-optional": "on",
        "q-2-text": "", "q-2-kind": "one", "client_id": str(uuid.uuid4()),
    }  # fmt: skip
    return sent | more


def answered(**more: Any) -> dict[str, Any]:
    sent = {"filled_on": "2020-06-01", "whose": "unsaid", "q1": "1", "q3": "yes", "client_id": str(uuid.uuid4())}
    return sent | more


def queries(client: Any, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


class TestASurvey:
    def test_it_is_entered_and_shown_with_where_each_number_is_from(self, city, client_for, worker):
        client = client_for(worker)
        page = text_of(client.post(NEW, typed(city.chishan, worker), follow=True))
        for said in ("赤山村调研 2020-03", "3,200 人", "村（居）委会，台账、名册", "本站，逐户清点", "4.5 公里",
                     "卫生站、文化广场", "<li>垃圾点没人管</li>", "老人多。"):  # fmt: skip
            assert said in page
        assert "常住人口" not in page.split("怎样做的")[0].split("<tbody>")[1].split("</tbody>")[0]

    def test_what_contradicts_stays_on_the_form_with_its_sentence(self, city, client_for, worker):
        answer = client_for(worker).post(NEW, typed(city.chishan, worker, children="9000"))
        assert answer.status_code == 422
        assert "未满 18 岁儿童 9000 人，比全村人口 3200 人还多，请核对两个数" in text_of(answer)
        assert 'value="9000"' in text_of(answer)
        assert Survey.objects.count() == 0

    def test_what_is_odd_is_saved_once_it_was_read(self, city, client_for, worker):
        sent = typed(city.chishan, worker, source="", way="")
        client = client_for(worker)
        page = text_of(client.post(NEW, sent))
        assert "没有写从哪里来" in page
        assert 'name="acknowledged"' in page
        assert client.post(NEW, sent | {"acknowledged": "on"}).status_code == 302

    def test_it_comes_back_for_correction_as_it_was_typed(self, city, client_for, worker):
        client = client_for(worker)
        client.post(NEW, typed(city.chishan, worker))
        made = Survey.objects.get()
        page = text_of(client.get(f"/surveys/{made.pk}/edit"))
        assert '<option value="committee" selected>' in page
        assert '<option value="station" selected>' in page
        assert "垃圾点没人管\n路灯坏了" in page
        sent = typed(city.chishan, worker, version="1", elders="600", reason="村委补报")
        page = text_of(client.post(f"/surveys/{made.pk}/edit", sent, follow=True))
        assert "60 岁及以上：560 人 → 600 人" in page
        made.refresh_from_db()
        assert made.answers["children"] == counted(480, "station", "counted")

    def test_two_at_once_see_both(self, city, client_for, worker, colleague):
        made = a_survey(city.chengdong, worker)
        edit = f"/surveys/{made.pk}/edit"
        client_for(colleague).post(edit, typed(city.chishan, worker, version="1", reason="补", elders="600"))
        answer = client_for(worker).post(edit, typed(city.chishan, worker, version="1", reason="补", elders="610"))
        assert answer.status_code == 409
        assert "黄建国" in text_of(answer)
        assert "<dd>600</dd>" in text_of(answer)
        assert "<dd>610</dd>" in text_of(answer)

    def test_voided_it_says_so_and_is_left_out_of_the_list(self, city, client_for, worker):
        made, client = a_survey(city.chengdong, worker), client_for(worker)
        page = text_of(client.post(f"/surveys/{made.pk}/void", {"reason": "重复录入"}, follow=True))
        assert "作废，理由：重复录入" in page
        assert str(made.pk) not in text_of(client.get("/surveys/"))
        assert str(made.pk) in text_of(client.get("/surveys/?voided=1"))
        assert client.get(f"/surveys/{made.pk}/edit").status_code == 404

    def test_texts_are_for_those_who_read_names(self, city, client_for, worker, officer, supervisor):
        made = a_survey(city.chengdong, worker)
        for user, reads in ((supervisor, True), (officer, False)):
            page = text_of(client_for(user).get(f"/surveys/{made.pk}/"))
            assert ("看病接送" in page) is reads
            assert ("老人多、孩子多" in page) is reads
            assert "3,200 人" in page

    def test_on_paper(self, city, client_for, worker):
        made = a_survey(city.chengdong, worker)
        answer = client_for(worker).post(f"/surveys/{made.pk}/pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")

    def test_however_many_as_many_queries(self, city, client_for, worker):
        client, counts = client_for(worker), []
        for year in (2017, 2018, 2019):
            a_survey(city.chengdong, worker, first_on=date(year, 8, 1), last_on=date(year, 8, 9))
            counts.append(queries(client, "/surveys/"))
        assert counts[0] == counts[-1] <= 8


class TestTwoSideBySide:
    def test_what_changed_in_a_village_the_older_first(self, city, client_for, worker):
        now = a_survey(city.chengdong, worker)
        was = a_survey(
            city.chengdong, worker, first_on=date(2018, 5, 1), last_on=date(2018, 5, 9),
            answers={**ANSWERS, "elders": counted(500), "facilities": ["clinic"], "needs": ["暑假有人看孩子"]},
        )  # fmt: skip
        page = text_of(client_for(worker).get(f"/surveys/compare?a={now.pk}&b={was.pk}"))
        assert "赤山村：2018-05 → 2020-03" in strip_tags(page)
        for said in ("多 60（+12.0%）", "多了：文化广场、祠堂", "看病接送：新，第 1 位", "第 1 位 → 第 2 位"):
            assert said in page

    def test_of_two_villages_how_they_differ(self, city, client_for, worker):
        one = a_survey(city.chengdong, worker)
        other = a_survey(city.chengdong, worker, village=city.beiping)
        page = text_of(client_for(worker).get(f"/surveys/compare?a={one.pk}&b={other.pk}"))
        assert "赤山村与北平村" in page

    def test_not_with_another_stations(self, city, client_for, worker, stranger, supervisor):
        one, other = a_survey(city.chengdong, worker), a_survey(city.dongzhou, stranger)
        address = f"/surveys/compare?a={one.pk}&b={other.pk}"
        assert client_for(worker).get(address).status_code == 404
        assert client_for(supervisor).get(address).status_code == 200
        assert client_for(worker).get("/surveys/compare?a=1").status_code == 404


class TestAVillage:
    def test_without_a_survey_what_the_records_know(self, city, client_for, worker):
        family = a_family(city.chengdong, worker, village=city.chishan, tags=["dibao_rural"])
        a_file(family, worker)
        page = text_of(client_for(worker).get(f"/villages/{city.chishan.pk}/"))
        for said in ("还没有做过调研", "农村低保", "1 户 2 人", "登记调研", "档案和记录截至 2020-06-06"):
            assert said in page

    def test_with_one_both_and_the_difference(self, city, client_for, worker):
        a_survey(city.chengdong, worker)
        page = text_of(client_for(worker).get(f"/villages/{city.chishan.pk}/"))
        for said in ("820", "档案少 820 户", "2020-03-20", "看病接送", "卫生站、文化广场、祠堂"):
            assert said in page

    def test_its_numbers_open_to_their_lists(self, city, client_for, worker, officer):
        page = text_of(client_for(worker).get(f"/villages/{city.chishan.pk}/"))
        asked = f"first=2020-01-01&amp;last=2020-06-06&amp;scope=SW-HF-01&amp;village={city.chishan.pk}"
        address = f"/reports/evidence/V1/?{asked}"
        assert address in page
        assert client_for(worker).get(address.replace("&amp;", "&")).status_code == 200
        assert "/families/?village" in page
        assert "/families/?village" not in text_of(client_for(officer).get(f"/villages/{city.chishan.pk}/"))

    def test_another_stations_is_not_there(self, city, client_for, stranger):
        assert client_for(stranger).get(f"/villages/{city.chishan.pk}/").status_code == 404
        assert client_for(stranger).get(f"/villages/{city.chishan.parent_id}/").status_code == 404
        assert "赤山" not in text_of(client_for(stranger).get("/villages/"))

    def test_they_are_found_by_name_and_however_many_as_many_queries(self, city, client_for, supervisor, worker):
        client = client_for(supervisor)
        page = text_of(client.get("/villages/?q=赤山"))
        assert "赤山村" in page
        assert "北平村" not in page
        assert "换两个字再试" in text_of(client.get("/villages/?q=没有这个"))
        one = queries(client, "/villages/")
        a_survey(city.chengdong, worker)
        assert queries(client, "/villages/") == one <= 8


class TestAQuestionnaire:
    def test_it_is_drafted_looked_at_published_and_changed_into_a_version(self, client_for, worker):
        client = client_for(worker)
        page = text_of(client.post("/questionnaires/new", asked(), follow=True))
        for said in ("起草中", "□ 很合", "□ 一般", "可以不答", "发布"):
            assert said in page
        made = Questionnaire.objects.get()
        assert [one["code"] for one in made.questions] == ["q1", "q2"]
        edit = f"/questionnaires/{made.pk}/edit"
        assert 'value="很合／一般／不合"' in text_of(client.get(edit))
        client.post(edit, asked(version="1", title="午餐问卷"))
        page = text_of(client.post(f"/questionnaires/{made.pk}/move", {"version": "2", "to": "published"}, follow=True))
        assert "使用中" in page
        assert client.get(edit).status_code == 404
        answer = client.post(f"/questionnaires/{made.pk}/revise")
        assert answer.status_code == 302
        assert "第 2 版" in text_of(client.get(f"/questionnaires/{made.pk}/"))

    def test_what_cannot_be_asked_stays_on_the_form(self, client_for, worker):
        answer = client_for(worker).post("/questionnaires/new", asked(**{"q-0-choices": "很合"}))
        assert answer.status_code == 422
        assert "第 1 题要有 2 到 10 个选项" in text_of(answer)
        assert 'value="合不合口味"' in text_of(answer)

    def test_two_at_once_see_both(self, city, client_for, worker, colleague):
        draft = a_questionnaire(city.chengdong, worker, published=False)
        edit = f"/questionnaires/{draft.pk}/edit"
        client_for(colleague).post(edit, asked(version="1", title="他的"))
        answer = client_for(worker).post(edit, asked(version="1", title="我的"))
        assert answer.status_code == 409
        assert "他的" in text_of(answer)
        assert "我的" in text_of(answer)

    def test_published_twice_says_that_it_was_changed(self, city, client_for, worker):
        draft = a_questionnaire(city.chengdong, worker, published=False)
        move = f"/questionnaires/{draft.pk}/move"
        client_for(worker).post(move, {"version": "1", "to": "published"})
        assert client_for(worker).post(move, {"version": "1", "to": "published"}).status_code == 409
        assert client_for(worker).post(move, {"version": "2", "to": "published"}).status_code == 422
        assert client_for(worker).post(move, {"version": "x", "to": "published"}).status_code == 404

    def test_the_lists_queries_do_not_grow(self, city, client_for, worker):
        client, counts = client_for(worker), []
        for at in range(3):
            a_questionnaire(city.chengdong, worker, title=f"问卷{at}")
            counts.append(queries(client, "/questionnaires/"))
        assert counts[0] == counts[-1] <= 8


class TestSheets:
    @pytest.fixture
    def meals(self, city, worker):
        return a_questionnaire(city.chengdong, worker)

    def test_one_after_another_with_village_and_day_kept(self, city, client_for, worker, meals):
        client, new = client_for(worker), f"/questionnaires/{meals.pk}/sheets/new"
        sent = answered(village=str(city.chishan.pk), q2=["1", "2"], q4="30", q5="淡")
        page = text_of(client.post(new, sent, follow=True))
        for said in ("本站已录 1 份", "改上一份", 'data-sheet="next"', f'<option value="{city.chishan.pk}" selected>',
                     'value="2020-06-01"', "1 很合", "0 ")[:6]:  # fmt: skip
            assert said in page
        assert AnswerSheet.objects.get().said == {"q1": "1", "q2": ["1", "2"], "q3": "yes", "q4": 30, "q5": "淡"}

    def test_what_was_left_out_is_named_and_the_rest_stays(self, client_for, worker, meals):
        sent = answered(q5="淡一点")
        del sent["q1"]
        answer = client_for(worker).post(f"/questionnaires/{meals.pk}/sheets/new", sent)
        assert answer.status_code == 422
        assert "第 1 题还没有答" in text_of(answer)
        assert "淡一点" in text_of(answer)

    def test_the_last_one_is_corrected_and_voided(self, city, client_for, worker, meals):
        client = client_for(worker)
        [sheet] = sheets_in(city.chengdong, worker, meals, 1)
        page = text_of(client.get(f"/questionnaires/sheets/{sheet.pk}/"))
        assert "菜淡一点" in page
        sent = answered(version="1", reason="看错一行", q1="3")
        assert client.post(f"/questionnaires/sheets/{sheet.pk}/", sent).status_code == 302
        stale = client.post(f"/questionnaires/sheets/{sheet.pk}/", sent | {"q1": "2"})
        assert stale.status_code == 409
        client.post(f"/questionnaires/sheets/{sheet.pk}/void", {"reason": "重复"})
        assert client.get(f"/questionnaires/sheets/{sheet.pk}/").status_code == 404
        assert "还没有录过一份" in text_of(client.get(f"/questionnaires/{meals.pk}/sheets/"))

    def test_odd_addresses_are_passed_over(self, client_for, worker, meals):
        new = f"/questionnaires/{meals.pk}/sheets/new"
        assert client_for(worker).get(f"{new}?village=x&filled_on=gestern&whose=?&last=1").status_code == 200

    def test_however_many_as_many_queries(self, city, client_for, worker, meals):
        client = client_for(worker)
        counts = []
        for _ in range(2):
            sheets_in(city.chengdong, worker, meals, 4, village_id=city.chishan.pk)
            pages = ("sheets/", "sheets/new", "results")
            counts.append([queries(client, f"/questionnaires/{meals.pk}/{page}") for page in pages])
        assert counts[0] == counts[1]
        assert max(counts[0]) <= 12


class TestResults:
    @pytest.fixture
    def meals(self, city, worker):
        return a_questionnaire(city.chengdong, worker)

    def test_counts_shares_and_n(self, city, client_for, worker, meals):
        sheets_in(city.chengdong, worker, meals, 2)
        sheets_in(city.chengdong, worker, meals, 1, answers={"q1": "3", "q3": "no"})
        page = text_of(client_for(worker).get(f"/questionnaires/{meals.pk}/results"))
        for said in ("3 份答了（共 3 份）", "66.7%", "33.3%", "菜淡一点", "2 份答了（共 3 份）", "60"):
            assert said in page

    def test_few_are_told_to_the_station_alone(self, city, client_for, worker, officer, meals):
        sheets_in(city.chengdong, worker, meals, 4)
        address = f"/questionnaires/{meals.pk}/results"
        assert "100.0%" in text_of(client_for(worker).get(address))
        page = text_of(client_for(officer).get(address))
        assert "少于 5 份" in page
        assert "100.0%" not in page
        assert "少于 5 份" in text_of(client_for(officer).get("/questionnaires/"))
        sheets_in(city.chengdong, worker, meals, 1)
        page = text_of(client_for(officer).get(address))
        assert "100.0%" in page
        assert "菜淡一点" not in page

    def test_of_one_village(self, city, client_for, worker, meals):
        sheets_in(city.chengdong, worker, meals, 2, village_id=city.chishan.pk)
        sheets_in(city.chengdong, worker, meals, 1)
        address = f"/questionnaires/{meals.pk}/results"
        assert "2 份答了（共 2 份）" in text_of(client_for(worker).get(f"{address}?village={city.chishan.pk}"))
        assert "没有写村居" in text_of(client_for(worker).get(f"{address}?village=0"))
        for strange in ("x", "99999999", str(city.beiping.pk)):
            assert client_for(worker).get(f"{address}?village={strange}").status_code == 404

    def test_none_yet(self, client_for, worker, meals):
        assert "还没有人录入" in text_of(client_for(worker).get(f"/questionnaires/{meals.pk}/results"))
