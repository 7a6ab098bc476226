"""The first run: nothing but it while there is no city, its code first, each step kept, and over for good."""

import json

import pytest
from django.test import Client

from shuangbai.core import clock, keys
from shuangbai.core.findings import Refused
from shuangbai.core.models import AuditEvent, Installation
from shuangbai.desk import actions
from shuangbai.desk.actions import TreeEntry
from shuangbai.network.models import Area, OrgUnit, RoleGrant, User
from shuangbai.network.places import prefectures
from tests.cast import START, a_family, a_file, forget_installation

SECRET = "walk-the-village-roads-26"
CITY = {"prefecture": "4415", "city_name": "汕尾市", "bureau_name": "汕尾市民政局"}
TREE = {"code": "SW", "starts_on": "2017-01-01", "centre": "汕尾市双百督导中心", "counties": ["441521", "441502"]}
ADMIN = {"username": "luowei", "display_name": "罗伟", "password": SECRET, "again": SECRET}


@pytest.fixture
def nothing(db, settings, tmp_path):
    """An empty database and a data directory of its own with keys."""
    settings.DATA_DIR = tmp_path
    keys.forget()
    keys.prepare()
    forget_installation()
    yield tmp_path
    keys.forget()
    forget_installation()


@pytest.fixture
def founder(nothing):
    """Somebody who typed the code from the console."""
    client = Client()
    client.post("/first-run", {"code": keys.first_run_code()})
    return client


def found(founder):
    for said in (CITY, TREE, ADMIN):
        assert founder.post("/first-run", said).status_code == 302


class TestWhileThereIsNoCity:
    @pytest.mark.parametrize("address", ["/", "/signin", "/families/", "/setup/", "/network/", "/no-such-page"])
    def test_every_page_leads_to_the_first_run(self, nothing, address):
        assert Client().get(address).headers["Location"] == "/first-run"

    def test_nothing_is_shown_before_the_code(self, nothing):
        keys.first_run_code()
        page = Client().get("/first-run").text
        assert "首次设置码" in page
        assert "地级市" not in page

    def test_a_wrong_code_opens_nothing(self, nothing):
        keys.first_run_code()
        client = Client()
        assert client.post("/first-run", {"code": "AAAA-AAAA-AAAA"}).status_code == 422
        assert client.post("/first-run", CITY).status_code == 422
        assert not Installation.objects.exists()

    def test_without_a_code_the_page_says_how_to_get_one(self, nothing):
        assert "shuangbai setup --code" in Client().get("/first-run").text
        assert not (nothing / "first-run.code").exists()

    def test_the_code_is_read_as_it_is_written(self, nothing):
        typed = keys.first_run_code().lower().replace("-", " ")
        assert keys.is_first_run_code(typed)
        assert (nothing / "first-run.code").stat().st_mode & 0o777 == 0o600

    def test_a_code_made_anew_shuts_out_whoever_typed_the_old_one(self, founder):
        keys.forget_first_run_code()
        keys.first_run_code()
        assert "地级市" not in founder.get("/first-run").text


