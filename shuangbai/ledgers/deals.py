"""Writes about a workbook of several stations: taken in by their centre, dealt out among them, called back.

Dealing out writes nothing about families. Each station gets its part as a ledger that waits, and brings it in itself.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.collecting import seldom
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.core.papers import drop_papers, paper_data
from shuangbai.ledgers.access import check_may_deal, may_deal_to
from shuangbai.ledgers.actions import NAME_LENGTH, NO_TABLE, read_in
from shuangbai.ledgers.dealing import Assigned, Stations, assign, part_of
from shuangbai.ledgers.enums import DealState, ImportState, Kind
from shuangbai.ledgers.keepsakes import keep_book
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.ledgers.proposing import Decided
from shuangbai.ledgers.reading import Book, open_book
from shuangbai.ledgers.told import Row, tell
from shuangbai.ledgers.understanding import Result, Wanted, understand
from shuangbai.ledgers.zipped import Unopenable
from shuangbai.network.models import OrgUnit, User

LEFT_SHOWN, PLACES = 50, 8

TAKEN = audit.kind("dealing.taken", "{by} 上传了一份多站台账（{rows} 行）")
SAID = audit.kind("dealing.said", "{by} 核对了一份多站台账里的站名")
DEALT = audit.kind("dealing.dealt", "{by} 把一份台账分给了 {stations} 个站（{rows} 行）")
GIVEN = audit.kind("dealing.given", "{by} 从一份多站台账分来 {rows} 行，待本站核对导入")
BACK = audit.kind("dealing.back", "{by} 收回了分给各站的台账：收回 {back} 份，{kept} 份站里已经导入")
DROPPED = audit.kind("dealing.dropped", "{by} 丢弃了一份没有分发的多站台账")


@dataclass(slots=True)
class Sorted:
    """A workbook that was read, and for which station each of its rows is."""

    kind: Kind
    result: Result
    rows: list[Row]
    stations: Stations
    assigned: Assigned


@seldom()
def sort_out(
    owner: OrgUnit, data: bytes, name: str, kind: Kind | None, said: Mapping[str, str], wanted: Wanted | None = None
) -> Sorted:
    """Read a workbook and sort its rows by station. Raises Refused."""
    stations = Stations(owner)
    try:
        result = understand(data, stations.context, name=name.rpartition(".")[0], kind=kind, wanted=wanted)
    except Unopenable as error:
        raise Refused.because("file", f"{error}。") from error
    rows = tell(result)
    if not rows or result.kind is None:
        raise Refused.because("file", NO_TABLE)
    return Sorted(result.kind, result, rows, stations, assign(rows, stations, said))


def counts_of(found: Sorted) -> dict[str, Any]:
    """What the page of a dealing tells: rows of each station, words that are no station, rows that go to none."""
    shares: dict[str, list[Any]] = {str(pk): [one.name, 0, 0] for pk, one in found.stations.all.items()}
    for row, station in zip(found.rows, found.assigned.stations, strict=True):
        if station:
            shares[str(station)][1] += 1
            shares[str(station)][2] += row.wrong
    left: dict[str, list[str]] = {}
    for number, why in sorted(found.assigned.reasons.items()):
        left.setdefault(why, []).append(f"{found.rows[number].sheet} 第 {found.rows[number].row} 行".strip())
    return {
        "rows": len(found.rows), "shares": {pk: share for pk, share in shares.items() if share[1]},
        "unclear": dict(found.assigned.unclear.most_common()), "left": len(found.assigned.reasons),
        "why": [[why, len(places), "、".join(places[:PLACES])] for why, places in left.items()][:LEFT_SHOWN],
    }  # fmt: skip


def take_in_many(*, by: User, owner: OrgUnit, data: bytes, name: str, kind: Kind | None = None) -> Dealing:
    """Read a workbook of several stations and keep it; none has anything of it yet. Raises NotAllowed, Refused."""
    check_may_deal(by, owner)
    found = sort_out(owner, data, name, kind, {})
    dealing = Dealing(
        owner=owner, name=name[:NAME_LENGTH], size=len(data), kind=found.kind, counts=counts_of(found),
        digest=hashlib.blake2b(data, digest_size=16).hexdigest(), entered_by=by, entered_at=clock.now(),
        stored=keep_book(data),
    )  # fmt: skip
    keep_taken_many(by=by, dealing=dealing)
    return dealing


@action
def keep_taken_many(*, by: User, dealing: Dealing) -> None:
    """Keep a workbook that was read. Raises NotAllowed."""
    check_may_deal(by, dealing.owner)
    dealing.save(force_insert=True)
    audit.record(TAKEN, by=by, about=dealing, rows=dealing.counts["rows"])


def _current(by: User, dealing: Dealing, version: int, *states: DealState) -> Dealing:
    """The row of a dealing, locked. Raises NotAllowed, Conflict, Refused."""
    check_may_deal(by, dealing.owner)
    current = Dealing.objects.select_for_update().select_related("owner").get(pk=dealing.pk)
    if current.version != version:
        raise Conflict(current)
    if current.state not in states:
        raise Refused.because("state", "这份台账已被处理过，请看现在的样子再决定")
    return current


def said_of(dealing: Dealing) -> dict[str, str]:
    return dict(json.loads(dealing.said)) if dealing.said else {}


def say_stations(*, by: User, dealing: Dealing, version: int, said: Mapping[str, str]) -> Dealing:
    """Sort the rows anew with what was picked for words that are no station. Raises NotAllowed, Conflict, Refused."""
    check_may_deal(by, dealing.owner)
    every = {text: code for text, code in {**said_of(dealing), **said}.items() if code}
    found = sort_out(dealing.owner, paper_data(dealing.stored), dealing.name, Kind(dealing.kind), every)
    return keep_said(by=by, dealing=dealing, version=version, said=every, counts=counts_of(found))


@action
def keep_said(
    *, by: User, dealing: Dealing, version: int, said: Mapping[str, str], counts: Mapping[str, Any]
) -> Dealing:
    """Keep what was picked, and the counts with it. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, dealing, version, DealState.READ)
    current.said, current.counts = json.dumps(said, ensure_ascii=False), dict(counts)
    current.version += 1
    current.save(update_fields=["said", "counts", "version"])
    audit.record(SAID, by=by, about=current)
    return current


