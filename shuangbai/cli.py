"""The console script `shuangbai`: what the web does not do.

Results go to standard output alone, all else to standard error. Whatever goes wrong on the machine
(database, key, disk, port) is one line and an exit code that is not zero.
"""

import argparse
import errno
import json
import os
import sys
from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any, NoReturn

DEFAULT_PORT = 8000
# No space, over a quota, over the size that a file may have: for whoever waits it is all one.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DISK_FULL = "磁盘已满，没有写入任何内容。请清理数据目录所在磁盘后重试。"
URL_FORM = "postgres://user:password@host:5432/dbname"


class Stop(Exception):
    """End with one line on standard error."""


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code (0 done, 1 it could not, 2 the words of the call are off)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments[:1] == ["manage"]:
        return manage(arguments[1:])
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(chosen)
    except KeyboardInterrupt:
        say("已停止。")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        line = one_line(error)
        if line is None:
            raise
        say(line)
        return 1
    return 0


class _Words(argparse.ArgumentParser):
    """Says in one line what is off in a call."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}：{message}（用法见 {self.prog} --help）\n")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} 不是日期，请写成 2020-06-06 的样子") from error


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} 不是钟点，请写成 18:30 的样子") from error


def parser() -> argparse.ArgumentParser:
    top = _Words(prog="shuangbai", description="双百社工站系统")
    commands = top.add_subparsers(required=True, metavar="命令")
    demo = commands.add_parser("demo", help="建立并打开演示城市")
    demo.add_argument("--reset", action="store_true", help="清空演示数据，从头再建")
    demo.add_argument("--no-serve", action="store_true", help="只建立，不启动网页")
    demo.add_argument("--papers", metavar="DIR", type=Path, help="把四件示范个案的文书各印成一份 PDF 后退出")
    demo.set_defaults(run=run_demo)
    serve = commands.add_parser("serve", help="启动网页、后台任务与定时任务")
    serve.set_defaults(run=run_serve)
    commands.add_parser("web", help="只启动网页").set_defaults(run=run_web)
    commands.add_parser("worker", help="只启动后台任务").set_defaults(run=run_worker)
    commands.add_parser("periodic", help="只启动定时任务").set_defaults(run=run_periodic)
    move = commands.add_parser("move", help="把 SQLite 里的全部数据搬到空的 PostgreSQL")
    move.add_argument("--to", required=True, metavar="DATABASE_URL", help=URL_FORM)
    move.set_defaults(run=run_move)
    add_setup(commands)
    report = commands.add_parser("report", help="打印报告")
    report.add_argument("name", choices=["results"])
    report.add_argument("--format", choices=["json"], default="json")
    report.set_defaults(run=run_report)
    evidence = commands.add_parser("evidence", help="逐条打印一个数字所计的内容")
    evidence.add_argument("code")
    evidence.set_defaults(run=run_evidence)
    add_maintenance(commands)
    for command in (report, evidence):
        command.add_argument("--from", dest="first", required=True, type=_day, metavar="YYYY-MM-DD")
        command.add_argument("--to", dest="last", required=True, type=_day, metavar="YYYY-MM-DD")
        command.add_argument("--scope", metavar="CODE", help="机构代码，默认全市")
    from shuangbai import console

    console.add_commands(commands, start_django)
    return top


def add_setup(commands: Any) -> None:
    setup = commands.add_parser("setup", help="首次设置：建立城市、机构树和第一个管理员；已有的不动")
    setup.add_argument("--city", metavar="名称", help="城市名，如 汕尾市")
    setup.add_argument("--bureau", metavar="名称", help="主管机构，如 汕尾市民政局")
    setup.add_argument("--province-code", metavar="前缀", help="地级市的区划代码，如 4415；写 44 载入全省")
    setup.add_argument("--root-code", metavar="代码", help="主管机构的代码，默认取城市名的拼音首字母")
    setup.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="机构树从哪天起，默认 2017-01-01")
    setup.add_argument("--centre", metavar="名称", help="督导中心名称；写空字符串就不设")
    setup.add_argument("--admin", metavar="账号", help="第一个系统管理员的账号")
    setup.add_argument("--admin-name", metavar="称呼", help="他的姓名")
    setup.add_argument("--password-file", metavar="文件", help="密码写在文件第一行；- 是标准输入。不给就发一次性邀请码")
    setup.add_argument("--code", action="store_true", help="只打印浏览器里要用的首次设置码")
    setup.set_defaults(run=run_setup)


def add_maintenance(commands: Any) -> None:
    closed = commands.add_parser("maintenance", help="维护：只能查看，不能保存")
    closed.add_argument("state", choices=["on", "off", "status"])
    closed.add_argument("reason", nargs="?", default="", help="原因，会显示在每一页上")
    closed.add_argument("--until", metavar="HH:MM", type=_time, help="预计恢复的时间；已过的钟点算明天")
    closed.set_defaults(run=run_maintenance)


def one_line(error: Exception) -> str | None:
    """What to say about an error of the machine or the call; None for a defect, which shows its traceback."""
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import DatabaseError

    from shuangbai.core.findings import Refused

    if isinstance(error, Refused):
        return str(error)
    if isinstance(error, Stop | ImproperlyConfigured):
        return " ".join(str(error).split("\n"))
    if isinstance(error, DatabaseError):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        if "disk is full" in reason or "No space left" in reason:
            return DISK_FULL
        if "disk I/O error" in reason:
            return "磁盘写不进去：可能已满，也可能有故障；没有写入任何内容。请检查数据目录所在磁盘后重试。"
        return f"数据库无法使用：{reason}。请检查 DATABASE_URL，或数据目录 SHUANGBAI_DATA 是否可写。"
    if isinstance(error, OSError):
        return os_line(error)
    return None


def os_line(error: OSError) -> str:
    if error.errno in FULL:
        return DISK_FULL
    where = f" {error.filename}" if error.filename else ""
    return f"无法读写{where}：{error.strerror or error}。请检查数据目录的权限与磁盘。"


# STARTING ------------------------------------------------------------------


def start_django() -> None:
    """Load the settings. Raises Stop for a DATABASE_URL that cannot be read or is not of PostgreSQL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    url = os.environ.get("DATABASE_URL", "")
    if url and url.partition("://")[0] not in {"postgres", "postgresql"}:
        raise Stop(f"DATABASE_URL 只能指向 PostgreSQL，请写成 {URL_FORM}；不设它就用数据目录里的 SQLite。")
    import django

    from shuangbai.core.collecting import never

    try:
        with never():  # nor frozen: SQLite's file is folded up when all goes at the end
            django.setup()
    except ValueError as error:
        raise Stop(f"DATABASE_URL 无法识别，请写成 {URL_FORM}。") from error


