"""Forms of signing in, of one's own account, and of those who look after accounts, roles and rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.accounts.enums import AccountState
from shuangbai.accounts.models import Policy
from shuangbai.accounts.queries import staff_without_account
from shuangbai.accounts.rules import STATION_ROLES, WIDER_ROLES
from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.roles import Role

CODE_ATTRS = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}


def password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, strip=False, error_messages={"required": _("请填写密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}), **kwargs,
    )  # fmt: skip


def username_field(**attrs: Any) -> forms.CharField:
    plain = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", **attrs}
    return forms.CharField(
        label=_("账号"),
        max_length=40,
        error_messages={"required": _("请填写账号")},
        widget=forms.TextInput(attrs=plain),
    )


class SignInForm(forms.Form):
    """User name and password. One sentence for either being wrong: it tells nobody which names exist."""

    use_required_attribute = False

    username = username_field(autofocus=True)
    password = password_field(_("密码"), "current-password")


class FactorForm(forms.Form):
    """Six digits of the authenticator, or a recovery code."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("验证码"), max_length=20, error_messages={"required": _("请填写验证码")},
        widget=forms.TextInput(attrs={**CODE_ATTRS, "inputmode": "numeric", "autofocus": True, "class": "width-short"}),
        help_text=_("验证器上此刻的六位数字；手机不在身边时填一个备用码"),
    )  # fmt: skip


class NewPasswordForm(forms.Form):
    """A new password, twice. Whether the rules take it is for the action to say."""

    use_required_attribute = False

    password = password_field(_("新密码"), "new-password")
    password_again = password_field(_("再填一次新密码"), "new-password")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if typed.get("password") and typed.get("password_again") and typed["password"] != typed["password_again"]:
            self.add_error("password_again", _("两次填的密码不一样，请重填"))
        return typed


class WelcomeForm(NewPasswordForm):
    """The invited person: user name and code from the slip, and a password of their own."""

    username = username_field()
    code = forms.CharField(
        label=_("一次性码"), max_length=30, error_messages={"required": _("请填写一次性码")},
        widget=forms.TextInput(attrs={**CODE_ATTRS, "autocomplete": "off"}), help_text=_("邀请单上的十二位字母和数字"),
    )  # fmt: skip
    field_order = ("username", "code", "password", "password_again")


class OwnPasswordForm(NewPasswordForm):
    old = password_field(_("现在的密码"), "current-password")
    field_order = ("old", "password", "password_again")


class ProofForm(forms.Form):
    """One's password once more, before something that matters."""

    use_required_attribute = False

    password = password_field(_("密码"), "current-password", help_text=_("为了确认是您本人"))


