"""Questionnaires are drafted, published, ended, changed into a new version; sheets are entered, corrected, voided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, NotAllowed, Refused, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, User
from shuangbai.surveys.access import (
    answerable_by,
    may_write,
    owner_for,
    questionnaires_kept_by,
)
from shuangbai.surveys.actions.surveying import voided
from shuangbai.surveys.enums import QuestionKind, State, Whose
from shuangbai.surveys.models import AnswerSheet, Questionnaire
from shuangbai.surveys.queries import ever_covered
from shuangbai.surveys.rules.sheets import (
    WAYS,
    Question,
    kept_as,
    move_findings,
    questionnaire_findings,
    questions_of,
    sheet_findings,
)
from shuangbai.surveys.rules.survey import correction_findings

DRAFTED = audit.kind("questionnaire.drafted", "{by} 起草了问卷「{title}」", personal=())
CHANGED = audit.kind("questionnaire.changed", "{by} 改了问卷「{title}」的草稿", personal=())
MOVED = audit.kind("questionnaire.moved", "{by} {did}了问卷「{title}」", personal=())
SHEET = audit.kind("answer_sheet.entered", "{by} 录入了一份问卷「{title}」", personal=())
SHEET_CORRECTED = audit.kind("answer_sheet.corrected", "{by} 更正了一份问卷「{title}」，理由：{reason}")
SHEET_VOIDED = audit.kind("answer_sheet.voided", "{by} 作废了一份问卷「{title}」，理由：{reason}")


@dataclass(slots=True)
class QuestionnaireEntry:
    """A questionnaire as it comes from its page."""

    title: str
    questions: Sequence[Question]
    about: str = ""
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


@dataclass(slots=True)
class SheetEntry:
    """One sheet as it comes from its page. `answers` by the codes of questions."""

    station: OrgUnit
    questionnaire: Questionnaire
    filled_on: date
    answers: Mapping[str, Any]
    village_id: int | None = None
    whose: str = Whose.UNSAID
    client_id: UUID = field(default_factory=random_id)
    entered_at: datetime | None = None


# QUESTIONNAIRES ------------------------------------------------------------


@action
def draft_questionnaire(*, by: User, owner: OrgUnit, entry: QuestionnaireEntry) -> Questionnaire:
    """A new questionnaire, not yet in use; sent twice it is the first. Raises NotAllowed, Refused."""
    mine = owner_for(by)
    if mine is None or mine.pk != owner.pk:
        raise NotAllowed
    before = Questionnaire.objects.filter(owner=owner, client_id=entry.client_id).first()
    if before:
        return before
    _check(entry)
    made = _new(by, owner, entry, line=random_id(), edition=1)
    audit.record(DRAFTED, by=by, about=made, title=str(made))
    return made


@action
def change_draft(*, by: User, questionnaire: Questionnaire, version: int, entry: QuestionnaireEntry) -> Questionnaire:
    """Change what is not yet published. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, questionnaire, version)
    if current.state != State.DRAFT:
        raise Refused.because("", "已发布的问卷不能改，答过的才好比较；请「改成新版本」")
    _check(entry)
    current.title, current.about = entry.title.strip(), entry.about.strip()
    current.questions = kept_as(entry.questions)
    _save(current, by)
    audit.record(CHANGED, by=by, about=current, title=str(current))
    return current


@action
def move_questionnaire(*, by: User, questionnaire: Questionnaire, version: int, to: State) -> Questionnaire:
    """Publish a draft, which ends the version before it; or end one in use. Raises NotAllowed, Refused, Conflict."""
    current = _current(by, questionnaire, version)
    questions, today = questions_of(current.questions), clock.today()
    refuse_if_any(move_findings(current.state, to, questions), acknowledged=False)
    did = WAYS[State(current.state)][to]
    if to == State.PUBLISHED:
        for one in Questionnaire.objects.select_for_update().filter(line=current.line, state=State.PUBLISHED):
            one.state, one.ended_on = State.ENDED, today
            _save(one, by)
        current.published_on = today
    else:
        current.ended_on = today
    current.state = to
    _save(current, by)
    audit.record(MOVED, by=by, about=current, title=str(current), did=did)
    return current


@action
def revise_questionnaire(*, by: User, questionnaire: Questionnaire, client_id: UUID) -> Questionnaire:
    """A draft of the next version, with the questions of this one; one that is drafted already is given back.

    Raises NotAllowed, Refused.
    """
    current = _current(by, questionnaire, None)
    drafted = Questionnaire.objects.filter(line=current.line, state=State.DRAFT).first()
    if drafted:
        return drafted
    last = Questionnaire.objects.filter(line=current.line).aggregate(last=Max("edition"))["last"]
    entry = QuestionnaireEntry(current.title, questions_of(current.questions), current.about, client_id)
    made = _new(by, current.owner, entry, line=current.line, edition=last + 1)
    audit.record(DRAFTED, by=by, about=made, title=str(made))
    return made


