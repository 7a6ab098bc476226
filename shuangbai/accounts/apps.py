from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest


class AccountsConfig(AppConfig):
    name = "shuangbai.accounts"

    def ready(self) -> None:
        from shuangbai.accounts import hashes
        from shuangbai.core.hashes import keeps_hashes

        keeps_hashes("账号", rebuild=hashes.rebuild, stale=hashes.stale)
        # Django's own signal, because every way in sends it: nobody signs in without a session that can be ended.
        user_logged_in.connect(_begin, dispatch_uid="shuangbai.accounts")


def _begin(sender: object, request: HttpRequest, user: object, **_: object) -> None:
    from shuangbai.accounts.middleware import begin

    begin(request, user)  # type: ignore[arg-type]
