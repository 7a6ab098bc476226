"""The report as PDF: the same template and styles as the page, set on A4 (core.pdf)."""

from django.template.loader import render_to_string

from shuangbai.core import clock
from shuangbai.core.pdf import MISSING, available, set_on_paper
from shuangbai.core.queries import installation_foot, installation_names
from shuangbai.core.snapshots import one_snapshot
from shuangbai.households.access import Opens
from shuangbai.reports.queries import Ask
from shuangbai.reports.sheet import contents

__all__ = ["MISSING", "available", "render"]


def render(ask: Ask, origin: str, mark: str, opens: Opens) -> bytes:
    """The report as PDF. Links lead to `origin`, such as "http://127.0.0.1:8000/". Nothing is fetched.

    `mark` says who takes it away and when; it stands on every page.
    """
    said = {"bureau_name": installation_names().bureau, "foot": installation_foot(), "today_on": clock.today()}
    said["mark"] = mark
    with one_snapshot():
        report = contents(ask, opens)
    return set_on_paper(render_to_string("reports/results_pdf.html", report | said), origin)
