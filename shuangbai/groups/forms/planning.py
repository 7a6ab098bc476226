"""The forms of a group: its plan, its agreement and evaluation, another state, follow-up, and the list's filter."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_choices, village_key
from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, words
from shuangbai.core.ids import random_id
from shuangbai.core.states import Way
from shuangbai.groups.actions.planning import PLANNED, GroupEntry
from shuangbai.groups.enums import KINDS, GroupState, Reached, Satisfied
from shuangbai.groups.models import Group, GroupMember
from shuangbai.groups.queries import name_of
from shuangbai.groups.rules import PLAN_MOST, WAYS
from shuangbai.network.models import OrgUnit
from shuangbai.services.forms import SeveralField, chips, staff_choices, typed_ids, whole_number

TEXT_MOST = 4000
ROWS = 6  # of the plan, empty ones for a new group
SPARE = 2
FOLLOWED_WITHIN = timedelta(days=30)


def _text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    return words(label, most=TEXT_MOST, rows=rows, required=False, help_text=hint)


class PlanRow(forms.Form):
    """One planned session; a row without theme and day is passed over."""

    use_required_attribute = False

    number = forms.IntegerField(
        label=_("第几节"), min_value=1, max_value=99, required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"invalid": _("请填整数"), "min_value": _("从第 1 节起"), "max_value": _("太大了，请核对")},
    )  # fmt: skip
    on = DayField(label=_("日期"), required=False)
    theme = words(_("主题"), most=80, required=False)


class GroupForm(forms.Form):
    """The plan of a group. `rows` are the planned sessions."""

    use_required_attribute = False

    title = words(_("小组名称"), most=60, error_messages={"required": _("请填写小组名称")})
    kind = chips(_("类型"))
    begun_on = DayField(label=_("开始筹备"))
    worker = forms.ChoiceField(label=_("负责社工"), error_messages={"invalid_choice": _("请重新选择")})
    coworker = forms.ChoiceField(label=_("协同社工"), required=False)
    village = forms.ChoiceField(label=_("村居"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    place = words(_("地点"), most=60, required=False)
    target = words(_("招募对象"), most=120, required=False, help_text=_("如“七至十二岁、祖辈照料的孩子”"))
    size = whole_number(_("计划人数"))
    need = _text(_("需求与背景"), _("怎样发现的，有什么依据"))
    theory = _text(_("理论"), rows=2)
    goals = _text(_("目标"), _("写到可以看得出有没有做到"))
    recruiting = _text(_("怎样招募、筛选"), rows=2)
    plan = forms.CharField(label=_("各节计划"), required=False, widget=forms.HiddenInput)
    budget = forms.DecimalField(
        label=_("预算"), required=False, min_value=0, max_digits=9, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "class": "width-short"}),
        error_messages={"invalid": _("请填数字，如 350 或 350.50"), "min_value": _("不能小于 0"),
                        "max_digits": _("太大了，请核对"), "max_decimal_places": _("最多两位小数"),
                        "max_whole_digits": _("太大了，请核对")},
    )  # fmt: skip
    budget_note = words(_("用在哪里"), most=200, required=False)
    risks = _text(_("风险与应对"), _("如“两个孩子有冲突：分开分组，留一位社工在旁”"))
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, data: Any = None, *, station: OrgUnit, me: UUID | None = None, group: Group | None = None
    ) -> None:
        today = clock.today()
        first: dict[str, Any] = (
            _initial(group) if group else {"begun_on": today, "worker": me, "client_id": random_id()}
        )
        super().__init__(data, initial=first)
        self.warnings: list[Finding] = []
        self.station, self.group = station, group
        asked = data if data is not None else {name: str(value or "") for name, value in first.items()}
        picked = typed_ids([asked.get("worker") or "", asked.get("coworker") or ""])
        self._offer("worker", lambda: staff_choices(station, picked, me))
        self._offer("coworker", lambda: [("", _("没有")), *staff_choices(station, picked, me)])
        self._offer("village", lambda: village_choices(station, asked.get("village")))
        self._offer(
            "kind", lambda: choices_on(KINDS, group.begun_on if group else today, [str(first.get("kind") or "")])
        )
        self.rows = self._rows(data)

    def _offer(self, name: str, read: Any) -> None:
        self.fields[name].choices = Choices(read)  # type: ignore[attr-defined]

    def _rows(self, data: Any) -> list[PlanRow]:
        said = self.group.plan if self.group else []
        if data is not None:
            count = min(int(data["rows"]) if str(data.get("rows", "")).isdecimal() else 0, PLAN_MOST)
            return [PlanRow(data, prefix=f"plan-{at}") for at in range(count)]
        last = max((number for number, _day, _theme in said), default=0)
        empty = max(ROWS - len(said), SPARE)
        known = [{"number": number, "on": day or None, "theme": theme} for number, day, theme in said]
        known += [{"number": last + more} for more in range(1, empty + 1)]
        return [PlanRow(prefix=f"plan-{at}", initial=one) for at, one in enumerate(known[:PLAN_MOST])]

    def is_valid(self) -> bool:
        return all([super().is_valid(), *(row.is_valid() for row in self.rows)])

    def entry(self) -> GroupEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        rows = [row.cleaned_data for row in self.rows]
        planned = [(at, row) for at, row in enumerate(rows, 1) if row.get("theme") or row.get("on")]
        said = {name: c[name] for name in PLANNED if name in c}
        return GroupEntry(
            station=self.station, worker_id=UUID(c["worker"]),
            coworker_id=UUID(c["coworker"]) if c["coworker"] else None, village_id=village_key(c["village"]),
            client_id=c.get("client_id") or random_id(),
            plan=[(row.get("number") or at, f"{row['on']:%Y-%m-%d}" if row.get("on") else "", row.get("theme", ""))
                  for at, row in planned],
            **said,
        )  # fmt: skip


def _initial(group: Group) -> dict[str, Any]:
    named = {name: getattr(group, name) for name in PLANNED if not name.endswith("_id")}
    return named | {
        "worker": group.worker_id, "coworker": group.coworker_id, "village": group.village_id, "version": group.version,
    }  # fmt: skip


def theirs(group: Group, form: GroupForm) -> dict[str, Any]:
    """What stands of a group, by the fields of its form, for the page of a conflict."""
    said = _initial(group)
    return {name: said[name] for name in form.fields if name in said and name not in ("version", "client_id")}


class EvaluationForm(forms.Form):
    """The agreement with the members, what is measured, and what came of it."""

    use_required_attribute = False

    agreement = _text(_("小组契约"), _("大家一起定的：守时、保密、互相尊重……"))
    agreed_on = DayField(label=_("约定日期"), required=False)
    measure = words(
        _("前后测量什么"), most=60, required=False, help_text=_("如“自尊量表总分”；每位组员的分数在名单里填")
    )
    process = _text(_("过程评估"))
    outcome = _text(_("成效评估"))
    reached = chips(_("目标达成"), choices=Reached.choices, required=False)
    reached_note = _text(_("说明"), rows=2)
    satisfaction = forms.CharField(label=_("满意度"), required=False, widget=forms.HiddenInput)
    very = whole_number(Satisfied.VERY.label, **{"data-count-part": ""})
    rather = whole_number(Satisfied.RATHER.label, **{"data-count-part": ""})
    fair = whole_number(Satisfied.FAIR.label, **{"data-count-part": ""})
    dissatisfied = whole_number(Satisfied.NOT.label, **{"data-count-part": ""})
    version = forms.IntegerField(widget=forms.HiddenInput)

    GRADES = {Satisfied.VERY: "very", Satisfied.RATHER: "rather", Satisfied.FAIR: "fair", Satisfied.NOT: "dissatisfied"}

    def __init__(self, data: Any = None, *, group: Group) -> None:
        super().__init__(data, initial=evaluated(group) | {"version": group.version})
        self.warnings: list[Finding] = []

    def count_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.GRADES.values()]

    def said(self) -> dict[str, Any]:
        """What was typed, by the names of the group's columns. Only after `is_valid`."""
        c = self.cleaned_data
        plain = ("agreement", "agreed_on", "measure", "process", "outcome", "reached", "reached_note")
        counts = {str(grade): c[name] or 0 for grade, name in self.GRADES.items()}
        return {name: c[name] for name in plain} | {"satisfaction": counts}


