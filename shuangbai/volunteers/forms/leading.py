"""The forms of a team's own page: what a leader hands in, what the station answers, for how long the address holds."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.core.strangers import StrangersForm
from shuangbai.services.forms import SeveralField, TimeOfDayField, chips
from shuangbai.volunteers.entries import TeamReportEntry
from shuangbai.volunteers.forms import hours_field
from shuangbai.volunteers.models import TeamReport, Volunteer
from shuangbai.volunteers.queries import helpers_of
from shuangbai.volunteers.rules import LINE_MOST, LINK_MONTHS, WORDS_MOST


class LinkForm(forms.Form):
    use_required_attribute = False

    months = chips(_("用几个月"), choices=[(str(one), f"{one} 个月") for one in LINK_MONTHS])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"months": "6"})


class ReportForm(StrangersForm):
    """What a team did on its own: tapped by name, one time for all, another where somebody stayed longer."""

    use_required_attribute = False

    occurred_on = DayField(label=_("哪天做的"))
    title = words(_("做了什么"), most=LINE_MOST, error_messages={"required": _("请写明做了什么，如“清理村口河道”")})
    place = words(_("在哪里"), most=60, required=False)
    volunteers = SeveralField(label=_("哪些队员参加了"), help_text=_("点名字；名单里没有的，请社工站先登记"))
    people = forms.IntegerField(
        label=_("一共来了几人"), required=False, min_value=1, max_value=999,
        help_text=_("含没点到名的；只有队员就不用填"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"invalid": _("请填整数"), "min_value": _("要大于 0"), "max_value": _("太大了，请核对")},
    )  # fmt: skip
    hours = hours_field(_("每人做了几小时"), help_text=_("如 1.5，不含路上的时间"))
    first = TimeOfDayField(label=_("几点开始"), required=False)
    last = TimeOfDayField(label=_("几点结束"), required=False)
    note = words(_("还想说的"), most=WORDS_MOST, rows=3, required=False)
    sender = words(_("填写人"), most=40, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, members: Sequence[Volunteer], report: TeamReport | None = None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {"occurred_on": clock.today(), "client_id": random_id()}
        if report is not None:
            initial |= self.plain(report)
        super().__init__(data, initial=initial, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["volunteers"].choices = [(str(one.pk), one.called) for one in members]
        for one in members:
            fields[f"own-{one.pk}"] = hours_field(one.called, required=False)
        self.own_names = [f"own-{one.pk}" for one in members]

    @staticmethod
    def plain(report: TeamReport) -> dict[str, Any]:
        names = ("occurred_on", "title", "place", "people", "first", "last", "note", "sender", "version")
        helpers = helpers_of(report)
        usual = max(helpers, key=lambda row: sum(row.hours == one.hours for one in helpers)).hours if helpers else None
        return {
            **{name: getattr(report, name) for name in names}, "hours": usual,
            "volunteers": [str(row.volunteer_id) for row in helpers],
            **{f"own-{row.volunteer_id}": row.hours for row in helpers if row.hours != usual},
        }  # fmt: skip

    @property
    def own(self) -> list[Any]:
        """The fields of those who stayed longer or shorter."""
        return [self[name] for name in self.own_names]

    @property
    def differ(self) -> bool:
        """Whether one of them says something, so that it is not folded away."""
        return any(self[name].value() or self[name].errors for name in self.own_names)

    def entry(self) -> TeamReportEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        chosen = list(dict.fromkeys(c["volunteers"]))
        helpers = [(pk, Decimal(c.get(f"own-{pk}") or c["hours"])) for pk in chosen]
        said = {name: c[name] for name in ("occurred_on", "title", "place", "first", "last", "sender", "note")}
        people = c["people"] or len(chosen)
        return TeamReportEntry(people=people, helpers=helpers, client_id=c["client_id"] or random_id(), **said)


class AnswerForm(forms.Form):
    """What the station says to the leader."""

    use_required_attribute = False

    answer = words(
        _("跟队长说的话"),
        most=200,
        required=False,
        help_text=_("退回、不采用时要写，队长在自己的页面上看得到；不要写别人的姓名和情况"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
