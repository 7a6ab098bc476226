"""Roles given and taken back, and accounts stopped and started.

Roles of a station follow a posting and are the system administrator's; wider ones are asked for by the
system administrator and confirmed by the security administrator.
"""

from datetime import date
from uuid import UUID

from django.db.models import Q

from shuangbai.accounts.access import check_may, check_not_oneself
from shuangbai.accounts.actions.issuing import revoke
from shuangbai.accounts.actions.opening import give_or_ask, role_findings
from shuangbai.accounts.actions.sessions import end_sessions
from shuangbai.accounts.enums import EndReason, Outcome
from shuangbai.accounts.models import RoleRequest
from shuangbai.accounts.rules import STATION_ROLES, separation_findings
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.network.models import OrgUnit, Posting, RoleGrant, User
from shuangbai.network.roles import Permission, Role

ASKED = audit.kind("role.asked", "{by} 为账号 {username} 申请角色：{unit} {role}")
GIVEN = audit.kind("role.given", "{by} 授予账号 {username} 角色：{unit} {role}")
DECIDED = audit.kind("role.decided", "{by} 对账号 {username} 的角色申请（{unit} {role}）：{outcome}")
ENDED = audit.kind("role.ended", "{by} 收回账号 {username} 的角色：{unit} {role}，最后一天 {day}")
STOPPED = audit.kind("account.stopped", "{by} 停用了账号 {username}，理由：{reason}")
STARTED = audit.kind("account.started", "{by} 重新启用了账号 {username}")

NEEDED = (Role.SYSADMIN, Role.SECURITY)  # without one of each, nobody could let anybody in any more


def _lasting(user: User) -> list[RoleGrant]:
    """The grants of an account that hold today or later."""
    rows = RoleGrant.objects.filter(user=user).filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    return list(rows.select_related("unit"))


def _locked(user: User) -> User:
    """The account's row, locked, so that two who give roles to it come one after the other."""
    return User.objects.select_for_update().get(pk=user.pk)


# ASKING AND GIVING ---------------------------------------------------------


@action
def ask_role(
    *, by: User, user: User, role: Role, unit: OrgUnit, starts_on: date, ends_on: date | None = None, reason: str = ""
) -> RoleGrant | RoleRequest:
    """A station's role at once, a wider one as a request. Raises NotAllowed for oneself, Refused with sentences."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    check_not_oneself(by, user)
    account = _locked(user)
    posted = Posting.objects.on(clock.today()).filter(staff=account.staff_id) if account.staff_id else []
    posts = {(posting.staff_id, posting.unit_id) for posting in posted}
    findings = role_findings(role, unit, account.staff, posts)
    findings += separation_findings(role, _roles_in_hand(account))
    if findings:
        raise Refused(findings)
    _check_dates(starts_on, ends_on)
    held = any(grant.role == role and grant.unit_id == unit.pk for grant in _lasting(account))
    if held or RoleRequest.objects.filter(user=account, role=role, unit=unit, outcome="").exists():
        raise Refused.because("role", f"已经有{unit.name}{role.label}这个角色，或正等安全管理员确认")
    made = give_or_ask(
        by=by, user=account, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, reason=reason
    )  # fmt: skip
    kind = GIVEN if isinstance(made, RoleGrant) else ASKED
    audit.record(kind, by=by, about=user, username=user.username, unit=unit.name, role=role.label)
    return made


def _roles_in_hand(user: User) -> list[str]:
    """The roles that an account holds, will hold, or is to be given."""
    asked = RoleRequest.objects.filter(user=user, outcome="").values_list("role", flat=True)
    return [*(grant.role for grant in _lasting(user)), *asked]


def _check_dates(starts_on: date, ends_on: date | None) -> None:
    if starts_on < clock.today():
        raise Refused.because("starts_on", "角色不能从过去开始，请选今天或以后")
    if ends_on is not None and ends_on < starts_on:
        raise Refused.because("ends_on", "结束日期早于开始日期，请改正")


@action
def decide_role(*, by: User, request_id: UUID, outcome: Outcome) -> RoleGrant | None:
    """Confirm a role, which then holds, or decline it. Conflict where somebody decided already."""
    check_may(by, Permission.GRANT_ROLES)
    asked = _open_request(request_id)
    check_not_oneself(by, asked.user)
    if asked.asked_by_id == by.pk or outcome not in (Outcome.GRANTED, Outcome.DECLINED):
        raise NotAllowed
    grant = None
    if outcome == Outcome.GRANTED:
        account = _locked(asked.user)
        if not account.is_active:
            raise Refused.because("user", "这个账号已停用，不能授予角色")
        if findings := separation_findings(Role(asked.role), [held.role for held in _lasting(account)]):
            raise Refused(findings)
        start = max(asked.starts_on, clock.today())
        if asked.ends_on is not None and asked.ends_on < start:
            raise Refused.because("ends_on", "申请的结束日期已过，请不同意，让系统管理员重新申请")
        grant = RoleGrant.objects.create(
            user=account, role=asked.role, unit=asked.unit, starts_on=start, ends_on=asked.ends_on
        )
    _settle(asked, by, outcome)
    return grant


@action
def withdraw_role(*, by: User, request_id: UUID) -> None:
    """The system administrator takes a request back. Conflict where it was decided meanwhile."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    asked = _open_request(request_id)
    check_not_oneself(by, asked.user)
    _settle(asked, by, Outcome.WITHDRAWN)


