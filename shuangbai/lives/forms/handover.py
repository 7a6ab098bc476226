"""The forms of handing over."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.cases.models import Case
from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.households.models import FamilyFile
from shuangbai.lives.actions.handing import GiveEntry
from shuangbai.lives.enums import HandoverReason
from shuangbai.network.models import OrgUnit, Staff


class GiveForm(forms.Form):
    """Whose families, from which day, and each to whom: one for all, and another where it differs."""

    use_required_attribute = False

    starts_on = DayField(label=_("从哪天起由别人负责"))
    reason = forms.ChoiceField(
        label=_("原因"), choices=HandoverReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择原因")},
    )  # fmt: skip
    note = words(
        _("交接说明"), most=500, rows=3, required=False,
        help_text=_("接手的人要知道的事；不写证件号和病情"),
    )  # fmt: skip
    everything = forms.ChoiceField(
        label=_("都交给"), required=False, help_text=_("下面没有另选的，都交给这一位；留空则只交下面选了人的")
    )

    def __init__(
        self, data: Any = None, *, station: OrgUnit, giver: Staff, files: Sequence[FamilyFile],
        others: Sequence[Staff], cases: Sequence[Case] = (),
    ) -> None:  # fmt: skip
        super().__init__(data, initial={"starts_on": clock.today()})
        self.station, self.giver, self.kept = station, giver, files
        people = [(str(one.pk), one.name) for one in others]
        self.fields["everything"].choices = [("", _("不统一指定")), *people]  # type: ignore[attr-defined]
        for file in files:
            self.fields[f"to-{file.pk}"] = forms.ChoiceField(
                label=_("交给"), choices=[("", _("同上")), ("keep", _("先不交")), *people], required=False,
                error_messages={"invalid_choice": _("请重新选择接手的人")},
            )  # fmt: skip

        self.cases = cases
        for case in cases:
            self.fields[f"case-{case.pk}"] = forms.ChoiceField(
                label=_("交给"), choices=[("", _("先不交")), *people], required=False,
                error_messages={"invalid_choice": _("请重新选择接手的人")},
            )  # fmt: skip

    def case_rows(self) -> list[tuple[Case, Any]]:
        return [(case, self[f"case-{case.pk}"]) for case in self.cases]

    def given_cases(self) -> list[tuple[Case, Staff]]:
        """Each case that was chosen for somebody: none goes with the families unasked. Only after `is_valid`."""
        said = [(case, self.cleaned_data.get(f"case-{case.pk}")) for case in self.cases]
        people = Staff.objects.in_bulk([UUID(to) for _case, to in said if to])
        return [(case, people[UUID(to)]) for case, to in said if to]

    def rows(self) -> list[tuple[FamilyFile, Any]]:
        return [(file, self[f"to-{file.pk}"]) for file in self.kept]

    def entry(self) -> GiveEntry:
        c = self.cleaned_data
        said = [(file, c.get(f"to-{file.pk}") or c.get("everything")) for file in self.kept]
        items = [(file, UUID(to)) for file, to in said if to and to != "keep"]
        return GiveEntry(self.station, self.giver, c["starts_on"], HandoverReason(c["reason"]), items, c["note"])


class AnswerForm(forms.Form):
    use_required_attribute = False

    why = words(_("退回理由"), most=200, required=False, help_text=_("退回时必填，站长会看到"))
