"""The forms of volunteers, teams, hours and certificates: what was typed becomes an entry."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from shuangbai.codes.queries import choices_on
from shuangbai.core import clock
from shuangbai.core.findings import Finding
from shuangbai.core.forms import Choices, DayField, words
from shuangbai.core.ids import random_id
from shuangbai.core.privacy import mask_id
from shuangbai.core.queries import installation_foot
from shuangbai.households.forms import SEXES, CoveringForm, id_field, phone_field
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, OrgUnit
from shuangbai.network.queries import colleague_rows, villages_covered
from shuangbai.services.forms import SeveralField, TimeOfDayField, chips, typed_day, typed_ids
from shuangbai.volunteers.actions.certifying import CertificateEntry
from shuangbai.volunteers.entries import (
    HoursEntry,
    MeritEntry,
    OrganisationEntry,
    TeamEntry,
    TeamServiceEntry,
    VolunteerEntry,
)
from shuangbai.volunteers.enums import (
    TEAM_KINDS,
    FreeTime,
    MeritKind,
    OrganisationKind,
    Standing,
    TeamRole,
    TeamStage,
)
from shuangbai.volunteers.models import Organisation, Team, TeamService, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import taking_part, teams_on
from shuangbai.volunteers.rules import AFTER, LINE_MOST, WORDS_MOST


def _village() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Area.objects.none(), label=_("村居"), required=False, empty_label=_("不限一村"),
        error_messages={"invalid_choice": _("请重新选择")},
    )  # fmt: skip


def hours_field(label: Any, **more: Any) -> forms.DecimalField:
    told = {
        "required": _("请填时长，如 1.5"), "invalid": _("请填数字，如 1.5"), "max_decimal_places": _("最多一位小数"),
        "max_digits": _("太大了，请核对"), "max_value": _("一天最多 24 小时"), "min_value": _("要大于 0"),
    }  # fmt: skip
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.5", "class": "width-short"})
    return forms.DecimalField(
        label=label, max_digits=4, decimal_places=1, max_value=24, min_value=Decimal("0.1"), widget=widget,
        error_messages=told, **more,
    )  # fmt: skip


class StationForm(forms.Form):
    """What the forms of a station's own share: its villages, and a key by which a form sent twice is known."""

    use_required_attribute = False

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, station: OrgUnit, **kwargs: Any) -> None:
        initial = {"client_id": random_id(), **kwargs.pop("initial", {})}
        super().__init__(data, initial=initial, **kwargs)
        self.station, self.warnings = station, list[Finding]()
        if "village" in self.fields:
            held = villages_covered(station.pk, clock.today()).values("pk")
            kept = [initial["village"]] if initial.get("village") else []
            rows = Area.objects.filter(pk__in=held) | Area.objects.filter(pk__in=kept)
            self.fields["village"].queryset = rows.order_by("name", "id")  # type: ignore[attr-defined]

    @property
    def acknowledged(self) -> bool:
        return "acknowledged" in self.data

    def said(self, *names: str) -> dict[str, Any]:
        """What was typed in these fields."""
        found = {name: self.cleaned_data[name] for name in names}
        if "village" in self.fields:
            village = self.cleaned_data["village"]
            found["village_id"] = village.pk if village else None
        return found | {"client_id": self.cleaned_data["client_id"] or random_id()}


# VOLUNTEERS ----------------------------------------------------------------


