"""Matters of policy: opened with their papers, moved on, taken back, made a category, voided; what the city says."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.assistance import queries
from shuangbai.assistance.access import matters_visible_to
from shuangbai.assistance.actions.city import RuleEntry, set_policy_rule
from shuangbai.assistance.actions.matters import (
    MatterEntry,
    StepEntry,
    change_matter,
    end_category,
    give_category,
    move_matter,
    open_matter,
    tick_papers,
    undo_step,
    void_matter,
)
from shuangbai.assistance.enums import MatterKind, Move, Stage
from shuangbai.assistance.models import Matter, MatterPaper, MatterStep, PolicyRule
from shuangbai.codes.actions import set_workdays
from shuangbai.codes.queries import calendar
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.periods import Period
from shuangbai.core.privacy import FEW, WITHHELD
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Disability
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.enums import Relation
from shuangbai.households.models import Tag
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.actions.handing import GiveEntry, answer_items, start_handover
from shuangbai.lives.enums import ErasureBasis, HandoverReason
from shuangbai.lives.models import HandoverItem
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.reports.casework import BY_CODE as SECRET
from shuangbai.reports.casework import Half, Telling
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from tests.cast import TODAY, a_family, a_file, a_member, again

pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer", "sysadmin", "security",
             "auditor"]  # fmt: skip
BEGAN = date(2020, 4, 1)
YEAR = Period(date(2020, 1, 1), TODAY)


def a_matter(by, family, *, acknowledged=True, **more: Any) -> Matter:
    said = {"policy": "dibao", "kind": MatterKind.NEW, "opened_on": BEGAN, **more}
    entry = MatterEntry(client_id=random_id(), household=family.household, **said)
    return open_matter(by=by, entry=entry, acknowledged=acknowledged)


def moved(matter, by, move, **more: Any) -> Matter:
    matter = Matter.objects.get(pk=matter.pk)
    entry = StepEntry(move, more.pop("on", TODAY), **{"note": "说明情况", **more})
    return move_matter(by=by, matter=matter, version=matter.version, entry=entry)


def accepted(by, family, on=BEGAN, **more: Any) -> Matter:
    return moved(a_matter(by, family, **more), by, Move.ACCEPT, on=on)


def granted(by, family, **more: Any) -> Matter:
    said = {name: more.pop(name) for name in ("amount", "next_review_on") if name in more}
    return moved(accepted(by, family, **more), by, Move.GRANT, on=date(2020, 5, 20), **said)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


class TestOpening:
    def test_it_has_the_papers_that_its_policy_asks_for(self, city, worker, family):
        matter = a_matter(worker, family)
        assert (matter.station, matter.worker, matter.stage) == (city.chengdong, worker.staff, Stage.PREPARING)
        assert [paper.name for paper in MatterPaper.objects.order_by("position")][:2] == ["申请书", "身份证、户口簿"]

    def test_a_question_asks_for_no_papers(self, worker, family):
        a_matter(worker, family, kind=MatterKind.CONSULT)
        assert not MatterPaper.objects.exists()

    def test_sent_twice_it_is_one(self, worker, family):
        entry = MatterEntry(random_id(), family.household, "dibao", MatterKind.NEW, BEGAN)
        assert open_matter(by=worker, entry=entry) == open_matter(by=worker, entry=entry)

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"opened_on": TODAY + timedelta(days=1)}, "opened_on"), ({"policy": "nothing"}, "policy"),
         ({"person_id": random_id()}, "person")],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, worker, family, more, field):
        with pytest.raises(Refused) as refused:
            a_matter(worker, family, **more)
        assert refused.value.first.field == field
        assert not Matter.objects.exists()

    def test_the_same_again_while_one_runs_is_asked_once(self, worker, family):
        a_matter(worker, family)
        with pytest.raises(NeedsAcknowledgement, match="已有一件从 2020-04-01 起在办"):
            a_matter(worker, family, acknowledged=False)
        assert a_matter(worker, family, acknowledged=False, kind=MatterKind.CONSULT)

    def test_who_sees_it_and_who_writes(self, city, worker, stranger, officer, supervisor, family):
        matter = a_matter(worker, family)
        sees = {name for name in EVERYBODY if matters_visible_to(again(city.users[name])).exists()}
        assert sees == {"worker", "colleague", "head", "supervisor"}
        for by in (stranger, officer, supervisor):
            with pytest.raises(NotAllowed):
                moved(matter, by, Move.APPLY)
            with pytest.raises(NotAllowed):
                a_matter(by, family)


class TestMovingOn:
    def test_from_papers_to_money(self, worker, family):
        matter = moved(a_matter(worker, family), worker, Move.APPLY, on=date(2020, 4, 3))
        matter = moved(matter, worker, Move.ACCEPT, on=date(2020, 4, 8))
        matter = moved(matter, worker, Move.CHECK, on=date(2020, 4, 15))
        matter = moved(matter, worker, Move.PUBLISH, on=date(2020, 4, 20))
        matter = moved(matter, worker, Move.GRANT, on=date(2020, 5, 6), amount=Decimal(420))
        matter = moved(matter, worker, Move.PAY, on=date(2020, 5, 25))
        assert (matter.stage, matter.amount) == (Stage.PAID, Decimal(420))
        assert (matter.accepted_on, matter.decided_on, matter.paid_on) == (
            date(2020, 4, 8), date(2020, 5, 6), date(2020, 5, 25),
        )  # fmt: skip

    def test_refused_appealed_and_granted_after_all(self, worker, family):
        matter = moved(accepted(worker, family), worker, Move.REFUSE, on=date(2020, 5, 6), note="收入超过标准")
        assert matter.refusal == "收入超过标准"
        matter = moved(matter, worker, Move.APPEAL, on=date(2020, 5, 10), note="儿子已断供养")
        matter = moved(matter, worker, Move.OVERTURN, on=date(2020, 5, 30), amount=Decimal(300))
        assert (matter.stage, matter.decided_on, matter.refusal) == (Stage.GRANTED, date(2020, 5, 30), "")

    def test_what_was_granted_asks_for_its_review_and_the_review_answers_it(self, worker, family):
        granted(worker, family, next_review_on=date(2021, 5, 1))
        task = Task.objects.get()
        assert (task.due_on, task.by_visit, task.assignee) == (date(2021, 5, 1), False, worker.staff)
        a_matter(worker, family, kind=MatterKind.REVIEW)
        assert Task.objects.get().state == TaskState.DONE

    def test_what_cannot_be_is_said(self, worker, family):
        matter = accepted(worker, family)
        for move, more, words in (
            (Move.PAY, {}, "只能记"),
            (Move.CHECK, {"on": BEGAN - timedelta(days=1)}, "早于上一步"),
            (Move.CHECK, {"on": TODAY + timedelta(days=1)}, "在今天之后"),
            (Move.REFUSE, {"note": " "}, "照通知书上的写"),
            (Move.GRANT, {"amount": Decimal(-1)}, "核对金额"),
            (Move.GRANT, {"next_review_on": BEGAN}, "批准日期之后"),
        ):
            with pytest.raises(Refused, match=words):
                moved(matter, worker, move, **more)
        assert MatterStep.objects.count() == 1

    def test_of_two_at_once_the_second_sees_the_first(self, worker, colleague, family):
        matter = a_matter(worker, family)
        move_matter(by=worker, matter=matter, version=1, entry=StepEntry(Move.APPLY, TODAY))
        with pytest.raises(Conflict):
            move_matter(by=colleague, matter=matter, version=1, entry=StepEntry(Move.APPLY, TODAY))

    def test_a_slip_is_taken_back_and_stays_to_be_seen(self, worker, family):
        matter = granted(worker, family, amount=Decimal(420), next_review_on=date(2021, 5, 1))
        first = MatterStep.objects.get(move=Move.ACCEPT)
        with pytest.raises(Refused, match="只能撤回最后记的一步"):
            undo_step(by=worker, matter=matter, version=matter.version, step=first)
        step = MatterStep.objects.get(move=Move.GRANT)
        matter = undo_step(by=worker, matter=matter, version=matter.version, step=step)
        assert (matter.stage, matter.decided_on, matter.amount, matter.review) == (Stage.RUNNING, None, None, None)
        assert Task.objects.get().state == TaskState.DONE
        assert MatterStep.objects.get(pk=step.pk).undone_by == worker

    def test_papers_are_ticked_and_one_more_is_asked_for(self, worker, family):
        matter = a_matter(worker, family)
        first = MatterPaper.objects.order_by("position")[0]
        tick_papers(by=worker, matter=matter, version=1, got=[first.pk], more="残疾证")
        assert list(MatterPaper.objects.filter(got_on=TODAY)) == [first]
        assert MatterPaper.objects.order_by("-position")[0].name == "残疾证"
        with pytest.raises(Conflict):
            tick_papers(by=worker, matter=matter, version=1, got=[])

    def test_it_is_put_right_with_its_history(self, worker, family):
        matter = moved(a_matter(worker, family), worker, Move.APPLY, on=date(2020, 4, 3))
        entry = MatterEntry(random_id(), family.household, "tekun", MatterKind.NEW, date(2020, 4, 2))
        with pytest.raises(Refused, match="晚于已记的一步"):
            change_matter(
                by=worker, matter=matter, version=2, reason="选错了",
                entry=MatterEntry(random_id(), family.household, "tekun", MatterKind.NEW, date(2020, 4, 9)),
            )  # fmt: skip
        changed = change_matter(by=worker, matter=matter, version=2, entry=entry, reason="选错了政策")
        assert (changed.policy, changed.history.count()) == ("tekun", 3)

    def test_it_is_voided_by_who_entered_it_or_the_head(self, city, worker, colleague, head, family):
        matter = granted(worker, family, next_review_on=date(2021, 5, 1))
        with pytest.raises(NotAllowed):
            void_matter(by=colleague, matter=matter, version=matter.version, reason="重复登记")
        void_matter(by=head, matter=matter, version=matter.version, reason="重复登记")
        ask = Ask(YEAR, city.chengdong)
        assert (BY_CODE["P1"].value(ask), BY_CODE["P9"].value(ask)) == (0, 0)
        assert Task.objects.get().state == TaskState.DONE


class TestTheCategory:
    def test_what_was_granted_becomes_the_dated_category_with_its_amount(self, worker, family):
        matter = granted(worker, family, amount=Decimal(420))
        tag = give_category(
            by=worker, matter=matter, version=matter.version, category="dibao_rural", starts_on=date(2020, 5, 1)
        )
        assert (tag.household, tag.amount, tag.starts_on, tag.ends_on) == (
            family.household, Decimal(420), date(2020, 5, 1), None,
        )  # fmt: skip
        again_ = Matter.objects.get()
        assert again_.tag == tag
        with pytest.raises(Refused, match="只登记一次"):
            give_category(
                by=worker, matter=again_, version=again_.version, category="dibao_rural", starts_on=date(2020, 5, 1)
            )

    def test_of_a_change_the_one_in_force_ends_the_day_before(self, city, worker):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        matter = granted(worker, family, kind=MatterKind.CHANGE, amount=Decimal(500))
        give_category(
            by=worker, matter=matter, version=matter.version, category="dibao_rural", starts_on=date(2020, 5, 1)
        )
        rows = list(Tag.objects.order_by("starts_on").values_list("ends_on", "amount"))
        assert rows == [(date(2020, 4, 30), None), (None, Decimal(500))]

    def test_a_stop_ends_it(self, city, worker):
        family = a_family(city.chengdong, worker, tags=["dibao_rural"])
        matter = granted(worker, family, kind=MatterKind.STOP)
        end_category(by=worker, matter=matter, version=matter.version, tag=Tag.objects.get(), ends_on=date(2020, 5, 31))
        assert Tag.objects.get().ends_on == date(2020, 5, 31)

    def test_nothing_before_it_is_granted_nor_another_category(self, worker, family):
        matter = accepted(worker, family)
        with pytest.raises(Refused, match="批准之后"):
            give_category(by=worker, matter=matter, version=matter.version, category="dibao_rural", starts_on=TODAY)
        matter = moved(matter, worker, Move.GRANT)
        with pytest.raises(Refused, match="列出的类别"):
            give_category(by=worker, matter=matter, version=matter.version, category="orphan", starts_on=TODAY)


class TestByWhen:
    def test_running_ones_by_their_day_and_what_presses_first(self, worker, family):
        late = accepted(worker, family, policy="dibao", on=date(2020, 4, 1))
        a_matter(worker, family, policy="linshi")
        fresh = accepted(worker, family, policy="tekun", opened_on=date(2020, 6, 1), on=date(2020, 6, 1))
        lines = queries.running(Matter.objects.all(), TODAY)
        assert [line.matter.policy for line in lines] == ["dibao", "tekun", "linshi"]
        assert lines[0].matter == late
        assert lines[0].due.is_late
        assert lines[1].matter == fresh
        assert [line.matter for line in queries.pressing(Matter.objects.all(), TODAY)] == [late]

    def test_the_citys_word_holds_from_its_day_on(self, officer, worker, family):
        entry = RuleEntry(
            TODAY, "人均收入低于标准", "本市〔2020〕1号", days=20, special_days=30, papers=["申请书", "申请书", ""]
        )
        set_policy_rule(by=officer, policy="dibao", version=0, entry=entry, reason="按本市规定")
        told = queries.Rules()
        assert (told.on("dibao", TODAY).days, told.on("dibao", TODAY).papers) == (20, ("申请书",))
        assert told.on("dibao", TODAY - timedelta(days=1)).days == 30
        with pytest.raises(Conflict):
            set_policy_rule(by=officer, policy="dibao", version=0, entry=entry, reason="按本市规定")
        for more, words in (({"days": None}, "特殊情况"), ({"source": ""}, "文号"),
                            ({"starts_on": TODAY - timedelta(days=9)}, "从今天或以后")):  # fmt: skip
            said = {"starts_on": TODAY, "text": "某某", "source": "某号", "days": 20, "special_days": 30, **more}
            with pytest.raises(Refused, match=words):
                set_policy_rule(by=officer, policy="dibao", version=1, entry=RuleEntry(**said), reason="按本市规定")
        with pytest.raises(NotAllowed):
            set_policy_rule(by=worker, policy="dibao", version=1, entry=entry, reason="按本市规定")

    def test_days_off_move_the_day(self, officer, worker, family):
        matter = accepted(worker, family, on=date(2020, 6, 1), opened_on=date(2020, 6, 1))
        before = queries.due_in(matter, queries.Rules(), calendar(), TODAY)
        days = {date(2020, 6, 25): False, date(2020, 6, 26): False, date(2020, 6, 28): True}
        set_workdays(by=officer, year=2020, version=0, days=days, source="放假通知", reason="端午")
        after = queries.due_in(matter, queries.Rules(), calendar(), TODAY)
        assert (before.on, before.unknown, after.on, after.unknown) == (
            date(2020, 7, 13), (2020,), date(2020, 7, 14), (),
        )  # fmt: skip


class TestHints:
    def test_what_a_familys_data_suggest_with_the_rule_and_its_source(self, city, worker):
        family = a_family(
            city.chengdong, worker, tags=["dibao_rural"],
            members=[a_member("曾秀英", Relation.HEAD, birth_date=date(1938, 1, 1)), a_member("陈大文")],
        )  # fmt: skip
        said = {"kind": "4", "grade": "1", "issued_on": date(2019, 1, 1)}
        entry = PartEntry(family.household, said, family.people[1].pk)
        enter_parts(by=worker, kind=Disability, entries=[entry], acknowledged=True)
        found = queries.hints_for(family.household, TODAY)
        assert {(one.said.policy, one.said.name) for one in found} == {
            ("aged", "曾秀英"), ("nursing", "陈大文"), ("living", "陈大文"),
        }  # fmt: skip
        assert all(one.rule.text and one.rule.source for one in found)
        a_matter(worker, family, policy="aged", person_id=family.people[0].pk)
        assert "aged" not in {one.said.policy for one in queries.hints_for(family.household, TODAY)}


class TestFigures:
    def test_by_policy_and_kind_and_what_was_granted(self, city, worker, family):
        granted(worker, family)
        accepted(worker, family, policy="tekun", kind=MatterKind.REVIEW)
        a_matter(worker, family, policy="linshi", kind=MatterKind.CONSULT)
        ask = Ask(YEAR, city.chengdong)
        one = BY_CODE["P1"]
        assert one.value(ask) == one.evidence(ask) == 3
        assert one.split(ask, "policy") == {"dibao": 1, "tekun": 1, "linshi": 1}
        assert one.split(ask, "matter_kind") == {"new": 1, "review": 1, "consult": 1}
        assert BY_CODE["P9"].value(ask) == 1

    def test_a_policy_that_tells_of_something_restricted_is_in_no_figure_of_any_span(self, city, worker, family):
        """Beside the total and the other policies its number could be worked out, of any station and day."""
        a_matter(worker, family, policy="mental", person_id=family.people[0].pk)
        a_matter(worker, family)
        ask = Ask(YEAR, city.root)
        assert (BY_CODE["P1"].value(ask), BY_CODE["P1"].split(ask, "policy")) == (1, {"dibao": 1})
        assert (BY_CODE["P9"].value(ask), SECRET["P1S"].value(ask)) == (0, 1)

    def test_it_is_told_of_half_years_that_are_over_and_held_back_with_what_would_give_it_away(
        self, city, worker, neighbour, stranger, head, officer, client_for
    ):
        for by, station, many in (
            (worker, city.chengdong, 7),
            (neighbour, city.haicheng, 6),
            (stranger, city.dongzhou, 1),
        ):
            for _ in range(many):
                home = a_family(station, by)
                a_matter(by, home, policy="mental", person_id=home.people[0].pk)
        half = Half(2020, 1)
        units = {unit.code: unit for unit in (city.root, city.haifeng, city.chengdong, city.haicheng, city.dongzhou)}

        def told(user, day):
            telling = Telling(user, half, day)
            return {code: telling.told("P1S", unit) for code, unit in units.items()}

        assert set(told(officer, TODAY).values()) == {WITHHELD}
        shown = told(officer, date(2020, 7, 1))
        assert (shown[city.root.code], shown[city.dongzhou.code]) == (14, FEW)
        assert shown[city.haifeng.code] == WITHHELD  # the city's without it is 东洲's
        assert WITHHELD in (shown[city.chengdong.code], shown[city.haicheng.code])
        assert told(head, TODAY)[city.chengdong.code] == 7
        page = client_for(officer).get("/reports/cases/P1S/?half=2020-1").content.decode()
        assert "在「协助申请」里看得到每一宗" in page


class TestAround:
    def test_open_matters_go_along_when_a_family_changes_hands(self, city, worker, colleague, family):
        file, matter = a_file(family, worker), a_matter(worker, family)
        entry = GiveEntry(city.chengdong, worker.staff, TODAY, HandoverReason.LEAVING, [(file, colleague.staff_id)])
        start_handover(by=worker, entry=entry)
        answer_items(by=colleague, items=list(HandoverItem.objects.all()), take=True)
        assert Matter.objects.get(pk=matter.pk).worker == colleague.staff

    def test_what_is_kept_is_told_where_a_station_or_somebodys_work_ends(self, city, worker, family):
        a_matter(worker, family)
        assert [one.count for one in kept_by(worker.staff) if "协助申请" in one.label] == [1]
        assert [one.count for one in kept_at(city.chengdong, TODAY) if "协助申请" in one.label] == [1]

    def test_who_is_forgotten_loses_the_words_and_stays_counted(self, city, worker, head, officer):
        family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD)])
        matter = accepted(worker, family, person_id=family.people[0].pk, note="曾秀英独居")
        said = {"station": city.chengdong, "basis": ErasureBasis.ASKED, "reason": "本人书面要求删除"}
        erasure = ask_erasure(by=head, people=[family.people[0]], **said)[0]
        decide_erasure(by=officer, erasure=erasure, agrees=True, answer="同意抹去")
        matter = Matter.objects.get(pk=matter.pk)
        assert (matter.note, MatterStep.objects.get().note) == ("", "")
        assert {row.note for row in Matter.history.all()} == {""}
        assert BY_CODE["P1"].value(Ask(YEAR, city.chengdong)) == 1


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            ({"stage": "granted"}, "matter_decided_on_a_day"),
            ({"stage": "paid", "decided_on": TODAY}, "matter_paid_on_a_day"),
            ({"amount": Decimal(-1)}, "matter_amount"),
            ({"voided_at": clock.at(TODAY)}, "matter_voided_by_somebody"),
        ],
    )
    def test_a_matter_that_cannot_be(self, worker, family, said, name):
        matter = a_matter(worker, family)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Matter.objects.filter(pk=matter.pk).update(**said)

    def test_the_same_twice(self, worker, family):
        matter = a_matter(worker, family)
        paper = MatterPaper.objects.order_by("position")[0]
        for row in (matter, MatterPaper(station=paper.station, matter=matter, position=9, name=paper.name)):
            row.pk = random_id() if isinstance(row, Matter) else None
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)

    def test_a_step_undone_by_nobody(self, worker, family):
        accepted(worker, family)
        with pytest.raises(IntegrityError, match="matter_step_undone_by_somebody"), transaction.atomic():
            MatterStep.objects.update(undone_at=clock.now())

    @pytest.mark.parametrize(
        "said", [{"days": 30, "special_days": 20}, {"special_days": 20}, {"source": ""}, {"ends_on": date(2000, 1, 1)}]
    )
    def test_a_rule_that_cannot_be(self, db, said):
        fields = {"policy": "dibao", "starts_on": TODAY, "text": "某某", "source": "某号", **said}
        with pytest.raises(IntegrityError), transaction.atomic():
            PolicyRule.objects.create(**fields)
