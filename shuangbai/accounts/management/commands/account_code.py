"""`shuangbai manage account_code NAME`: a one-time code from the server's own shell, when no administrator can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from shuangbai.accounts.actions import issue_code
from shuangbai.accounts.enums import Purpose
from shuangbai.core.findings import Refused
from shuangbai.network.models import User


class Command(BaseCommand):
    help = "给一个账号发一次性码，用它可以设新密码。会留痕。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="账号")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"没有账号 {options['username']}")
        purpose = Purpose.RESET if user.has_usable_password() else Purpose.INVITE
        try:
            issued = issue_code(by=None, user=user, purpose=purpose)
        except Refused as refused:
            raise CommandError(refused.findings[0].sentence) from None
        self.stdout.write(issued.code)
        self.stderr.write(f"在 /welcome 填账号和这个码，有效至 {issued.expires_at:%Y-%m-%d %H:%M}")
