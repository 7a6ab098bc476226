"""What proves an account and what it asked for: codes, passwords used, the second factor, sessions, requests, policy.

The account itself and its grants are in network, where everything above can ask them.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from shuangbai.accounts.enums import EndReason, Outcome, Purpose
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Role

HASH = 32  # hexadecimal digits of core.crypto.lookup_hash


def _account(**more: Any) -> Any:
    options = {"on_delete": models.PROTECT, "related_name": "+", **more}
    return models.ForeignKey(settings.AUTH_USER_MODEL, **options)


class OneTimeCode(models.Model):
    """A code by which somebody sets a password: shown once when it is made, kept as a keyed hash."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = _account(related_name="codes")
    purpose = models.CharField("用途", max_length=10, choices=Purpose)
    code_hash = models.CharField(max_length=HASH)
    digest = EncryptedTextField(purpose="account.code")  # from which the hash is computed anew under another key
    issued_at = models.DateTimeField("发出时间")
    issued_by = _account(null=True, verbose_name="发出人")
    expires_at = models.DateTimeField("有效至")
    used_at = models.DateTimeField("使用时间", null=True)
    revoked_at = models.DateTimeField("作废时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(used_at__isnull=True, revoked_at__isnull=True), name="code_one_open"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("issued_at")), name="code_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True), name="code_used_or_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.user_id}"


class PastPassword(models.Model):
    """A password that somebody set, as its hash: for its age, and so that it is not used again."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    user = _account(related_name="passwords")
    encoded = models.CharField(max_length=200)
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-set_at"], name="past_password_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.set_at:%Y-%m-%d}"


class SecondFactor(models.Model):
    """An authenticator app (RFC 6238) bound to an account. A time step that was used is never taken again."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, primary_key=True, related_name="second_factor"
    )
    secret = EncryptedTextField(purpose="account.totp")
    enrolled_at = models.DateTimeField("绑定时间")
    latest_step = models.BigIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(failures=0, failed_at__isnull=True) | Q(failures__gt=0, failed_at__isnull=False),
                name="factor_failures_have_a_time",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class RecoveryCode(models.Model):
    """One of the codes on paper that stand in for the authenticator app, each once."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    user = _account(related_name="recovery_codes")
    code_hash = models.CharField(max_length=HASH)
    digest = EncryptedTextField(purpose="account.recovery")
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "code_hash"], name="recovery_code_once")]

    def __str__(self) -> str:
        return str(self.user_id)


class AccountSession(models.Model):
    """That somebody signed in, on which kind of device. Neither where, nor when they were last seen."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"device"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    user = _account(related_name="sessions")
    begun_at = models.DateTimeField("登录时间")
    device = models.CharField("设备", max_length=60)
    ended_at = models.DateTimeField("结束时间", null=True)
    end_reason = models.CharField("结束原因", max_length=20, choices=EndReason, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_reason="") | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="session_end_has_a_reason",
            )
        ]
        indexes = [models.Index(fields=["user", "-begun_at"], name="session_latest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class Decided(models.Model):
    """A request: who asked when, and who decided when and how."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_at = models.DateTimeField("申请时间")
    asked_by = _account(verbose_name="申请人")
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField("决定时间", null=True)
    decided_by = _account(null=True, verbose_name="决定人")
    outcome = models.CharField("结果", max_length=10, choices=Outcome, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | (Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome="")),
                name="%(class)s_decided_whole",
            )
        ]


class ResetRequest(Decided):
    """A station head asks that a worker of the station may set a new password."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    user = _account(related_name="reset_requests")

    class Meta:
        constraints = [
            *Decided.Meta.constraints,
            models.UniqueConstraint(fields=["user"], condition=Q(outcome=""), name="reset_one_open"),
        ]

    def __str__(self) -> str:
        return str(self.user_id)


class RoleRequest(Decided):
    """The system administrator asks for a role above the stations; the security administrator confirms it."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    user = _account(related_name="role_requests")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey(OrgUnit, verbose_name="范围", on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)

    class Meta:
        constraints = [
            *Decided.Meta.constraints,
            models.UniqueConstraint(fields=["user", "role", "unit"], condition=Q(outcome=""), name="role_asked_once"),
            models.CheckConstraint(condition=~Q(asked_by=F("user")), name="role_not_asked_for_oneself"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")), name="role_not_given_to_oneself"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="role_request_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"


def _number(words: str, default: int, least: int, most: int) -> models.PositiveIntegerField:
    bounds = [
        MinValueValidator(least, f"至少 {least}，现在填的是 %(show_value)s"),
        MaxValueValidator(most, f"至多 {most}，现在填的是 %(show_value)s"),
    ]
    return models.PositiveIntegerField(words, default=default, validators=bounds)


class Policy(models.Model):
    """The rules of signing in, whole, as the security administrator set them. Rows are only added.

    What holds on a day is the highest version that starts by then; a version is written once, so of two
    people who save on top of the same one the second is refused. The defaults are those of level two of
    the national scheme for protecting systems (等保二级).
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset({"reason"})

    version = models.PositiveIntegerField(unique=True)
    starts_on = models.DateField("生效日期")
    set_at = models.DateTimeField("设定时间")
    set_by = _account(verbose_name="设定人")
    reason = models.CharField("理由", max_length=200)
    shortest = _number("密码最少几个字符", 10, 8, 64)
    kinds = _number("密码至少几种字符", 2, 1, 4)
    password_days = _number("密码用多少天要换", 90, 0, 3650)
    not_again = _number("最近几个用过的密码不能再用", 3, 0, 24)
    lock_after = _number("连续输错几次锁定", 8, 3, 20)
    lock_minutes = _number("锁定多少分钟", 15, 5, 1440)
    idle_minutes = _number("多少分钟不操作要重新登录", 30, 5, 480)
    session_hours = _number("登录一次最长几小时", 12, 1, 24)
    code_hours = _number("邀请码几小时内有效", 72, 1, 720)
    reset_hours = _number("重设密码的码几小时内有效", 24, 1, 168)
    heads_may_ask = models.BooleanField("站长可以为本站社工申请重设密码", default=True)
    factor_roles = models.JSONField("必须绑定验证器的角色", default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(shortest__gte=8), name="policy_password_not_short"),
            models.CheckConstraint(condition=Q(lock_after__gte=3, lock_minutes__gte=5), name="policy_locks"),
            models.CheckConstraint(
                condition=Q(idle_minutes__gte=5, session_hours__gte=1, session_hours__lte=24),
                name="policy_sessions_end",
            ),
            models.CheckConstraint(
                condition=Q(code_hours__gte=1, reset_hours__gte=1), name="policy_codes_live_for_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}"


class ProviderLink(models.Model):
    """Which account a name at the sign-in provider belongs to. The name itself is kept as a keyed hash only."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    user = _account(related_name="provider_links")
    issuer = models.CharField("登录平台", max_length=200)
    claim_hash = models.CharField(max_length=HASH)
    digest = EncryptedTextField(purpose="account.provider")
    linked_at = models.DateTimeField("绑定时间")
    linked_by = _account(verbose_name="绑定人")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "claim_hash"], name="provider_name_once"),
            models.UniqueConstraint(fields=["issuer", "user"], name="provider_link_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.issuer}"
