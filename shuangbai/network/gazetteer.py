"""The list of places that the product brings; read without Django, too."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

# The statistics bureau's list of Guangdong down to the village, edition of 2023-06-30: code,name,level,parent_code.
DIVISIONS = Path(__file__).parent / "data" / "divisions-guangdong.csv.gz"


def read_divisions(path: Path = DIVISIONS) -> Iterator[dict[str, str]]:
    """Every place of such a list: code, name, level, parent_code."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
