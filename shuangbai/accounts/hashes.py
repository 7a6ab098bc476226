"""The keyed hashes of codes and of names at the provider, computed anew when their key changes."""

from typing import Any

from shuangbai.accounts.models import OneTimeCode, ProviderLink, RecoveryCode
from shuangbai.core import bulk
from shuangbai.core.crypto import lookup_hash

# table: the column of its hash and what the hash is for
KEPT: dict[Any, tuple[str, str]] = {
    OneTimeCode: ("code_hash", "account.code"),
    RecoveryCode: ("code_hash", "account.recovery"),
    ProviderLink: ("claim_hash", "account.provider"),
}


def rebuild() -> int:
    """Write every hash anew from the digest beside it, which is encrypted."""
    rows = 0
    for model, (column, purpose) in KEPT.items():
        kept = model.objects.order_by("pk").values_list("digest", "pk")
        rows += bulk.update_rows(model, (column,), [(lookup_hash(digest, purpose), key) for digest, key in kept])
    return rows


def stale() -> int:
    """How many hashes no longer hold; there are few enough to look at all."""
    return sum(
        lookup_hash(digest, purpose) != kept
        for model, (column, purpose) in KEPT.items()
        for digest, kept in model.objects.values_list("digest", column)
    )