class VolunteerForm(StationForm, CoveringForm):
    """A volunteer. Whoever is picked from the station's families needs no name, number or telephone here."""

    person = forms.UUIDField(
        label=_("本站家庭里的人"), required=False, widget=forms.HiddenInput,
        help_text=_("已经登记在本站家庭里的，在这里选；姓名、证件、电话不用再填"),
        error_messages={"invalid": _("请重新选择")},
    )  # fmt: skip
    name = words(_("姓名"), most=40, required=False, help_text=_("不在本站家庭里的，从这里往下填"))
    id_no = id_field(help_text=_("出具证明时要有证件号；填了会自动得出出生日期和性别"))
    birth_date = DayField(label=_("出生日期"), required=False)
    sex = forms.ChoiceField(label=_("性别"), choices=SEXES, initial=Sex.UNKNOWN, required=False)
    phone = phone_field(_("电话"))
    village = _village()
    since = DayField(label=_("加入日期"))
    skills = words(_("特长"), most=200, required=False, help_text=_("如“理发、量血压、会潮汕话”"))
    times = forms.MultipleChoiceField(
        label=_("能参加的时间"), choices=FreeTime.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    guardian = words(
        _("监护人"), most=120, required=False, help_text=_("未满十八岁的填：姓名、关系、电话；电话不会出现在名单里")
    )
    consented_on = DayField(label=_("监护人同意的日期"), required=False)
    platform_no = words(_("全国志愿服务信息系统编号"), most=40, required=False)
    note = words(_("备注"), most=WORDS_MOST, rows=2, required=False)

    def __init__(
        self, data: Any = None, *, station: OrgUnit, volunteer: Volunteer | None = None, **kwargs: Any
    ) -> None:
        initial = {"since": clock.today(), **kwargs.pop("initial", {})}
        if volunteer is not None:
            initial |= self.plain(volunteer) | {"version": volunteer.version}
        super().__init__(data, station=station, initial=initial, **kwargs)
        if volunteer is not None:
            self.cover("id_no", mask_id(volunteer.id_no))
            self.cover_phone(volunteer.phone)
            self.cover("guardian", "******" if volunteer.guardian else "")
        self.volunteer = volunteer

    @staticmethod
    def plain(volunteer: Volunteer) -> dict[str, Any]:
        """What is not masked, as the form shows it."""
        names = ("name", "birth_date", "sex", "since", "skills", "times", "consented_on", "platform_no", "note")
        shown = {name: getattr(volunteer, name) for name in names}
        return {**shown, "village": volunteer.village_id, "person": volunteer.person_id}

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("person") and not typed.get("name", "").strip():
            self.add_error("name", _("请填写姓名，或在上面选一位本站家庭里的人"))
        return typed

    def _covered(self, name: str) -> str:
        """A masked value as it is to stand: typed anew, dropped, or as it was."""
        told = self.uncovered(name)
        if name in told:
            return told[name]
        return getattr(self.volunteer, name) if self.volunteer else ""

    def entry(self) -> VolunteerEntry:
        """Only after `is_valid`."""
        person = self.cleaned_data["person"]
        own = {} if person else {
            **{name: self.cleaned_data[name] for name in ("name", "birth_date", "sex")},
            "id_no": self._covered("id_no"), "phone": self._covered("phone"),
        }  # fmt: skip
        if own and self.volunteer and self.volunteer.birth_date == own["birth_date"]:
            own["birth_precision"] = self.volunteer.birth_precision
        said = self.said("since", "skills", "times", "consented_on", "platform_no", "note")
        return VolunteerEntry(
            station=self.station, person_id=person, guardian=self._covered("guardian"), **own, **said
        )  # fmt: skip


class VolunteerFilter(forms.Form):
    """By what the list is narrowed."""

    q = forms.CharField(label=_("查找"), required=False, max_length=40)
    team = forms.ChoiceField(label=_("队伍"), required=False)
    gone = forms.BooleanField(label=_("看退出的"), required=False)
    minors = forms.BooleanField(label=_("缺监护人同意的"), required=False)

    def __init__(self, data: Any, *, teams: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["team"].choices = [("", _("全部")), *teams]  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["placeholder"] = _("姓名、拼音首字母、特长、电话末四位")


class LeaveForm(forms.Form):
    """The last day as a volunteer; empty to come back."""

    use_required_attribute = False

    until = DayField(label=_("最后一天"), required=False, help_text=_("留空表示又来了"))
    reason = words(_("原因"), most=100, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, volunteer: Volunteer) -> None:
        until = None if volunteer.until else clock.today()
        super().__init__(data, initial={"version": volunteer.version, "until": until})


class MeritForm(forms.Form):
    """A training, an award, praise or a complaint."""

    use_required_attribute = False

    kind = chips(_("记什么"), choices=MeritKind.choices)
    happened_on = DayField(label=_("日期"))
    title = words(_("内容"), most=LINE_MOST, help_text=_("如“急救培训”“镇优秀志愿者”"))
    giver = words(_("由谁"), most=60, required=False, help_text=_("培训单位、表彰单位，或提出评价的人"))
    hours = hours_field(_("培训小时"), required=False)
    note = words(_("说明"), most=WORDS_MOST, rows=2, required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"happened_on": clock.today(), "kind": MeritKind.TRAINING})

    def entry(self) -> MeritEntry:
        return MeritEntry(**self.cleaned_data)


# TEAMS ---------------------------------------------------------------------


class TeamForm(StationForm):
    name = words(_("队名"), most=60, error_messages={"required": _("请填写队名，如“赤山村巾帼志愿队”")})
    kind = chips(_("类型"))
    village = _village()
    founded_on = DayField(label=_("成立日期"))
    stage = chips(_("现在的状态"), choices=TeamStage.choices)
    founder = words(_("发起人"), most=60, required=False)
    aim = words(_("做什么"), most=200, required=False, help_text=_("如“每周六清扫村道、看望独居长者”"))
    note = words(_("备注"), most=WORDS_MOST, rows=2, required=False)

    def __init__(self, data: Any = None, *, station: OrgUnit, team: Team | None = None) -> None:
        initial: dict[str, Any] = {"founded_on": clock.today(), "stage": TeamStage.GATHERING}
        if team is not None:
            initial = self.plain(team) | {"version": team.version}
        super().__init__(data, station=station, initial=initial)
        kept = [team.kind] if team else []
        self.fields["kind"].choices = choices_on(TEAM_KINDS, clock.today(), kept)  # type: ignore[attr-defined]
        if team is not None:
            del self.fields["stage"]

    @staticmethod
    def plain(team: Team) -> dict[str, Any]:
        names = ("name", "kind", "founded_on", "founder", "aim", "note")
        return {**{name: getattr(team, name) for name in names}, "village": team.village_id}

    def entry(self) -> TeamEntry:
        said = self.said("name", "kind", "founded_on", "founder", "aim", "note")
        return TeamEntry(station=self.station, stage=self.cleaned_data.get("stage", ""), **said)


class StageForm(forms.Form):
    """How far a team is, from a day on."""

    use_required_attribute = False

    to = chips(_("改为"))
    on = DayField(label=_("从哪天起"))
    reason = words(_("依据"), most=200, help_text=_("如“连续三个月自己排班、自己开例会”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, team: Team, stage: str) -> None:
        super().__init__(data, initial={"version": team.version, "on": clock.today()})
        offered = [(one.value, one.label) for one in AFTER[TeamStage(stage)]]
        self.fields["to"].choices = offered  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """A volunteer who comes into a team."""

    use_required_attribute = False

    volunteer = forms.UUIDField(
        label=_("志愿者"), widget=forms.HiddenInput,
        error_messages={"required": _("请选一位志愿者；名单里没有的先登记"), "invalid": _("请重新选择")},
    )  # fmt: skip
    starts_on = DayField(label=_("入队日期"))
    role = chips(_("角色"), choices=TeamRole.choices)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"starts_on": clock.today(), "role": TeamRole.MEMBER})


class MemberForm(forms.Form):
    """A member's role, or their last day in the team."""

    use_required_attribute = False

    role = chips(_("角色"), choices=TeamRole.choices)
    ends_on = DayField(label=_("最后一天"), required=False, help_text=_("离队时填；还在队里请留空"))


class OrganisationForm(StationForm):
    name = words(_("名称"), most=LINE_MOST, error_messages={"required": _("请填写组织名称")})
    kind = chips(_("类型"), choices=OrganisationKind.choices)
    village = _village()
    standing = chips(_("登记备案"), choices=Standing.choices)
    number = words(_("登记号或备案号"), most=60, required=False)
    registered_on = DayField(label=_("登记或备案日期"), required=False)
    contact = words(_("联系人和电话"), most=120, required=False)
    members = forms.IntegerField(
        label=_("成员人数"), required=False, min_value=0, max_value=9999,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "width-short"}),
        error_messages={"invalid": _("请填整数"), "min_value": _("不能小于 0"), "max_value": _("太大了，请核对")},
    )  # fmt: skip
    ended_on = DayField(label=_("停止活动日期"), required=False)
    note = words(_("备注"), most=WORDS_MOST, rows=2, required=False)

    NAMES = ("name", "kind", "standing", "number", "registered_on", "contact", "members", "ended_on", "note")

    def __init__(self, data: Any = None, *, station: OrgUnit, organisation: Organisation | None = None) -> None:
        initial: dict[str, Any] = {"standing": Standing.NEITHER}
        if organisation is not None:
            initial = self.plain(organisation) | {"version": organisation.version}
        super().__init__(data, station=station, initial=initial)

    @classmethod
    def plain(cls, organisation: Organisation) -> dict[str, Any]:
        return {name: getattr(organisation, name) for name in cls.NAMES} | {"village": organisation.village_id}

    def entry(self) -> OrganisationEntry:
        return OrganisationEntry(station=self.station, **self.said(*self.NAMES))


