"""Forms of what is asked of stations. They read what was typed; whether it is right is for the rules to say."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.network.models import OrgUnit
from shuangbai.planning.actions import BalanceEntry
from shuangbai.planning.enums import FilledBy, Often
from shuangbai.planning.models import DemandedForm, OpeningBalance, ReportedForm, Target
from shuangbai.planning.queries import AIMED_AT, figure_choices, units_to_ask, version_of
from shuangbai.planning.rules import LARGEST_TARGET, MOST_MINUTES, MOST_TIMES, Demand
from shuangbai.reports.forms import UnitChoice

CHOOSE = {"required": _("请选择"), "invalid_choice": _("请重新选择")}


def whole(label: Any, *, most: int, **kwargs: Any) -> forms.IntegerField:
    """A whole number from 1 on."""
    told = {"required": _("请填一个整数"), "invalid": _("请填一个整数"), "min_value": _("请填 1 以上的整数"),
            "max_value": _("太大了，最多 %(limit_value)d，请核对")}  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "class": "width-short"})
    return forms.IntegerField(label=label, min_value=1, max_value=most, widget=widget, error_messages=told, **kwargs)


def why(**kwargs: Any) -> forms.CharField:
    return words(_("理由"), most=200, error_messages={"required": _("请写明理由，以后的人要看得懂")}, **kwargs)


# OPENING BALANCES ------------------------------------------------------------


class BalanceForm(forms.Form):
    """A total from before the system, with where it is written."""

    use_required_attribute = False
    FIELDS: ClassVar = ("unit", "code", "number", "first_on", "last_on", "title", "document_no", "document_on",
                        "keeper", "note")  # fmt: skip

    unit = UnitChoice(
        queryset=OrgUnit.objects.none(), label=_("机构"), empty_label=_("请选择"), error_messages=CHOOSE,
        help_text=_("这个数是哪个站的；全县、全市只有总数的，选县区或民政局"),
    )  # fmt: skip
    code = forms.ChoiceField(label=_("指标"), error_messages=CHOOSE)
    number = forms.DecimalField(
        label=_("数"), max_digits=11, decimal_places=1, error_messages={"required": _("请填数字"),
        "invalid": _("请填数字"), "max_digits": _("太大了，请核对"), "max_whole_digits": _("太大了，请核对"),
        "max_decimal_places": _("最多一位小数")},
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "width-short", "step": "any"}),
        help_text=_("照原文填。原文写“约”“余”的，在说明里写明"),
    )  # fmt: skip
    first_on = DayField(label=_("从"))
    last_on = DayField(label=_("到（含）"), help_text=_("最好到系统启用的前一天为止"))
    title = words(_("出自哪份文件"), most=100, help_text=_("如“2019年度工作总结”"))
    document_no = words(_("文号或编号"), most=60, required=False)
    document_on = DayField(label=_("文件日期"), required=False)
    keeper = words(_("原件谁保管"), most=60, required=False, help_text=_("单位、科室或柜号，让人找得到"))
    note = words(_("说明"), most=200, required=False, help_text=_("如“原文为约数”“不含电话探访”。不要写服务对象的姓名"))

    def __init__(self, data: Any = None, *, units: QuerySet[OrgUnit], row: OpeningBalance | None = None) -> None:
        super().__init__(data, initial=self.plain(row) if row else {})
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["code"].choices = [("", _("请选择")), *figure_choices()]  # type: ignore[attr-defined]
        if units.count() == 1:
            self.fields["unit"].initial = units.get().pk
        if row:
            self.fields["reason"] = why(help_text=_("为什么要更正"))
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.version)

    @classmethod
    def plain(cls, row: OpeningBalance) -> dict[str, Any]:
        """A balance as the form shows it."""
        return {name: getattr(row, name) for name in cls.FIELDS} | {"unit": row.unit_id, "number": row.plain}

    def entry(self) -> BalanceEntry:
        """Only after `is_valid`."""
        return BalanceEntry(**{name: self.cleaned_data[name] for name in self.FIELDS})


class ReasonForm(forms.Form):
    """Why something is voided or taken back. `version` is the one that was read."""

    use_required_attribute = False

    reason = why()
    version = forms.IntegerField(widget=forms.HiddenInput)


# TARGETS ---------------------------------------------------------------------


class TargetsForm(forms.Form):
    """A station's year in one grid: a number a figure, none where nothing is aimed at."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, rows: Mapping[str, Target]) -> None:
        super().__init__(data, initial=self.plain(rows) | {"version": version_of(rows)})
        for one in AIMED_AT:
            label = one.name if one.name.endswith(one.unit) else f"{one.name}（{one.unit}）"
            self.fields[one.code] = whole(label, most=LARGEST_TARGET, required=False)
        self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def plain(rows: Mapping[str, Target]) -> dict[str, Any]:
        return {one.code: rows[one.code].number if one.code in rows else None for one in AIMED_AT}

    def numbers(self) -> dict[str, int | None]:
        """Only after `is_valid`."""
        return {one.code: self.cleaned_data[one.code] for one in AIMED_AT}


