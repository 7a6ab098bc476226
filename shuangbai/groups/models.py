"""Social groups: the plan, who takes part, and each session as a detail on the spine (docs/adr/0062).

Ids are random. What is said of single members (why somebody left or was not taken, how they were with each other, what
the worker thinks of it) is encrypted, in the history too.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.core.models import Entered
from shuangbai.groups.enums import KINDS, AgeBand, DraftPage, GroupState, Phase, Presence, Reached
from shuangbai.households.models import Person
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.services.models import Known, Noted, ServiceRecord


def _station() -> models.ForeignKey:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


class Group(Entered):
    """One group (一个小组): why, what for, how; later, what came of it. `begun_on`: since when it is prepared.

    `plan` are the planned sessions as [number, day or "", theme]; `satisfaction` counts of answers by grade, nobody
    named; `measure` what the members' points before and after are of.
    """

    PERSONAL: ClassVar = frozenset({
        "target", "need", "goals", "recruiting", "risks", "agreement", "process", "outcome", "reached_note",
        "cancel_reason",
    })  # fmt: skip

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    title = models.CharField("小组名称", max_length=60)
    kind = models.CharField("类型", max_length=16)
    begun_on = models.DateField("开始筹备")
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    coworker = models.ForeignKey(
        Staff, verbose_name="协同社工", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField("地点", max_length=60, blank=True)
    target = models.CharField("招募对象", max_length=120, blank=True)
    size = models.PositiveSmallIntegerField("计划人数", null=True, blank=True)
    need = models.TextField("需求与背景", blank=True)
    theory = models.TextField("理论", blank=True)
    goals = models.TextField("目标", blank=True)
    recruiting = models.TextField("怎样招募、筛选", blank=True)
    plan = models.JSONField("各节计划", default=list)
    budget = models.DecimalField("预算", max_digits=9, decimal_places=2, null=True, blank=True)
    budget_note = models.CharField("预算说明", max_length=200, blank=True)
    risks = models.TextField("风险与应对", blank=True)
    agreement = models.TextField("小组契约", blank=True)
    agreed_on = models.DateField("约定日期", null=True, blank=True)
    measure = models.CharField("前后测量什么", max_length=60, blank=True)
    satisfaction = models.JSONField("满意度", default=dict)
    process = models.TextField("过程评估", blank=True)
    outcome = models.TextField("成效评估", blank=True)
    reached = models.CharField("目标达成", max_length=8, choices=Reached, blank=True)
    reached_note = models.TextField("目标达成说明", blank=True)
    state = models.CharField("状态", max_length=10, choices=GroupState, default=GroupState.PREPARING, editable=False)
    ended_on = models.DateField("结束日期", null=True, editable=False)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="group_sent_once"),
            models.CheckConstraint(condition=~Q(title=""), name="group_has_title"),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) | ~Q(state="ended") & Q(ended_on__isnull=True),
                name="group_ends_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancel_reason="") | ~Q(state="cancelled") & Q(cancel_reason=""),
                name="group_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(coworker__isnull=True) | ~Q(coworker=F("worker")), name="group_coworker_is_another"
            ),
        ]
        indexes = [models.Index(fields=["station", "state", "begun_on"], name="group_list")]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """What the city called the kind on the day from which the group is prepared."""
        return label_of(KINDS, self.kind, self.begun_on)


class GroupMove(Entered):
    """That a group came from one state to another: by whom is `entered_by`. Nothing here is altered."""

    PERSONAL: ClassVar = frozenset({"reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="moves", editable=False)
    was = models.CharField(max_length=10, choices=GroupState, editable=False)
    became = models.CharField(max_length=10, choices=GroupState, editable=False)
    moved_on = models.DateField("日期", editable=False)
    reason = models.CharField("原因", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(was=F("became")), name="group_move_changes_state")]

    def __str__(self) -> str:
        return f"{self.was} {self.became}"


class GroupDraft(models.Model):
    """What somebody typed in a form of a group and has not saved: theirs alone, without history (docs/adr/0042).

    `page` names the form; `typed` is its fields as they were sent, as JSON: name, and list of values.
    """

    PERSONAL: ClassVar = frozenset({"typed"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="drafts")
    page = models.CharField(max_length=20, choices=DraftPage, editable=False)
    typed = EncryptedTextField("填了的内容", purpose="group_draft.typed")
    updated_at = models.DateTimeField("存下时间", default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "entered_by", "group", "page"], name="group_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.updated_at:%Y-%m-%d}"


class GroupMember(Entered):
    """Who takes part, or was talked with and not taken: somebody of the station's families, or somebody only named."""

    PERSONAL: ClassVar = frozenset(
        {"person", "name", "consent", "left_reason", "refused_reason", "note", "score_before", "score_after"}
    )

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members", editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="groups", editable=False)
    name = models.CharField("姓名", max_length=40, blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex, blank=True)
    age_band = models.CharField("年龄段", max_length=8, choices=AgeBand, blank=True)
    joined_on = models.DateField("入组日期", null=True)
    left_on = models.DateField("离组日期", null=True, blank=True)
    left_reason = EncryptedTextField("离组原因", purpose="group_member.left_reason", blank=True)
    refused_reason = EncryptedTextField("不入组原因", purpose="group_member.refused_reason", blank=True)
    consented_on = models.DateField("监护人同意日期", null=True, blank=True)
    consent = EncryptedTextField("谁同意的", purpose="group_member.consent", blank=True)
    note = EncryptedTextField("面谈筛选", purpose="group_member.note", blank=True)
    score_before = models.DecimalField("前测得分", max_digits=6, decimal_places=1, null=True, blank=True)
    score_after = models.DecimalField("后测得分", max_digits=6, decimal_places=1, null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    same = Known(from_fields=["person"], to_fields=["person"])
    history = HistoricalRecords(excluded_fields=["same"])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "group", "person"], condition=Q(person__isnull=False), name="group_member_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, name="") | (Q(person__isnull=True) & ~Q(name="")),
                name="group_member_is_known_or_named",
            ),
            models.CheckConstraint(
                condition=Q(joined_on__isnull=False) | Q(left_on__isnull=True), name="group_member_leaves_after_joining"
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="group_member_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.joined_on}"


class GroupSession(models.Model):
    """One session (一节): a detail that shares the record's key. `guests` counts by group who is not on the list."""

    PERSONAL: ClassVar = frozenset({"theme", "process", "interaction", "reflection", "following"})

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="group_session"
    )
    station = _station()
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField("第几节")
    minutes = models.PositiveSmallIntegerField("分钟", null=True, blank=True)
    phase = models.CharField("阶段", max_length=12, choices=Phase)
    theme = models.CharField("主题", max_length=80)
    process = models.TextField("过程", blank=True)
    interaction = EncryptedTextField("组员互动", purpose="group_session.interaction", blank=True)
    reflection = EncryptedTextField("反思", purpose="group_session.reflection", blank=True)
    following = EncryptedTextField("下一节", purpose="group_session.following", blank=True)
    guests = models.JSONField("来宾人数", default=dict)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="group_session_numbers_from_one")]

    def __str__(self) -> str:
        return f"{self.group} 第 {self.number} 节"


class Attendance(models.Model):
    """Whether a member was at a session. `person` is the member's, beside it so that figures need no further join."""

    PERSONAL: ClassVar = frozenset({"person", "reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = _station()
    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="attendance")
    member = models.ForeignKey(GroupMember, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    presence = models.CharField("到场", max_length=8, choices=Presence)
    reason = EncryptedTextField("没来的原因", purpose="attendance.reason", blank=True)
    standings = Noted(from_fields=["record", "person"], to_fields=["occasion", "person"])
    same = Known(from_fields=["person"], to_fields=["person"])
    history = HistoricalRecords(excluded_fields=["standings", "same"])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "record", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.presence}"
