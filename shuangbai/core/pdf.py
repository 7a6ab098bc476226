"""Pages set on A4 by WeasyPrint: the same templates and styles as on the screen.

WeasyPrint needs pango from the system. Without it the product runs, says so, and offers the browser's print.
"""

import contextlib
import io
import logging
import re
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.translation import gettext_lazy as _

from shuangbai.core.drawing import is_drawing, standalone
from shuangbai.core.pictures import TYPES, picture_data
from shuangbai.core.queries import installation_foot

MISSING = _("本机缺少生成 PDF 的系统库（pango），请用浏览器的打印功能另存为 PDF。")
STYLES = (
    "core/css/tokens.css",
    "core/css/base.css",
    "core/css/tables.css",
    "core/css/report.css",
    "core/css/charts.css",
    "core/css/print.css",
    "core/css/pdf.css",
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
