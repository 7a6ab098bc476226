"""The check of known faults: it fails for one that nobody answered, and never for want of a network."""

from __future__ import annotations

from typing import Any

import pytest

from checks.audit import verdict

pytestmark = pytest.mark.nodb
CLEAN = {"dependencies": [{"name": "django", "version": "5.2.1", "vulns": []}]}
FAULTY = {
    "dependencies": [
        {"name": "django", "version": "5.2.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["5.2.2"]}]},
        {"name": "segno", "version": "1.6", "vulns": []},
    ]
}


def asked(answer: Any, answered: dict[str, str] | None = None, network: bool = True) -> tuple[int, str]:
    code, lines = verdict(lambda: network, lambda: answer, answered or {})
    return code, "\n".join(lines)


def test_a_known_fault_fails_until_it_is_answered() -> None:
    code, said = asked(FAULTY)
    assert code == 1
    assert "django 5.2.1: PYSEC-1, put right in 5.2.2" in said
    assert asked(FAULTY, {"PYSEC-1": "the part is not used"}) == (
        0,
        "2 packages asked about, 1 known faults, all answered",
    )


def test_an_answer_to_no_fault_fails_too() -> None:
    code, said = asked(CLEAN, {"PYSEC-1": "the part is not used"})
    assert code == 1
    assert "PYSEC-1, which is no fault any more" in said


@pytest.mark.parametrize("network", [True, False])
def test_without_an_answer_it_says_that_it_did_not_ask(network: bool) -> None:
    assert asked(None, network=network) == (0, "not asked: no advisory service answers from here")
