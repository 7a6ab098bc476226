"""Forms of the lists. They read what was typed; whether it is right is for the rules to say."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.actions import CITY_FIELDS
from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.models import SpecialDay
from shuangbai.codes.rules import Item
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, PictureField, words
from shuangbai.core.models import Installation


def reason_field() -> forms.CharField:
    return words(
        _("理由"), most=200, help_text=_("如“按新口径”“大家习惯这样叫”"),
        error_messages={"required": _("请写明理由，会和改动一起留在历史里")},
    )  # fmt: skip


class DecisionForm(forms.Form):
    """What every change of a set-up page asks: why. `version` is the one that was read."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = reason_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Finding] = []
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data


def _label(**kwargs: Any) -> forms.CharField:
    return words(_("名称"), most=20, error_messages={"required": _("请填写名称")}, **kwargs)


class AddForm(DecisionForm):
    label = _label(help_text=_("表上和记录里显示的名称"))
    base = forms.ChoiceField(
        label=_("算作"), widget=forms.RadioSelect,
        help_text=_("规则和数字按它算；选定后不能改。拿不准就选最接近的一项"),
        error_messages={"required": _("请选择算作哪一项"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起可选"), help_text=_("记录的日期在这一天或以后，才能选它"))

    def __init__(self, data: Any = None, *, spec: CodeSpec) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})
        said = [(code, f"{label}（{spec.meanings[code]}）" if code in spec.meanings else label)
                for code, label in spec.built_in.items()]  # fmt: skip
        self.fields["base"].choices = said  # type: ignore[attr-defined]


class RenameForm(DecisionForm):
    label = _label()
    starts_on = DayField(
        label=_("从哪天起用新名称"),
        help_text=_("早于这一天的记录仍显示原来的名称"),
    )

    def __init__(self, data: Any = None, *, item: Item) -> None:
        first = {"label": item.latest.label, "starts_on": clock.today(), "version": item.version}
        super().__init__(data, initial=first)


class EndForm(DecisionForm):
    ends_on = DayField(label=_("最后一天"), help_text=_("这一天及以前的记录可以用它，以后的不再提供"))

    def __init__(self, data: Any = None, *, item: Item) -> None:
        super().__init__(data, initial={"ends_on": clock.today(), "version": item.version})


class ResumeForm(DecisionForm):
    starts_on = DayField(label=_("从哪天起恢复使用"))

    def __init__(self, data: Any = None, *, item: Item) -> None:
        super().__init__(data, initial={"starts_on": clock.today(), "version": item.version})


class CityForm(DecisionForm):
    """The city's name, and what stands at the foot of pages and reports."""

    city_name = words(_("城市名称"), most=40, help_text=_("页面左上角和报告里显示"))
    bureau_name = words(_("主管部门"), most=60, help_text=_("报告抬头，如“某某市民政局”"))
    sponsor = words(_("主办单位"), most=60, required=False)
    record_no = words(_("备案号"), most=60, required=False)
    site_code = words(_("网站标识码"), most=20, required=False)
    police_no = words(_("公安备案号"), most=60, required=False)
    phone = words(_("电话"), most=40, required=False, help_text=_("对外的办公电话"))
    address = words(_("地址"), most=100, required=False)
    emblem = PictureField(
        label=_("标志"), required=False, longest=512, help_text=_("放在成效报告抬头的一张图片，不超过 5 兆")
    )  # fmt: skip
    no_emblem = forms.BooleanField(label=_("去掉现在的标志"), required=False)

    def __init__(self, data: Any = None, files: Any = None, *, row: Installation) -> None:
        super().__init__(data, files, initial={**self.plain(row), "version": row.version})
        if not row.emblem:
            del self.fields["no_emblem"]

    @staticmethod
    def plain(row: Installation) -> dict[str, Any]:
        return {name: getattr(row, name) for name in CITY_FIELDS}


class TemplateForm(DecisionForm):
    """A Word file that takes the place of a form's template."""

    file = forms.FileField(
        label=_("Word 文件"), widget=forms.FileInput(attrs={"accept": ".docx"}),
        help_text=_("先下载系统的样式，在 Word 或 WPS 里改，再传上来；保存前会试填一次"),
        error_messages={"required": _("请选择一个 .docx 文件"), "empty": _("这个文件是空的，请换一个")},
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, version: int) -> None:
        super().__init__(data, files, initial={"version": version})


class NoTemplateForm(DecisionForm):
    """Back to the product's template: why."""

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"version": version})


# WORKING DAYS --------------------------------------------------------------

_DAY = r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
DAYS = re.compile(rf"^{_DAY}(?:\s*[-至到~～—–－]\s*{_DAY})?\s*(休|班)$")
LONGEST_SPAN = 31


class WorkdaysForm(DecisionForm):
    """A year's days off and the weekends that are worked, a line a day or a span."""

    days = words(
        _("放假与调休上班的日子"), most=4000, rows=10, error_messages={"required": _("请写明放假的日子，至少一天")},
        help_text=_("照放假通知，一行一天或一段：“2020-10-01至2020-10-08 休”，调休上班的周末写“2020-09-27 班”"),
    )  # fmt: skip
    source = words(
        _("依据"), most=200, help_text=_("国务院办公厅放假通知的名称和文号"),
        error_messages={"required": _("请写明放假通知的名称和文号，让别人查得到")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, days: Sequence[SpecialDay], version: int) -> None:
        first = {"days": _lines(days), "source": days[0].source if days else "", "version": version}
        super().__init__(data, initial=first)
        self.fields["reason"].help_text = _("如“放假通知已发”“通知改了日子”")

    def clean_days(self) -> dict[date, bool]:
        told: dict[date, bool] = {}
        for place, line in enumerate(self.cleaned_data["days"].splitlines(), 1):
            for day, works in _read(place, line.strip()) if line.strip() else ():
                if told.setdefault(day, works) != works:
                    said = {"place": place, "day": day}
                    raise forms.ValidationError(_("第 %(place)d 行：%(day)s 前面写的不一样，请核对") % said)
        return told


def _read(place: int, line: str) -> list[tuple[date, bool]]:
    """The days of a line. Raises ValidationError, which names it."""
    match = DAYS.match(line)
    try:
        first, last = _date(match, 1), _date(match, 4)
    except ValueError:
        first = last = None
    if match is None or first is None or last is None or not 0 <= (last - first).days <= LONGEST_SPAN:
        said = {"place": place, "line": line[:30]}
        told = _("第 %(place)d 行看不懂：“%(line)s”。请写成“2020-10-01至2020-10-08 休”或“2020-09-27 班”")
        raise forms.ValidationError(told % said)
    return [(first + timedelta(days=n), match[7] == "班") for n in range((last - first).days + 1)]


def _date(match: re.Match[str] | None, group: int) -> date | None:
    """Of a line's first day (1) or last (4); one day alone is both."""
    if match is None:
        return None
    year, month, day = match.group(*range(group, group + 3)) if match[group] else match.group(1, 2, 3)
    return date(int(year), int(month), int(day))


def _lines(days: Sequence[SpecialDay]) -> str:
    """The days as they are typed, those that follow each other as one span."""
    spans: list[list[SpecialDay]] = []
    for one in days:
        if spans and spans[-1][-1].works == one.works and one.day - spans[-1][-1].day == timedelta(days=1):
            spans[-1].append(one)
        else:
            spans.append([one])
    ends = [(span[0], f"至{span[-1].day}" if len(span) > 1 else "") for span in spans]
    return "\n".join(f"{first.day}{until} {'班' if first.works else '休'}" for first, until in ends)
