"""`shuangbai import`: a ledger understood, brought into a station, or taken back; prints one JSON object."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from shuangbai.console import must_be_there
from shuangbai.ledgers.enums import Kind

UNDO = "undo"


def add(commands: Any, start: Callable[[], None]) -> None:
    command = commands.add_parser("import", help="导入一本台账，或只看不写；import undo 编号 撤销一次导入")
    command.add_argument("file", type=Path, metavar="文件", help=".xlsx、.xls、.ods 或 .csv；写 undo 是撤销")
    command.add_argument("id", nargs="?", metavar="编号", help="撤销哪一次导入")
    command.add_argument("--kind", choices=["auto", *Kind], default="auto", help="台账的种类，默认自动判断")
    command.add_argument("--station", metavar="代码", help="导入到哪个站，如 SW-HF-01")
    command.add_argument("--scope", metavar="代码", help="一份表里有几个站的：分给这个机构下的各站，各自导入")
    command.add_argument("--as", dest="account", metavar="账号", help="以谁的名义，默认该站站长")
    command.add_argument("--reason", default="命令行撤销", metavar="理由", help="撤销的理由")
    command.add_argument("--dry-run", action="store_true", help="只看不写")
    command.add_argument("--context", type=Path, metavar="文件", help="JSON：towns 镇街代码、workers 社工、as_of 今天")
    command.add_argument("--mapping", type=Path, metavar="文件", help="JSON：列字母到字段名，覆盖自动判断")
    command.add_argument("--format", choices=["json"], default="json")
    command.set_defaults(run=run, start=start)


def run(chosen: argparse.Namespace) -> None:
    """Without a station nothing of Django is loaded: what a file says is a question without a database."""
    from django.core.exceptions import ImproperlyConfigured

    if str(chosen.file) == UNDO and chosen.id:
        return _undo(chosen)
    for path in filter(None, (chosen.file, chosen.context, chosen.mapping)):
        if not path.is_file():
            raise ImproperlyConfigured(f"没有这个文件：{path}")
    if chosen.station or chosen.scope:
        return _bring_in(chosen)
    if not chosen.dry_run:
        raise ImproperlyConfigured("请用 --station 说明导入到哪个站（几个站的用 --scope），或加上 --dry-run 只看结果。")
    _say(_understood(chosen))
    return None


def _say(told: dict[str, Any]) -> None:
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _understood(chosen: argparse.Namespace) -> dict[str, Any]:
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.ledgers.understanding import as_json, understand
    from shuangbai.ledgers.zipped import Unopenable

    context = _context(_object(chosen.context))
    kind = None if chosen.kind == "auto" else Kind(chosen.kind)
    try:
        data = chosen.file.read_bytes()
        found = understand(data, context, name=chosen.file.stem, kind=kind, wanted=_object(chosen.mapping))
    except Unopenable as error:
        raise ImproperlyConfigured(f"{chosen.file.name}：{error}。") from error
    return as_json(found)


# INTO A STATION --------------------------------------------------------------


def _bring_in(chosen: argparse.Namespace) -> None:
    """Read for the station and, unless it is a trial, enter: all of it, or nothing. Raises ImproperlyConfigured."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.core.findings import NotAllowed, Refused

    chosen.start()
    must_be_there()
    try:
        _say(_dealt(chosen) if chosen.scope else _brought_in(chosen, _station(chosen.station)))
    except Refused as refused:
        first = refused.first
        row = first.field.partition("-")[0]
        where = f"第 {row} 行：" if row.isdecimal() else ""
        raise ImproperlyConfigured(f"{chosen.file.name}：{where}{first.sentence}") from refused
    except NotAllowed as refused:
        raise ImproperlyConfigured("这个账号现在不能往这个站导入，请用 --as 换一个。") from refused


def _brought_in(chosen: argparse.Namespace, station: Any) -> dict[str, Any]:
    """What is printed. Raises Refused, NotAllowed, ImproperlyConfigured."""
    from shuangbai.ledgers import actions
    from shuangbai.ledgers.proposing import Decided, propose
    from shuangbai.ledgers.understanding import as_json

    decided = Decided(mapping=_object(chosen.mapping))
    kind, data = None if chosen.kind == "auto" else Kind(chosen.kind), chosen.file.read_bytes()
    reading = actions.read(station, data, chosen.file.stem, kind, decided)
    told = as_json(reading.result)
    if reading.result.kind is None:
        return told
    proposal = propose(station, reading.result.kind, reading.rows, decided)
    counts = proposal.counts
    if not chosen.dry_run and (counts.get("new") or counts.get("adds")):
        told["id"] = _entered(chosen, station, data, proposal.kind, decided)
    return told | {
        "created": counts.get("new", 0), "matched": counts.get("adds", 0),
        "unchanged": counts.get("same", 0) + counts.get("twice", 0), "undecided": counts.get("ask", 0),
        "refused": [
            {"sheet": proposal.rows[n].sheet, "row": proposal.rows[n].row, "fate": proposal.fates[n], "sentence": why}
            for n, why in sorted(proposal.reasons.items())
        ],
    }  # fmt: skip


def _entered(chosen: argparse.Namespace, station: Any, data: bytes, kind: Kind, decided: Any) -> str:
    """The key of the import. In one transaction: a command that is killed leaves nothing behind."""
    from shuangbai.core.actions import writing
    from shuangbai.ledgers import actions

    by = _account(chosen.account, station)
    with writing():
        source = actions.take_in(by=by, station=station, data=data, name=chosen.file.name, kind=kind, decided=decided)
        actions.ask_for_import(by=by, source=source, version=source.version)
        actions.bring_in(by=by, source_id=source.pk)
    return str(source.pk)


