"""How an account is proved."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from shuangbai.accounts.models import OneTimeCode
from shuangbai.core import clock
from shuangbai.network.models import User


class AccountBackend(BaseBackend):
    """User name and password, or user name and one-time code. A wrong name takes as long as a wrong password.

    The name of the third word is one that Django leaves out when it tells of a failure.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        one_time_secret: str | None = None,
        **_: Any,
    ) -> User | None:
        user = User.objects.filter(username=username or "").select_related("staff").first()
        if one_time_secret is not None:
            return user if user is not None and opens(user, one_time_secret) else None
        if user is None:
            User().set_password(password or "")
            return None
        return user if user.check_password(password or "") and user.is_active else None

    def get_user(self, user_id: Any) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).select_related("staff").first()


def opens(user: User, code_hash: str) -> bool:
    """Whether the account may be opened by the code of this hash now."""
    rows = OneTimeCode.objects.filter(user=user, used_at=None, revoked_at=None, code_hash=code_hash)
    return user.is_active and rows.filter(expires_at__gt=clock.now()).exists()