def prepare_data() -> None:
    """The data directory with its tables and, where there is no installation yet, its keys.

    Raises ImproperlyConfigured, before anything is written, where the database of an installation
    is there but its key is not.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from shuangbai.core import databases, keys
    from shuangbai.core.models import Installation
    from shuangbai.core.queries import check_keys

    if connection.vendor != "sqlite":
        connection.ensure_connection()  # a wrong address leaves not even an empty directory
    settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    tables = connection.introspection.table_names()
    if "shuangbai_move" in tables:
        raise Stop("这个数据库里的搬迁没有做完。请再运行一次 shuangbai move，或换一个数据库。")
    made = Installation._meta.db_table in tables
    if made:
        check_keys()
    keys.prepare()  # for an installation with its keys only the signing key, should that be lost
    for path in keys.open_to_others():
        say(f"注意：{path} 别的用户也能读，请运行 chmod 600 {path}")
    call_command("migrate", verbosity=0, interactive=False)
    if databases.kind() == databases.SQLITE:  # the other does so by itself
        databases.renew_statistics()


def manage(arguments: Sequence[str]) -> int:
    """Django's own commands, for developers: `shuangbai manage check`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shuangbai manage", *arguments])
    return 0


# COMMANDS ------------------------------------------------------------------


def run_demo(chosen: argparse.Namespace) -> None:
    start_django()
    from shuangbai.core import maintenance, presence
    from shuangbai.demo import city
    from shuangbai.server import Bind, check_bind, serve

    bind = Bind(port=port())
    serves = not chosen.no_serve and not chosen.papers
    if serves:
        check_bind(bind)  # before a minute is spent on building
    if chosen.reset:
        maintenance.check()
        city.clear()
    with city.planned() as plan:
        prepare_data()
        fresh = city.build_if_empty(plan, say)
    if chosen.papers:
        print_papers(chosen.papers)
    if serves:
        presence.at_work()
        serve(bind, ready=lambda address: greet(city.welcome(address, fresh=fresh)))


def print_papers(folder: Path) -> None:
    from shuangbai.core.findings import Refused
    from shuangbai.demo import papers

    try:
        for path in papers.print_all(folder):
            print(path)
    except Refused as error:
        raise SystemExit(error.findings[0].sentence) from error


def run_serve(chosen: argparse.Namespace) -> None:
    bind = ready_to_serve()
    from shuangbai.server import serve

    serve(bind, ready=lambda address: greet(f"双百已启动：{address}（按 Ctrl-C 停止）{first_run_words(address)}"))


def run_web(chosen: argparse.Namespace) -> None:
    bind = ready_to_serve()
    from shuangbai.server import become_web

    become_web(bind)


def ready_to_serve() -> Any:
    """Where to listen, with the data prepared and marked as in use."""
    start_django()
    from shuangbai.core import presence
    from shuangbai.server import Bind, bind_from, check_bind

    text = os.environ.get("SHUANGBAI_BIND", "")
    bind = bind_from(text) if text else Bind(port=port())
    check_bind(bind)
    prepare_data()
    presence.at_work()
    return bind


def run_worker(chosen: argparse.Namespace) -> None:
    start_beside_web()
    from shuangbai.server import work

    work()


