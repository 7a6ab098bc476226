"""The forms of a plan: the plan itself with its rows, another state."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.enums import KINDS
from shuangbai.activities.forms import village_choices, village_key
from shuangbai.activities.queries import series_names
from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, words
from shuangbai.core.ids import random_id
from shuangbai.core.states import Way
from shuangbai.events.actions.planning import PLAN, EventEntry
from shuangbai.events.enums import EventState
from shuangbai.events.models import Event
from shuangbai.events.rules import ROWS_MOST, WAYS, money
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import TimeOfDayField, chips, staff_choices, typed_ids, whole_number
from shuangbai.services.models import Campaign
from shuangbai.services.queries import campaigns_near

TEXT_MOST = 4000
STEPS, LINES = 5, 4  # empty rows of a new plan
SPARE = 2


class StepRow(forms.Form):
    """One step: when, what, who."""

    use_required_attribute = False

    at = words(_("时间"), most=20, required=False)
    what = words(_("做什么"), most=120, required=False)
    who = words(_("谁负责"), most=60, required=False)


class BudgetRow(forms.Form):
    """One line of the budget: what for, planned, spent, whose money."""

    use_required_attribute = False

    item = words(_("项目"), most=60, required=False)
    planned = words(_("预算（元）"), most=12, required=False)
    actual = words(_("实际（元）"), most=12, required=False)
    source = words(_("钱从哪来"), most=40, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("planned", "actual"):
            value = money(cleaned.get(name, ""))
            if value is not None and not value.is_finite():
                self.add_error(name, _("请填数字，如 350 或 350.50"))
            elif value is not None:
                cleaned[name] = f"{value}"
        if any(cleaned.get(name) for name in ("planned", "actual", "source")) and not cleaned.get("item"):
            self.add_error("item", _("请写用在什么上"))
        return cleaned


class EventForm(forms.Form):
    """The plan of an activity. `steps` and `lines` are its rows."""

    use_required_attribute = False

    title = words(_("活动名称"), most=80, error_messages={"required": _("请填写活动名称")})
    kind = chips(_("类型"))
    held_on = DayField(label=_("哪天"))
    starts_at = TimeOfDayField(label=_("几点开始"), required=False)
    ends_at = TimeOfDayField(label=_("几点结束"), required=False)
    worker = forms.ChoiceField(label=_("负责社工"), error_messages={"invalid_choice": _("请重新选择")})
    village = forms.ChoiceField(label=_("村居"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    place = words(_("地点"), most=60, required=False)
    audience = words(
        _("给谁办的"), most=120, required=False, help_text=_("会印在海报和报名页上，如“六至十二岁的孩子和家长”")
    )
    series = words(_("系列"), most=60, required=False)
    campaign = forms.ChoiceField(label=_("专项"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    partners = words(_("合作单位"), most=120, required=False)
    places = whole_number(_("名额"))
    waiting_most = whole_number(_("候补"))
    closes_on = DayField(label=_("报名截止"), required=False)
    for_children = forms.BooleanField(
        label=_("给孩子报名：问孩子的名字、年龄段，和家长的名字、电话、同意"), required=False
    )
    aim = words(_("目的"), most=TEXT_MOST, rows=3, required=False)
    risks = words(
        _("风险与应对"), most=TEXT_MOST, rows=3, required=False,
        help_text=_("如“下雨：改到村委会议室；孩子走失：入口留一位志愿者登记”"),
    )  # fmt: skip
    publicity = words(_("怎样宣传"), most=TEXT_MOST, rows=2, required=False, help_text=_("用什么、什么时候、谁去办"))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, station: OrgUnit, me: UUID | None = None, event: Event | None = None
    ) -> None:
        first: dict[str, Any] = initial_of(event) if event else {
            "worker": me, "client_id": random_id(), "waiting_most": 10,
        }  # fmt: skip
        super().__init__(data, initial=first)
        self.warnings: list[Finding] = []
        self.station, self.event, self.typed = station, event, data
        asked = data if data is not None else {name: str(value or "") for name, value in first.items()}
        day = event.held_on if event else clock.today()
        self._offer("worker", lambda: staff_choices(station, typed_ids([asked.get("worker") or ""]), me))
        self._offer("village", lambda: village_choices(station, asked.get("village")))
        self._offer("kind", lambda: choices_on(KINDS, day, [str(first.get("kind") or "")]))
        picked = typed_ids([asked.get("campaign") or ""])
        self.campaigns = {str(one.pk): one for one in campaigns_near(station.path, day, picked)}
        self._offer(
            "campaign", lambda: [("", _("不属于专项")), *((key, one.name) for key, one in self.campaigns.items())]
        )
        self.series_names = series_names(station)
        self.fields["series"].widget.attrs["list"] = "series-names"
        self.fields["places"].min_value = 1  # type: ignore[attr-defined]
        self.steps = self._rows(StepRow, "step", event.steps if event else [], ("at", "what", "who"), STEPS)
        said = event.budget if event else []
        self.lines = self._rows(BudgetRow, "line", said, ("item", "planned", "actual", "source"), LINES)

    def _offer(self, name: str, read: Any) -> None:
        self.fields[name].choices = Choices(read)  # type: ignore[attr-defined]

    def _rows(
        self, kind: Any, prefix: str, said: Sequence[Sequence[str]], names: Sequence[str], empty: int
    ) -> list[Any]:
        if self.typed is not None:
            sent = str(self.typed.get(f"{prefix}s", ""))
            count = min(int(sent) if sent.isdecimal() and len(sent) < 4 else 0, ROWS_MOST)
            return [kind(self.typed, prefix=f"{prefix}-{at}") for at in range(count)]
        known = [dict(zip(names, row, strict=False)) for row in said]
        known += [{}] * max(empty - len(known), SPARE)
        return [kind(prefix=f"{prefix}-{at}", initial=one) for at, one in enumerate(known[:ROWS_MOST])]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in (*self.steps, *self.lines))])

    def entry(self) -> EventEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        said = {name: c[name] for name in PLAN if name in c and name not in ("campaign", "waiting_most")}
        campaign: Campaign | None = self.campaigns.get(c["campaign"])
        return EventEntry(
            station=self.station, worker_id=UUID(c["worker"]), village_id=village_key(c["village"]), campaign=campaign,
            waiting_most=c["waiting_most"] or 0, client_id=c.get("client_id") or random_id(),
            steps=[(r["at"], r["what"], r["who"]) for r in self._said(self.steps)],
            budget=[(r["item"], r["planned"], r["actual"], r["source"]) for r in self._said(self.lines)],
            **said,
        )  # fmt: skip

    def _said(self, rows: Sequence[forms.Form]) -> list[dict[str, str]]:
        return [row.cleaned_data for row in rows if any(row.cleaned_data.values())]


def initial_of(event: Event) -> dict[str, Any]:
    named = {name: getattr(event, name) for name in PLAN if not name.endswith("_id") and name != "campaign"}
    return named | {
        "worker": event.worker_id, "village": event.village_id, "campaign": event.campaign_id, "version": event.version,
    }  # fmt: skip


def theirs(event: Event, form: EventForm) -> dict[str, Any]:
    """What stands of a plan, by the fields of its form, for the page of a conflict."""
    said = initial_of(event)
    return {name: said[name] for name in form.fields if name in said and name not in ("version", "client_id")}


class MoveForm(forms.Form):
    """Another state of an activity."""

    use_required_attribute = False

    to = chips(_("改为"))
    reason = words(_("原因"), most=200, required=False, help_text=_("取消、收回、恢复时要写，如“台风，改期”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, event: Event) -> None:
        super().__init__(data, initial={"version": event.version})
        self.warnings: list[Finding] = []
        ways: Mapping[EventState, Way] = WAYS[EventState(event.state)]
        self.fields["to"].choices = [(to.value, way.label) for to, way in ways.items() if not way.by_record]  # type: ignore[attr-defined]


class SwitchForm(forms.Form):
    """The public page of an activity, on or off."""

    on = forms.ChoiceField(choices=[("on", ""), ("off", "")])
    version = forms.IntegerField()
