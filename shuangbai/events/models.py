"""An activity before it is one: the plan, who signed up, and afterwards what people said (docs/adr/0064).

What was done on the day is an activity on the spine; a plan points to it. Ids are random. Who signs up is encrypted,
has no history and is deleted some days after; what was said afterwards has neither a sender nor a moment.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Activity
from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Entered
from shuangbai.core.strangers import new_token
from shuangbai.events.enums import ChildBand, EventState, Gated, Grade
from shuangbai.households.models import Person
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.services.models import Campaign


def _station() -> models.ForeignKey:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


class Event(Entered):
    """One planned activity (一场活动的策划).

    `steps` are [when, what, who], `budget` [item, planned, actual or "", source], money as text. `public`: whether its
    page for signing up is on. `tally` is kept from the list of names when the activity was held: these are deleted.
    """

    PERSONAL: ClassVar = frozenset({"aim", "steps", "risks", "publicity", "cancel_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    title = models.CharField("活动名称", max_length=80)
    kind = models.CharField("类型", max_length=16)
    series = models.CharField("系列", max_length=60, blank=True)
    campaign = models.ForeignKey(
        Campaign, verbose_name="专项", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    held_on = models.DateField("哪天")
    starts_at = models.TimeField("几点开始", null=True, blank=True)
    ends_at = models.TimeField("几点结束", null=True, blank=True)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField("地点", max_length=60, blank=True)
    partners = models.CharField("合作单位", max_length=120, blank=True)
    aim = models.TextField("目的", blank=True)
    audience = models.CharField("给谁办的", max_length=120, blank=True)
    steps = models.JSONField("流程与分工", default=list)
    budget = models.JSONField("预算", default=list)
    risks = models.TextField("风险与应对", blank=True)
    publicity = models.TextField("怎样宣传", blank=True)
    places = models.PositiveSmallIntegerField("名额", null=True, blank=True)
    waiting_most = models.PositiveSmallIntegerField("候补", default=10)
    closes_on = models.DateField("报名截止", null=True, blank=True)
    for_children = models.BooleanField("给孩子报名", default=False)
    public = models.BooleanField("网上报名", default=True, editable=False)
    token = models.CharField(max_length=20, default=new_token, unique=True, editable=False)
    say_token = models.CharField(max_length=20, default=new_token, unique=True, editable=False)
    say_until = models.DateField("反馈截止", null=True, editable=False)
    state = models.CharField("状态", max_length=10, choices=EventState, default=EventState.PREPARING, editable=False)
    cancel_reason = models.CharField("取消原因", max_length=200, blank=True, editable=False)
    activity = models.OneToOneField(Activity, on_delete=models.PROTECT, null=True, related_name="event", editable=False)
    tally = models.JSONField("报名与到场", default=dict, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="event_sent_once"),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_title"),
            models.CheckConstraint(
                condition=Q(state="held", activity__isnull=False) | ~Q(state="held") & Q(activity__isnull=True),
                name="event_held_is_an_activity",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled") & ~Q(cancel_reason="") | ~Q(state="cancelled") & Q(cancel_reason=""),
                name="event_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="open") | Q(places__isnull=False), name="event_open_has_places"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="event_ends_after_it_starts"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["station", "held_on"], name="event_list")]

    def __str__(self) -> str:
        return self.title

    def get_kind_display(self) -> str:
        """What the city called the kind on the day of the activity."""
        return label_of(KINDS, self.kind, self.held_on)


class EventMove(Entered):
    """That an event came from one state to another: by whom is `entered_by`. Nothing here is altered."""

    PERSONAL: ClassVar = frozenset({"reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="moves", editable=False)
    was = models.CharField(max_length=10, choices=EventState, editable=False)
    became = models.CharField(max_length=10, choices=EventState, editable=False)
    reason = models.CharField("原因", max_length=200, blank=True, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(was=F("became")), name="event_move_changes_state")]

    def __str__(self) -> str:
        return f"{self.was} {self.became}"


class SignUp(models.Model):
    """Somebody who wants to come, with `people` of them together; a child with who answers for it.

    `entered_by` is empty where they did it themselves. `came`: how many of them were there; empty while nobody said.
    `person` is who of the families it is, as the worker chose. Withdrawn, nothing of the person is left in the row.
    """

    PERSONAL: ClassVar = frozenset({"name", "phone", "guardian", "person"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="sign_ups", editable=False)
    client_id = models.UUIDField(editable=False)
    secret = models.CharField(max_length=20, default=new_token, unique=True, editable=False)
    number = models.PositiveIntegerField("序号", editable=False)
    name = EncryptedTextField("姓名", purpose="sign_up.name", blank=True)
    phone = EncryptedTextField("电话", purpose="sign_up.phone", blank=True)
    guardian = EncryptedTextField("监护人", purpose="sign_up.guardian", blank=True)
    age_band = models.CharField("年龄段", max_length=8, choices=ChildBand, blank=True)
    people = models.PositiveSmallIntegerField("几个人", default=1)
    waiting = models.BooleanField("候补", default=False)
    moved_up_at = models.DateTimeField("递补时间", null=True)
    came = models.PositiveSmallIntegerField("到场", null=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField("报名时间", default=clock.now, editable=False)
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    withdrawn_at = models.DateTimeField("取消报名时间", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "event", "client_id"], name="sign_up_sent_once"),
            models.UniqueConstraint(fields=["station", "event", "number"], name="sign_up_number_once"),
            models.UniqueConstraint(
                fields=["station", "event", "person"], condition=Q(person__isnull=False), name="sign_up_person_once"
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="sign_up_is_of_somebody"),
            models.CheckConstraint(
                condition=Q(came__isnull=True) | Q(waiting=False), name="sign_up_waiting_did_not_come"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | Q(age_band="", person__isnull=True, came__isnull=True),  # what is encrypted no database can compare
                name="sign_up_withdrawn_is_empty",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.event_id} {self.number}"


class Remark(models.Model):
    """What somebody said of an activity afterwards: who and when is not kept."""

    PERSONAL: ClassVar = frozenset({"good", "change"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="remarks", editable=False)
    client_id = models.UUIDField(editable=False)
    grade = models.CharField("满意吗", max_length=1, choices=Grade)
    good = EncryptedTextField("好在哪里", purpose="remark.good", blank=True)
    change = EncryptedTextField("哪里要改", purpose="remark.change", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "event", "client_id"], name="remark_sent_once"),
            models.CheckConstraint(condition=Q(grade__in=Grade.values), name="remark_has_a_grade"),
        ]

    def __str__(self) -> str:
        return self.grade


class Gate(models.Model):
    """How many sendings of an event's public page were let in within a minute of the machine's clock."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="gates", editable=False)
    page = models.CharField(max_length=8, choices=Gated, editable=False)
    minute = models.BigIntegerField(default=0)
    let_in = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "event", "page"], name="gate_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.page}"
