"""What a city that starts still lacks, told from its data, and the pages by which it is set up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from importlib.util import find_spec

from django.urls import NoReverseMatch, reverse

from shuangbai.core import clock
from shuangbai.network.access import Viewer
from shuangbai.network.queries import Standing, standing_on
from shuangbai.network.roles import Permission, Role
from shuangbai.upkeep.queries import latest_good_backup

# In the order in which a city is set up. Each room tells its own pages in queries.setup_items().
ROOMS = {
    "network": "机构与人员",
    "accounts": "账号与角色",
    "codes": "代码表",
    "households": "家庭",
    "services": "服务记录",
    "visits": "走访",
    "activities": "活动",
    "reports": "报告",
    "upkeep": "系统维护",
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that a city needs before it works: whether it is there, in words, and where it is done."""

    label: str
    done: bool
    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class SetupPage:
    url: str
    label: str
    line: str


def _address(name: str) -> str:
    """The address of that name, or nothing while the page is not part of this installation."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def setup_pages(viewer: Viewer) -> list[tuple[str, list[SetupPage]]]:
    """Room by room the pages of setting up that this person may open."""
    found = []
    for room, label in ROOMS.items():
        pages = [
            SetupPage(address, words, line)
            for name, words, line, permission in _items(room)
            if viewer.may(permission) and (address := _address(name))
        ]
        if pages:
            found.append((label, pages))
    return found


def _items(room: str) -> Iterable[tuple[str, str, str, Permission]]:
    module = f"shuangbai.{room}.queries"
    if find_spec(f"shuangbai.{room}") is None or find_spec(module) is None:
        return []
    offered = getattr(import_module(module), "setup_items", None)
    return offered() if offered else []


def beginnings(day: date) -> list[Task]:
    """The list 开始使用: each line follows from the data, none is ticked by hand."""
    now = standing_on(day)
    return [*_network(now), *_administrators(now), _backup()]


def _network(now: Standing) -> list[Task]:
    units, staff, accounts = _address("unit-list"), _address("staff-list"), _address("account-list")
    stations = f"已有 {now.stations} 个" if now.stations else "还没有，请在机构树的县区下面设立"
    without = f"{now.without_coverage} 个站还没有登记服务的村居" if now.without_coverage else "每个站都有"
    heads = f"{now.without_head} 个站还没有站长" if now.without_head else f"在岗 {now.posted} 人，每个站都有站长"
    missing = f"{now.without_account} 人还没有账号" if now.without_account else "在岗的都有账号"
    return [
        Task("社工站", now.stations > 0, stations, units),
        Task(
            "服务的村居",
            now.stations > 0 and not now.without_coverage,
            without if now.stations else "先设立社工站",
            units,
        ),
        Task(
            "站里的人",
            now.posted > 0 and not now.without_head,
            heads if now.posted else "还没有登记，可以粘贴名单",
            staff,
        ),
        Task(
            "各人的账号",
            now.posted > 0 and not now.without_account,
            missing if now.posted else "先登记人员",
            accounts,
        ),
    ]


def _backup() -> Task:
    good = latest_good_backup()
    said = f"最近一次在 {clock.day_of(good.asked_at)}，已核对能恢复" if good else "还没有做过一次核对过的备份"
    return Task("备份", good is not None, said, _address("backups"))


def _administrators(now: Standing) -> list[Task]:
    accounts = _address("account-list")
    return [
        Task(
            role.label,
            role in now.administrators,
            "已有" if role in now.administrators else f"还没有：三个管理员应由三个人分别担任，{why}",
            accounts,
        )
        for role, why in ((Role.SECURITY, "由他确认角色、定登录规则"), (Role.AUDITOR, "由他查阅操作留痕"))
    ]
