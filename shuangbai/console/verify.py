"""`shuangbai verify`: frozen reports counted again, and held against the chain and today's records."""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

from shuangbai.console import must_be_there, plainly


def add(commands: Any, start: Callable[[], None]) -> None:
    verify = commands.add_parser("verify", help="核验封存的报告：依据、数字、报告链，以及与今天记录的差异")
    verify.add_argument("report", nargs="?", metavar="核验码或序号", help="如 K7QX-9MPT，或 12")
    verify.add_argument("--all", action="store_true", help="核验全部封存的报告")
    verify.add_argument("--json", action="store_true", help="打印为 JSON")
    verify.set_defaults(run=plainly(run), start=start)


def run(chosen: argparse.Namespace) -> None:
    """Exit code 1 where something was changed by hand or removed; differences with today's records leave it 0."""
    from django.core.exceptions import ImproperlyConfigured

    if bool(chosen.report) is chosen.all:
        raise ImproperlyConfigured("请写出一份报告的核验码或序号，或用 --all 核验全部。")
    chosen.start()
    must_be_there()
    from shuangbai.filings.verifying import prove, prove_chain

    chain = prove_chain()
    proofs = [prove(manifest) for manifest in _chosen(chosen.report)]
    if chosen.json:
        json.dump(
            {"chain": _told(chain), "reports": [_told(proof) | {"number": proof.number} for proof in proofs]},
            sys.stdout, ensure_ascii=False, indent=1,
        )  # fmt: skip
        sys.stdout.write("\n")
    else:
        for sentence in [*chain.sentences(), *(line for proof in proofs for line in proof.sentences())]:
            print(sentence)
    if chain.faults or not all(proof.sound for proof in proofs):
        sys.exit(1)


def _chosen(report: str | None) -> Iterable[Any]:
    from django.core.exceptions import ImproperlyConfigured

    from shuangbai.filings.models import Manifest
    from shuangbai.filings.verifying import accepted

    if not report:
        return accepted()
    found = Manifest.objects.select_related("filing__owner")
    found = found.filter(number=report) if report.isdecimal() else found.filter(filing__code=report.upper())
    if not found.exists():
        raise ImproperlyConfigured(f"没有核验码或序号是 {report} 的封存报告。用 --all 可看全部。")
    return found


def _told(proof: Any) -> dict[str, Any]:
    return {
        "faults": [{"code": fault.code, "sentence": fault.sentence} for fault in proof.faults],
        "sentences": proof.sentences(),
    }