def _new(by: User, owner: OrgUnit, entry: QuestionnaireEntry, *, line: UUID, edition: int) -> Questionnaire:
    made = Questionnaire(
        owner=owner, client_id=entry.client_id, line=line, edition=edition, title=entry.title.strip(),
        about=entry.about.strip(), questions=kept_as(entry.questions), entered_by=by,
        entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip
    insert([made], by=by)
    return made


def _check(entry: QuestionnaireEntry) -> None:
    if not entry.title.strip():
        raise Refused.because("title", "请填写问卷名称")
    refuse_if_any(questionnaire_findings(entry.questions), acknowledged=False)


def _current(by: User, questionnaire: Questionnaire, version: int | None) -> Questionnaire:
    """The questionnaire as it stands, locked, if `by` may keep it. Raises NotAllowed, Conflict."""
    if not questionnaires_kept_by(by).filter(pk=questionnaire.pk).exists():
        raise NotAllowed
    current = Questionnaire.objects.select_for_update(of=("self",)).select_related("owner").get(pk=questionnaire.pk)
    if version is not None and current.version != version:
        raise Conflict(current)
    return current


def _save(questionnaire: Questionnaire, by: User) -> None:
    questionnaire.version += 1
    sign(questionnaire, by=by)
    questionnaire.save()


# SHEETS --------------------------------------------------------------------


@action
def enter_sheets(*, by: User, entries: Sequence[SheetEntry]) -> list[AnswerSheet]:
    """Enter sheets of one station and one questionnaire; what was sent before is passed over.

    Raises NotAllowed, Refused.
    """
    first = entries[0]
    allowed = may_write(by, first.station.pk) and answerable_by(by).filter(pk=first.questionnaire.pk).exists()
    if not allowed or any((e.station, e.questionnaire) != (first.station, first.questionnaire) for e in entries):
        raise NotAllowed
    sent = {entry.client_id: entry for entry in entries}
    known = {one.client_id: one for one in AnswerSheet.objects.filter(station=first.station, client_id__in=list(sent))}
    covered: dict[int | None, bool] = {None: True}
    new = []
    for entry in sent.values():
        if entry.client_id not in known:
            _check_sheet(entry, covered)
            new.append(_sheet(by, entry))
    insert(new, by=by)
    title = str(first.questionnaire)
    audit.record_all([audit.entry(SHEET, by=by, about=one, title=title) for one in new])
    made = known | {one.client_id: one for one in new}
    return [made[entry.client_id] for entry in entries]


def enter_sheet(*, by: User, entry: SheetEntry) -> AnswerSheet:
    """A batch of one."""
    return enter_sheets(by=by, entries=[entry])[0]


@action
def correct_sheet(*, by: User, sheet: AnswerSheet, version: int, entry: SheetEntry, reason: str) -> AnswerSheet:
    """Write a sheet anew under the next version. Raises NotAllowed, Refused, Conflict."""
    current = _current_sheet(by, sheet)
    if current.version != version:
        raise Conflict(current)
    refuse_if_any(correction_findings(reason), acknowledged=False)
    _check_sheet(entry, {None: True})
    _answer(current, entry)
    current.version += 1
    sign(current, by=by, reason=reason.strip())
    current.save()
    title = str(current.questionnaire)
    audit.record(SHEET_CORRECTED, by=by, about=current, title=title, reason=reason.strip()[:100])
    return current


@action
def void_sheet(*, by: User, sheet: AnswerSheet, reason: str) -> AnswerSheet:
    """Take a sheet out of every number, with a reason. Raises NotAllowed, Refused."""
    current = AnswerSheet.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=sheet.pk)
    voided(by, current, reason, "这份问卷")
    title = str(current.questionnaire)
    audit.record(SHEET_VOIDED, by=by, about=current, title=title, reason=reason.strip()[:100])
    return current


def _current_sheet(by: User, sheet: AnswerSheet) -> AnswerSheet:
    if not may_write(by, sheet.station_id):
        raise NotAllowed
    current = AnswerSheet.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=sheet.pk)
    if current.voided_at:
        raise Refused.because("", "这份问卷已经作废，不能再改；请另录一份")
    return current


def _check_sheet(entry: SheetEntry, covered: dict[int | None, bool]) -> None:
    """`covered` remembers the villages of a batch."""
    village, asked = entry.village_id, entry.questionnaire
    if village not in covered:
        covered[village] = ever_covered(entry.station.pk, village or 0)
    found = sheet_findings(
        questions_of(asked.questions), entry.answers, filled_on=entry.filled_on, today=clock.today(),
        published_on=asked.published_on, ended_on=asked.ended_on, covered=covered[village],
    )  # fmt: skip
    refuse_if_any(found, acknowledged=False)


def _sheet(by: User, entry: SheetEntry) -> AnswerSheet:
    sheet = AnswerSheet(
        station=entry.station, client_id=entry.client_id, questionnaire=entry.questionnaire, entered_by=by,
        entered_at=entry.entered_at or clock.now(),
    )  # fmt: skip
    _answer(sheet, entry)
    return sheet


def _answer(sheet: AnswerSheet, entry: SheetEntry) -> None:
    """What was written apart from what was chosen: words are sealed."""
    sheet.village_id, sheet.filled_on, sheet.whose = entry.village_id, entry.filled_on, entry.whose
    said = {code: answer for code, answer in entry.answers.items() if answer not in (None, "", [])}
    texts = {one.code for one in questions_of(entry.questionnaire.questions) if one.kind == QuestionKind.TEXT}
    written = {code: str(answer).strip() for code, answer in said.items() if code in texts}
    sheet.words = json.dumps(written, ensure_ascii=False) if written else ""
    sheet.answers = {code: answer for code, answer in said.items() if code not in texts}
