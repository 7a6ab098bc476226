"""`python -m checks.audit`: known faults of what is locked, where an advisory service answers.

Asked is osv.dev, by pip-audit, about the versions in requirements/run.txt; nothing is installed or changed. Without a
network the check says that it did not ask and passes: a closed network must be able to build. A fault that is known and
not answered in ANSWERED fails.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from checks import ROOT

LOCKED = ROOT / "requirements" / "run.txt"
SERVICE = ("api.osv.dev", 443)
PATIENCE = 3  # seconds for the first connection; a network that drops packets must not hold up a check
AT_MOST = 120  # seconds for all answers

# A fault that is known and does not concern us: its id, and why. An answer to no fault is taken out again.
ANSWERED: dict[str, str] = {}


def reachable() -> bool:
    try:
        with socket.create_connection(SERVICE, timeout=PATIENCE):
            return True
    except OSError:
        return False


def ask() -> Mapping[str, Any] | None:
    """What the service says of the locked versions; None where it did not answer."""
    command = [
        str(Path(sysconfig.get_path("scripts")) / "pip-audit"), "--service=osv", "--disable-pip", "--require-hashes",
        "--format=json", "--progress-spinner=off", f"--timeout={PATIENCE * 5}", f"--requirement={LOCKED}",
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=AT_MOST, check=False)
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, json.JSONDecodeError):
        return None
    return answer


def faults(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The id of each known fault, and a sentence about it."""
    for package in answer["dependencies"]:
        for fault in package.get("vulns", ()):
            fixed = "、".join(fault.get("fix_versions", ())) or "no version yet"
            yield fault["id"], f"{package['name']} {package['version']}: {fault['id']}, put right in {fixed}"


def verdict(
    can_ask: Callable[[], bool] = reachable,
    asking: Callable[[], Mapping[str, Any] | None] = ask,
    answered: Mapping[str, str] = ANSWERED,
) -> tuple[int, list[str]]:
    """The exit code and what to say."""
    answer = asking() if can_ask() else None
    if answer is None:
        return 0, ["not asked: no advisory service answers from here"]
    known = dict(faults(answer))
    open_ones = [
        f"{said}; update it or answer it in checks/audit.py" for id_, said in known.items() if id_ not in answered
    ]
    gone = sorted(set(answered) - set(known))
    open_ones += [f"checks/audit.py: ANSWERED explains {id_}, which is no fault any more" for id_ in gone]
    if open_ones:
        return 1, open_ones
    return 0, [f"{len(answer['dependencies'])} packages asked about, {len(known)} known faults, all answered"]


if __name__ == "__main__":
    code, lines = verdict()
    print("\n".join(lines))
    sys.exit(code)
