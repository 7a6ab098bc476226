"""What a city that starts still lacks, told from its data, and the pages by which it is set up."""

from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from shuangbai.accounts import queries as accounts
from shuangbai.assistance import queries as assistance
from shuangbai.cases import queries as cases
from shuangbai.codes import queries as codes
from shuangbai.core import clock
from shuangbai.core.models import AuditEvent
from shuangbai.feedback import queries as feedback
from shuangbai.followups import queries as followups
from shuangbai.households import queries as households
from shuangbai.households.models import FamilyFile, NumberingRule
from shuangbai.lives import queries as lives
from shuangbai.network import queries as network
from shuangbai.network.access import Viewer
from shuangbai.network.queries import Standing, standing_on
from shuangbai.network.roles import Role
from shuangbai.planning import queries as planning
from shuangbai.safeguarding import queries as safeguarding
from shuangbai.scales import queries as scales
from shuangbai.upkeep import queries as upkeep

# In the order in which a city is set up; each room tells its own pages.
ROOMS = [
    ("机构与人员", network),
    ("账号与角色", accounts),
    ("代码表与城市", codes),
    ("家庭与档案", households),
    ("探访与跟进", followups),
    ("评估量表", scales),
    ("变化、交接与抹去", lives),
    ("个案", cases),
    ("任务与报表", planning),
    ("协助申请", assistance),
    ("安全警报", safeguarding),
    ("意见", feedback),
    ("系统维护", upkeep),
]


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


def setup_pages(viewer: Viewer) -> list[tuple[str, list[SetupPage]]]:
    """Room by room the pages of setting up that this person may open."""
    found = []
    for label, room in ROOMS:
        offered = room.setup_items()  # type: ignore[attr-defined]
        pages = [SetupPage(reverse(name), words, line) for name, words, line, needs in offered if viewer.may(needs)]
        if pages:
            found.append((label, pages))
    return found


def beginnings(viewer: Viewer, day: date) -> list[Task]:
    """The list 开始使用: each line follows from the data, none is ticked by hand.

    A line leads to its page where this person may open it; otherwise its sentence says who may.
    """
    now = standing_on(day)
    offered = (item for _, room in ROOMS for item in room.setup_items())  # type: ignore[attr-defined]
    addresses = {name: reverse(name) for name, _, _, needs in offered if viewer.may(needs)}
    tasks = [*_stations(now), *_people(now), *_administrators(now), *_lists(), _backup()]
    return [replace(task, url=addresses.get(task.url, "")) for task in tasks]


def _stations(now: Standing) -> list[Task]:
    have = f"已有 {now.stations} 个" if now.stations else "还没有，请在机构树的县区下面设立"
    without = f"{now.without_coverage} 个站还没有登记服务的村居" if now.without_coverage else "每个站都有"
    covered = now.stations > 0 and not now.without_coverage
    return [
        Task("社工站", now.stations > 0, have, "unit-list"),
        Task("服务的村居", covered, without if now.stations else "先设立社工站", "unit-list"),
    ]


def _people(now: Standing) -> list[Task]:
    heads = f"{now.without_head} 个站还没有站长" if now.without_head else f"在岗 {now.posted} 人，每个站都有站长"
    missing = f"{now.without_account} 人还没有账号" if now.without_account else "在岗的都有账号"
    posted = now.posted > 0
    return [
        Task(
            "站里的人", posted and not now.without_head, heads if posted else "还没有登记，可以粘贴名单", "staff-list"
        ),
        Task("各人的账号", posted and not now.without_account, missing if posted else "先登记人员", "account-list"),
    ]  # fmt: skip


def _administrators(now: Standing) -> list[Task]:
    duties = ((Role.SECURITY, "由他确认角色、定登录规则"), (Role.AUDITOR, "由他查阅操作留痕"))
    return [
        Task(
            str(role.label),
            role in now.administrators,
            "已有" if role in now.administrators else f"还没有：三个管理员应由三个人分别担任，{duty}",
            "account-list",
        )
        for role, duty in duties
    ]


def _lists() -> list[Task]:
    """Decided means that the city changed something, or began to work with what the product brings."""
    in_use = FamilyFile.objects.exists()
    changed = AuditEvent.objects.filter(kind="decision.made").exists()
    own = NumberingRule.objects.exists()
    asks = "现在照产品自带的；第一份档案建立之前，请民政局经办看一遍"
    return [
        Task("代码表", in_use or changed, "已经在用" if in_use or changed else asks, "codes"),
        Task("档案编号", in_use or own, "已经在用" if in_use or own else asks, "numbering"),
    ]


def _backup() -> Task:
    good = upkeep.latest_good_backup()
    said = f"最近一次在 {clock.day_of(good.asked_at)}，已核对能恢复" if good else "还没有做过一次核对过的备份"
    return Task("备份", good is not None, said, "backups")
