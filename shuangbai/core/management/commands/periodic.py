"""`shuangbai manage periodic`: the runner of the jobs listed in config/jobs.py."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from shuangbai.core.periodic import Runner, run_due

GRACE_SECONDS = 8


class Command(BaseCommand):
    help = "Run the periodic jobs of config/jobs.py until stopped, or once those that are due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due, one after another, and end")

    def handle(self, *_: Any, once: bool = False, **options: Any) -> None:
        if once:
            for name in run_due():
                self.stdout.write(name)
            return
        runner = Runner()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: runner.stopping.set())
        runner.loop()
        runner.finish(GRACE_SECONDS)
