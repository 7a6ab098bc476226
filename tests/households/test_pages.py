"""Pages about families: finding, entering, changing, and what stays masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.core.models import AuditEvent
from shuangbai.households.enums import Relation
from shuangbai.households.models import Category, FamilyFile, Household, Membership, Person, Tag
from shuangbai.network.models import User
from tests.cast import City, a_family, a_file, a_member, again

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db
ID = "11010519491231002X"


def typed(city: City, **more: Any) -> dict[str, Any]:
    """What a browser sends for a family of one."""
    return {
        "village": city.chishan.pk, "since": "2017-07-01", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-name": "曾秀英", "members-0-relation": Relation.HEAD, **more,
    }  # fmt: skip


def says(client: Client, url: str, data: dict[str, Any] | None = None) -> str:
    return (client.get(url) if data is None else client.post(url, data)).content.decode()


# FINDING ---------------------------------------------------------------------


@pytest.mark.parametrize("words", ["曾秀", "秀英", "zxy", "ZX", "赤山", "1234", "HF01-2019"])
def test_a_family_is_found_by_what_one_knows_of_it(client_for: Asks, city: City, worker: User, words: str) -> None:
    family = a_family(city.chengdong, worker, phone="19900001234")
    a_file(family, worker)
    other = a_member("郑水木", Relation.HEAD)
    a_family(city.chengdong, worker, members=[other], village=city.beiping)
    page = says(client_for(worker), f"/families/?q={words}")
    assert "曾秀英户" in page
    assert "郑水木户" not in page


def test_filters_narrow_the_list(client_for: Asks, city: City, worker: User) -> None:
    kept = a_family(city.chengdong, worker, tags=["dibao_rural"])
    a_file(kept, worker)
    a_family(city.chengdong, worker, members=[a_member("郑水木", Relation.HEAD)], village=city.beiping)
    category = Tag.objects.get().category_id
    client = client_for(worker)
    for filters in (f"village={city.chishan.pk}", f"category={category}", "file=yes", f"worker={worker.staff_id}"):
        page = says(client, f"/families/?{filters}")
        assert "曾秀英户" in page
        assert "郑水木户" not in page
    assert "郑水木户" in says(client, "/families/?file=no&village=no-number")


def test_the_list_holds_the_families_of_ones_own_station(client_for: Asks, city: City, worker: User) -> None:
    a_family(city.chengdong, worker)
    assert "曾秀英户" not in says(client_for(city.users["stranger"]), "/families/")
    assert client_for(city.users["officer"]).get("/families/").status_code == 404


def test_the_list_asks_the_same_for_two_families_and_for_twelve(client_for: Asks, city: City, worker: User) -> None:
    counts = []
    for more in (2, 10):
        for _ in range(more):
            a_file(a_family(city.chengdong, worker, tags=["dibao_rural"]), worker)
        client = client_for(worker)
        client.get("/families/")  # what a process learns once is not the list's
        with CaptureQueriesContext(connection) as asked:
            client.get("/families/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_typing_two_letters_suggests_the_family(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker, tags=["dibao_rural"])
    found = client_for(worker).get("/families/suggest?q=zx").json()["results"]
    assert found == [{"id": str(family.household.pk), "text": "曾秀英户", "hint": "赤山村 · 2人 · 农村低保"}]
    assert client_for(city.users["stranger"]).get("/families/suggest?q=zx").json() == {"results": []}


# ENTERING --------------------------------------------------------------------


def test_a_family_is_entered_with_its_people_categories_and_file_on_one_page(
    client_for: Asks, city: City, worker: User
) -> None:
    data = typed(
        city, category=["dibao_rural"], starts_on="2018-01-01", open_file="on", opened_on="2020-06-06",
        worker=worker.staff_id, **{
            "members-TOTAL_FORMS": "2", "members-0-id_no": ID, "members-1-name": "曾小军", "members-1-relation": "40",
            "members-1-birth_date": "2010-02-03", "members-1-category": ["left_child"],
            "members-1-starts_on": "2019-01-01",
        },
    )  # fmt: skip
    answer = client_for(worker).post("/families/new", data)
    household = Household.objects.get()
    assert answer["Location"] == f"/families/{household.pk}/"
    head = Membership.objects.get(relation=Relation.HEAD).person
    assert (head.birth_date, head.sex) == (date(1949, 12, 31), "2")
    assert set(Tag.objects.values_list("category__code", flat=True)) == {"dibao_rural", "left_child"}
    assert FamilyFile.objects.get().workers.get().staff_id == worker.staff_id


def test_another_row_is_added_without_a_script_and_without_complaints(
    client_for: Asks, city: City, worker: User
) -> None:
    page = says(client_for(worker), "/families/new", typed(city, village="", add_member="1"))
    assert 'name="members-1-name"' in page
    assert "曾秀英" in page
    assert "error-summary" not in page
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"members-0-id_no": "110105194912310021"}, "校验不符"),
        ({"members-0-birth_date": "2031-01-01"}, "出生日期在今天之后"),
        ({"members-0-name": ""}, "请填写姓名"),
        ({"village": ""}, "请选择村居"),
        ({"open_file": "on", "opened_on": "2016-01-01"}, "早于本站开站日期"),
        ({"open_file": "on", "opened_on": "2020-06-07"}, "建档日期在今天之后"),
        ({"category": ["jiandang"], "starts_on": "2013-01-01"}, "自2014-01-01起才有"),
        ({"members-0-category": ["disabled"]}, "请填从哪天起"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    client_for: Asks, city: City, worker: User, wrong: dict[str, Any], sentence: str
) -> None:
    answer = client_for(worker).post("/families/new", typed(city, note="屋后有陡坡", **wrong))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert "屋后有陡坡" in page
    assert not Household.objects.exists()


def test_a_warning_is_shown_once_and_then_let_through(client_for: Asks, city: City, worker: User) -> None:
    client, data = client_for(worker), typed(city, **{"members-0-id_no": ID, "members-0-sex": "1"})
    page = says(client, "/families/new", data)
    assert "性别与身份证号第17位不一致" in page
    assert 'name="acknowledged"' in page
    assert client.post("/families/new", {**data, "acknowledged": "on"}).status_code == 302
    assert Household.objects.count() == 1


def test_members_are_added_and_changed_and_there_is_one_head(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    client, url = client_for(worker), f"/families/{family.household.pk}/members/new"
    data = {"name": "陈小军", "relation": "40", "starts_on": "2018-01-01", "birth_date": "2010-02-03", "sex": "1"}
    assert "这户的户主现在是曾秀英" in says(client, url, {**data, "relation": Relation.HEAD})
    assert client.post(url, data).status_code == 302
    child = Membership.objects.get(person__name="陈小军")
    edit = f"/families/{family.household.pk}/members/{child.pk}/edit"
    changed = {**data, "name": "陈晓军", "version": "1", "ends_on": "2020-01-01"}
    assert client.post(edit, changed).status_code == 302
    child.refresh_from_db()
    assert (child.person.name, child.ends_on) == ("陈晓军", date(2020, 1, 1))
    assert "离开日期早于加入日期" in says(client, edit, {**changed, "version": "2", "ends_on": "2017-01-01"})


def test_categories_open_and_close_and_an_ended_one_is_refused(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    client, base = client_for(worker), f"/families/{family.household.pk}/tags"
    codes = dict(Category.objects.values_list("code", "pk"))
    entry = {"bearer": str(family.household.pk), "source": "roster", "starts_on": "2018-01-01"}
    assert "应登记在家庭成员个人名下" in says(client, f"{base}/new", {**entry, "category": codes["disabled"]})
    assert client.post(f"{base}/new", {**entry, "category": codes["dibao_rural"]}).status_code == 302
    tag = Tag.objects.get()
    assert "不必重复" in says(client, f"{base}/new", {**entry, "category": codes["dibao_rural"]})
    assert "早于开始日期" in says(client, f"{base}/{tag.pk}/close", {"ends_on": "2017-01-01", "reason": "left"})
    assert client.post(f"{base}/{tag.pk}/close", {"ends_on": "2019-12-31", "reason": "left"}).status_code == 302


def test_a_category_that_begins_later_asks_first_and_is_not_called_ended(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker)
    client, url = client_for(worker), f"/families/{family.household.pk}/tags/new"
    code = Category.objects.get(code="dibao_rural").pk
    entry = {"bearer": str(family.household.pk), "source": "roster", "starts_on": "2030-05-05", "category": code}
    assert "到那天才算，请核对年月" in says(client, url, entry)
    assert client.post(url, {**entry, "acknowledged": "on"}).status_code == 302
    page = client.get(f"/families/{family.household.pk}/").content.decode()
    assert "还没开始" in page
    assert "已经结束的" not in page


def test_a_death_is_noted_among_the_changes_and_put_right_here(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    row, client = Membership.objects.select_related("person").get(person__name="曾秀英"), client_for(worker)
    url = f"/families/{family.household.pk}/members/{row.pk}/edit"
    data = {"name": "曾秀英", "relation": "02", "starts_on": f"{row.starts_on}", "version": "1"}
    page = client.get(url).content.decode()
    assert 'name="died_on"' not in page
    assert "去世请到「家庭有变化」登记" in page
    assert client.post(url, {**data, "died_on": "2030-01-01"}).status_code == 302
    row.person.refresh_from_db()
    assert row.person.died_on is None
    Person.objects.filter(pk=row.person_id).update(died_on=date(2020, 5, 1), version=3)
    late = client.post(url, {**data, "version": "2"})  # opened before the death was noted
    assert late.status_code == 409
    assert 'name="died_on" value="2020-05-01"' in late.content.decode()
    assert "在今天之后" in says(client, url, {**data, "version": "3", "died_on": "2030-01-01"})
    assert client.post(url, {**data, "version": "3", "died_on": "2020-05-02"}).status_code == 302
    assert Person.objects.get(pk=row.person_id).died_on == date(2020, 5, 2)


def test_a_birth_after_the_day_of_joining_is_refused_or_begins_with_the_birth(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker)
    client, url = client_for(worker), f"/families/{family.household.pk}/members/new"
    child = {"name": "陈小宝", "relation": "40", "starts_on": "2018-01-01", "birth_date": "2019-02-03"}
    assert "加入日期早于出生日期（2019-02-03）" in says(client, url, child)
    assert client.post(url, {**child, "starts_on": "2019-02-03"}).status_code == 302
    row = Membership.objects.get(person__name="陈小宝")
    edit = f"/families/{family.household.pk}/members/{row.pk}/edit"
    later = {**child, "starts_on": "2019-02-03", "birth_date": "2019-03-03", "version": "1"}
    assert "加入日期早于出生日期（2019-03-03）" in says(client, edit, later)
    new = {
        "village": city.chishan.pk, "since": "2017-07-01", "members-TOTAL_FORMS": "2", "members-INITIAL_FORMS": "0",
        "members-0-name": "林阿公", "members-0-relation": "02", "members-0-birth_date": "1950-01-01",
        "members-1-name": "林小妹", "members-1-relation": "40", "members-1-birth_date": "2019-08-09",
    }  # fmt: skip
    assert client.post("/families/new", new).status_code == 302
    since = dict(Membership.objects.filter(person__name__startswith="林").values_list("person__name", "starts_on"))
    assert since == {"林阿公": date(2017, 7, 1), "林小妹": date(2019, 8, 9)}


def test_a_file_opens_once_and_closes_with_a_reason(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    client, url = client_for(worker), f"/families/{family.household.pk}/file"
    assert client.get(f"{url}/close").status_code == 404
    assert client.post(f"{url}/new", {"opened_on": "2020-06-01", "worker": worker.staff_id}).status_code == 302
    assert "已有在档的档案" in says(client, f"{url}/new", {"opened_on": "2020-06-01"})
    assert "请选择结档原因" in says(client, f"{url}/close", {"closed_on": "2020-06-05"})
    assert client.post(f"{url}/close", {"closed_on": "2020-06-05", "reason": "stable"}).status_code == 302


# TWO AT ONCE -----------------------------------------------------------------


def test_the_second_of_two_editors_sees_both_versions_and_may_save_on_top(
    client_for: Asks, city: City, worker: User, colleague: User
) -> None:
    family = a_family(city.chengdong, worker, group="一组")
    url, data = f"/families/{family.household.pk}/edit", {"village": city.chishan.pk, "version": "1"}
    assert client_for(colleague).post(url, {**data, "group": "二组"}).status_code == 302
    client = client_for(worker)
    answer = client.post(url, {**data, "group": "三组", "note": "我写的"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert all(words in page for words in ("二组", "三组", "我写的", colleague.display_name, "已保存的版本"))
    assert 'name="version" value="2"' in page
    assert client.post(url, {**data, "group": "三组", "version": "2"}).status_code == 302
    assert Household.objects.get().group == "三组"


# WHO MAY NOT -----------------------------------------------------------------


@pytest.mark.parametrize("who", ["stranger", "supervisor", "officer", "sysadmin", "auditor"])
def test_a_family_is_changed_by_its_own_station_only(client_for: Asks, city: City, worker: User, who: str) -> None:
    family = a_family(city.chengdong, worker)
    a_file(family, worker)
    base, member = f"/families/{family.household.pk}", Membership.objects.first()
    assert member
    client = client_for(city.users[who])
    for path in ("edit", "members/new", f"members/{member.pk}/edit", "tags/new", "file/new", "file/close"):
        assert client.get(f"{base}/{path}").status_code == 404, path
        assert client.post(f"{base}/{path}", {}).status_code == 404, path
    assert client.post(f"{base}/unmask", {"reason": "check"}).status_code == 404
    if who != "stranger":
        assert client.get("/families/new").status_code == 404


# WHAT IS MASKED --------------------------------------------------------------


def test_nothing_masked_shows_until_a_reason_is_given(client_for: Asks, city: City, worker: User) -> None:
    members = [a_member("曾秀英", Relation.HEAD, id_no=ID, phone="13800005678")]
    family = a_family(city.chengdong, worker, members=members, address="三巷12号", phone="19900001234")
    client, url = client_for(worker), f"/families/{family.household.pk}"
    secrets = (ID, "13800005678", "三巷12号", "19900001234")
    membership = Membership.objects.get()
    for path in ("/", "/edit", f"/members/{membership.pk}/edit"):
        page = says(client, url + path)
        assert not [secret for secret in secrets if secret in page], path
    refused = client.post(f"{url}/unmask", {"reason": ""})
    assert "请选择查看理由" in refused.content.decode()
    assert not AuditEvent.objects.filter(kind="household.unmasked").exists()
    answer = client.post(f"{url}/unmask", {"reason": "apply"})
    assert all(secret in answer.content.decode() for secret in secrets)
    assert answer["Cache-Control"] == "no-store"
    event = AuditEvent.objects.get(kind="household.unmasked")
    assert event.details["what"] == "联系电话、住址、证件号"
    assert event.personal == {"reason": "协助申请救助或补贴"}


def test_one_value_opens_in_its_place(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker, phone="19900001234", address="三巷12号")
    url = f"/families/{family.household.pk}/unmask?what=phone"
    page = client_for(worker).post(url, {"reason": "reach"}, headers={"HX-Request": "true"}).content.decode()
    assert "19900001234" in page
    assert "三巷12号" not in page
    assert "<html" not in page


def test_an_empty_field_keeps_what_is_masked_and_a_tick_takes_it_away(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker, phone="19900001234", address="三巷12号")
    data = {"village": city.chishan.pk, "version": "1", "drop_phone": "on"}
    client_for(worker).post(f"/families/{family.household.pk}/edit", data)
    household = Household.objects.get()
    assert (household.phone, household.address) == ("", "三巷12号")


def test_a_telephone_more_is_added_without_typing_those_that_are_masked(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker, phone="本人 19900001234")
    address = f"/families/{family.household.pk}/edit"
    client = client_for(worker)
    assert "本人 *******1234" in says(client, address)
    typed = {"village": city.chishan.pk, "version": "1", "phone": "邻居 19900005678", "more_phone": "on"}
    client.post(address, typed)
    assert Household.objects.get().phone == "本人 19900001234，邻居 19900005678"
    client.post(address, {**typed, "version": "2", "phone": "儿子 19900007777", "more_phone": ""})
    assert Household.objects.get().phone == "儿子 19900007777"
    page = says(client, f"/families/{family.household.pk}/")
    assert "儿子 *******7777" in page
    assert "19900007777" not in page


def test_the_list_of_clients_is_shown_with_its_dates(client_for: Asks, officer: User) -> None:
    page = says(client_for(again(officer)), "/families/categories/")
    assert "本表为「民政对象」口径" in page
    assert "2020-12-31" in page
