"""The forms that ask what data do not say. What is typed is judged and kept nowhere."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.dossier.enums import CareItem
from shuangbai.lives.hints import AWAY_WORDS, PARENT_WORDS, Away, Parent

ASK = {"required": _("请选择；不清楚就选「还不清楚」"), "invalid_choice": _("请重新选择")}


def _parent(label: Any, words: Mapping[Any, str]) -> forms.ChoiceField:
    choices = [(one.value, said) for one, said in words.items()]
    return forms.ChoiceField(label=label, choices=choices, error_messages=ASK, widget=forms.RadioSelect)


class CareForm(forms.Form):
    """事实无人抚养儿童: how it stands with each parent."""

    use_required_attribute = False

    father, mother = _parent(_("父亲"), PARENT_WORDS), _parent(_("母亲"), PARENT_WORDS)

    def answers(self) -> dict[str, Any]:
        return {name: Parent(self.cleaned_data[name]) for name in ("father", "mother")}


class LeftForm(forms.Form):
    """农村留守儿童: where each parent is."""

    use_required_attribute = False

    father, mother = _parent(_("父亲"), AWAY_WORDS), _parent(_("母亲"), AWAY_WORDS)

    def answers(self) -> dict[str, Any]:
        return {name: Away(self.cleaned_data[name]) for name in ("father", "mother")}


class SelfCareForm(forms.Form):
    """特困六项: what somebody cannot do alone."""

    use_required_attribute = False

    cannot = forms.MultipleChoiceField(
        label=_("哪几项自己做不到"), choices=CareItem.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("都能做到就一项也不勾"),
    )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        return {"cannot": self.cleaned_data["cannot"]}
