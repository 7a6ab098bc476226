"""`shuangbai backup`, `backup verify` and `restore`: one sealed file out, tried out, and back in."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shuangbai.console import must_be_there, plainly

VARIABLE = "SHUANGBAI_BACKUP_PASSPHRASE"


def add(commands: Any, start: Callable[[], None]) -> None:
    backup = commands.add_parser("backup", help="备份为一个加密文件，并恢复到临时位置核对")
    passphrase_words(backup)
    backup.add_argument("--to", type=Path, metavar="DIR", help="放到哪个目录（默认 SHUANGBAI_BACKUPS）")
    backup.add_argument("--no-verify", action="store_true", help="不核对")
    backup.set_defaults(run=plainly(run_backup), start=start)
    parts = backup.add_subparsers(metavar="verify", required=False)
    verify = parts.add_parser("verify", help="把一份备份恢复到临时位置核对")
    verify.add_argument("file", type=Path)
    passphrase_words(verify)
    verify.set_defaults(run=plainly(run_verify), start=start)
    restore = commands.add_parser("restore", help="从备份恢复")
    restore.add_argument("file", type=Path)
    restore.add_argument(
        "--into", action="append", default=[], metavar="DIR|DATABASE_URL",
        help="恢复到哪个数据目录或数据库，可写两次（默认 SHUANGBAI_DATA 与 DATABASE_URL）",
    )  # fmt: skip
    restore.add_argument("--replace", action="store_true", help="目标已有数据：移到一边，再放入备份")
    passphrase_words(restore)
    restore.set_defaults(run=plainly(run_restore), start=start)


def passphrase_words(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--passphrase-file", type=Path, metavar="FILE", help=f"口令文件的第一行（或环境变量 {VARIABLE}）"
    )


def passphrase(chosen: argparse.Namespace, *, new: bool = False) -> str:
    """From the file, the environment, the settings' file, or typed. Raises ImproperlyConfigured where there is none."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.upkeep.archive import read_passphrase, scheduled_passphrase

    if chosen.passphrase_file:
        return read_passphrase(chosen.passphrase_file)
    if os.environ.get(VARIABLE):
        return os.environ[VARIABLE]
    kept = scheduled_passphrase()
    if kept is not None:
        return kept
    if not sys.stdin.isatty():
        raise ImproperlyConfigured(f"没有口令：请用 --passphrase-file 指定口令文件，或设置环境变量 {VARIABLE}。")
    typed = getpass.getpass("备份口令：")
    if new and getpass.getpass("再输一遍：") != typed:
        raise ImproperlyConfigured("两次输入的口令不一样，没有备份。")
    return typed


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def run_backup(chosen: argparse.Namespace) -> None:
    chosen.start()
    must_be_there()
    from django.conf import settings

    from shuangbai.upkeep.actions import ask_for_backup, note_backup_failed
    from shuangbai.upkeep.enums import Origin
    from shuangbai.upkeep.jobs import back_up, why

    words = passphrase(chosen, new=True)
    folder = (chosen.to or Path(settings.BACKUPS_DIR)).resolve()
    run = ask_for_backup(by=None, origin=Origin.SHELL)
    try:
        path = back_up(run, folder, words, verified=not chosen.no_verify)
    except Exception as error:
        note_backup_failed(run_id=run.pk, error=why(error))
        raise
    say(
        "已备份"
        + ("。" if chosen.no_verify else "，并恢复到临时位置核对无误。")
        + "口令要另外保管：没有它，备份打不开。"
    )
    print(path)


def run_verify(chosen: argparse.Namespace) -> None:
    chosen.start()
    from django.conf import settings

    from shuangbai.upkeep.restoring import verify

    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    print(told(verify(existing(chosen.file), passphrase(chosen)), "核对无误"))


def run_restore(chosen: argparse.Namespace) -> None:
    """Into the data directory and database of the environment, or those that --into names."""
    for target in chosen.into:
        os.environ["DATABASE_URL" if "://" in target else "SHUANGBAI_DATA"] = target
    if chosen.into and not any("://" in target for target in chosen.into):
        os.environ.pop("DATABASE_URL", None)  # a directory alone means SQLite in it
    chosen.start()
    from shuangbai.upkeep.restoring import restore

    file = existing(chosen.file)
    done = restore(file, passphrase(chosen), replace=chosen.replace, said=say)
    from django.core.management import call_command

    from shuangbai.upkeep.actions import note_restored

    call_command("migrate", verbosity=0, interactive=False)  # a backup of an earlier version
    note_restored(made_at=done.manifest.made_at[:16].replace("T", " "))
    print(told(done, "已恢复"))
    say("接下来：用 shuangbai doctor 检查一遍，再用 shuangbai serve 启动。")


def existing(path: Path) -> Path:
    from django.core.exceptions import ImproperlyConfigured

    if not path.is_file():
        raise ImproperlyConfigured(f"没有这个文件：{path}")
    return path.resolve()


def told(done: Any, verdict: str) -> str:
    made = done.manifest
    return (
        f"{verdict}：{made.city or '（还没有城市）'}，{made.made_at[:16].replace('T', ' ')} 的备份，"
        f"{len(made.counts)} 张表 {done.rows:,} 行，{done.files} 个文件，{done.values} 栏密文各解开一个。"
    )
