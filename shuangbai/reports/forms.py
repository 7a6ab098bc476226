"""What a report, a number, a comparison or a table is asked for."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.core.periods import Period
from shuangbai.households.access import restricted_open_to
from shuangbai.network.models import Area, Coverage, OrgUnit
from shuangbai.reports.access import units_asked_of
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.finder import SOUGHT, Sought, exactly
from shuangbai.reports.given import GIVEN
from shuangbai.reports.indicators import BY_CODE, INDICATORS
from shuangbai.reports.queries import Ask, Dimension, Indicator, opened_in
from shuangbai.reports.results import SECTIONS, shared_dimensions, splits_by
from shuangbai.reports.spans import SPANS
from shuangbai.reports.tables import Question

DEPTH = "　"


class UnitChoice(forms.ModelChoiceField):
    """Units of the tree, indented by their depth."""

    def label_from_instance(self, obj: OrgUnit) -> str:
        return f"{DEPTH * (obj.path.count('/') - 2)}{obj.name}"


def check_span(form: forms.Form, cleaned: dict[str, Any], first: str, last: str) -> None:
    """Say on the form what is wrong with two days that should be a period up to today."""
    starts, ends = cleaned.get(first), cleaned.get(last)
    if starts and ends and ends < starts:
        form.add_error(last, _("结束日期早于开始日期，请对调或改正"))
    if ends and ends > clock.today():
        form.add_error(last, _("结束日期在今天之后，请改为今天或以前"))


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, error_messages=DayField.default_error_messages)


class AskForm(forms.Form):
    """A period, both ends included, and a part of the tree."""

    first = _day(_("从"))
    last = _day(_("到"))
    scope = UnitChoice(queryset=OrgUnit.objects.none(), label=_("范围"), to_field_name="code", empty_label=None)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope: Any = self.fields["scope"]
        scope.queryset = units_asked_of(user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_span(self, cleaned, "first", "last")
        return cleaned

    def ask(self) -> Ask:
        return Ask(Period(self.cleaned_data["first"], self.cleaned_data["last"]), self.cleaned_data["scope"])


def default_question(user: Any) -> dict[str, Any] | None:
    """Since the first station of one's scope opened, to today; None for somebody without a scope."""
    units = list(units_asked_of(user))
    if not units:
        return None
    opened = [unit.starts_on for unit in units if unit.kind == "station"]
    return {"first": min(opened or [units[0].starts_on]), "last": clock.today(), "scope": units[0].code}


def quick_periods(since: date) -> list[tuple[str, Period]]:
    """Spans that are asked for most. `since`: the first opening of a station in the scope."""
    return [(span.name, span.of(clock.today(), since)) for span in SPANS.values()]


def spans_of(ask: Ask) -> list[tuple[str, Period]]:
    """The same for the part of the tree that is asked about."""
    return quick_periods(opened_in(ask.unit) or ask.period.first)


class NumberForm(AskForm):
    """One figure or rate, chosen from a list or typed, of a period and a part of the tree."""

    figure = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    q = forms.CharField(label=_("哪个数"), required=False, max_length=40)

    def sought(self) -> Sought | None:
        """What was chosen, or what the words typed mean beyond doubt; None where they may mean several or nothing."""
        return SOUGHT.get(self.cleaned_data["figure"]) or exactly(self.cleaned_data["q"])


class CompareForm(AskForm):
    """Two periods of one part of the tree. The second is the one that the first is held against."""

    then_first = _day(_("对比：从"))
    then_last = _day(_("到"))
    field_order = ("first", "last", "then_first", "then_last", "scope")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        check_span(self, cleaned, "then_first", "then_last")
        return cleaned

    def then(self) -> Ask:
        """The question about the other period."""
        period = Period(self.cleaned_data["then_first"], self.cleaned_data["then_last"])
        return Ask(period, self.cleaned_data["scope"])


# A TABLE OF ONE'S OWN --------------------------------------------------------
MOST_FIGURES = 6
NAMES_NOBODY = _("给自己看得懂的名字；请不要写服务对象的姓名")


def figures_in_order() -> list[tuple[str, list[Indicator]]]:
    """Every figure under the report's sections, those that stand in none last."""
    named = [(title, [BY_CODE[code] for code in codes]) for title, codes in SECTIONS]
    named.append((gettext("资源与救助"), GIVEN))
    placed = {one.code for _, figures in named for one in figures}
    return [*named, (gettext("跟进与探访"), [one for one in INDICATORS if one.code not in placed])]


