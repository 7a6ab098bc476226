"""Reading accounts: the policy in force, the list, what is asked for, sessions."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from shuangbai.accounts.enums import AccountState
from shuangbai.accounts.models import (
    AccountSession,
    OneTimeCode,
    PastPassword,
    Policy,
    ProviderLink,
    ResetRequest,
    RoleRequest,
    SecondFactor,
)
from shuangbai.accounts.rules import ADMINISTRATORS
from shuangbai.core import clock
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.models import AuditEvent
from shuangbai.network.access import viewer_of
from shuangbai.network.enums import Post, UnitKind
from shuangbai.network.models import OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.roles import Permission, Role

PAGE = 50
LONGEST_SESSION = timedelta(hours=24)


def setup_items() -> list[tuple[str, str, str, Permission]]:
    """What the set-up hub shows of this room: url name, label, one line about it, the permission for it."""
    return [
        ("account-list", "账号", "开设账号、发邀请、重设密码、解锁、停用", Permission.MANAGE_ACCOUNTS),
        ("role-list", "角色确认", "确认或收回督导、经办和三个管理员的角色", Permission.GRANT_ROLES),
        ("policies", "登录规则", "密码、锁定、会话、二次验证和邀请码的规则及历史", Permission.SET_POLICIES),
    ]


# POLICY --------------------------------------------------------------------


def latest_policy() -> Policy:
    """The rules written last; the defaults (version 0) where none were set."""
    return Policy.objects.select_related("set_by").order_by("-version").first() or Policy(version=0)


def policy_on(day: date) -> Policy:
    """The rules of signing in that held on the day."""
    return Policy.objects.filter(starts_on__lte=day).order_by("-version").first() or Policy(version=0)


def policy() -> Policy:
    return policy_on(clock.today())


def policy_history() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind="policy.set").order_by("-at", "-id")[:100])


def roles_that_need_a_factor(user: User, rules: Policy) -> list[Role]:
    """The roles held today for which the policy asks a second factor."""
    return [held.role for held in viewer_of(user).held if held.role in rules.factor_roles]


def has_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exists()


def password_is_over(user: User, rules: Policy) -> bool:
    """Whether the password is older than the policy allows. One that nobody noted the day of is not judged."""
    if not rules.password_days:
        return False
    latest = PastPassword.objects.filter(user=user).order_by("-set_at").values_list("set_at", flat=True).first()
    return latest is not None and (clock.now() - latest).days > rules.password_days


# ACCOUNTS ------------------------------------------------------------------


def accounts() -> QuerySet[User]:
    """All accounts with what their state follows from, and the grants that hold today or later."""
    now = clock.now()
    codes = OneTimeCode.objects.filter(user=OuterRef("pk"), used_at=None, revoked_at=None, expires_at__gt=now)
    lasting = RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    unusable = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return (
        User.objects.select_related("staff")
        .annotate(
            is_locked=Exists(locking().filter(username=OuterRef("username"))),
            has_code=Exists(codes),
            has_factor=Exists(SecondFactor.objects.filter(user=OuterRef("pk"))),
            no_password=ExpressionWrapper(unusable, output_field=BooleanField()),
        )
        .prefetch_related(
            Prefetch("grants", lasting.select_related("unit").order_by("starts_on", "id"), to_attr="lasting")
        )
    )


def locking() -> QuerySet[AccessAttempt]:
    """The counts of wrong passwords that lock at this moment. Axes writes them by the machine's clock."""
    rules = policy()
    since = timezone.now() - timedelta(minutes=rules.lock_minutes)  # noqa: TID251
    return AccessAttempt.objects.filter(failures_since_start__gte=rules.lock_after, attempt_time__gt=since)


def state_of(user: Any) -> AccountState:
    """How an account of `accounts()` stands."""
    if not user.is_active:
        return AccountState.STOPPED
    if user.is_locked:
        return AccountState.LOCKED
    if user.no_password:
        return AccountState.INVITED if user.has_code else AccountState.UNOPENED
    return AccountState.ACTIVE


STATES: dict[str, Q] = {
    AccountState.STOPPED: Q(is_active=False),
    AccountState.LOCKED: Q(is_active=True, is_locked=True),
    AccountState.INVITED: Q(is_active=True, is_locked=False, no_password=True, has_code=True),
    AccountState.UNOPENED: Q(is_active=True, is_locked=False, no_password=True, has_code=False),
    AccountState.ACTIVE: Q(is_active=True, is_locked=False, no_password=False),
}


