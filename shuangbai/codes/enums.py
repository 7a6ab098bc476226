"""The lists that a city may decide, as the rooms above declare them. Built-in codes carry the meaning."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import TextChoices

if TYPE_CHECKING:
    from shuangbai.core.word import Texts  # what it stands on takes long to load, and codes are loaded everywhere

ALWAYS = date(1949, 10, 1)  # the first day of what has always held


@dataclass(frozen=True, slots=True)
class CodeSpec:
    """A list. `meanings` says what hangs on a built-in code; `needed` codes must always have an item to count as them.

    `model`, `field` and `day` name where records keep the code, and the path to the day they speak of;
    `several` for a field that holds a list of codes. `closed`: names only, no items of the city's own. `told`: how many
    records keep an item stands on the list's page; not where that there is a record is confidential (docs/adr/0055).
    """

    code: str
    name: str
    about: str
    choices: type[TextChoices]
    model: str
    field: str
    day: str
    meanings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    needed: Set[str] = frozenset()
    several: bool = False
    closed: bool = False
    told: bool = True

    @property
    def built_in(self) -> dict[str, str]:
        """The built-in codes with the words that the product gives them, in their order."""
        return {str(code): str(label) for code, label in self.choices.choices}


SPECS: dict[str, CodeSpec] = {}


def declare(spec: CodeSpec) -> CodeSpec:
    """Make a list known. Raises ValueError for a code declared twice."""
    if spec.code in SPECS:
        raise ValueError(f"code list declared twice: {spec.code}")
    SPECS[spec.code] = spec
    return spec


# PAPER FORMS ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaperSpec:
    """A form that is printed as a Word file, whose template a city may replace (docs/adr/0060).

    `words`: the names that a template may use, and what each says. `sample` and `blank` fill it for the check before a
    template is taken: with everything, and with nothing.
    """

    code: str
    name: str
    about: str
    shipped: Path
    words: Mapping[str, str]
    sample: Texts
    blank: Texts


PAPERS: dict[str, PaperSpec] = {}


def declare_paper(spec: PaperSpec) -> PaperSpec:
    """Make a form known. Raises ValueError for a code declared twice."""
    if spec.code in PAPERS:
        raise ValueError(f"paper form declared twice: {spec.code}")
    PAPERS[spec.code] = spec
    return spec
