"""What comes through a door about a dossier: a page, a spreadsheet row or a telephone makes these for the actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shuangbai.households.models import Household


@dataclass(slots=True)
class PartEntry:
    """A part to enter for a family, or for `person_id` of it. `said`: its fields by their attributes.

    Of money (`economy`) `said` holds two lists of rules.Money more, `incomes` and `expenses`.
    """

    household: Household
    said: Mapping[str, Any]
    person_id: UUID | None = None
    entered_at: datetime | None = None
