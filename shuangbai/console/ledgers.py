"""`shuangbai import`: what a ledger says, printed as JSON; nothing is written."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from shuangbai.ledgers.enums import Kind


def add(commands: Any, _start: Callable[[], None]) -> None:
    command = commands.add_parser("import", help="读懂一本台账：版面、各列含义、每行对错；只看不写")
    command.add_argument("file", type=Path, metavar="文件", help=".xlsx、.xls、.ods 或 .csv")
    command.add_argument("--kind", choices=["auto", *Kind], default="auto", help="台账的种类，默认自动判断")
    command.add_argument("--dry-run", action="store_true", help="只看不写（目前只能这样用）")
    command.add_argument("--context", type=Path, metavar="文件", help="JSON：towns 镇街代码、workers 社工、as_of 今天")
    command.add_argument("--mapping", type=Path, metavar="文件", help="JSON：列字母到字段名，覆盖自动判断")
    command.add_argument("--format", choices=["json"], default="json")
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> None:
    """Nothing of Django is loaded: what a file says is a question without a database, and answered in a second."""
    from django.core.exceptions import ImproperlyConfigured

    if not chosen.dry_run:
        raise ImproperlyConfigured("导入还不能写入系统，请加上 --dry-run 只看结果。")
    for path in filter(None, (chosen.file, chosen.context, chosen.mapping)):
        if not path.is_file():
            raise ImproperlyConfigured(f"没有这个文件：{path}")
    from shuangbai.ledgers.understanding import as_json, understand
    from shuangbai.ledgers.zipped import Unopenable

    context = _context(_object(chosen.context))
    kind = None if chosen.kind == "auto" else Kind(chosen.kind)
    try:
        data = chosen.file.read_bytes()
        found = understand(data, context, name=chosen.file.stem, kind=kind, wanted=_object(chosen.mapping))
    except Unopenable as error:
        raise ImproperlyConfigured(f"{chosen.file.name}：{error}。") from error
    json.dump(as_json(found), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _object(path: Path | None) -> dict[str, Any]:
    """The JSON object in a file; an empty one without a file. Raises ImproperlyConfigured for anything else."""
    from django.core.exceptions import ImproperlyConfigured

    if path is None:
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise ImproperlyConfigured(f"{path} 不是 JSON：{error}。") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{path} 里应是一个 JSON 对象。")
    return found


def _context(said: dict[str, Any]) -> Any:
    """What the ledger is told. A key that is not there is unknown; today is the machine's day."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.core import clock
    from shuangbai.ledgers.judging import Context

    said = said.get("context", said)  # an answer key holds its context beside the rest
    stations = said.get("stations")
    workers = said.get("workers")
    if workers is None and isinstance(stations, dict):
        workers = [
            name for station in stations.values() if isinstance(station, dict) for name in station.get("workers", ())
        ]
    towns = said.get("towns")
    try:
        as_of = date.fromisoformat(said["as_of"]) if said.get("as_of") else clock.machine_now().date()
    except (TypeError, ValueError) as error:
        raise ImproperlyConfigured(f"as_of 应写成 2020-06-06 的样子，不是 {said['as_of']}。") from error
    return Context(
        as_of,
        tuple(map(str, towns)) if towns else None,
        frozenset(map(str, workers)) if workers else None,
    )
