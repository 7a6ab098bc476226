"""The forms of a project: what it is, another state, who takes part, milestones, what came of it, the list's filter."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from shuangbai.activities.forms import village_choices, village_key
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, Warned, words
from shuangbai.core.ids import random_id
from shuangbai.core.states import Way
from shuangbai.network.models import OrgUnit
from shuangbai.projects.actions.projects import OUTCOME
from shuangbai.projects.entries import MilestoneEntry, OutcomeEntry, ProjectEntry, StakeholderEntry
from shuangbai.projects.enums import Actor, CountedHow, Origin, ProjectState
from shuangbai.projects.models import Milestone, Problem, Project, Stakeholder
from shuangbai.projects.rules import WAYS
from shuangbai.services.forms import chips, staff_choices, typed_ids, whole_number

TEXT_MOST = 4000


def _text(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    return words(label, most=TEXT_MOST, rows=rows, required=False, help_text=hint)


def village_field(label: Any = "") -> forms.ChoiceField:
    told = {"invalid_choice": _("请重新选择")}
    return forms.ChoiceField(label=label or _("村居"), required=False, error_messages=told)


class ProjectForm(Warned):
    """What a project is. With a name alone it can be saved."""

    title = words(_("项目名称"), most=60, error_messages={"required": _("请填写项目名称")})
    village = village_field()
    place = words(_("地点"), most=80, required=False, help_text=_("如“村口旧厕所一带”"))
    begun_on = DayField(label=_("开始日期"))
    origin = chips(_("怎样来的"), choices=Origin.choices)
    problem = _text(_("是什么问题"), _("看得见的样子，影响到谁"))
    aim = _text(_("想做成什么样"), _("写到大家看得出有没有做到"))
    worker = forms.ChoiceField(label=_("负责社工"), error_messages={"invalid_choice": _("请重新选择")})
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    NAMES = ("title", "begun_on", "origin", "place", "problem", "aim")

    def __init__(
        self, data: Any = None, *, station: OrgUnit, me: UUID | None = None, project: Project | None = None,
        problem: Problem | None = None,
    ) -> None:  # fmt: skip
        first: dict[str, Any] = {"begun_on": clock.today(), "worker": me, "origin": Origin.VILLAGERS}
        if problem is not None:
            first |= {"village": problem.village_id, "place": problem.place, "problem": problem.what}
        if project is not None:
            first = self.said(project) | {"version": project.version}
        super().__init__(data, initial=first | {"client_id": random_id()})
        self.station = station
        asked = data if data is not None else {name: str(value or "") for name, value in first.items()}
        fields: dict[str, Any] = self.fields
        fields["worker"].choices = Choices(lambda: staff_choices(station, typed_ids([asked.get("worker") or ""]), me))
        fields["village"].choices = Choices(lambda: village_choices(station, asked.get("village")))

    @classmethod
    def said(cls, project: Project) -> dict[str, Any]:
        plain = {name: getattr(project, name) for name in cls.NAMES}
        return plain | {"village": project.village_id, "worker": project.worker_id}

    def entry(self) -> ProjectEntry:
        """Only after `is_valid`."""
        c = self.cleaned_data
        return ProjectEntry(
            station=self.station, worker_id=UUID(c["worker"]), village_id=village_key(c["village"]),
            client_id=c.get("client_id") or random_id(), **{name: c[name] for name in self.NAMES},
        )  # fmt: skip


class MoveForm(forms.Form):
    """Another state of a project."""

    use_required_attribute = False

    to = chips(_("改为"))
    moved_on = DayField(label=_("日期"))
    reason = words(_("原因"), most=200, required=False, help_text=_("中止、退回、重新打开时要写，如“地块有争议”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, initial={"version": project.version, "moved_on": clock.today()})
        self.warnings: list[Finding] = []
        self.ways: Mapping[ProjectState, Way] = WAYS[ProjectState(project.state)]
        self.fields["to"].choices = [(to.value, way.label) for to, way in self.ways.items()]  # type: ignore[attr-defined]


class StakeholderForm(Warned):
    """Who takes part, in what role, since when; and until when."""

    role = chips(_("身份"), choices=Actor.choices)
    name = words(_("谁"), most=60, help_text=_("姓名或单位，如“河园村村民理事会”；只有本站和督导看得到全名"))
    does = words(_("做什么"), most=120, required=False, help_text=_("如“召集开会、管账”"))
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天止"), required=False, help_text=_("不再参加时才填"))

    NAMES = ("role", "name", "does", "starts_on", "ends_on")

    def __init__(self, data: Any = None, *, project: Project, stakeholder: Stakeholder | None = None) -> None:
        first: dict[str, Any] = {"starts_on": project.begun_on}
        if stakeholder is not None:
            first = self.said(stakeholder) | {"version": stakeholder.version}
        super().__init__(data, initial=first)

    @classmethod
    def said(cls, row: Stakeholder) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.NAMES}

    def entry(self) -> StakeholderEntry:
        return StakeholderEntry(**{name: self.cleaned_data[name] for name in self.NAMES})


class MilestoneForm(Warned):
    """Something to be reached: by when; done, or dropped and why."""

    title = words(_("做什么"), most=60, help_text=_("如“拆除旧厕所”“铺好地砖”"))
    planned_on = DayField(label=_("计划哪天前做好"), required=False)
    done_on = DayField(label=_("哪天做好的"), required=False, help_text=_("做好了再填"))
    note = words(_("说明"), most=200, required=False)
    dropped = words(_("不做了的原因"), most=200, required=False, help_text=_("决定不做时才写，公开账目上不列"))

    NAMES = ("title", "planned_on", "done_on", "note", "dropped")

    def __init__(self, data: Any = None, *, milestone: Milestone | None = None) -> None:
        first = self.said(milestone) | {"version": milestone.version} if milestone else {}
        super().__init__(data, initial=first)
        if milestone is None:
            del self.fields["dropped"]

    @classmethod
    def said(cls, row: Milestone) -> dict[str, Any]:
        return {name: getattr(row, name) for name in cls.NAMES}

    def entry(self) -> MilestoneEntry:
        return MilestoneEntry(**{name: self.cleaned_data[name] for name in self.NAMES if name in self.cleaned_data})


class OutcomeForm(Warned):
    """What came of a project, whom it serves and how that was counted, and the hand-over to the village."""

    outcome = _text(_("做成了什么"), _("原来怎样，现在怎样，谁在用"), rows=4)
    families = whole_number(_("受益户数"))
    people = whole_number(_("受益人数"))
    counted_how = chips(_("怎样数的"), choices=CountedHow.choices, required=False)
    counted_note = words(_("数的说明"), most=200, required=False, help_text=_("如“按三个村民小组的户籍数”"))
    handed_on = DayField(label=_("移交日期"), required=False)
    handed_to = words(_("移交给谁"), most=80, required=False, help_text=_("如“河园村村民理事会”"))
    agreement = _text(_("移交时怎样约定"), _("谁打扫、谁修、钱从哪里来"))

    def __init__(self, data: Any = None, *, project: Project) -> None:
        super().__init__(data, initial=self.said(project) | {"version": project.version})
        self.fields["families"].widget.attrs["class"] = self.fields["people"].widget.attrs["class"] = "width-short"

    @staticmethod
    def said(project: Project) -> dict[str, Any]:
        return {name: getattr(project, name) for name in OUTCOME}

    def entry(self) -> OutcomeEntry:
        return OutcomeEntry(**{name: self.cleaned_data[name] for name in OUTCOME})


class SwitchForm(forms.Form):
    """A public page switched on or off, at the address it has or at a new one."""

    to = forms.ChoiceField(choices=[("on", ""), ("off", ""), ("renew", "")])
    version = forms.IntegerField(min_value=0)


class ProjectFilter(forms.Form):
    """What the list is narrowed to. Anything that is not one is passed over."""

    state = forms.ChoiceField(label=_("状态"), required=False, choices=[("", _("全部")), *ProjectState.choices])
    q = forms.CharField(label=_("名称里有"), required=False, max_length=40)

    @cached_property
    def asked(self) -> dict[str, str]:
        self.is_valid()
        return {"state": self.cleaned_data.get("state") or "", "words": self.cleaned_data.get("q") or ""}
