"""The form of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    """User name and password. One sentence for either being wrong: it tells nobody which names exist."""

    use_required_attribute = False

    username = forms.CharField(
        label=_("账号"), max_length=40, error_messages={"required": _("请填写账号")},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}
        ),
    )  # fmt: skip
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False, error_messages={"required": _("请填写密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
