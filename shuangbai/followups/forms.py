"""Forms of follow-up. They read what was typed; whether it is right is for the rules to say."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.forms import DecisionForm
from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.forms import DayField, words
from shuangbai.followups.enums import State
from shuangbai.followups.models import Task
from shuangbai.households.enums import GRADES, Colour, PauseReason
from shuangbai.households.forms import PlaceFilter, chosen
from shuangbai.households.models import Category, Membership
from shuangbai.households.rules import Level, Scheme
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.network.queries import colleagues, staff_of
from shuangbai.visits.enums import MODES, Mode

ASKED_WITHIN = timedelta(days=7)


def number(label: Any, *, low: int, high: int, **kwargs: Any) -> forms.IntegerField:
    told = {"required": _("请填写天数"), "invalid": _("请填整数"), "min_value": _("太小了，请核对"),
            "max_value": _("太大了，请核对")}  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"})
    return forms.IntegerField(label=label, min_value=low, max_value=high, widget=widget, error_messages=told, **kwargs)


class DueFilter(PlaceFilter):
    """The filters of the list of who is to be seen."""

    state = forms.ChoiceField(
        label=_("到期情况"), required=False, choices=[("", _("全部")), ("now", _("逾期和到期")), *State.choices]
    )
    field_order = ("state", "village", "worker", "station")


def level_words(level: Level) -> str:
    return f"{level.label}（每 {level.interval_days} 天）"


class GradeForm(forms.Form):
    """A grade for a file, with its reason."""

    use_required_attribute = False

    grade = forms.ChoiceField(
        label=_("跟进级别"), widget=forms.RadioSelect,
        error_messages={"required": _("请选择级别"), "invalid_choice": _("请重新选择级别")},
    )  # fmt: skip
    starts_on = DayField(label=_("从哪天起"))
    reason = words(
        _("理由"), most=200, help_text=_("写清为什么定这一级，如“独居、近期出院”。级别和理由不给服务对象看"),
        error_messages={"required": _("请写明定级理由，如“独居、近期出院”")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, scheme: Scheme, now: str) -> None:
        super().__init__(data, initial={"starts_on": clock.today(), "grade": now if now in scheme.codes else ""})
        offered = [(level.code, level_words(level)) for level in scheme.levels]
        self.fields["grade"].choices = offered  # type: ignore[attr-defined]


class TaskForm(forms.Form):
    """Something to be done about a family."""

    use_required_attribute = False

    subject = words(_("要办什么"), most=200, rows=2, help_text=_("一句话，如“问清住院后谁照料”"))
    due_on = DayField(label=_("办理期限"))
    person = forms.ChoiceField(label=_("关于谁"), required=False)
    assignee = chosen(_("谁来办"), Staff.objects.none(), empty=_("站里任何人"), required=False)
    by_visit = forms.BooleanField(
        label=_("走访见到人就算办了"), required=False, help_text=_("要交代结果的，如“协助交申请”，请去掉这个勾")
    )

    def __init__(
        self, data: Any = None, *, members: Sequence[Membership], station_id: UUID | None, worker_id: UUID | None
    ) -> None:
        today = clock.today()
        first = {"due_on": today + ASKED_WITHIN, "by_visit": True, "assignee": worker_id}
        super().__init__(data, initial=first)
        people = [(str(one.person_id), one.person.name) for one in members]
        self.fields["person"].choices = [("", _("整个家庭")), *people]  # type: ignore[attr-defined]
        if station_id:
            self.fields["assignee"].queryset = colleagues(station_id, today)  # type: ignore[attr-defined]


class ClosingForm(forms.Form):
    """What came of a task, or why it need not be done."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = words(_("结果"), most=200, rows=2, help_text=_("收回时写明为什么不用办了"))


class HandForm(forms.Form):
    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = chosen(_("转给"), Staff.objects.none(), empty=_("站里任何人"), required=False)

    def __init__(self, data: Any = None, *, task: Task) -> None:
        super().__init__(data, initial={"version": task.version, "to": task.assignee_id})
        self.fields["to"].queryset = colleagues(task.station_id, clock.today())  # type: ignore[attr-defined]


