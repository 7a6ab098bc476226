"""The forms of cases: what was typed becomes an entry; whether it is right is for the rules to say."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.cases.actions.ending import ClosingEntry, EvaluationEntry, FollowUpEntry
from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, TeamEntry
from shuangbai.cases.actions.watching import RuleEntry
from shuangbai.cases.actions.working import LEVELS, AssessmentEntry, GoalEntry, PlanEntry, SessionEntry
from shuangbai.cases.enums import (
    CLOSE_REASONS,
    KINDS,
    SOURCES,
    Consent,
    FollowUpResult,
    Gas,
    Risk,
    Satisfaction,
    Scale,
    SessionMode,
    Stage,
    Urgency,
    ViewKind,
)
from shuangbai.cases.models import Case, CaseRule, Goal
from shuangbai.cases.rules import LINE_MOST, MINUTES_MOST, PERCENT_MOST, WORDS_MOST
from shuangbai.codes.forms import DecisionForm
from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import DayField, words
from shuangbai.core.ids import random_id
from shuangbai.network.models import OrgUnit, Staff, User

MINUTES = (30, 45, 60, 90)


def _one_of(label: Any, choices: Any, **more: Any) -> forms.ChoiceField:
    told = {"required": _("请选一项"), "invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=told, **more)


def _from_list(label: Any, choices: Any = (), **more: Any) -> forms.ChoiceField:
    told = {"required": _("请选一项"), "invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label, choices=choices, error_messages=told, **more)


def _text(label: Any, rows: int = 3, **more: Any) -> forms.CharField:
    return words(label, most=WORDS_MOST, rows=rows, required=more.pop("required", False), **more)


def _line(label: Any, **more: Any) -> forms.CharField:
    return words(label, most=LINE_MOST, required=more.pop("required", False), **more)


def _number(label: Any, least: int, most: int, **more: Any) -> forms.IntegerField:
    said = _("请填 %(least)d 到 %(most)d") % {"least": least, "most": most}
    return forms.IntegerField(
        label=label, min_value=least, max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"required": said, "invalid": _("请填一个整数"), "min_value": said, "max_value": said}, **more,
    )  # fmt: skip


class PeopleField(forms.MultipleChoiceField):
    """Some of the people of a family; its values are keys."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[UUID]:
        return [UUID(key) for key in super().clean(value)]


class MonthsField(forms.CharField):
    """After how many months, as people write it: 1、3、6."""

    def __init__(self, **kwargs: Any) -> None:
        told = _("请填月数，用顿号或空格分开，如 1、3、6")
        super().__init__(required=False, max_length=60, help_text=told, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[int]:
        said = super().clean(value)
        for mark in "、，,;；月个":
            said = said.replace(mark, " ")
        try:
            return [int(part) for part in said.split()]
        except ValueError:
            raise forms.ValidationError(_("请填月数，用顿号或空格分开，如 1、3、6")) from None


class CasePart(forms.Form):
    """A form of a case. `parts` says in which order and under which headings its fields stand.

    `version` is the one that was read; of what is new, `client_id` is its key, so that sending twice is once.
    """

    use_required_attribute = False
    parts: Sequence[tuple[Any, Sequence[str]]] = ()

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"client_id": random_id(), **(initial or {})})
        self.warnings: list[Finding] = []

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data

    @property
    def read(self) -> int:
        """The version that was read; 0 of what was new. Only after `is_valid`."""
        return self.cleaned_data["version"] or 0

    @property
    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(heading, [self[name] for name in names if name in self.fields]) for heading, names in self.parts]

    def said(self, *without: str) -> dict[str, Any]:
        """Only after `is_valid`."""
        left_out = {"version", "acknowledged", *without}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


# 接案 ----------------------------------------------------------------------


