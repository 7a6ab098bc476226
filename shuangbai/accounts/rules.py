"""When something about an account is allowed. Pure: what surrounds it is given."""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import pairwise

from shuangbai.core.findings import Finding
from shuangbai.network.roles import ROLES, Role

# The three that are kept apart: nobody holds two of them.
ADMINISTRATORS = (Role.SYSADMIN, Role.SECURITY, Role.AUDITOR)
STATION_ROLES = tuple(role for role in Role if ROLES[role].needs_posting)
WIDER_ROLES = tuple(role for role in Role if not ROLES[role].needs_posting)
ROLE_LABELS = {role.value: str(role.label) for role in Role}

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LONGEST_PASSWORD = 128
SIMILAR = 0.7
_RUN = 4


def username_findings(username: str) -> list[Finding]:
    if USERNAME.fullmatch(username):
        return []
    return [
        Finding("username", "username", "账号请用 2 到 40 个小写字母、数字、点、横线，以字母或数字开头，如 chenlijuan")
    ]


def name_findings(name: str) -> list[Finding]:
    if not name:
        return [Finding("name", "display_name", "请填写姓名")]
    return [Finding("name", "display_name", "姓名最多 40 个字")] if len(name) > 40 else []


def password_findings(
    password: str, *, shortest: int, kinds: int, names: Iterable[str], common: bool, reused: bool
) -> list[Finding]:
    """What is wrong with a new password; `common` and `reused` were looked up."""
    found = []
    if len(password) < shortest:
        found.append(f"密码至少要 {shortest} 个字符，现在是 {len(password)} 个")
    if len(password) > LONGEST_PASSWORD:
        found.append(f"密码最多 {LONGEST_PASSWORD} 个字符")
    if password and kinds_in(password) < kinds:
        found.append(f"小写字母、大写字母、数字、符号里至少要有 {kinds} 种")
    if password and is_run(password):
        found.append("密码不能是同一个字符或顺着排下去的一串，请换一个")
    if any(is_similar(password, name) for name in names):
        found.append("密码和账号、姓名或城市名太像，请换一个")
    if common:
        found.append("这个密码太常见，容易被猜到，请换一个")
    if reused:
        found.append("这个密码最近用过，请换一个没用过的")
    return [Finding("password", "password", sentence) for sentence in found]


def kinds_in(password: str) -> int:
    """How many of small letters, capitals, digits and signs (other scripts count as signs) are in it."""
    tests = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
    return sum(bool(re.search(test, password)) for test in tests)


def is_run(password: str) -> bool:
    """Whether it is one character again and again, or one ladder up or down: aaaaaaaaaa, 0123456789."""
    steps = {ord(after) - ord(before) for before, after in pairwise(password)}
    return len(password) >= _RUN and len(steps) == 1 and steps <= {0, 1, -1}


def is_similar(password: str, name: str) -> bool:
    """Whether a name of three letters and more is half of it, or it is much the same."""
    one, other = password.lower(), name.lower()
    if len(other) < 3 or not one:
        return False
    inside = other in one and len(other) * 2 >= len(one)
    return inside or SequenceMatcher(None, one, other).ratio() >= SIMILAR


def separation_findings(role: Role, others: Iterable[str]) -> list[Finding]:
    """Two of the three administrators in one hand: `others` are the roles held or asked for."""
    if role not in ADMINISTRATORS:
        return []
    clash = [Role(other) for other in others if other in ADMINISTRATORS and other != role]
    if not clash:
        return []
    words = f"这个账号已是{clash[0].label}，不能再任{role.label}：三个管理员必须由不同的人担任"
    return [Finding("separation", "role", words)]


_BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("QQBrowser", "QQ 浏览器"), ("Edg", "微软浏览器"),
    ("Firefox", "火狐浏览器"), ("Chrome", "谷歌浏览器"), ("CriOS", "谷歌浏览器"), ("Safari", "苹果浏览器"),
)  # fmt: skip
_SYSTEMS = (
    ("HarmonyOS", "鸿蒙手机"), ("OpenHarmony", "鸿蒙手机"), ("iPhone", "苹果手机"), ("iPad", "苹果平板"),
    ("Android", "安卓手机"), ("Windows", "Windows 电脑"), ("Mac OS X", "苹果电脑"), ("Linux", "Linux 电脑"),
)  # fmt: skip


def device_in_words(user_agent: str) -> str:
    """The browser and the system that a browser says of itself, and nothing more: 谷歌浏览器，安卓手机."""
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "其他浏览器")
    system = next((words for mark, words in _SYSTEMS if mark in user_agent), "其他设备")
    return f"{browser}，{system}"