def find_accounts(q: str = "", state: str = "", role: str = "") -> QuerySet[User]:
    """The accounts that a search leaves, by name."""
    found = accounts()
    if q:
        found = found.filter(
            Q(username__icontains=q) | Q(display_name__icontains=q) | Q(staff__postings__unit__name__icontains=q)
        ).distinct()
    if state:
        found = found.filter(STATES[state])
    if role:
        held = RoleGrant.objects.on(clock.today()).filter(user=OuterRef("pk"), role=role)
        found = found.filter(Exists(held))
    return found.order_by("username")


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as the list shows it."""

    user: User
    state: AccountState
    roles: list[RoleGrant]


def account_lines(found: Iterable[Any]) -> list[AccountLine]:
    return [AccountLine(user, state_of(user), user.lasting) for user in found]


def open_code(user: User) -> OneTimeCode | None:
    return OneTimeCode.objects.filter(user=user, used_at=None, revoked_at=None).select_related("issued_by").first()


def history_of(user: User) -> list[AuditEvent]:
    """What was done to an account, newest first; its signing in and its owner's other work are not here."""
    about = AuditEvent.objects.filter(about_type=User._meta.label_lower, about_id=str(user.pk))
    return list(about.exclude(kind="session.begun").order_by("-at", "-id")[:50])


def sessions_of(user: User) -> list[AccountSession]:
    """Open sessions first, then those that somebody ended lately.

    Which of the open ones were left idle is not known, for nobody notes when somebody was last there.
    """
    since = clock.now() - LONGEST_SESSION
    rows = AccountSession.objects.filter(user=user).filter(Q(ended_at__isnull=False) | Q(begun_at__gt=since))
    return sorted(rows.order_by("-begun_at")[:30], key=lambda row: row.ended_at is not None)


# REQUESTS ------------------------------------------------------------------


def open_resets() -> QuerySet[ResetRequest]:
    return ResetRequest.objects.filter(outcome="").select_related("user__staff", "asked_by").order_by("asked_at")


def role_requests(*, decided: bool) -> QuerySet[RoleRequest]:
    rows = RoleRequest.objects.select_related("user", "unit", "asked_by", "decided_by")
    return rows.exclude(outcome="").order_by("-decided_at") if decided else rows.filter(outcome="").order_by("asked_at")


def administrators() -> QuerySet[User]:
    """The accounts that hold, today or later, one of the three administrators' roles."""
    lasting = RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    return accounts().filter(pk__in=lasting.filter(role__in=ADMINISTRATORS).values("user")).order_by("username")


def others_with_a_factor(but: User) -> QuerySet[User]:
    """Who else has an authenticator that may get lost: neither an administrator nor the one who asks."""
    found = User.objects.filter(second_factor__isnull=False, is_active=True).exclude(pk=but.pk)
    return found.exclude(pk__in=administrators().values("pk")).order_by("username")


def wider_grants() -> QuerySet[RoleGrant]:
    """The grants of roles above the stations that hold today or later."""
    rows = RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=clock.today()))
    return rows.exclude(role__in=(Role.WORKER, Role.HEAD)).select_related("user", "unit").order_by("role", "starts_on")


# WHAT A PASTED LIST NAMES --------------------------------------------------


def units_by_name() -> dict[str, list[OrgUnit]]:
    """The units that stand today under their name and under their code."""
    found: dict[str, list[OrgUnit]] = {}
    for unit in OrgUnit.objects.on(clock.today()).exclude(kind=UnitKind.POINT):
        for name in {unit.name, unit.code, unit.name.removesuffix("社工站")}:
            found.setdefault(name, []).append(unit)
    return found


def staff_by_unit(names: Iterable[str]) -> dict[tuple[Any, str], list[Staff]]:
    """Who of that name is posted at which unit today; `leads` on each says whether as its head."""
    found: dict[tuple[Any, str], list[Any]] = {}
    rows = Posting.objects.on(clock.today()).filter(staff__name__in=set(names)).select_related("staff")
    for posting in rows:
        people = found.setdefault((posting.unit_id, posting.staff.name), [])
        if posting.staff not in people:
            posting.staff.leads = False  # type: ignore[attr-defined]
            people.append(posting.staff)
        if posting.post == Post.STATION_HEAD:
            people[people.index(posting.staff)].leads = True
    return found


def staff_without_account() -> QuerySet[Staff]:
    """Everybody posted today who has no account yet."""
    posted = Posting.objects.on(clock.today()).filter(staff=OuterRef("pk"))
    return Staff.objects.filter(Exists(posted), account__isnull=True).order_by("name", "id")


# THE PROVIDER --------------------------------------------------------------


def claim_digest(issuer: str, claim: str) -> str:
    return hashlib.sha256(f"{issuer}\x1f{claim.strip()}".encode()).hexdigest()


def claim_hash(issuer: str, claim: str) -> str:
    return lookup_hash(claim_digest(issuer, claim), "account.provider")


def linked_account(issuer: str, claim: str) -> User | None:
    """The account that a name at the provider is bound to, if it may sign in."""
    links = ProviderLink.objects.filter(issuer=issuer, claim_hash=claim_hash(issuer, claim), user__is_active=True)
    link = links.select_related("user__staff").first()
    return link.user if link else None
