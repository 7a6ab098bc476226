"""What the forms of every kind of record share, the filter of their list, and the reason for voiding."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dateparse import parse_date
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, Fields, words
from shuangbai.households.models import Category
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.queries import colleague_rows
from shuangbai.services.access import veiled
from shuangbai.services.enums import HeadGroup, RecordKind
from shuangbai.services.models import Campaign
from shuangbai.services.queries import Version, campaigns_near


def posted_on(station: OrgUnit, day: date, picked: Iterable[UUID], me: UUID | None) -> list[Staff]:
    """Who is posted on the day, oneself first, and whoever was picked before the day was changed."""
    posted = colleague_rows(station.pk, day)
    strays = set(picked) - {staff.pk for staff in posted}
    if strays:
        posted += Staff.objects.filter(pk__in=strays, postings__unit=station).distinct()
    posted.sort(key=lambda staff: staff.pk != me)
    return posted


def staff_choices(station: OrgUnit, picked: Iterable[UUID], me: UUID | None) -> list[tuple[str, str]]:
    """Who is posted today, as choices."""
    return [(str(staff.pk), staff.name) for staff in posted_on(station, clock.today(), picked, me)]


class TimeOfDayField(forms.TimeField):
    default_error_messages = {"invalid": _("这不是一个时间，请写成 09:30 的样子")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "width-short"})
        super().__init__(widget=widget, **kwargs)


class SeveralField(forms.TypedMultipleChoiceField):
    """Several rows by their keys, as chips. Whether they are right ones on the day is for the rules to say."""

    default_error_messages = {"invalid_choice": _("请重新选择"), "invalid_list": _("请重新选择")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=UUID, widget=forms.CheckboxSelectMultiple, **kwargs)

    def validate(self, value: Any) -> None:
        for one in value:
            if not self.valid_value(one):
                raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")

    def valid_value(self, value: str) -> bool:
        try:
            return bool(UUID(str(value)))
        except ValueError:
            return False

    def clean(self, value: Any) -> list[UUID]:
        return list(super().clean(value) or [])


def chips(label: Any, **kwargs: Any) -> forms.ChoiceField:
    """One of a short code list, all of it in sight. What a city's list offers depends on the day: the form says."""
    return forms.ChoiceField(
        label=label, widget=forms.RadioSelect,
        error_messages={"required": _("请选择一项"), "invalid_choice": _("请重新选择")}, **kwargs,
    )  # fmt: skip


def whole_number(label: Any, **attrs: Any) -> forms.IntegerField:
    """A count: whole, not negative, and empty for none."""
    whole = {"invalid": _("请填整数"), "min_value": _("不能小于 0"), "max_value": _("太大了，请核对")}
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short", **attrs})
    field = forms.IntegerField(
        label=label, required=False, min_value=0, max_value=99_999, widget=widget, error_messages=whole
    )
    widget.attrs.pop("step", None)
    return field


def head_count(group: HeadGroup) -> forms.IntegerField:
    """How many of a group who are not named."""
    return whole_number(group.label, **{"data-count-part": ""})


def recent_days() -> list[tuple[Any, str]]:
    """Usual days of a record, for one tap."""
    today = clock.today()
    return [(_("今天"), today.isoformat()), (_("昨天"), (today - timedelta(days=1)).isoformat())]


def typed_day(data: Mapping[str, Any]) -> date:
    """The day that a form speaks of, for what depends on it (who was of the family); today if it is not one."""
    try:
        return parse_date(data.get("occurred_on") or "") or clock.today()
    except ValueError:
        return clock.today()


def typed_ids(typed: Iterable[str]) -> list[UUID]:
    """The keys among what was sent; anything else is left out."""
    found = []
    for text in typed:
        try:
            found.append(UUID(str(text)))
        except ValueError:
            continue
    return found