class HelpForm(forms.Form):
    use_required_attribute = False

    happened_on = DayField(label=_("日期"))
    what = words(_("做了什么"), most=200, help_text=_("如“协助备案”“提供场地”“帮忙写活动方案”"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"happened_on": clock.today()})


# HOURS ---------------------------------------------------------------------


class TapForm(forms.Form):
    """Whom one taps, and how long each served: the same for all who were tapped together."""

    use_required_attribute = False

    volunteers = SeveralField(
        label=_("点选志愿者"), required=False, help_text=_("时长一样的一起点；不一样的分几次登记")
    )
    others = SeveralField(label=_("名单里没有的"), required=False)
    hours = hours_field(_("每人时长"), help_text=_("小时，不含往返路上的时间"))
    first = TimeOfDayField(label=_("开始"), required=False)
    last = TimeOfDayField(label=_("结束"), required=False)
    task = words(_("做什么"), most=60, required=False)

    def __init__(
        self, data: Any = None, *, people: Sequence[Volunteer], chosen: Sequence[Volunteer] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.warnings: list[Finding] = []
        self.fields["volunteers"].choices = [(str(one.pk), one.called) for one in people]  # type: ignore[attr-defined]
        self.chosen = [(one.pk, one.called) for one in chosen]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not typed.get("volunteers") and not typed.get("others"):
            self.add_error("volunteers", _("请点选至少一位志愿者"))
        return typed

    def hours_entries(self) -> list[HoursEntry]:
        c = self.cleaned_data
        return [
            HoursEntry(pk, c["hours"], c["first"], c["last"], c["task"])
            for pk in dict.fromkeys([*c["volunteers"], *c["others"]])
        ]


def tapped(data: Any) -> list[UUID]:
    """Whose keys stand in a form that was sent, beside those in sight."""
    return typed_ids(data.getlist("others")) if data is not None else []


class CorrectHoursForm(forms.Form):
    use_required_attribute = False

    hours = hours_field(_("时长"), help_text=_("小时，不含往返路上的时间"))
    first = TimeOfDayField(label=_("开始"), required=False)
    last = TimeOfDayField(label=_("结束"), required=False)
    task = words(_("做什么"), most=60, required=False)
    reason = words(_("更正理由"), most=100, help_text=_("一句话，如“时长填错”"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    NAMES = ("hours", "first", "last", "task")

    def __init__(self, data: Any = None, *, row: VolunteerHours) -> None:
        said = {name: getattr(row, name) for name in self.NAMES}
        super().__init__(data, initial={**said, "version": row.version})
        self.warnings: list[Finding] = []


class ReasonForm(forms.Form):
    """Why something is taken back."""

    use_required_attribute = False

    reason = words(_("理由"), most=200, error_messages={"required": _("请写明理由，如“重复登记”")})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class TeamServiceForm(TapForm):
    """What a team did on its own, and who served."""

    occurred_on = DayField(label=_("日期"))
    team = forms.ChoiceField(label=_("队伍"), required=False, error_messages={"invalid_choice": _("请重新选择")})
    title = words(_("做了什么"), most=LINE_MOST, error_messages={"required": _("请写明做了什么，如“清理村口河道”")})
    village = _village()
    place = words(_("地点"), most=60, required=False)
    workers = SeveralField(label=_("在场社工"), required=False)
    summary = words(_("经过"), most=4000, rows=4, required=False)
    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = words(_("更正理由"), most=200, help_text=_("一句话，如“日期填错”"))

    SAID = ("occurred_on", "title", "place", "summary")

    def __init__(
        self, data: Any = None, *, station: OrgUnit, team: Team | None = None, service: TeamService | None = None,
        chosen: Sequence[Volunteer] = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        initial: dict[str, Any] = {"occurred_on": clock.today(), "client_id": random_id()}
        if service is not None:
            initial |= self.plain(service) | {"version": service.record.version}
        elif team is not None:
            initial |= {"team": str(team.pk), "village": team.village_id}
        day = typed_day(data) if data is not None else initial["occurred_on"]
        people = [] if service else taking_part(station, day, team)
        super().__init__(data, people=people, chosen=chosen, initial=initial, **kwargs)
        self.station = station
        self._offer(station, day, service)

    def _offer(self, station: OrgUnit, day: Any, service: TeamService | None) -> None:
        fields: dict[str, Any] = self.fields
        fields["team"].choices = [("", _("不属于某支队")), *teams_on(station, day)]
        if service and service.team and str(service.team_id) not in dict(fields["team"].choices):
            fields["team"].choices.append((str(service.team_id), service.team.name))
        fields["workers"].choices = Choices(lambda: [(str(s.pk), s.name) for s in colleague_rows(station.pk, day)])
        held = villages_covered(station.pk, day).values("pk")
        kept = [self.initial["village"]] if self.initial.get("village") else []
        rows = Area.objects.filter(pk__in=held) | Area.objects.filter(pk__in=kept)
        fields["village"].queryset = rows.order_by("name", "id")
        for name in ("volunteers", "others", "hours", "first", "last", "task") if service else ("reason",):
            del fields[name]

    @classmethod
    def plain(cls, service: TeamService) -> dict[str, Any]:
        record = service.record
        return {
            "occurred_on": record.occurred_on, "title": service.title, "place": record.place,
            "summary": service.summary, "team": str(service.team_id or ""), "village": record.village_id,
            "workers": [str(one) for one in record.workers.order_by("position").values_list("staff_id", flat=True)],
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        return super().clean() if "volunteers" in self.fields else self.cleaned_data

    def entry(self) -> TeamServiceEntry:
        c = self.cleaned_data
        return TeamServiceEntry(
            station=self.station, team_id=UUID(c["team"]) if c["team"] else None, worker_ids=c["workers"],
            village_id=c["village"].pk if c["village"] else None, client_id=c["client_id"] or random_id(),
            hours=self.hours_entries() if "volunteers" in self.fields else [],
            **{name: c[name] for name in self.SAID},
        )  # fmt: skip


# CERTIFICATES --------------------------------------------------------------


class CertificateForm(forms.Form):
    """The days that a certificate covers, and what it is for."""

    use_required_attribute = False

    first = DayField(label=_("从"))
    last = DayField(label=_("到"))
    purpose = words(_("用途"), most=60, required=False, help_text=_("如“入学”“评优”；可不填"))
    contact = words(_("联系电话"), most=40, required=False, help_text=_("核实这份证明时打的电话"))

    def __init__(self, data: Any = None, *, volunteer: Volunteer) -> None:
        initial = {"first": volunteer.since, "last": clock.today(), "contact": installation_foot().phone}
        super().__init__(data, initial=initial)
        self.warnings: list[Finding] = []

    def entry(self) -> CertificateEntry:
        return CertificateEntry(**self.cleaned_data)