@action
def ask_to_deal(*, by: User, dealing: Dealing, version: int) -> Dealing:
    """Say that a workbook is to be dealt out as it is now sorted. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, dealing, version, DealState.READ)
    if not current.counts["shares"]:
        raise Refused.because("state", "没有一行认得出是哪个站的，请先在下面选")
    same = Dealing.objects.filter(owner=current.owner, digest=current.digest, state=DealState.DEALT).first()
    if same:
        when = f"{same.dealt_at:%Y-%m-%d}"
        raise Refused.because("state", f"同样的文件 {when} 已经分发过；要重新分，请先把那一次收回")
    current.state, current.trouble = DealState.QUEUED, ""
    current.version += 1
    current.save(update_fields=["state", "trouble", "version"])
    return current


@seldom()
def deal_out(*, by: User, dealing_id: UUID) -> list[Import]:
    """Give each station its part, all of them or none. Raises NotAllowed, Refused.

    The parts are read before the transaction, as a page reads a file: writers do not wait for that.
    """
    dealing = Dealing.objects.select_related("owner").get(pk=dealing_id)
    if dealing.state != DealState.QUEUED:
        return []
    check_may_deal(by, dealing.owner)
    data = paper_data(dealing.stored)
    found = sort_out(dealing.owner, data, dealing.name, Kind(dealing.kind), said_of(dealing))
    parts = parts_of(found, data, by=by, name=dealing.name)
    return keep_dealt(by=by, dealing=dealing, parts=parts)


def parts_of(found: Sorted, data: bytes, *, by: User, name: str) -> list[Import]:
    """A ledger that waits, for each station that has rows; not saved. Raises Refused where one reads otherwise."""
    stations = {pk for pk in found.assigned.stations if pk}
    units = [unit for pk, unit in found.stations.all.items() if pk in stations]
    book = open_book(data)
    return [part_for(found, book, unit, by=by, name=name) for unit in units]


def part_for(found: Sorted, book: Book, station: OrgUnit, *, by: User, name: str) -> Import:
    """The ledger of one station; not saved. Raises Refused where it reads otherwise than the whole did."""
    rows = found.assigned.places(found.rows)[station.pk]
    part, meanings = part_of(found.result, book, rows)
    name, many = f"{name.rpartition('.')[0] or name}.xlsx", sum(map(len, rows.values()))
    source = read_in(by=by, station=station, data=part, name=name, kind=found.kind, decided=Decided(mapping=meanings))
    if source.counts["rows"] != many:
        sentence = f"分给{station.name}的 {many} 行重新读出来是 {source.counts['rows']} 行，没有导入；请告知系统管理员"
        raise Refused.because("state", sentence)
    return source


@action
def keep_dealt(*, by: User, dealing: Dealing, parts: list[Import]) -> list[Import]:
    """Keep what each station gets. The centre's own copy of the workbook goes. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, dealing, dealing.version, DealState.QUEUED)
    if not may_deal_to(by, current.owner, [part.station for part in parts]):
        raise NotAllowed
    for part in parts:
        part.dealing = current
        part.save(force_insert=True)
        audit.record(GIVEN, by=by, about=part, rows=part.counts["rows"])
    gone = current.stored
    current.state, current.dealt_at, current.stored = DealState.DEALT, clock.now(), ""
    current.version += 1
    current.save()
    rows = sum(part.counts["rows"] for part in parts)
    audit.record(DEALT, by=by, about=current, stations=len(parts), rows=rows)
    transaction.on_commit(lambda: drop_papers([gone]))
    return parts


@action
def note_not_dealt(*, dealing_id: UUID, why: str) -> None:
    """That a workbook could not be dealt out, and why; it waits as before."""
    rows = Dealing.objects.filter(pk=dealing_id, state=DealState.QUEUED)
    rows.update(state=DealState.READ, trouble=why[:300])


@action
def call_back(*, by: User, dealing: Dealing, version: int) -> tuple[int, int]:
    """Take back what stations have not brought in; how many parts went, and how many stay with their stations.

    Raises NotAllowed, Conflict, Refused.
    """
    current = _current(by, dealing, version, DealState.DEALT)
    waiting = Import.objects.select_for_update().filter(dealing=current, state=ImportState.READ)
    names = [name for part in waiting for name in (part.stored, part.told)]
    kept = Import.objects.filter(dealing=current).exclude(state=ImportState.READ).count()
    back, _ = waiting.delete()
    current.state, current.version = DealState.BACK, current.version + 1
    current.save(update_fields=["state", "version"])
    audit.record(BACK, by=by, about=current, back=back, kept=kept)
    transaction.on_commit(lambda: drop_papers(names))
    return back, kept


@action
def drop_many(*, by: User, dealing: Dealing, version: int) -> None:
    """Throw away a workbook that was not dealt out. Raises NotAllowed, Conflict, Refused."""
    current = _current(by, dealing, version, DealState.READ)
    name = current.stored
    audit.record(DROPPED, by=by, about=current)
    current.delete()
    transaction.on_commit(lambda: drop_papers([name]))
