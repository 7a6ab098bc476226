"""Tables as files, in the formats that stations bring. Only for tests: what the product writes is written elsewhere."""

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

Lines = Sequence[Sequence[Any]]
Merges = Sequence[tuple[int, int, int, int]]


def xlsx(
    sheets: dict[str, Lines],
    *,
    merges: dict[str, Merges] | None = None,
    hidden: Sequence[str] = (),
    from_1904: bool = False,
) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "date_1904": from_1904})
    dated, timed = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
    for name, lines in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for top, left, bottom, right in (merges or {}).get(name, ()):
            sheet.merge_range(top, left, bottom, right, "")
        for number, line in enumerate(lines):
            for column, value in enumerate(line):
                if isinstance(value, date):
                    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
                    sheet.write_datetime(number, column, moment, dated)
                elif isinstance(value, time):
                    sheet.write_datetime(number, column, value, timed)
                elif isinstance(value, float):
                    sheet.write_number(number, column, value)
                elif value is not None:
                    sheet.write_string(number, column, value)
    book.close()
    return out.getvalue()


def separated(lines: Lines, separator: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator)
    writer.writerows([[_text(value) for value in line] for line in lines])
    return out.getvalue().encode(encoding, errors="replace")


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) < 1e15 else f"{value:.5E}"
    return "" if value is None else str(value)


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:automatic-styles>'
    '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    "</office:automatic-styles><office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    "</office:document-content>"
)


def ods(sheets: dict[str, Lines], *, merges: dict[str, Merges] | None = None, hidden: Sequence[str] = ()) -> bytes:
    parts = []
    for name, lines in sheets.items():
        spans = {
            (top, left): (bottom - top + 1, right - left + 1)
            for top, left, bottom, right in (merges or {}).get(name, ())
        }
        rows = []
        for number, line in enumerate(lines):
            cells = "".join(_cell(value, spans.get((number, column))) for column, value in enumerate(line))
            rows.append(
                f"<table:table-row>{cells}<table:table-cell table:number-columns-repeated='1000'/></table:table-row>"
            )
        rows.append(
            "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='1024'/></table:table-row>"
        )
        style = " table:style-name='ta2'" if name in hidden else ""
        parts.append(f"<table:table table:name='{escape(name)}'{style}>{''.join(rows)}</table:table>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.replace("{sheets}", "".join(parts)))
    return out.getvalue()


def _cell(value: Any, span: tuple[int, int] | None) -> str:
    spanned = f" table:number-rows-spanned='{span[0]}' table:number-columns-spanned='{span[1]}'" if span else ""
    if value is None:
        return f"<table:table-cell{spanned}/>"
    if isinstance(value, float):
        return f"<table:table-cell office:value-type='float' office:value='{value!r}'{spanned}><text:p>{value}</text:p></table:table-cell>"
    if isinstance(value, date):
        return f"<table:table-cell office:value-type='date' office:date-value='{value.isoformat()}'{spanned}/>"
    if isinstance(value, time):
        return f"<table:table-cell office:value-type='time' office:time-value='PT{value:%HH%MM%S}S'{spanned}/>"
    text = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(value).split("\n"))
    return f"<table:table-cell office:value-type='string'{spanned}>{text}</table:table-cell>"
