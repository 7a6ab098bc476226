"""Findings and doors: one table says which finding refuses and which warns."""

import pytest

from shuangbai.core.findings import (
    Conflict,
    Door,
    Finding,
    NeedsAcknowledgement,
    Refused,
    Severity,
    judge,
    refuse_if_any,
)
from shuangbai.households import rules as household_rules
from shuangbai.services import rules as service_rules

pytestmark = pytest.mark.nodb

R, W, I = Severity.REFUSE, Severity.WARN, Severity.IGNORE  # noqa: E741
TABLE = {"late": {Door.PAGE: W, Door.SHEET: I, Door.PHONE: R}}
LATE = Finding("late", "occurred_on", "太晚了,请改日期")


def test_each_door_gives_its_own_severity():
    assert judge([LATE], Door.PAGE, TABLE)[0].severity is W
    assert judge([LATE], Door.PHONE, TABLE)[0].severity is R


def test_an_ignored_finding_is_not_said():
    assert judge([LATE], Door.SHEET, TABLE) == []


def test_a_code_that_the_table_does_not_know_is_a_defect():
    with pytest.raises(KeyError):
        judge([Finding("unheard_of", "x", "x")], Door.PAGE, TABLE)


def test_a_warning_asks_to_be_acknowledged_and_then_passes():
    warned = judge([LATE], Door.PAGE, TABLE)
    with pytest.raises(NeedsAcknowledgement) as caught:
        refuse_if_any(warned, acknowledged=False)
    assert caught.value.findings == warned
    refuse_if_any(warned, acknowledged=True)


def test_a_refusal_cannot_be_acknowledged_away_and_tells_the_warnings_too():
    mixed = [*judge([LATE], Door.PHONE, TABLE), *judge([LATE], Door.PAGE, TABLE)]
    with pytest.raises(Refused) as caught:
        refuse_if_any(mixed, acknowledged=True)
    assert not isinstance(caught.value, NeedsAcknowledgement)
    assert len(caught.value.findings) == 2


def test_nothing_found_is_nothing_said():
    refuse_if_any([], acknowledged=False)


def test_a_refusal_reads_as_its_sentences():
    assert str(Refused([LATE, LATE])).count(LATE.sentence) == 2
    assert Refused.because("x", "请填写").findings == [Finding("refused", "x", "请填写")]


def test_a_conflict_carries_what_stands_now():
    assert Conflict("now").current == "now"


@pytest.mark.parametrize("table", [household_rules.DOORS, service_rules.DOORS], ids=["households", "services"])
def test_every_rule_says_what_each_door_does(table):
    for code, doors in table.items():
        assert set(doors) == set(Door), code
