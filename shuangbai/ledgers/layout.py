"""Where on a sheet the table is: its header of one to three rows, its columns' words, and which rows are data.

Found, not assumed: a header is where words of headers stand close together; what is above it is title, what is not
like a row of the table (a subtotal, a month across the sheet, a signature, the header once more) is not data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from itertools import pairwise
from typing import Any

from shuangbai.ledgers.cells import is_missing, looks_like_id, looks_like_phone, plain, read_day
from shuangbai.ledgers.enums import FIELDS, Shape
from shuangbai.ledgers.headers import Label, header_likeness, is_wording, meanings
from shuangbai.ledgers.looks import is_person_name
from shuangbai.ledgers.reading import Sheet
from shuangbai.ledgers.words import NOTES, SIGNS, TOTALS

_SEARCHED = 60  # rows from the top among which the header is looked for
_MOST_COLUMNS = 256
_FEW = 8  # more cells than a note, a banner or a signature has
_TOTAL = re.compile(rf"^{TOTALS}")
_NOTE = re.compile(NOTES)
_SIGN = re.compile(SIGNS)
_EXAMPLE = re.compile(
    r"^[(\[【]?(?:填写|填表|格式)?(?:例|示例|样例|范例|举例|样板|示范|例子|样本)[)\]】]?(?:[:：].*|\d{0,2}|行|如.*|数据)$|[(\[](?:示例|样例|例)[)\]]"
)
_HINT = re.compile(
    r"必填|选填|填写|请填|格式|下拉|可选|选择|^如[:：\d]|^例|yyyy|年[-/.]月|位数字|单选|多选|文本|不超过|字以内|为准|按.+填|参照|自动生成|公式|不用填|"
    r"小时制|与.+一致|可不填|[须应]填|填(?:数字|全称)|写全称|(?:不少于|至少|限)\d+字"
)
_NOBODY = re.compile(r"张三|李四|王五|赵六|某某+|[xX×*]{2,}|.?某某+[(]例[)]")
_NAMES = {"person.name", "household.head_name"}
_EMPTY_BELOW = re.compile(r"^[(]?(?:以下空白|此页无正文|以下无内容|完|空白)[)]?$")
_LINE = re.compile(r".{1,12}[:：]")
# 村居：东一村 登记人：… over a block in the middle of a sheet, as over the first.
_SAID_OF_BLOCK = re.compile(r"(?!备注|其他)[\u4e00-\u9fff()]{2,10}[:：](?!.*\d{7})")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_OF_MONTH = re.compile(r"(?<!\d)(1[0-2]|0?[1-9])月(?!\d)")
_OF_A_DAY = r"\s*[日号]?(?:\s*[(]?(?:周|星期|上午|下午).{0,8})?"
_MONTH_AND_DAY = re.compile(rf"\d{{1,2}}\s*[月./-]\s*\d{{1,2}}{_OF_A_DAY}")
_MONTH_AND_DAY_NAMED = re.compile(rf"\d{{1,2}}\s*月\s*\d{{1,2}}{_OF_A_DAY}")
_ONLY_DAY = re.compile(r"\d{1,2}\s*[日号]")
_DAY_WORDS = re.compile(r"日|期")
_DAY_OF_RECORD = 0.8
_COUNTERS = ("甲乙丙丁戊己庚辛壬癸", "abcdefghijklmnopqrstuvwxyz", "①②③④⑤⑥⑦⑧⑨⑩", "一二三四五六七八九十")


@dataclass(slots=True)
class Layout:
    """Where the table is. Row numbers of `header_rows` are those of the sheet, from 1; `start` counts from 0."""

    header_rows: list[int] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)
    start: int = 0
    titles: list[str] = field(default_factory=list)
    filled: dict[tuple[int, int], int] = field(default_factory=dict)
    day_parts: dict[int, int] = field(default_factory=dict)  # columns of a month or a day: that of their year
    headers: list[list[Any]] = field(default_factory=list)

    @property
    def width(self) -> int:
        return len(self.labels)


def find_layout(sheet: Sheet) -> Layout:
    """The layout of a sheet. Cells that are merged over several rows get their value in each (`filled`: from where)."""
    rows = sheet.rows
    across = _across(sheet)
    header = _header(rows, across)
    width = min(_MOST_COLUMNS, max(map(len, rows), default=0))
    start = header[-1] + 1 if header else _first_data(rows)
    found = Layout([number + 1 for number in header], _labels(rows, header, across, width), start)
    found.headers = [list(rows[number]) for number in header]
    found.titles = [
        plain(value) for row in rows[: header[0] if header else start] for value in row if value is not None
    ]
    found.day_parts = _join_days(rows, found)
    for top, left, bottom, right in sheet.merges:
        if top >= start and bottom > top and left == right < width:
            _spread(rows, (top, left, bottom), found.filled)
    return found


def _join_days(rows: list[list[Any]], layout: Layout) -> dict[int, int]:
    """A day that stands in three columns 年, 月, 日 put together in the first of them."""
    parts: dict[int, int] = {}
    for column in range(layout.width - 2):
        labels = layout.labels[column : column + 3]
        if [label.text for label in labels] != ["年", "月", "日"]:
            continue
        layout.labels[column] = Label(labels[0].group or "日期")
        parts |= {column + 1: column, column + 2: column}
        for row in rows[layout.start :]:
            cells = [plain(value) for value in row[column : column + 3]]
            if len(cells) == 3 and all(cell.isdecimal() for cell in cells):
                row[column] = "-".join(cells)
    return parts


def give_years(rows: list[list[Any]], layout: Layout, words: Sequence[str]) -> None:
    """3月5日 down the column of days under 2019年走访台账 is a day of 2019: the year put before it.

    `words`: the sheet's name, titles, the file's name, the nearest first. Only where most of the column is written so
    and one year stands there; a day without its year among whole ones stays what it is, unreadable.
    """
    year, month = _told_once(_YEAR, words), _told_once(_OF_MONTH, words)
    if not year:
        return
    for column, label in enumerate(layout.labels):
        if not _is_of_day(label):
            continue
        rest = [row for row in rows[layout.start :] if column < len(row) and plain(row[column])]
        named = _MONTH_AND_DAY if _DAY_WORDS.search(label.text) else _MONTH_AND_DAY_NAMED
        written = [row for row in rest if named.fullmatch(plain(row[column]))]
        before = f"{year}年"
        if not written and month:
            written = [row for row in rest if _ONLY_DAY.fullmatch(plain(row[column]))]
            before += f"{month}月"
        if len(written) >= 2 and len(written) * 2 >= len(rest):
            for row in written:
                row[column] = before + plain(row[column])


def _told_once(pattern: re.Pattern[str], words: Sequence[str]) -> str:
    """What the nearest of these texts says that says it at all, if it is one; a 填表日期：line is no title."""
    for text in words:
        found = set(pattern.findall(plain(text))) if not _LINE.match(text) else set()
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _is_of_day(label: Label) -> bool:
    """Whether a column is called after the day of a visit or an activity, and not after that of the next."""
    said = {name: meaning.score for name, meaning in meanings(label).items()} if label.text else {}
    day = max(said.get("visit.date", 0.0), said.get("activity.date", 0.0))
    return day >= _DAY_OF_RECORD > said.get("visit.next_date", 0.0)


def _spread(rows: list[list[Any]], merge: tuple[int, int, int], filled: dict[tuple[int, int], int]) -> None:
    top, column, bottom = merge
    value = _cell(rows[top], column) if top < len(rows) else None
    if value is None:
        return
    for number in range(top + 1, min(bottom + 1, len(rows))):
        row = rows[number]
        row += [None] * (column + 1 - len(row))
        if row[column] is None:
            row[column] = value
            filled[number, column] = top


def _across(sheet: Sheet) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell that a merge covers near the top, the cell that holds the value."""
    found = {}
    for top, left, bottom, right in sheet.merges:
        if top < _SEARCHED:
            for number in range(top, min(bottom, _SEARCHED) + 1):
                for column in range(left, min(right, _MOST_COLUMNS) + 1):
                    found[number, column] = (top, left)
    return found


