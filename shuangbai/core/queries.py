"""Reading the installation's own row."""

from functools import lru_cache
from typing import NamedTuple

from django.db.models import Model

from shuangbai.core.models import AuditEvent, Installation


class Names(NamedTuple):
    city: str
    bureau: str


@lru_cache(maxsize=1)
def installation_names() -> Names:
    """The city's and the bureau's names; empty before the first run. Kept for the life of the process."""
    row = Installation.objects.values_list("city_name", "bureau_name").first()
    return Names(*row) if row else Names("", "")


def forget() -> None:
    installation_names.cache_clear()


def latest_change(of: Model) -> AuditEvent | None:
    """The newest entry of the trail about a row: who touched it last, and when by the city's clock."""
    about = AuditEvent.objects.filter(about_type=of._meta.label_lower, about_id=str(of.pk))
    return about.order_by("-at", "-id").first()
