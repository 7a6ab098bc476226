"""The auditor's pages: what was done, one entry, the chain, openings; and that nobody else has them."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from shuangbai.core import audit, chain, clock, trailguard
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.models import AuditEvent
from shuangbai.households.actions import note_unmasked
from shuangbai.services.actions import RECORDED
from shuangbai.upkeep import checking, trail
from shuangbai.upkeep.alerts import ask_for_check
from shuangbai.upkeep.models import OpeningAlert, TrailCheck
from tests.cast import a_family, a_visit


@pytest.fixture(autouse=True)
def heads_file(settings, tmp_path):
    settings.TRAIL_HEADS = tmp_path / "trail-heads.log"


@pytest.fixture
def family(city, worker):
    return a_family(city.chengdong, worker, phone="19900001234")


def page_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


class TestWhoMay:
    @pytest.mark.parametrize("who", ["worker", "head", "supervisor", "officer", "sysadmin", "security"])
    def test_nobody_but_the_auditor(self, client_for, city, family, worker, who):
        note_unmasked(by=worker, household=family.household, what="联系电话", reason="联系", keys=["phone"] * 21)
        event, alert = AuditEvent.objects.latest("id"), OpeningAlert.objects.get()
        client = client_for(city.users[who])
        for url in ("", "chain/", "openings/", f"{event.pk}/", f"alerts/{alert.pk}/"):
            assert client.get(f"/trail/{url}").status_code == 404
        assert client.post("/trail/chain/verify").status_code == 404
        assert client.post(f"/trail/alerts/{alert.pk}/", {"remark": "已核实"}).status_code == 404
        assert not TrailCheck.objects.exists()
        assert "留痕</a>" not in page_of(client, "/")

    def test_the_auditor_is_led_there(self, client_for, auditor):
        assert 'href="/trail/"' in page_of(client_for(auditor), "/")

    def test_reading_writes_nothing(self, client_for, city, family, auditor):
        client = client_for(auditor)
        before = AuditEvent.objects.count()
        for url in ("/trail/", "/trail/chain/", "/trail/openings/", f"/trail/{AuditEvent.objects.latest('id').pk}/"):
            page_of(client, url)
        assert AuditEvent.objects.count() == before


class TestTheList:
    def test_entries_read_as_sentences_newest_first(self, client_for, city, family, worker, auditor):
        a_visit(city.chengdong, worker, family)
        page = page_of(client_for(auditor), "/trail/")
        assert page.index("林小燕 录入了走访记录") < page.index("林小燕 登记了一户家庭")
        assert "城东社工站" in page

    @pytest.mark.parametrize(
        ("query", "seen", "unseen"),
        [
            ("who=worker", "登记了一户家庭", "登记了成员之外"),
            ("who=林小燕", "登记了一户家庭", "none"),
            ("who=nobody", "没有符合条件的留痕", "登记了一户家庭</a>"),
            ("kind=record.recorded", "录入了走访记录", "登记了一户家庭</a>"),
            ("first=2020-06-06&last=2020-06-06", "录入了走访记录", "none"),
            ("first=2020-06-07", "没有符合条件的留痕", "录入了走访记录</a>"),
            ("last=2020-06-05", "没有符合条件的留痕", "录入了走访记录</a>"),
            ("first=never&kind=moon", "录入了走访记录", "none"),
        ],
    )
    def test_filters(self, client_for, city, family, worker, auditor, query, seen, unseen):
        a_visit(city.chengdong, worker, family)
        page = page_of(client_for(auditor), f"/trail/?{query}")
        assert seen in page
        assert unseen not in page

    def test_by_station(self, client_for, city, family, stranger, auditor):
        a_family(city.dongzhou, stranger)
        page = page_of(client_for(auditor), f"/trail/?unit={city.dongzhou.pk}")
        assert "郑海生 登记了一户家庭" in page
        assert "林小燕 登记了一户家庭" not in page

    def test_about_one_record(self, client_for, city, family, worker, auditor):
        visit, _ = a_visit(city.chengdong, worker, family), a_visit(city.chengdong, worker, family, on=date(2020, 5, 2))
        about = f"about_type=services.servicerecord&about_id={visit.pk}"
        page = page_of(client_for(auditor), f"/trail/?{about}")
        assert page.count("录入了走访记录</a>") == 1
        assert "只看关于这一服务记录" in page

    def test_pages_follow_one_another_without_gap_or_repeat(self, city):
        AuditEvent.objects.all().delete()
        audit.record_all([audit.entry(RECORDED, by=None, about=city.root, what="走访") for _ in range(7)])
        seen, after = [], None
        for _ in range(4):
            rows, after = trail.page(trail.entries({}), after, size=2)
            seen += [row.pk for row in rows]
        assert after is None
        assert seen == [row.pk for row in AuditEvent.objects.order_by("-at", "-id")]

    def test_a_place_survives_the_address(self, city):
        event = audit.entry(RECORDED, by=None, about=city.root, what="走访")
        place = trail.Place(event.at, event.pk)
        assert trail.Place.parse(str(place)) == place
        assert trail.Place.parse("yesterday.1") is None

    @pytest.mark.parametrize("many", [3, 40])
    def test_as_many_queries_for_few_as_for_many(self, client_for, city, auditor, many, django_assert_max_num_queries):
        audit.record_all([audit.entry(RECORDED, by=None, about=city.root, what="走访") for _ in range(many)])
        client = client_for(auditor)
        page_of(client, "/trail/")
        with django_assert_max_num_queries(7):
            page_of(client, "/trail/")


class TestOneEntry:
    def test_it_says_its_place_in_the_chain(self, client_for, city, family, auditor):
        chain.seal()
        event = AuditEvent.objects.get(kind="household.opened")
        page = page_of(client_for(auditor), f"/trail/{event.pk}/")
        assert "第 1 块，共" in page
        assert "与封存时一致" in page
        assert event.digest in page
        assert str(family.household.pk) in page

    def test_nothing_of_the_family_shows(self, client_for, city, family, worker, auditor):
        note_unmasked(by=worker, household=family.household, what="联系电话", reason="联系本人", keys=["phone"])
        event = AuditEvent.objects.get(kind="household.unmasked")
        page = page_of(client_for(auditor), f"/trail/{event.pk}/")
        assert "联系本人" in page
        assert not [secret for secret in ("19900001234", "曾秀英", "陈大文") if secret in page]

    def test_one_that_waits_says_so(self, client_for, family, auditor):
        event = AuditEvent.objects.get(kind="household.opened")
        assert "待封存" in page_of(client_for(auditor), f"/trail/{event.pk}/")

    def test_one_that_was_changed_says_so(self, client_for, family, auditor):
        chain.seal()
        event = AuditEvent.objects.get(kind="household.opened")
        with trailguard.lifted():
            AuditEvent.objects.filter(pk=event.pk).update(by_name="别人")
        assert "内容被改动过" in page_of(client_for(auditor), f"/trail/{event.pk}/")

    def test_a_forgotten_one_says_so(self, client_for, city, family, worker, auditor):
        note_unmasked(by=worker, household=family.household, what="联系电话", reason="邻居说的", keys=["phone"])
        event = AuditEvent.objects.get(kind="household.unmasked")
        chain.seal()
        audit.forget(by=None, events=[event], basis="申请")
        page = page_of(client_for(auditor), f"/trail/{event.pk}/")
        assert "已按规定抹去" in page
        assert "邻居说的" not in page
        assert "与封存时一致" in page


class TestTheChain:
    def test_its_state_is_shown(self, client_for, city, family, auditor):
        chain.seal()
        page = page_of(client_for(auditor), "/trail/chain/")
        assert "第 1 块" in page
        assert "记到第 1 块" in page
        assert "5 分钟" in page

    def test_a_verification_is_asked_for_done_and_shown(self, client_for, city, family, auditor):
        chain.seal()
        client = client_for(auditor)
        assert client.post("/trail/chain/verify").status_code == 302
        check = TrailCheck.objects.get()
        assert "正在核对" in page_of(client, "/trail/chain/")
        checking.verify_trail.func(str(check.pk))
        page = page_of(client, "/trail/chain/")
        assert "留痕完好" in page
        check.refresh_from_db()
        assert (check.sound, check.asked_by) == (True, auditor)
        kinds = list(AuditEvent.objects.filter(kind__startswith="trail.").values_list("kind", flat=True))
        assert sorted(kinds) == ["trail.check_asked", "trail.checked"]

    def test_what_is_wrong_is_shown(self, client_for, city, family, auditor):
        chain.seal()
        with trailguard.lifted():
            AuditEvent.objects.filter(kind="household.opened").update(by_name="别人")
        checking.verify_daily()
        page = page_of(client_for(auditor), "/trail/chain/")
        assert "留痕有 1 处不符" in page
        assert "的内容与封存时不同" in page

    def test_run_again_after_its_end_it_changes_nothing(self, city):
        checking.verify_daily()
        before = TrailCheck.objects.values().get()
        checking.verify_trail.func(str(before["id"]))
        assert TrailCheck.objects.values().get() == before

    def test_one_at_a_time(self, client_for, auditor, city):
        ask_for_check(by=auditor)
        with pytest.raises(Refused, match="正在核对"):
            ask_for_check(by=auditor)
        page = client_for(auditor).post("/trail/chain/verify", follow=True).content.decode()
        assert "正在核对，请等它结束" in page

    def test_one_that_was_killed_does_not_stand_in_the_way(self, auditor, city):
        check = ask_for_check(by=auditor)
        TrailCheck.objects.update(asked_at=clock.machine_now() - trail.SILENT)
        assert ask_for_check(by=auditor).pk != check.pk

    def test_a_failure_is_told(self, client_for, auditor, city, monkeypatch):
        def fail(_told):
            raise OSError("disk")

        monkeypatch.setattr(chain, "verify", fail)
        checking.verify_daily()
        assert "块首文件读不出来" in page_of(client_for(auditor), "/trail/chain/")

    def test_nobody_else_may_ask(self, sysadmin):
        with pytest.raises(NotAllowed):
            ask_for_check(by=sysadmin)

    def test_the_database_wants_a_verdict_of_one_that_is_done(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrailCheck.objects.create(state="done", ended_at=clock.machine_now())

    def test_and_no_end_of_one_that_waits(self, db):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrailCheck.objects.create(state="waiting", ended_at=clock.machine_now())


class TestOpenings:
    @pytest.fixture
    def opened(self, family, worker):
        note_unmasked(
            by=worker, household=family.household, what="联系电话", reason="协助申请救助", keys=["phone"] * 21
        )
        return OpeningAlert.objects.get()

    def test_each_with_its_reason(self, client_for, opened, auditor):
        page = page_of(client_for(auditor), "/trail/openings/")
        assert "林小燕 查看了隐去的内容（联系电话），理由：协助申请救助" in page
        assert "一小时内查看超过 20 项" in page

    def test_an_alert_is_on_the_auditors_pages(self, client_for, opened, auditor):
        client = client_for(auditor)
        for url in ("/", "/trail/", "/trail/openings/"):
            assert "林小燕 2020-06-06 查看了 21 项隐去的内容" in page_of(client, url)

    def test_it_is_looked_at_with_a_remark(self, client_for, opened, auditor):
        client, url = client_for(auditor), f"/trail/alerts/{opened.pk}/"
        assert "协助申请救助" in page_of(client, url)
        assert client.post(url, {"remark": ""}).status_code == 422
        assert client.post(url, {"remark": "已与站长核实"}).status_code == 302
        assert "查看了 21 项" not in page_of(client, "/")
        assert "已与站长核实" in page_of(client, "/trail/openings/")
        assert "已与站长核实" in page_of(client, url)

    def test_by_person(self, client_for, opened, auditor):
        client = client_for(auditor)
        assert "理由：协助申请救助" in page_of(client, "/trail/openings/?who=worker")
        assert "没有查看记录" in page_of(client, "/trail/openings/?who=stranger")


class TestTheWordsOfKinds:
    def test_each_is_called_something_short_without_holes(self):
        for code, words in trail.kinds():
            assert words, code
            assert "{" not in words, code

    def test_a_table_that_is_no_more_shows_its_name(self):
        assert trail.type_name("moon.crater") == "moon.crater"
        assert trail.type_name("households.household") == "家庭"
