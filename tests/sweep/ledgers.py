"""Ledgers that are brought in: their lines of the tables, and what is sent. A place's ledgers are made here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from shuangbai.core import clock
from shuangbai.ledgers import actions, deals
from shuangbai.ledgers.enums import DealState, ImportState
from shuangbai.ledgers.models import Dealing, Import, ImportedRow
from shuangbai.network.models import OrgUnit, User

if TYPE_CHECKING:
    from tests.sweep.world import Place

TABLE = """
ledger-list                           | GET  | +++ ++ >. ... ..ss
ledger-list                           | POST | >>> >> >. ... ..ss
ledger(ledger)                        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger(brought)                       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger(ledger)                        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-columns(ledger)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-columns(ledger)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-rows(ledger)?fate=new          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-rows(brought)?fate=new         | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-bring(ledger)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-state(ledger)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-undo(brought)                  | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
ledger-returned(ledger)               | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
ledger-drop(ledger)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
ledger-row(imported)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dealing-list                          | GET  | ... .. +. ... ..ss
dealing-list                          | POST | ... .. >. ... ..ss
dealing(dealing)                      | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
dealing(dealt)                        | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
dealing(dealing)                      | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
dealing-deal(dealing)                 | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
dealing-state(dealing)                | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
dealing-back(dealt)                   | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
dealing-drop(dealing)                 | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
"""

ACTS = """
ledgers.actions.keep_taken            | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.keep_decided          | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.ask_for_import        | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.bring_in              | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.ask_for_undo          | +.+ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.take_back             | +.+ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.undo                  | +.+ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.note_returned         | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.actions.drop                  | +++ .. .. ... ... | ... .+ .. ... ...
ledgers.deals.keep_taken_many         | ... .. +. ... ... | ... .. +. ... ...
ledgers.deals.keep_said               | ... .. +. ... ... | ... .. +. ... ...
ledgers.deals.ask_to_deal             | ... .. +. ... ... | ... .. +. ... ...
ledgers.deals.keep_dealt              | ... .. +. ... ... | ... .. +. ... ...
ledgers.deals.call_back               | ... .. +. ... ... | ... .. +. ... ...
ledgers.deals.drop_many               | ... .. +. ... ... | ... .. +. ... ...
"""
WITHOUT_ACTOR = {
    "ledgers.actions.note_not_brought": "the job that did not bring it in",
    "ledgers.actions.note_not_undone": "the job that did not take it back",
    "ledgers.deals.note_not_dealt": "the job that did not deal it out",
}


@dataclass
class Ledgers:
    """A ledger that waits, one that was brought in, and a row of it; a workbook to deal out, and one that was."""

    waiting: Import
    brought: Import
    row: ImportedRow
    dealing: Dealing
    dealt: Dealing

    @property
    def keys(self) -> dict[str, Any]:
        return {"ledger": self.waiting.pk, "brought": self.brought.pk, "imported": self.row.pk,
                "dealing": self.dealing.pk, "dealt": self.dealt.pk}  # fmt: skip


def lines(station: OrgUnit, name: str) -> bytes:
    village = station.coverage.order_by("id").first()
    assert village is not None
    return f"走访日期,村居,户主,走访方式\n2020-05-02,{village.village.name},{name},入户\n".encode()


def _dealings(station: OrgUnit, centre: User) -> tuple[Dealing, Dealing]:
    """For the county of the station: nobody of a station sees what its centre deals out."""
    assert station.parent is not None
    waiting, dealt = (
        deals.take_in_many(by=centre, owner=station.parent, data=lines(station, name), name=f"{name}.csv")
        for name in ("连待分", "连已分")
    )
    deals.ask_to_deal(by=centre, dealing=dealt, version=1)
    deals.deal_out(by=centre, dealing_id=dealt.pk)
    return waiting, Dealing.objects.get(pk=dealt.pk)


def ledgers_of(station: OrgUnit, by: User, centre: User) -> Ledgers:
    waiting = actions.take_in(by=by, station=station, data=lines(station, "连待核"), name="待核.csv")
    brought = actions.take_in(by=by, station=station, data=lines(station, "连已导"), name="已导.csv")
    actions.ask_for_import(by=by, source=brought, version=1)
    actions.bring_in(by=by, source_id=brought.pk)
    row = ImportedRow.objects.get(source=brought)
    return Ledgers(waiting, Import.objects.get(pk=brought.pk), row, *_dealings(station, centre))


def _columns(at: Place) -> dict[str, Any]:
    letters = {letter: meaning for letter, _, meaning, *_ in at.ledgers.waiting.counts["sheets"][0]["columns"]}
    said = {f"c-0-{letter}": meaning or "" for letter, meaning in letters.items()}
    return {**said, "kind": "visits", "version": at.ledgers.waiting.version}


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "ledger-list": lambda at: {"file": SimpleUploadedFile("台账.csv", lines(at.station, "连上传"))},
    "ledger": lambda at: {"version": at.ledgers.waiting.version},
    "ledger-columns": _columns,
    "ledger-bring": lambda at: {"version": at.ledgers.waiting.version},
    "ledger-undo": lambda at: {"version": at.ledgers.brought.version, "reason": "传错了文件"},
    "ledger-returned": lambda at: {},
    "ledger-drop": lambda at: {"version": at.ledgers.waiting.version},
    "dealing-list": lambda at: {"file": SimpleUploadedFile("全市.csv", lines(at.station, "连全市"))},
    "dealing": lambda at: {"version": at.ledgers.dealing.version},
    "dealing-deal": lambda at: {"version": at.ledgers.dealing.version},
    "dealing-back": lambda at: {"version": at.ledgers.dealt.version},
    "dealing-drop": lambda at: {"version": at.ledgers.dealing.version},
}


def _waiting(at: Place) -> dict[str, Any]:
    return {"source": at.ledgers.waiting, "version": at.ledgers.waiting.version}


def _undealt(at: Place) -> dict[str, Any]:
    return {"dealing": at.ledgers.dealing, "version": at.ledgers.dealing.version}


def _asked_to_deal(at: Place) -> dict[str, Any]:
    Dealing.objects.filter(pk=at.ledgers.dealing.pk).update(state=DealState.QUEUED)
    part = Import(station=at.station, entered_by=at.by, name="分.csv", size=1, kind="visits", counts={"rows": 1})
    return {"dealing": at.ledgers.dealing, "parts": [part]}


def _queued(at: Place) -> dict[str, Any]:
    Import.objects.filter(pk=at.ledgers.waiting.pk).update(state=ImportState.QUEUED)
    return {"source_id": at.ledgers.waiting.pk}


def _to_undo(at: Place) -> dict[str, Any]:
    return {"source": at.ledgers.brought, "version": at.ledgers.brought.version, "reason": "传错了文件"}


def _undoing(at: Place) -> dict[str, Any]:
    rows = Import.objects.filter(pk=at.ledgers.brought.pk)
    rows.update(state=ImportState.UNDOING, undone_at=clock.now(), undone_by=at.by, undo_reason="传错了文件")
    return {"source_id": at.ledgers.brought.pk}


ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "ledgers.actions.keep_taken": lambda at: {
        "source": Import(
            station=at.station, entered_by=at.by, name="另.csv", size=1, kind="visits", counts={"rows": 1}
        ),
    },
    "ledgers.actions.keep_decided": lambda at: _waiting(at) | {"learnt": None, "said": {"trouble": ""}},
    "ledgers.actions.ask_for_import": _waiting,
    "ledgers.actions.bring_in": _queued,
    "ledgers.actions.ask_for_undo": _to_undo,
    "ledgers.actions.take_back": _undoing,
    "ledgers.actions.undo": _to_undo,
    "ledgers.actions.note_returned": lambda at: {"source": at.ledgers.waiting},
    "ledgers.actions.drop": _waiting,
    "ledgers.deals.keep_taken_many": lambda at: {
        "dealing": Dealing(
            owner=at.station.parent,
            entered_by=at.by,
            name="另.csv",
            size=1,
            kind="visits",
            counts={"rows": 1},
            stored="另",
        ),
    },
    "ledgers.deals.keep_said": lambda at: _undealt(at) | {"said": {}, "counts": at.ledgers.dealing.counts},
    "ledgers.deals.ask_to_deal": _undealt,
    "ledgers.deals.keep_dealt": _asked_to_deal,
    "ledgers.deals.call_back": lambda at: {"dealing": at.ledgers.dealt, "version": at.ledgers.dealt.version},
    "ledgers.deals.drop_many": _undealt,
}
