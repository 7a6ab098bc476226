"""Reports that were handed up, as pages and checks ask for them."""

import hashlib
from datetime import date
from uuid import UUID

from shuangbai.filings.enums import FilingState
from shuangbai.filings.models import Filing


def salt_of(filing: Filing) -> str:
    """What keys of people are hidden with: the same for the same question, so that the same records give one hash."""
    return hashlib.sha256(f"{filing.owner_id}|{filing.first}|{filing.last}".encode()).hexdigest()[:32]


def latest_accepted(owner_id: UUID, first: date, last: date) -> Filing | None:
    """The edition that stands for a unit and a period, if one was accepted."""
    accepted = Filing.objects.filter(owner=owner_id, first=first, last=last, state=FilingState.ACCEPTED)
    return accepted.order_by("-edition").first()


def last_edition(owner_id: UUID, first: date, last: date) -> int:
    """The highest edition given to a unit and a period; 0 where there is none."""
    numbers = Filing.objects.filter(owner=owner_id, first=first, last=last).order_by("-edition")
    return numbers.values_list("edition", flat=True).first() or 0
