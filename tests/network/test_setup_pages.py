"""The set-up pages of the network: for whoever manages it, and for nobody else; what goes wrong is said on them."""

from datetime import date

import pytest

from shuangbai.network import tree
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting, Staff
from tests.cast import HF, HF1, TODAY, a_family

OTHERS = ["worker", "head", "supervisor", "officer", "security", "auditor"]


def addresses(city):
    station, posting = city.chengdong, city.users["worker"].staff.postings.get()
    place, cover = city.chishan.pk, station.coverage.order_by("id").first().pk
    return [
        "/network/areas/", "/network/areas/?q=城东", f"/network/areas/{place}/", f"/network/areas/{place}/rename",
        f"/network/areas/{place}/end", f"/network/areas/{place}/alias", f"/network/areas/{place}/code",
        f"/network/areas/{station.town_id}/add", f"/network/areas/{station.town_id}/villages",
        f"/network/codes/{city.chishan.codes.get().pk}/end", "/network/units/", f"/network/units/{HF1}/",
        f"/network/units/{HF}/new/station", f"/network/units/{HF1}/edit", f"/network/units/{HF1}/move",
        f"/network/units/{HF1}/close", f"/network/units/{HF1}/villages", f"/network/coverage/{cover}/end",
        "/network/staff/", "/network/staff/new", "/network/staff/paste", f"/network/staff/{posting.staff_id}/",
        f"/network/staff/{posting.staff_id}/edit", f"/network/staff/{posting.staff_id}/post",
        f"/network/staff/{posting.staff_id}/leave", f"/network/postings/{posting.pk}/edit",
        f"/network/postings/{posting.pk}/transfer",
    ]  # fmt: skip


def test_every_page_opens_for_the_administrator(client_for, city, sysadmin):
    client = client_for(sysadmin)
    assert {address: client.get(address).status_code for address in addresses(city)} == dict.fromkeys(
        addresses(city), 200
    )


@pytest.mark.parametrize("who", OTHERS)
def test_they_are_not_there_for_anybody_else(client_for, city, who):
    client = client_for(city.users[who])
    assert {client.get(address).status_code for address in addresses(city)} == {404}
    posts = [
        f"/network/units/{HF1}/reopen", f"/network/units/{HF1}/take-back", "/network/coverage/1/take-back",
        "/network/postings/1/take-back", "/network/aliases/1/remove",
        f"/network/staff/{city.users['worker'].staff_id}/return",
    ]  # fmt: skip
    assert {client.post(address).status_code for address in posts} == {404}