def run_periodic(chosen: argparse.Namespace) -> None:
    start_beside_web()
    from django.core.management import call_command

    call_command("periodic")


def start_beside_web() -> None:
    start_django()
    from shuangbai.core import presence
    from shuangbai.server import wait_for_tables

    wait_for_tables()
    presence.at_work()


def run_move(chosen: argparse.Namespace) -> None:
    start_django()
    from shuangbai.moving import move

    move(chosen.to, say)


def run_setup(chosen: argparse.Namespace) -> None:
    start_django()
    prepare_data()
    from shuangbai import founding

    founding.run(chosen, say)


def first_run_words(address: str) -> str:
    """What to do in a browser where there is no city yet; nothing once there is one."""
    from shuangbai.core import keys, queries

    if not queries.installation_names().founding:
        return ""
    return f"\n还没有建立城市。请在浏览器打开 {address}/first-run，首次设置码：{keys.first_run_code()}"


def greet(words: str) -> None:
    """Once the web answers: where it is, and a line for what this machine lacks; all else runs without it."""
    say(words)
    from shuangbai.reports import pdf

    if not pdf.available():
        say(str(pdf.MISSING))


def port() -> int:
    text = os.environ.get("PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Stop(f"PORT={text} 不是端口号，请写 1 到 65535 之间的数字。")
    return int(text)


def run_maintenance(chosen: argparse.Namespace) -> None:
    """Close and open the system for writing. Asks no database: it must work when that is what is broken."""
    start_django()
    from shuangbai.core import maintenance

    if chosen.state == "on":
        maintenance.begin(reason=chosen.reason, until=maintenance.next_at(chosen.until))
    elif chosen.state == "off":
        maintenance.end()
    found = maintenance.notice()
    print(f"{found.sentence}。" if found else "没有在维护，可以保存。")


def run_report(chosen: argparse.Namespace) -> None:
    from shuangbai.core.periods import Period

    ask = asked(chosen, Period)
    from shuangbai.core.snapshots import one_snapshot
    from shuangbai.reports.actions import note_printed
    from shuangbai.reports.results import as_json, results

    with one_snapshot():
        # Nothing is held back: whoever may run this has the database and its key at hand.
        printed = as_json(results(ask, evidence=True))
    note_printed(by=whoever_runs_this(), ask=ask)
    json.dump(printed, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def run_evidence(chosen: argparse.Namespace) -> None:
    from shuangbai.core.periods import Period

    ask = asked(chosen, Period)
    from shuangbai.reports.actions import note_printed
    from shuangbai.reports.indicators import BY_CODE

    indicator = BY_CODE.get(chosen.code.upper())
    if indicator is None:
        raise Stop(f"没有代码为 {chosen.code} 的指标。可用的有：{'、'.join(BY_CODE)}")
    note_printed(by=whoever_runs_this(), ask=ask, code=indicator.code)
    for key, adds, records in indicator.lines(ask):
        line = {"key": str(key), "adds": adds if isinstance(adds, int) else float(adds)}
        print(json.dumps({**line, "records": [str(record) for record in records]}, ensure_ascii=False))


def whoever_runs_this() -> Any:
    """Who stands at the console, for the trail: the system's user, since no account is asked for here."""
    import getpass

    from shuangbai.core.audit import Console

    try:
        return Console(f"命令行（{getpass.getuser()}）"[:60])
    except (KeyError, OSError):  # a user id without a name
        return Console(f"命令行（{os.getuid()}）")


def asked(chosen: argparse.Namespace, period: Any) -> Any:
    """The question that a call's words ask. Raises Stop where they make no sense or there is no city yet."""
    try:
        span = period(chosen.first, chosen.last)
    except ValueError as error:
        raise Stop(str(error)) from error
    start_django()
    from shuangbai.core.models import Installation
    from shuangbai.network.models import OrgUnit
    from shuangbai.network.queries import root_unit
    from shuangbai.reports.queries import Ask

    if not database_ready():
        no_city()
    if not Installation.objects.exists():
        no_city()
    unit = OrgUnit.objects.filter(code=chosen.scope).first() if chosen.scope else root_unit()
    if unit is None:
        raise Stop(f"没有代码为 {chosen.scope} 的机构。请用「机构」页上的代码，如 SW-HF-01。")
    return Ask(span, unit)


def database_ready() -> bool:
    """Whether there is a database with tables. Asking makes no file where there is none."""
    from django.conf import settings
    from django.db import connection

    from shuangbai.core.models import Installation

    if connection.vendor == "sqlite" and not os.path.exists(settings.DATABASES["default"]["NAME"]):
        return False
    return Installation._meta.db_table in connection.introspection.table_names()


def no_city() -> NoReturn:
    raise Stop(
        "这里还没有城市。请先运行 shuangbai setup 建立城市（或 shuangbai demo 建立演示城市），"
        "或检查 SHUANGBAI_DATA 与 DATABASE_URL。"
    )