class PauseForm(forms.Form):
    """That a file is paused, why, and until when."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("暂停原因"), choices=PauseReason.choices, widget=forms.RadioSelect,
        error_messages={"required": _("请选择为什么暂停"), "invalid_choice": _("请重新选择")},
    )  # fmt: skip
    note = words(_("说明"), most=200, required=False, help_text=_("如在哪家医院、谁在照料；选「其他」必填"))
    starts_on = DayField(label=_("从哪天起暂停"))
    planned_on = DayField(label=_("预计哪天恢复"), help_text=_("到这一天会列入该去看谁，届时可恢复，也可再定一天"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})


class ResumeForm(forms.Form):
    """From when a paused file is followed up again."""

    use_required_attribute = False

    resumed_on = DayField(label=_("从哪天起恢复跟进"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"resumed_on": clock.today()})


class ShareForm(forms.Form):
    """Files that get another responsible worker."""

    use_required_attribute = False

    file = forms.TypedMultipleChoiceField(
        label=_("家庭"), coerce=UUID, error_messages={"required": _("请先勾选要转的家庭")}
    )
    to = chosen(_("转给"), Staff.objects.none(), empty=_("请选择"))

    def __init__(self, data: Any = None, *, files: Iterable[UUID], station_ids: Sequence[UUID]) -> None:
        super().__init__(data)
        self.fields["file"].choices = [(str(pk), "") for pk in files]  # type: ignore[attr-defined]
        self.fields["to"].queryset = staff_of(station_ids, clock.today())  # type: ignore[attr-defined]


# WHAT A CITY DECIDES --------------------------------------------------------


class LevelForm(DecisionForm):
    """A level of a scheme: how often, by what ways, with what grace."""

    label = words(_("名称"), most=20, error_messages={"required": _("请填写级别名称")})
    colour = forms.ChoiceField(label=_("颜色"), choices=Colour.choices, widget=forms.RadioSelect)
    interval_days = number(_("多少天见一次"), low=1, high=730)
    grace_days = number(_("宽限天数"), low=0, high=730, help_text=_("到期后再过这些天才算逾期"))
    modes = forms.MultipleChoiceField(
        label=_("哪些方式算见到"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一种方式")},
    )  # fmt: skip
    face_times = number(_("至少当面见几次"), low=0, high=99, required=False, help_text=_("不要求就留空"))
    face_days = number(_("在多少天内"), low=0, high=730, required=False)
    review_days = number(_("多少天复评一次"), low=1, high=730)
    starts_on = DayField(label=_("从哪天起"), help_text=_("以前的日期仍按原来的算"))

    def __init__(self, data: Any = None, *, level: Level | None = None, version: int = 0) -> None:
        first: dict[str, Any] = {"starts_on": clock.today(), "version": version, "grace_days": 3, "review_days": 365}
        super().__init__(data, initial=first | (self.plain(level) if level else {}))
        day = clock.today()
        ways = [(mode.value, label_of(MODES, mode, day)) for mode in Mode]
        self.fields["modes"].choices = ways  # type: ignore[attr-defined]
        if level and level.code in GRADES.built_in:
            self.fields["label"].disabled = True
            self.fields["label"].help_text = _("系统自带级别的名称在「代码表 › 跟进级别」里改")

    @staticmethod
    def plain(level: Level) -> dict[str, Any]:
        """A level as the form shows it."""
        names = ("label", "colour", "interval_days", "grace_days", "review_days")
        face = {name: getattr(level, name) or None for name in ("face_times", "face_days")}
        return {name: getattr(level, name) for name in names} | face | {"modes": list(level.modes)}

    def said(self) -> dict[str, Any]:
        """What was typed, as the level has it. Only after `is_valid`."""
        names = ("label", "colour", "interval_days", "grace_days", "review_days", "starts_on")
        face = {name: self.cleaned_data[name] or 0 for name in ("face_times", "face_days")}
        chosen_ = [mode for mode in Mode.values if mode in self.cleaned_data["modes"]]
        return {name: self.cleaned_data[name] for name in names} | face | {"modes": chosen_}


class LevelEndForm(DecisionForm):
    ends_on = DayField(label=_("最后一天"), help_text=_("已定为这一级的档案先照旧，直到重新定级"))

    def __init__(self, data: Any = None, *, version: int) -> None:
        super().__init__(data, initial={"ends_on": clock.today(), "version": version})


class SchemeForm(DecisionForm):
    """A scheme of the city's own."""

    name = words(_("名称"), most=30, help_text=_("如“本市四级”"))
    like = forms.ChoiceField(label=_("从哪一种开始"), widget=forms.RadioSelect, help_text=_("照抄它的各级，再逐级改"))

    def __init__(self, data: Any = None, *, schemes: Sequence[Scheme]) -> None:
        super().__init__(data)
        self.fields["like"].choices = scheme_choices(schemes)  # type: ignore[attr-defined]


def scheme_choices(schemes: Sequence[Scheme]) -> list[tuple[str, str]]:
    def words_of(one: Scheme) -> str:
        days = "/".join(str(level.interval_days) for level in one.levels)
        return f"{one.name}{'（示例）' if one.example else ''}：{days} 天"

    return [(one.code, words_of(one)) for one in schemes]


class ChooseForm(DecisionForm):
    """Which scheme stations use."""

    stations = forms.ModelMultipleChoiceField(
        OrgUnit.objects.none(), label=_("社工站"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一个社工站")},
    )  # fmt: skip
    scheme = forms.ChoiceField(label=_("用哪一种办法"), widget=forms.RadioSelect)
    starts_on = DayField(label=_("从哪天起"), help_text=_("已定的级别先照旧，会提醒逐户按新办法重定"))

    def __init__(self, data: Any = None, *, schemes: Sequence[Scheme], stations: Any) -> None:
        super().__init__(data, initial={"starts_on": clock.today()})
        self.fields["stations"].queryset = stations  # type: ignore[attr-defined]
        self.fields["scheme"].choices = scheme_choices(schemes)  # type: ignore[attr-defined]


class FloorForm(DecisionForm):
    """A longest interval for categories."""

    categories = forms.ModelMultipleChoiceField(
        Category.objects.none(), label=_("类别"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一类")},
    )  # fmt: skip
    days = number(_("至少多少天见一次"), low=1, high=730)
    starts_on = DayField(label=_("从哪天起"))

    def __init__(self, data: Any = None) -> None:
        day: date = clock.today()
        super().__init__(data, initial={"starts_on": day, "days": 30})
        self.fields["categories"].queryset = Category.objects.on(day).order_by("position")  # type: ignore[attr-defined]


class FloorEndForm(DecisionForm):
    ends_on = DayField(label=_("最后一天"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"ends_on": clock.today()})