# DEMANDED FORMS --------------------------------------------------------------


class UnitsChoice(forms.ModelMultipleChoiceField):
    """Units of the tree to tick: a station, or all under a unit."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        return obj.name if obj.kind == "station" else f"{obj.name}（所有站）"


class DemandForm(forms.Form):
    """A form of the catalogue."""

    use_required_attribute = False
    FIELDS: ClassVar = ("name", "asker", "ground", "often", "times_a_year", "minutes", "starts_on", "ends_on",
                        "filled_by", "address", "note")  # fmt: skip

    name = words(_("报表名称"), most=60)
    asker = words(_("谁要的"), most=60, help_text=_("哪个单位、哪个科室"))
    ground = words(_("依据"), most=120, required=False, help_text=_("文件名和文号；没有就留空，会写明“没有依据”"))
    units = UnitsChoice(
        queryset=OrgUnit.objects.none(), label=_("要谁填"), widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
    )  # fmt: skip
    often = forms.ChoiceField(
        label=_("多久填一次"), choices=Often.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    times_a_year = whole(_("一年大约几次"), most=MOST_TIMES, required=False, help_text=_("只有不定期的才填"))
    minutes = whole(_("填一次几分钟"), most=MOST_MINUTES, help_text=_("一个站填一次要多久，连找数、核对、上报在内"))
    starts_on = DayField(label=_("从哪天起要"))
    ends_on = DayField(label=_("要到哪天"), required=False, help_text=_("没说到哪天就留空"))
    filled_by = forms.ChoiceField(
        label=_("系统哪张报表能填"), choices=FilledBy.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    address = words(_("在系统里的地址"), most=300, required=False, help_text=_("能填的那一页，从浏览器地址栏复制"))
    note = words(_("说明"), most=200, required=False)

    def __init__(
        self, data: Any = None, *, row: DemandedForm | None = None, reported: ReportedForm | None = None
    ) -> None:
        first: dict[str, Any] = {"starts_on": clock.today(), "filled_by": FilledBy.NONE}
        if row:
            first = self.plain(row)
        elif reported:
            first |= {name: getattr(reported, name) for name in ("name", "asker", "minutes")}
            first["units"] = [reported.station_id]
        super().__init__(data, initial=first)
        self.fields["units"].queryset = units_to_ask()  # type: ignore[attr-defined]
        if row:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput, initial=row.version)

    @classmethod
    def plain(cls, row: DemandedForm) -> dict[str, Any]:
        """A form of the catalogue as this one shows it."""
        units = list(row.demanded_of.order_by("unit__path").values_list("unit_id", flat=True))
        return {name: getattr(row, name) for name in cls.FIELDS} | {"units": units}

    def clean_units(self) -> list[OrgUnit]:
        return list(self.cleaned_data["units"])

    def clean_address(self) -> str:
        """The path alone: whoever copies takes the server's name along."""
        typed: str = self.cleaned_data["address"].strip()
        return f"/{typed.split('://', 1)[1].partition('/')[2]}" if "://" in typed else typed

    def said(self) -> Demand:
        """Only after `is_valid`."""
        return Demand(**{name: self.cleaned_data[name] for name in self.FIELDS})


class EndForm(forms.Form):
    """The last day of a form, and why."""

    use_required_attribute = False

    ends_on = DayField(label=_("最后一天"), help_text=_("这一天以后不再要站里填"))
    reason = why(help_text=_("如“与成效报告重复”“没有依据”"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReportForm(forms.Form):
    """A form that is demanded of a station and is not in the catalogue."""

    use_required_attribute = False

    name = words(_("什么表"), most=60)
    asker = words(_("谁要的"), most=60)
    minutes = whole(_("填一次几分钟"), most=MOST_MINUTES, required=False)
    said = words(
        _("说明"), most=300, rows=3, required=False,
        help_text=_("多久要一次、怎么要来的、和哪张表重复。不要写服务对象的姓名和证件号"),
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why what was reported does not come into the catalogue."""

    use_required_attribute = False

    answer = words(_("答复"), most=200, help_text=_("报来的站看得到，如“已在目录里，叫……”“已与该单位说好不再要”"))
    version = forms.IntegerField(widget=forms.HiddenInput)
