"""What a report is asked for."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.periods import Period
from shuangbai.network.models import OrgUnit
from shuangbai.reports.access import units_reportable
from shuangbai.reports.queries import Ask

DEPTH = "　"


class UnitChoice(forms.ModelChoiceField):
    """Units of the tree, indented by their depth."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        return f"{DEPTH * (obj.path.count('/') - 2)}{obj.name}"


class AskForm(forms.Form):
    """A period, both ends included, and a part of the tree."""

    first = forms.DateField(label=_("从"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last = forms.DateField(label=_("到"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    scope = UnitChoice(queryset=OrgUnit.objects.none(), label=_("范围"), to_field_name="code", empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope: Any = self.fields["scope"]
        scope.queryset = units_reportable(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", _("结束日期早于开始日期，请对调或改正"))
        if last and last > clock.today():
            self.add_error("last", _("结束日期在今天之后，请改为今天或以前"))
        return cleaned

    def ask(self) -> Ask:
        return Ask(Period(self.cleaned_data["first"], self.cleaned_data["last"]), self.cleaned_data["scope"])


def default_question(user: Any) -> dict[str, Any] | None:
    """Since the first station of one's scope opened, to today; None for somebody without a scope."""
    units = list(units_reportable(user))
    if not units:
        return None
    opened = [unit.starts_on for unit in units if unit.kind == "station"]
    return {"first": min(opened or [units[0].starts_on]), "last": clock.today(), "scope": units[0].code}


def quick_periods(since: date) -> list[tuple[str, Period]]:
    """Spans that are asked for most, ending today or at the end of last month."""
    today = clock.today()
    month, year = today.replace(day=1), today.replace(month=1, day=1)
    last_month = month - timedelta(days=1)
    quarter = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    return [
        ("开展至今", Period(min(since, today), today)),
        ("今年", Period(year, today)),
        ("本季度", Period(quarter, today)),
        ("本月", Period(month, today)),
        ("上月", Period(last_month.replace(day=1), last_month)),
    ]