class IntakeForm(CasePart):
    """The record of 接案, of a case that is there."""

    parts: Sequence[tuple[Any, Sequence[str]]] = (
        (_("谁、什么事"), ("people", "source", "kind", "urgency", "presenting")),
        (_("接案"), ("opened_on", "accepted_on", "accept_reason", "judgement")),
        (_("同意"), ("consent", "consent_on", "consent_reason")),
    )

    people = PeopleField(label=_("服务对象"), error_messages={"required": _("请选服务对象，至少一位")})
    source = _one_of(_("来源"), [])
    kind = _one_of(_("主要问题"), [])
    urgency = _one_of(_("紧急程度"), Urgency.choices, initial=Urgency.USUAL)
    presenting = _text(
        _("求助的问题"), help_text=_("本人或家人怎么说，照原话写几句就行"), required=True,
        error_messages={"required": _("请写下求助的问题，一句也可以")},
    )  # fmt: skip
    opened_on = DayField(label=_("登记日期"))
    accepted_on = DayField(label=_("接案日期"), required=False, help_text=_("还没有决定就空着"))
    accept_reason = _text(_("接的理由"), rows=2)
    judgement = _text(_("初步判断"), rows=2)
    consent = _one_of(_("同意接受服务"), Consent.choices, initial=Consent.PENDING)
    consent_on = DayField(label=_("同意日期"), required=False)
    consent_reason = _line(_("没有同意的原因"), help_text=_("如「情况紧急，先保护孩子」「监护人联系不上」"))

    def __init__(self, data: Any = None, *, people: Sequence[tuple[UUID, str]], day: date, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["people"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
        keep = {name: [self.initial[name]] if self.initial.get(name) else [] for name in ("source", "kind")}
        for name, spec in (("source", SOURCES), ("kind", KINDS)):
            self.fields[name].choices = choices_on(spec, day, keep[name])  # type: ignore[attr-defined]

    def entry(self) -> CaseEntry:
        """Only after `is_valid`."""
        said = self.said("client_id")
        return CaseEntry(urgency=Urgency(said.pop("urgency")), consent=Consent(said.pop("consent")), **said)


class OpenForm(IntakeForm):
    """A new case: what is known is filled in, and what can wait is folded away."""

    parts = (
        (_("谁、什么事"), ("people", "source", "kind", "presenting", "urgency")),
        (_("接案"), ("accepts", "accept_reason", "risk", "risk_reason", "opened_on")),
        (_("同意"), ("consent", "consent_reason")),
        (_("谁来做"), ("worker", "co_worker", "supervisor")),
    )

    accepts = _one_of(_("接不接"), [("yes", _("接")), ("later", _("还没有决定"))], initial="yes")
    risk = _one_of(_("风险"), [*Risk.choices, ("", _("还没有判断"))], required=False)
    risk_reason = _line(_("风险的依据"), help_text=_("如「独自照看孩子，近期两次说不想活」"))
    worker = _from_list(_("主责社工"), required=False)
    co_worker = _from_list(_("协同社工"), required=False)
    supervisor = _from_list(_("督导"), required=False)

    def __init__(
        self, data: Any = None, *, station: OrgUnit, household_id: UUID, team: Sequence[Staff],
        supervisors: Sequence[User], leads: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **kwargs)
        self.station, self.household_id = station, household_id
        del self.fields["accepted_on"], self.fields["judgement"], self.fields["consent_on"]
        _offer_team(self, team, supervisors)
        if not leads:
            del self.fields["worker"], self.fields["co_worker"]

    def opening(self) -> OpenEntry:
        """Only after `is_valid`."""
        said = self.said("client_id", "accepts", "risk", "risk_reason", "worker", "co_worker", "supervisor")
        taken = said["opened_on"] if self.cleaned_data["accepts"] == "yes" else None
        agreed = said["consent"] not in (Consent.PENDING, Consent.NONE)
        entry = CaseEntry(
            urgency=Urgency(said.pop("urgency")), consent=Consent(said.pop("consent")), accepted_on=taken,
            consent_on=said["opened_on"] if agreed else None, **said,
        )  # fmt: skip
        risk = self.cleaned_data["risk"]
        return OpenEntry(
            station=self.station, client_id=self.cleaned_data["client_id"] or random_id(),
            household_id=self.household_id, said=entry, risk=Risk(risk) if risk else None,
            risk_reason=self.cleaned_data["risk_reason"], worker_id=_key(self.cleaned_data.get("worker")),
            co_worker_id=_key(self.cleaned_data.get("co_worker")),
            supervisor_id=_key(self.cleaned_data["supervisor"]),
        )  # fmt: skip


def _key(text: Any) -> UUID | None:
    return UUID(text) if text else None


def _offer_team(form: forms.Form, team: Sequence[Staff], supervisors: Sequence[User]) -> None:
    nobody = [("", _("没有"))]
    people = [(str(one.pk), one.name) for one in team]
    watching = [("", _("还没有指定")), *((str(one.pk), one.display_name) for one in supervisors)]
    offered = {"worker": people, "co_worker": nobody + people, "supervisor": watching}
    for name, choices in offered.items():
        form.fields[name].choices = choices  # type: ignore[attr-defined]


class TeamForm(CasePart):
    """Who works on a case: the head's."""

    worker = _from_list(_("主责社工"))
    co_worker = _from_list(_("协同社工"), required=False, help_text=_("协同社工也看得到这件个案，也能写"))
    supervisor = _from_list(_("督导"), required=False)

    def __init__(self, data: Any = None, *, case: Case, team: Sequence[Staff], supervisors: Sequence[User]) -> None:
        names = ("worker", "co_worker", "supervisor")
        initial = {name: str(getattr(case, f"{name}_id") or "") for name in names}
        super().__init__(data, initial={**initial, "version": case.version})
        _offer_team(self, team, supervisors)

    def entry(self) -> TeamEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return TeamEntry(UUID(c["worker"]), _key(c["co_worker"]), _key(c["supervisor"]))


class RiskForm(CasePart):
    level = _one_of(_("风险"), Risk.choices)
    risk_reason = _text(
        _("依据"), rows=2, required=True, error_messages={"required": _("请写明依据，一句也可以")},
        help_text=_("如「独自照看孩子，近期两次说不想活」"),
    )  # fmt: skip
    on = DayField(label=_("从哪天起"))

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, initial={"on": clock.today(), "level": case.risk})


class StageField(forms.ChoiceField):
    """A stage. Any is taken: whether the case may go there is asked once it is known that nobody moved it meanwhile."""

    def valid_value(self, value: str) -> bool:
        return value in Stage.values


class MoveForm(CasePart):
    """To which stage, when, and why."""

    to = StageField(label=_("到哪个阶段"), widget=forms.RadioSelect, error_messages={"required": _("请选一项")})
    on = DayField(label=_("日期"))
    reason = _text(_("理由"), rows=2, help_text=_("跳过、退回、不接、重开，或文书没有齐的时候要写"))

    def __init__(self, data: Any = None, *, case: Case, offered: Iterable[tuple[Stage, str]], to: str = "") -> None:
        super().__init__(data, initial={"version": case.version, "on": clock.today(), "to": to})
        self.offer(offered)

    def offer(self, offered: Iterable[tuple[Stage, str]]) -> None:
        self.fields["to"].choices = [(str(stage), said) for stage, said in offered]  # type: ignore[attr-defined]


# 预估、计划、目标 ------------------------------------------------------------


class AssessmentForm(CasePart):
    parts = (
        ("", ("assessed_on",)),
        (_("现在怎样"), ("physical", "psychological", "social", "tried")),
        (_("可以依靠的"), ("strengths", "resources")),
        (_("判断"), ("needs", "analysis")),
    )

    assessed_on = DayField(label=_("预估日期"))
    physical = _text(_("生理：健康、残疾、自理"))
    psychological = _text(_("心理：情绪、想法、经历"))
    social = _text(_("社会：家庭、邻里、学校、工作、经济"))
    tried = _text(_("试过的办法"), rows=2)
    strengths = _text(_("优势"), rows=2, help_text=_("本人和家里做得到、撑得住的"))
    resources = _text(_("可用的资源"), rows=2)
    needs = _text(_("需求"), help_text=_("一行一项，最要紧的写在第一行"))
    analysis = _text(_("分析"))

    def entry(self) -> AssessmentEntry:
        """Only after `is_valid`."""
        said = self.said()
        return AssessmentEntry(**{**said, "client_id": said["client_id"] or random_id()})


class PlanForm(CasePart):
    parts = (
        ("", ("planned_on", "purpose")),
        (_("怎么做"), ("theory", "strategy", "schedule")),
        (_("双方的责任"), ("worker_duties", "client_duties", "agreed_on")),
    )

    planned_on = DayField(label=_("计划日期"))
    purpose = _text(_("总目的"), rows=2)
    theory = _text(_("理论或方法"), rows=2, help_text=_("如「任务中心」「优势视角」，没有就不写"))
    strategy = _text(_("策略与步骤"), rows=4)
    schedule = _text(_("时间安排"), rows=2, help_text=_("如「每周三下午入户，两个月」"))
    worker_duties = _text(_("社工的责任"), rows=2)
    client_duties = _text(_("服务对象的责任"), rows=2, help_text=_("用服务对象听得懂的话写，打印出来可以签名"))
    agreed_on = DayField(label=_("服务对象同意日期"), required=False)

    def entry(self) -> PlanEntry:
        """Only after `is_valid`."""
        return PlanEntry(**self.said("client_id"))


class GoalForm(CasePart):
    parts = (
        ("", ("statement", "indicator", "baseline", "target", "due_on")),
        (_("评分"), ("scale", "weight", "set_on")),
        (_("五级各指什么"), LEVELS),
    )

    statement = _line(
        _("目标"), required=True, help_text=_("一个目标只说一件事，如「小敏每天按时上学」"),
        error_messages={"required": _("请写明目标")},
    )  # fmt: skip
    indicator = _line(
        _("怎样衡量"), required=True, help_text=_("谁来看、看什么，如「每周迟到的次数，由班主任记录」"),
        error_messages={"required": _("请写明怎样衡量：没有衡量的办法，就说不出有没有达成")},
    )  # fmt: skip
    baseline = _line(_("现在的情况"), help_text=_("如「每周迟到四次」"))
    target = _line(
        _("要达到的情况"), required=True, help_text=_("如「每周迟到不超过一次」"),
        error_messages={"required": _("请写明要达到什么")},
    )  # fmt: skip
    due_on = DayField(label=_("期限"))
    scale = _one_of(_("怎样评分"), Scale.choices, initial=Scale.GAS)
    weight = _number(_("权重"), 1, 10, initial=1, help_text=_("目标有轻有重时用，一般都填 1"))
    set_on = DayField(label=_("订立日期"))
    level_m2 = _line(_("−2 远低于预期"))
    level_m1 = _line(_("−1 低于预期"))
    level_0 = _line(_("0 达到预期"))
    level_p1 = _line(_("+1 高于预期"))
    level_p2 = _line(_("+2 远高于预期"))

    def entry(self) -> GoalEntry:
        """Only after `is_valid`."""
        said = self.said(*LEVELS)
        levels = tuple(self.cleaned_data[name] for name in LEVELS)
        said |= {"scale": Scale(said["scale"]), "client_id": said["client_id"] or random_id()}
        return GoalEntry(**said, levels=levels)  # type: ignore[arg-type]


class RatingForm(CasePart):
    """How far a goal is: one of five levels, or points."""

    rated_on = DayField(label=_("评分日期"))
    note = _text(_("依据"), rows=2, help_text=_("看到、听到什么，和目标里写的衡量办法对着写"))

    def __init__(self, data: Any = None, *, goal: Goal) -> None:
        super().__init__(data, initial={"rated_on": clock.today()})
        if goal.scale == Scale.GAS:
            levels = {value: getattr(goal, name) for value, name in zip(Gas.values, LEVELS, strict=True)}
            said = [(value, f"{label}：{levels[value]}" if levels[value] else label) for value, label in Gas.choices]
            self.fields["value"] = forms.TypedChoiceField(
                label=_("得分"), choices=said, coerce=int, widget=forms.RadioSelect,
                error_messages={"required": _("请选一级"), "invalid_choice": _("目标达成量表只有五级，请重新选择")},
            )  # fmt: skip
        else:
            self.fields["value"] = _number(_("得分"), 0, PERCENT_MOST, help_text=_("0 到 100"))
        self.order_fields(["value", "rated_on", "note"])


class ReasonForm(CasePart):
    """Why something is given up: a goal, a session, a visit after closing."""

    reason = _text(_("原因"), rows=2, required=True, error_messages={"required": _("请写明原因，一句也可以")})


# 会谈 ----------------------------------------------------------------------


class SessionForm(CasePart):
    parts = (
        ("", ("held_on", "minutes", "mode")),
        (_("谁在场"), ("people", "present", "worker", "place")),
        (_("内容"), ("purpose", "process", "response")),
        (_("之后"), ("reflection", "next_step", "next_on")),
        (_("更多"), ("starts_at",)),
    )

    held_on = DayField(label=_("日期"))
    minutes = _number(_("时长（分钟）"), 1, MINUTES_MOST, initial=60)
    mode = _one_of(_("方式"), SessionMode.choices, initial=SessionMode.HOME)
    people = PeopleField(label=_("在场的家人"), required=False)
    present = _line(_("其他在场的人"), help_text=_("如「班主任、村妇女主任」"))
    worker = _from_list(_("谈话的社工"))
    place = _line(_("地点"))
    purpose = _text(_("目的"), rows=2)
    process = _text(
        _("过程"), rows=6, required=True, error_messages={"required": _("请写下谈了什么，一句也可以")},
        help_text=_("谈了什么、做了什么"),
    )  # fmt: skip
    response = _text(_("服务对象的反应"), rows=2)
    reflection = _text(_("评估与反思"), rows=2)
    next_step = _text(_("下一步"), rows=2)
    next_on = DayField(label=_("下次日期"), required=False)
    starts_at = forms.TimeField(
        label=_("开始时刻"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("请写成 15:30 的样子")},
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, people: Sequence[tuple[UUID, str]], team: Sequence[Staff], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["people"].choices = [(str(pk), name) for pk, name in people]  # type: ignore[attr-defined]
        self.fields["worker"].choices = [(str(one.pk), one.name) for one in team]  # type: ignore[attr-defined]

    def entry(self) -> SessionEntry:
        """Only after `is_valid`."""
        said = self.said("people", "worker", "mode")
        said["client_id"] = said["client_id"] or random_id()
        return SessionEntry(
            mode=SessionMode(self.cleaned_data["mode"]), worker_id=UUID(self.cleaned_data["worker"]),
            present_keys=tuple(self.cleaned_data["people"]), **said,
        )  # fmt: skip


# 评估、结案、回访 ------------------------------------------------------------


class EvaluationForm(CasePart):
    parts = (
        ("", ("evaluated_on", "process", "outcome")),
        (_("服务对象怎么说"), ("satisfaction", "client_words")),
    )

    evaluated_on = DayField(label=_("评估日期"))
    process = _text(_("过程评估"), help_text=_("按计划做了没有，哪里要改"))
    outcome = _text(_("成效评估"), help_text=_("情况有什么变化，从哪里看出来"))
    satisfaction = forms.TypedChoiceField(
        label=_("满意度"), choices=[*Satisfaction.choices, ("", _("没有问"))], coerce=int, empty_value=None,
        required=False, widget=forms.RadioSelect, error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip
    client_words = _text(_("服务对象的话"), rows=2)

    def entry(self) -> EvaluationEntry:
        """Only after `is_valid`."""
        said = self.said()
        return EvaluationEntry(**{**said, "client_id": said["client_id"] or random_id()})


class ClosingForm(CasePart):
    parts = (
        ("", ("reason", "summary", "outcome", "client_view")),
        (_("回访"), ("months",)),
        (_("结案"), ("on", "why")),
    )

    reason = _one_of(_("结案原因"), [], required=False)
    summary = _text(_("总结"), rows=5, help_text=_("做了什么、有什么变化、以后靠什么"))
    outcome = _text(_("目标达成情况"))
    client_view = _text(_("服务对象的意见"), rows=2)
    months = MonthsField(label=_("结案后几个月回访"))
    on = DayField(label=_("结案日期"), required=False)
    why = _text(_("还缺文书的，为什么先结案"), rows=2)

    def __init__(self, data: Any = None, *, initial: dict[str, Any], day: date) -> None:
        super().__init__(data, initial={"on": day, **initial})
        keep = [initial["reason"]] if initial.get("reason") else []
        self.fields["reason"].choices = choices_on(CLOSE_REASONS, day, keep)  # type: ignore[attr-defined]

    @property
    def closes(self) -> bool:
        return self.data.get("does") == "close"

    def clean(self) -> dict[str, Any] | None:
        if self.closes and not self.cleaned_data.get("on") and "on" not in self.errors:
            self.add_error("on", str(_("请填写日期")))
        return self.cleaned_data

    def entry(self) -> ClosingEntry:
        """Only after `is_valid`."""
        return ClosingEntry(**self.said("client_id", "on", "why"))


class FollowUpForm(CasePart):
    done_on = DayField(label=_("回访日期"))
    mode = _one_of(_("方式"), SessionMode.choices, initial=SessionMode.PHONE)
    result = _one_of(_("现在怎样"), FollowUpResult.choices)
    note = _text(_("回访情况"), required=True, error_messages={"required": _("请写下回访情况，一句也可以")})
    worker = _from_list(_("回访的社工"))

    def __init__(self, data: Any = None, *, team: Sequence[Staff], initial: dict[str, Any]) -> None:
        super().__init__(data, initial={"done_on": clock.today(), **initial})
        self.fields["worker"].choices = [(str(one.pk), one.name) for one in team]  # type: ignore[attr-defined]

    def entry(self) -> FollowUpEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return FollowUpEntry(
            c["done_on"], SessionMode(c["mode"]), FollowUpResult(c["result"]), c["note"], UUID(c["worker"])
        )


class PlannedForm(CasePart):
    due_on = DayField(label=_("哪天回访"))


# 督导、交接、规定 ------------------------------------------------------------


class ViewForm(CasePart):
    """What the supervisor says: of the whole case, of the plan, of the closing."""

    kind = _one_of(_("对什么说"), ViewKind.choices, initial=ViewKind.COMMENT)
    agrees = _one_of(_("同意吗"), [("yes", _("同意")), ("no", _("不同意，要改"))], required=False)
    text = _text(_("意见"))

    def __init__(self, data: Any = None, *, kinds: Sequence[ViewKind], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(str(kind), kind.label) for kind in kinds]  # type: ignore[attr-defined]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.initial["kind"] = kinds[0]
            del self.fields["agrees"]

    def spoken(self) -> dict[str, Any]:
        """Only after `is_valid`."""
        c = self.cleaned_data
        agrees = {"yes": True, "no": False}.get(c.get("agrees", ""))
        return {"kind": ViewKind(c["kind"]), "text": c["text"], "agrees": agrees}


class OfferForm(CasePart):
    """To whom a case is offered."""

    receiver = _from_list(_("交给谁"))
    note = _text(_("交接说明"), rows=2, help_text=_("接手的人确认以前就看得到，不要写个案的内容"))

    def __init__(self, data: Any = None, *, team: Sequence[Staff]) -> None:
        super().__init__(data)
        self.fields["receiver"].choices = [(str(one.pk), one.name) for one in team]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """Why a case is sent back."""

    use_required_attribute = False

    why = _line(_("退回理由"))


class CaseRuleForm(DecisionForm):
    agree_plan = forms.BooleanField(label=_("服务计划要督导同意"), required=False)
    agree_closing = forms.BooleanField(label=_("结案要督导同意"), required=False)
    review_days = _number(_("几天评一次目标"), 7, 366)
    months = MonthsField(label=_("结案后几个月回访"))
    starts_on = DayField(label=_("从哪天起"))

    def __init__(self, data: Any = None, *, rule: CaseRule, version: int) -> None:
        said = {name: getattr(rule, name) for name in ("agree_plan", "agree_closing", "review_days", "months")}
        super().__init__(data, initial={**said, "starts_on": clock.today(), "version": version})

    def entry(self) -> RuleEntry:
        """Only after `is_valid`."""
        names = ("agree_plan", "agree_closing", "months", "review_days", "starts_on")
        return RuleEntry(**{name: self.cleaned_data[name] for name in names})
