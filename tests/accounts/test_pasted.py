"""A pasted list of accounts: what is wrong in which line, and all or none of those chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from shuangbai.accounts.models import OneTimeCode, RoleRequest
from shuangbai.accounts.pasted import cells_of, read_list
from shuangbai.network.actions import hire
from shuangbai.network.enums import Post
from shuangbai.network.models import OrgUnit, Staff, User
from shuangbai.network.roles import Role
from tests.cast import City

Asks = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(city: City) -> list[Staff]:
    """Two workers and a head at 东洲 without accounts, and two 刘芳 at 海城."""
    return [
        a_staff(name, unit, post)
        for name, unit, post in [
            ("苏小兰", city.dongzhou, Post.SERVICE), ("邱明", city.dongzhou, Post.AFFAIRS),
            ("彭站长", city.dongzhou, Post.STATION_HEAD), ("刘芳", city.haicheng, Post.SERVICE),
            ("刘芳", city.haicheng, Post.AFFAIRS),
        ]
    ]  # fmt: skip


def a_staff(name: str, unit: OrgUnit, post: Post) -> Staff:
    staff = Staff(name=name, hired_on=date(2020, 1, 1))
    hire(entries=[(staff, [(unit, post, date(2020, 1, 1), None)])])
    return staff


GOOD = """姓名\t账号\t单位\t岗位
苏小兰\tsuxiaolan\t东洲社工站\t服务岗
邱明，qiuming，东洲，社工
彭站长,pengzz,SW-CQ-01,站长

"""


def test_a_list_is_read_as_it_is_pasted(people: list[Staff], city: City) -> None:
    lines = read_list(GOOD)
    assert [line.number for line in lines] == [2, 3, 4]
    assert all(line.is_good for line in lines)
    entries = [line.entry for line in lines if line.entry]
    assert [entry.role for entry in entries] == [Role.WORKER, Role.WORKER, Role.HEAD]
    assert [entry.staff for entry in entries] == people[:3]


@pytest.mark.nodb
def test_cells_are_between_tabs_or_commas_of_either_width() -> None:
    assert cells_of("甲 ,乙，丙") == ["甲", "乙", "丙"]
    assert cells_of("甲\t乙,丙\t　丁") == ["甲", "乙,丙", "丁"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("苏小兰,worker,东洲社工站,社工", "账号 worker 已有人使用"),
        ("苏小兰,苏小兰,东洲社工站,社工", "小写字母"),
        ("苏小兰,suxiaolan,不存在站,社工", "没有叫“不存在站”的单位"),
        ("苏小兰,suxiaolan,东洲社工站,店长", "没有“店长”这个角色"),
        ("没有的人,nobody2,东洲社工站,社工", "今天没有叫“没有的人”的在岗人员"),
        ("刘芳,liufang,海城社工站,社工", "有两个叫“刘芳”的人"),
        ("郑海生,zhenghaisheng,东洲社工站,社工", "郑海生已经有账号"),
        ("苏小兰,suxiaolan,东洲社工站,站长", "任职不是站长"),
        ("苏小兰,suxiaolan,海丰县,社工", "今天没有叫“苏小兰”的在岗人员"),
        ("某某,moumou,海丰县,安全审计员", "范围只能是最上级机构"),
        ("苏小兰,suxiaolan", "要有四列"),
    ],
)
def test_each_faulty_line_says_what_is_wrong(people: list[Staff], line: str, says: str) -> None:
    (read,) = read_list(line)
    assert not read.is_good
    assert says in "；".join(read.sentences)


def test_two_lines_with_one_user_name(people: list[Staff]) -> None:
    first, second = read_list("苏小兰,same,东洲社工站,社工\n邱明,same,东洲社工站,社工")
    assert first.is_good
    assert "出现了两次" in second.sentences[0]


def test_a_long_list_asks_no_more_than_a_short_one(people: list[Staff], django_assert_max_num_queries: Any) -> None:
    long = "\n".join(f"彭站长,name{n},东洲社工站,站长" for n in range(200))
    for text in (GOOD, long):
        with django_assert_max_num_queries(8):
            read_list(text)


class TestThePage:
    def test_first_shown_then_opened_with_a_slip_each(
        self, people: list[Staff], client_for: Asks, sysadmin: User
    ) -> None:
        client = client_for(sysadmin)
        text = f"{GOOD}某某,worker,民政局没有,经办"
        shown = client.post("/setup/accounts/list", {"text": text, "check": "1"})
        assert "共 4 行，3 行可以开设" in shown.content.decode()
        assert not OneTimeCode.objects.exists()
        slips = client.post("/setup/accounts/list", {"text": text, "open": "1", "line": ["2", "4"]})
        issued = slips.context["issued"]
        assert [one.user.username for one in issued] == ["suxiaolan", "pengzz"]
        assert all(one.code in slips.content.decode() for one in issued)
        assert not User.objects.filter(username="qiuming").exists()
        assert slips["Cache-Control"] == "no-store"

    def test_a_line_that_went_bad_meanwhile_opens_none(
        self, people: list[Staff], client_for: Asks, sysadmin: User
    ) -> None:
        User.objects.create(username="qiuming", display_name="另一位", password="!")
        answer = client_for(sysadmin).post("/setup/accounts/list", {"text": GOOD, "open": "1", "line": ["2", "3", "4"]})
        assert answer.status_code == 422
        assert "一个都没有开设" in answer.content.decode()
        assert not User.objects.filter(username="suxiaolan").exists()

    def test_wider_roles_of_a_list_wait(self, people: list[Staff], client_for: Asks, sysadmin: User) -> None:
        text = "蔡二,caier,SW,民政局经办"
        client_for(sysadmin).post("/setup/accounts/list", {"text": text, "open": "1", "line": ["1"]})
        assert RoleRequest.objects.get().user.username == "caier"

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({"text": ""}, "请粘贴名单"),
            ({"text": "姓名,账号,单位,角色"}, "名单里没有内容"),
            ({"text": "\n".join(f"甲,a{n},SW,经办" for n in range(301))}, "一次最多 300 行"),
            ({"text": GOOD, "open": "1"}, "没有选中任何一行"),
        ],
    )
    def test_what_cannot_be_read_is_told(
        self, city: City, client_for: Asks, sysadmin: User, sent: Any, says: str
    ) -> None:
        answer = client_for(sysadmin).post("/setup/accounts/list", sent)
        assert answer.status_code == 422
        assert says in answer.content.decode()
