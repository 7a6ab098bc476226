"""The moment that a form for strangers carries (core.strangers), as its page signs it."""

from __future__ import annotations

import time
from unittest.mock import patch

from django.core import signing


def a_moment_ago(form: str) -> str:
    """Of a form, its class by name, that was opened ten seconds ago: sent at once it would come back."""
    signer = signing.TimestampSigner(salt=f"shuangbai.core.strangers.{form}")
    with patch.object(signer, "timestamp", lambda: signing.b62_encode(int(time.time()) - 10)):
        return signer.sign("")
