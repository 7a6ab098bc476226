"""Composite pages: the day, one family on one page, one person, finding anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.core import clock
from shuangbai.followups.actions import TaskEntry, ask_task
from shuangbai.households.actions import TagEntry, change_household, change_person, open_tags
from shuangbai.households.enums import Relation
from shuangbai.households.files import grade_files
from shuangbai.households.models import Tag
from shuangbai.network.models import User
from shuangbai.services.actions import void_records
from shuangbai.visits.enums import Followup, Result
from tests.assistance.test_matters import a_matter
from tests.cases.short import a_case
from tests.cast import City, a_family, a_file, a_member, a_visit, an_activity
from tests.resources.test_resources import a_referral

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def page_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


# WHAT BECAME OF A FAMILY'S OWN DATA --------------------------------------------


def test_each_section_tells_was_became_who_and_when_and_masked_stays_masked(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(
        city.chengdong, worker, phone="13800001111", group="一组", members=[a_member("曾秀英", Relation.HEAD)]
    )
    said = {"group": "二组", "phone": "女儿 13900002222"}
    change_household(by=worker, household=family.household, version=1, changes=said)
    person = family.people[0]
    change_person(by=worker, person=person, version=1, changes={"name": "曾秀瑛"})
    held = TagEntry("dibao_rural", date(2020, 5, 1), certificate="粤低保20200501", amount=Decimal("612.50"))
    open_tags(by=worker, bearer=family.household, entries=[held])
    client, address = client_for(worker), f"/families/{family.household.pk}/history/"
    told = page_of(client, f"{address}family")
    assert "<del>一组</del> → 二组" in told
    assert "<del>*******1111</del> → 女儿 *******2222" in told
    assert worker.display_name in told
    assert "<del>曾秀英</del> → 曾秀瑛" in page_of(client, f"{address}people")
    tags = page_of(client, f"{address}tags")
    assert "农村低保" in tags
    assert "粤低保20200501" not in tags + told
    assert "建档日期" in page_of(client, f"{address}file") or "没有改动" in page_of(client, f"{address}file")
    assert client.get(f"{address}nothing").status_code == 404
    page = page_of(client, f"/families/{family.household.pk}/")
    assert "每月 612.50 元" in page
    assert "粤低保20200501" not in page
    tag = Tag.objects.get()
    opened = client.post(f"/families/{family.household.pk}/unmask?what=tag.{tag.pk}", {"reason": "apply"})
    assert "粤低保20200501" in opened.content.decode()


# THE DAY ---------------------------------------------------------------------


def graded(city: City, worker: User, name: str, grade: str = "yellow", **more: Any) -> Any:
    family = a_family(city.chengdong, worker, members=[a_member(name, Relation.HEAD)], **more)
    file = a_file(family, worker, on=date(2019, 1, 1))
    grade_files(by=worker, entries=[(file, grade, date(2020, 1, 10), "近期出院")])
    return family


def test_a_worker_sees_whom_to_see_village_by_village_and_why(client_for: Asks, city: City, worker: User) -> None:
    for name, met in (("陈远", date(2020, 6, 1)), ("林近", date(2020, 5, 8)), ("黄无", None)):
        family = graded(city, worker, name)
        if met:
            a_visit(city.chengdong, worker, family, on=met)
    late = graded(city, worker, "蔡迟", village=city.beiping)
    a_visit(city.chengdong, worker, late, on=date(2020, 4, 1))
    a_visit(city.chengdong, worker, late, on=date(2020, 6, 5), result=Result.NOBODY_HOME)
    page = page_of(client_for(worker), "/").partition("该去看谁")[2].partition("我最近的记录")[0]
    assert "陈远户" not in page
    assert page.index("赤山村") < page.index("黄无户") < page.index("林近户")
    assert "「黄」每 30 天一次，上次入户见到人是4月1日；此后 1 次没见到人（最近6月5日，无人在家）" in page
    assert "至今没有见到人" in page
    assert f"/visits/new?family={late.household.pk}" in page
    assert "逾期 2" in page
    assert "七天内 1" in page


def test_a_date_agreed_is_shown_until_somebody_was_met(client_for: Asks, city: City, worker: User) -> None:
    family = graded(city, worker, "曾秀英", "green")
    a_visit(city.chengdong, worker, family, followup=Followup.NEXT_VISIT, next_on=date(2020, 6, 10))
    client = client_for(worker)
    assert "走访时约好6月10日再联系" in page_of(client, "/")
    a_visit(city.chengdong, worker, family, on=date(2020, 6, 2), result=Result.NOBODY_HOME)
    assert "走访时约好6月10日再联系" in page_of(client, "/")
    a_visit(city.chengdong, worker, family, on=date(2020, 6, 3))
    assert "约好" not in page_of(client, "/")


def test_what_a_visit_said_would_follow_is_reminded_of_until_a_record_answers_it(
    client_for: Asks, city: City, worker: User, colleague: User
) -> None:
    families = [
        a_family(city.chengdong, worker, members=[a_member(name, Relation.HEAD), a_member(f"{name}儿", Relation.SON)])
        for name in ("转一", "案二", "助三")
    ]
    said = (Followup.REFERRAL, Followup.CASE, Followup.APPLY)
    for family, followup in zip(families, said, strict=True):
        a_visit(city.chengdong, worker, family, on=date(2020, 5, 20), followup=followup)
    client = client_for(worker)
    words = [f"5月20日走访后要{word}，还没有登记" for word in ("转介", "转个案", "协助申请救助")]
    assert all(word in page_of(client, "/") for word in words)
    assert not any(word in page_of(client_for(colleague), "/") for word in words)
    a_referral(worker, families[0], asked_on=date(2020, 6, 1))
    a_case(city.chengdong, worker, families[1])
    a_matter(worker, families[2], opened_on=date(2020, 4, 1))  # one that runs since before the visit
    assert not any(word in page_of(client, "/") for word in words)


def test_a_later_visit_that_says_otherwise_ends_the_reminder_and_one_in_vain_does_not(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker)
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 20), followup=Followup.APPLY)
    client, word = client_for(worker), "走访后要协助申请救助"
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 25), result=Result.NOBODY_HOME)
    assert word in page_of(client, "/")
    later = a_visit(city.chengdong, worker, family, on=date(2020, 6, 1))
    assert word not in page_of(client, "/")
    void_records(by=worker, records=[later.record], reason="重复录入")
    assert word in page_of(client, "/")


def test_the_head_sees_the_stations_work_by_worker_and_the_supervisor_what_was_handed_up(
    client_for: Asks, city: City, worker: User, head: User, supervisor: User
) -> None:
    family = graded(city, worker, "曾秀英", "red")
    with clock.pinned(date(2020, 5, 1)):
        ask_task(
            by=supervisor, entry=TaskEntry(family.household, "补上残疾证复印件", date(2020, 5, 10), by_visit=False)
        )
    page = page_of(client_for(head), "/")
    assert "本站跟进" in page
    assert "林小燕" in page
    assert "补上残疾证复印件" in page
    above = page_of(client_for(supervisor), "/")
    assert "交上来的" in above
    assert "补上残疾证复印件" in above
    assert 'hx-get="/due/upward"' in above  # judging every family is the page's to ask for, once it stands
    long_ago = page_of(client_for(supervisor), "/due/upward")
    assert "城东社工站" in long_ago
    assert "<strong>1</strong> 户" in long_ago
    part = client_for(supervisor).get("/due/upward", headers={"HX-Request": "true"}).content.decode()
    assert "<strong>1</strong> 户" in part
    assert "<html" not in part
    assert "本站跟进" not in page_of(client_for(worker), "/")


@pytest.mark.parametrize(
    ("who", "seen", "unseen"),
    [
        ("worker", "记一次走访", "所辖"),
        ("head", "本站", "所辖"),
        ("supervisor", "所辖 3 个站", "记一次走访"),
        ("officer", "看成效报告", "记一次走访"),
        ("sysadmin", "开设、停用账号", "成效报告"),
        ("security", "确认与收回角色", "成效报告"),
        ("auditor", "查阅操作留痕", "成效报告"),
    ],
)
def test_everybody_finds_on_the_first_page_what_they_may_do(
    client_for: Asks, city: City, who: str, seen: str, unseen: str
) -> None:
    page = page_of(client_for(city.users[who]), "/")
    assert seen in page
    assert unseen not in page


def test_the_day_asks_the_same_for_one_family_and_for_six(client_for: Asks, city: City, worker: User) -> None:
    counts = []
    for more in (1, 5):
        for _ in range(more):
            family = graded(city, worker, "曾秀英", tags=["dibao_rural"])
            a_visit(city.chengdong, worker, family, followup=Followup.NEXT_VISIT, next_on=date(2020, 6, 10))
            ask_task(by=worker, entry=TaskEntry(family.household, "问候", date(2020, 6, 10), by_visit=False))
        client = client_for(worker)
        client.get("/")  # what a process learns once is not the page's
        with CaptureQueriesContext(connection) as asked:
            client.get("/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


# ONE FAMILY ------------------------------------------------------------------


def test_a_family_is_on_one_page(client_for: Asks, city: City, worker: User) -> None:
    ended = TagEntry("jiandang", date(2017, 7, 1), date(2019, 12, 31), end_reason="left")
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", birth_date=date(1949, 12, 31), tags=["disabled"]),
        a_member("曾小军", Relation.GRANDCHILD, birth_date=date(2010, 6, 7)),
    ]
    family = a_family(city.chengdong, worker, members=members, tags=["dibao_rural", ended], phone="19900001234")
    file = a_file(family, worker)
    a_visit(city.chengdong, worker, family, needs=["medical"])
    an_activity(city.chengdong, worker, people=[family.people[1]], title="相伴童行（四）")
    page = page_of(client_for(worker), f"/families/{family.household.pk}/")
    expected = ("曾秀英户", "赤山村", file.number, "农村低保", "建档立卡贫困户", "残疾人", "*******1234", "医疗",
                "入户走访，见到 2 人", "活动：相伴童行（四）", "城东社工站", "林小燕")  # fmt: skip
    assert [words for words in expected if words not in page] == []
    assert ">70<" in page  # completed years on 2020-06-06
    assert ">9<" in page


def test_another_stations_family_and_person_are_not_there(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    urls = [f"/families/{family.household.pk}/", f"/people/{family.people[0].pk}/"]
    for url in urls:
        assert client_for(worker).get(url).status_code == 200
        for who in ("stranger", "neighbour", "officer", "sysadmin", "auditor"):
            assert client_for(city.users[who]).get(url).status_code == 404


def test_a_supervisor_reads_a_family_and_changes_nothing(
    client_for: Asks, city: City, worker: User, supervisor: User
) -> None:
    family = a_family(city.chengdong, worker, phone="19900001234")
    page = page_of(client_for(supervisor), f"/families/{family.household.pk}/")
    assert "*******1234" in page
    for words in ("19900001234", "unmask", "增加成员", "记走访", "登记类别"):
        assert words not in page


def test_history_goes_on_where_the_page_ended(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    for day in range(1, 26):
        a_visit(city.chengdong, worker, family, on=date(2020, 5, day))
    client, url = client_for(worker), f"/families/{family.household.pk}/"
    first = page_of(client, url)
    older = (
        first.partition(' hx-target="closest li"')[0].rpartition('hx-get="')[2].removesuffix('"').replace("&amp;", "&")
    )
    rest = client.get(older, headers={"HX-Request": "true"}).content.decode()
    assert first.count("timeline-body") == 20
    assert rest.count("timeline-body") == 6  # five visits, and that there is a family
    assert "<html" not in rest
    assert "<html" in page_of(client, older)  # the same address works without a script


def test_a_voided_record_stays_in_the_history_and_out_of_the_needs(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    visit = a_visit(city.chengdong, worker, family, needs=["medical"])
    void_records(by=worker, records=[visit.record], reason="重复录入")
    page = page_of(client_for(worker), f"/families/{family.household.pk}/")
    assert "已作废" in page
    assert "timeline-void" in page
    assert "医疗 " not in page


def test_a_family_asks_the_same_for_few_and_for_many(client_for: Asks, city: City, worker: User) -> None:
    counts = []
    for size in (1, 6):
        members = [a_member("曾秀英", Relation.HEAD, tags=["disabled"])]
        members += [a_member(f"曾小{n}", Relation.SON, tags=["disabled"]) for n in range(size)]
        family = a_family(city.chengdong, worker, members=members)
        a_file(family, worker)
        for day in range(1, size * 2 + 1):
            a_visit(city.chengdong, worker, family, on=date(2020, 5, day))
        client = client_for(worker)
        client.get("/families/")  # what a process learns once is not the page's
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/families/{family.household.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_persons_page_tells_where_they_were_met(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    a_visit(city.chengdong, worker, family, met=[family.people[0]])
    page = page_of(client_for(worker), f"/people/{family.people[0].pk}/")
    assert "曾秀英户" in page
    assert "入户走访，见到 1 人" in page


# FINDING ---------------------------------------------------------------------


def test_words_are_found_in_narratives_of_ones_own_station(
    client_for: Asks, city: City, worker: User, stranger: User, officer: User
) -> None:
    family = a_family(city.chengdong, worker)
    a_visit(city.chengdong, worker, family, narrative="曾秀英老人血压偏高")
    assert "<mark>血压</mark>" in page_of(client_for(worker), "/search?q=血压")
    assert "<mark>" not in page_of(client_for(stranger), "/search?q=血压")
    seen_by_officer = page_of(client_for(officer), "/search?q=血压")
    assert "曾**户" in seen_by_officer
    assert "曾秀英" not in seen_by_officer


def test_one_character_is_said_to_be_too_few(client_for: Asks, city: City, worker: User) -> None:
    a_family(city.chengdong, worker)
    page = page_of(client_for(worker), "/search?q=曾")
    assert "请至少输入两个相连的字" in page
    assert "曾秀英户" in page


def test_who_sees_no_families_and_no_records_cannot_search(client_for: Asks, sysadmin: User) -> None:
    assert client_for(sysadmin).get("/search?q=血压").status_code == 404
