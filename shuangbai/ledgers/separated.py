"""Text with a separator between its values: UTF-8, UTF-16 or GB18030; comma, tab, semicolon or bar.

Rows are records, since a cell may hold line breaks.
"""

import csv
import io
from collections import Counter

from shuangbai.ledgers.zipped import Unopenable

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",\t;|，"
_SAMPLE = 60
MOST_IN_A_CELL = 1 << 20


def records(data: bytes) -> list[list[str | None]]:
    """The records of the file. Raises Unopenable for what is no text."""
    text = _decoded(data)
    separator = max(_SEPARATORS, key=lambda mark: (_evenness(text, mark), -_SEPARATORS.index(mark)))
    return _split(text, separator)


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if b"\0" in data[:4096]:
        raise Unopenable("这不是表格文件，请另存为 .xlsx 或 .csv 再上传")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _split(text: str, separator: str, most: int | None = None) -> list[list[str | None]]:
    csv.field_size_limit(MOST_IN_A_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found: list[list[str | None]] = []
    try:
        for record in reader:
            found.append([value or None for value in record])
            if len(found) == most:
                break
    except csv.Error as error:
        raise Unopenable("文件里有一格没有结束的引号，请用 Excel 或 WPS 打开后另存为 .xlsx 再上传") from error
    return found


def _evenness(text: str, separator: str) -> float:
    """How well this separator makes a table: the commonest width beyond one, times how common it is."""
    try:
        rows = [row for row in _split(text, separator, _SAMPLE) if any(row)]
    except Unopenable:
        return 0
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
    return count / len(rows) * min(width, 8)
