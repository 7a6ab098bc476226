"""The forms of alarms: what was typed becomes an entry; whether it is right is for the rules to say."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.forms import DecisionForm
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, User
from shuangbai.safeguarding.actions import AlarmEntry, StepEntry
from shuangbai.safeguarding.enums import CloseReason, Protected, Situation, StepKind
from shuangbai.safeguarding.models import Alarm, AlarmRule
from shuangbai.safeguarding.rules import LINE_MOST, WORDS_MOST

MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A day and time of day, in the city's time zone, that a browser offers as a calendar and a clock."""

    default_error_messages = {"required": _("请填写时间"), "invalid": _("请写成 2020-06-05 21:30 的样子")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local", "class": "width-medium"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)


def _one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    told = {"required": _("请选一项"), "invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=told, **more)


class PersonField(forms.UUIDField):
    """Somebody whom the station knows, by their key."""

    widget = forms.HiddenInput
    default_error_messages = {"invalid": _("请重新选择")}


class AlarmForm(forms.Form):
    """An alarm in three parts: who, which situation, what was seen and done."""

    use_required_attribute = False

    person = PersonField(label=_("本站认识的人"), required=False)
    who = words(
        _("名单里没有的人"), most=LINE_MOST, required=False,
        help_text=_("没有登记，或不知道姓名时写：大概几岁、样子、在哪里"),
    )  # fmt: skip
    protected = _one_of(_("保护对象"), Protected.choices)
    situation = _one_of(_("选最接近的一种"), Situation.choices)
    facts = words(
        _("看见、听见的"), most=WORDS_MOST, rows=4,
        help_text=_("只写亲眼看见、亲耳听见的；本人说的话照原话写，不追问细节"),
        error_messages={"required": _("请写下看见、听见了什么，一句也可以，详情可以过后补充")},
    )  # fmt: skip
    impressions = words(_("印象与推测"), most=WORDS_MOST, rows=2, required=False, help_text=_("与事实分开写"))
    done = words(
        _("已经做了什么"), most=WORDS_MOST, rows=2, required=False,
        help_text=_("如“已拨打 110，陪在孩子身边”；回执号在下一页记"),
    )  # fmt: skip
    discovered_at = MomentField(label=_("发现时间"))
    drill = forms.BooleanField(label=_("这是演练（会一直标明，不计入任何数字）"), required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, station: OrgUnit, members: Sequence[tuple[UUID, str]] = (), **kwargs: Any):
        initial = {"client_id": random_id(), "discovered_at": clock.now(), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self.station, self.warnings = station, list[Finding]()
        if members:
            choices = [*((str(pk), label) for pk, label in members), ("", _("别的人"))]
            self.fields["person"] = _one_of(_("家里的哪一位"), choices, required=False)

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data

    def entry(self) -> AlarmEntry:
        """Only after `is_valid`."""
        said = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "person"}
        picked = self.cleaned_data["person"]
        return AlarmEntry(
            station=self.station, person_id=UUID(str(picked)) if picked else None,
            protected=Protected(said.pop("protected")), situation=Situation(said.pop("situation")), **said,
        )  # fmt: skip


class StepForm(forms.Form):
    """What was done about an alarm."""

    use_required_attribute = False

    kind = _one_of(_("做了什么"), StepKind.choices)
    happened_at = MomentField(label=_("时间"))
    whom = words(_("对方"), most=LINE_MOST, required=False)
    receipt = words(_("报警回执号"), most=60, required=False, help_text=_("还没有拿到，就在下面写明为什么"))
    note = words(_("情况"), most=WORDS_MOST, rows=3, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, alarm: Alarm, **kwargs: Any) -> None:
        kind = "" if alarm.state == "reported" else StepKind.POLICE
        initial = {"version": alarm.version, "happened_at": clock.now(), "kind": kind}
        super().__init__(data, initial=initial, **kwargs)

    def entry(self) -> StepEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return StepEntry(StepKind(c["kind"]), c["happened_at"], c["whom"], c["receipt"], c["note"])


class CloseForm(forms.Form):
    """Why an alarm ends."""

    use_required_attribute = False

    reason = _one_of(_("结案原因"), [])
    note = words(_("结案理由"), most=WORDS_MOST, rows=3, help_text=_("如“已随姑姑生活，回访三次情况平稳”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, alarm: Alarm) -> None:
        super().__init__(data, initial={"version": alarm.version})
        offered = [(one.value, one.label) for one in CloseReason if (one == CloseReason.DRILL) == alarm.drill]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]


class ReaderForm(forms.Form):
    """Who else may read an alarm."""

    use_required_attribute = False

    user = _one_of(_("让哪位同事也能看"), [])

    def __init__(self, data: Any = None, *, offered: Sequence[User]) -> None:
        super().__init__(data)
        self.fields["user"].choices = [(str(one.pk), one.display_name) for one in offered]  # type: ignore[attr-defined]


class AlarmRuleForm(DecisionForm):
    hours = forms.IntegerField(
        label=_("发现后几小时没有报警记录就提醒"), min_value=1, max_value=72,
        help_text=_("提醒只出现在看得到这件警报的人的“今日”页上"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"required": _("请填 1 到 72"), "invalid": _("请填一个整数"), "min_value": _("至少 1 小时"),
                        "max_value": _("最多 72 小时")},
    )  # fmt: skip
    least = forms.IntegerField(
        label=_("少于几件不公开"), min_value=5, max_value=100,
        help_text=_("全市件数小于它时，只显示“少于几件”"),
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"required": _("请填 5 到 100"), "invalid": _("请填一个整数"), "min_value": _("至少 5 件"),
                        "max_value": _("最多 100 件")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起"))

    def __init__(self, data: Any = None, *, rule: AlarmRule, version: int) -> None:
        said = {"hours": rule.hours, "least": rule.least, "starts_on": clock.today(), "version": version}
        super().__init__(data, initial=said)
