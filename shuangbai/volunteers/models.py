"""Volunteers, teams and their hours, organisations of the neighbourhood, certificates. Ids tell no time."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import Person
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, OrgUnit
from shuangbai.services.models import ServiceRecord
from shuangbai.volunteers.enums import (
    TEAM_KINDS,
    MeritKind,
    OrganisationKind,
    ReportState,
    Standing,
    TeamRole,
    TeamStage,
)


def voided_for_a_reason(prefix: str) -> models.CheckConstraint:
    """Voided by somebody, on a moment, for a reason; or not at all."""
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
        | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
        name=f"{prefix}_voided_by_somebody_for_a_reason",
    )


class Volunteer(Entered):
    """Somebody who gives time to their neighbours, known to a station.

    Whoever is on file is named by `person`, and nothing that their file says is typed again; whoever is not has a name,
    and as much more as they told, of their own here.
    """

    PERSONAL: ClassVar = frozenset(
        {"person", "name", "initials", "sex", "birth_date", "birth_precision", "id_no", "id_hash", "phone",
         "phone_tails", "skills", "guardian", "platform_no", "left_reason", "note"}
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="volunteering")
    name = models.CharField("姓名", max_length=40, blank=True)
    initials = models.CharField(max_length=20, blank=True, editable=False)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    birth_precision = models.CharField("精确到", max_length=10, choices=BirthPrecision, default=BirthPrecision.DAY)
    id_no = EncryptedTextField("身份证号", blank=True, purpose="volunteer.id_no")
    id_hash = models.CharField(max_length=32, blank=True, editable=False)
    phone = EncryptedTextField("电话", blank=True, purpose="volunteer.phone")
    phone_tails = models.CharField(max_length=200, blank=True, editable=False)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    skills = models.CharField("特长", max_length=200, blank=True)
    times = models.JSONField("能参加的时间", default=list)
    platform_no = models.CharField("全国志愿服务信息系统编号", max_length=40, blank=True)
    since = models.DateField("加入日期")
    until = models.DateField("退出日期", null=True, blank=True)
    left_reason = models.CharField("退出原因", max_length=100, blank=True)
    guardian = EncryptedTextField("监护人", blank=True, purpose="volunteer.guardian")
    consented_on = models.DateField("监护人同意日期", null=True, blank=True)
    note = EncryptedTextField("备注", blank=True, purpose="volunteer.note")
    forgotten = models.BooleanField("资料已抹去", default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="volunteer_entered_once"),
            models.UniqueConstraint(
                fields=["station", "person"], condition=Q(until__isnull=True, person__isnull=False),
                name="volunteer_once_a_person",
            ),
            models.UniqueConstraint(
                fields=["station", "id_hash"], condition=Q(until__isnull=True) & ~Q(id_hash=""),
                name="volunteer_once_a_number",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="", id_hash="", birth_date__isnull=True)
                | Q(person__isnull=True) & ~Q(name=""),
                name="volunteer_on_file_or_named",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="volunteer_dates_in_order"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["station", "initials"], name="volunteer_typed")]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """Their name; of one on file, `person` has been fetched."""
        return self.person.name if self.person else self.name

    @property
    def born(self) -> date | None:
        return self.person.birth_date if self.person else self.birth_date

    @property
    def sex_word(self) -> str:
        return Sex(self.person.sex if self.person else self.sex).label

    @property
    def number(self) -> str:
        return self.person.id_no if self.person else self.id_no

    @property
    def telephone(self) -> str:
        return self.person.phone if self.person else self.phone

    def serves_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


class Team(Entered):
    """A team of volunteers (志愿队) that the station gathers or helps to grow. Where it stands is in TeamState."""

    PERSONAL: ClassVar = frozenset({"founder", "aim", "note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    name = models.CharField("队名", max_length=60)
    kind = models.CharField("类型", max_length=16)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    founded_on = models.DateField("成立日期")
    founder = models.CharField("发起人", max_length=60, blank=True)
    aim = models.CharField("做什么", max_length=200, blank=True)
    note = EncryptedTextField("备注", blank=True, purpose="team.note")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="team_entered_once"),
            models.UniqueConstraint(fields=["station", "name"], name="team_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="team_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_kind_display(self) -> str:
        return label_of(TEAM_KINDS, self.kind, self.founded_on)


class TeamState(Dated, Entered):
    """In which stage a team is from a day to a day, by whom that was found and on what ground."""

    PERSONAL: ClassVar = frozenset({"reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="states")
    stage = models.CharField("状态", max_length=10, choices=TeamStage)
    reason = models.CharField("依据", max_length=200)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "team"], condition=Q(ends_on__isnull=True), name="team_one_stage_now"
            ),
            models.UniqueConstraint(fields=["station", "team", "starts_on"], name="team_stage_once_a_day"),
            models.CheckConstraint(condition=~Q(reason=""), name="team_stage_has_reason"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.stage}"


class TeamMember(Dated, Entered):
    """A volunteer in a team, from a day to a day, in a role."""

    PERSONAL: ClassVar = frozenset({"volunteer", "role"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="members")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="teams")
    role = models.CharField("角色", max_length=10, choices=TeamRole, default=TeamRole.MEMBER)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "team", "volunteer"], condition=Q(ends_on__isnull=True), name="team_member_once"
            ),
            models.UniqueConstraint(
                fields=["station", "team"], condition=Q(ends_on__isnull=True, role="leader"), name="team_one_leader"
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.team_id} {self.volunteer_id}"


class Organisation(Entered):
    """An organisation of the neighbourhood (社区社会组织), registered, on file with its town, or neither."""

    PERSONAL: ClassVar = frozenset({"contact", "note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    name = models.CharField("名称", max_length=80)
    kind = models.CharField("类型", max_length=16, choices=OrganisationKind)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    standing = models.CharField("登记备案", max_length=12, choices=Standing, default=Standing.NEITHER)
    number = models.CharField("登记号或备案号", max_length=60, blank=True)
    registered_on = models.DateField("登记或备案日期", null=True, blank=True)
    contact = EncryptedTextField("联系人和电话", blank=True, purpose="organisation.contact")
    members = models.PositiveIntegerField("成员人数", null=True, blank=True)
    ended_on = models.DateField("停止活动日期", null=True, blank=True)
    note = EncryptedTextField("备注", blank=True, purpose="organisation.note")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="organisation_entered_once"),
            models.UniqueConstraint(fields=["station", "name"], name="organisation_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="organisation_has_name"),
            models.CheckConstraint(
                condition=~Q(standing="neither") | Q(number="", registered_on__isnull=True),
                name="organisation_number_of_standing",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationHelp(Entered):
    """What the station did for an organisation on a day. Nothing is altered: what was wrong is told by another line."""

    PERSONAL: ClassVar = frozenset({"what"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="helps")
    happened_on = models.DateField("日期")
    what = models.CharField("做了什么", max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(what=""), name="organisation_help_is_told")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.happened_on}"


class TeamService(models.Model):
    """What a team did on its own on a day: a detail on the spine, sharing its key. Who served are VolunteerHours."""

    PERSONAL: ClassVar = frozenset({"summary"})  # it may name people

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="team_service"
    )
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    team = models.ForeignKey(Team, verbose_name="队伍", on_delete=models.PROTECT, null=True, related_name="services")
    title = models.CharField("做了什么", max_length=80)
    summary = models.TextField("经过", blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="team_service_has_title")]

    def __str__(self) -> str:
        return self.title


class VolunteerHours(Entered):
    """How long a volunteer helped in one activity, visit or service of a team. Corrected with history, or voided."""

    PERSONAL: ClassVar = frozenset({"volunteer", "task", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    record = models.ForeignKey(ServiceRecord, on_delete=models.PROTECT, related_name="volunteer_hours")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="hours")
    hours = models.DecimalField("小时", max_digits=4, decimal_places=1)
    first = models.TimeField("开始", null=True, blank=True)
    last = models.TimeField("结束", null=True, blank=True)
    task = models.CharField("做什么", max_length=60, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "record", "volunteer"], condition=Q(voided_at__isnull=True),
                name="volunteer_hours_once_a_record",
            ),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="volunteer_hours_of_a_day"),
            models.CheckConstraint(
                condition=Q(first__isnull=True, last__isnull=True)
                | Q(first__isnull=False, last__isnull=False, last__gt=F("first")),
                name="volunteer_hours_times_in_order",
            ),
            voided_for_a_reason("volunteer_hours"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.volunteer_id} {self.hours}"


class TeamLink(Entered):
    """The secret address of a team's own page (队长页): until a day, or until the station switches it off.

    Of the address only a keyed hash is kept: it is shown once, and made anew when it was lost.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=32, editable=False)
    ends_on = models.DateField("用到哪天")
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "team"], condition=Q(ended_at__isnull=True), name="team_link_one_now"
            ),
            models.UniqueConstraint(fields=["station", "token_hash"], name="team_link_hash_once"),
            models.CheckConstraint(condition=~Q(token_hash=""), name="team_link_has_hash"),
        ]
        indexes = [models.Index(fields=["token_hash"], name="team_link_asked")]

    def __str__(self) -> str:
        return f"{self.team_id} {self.ends_on}"


