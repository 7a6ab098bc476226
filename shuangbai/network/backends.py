"""How an account is proved."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from shuangbai.core.prepared import prepared
from shuangbai.network.models import User


class AccountBackend(BaseBackend):
    """User name and password. A wrong name takes as long as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        user = User.objects.filter(username=username or "").select_related("staff").first()
        if user is None:
            User().set_password(password or "")
            return None
        return user if user.is_active and user.check_password(password or "") else None

    def get_user(self, user_id: Any) -> User | None:
        try:
            return next(iter(_active(UUID(str(user_id)))), None)
        except ValueError:
            return None


@prepared
def _active(user_id: UUID) -> QuerySet[User]:
    return User.objects.filter(pk=user_id, is_active=True).select_related("staff")
