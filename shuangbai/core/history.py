"""History of what is written many times a day."""

from collections.abc import Collection
from typing import Any

from simple_history.models import HistoricalRecords


class LeanHistory(HistoricalRecords):  # type: ignore[misc]
    """History whose lines are looked for by what they are lines of (`by`), where need be `also` by another, and by
    nothing else.

    The library would keep an index for every foreign key, for the moment and for the account: a visit's save wrote to
    some thirty of them, each on a page of its own, and nobody ever asked one (docs/adr/0072).
    """

    def __init__(self, *, by: str = "", also: Collection[str] = (), **kwargs: Any) -> None:
        self.by, self.also = by, also
        super().__init__(**kwargs)

    @property
    def _date_indexing(self) -> bool:
        return False

    def copy_fields(self, model: Any) -> dict[str, Any]:
        fields: dict[str, Any] = super().copy_fields(model)
        for name, field in fields.items():
            field.db_index = name == (self.by or model._meta.pk.name) or name in self.also
        return fields

    def _get_history_user_fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = super()._get_history_user_fields()
        fields["history_user"].db_index = False
        return fields
