"""Short ways to enter surveys, questionnaires and sheets."""

from __future__ import annotations

from datetime import date
from typing import Any

from shuangbai.network.models import OrgUnit, User
from shuangbai.surveys.actions.asking import (
    QuestionnaireEntry,
    SheetEntry,
    draft_questionnaire,
    enter_sheets,
    move_questionnaire,
)
from shuangbai.surveys.actions.surveying import SurveyEntry, enter_survey
from shuangbai.surveys.enums import QuestionKind, State
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
from shuangbai.surveys.rules.sheets import Question

FIRST, LAST = date(2020, 3, 2), date(2020, 3, 20)


def counted(value: int, source: str = "committee", way: str = "ledger") -> dict[str, Any]:
    """A number with where it comes from."""
    return {"value": value, "source": source, "way": way}


ANSWERS = {
    "households": counted(820), "registered": counted(3200), "resident": counted(2600), "away": counted(700),
    "floating": counted(100), "elders": counted(560), "children": counted(480, "station", "counted"),
    "dibao": counted(45, "town"), "hamlets": 6, "town_km": 4.5, "facilities": ["clinic", "square", "ancestral"],
    "livelihoods": ["away", "farming"], "problems": ["旱厕改的垃圾点没人管"], "needs": ["看病接送", "暑假有人看孩子"],
}  # fmt: skip


def a_survey_entry(station: OrgUnit, by: User, **more: Any) -> SurveyEntry:
    village = more.pop("village", None)
    if village is None:
        village = station.coverage.order_by("starts_on", "pk").first().village
    said = {
        "village_id": village.pk, "first_on": FIRST, "last_on": LAST, "worker_id": by.staff_id,
        "methods": ["interview", "walk"], "sample": 40, "answers": ANSWERS, "summary": "老人多、孩子多，青壮年在外。",
    }  # fmt: skip
    return SurveyEntry(station=station, **{**said, **more})


def a_survey(station: OrgUnit, by: User, **more: Any) -> Survey:
    return enter_survey(by=by, entry=a_survey_entry(station, by, **more), acknowledged=True)


# QUESTIONNAIRES ------------------------------------------------------------

QUESTIONS = (
    Question("q1", "午饭合不合口味", QuestionKind.ONE, (("1", "很合"), ("2", "一般"), ("3", "不合"))),
    Question("q2", "想添什么", QuestionKind.SEVERAL, (("1", "汤"), ("2", "鱼"), ("3", "软饭")), required=False),
    Question("q3", "愿意继续来吃", QuestionKind.YES_NO),
    Question("q4", "一个月能出多少钱", QuestionKind.NUMBER, required=False),
    Question("q5", "还想说什么", QuestionKind.TEXT, required=False),
)
ANSWERED = {"q1": "1", "q2": ["1", "3"], "q3": "yes", "q4": 60, "q5": "菜淡一点"}
FILLED = date(2020, 6, 1)


def a_questionnaire(owner: OrgUnit, by: User, *, published: bool = True, **more: Any) -> Questionnaire:
    """A questionnaire about the elders' meals, in use since the day on which it is made."""
    said = {"title": "长者午餐问卷", "questions": QUESTIONS, "about": "给来吃饭的老人", **more}
    made = draft_questionnaire(by=by, owner=owner, entry=QuestionnaireEntry(**said))
    return move_questionnaire(by=by, questionnaire=made, version=1, to=State.PUBLISHED) if published else made


def a_sheet_entry(station: OrgUnit, asked: Questionnaire, **more: Any) -> SheetEntry:
    said = {"filled_on": FILLED, "answers": ANSWERED, **more}
    return SheetEntry(station=station, questionnaire=asked, **said)


def sheets_in(station: OrgUnit, by: User, asked: Questionnaire, count: int, **more: Any) -> list[AnswerSheet]:
    """So many sheets alike."""
    return enter_sheets(by=by, entries=[a_sheet_entry(station, asked, **more) for _ in range(count)])
