"""Pages of visits: writing one down in few taps, bad input, two people at once, who sees what."""

from __future__ import annotations

import re
import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.households.enums import Relation
from shuangbai.households.models import Membership
from shuangbai.services.actions import void_records
from shuangbai.visits.enums import Followup, Result
from shuangbai.visits.models import Visit
from tests.cast import a_campaign, a_family, a_file, a_member, a_visit

NEW = "/visits/new"


def typed(worker: Any, people: list[Any], **more: Any) -> dict[str, Any]:
    """What a browser sends for an ordinary visit."""
    sent = {
        "occurred_on": "2020-06-05", "mode": "home", "result": "met", "workers": [str(worker.staff_id)],
        "met": [str(person.pk) for person in people], "followup": "none", "purpose": "ordinary",
        "client_id": str(uuid.uuid4()), "narrative": "老人血压偏高，提醒按时服药。",
    }  # fmt: skip
    return sent | more


@pytest.fixture
def family(city: Any, worker: Any) -> Any:
    return a_family(city.chengdong, worker)


@pytest.fixture
def address(family: Any) -> str:
    return f"{NEW}?family={family.household.pk}"


def text_of(answer: Any) -> str:
    return answer.content.decode()


def checked(page: str, name: str) -> list[str]:
    """The values that stand checked under one name."""
    boxes = re.findall(rf'<input type="(?:radio|checkbox)" name="{name}" value="([^"]*)"([^>]*)>', page)
    return [value for value, rest in boxes if "checked" in rest]


def test_without_a_family_one_is_looked_for(client_for: Any, worker: Any) -> None:
    page = text_of(client_for(worker).get(NEW))
    assert "data-combobox" in page
    assert 'data-next="/visits/new?family={id}"' in page


def test_what_is_known_is_filled_in(client_for: Any, worker: Any, colleague: Any, family: Any, address: str) -> None:
    a_file(family, worker)
    page = text_of(client_for(worker).get(address))
    assert "曾秀英户" in page
    assert 'value="2020-06-06"' in page
    assert checked(page, "mode") == ["home"]
    assert checked(page, "result") == ["met"]
    assert checked(page, "followup") == ["none"]
    assert checked(page, "workers") == [str(worker.staff_id)]
    assert str(colleague.staff_id) in page
    assert checked(page, "met") == []


def test_the_only_member_is_met_already(client_for: Any, city: Any, worker: Any) -> None:
    alone = a_family(city.chengdong, worker, members=[a_member("林木兰", Relation.HEAD)])
    page = text_of(client_for(worker).get(f"{NEW}?family={alone.household.pk}"))
    assert checked(page, "met") == [str(alone.people[0].pk)]


def test_saving_leads_to_the_record_and_to_the_next_family(
    client_for: Any, worker: Any, family: Any, address: str
) -> None:
    answer = client_for(worker).post(address, typed(worker, family.people[:1], topics=["health"]), follow=True)
    visit = Visit.objects.get()
    assert answer.redirect_chain == [(f"/visits/{visit.pk}/", 302)]
    assert "再记一户" in text_of(answer)
    assert visit.topics == ["health"]
    assert visit.record.reached


def test_sending_twice_saves_once(client_for: Any, worker: Any, family: Any, address: str) -> None:
    client, sent = client_for(worker), typed(worker, family.people)
    first, second = client.post(address, sent), client.post(address, sent)
    assert first.url == second.url
    assert Visit.objects.count() == 1


def test_looking_writes_nothing(client_for: Any, worker: Any, family: Any, address: str) -> None:
    client = client_for(worker)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert not [query for query in queries if not query["sql"].startswith("SELECT")]


BAD = [
    ({"occurred_on": "2020-06-07"}, "occurred_on", "在今天之后"),
    ({"occurred_on": "2017-06-30"}, "occurred_on", "早于本站开站日期"),
    ({"occurred_on": "6月5日"}, "occurred_on", "这不是一个日期"),
    ({"occurred_on": ""}, "occurred_on", "请填写日期"),
    ({"met": []}, "met", "请勾选见到了家里哪几位"),
    ({"result": "refused"}, "met", "就不能勾选见到的人"),
    ({"workers": []}, "workers", "请选择走访社工"),
    ({"followup": "next_visit"}, "next_on", "请填下次日期"),
    ({"followup": "next_visit", "next_on": "2020-06-01"}, "next_on", "应在本次走访日期之后"),
    ({"started_at": "10:00", "ended_at": "09:00"}, "ended_at", "早于开始时间"),
]


