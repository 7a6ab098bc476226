"""Resources: the directory, what reached whom, referrals, and what a case keeps to itself."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, open_case
from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper, kept_names
from shuangbai.core.periods import Period
from shuangbai.dossier.actions import enter_parts
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Consent
from shuangbai.followups.enums import TaskState
from shuangbai.followups.models import Task
from shuangbai.households.enums import Relation
from shuangbai.households.known import SameHousehold, SamePerson
from shuangbai.households.models import Household
from shuangbai.lives.actions.erasing import ask_erasure, decide_erasure
from shuangbai.lives.actions.handing import GiveEntry, answer_items, start_handover
from shuangbai.lives.enums import ErasureBasis, HandoverReason
from shuangbai.lives.models import HandoverItem
from shuangbai.network.closing import kept_at, kept_by
from shuangbai.network.models import Area
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.telling import opened, restrictions
from shuangbai.resources import queries
from shuangbai.resources.access import links_visible_to, referrals_visible_to, resources_visible_to
from shuangbai.resources.actions.directory import (
    ResourceEntry,
    change_resource,
    end_resource,
    list_resource,
    renew_resource,
)
from shuangbai.resources.actions.linking import (
    LinkEntry,
    correct_link,
    link_resource,
    note_receipt_looked,
    void_link,
)
from shuangbai.resources.actions.referring import (
    MoveEntry,
    ReferralEntry,
    change_referral,
    move_referral,
    start_referral,
)
from shuangbai.resources.enums import Move, ReferralState
from shuangbai.resources.models import Referral, Resource, ResourceLink, ResourceTerm
from shuangbai.resources.rules import AFTER, diagram
from tests.cast import TODAY, a_family, a_file, a_member, again, an_activity

pytestmark = pytest.mark.django_db
EVERYBODY = ["worker", "colleague", "head", "neighbour", "stranger", "supervisor", "officer", "sysadmin", "security",
             "auditor"]  # fmt: skip
YESTERDAY = TODAY - timedelta(days=1)
DOT = Paper(b"\x89PNG", "png")


def an_entry(**more: Any) -> ResourceEntry:
    said = {"name": "轮椅借用", "provider": "县残联", "kind": "goods", "needs": ["medical", "care"], **more}
    return ResourceEntry(**said)


def a_resource(by, unit, *, starts_on=date(2019, 1, 1), ends_on=None, **more: Any) -> Resource:
    return list_resource(by=by, unit=unit, entry=an_entry(**more), starts_on=starts_on, ends_on=ends_on)


def a_link(by, family, resource, *, acknowledged=True, **more: Any) -> ResourceLink:
    entry = LinkEntry(random_id(), resource.pk, more.pop("on", YESTERDAY), household=family.household, **more)
    return link_resource(by=by, entry=entry, acknowledged=acknowledged)


def a_referral(by, family, *, acknowledged=True, **more: Any) -> Referral:
    said = {"why": "独居，夜里常摔倒", "asks": "评估并安排照护", "body": "镇卫生院", "asked_on": YESTERDAY, **more}
    entry = ReferralEntry(random_id(), household=family.household, **said)
    return start_referral(by=by, entry=entry, acknowledged=acknowledged)


def moved(referral, by, move, **more: Any) -> Referral:
    referral = Referral.objects.get(pk=referral.pk)
    entry = MoveEntry(move, more.pop("on", TODAY), **{"note": "说明情况", **more})
    return move_referral(by=by, referral=referral, version=referral.version, entry=entry)


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker)


@pytest.fixture
def wheelchair(city, worker):
    return a_resource(worker, city.chengdong)


@pytest.fixture
def money(city, supervisor):
    return a_resource(supervisor, city.root, name="助学金", provider="爱心协会", kind="money", needs=["education"])


@pytest.fixture
def case(city, worker, family):
    said = CaseEntry("visit", "care", "独居老人照料", [family.people[0].pk], YESTERDAY)
    return open_case(
        by=worker, entry=OpenEntry(city.chengdong, random_id(), family.household.pk, said), acknowledged=True
    )


class TestTheDirectory:
    def test_each_reads_what_their_units_and_those_above_keep(self, city, worker, wheelchair, money):
        sees = {
            name: set(resources_visible_to(again(city.users[name])).values_list("name", flat=True))
            for name in EVERYBODY
        }
        assert sees == {
            "worker": {"轮椅借用", "助学金"}, "colleague": {"轮椅借用", "助学金"}, "head": {"轮椅借用", "助学金"},
            "neighbour": {"助学金"}, "stranger": {"助学金"}, "supervisor": {"轮椅借用", "助学金"},
            "officer": {"轮椅借用", "助学金"}, "sysadmin": set(), "security": set(), "auditor": set(),
        }  # fmt: skip

    def test_one_keeps_what_is_of_the_unit_where_one_holds_the_role(self, city, worker, supervisor, stranger, money):
        for by, unit in ((worker, city.root), (stranger, city.chengdong), (supervisor, city.chengdong)):
            with pytest.raises(NotAllowed):
                a_resource(by, unit)
        with pytest.raises(NotAllowed):
            change_resource(by=worker, resource=money, version=1, entry=an_entry())

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"name": " "}, "name"), ({"provider": ""}, "provider"), ({"kind": "nothing"}, "kind"),
            ({"needs": ["nothing"]}, "needs"), ({"ends_on": date(2018, 1, 1)}, "ends_on"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, city, worker, more, field):
        with pytest.raises(Refused) as refused:
            a_resource(worker, city.chengdong, **more)
        assert refused.value.first.field == field
        assert not Resource.objects.exists()

    def test_it_is_found_by_two_characters_initials_need_kind_and_village(self, city, worker, wheelchair, money):
        area = Area.objects.get(pk=city.chishan.pk)
        change_resource(by=worker, resource=wheelchair, version=1, entry=an_entry(area_ids=[area.pk]))
        found = Resource.objects.all()

        def names(**asked: Any) -> set[str]:
            return {one.name for one in queries.find(found, **asked)}

        assert names(words="轮椅") == names(words="lyjy") == names(words="残联") == {"轮椅借用"}
        assert names(need="education") == names(kind="money") == {"助学金"}
        assert names(village=city.chishan) == {"轮椅借用", "助学金"}
        assert names(village=city.beiping) == {"助学金"}
        assert names(words="轮椅 助学") == set()

    def test_a_resource_for_a_town_is_to_be_had_in_its_villages(self, city, worker, wheelchair):
        change_resource(by=worker, resource=wheelchair, version=1, entry=an_entry(area_ids=[city.chishan.parent_id]))
        assert queries.find(Resource.objects.all(), village=city.beiping).exists()
        assert Resource.objects.get().covers == "城东镇"

    def test_what_is_to_be_had_today_comes_first(self, city, worker):
        a_resource(worker, city.chengdong, name="甲", ends_on=YESTERDAY)
        a_resource(worker, city.chengdong, name="乙", starts_on=TODAY + timedelta(days=3))
        a_resource(worker, city.chengdong, name="丙", ends_on=TODAY + timedelta(days=9))
        lines = queries.lines(queries.by_use(Resource.objects.all(), TODAY), TODAY)
        assert [(line.resource.name, line.state, line.soon) for line in lines] == [
            ("丙", "valid", True), ("乙", "later", False), ("甲", "expired", False),
        ]  # fmt: skip

    def test_it_is_renewed_after_a_gap_and_ended(self, city, worker):
        resource = a_resource(worker, city.chengdong, ends_on=date(2020, 5, 31))
        with pytest.raises(Refused, match="已在有效期里"):
            renew_resource(by=worker, resource=resource, version=1, starts_on=date(2020, 5, 1))
        renew_resource(by=worker, resource=resource, version=1, starts_on=TODAY)
        with pytest.raises(Conflict):
            renew_resource(by=worker, resource=resource, version=1, starts_on=TODAY)
        assert not queries.offer_of(resource, date(2020, 6, 3), None).valid
        assert queries.offer_of(resource, TODAY, None).valid
        with pytest.raises(Refused, match="为什么不再提供"):
            end_resource(by=worker, resource=resource, version=2, ends_on=TODAY, reason="")
        end_resource(by=worker, resource=resource, version=2, ends_on=TODAY, reason="项目结束")
        assert not queries.offer_of(resource, TODAY + timedelta(days=1), None).valid

    def test_it_does_not_end_before_it_was_used(self, city, worker, family, wheelchair):
        a_link(worker, family, wheelchair)
        with pytest.raises(Refused, match="还有一次链接用了它"):
            end_resource(
                by=worker, resource=wheelchair, version=1, ends_on=YESTERDAY - timedelta(days=1), reason="停办"
            )


class TestLinking:
    def test_to_a_family_and_to_somebody_of_it(self, city, worker, family, wheelchair, money):
        link = a_link(
            worker, family, money, person_id=family.people[1].pk, value=Decimal(800), valued_by="receipt",
            note="助学金一笔",
        )  # fmt: skip
        assert (link.station, link.in_cash, link.person) == (city.chengdong, True, family.people[1])
        plain = a_link(worker, family, wheelchair, quantity=Decimal(1), unit="台")
        assert (plain.in_cash, plain.value) == (False, None)

    def test_sent_twice_it_is_one(self, worker, family, wheelchair):
        entry = LinkEntry(random_id(), wheelchair.pk, YESTERDAY, household=family.household)
        assert link_resource(by=worker, entry=entry) == link_resource(by=worker, entry=entry)
        assert ResourceLink.objects.count() == 1

    @pytest.mark.parametrize(
        ("more", "field", "words"),
        [
            ({"on": TODAY + timedelta(days=1)}, "occurred_on", "在今天之后"),
            ({"quantity": Decimal(0), "unit": "袋"}, "quantity", "大于零"),
            ({"quantity": Decimal(2)}, "unit", "写明单位"),
            ({"value": Decimal(5)}, "valued_by", "估的价"),
            ({"valued_by": "market"}, "value", "折合多少元"),
            ({"value": Decimal(-1), "valued_by": "own"}, "value", "负数"),
            ({"person_id": random_id()}, "person", "不是这户的"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, worker, family, wheelchair, more, field, words):
        with pytest.raises(Refused) as refused:
            a_link(worker, family, wheelchair, **more)
        assert (refused.value.first.field, words in refused.value.first.sentence) == (field, True)
        assert not ResourceLink.objects.exists()

    def test_money_says_how_much(self, worker, family, money):
        with pytest.raises(Refused, match="多少元"):
            a_link(worker, family, money)

    def test_what_had_expired_on_the_day_is_refused_with_a_sentence(self, city, worker, family):
        resource = a_resource(worker, city.chengdong, ends_on=date(2020, 5, 31))
        with pytest.raises(Refused, match="到 2020-05-31 为止，那天已经不能用"):
            a_link(worker, family, resource)
        assert a_link(worker, family, resource, on=date(2020, 5, 31))
        coming = a_resource(worker, city.chengdong, name="暑期班", starts_on=TODAY)
        with pytest.raises(Refused, match="从 2020-06-06 起才有"):
            a_link(worker, family, coming)

    def test_outside_its_area_it_is_asked_once(self, city, worker, family):
        resource = a_resource(worker, city.chengdong, area_ids=[city.beiping.pk])
        with pytest.raises(NeedsAcknowledgement, match="覆盖北平村"):
            a_link(worker, family, resource, acknowledged=False)
        assert a_link(worker, family, resource, acknowledged=True)

    def test_only_who_serves_the_family_and_reads_the_directory(self, city, worker, family, stranger, officer, money):
        for by in (stranger, officer):
            with pytest.raises(NotAllowed):
                a_link(by, family, money, value=Decimal(1), valued_by="own")
        theirs = a_resource(stranger, city.dongzhou, name="东洲的")
        with pytest.raises(Refused, match="从名录里选"):
            a_link(worker, family, theirs)

    def test_it_is_corrected_with_its_history(self, worker, colleague, family, wheelchair):
        link = a_link(worker, family, wheelchair, quantity=Decimal(1), unit="台")
        entry = LinkEntry(random_id(), wheelchair.pk, YESTERDAY, quantity=Decimal(2), unit="台", result="能出门了")
        with pytest.raises(Refused, match="为什么更正"):
            correct_link(by=colleague, link=link, version=1, entry=entry, reason="")
        correct_link(by=colleague, link=link, version=1, entry=entry, reason="数量写错了")
        with pytest.raises(Conflict):
            correct_link(by=worker, link=link, version=1, entry=entry, reason="再改")
        found = ResourceLink.objects.get()
        assert (found.quantity, found.result, found.client_id) == (2, "能出门了", link.client_id)
        assert [row.quantity for row in found.history.order_by("history_id")] == [1, 2]

    def test_it_is_voided_by_who_entered_it_or_the_head(self, worker, colleague, head, family, wheelchair):
        link = a_link(worker, family, wheelchair)
        with pytest.raises(NotAllowed):
            void_link(by=colleague, link=link, version=1, reason="重复登记")
        void_link(by=head, link=link, version=1, reason="重复登记")
        with pytest.raises(Refused, match="已经作废"):
            void_link(by=head, link=link, version=2, reason="重复登记")
        assert BY_CODE["R1"].value(Ask(Period(date(2020, 1, 1), TODAY), link.station)) == 0

    def test_a_receipt_is_kept_sealed_looked_at_and_goes_with_the_link(
        self, worker, stranger, family, wheelchair, django_capture_on_commit_callbacks
    ):
        link = a_link(worker, family, wheelchair, paper=DOT)
        assert link.stored in kept_names()
        note_receipt_looked(by=worker, link=link)
        with pytest.raises(NotAllowed):
            note_receipt_looked(by=stranger, link=link)
        with django_capture_on_commit_callbacks(execute=True):
            void_link(by=worker, link=link, version=1, reason="登记错了")
        assert link.stored not in kept_names()


class TestReferrals:
    def test_from_asked_to_followed_up_with_a_reminder_at_each_stop(self, worker, family):
        referral = a_referral(worker, family)
        assert (referral.state, Task.objects.count()) == (ReferralState.DRAFT, 0)
        referral = moved(referral, worker, Move.SEND)
        first = Task.objects.get()
        assert (first.due_on, first.assignee, first.by_visit) == (TODAY + timedelta(days=7), worker.staff, False)
        assert "镇卫生院" in first.subject
        referral = moved(referral, worker, Move.URGE)
        assert Task.objects.filter(state=TaskState.OPEN).count() == 1
        referral = moved(referral, worker, Move.ACCEPT, whom="王医生")
        assert Task.objects.filter(state=TaskState.OPEN).count() == 0
        referral = moved(referral, worker, Move.SUCCEED, note="每周上门两次")
        assert Task.objects.get(state=TaskState.OPEN).subject.startswith("转介办成")
        referral = moved(referral, worker, Move.REVISIT, note="老人已能自己下床")
        assert (referral.state, referral.next_on, referral.reminder) == (ReferralState.ENDED, None, None)
        assert not Task.objects.filter(state=TaskState.OPEN).exists()
        assert list(referral.steps.order_by("entered_at", "id").values_list("became", flat=True))[-1] == "ended"

    def test_what_was_refused_can_be_sent_anew(self, worker, family):
        referral = moved(moved(a_referral(worker, family), worker, Move.SEND), worker, Move.REFUSE, note="名额已满")
        assert moved(referral, worker, Move.SEND).state == ReferralState.SENT

    def test_to_an_expired_resource_it_is_refused_also_when_sent_later(self, city, worker, family):
        old = a_resource(worker, city.chengdong, name="甲", ends_on=YESTERDAY)
        with pytest.raises(Refused, match="已经不能用"):
            a_referral(worker, family, resource_id=old.pk, body="")
        resource = a_resource(worker, city.chengdong, name="乙")
        referral = a_referral(worker, family, resource_id=resource.pk, body="")
        assert referral.body == "县残联"
        ResourceTerm.objects.filter(resource=resource).update(ends_on=YESTERDAY)
        with pytest.raises(Refused, match="已经不能用"):
            moved(referral, worker, Move.SEND)

    @pytest.mark.parametrize(
        ("more", "field"),
        [({"body": " "}, "body"), ({"why": ""}, "why"), ({"asks": ""}, "asks"),
         ({"asked_on": TODAY + timedelta(days=1)}, "asked_on"), ({"person_id": random_id()}, "person")],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused(self, worker, family, more, field):
        with pytest.raises(Refused) as refused:
            a_referral(worker, family, **more)
        assert refused.value.first.field == field

    def test_without_consent_to_share_it_is_asked_once(self, worker, family):
        with pytest.raises(NeedsAcknowledgement, match="转介时共享资料"):
            a_referral(worker, family, acknowledged=False)
        said = {"scope": "referral", "given_on": YESTERDAY, "form": "written", "giver": "村干部", "agreed": True}
        enter_parts(by=worker, kind=Consent, entries=[PartEntry(family.household, said)], acknowledged=True)
        assert a_referral(worker, family, acknowledged=False)

    def test_what_came_of_it_is_told_in_words(self, worker, family):
        referral = moved(a_referral(worker, family), worker, Move.SEND)
        with pytest.raises(Refused, match="名额已满"):
            moved(referral, worker, Move.REFUSE, note="")
        with pytest.raises(Refused, match="早于上一步"):
            moved(referral, worker, Move.ACCEPT, on=TODAY - timedelta(days=3))
        with pytest.raises(Refused, match="只能记"):
            moved(referral, worker, Move.SUCCEED)

    def test_once_it_is_sent_it_is_not_rewritten(self, worker, family):
        referral = a_referral(worker, family)
        entry = ReferralEntry(random_id(), YESTERDAY, "病情加重", "尽快收治", body="县人民医院")
        referral = change_referral(by=worker, referral=referral, version=1, entry=entry, acknowledged=True)
        assert referral.body == "县人民医院"
        referral = moved(referral, worker, Move.SEND)
        with pytest.raises(Refused, match="已经发出"):
            change_referral(by=worker, referral=referral, version=referral.version, entry=entry, acknowledged=True)

    def test_of_two_at_once_the_second_sees_the_first(self, worker, colleague, family):
        referral = a_referral(worker, family)
        move_referral(by=worker, referral=referral, version=1, entry=MoveEntry(Move.SEND, TODAY))
        with pytest.raises(Conflict):
            move_referral(by=colleague, referral=referral, version=1, entry=MoveEntry(Move.SEND, TODAY))

    def test_every_state_has_its_line_and_the_diagram_every_move(self):
        assert set(AFTER) == set(ReferralState)
        for state, moves in AFTER.items():
            assert state.label in diagram()
            assert all(move.label in diagram() for move in moves)


class TestACase:
    def test_what_is_a_cases_alone_is_seen_by_its_few_alone(self, city, worker, family, wheelchair, case):
        link = a_link(worker, family, wheelchair, case_key=case.pk, only_case=True)
        referral = a_referral(worker, family, case_key=case.pk, only_case=True)
        assert (link.household, referral.household) == (None, None)
        for found in (links_visible_to, referrals_visible_to):
            assert {name for name in EVERYBODY if found(again(city.users[name])).exists()} == {"worker", "head"}

    def test_what_is_also_the_familys_is_seen_without_the_case(self, city, worker, colleague, family, wheelchair, case,
                                                                client_for):  # fmt: skip
        link = a_link(worker, family, wheelchair, case_key=case.pk)
        assert links_visible_to(again(colleague)).get() == link
        page = client_for(colleague).get(f"/resources/links/{link.pk}/").content.decode()
        assert case.number not in page
        assert case.number in client_for(worker).get(f"/resources/links/{link.pk}/").content.decode()

    def test_nobody_else_names_a_case(self, colleague, family, wheelchair, case):
        with pytest.raises(NotAllowed):
            a_link(colleague, family, wheelchair, case_key=case.pk)

    def test_a_referral_of_a_case_makes_no_task(self, worker, family, case):
        referral = moved(a_referral(worker, family, case_key=case.pk, only_case=True), worker, Move.SEND)
        assert (Task.objects.count(), referral.next_on) == (0, TODAY + timedelta(days=7))

    def test_it_counts_and_is_listed_for_its_few_alone(self, city, worker, colleague, family, wheelchair, case):
        a_link(worker, family, wheelchair)
        a_link(worker, family, wheelchair, case_key=case.pk, only_case=True)
        ask = Ask(Period(date(2020, 1, 1), TODAY), city.chengdong)
        for code, all_of_it, seen in (("R1", 2, 1), ("R4A", 1, 1)):
            one = BY_CODE[code]
            assert one.value(ask) == one.evidence(ask) == all_of_it
            listed = [one.evidence(ask, opened(restrictions(one, ask), one, ask, again(who)))
                      for who in (worker, colleague)]  # fmt: skip
            assert listed == [all_of_it, seen]

    def test_who_is_forgotten_is_forgotten_there_too(self, city, head, officer, worker, family, wheelchair, case):
        name = family.people[0].name
        a_link(worker, family, wheelchair, case_key=case.pk, only_case=True, note=f"给{name}的")
        a_referral(worker, family, case_key=case.pk, only_case=True, why=f"{name}独居")
        _erase(head, officer, family.people[0])
        assert name not in f"{ResourceLink.objects.get().note}{Referral.objects.get().why}"
        for table in (ResourceLink.history.all(), Referral.history.all()):
            assert not any(name in f"{getattr(row, 'note', '')}{getattr(row, 'why', '')}" for row in table)


def _erase(head, officer, person):
    said = {"station": person.station, "people": [person], "basis": ErasureBasis.ASKED, "reason": "本人书面要求删除"}
    decide_erasure(by=officer, erasure=ask_erasure(by=head, **said)[0], agrees=True, answer="同意抹去")


class TestAround:
    def test_who_is_forgotten_loses_the_words_and_the_receipt_and_stays_counted(
        self, city, worker, head, officer, wheelchair, django_capture_on_commit_callbacks
    ):
        alone = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD)])
        link = a_link(worker, alone, wheelchair, person_id=alone.people[0].pk, note="送到床前", paper=DOT)
        referral = moved(a_referral(worker, alone), worker, Move.SEND, note="曾秀英家没人")
        receipt = link.stored
        assert receipt in kept_names()
        with django_capture_on_commit_callbacks(execute=True):
            _erase(head, officer, alone.people[0])
        link, referral = ResourceLink.objects.get(), Referral.objects.get(pk=referral.pk)
        assert (link.note, referral.why, referral.steps.get().note) == ("", "", "")
        assert receipt not in kept_names()
        assert BY_CODE["R1"].value(Ask(Period(date(2020, 1, 1), TODAY), city.chengdong)) == 1

    def test_open_referrals_go_along_when_a_family_changes_hands(self, city, worker, colleague, family):
        file = a_file(family, worker)
        referral = a_referral(worker, family)
        entry = GiveEntry(city.chengdong, worker.staff, TODAY, HandoverReason.LEAVING, [(file, colleague.staff_id)])
        start_handover(by=worker, entry=entry)
        answer_items(by=colleague, items=list(HandoverItem.objects.all()), take=True)
        assert Referral.objects.get(pk=referral.pk).worker == colleague.staff

    def test_what_is_kept_is_told_without_a_word_of_cases(self, city, worker, family, wheelchair, case):
        a_referral(worker, family, case_key=case.pk, only_case=True)
        assert not [one for one in kept_by(worker.staff) if "转介" in one.label]
        a_referral(worker, family)
        assert [one.count for one in kept_by(worker.staff) if "转介" in one.label] == [1]
        assert {one.label for one in kept_at(city.chengdong, TODAY) if "资源" in one.label} == {"资源名录里的资源"}

    def test_a_family_known_twice_is_helped_once(self, city, worker, stranger, family):
        ours, theirs = (a_resource(by, unit) for by, unit in ((worker, city.chengdong), (stranger, city.dongzhou)))
        other = a_family(city.dongzhou, stranger)
        a_link(worker, family, ours, person_id=family.people[0].pk)
        a_link(stranger, other, theirs, person_id=other.people[0].pk)
        ask = Ask(Period(date(2020, 1, 1), TODAY), city.root)
        assert (BY_CODE["R4A"].value(ask), BY_CODE["R4B"].value(ask)) == (2, 2)
        SameHousehold.objects.create(household=Household.objects.get(pk=other.household.pk), kept=family.household)
        SamePerson.objects.create(person=other.people[0], kept=family.people[0])
        assert (BY_CODE["R4A"].value(ask), BY_CODE["R4B"].value(ask)) == (1, 1)


class TestTheDatabaseRefuses:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            ({"household": None}, "resource_link_is_somebodys"),
            ({"value": Decimal(3)}, "resource_link_says_how_valued"),
            ({"in_cash": True}, "resource_link_cash_is_told"),
            ({"quantity": Decimal(3)}, "resource_link_quantity_has_unit"),
            ({"voided_at": clock.at(TODAY)}, "resource_link_voided_by_somebody"),
        ],
    )
    def test_a_link_that_cannot_be(self, worker, family, wheelchair, said, name):
        link = a_link(worker, family, wheelchair)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ResourceLink.objects.filter(pk=link.pk).update(**said)

    @pytest.mark.parametrize(
        ("said", "name"),
        [({"household": None}, "referral_is_somebodys"), ({"state": "sent"}, "referral_sent_on_a_day")],
    )
    def test_a_referral_that_cannot_be(self, worker, family, said, name):
        referral = a_referral(worker, family)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(**said)

    def test_a_resource_without_a_name_and_a_term_that_ends_before_it_began(self, wheelchair):
        with pytest.raises(IntegrityError, match="resource_is_named"), transaction.atomic():
            Resource.objects.update(name="")
        with pytest.raises(IntegrityError, match="dates_in_order"), transaction.atomic():
            ResourceTerm.objects.update(ends_on=date(2000, 1, 1))
        with pytest.raises(IntegrityError), transaction.atomic():
            ResourceTerm.objects.create(resource=wheelchair, starts_on=date(2019, 1, 1))

    def test_the_same_twice(self, worker, family, wheelchair):
        for row in (a_link(worker, family, wheelchair), a_referral(worker, family)):
            row.pk = random_id()
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)


class TestAnActivitys:
    """What was given for all who came: linked once, beneficiaries are the activity's."""

    def given(self, by, activity, resource, *, acknowledged=True, **more: Any) -> ResourceLink:
        said = {"about": ("activities", activity.pk), "quantity": Decimal(20), "unit": "盒", "value": Decimal(200),
                "valued_by": "market", **more}  # fmt: skip
        entry = LinkEntry(random_id(), resource.pk, more.pop("on", YESTERDAY), **said)
        return link_resource(by=by, entry=entry, acknowledged=acknowledged)

    def test_it_counts_once_and_adds_no_family_and_no_person(self, city, worker, family, wheelchair):
        activity = an_activity(city.chengdong, worker)
        link = self.given(worker, activity, wheelchair)
        a_link(worker, family, wheelchair, person_id=family.people[0].pk)
        assert (link.station, link.household, link.person) == (city.chengdong, None, None)
        ask = Ask(Period(date(2020, 1, 1), TODAY), city.root)
        for code, number in {"R1": 2, "R2": 0, "R3": 200, "R4A": 1, "R4B": 1}.items():
            assert BY_CODE[code].value(ask) == BY_CODE[code].evidence(ask) == number, code

    def test_its_page_says_what_was_given_and_leads_to_the_form(
        self, client_for, city, worker, colleague, officer, supervisor, wheelchair
    ):
        activity = an_activity(city.chengdong, worker)
        client, page = client_for(worker), f"/activities/{activity.pk}/"
        new = f"/resources/links/new?about=activities&amp;key={activity.pk}"
        assert new in client.get(page).content.decode()
        sent = {"resource": str(wheelchair.pk), "occurred_on": "2020-06-01", "quantity": "20", "unit": "盒",
                "value": "200", "valued_by": "market", "client_id": str(random_id())}  # fmt: skip
        asked = new.replace("&amp;", "&")
        form = client.get(asked).content.decode()
        assert activity.title in form
        assert "整个家庭" not in form
        answer = client.post(asked, sent, follow=True).content.decode()
        assert activity.title in answer
        link = ResourceLink.objects.get()
        assert "轮椅借用 20 盒，折合 200 元（县残联）" in client.get(page).content.decode()
        assert "轮椅借用 20 盒" in client_for(supervisor).get(page).content.decode()
        assert "轮椅借用" not in client_for(officer).get(page).content.decode()
        correct = f"/resources/links/{link.pk}/correct"
        client_for(colleague).post(correct, {**sent, "value": "180", "reason": "数错了", "version": "1"})
        link.refresh_from_db()
        assert (link.value, link.subject_key) == (180, activity.pk)
        assert (
            client.post(f"/resources/links/{link.pk}/void", {"reason": "重复登记", "version": "2"}).status_code == 302
        )
        assert "轮椅借用" not in client.get(page).content.decode()

    def test_only_who_writes_the_activity_links_to_it(self, city, worker, stranger, officer, family, wheelchair):
        activity = an_activity(city.chengdong, worker)
        for user in (stranger, officer):
            with pytest.raises(NotAllowed):
                self.given(user, activity, wheelchair)
        for about in (("sessions", activity.pk), ("activities", random_id()), ("", activity.pk)):
            with pytest.raises(NotAllowed):
                self.given(worker, activity, wheelchair, about=about)
        with pytest.raises(NotAllowed):
            self.given(worker, activity, wheelchair, household=family.household)
        link = self.given(worker, activity, wheelchair)
        assert not links_visible_to(again(stranger)).exists()
        for broken in (
            {"subject": ""}, {"subject_key": None}, {"household": family.household}, {"person": family.people[0]},
            {"case_key": random_id()},
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                ResourceLink.objects.filter(pk=link.pk).update(**broken)

    def test_whoever_reads_the_figure_finds_it_in_the_list(self, city, worker, officer, wheelchair):
        activity = an_activity(city.chengdong, worker)
        self.given(worker, activity, wheelchair)
        ask = Ask(Period(date(2020, 1, 1), TODAY), city.root)
        one = BY_CODE["R1"]
        assert one.evidence(ask, opened(restrictions(one, ask), one, ask, again(officer))) == 1
