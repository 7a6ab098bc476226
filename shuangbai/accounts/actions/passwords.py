"""Passwords: their rules, setting one by a code, changing one's own, and resets that a station head asks for."""

from functools import lru_cache

from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import CommonPasswordValidator

from shuangbai.accounts.models import PastPassword
from shuangbai.accounts.queries import policy
from shuangbai.accounts.rules import password_findings
from shuangbai.core import clock
from shuangbai.core.findings import Refused
from shuangbai.core.queries import installation_names
from shuangbai.network.models import User


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """The twenty thousand commonest passwords, as Django brings them."""
    return frozenset(CommonPasswordValidator().passwords)


def check_password_rules(user: User, password: str, field: str = "password") -> None:
    """Raise Refused where the policy of the day does not take the password for this account."""
    rules = policy()
    recent = PastPassword.objects.filter(user=user).order_by("-set_at", "-id")[: rules.not_again]
    used = [user.password, *(past.encoded for past in recent)] if rules.not_again else []
    findings = password_findings(
        password, shortest=rules.shortest, kinds=rules.kinds, common=password.lower().strip() in _common(),
        names=(user.username, user.display_name, installation_names().city),
        reused=any(check_password(password, encoded) for encoded in used),
    )  # fmt: skip
    if findings:
        raise Refused([type(f)(f.code, field, f.sentence) for f in findings])


def keep_password(user: User) -> None:
    """Note the password that was just set: how old it is, and that it is not taken again."""
    PastPassword.objects.create(user=user, encoded=user.password, set_at=clock.now())
