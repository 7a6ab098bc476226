"""`shuangbai keys …`: which key encrypts how much, and changing them."""

import argparse
import sys
from collections.abc import Callable
from typing import Any

from shuangbai.console import must_be_there, plainly

CIPHERS = ("aes-gcm", "sm4-gcm")


def add(commands: Any, start: Callable[[], None]) -> None:
    keys = commands.add_parser("keys", help="密钥：查看、更换、停用")
    parts = keys.add_subparsers(required=True, metavar="动作")
    for name, run, about in (
        ("status", run_status, "每个密钥加密了多少内容"),
        ("rotate", run_rotate, "换一个新密钥，并把已有内容改用它加密"),
        ("reencrypt", run_reencrypt, "接着做没有做完的更换"),
        ("retire", run_retire, "删除一个不再使用的旧密钥"),
        ("rehash", run_rehash, "更换查找用的密钥，重算全部查找密文"),
        ("rotate-signing", run_signing, "更换签名密钥"),
    ):
        part = parts.add_parser(name, help=about)
        part.set_defaults(run=plainly(started(run)), start=start)
        if name == "rotate":
            part.add_argument("--cipher", choices=CIPHERS, help="加密算法（默认与现在相同）")
            part.add_argument("--later", action="store_true", help="已有内容交给后台任务去换")
        elif name == "retire":
            part.add_argument("key", metavar="KEY", help="如 k1")
        elif name == "rotate-signing":
            part.add_argument("--forget", action="store_true", help="旧的立即作废，所有人重新登录")


def started(run: Callable[[argparse.Namespace], None]) -> Callable[[argparse.Namespace], None]:
    def running(chosen: argparse.Namespace) -> None:
        chosen.start()
        must_be_there()
        run(chosen)

    return running


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def run_status(_chosen: argparse.Namespace) -> None:
    from shuangbai.core.keys import keyring
    from shuangbai.upkeep.values import UNKNOWN, files_by_key, orphaned, values_by_key

    ring, values, files = keyring(), values_by_key(), files_by_key()
    for key_id, key in ring.by_id.items():
        state = "使用中" if key_id == ring.current.key_id else "旧"
        print(f"{key_id}\t{key.cipher}\t{state}\t{values[key_id]} 处内容\t{files[key_id]} 个文件")
    for key_id, many in orphaned().items() if values[UNKNOWN] else ():
        print(f"{key_id}\t?\t缺失\t{many} 处内容读不出来：请从备份找回含有它的 keys.json")
    if files[None]:
        print(f"-\t-\t未加密\t0 处内容\t{files[None]} 个文件")


def run_rotate(chosen: argparse.Namespace) -> None:
    from shuangbai.core.keys import keyring
    from shuangbai.upkeep.actions import change_key
    from shuangbai.upkeep.jobs import rekey

    run = change_key(by=None, cipher=chosen.cipher or keyring().current.cipher)
    say(f"已换用新密钥 {run.key_id}。请马上备份一次：此前的备份里没有它。")
    if chosen.later:
        rekey.enqueue(str(run.pk))
        print(f"{run.key_id}\t已有内容由后台任务改用新密钥，进度见 shuangbai keys status")
        return
    finish(run)


def run_reencrypt(_chosen: argparse.Namespace) -> None:
    from shuangbai.upkeep.actions import continue_rekeying

    finish(continue_rekeying(by=None))


def finish(run: Any) -> None:
    """Encrypt the rest anew in this process, with a count on a terminal."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.upkeep import rekeying
    from shuangbai.upkeep.jobs import try_rekeying

    error = try_rekeying(run, show if sys.stderr.isatty() else None)
    if sys.stderr.isatty():
        say("")
    if error:
        raise ImproperlyConfigured(f"没有做完：{error}")
    run.refresh_from_db()
    left = rekeying.left()
    print(f"{run.key_id}\t已改用新密钥 {run.done} 处\t仍用旧密钥 {left} 处")


def show(done: int, total: int) -> None:
    print(f"\r正在改用新密钥：{done} / {total}", end="", file=sys.stderr, flush=True)


def run_retire(chosen: argparse.Namespace) -> None:
    from shuangbai.upkeep.actions import retire_key
    from shuangbai.upkeep.queries import oldest_kept_backup

    retire_key(by=None, key_id=chosen.key)
    print(f"{chosen.key}\t已删除")
    oldest = oldest_kept_backup()
    if oldest:
        since = f"{oldest:%Y-%m-%d}"
        say(f"注意：{since} 以来的备份里仍有 {chosen.key}，恢复它们时要用；这些备份都删掉，它才真正消失。")


def run_rehash(_chosen: argparse.Namespace) -> None:
    from shuangbai.upkeep.actions import change_hash_secret

    say("正在重算查找密文，期间请不要有人录入……")
    print(f"已更换查找用的密钥，重算 {change_hash_secret(by=None)} 行")


def run_signing(chosen: argparse.Namespace) -> None:
    import os

    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.upkeep.actions import change_signing_key

    if os.environ.get("SHUANGBAI_SECRET_KEY"):
        raise ImproperlyConfigured("签名密钥来自环境变量 SHUANGBAI_SECRET_KEY，请在设置它的地方更换。")
    change_signing_key(by=None, forget=chosen.forget)
    how = "旧的已作废，所有人要重新登录" if chosen.forget else "已登录的人不受影响"
    print(f"已更换签名密钥；{how}。请重新启动 shuangbai serve，它才会用上。")
