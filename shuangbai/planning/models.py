"""What is asked of stations and told of them without records: opening balances, targets, demanded forms."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.core.periods import Period
from shuangbai.network.models import OrgUnit
from shuangbai.planning.enums import FilledBy, Often, ReportedState

STANDING = Q(voided_at__isnull=True)  # the balances that were not voided


class OpeningBalance(Entered):
    """A total of a figure from before the system, for a unit and a period (both ends included), with its source.

    There is no record behind it: reports print it apart (reports/beside.py). Never deleted: voided, with a reason.
    """

    PERSONAL: ClassVar = frozenset({"keeper", "note", "void_reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(OrgUnit, verbose_name="机构", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("指标", max_length=8)
    first_on = models.DateField("从")
    last_on = models.DateField("到")
    number = models.DecimalField("数", max_digits=12, decimal_places=1)
    title = models.CharField("文件名称", max_length=100)
    document_no = models.CharField("文号或编号", max_length=60, blank=True)
    document_on = models.DateField("文件日期", null=True, blank=True)
    keeper = models.CharField("谁保管", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="balance_dates_in_order"),
            models.CheckConstraint(condition=Q(number__gt=0), name="balance_number_positive"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(code=""), name="balance_has_source"),
            models.CheckConstraint(
                condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
                | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="balance_voided_by_somebody_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["code", "unit"], name="balance_figure")]

    def __str__(self) -> str:
        return f"{self.code} {self.first_on} {self.last_on}"

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on)

    @property
    def source(self) -> str:
        """The document in words: its title, number, date, and who keeps it."""
        day = f"{self.document_on:%Y-%m-%d}" if self.document_on else ""
        more = [part for part in (self.document_no, day, f"{self.keeper}保管" if self.keeper else "") if part]
        return f"《{self.title.strip('《》')}》{'，'.join(['', *more])}"

    @property
    def plain(self) -> int | float:
        """The number without a needless decimal."""
        return int(self.number) if self.number == int(self.number) else float(self.number)


class Target(Entered):
    """What a station means to reach of a figure in a calendar year. No number: it was taken back."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    year = models.PositiveSmallIntegerField("年度", editable=False)
    code = models.CharField("指标", max_length=8, editable=False)
    number = models.PositiveIntegerField("任务", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "year", "code"], name="target_once_a_year"),
            models.CheckConstraint(condition=Q(number__isnull=True) | Q(number__gte=1), name="target_is_positive"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2200), name="target_year_in_reason"),
        ]
        indexes = [models.Index(fields=["year", "station"], name="target_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.code} {self.number}"


class DemandedForm(Dated, Entered):
    """A form that somebody demands of stations. `ends_on` with `end_reason`: it was ended; without: as was planned.

    `minutes`: what filling it once costs a station. `address`: the page of ours that fills it.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("报表名称", max_length=60)
    asker = models.CharField("谁要的", max_length=60)
    ground = models.CharField("依据", max_length=120, blank=True)
    often = models.CharField("多久填一次", max_length=12, choices=Often)
    times_a_year = models.PositiveSmallIntegerField("一年大约几次", null=True, blank=True)
    minutes = models.PositiveIntegerField("填一次几分钟")
    filled_by = models.CharField("系统哪张报表能填", max_length=10, choices=FilledBy, default=FilledBy.NONE)
    address = models.CharField("在系统里的地址", max_length=300, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    end_reason = models.CharField("停用理由", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(asker=""), name="demand_has_name"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="demand_costs_time"),
            models.CheckConstraint(
                condition=Q(often=Often.IRREGULAR, times_a_year__isnull=False, times_a_year__gte=1)
                | (~Q(often=Often.IRREGULAR) & Q(times_a_year__isnull=True)),
                name="demand_irregular_says_how_often",
            ),
            models.CheckConstraint(condition=Q(end_reason="") | Q(ends_on__isnull=False), name="demand_ended_on_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.name


class DemandUnit(models.Model):
    """Of whom a form is demanded: a station, or every station under a unit."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    form = models.ForeignKey(DemandedForm, on_delete=models.CASCADE, related_name="demanded_of")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "unit"], name="demand_unit_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.unit_id}"


class ReportedForm(Entered):
    """A form that a station says is demanded of it and is not in the catalogue, and what became of that."""

    PERSONAL: ClassVar = frozenset({"said", "answer"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False)
    name = models.CharField("报表名称", max_length=60)
    asker = models.CharField("谁要的", max_length=60)
    minutes = models.PositiveIntegerField("填一次几分钟", null=True, blank=True)
    said = models.CharField("说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=10, choices=ReportedState, default=ReportedState.WAITING)
    form = models.ForeignKey(DemandedForm, on_delete=models.PROTECT, null=True, related_name="reported", editable=False)
    answer = models.CharField("答复", max_length=200, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(asker=""), name="reported_form_has_name"),
            models.CheckConstraint(
                condition=Q(state="taken", form__isnull=False) | (~Q(state="taken") & Q(form__isnull=True)),
                name="reported_form_taken_into_one",
            ),
            models.CheckConstraint(
                condition=Q(state="declined") & ~Q(answer="") | ~Q(state="declined") & Q(answer=""),
                name="reported_form_declined_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.name
