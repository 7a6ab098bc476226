"""Forms of the ecomap, and of what papers are taken away as."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.cases.actions.drawing import TieEntry
from shuangbai.cases.blanks import BLANKS, BY_CODE, Blank, PaperKind, PaperPurpose
from shuangbai.cases.rules import LINE_MOST
from shuangbai.cases.ties import CaseTie, Flow, Strength, System
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id

NAME_MOST = 20
CHOOSE = {"required": _("请选一项"), "invalid_choice": _("请重新选择")}


def _one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **more)


class TieForm(forms.Form):
    """What surrounds the family, and how they are tied. Of one that stands already: how it is from a day on."""

    use_required_attribute = False

    system = _one_of(_("是什么"), System.choices)
    name = words(_("叫什么"), most=NAME_MOST, required=False, help_text=_("如“赤山小学”“大伯一家”，写在图上"))
    strength = _one_of(_("关系"), Strength.choices)
    flow = _one_of(_("支持的方向"), Flow.choices, help_text=_("谁在帮谁；图上是箭头"))
    note = words(_("说明"), most=LINE_MOST, rows=2, required=False)
    on = DayField(label=_("从哪天起"), help_text=_("不知道从什么时候，就写了解到的那天"))
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, tie: CaseTie | None = None) -> None:
        first: dict[str, Any] = {"on": clock.today(), "client_id": random_id()}
        if tie:
            first |= {name: getattr(tie, name) for name in ("system", "name", "strength", "flow", "note")}
        super().__init__(data, initial=first)
        self.warnings: list[Finding] = []

    def entry(self) -> TieEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return TieEntry(
            System(c["system"]), Strength(c["strength"]), Flow(c["flow"]), c["on"], c["name"], c["note"], c["client_id"]
        )


class EndTieForm(forms.Form):
    """From which day on something surrounds the family no longer."""

    use_required_attribute = False

    on = DayField(label=_("从哪天起不再有"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"on": clock.today()})
        self.warnings: list[Finding] = []


class VoidForm(forms.Form):
    """Why a result is taken out."""

    use_required_attribute = False

    reason = words(_("作废的理由"), most=LINE_MOST, error_messages={"required": _("请写明理由，如“填错了人”")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.warnings: list[Finding] = []


class PapersForm(forms.Form):
    """Which papers, as what, and what for."""

    use_required_attribute = False

    papers = forms.MultipleChoiceField(
        label=_("哪些文书"), widget=forms.CheckboxSelectMultiple,
        choices=[(one.code, one.name) for one in BLANKS],
        error_messages={"required": _("请至少选一份"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip
    form = _one_of(_("取成什么"), PaperKind.choices)
    purpose = forms.ChoiceField(
        label=_("做什么用"), choices=[("", _("请选择")), *PaperPurpose.choices],
        help_text=_("记入日志，也印在每一份上"),
        error_messages={"required": _("请选择做什么用"), "invalid_choice": _("请重新选择做什么用")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, pdf: bool, chosen: Sequence[str] = ()) -> None:
        """`pdf`: this machine makes PDFs. `chosen`: the papers that are ticked at first; all, where none is known."""
        first = [code for code in chosen if code in BY_CODE] or list(BY_CODE)
        super().__init__(data, initial={"papers": first})
        offered = [(code, label) for code, label in PaperKind.choices if pdf or code != PaperKind.PDF]
        self.fields["form"].choices = offered  # type: ignore[attr-defined]
        self.fields["form"].initial = offered[0][0]
        self.warnings: list[Finding] = []

    def blanks(self) -> list[Blank]:
        """Those that were asked for, in the order of the forms. Only after `is_valid`."""
        return [one for one in BLANKS if one.code in self.cleaned_data["papers"]]
