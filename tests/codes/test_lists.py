"""A city's own lists: names from a day on, items of its own that count as built-in ones, figures that stay right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.activities.enums import KINDS, ActivityKind
from shuangbai.codes import queries
from shuangbai.codes.actions import add_item, end_item, move_item, rename_item, resume_item
from shuangbai.codes.enums import ALWAYS, SPECS, declare
from shuangbai.codes.models import CodeItem, CodeList, Decision
from shuangbai.codes.queries import base_of, choices_on, counting_as, first_as, label_of, labels_of, uses_of
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.core.periods import Period
from shuangbai.households.enums import GRADES
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.visits.enums import FOLLOWUPS, MODES, PURPOSES, RESULTS, TOPICS, Followup, Mode, Purpose, Result
from tests.cast import a_family, a_visit, an_activity

pytestmark = pytest.mark.django_db
MAY, JUNE = date(2020, 5, 1), date(2020, 6, 1)
WHY = "按2020年口径"


@pytest.fixture
def family(city, worker) -> Any:
    return a_family(city.chengdong, worker)


def added(officer: Any, spec: Any, label: str, base: str, on: date = MAY) -> str:
    return add_item(by=officer, spec=spec, label=label, base=base, starts_on=on, reason=WHY)


def renamed(officer: Any, spec: Any, code: str, label: str, on: date = JUNE, version: int = 0) -> None:
    rename_item(by=officer, spec=spec, code=code, version=version, label=label, starts_on=on, reason=WHY)


def ended(officer: Any, spec: Any, code: str, on: date, version: int = 0) -> None:
    end_item(by=officer, spec=spec, code=code, version=version, ends_on=on, reason=WHY)


def refused(code: str, act: Any, /, *args: Any, **more: Any) -> str:
    """The sentence of a refusal of this code; nothing was written."""
    before = [table.objects.count() for table in (CodeItem, Decision, AuditEvent)]
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **more)
    assert [finding.code for finding in caught.value.findings] == [code]
    assert [table.objects.count() for table in (CodeItem, Decision, AuditEvent)] == before
    return caught.value.findings[0].sentence


class TestBefore:
    def test_a_city_that_changed_nothing_has_the_products_lists(self, city):
        assert CodeItem.objects.count() == 0
        for spec in SPECS.values():
            assert choices_on(spec, ALWAYS) == [(str(code), str(label)) for code, label in spec.choices.choices]

    def test_reading_labels_costs_no_query_once_read(self, city, django_assert_num_queries):
        label_of(MODES, Mode.HOME, MAY)
        with django_assert_num_queries(0):
            for spec in SPECS.values():
                assert choices_on(spec, MAY)

    def test_a_list_is_declared_once(self):
        with pytest.raises(ValueError, match="declared twice"):
            declare(MODES)

    def test_an_unknown_code_shows_itself(self, city):
        assert label_of(MODES, "c77", MAY) == "c77"
        assert base_of(MODES, "c77") == "c77"


class TestRenaming:
    def test_a_record_shows_the_name_of_its_day(self, city, worker, officer, family):
        old = a_visit(city.chengdong, worker, family, on=date(2020, 5, 20))
        new = a_visit(city.chengdong, worker, family, on=date(2020, 6, 2))
        renamed(officer, RESULTS, Result.MET, "见到本人")
        assert (old.get_result_display(), new.get_result_display()) == ("见面", "见到本人")
        assert dict(choices_on(RESULTS, date(2020, 5, 31)))["met"] == "见面"
        assert dict(choices_on(RESULTS, JUNE))["met"] == "见到本人"

    def test_the_rules_speak_with_the_citys_word(self, city, worker, officer, family):
        renamed(officer, RESULTS, Result.MET, "见到本人")
        with pytest.raises(Refused) as caught:
            a_visit(city.chengdong, worker, family, on=date(2020, 6, 2), met=[])
        assert "见到本人" in str(caught.value)

    def test_from_the_first_day_of_a_name_it_replaces_it(self, city, officer):
        renamed(officer, MODES, Mode.VIDEO, "视频通话", on=ALWAYS)
        assert label_of(MODES, Mode.VIDEO, date(2018, 1, 1)) == "视频通话"
        assert CodeItem.objects.count() == 1

    def test_not_from_before_the_name_that_stands(self, city, officer):
        renamed(officer, MODES, Mode.VIDEO, "视频通话")
        sentence = refused("starts_before", renamed, officer, MODES, Mode.VIDEO, "云走访", MAY, version=1)
        assert "2020-06-01" in sentence

    def test_not_a_name_that_another_item_has(self, city, officer):
        refused("label_twice", renamed, officer, MODES, Mode.VIDEO, "电话")

    def test_not_without_a_reason_and_not_the_same_name(self, city, officer):
        act = {"by": officer, "spec": MODES, "code": "home", "version": 0, "starts_on": JUNE}
        refused("reason", rename_item, **act, label="上门", reason=" ")
        refused("label", rename_item, **act, label="入户", reason=WHY)

    def test_two_officers_the_second_is_told(self, city, officer):
        renamed(officer, MODES, Mode.VIDEO, "视频通话")
        with pytest.raises(Conflict):
            renamed(officer, MODES, Mode.VIDEO, "云走访")

    def test_what_was_decided_is_kept_with_who_and_why(self, city, officer):
        renamed(officer, MODES, Mode.VIDEO, "视频通话")
        said = Decision.objects.get()
        assert (said.was, said.became, said.by, said.reason) == ("微信视频", "视频通话", officer, WHY)
        event = AuditEvent.objects.get(kind="decision.made")
        assert (event.by_id, event.details["name"]) == (officer.pk, "走访方式")


class TestItemsOfItsOwn:
    def test_a_result_that_counts_as_meeting_is_service(self, city, worker, officer, family):
        code = added(officer, RESULTS, "在田头见到", Result.MET)
        visit = a_visit(city.chengdong, worker, family, result=code, met=family.people)
        assert visit.record.reached
        assert visit.get_result_display() == "在田头见到"
        other = added(officer, RESULTS, "外出务工", Result.AWAY)
        assert not a_visit(city.chengdong, worker, family, result=other, mode=Mode.PHONE).record.reached

    def test_a_result_that_counts_as_meeting_needs_somebody_met(self, city, worker, officer, family):
        code = added(officer, RESULTS, "在田头见到", Result.MET)
        with pytest.raises(Refused) as caught:
            a_visit(city.chengdong, worker, family, result=code, met=[])
        assert [finding.code for finding in caught.value.findings] == ["nobody_met"]

    def test_a_followup_that_counts_as_a_next_visit_needs_its_day(self, city, worker, officer, family):
        code = added(officer, FOLLOWUPS, "约好再去", Followup.NEXT_VISIT)
        with pytest.raises(Refused, match="约好再去"):
            a_visit(city.chengdong, worker, family, followup=code)

    def test_figures_count_by_meaning_and_split_by_item(self, city, worker, officer, family):
        code = added(officer, MODES, "语音通话", Mode.PHONE)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), mode=Mode.PHONE)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 3), mode=code)
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 4))
        ask = Ask(Period(MAY, JUNE), city.root)
        assert BY_CODE["V6"].value(ask) == BY_CODE["V6"].evidence(ask) == 2
        split = BY_CODE["V1"].split(ask, "mode")
        assert split == {"home": 1, "phone": 1, code: 1}
        assert DIMENSIONS["mode"].named([code]) == {code: (code, "语音通话")}
        assert DIMENSIONS["mode"].read(code) == code

    def test_two_modes_of_one_meaning_on_a_day_count_once(self, city, worker, officer, family):
        code = added(officer, MODES, "语音通话", Mode.PHONE)
        for mode in (Mode.PHONE, code):
            a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), mode=mode)
        ask = Ask(Period(MAY, JUNE), city.root)
        assert BY_CODE["V1"].value(ask) == 1

    def test_before_its_first_day_it_is_not_offered(self, city, worker, officer, family):
        code = added(officer, MODES, "语音通话", Mode.PHONE, on=JUNE)
        with pytest.raises(Refused, match="语音通话"):
            a_visit(city.chengdong, worker, family, on=date(2020, 5, 31), mode=code)
        assert a_visit(city.chengdong, worker, family, on=JUNE, mode=code).mode == code

    def test_an_activity_of_the_citys_own_kind(self, city, worker, officer):
        code = added(officer, KINDS, "露天电影", ActivityKind.CULTURE)
        assert an_activity(city.chengdong, worker, kind=code).get_kind_display() == "露天电影"
        assert uses_of(KINDS, [code, "children"]) == {code: 1, "children": 0}

    def test_codes_are_not_used_again(self, city, officer):
        first = added(officer, TOPICS, "防诈骗", "safety")
        ended(officer, TOPICS, first, MAY, version=1)
        assert added(officer, TOPICS, "反诈", "safety") != first

    def test_a_base_must_be_a_built_in_one(self, city, officer):
        code = added(officer, TOPICS, "防诈骗", "safety")
        refused("base", added, officer, TOPICS, "反诈", code)

    def test_grades_are_only_named(self, city, officer):
        with pytest.raises(Refused, match="只能改名称"):
            added(officer, GRADES, "橙", "red")
        with pytest.raises(Refused, match="只能改名称"):
            ended(officer, GRADES, "red", JUNE)
        renamed(officer, GRADES, "red", "急")
        assert label_of(GRADES, "red", JUNE) == "急"


class TestEnding:
    def test_ended_is_not_offered_and_still_shown_and_counted(self, city, worker, officer, family):
        visit = a_visit(city.chengdong, worker, family, on=date(2020, 5, 2), mode=Mode.PHONE)
        ended(officer, MODES, Mode.PHONE, date(2020, 5, 31))
        assert "phone" not in dict(choices_on(MODES, JUNE))
        assert "phone" in dict(choices_on(MODES, JUNE, keep=["phone"]))
        assert visit.get_mode_display() == "电话"
        assert BY_CODE["V6"].value(Ask(Period(MAY, JUNE), city.root)) == 1
        with pytest.raises(Refused, match="不在可选之列"):
            a_visit(city.chengdong, worker, family, on=JUNE, mode=Mode.PHONE)

    def test_not_before_a_record_that_uses_it(self, city, worker, officer, family):
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 20), topics=["health"])
        sentence = refused("used_after", ended, officer, TOPICS, "health", date(2020, 5, 19))
        assert "1 条记录" in sentence
        assert "2020-05-20" in sentence
        ended(officer, TOPICS, "health", date(2020, 5, 20))

    def test_a_code_that_is_part_of_another_is_told_apart(self, city, worker, officer, family):
        code = added(officer, TOPICS, "防诈骗", "safety")
        assert code == "c1"
        for number in range(2, 11):
            added(officer, TOPICS, f"话题{number}", "safety")
        a_visit(city.chengdong, worker, family, topics=["c10"])
        assert uses_of(TOPICS, ["c1", "c10"]) == {"c1": 0, "c10": 1}

    def test_something_that_says_met_is_always_left(self, city, officer):
        sentence = refused("needed", ended, officer, RESULTS, Result.MET, JUNE)
        assert "见面" in sentence
        code = added(officer, RESULTS, "见到本人", Result.MET)
        ended(officer, RESULTS, Result.MET, JUNE)
        assert first_as(RESULTS, Result.MET, date(2020, 6, 2)) == code
        assert first_as(RESULTS, Result.MET, MAY) == Result.MET
        assert counting_as(RESULTS, Result.MET) == ["met", code]

    def test_what_a_form_begins_with_follows_the_list(self, city, worker, officer, family):
        code = added(officer, PURPOSES, "例行", Purpose.ORDINARY)
        ended(officer, PURPOSES, Purpose.ORDINARY, MAY)
        from shuangbai.visits.forms import VisitForm

        form = VisitForm(household=family.household, day=JUNE, station=city.chengdong, me=worker.staff_id)
        assert form["purpose"].value() == code
        assert not form.has_more

    def test_once_and_not_before_it_began(self, city, officer):
        code = added(officer, TOPICS, "防诈骗", "safety", on=JUNE)
        refused("ends_before", ended, officer, TOPICS, code, MAY, version=1)
        ended(officer, TOPICS, code, JUNE, version=1)
        refused("ended", ended, officer, TOPICS, code, JUNE, version=2)
        refused("ended", renamed, officer, TOPICS, code, "反诈", version=2)

    def test_it_comes_back_from_a_later_day(self, city, officer):
        ended(officer, TOPICS, "policy", date(2020, 4, 30))
        back = {"by": officer, "spec": TOPICS, "code": "policy", "version": 1, "reason": WHY}
        refused("starts_before", resume_item, **back, starts_on=date(2020, 4, 30))
        resume_item(**back, starts_on=JUNE)
        offered = ["policy" in dict(choices_on(TOPICS, day)) for day in (date(2020, 4, 30), MAY, JUNE)]
        assert offered == [True, False, True]
        refused("not_ended", resume_item, **{**back, "version": 2}, starts_on=JUNE)


class TestOrder:
    def test_one_place_up(self, city, officer):
        move_item(by=officer, spec=MODES, code=Mode.PHONE, up=True)
        assert [code for code, _ in choices_on(MODES, MAY)][:3] == ["phone", "home", "wechat"]
        move_item(by=officer, spec=MODES, code=Mode.PHONE, up=True)  # at the top nothing happens
        assert Decision.objects.count() == 1

    def test_words_come_in_the_order_they_were_said(self, city):
        assert labels_of(TOPICS, ["policy", "health"], MAY) == ["政策", "健康"]


class TestWho:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "sysadmin", "security", "auditor"])
    def test_only_who_decides_for_the_city(self, city, who):
        with pytest.raises(NotAllowed):
            added(city.users[who], TOPICS, "防诈骗", "safety")
        with pytest.raises(NotAllowed):
            move_item(by=city.users[who], spec=TOPICS, code="health", up=False)


class TestOtherProcesses:
    def test_what_another_process_changed_is_seen_within_seconds(self, city, monkeypatch):
        assert label_of(MODES, Mode.HOME, MAY) == "入户"
        said = CodeList.objects.create(code=MODES.code, version=1)
        CodeItem.objects.create(list=said, code="home", base="home", label="上门", position=10, starts_on=ALWAYS)
        assert label_of(MODES, Mode.HOME, MAY) == "入户"
        later = queries.time.monotonic() + queries.TRUSTED_SECONDS
        monkeypatch.setattr(queries.time, "monotonic", lambda: later)
        assert label_of(MODES, Mode.HOME, MAY) == "上门"


class TestConstraints:
    @pytest.fixture
    def row(self, city) -> dict[str, Any]:
        said = CodeList.objects.create(code=MODES.code)
        return {"list": said, "code": "c1", "base": "home", "label": "上门", "position": 1, "starts_on": MAY}

    def test_one_name_from_a_day(self, row):
        CodeItem.objects.create(**row)
        with pytest.raises(IntegrityError), transaction.atomic():
            CodeItem.objects.create(**row)

    @pytest.mark.parametrize("fault", [{"label": ""}, {"base": ""}, {"ends_on": date(2020, 4, 30)}])
    def test_nonsense(self, row, fault):
        with pytest.raises(IntegrityError), transaction.atomic():
            CodeItem.objects.create(**row | fault)
