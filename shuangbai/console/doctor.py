"""`shuangbai doctor`: what may be wrong, and what to do about it."""

import argparse
import json
import sys
from collections.abc import Callable
from typing import Any

from shuangbai.console import must_be_there, plainly

MARKS = {"problem": "✗", "warning": "!", "note": "·"}


def add(commands: Any, start: Callable[[], None]) -> None:
    doctor = commands.add_parser("doctor", help="体检：设置、文件、密钥、数据库、备份、任务")
    doctor.add_argument("--json", action="store_true", help="打印为 JSON")
    doctor.add_argument("--quick", action="store_true", help="不逐表检查")
    doctor.set_defaults(run=plainly(run), start=start)


def run(chosen: argparse.Namespace) -> None:
    """Exit code 1 where there is a problem; warnings and notes alone leave it 0."""
    chosen.start()
    must_be_there()
    from shuangbai.upkeep.doctor import examine
    from shuangbai.upkeep.enums import Severity

    findings = examine(slow=False if chosen.quick else None, told=show if sys.stderr.isatty() else lambda label: None)
    problems = sum(finding.severity == Severity.PROBLEM for finding in findings)
    if sys.stderr.isatty():
        show("")
    if chosen.json:
        said = {"problems": problems, "findings": [finding.as_dict() for finding in findings]}
        json.dump(said, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        for finding in findings:
            print(f"{MARKS[finding.severity]} {finding.sentence}\n    {finding.remedy}")
        print(summary(findings))
    if problems:
        sys.exit(1)


def summary(findings: list[Any]) -> str:
    if not findings:
        return "体检完成：没有发现问题。"
    counts = [
        (label, sum(f.severity == value for f in findings)) for value, label in type(findings[0].severity).choices
    ]
    return "体检完成：" + "，".join(f"{label} {many} 项" for label, many in counts if many) + "。"


def show(label: str) -> None:
    print(f"\r\033[K{f'正在检查：{label}……' if label else ''}", end="", file=sys.stderr, flush=True)
