"""One form for characters that are written in several, 鮜 and 鲘, 陳 and 陈, so that names can be held side by side."""

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

VARIANTS = Path(__file__).parent / "data" / "variants.txt"
# What stands between the parts of a name or got into it while it was typed.
_BETWEEN = re.compile(r"[\s·•‧・．.\u200b-\u200f\ufeff]+")


@lru_cache(maxsize=1)
def _variants() -> dict[int, str]:
    lines = VARIANTS.read_text(encoding="utf-8").splitlines()
    return {ord(pair[0]): pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


@lru_cache(maxsize=65536)
def tidy(text: str) -> str:
    """The text as it was meant: full-width letters, spaces and dots put right, its characters as they are."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).lower()


@lru_cache(maxsize=65536)
def folded(text: str) -> str:
    """The tidy text in one form of each character. A character that has one form only, rare ones too, stays."""
    return tidy(text).translate(_variants())