def _open_request(request_id: UUID) -> RoleRequest:
    rows = RoleRequest.objects.select_for_update(of=("self",)).select_related("user", "unit", "decided_by")
    # PostgreSQL locks no row on the far side of an outer join: only the request itself is locked.
    asked = rows.filter(pk=request_id).first()
    if asked is None:
        raise NotAllowed
    if asked.outcome:
        raise Conflict(asked)
    return asked


def _settle(asked: RoleRequest, by: User, outcome: Outcome) -> None:
    asked.outcome, asked.decided_by, asked.decided_at = outcome, by, clock.now()
    asked.save(update_fields=["outcome", "decided_by", "decided_at"])
    audit.record(
        DECIDED, by=by, about=asked.user, username=asked.user.username, unit=asked.unit.name,
        role=Role(asked.role).label, outcome=outcome.label,
    )  # fmt: skip


# TAKING BACK ---------------------------------------------------------------


@action
def end_grant(*, by: User, grant_id: int, ends_on: date, seen: date | None) -> RoleGrant:
    """The last day of a role, today or later. `seen` is the last day that the page showed.

    Conflict where somebody changed it meanwhile; NotAllowed for one's own; Refused for the last administrator.
    """
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user", "unit").filter(pk=grant_id).first()
    if grant is None:
        raise NotAllowed
    role = Role(grant.role)
    check_may(by, Permission.MANAGE_ACCOUNTS if role in STATION_ROLES else Permission.GRANT_ROLES)
    check_not_oneself(by, grant.user)
    if grant.ends_on != seen:
        raise Conflict(grant)
    if ends_on < max(clock.today(), grant.starts_on):
        raise Refused.because("ends_on", "最后一天只能是今天或以后，且不早于开始日期")
    _check_not_last(grant.user, [role])
    grant.ends_on = ends_on
    grant.save(update_fields=["ends_on"])
    audit.record(
        ENDED, by=by, about=grant.user, username=grant.user.username, unit=grant.unit.name, role=role.label,
        day=ends_on.isoformat(),
    )  # fmt: skip
    return grant


def _check_not_last(user: User, roles: list[Role]) -> None:
    """Raise Refused where nobody else could do what a system or security administrator does, today and on."""
    for role in roles:
        if role not in NEEDED:
            continue
        holders = RoleGrant.objects.select_for_update(of=("self",)).on(clock.today()).filter(role=role, ends_on=None)
        others = holders.filter(user__is_active=True).exclude(user=user).select_related("user")
        if not any(grant.user.has_usable_password() for grant in others):
            raise Refused.because(
                "user", f"这是最后一个能用的{role.label}，停了就没有人能管账号和角色。请先让另一个人担任{role.label}"
            )


# STOPPING ------------------------------------------------------------------


@action
def stop_account(*, by: User, user: User, reason: str) -> None:
    """Nobody signs in with the account any more, and whoever is signed in is out at once. Its records stay."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    check_not_oneself(by, user)
    account = _locked(user)
    if not account.is_active:
        raise Refused.because("reason", "这个账号已经停用")
    _check_not_last(account, [Role(grant.role) for grant in _lasting(account) if grant.holds_on(clock.today())])
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account, EndReason.STOPPED)
    revoke(account)
    audit.record(STOPPED, by=by, about=account, username=account.username, reason=reason)


@action
def start_account(*, by: User, user: User) -> None:
    """A stopped account may sign in again, with the password it had."""
    check_may(by, Permission.MANAGE_ACCOUNTS)
    check_not_oneself(by, user)
    account = _locked(user)
    if account.is_active:
        raise Refused.because("user", "这个账号正在使用，不用启用")
    account.is_active = True
    account.save(update_fields=["is_active"])
    audit.record(STARTED, by=by, about=account, username=account.username)
