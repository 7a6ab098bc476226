"""How a family is read: the timeline of all that happened, the tree, and who opened what is masked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shuangbai.core import clock
from shuangbai.households.actions import TagEntry, note_unmasked
from shuangbai.households.entries import Entered, MoveEntry
from shuangbai.households.enums import CloseReason, Relation
from shuangbai.households.files import assign_files, close_file
from shuangbai.households.models import FileGrade, Membership, Person
from shuangbai.households.moves import move_households, serve_households
from shuangbai.network.models import User
from tests.cast import City, a_family, a_file, a_member, a_visit, again, an_activity

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def page_of(client: Client, url: str, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200
    return answer.content.decode()


def timeline_of(client: Client, family: Entered, words: str = "") -> str:
    return page_of(client, f"/families/{family.household.pk}/{words}").partition('id="history"')[2]


def titles(html: str) -> list[str]:
    """The titles of a timeline in their order."""
    found = [part.partition("</h3>")[0] for part in html.split("<h3>")[1:]]
    return [part.partition(">")[2].removesuffix("</a>") if part.startswith("<a") else part for part in found]


def eventful(city: City, worker: User, colleague: User) -> Entered:
    """A family to which everything happened that this room knows of."""
    ended = TagEntry("jiandang", date(2017, 9, 1), date(2019, 12, 31), end_reason="left")
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2"),
        a_member("曾小军", Relation.GRANDSON, sex="1", tags=[TagEntry("disabled", date(2019, 3, 1))]),
    ]
    family = a_family(city.chengdong, worker, members=members, tags=[ended], since=date(2017, 8, 1))
    file = a_file(family, worker, on=date(2019, 1, 10))
    assign_files(by=worker, entries=[(file, colleague.staff_id, date(2020, 2, 1))])
    FileGrade.objects.create(
        station=city.chengdong,
        file=file,
        grade="red",
        reason="独居、近期出院",
        starts_on=date(2020, 3, 1),
        entered_by=worker,
    )
    moved = MoveEntry(household=family.household, village_id=city.beiping.pk, moved_on=date(2020, 1, 5))
    move_households(by=worker, entries=[moved])
    serve_households(by=worker, entries=[(family.household, city.haicheng, date(2020, 4, 1))])
    a_visit(city.chengdong, worker, family, on=date(2020, 5, 1))
    an_activity(city.chengdong, worker, people=[family.people[1]], title="相伴童行（四）", on=date(2020, 5, 20))
    grandson = Membership.objects.get(household=family.household, person=family.people[1])
    Person.objects.filter(pk=grandson.person_id).update(died_on=date(2020, 6, 1))
    Membership.objects.filter(pk=grandson.pk).update(ends_on=date(2020, 6, 1))
    close_file(by=again(worker), file=file, closed_on=date(2020, 6, 3), reason=CloseReason.STABLE)
    return family


# THE TIMELINE ----------------------------------------------------------------


def test_everything_that_happened_stands_in_one_list_newest_first(
    client_for: Asks, city: City, worker: User, colleague: User
) -> None:
    family = eventful(city, worker, colleague)
    assert titles(timeline_of(client_for(worker), family)) == [
        "结档", "曾小军去世", "活动：相伴童行（四）", "入户走访，见到 2 人", "海城社工站也开始服务", "跟进级别定为红",
        "负责社工由林小燕换为黄建国", "迁到北平村", "「建档立卡贫困户」结束", "开始列为「残疾人」", "建档",
        "开始列为「建档立卡贫困户」", "家庭成员 2 人",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("?matter=visit", ["入户走访，见到 2 人"]),
        ("?matter=activity", ["活动：相伴童行（四）"]),
        ("?matter=tag", ["「建档立卡贫困户」结束", "开始列为「残疾人」", "开始列为「建档立卡贫困户」"]),
        ("?matter=member", ["曾小军去世", "家庭成员 2 人"]),
        ("?matter=place", ["海城社工站也开始服务", "迁到北平村"]),
        ("?matter=file&year=2019", ["建档"]),
        ("?year=2019", ["「建档立卡贫困户」结束", "开始列为「残疾人」", "建档"]),
        ("?year=2018", []),
        ("?matter=wrong&year=x", None),
    ],
)
def test_the_timeline_is_narrowed_by_matter_and_year(
    client_for: Asks, city: City, worker: User, colleague: User, words: str, expected: list[str] | None
) -> None:
    family = eventful(city, worker, colleague)
    shown = timeline_of(client_for(worker), family, words)
    assert titles(shown) == expected if expected is not None else len(titles(shown)) == 13
    if expected == []:
        assert "没有这样的记录" in shown


def test_htmx_gets_the_section_for_a_filter_and_the_rest_for_what_is_older(
    client_for: Asks, city: City, worker: User, colleague: User
) -> None:
    family = eventful(city, worker, colleague)
    client, url = client_for(worker), f"/families/{family.household.pk}/?matter=tag"
    section = page_of(client, url, headers={"HX-Request": "true", "HX-Target": "history"})
    part = page_of(client, url, headers={"HX-Request": "true"})
    assert section.strip().startswith("<section")
    assert 'aria-current="true">类别<' in section
    assert "<section" not in part
    assert titles(section) == titles(part)


def test_pages_of_records_and_facts_together_leave_nothing_out_and_repeat_nothing(
    client_for: Asks, city: City, worker: User
) -> None:
    family = a_family(city.chengdong, worker, since=date(2018, 1, 1))
    for day in range(1, 29):  # on each day a visit and, on every other, a category that begins and ends with it
        a_visit(city.chengdong, worker, family, on=date(2020, 4, day))
        if day % 2:
            on = date(2020, 4, day)
            _tag(family, on, on)
    client, seen, url = client_for(worker), [], f"/families/{family.household.pk}/"
    while url:
        html = page_of(client, url, headers={"HX-Request": "true"})
        seen += html.split('datetime="')[1:]
        url = html.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    days = [part[:10] for part in seen]
    assert len(seen) == 28 + 14 * 2 + 1
    assert days == sorted(days, reverse=True)


def _tag(family: Entered, first: date, last: date | None) -> None:
    from shuangbai.households.models import Category, Tag

    Tag.objects.create(
        station_id=family.household.station_id, category=Category.objects.get(code="dibao_rural"),
        household=family.household, starts_on=first, ends_on=last, entered_by_id=family.household.entered_by_id,
    )  # fmt: skip


def test_what_happened_to_somebody_before_they_came_or_after_they_left_is_not_this_familys(
    client_for: Asks, city: City, worker: User
) -> None:
    early = TagEntry("disabled", date(2017, 8, 1))
    members = [a_member("曾秀英", Relation.HEAD), a_member("黄小红", Relation.DAUGHTER_IN_LAW, tags=[early])]
    family = a_family(city.chengdong, worker, members=members, since=date(2018, 1, 1))
    row = Membership.objects.get(household=family.household, person=family.people[1])
    Membership.objects.filter(pk=row.pk).update(starts_on=date(2019, 1, 1), ends_on=date(2019, 6, 30))
    shown = titles(timeline_of(client_for(worker), family))
    assert shown == ["黄小红离开这户家庭", "黄小红（儿媳）成为家庭成员", "家庭成员 1 人"]


def test_a_day_to_come_has_not_happened(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker)
    _tag(family, date(2020, 5, 1), clock.today() + timedelta(days=30))
    assert titles(timeline_of(client_for(worker), family))[:1] == ["开始列为「农村低保」"]


def test_five_hundred_events_cost_the_queries_of_five(client_for: Asks, city: City, worker: User) -> None:
    family = a_family(city.chengdong, worker, members=[a_member("曾秀英", Relation.HEAD), a_member()])
    file = a_file(family, worker, on=date(2017, 8, 1))
    client, url, counts = client_for(worker), f"/families/{family.household.pk}/", []
    for more in (1, 30):
        for day in range(more):
            on = date(2018, 1, 1) + timedelta(days=more * 5 + day)
            a_visit(city.chengdong, worker, family, on=on)
            _tag(family, on, on + timedelta(days=1))
            FileGrade.objects.create(
                station=city.chengdong,
                file=file,
                grade="red",
                reason="独居",
                starts_on=on,
                ends_on=on,
                entered_by=worker,
            )
        client.get(url)  # what a process learns once is not the page's
        with CaptureQueriesContext(connection) as asked:
            client.get(url)
        counts.append(len(asked))
    assert counts[0] == counts[1]


# THE TREE --------------------------------------------------------------------


def test_the_tree_stands_on_the_page_with_names_ages_and_words(client_for: Asks, city: City, worker: User) -> None:
    members = [
        a_member("曾秀英", Relation.HEAD, sex="2", birth_date=date(1949, 12, 31)),
        a_member("陈小军", Relation.GRANDSON, sex="1", birth_date=date(2010, 6, 7), tags=["disabled"]),
    ]
    family = a_family(city.chengdong, worker, members=members)
    page = page_of(client_for(worker), f"/families/{family.household.pk}/")
    svg = page.partition('<svg xmlns="http://www.w3.org/2000/svg" class="pedigree"')[2].partition("</svg>")[0]
    assert "曾秀英户的家系图" in svg
    assert "同辈：曾秀英（户主，70 岁）；孙辈：陈小军（孙子，9 岁）" in svg
    assert f'href="/people/{family.people[1].pk}/"' in svg
    assert "不在册" in svg
    assert svg.count("pedigree-marked") == 1


def test_a_child_of_two_homes_is_marked_in_both_and_one_alone_has_no_tree(
    client_for: Asks, city: City, worker: User
) -> None:
    father = a_family(city.chengdong, worker, members=[a_member("林强", Relation.HEAD, sex="1"), a_member("林小")])
    mother = a_family(city.chengdong, worker, members=[a_member("黄红", Relation.HEAD, sex="2")])
    client = client_for(worker)
    assert "pedigree" not in page_of(client, f"/families/{mother.household.pk}/")
    Membership.objects.create(
        station=city.chengdong, household=mother.household, person=father.people[1], relation=Relation.SON,
        starts_on=date(2019, 1, 1), is_primary=False,
    )  # fmt: skip
    for home in (father, mother):
        assert "子·另一户" in page_of(client, f"/families/{home.household.pk}/")


# WHO LOOKED ------------------------------------------------------------------


def looked(by: User, family: Entered, reason: str = "入户前核对身份") -> None:
    note_unmasked(by=by, household=family.household, what="证件号", reason=reason)


def test_the_head_the_supervisor_and_the_familys_worker_see_who_looked_and_why(
    client_for: Asks, city: City, worker: User, colleague: User
) -> None:
    family = a_family(city.chengdong, worker)
    a_file(family, worker)
    looked(colleague, family)
    for who, sees in (("worker", True), ("head", True), ("supervisor", True), ("colleague", False)):
        client = client_for(city.users[who])
        page = page_of(client, f"/families/{family.household.pk}/")
        assert ("谁看过这户" in page) is sees
        assert client.get(f"/families/{family.household.pk}/openings").status_code == (200 if sees else 404)
        if sees:
            assert "黄建国" in page.partition('id="openings"')[2].partition("</section>")[0]
            assert "入户前核对身份" in page
    for who in ("stranger", "neighbour", "officer", "sysadmin", "security", "auditor"):
        assert client_for(city.users[who]).get(f"/families/{family.household.pk}/openings").status_code == 404


def test_the_page_shows_three_and_leads_to_all(client_for: Asks, city: City, worker: User, head: User) -> None:
    family, other = a_family(city.chengdong, worker), a_family(city.chengdong, worker)
    client = client_for(head)
    assert "还没有人打开过" in page_of(client, f"/families/{family.household.pk}/")
    for number in range(5):
        looked(worker, family, f"第 {number} 次")
    looked(worker, other, "别家的事")
    few = page_of(client, f"/families/{family.household.pk}/").partition('id="openings"')[2].partition("</section>")[0]
    assert [n for n in range(5) if f"第 {n} 次" in few] == [2, 3, 4]
    whole = page_of(client, f"/families/{family.household.pk}/openings")
    assert [n for n in range(5) if f"第 {n} 次" in whole] == [0, 1, 2, 3, 4]
    assert "别家的事" not in whole


def test_opening_an_id_on_the_page_shows_there_at_once(client_for: Asks, city: City, worker: User, head: User) -> None:
    family = a_family(city.chengdong, worker, phone="19900001234")
    client_for(worker).post(f"/families/{family.household.pk}/unmask?what=phone", {"reason": "urgent"})
    page = page_of(client_for(head), f"/families/{family.household.pk}/")
    assert "联系电话" in page.partition('id="openings"')[2]
    assert "紧急情况" in page.partition('id="openings"')[2]
