from typing import Any

from django.apps import AppConfig
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest


class UpkeepConfig(AppConfig):
    name = "shuangbai.upkeep"

    def ready(self) -> None:
        from axes.signals import user_locked_out  # it needs its tables to be there

        # Signals of Django and of axes, because every way in sends them; the product itself has none.
        user_login_failed.connect(_failed, dispatch_uid="shuangbai.upkeep.failed")
        user_locked_out.connect(_locked, dispatch_uid="shuangbai.upkeep.locked")


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """One that is locked out already is not told again and again: its lock is in the trail."""
    from shuangbai.upkeep.alerts import note_signin_failed

    if request is not None and not getattr(request, "axes_locked_out", False):
        note_signin_failed(username=credentials.get("username") or "", address=_address(request))


def _locked(username: str | None = None, request: HttpRequest | None = None, **_: Any) -> None:
    from shuangbai.upkeep.alerts import note_locked_out

    if request is not None:
        note_locked_out(username=username or "", address=_address(request))


def _address(request: HttpRequest) -> str:
    return str(getattr(request, "axes_ip_address", None) or request.META.get("REMOTE_ADDR", ""))
