"""A survey of a village is entered, corrected, voided, taken away on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Door, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.access import check_reaches
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.network.roles import Permission
from shuangbai.surveys.access import may_void, may_write, surveys_visible_to
from shuangbai.surveys.models import AnswerSheet, Survey
from shuangbai.surveys.queries import ever_covered, last_before, same_days
from shuangbai.surveys.rules.survey import DOORS, cleaned, correction_findings, survey_findings

ENTERED = audit.kind("survey.entered", "{by} 登记了{what}", personal=())
CORRECTED = audit.kind("survey.corrected", "{by} 更正了{what}，理由：{reason}")
VOIDED = audit.kind("survey.voided", "{by} 作废了{what}，理由：{reason}")
TAKEN = audit.kind("survey.taken", "{by} 打印了{what}", personal=())


@dataclass(slots=True)
class SurveyEntry:
    """A survey as it comes from its page. `answers` by the codes of enums.FIELDS."""

    station: OrgUnit
    village_id: int
    first_on: date
    last_on: date
    worker_id: UUID
    methods: Sequence[str]
    sample: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    summary: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@action
def enter_survey(*, by: User, entry: SurveyEntry, acknowledged: bool = False, door: Door = Door.PAGE) -> Survey:
    """Enter a survey; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk})
    before = Survey.objects.filter(station=entry.station, client_id=entry.client_id).first()
    if before:
        return before
    _check(entry, None, acknowledged, door)
    survey = Survey(
        station=entry.station, client_id=entry.client_id, entered_by=by, entered_at=entry.entered_at or clock.now()
    )
    _put(survey, entry)
    insert([survey], by=by)
    audit.record(ENTERED, by=by, about=survey, what=str(survey))
    return survey


@action
def correct_survey(
    *, by: User, survey: Survey, version: int, entry: SurveyEntry, reason: str, acknowledged: bool = False
) -> Survey:
    """Write a survey anew under the next version. Raises NotAllowed, Refused, NeedsAcknowledgement, Conflict."""
    current = _current(survey)
    if not may_write(by, current.station_id):
        raise NotAllowed
    if current.voided_at:
        raise Refused.because("", "这份调研已经作废，不能再改；请另登记一份")
    if current.version != version:
        raise Conflict(current)
    refuse_if_any(correction_findings(reason), acknowledged=False)
    _check(entry, current, acknowledged, Door.PAGE)
    _put(current, entry)
    current.version += 1
    sign(current, by=by, reason=reason.strip())
    current.save()
    audit.record(CORRECTED, by=by, about=current, what=str(current), reason=reason.strip()[:100])
    return current


@action
def void_survey(*, by: User, survey: Survey, reason: str) -> Survey:
    """Take a survey out of every number, with a reason. Raises NotAllowed, Refused."""
    current = _current(survey)
    voided(by, current, reason, "这份调研")
    audit.record(VOIDED, by=by, about=current, what=str(current), reason=reason.strip()[:100])
    return current


@action
def note_survey_taken(*, by: User, survey: Survey) -> None:
    """That somebody took a survey away as a file. Raises NotAllowed."""
    if not surveys_visible_to(by).filter(pk=survey.pk).exists():
        raise NotAllowed
    audit.record(TAKEN, by=by, about=survey, what=str(survey))


def voided(by: User, current: Survey | AnswerSheet, reason: str, what: str) -> None:
    """A row that is locked, voided and saved. Raises NotAllowed, Refused."""
    if not may_void(by, current):
        raise NotAllowed
    if not reason.strip():
        raise Refused.because("reason", "请写明作废理由，如“重复录入”")
    if current.voided_at:
        raise Refused.because("reason", f"{what}已经作废，无需再次作废")
    current.voided_at, current.voided_by, current.void_reason = clock.now(), by, reason.strip()[:200]
    current.version += 1
    sign(current, by=by, reason=reason.strip())
    current.save()


def _current(survey: Survey) -> Survey:
    return Survey.objects.select_for_update(of=("self",)).select_related("village").get(pk=survey.pk)


def _check(entry: SurveyEntry, current: Survey | None, acknowledged: bool, door: Door) -> None:
    station, village, but = entry.station, entry.village_id, current.pk if current else None
    last = last_before(village, station.pk, entry.first_on, but)
    again = same_days(village, station.pk, entry.first_on, entry.last_on, but)
    found = survey_findings(
        covered=ever_covered(station.pk, village), first=entry.first_on, last=entry.last_on, today=clock.today(),
        opened_on=station.starts_on, methods=entry.methods, sample=entry.sample, answers=cleaned(entry.answers),
        worker_posted=Posting.objects.filter(unit=station, staff=entry.worker_id).exists(), summary=entry.summary,
        same_days=again,
        before=last.answers if last else None, before_on=last.last_on if last else None,
    )  # fmt: skip
    refuse_if_any(judge(found, door, DOORS), acknowledged=acknowledged)


def _put(survey: Survey, entry: SurveyEntry) -> None:
    survey.village_id, survey.worker_id = entry.village_id, entry.worker_id
    survey.first_on, survey.last_on, survey.sample = entry.first_on, entry.last_on, entry.sample
    survey.methods, survey.answers = list(entry.methods), cleaned(entry.answers)
    survey.summary = entry.summary.strip()
