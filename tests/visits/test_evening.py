"""A day's visits in the evening on one page: tapped, typed where they differ, each saved as a record of its own."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.core.findings import Door, Refused
from shuangbai.households.enums import Relation
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.visits.actions import record_visit, record_visits
from shuangbai.visits.enums import Followup, Mode, Need, Result
from shuangbai.visits.grid import MOST_ROWS
from shuangbai.visits.models import Visit
from tests.cast import TODAY, a_campaign, a_family, a_file, a_member, a_visit, a_visit_entry

EVENING = "/visits/evening"
DAY = date(2020, 6, 5)


def text_of(answer: Any) -> str:
    return answer.content.decode()


def alone(city: Any, by: Any, name: str, **more: Any) -> Any:
    """An elder who lives alone, with a file kept by `by`."""
    family = a_family(city.chengdong, by, members=[a_member(name, Relation.HEAD)], **more)
    a_file(family, by)
    return family


def of_two(city: Any, by: Any, name: str = "曾秀英", **more: Any) -> Any:
    family = a_family(city.chengdong, by, members=[a_member(name, Relation.HEAD), a_member("陈大文")], **more)
    a_file(family, by)
    return family


def sent(worker: Any, rows: list[tuple[Any, dict[str, Any]]], **more: Any) -> dict[str, Any]:
    """What a browser sends: the head, and for each family what was tapped and typed."""
    told: dict[str, Any] = {
        "occurred_on": DAY.isoformat(), "mode": "home", "purpose": "ordinary", "workers": [str(worker.staff_id)],
        "rows": [str(family.household.pk) for family, _ in rows],
    }  # fmt: skip
    for family, said in rows:
        row = {"client_id": str(uuid.uuid4()), "result": "", "narrative": "", "mode": "", "followup": "", "next_on": ""}
        told |= {f"row-{family.household.pk.hex}-{name}": value for name, value in (row | said).items()}
    return told | more


def shown(page: str) -> list[str]:
    """The headings of the rows, in their order."""
    return re.findall(r'<div class="grid-who"><h3>(.*?)</h3>', page)


# WHAT IS OFFERED -------------------------------------------------------------


def test_ones_own_families_are_offered_and_nobody_elses(
    client_for: Any, city: Any, worker: Any, colleague: Any
) -> None:
    alone(city, worker, "林阿婆")
    alone(city, colleague, "黄阿公")
    assert shown(text_of(client_for(worker).get(EVENING))) == ["林阿婆户"]


def test_the_villages_of_the_day_narrow_what_is_offered(client_for: Any, city: Any, worker: Any) -> None:
    alone(city, worker, "林阿婆", village=city.chishan)
    alone(city, worker, "赖阿公", village=city.beiping)
    page = text_of(client_for(worker).get(f"{EVENING}?village={city.beiping.pk}"))
    assert shown(page) == ["赖阿公户"]


def test_an_address_may_name_the_families_of_a_round(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    alone(city, worker, "林阿婆")
    other = alone(city, colleague, "黄阿公")
    page = text_of(client_for(worker).get(f"{EVENING}?family={other.household.pk}&occurred_on=2020-06-01"))
    assert shown(page) == ["黄阿公户"]
    assert 'value="2020-06-01"' in page


def test_more_families_than_a_page_holds_are_said(client_for: Any, city: Any, worker: Any) -> None:
    for number in range(MOST_ROWS + 2):
        alone(city, worker, f"林{number}")
    page = text_of(client_for(worker).get(EVENING))
    assert len(shown(page)) == MOST_ROWS
    assert "还有 2 户没列出" in page


def test_a_visit_of_the_day_that_is_there_already_is_shown(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    visit = a_visit(city.chengdong, worker, family, on=DAY)
    page = text_of(client_for(worker).get(f"{EVENING}?occurred_on={DAY}"))
    assert f'<a href="/visits/{visit.pk}/">入户，见面</a>' in page


def test_the_dead_are_not_offered_as_met(client_for: Any, city: Any, worker: Any) -> None:
    family = of_two(city, worker)
    family.people[1].died_on = date(2020, 1, 1)
    family.people[1].save()
    page = text_of(client_for(worker).get(EVENING))
    assert "陈大文" not in page
    assert "见到：曾秀英 户主" in page


def test_the_page_costs_the_same_for_two_families_and_for_twenty(client_for: Any, city: Any, worker: Any) -> None:
    client = client_for(worker)
    for number in range(2):
        of_two(city, worker, f"林{number}")
    client.get(EVENING)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(EVENING)
    for number in range(18):
        family = of_two(city, worker, f"陈{number}")
        a_visit(city.chengdong, worker, family, on=TODAY)
    with CaptureQueriesContext(connection) as many:
        assert len(shown(text_of(client.get(EVENING)))) == 20
    assert len(many) == len(few)


# SAVING ----------------------------------------------------------------------


def test_only_families_with_a_result_are_saved(client_for: Any, city: Any, worker: Any) -> None:
    visited, not_visited = alone(city, worker, "林阿婆"), alone(city, worker, "赖阿公")
    answer = client_for(worker).post(EVENING, sent(worker, [(visited, {"result": "met"}), (not_visited, {})]))
    assert answer.status_code == 302
    assert answer["Location"] == f"/records/?first=2020-06-05&last=2020-06-05&worker={worker.staff_id}"
    visit = Visit.objects.select_related("record").get()
    assert visit.record.household_id == visited.household.pk
    assert (visit.mode, visit.result, visit.purpose, visit.followup) == ("home", "met", "ordinary", "none")
    assert [row.staff_id for row in visit.record.workers.all()] == [worker.staff_id]


def test_who_lives_alone_is_met_without_a_tap_of_their_own(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    client_for(worker).post(EVENING, sent(worker, [(family, {"result": "met"})]))
    assert [row.person_id for row in Contact.objects.filter(kind="person")] == [family.people[0].pk]


def test_each_row_is_a_whole_record_with_what_differs(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    one, two = of_two(city, worker), alone(city, worker, "林阿婆")
    campaign = a_campaign(city.chengdong, first=date(2020, 6, 1), last=date(2020, 6, 30))
    rows = [
        (one, {"result": "met", "met": [str(one.people[0].pk)], "narrative": "屋顶漏雨", "needs": ["housing"],
               "followup": "next_visit", "next_on": "2020-06-20"}),
        (two, {"result": "nobody_home", "mode": "chance"}),
    ]  # fmt: skip
    both = [str(worker.staff_id), str(colleague.staff_id)]
    client_for(worker).post(EVENING, sent(worker, rows, workers=both, campaign=str(campaign.pk)))
    first, second = (Visit.objects.get(record__household=family.household) for family in (one, two))
    assert (first.narrative, first.needs, first.followup) == ("屋顶漏雨", [Need.HOUSING], Followup.NEXT_VISIT)
    assert (first.next_on, first.mode) == (date(2020, 6, 20), Mode.HOME)
    assert (second.result, second.mode) == (Result.NOBODY_HOME, Mode.CHANCE)
    assert ServiceRecord.objects.filter(campaign=campaign).count() == 2
    assert first.record.workers.count() == second.record.workers.count() == 2


def test_one_page_saves_the_same_as_visits_entered_one_by_one(city: Any, worker: Any) -> None:
    families = [of_two(city, worker, name) for name in ("林甲", "林乙", "林丙", "林丁")]
    results = [Result.MET, Result.NOBODY_HOME]

    def entry(index: int, row: str = "") -> Any:
        return a_visit_entry(city.chengdong, worker, families[index], on=DAY, result=results[index % 2], row=row)

    single = [record_visit(by=worker, entry=entry(index), acknowledged=True) for index in (0, 1)]
    bulk = record_visits(by=worker, entries=[entry(2, "row-c"), entry(3, "row-d")], door=Door.PAGE)

    def told(visit: Visit) -> Any:
        record = visit.record
        contacts = sorted(record.contacts.values_list("kind", "household__head_name", "heads"))
        return (visit.mode, visit.result, visit.narrative, record.reached, record.village_id, record.version,
                [(kind, heads) for kind, _name, heads in contacts], record.history.count())  # fmt: skip

    assert [told(visit) for visit in single] == [told(visit) for visit in bulk]


def test_sending_the_page_twice_changes_nothing(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    page = sent(worker, [(family, {"result": "met"})])
    client = client_for(worker)
    client.post(EVENING, page)
    assert client.post(EVENING, page).status_code == 302
    assert Visit.objects.count() == 1


def test_what_is_changed_after_saving_is_said_not_to_be_in_the_record(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    page = sent(worker, [(family, {"result": "met"})])
    client = client_for(worker)
    client.post(EVENING, page)
    page[f"row-{family.household.pk.hex}-narrative"] = "补一句"
    answer = client.post(EVENING, page, follow=True)
    assert "林阿婆户刚才已经保存过，这次改的没有存进去" in text_of(answer)
    assert Visit.objects.get().narrative == ""


def test_a_day_long_past_may_be_entered_and_is_marked_as_entered_later(client_for: Any, city: Any, worker: Any) -> None:
    family, on = alone(city, worker, "林阿婆"), TODAY - timedelta(days=21)
    client = client_for(worker)
    assert "补录" in text_of(client.get(f"{EVENING}?occurred_on={on}"))
    client.post(EVENING, sent(worker, [(family, {"result": "met"})], occurred_on=on.isoformat()))
    assert "补录" in text_of(client.get(f"/visits/{Visit.objects.get().pk}/"))
    assert "补录" not in text_of(client.get(f"{EVENING}?occurred_on={DAY}"))


# WHAT IS REFUSED -------------------------------------------------------------


def test_a_row_that_a_rule_refuses_is_named_and_nothing_is_saved_or_lost(
    client_for: Any, city: Any, worker: Any
) -> None:
    good, bad = alone(city, worker, "林阿婆"), of_two(city, worker)
    rows = [(good, {"result": "met", "narrative": "一切都好"}), (bad, {"result": "met", "narrative": "孩子回来了"})]
    answer = client_for(worker).post(EVENING, sent(worker, rows))
    page = text_of(answer)
    assert answer.status_code == 422
    assert not Visit.objects.exists()
    assert "整页都还没有保存：有 1 户要改" in page
    assert f'<a href="#row-{bad.household.pk.hex}">曾秀英户：结果是「见面」，请勾选见到了家里哪几位</a>' in page
    assert 'value="一切都好"' in page
    assert 'value="孩子回来了"' in page


def test_every_refused_row_is_named_at_once(client_for: Any, city: Any, worker: Any) -> None:
    rows = [(of_two(city, worker, name), {"result": "met"}) for name in ("林甲", "林乙", "林丙")]
    page = text_of(client_for(worker).post(EVENING, sent(worker, rows)))
    assert "有 3 户要改" in page
    assert page.count("户：结果是「见面」") == 3


def test_what_is_wrong_with_all_is_said_once(client_for: Any, city: Any, worker: Any) -> None:
    rows = [(alone(city, worker, name), {"result": "met"}) for name in ("林甲", "林乙", "林丙")]
    answer = client_for(worker).post(EVENING, sent(worker, rows, occurred_on="2020-06-07"))
    summary = text_of(answer).split("error-summary")[1].split("</div>")[0]
    assert answer.status_code == 422
    assert summary.count("在今天之后") == 1


def test_words_without_a_result_come_back(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    answer = client_for(worker).post(EVENING, sent(worker, [(family, {"narrative": "摔了一跤"})]))
    assert answer.status_code == 422
    assert "这户填了内容，还没点结果" in text_of(answer)
    assert 'value="摔了一跤"' in text_of(answer)


def test_a_page_without_any_result_is_told_so(client_for: Any, city: Any, worker: Any) -> None:
    answer = client_for(worker).post(EVENING, sent(worker, [(alone(city, worker, "林阿婆"), {})]))
    assert answer.status_code == 422
    assert "还没有点任何一户的结果" in text_of(answer)


def test_a_second_visit_of_the_day_is_saved_once_it_is_acknowledged(client_for: Any, city: Any, worker: Any) -> None:
    family = alone(city, worker, "林阿婆")
    a_visit(city.chengdong, worker, family, on=DAY)
    page, client = sent(worker, [(family, {"result": "met"})]), client_for(worker)
    answer = client.post(EVENING, page)
    assert answer.status_code == 422
    assert "这户当天已有一条同方式的走访记录" in text_of(answer)
    assert 'name="acknowledged"' in text_of(answer)
    assert client.post(EVENING, page | {"acknowledged": "on"}).status_code == 302
    assert Visit.objects.count() == 2


def test_all_findings_of_a_batch_are_told_with_their_rows(city: Any, worker: Any) -> None:
    entries = [
        a_visit_entry(city.chengdong, worker, of_two(city, worker, name), met=[], row=row)
        for name, row in (("林甲", "row-a"), ("林乙", "row-b"))
    ]
    with pytest.raises(Refused) as refused:
        record_visits(by=worker, entries=entries, door=Door.PAGE)
    assert [finding.field for finding in refused.value.findings] == ["row-a-met", "row-b-met"]


# ANOTHER DAY, A FAMILY MORE --------------------------------------------------


def test_another_day_keeps_what_was_typed(client_for: Any, city: Any, worker: Any) -> None:
    one, two = alone(city, worker, "林阿婆", village=city.chishan), alone(city, worker, "赖阿公", village=city.beiping)
    page = sent(worker, [(one, {"result": "met", "narrative": "一切都好"}), (two, {})], again="1")
    page |= {"occurred_on": "2020-06-04", "village": [str(city.beiping.pk)]}
    answer = client_for(worker).post(EVENING, page)
    assert answer.status_code == 200
    assert shown(text_of(answer)) == ["林阿婆户", "赖阿公户"]
    assert 'value="一切都好"' in text_of(answer)
    assert "error-summary" not in text_of(answer)
    assert not Visit.objects.exists()


def test_a_family_of_a_colleagues_is_added_by_search(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    other = alone(city, colleague, "黄阿公")
    answer = client_for(worker).get(f"{EVENING}/row?family={other.household.pk}&occurred_on={DAY}")
    assert shown(text_of(answer)) == ["黄阿公户"]
    again = client_for(worker).get(f"{EVENING}/row?family={other.household.pk}&rows={other.household.pk}")
    assert "这户已经在上面了" in text_of(again)
    assert shown(text_of(again)) == []
    assert client_for(worker).get(f"{EVENING}/row?family=").status_code == 204


def test_a_family_is_added_without_a_script(client_for: Any, city: Any, worker: Any, colleague: Any) -> None:
    mine = alone(city, worker, "林阿婆")
    alone(city, colleague, "黄阿公")
    page = sent(worker, [(mine, {"result": "met"})], add="1", find="黄阿公")
    answer = client_for(worker).post(EVENING, page)
    assert shown(text_of(answer)) == ["林阿婆户", "黄阿公户"]
    unknown = client_for(worker).post(EVENING, page | {"find": "没有这人"})
    assert "没有找到这户" in text_of(unknown)
    assert shown(text_of(unknown)) == ["林阿婆户"]


# WHO -------------------------------------------------------------------------


def test_those_who_write_no_records_do_not_find_the_page(client_for: Any, supervisor: Any, officer: Any) -> None:
    for user in (supervisor, officer):
        assert client_for(user).get(EVENING).status_code == 404
        assert client_for(user).post(EVENING, {}).status_code == 404


def test_another_stations_family_is_not_there(client_for: Any, city: Any, worker: Any, stranger: Any) -> None:
    family = alone(city, worker, "林阿婆")
    client = client_for(stranger)
    assert client.get(f"{EVENING}?family={family.household.pk}").status_code == 404
    assert client.get(f"{EVENING}/row?family={family.household.pk}").status_code == 404
    answer = client.post(EVENING, sent(stranger, [(family, {"result": "met"})]))
    assert answer.status_code == 422
    assert not Visit.objects.exists()