@pytest.mark.parametrize(("bad", "field", "sentence"), BAD)
def test_bad_input_gets_a_sentence_and_stays(
    client_for: Any, worker: Any, family: Any, address: str, bad: dict[str, Any], field: str, sentence: str
) -> None:
    answer = client_for(worker).post(address, typed(worker, family.people, narrative="说到一半的话", **bad))
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert sentence in text_of(answer)
    assert "说到一半的话" in text_of(answer)
    assert not Visit.objects.exists()


def test_somebody_not_of_the_family_on_the_day_is_named_and_stays(
    client_for: Any, worker: Any, family: Any, address: str
) -> None:
    son = family.people[1]
    Membership.objects.filter(person=son).update(ends_on=date(2020, 1, 31))
    answer = client_for(worker).post(address, typed(worker, [son]))
    page = text_of(answer)
    assert "不是这户的成员" in page
    assert f"{son.name}（当天不在这户）" in page
    assert checked(page, "met") == [str(son.pk)]


def test_a_second_visit_on_one_day_asks_before_it_saves(
    client_for: Any, city: Any, worker: Any, family: Any, address: str
) -> None:
    a_visit(city.chengdong, worker, family, on=date(2020, 6, 5))
    client, sent = client_for(worker), typed(worker, family.people)
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "当天已有一条同方式的走访记录" in text_of(answer)
    assert 'name="acknowledged"' in text_of(answer)
    assert client.post(address, sent | {"acknowledged": "on"}).status_code == 302
    assert Visit.objects.count() == 2


def test_another_day_brings_the_same_part_as_a_reload(
    client_for: Any, city: Any, worker: Any, family: Any, address: str
) -> None:
    a_campaign(city.root)
    client = client_for(worker)
    asked = f"{address}&occurred_on=2020-05-12&result=met&mode=phone&met={family.people[1].pk}"
    part = text_of(client.get(asked, headers={"HX-Request": "true"})).strip()
    assert "<html" not in part
    assert "民政宣传周" in part
    assert checked(part, "mode") == ["phone"]
    assert checked(part, "met") == [str(family.people[1].pk)]
    assert part in text_of(client.get(asked))