class TestSaving:
    def test_a_station_is_opened(self, client_for, city, sysadmin):
        said = {"name": "公平社工站", "code": "SW-HF-03", "starts_on": "2020-06-01", "town": city.areas["441521115"].pk}
        answer = client_for(sysadmin).post(f"/network/units/{HF}/new/station", said)
        assert answer.headers["Location"] == "/network/units/SW-HF-03/"
        unit = OrgUnit.objects.get(code="SW-HF-03")
        assert unit.county == city.areas["441521"]

    def test_what_is_refused_stands_on_the_form_with_what_was_typed(self, client_for, city, sysadmin):
        said = {"name": "公平社工站", "code": HF1, "starts_on": "2020-06-01", "town": city.areas["441521115"].pk}
        answer = client_for(sysadmin).post(f"/network/units/{HF}/new/station", said)
        assert answer.status_code == 422
        assert "代码 SW-HF-01 已有机构使用" in answer.text
        assert "公平社工站" in answer.text

    def test_two_versions_stand_beside_each_other(self, client_for, city, sysadmin):
        tree.change_unit(by=sysadmin, unit=city.chengdong, version=1, changes={"phone": "0660-1111111"})
        said = {"version": 1, "name": "城东社工站", "starts_on": "2017-07-01", "town": city.chengdong.town_id,
                "phone": "0660-2222222"}  # fmt: skip
        client = client_for(sysadmin)
        answer = client.post(f"/network/units/{HF1}/edit", said)
        assert answer.status_code == 409
        assert "0660-1111111" in answer.text
        assert "0660-2222222" in answer.text
        assert 'name="version" value="2"' in answer.text
        assert client.post(f"/network/units/{HF1}/edit", said | {"version": 2}).status_code == 302
        city.chengdong.refresh_from_db()
        assert city.chengdong.phone == "0660-2222222"

    def test_closing_asks_with_the_numbers_first(self, client_for, city, sysadmin, worker):
        a_family(city.chengdong, worker)
        client, address = client_for(sysadmin), f"/network/units/{HF1}/close"
        said = {"version": 1, "ends_on": "2020-06-06", "to": str(city.haicheng.pk)}
        asked = client.post(address, said)
        assert asked.status_code == 200
        assert "服务中的家庭" in asked.text
        assert OrgUnit.objects.get(code=HF1).ends_on is None
        nobody = client.post(address, {"version": 1, "ends_on": "2020-06-06", "sure": 1})
        assert nobody.status_code == 422
        assert "不能无人接手" in nobody.text
        assert client.post(address, said | {"sure": 1}).status_code == 302
        assert OrgUnit.objects.get(code=HF1).ends_on == TODAY

    def test_villages_ticked_and_pasted(self, client_for, city, sysadmin):
        said = {"kind": "around", "starts_on": "2020-06-01", "villages": [], "names": "海丰县/城东镇/赤山村", "sure": 1}
        said["villages"] = [Area.objects.create(name="新建村委会", level="village", parent=city.haicheng.town).pk]
        assert client_for(sysadmin).post("/network/units/SW-HF-02/villages", said).status_code == 302
        assert Coverage.objects.filter(station=city.haicheng, village=city.chishan).exists()
        assert Coverage.objects.filter(station=city.haicheng).count() == 4

    def test_an_unknown_village_holds_everything_back(self, client_for, city, sysadmin):
        said = {"kind": "around", "starts_on": "2020-06-01", "names": "赤山村\n没有这个村", "sure": 1}
        answer = client_for(sysadmin).post("/network/units/SW-HF-02/villages", said)
        assert "没有这个村" in answer.text
        assert not Coverage.objects.filter(station=city.haicheng, village=city.chishan).exists()

    def test_a_pasted_list_with_a_faulty_line_enters_nobody(self, client_for, city, sysadmin):
        before = Staff.objects.count()
        text = "林一,女,城东社工站,服务岗,2020-06-01\n陈二,男,没有站,服务岗,2020-06-01"
        answer = client_for(sysadmin).post("/network/staff/paste", {"text": text, "sure": 1})
        assert "第 2 行" in answer.text
        assert Staff.objects.count() == before

    def test_a_pasted_list_is_looked_at_before_it_is_entered(self, client_for, city, sysadmin):
        client, text = client_for(sysadmin), "林一,女,城东社工站,服务岗,2020-06-01"
        assert "登记这 1 人" in client.post("/network/staff/paste", {"text": text}).text
        assert not Staff.objects.filter(name="林一").exists()
        assert client.post("/network/staff/paste", {"text": text, "sure": 1}).status_code == 302
        assert Posting.objects.filter(staff__name="林一", unit=city.chengdong, starts_on=date(2020, 6, 1)).exists()

    def test_a_list_of_villages_is_looked_at_before_it_is_entered(self, client_for, city, sysadmin):
        client, address = client_for(sysadmin), f"/network/areas/{city.chengdong.town_id}/villages"
        said = {"text": "名称,代码,别名\n新建村民委员会,441521120299,新建\n赤山村民委员会", "edition": "2023"}
        assert "已有，跳过" in client.post(address, said).text
        assert client.post(address, said | {"sure": 1}).status_code == 302
        village = Area.objects.get(name="新建村民委员会")
        assert set(village.aliases.values_list("name", flat=True)) == {"新建村", "新建"}

    def test_a_row_of_today_is_taken_back_by_its_button(self, client_for, city, sysadmin):
        client = client_for(sysadmin)
        said = {"kind": "around", "starts_on": "2020-06-01", "names": "赤山村", "sure": 1}
        client.post("/network/units/SW-HF-02/villages", said)
        row = Coverage.objects.get(station=city.haicheng, village=city.chishan)
        page = client.get("/network/stations/SW-HF-02/").text
        assert page.count("/take-back") == 1
        client.post(f"/network/coverage/{row.pk}/take-back", {"version": 1})
        assert not Coverage.objects.filter(pk=row.pk).exists()

    def test_a_shared_code_is_shown_with_the_other_place(self, client_for, city, sysadmin):
        client, town = client_for(sysadmin), city.chengdong.town_id
        said = {"system": "mca", "edition": "2026", "code": "441521115", "starts_on": "2020-06-01"}
        assert client.post(f"/network/areas/{town}/code", said).status_code == 302
        page = client.get(f"/network/areas/{city.haicheng.town_id}/").text
        assert "里同一代码指" in page
        assert "城东镇" in page


def test_lists_ask_a_fixed_number_of_queries(client_for, city, sysadmin, django_assert_max_num_queries):
    client = client_for(sysadmin)
    for address, most in {
        "/network/units/": 7, "/network/staff/": 8, f"/network/units/{HF1}/": 20, "/network/areas/": 7,
        f"/network/areas/{city.chengdong.town_id}/": 14,
    }.items():  # fmt: skip
        with django_assert_max_num_queries(most):
            client.get(address)


def test_the_station_page_shows_no_tools_to_those_who_only_see(client_for, city, supervisor):
    page = client_for(supervisor).get(f"/network/stations/{HF1}/").text
    assert "增加村居" not in page
    assert "/coverage/" not in page
