"""The forms of forgetting and of how long files are kept."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.forms import DecisionForm
from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.lives.enums import ErasureBasis
from shuangbai.lives.queries import Proposed


class AskForm(forms.Form):
    """Why somebody is to be forgotten, and by which law."""

    use_required_attribute = False

    basis = forms.ChoiceField(
        label=_("法律依据"), choices=ErasureBasis.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择法律依据")},
    )  # fmt: skip
    reason = words(
        _("事由"), most=300, rows=3, help_text=_("谁在哪天怎样提出的；不写姓名和证件号，民政局经办看得到这段话")
    )
    sure = forms.BooleanField(
        label=_("我知道抹去以后无法恢复，只留下计数"), error_messages={"required": _("请先看清并勾选")}
    )


class DecideForm(forms.Form):
    use_required_attribute = False

    answer = words(_("决定的理由"), most=300, rows=2, help_text=_("如「材料齐全，符合第四十七条」"))


class RetentionAskForm(forms.Form):
    """Families of the list, chosen by hand."""

    use_required_attribute = False

    reason = words(_("事由"), most=300, rows=2, help_text=_("如「结档已满保存年限，无后续服务」"))
    sure = forms.BooleanField(
        label=_("我逐户看过，知道抹去以后无法恢复"), error_messages={"required": _("请先看清并勾选")}
    )

    def __init__(self, data: Any = None, *, proposed: Sequence[Proposed]) -> None:
        super().__init__(data)
        self.fields["families"] = forms.MultipleChoiceField(
            label=_("家庭"), choices=[(str(one.household.pk), one.number) for one in proposed],
            error_messages={"required": _("请先勾选家庭"), "invalid_choice": _("名单已有变化，请刷新这一页再选")},
        )  # fmt: skip


class RetentionForm(DecisionForm):
    years = forms.IntegerField(
        label=_("结档后保存几年"), min_value=1, max_value=50,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"required": _("请填写年数"), "min_value": _("至少 1 年"), "max_value": _("最多 50 年")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起"), help_text=_("到期只列出名单，由站长逐户提出、民政局决定，不会自动抹去"))

    def __init__(self, data: Any = None, *, years: int | None, version: int) -> None:
        super().__init__(data, initial={"years": years, "starts_on": clock.today(), "version": version})