class TableForm(AskForm):
    """A table: figures, rows, columns, one value held, a period by days or by name, a part of the tree."""

    use_required_attribute = False

    figures = forms.MultipleChoiceField(
        label=_("指标"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选一个指标"), "invalid_choice": _("没有这个指标，请重新选择")},
    )  # fmt: skip
    rows = forms.ChoiceField(label=_("行"))
    columns = forms.ChoiceField(label=_("列"), required=False)
    held = forms.ChoiceField(label=_("只看"), required=False)
    span = forms.ChoiceField(label=_("期间"), required=False)
    field_order = ("figures", "rows", "columns", "held", "span", "first", "last", "scope")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        fields: Any = self.fields
        named = [(one.code, one.name) for one in DIMENSIONS.values()]
        fields["figures"].choices = [(one.code, one.name) for _, some in figures_in_order() for one in some]
        fields["rows"].choices = named
        fields["columns"].choices = [("", _("不分列")), *named]
        fields["held"].choices = [("", _("全部")), *_held_choices(user)]
        fields["span"].choices = [("", _("按下面的日期")), *((one.code, one.name) for one in SPANS.values())]
        fields["first"].required = fields["last"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self._clean_period(cleaned)
        figures = [BY_CODE[code] for code in cleaned.get("figures", ())]
        if len(figures) > MOST_FIGURES:
            told = gettext("一张表最多放 %(most)d 个指标，现在选了 %(n)d 个")
            self.add_error("figures", told % {"most": MOST_FIGURES, "n": len(figures)})
        for name, code in self._dimensions(cleaned):
            self._clean_dimension(name, DIMENSIONS[code], figures)
        rows, columns, held = (code for _, code in self._dimensions(cleaned, empty=True))
        if rows and rows == columns:
            self.add_error("columns", _("行和列要选两种不同的划分"))
        if held and held in (rows, columns):
            self.add_error("held", _("只看的一项与行或列是同一种划分，请换一个，或选「全部」"))
        return cleaned

    def _clean_period(self, cleaned: dict[str, Any]) -> None:
        """A period by name needs no days; what stood in their fields is not looked at."""
        if cleaned.get("span"):
            for name in ("first", "last"):
                self.errors.pop(name, None)
            return
        for name in ("first", "last"):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("请填写日期，或在「期间」里选一个"))

    def _clean_dimension(self, name: str, dimension: Dimension, figures: list[Indicator]) -> None:
        lacking = [one.name for one in figures if not splits_by(one, dimension.code)]
        if lacking:
            may = "、".join(one.name for one in shared_dimensions(figures))
            told = gettext("%(figures)s不能按「%(by)s」划分。选的这些指标都能按这些划分：%(may)s")
            self.add_error(name, told % {"figures": "、".join(lacking), "by": dimension.name, "may": may})

    def _dimensions(self, cleaned: Mapping[str, Any], *, empty: bool = False) -> Iterator[tuple[str, str]]:
        """The fields that name a dimension, with its code."""
        for name in ("rows", "columns", "held"):
            code = (cleaned.get(name) or "").partition(":")[0]
            if code or empty:
                yield name, code

    def figure_groups(self) -> list[tuple[str, list[Any]]]:
        """The boxes of the figures under the report's sections."""
        boxes = iter(self["figures"])
        return [(title, [next(boxes) for _ in some]) for title, some in figures_in_order()]

    def ask(self) -> Ask:
        said = self.cleaned_data
        if said["span"]:
            since = opened_in(said["scope"]) or clock.today()
            return Ask(SPANS[said["span"]].of(clock.today(), since), said["scope"])
        return super().ask()

    def question(self) -> Question:
        said = self.cleaned_data
        held = None
        if said["held"]:
            code, _, key = said["held"].partition(":")
            held = DIMENSIONS[code], DIMENSIONS[code].read(key)
        columns = DIMENSIONS[said["columns"]] if said["columns"] else None
        return Question(
            self.ask(), [BY_CODE[code] for code in said["figures"]], DIMENSIONS[said["rows"]], columns, held,
            restricted_open_to(self.user),
        )  # fmt: skip

    def said(self) -> dict[str, Any]:
        """The question as it is kept: a period by name stays one, and moves on with the day."""
        said = self.cleaned_data
        kept = {name: said[name] for name in ("figures", "rows", "columns", "held", "span")}
        days = {name: "" if said["span"] else said[name].isoformat() for name in ("first", "last")}
        return {**kept, **days, "scope": said["scope"].code}

    def pairs(self) -> list[tuple[str, str]]:
        """The question as fields of another form, or words of an address."""
        said = self.said()
        figures = [("figures", code) for code in said.pop("figures")]
        return figures + [(name, value) for name, value in said.items() if value]


def as_typed(said: Mapping[str, Any]) -> MultiValueDict[str, str]:
    """A question that was kept, as if it came from its form."""
    return MultiValueDict({name: value if isinstance(value, list) else [value] for name, value in said.items()})


def _held_choices(user: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """The values to which every figure may be held, under their dimensions; villages of one's own scope alone."""
    groups = []
    for code, dimension in DIMENSIONS.items():
        if dimension.offered:
            values = dimension.offered()
            names = dimension.named(values)
            groups.append((dimension.name, [(f"{code}:{names[value][0]}", names[value][1]) for value in values]))
    covered = Coverage.objects.filter(station__in=units_asked_of(user)).values("village")
    places = Area.objects.filter(pk__in=covered).order_by("name", "pk").values_list("pk", "name")
    villages = [(f"village:{pk}", name) for pk, name in places]
    return [*groups, (str(DIMENSIONS["village"].name), villages)]


class SaveForm(forms.Form):
    """What a table is called, and whether the people of one's unit may open it."""

    use_required_attribute = False

    name = words(_("名称"), most=40, help_text=NAMES_NOBODY)
    shared = forms.BooleanField(required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, unit: OrgUnit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit is None:
            del self.fields["shared"]
        else:
            told = gettext("%(unit)s的同事也能打开（不能改）")
            self.fields["shared"].label = told % {"unit": unit.name}