class TeamReport(models.Model):
    """What a team's leader hands in from the team's own page. It counts nowhere until the station has accepted it."""

    PERSONAL: ClassVar = frozenset({"sender", "note", "answer"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="reports")
    client_id = models.UUIDField(editable=False)
    occurred_on = models.DateField("日期")
    title = models.CharField("做了什么", max_length=80)
    place = models.CharField("地点", max_length=60, blank=True)
    first = models.TimeField("开始", null=True, blank=True)
    last = models.TimeField("结束", null=True, blank=True)
    people = models.PositiveSmallIntegerField("一共来了几人")
    sender = models.CharField("填写人", max_length=40, blank=True)
    note = EncryptedTextField("经过", blank=True, purpose="team_report.note")
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.WAITING)
    version = models.PositiveIntegerField(default=1, editable=False)
    sent_at = models.DateTimeField("交来时间", default=clock.now, editable=False)
    answer = models.CharField("站里的话", max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    record = models.OneToOneField(
        ServiceRecord, on_delete=models.PROTECT, null=True, related_name="team_report", editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="team_report_sent_once"),
            models.CheckConstraint(condition=~Q(title="") & Q(people__gt=0), name="team_report_tells_something"),
            models.CheckConstraint(
                condition=Q(first__isnull=True, last__isnull=True)
                | Q(first__isnull=False, last__isnull=False, last__gt=F("first")),
                name="team_report_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"], decided_by__isnull=True, decided_at__isnull=True)
                | Q(state="accepted", decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["returned", "refused"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(answer=""),
                name="team_report_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", record__isnull=False) | ~Q(state="accepted") & Q(record__isnull=True),
                name="team_report_accepted_is_a_record",
            ),
        ]
        indexes = [models.Index(fields=["station", "state"], name="team_report_state")]

    def __str__(self) -> str:
        return self.title


