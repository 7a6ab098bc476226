"""The forms of changing the key and of asking the trail."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core.forms import DayField, words
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit

CIPHERS = [("aes-gcm", _("AES-256-GCM")), ("sm4-gcm", _("国密 SM4-GCM"))]


class KeyForm(forms.Form):
    """Which cipher the new key is for."""

    use_required_attribute = False

    cipher = forms.ChoiceField(
        label=_("加密算法"), choices=CIPHERS, widget=forms.RadioSelect,
        help_text=_("没有密评要求就用原来的算法。"), error_messages={"required": _("请选择加密算法")},
    )  # fmt: skip


class TrailFilter(forms.Form):
    """The filters of the trail. Anything that is not one is passed over, never an error page."""

    who = forms.CharField(label=_("谁（账号或姓名）"), required=False, max_length=40)
    kind = forms.ChoiceField(label=_("做了什么"), required=False)
    unit = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("社工站"), required=False, empty_label=_("全部"))
    first = DayField(label=_("从"), required=False)
    last = DayField(label=_("到（含）"), required=False)
    about_type = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())
    about_id = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, kinds: list[tuple[str, str]]) -> None:
        super().__init__(data)
        kind: Any = self.fields["kind"]
        kind.choices = [("", _("全部")), *kinds]
        unit: Any = self.fields["unit"]
        unit.queryset = OrgUnit.objects.filter(kind=UnitKind.STATION).order_by("path")

    def asked(self) -> dict[str, Any]:
        """What was asked and makes sense."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class RemarkForm(forms.Form):
    """What the auditor found about an alert."""

    use_required_attribute = False

    remark = words(
        _("核实情况"), most=300, rows=3, error_messages={"required": _("请写明核实的情况")},
        help_text=_("如「已与站长核实，集中更新低保电话」。会留在留痕里。"),
    )  # fmt: skip
