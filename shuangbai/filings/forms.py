"""What somebody types about a report that is handed up."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import words
from shuangbai.filings.access import units_to_draft
from shuangbai.filings.rules import COMMENT_MOST
from shuangbai.network.models import OrgUnit
from shuangbai.reports.forms import UnitChoice


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("请填写日期"), "invalid": _("请填写日期，如 2020-05-31")},
    )  # fmt: skip


class DraftForm(forms.Form):
    """Whose report, of which days."""

    use_required_attribute = False

    unit = UnitChoice(
        queryset=OrgUnit.objects.none(), label=_("报告单位"), to_field_name="code", empty_label=None,
        error_messages={"required": _("请选择单位"), "invalid_choice": _("请从列表里选单位")},
    )  # fmt: skip
    first = _day(_("从"))
    last = _day(_("到"))
    reason = words(
        _("为什么重报"),
        most=COMMENT_MOST,
        required=False,
        help_text=_("这段时间已有接收过的报告时要写，如「补录了三户走访」"),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = OrgUnit.objects.filter(pk__in=[one.pk for one in units_to_draft(user)]).order_by("path")


class StepForm(forms.Form):
    """One step of a report. What `does` may be depends on its state and on who asks; the action decides."""

    does = forms.ChoiceField(
        choices=[(one, one) for one in ("confirm", "review", "accept", "return", "withdraw")], widget=forms.HiddenInput
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    comment = words(_("退回的理由"), most=COMMENT_MOST, required=False)


def last_month(today: date | None = None) -> tuple[date, date]:
    """The days of the month before: what is reported most."""
    ends = (today or clock.today()).replace(day=1) - timedelta(days=1)
    return ends.replace(day=1), ends
