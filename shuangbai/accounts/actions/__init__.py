"""Every write about accounts, by what it is about."""

from shuangbai.accounts.actions.factors import (
    enrol_factor,
    prove_factor,
    remove_factor,
    renew_recovery_codes,
    reset_factor,
)
from shuangbai.accounts.actions.granting import (
    ask_role,
    decide_role,
    end_grant,
    start_account,
    stop_account,
    withdraw_role,
)
from shuangbai.accounts.actions.issuing import Issued, issue_code, revoke_code
from shuangbai.accounts.actions.linking import link_provider, unlink_provider
from shuangbai.accounts.actions.opening import AccountEntry, entry_findings, found_administration, invite, open_accounts
from shuangbai.accounts.actions.passwords import (
    accept_code,
    ask_reset,
    change_password,
    code_of,
    decide_reset,
    unlock,
)
from shuangbai.accounts.actions.policies import set_policy
from shuangbai.accounts.actions.sessions import (
    begin_session,
    end_all_sessions,
    end_other_sessions,
    end_session,
    sign_out,
)

__all__ = [
    "AccountEntry",
    "Issued",
    "accept_code",
    "ask_reset",
    "ask_role",
    "begin_session",
    "change_password",
    "code_of",
    "decide_reset",
    "decide_role",
    "end_all_sessions",
    "end_grant",
    "end_other_sessions",
    "end_session",
    "enrol_factor",
    "entry_findings",
    "found_administration",
    "invite",
    "issue_code",
    "link_provider",
    "open_accounts",
    "prove_factor",
    "remove_factor",
    "renew_recovery_codes",
    "reset_factor",
    "revoke_code",
    "set_policy",
    "sign_out",
    "start_account",
    "stop_account",
    "unlink_provider",
    "unlock",
    "withdraw_role",
]
