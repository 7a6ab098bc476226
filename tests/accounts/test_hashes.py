"""Codes and names at the provider still open after the key of the hashes was changed."""

from __future__ import annotations

import pytest

from shuangbai.accounts import hashes
from shuangbai.accounts.actions import code_of, issue_code, link_provider, prove_factor
from shuangbai.accounts.enums import Purpose
from shuangbai.accounts.queries import linked_account
from shuangbai.core.crypto import hashing_by
from shuangbai.network.models import User
from tests.accounts.test_door import bind
from tests.cast import City


@pytest.mark.django_db
def test_everything_kept_opens_under_another_key(city: City, sysadmin: User, worker: User) -> None:
    issued = issue_code(by=sysadmin, user=worker, purpose=Purpose.RESET)
    _, papers = bind(worker)
    link_provider(by=worker, user=worker, issuer="https://sign.example", claim="gd-1")
    assert hashes.stale() == 0
    with hashing_by(b"another" * 5):
        assert hashes.stale() == 12
        assert code_of(worker, issued.code) is None
        assert hashes.rebuild() == 12
        assert hashes.stale() == 0
        assert code_of(worker, issued.code) is not None
        assert prove_factor(user=worker, typed=papers[0]) == ""
        assert linked_account("https://sign.example", "gd-1") == worker
