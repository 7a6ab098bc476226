"""The forms of a group's list: several people at once, and one member."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.queries import people_labels
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.groups.actions.members import MemberEntry
from shuangbai.groups.enums import AgeBand
from shuangbai.groups.models import GroupMember
from shuangbai.network.enums import Sex
from shuangbai.services.forms import SeveralField, chips, typed_ids

NAMED = 4
TAKEN = [("yes", _("入组")), ("no", _("谈过，没有入组"))]
SEXES = [("", _("不知道")), (Sex.MALE.value, _("男")), (Sex.FEMALE.value, _("女"))]
BANDS = [("", _("年龄段")), *AgeBand.choices]


def _score(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=6, decimal_places=1,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.1", "class": "width-short"}),
        error_messages={"invalid": _("请填数字"), "max_decimal_places": _("最多一位小数"),
                        "max_digits": _("太大了，请核对"), "max_whole_digits": _("太大了，请核对")},
    )  # fmt: skip


class NamedRow(forms.Form):
    """Somebody who is in no family of the station: a name, and about how old."""

    use_required_attribute = False

    name = words(_("姓名"), most=40, required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    age_band = forms.ChoiceField(label=_("年龄段"), choices=BANDS, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Finding] = []

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("name") and not said.get("age_band"):
            self.add_error("age_band", _("请选大概的年龄段"))
        return said


class NewMembersForm(forms.Form):
    """People for a group's list: of the station's families by typing, others by name."""

    use_required_attribute = False

    people = SeveralField(label=_("本站家庭里的人"), required=False, help_text=_("打两个字或拼音首字母，逐个添加"))
    taken = chips(_("结果"), choices=TAKEN)
    joined_on = DayField(label=_("入组日期"), required=False)
    refused_reason = words(_("没有入组的原因"), most=200, required=False)

    def __init__(self, data: Any = None, *, user: Any) -> None:
        super().__init__(data, initial={"taken": "yes", "joined_on": clock.today()})
        self.warnings: list[Finding] = []
        self.chosen = people_labels(user, typed_ids(data.getlist("people") if data is not None else ()))
        self.rows = [NamedRow(data, prefix=f"named-{at}") for at in range(NAMED)]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def entries(self) -> list[MemberEntry]:
        """Only after `is_valid`."""
        c = self.cleaned_data
        said = {"taken": c["taken"] == "yes", "joined_on": c["joined_on"], "refused_reason": c["refused_reason"]}
        rows = [row.cleaned_data for row in self.rows if row.cleaned_data.get("name")]
        return [MemberEntry(person_id=key, **said) for key in dict.fromkeys(c["people"])] + [
            MemberEntry(name=row["name"], sex=row["sex"], age_band=row["age_band"], **said) for row in rows
        ]


class MemberForm(forms.Form):
    """What is said of one member. Of whoever is on file, name, sex and age stand there."""

    use_required_attribute = False

    name = words(_("姓名"), most=40)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, required=False)
    age_band = chips(_("年龄段"), choices=AgeBand.choices)
    note = words(_("面谈筛选"), most=1000, rows=2, required=False, help_text=_("为什么合适或不合适"))
    taken = chips(_("结果"), choices=TAKEN)
    refused_reason = words(_("没有入组的原因"), most=200, required=False)
    joined_on = DayField(label=_("入组日期"), required=False)
    left_on = DayField(label=_("离组日期"), required=False, help_text=_("这一天之后的节次不再点名"))
    left_reason = words(_("离组原因"), most=200, required=False)
    consented_on = DayField(label=_("监护人同意日期"), required=False)
    consent = words(_("谁同意的"), most=80, required=False, help_text=_("如“奶奶，书面”"))
    score_before = _score(_("前测得分"))
    score_after = _score(_("后测得分"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    ABOUT = ("name", "sex", "age_band")

    def __init__(self, data: Any = None, *, member: GroupMember) -> None:
        super().__init__(data, initial=said_of(member) | {"version": member.version})
        self.warnings: list[Finding] = []
        if member.person_id:
            for name in self.ABOUT:
                del self.fields[name]

    def entry(self) -> MemberEntry:
        """Only after `is_valid`; who it is, the action knows."""
        c = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return MemberEntry(taken=c.pop("taken") == "yes", **c)


def said_of(member: GroupMember) -> dict[str, Any]:
    """What stands of a member, by the fields of the form."""
    plain = (
        "name", "sex", "age_band", "note", "refused_reason", "joined_on", "left_on", "left_reason", "consented_on",
        "consent", "score_before", "score_after",
    )  # fmt: skip
    return {name: getattr(member, name) for name in plain} | {"taken": "yes" if member.joined_on else "no"}
