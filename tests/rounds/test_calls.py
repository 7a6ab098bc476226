"""Calls by weather or feast: who is picked, thirty calls on one page, nobody called twice, the one-page result."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import NeedsAcknowledgement, NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.actions import add_member
from shuangbai.households.enums import Relation
from shuangbai.rounds.actions.calls import CallEntry, CallListEntry, make_call_list, open_numbers, record_calls
from shuangbai.rounds.enums import Called
from shuangbai.rounds.models import CallList, CallListItem, CallMade
from shuangbai.rounds.queries import Criteria, call_rows, picked, result_of
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import Mode, Result
from shuangbai.visits.models import Visit
from tests.cast import TODAY, a_campaign, a_family, a_file, a_member, a_visit, a_visit_entry

CALLS = "/rounds/calls/"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def an_elder(city: Any, by: Any, name: str, *tags: str, **more: Any) -> Any:
    """An elder living by themselves, tagged."""
    return a_family(city.chengdong, by, members=[a_member(name, Relation.HEAD, tags=list(tags))], **more)


def a_list(city: Any, by: Any, families: list[Any], **more: Any) -> CallList:
    said = {"name": "寒潮问候", "criteria": Criteria(categories=["alone_elder"], unseen_days=3), **more}
    ids = [family.household.pk for family in families]
    return make_call_list(by=by, entry=CallListEntry(station=city.chengdong, household_ids=ids, **said))


def a_call(city: Any, by: Any, family: Any, *, seen: int = 0, **more: Any) -> CallEntry:
    said = {"on": TODAY, "mode": Mode.PHONE, "narrative": "", "row": f"row-{family.household.pk.hex}", **more}
    return CallEntry(a_visit_entry(city.chengdong, by, family, **said), seen)


def states(call_list: CallList) -> list[Called]:
    return [row.state for row in call_rows(call_list)]


def sent(worker: Any, rows: list[tuple[Any, dict[str, Any]]], **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "occurred_on": TODAY.isoformat(), "mode": "phone", "purpose": "ordinary", "workers": [str(worker.staff_id)],
        "rows": [str(family.household.pk) for family, _ in rows],
    }  # fmt: skip
    for family, said in rows:
        row = {"client_id": str(uuid.uuid4()), "result": "", "narrative": "", "seen": "0"}
        told |= {f"row-{family.household.pk.hex}-{name}": value for name, value in (row | said).items()}
    return told | more


def shown(page: str) -> list[str]:
    return re.findall(r'<div class="grid-who"><h3>(.*?)</h3>', page)


@pytest.fixture
def lone(city: Any, worker: Any) -> list[Any]:
    """Two elders who live alone."""
    return [an_elder(city, worker, name, "alone_elder") for name in ("林阿婆", "赖阿公")]


# WHO IS PICKED ---------------------------------------------------------------


def test_a_cold_wave_lists_who_lives_alone_or_is_destitute_and_was_not_met_for_three_days(
    city: Any, worker: Any
) -> None:
    """Scenario 9 of domain.md 5."""
    never = an_elder(city, worker, "林一", "alone_elder")
    long_ago = an_elder(city, worker, "林二", "tekun_rural")
    four_days = an_elder(city, worker, "林三", "alone_elder")
    three_days = an_elder(city, worker, "林四", "alone_elder")
    in_vain = an_elder(city, worker, "林五", "alone_elder")
    an_elder(city, worker, "林六")
    a_visit(city.chengdong, worker, long_ago, on=date(2020, 1, 6))
    a_visit(city.chengdong, worker, four_days, on=TODAY - timedelta(days=4))
    a_visit(city.chengdong, worker, three_days, on=TODAY - timedelta(days=3))
    a_visit(city.chengdong, worker, in_vain, on=TODAY, result=Result.NOBODY_HOME)
    asked = Criteria(categories=["alone_elder", "tekun_rural"], unseen_days=3)
    found = picked(worker, city.chengdong, asked, TODAY)
    expected = [never, in_vain, long_ago, four_days]
    assert {pk for pk, _met in found} == {family.household.pk for family in expected}
    assert [met for _pk, met in found] == [None, None, date(2020, 1, 6), TODAY - timedelta(days=4)]


def test_a_category_of_the_household_counts_and_one_of_the_dead_does_not(city: Any, worker: Any) -> None:
    dibao = a_family(city.chengdong, worker, tags=["dibao_rural"])
    gone = an_elder(city, worker, "林阿婆", "dibao_rural")
    gone.people[0].died_on = date(2020, 1, 1)
    gone.people[0].save()
    found = picked(worker, city.chengdong, Criteria(categories=["dibao_rural"]), TODAY)
    assert [pk for pk, _met in found] == [dibao.household.pk]


def test_villages_and_ones_own_narrow_the_list(city: Any, worker: Any, colleague: Any) -> None:
    mine = an_elder(city, worker, "林阿婆", "alone_elder", village=city.beiping)
    a_file(mine, worker)
    other = an_elder(city, colleague, "赖阿公", "alone_elder", village=city.chishan)
    a_file(other, colleague)

    def names(**more: Any) -> set[Any]:
        return {pk for pk, _met in picked(worker, city.chengdong, Criteria(["alone_elder"], **more), TODAY)}

    assert names() == {mine.household.pk, other.household.pk}
    assert names(villages=[city.chishan.pk]) == {other.household.pk}
    assert names(staff_id=worker.staff_id) == {mine.household.pk}


def test_another_stations_families_are_not_picked(city: Any, lone: Any, stranger: Any) -> None:
    assert picked(stranger, city.dongzhou, Criteria(["alone_elder"]), TODAY) == []
    assert picked(stranger, city.chengdong, Criteria(["alone_elder"]), TODAY) == []


def test_picking_and_keeping_a_list_on_its_page(client_for: Any, city: Any, worker: Any, lone: Any) -> None:
    client = client_for(worker)
    blank = text_of(client.get(f"{CALLS}new"))
    assert 'value="3"' in blank
    assert "林阿婆户" not in blank
    page = text_of(client.get(f"{CALLS}new?pick=1&categories=alone_elder&unseen_days=3"))
    assert "列出 2 户" in page
    kept = {
        "categories": "alone_elder",
        "unseen_days": "3",
        "household": str(lone[0].household.pk),
        "name": "寒潮问候",
    }
    answer = client.post(f"{CALLS}new", kept)
    made = CallList.objects.get()
    assert answer["Location"] == f"{CALLS}{made.pk}/"
    assert [item.household_id for item in made.items.all()] == [lone[0].household.pk]
    assert made.criteria == {"categories": ["alone_elder"], "villages": [], "unseen_days": 3, "staff": None}
    assert "独居老人" in text_of(client.get(f"{CALLS}{made.pk}/"))


def test_a_list_without_a_name_comes_back_with_what_was_ticked(client_for: Any, worker: Any, lone: Any) -> None:
    kept = {"categories": "alone_elder", "unseen_days": "3", "household": str(lone[0].household.pk), "name": " "}
    answer = client_for(worker).post(f"{CALLS}new", kept)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "请给名单起个名字" in page
    assert dict(re.findall(r'name="household" value="(.*?)"( checked)?>', page)) == {
        str(lone[0].household.pk): " checked", str(lone[1].household.pk): "",
    }  # fmt: skip
    assert not CallList.objects.exists()


def test_a_list_of_nobody_comes_back_with_its_families_and_a_wrong_number_without_an_error(
    client_for: Any, worker: Any, lone: Any
) -> None:
    client = client_for(worker)
    nobody = client.post(f"{CALLS}new", {"categories": "alone_elder", "unseen_days": "3", "name": "寒潮"})
    assert nobody.status_code == 422
    assert "请至少勾选一户" in text_of(nobody)
    assert text_of(nobody).count('name="household"') == 2
    wrong = client.post(f"{CALLS}new", {"unseen_days": "三", "name": "寒潮"})
    assert wrong.status_code == 422
    assert "请填一个数字" in text_of(client.get(f"{CALLS}new?pick=1&unseen_days=三"))


@pytest.mark.parametrize(("name", "families", "field"), [("", 1, "name"), ("寒潮", 0, "household")])
def test_a_list_needs_a_name_and_somebody(
    city: Any, worker: Any, lone: Any, name: str, families: int, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        a_list(city, worker, lone[:families], name=name)
    assert [finding.field for finding in refused.value.findings] == [field]


def test_a_family_that_the_station_does_not_serve_cannot_be_listed(city: Any, worker: Any, stranger: Any) -> None:
    foreign = a_family(city.dongzhou, stranger)
    with pytest.raises(NotAllowed):
        a_list(city, worker, [foreign])
    with pytest.raises(NotAllowed):
        make_call_list(by=stranger, entry=CallListEntry(city.chengdong, "寒潮", [foreign.household.pk], Criteria()))


# CALLING ---------------------------------------------------------------------


def test_thirty_calls_are_entered_on_one_page(client_for: Any, city: Any, worker: Any) -> None:
    families = [an_elder(city, worker, f"林{number}", "alone_elder") for number in range(31)]
    campaign = a_campaign(city.chengdong, code="cold", name="寒潮", first=date(2020, 6, 1), last=date(2020, 6, 10))
    kept = a_list(city, worker, families, campaign=campaign)
    client = client_for(worker)
    page = text_of(client.get(f"{CALLS}{kept.pk}/"))
    assert shown(page) == [f"林{number}户" for number in range(30)]
    rows = [(family, {"result": "met" if index % 3 else "nobody_home"}) for index, family in enumerate(families[:30])]
    answer = client.post(f"{CALLS}{kept.pk}/", sent(worker, rows, campaign=str(campaign.pk)))
    assert answer["Location"] == f"{CALLS}{kept.pk}/"
    records = ServiceRecord.objects.filter(campaign=campaign)
    assert records.count() == 30
    assert set(Visit.objects.values_list("mode", flat=True)) == {"phone"}
    again = shown(text_of(client.get(f"{CALLS}{kept.pk}/")))
    assert again[0] == "林30户"
    assert len(again) == 11


def test_calls_of_a_list_are_the_visits_that_the_page_of_a_visit_would_make(
    client_for: Any, city: Any, worker: Any, lone: Any
) -> None:
    one, two = lone
    kept = a_list(city, worker, lone)
    client = client_for(worker)
    client.post(f"{CALLS}{kept.pk}/", sent(worker, [(one, {"result": "met", "narrative": "被子够"})]))
    single = {
        "occurred_on": TODAY.isoformat(), "mode": "phone", "result": "met", "workers": [str(worker.staff_id)],
        "met": [str(two.people[0].pk)], "followup": "none", "purpose": "ordinary", "client_id": str(uuid.uuid4()),
        "narrative": "被子够",
    }  # fmt: skip
    client.post(f"/visits/new?family={two.household.pk}", single)

    def told(family: Any) -> Any:
        visit = Visit.objects.select_related("record").get(record__household=family.household)
        fields = ("mode", "result", "purpose", "topics", "narrative", "observation", "needs", "followup", "next_on")
        contacts = sorted(visit.record.contacts.values_list("kind", flat=True))
        return [getattr(visit, name) for name in fields], contacts, visit.record.reached, visit.record.village_id

    assert told(one) == told(two)


def test_nobody_is_called_twice_by_two_workers(
    client_for: Any, city: Any, worker: Any, colleague: Any, lone: Any
) -> None:
    kept = a_list(city, worker, lone)
    client_for(colleague).post(f"{CALLS}{kept.pk}/", sent(colleague, [(lone[0], {"result": "met"})]))
    late = sent(worker, [(lone[0], {"result": "nobody_home"}), (lone[1], {"result": "met"})])
    client = client_for(worker)
    answer = client.post(f"{CALLS}{kept.pk}/", late)
    assert answer.status_code == 422
    assert "黄建国已经打过这一户（见面）" in text_of(answer)
    assert Visit.objects.count() == 1
    assert client.post(f"{CALLS}{kept.pk}/", late | {"acknowledged": "on"}).status_code == 302
    assert Visit.objects.count() == 3


def test_who_did_not_answer_is_called_again_without_a_question(city: Any, worker: Any, lone: Any) -> None:
    kept = a_list(city, worker, lone)
    record_calls(by=worker, call_list=kept, entries=[a_call(city, worker, lone[0], result=Result.NOBODY_HOME)])
    assert states(kept) == [Called.UNREACHED, Called.WAITING]
    again = a_call(city, worker, lone[0], seen=1)
    with pytest.raises(NeedsAcknowledgement) as warned:  # the second call of a day is asked about, as any visit is
        record_calls(by=worker, call_list=kept, entries=[again])
    assert [finding.code for finding in warned.value.findings] == ["same_visit_today"]
    record_calls(by=worker, call_list=kept, entries=[again], acknowledged=True)
    assert states(kept) == [Called.REACHED, Called.WAITING]


def test_sending_calls_twice_changes_nothing(city: Any, worker: Any, lone: Any) -> None:
    kept, call = a_list(city, worker, lone), a_call(city, worker, lone[0])
    first = record_calls(by=worker, call_list=kept, entries=[call])
    second = record_calls(by=worker, call_list=kept, entries=[call])
    assert [visit.pk for visit in first] == [visit.pk for visit in second]
    assert CallMade.objects.count() == Visit.objects.count() == 1


def test_a_refused_call_is_named_and_nothing_is_saved(client_for: Any, city: Any, worker: Any, lone: Any) -> None:
    two = a_family(city.chengdong, worker)
    kept = a_list(city, worker, [lone[0], two])
    rows = [(lone[0], {"result": "met", "narrative": "都好"}), (two, {"result": "met"})]
    answer = client_for(worker).post(f"{CALLS}{kept.pk}/", sent(worker, rows))
    assert answer.status_code == 422
    assert "曾秀英户：结果是「见面」，请勾选见到了家里哪几位" in text_of(answer)
    assert 'value="都好"' in text_of(answer)
    assert not Visit.objects.exists()
    assert not CallMade.objects.exists()


def test_a_family_that_is_not_on_the_list_is_not_called_from_it(city: Any, worker: Any, lone: Any) -> None:
    kept = a_list(city, worker, lone[:1])
    with pytest.raises(NotAllowed):
        record_calls(by=worker, call_list=kept, entries=[a_call(city, worker, lone[1])])


def test_a_family_met_otherwise_since_needs_no_call(city: Any, worker: Any, lone: Any) -> None:
    kept = a_list(city, worker, lone)
    a_visit(city.chengdong, worker, lone[1], on=TODAY)
    assert states(kept) == [Called.WAITING, Called.SEEN]


def test_a_voided_call_is_open_again(city: Any, worker: Any, lone: Any) -> None:
    kept = a_list(city, worker, lone[:1])
    visit = record_calls(by=worker, call_list=kept, entries=[a_call(city, worker, lone[0])])[0]
    assert states(kept) == [Called.REACHED]
    void_records(by=worker, records=[visit.record], reason="打错了人家")
    assert states(kept) == [Called.WAITING]


# NUMBERS ---------------------------------------------------------------------


def test_the_numbers_of_a_page_are_opened_for_a_reason_and_each_family_says_so(
    client_for: Any, city: Any, worker: Any
) -> None:
    family = an_elder(city, worker, "林阿婆", phone="13800001234")
    kept = a_list(city, worker, [family])
    client = client_for(worker)
    assert "13800001234" not in text_of(client.get(f"{CALLS}{kept.pk}/"))
    typed = sent(worker, [(family, {})], numbers="1", why="reach")
    page = text_of(client.post(f"{CALLS}{kept.pk}/", typed))
    assert 'href="tel:13800001234"' in page
    told = AuditEvent.objects.get(kind="household.unmasked")
    assert (told.about_id, told.details["count"]) == (str(family.household.pk), 1)
    note = re.search(r'name="opened" value="(.*?)"', page)
    assert note
    refused = sent(worker, [(family, {"narrative": "没有结果"})], opened=note[1])
    assert "13800001234" in text_of(client.post(f"{CALLS}{kept.pk}/", refused))
    assert AuditEvent.objects.filter(kind="household.unmasked").count() == 1


def test_every_number_of_a_family_is_offered_with_whose_it_is(client_for: Any, city: Any, worker: Any) -> None:
    family = an_elder(city, worker, "林阿婆", phone="13800001234，邻居陈叔 0660-3361234转2")
    son = a_member("林小军", phone="13900002222（晚上）")
    add_member(by=worker, household=family.household, entry=son, acknowledged=True)
    kept = a_list(city, worker, [family])
    page = text_of(client_for(worker).get(f"{CALLS}{kept.pk}/"))
    for whose, masked in (("家里", "*******1234"), ("邻居陈叔", "*******1234"), ("林小军 晚上", "*******2222")):
        assert whose in page
        assert masked in page
    opened = text_of(client_for(worker).post(
        f"{CALLS}{kept.pk}/", sent(worker, [(family, {})], numbers="1", why="reach")
    ))  # fmt: skip
    for dialled in ("13800001234", "06603361234", "13900002222"):
        assert f'href="tel:{dialled}"' in opened


def test_a_note_of_somebody_else_opens_nothing(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    family = an_elder(city, worker, "林阿婆", phone="13800001234")
    kept = a_list(city, worker, [family])
    page = text_of(
        client_for(worker).post(f"{CALLS}{kept.pk}/", sent(worker, [(family, {})], numbers="1", why="reach"))
    )
    note = re.search(r'name="opened" value="(.*?)"', page)
    assert note
    refused = sent(colleague, [(family, {"narrative": "没有结果"})], opened=note[1])
    assert "13800001234" not in text_of(client_for(colleague).post(f"{CALLS}{kept.pk}/", refused))


def test_numbers_are_not_opened_without_a_reason_or_by_who_may_not(
    city: Any, worker: Any, supervisor: Any, lone: Any
) -> None:
    kept = a_list(city, worker, lone)
    with pytest.raises(Refused):
        open_numbers(by=worker, call_list=kept, households=[lone[0].household], reason=" ")
    with pytest.raises(NotAllowed):
        open_numbers(by=supervisor, call_list=kept, households=[lone[0].household], reason="联系本人")
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()


# THE RESULT ------------------------------------------------------------------


def test_the_result_says_how_many_and_links_to_the_records(client_for: Any, city: Any, worker: Any, lone: Any) -> None:
    third = an_elder(city, worker, "陈阿伯", "alone_elder")
    kept = a_list(city, worker, [*lone, third])
    calls = [
        a_call(city, worker, lone[0], needs=["housing"]), a_call(city, worker, lone[1], result=Result.WRONG_NUMBER)
    ]  # fmt: skip
    visits = record_calls(by=worker, call_list=kept, entries=calls)
    result = result_of(call_rows(kept))
    assert result.states == {"reached": 1, "seen": 0, "unreached": 1, "waiting": 1}
    assert dict(result.results) == {"见面": 1, "号码错误": 1}
    page = text_of(client_for(worker).get(f"{CALLS}{kept.pk}/result"))
    assert f'<a href="/visits/{visits[0].pk}/">林阿婆户</a>' in page
    assert f'<a href="/visits/{visits[1].pk}/">6月6日 号码错误</a>' in page
    assert "陈阿伯户" in page


def test_pages_of_a_list_cost_the_same_for_two_families_and_for_twenty(client_for: Any, city: Any, worker: Any) -> None:
    client = client_for(worker)

    def asked(many: int, start: int) -> list[int]:
        families = [an_elder(city, worker, f"林{start + n}", "alone_elder", phone="13800001234") for n in range(many)]
        kept = a_list(city, worker, families)
        half = [a_call(city, worker, family, result=Result.NOBODY_HOME) for family in families[: many // 2]]
        record_calls(by=worker, call_list=kept, entries=half)
        found = []
        for address in (f"{CALLS}{kept.pk}/", f"{CALLS}{kept.pk}/result", f"{CALLS}new?pick=1&categories=alone_elder"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found.append(len(queries))
        return found

    assert asked(2, 0) == asked(20, 2)


# WHO, AND WHAT THE DATABASE REFUSES ------------------------------------------


def test_who_sees_lists_and_who_enters_calls(
    client_for: Any, city: Any, worker: Any, supervisor: Any, officer: Any, stranger: Any, lone: Any
) -> None:
    kept = a_list(city, worker, lone)
    supervising = client_for(supervisor)
    assert "寒潮问候" in text_of(supervising.get(CALLS))
    assert supervising.get(f"{CALLS}{kept.pk}/result").status_code == 200
    assert supervising.get(f"{CALLS}{kept.pk}/").status_code == 404
    assert client_for(officer).get(CALLS).status_code == 404
    foreign = client_for(stranger)
    assert "寒潮问候" not in text_of(foreign.get(CALLS))
    for page in ("", "result"):
        assert foreign.get(f"{CALLS}{kept.pk}/{page}").status_code == 404
    with pytest.raises(NotAllowed):
        record_calls(by=stranger, call_list=kept, entries=[a_call(city, worker, lone[0])])


def test_the_database_refuses_a_family_twice_on_a_list_and_a_list_without_a_name(
    city: Any, worker: Any, lone: Any
) -> None:
    kept = a_list(city, worker, lone)
    again = CallListItem(station=kept.station, call_list=kept, household=lone[0].household, position=9)
    with pytest.raises(IntegrityError, match=r"call_list_family_once|UNIQUE"), transaction.atomic():
        again.save()
    kept.name = ""
    with pytest.raises(IntegrityError, match="call_list_has_name"), transaction.atomic():
        kept.save()


def test_the_database_refuses_a_record_twice_under_a_call(city: Any, worker: Any, lone: Any) -> None:
    kept = a_list(city, worker, lone)
    record_calls(by=worker, call_list=kept, entries=[a_call(city, worker, lone[0])])
    made = CallMade.objects.get()
    with pytest.raises(IntegrityError, match=r"call_made_once|UNIQUE"), transaction.atomic():
        CallMade(station=made.station, item=made.item, record=made.record).save()
