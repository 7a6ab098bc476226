"""By what a workbook that went back to somebody is known again: its first sheet, its comments, its two colours."""

from collections.abc import Sequence
from typing import Any

FIRST_SHEET = "要改的行"
# In the first cell of that sheet, whatever the sheet is called by then: where it stands, the sheet is no data.
TITLE = "要改的行（由系统列出，不是台账内容；上传时不会读这一页）"
# Every comment of ours begins with it; what stands before it in the same comment is somebody else's.
COMMENT = "【导入核对】"
WRONG, WARNING = "FFFFB4AB", "FFFFF07A"  # ARGB of the cells


def is_first_sheet(rows: Sequence[Sequence[Any]]) -> bool:
    """Whether these are the rows of a sheet that lists what is to be corrected."""
    return bool(rows) and bool(rows[0]) and rows[0][0] == TITLE
