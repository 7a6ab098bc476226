"""The report as PDF: the same template and styles as the page, set on A4 by WeasyPrint.

WeasyPrint needs pango from the system. Without it the product runs, says so, and offers the browser's print.
"""

import contextlib
import io
import logging
import re
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.drawing import is_drawing, standalone
from shuangbai.core.pictures import TYPES, picture_data
from shuangbai.core.queries import installation_foot, installation_names
from shuangbai.core.snapshots import one_snapshot
from shuangbai.households.access import Opens
from shuangbai.reports.queries import Ask
from shuangbai.reports.sheet import contents

MISSING = _("本机缺少生成 PDF 的系统库（pango），请用浏览器的打印功能另存为 PDF。")
STYLES = (
    "core/css/tokens.css",
    "core/css/base.css",
    "core/css/tables.css",
    "core/css/report.css",
    "core/css/charts.css",
    "core/css/print.css",
    "reports/css/pdf.css",
)
DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)


@lru_cache(maxsize=1)
def available() -> bool:
    """Whether this machine can make a PDF. Asked once a process: the answer takes most of a second."""
    try:
        # It prints advice of its own, in English, where the library is missing.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: F401
    except (ImportError, OSError):
        return False
    return True


def render(ask: Ask, origin: str, mark: str, opens: Opens) -> bytes:
    """The report as PDF. Links lead to `origin`, such as "http://127.0.0.1:8000/". Nothing is fetched.

    `mark` says who takes it away and when; it stands on every page.
    """
    said = {"bureau_name": installation_names().bureau, "foot": installation_foot(), "today_on": clock.today()}
    said["mark"] = mark
    with one_snapshot():
        report = contents(ask, opens)
    return set_on_paper(render_to_string("reports/results_pdf.html", report | said), origin)


def set_on_paper(page: str, origin: str) -> bytes:
    """A page made of the report's parts, set on A4. Its elements `report-mark` and `report-watermark` stand on each
    sheet. Nothing is fetched but the city's emblem, from where it is kept."""
    import weasyprint

    # It speaks up about every property that is meant for browsers alone.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    # The page's style sheets do not reach into a drawing there, so each brings its own; a QR code has its colours.
    page = DRAWING.sub(lambda found: standalone(found[0]) if is_drawing(found[0]) else found[0], page)
    document = weasyprint.HTML(string=page, base_url=origin, url_fetcher=_fetcher())
    styles = [weasyprint.CSS(filename=finders.find(name), url_fetcher=_nothing) for name in STYLES]
    return bytes(document.write_pdf(stylesheets=styles, pdf_tags=True, presentational_hints=True))


def _fetcher() -> Any:
    """What WeasyPrint asks for pictures by. One that is lost is left out of the report and logged."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class EmblemAlone(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            data, kind = _emblem_alone(url)
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    return EmblemAlone()


def _emblem_alone(url: str) -> tuple[bytes, str]:
    """The city's emblem, read from where it is kept, and its type; nothing else, and nothing over the network."""
    name = url.rpartition("/")[2]
    if not name or name != installation_foot().emblem:
        _nothing(url)
    return picture_data(name), TYPES[name.rpartition(".")[2]]


def _nothing(url: str, **asked: Any) -> Any:
    raise ValueError(f"a report fetches nothing, and yet it asked for {url}")