def evaluated(group: Group) -> dict[str, Any]:
    """What stands of a group's evaluation, by the fields of its form."""
    plain = ("agreement", "agreed_on", "measure", "process", "outcome", "reached", "reached_note")
    counts = {name: group.satisfaction.get(str(grade)) for grade, name in EvaluationForm.GRADES.items()}
    return {name: getattr(group, name) for name in plain} | counts


class MoveForm(forms.Form):
    """Another state of a group."""

    use_required_attribute = False

    to = chips(_("改为"))
    moved_on = DayField(label=_("日期"))
    reason = words(_("原因"), most=200, required=False, help_text=_("取消、退回、重新开始时要写，如“报名只有两人”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, group: Group) -> None:
        super().__init__(data, initial={"version": group.version, "moved_on": clock.today()})
        self.warnings: list[Finding] = []
        self.ways: Mapping[GroupState, Way] = WAYS[GroupState(group.state)]
        self.fields["to"].choices = [(to.value, way.label) for to, way in self.ways.items()]  # type: ignore[attr-defined]


class FollowForm(forms.Form):
    """Members to follow up after the group: a task about each."""

    use_required_attribute = False

    members = SeveralField(label=_("跟进哪些组员"), error_messages={"required": _("请选要跟进的组员")})
    subject = words(_("要办什么"), most=200, help_text=_("一句话，如“看看在学校是不是愿意说话了”"))
    due_on = DayField(label=_("办理期限"))

    def __init__(self, data: Any = None, *, members: Sequence[GroupMember]) -> None:
        super().__init__(data, initial={"due_on": clock.today() + FOLLOWED_WITHIN})
        self.warnings: list[Finding] = []
        known = [(str(one.pk), name_of(one)) for one in members if one.person_id and one.joined_on]
        self.fields["members"].choices = known  # type: ignore[attr-defined]


class GroupFilter(forms.Form):
    """What the list is narrowed to. Anything that is not one is passed over."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *GroupState.choices])
    q = forms.CharField(label=_("名称里有"), required=False, max_length=40)

    @cached_property
    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {"state": self.cleaned_data.get("state") or "", "words": self.cleaned_data.get("q") or ""}
