"""The columns of a spreadsheet by their letters."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_of(text: Any) -> int | None:
    """The other way round; None for what is no column."""
    number = 0
    for letter in str(text).strip().upper():
        if not "A" <= letter <= "Z" or number > 20000:
            return None
        number = number * 26 + ord(letter) - 64
    return number - 1 if number else None