def test_the_page_of_a_visit(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    visit = a_visit(
        city.chengdong, worker, family, on=date(2020, 5, 1), topics=["health", "policy"],
        followup=Followup.NEXT_VISIT, next_on=date(2020, 7, 1),
    )  # fmt: skip
    page = text_of(client_for(worker).get(f"/visits/{visit.pk}/"))
    for said in ("曾秀英", "陈大文", "入户", "见面", "健康、政策", "下次探访", "2020-07-01", "提醒按时服药", "补录"):
        assert said in page


def test_an_unmet_visit_says_that_it_is_no_service(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family, result=Result.NOBODY_HOME)
    page = text_of(client_for(worker).get(f"/visits/{visit.pk}/"))
    assert "无人在家" in page
    assert "不算服务到人" in page


def test_the_officer_sees_family_names_only(client_for: Any, city: Any, worker: Any, officer: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family, narrative="曾秀英说儿子陈大文下月回来")
    page = text_of(client_for(officer).get(f"/visits/{visit.pk}/"))
    assert "曾秀英" not in page
    assert "陈大文" not in page
    assert "曾**说儿子陈**下月回来" in page
    assert "更正" not in page


@pytest.mark.parametrize("page", ["", "correct"])
def test_another_stations_visit_is_not_there(
    client_for: Any, city: Any, worker: Any, stranger: Any, family: Any, page: str
) -> None:
    visit = a_visit(city.chengdong, worker, family)
    assert client_for(stranger).get(f"/visits/{visit.pk}/{page}").status_code == 404
    assert client_for(stranger).post(f"/visits/{visit.pk}/correct", {}).status_code == 404


def test_another_stations_family_cannot_be_visited(
    client_for: Any, worker: Any, stranger: Any, family: Any, address: str
) -> None:
    client = client_for(stranger)
    assert client.get(address).status_code == 404
    assert client.post(address, typed(stranger, family.people)).status_code == 404
    assert client.get(f"{NEW}?family=nonsense").status_code == 404
    assert not Visit.objects.exists()


def test_who_only_reads_writes_nothing(client_for: Any, city: Any, worker: Any, supervisor: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family)
    client = client_for(supervisor)
    assert client.get(f"/visits/{visit.pk}/").status_code == 200
    assert client.get(f"/visits/{visit.pk}/correct").status_code == 404
    assert client.get(NEW).status_code == 404


def test_a_correction_keeps_what_was(client_for: Any, city: Any, worker: Any, head: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family, narrative="原来的话")
    client, address = client_for(head), f"/visits/{visit.pk}/correct"
    page = text_of(client.get(address))
    assert "原来的话" in page
    assert sorted(checked(page, "met")) == sorted(str(person.pk) for person in family.people)
    sent = typed(
        worker, family.people[:1], occurred_on="2020-05-02", narrative="后来的话", version="1", reason="日期填错"
    )
    page = text_of(client.post(address, sent, follow=True))
    for said in ("更正历史", "陈丽娟", "日期填错", "2020-05-01", "2020-05-02", "原来的话", "后来的话", "2020-06-06"):
        assert said in page


def test_a_correction_needs_a_reason(client_for: Any, city: Any, worker: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family)
    sent = typed(worker, family.people, version="1", reason=" ")
    answer = client_for(worker).post(f"/visits/{visit.pk}/correct", sent)
    assert answer.status_code == 422
    assert "请写明更正理由" in text_of(answer)


def test_the_second_to_save_sees_both_versions(client_for: Any, city: Any, worker: Any, head: Any, family: Any) -> None:
    visit = a_visit(city.chengdong, worker, family)
    address = f"/visits/{visit.pk}/correct"
    hers = typed(head, family.people, narrative="站长写的", version="1", reason="核对", workers=[str(worker.staff_id)])
    mine = typed(worker, family.people, narrative="社工写的", version="1", reason="补充")
    assert client_for(head).post(address, hers).status_code == 302
    answer = client_for(worker).post(address, mine)
    page = text_of(answer)
    assert answer.status_code == 409
    for said in ("站长写的", "社工写的", "陈丽娟", "已保存的版本", "您刚才填的"):
        assert said in page
    assert 'name="version" value="2"' in page
    assert Visit.objects.get().narrative == "站长写的"
    assert client_for(worker).post(address, mine | {"version": "2"}).status_code == 302
    assert Visit.objects.get().narrative == "社工写的"


def test_a_voided_visit_is_shown_as_void_and_not_corrected(
    client_for: Any, city: Any, worker: Any, family: Any
) -> None:
    visit = a_visit(city.chengdong, worker, family)
    void_records(by=worker, records=[visit.record], reason="重复录入")
    client = client_for(worker)
    page = text_of(client.get(f"/visits/{visit.pk}/"))
    assert "这条记录已作废" in page
    assert "重复录入" in page
    assert client.get(f"/visits/{visit.pk}/correct").status_code == 404


def test_a_large_family_costs_no_more_queries(client_for: Any, city: Any, worker: Any) -> None:
    def asked(members: int) -> int:
        people = [a_member("林木兰", Relation.HEAD), *[a_member(f"林小{n}") for n in "一二三四五六七八"[: members - 1]]]
        family = a_family(city.chengdong, worker, members=people)
        visit = a_visit(city.chengdong, worker, family)
        client = client_for(worker)
        client.get(NEW)  # what the process remembers is asked once
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{NEW}?family={family.household.pk}")
            client.get(f"/visits/{visit.pk}/")
        return len(queries)

    assert asked(2) == asked(9)


def test_an_ordinary_visit_takes_at_most_eight_taps(
    city: Any, worker: Any, phone: Any, live_server: Any, client_for: Any
) -> None:
    """Two letters, the family, one member, two topics, the words, save: counted in a real browser."""
    a_family(city.chengdong, worker)
    cookie = client_for(worker).cookies["sessionid"].value
    phone.context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        phone.locator(selector).first.tap()
        taps += 1

    phone.goto(f"{live_server.url}{NEW}")
    phone.keyboard.type("zx")
    tap(".combobox-option")
    phone.wait_for_url("**/visits/new?family=*")
    tap("label.chip:has(input[name=met])")
    tap("label.chip:has(input[value=health])")
    tap("label.chip:has(input[value=policy])")
    phone.locator("#id_narrative").fill("血压正常，药按时吃。")
    tap(".savebar .button")
    phone.wait_for_url("**/visits/*-*/")
    assert taps <= 8
    assert "再记一户" in phone.content()
