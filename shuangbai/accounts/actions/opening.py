"""Opening accounts: the first administrators, one person, a pasted list."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib.auth.hashers import make_password

from shuangbai.accounts.access import check_may
from shuangbai.accounts.actions.issuing import Issued, issue
from shuangbai.accounts.actions.passwords import check_password_rules, keep_password
from shuangbai.accounts.enums import Purpose
from shuangbai.accounts.models import RoleRequest
from shuangbai.accounts.rules import ADMINISTRATORS, STATION_ROLES, name_findings, username_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Finding, NotAllowed, Refused
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.queries import root_unit
from shuangbai.network.roles import Permission, Role

FOUNDED = audit.kind("account.founded", "{by} 建立了第一个系统管理员账号 {username}")
OPENED = audit.kind("account.opened", "{by} 开设了账号 {username}（{role}）")


@dataclass(frozen=True, slots=True)
class AccountEntry:
    """An account to open: whose, called what, in which role at which unit."""

    username: str
    display_name: str
    role: Role
    unit: OrgUnit
    staff: Staff | None = None
    starts_on: date | None = None
    reason: str = ""


# THE FIRST ADMINISTRATORS --------------------------------------------------


@action
def found_administration(*, username: str, display_name: str, password: str | None) -> User:
    """The first account of an installation: a system administrator at the top of the tree.

    Only while no account exists and the tree has its root; Refused otherwise. Without a password the account
    waits for a code: `issue_code(by=None, user=…)`, from the shell alone.
    """
    root = root_unit()
    if User.objects.exists():
        raise Refused.because("username", "已经有账号了，不能再建立第一个管理员。请登录后开设账号")
    if root is None:
        raise Refused.because("unit", "还没有机构，请先建立最上级机构（如民政局）")
    user = _new_user(username, display_name)
    if password is not None:
        check_password_rules(user, password)
        user.set_password(password)
    user.save(force_insert=True)
    if password is not None:
        keep_password(user)
    RoleGrant.objects.create(user=user, role=Role.SYSADMIN, unit=root, starts_on=clock.today())
    audit.record(FOUNDED, by=user, about=user, username=username)
    return user


@action
def invite(*, by: User, username: str, display_name: str, role: Role) -> Issued:
    """The first security administrator or the first auditor, whom nobody can confirm yet.

    NotAllowed unless `by` may manage accounts; Refused once the role was ever given: from then on it is
    asked for and confirmed.
    """
    check_may(by, Permission.MANAGE_ACCOUNTS)
    if role not in (Role.SECURITY, Role.AUDITOR):
        raise NotAllowed
    if RoleGrant.objects.filter(role=role).exists():
        raise Refused.because("role", f"已经有过{role.label}，请改用「开设账号」，由安全管理员确认")
    root = root_unit()
    assert root is not None  # `by` holds a role in a tree  # noqa: S101
    user = _new_user(username, display_name)
    user.save(force_insert=True)
    RoleGrant.objects.create(user=user, role=role, unit=root, starts_on=clock.today())
    audit.record(OPENED, by=by, about=user, username=username, role=role.label)
    return issue(user, Purpose.INVITE, by)


# OPENING -------------------------------------------------------------------


@action
def open_accounts(*, by: User, entries: Sequence[AccountEntry]) -> list[Issued]:
    """Open accounts, all or none, each with an invitation.

    A station's role holds at once; a wider one is asked for and holds when the security administrator
    confirms it. Raises NotAllowed without MANAGE_ACCOUNTS, Refused with fields `0-username`, `1-role` ….
    """
    check_may(by, Permission.MANAGE_ACCOUNTS)
    findings = [
        replace(finding, field=f"{index}-{finding.field}")
        for index, found in enumerate(entry_findings(entries))
        for finding in found
    ]
    if findings:
        raise Refused(findings)
    issued = []
    for entry in entries:
        user = _new_user(entry.username, entry.display_name)
        user.staff = entry.staff
        user.save(force_insert=True)
        audit.record(OPENED, by=by, about=user, username=entry.username, role=entry.role.label)
        give_or_ask(by=by, user=user, role=entry.role, unit=entry.unit, starts_on=entry.starts_on, reason=entry.reason)
        issued.append(issue(user, Purpose.INVITE, by))
    return issued


def entry_findings(entries: Sequence[AccountEntry]) -> list[list[Finding]]:
    """For each entry what stands in its way: five queries for all."""
    names = [entry.username for entry in entries]
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    staff = [entry.staff.pk for entry in entries if entry.staff]
    held = set(User.objects.filter(staff__in=staff).values_list("staff_id", flat=True))
    posted = set(Posting.objects.on(clock.today()).filter(staff__in=staff).values_list("staff_id", "unit_id"))
    found = []
    for index, entry in enumerate(entries):
        findings = username_findings(entry.username) + name_findings(entry.display_name)
        if entry.username in taken:
            findings.append(Finding("taken", "username", f"账号 {entry.username} 已有人使用，请换一个"))
        elif entry.username in names[:index]:
            findings.append(Finding("taken", "username", f"账号 {entry.username} 在名单里出现了两次，请改其中一个"))
        if entry.staff and (entry.staff.pk in held or entry.staff in [e.staff for e in entries[:index]]):
            findings.append(Finding("staff", "staff", f"{entry.staff.name}已经有账号，不能再开一个"))
        findings += role_findings(entry.role, entry.unit, entry.staff, posted)
        found.append(findings)
    return found


def role_findings(role: Role, unit: OrgUnit, staff: Staff | None, posted: set) -> list[Finding]:
    """Whether a role suits a unit and the person's postings of today, given as (staff, unit)."""
    if role in STATION_ROLES:
        if unit.kind != UnitKind.STATION:
            return [Finding("unit", "unit", f"{role.label}只能在社工站，{unit.name}不是社工站")]
        if staff is None or (staff.pk, unit.pk) not in posted:
            return [Finding("posting", "staff", f"在{unit.name}没有今天在岗的任职，请先到「人员」登记任职")]
    if role in ADMINISTRATORS and unit.parent_id is not None:
        return [Finding("unit", "unit", f"{role.label}的范围只能是最上级机构")]
    return []


def give_or_ask(
    *, by: User, user: User, role: Role, unit: OrgUnit, starts_on: date | None = None, ends_on: date | None = None,
    reason: str = "",
) -> RoleGrant | RoleRequest:  # fmt: skip
    """A station's role as a grant, a wider one as a request. For actions that have checked who and when."""
    start = starts_on or clock.today()
    if role in STATION_ROLES:
        return RoleGrant.objects.create(user=user, role=role, unit=unit, starts_on=start, ends_on=ends_on)
    return RoleRequest.objects.create(
        user=user, role=role, unit=unit, starts_on=start, ends_on=ends_on, reason=reason, asked_by=by,
        asked_at=clock.now(),
    )  # fmt: skip


def _new_user(username: str, display_name: str) -> User:
    """An account not yet saved, without a password. Raises Refused for a name that is off or taken."""
    findings = username_findings(username) + name_findings(display_name)
    if User.objects.filter(username=username).exists():
        findings.append(Finding("taken", "username", f"账号 {username} 已有人使用，请换一个"))
    if findings:
        raise Refused(findings)
    return User(username=username, display_name=display_name, password=make_password(None))
