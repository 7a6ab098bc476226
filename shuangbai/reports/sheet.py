"""Everything that the report's template shows, for the page and the PDF alike."""

from typing import Any

from shuangbai.reports import pictures
from shuangbai.reports.beside import beside, notes
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.reports.results import COLUMNS, client_list, results


def contents(ask: Ask) -> dict[str, Any]:
    """The computed report with its pictures, as `reports/results_body.html` takes them."""
    report, claims = results(ask), beside(ask)
    return {
        "ask": ask,
        "report": report,
        "beside": claims,
        "notes": notes(claims, {code: (one.indicator, one.value) for code, one in report.figures.items()}),
        "columns": [BY_CODE[code] for code in COLUMNS],
        "clients": client_list(ask),
        "map": pictures.station_map(report),
        "visits_by_month": pictures.by_month(report),
        "households_by_category": pictures.by_category(report),
        "people_by_month": pictures.by_activity_month(report),
    }
