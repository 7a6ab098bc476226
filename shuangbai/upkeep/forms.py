"""The form of changing the key."""

from django import forms
from django.utils.translation import gettext_lazy as _

CIPHERS = [("aes-gcm", _("AES-256-GCM")), ("sm4-gcm", _("国密 SM4-GCM"))]


class KeyForm(forms.Form):
    """Which cipher the new key is for."""

    use_required_attribute = False

    cipher = forms.ChoiceField(
        label=_("加密算法"), choices=CIPHERS, widget=forms.RadioSelect,
        help_text=_("没有密评要求就用原来的算法。"), error_messages={"required": _("请选择加密算法")},
    )  # fmt: skip