class TestTheSteps:
    def test_from_nothing_to_sign_in(self, founder):
        found(founder)
        assert Installation.objects.get().founding is False
        assert Area.objects.filter(name="赤山村民委员会").exists()
        assert set(OrgUnit.objects.values_list("code", flat=True)) == {"SW", "SW-ZX", "SW-HF", "SW-CQ"}
        assert OrgUnit.objects.get(code="SW-HF").parent.code == "SW-ZX"
        assert RoleGrant.objects.get().role == "sysadmin"
        assert founder.get("/first-run").headers["Location"] == "/"
        assert Client().get("/signin").status_code == 200

    def test_each_step_is_there_after_a_reload(self, founder):
        assert "哪个地级市" in founder.get("/first-run").text
        founder.post("/first-run", CITY)
        forget_installation()
        assert "已载入区划" in founder.get("/first-run").text
        founder.post("/first-run", TREE)
        assert "第一个管理员" in founder.get("/first-run").text

    def test_the_names_may_be_put_right_before_the_end(self, founder):
        founder.post("/first-run", CITY)
        founder.post("/first-run?step=city", CITY | {"city_name": "汕尾"})
        assert Installation.objects.get().city_name == "汕尾"

    def test_passwords_that_differ_are_told(self, founder):
        founder.post("/first-run", CITY)
        founder.post("/first-run", TREE)
        answer = founder.post("/first-run", ADMIN | {"again": "something-else-26"})
        assert "两次填的密码不一样" in answer.text
        assert not User.objects.exists()

    def test_a_weak_password_founds_nothing(self, founder):
        founder.post("/first-run", CITY)
        founder.post("/first-run", TREE)
        assert founder.post("/first-run", ADMIN | {"password": "123", "again": "123"}).status_code == 422
        assert Installation.objects.get().founding is True
        assert not User.objects.exists()

    def test_once_it_is_over_it_is_over(self, founder):
        found(founder)
        with pytest.raises(Refused, match="已经建立"):
            actions.found_place(city_name="广州市", bureau_name="广州市民政局", prefecture="4401")
        with pytest.raises(Refused, match="已经建立"):
            actions.found_tree(entry=TreeEntry("GZ", START, "", []))
        with pytest.raises(Refused, match="已经建立"):
            actions.found_first_account(username="another", display_name="别人", password=SECRET)

    def test_the_trail_tells_it(self, founder):
        found(founder)
        told = set(AuditEvent.objects.values_list("kind", flat=True))
        assert told >= {"installation.founded", "areas.loaded", "unit.opened", "account.founded", "installation.ready"}
        assert SECRET not in json.dumps(list(AuditEvent.objects.values_list("details", flat=True)))

    @pytest.mark.parametrize("code", ["4419", "4420"])
    def test_a_city_without_counties_has_a_tree_too(self, founder, code):
        city = dict(prefectures())[code]
        founder.post("/first-run", {"prefecture": code, "city_name": city, "bureau_name": f"{city}民政局"})
        founder.post("/first-run", TREE | {"code": "DG", "counties": []})
        assert list(OrgUnit.objects.order_by("path").values_list("code", flat=True)) == ["DG", "DG-ZX"]

    def test_all_of_the_province_where_it_is_wanted(self, founder):
        assert len(prefectures()) == 21
        founder.post("/first-run", CITY | {"whole_province": "on"})
        assert Area.objects.filter(level="city").count() == 21


class TestBeginnings:
    def test_the_administrator_reads_what_is_missing(self, founder):
        found(founder)
        client = Client()
        client.force_login(User.objects.get(), backend="shuangbai.accounts.backends.AccountBackend")
        page = client.get("/setup/").text
        assert "还没有，请在机构树的县区下面设立" in page
        assert "安全管理员" in page
        assert 'href="/network/units/"' in page

    def test_the_list_goes_once_nothing_is_missing(self, client_for, city, sysadmin):
        from shuangbai.network.models import Posting
        from shuangbai.upkeep.enums import RunState
        from shuangbai.upkeep.models import BackupRun

        now = clock.now()
        BackupRun.objects.create(state=RunState.DONE, name="x", size=1, ended_at=now, verified_at=now)
        a_file(a_family(city.chengdong, city.users["worker"]), city.users["worker"])
        Posting.objects.filter(unit__kind="station").update(post="station_head")
        page = client_for(sysadmin).get("/setup/").text
        assert "开始使用" not in page

    @pytest.mark.parametrize("who", ["worker", "head", "supervisor"])
    def test_it_is_not_there_for_those_who_set_nothing_up(self, client_for, city, who):
        client = client_for(city.users[who])
        assert client.get("/setup/").status_code == 404
        assert 'href="/setup/"' not in client.get("/").text

    def test_each_administrator_sees_their_own_pages(self, client_for, city):
        pages = {who: client_for(city.users[who]).get("/setup/").text for who in ("sysadmin", "security")}
        assert "机构树" in pages["sysadmin"]
        assert "登录规则" not in pages["sysadmin"]
        assert "登录规则" in pages["security"]
        assert "机构树" not in pages["security"]