class TeamReportHelper(models.Model):
    """How long a member served, as the leader says."""

    PERSONAL: ClassVar = frozenset({"volunteer"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    report = models.ForeignKey(TeamReport, on_delete=models.CASCADE, related_name="helpers")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="+")
    hours = models.DecimalField("小时", max_digits=4, decimal_places=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "report", "volunteer"], name="team_report_helper_once"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=24), name="team_report_hours_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.hours}"


class Merit(Entered):
    """A training, an award, praise or a complaint of a volunteer or a team, on a day. Voided where it was wrong."""

    PERSONAL: ClassVar = frozenset({"volunteer", "title", "giver", "note", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, null=True, related_name="merits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="merits")
    kind = models.CharField("类别", max_length=10, choices=MeritKind)
    happened_on = models.DateField("日期")
    title = models.CharField("内容", max_length=80)
    giver = models.CharField("由谁", max_length=60, blank=True)
    hours = models.DecimalField("培训小时", max_digits=5, decimal_places=1, null=True, blank=True)
    note = EncryptedTextField("说明", blank=True, purpose="merit.note")
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volunteer__isnull=True, team__isnull=False) | Q(volunteer__isnull=False, team__isnull=True),
                name="merit_of_volunteer_or_team",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="merit_is_told"),
            voided_for_a_reason("merit"),
        ]

    def __str__(self) -> str:
        return self.title


class Certificate(Entered):
    """A certificate of volunteer service (志愿服务记录证明) as it was issued; `said` is all that it says, as JSON."""

    PERSONAL: ClassVar = frozenset({"volunteer", "said", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    volunteer = models.ForeignKey(Volunteer, on_delete=models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    number = models.CharField("编号", max_length=40)
    first = models.DateField("起")
    last = models.DateField("止")
    hours = models.DecimalField("小时", max_digits=7, decimal_places=1)
    issued_on = models.DateField("出具日期")
    said = EncryptedTextField(purpose="certificate.said", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("收回理由", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "year", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(fields=["station", "number"], name="certificate_number_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="certificate_dates_in_order"),
            models.CheckConstraint(condition=Q(hours__gt=0), name="certificate_of_something"),
            voided_for_a_reason("certificate"),
        ]

    def __str__(self) -> str:
        return self.number
