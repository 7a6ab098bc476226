"""Scales of a city's own: added, changed into another version, ended; and how a result is kept, drawn and forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shuangbai.codes.models import Decision
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.scales.actions import ResultEntry, add_scale, change_scale, end_scale, keep_result, void_result
from shuangbai.scales.enums import Filler
from shuangbai.scales.forms import ScaleForm
from shuangbai.scales.models import ScaleResult, ScaleVersion
from shuangbai.scales.queries import catalogue, repeated_of, results_of, scales_on
from tests.cast import TODAY

pytestmark = pytest.mark.django_db
WHY = "本市统一使用"
TYPED = {
    "name": "照顾压力", "about": "问照顾的人", "source": "本市督导中心，2020", "licence": "自编", "fills": ["client"],
    "worse": "high", "kind": "items", "choices": "从不=0\n有时=1\n常常=2",
    "items": "睡不好\n（反）有人换手\n（危）不想活了",
    "missing_most": "", "least": "", "most": "", "bands": "0-2=轻；再看看\n3-6=重；找人换手", "starts_on": "2020-06-06",
    "version": "0", "reason": WHY,
}  # fmt: skip


def defined(**more) -> dict:
    form = ScaleForm({**TYPED, **more}, version=0)
    assert form.is_valid(), form.errors
    return form.definition()


def added(officer, *, version=0, **more) -> ScaleVersion:
    return add_scale(by=officer, data=defined(**more), starts_on=TODAY, version=version, reason=WHY)


class TestWritten:
    def test_lines_of_text_become_a_scale(self):
        said = defined()
        assert said["choices"] == [["从不", 0], ["有时", 1], ["常常", 2]]
        assert said["items"] == [
            {"text": "睡不好"}, {"text": "有人换手", "reverse": True}, {"text": "不想活了", "alarm_from": 1},
        ]  # fmt: skip
        assert said["bands"] == [[0, 2, "轻", "再看看"], [3, 6, "重", "找人换手"]]

    def test_a_line_says_to_which_part_its_question_belongs(self):
        said = defined(items="【身体】睡不好\n【支持】（反）有人换手\n\n（危）【身体】 不想活了\n说不清")
        assert said["items"] == [
            {"text": "睡不好"}, {"text": "有人换手", "reverse": True}, {"text": "不想活了", "alarm_from": 1},
            {"text": "说不清"},
        ]  # fmt: skip
        assert said["subscales"] == [["1", "身体", ["1", "3"]], ["2", "支持", ["2"]]]

    @pytest.mark.parametrize(
        ("line", "words"),
        [("【身体】", "没有题目"), ("（反）", "没有题目"), ("【】累", "名称"), ("【身体】【心】累", "一个部分"),
         ("【身体 累", "“【”和“】”中间"), (f"【{'长' * 21}】累", "最多 20 个字")],
    )  # fmt: skip
    def test_a_question_that_is_not_understood_is_said_with_its_line(self, line, words):
        form = ScaleForm({**TYPED, "items": f"睡不好\n\n{line}\n急"}, version=0)
        assert not form.is_valid()
        [told] = form.errors["items"]
        assert told.startswith(f"第 3 行“{line[:20]}”：")
        assert words in told

    @pytest.mark.parametrize(
        ("field", "typed", "words"),
        [("choices", "从不", "没有=0"), ("bands", "低的", "0-4=一般"), ("licence", "", "填写")],
    )
    def test_a_line_that_is_not_understood_is_said(self, field, typed, words):
        form = ScaleForm({**TYPED, field: typed}, version=0)
        assert not form.is_valid()
        assert words in form.errors[field][0]

    def test_a_scale_comes_back_into_the_form_as_it_was_written(self, city, officer):
        added(officer)
        form = ScaleForm(version=1, like=catalogue()["own1", 1])
        for name in ("choices", "items", "bands", "name", "kind"):
            assert form.initial[name] == TYPED[name]

    def test_so_do_its_parts(self, city, officer):
        items = "【身体】睡不好\n【支持】（反）有人换手\n【身体】（危）不想活了"
        added(officer, items=items)
        assert ScaleForm(version=1, like=catalogue()["own1", 1]).initial["items"] == items


class TestDecided:
    def test_added_it_is_offered_from_its_day_on_and_the_decision_kept(self, city, officer):
        added(officer)
        assert "own1" in {one.code for one in scales_on(TODAY)}
        assert "own1" not in {one.code for one in scales_on(TODAY - timedelta(days=1))}
        assert Decision.objects.get(subject="scales").reason == WHY

    def test_another_version_leaves_the_first_as_it_was(self, city, officer):
        added(officer)
        later = TODAY + timedelta(days=10)
        said = defined(items="睡不好\n（反）有人换手")
        said["bands"] = []
        change_scale(by=officer, code="own1", data=said, starts_on=later, version=1, reason=WHY)
        assert {day: len(one.items) for day in (TODAY, later) for one in scales_on(day) if one.code == "own1"} == {
            TODAY: 3, later: 2,
        }  # fmt: skip
        assert catalogue()["own1", 1].ends_on == later - timedelta(days=1)

    def test_the_products_own_are_ended_and_never_altered(self, city, officer):
        with pytest.raises(Refused, match="不能改"):
            change_scale(by=officer, code="phq9", data=defined(), starts_on=TODAY, version=0, reason=WHY)
        end_scale(by=officer, code="phq9", ends_on=TODAY, version=0, reason=WHY)
        assert "phq9" not in {one.code for one in scales_on(TODAY + timedelta(days=1))}
        assert not catalogue()["phq9", 1].own
        with pytest.raises(Refused, match="不必再停"):
            end_scale(by=officer, code="phq9", ends_on=TODAY, version=1, reason=WHY)

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"name": "焦虑症状筛查（GAD-7）"}, "name"), ({"items": ""}, "items"), ({"bands": "0-9=轻"}, "bands")],
    )
    def test_what_is_no_scale_is_refused_and_nothing_is_kept(self, city, officer, more, field):
        with pytest.raises(Refused) as refused:
            added(officer, **more)
        assert refused.value.first.field == field
        assert not ScaleVersion.objects.exists()

    def test_not_in_the_past_not_without_a_reason_and_not_twice_at_once(self, city, officer):
        for starts_on, reason, field in ((TODAY - timedelta(days=1), WHY, "starts_on"), (TODAY, " ", "reason")):
            with pytest.raises(Refused) as refused:
                add_scale(by=officer, data=defined(), starts_on=starts_on, version=0, reason=reason)
            assert refused.value.first.field == field
        added(officer)
        with pytest.raises(Conflict):
            added(officer, name="另一份")

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "sysadmin", "security", "auditor"])
    def test_nobody_else_decides(self, city, who):
        by = city.users[who]
        for act in (
            lambda: added(by),
            lambda: change_scale(by=by, code="own1", data=defined(), starts_on=TODAY, version=0, reason=WHY),
            lambda: end_scale(by=by, code="phq9", ends_on=TODAY, version=0, reason=WHY),
        ):
            with pytest.raises(NotAllowed):
                act()


def an_entry(**more) -> ResultEntry:
    said = {
        "client_id": random_id(), "person_key": random_id(), "scale": "gad7", "version": 1, "taken_on": TODAY,
        "filled_by": Filler.CLIENT, "answers": {str(n): 1 for n in range(1, 8)},
    }  # fmt: skip
    return ResultEntry(**{**said, **more})


class TestResults:
    def test_kept_with_score_and_band_and_not_to_be_read_in_the_database(self, city, worker):
        subject = random_id()
        result, scored = keep_result(
            by=worker, station=city.chengdong, subject_key=subject, entry=an_entry(note="在家")
        )
        assert (scored.total, scored.band) == (7, "轻度")
        assert ScaleResult.objects.get(pk=result.pk).told["total"] == 7
        with connection.cursor() as cursor:
            cursor.execute("SELECT said, note FROM scales_scaleresult")
            stored = " ".join(cursor.fetchone())
        assert "轻度" not in stored
        assert "在家" not in stored

    def test_sent_twice_it_is_one(self, city, worker):
        entry, subject = an_entry(), random_id()
        made = [keep_result(by=worker, station=city.chengdong, subject_key=subject, entry=entry)[0] for _ in range(2)]
        assert made[0] == made[1]

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"taken_on": TODAY + timedelta(days=1)}, "taken_on", "今天之后"),
            ({"taken_on": date(2019, 12, 31)}, "taken_on", "早于个案登记"),
            ({"scale": "none"}, "taken_on", "不用这份量表"),
            ({"version": 2}, "taken_on", "不用这份量表"),
            ({"filled_by": Filler.WORKER}, "filled_by", "重选"),
            ({"answers": {}}, "item_1", "没有答"),
            ({"answers": {str(n): 9 for n in range(1, 8)}}, "item_1", "第 1 题"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_kept(self, city, worker, more, field, words):
        with pytest.raises(Refused) as refused:
            keep_result(
                by=worker,
                station=city.chengdong,
                subject_key=random_id(),
                entry=an_entry(**more),
                first=date(2020, 1, 1),
            )
        assert refused.value.first.field == field
        assert words in refused.value.first.sentence
        assert not ScaleResult.objects.exists()

    def test_repeated_they_are_a_line_and_a_change(self, city, worker):
        subject, person = random_id(), random_id()
        for day, points in ((date(2020, 3, 1), 2), (date(2020, 6, 1), 1)):
            entry = an_entry(person_key=person, taken_on=day, answers={str(n): points for n in range(1, 8)})
            keep_result(by=worker, station=city.chengdong, subject_key=subject, entry=entry)
        [told] = repeated_of(subject)
        assert [(one.total, one.change, one.band) for one in told.lines] == [(7, -7, "轻度"), (14, None, "中度")]
        assert "2020-03-01 14（中度）" in told.drawing

    def test_each_part_has_its_score(self, city, officer, worker):
        added(officer, items="【身体】睡不好\n【支持】（反）有人换手\n【身体】累")
        subject = random_id()
        entry = an_entry(scale="own1", answers={"1": 2, "2": 2, "3": 1})
        keep_result(by=worker, station=city.chengdong, subject_key=subject, entry=entry)
        assert repeated_of(subject)[0].latest.parts == [("身体", 3), ("支持", 0)]

    def test_voided_it_is_gone_from_every_page_and_stays(self, city, worker):
        subject = random_id()
        result, _ = keep_result(by=worker, station=city.chengdong, subject_key=subject, entry=an_entry())
        with pytest.raises(Refused, match="为什么"):
            void_result(by=worker, result=result, reason=" ")
        void_result(by=worker, result=result, reason="填错了人")
        assert not results_of(subject).exists()
        assert ScaleResult.objects.get().void_reason == "填错了人"

    def test_whoever_is_forgotten_leaves_no_answer(self, city, worker):
        from shuangbai.households.forgetting import Forgetting
        from shuangbai.scales.keeping import Answers

        subject, person = random_id(), random_id()
        keep_result(
            by=worker, station=city.chengdong, subject_key=subject, entry=an_entry(person_key=person, note="陈小树在旁")
        )
        keep_result(by=worker, station=city.chengdong, subject_key=subject, entry=an_entry(note="陈小树在旁"))
        none: frozenset = frozenset()
        Answers().forget(Forgetting(person, ("陈小树",), none, none, none))
        assert {one.note for one in ScaleResult.objects.all()} == {"", "已匿名在旁"}
        told = next(one for one in repeated_of(subject) if one.person_key == person)
        assert told.latest.total is None


class TestTheDatabaseRefuses:
    def test_a_version_twice(self, city, officer):
        row = added(officer)
        row.pk = None
        with pytest.raises(IntegrityError, match=r"scale_version_once|UNIQUE"), transaction.atomic():
            row.save(force_insert=True)

    def test_a_version_without_a_name(self, city):
        with pytest.raises(IntegrityError, match="scale_version_is_named"), transaction.atomic():
            ScaleVersion.objects.create(code="", version=1, definition={}, starts_on=TODAY)

    def test_a_result_sent_twice_and_half_voided(self, city, worker):
        entry = an_entry()
        result, _ = keep_result(by=worker, station=city.chengdong, subject_key=random_id(), entry=entry)
        other, _ = keep_result(by=worker, station=city.chengdong, subject_key=random_id(), entry=an_entry())
        with pytest.raises(IntegrityError), transaction.atomic():
            ScaleResult.objects.filter(pk=other.pk).update(client_id=entry.client_id)
        with pytest.raises(IntegrityError, match="scale_result_void_is_whole"), transaction.atomic():
            ScaleResult.objects.filter(pk=result.pk).update(voided_at=clock.now())


class TestPages:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "auditor"])
    def test_everybody_reads_which_there_are_and_where_they_come_from(self, city, client_for, who):
        client = client_for(city.users[who])
        page = client.get("/scales/").content.decode()
        assert "抑郁症状筛查" in page
        assert ("增加量表" in page) is (who == "officer")
        page = client.get("/scales/phq9/").content.decode()
        assert "做事时提不起劲" in page
        assert "No permission required" in page

    def test_what_there_is_not_is_not_there(self, client_for, officer):
        for address in ("/scales/none/", "/scales/none/end", "/scales/phq9/change"):
            assert client_for(officer).get(address).status_code == 404

    def test_added_on_a_page_changed_and_ended(self, city, client_for, officer, worker):
        client = client_for(officer)
        assert client.post("/scales/new", TYPED).status_code == 302
        later = {**TYPED, "version": "1", "items": "睡不好\n累", "bands": "", "starts_on": "2020-06-07"}
        assert client.get("/scales/own1/change").status_code == 200
        assert client.post("/scales/own1/change", later).status_code == 302
        ends = {"ends_on": "2020-06-08", "version": "2", "reason": WHY}
        assert client.post("/scales/own1/end", ends).status_code == 302
        page = client_for(worker).get("/scales/own1/").content.decode()
        assert "第 2 版" in page
        assert "用到 2020-06-08" in page

    def test_its_page_tells_the_parts(self, client_for, officer, worker):
        typed = {**TYPED, "items": "【身体】睡不好\n【支持】（反）有人换手\n【身体】累"}
        assert client_for(officer).post("/scales/new", typed).status_code == 302
        page = client_for(worker).get("/scales/own1/").content.decode()
        assert "各部分" in page
        assert "1、3" in page
        assert "0–4" in page
        assert "各部分" not in client_for(worker).get("/scales/phq9/").content.decode()

    def test_refused_it_keeps_what_was_typed(self, client_for, officer):
        answer = client_for(officer).post("/scales/new", {**TYPED, "bands": "0-3=轻"})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "最高分是 6" in page
        assert "有人换手" in page

    def test_of_two_the_second_is_told_and_keeps_what_was_typed(self, client_for, officer):
        client = client_for(officer)
        client.post("/scales/new", TYPED)
        answer = client.post("/scales/new", {**TYPED, "name": "另一份"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "别人改过量表" in page
        assert "另一份" in page
        assert 'name="version" value="1"' in page

    def test_the_list_costs_as_much_with_ten_of_its_own(
        self, city, client_for, officer, worker, django_assert_max_num_queries
    ):
        for version in range(10):
            added(officer, version=version, name=f"第 {version} 份")
        client = client_for(worker)
        client.get("/scales/")
        with django_assert_max_num_queries(6):
            client.get("/scales/")
