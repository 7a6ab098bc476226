"""The pages of changing lives: guided, told first, and for nobody else."""

from datetime import date

import pytest

from shuangbai.households.enums import Relation
from shuangbai.households.models import Tag
from shuangbai.households.queries import members_on
from shuangbai.lives.models import LifeChange
from tests.cast import TODAY, a_family, a_file, a_member, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def family(city, worker):
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", tags=["disabled"]), a_member("陈大文", Relation.SON, sex="1"),
        a_member("李小梅", Relation.DAUGHTER_IN_LAW, sex="2"),
    ]  # fmt: skip
    made = a_family(city.chengdong, worker, members=members, tags=["dibao_rural"])
    a_file(made, worker)
    return made


def at(family, kind="", query=""):
    return f"/families/{family.household.pk}/changes/{kind}{query}"


def confirmed(client, address, data):
    """Send, read what would happen, and confirm it."""
    told = client.post(address, data)
    page = told.content.decode()
    assert told.status_code == 200, page
    assert "确认以后会这样" in page
    assert not LifeChange.objects.exists()
    answer = client.post(address, {**data, "confirmed": told.context["form"]["confirmed"].value()})
    assert answer.status_code == 302, answer.content.decode()
    return client.get(answer.url).content.decode()


def a_split(city, family):
    _, son, wife = family.people
    tag = Tag.objects.get(household=family.household)
    return {
        f"relation-{son.pk}": "02", f"relation-{wife.pk}": "12", "on": "2020-06-01", "village": city.beiping.pk,
        f"tag-{tag.pk}": "stays", "opens_file": "yes",
    }  # fmt: skip


class TestTheMenu:
    def test_the_family_page_leads_to_it_and_it_lists_the_eight(self, worker, family, client_for):
        client = client_for(worker)
        assert at(family) in client.get(f"/families/{family.household.pk}/").content.decode()
        page = client.get(at(family)).content.decode()
        for word in ("搬家", "分户", "并户", "去世", "离开本地", "孩子两家住", "老人轮住", "转到别的站"):
            assert word in page

    def test_it_is_not_there_for_whoever_may_not_edit(self, city, supervisor, stranger, officer, family, client_for):
        for user in (supervisor, stranger, officer):
            assert client_for(user).get(at(family)).status_code == 404
            assert client_for(user).get(at(family, "split")).status_code == 404

    def test_nothing_else_is_a_change(self, worker, family, client_for):
        assert client_for(worker).get(at(family, "nothing")).status_code == 404


