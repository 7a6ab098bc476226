"""Certificates of volunteer service: issued with a number, taken away on paper, withdrawn.

What a certificate says is fixed when it is issued, and encrypted. The fields: 民政部令第67号 (2021), Art. 4, for what
is recorded of a volunteer; 民发〔2015〕149号 for what a certificate shows: who, by which document; service in hours and
its content; who certifies, who answers for it, by whom it was made and how they are reached; number and day.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.network.enums import Post
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.upkeep.alerts import check_may_open, tell_auditor
from shuangbai.volunteers.access import may_look_after, may_open_masked, may_take_back
from shuangbai.volunteers.actions.people import check_known
from shuangbai.volunteers.enums import MeritKind
from shuangbai.volunteers.models import Certificate, Volunteer
from shuangbai.volunteers.queries import Served, merits_of, services_of
from shuangbai.volunteers.rules import certificate_findings, reason_findings

ISSUED = audit.kind("certificate.issued", "{by} 出具了志愿服务记录证明 {number}")
TAKEN = audit.kind("certificate.taken", "{by} 打印了志愿服务记录证明 {number}", opens=True)
WITHDRAWN = audit.kind("certificate.withdrawn", "{by} 收回了志愿服务记录证明 {number}，理由：{reason}")


@dataclass(slots=True)
class CertificateEntry:
    """What is asked of a certificate: the days it covers, what it is for, and how the station is reached."""

    first: date
    last: date
    purpose: str = ""
    contact: str = ""


@action
def issue_certificate(*, by: User, volunteer: Volunteer, entry: CertificateEntry) -> Certificate:
    """Certify what a volunteer did from a day to a day, with the station's next number. Raises NotAllowed, Refused."""
    if not may_look_after(by, volunteer.station_id):
        raise NotAllowed
    check_known(volunteer)
    served = services_of(volunteer, entry.first, entry.last)
    hours = sum((one.row.hours for one in served), Decimal(0))
    today = clock.today()
    refuse_if_any(certificate_findings(first=entry.first, last=entry.last, today=today, hours=hours), acknowledged=True)
    # The station's row is locked: one number after another, none twice.
    station = OrgUnit.objects.select_for_update(of=("self",)).get(pk=volunteer.station_id)
    given = Certificate.objects.filter(station=station, year=today.year).aggregate(latest=Max("serial"))["latest"]
    serial = (given or 0) + 1
    row = Certificate(
        station=station, volunteer=volunteer, year=today.year, serial=serial,
        number=f"{station.code}-ZM{today.year}-{serial:04d}", first=entry.first, last=entry.last, hours=hours,
        issued_on=today, entered_by=by, entered_at=clock.now(),
        said=json.dumps(_said(by, volunteer, station, entry, served), ensure_ascii=False),
    )  # fmt: skip
    insert([row], by=by)
    audit.record(ISSUED, by=by, about=row, number=row.number)
    return row


def _said(
    by: User, volunteer: Volunteer, station: OrgUnit, entry: CertificateEntry, served: Iterable[Served]
) -> dict[str, Any]:
    noted = merits_of(volunteer=volunteer).filter(happened_on__gte=entry.first, happened_on__lte=entry.last)
    merits = [[one.kind, f"{one.happened_on:%Y-%m-%d}", one.title, one.giver] for one in noted]
    return {
        "name": volunteer.called, "sex": volunteer.sex_word,
        "birth": volunteer.born.isoformat() if volunteer.born else "", "id_no": volunteer.number,
        "platform_no": volunteer.platform_no, "purpose": entry.purpose.strip(), "contact": entry.contact.strip(),
        "station": station.name, "in_charge": "、".join(_heads(station)), "made_by": by.display_name,
        "services": [
            [f"{one.row.record.occurred_on:%Y-%m-%d}", one.title, _where(one), one.row.task, str(one.row.hours)]
            for one in reversed(list(served))
        ],
        "trainings": [one[1:] for one in merits if one[0] == MeritKind.TRAINING],
        "awards": [one[1:] for one in merits if one[0] == MeritKind.AWARD],
    }  # fmt: skip


def _where(one: Served) -> str:
    record = one.row.record
    village = record.village.short_name if record.village else ""
    return record.place if village in record.place else "，".join(filter(None, [village, record.place]))


def _heads(station: OrgUnit) -> list[str]:
    """Who leads the station today."""
    leading = Posting.objects.on(clock.today()).filter(unit=station, post=Post.STATION_HEAD)
    return list(leading.order_by("staff__name").values_list("staff__name", flat=True))


@action
def note_taken(*, by: User, certificate: Certificate) -> None:
    """Keep in the trail that somebody took a certificate away on paper, with the identity number on it.

    Raises NotAllowed, Refused, TooOften.
    """
    if not may_open_masked(by, certificate.volunteer):
        raise NotAllowed
    if certificate.voided_at or not certificate.said:
        raise Refused.because("", "这份证明已收回，不能再打印")
    check_may_open(by=by, many=1)
    audit.record(TAKEN, by=by, about=certificate, number=certificate.number, count=1, keys=["id"])
    tell_auditor(by=by)


@action
def withdraw_certificate(*, by: User, certificate: Certificate, version: int, reason: str) -> Certificate:
    """Take a certificate back; it stays on the list, and its number is given to no other. Raises as other writes do."""
    row = Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if not may_take_back(by, row):
        raise NotAllowed
    if row.version != version:
        raise Conflict(row)
    refuse_if_any(reason_findings(reason), acknowledged=True)
    if row.voided_at:
        raise Refused.because("reason", "这份证明已经收回，不必再收回")
    row.voided_at, row.voided_by, row.void_reason = clock.now(), by, reason.strip()[:200]
    row.version += 1
    row.save()
    audit.record(WITHDRAWN, by=by, about=row, number=row.number, reason=row.void_reason[:100])
    return row