def _cell(row: list[Any], column: int) -> Any:
    return row[column] if column < len(row) else None


# THE HEADER ------------------------------------------------------------------


def _texts(row: list[Any]) -> list[str]:
    return [plain(value) for value in row if value is not None and plain(value)]


def _is_datum(value: Any) -> bool:
    """Whether a cell is what stands in a table and never above it."""
    if isinstance(value, float | date | time):
        return True
    text = plain(value)
    if not text:
        return False
    return looks_like_id(value) or looks_like_phone(text) or bool(read_day(text).value)


def _score(row: list[Any]) -> float:
    """How much a row reads like a header: its header words, where they are more than half and nothing is a datum."""
    texts = list(dict.fromkeys(_texts(row)))
    data = sum(map(_is_datum, row))
    if len(texts) < 2 or data > len(texts) * 0.2:
        return 0.0
    points = [header_likeness(text) for text in texts]
    sure = sum(point for point in points if point >= 0.55)
    return sure if sure >= len(texts) * 0.5 and not _is_line(texts) else 0.0


def _is_line(texts: list[str]) -> bool:
    """单位：… 填表人：…"""
    return sum(bool(_LINE.match(text)) for text in texts) >= max(1, len(texts) * 0.5)


def _header(rows: list[list[Any]], across: dict[tuple[int, int], tuple[int, int]]) -> list[int]:
    scores = [_score(row) for row in rows[:_SEARCHED]]
    best = max(scores, default=0.0)
    main = _by_contrast(rows) if best < 1.5 else next(n for n, score in enumerate(scores) if score >= best * 0.75)
    if main is None:
        return []
    found = [main]
    while len(found) < 3 and _goes_on(rows, found[-1], across):
        found.append(found[-1] + 1)
    while len(found) < 3 and found[0] > 0 and _is_group_row(rows, found[0] - 1, across):
        found.insert(0, found[0] - 1)
    return found


