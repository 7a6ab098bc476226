"""`python -m tests.sweep`: run the sweep and say how much it asked; `--write` keeps that as docs/reference/sweep.md."""

from __future__ import annotations

import sys

from checks import ROOT

PAGE = ROOT / "docs" / "reference" / "sweep.md"


class Tally:
    """How the tests ended."""

    def __init__(self) -> None:
        self.passed = self.failed = 0

    def pytest_runtest_logreport(self, report: object) -> None:
        if report.failed:  # type: ignore[attr-defined]
            self.failed += 1
        elif report.when == "call" and report.passed:  # type: ignore[attr-defined]
            self.passed += 1


def main(arguments: list[str]) -> int:
    import pytest

    if arguments not in ([], ["--write"]):
        print("usage: python -m tests.sweep [--write]", file=sys.stderr)
        return 2
    tally = Tally()
    code = pytest.main(["-q", "-n0", "--no-header", str(ROOT / "tests" / "sweep")], plugins=[tally])
    # Only now: what the tables name needs Django, and Django the settings of the tests.
    from tests.sweep.page import page, summary

    print(f"sweep: {summary()}; {tally.passed} tests passed, {tally.failed} failed")
    if arguments and code == 0:
        PAGE.write_text(page(tally.passed), encoding="utf-8")
        print(PAGE.relative_to(ROOT).as_posix())
    return int(code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
