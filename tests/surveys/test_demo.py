"""What the demonstration city has of this room, entered into the small city of the tests."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from shuangbai.demo.villages import SHEETS, fill
from shuangbai.surveys.models import AnswerSheet, Questionnaire, Survey
from shuangbai.surveys.rules.survey import number_findings

pytestmark = pytest.mark.django_db


def test_three_villages_in_two_periods_and_forty_sheets(city, worker, stranger):
    made = SimpleNamespace(units=city.units, heads={"SW-HF-01": worker, "SW-CQ-01": stranger})
    fill(made)
    surveys = list(Survey.objects.all())
    assert len(surveys) == 6
    assert len({one.village_id for one in surveys}) == 3
    assert all(number_findings(one.answers) == [] for one in surveys)
    assert AnswerSheet.objects.count() == SHEETS == 40
    asked = Questionnaire.objects.get()
    assert (asked.state, asked.owner) == ("published", city.dongzhou)
