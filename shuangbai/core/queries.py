"""Reading the installation's own row."""

from functools import lru_cache
from typing import NamedTuple

from shuangbai.core.models import Installation


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
