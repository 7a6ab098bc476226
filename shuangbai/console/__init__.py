"""Commands of the console script in modules of their own; cli.py registers them."""

import argparse
from collections.abc import Callable
from typing import Any


def add_commands(commands: Any, start: Callable[[], None]) -> None:
    """Add every command's words. `start` loads Django; a command calls it once it knows where its data are."""
    from shuangbai.console import backup, doctor, keys, ledgers, verify

    for module in (backup, doctor, keys, verify, ledgers):
        module.add(commands, start)


def plainly(run: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], None]:
    """A command that ends in one line for what a rule or a sealed file has to say."""

    def running(chosen: argparse.Namespace) -> None:
        from django.core.exceptions import ImproperlyConfigured

        from shuangbai.core.findings import Refused
        from shuangbai.core.sealed import Unreadable

        try:
            run(chosen)
        except Refused as error:
            raise ImproperlyConfigured(" ".join(finding.sentence for finding in error.findings)) from error
        except Unreadable as error:
            raise ImproperlyConfigured(str(error)) from error

    return running


def must_be_there() -> None:
    """Raise ImproperlyConfigured where there is no installation yet. Asking makes no file."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db import connection

    from shuangbai.core import databases
    from shuangbai.core.models import Installation

    empty = databases.is_empty()
    if empty or Installation._meta.db_table not in connection.introspection.table_names():
        raise ImproperlyConfigured("这里还没有数据。请先运行 shuangbai serve，或检查 SHUANGBAI_DATA 与 DATABASE_URL。")
