"""The sheets of a questionnaire as a workbook: for whoever reads single ones, and in the trail."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from shuangbai.core.models import AuditEvent
from shuangbai.surveys.actions.asking import void_sheet
from shuangbai.surveys.rules.sheets import Question, answer_told
from tests.surveying import ANSWERED, QUESTIONS, a_questionnaire, sheets_in

TAKEN = {"kind": "sheets", "reason": "report"}


def cells(answer: Any) -> list[list[Any]]:
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.mark.nodb
def test_answers_are_told_by_code_and_label_numbers_as_numbers() -> None:
    told = [answer_told(one, ANSWERED[one.code]) for one in QUESTIONS]
    assert told == ["1 很合", "1 汤；3 软饭", "是", 60, "菜淡一点"]
    number = next(one for one in QUESTIONS if one.code == "q4")
    assert [answer_told(number, one) for one in (2.5, 0, None)] == ["2.5", 0, ""]
    assert answer_told(Question(*[getattr(QUESTIONS[1], n) for n in ("code", "text", "kind", "choices")]), []) == ""


@pytest.mark.django_db
class TestTheWorkbook:
    @pytest.fixture
    def asked(self, city: Any, worker: Any) -> Any:
        return a_questionnaire(city.chengdong, worker)

    def test_one_row_a_sheet_and_one_column_a_question(self, client_for, city, worker, asked) -> None:
        formula = {"q1": "2", "q3": "no", "q5": "=1+1"}
        sheets_in(city.chengdong, worker, asked, 1, village_id=city.chishan.pk, whose="filed")
        sheets_in(city.chengdong, worker, asked, 1, filled_on=date(2020, 5, 20), answers=formula)
        [wrong] = sheets_in(city.chengdong, worker, asked, 1)
        void_sheet(by=worker, sheet=wrong, reason="重复录入")
        client = client_for(worker)
        where = f"/questionnaires/{asked.pk}/sheets/export"
        assert where in client.get(f"/questionnaires/{asked.pk}/sheets/").content.decode()
        form = client.get(where).content.decode()
        assert all(said in form for said in ("长者午餐问卷", "共 2 份", "问卷答卷（每份一行，每题一列）"))
        title, mark, heads, *rows = cells(client.post(where, TAKEN))
        assert title[0] == "问卷答卷"
        assert "用途：按要求报送" in mark[0]
        assert heads == ["填写日期", "村居", "谁填的", *(f"{n}. {one.text}" for n, one in enumerate(QUESTIONS, 1))]
        assert rows == [
            ["2020-05-20", "", "不记", "2 一般", "", "否", "", "=1+1"],
            ["2020-06-01", "赤山村", "在档家庭", "1 很合", "1 汤；3 软饭", "是", 60, "菜淡一点"],
        ]
        event = AuditEvent.objects.get(kind="list.exported")
        said = {**event.details, **event.personal}
        assert (said["what"], said["rows"]) == ("问卷答卷", 2)
        assert "菜淡一点" not in json.dumps(said, ensure_ascii=False)

    def test_nobody_without_the_station_takes_them(
        self, client_for, city, worker, stranger, supervisor, officer, asked
    ) -> None:
        sheets_in(city.chengdong, worker, asked, 6)
        for who in (stranger, supervisor, officer):
            for answer in (client_for(who).get, client_for(who).post):
                assert answer(f"/questionnaires/{asked.pk}/sheets/export", TAKEN).status_code == 404
        assert not AuditEvent.objects.filter(kind="list.exported").exists()

    def test_of_a_central_questionnaire_only_ones_own_stations(self, client_for, city, worker, stranger, officer):
        central = a_questionnaire(city.root, officer, title="全市问卷")
        sheets_in(city.chengdong, worker, central, 2)
        sheets_in(city.dongzhou, stranger, central, 3)
        answer = client_for(stranger).post(f"/questionnaires/{central.pk}/sheets/export", TAKEN)
        assert len(cells(answer)) == 3 + 3