class TestAGuidedChange:
    def test_splitting_is_told_first_done_and_taken_back(self, city, worker, family, client_for):
        client = client_for(worker)
        page = confirmed(client, at(family, "split"), a_split(city, family))
        assert "陈大文（户主）、李小梅（妻）" in page
        change = LifeChange.objects.get()
        assert [row.person.name for row in members_on(change.other_id, TODAY)] == ["陈大文", "李小梅"]
        assert "分户" in client.get(at(family)).content.decode()
        undo = client.post(f"/families/changes/{change.pk}/undo", {"reason": "选错了人"})
        assert undo.status_code == 302
        assert "已撤销" in client.get(undo.url).content.decode()

    def test_what_is_changed_after_the_preview_is_told_again(self, city, worker, family, client_for):
        client, data = client_for(worker), a_split(city, family)
        told = client.post(at(family, "split"), data)
        token = told.context["form"]["confirmed"].value()
        again_told = client.post(at(family, "split"), {**data, "on": "2020-06-02", "confirmed": token})
        assert again_told.status_code == 200
        assert not LifeChange.objects.exists()

    def test_what_is_missing_is_said_beside_its_field(self, city, worker, family, client_for):
        data = a_split(city, family)
        del data["opens_file"]
        answer = client_for(worker).post(at(family, "split"), data)
        assert answer.status_code == 422
        assert "请选择新户是否建档" in answer.content.decode()

    def test_moving_leaving_and_dying(self, city, worker, family, client_for):
        client = client_for(worker)
        page = confirmed(
            client, at(family, "move"), {"on": "2020-06-01", "village": city.beiping.pk, "group": "三组", "address": ""}
        )
        assert "北平村" in page
        LifeChange.objects.all().delete()
        son, elder = family.people[1], family.people[0]
        page = confirmed(client, at(family, "leave"), {"people": [str(son.pk)], "on": "2020-06-02", "note": "去深圳"})
        assert "陈大文从2020-06-02起离开本地" in page
        LifeChange.objects.all().delete()
        tag = Tag.objects.get(person=elder.pk)
        page = confirmed(
            client, at(family, "death"),
            {"person": str(elder.pk), "died_on": "2020-06-05", "new_head": str(family.people[2].pk),
             "ends": [str(tag.pk)], "closes_file": "on"},
        )  # fmt: skip
        assert "李小梅成为户主" in page

    def test_merging_asks_for_the_other_family_first(self, city, worker, family, client_for):
        other = a_family(city.chengdong, worker, members=[a_member("陈二妹", Relation.HEAD, sex="2")])
        client = client_for(worker)
        assert "先找要并到这户来的那一户" in client.get(at(family, "merge")).content.decode()
        found = client.get(at(family, "merge", "?q=二妹")).content.decode()
        assert f"?with={other.household.pk}" in found
        page = confirmed(
            client, at(family, "merge", f"?with={other.household.pk}"),
            {f"relation-{other.people[0].pk}": "30", "on": "2020-06-01"},
        )  # fmt: skip
        assert "陈二妹（女）" in page

    def test_a_family_of_another_station_is_not_there_to_be_merged(self, city, worker, stranger, family, client_for):
        theirs = a_family(city.dongzhou, stranger)
        client = client_for(worker)
        assert client.get(at(family, "merge", f"?with={theirs.household.pk}")).status_code == 404
        assert client.get(at(family, "merge", "?with=x")).status_code == 404

    def test_two_homes_and_turns(self, city, worker, family, client_for):
        other = a_family(city.chengdong, worker, members=[a_member("陈二妹", Relation.HEAD, sex="2")])
        client, query = client_for(worker), f"?with={other.household.pk}"
        page = confirmed(
            client, at(family, "second-home", query),
            {"person": str(family.people[1].pk), "relation": "73", "on": "2020-06-01"},
        )  # fmt: skip
        assert "主要家庭仍是" in page
        LifeChange.objects.all().delete()
        here, there = family.household.pk, other.household.pk
        page = confirmed(
            client, at(family, "rotation", query),
            {"person": str(family.people[0].pk), f"relation-{here}": "51", f"relation-{there}": "52",
             "turns-0-home": here, "turns-0-starts_on": "2020-04-01", "turns-0-ends_on": "2020-05-31",
             "turns-1-home": there, "turns-1-starts_on": "2020-06-01", "new_head": str(family.people[2].pk)},
        )  # fmt: skip
        assert "共 2 段" in page
        assert "再加一家" in client.get(at(family, "rotation", query)).content.decode()

    def test_to_another_station_and_back(self, city, worker, stranger, family, client_for):
        client = client_for(worker)
        assert "?to=SW-CQ-01" in client.get(at(family, "station")).content.decode()
        page = confirmed(
            client, at(family, "station", "?to=SW-CQ-01"),
            {"village": city.base_village(city.dongzhou).pk, "on": "2020-06-01", "history": "yes", "note": "户主同意"},
        )  # fmt: skip
        assert "这户现在由别的站服务" in page
        assert client.get(f"/families/{family.household.pk}/").status_code == 404
        change = LifeChange.objects.get()
        assert client_for(again(stranger)).get(f"/families/changes/{change.pk}").status_code == 404
        client.post(f"/families/changes/{change.pk}/undo", {"reason": "没有搬成"})
        assert client.get(f"/families/{family.household.pk}/").status_code == 200


def test_without_its_history_the_family_page_tells_nothing_of_before(city, worker, stranger, family, client_for):
    from shuangbai.households.actions import close_tag
    from shuangbai.households.enums import TagEnd

    close_tag(by=worker, tag=Tag.objects.get(household=family.household), ends_on=date(2020, 2, 1), reason=TagEnd.LEFT)
    confirmed(
        client_for(worker), at(family, "station", "?to=SW-CQ-01"),
        {"village": city.base_village(city.dongzhou).pk, "on": "2020-06-01", "history": "no"},
    )  # fmt: skip
    page = client_for(again(stranger)).get(f"/families/{family.household.pk}/").content.decode()
    assert "曾秀英" in page
    assert "农村低保" not in page
    assert "HF01-" not in page


def test_the_pages_cost_the_same_however_many_there_are(
    city, worker, family, client_for, django_assert_max_num_queries
):
    client = client_for(worker)
    for index in range(6):
        a_family(city.chengdong, worker, members=[a_member(f"陈二{index}", Relation.HEAD)])
    with django_assert_max_num_queries(14):
        client.get(at(family, "merge", "?q=陈二"))
    with django_assert_max_num_queries(10):
        client.get(at(family))