class RecordForm(forms.Form):
    """What is asked of every record: when, by whom, under which campaign; for a correction, why.

    `day` is the day whose workers and campaigns are offered; `me` the staff member who types.
    """

    occurred_on = DayField(label=_("日期"))
    workers = SeveralField(label=_("社工"))
    campaign = forms.ChoiceField(
        label=_("专项"), required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": _("请重新选择")}
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = words(
        _("更正理由"), most=200, required=False, help_text=_("一句话，如“日期填错”。会和改动一起留在历史里。")
    )

    def __init__(
        self, data: Any = None, *, station: OrgUnit, day: date, me: UUID | None, correcting: bool = False, **kwargs: Any
    ) -> None:
        self.base_fields = Fields(self.base_fields)  # type: ignore[misc]
        super().__init__(data, **kwargs)
        self.warnings: list[Finding] = []
        self.station, self.day, self.correcting = station, day, correcting
        picked = typed_ids(data.getlist("workers") if data is not None else self.initial.get("workers", ()))
        self.fields["workers"].choices = Choices(lambda: self._workers(picked, me))  # type: ignore[attr-defined]
        self.fields["campaign"].choices = Choices(self._campaign_choices)  # type: ignore[attr-defined]
        days = self.fields["occurred_on"].widget.attrs
        days["min"], days["max"] = station.starts_on.isoformat(), clock.today().isoformat()
        self.fields["reason"].required = correcting
        self.fields["reason"].error_messages["required"] = _("请写明更正理由，如“日期填错”")
        if not correcting:
            del self.fields["reason"], self.fields["version"]

    def _workers(self, picked: list[UUID], me: UUID | None) -> list[tuple[str, str]]:
        found = posted_on(self.station, self.day, picked, me)
        return [(str(staff.pk), f"{staff.name}（我）" if staff.pk == me else staff.name) for staff in found]

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """The campaigns of the day among the station's own and those from above it, and one picked before."""
        picked = typed_ids([self.data.get("campaign") or "" if self.is_bound else self.initial.get("campaign") or ""])
        return campaigns_near(self.station.path, self.day, picked)

    def _campaign_choices(self) -> list[tuple[str, Any]]:
        return [("", _("不属于专项")), *((str(campaign.pk), campaign.name) for campaign in self.campaigns)]

    def clean_campaign(self) -> Campaign | None:
        picked = self.cleaned_data["campaign"]
        return next((campaign for campaign in self.campaigns if str(campaign.pk) == picked), None) if picked else None

    @property
    def has_campaigns(self) -> bool:
        return bool(self.campaigns)

    @property
    def acknowledged_field(self) -> forms.BoundField | None:
        """The box to tick under warnings, once there are any and nothing else stands in the way."""
        return self["acknowledged"] if "acknowledged" in self.fields else None

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data


class VoidForm(forms.Form):
    reason = words(
        _("作废理由"), most=200, help_text=_("如“重复录入”“录错了家庭”"),
        error_messages={"required": _("请写明作废理由，如“重复录入”")},
    )  # fmt: skip


Told = Sequence[tuple[str, str]]  # a record in words, line by line: label and text, always the same lines in order


def beside(theirs: Told, mine: Told) -> list[dict[str, Any]]:
    """Two versions of one record, line beside line; what both leave empty is left out."""
    return [
        {"label": label, "theirs": old, "mine": new, "changed": old != new}
        for (label, old), (_label, new) in zip(theirs, mine, strict=True)
        if old or new
    ]


def corrections_told(kept: Sequence[Version], said: Sequence[Told], hidden: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Each correction of a record by its versions in words: who, when, why, what was and became; the newest first.

    Names in `hidden` are masked wherever they stand.
    """
    found = []
    for (_before, was), (one, became) in pairwise(zip(kept, said, strict=True)):
        changes = [
            (label, veiled(old, hidden), veiled(new, hidden))
            for (label, old), (_label, new) in zip(was, became, strict=True)
            if old != new
        ]
        if not one.record.voided_at:
            found.append({"by": one.by, "at": one.at, "reason": one.reason, "changes": changes})
    return found[::-1]


REACHED = [("", _("全部")), ("yes", _("有效")), ("no", _("未遇到"))]


class RecordFilter(forms.Form):
    """The filters of the list of records. Anything that is not one is passed over, never an error page."""

    station = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("社工站"), required=False, empty_label=_("全部"))
    kind = forms.ChoiceField(label=_("类型"), required=False)
    month = forms.CharField(label=_("月份"), required=False, widget=forms.TextInput(attrs={"type": "month"}))
    first = DayField(label=_("从"), required=False)
    last = DayField(label=_("到（含）"), required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), label=_("当天类别"), required=False, empty_label=_("全部")
    )
    worker = forms.ModelChoiceField(Staff.objects.none(), label=_("社工"), required=False, empty_label=_("全部"))
    campaign = forms.ModelChoiceField(Campaign.objects.none(), label=_("专项"), required=False, empty_label=_("全部"))
    reached = forms.ChoiceField(choices=REACHED, label=_("结果"), required=False)
    q = forms.CharField(
        label=_("文字里有"), required=False, min_length=2, max_length=40,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("两个字起")}),
        error_messages={"min_length": _("请至少输入两个字")},
    )  # fmt: skip
    voided = forms.BooleanField(label=_("也看已作废的"), required=False)

    def __init__(self, data: Any, *, stations: Any, workers: Any, categories: Any) -> None:
        super().__init__(data)
        self.fields["station"].queryset = stations  # type: ignore[attr-defined]
        self.fields["worker"].queryset = workers  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("全部")), *RecordKind.choices]  # type: ignore[attr-defined]
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        self.fields["campaign"].queryset = Campaign.objects.order_by("-starts_on", "id")  # type: ignore[attr-defined]

    def selects(self) -> list[dict[str, Any]]:
        """The drop-down filters as plain rows: fifty options cost less so than each through its own template."""
        names = ["station", "kind", "category", "worker", "reached", "campaign"]
        return [
            {"name": name, "label": self.fields[name].label, "options": list(self._options(name))}
            for name in names
            if name != "station" or len(self.fields[name].queryset) > 1  # type: ignore[attr-defined]
        ]

    def _options(self, name: str) -> Iterable[tuple[str, Any, bool]]:
        chosen = self.data.get(name, "")
        for value, label in self.fields[name].choices:  # type: ignore[attr-defined]
            yield str(value), label, str(value) == chosen

    def clean_month(self) -> tuple[date, date] | None:
        """The first and the last day of the month."""
        text = self.cleaned_data["month"]
        if not text:
            return None
        try:
            first = date.fromisoformat(f"{text}-01")
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_("月份请写成 2020-06 的样子")) from error
