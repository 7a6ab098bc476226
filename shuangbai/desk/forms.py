"""The forms of the composite pages: a family on paper, people who may be known twice, and the first run."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from shuangbai.core.forms import DayField, words
from shuangbai.desk.actions import TreeEntry, counties_offered
from shuangbai.desk.enums import ListKind, ListReason, PaperForm, PaperReason
from shuangbai.network.models import stem
from shuangbai.network.places import prefectures
from shuangbai.network.queries import letters_of

_PLACES = (_("第一份"), _("第二份"))
PROGRAMME_BEGAN = date(2017, 1, 1)  # before the first stations of the programme opened, 2017-07-01


class CodeForm(forms.Form):
    """The code from the server's console."""

    use_required_attribute = False
    code = words(
        _("首次设置码"), most=40, help_text=_("启动时打印在服务器的控制台上，形如 K7QM-3FXP-9RTW；大小写和短横随意"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "autofocus": True, "spellcheck": "false"}


class CityForm(forms.Form):
    """Which city this is."""

    use_required_attribute = False
    prefecture = forms.ChoiceField(label=_("哪个地级市"), error_messages={"required": _("请选择地级市")})
    city_name = words(_("页面上的城市名"), most=40, help_text=_("显示在每一页的页脚和报告上，如「汕尾市」"))
    bureau_name = words(_("主管机构"), most=60, help_text=_("机构树的根，如「汕尾市民政局」"))
    whole_province = forms.BooleanField(
        label=_("载入整个广东省的区划"), required=False, help_text=_("一般只载入本市；服务跨市的家庭时才需要")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["prefecture"].choices = [("", _now("请选择")), *prefectures()]  # type: ignore[attr-defined]


class TreeForm(forms.Form):
    """The tree to begin with; stations follow after sign-in."""

    use_required_attribute = False
    code = words(_("主管机构代码"), most=8, help_text=_("其他机构的代码以它开头，如 SW、SW-HF、SW-HF-01；定了就不改"))
    starts_on = DayField(label=_("从哪天起"), help_text=_("不晚于最早一个社工站的开站日期"))
    centre = words(_("督导中心名称"), most=60, required=False, help_text=_("没有督导中心就清空"))

    def __init__(self, *args: Any, city_name: str, **kwargs: Any) -> None:
        offered = counties_offered(city_name) or counties_offered()
        began = {"code": letters_of(stem(city_name)), "starts_on": PROGRAMME_BEGAN}
        began |= {"centre": f"{city_name}双百督导中心", "counties": [code for code, _name in offered]}
        kwargs["initial"] = began
        super().__init__(*args, **kwargs)
        if offered:
            self.fields["counties"] = forms.MultipleChoiceField(
                label=_("在哪些县区设片"), choices=offered, required=False, widget=forms.CheckboxSelectMultiple
            )

    def entry(self) -> TreeEntry:
        said = self.cleaned_data
        return TreeEntry(said["code"], said["starts_on"], said["centre"], said.get("counties", []))


class AdministratorForm(forms.Form):
    """The first account."""

    use_required_attribute = False
    username = words(_("账号"), most=40, help_text=_("小写字母、数字、点、横线"))
    display_name = words(_("称呼"), most=40, help_text=_("写真实姓名：每一步操作都会记在这个名字下"))
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False, error_messages={"required": _("请填写密码")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("再填一遍密码"), max_length=200, strip=False, error_messages={"required": _("请再填一遍")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _now("两次填的密码不一样，请重填"))
        return said


def _purpose(choices: Sequence[tuple[str, Any]], told: Any) -> forms.ChoiceField:
    """What something is taken away for."""
    return forms.ChoiceField(
        label=_("做什么用"), choices=[("", _("请选择")), *choices], help_text=told,
        error_messages={"required": _("请选择做什么用"), "invalid_choice": _("请重新选择做什么用")},
    )  # fmt: skip


class SheetForm(forms.Form):
    """As what the paper form is taken, why, and whether what is masked is written out."""

    use_required_attribute = False
    form = forms.ChoiceField(label=_("取成什么"), widget=forms.RadioSelect, choices=PaperForm.choices)
    reason = _purpose(PaperReason.choices, _("记入日志，也印在表上"))
    clear = forms.BooleanField(
        label=_("写出证件号、电话和住址"), required=False,
        help_text=_("不选则隐去。写出来的每一项都算一次查看，会记入日志，站长看得到"),
    )  # fmt: skip

    def __init__(self, *args: Any, pdf: bool, opens: bool, **kwargs: Any) -> None:
        """`pdf`: this machine makes PDFs. `opens`: this person may open what is masked."""
        super().__init__(*args, **kwargs)
        offered = [(code, label) for code, label in PaperForm.choices if pdf or code != PaperForm.PDF]
        self.fields["form"].choices = offered  # type: ignore[attr-defined]
        self.fields["form"].initial = offered[0][0]
        if not opens:
            del self.fields["clear"]


class LetterForm(forms.Form):
    """As what a referral's letter is taken."""

    use_required_attribute = False
    form = forms.ChoiceField(label=_("取成什么"), widget=forms.RadioSelect, choices=PaperForm.choices)

    def __init__(self, *args: Any, pdf: bool, **kwargs: Any) -> None:
        """`pdf`: this machine makes PDFs."""
        super().__init__(*args, **kwargs)
        offered = [(code, label) for code, label in PaperForm.choices if pdf or code != PaperForm.PDF]
        self.fields["form"].choices = offered  # type: ignore[attr-defined]
        self.fields["form"].initial = offered[0][0]


class ListForm(forms.Form):
    """As what a list is taken away, why, and whether what is masked is written out."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("导出成什么"), widget=forms.RadioSelect)
    reason = _purpose(ListReason.choices, _("记入日志，也写在表上"))
    clear = forms.BooleanField(
        label=_("写出证件号、电话和住址"), required=False,
        help_text=_("不选则没有这几列，出生日期只到月。写出来的每一项都算一次查看，会记入日志，一次很多会提醒审计员"),
    )  # fmt: skip

    def __init__(self, data: Any, *, kinds: Sequence[ListKind], opens: bool) -> None:
        """`opens`: this person may open what is masked of such a list."""
        super().__init__(data, initial={"kind": kinds[0]})
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if not opens:
            del self.fields["clear"]


# PEOPLE KNOWN TWICE ----------------------------------------------------------


class PairForm(forms.Form):
    """What is decided of two entries of a person or a family, and which of them stands for both."""

    use_required_attribute = False

    decision = forms.ChoiceField(
        label=_("是不是同一个人"), widget=forms.RadioSelect, error_messages={"required": _("请选择一项")},
        choices=[("same", _("同一人")), ("apart", _("不是同一人")), ("later", _("以后再说"))],
    )  # fmt: skip
    keep = forms.TypedChoiceField(
        label=_("以哪一份为准"), widget=forms.RadioSelect, coerce=UUID, required=False,
        help_text=_("认定同一人时填。两份的记录都留在原处，页面和人数以选中的为准"),
    )  # fmt: skip
    reason = words(
        _("理由"),
        most=200,
        rows=2,
        required=False,
        help_text=_("怎样核对的，如“对过户口本”“电话问过本人”；以后再说可不填"),
    )

    def __init__(self, data: Any = None, *, sides: Sequence[Any], of_families: bool = False) -> None:
        super().__init__(data, initial={"keep": str(sides[0].entry)})
        if of_families:
            self.fields["decision"].label = _("是不是同一户")
            offered = [("same", _("同一户")), ("apart", _("不是同一户")), ("later", _("以后再说"))]
            self.fields["decision"].choices = offered  # type: ignore[attr-defined]
            self.fields["keep"].help_text = _(
                "认定同一户时填。两份都留在原处，户数只算一户；家里的人是不是同一人另外核对"
            )
        named = [
            (str(side.entry), f"{place}：{side.name}，{side.facts['服务站']}")
            for place, side in zip(_PLACES, sides, strict=True)
        ]
        self.fields["keep"].choices = named  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        decision = cleaned.get("decision")
        if decision in ("same", "apart") and len(cleaned.get("reason", "")) < 2:
            self.add_error("reason", _("请写明理由，如“对过户口本”“电话问过本人”"))
        if decision == "same" and not cleaned.get("keep") and "keep" not in self.errors:
            self.add_error("keep", _("请选择以哪一份为准"))
        return cleaned


class UndoForm(forms.Form):
    """Why a decision is taken back."""

    use_required_attribute = False

    reason = words(_("撤销理由"), most=200, rows=2, error_messages={"required": _("请写明为什么撤销，如“本人说不是”")})
