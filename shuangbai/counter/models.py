"""Small things that are counted too: consultations and leaflets as records, goods and funds, venues (docs/adr/0067)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.queries import label_of
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Entered
from shuangbai.counter.enums import (
    INS,
    OUTS,
    TOPICS,
    Condition,
    MoveWay,
    Outcome,
    StockKind,
    VenueState,
    Way,
)
from shuangbai.households.models import Household
from shuangbai.network.models import Area, OrgUnit
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import ServiceRecord


def _station() -> models.ForeignKey:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


# RECORDS -------------------------------------------------------------------


class Consultation(models.Model):
    """Somebody asked something: a detail on the spine, sharing its key. Who asked are the record's contacts.

    `many` came together. `group` counts those who are not on file; `name` is what one of them is called, if said.
    """

    PERSONAL: ClassVar = frozenset({"name", "summary"})  # what was asked may name people

    record = models.OneToOneField(
        ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="consultation"
    )
    station = _station()
    topic = models.CharField("咨询内容", max_length=16)
    way = models.CharField("方式", max_length=8, choices=Way)
    outcome = models.CharField("结果", max_length=8, choices=Outcome)
    name = EncryptedTextField("姓名", purpose="consultation.name", blank=True)
    group = models.CharField("来的是", max_length=10, choices=HeadGroup)
    many = models.PositiveSmallIntegerField("人数", default=1)
    summary = models.CharField("问了什么", max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(topic=""), name="consultation_has_topic"),
            models.CheckConstraint(condition=Q(many__gte=1), name="consultation_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()}咨询"

    def get_topic_display(self) -> str:
        """What the city called the topic on the day."""
        return label_of(TOPICS, self.topic, self.record.occurred_on)


class Handout(models.Model):
    """Leaflets handed out outside activities: a detail on the spine, sharing its key. It reached nobody by name."""

    record = models.OneToOneField(ServiceRecord, on_delete=models.CASCADE, primary_key=True, related_name="handout")
    station = _station()
    title = models.CharField("资料", max_length=60)
    copies = models.PositiveIntegerField("份数")
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="handout_has_title"),
            models.CheckConstraint(condition=Q(copies__gte=1), name="handout_of_copies"),
        ]

    def __str__(self) -> str:
        return self.title


# GOODS AND FUNDS -------------------------------------------------------------


class StockItem(Entered):
    """Something that the station keeps an account of: goods by a unit, or money."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    kind = models.CharField("是什么", max_length=8, choices=StockKind)
    name = models.CharField("名称", max_length=40)
    unit = models.CharField("单位", max_length=8)
    note = models.CharField("说明", max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="stock_item_sent_once"),
            models.UniqueConstraint(fields=["station", "name"], name="stock_item_named_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(unit=""), name="stock_item_has_name_and_unit"),
        ]

    def __str__(self) -> str:
        return self.name


class StockMove(Entered):
    """What came in, went out, was found otherwise or taken back. `quantity` is signed. Nothing here is altered.

    A reversal bears the day of what it takes back, so that both cancel out on every day after.
    """

    PERSONAL: ClassVar = frozenset({"whom", "household", "reason", "stored"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="moves", editable=False)
    moved_on = models.DateField("日期")
    way = models.CharField("怎么进出", max_length=10, choices=MoveWay)
    quantity = models.DecimalField("数量", max_digits=11, decimal_places=2)
    value = models.DecimalField("价值（元）", max_digits=11, decimal_places=2, null=True, blank=True)
    whom = EncryptedTextField("来源或去向", purpose="stock_move.whom", blank=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    receipt_no = models.CharField("票据号", max_length=40, blank=True)
    stored = models.CharField("票据", max_length=40, blank=True, editable=False)
    counted = models.DecimalField("盘点实有", max_digits=11, decimal_places=2, null=True)
    reason = models.CharField("理由", max_length=120, blank=True)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="stock_move_sent_once"),
            models.UniqueConstraint(
                fields=["station", "reverses"], condition=Q(reverses__isnull=False), name="stock_move_reversed_once"
            ),
            models.CheckConstraint(
                condition=Q(way__in=[str(way) for way in INS], quantity__gt=0)
                | Q(way__in=[str(way) for way in OUTS], quantity__lt=0)
                | Q(way__in=["count", "reversal"]),
                name="stock_move_goes_its_way",
            ),
            models.CheckConstraint(
                condition=Q(way="count", counted__gte=0) | (~Q(way="count") & Q(counted__isnull=True)),
                name="stock_move_counted",
            ),
            models.CheckConstraint(
                condition=(Q(way="reversal", reverses__isnull=False) & ~Q(reason=""))
                | (~Q(way="reversal") & Q(reverses__isnull=True)),
                name="stock_move_reversed_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(way="count") | Q(quantity=0) | ~Q(reason=""), name="stock_move_difference_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=True) | Q(way__in=["family", "reversal"]), name="stock_move_to_a_family"
            ),
        ]
        indexes = [models.Index(fields=["item", "moved_on"], name="stock_move_item")]

    def __str__(self) -> str:
        return f"{self.moved_on} {self.quantity}"


