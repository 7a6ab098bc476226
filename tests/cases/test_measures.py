"""What is measured and drawn in a case: scales, goals over time, the ecomap; for the few, refused with a sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shuangbai.cases.actions.drawing import change_tie, draw_tie, end_tie
from shuangbai.cases.actions.scoring import record_scale, void_scale
from shuangbai.cases.actions.working import rate_goal
from shuangbai.cases.pictures import attainment_over_time, ties_on
from shuangbai.cases.queries import goals_of
from shuangbai.cases.ties import CaseTie, Strength, System
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.models import AuditEvent
from shuangbai.scales.models import ScaleResult
from shuangbai.scales.rules import attainment
from tests.cases.measured import MARCH, a_result, a_tie, an_old_case
from tests.cases.short import a_goal
from tests.cast import TODAY, again

pytestmark = pytest.mark.django_db
NOT_THEIRS = ["colleague", "neighbour", "stranger", "officer", "sysadmin", "security", "auditor"]


@pytest.fixture
def case(city, worker, family, supervisor):
    return an_old_case(city.chengdong, worker, family, supervisor)


class TestScales:
    def test_kept_for_those_of_the_case_with_a_line_in_the_trail(self, case, child, worker):
        result, scored = record_scale(by=worker, case=case, entry=a_result(child))
        assert (scored.total, scored.band, result.subject_key) == (8, "轻度", case.pk)
        event = AuditEvent.objects.filter(kind="case.wrote").latest("at")
        assert (event.station_id, event.details) == (None, {"what": "量表结果"})

    @pytest.mark.parametrize("who", [*NOT_THEIRS, "supervisor"])
    def test_nobody_else_writes_one(self, city, case, child, worker, who):
        with pytest.raises(NotAllowed):
            record_scale(by=city.users[who], case=case, entry=a_result(child))
        result, _ = record_scale(by=worker, case=case, entry=a_result(child))
        with pytest.raises(NotAllowed):
            void_scale(by=again(city.users[who]), case=case, result=result, reason="填错了")

    def test_only_about_whom_the_case_is_about_and_from_its_first_day_on(self, case, family, child, worker):
        with pytest.raises(Refused, match="不是这件个案的服务对象"):
            record_scale(by=worker, case=case, entry=a_result(family.people[0]))
        with pytest.raises(Refused, match="早于个案登记"):
            record_scale(by=worker, case=case, entry=a_result(child, taken_on=MARCH - timedelta(days=1)))

    def test_a_result_of_another_case_is_not_taken_out_by_this_one(self, case, child, worker):
        result, _ = record_scale(by=worker, case=case, entry=a_result(child))
        ScaleResult.objects.filter(pk=result.pk).update(subject_key=random_id())
        result.refresh_from_db()
        with pytest.raises(NotAllowed):
            void_scale(by=worker, case=case, result=result, reason="填错了")


class TestScalePages:
    def fill(self, client, case, child, code="phq9", **more):
        said = {
            "person": str(child.pk), "taken_on": "2020-06-06", "filled_by": "client", "note": "",
            "client_id": str(random_id()), **{f"item_{n}": "0" for n in range(1, 10)}, **more,
        }  # fmt: skip
        return client.post(f"/cases/{case.pk}/scales/{code}", said)

    def test_filled_in_shown_and_drawn(self, case, child, worker, client_for):
        client = client_for(worker)
        assert "陈小树" in client.get(f"/cases/{case.pk}/scales/phq9").content.decode()
        assert self.fill(client, case, child, item_1="3", taken_on="2020-04-01").status_code == 302
        assert self.fill(client, case, child, item_1="1").status_code == 302
        page = client.get(f"/cases/{case.pk}/scales").content.decode()
        assert "比上次少 2" in page
        assert page.count("chart-banded") == 2  # for a desk and a phone

    def test_thoughts_of_self_harm_are_answered_at_once_and_written_nowhere(self, case, child, worker, client_for):
        client = client_for(worker)
        before = AuditEvent.objects.count()
        answer = self.fill(client, case, child, item_9="1")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "有自伤或轻生的念头" in page
        assert f"/safeguarding/new?person={child.pk}" in page
        assert AuditEvent.objects.count() == before + 1  # that a result was written
        assert "有自伤或轻生的念头" not in client.get(f"/cases/{case.pk}/scales").content.decode()

    def test_an_answer_missing_or_outside_names_its_item_and_keeps_the_others(self, case, child, worker, client_for):
        client = client_for(worker)
        answer = self.fill(client, case, child, item_1="", item_2="", item_3="", item_4="3")
        assert answer.status_code == 422
        assert "还有第 1、2、3 题没有答" in answer.content.decode()
        assert 'name="item_4" value="3" id="id_item_4_3" checked' in " ".join(answer.content.decode().split())
        assert "第 5 题的回答不在选项里" in self.fill(client, case, child, item_5="7").content.decode()
        assert not ScaleResult.objects.exists()

    def test_a_scale_whose_items_are_not_held_takes_its_total_alone(self, case, child, worker, client_for):
        client = client_for(worker)
        assert self.fill(client, case, child, code="who5", total="101").status_code == 422
        assert self.fill(client, case, child, code="who5", total="44").status_code == 302
        assert "偏低" in client.get(f"/cases/{case.pk}/scales").content.decode()

    def test_voided_on_its_page(self, case, child, worker, client_for):
        result, _ = record_scale(by=worker, case=case, entry=a_result(child))
        client, address = client_for(worker), f"/cases/{case.pk}/results/{result.pk}/void"
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": "填错了人"}).status_code == 302
        assert "还没有填过量表" in client.get(f"/cases/{case.pk}/scales").content.decode()
        assert client.get(address).status_code == 404

    @pytest.mark.parametrize("who", NOT_THEIRS)
    def test_for_others_nothing_of_it_is_there(self, city, case, client_for, who):
        for path in ("scales", "scales/phq9", "ecomap", "ties/new", "papers"):
            assert client_for(city.users[who]).get(f"/cases/{case.pk}/{path}").status_code == 404

    def test_the_supervisor_reads_and_does_not_write(self, case, supervisor, client_for):
        client = client_for(supervisor)
        assert [client.get(f"/cases/{case.pk}/{path}").status_code for path in ("scales", "ecomap", "papers")] == [
            200
        ] * 3
        assert [client.get(f"/cases/{case.pk}/{path}").status_code for path in ("scales/phq9", "ties/new")] == [404] * 2

    def test_many_results_cost_as_much_as_few(self, case, child, worker, client_for, django_assert_max_num_queries):
        client = client_for(worker)
        for day in range(12):
            record_scale(by=worker, case=case, entry=a_result(child, taken_on=TODAY - timedelta(days=day)))
        client.get(f"/cases/{case.pk}/scales")
        with django_assert_max_num_queries(20):
            client.get(f"/cases/{case.pk}/scales")


class TestGoals:
    def goal(self, worker, case, weight=1):
        return a_goal(case, worker, set_on=MARCH, due_on=date(2020, 9, 1), weight=weight)

    def rate(self, worker, goal, on, value):
        rate_goal(by=worker, goal=goal, rated_on=on, value=value, note="")

    def test_the_t_score_of_each_day_on_which_one_was_rated(self, case, worker):
        one, other = self.goal(worker, case), self.goal(worker, case, weight=3)
        self.rate(worker, one, date(2020, 4, 1), -2)
        self.rate(worker, other, date(2020, 5, 1), 0)
        self.rate(worker, one, date(2020, 6, 1), 1)
        assert attainment_over_time(goals_of(case)) == [
            (date(2020, 4, 1), 30.0),
            (date(2020, 5, 1), round(attainment([(1, -2), (3, 0)]), 1)),
            (date(2020, 6, 1), round(attainment([(1, 1), (3, 0)]), 1)),
        ]

    def test_it_is_drawn_from_the_second_day_on(self, case, worker, client_for):
        goal, client = self.goal(worker, case), client_for(worker)
        self.rate(worker, goal, date(2020, 4, 1), -2)
        assert "chart-banded" not in client.get(f"/cases/{case.pk}/scales").content.decode()
        self.rate(worker, goal, date(2020, 6, 1), 1)
        page = client.get(f"/cases/{case.pk}/scales").content.decode()
        assert "chart-banded" in page
        assert "2020-06-01 是 60" in page


class TestEcomap:
    def test_as_it_was_on_any_day(self, case, worker):
        tie = draw_tie(by=worker, case=case, entry=a_tie())
        later = change_tie(by=worker, case=case, tie=tie, entry=a_tie(strength=Strength.STRONG, on=date(2020, 5, 1)))
        end_tie(by=worker, case=case, tie=later, on=date(2020, 6, 1))
        told = {
            day: [one.strength for one in ties_on(case, day)] for day in (MARCH, date(2020, 5, 1), date(2020, 6, 1))
        }
        assert list(told.values()) == [["weak"], ["strong"], []]

    def test_sent_twice_it_is_one(self, case, worker):
        entry = a_tie()
        assert draw_tie(by=worker, case=case, entry=entry) == draw_tie(by=worker, case=case, entry=entry)

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"system": System.OTHER, "name": " "}, "name", "叫什么"),
            ({"strength": Strength.BROKEN}, "flow", "断了来往"),
            ({"on": TODAY + timedelta(days=1)}, "on", "今天之后"),
        ],
    )
    def test_what_makes_no_sense_is_said_and_not_kept(self, case, worker, more, field, words):
        with pytest.raises(Refused) as refused:
            draw_tie(by=worker, case=case, entry=a_tie(**more))
        assert (refused.value.first.field, words in refused.value.first.sentence) == (field, True)
        assert not CaseTie.objects.exists()

    def test_no_more_than_a_drawing_holds(self, case, worker):
        ties = [draw_tie(by=worker, case=case, entry=a_tie(name=f"系统{n}")) for n in range(16)]
        with pytest.raises(Refused, match="最多 16"):
            draw_tie(by=worker, case=case, entry=a_tie())
        assert change_tie(by=worker, case=case, tie=ties[0], entry=a_tie(strength=Strength.STRONG))

    def test_a_change_does_not_go_behind_what_it_changes(self, case, worker):
        tie = draw_tie(by=worker, case=case, entry=a_tie(on=date(2020, 5, 1)))
        with pytest.raises(Refused, match="从这一天或以后"):
            change_tie(by=worker, case=case, tie=tie, entry=a_tie(on=MARCH))
        with pytest.raises(Refused, match="2020-05-01到今天"):
            end_tie(by=worker, case=case, tie=tie, on=MARCH)

    def test_of_two_who_change_it_the_second_is_told(self, case, worker, client_for):
        tie = draw_tie(by=worker, case=case, entry=a_tie())
        change_tie(by=worker, case=case, tie=tie, entry=a_tie(strength=Strength.STRONG, on=date(2020, 5, 1)))
        with pytest.raises(Conflict):
            end_tie(by=worker, case=case, tie=tie, on=TODAY)
        said = {"system": "school", "name": "赤山中心小学", "strength": "weak", "flow": "from", "note": "",
                "on": "2020-06-06", "client_id": str(random_id())}  # fmt: skip
        answer = client_for(worker).post(f"/cases/{case.pk}/ties/{tie.pk}", said)
        assert answer.status_code == 409
        assert "已被同事改过" in answer.content.decode()
        assert "赤山中心小学" in answer.content.decode()

    @pytest.mark.parametrize("who", [*NOT_THEIRS, "supervisor"])
    def test_nobody_else_draws(self, city, case, worker, who):
        tie = draw_tie(by=worker, case=case, entry=a_tie())
        by = again(city.users[who])
        for act in (
            lambda: draw_tie(by=by, case=case, entry=a_tie()),
            lambda: change_tie(by=by, case=case, tie=tie, entry=a_tie()),
            lambda: end_tie(by=by, case=case, tie=tie, on=TODAY),
        ):
            with pytest.raises(NotAllowed):
                act()

    def test_on_its_page_with_the_family_tree_and_the_same_in_words(self, case, worker, client_for):
        client = client_for(worker)
        assert "还没有画生态图" in client.get(f"/cases/{case.pk}/ecomap").content.decode()
        said = {"system": "school", "name": "赤山小学", "strength": "stressed", "flow": "both", "note": "常请假",
                "on": "2020-05-01", "client_id": str(random_id())}  # fmt: skip
        assert client.post(f"/cases/{case.pk}/ties/new", said).status_code == 302
        page = client.get(f"/cases/{case.pk}/ecomap").content.decode()
        assert "学校 赤山小学：紧张、有冲突，支持：互相" in page
        assert "常请假" in page
        assert "曾秀英户的家系图" in page
        assert "还没有画生态图" in client.get(f"/cases/{case.pk}/ecomap?on=2020-04-01").content.decode()
        assert client.get(f"/cases/{case.pk}/ecomap?on=x").status_code == 200

    def test_the_database_refuses_a_tie_that_ends_before_it_began(self, case, worker):
        tie = draw_tie(by=worker, case=case, entry=a_tie())
        with pytest.raises(IntegrityError, match="case_tie_dates_in_order"), transaction.atomic():
            CaseTie.objects.filter(pk=tie.pk).update(ended_on=MARCH - timedelta(days=1))
        other = draw_tie(by=worker, case=case, entry=a_tie())
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseTie.objects.filter(pk=other.pk).update(client_id=tie.client_id)
