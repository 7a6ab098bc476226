"""Villages surveyed, questionnaires, profiles: their lines of the tables, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shuangbai.core.ids import random_id
from shuangbai.surveys.actions.asking import QuestionnaireEntry
from shuangbai.surveys.enums import State
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
from tests.surveying import ANSWERED, QUESTIONS, a_questionnaire, a_sheet_entry, a_survey, a_survey_entry, sheets_in

if TYPE_CHECKING:
    from shuangbai.network.models import OrgUnit, User
    from tests.sweep.world import Place

KEYS = {"survey", "questionnaire", "drafted", "answer_sheet"}

# name                                     | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
survey-list                                | GET  | +++ ++ ++ ... ..ss
survey-list?voided=1                       | GET  | +++ ++ ++ ... ..ss
survey-new                                 | GET  | +++ ++ .. ... ..ss
survey-new                                 | POST | >>> !! .. ... ..ss
survey(survey)                             | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
survey-edit(survey)                        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
survey-edit(survey)                        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
survey-void(survey)                        | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
survey-void(survey)                        | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
survey-pdf(survey)                         | POST | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
survey-compare?a={survey}&b={survey}       | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
village-list                               | GET  | +++ ++ ++ ... ..ss
village(area)                              | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
questionnaire-list                         | GET  | +++ ++ ++ ... ..ss
questionnaire-new                          | GET  | +++ ++ .+ ... ..ss
questionnaire-new                          | POST | >>> >> .> ... ..ss
questionnaire(questionnaire)               | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
questionnaire-edit(drafted)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
questionnaire-edit(drafted)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
questionnaire-move(drafted)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
questionnaire-revise(questionnaire)        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
questionnaire-results(questionnaire)       | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
sheet-list(questionnaire)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-export(questionnaire)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-export(questionnaire)                | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-new(questionnaire)                   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-new(questionnaire)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
sheet-edit(answer_sheet)                   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-edit(answer_sheet)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
sheet-void(answer_sheet)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
sheet-void(answer_sheet)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
"""

# room.module.action                          | 城东: own 海 上 管理 shut | 东洲
ACTS = """
surveys.actions.surveying.enter_survey        | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.surveying.correct_survey      | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.surveying.void_survey         | +.+ .. .. ... ... | ... .+ .. ... ...
surveys.actions.surveying.note_survey_taken   | +++ .. ++ ... ... | ... .+ ++ ... ...
surveys.actions.asking.draft_questionnaire    | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.change_draft           | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.move_questionnaire     | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.revise_questionnaire   | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.enter_sheets           | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.correct_sheet          | +++ .. .. ... ... | ... .+ .. ... ...
surveys.actions.asking.void_sheet             | +.+ .. .. ... ... | ... .+ .. ... ...
"""


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """A survey, a questionnaire in use with five sheets and one that is drafted."""
    survey = a_survey(station, by, summary=words)
    asked = a_questionnaire(station, by)
    drafted = a_questionnaire(station, by, title="还没想好的问卷", published=False)
    sheets = sheets_in(station, by, asked, 5, answers={**ANSWERED, "q5": words})
    return {"survey": survey.pk, "questionnaire": asked.pk, "drafted": drafted.pk, "answer_sheet": sheets[0].pk}


@dataclass
class Asked:
    """What this room made at a place."""

    survey: Survey
    questionnaire: Questionnaire
    drafted: Questionnaire
    sheet: AnswerSheet


def _at(at: Place) -> Asked:
    models = {"survey": Survey, "questionnaire": Questionnaire, "drafted": Questionnaire, "answer_sheet": AnswerSheet}
    return Asked(*(model.objects.get(pk=at.keys[name]) for name, model in models.items()))


def _survey(at: Place, **more: Any) -> dict[str, Any]:
    said = {
        "village": str(at.village.pk), "first_on": "2019-03-02", "last_on": "2019-03-20", "methods": ["interview"],
        "worker": str(at.by.staff_id), "source": "committee", "way": "ledger", "elders": "560",
        "client_id": str(random_id()),
    }  # fmt: skip
    return said | more


def _questionnaire(**more: Any) -> dict[str, Any]:
    said = {
        "title": "午餐问卷", "rows": "1", "q-0-text": "合不合口味", "q-0-kind": "one", "q-0-choices": "合／不合",
        "client_id": str(random_id()),
    }  # fmt: skip
    return said | more


def _sheet(**more: Any) -> dict[str, Any]:
    said = {"filled_on": "2020-06-01", "whose": "unsaid", "q1": "1", "q3": "yes", "client_id": str(random_id())}
    return said | more


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "survey-new": _survey,
    "survey-edit": lambda at: _survey(at, version="1", reason="村委补报"),
    "survey-void": lambda at: {"reason": "重复录入"},
    "survey-pdf": lambda at: {},
    "questionnaire-new": lambda at: _questionnaire(),
    "questionnaire-edit": lambda at: _questionnaire(version="1"),
    "questionnaire-move": lambda at: {"version": "1", "to": "published"},
    "questionnaire-revise": lambda at: {},
    "sheet-export": lambda at: {"kind": "sheets", "reason": "check"},
    "sheet-new": lambda at: _sheet(),
    "sheet-edit": lambda at: _sheet(version="1", reason="看错一行"),
    "sheet-void": lambda at: {"reason": "重复录入"},
}

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "surveys.actions.surveying.enter_survey": lambda at: {
        "entry": a_survey_entry(at.station, at.by), "acknowledged": True,
    },
    "surveys.actions.surveying.correct_survey": lambda at: {
        "survey": _at(at).survey, "version": 1, "entry": a_survey_entry(at.station, at.by), "reason": "村委补报",
        "acknowledged": True,
    },
    "surveys.actions.surveying.void_survey": lambda at: {"survey": _at(at).survey, "reason": "重复录入"},
    "surveys.actions.surveying.note_survey_taken": lambda at: {"survey": _at(at).survey},
    "surveys.actions.asking.draft_questionnaire": lambda at: {
        "owner": at.station, "entry": QuestionnaireEntry("午餐问卷", QUESTIONS),
    },
    "surveys.actions.asking.change_draft": lambda at: {
        "questionnaire": _at(at).drafted, "version": 1, "entry": QuestionnaireEntry("午餐问卷", QUESTIONS),
    },
    "surveys.actions.asking.move_questionnaire": lambda at: {
        "questionnaire": _at(at).drafted, "version": 1, "to": State.PUBLISHED,
    },
    "surveys.actions.asking.revise_questionnaire": lambda at: {
        "questionnaire": _at(at).questionnaire, "client_id": random_id(),
    },
    "surveys.actions.asking.enter_sheets": lambda at: {
        "entries": [a_sheet_entry(at.station, _at(at).questionnaire)],
    },
    "surveys.actions.asking.correct_sheet": lambda at: {
        "sheet": _at(at).sheet, "version": 1, "entry": a_sheet_entry(at.station, _at(at).questionnaire),
        "reason": "看错一行",
    },
    "surveys.actions.asking.void_sheet": lambda at: {"sheet": _at(at).sheet, "reason": "重复录入"},
}  # fmt: skip
