"""Pages that anybody may open without an account: by the QR code on a notice, on whatever telephone they have.

What keeps a robot out, without a picture puzzle and without a script: a limit for each address of the network and for
each page, on how often and on how much is sent, a field that no eye sees, and a form that cannot be sent in the second
in which it was made; no file of such a form is opened. What somebody typed comes back with every refusal. A room that
takes something in from here adds a ceiling of its own to each page (so many places, so many letters that wait), for
limits count in one process only. Addresses of the network are counted as keyed hashes and kept nowhere.
"""

import secrets
from typing import Any

from django import forms
from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from shuangbai.core.limits import Limit

# A village's telephones often share one address of their operator's, so these stop a robot and no crowd.
OPENINGS = Limit("打开", most=300, seconds=60)
SENDINGS = Limit("提交", most=60, seconds=600)
BYTES = Limit("提交图片", most=150, seconds=600, unit="MB")  # ten telephones whose pictures nothing makes smaller
MB = 1_000_000
SOONEST, LATEST = 2, 12 * 3600  # seconds between the form and its return


def new_token() -> str:
    """Twelve characters for an address that nobody guesses (72 bits)."""
    return secrets.token_urlsafe(9)


def asker(address: str) -> str:
    """Whoever asks from an address of the network, as a keyed hash of it."""
    return salted_hmac("shuangbai.core.strangers", address).hexdigest()[:20]


def count_asking(page: str, address: str, *, sends: bool, size: int = 0) -> None:
    """Count one opening or sending, of `size` bytes, of a page from an address. Raises core.limits.TooOften."""
    who = (page, asker(address))
    (SENDINGS if sends else OPENINGS).count(who)
    if size >= MB:
        BYTES.count(who, size // MB)


class StrangersForm(forms.Form):
    """A form that anybody may send. Its page includes core/trap.html inside the form."""

    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    made = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.signer = signing.TimestampSigner(salt=f"shuangbai.core.strangers.{type(self).__name__}")

    @property
    def fresh(self) -> str:
        """The moment of this form, signed, for its hidden field."""
        return self.signer.sign("")

    def full_clean(self) -> None:
        if self.is_bound and self.files and self._robot():
            self.files = MultiValueDict()
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        wrong = self._robot()
        if wrong:
            raise forms.ValidationError(wrong, code="robot")
        return cleaned

    def _robot(self) -> Any:
        """Why this is not taken as sent by a person, as a sentence; empty where it is."""
        if self.data.get("website"):
            return _("没有收到：有一栏是给机器人留的空，请清空后再提交。")
        made = self.data.get("made", "")
        try:
            self.signer.unsign(made, max_age=LATEST)
        except signing.SignatureExpired:
            return _("这一页打开太久了。您填的都还在，请再按一次提交。")
        except signing.BadSignature:
            return _("这一页不完整，没有提交成功。您填的都还在，请再按一次提交。")
        try:
            self.signer.unsign(made, max_age=SOONEST)
        except signing.SignatureExpired:
            return ""
        return _("提交得太快了。您填的都还在，请过两秒再按一次提交。")
