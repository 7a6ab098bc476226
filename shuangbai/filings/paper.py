"""A frozen report as it is printed: what was frozen, who stood for it, and whether today's records say otherwise.

Plain texts and lists of them, so that a city's own Word template can use every one (docs/how-to/frozen-report.md).
No number is counted anew but to say how many differ; what differs, and why, is on the page of the proof.
"""

import json
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from shuangbai.core import clock
from shuangbai.core.queries import installation_foot, installation_names
from shuangbai.filings.models import Manifest
from shuangbai.filings.pictures import pictures
from shuangbai.filings.rules import name_of
from shuangbai.filings.showing import Row, claim_rows, figure_rows, figures_now, station_rows
from shuangbai.filings.verifying import ask_of

TITLE = "社工站服务成效报告"


def paper(manifest: Manifest, *, mark: str, address: str) -> dict[str, Any]:
    """Everything that the paper says. `mark`: who takes it away and when; `address`: where it can be proved."""
    filing, header = manifest.filing, json.loads(manifest.header)
    foot = installation_foot()
    steps = filing.steps.select_related("by").order_by("at", "id")
    return {
        "title": TITLE, "bureau": installation_names().bureau, "foot": foot, "foot_lines": "　".join(foot.lines),
        "mark": mark, "unit": filing.owner.name, "name": name_of(filing.period), "period": str(filing.period),
        "edition": filing.edition, "reason": filing.reason, "number": manifest.number, "code": filing.code,
        "hash": manifest.hash, "address": address, "counted_at": _at(manifest.counted_at),
        "sections": [{"title": title, "rows": [_row(one) for one in rows]} for title, rows in figure_rows(header)],
        "remarks": header["remarks"], "pictures": pictures(header), **_stations(header),
        "differing": differing(manifest, header),
        "claims": [{**one, "number": intcomma(one["number"], False)} for one in claim_rows(header)],
        "steps": [
            {"step": step.get_kind_display(), "by": step.by.display_name, "at": _at(step.at), "comment": step.comment}
            for step in steps
        ],
    }  # fmt: skip


def _at(moment: Any) -> str:
    return f"{clock.local(moment):%Y-%m-%d %H:%M}"


def _row(one: Row) -> dict[str, Any]:
    said = {"code": one.code, "name": one.name, "unit": one.unit, "definition": one.definition}
    return {**said, "value": intcomma(one.value, False), "rate": not one.lists}


def _stations(header: dict[str, Any]) -> dict[str, Any]:
    """The stations' numbers, by column; none in the report of a single station."""
    told = station_rows(header)
    if told is None:
        return {"columns": [], "stations": []}
    rows = [
        {"name": name, "numbers": [intcomma(value, False) for _title, value in values]} for name, values in told["rows"]
    ]
    return {"columns": [name for _code, name in told["columns"]], "stations": rows}


def differing(manifest: Manifest, header: dict[str, Any]) -> str:
    """Whether today's records give other numbers, in a sentence."""
    now = figures_now(ask_of(manifest.filing))
    differ = [header["definitions"][code]["name"] for code, told in header["figures"].items()
              if now.get(code, told["value"]) != told["value"]]  # fmt: skip
    when = f"{clock.today():%Y-%m-%d}"
    apart = [rate["name"] for rate in header["rates"] if rate["numerator"] not in now]
    rest = _("（%(names)s没有在此比较）") % {"names": "、".join(apart)} if apart else ""
    if not differ:
        return _("与 %(on)s 的记录相比：没有数字不同%(rest)s。") % {"on": when, "rest": rest}
    said = _("与 %(on)s 的记录相比：有 %(n)s 个数字不同（%(names)s）%(rest)s，纸上仍是封存时的数；原因见核验页。")
    return said % {"on": when, "n": len(differ), "names": "、".join(differ), "rest": rest}
