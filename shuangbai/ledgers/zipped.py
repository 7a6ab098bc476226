"""What a zipped workbook would unpack to, measured before anything else reads it.

The sizes that a zip file states of itself may lie, so each part is unpacked once, counted, and thrown away. Parts with
a document type are refused: no workbook needs one, and entities are declared there.
"""

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

from shuangbai.ledgers.letters import column_of

MOST_PARTS = 2000
MOST_UNPACKED = 400 * 1024 * 1024
MOST_CELLS = 4_000_000  # from A1 to the last cell of a sheet that holds something
_CHUNK = 1 << 20
_OVERLAP = 256
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*>")
# Rows from 100,000 and columns from CW on: only then is it worth asking which cells they are.
_FAR = re.compile(rb" r=[\"'](?:[A-Z]{1,3}\d{6}|[A-Z]{3}\d|[D-Z][A-Z]\d)")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
_1904 = re.compile(rb"date1904=[\"'](1|true)[\"']")


class Unopenable(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(slots=True)
class Package:
    """What a zip file holds. `content` is the text of an OpenDocument file alone."""

    is_workbook: bool = False
    is_opendocument: bool = False
    from_1904: bool = False
    content: bytes = b""


def check(data: bytes) -> Package:
    """Look through the parts. Raises Unopenable for what is broken, too large, or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _look_through(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Unopenable("文件已损坏或有密码，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from error


def _look_through(archive: zipfile.ZipFile) -> Package:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise Unopenable("文件里的部分太多，不像是表格")
    found, left = Package(), MOST_UNPACKED
    names = {part.filename for part in parts}
    found.is_workbook = "xl/workbook.xml" in names
    found.is_opendocument = not found.is_workbook and "content.xml" in names
    for part in parts:
        kept = found.is_opendocument and part.filename == "content.xml"
        left -= _measure(archive, part, left, found, kept=kept)
    return found


def _measure(archive: zipfile.ZipFile, part: zipfile.ZipInfo, left: int, found: Package, *, kept: bool) -> int:
    """How many bytes a part unpacks to, read to its end whatever size it states."""
    part.file_size = max(part.file_size, left + 1)
    size, tail, farthest, pieces = 0, b"", [0, 0], []
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    is_sheet = bool(_SHEET.match(part.filename))
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise Unopenable("文件解开后太大，请按月或按村分成几个文件")
            window = tail + chunk
            if is_xml and _DOCTYPE.search(window):
                raise Unopenable("文件里有不该有的外部引用，请用 Excel 或 WPS 另存为 .xlsx 再上传")
            if is_sheet and _FAR.search(window):
                _note_farthest(window, farthest)
            if part.filename == "xl/workbook.xml" and _1904.search(window):
                found.from_1904 = True
            if kept:
                pieces.append(chunk)
            tail = window[-_OVERLAP:]
    if farthest[0] * farthest[1] > MOST_CELLS:
        raise Unopenable("有工作表在很远的行列里写了内容，请删去表格之外的内容再上传")
    if kept:
        found.content = b"".join(pieces)
    return size


def _note_farthest(window: bytes, farthest: list[int]) -> None:
    """The last row and column with a cell that is not empty; a cell that only has a style ends with '/>'."""
    columns, row = set(), farthest[0]
    for match in _CELL.finditer(window):
        if window[match.end() - 2 : match.end() - 1] != b"/":
            columns.add(match[1].decode())
            row = max(row, int(match[2]))
    farthest[:] = row, max([farthest[1], *((column_of(one) or 0) + 1 for one in columns)])