def _dealt(chosen: argparse.Namespace) -> dict[str, Any]:
    """Sorted by station and, unless it is a trial, brought in: each station whole or not at all, one after the other.

    A station at a time, since on SQLite nobody else writes meanwhile; what was entered stays where a later one fails,
    and the same command goes on from there: rows that stand already change nothing.
    """
    from shuangbai.ledgers import deals
    from shuangbai.ledgers.reading import open_book

    owner = _unit(chosen.scope)
    kind, data = None if chosen.kind == "auto" else Kind(chosen.kind), chosen.file.read_bytes()
    said = _object(chosen.mapping)
    found = deals.sort_out(owner, data, chosen.file.name, kind, said.get("stations", {}), said)
    told = deals.counts_of(found)
    names = {str(pk): unit.code for pk, unit in found.stations.all.items()}
    book, stations = open_book(data), []
    for pk, (_, rows, wrong) in told["shares"].items():
        entered = {} if chosen.dry_run else _entered_part(chosen, found, book, names[pk])
        stations.append({"station": names[pk], "rows_total": rows, "rows_wrong": wrong, **entered})
    return {
        "kind": found.kind, "rows_total": told["rows"], "stations": stations, "rows_unassigned": told["left"],
        "unassigned": [
            {"sheet": found.rows[n].sheet, "row": found.rows[n].row, "sentence": why}
            for n, why in sorted(found.assigned.reasons.items())
        ],
        "unclear": told["unclear"],
    }  # fmt: skip


def _entered_part(chosen: argparse.Namespace, found: Any, book: Any, code: str) -> dict[str, Any]:
    """What became of one station's part, in the name of its head unless an account is given."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.core.actions import writing
    from shuangbai.core.findings import NotAllowed, Refused
    from shuangbai.ledgers import actions, deals
    from shuangbai.ledgers.models import Import

    station = _station(code)
    try:
        by = _account(chosen.account, station)
        with writing():
            part = deals.part_for(found, book, station, by=by, name=chosen.file.name)
            actions.keep_taken(by=by, source=part)
            fates = part.counts["fates"]
            going = fates.get("new", 0) + fates.get("adds", 0)
            if going:
                actions.ask_for_import(by=by, source=part, version=part.version)
                actions.bring_in(by=by, source_id=part.pk)
            else:
                actions.drop(by=by, source=part, version=part.version)
    except (Refused, NotAllowed, ImproperlyConfigured) as error:
        why = error.first.sentence if isinstance(error, Refused) else str(error) or "这个账号不能往这个站导入"
        return {"error": why}
    counted = Import.objects.get(pk=part.pk).counts["fates"] if going else fates
    return {
        **({"id": str(part.pk)} if going else {}), "created": counted.get("new", 0), "matched": counted.get("adds", 0),
        "unchanged": counted.get("same", 0) + counted.get("twice", 0), "undecided": counted.get("ask", 0),
    }  # fmt: skip


def _unit(code: str) -> Any:
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.network.models import OrgUnit

    unit = OrgUnit.objects.filter(code=code).first()
    if unit is None:
        raise ImproperlyConfigured(f"没有代码是 {code} 的机构。")
    return unit


def _station(code: str) -> Any:
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.network.enums import UnitKind
    from shuangbai.network.models import OrgUnit

    station = OrgUnit.objects.filter(code=code, kind=UnitKind.STATION).first()
    if station is None:
        raise ImproperlyConfigured(f"没有代码是 {code} 的站。")
    return station


def _account(name: str | None, station: Any) -> Any:
    """In whose name: the account that is given, else the head's of the station. Raises ImproperlyConfigured."""
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.ledgers.access import may_import
    from shuangbai.network.models import User
    from shuangbai.network.roles import Role

    if name:
        found = User.objects.filter(username=name).first()
        if found is None:
            raise ImproperlyConfigured(f"没有账号 {name}。")
        return found
    heads = User.objects.filter(grants__role=Role.HEAD, grants__unit=station, is_active=True).order_by("username")
    found = next((one for one in heads if may_import(one, station.pk)), None)
    if found is None:
        raise ImproperlyConfigured(f"{station.name}现在没有在岗的站长账号，请用 --as 指定以谁的名义导入。")
    print(f"以{station.name}站长 {found.username} 的名义导入", file=sys.stderr)
    return found


def _undo(chosen: argparse.Namespace) -> None:
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.core.findings import NotAllowed, Refused

    chosen.start()
    must_be_there()
    from shuangbai.ledgers.actions import undo
    from shuangbai.ledgers.models import Import

    try:
        source = Import.objects.select_related("station").filter(pk=UUID(chosen.id)).first()
    except ValueError:
        source = None
    if source is None:
        raise ImproperlyConfigured(f"没有编号是 {chosen.id} 的导入。")
    try:
        by = _account(chosen.account, source.station)
        kept = undo(by=by, source=source, version=source.version, reason=chosen.reason)
    except Refused as refused:
        raise ImproperlyConfigured(refused.findings[0].sentence) from refused
    except NotAllowed as refused:
        raise ImproperlyConfigured("这个账号不能撤销这次导入，请用 --as 换一个。") from refused
    _say({"id": str(source.pk), "kept": [{"what": one.what, "id": str(one.thing), "why": one.why} for one in kept]})


# WITHOUT A DATABASE ----------------------------------------------------------


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