class EnrolForm(forms.Form):
    """The digits that the authenticator shows for the secret of this page; the secret comes back sealed."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("验证器显示的六位数字"), max_length=10, error_messages={"required": _("请填写验证码")},
        widget=forms.TextInput(attrs={**CODE_ATTRS, "inputmode": "numeric", "class": "width-short"}),
    )  # fmt: skip
    sealed = forms.CharField(widget=forms.HiddenInput, max_length=500)


class ReasonForm(forms.Form):
    use_required_attribute = False

    reason = words(_("理由"), most=200, error_messages={"required": _("请写明理由")})


# ACCOUNTS ------------------------------------------------------------------


class AccountFilter(forms.Form):
    q = forms.CharField(label=_("姓名、账号或单位"), max_length=40, required=False)
    state = forms.ChoiceField(label=_("状态"), choices=[("", _("全部")), *AccountState.choices], required=False)
    role = forms.ChoiceField(label=_("角色"), choices=[("", _("全部")), *Role.choices], required=False)

    def asked(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


def units_to_choose() -> Any:
    return OrgUnit.objects.on(clock.today()).exclude(kind=UnitKind.POINT).order_by("path")


class AccountForm(forms.Form):
    """One account to open."""

    use_required_attribute = False

    display_name = words(_("姓名"), most=40, error_messages={"required": _("请填写姓名")})
    username = words(
        _("账号"), most=40, help_text=_("小写字母、数字、点、横线，如 chenlijuan"),
        error_messages={"required": _("请填写账号")},
    )  # fmt: skip
    staff = forms.ModelChoiceField(
        Staff.objects.none(), label=_("是哪一位在岗人员"), required=False,
        empty_label=_("不在人员名册里（如局里的经办）"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("角色"), choices=Role.choices, widget=forms.RadioSelect, error_messages={"required": _("请选择一项")}
    )
    unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("范围（单位）"), empty_label=_("请选择"),
        error_messages={"required": _("请选择单位")},
    )  # fmt: skip
    reason = words(_("理由"), most=200, required=False, help_text=_("督导以上的角色要由安全管理员确认，写一句给他看"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"].queryset = staff_without_account()  # type: ignore[attr-defined]
        self.fields["unit"].queryset = units_to_choose()  # type: ignore[attr-defined]


class PasteForm(forms.Form):
    """A list pasted from a spreadsheet."""

    use_required_attribute = False

    text = words(
        _("名单"), most=20000, rows=10, error_messages={"required": _("请粘贴名单")},
        help_text=_("每行一人，四列：姓名、账号、单位、角色。从表格里复制粘贴即可，也可用逗号隔开。"),
    )  # fmt: skip


class RoleForm(forms.Form):
    """A role for an account: where, from when, until when."""

    use_required_attribute = False

    role = forms.ChoiceField(
        label=_("角色"), choices=[(role.value, role.label) for role in (*STATION_ROLES, *WIDER_ROLES)],
        widget=forms.RadioSelect, error_messages={"required": _("请选择一项")},
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("范围（单位）"), empty_label=_("请选择"),
        error_messages={"required": _("请选择单位")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("临时的角色填最后一天；长期的不填"))
    reason = words(_("理由"), most=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_to_choose()  # type: ignore[attr-defined]


class EndGrantForm(forms.Form):
    """The last day of a role. `seen` is the one that the page showed."""

    use_required_attribute = False

    ends_on = DayField(label=_("最后一天"), help_text=_("这一天过完就不再有效。要立刻停止，请系统管理员停用账号。"))
    seen = forms.DateField(widget=forms.HiddenInput, required=False)


class ClaimForm(forms.Form):
    use_required_attribute = False

    claim = words(_("统一登录平台上的账号标识"), most=200, error_messages={"required": _("请填写账号标识")})


# RULES ---------------------------------------------------------------------

NEEDS = {"invalid": _("请填写整数"), "required": _("请填写这一项")}


class PolicyForm(forms.ModelForm):
    """The rules of signing in, whole; `version` is the one on which these were written."""

    use_required_attribute = False

    factor_roles = forms.MultipleChoiceField(
        label=_("必须绑定验证器的角色"), choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("这些角色登录时先要绑定，绑定之前打不开别的页面。建议至少选三个管理员。"),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = words(_("为什么改"), most=200, error_messages={"required": _("请写明理由，会留在历史里")})

    class Meta:
        model = Policy
        fields = (
            "shortest", "kinds", "password_days", "not_again", "lock_after", "lock_minutes", "idle_minutes",
            "session_hours", "code_hours", "reset_hours", "heads_may_ask",
        )  # fmt: skip
        help_texts = {
            "kinds": _("小写字母、大写字母、数字、符号四种里"),
            "password_days": _("0 表示不要求定期更换"),
            "not_again": _("0 表示不限制"),
            "lock_after": _("按账号和来访地址一起数"),
            "idle_minutes": _("改后对新的登录生效"),
            "session_hours": _("改后对新的登录生效"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            if name != "heads_may_ask":
                self.fields[name].error_messages |= NEEDS
                self.fields[name].widget.attrs |= {"inputmode": "numeric", "class": "width-short"}

    def validate_unique(self) -> None:
        """A version that is no longer the latest is a conflict, which the action tells, and not a mistake."""

    @property
    def values(self) -> dict[str, Any]:
        names = (*self.Meta.fields, "factor_roles")
        return {name: self.cleaned_data[name] for name in names}