def _by_contrast(rows: list[list[Any]]) -> int | None:
    """A header in words that nobody else uses: a row of different short texts over columns of days, numbers, names."""
    for number, row in enumerate(rows[:_SEARCHED]):
        texts = _texts(row)
        if len(texts) < 3:
            continue
        if any(map(_is_datum, row)) or len(set(texts)) < len(texts) or max(map(len, texts)) > 16 or _is_line(texts):
            return None
        below = rows[number + 1 : number + 11]
        data = 0
        for column, value in enumerate(row):
            values = [other[column] for other in below if column < len(other) and other[column] is not None]
            data += value is not None and len(values) >= 2 and sum(map(_is_datum, values)) >= 0.6 * len(values)
        return number if data and not any(map(is_person_name, texts)) else None
    return None


def _goes_on(rows: list[list[Any]], above: int, across: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether the row below is a second row of the header: words of headers under groups, or merged with this one."""
    if above + 1 >= len(rows):
        return False
    upper, lower = rows[above], rows[above + 1]
    texts = _texts(lower)
    if not texts or any(map(_is_datum, lower)) or _is_repeat(lower, [upper]) or _is_counting(texts):
        return False
    words = sum(header_likeness(text) >= 0.5 for text in texts)
    if _is_hint(texts):
        return False
    if _is_merged_down(above, len(upper), across):
        return words >= len(texts) * 0.34
    return _fills_a_gap(lower, upper) and words >= len(texts) * 0.6


def _is_merged_down(number: int, width: int, across: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether a cell of the row goes on in the row below."""
    return any(across.get((number + 1, column), (number + 1,))[0] <= number for column in range(width))


def _fills_a_gap(row: list[Any], other: list[Any]) -> bool:
    """Whether something stands where the other row has nothing."""
    return any(value is not None and _cell(other, column) is None for column, value in enumerate(row))


def _is_group_row(rows: list[list[Any]], number: int, across: dict[tuple[int, int], tuple[int, int]]) -> bool:
    """Whether the row over a header names groups of its columns; a title or a 单位：line does not."""
    row, below = rows[number], rows[number + 1]
    texts = _texts(row)
    if not texts or any(map(_is_datum, row)) or _is_line(texts):
        return False
    if _is_merged_down(number, len(below), across):
        return True
    if len(texts) < 2 or max(map(len, texts)) > 16:
        return False
    return _fills_a_gap(row, below) or max(map(len, texts)) <= 10


def _labels(
    rows: list[list[Any]], header: list[int], across: dict[tuple[int, int], tuple[int, int]], width: int
) -> list[Label]:
    """A column's own words are the lowest of the header; what stands over them is its group."""
    lines = [_spread_right(rows, header, place, across, width) for place in range(len(header))]
    labels = []
    for column in range(width):
        words = list(dict.fromkeys(line[column] for line in lines if line[column]))
        labels.append(Label(words[-1] if words else "", "".join(words[:-1])))
    return labels


def _spread_right(
    rows: list[list[Any]], header: list[int], place: int, across: dict[tuple[int, int], tuple[int, int]], width: int
) -> list[str]:
    """A line of the header with each group over all of its columns: as merged, or up to the next words."""
    number = header[place]
    row = rows[number]
    own = [plain(_cell(row, column)) for column in range(width)]
    for column in range(width):
        top, left = across.get((number, column), (number, column))
        if not own[column] and (top, left) != (number, column) and left < len(rows[top]):
            own[column] = plain(rows[top][left]) if top in header else ""
    if place + 1 == len(header):
        return own
    below = rows[header[place + 1]]
    for column in range(1, width):
        both_under = _cell(below, column) is not None and _cell(below, column - 1) is not None
        if not own[column] and both_under and (number, column) not in across:
            own[column] = own[column - 1]
    return own


def _first_data(rows: list[list[Any]]) -> int:
    return next((number for number, row in enumerate(rows) if len(_texts(row)) >= 2), 0)


# THE ROWS --------------------------------------------------------------------


def _is_repeat(row: list[Any], headers: list[list[Any]]) -> bool:
    """Whether the cells are those of a row of the header, word for word."""
    count = sum(value is not None for value in row)
    for header in headers:
        same = sum(1 for value, above in zip(row, header, strict=False) if value == above and isinstance(value, str))
        if same >= max(1 if count == 1 else 2, count * 0.6):
            return True
    return False


def _is_counting(texts: list[str]) -> bool:
    """1 2 3 4 … or 甲 乙 丙 …, as stands under the header of a form."""
    bare = [text.lower().strip("()（）[]. 栏") for text in texts]
    if len(bare) < 3:
        return False
    if all(text.isdecimal() for text in bare):
        steps = [int(b) - int(a) for a, b in pairwise(bare)]
        return steps.count(1) == len(steps)
    return any(all(text == line[at] for at, text in enumerate(bare[: len(line)])) for line in _COUNTERS)


def _is_hint(texts: list[str]) -> bool:
    return sum(bool(_HINT.search(text)) for text in texts) >= max(1, len(texts) * 0.5)


def why_not_data(rows: list[list[Any]], number: int, layout: Layout, mapped: dict[int, str]) -> str:
    """What a row is where it is no data (`blank`, `header`, `total`, `note`, …), or nothing.

    `mapped`: the field of each column that has one.
    """
    row = rows[number]
    own = [
        (column, value)
        for column, value in enumerate(row[: layout.width])
        if value is not None and not (layout.filled and (number, column) in layout.filled)
    ]
    filled = [(column, text) for column, value in own[:_FEW] if (text := plain(value))]
    if not filled and len(own) <= _FEW:
        return "blank"
    found = _why_not_full(row, number, layout, filled, mapped)
    if found or len(own) > _FEW:
        return found
    return _why_not_sparse(filled, [text for _, text in filled], mapped, row)


def _why_not_full(
    row: list[Any], number: int, layout: Layout, filled: list[tuple[int, str]], mapped: dict[int, str]
) -> str:
    """Of rows however full they are, by the first of their cells."""
    texts = [text for _, text in filled]
    if _is_repeat(row, layout.headers):
        return "header"
    if any(_TOTAL.match(text) and len(text) <= 40 for text in texts[:2]):
        return "total"
    if any(_EXAMPLE.search(text) and len(text) < 12 for text in texts[:3]):
        return "example"
    if number - layout.start < 3 and (_is_hint(texts) or _is_counting(texts) or _is_nobody(filled, mapped)):
        return "example"
    if len(texts) >= 3 and layout.header_rows and not texts[0][-1].isdigit() and _are_wordings(row):
        return "header"
    return ""


def _is_nobody(filled: list[tuple[int, str]], mapped: dict[int, str]) -> bool:
    """张三 right under the header, as in a form that shows how it is filled in."""
    return any(_NOBODY.fullmatch(text) for column, text in filled if mapped.get(column) in _NAMES)


def _are_wordings(row: list[Any]) -> bool:
    """Whether every cell is the very wording of a header: another header in the middle of the sheet."""
    return all(value is None or (isinstance(value, str) and is_wording(plain(value))) for value in row)


def _why_not_sparse(filled: list[tuple[int, str]], texts: list[str], mapped: dict[int, str], row: list[Any]) -> str:
    """Of rows with few cells: notes, signatures, banners, and rows that only have their number."""
    if (_NOTE.match(texts[0]) and len(texts) <= 3) or _EMPTY_BELOW.match(texts[0]):
        return "note"
    if sum(bool(_SIGN.match(text)) for text in texts) and not any(looks_like_id(row[column]) for column, _ in filled):
        return "signature"
    if all(_SAID_OF_BLOCK.match(text) for text in texts):
        return "banner"
    ours = [(column, text) for column, text in filled if column in mapped and not is_missing(text)]
    if ours and all(FIELDS[mapped[column]].shape is Shape.COUNT for column, _ in ours):
        return "total"
    if not ours:
        return "blank" if len(filled) > 1 or len(texts[0]) < 6 else "note"
    if len(filled) == 1:
        column, text = filled[0]
        is_own = is_person_name(text) if mapped[column].endswith("name") else looks_like_id(row[column])
        if not is_own:
            return "banner" if len(text) <= 20 else "note"
    return ""
