"""`shuangbai setup`: the first run from a shell, asked line by line or told by options. What is there is left alone.

Each step says on standard error what it did; the result, as JSON, is all that goes to standard output.
"""

import argparse
import getpass
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from shuangbai.accounts.actions import issue_code
from shuangbai.core import keys
from shuangbai.core.findings import Refused
from shuangbai.core.models import Installation
from shuangbai.core.queries import installation_names
from shuangbai.desk import actions
from shuangbai.desk.actions import TreeEntry, counties_offered
from shuangbai.network.models import Area, OrgUnit, User, stem
from shuangbai.network.places import prefectures
from shuangbai.network.queries import letters_of, root_unit

PROVINCE = "44"
SINCE = date(2017, 1, 1)
Say = Callable[[str], None]


def run(chosen: argparse.Namespace, say: Say) -> None:
    """All steps in order. Raises ImproperlyConfigured, in one line, for what is missing or refused."""
    if chosen.code:
        if not installation_names().founding:
            raise ImproperlyConfigured(f"「{installation_names().city}」已经建立，不再需要首次设置码。")
        print(keys.first_run_code())
        return
    try:
        place(chosen, say)
        tree(chosen, say)
        issued = administrator(chosen, say)
    except Refused as refused:
        raise ImproperlyConfigured("".join(f"{finding.sentence}。" for finding in refused.findings)) from refused
    tell(issued)


def asked(value: str | None, option: str, question: str, proposed: str = "") -> str:
    """The option, or what is typed at a terminal. Raises ImproperlyConfigured where there is neither."""
    if value is not None:
        return value
    if not sys.stdin.isatty():
        if proposed:
            return proposed
        raise ImproperlyConfigured(f"请用 {option} 说明：{question}")
    hint = f"[{proposed}] " if proposed else ""
    print(f"{question}：{hint}", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip() or proposed


def place(chosen: argparse.Namespace, say: Say) -> None:
    row = Installation.objects.first()
    if row and Area.objects.exists():
        say(f"城市：已有「{row.city_name}」，区划 {Area.objects.count()} 处，不动。")
        return
    code = asked(chosen.province_code, "--province-code", "地级市的区划代码（如汕尾 4415；44 载入全省）")
    names = dict(prefectures())
    whole = code == PROVINCE
    if not whole and code not in names:
        offered = "、".join(f"{name} {key}" for key, name in names.items())
        raise ImproperlyConfigured(f"没有代码为 {code} 的地级市。可用的有：{offered}；44 是全省。")
    city = asked(chosen.city, "--city", "城市名", names.get(code, ""))
    bureau = asked(chosen.bureau, "--bureau", "主管机构", f"{city}民政局")
    prefecture = next((key for key, name in names.items() if name == city), next(iter(names))) if whole else code
    added = actions.found_place(city_name=city, bureau_name=bureau, prefecture=prefecture, whole_province=whole)
    say(f"城市：已建立「{city}」，载入区划 {added} 处。")


def tree(chosen: argparse.Namespace, say: Say) -> None:
    if root := root_unit():
        say(f"机构树：已有，根是 {root.name}（{root.code}），共 {OrgUnit.objects.count()} 个机构，不动。")
        return
    city = installation_names().city
    code = asked(chosen.root_code, "--root-code", "主管机构代码", letters_of(stem(city)))
    centre = asked(chosen.centre, "--centre", "督导中心名称", f"{city}双百督导中心")
    counties = [key for key, _name in counties_offered(city) or counties_offered()]
    units = actions.found_tree(entry=TreeEntry(code, chosen.since or SINCE, centre, counties))
    say(f"机构树：已建立 {len(units)} 个机构：{'、'.join(units)}。社工站登录后再设。")


def administrator(chosen: argparse.Namespace, say: Say) -> Any:
    """The first account; with no password a one-time invitation for it, which is returned."""
    if user := User.objects.order_by("id").first():
        say(f"管理员：已有账号（{user.username} 等），不动。")
        return None
    username = asked(chosen.admin, "--admin", "系统管理员的账号")
    name = asked(chosen.admin_name, "--admin-name", "他的姓名", username)
    secret = password(chosen)
    user = actions.found_first_account(username=username, display_name=name, password=secret)
    if secret is not None:
        say(f"管理员：已建立账号 {username}，可以登录了。")
        return None
    say(f"管理员：已建立账号 {username}；没有给密码，请用下面的一次性邀请码设密码。")
    return issue_code(by=None, user=user)


def password(chosen: argparse.Namespace) -> str | None:
    """From the file, from the terminal without showing it, or none. Raises ImproperlyConfigured for an empty one."""
    if chosen.password_file is None:
        if not sys.stdin.isatty():
            return None
        typed = getpass.getpass("密码（不填就发一次性邀请码）：", stream=sys.stderr)
        return typed or None
    piped = chosen.password_file == "-"  # noqa: S105
    text = sys.stdin.readline() if piped else Path(chosen.password_file).read_text("utf-8")
    first = text.split("\n")[0].rstrip("\r")
    if not first:
        raise ImproperlyConfigured(f"{chosen.password_file} 的第一行是空的，请把密码写在第一行。")
    return first


def tell(issued: Any) -> None:
    """The result alone on standard output."""
    row = Installation.objects.get()
    told: dict[str, Any] = {
        "city": row.city_name,
        "bureau": row.bureau_name,
        "areas": Area.objects.count(),
        "units": list(OrgUnit.objects.order_by("path").values_list("code", flat=True)),
        "accounts": list(User.objects.order_by("username").values_list("username", flat=True)),
        "ready": not row.founding,
    }
    if issued:
        told["invitation"] = {"username": issued.user.username, "code": issued.code}
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
