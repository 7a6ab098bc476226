"""Pages of activities: participants by name and by head, bad input, two people at once, who sees what."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shuangbai.activities.models import Activity, Series
from tests.cast import a_family, a_member, an_activity

NEW = "/activities/new"


def typed(worker: Any, **more: Any) -> dict[str, Any]:
    """What a browser sends for an ordinary activity."""
    sent = {
        "title": "相伴童行", "kind": "children", "occurred_on": "2020-06-01", "workers": [str(worker.staff_id)],
        "children": "20", "others": "3", "method": "signed", "series": "相伴童行", "place": "文化广场",
        "client_id": str(uuid.uuid4()), "summary": "做了风筝。",
    }  # fmt: skip
    return sent | more


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_an_activity_is_saved_with_names_and_heads(client_for: Any, city: Any, worker: Any) -> None:
    family = a_family(city.chengdong, worker)
    sent = typed(worker, people=[str(family.people[1].pk)], stated_total="24", volunteers="4", volunteer_hours="12")
    page = text_of(client_for(worker).post(NEW, sent, follow=True))
    for said in ("相伴童行", "文化广场", "陈大文", "儿童 20", "其他 3", "签到表", "24", "12", "做了风筝"):
        assert said in page
    assert Activity.objects.get().series == Series.objects.get()


def test_sending_twice_saves_once(client_for: Any, worker: Any) -> None:
    client, sent = client_for(worker), typed(worker)
    assert client.post(NEW, sent).url == client.post(NEW, sent).url
    assert Activity.objects.count() == 1


BAD = [
    ({"title": " "}, "title", "请填写活动名称"),
    ({"kind": ""}, "kind", "请选择一项"),
    ({"occurred_on": "2020-07-01"}, "occurred_on", "在今天之后"),
    ({"occurred_on": "2017-01-01"}, "occurred_on", "早于本站开站日期"),
    ({"stated_total": "30"}, "stated_total", "与分项不符"),
    ({"method": ""}, "method", "请选择计数方式"),
    ({"children": "", "others": ""}, "heads", "两者至少一项"),
    ({"children": "-1"}, "children", "不能小于 0"),
    ({"children": "二十"}, "children", "请填整数"),
    ({"volunteer_hours": "5"}, "volunteers", "请填志愿者人数"),
    ({"volunteers": "1", "volunteer_hours": "30"}, "volunteer_hours", "不会超过24小时"),
    ({"workers": []}, "workers", "请选择负责社工"),
]


@pytest.mark.parametrize(("bad", "field", "sentence"), BAD)
def test_bad_input_gets_a_sentence_and_stays(
    client_for: Any, worker: Any, bad: dict[str, Any], field: str, sentence: str
) -> None:
    answer = client_for(worker).post(NEW, typed(worker, summary="说到一半的话", **bad))
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert sentence in text_of(answer)
    assert "说到一半的话" in text_of(answer)
    assert not Activity.objects.exists()


def test_people_are_found_by_two_letters_within_the_station(
    client_for: Any, city: Any, worker: Any, stranger: Any, supervisor: Any
) -> None:
    a_family(city.chengdong, worker, members=[a_member("曾秀英"), a_member("林小军")])
    client = client_for(worker)
    for words in ("lx", "林小", "小军"):
        found = client.get("/activities/people", {"q": words}).json()["results"]
        assert [one["text"] for one in found] == ["林小军"] if words != "小军" else True
    assert client.get("/activities/people", {"q": ""}).json() == {"results": []}
    assert client_for(stranger).get("/activities/people", {"q": "lx"}).json() == {"results": []}
    assert client_for(supervisor).get("/activities/people", {"q": "lx"}).status_code == 404


def test_a_participant_of_another_station_is_refused(client_for: Any, city: Any, worker: Any, stranger: Any) -> None:
    theirs = a_family(city.dongzhou, stranger)
    answer = client_for(worker).post(NEW, typed(worker, people=[str(theirs.people[0].pk)]))
    assert answer.status_code == 422
    assert "不在本站家庭名册中" in text_of(answer)
    assert "曾秀英" not in text_of(answer)


def test_another_day_brings_the_same_part_as_a_reload(client_for: Any, worker: Any) -> None:
    client = client_for(worker)
    asked = f"{NEW}?occurred_on=2018-05-12"
    part = text_of(client.get(asked, headers={"HX-Request": "true"})).strip()
    assert "<html" not in part
    assert "2018年5月12日" in part
    assert "台东" not in part  # covered from 2019 on
    assert part in text_of(client.get(asked))


def test_the_second_to_save_sees_both_versions(client_for: Any, city: Any, worker: Any, head: Any) -> None:
    activity = an_activity(city.chengdong, worker)
    address = f"/activities/{activity.pk}/correct"
    page = text_of(client_for(worker).get(address))
    assert 'name="children" value="20"' in page
    hers = typed(worker, title="六一游园", version="1", reason="改名")
    mine = typed(worker, title="相伴童行（三）", version="1", reason="补期数")
    assert client_for(head).post(address, hers).status_code == 302
    answer = client_for(worker).post(address, mine)
    assert answer.status_code == 409
    for said in ("六一游园", "相伴童行（三）", "陈丽娟"):
        assert said in text_of(answer)
    answer = client_for(worker).post(address, mine | {"version": "2"}, follow=True)
    assert "改名" in text_of(answer)
    assert "补期数" in text_of(answer)
    assert Activity.objects.get().title == "相伴童行（三）"


def test_the_officer_sees_family_names_only(client_for: Any, city: Any, worker: Any, officer: Any) -> None:
    family = a_family(city.chengdong, worker)
    activity = an_activity(city.chengdong, worker, people=family.people, summary="陈大文得了第一")
    page = text_of(client_for(officer).get(f"/activities/{activity.pk}/"))
    assert "陈大文" not in page
    assert "陈**得了第一" in page


def test_another_stations_activity_is_not_there(client_for: Any, city: Any, worker: Any, stranger: Any) -> None:
    activity = an_activity(city.chengdong, worker)
    client = client_for(stranger)
    assert client.get(f"/activities/{activity.pk}/").status_code == 404
    assert client.get(f"/activities/{activity.pk}/correct").status_code == 404
    assert client.post(f"/activities/{activity.pk}/correct", typed(stranger)).status_code == 404


def test_many_participants_cost_no_more_queries(client_for: Any, city: Any, worker: Any) -> None:
    def asked(families: int, day: date) -> int:
        people = [person for _ in range(families) for person in a_family(city.chengdong, worker).people]
        activity = an_activity(city.chengdong, worker, people=people, on=day)
        client = client_for(worker)
        client.get(NEW)  # what the process remembers is asked once
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/activities/{activity.pk}/")
            client.get(f"/activities/{activity.pk}/correct")
        return len(queries)

    assert asked(1, date(2020, 6, 1)) == asked(4, date(2020, 6, 2))