# VENUES ----------------------------------------------------------------------


class Venue(Entered):
    """A place that the station looks after for others to use. Its equipment and checks are rows of their own."""

    PERSONAL: ClassVar = frozenset({"caretaker", "phone"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    name = models.CharField("名称", max_length=40)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    address = models.CharField("在哪里", max_length=80, blank=True)
    opened_on = models.DateField("启用日期")
    hours = models.CharField("开放时间", max_length=80, blank=True)
    caretaker = EncryptedTextField("管理人", purpose="venue.caretaker", blank=True)
    phone = EncryptedTextField("管理人电话", purpose="venue.phone", blank=True)
    check_months = models.PositiveSmallIntegerField("几个月检查一次", default=3)
    state = models.CharField("状态", max_length=8, choices=VenueState, default=VenueState.OPEN)
    closed_on = models.DateField("停用日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="venue_sent_once"),
            models.UniqueConstraint(fields=["station", "name"], name="venue_named_once"),
            models.CheckConstraint(condition=~Q(name=""), name="venue_has_name"),
            models.CheckConstraint(condition=Q(check_months__gte=1), name="venue_is_checked"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False, closed_on__gte=models.F("opened_on"))
                | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="venue_closed_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class VenueItem(models.Model):
    """A piece of equipment, how it was when it was last looked at; `removed_on`: it is no longer there."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="items")
    name = models.CharField("设备", max_length=40)
    condition = models.CharField("状况", max_length=8, choices=Condition, default=Condition.GOOD)
    checked_on = models.DateField("检查日期", null=True)
    removed_on = models.DateField("拆除日期", null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "venue", "name"], name="venue_item_once"),
            models.CheckConstraint(condition=~Q(name=""), name="venue_item_has_name"),
        ]

    def __str__(self) -> str:
        return self.name


class VenueCheck(Entered):
    """A look over the whole place: `found` are the pieces as [name, condition]. Nothing here is altered."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField("检查日期")
    safe = models.BooleanField("可以放心用")
    note = models.CharField("说明", max_length=200, blank=True)
    found = models.JSONField("各样设备", default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="venue_check_sent_once"),
            models.CheckConstraint(condition=Q(safe=True) | ~Q(note=""), name="venue_check_says_what_is_wrong"),
        ]
        indexes = [models.Index(fields=["venue", "checked_on"], name="venue_check_venue")]

    def __str__(self) -> str:
        return f"{self.checked_on}"


class VenueCount(Entered):
    """How many people used a place on a day, counted once a day; said anew, the history keeps what was said before."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="counts")
    counted_on = models.DateField("日期")
    heads = models.PositiveIntegerField("人次")
    method = models.CharField("怎么数的", max_length=10, choices=CountMethod)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "venue", "counted_on"], name="venue_counted_once_a_day"),
            models.CheckConstraint(condition=Q(heads__gte=1), name="venue_count_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.counted_on} {self.heads}"


class VenueUse(Entered):
    """That an activity was held at a venue; taken back, the row goes and the trail keeps that it was."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="uses")
    record = models.ForeignKey(ServiceRecord, on_delete=models.CASCADE, related_name="venue_uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "record"], name="venue_of_a_record_once")]

    def __str__(self) -> str:
        return f"{self.venue_id} {self.record_id}"
