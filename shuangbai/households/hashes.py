"""The lookup hashes of families and people, computed anew when their key changes."""

from collections.abc import Iterator
from typing import Any

from shuangbai.core import bulk
from shuangbai.core.crypto import lookup_hash
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.models import Household, Person
from shuangbai.households.queries import phone_tails, tail_hash

AT_ONCE = 500
LOOKED_AT = 200


def _people(model: Any) -> Iterator[tuple[Any, ...]]:
    for key, number, phone in model._base_manager.order_by("pk").values_list("pk", "id_no", "phone").iterator(AT_ONCE):
        if number or phone:
            yield lookup_hash(number, "id") if number else "", tail_hash(number), phone_tails(phone), key


def _households(model: Any) -> Iterator[tuple[Any, ...]]:
    for key, phone in model._base_manager.order_by("pk").values_list("pk", "phone").iterator(AT_ONCE):
        if phone:
            yield phone_tails(phone), key


def rebuild() -> int:
    """Write every hash of an ID or a tail anew, history included, and what families are found by."""
    rows = 0
    for model in (Person, Person.history.model):
        rows += bulk.update_rows(model, ("id_hash", "id_tail", "phone_tails"), list(_people(model)))
    for model in (Household, Household.history.model):
        rows += bulk.update_rows(model, ("phone_tails",), list(_households(model)))
    keys = list(Household.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        refresh_find_keys(keys[start : start + AT_ONCE])
    return rows


def stale() -> int:
    """Of the newest people with an ID, how many are not found by it."""
    some = Person.objects.exclude(id_hash="").order_by("-pk")[:LOOKED_AT]
    return sum(lookup_hash(number, "id") != kept for number, kept in some.values_list("id_no", "id_hash"))
