"""The lists that a city may decide, as the rooms above declare them. Built-in codes carry the meaning."""

import dataclasses
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from django.db.models import TextChoices

ALWAYS = date(1949, 10, 1)  # the first day of what has always held


@dataclass(frozen=True, slots=True)
class CodeSpec:
    """A list. `meanings` says what hangs on a built-in code; `needed` codes must always have an item to count as them.

    `model`, `field` and `day` name where records keep the code, and the path to the day they speak of;
    `several` for a field that holds a list of codes. `closed`: names only, no items of the city's own.
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
