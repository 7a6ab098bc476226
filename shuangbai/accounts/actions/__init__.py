"""Every write about accounts, by what it is about."""

from shuangbai.accounts.actions.opening import (
    AccountEntry,
    Issued,
    found_administration,
    invite,
    issue_code,
    open_accounts,
    revoke_code,
)

__all__ = [
    "AccountEntry",
    "Issued",
    "found_administration",
    "invite",
    "issue_code",
    "open_accounts",
    "revoke_code",
]
