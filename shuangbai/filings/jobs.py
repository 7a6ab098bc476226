"""Freezing a report: longer than a page may take, so the job worker does it."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError
from django.utils.translation import gettext as _
from django_tasks import task

from shuangbai.core import clock, databases, heads, maintenance
from shuangbai.core.actions import writing
from shuangbai.core.jobs import if_given_up
from shuangbai.core.snapshots import one_snapshot
from shuangbai.filings.actions import accept_filing, note_frozen, note_not_frozen
from shuangbai.filings.comparing import marks
from shuangbai.filings.enums import FilingState, StepKind
from shuangbai.filings.gathering import FROZEN, gather, rate_told
from shuangbai.filings.manifest import packed
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.queries import salt_of
from shuangbai.filings.verifying import ask_of
from shuangbai.network.models import User
from shuangbai.reports.indicators import BY_CODE, RATES
from shuangbai.reports.remarks import of_question
from shuangbai.reports.results import COLUMNS, as_json, client_list, results

log = logging.getLogger(__name__)
HEADS_CAUGHT_UP = 200
TRIES = 5
SIGNED = (StepKind.DRAFTED, StepKind.CONFIRMED, StepKind.REVIEWED, StepKind.ACCEPTING)


def order_freezing(*, by: User, filing: Filing, version: int) -> Filing:
    """Accept a report and queue its freezing, in one transaction. Raises as `accept_filing` does."""
    with writing():
        accepted = accept_filing(by=by, filing=filing, version=version)
        freeze.enqueue(str(filing.pk))
    return accepted


@task()
def freeze(filing_id: str) -> None:
    """Freeze a report that was accepted. Run again after it was frozen, this changes nothing."""
    maintenance.wait()
    filing = Filing.objects.select_related("owner").get(pk=filing_id)
    if filing.state != FilingState.FREEZING:
        return
    try:
        header, facts, counted_at = made(filing)
        _at_the_end(filing.pk, header, facts, counted_at)
    except (OperationalError, InterfaceError) as error:
        if not databases.is_full(error):
            raise  # the database is away: the worker tries again
        log.exception("report %s was not frozen", filing.pk)
        note_not_frozen(filing_id=filing.pk, why=_("磁盘已满，没有封存任何内容。请管理员清理磁盘后再接收一次。"))
    except Exception:
        log.exception("report %s was not frozen", filing.pk)
        note_not_frozen(filing_id=filing.pk, why=_("没有封存成，请再接收一次；若仍不成，请告知系统管理员。"))
    else:
        keep_heads()


@if_given_up(freeze)
def tell_given_up(filing_id: str) -> None:
    """The worker died over this report again and again."""
    why = _("几次都没有封存成，请管理员检查磁盘与内存后再接收。")
    note_not_frozen(filing_id=UUID(filing_id), why=why)


def made(filing: Filing) -> tuple[str, bytes, datetime]:
    """Header and facts of a report as the records are now, all of one moment, and that moment."""
    with one_snapshot():
        counted_at = clock.now()
        ask = ask_of(filing)
        report = as_json(results(ask))
        facts = gather(ask, salt_of(filing))
        clients = [
            {"code": item.category.code, "name": item.category.name, "from": f"{item.starts_on}"}
            for item in client_list(ask)
        ]
        marked, remarks = marks(), of_question(ask)
        steps = filing.steps.filter(kind__in=SIGNED).order_by("at", "id").values_list("kind", "by", "at")
        signed = [{"step": kind, "by": str(by), "at": at.isoformat()} for kind, by, at in steps]
    told: dict[str, Any] = {
        "question": {
            "unit": filing.owner.code, "name": filing.owner.name, "first": f"{filing.first}", "last": f"{filing.last}",
            "edition": filing.edition,
        },
        "report": report, "columns": list(COLUMNS), "clients": clients, "marks": marked, "steps": signed,
        "definitions": {
            code: {"name": BY_CODE[code].name, "unit": BY_CODE[code].unit, "version": BY_CODE[code].version,
                   "definition": BY_CODE[code].definition}
            for code in FROZEN
        },
        "rates": [rate_told(one) for one in RATES], "remarks": remarks,
    }  # fmt: skip
    return *packed(facts, told), counted_at


def _at_the_end(filing_id: UUID, header: str, facts: bytes, counted_at: datetime) -> None:
    """At the end of the chain, where two reports may want the same place: the second takes the next."""
    for left in reversed(range(TRIES)):
        try:
            note_frozen(filing_id=filing_id, header=header, facts=facts, counted_at=counted_at)
        except IntegrityError:
            if not left:
                raise
        else:
            return


def keep_heads() -> None:
    """Add to the file outside the database the heads of reports that it does not have yet.

    Raises OSError where it cannot be written; the reports stand, and their heads follow with the next.
    """
    known = {(line.number, line.hash) for line in heads.read_reports() if not line.restored}
    latest = Manifest.objects.order_by("-number").values_list("number", "hash", "sealed_at")[:HEADS_CAUGHT_UP]
    lacking = [one for one in reversed(latest) if one[:2] not in known]
    heads.append(f"{heads.REPORT} {number} {own} {at.isoformat(timespec='seconds')}" for number, own, at in lacking)
