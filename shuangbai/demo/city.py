"""The demonstration city as the console script sees it: built once, opened again, started over."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from shuangbai.core import chain, clock, collecting, databases, heads, keys, queries
from shuangbai.core.actions import writing
from shuangbai.core.models import Installation
from shuangbai.network.models import OrgUnit, User

if TYPE_CHECKING:
    from shuangbai.demo.shapes import Plan

PASSWORD = "shuangbai-2020"  # noqa: S105  printed to whoever builds the demonstration; nobody real is in it
CITY, BUREAU = "汕尾市", "汕尾市民政局"
ROLE_WORDS = {
    "worker": "社工", "head": "站长", "supervisor": "督导", "officer": "民政局经办",
    "sysadmin": "系统管理员", "security": "安全管理员", "auditor": "安全审计员", "stranger": "社工（另一站）",
}  # fmt: skip
_BAR = 32


def progress(share: float) -> None:
    """A bar on a terminal; on anything else nothing."""
    if not sys.stderr.isatty():
        return
    full = round(share * _BAR)
    print(f"\r正在建立演示城市 [{'█' * full}{'·' * (_BAR - full)}] {share:4.0%}", end="", file=sys.stderr, flush=True)
    if share >= 1:
        print(file=sys.stderr)


@contextmanager
def planned() -> Iterator[Callable[[], Plan]]:
    """Yields what gives the city's plan, which is begun at once where there is no database yet."""
    from shuangbai.demo.ahead import checked_plan, planning

    if databases.kind() == databases.POSTGRESQL:
        connection.ensure_connection()  # a wrong address is told as everywhere
        connection.close()  # the other process shares none
    if databases.is_empty():
        with planning() as plan:
            yield plan
    else:
        yield checked_plan


def build_if_empty(plan: Callable[[], Plan], say: Callable[[str], None]) -> bool:
    """Build the city where there is none, whole or not at all. Returns whether it did.

    Raises ImproperlyConfigured where the data are those of a real city.
    """
    row = Installation.objects.first()
    if row:
        _refuse_real(row)
        return False
    from shuangbai.demo.build import Builder
    from shuangbai.demo.shapes import CLOCK_DAY
    from shuangbai.filings.jobs import keep_heads

    say("第一次启动：正在建立演示城市（约一两分钟，人物均为虚构）。")
    progress(0)
    # A city's half a million objects stay until it is built.
    with collecting.never(), clock.pinned(CLOCK_DAY), databases.growing(), writing():
        if Installation.objects.exists():  # somebody who started at the same time was first
            return False
        Builder(plan, PASSWORD, progress).build()
        Installation.objects.create(
            id=1, city_name=CITY, bureau_name=BUREAU, clock_on=CLOCK_DAY, key_id=keys.keyring().current.key_id,
            made_at=clock.now(),
        )  # fmt: skip
    with clock.pinned(CLOCK_DAY):
        chain.seal()
        keep_heads()
    databases.renew_statistics()
    clock.forget()
    queries.forget()
    return True


def _refuse_real(row: Installation) -> None:
    if row.clock_on is None:
        raise ImproperlyConfigured(
            f"这里是「{row.city_name}」的正式数据，演示不会动它。请用另一个数据目录：SHUANGBAI_DATA=… shuangbai demo"
        )


def clear() -> None:
    """Empty a demonstration's database, so that it is built anew. Raises ImproperlyConfigured for a real city's."""
    if databases.is_empty():
        return
    if _has_tables():
        for row in Installation.objects.all():
            _refuse_real(row)
        if not Installation.objects.exists() and OrgUnit.objects.exists():
            raise ImproperlyConfigured("数据库里已有机构资料而不是演示城市，不会清空。请换一个空的数据库。")
    elif databases.kind() == databases.POSTGRESQL:
        return  # somebody else's tables
    connection.close()
    databases.clear()
    heads.path().unlink(missing_ok=True)


def _has_tables() -> bool:
    tables = connection.introspection.table_names()
    return Installation._meta.db_table in tables and OrgUnit._meta.db_table in tables


def welcome(address: str, *, fresh: bool) -> str:
    """What the demonstration prints once it answers: the address and a sign-in for each role."""
    names = dict(User.objects.filter(username__in=ROLE_WORDS).values_list("username", "display_name"))
    rows = [f"    {username:<12} {words} {names.get(username, '')}" for username, words in ROLE_WORDS.items()]
    built = "演示城市已建好" if fresh else "演示城市已打开（保留上次录入的内容；重来请用 make demo-reset）"
    lines = [f"{built}:{address}", f"  登录账号（密码都是 {PASSWORD}）:", *rows, "  按 Ctrl-C 停止。"]
    return "\n".join(lines)
