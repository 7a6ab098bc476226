"""Families and the people in them, dated: who belonged, who carried which category, who kept the file."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from shuangbai.codes.queries import label_of
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.history import LeanHistory
from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated, Entered
from shuangbai.households import known  # noqa: F401  tables of this room, in a file of their own
from shuangbai.households.enums import (
    GRADES,
    BirthPrecision,
    CloseReason,
    Colour,
    FileState,
    FindKind,
    IdState,
    PauseReason,
    Relation,
    TagEnd,
    TagSource,
    TagUnit,
)
from shuangbai.network.enums import Sex
from shuangbai.network.models import Area, OrgUnit, Staff


class Category(Dated):
    """A category that a person or a household can carry (对象类别), valid from a day to a day."""

    code = models.CharField("代码", max_length=30, unique=True)
    name = models.CharField("名称", max_length=30)
    group = models.CharField("组别", max_length=20)
    unit = models.CharField("单位", max_length=10, choices=TagUnit)
    statutory = models.BooleanField("来自政府名单")
    # That somebody carries it is itself a secret (docs/adr/0047).
    restricted = models.BooleanField("保密类别", default=False, db_default=False)
    jinmin_code = models.CharField("金民代码", max_length=10, blank=True)
    old_names = models.JSONField("旧称", default=list)
    min_age = models.PositiveSmallIntegerField("最小年龄", null=True)
    max_age = models.PositiveSmallIntegerField("最大年龄", null=True)
    position = models.PositiveSmallIntegerField("次序")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(max_age__gte=models.F("min_age")),
                name="category_ages_in_order",
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def open_name(self) -> str:
        """What the trail says of it, which others read than those who work on the family."""
        return "保密类别" if self.restricted else self.name


class CategoryList(models.Model):
    """A named list of categories that a figure counts by, such as 民政对象."""

    code = models.CharField("代码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30)

    def __str__(self) -> str:
        return self.name


class CategoryListItem(Dated):
    """That a category is on a list from a day to a day."""

    list = models.ForeignKey(CategoryList, on_delete=models.CASCADE, related_name="items")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "category", "starts_on"], name="list_item_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.list_id} {self.category_id}"


class Household(Entered):
    """A family at one address. `station` made it and never changes; who serves it is HouseholdStation."""

    PERSONAL: ClassVar = frozenset({"head_name", "group", "address", "phone", "phone_tails", "note"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    head_name = models.CharField("户主姓名", max_length=40, editable=False)
    village = models.ForeignKey(Area, verbose_name="村居", on_delete=models.PROTECT, related_name="+")
    group = models.CharField("村民小组", max_length=30, blank=True)
    address = EncryptedTextField("门牌地址", blank=True, purpose="household.address")
    # One or several, each with whose it is, as it was typed (core.telephones, docs/adr/0054).
    phone = EncryptedTextField("联系电话", blank=True, purpose="household.phone")
    phone_tails = models.CharField(max_length=200, blank=True, editable=False)  # of each, apart by spaces
    note = models.TextField("备注", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = LeanHistory()

    class Meta:
        indexes = [models.Index(fields=["village"], name="household_village")]

    def __str__(self) -> str:
        return f"{self.head_name}户"


class HouseholdStation(Dated):
    """A station that serves the family, from a day on: the maker, one it moved to, or a neighbour's.

    `with_history`: the family agreed that the station reads what others wrote before (docs/adr/0041).
    """

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="serving", db_index=False)
    with_history = models.BooleanField("带着以前的记录", default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "household", "starts_on"], name="serving_once_a_day"),
            *Dated.Meta.constraints,
        ]
        indexes = [models.Index(fields=["household", "station"], name="serving_household")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.household_id}"


class Residence(Dated):
    """In which village the family lived, from a day to a day; the current one also stands on Household."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="residences")
    village = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "household", "starts_on"], name="residence_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.village_id}"


class Person(Entered):
    """Somebody. Age is always computed as of a day; the ID is optional and never a key."""

    PERSONAL: ClassVar = frozenset(
        {"name", "initials", "sex", "birth_date", "birth_precision", "id_no", "id_hash", "id_tail", "phone",
         "phone_tails", "died_on"}
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    name = models.CharField("姓名", max_length=40)
    initials = models.CharField(max_length=20, blank=True, editable=False)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField("出生日期", null=True, blank=True)
    birth_precision = models.CharField("精确到", max_length=10, choices=BirthPrecision, default=BirthPrecision.DAY)
    id_no = EncryptedTextField("身份证号", blank=True, purpose="person.id_no")
    id_hash = models.CharField(max_length=32, blank=True, editable=False)
    id_tail = models.CharField(max_length=32, blank=True, editable=False)
    id_state = models.CharField(max_length=10, choices=IdState, default=IdState.MISSING, editable=False)
    phone = EncryptedTextField("电话", blank=True, purpose="person.phone")
    phone_tails = models.CharField(max_length=200, blank=True, editable=False)  # of each, apart by spaces
    died_on = models.DateField("死亡日期", null=True, blank=True)
    # Made anonymous for good (households/forgetting.py): counted, and nobody's any more.
    forgotten = models.BooleanField("已匿名", default=False, db_default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = LeanHistory()

    class Meta:
        indexes = [models.Index(fields=["id_hash"], name="person_id_hash", condition=~Q(id_hash=""))]

    def __str__(self) -> str:
        return self.name


class Membership(Dated):
    """Somebody in a household, from a day to a day. A person may be in two; one is primary."""

    PERSONAL: ClassVar = frozenset({"household", "person", "relation"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField("与户主关系", max_length=2, choices=Relation)
    is_primary = models.BooleanField("主要家庭", default=True)
    history = LeanHistory(also=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(is_primary=True, ends_on__isnull=True),
                name="membership_one_open_primary",
            ),
            models.UniqueConstraint(
                fields=["station", "household", "person", "starts_on"], name="membership_once_a_day"
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.household_id}"


class Tag(Dated, Entered):
    """A category that a person or a household carries. Never overwritten: closed, and another opened."""

    PERSONAL: ClassVar = frozenset({"person", "household", "category", "level", "amount", "certificate"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    category = models.ForeignKey(Category, verbose_name="类别", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="tags")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="tags")
    level = models.CharField("等级", max_length=20, blank=True)
    amount = models.DecimalField("金额（元/月）", max_digits=10, decimal_places=2, null=True, blank=True)
    certificate = EncryptedTextField("证号", blank=True, purpose="tag.certificate")
    source = models.CharField("来源", max_length=10, choices=TagSource, default=TagSource.WORKER)
    end_reason = models.CharField("结束原因", max_length=10, choices=TagEnd, blank=True)
    history = LeanHistory(also=("person",))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, household__isnull=False)
                | Q(person__isnull=False, household__isnull=True),
                name="tag_person_or_household",
            ),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="tag_amount_not_negative"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.category_id}"


class FamilyFile(Entered):
    """The file kept on a family (档案). Its number is unique in its station and never used again."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="files")
    number = models.CharField("档案号", max_length=30)
    opened_on = models.DateField("建档日期")
    state = models.CharField("状态", max_length=10, choices=FileState, default=FileState.OPEN)
    closed_on = models.DateField("结档日期", null=True, blank=True)
    close_reason = models.CharField("结档原因", max_length=10, choices=CloseReason, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = LeanHistory()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "number"], name="file_number_once"),
            models.UniqueConstraint(
                fields=["station", "household"], condition=Q(state="open"), name="file_one_open_a_household"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True, close_reason="")
                | (Q(state="closed", closed_on__gte=models.F("opened_on")) & ~Q(close_reason="")),
                name="file_closed_with_day_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["station", "opened_on"], name="file_station_opened")]

    def __str__(self) -> str:
        return self.number


class NumberingRule(Dated):
    """How file numbers are made of files opened from a day on. Numbers given before stay as they are."""

    pattern = models.CharField("编号规则", max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="numbering_rule_once_a_day"),
            models.CheckConstraint(condition=~Q(pattern=""), name="numbering_rule_has_pattern"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.pattern


class FileNumbering(models.Model):
    """The last serial that a station gave within one fixed part of its numbers (`#` stands for the serial).

    Numbers are given under the row's lock, without gaps. A rule that yields the same fixed part goes on counting.
    """

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    fixed = models.CharField(max_length=40)
    latest = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "fixed"], name="numbering_once_a_fixed_part")]

    def __str__(self) -> str:
        return f"{self.fixed} {self.latest}"


class FileWorker(Dated):
    """Who is responsible for a file, from a day to a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    file = models.ForeignKey(FamilyFile, on_delete=models.PROTECT, related_name="workers")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="files")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "file"], condition=Q(ends_on__isnull=True), name="file_one_worker_now"
            ),
            *Dated.Meta.constraints,
        ]
        indexes = [models.Index(fields=["staff", "ends_on"], name="file_worker_staff")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.staff_id}"


class FileGrade(Dated, Entered):
    """The grade of a file, from a day to a day, with the reason for it."""

    PERSONAL: ClassVar = frozenset({"grade", "reason"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    file = models.ForeignKey(FamilyFile, on_delete=models.PROTECT, related_name="grades")
    grade = models.CharField("跟进级别", max_length=10)
    reason = models.CharField("理由", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "file"], condition=Q(ends_on__isnull=True), name="file_one_grade_now"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="file_grade_has_reason"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.grade}"

    def get_grade_display(self) -> str:
        """What the city called the grade on the day it was given."""
        if self.grade in GRADES.built_in:
            return label_of(GRADES, self.grade, self.starts_on)
        own = GradeLevel.objects.filter(code=self.grade, starts_on__lte=self.starts_on).order_by("-starts_on")
        return own.values_list("label", flat=True).first() or self.grade


class FilePause(Dated, Entered):
    """That a file is paused (暂停), from a day to a day: it is open and counted, and nothing of it falls due meanwhile.

    `planned_on` is the day from which the family is to be followed up again; `ends_on`, once it is known, the last day
    of the pause. Another end planned is another row.
    """

    PERSONAL: ClassVar = frozenset({"reason", "note"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    file = models.ForeignKey(FamilyFile, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField("暂停原因", max_length=10, choices=PauseReason)
    note = models.CharField("说明", max_length=200, blank=True)
    planned_on = models.DateField("预计恢复")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "file"], condition=Q(ends_on__isnull=True), name="file_one_pause_now"
            ),
            models.CheckConstraint(condition=Q(planned_on__gt=models.F("starts_on")), name="file_pause_has_an_end"),
            models.CheckConstraint(condition=~Q(reason="other", note=""), name="file_pause_other_is_told"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.starts_on}"

    @property
    def why(self) -> str:
        """The reason in words, with what was noted."""
        return "，".join(filter(None, (self.get_reason_display(), self.note)))


class GradeScheme(models.Model):
    """How urgent families are told from others (跟进分级): a city's own, or one of the product's that a city uses."""

    code = models.CharField("代码", max_length=10, unique=True)
    name = models.CharField("名称", max_length=30)
    example = models.BooleanField("示例", default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="grade_scheme_has_name")]

    def __str__(self) -> str:
        return self.name


class GradeLevel(Dated):
    """A level of a scheme from a day on: how often such a family is seen and by what ways. Codes differ everywhere."""

    scheme = models.ForeignKey(GradeScheme, on_delete=models.PROTECT, related_name="levels")
    code = models.CharField("代码", max_length=10)
    label = models.CharField("名称", max_length=20)
    colour = models.CharField("颜色", max_length=10, choices=Colour)
    rank = models.PositiveSmallIntegerField("次序")
    interval_days = models.PositiveSmallIntegerField("间隔天数")
    grace_days = models.PositiveSmallIntegerField("宽限天数", default=0)
    modes = models.JSONField("算作联系的方式", default=list)
    face_times = models.PositiveSmallIntegerField("当面次数", default=0)
    face_days = models.PositiveSmallIntegerField("当面期限", default=0)
    review_days = models.PositiveSmallIntegerField("复评天数", default=365)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "starts_on"], name="grade_level_once_a_day"),
            models.CheckConstraint(
                condition=Q(interval_days__gte=1) & ~Q(label="")
                & (Q(face_times=0, face_days=0) | Q(face_times__gte=1, face_days__gte=1)),
                name="grade_level_makes_sense",
            ),
            *Dated.Meta.constraints,
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.label


class StationScheme(Dated):
    """By which scheme a station grades its files, from a day on. A station without one uses the usual."""

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    scheme = models.ForeignKey(GradeScheme, on_delete=models.PROTECT, related_name="stations")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "starts_on"], name="station_scheme_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.scheme_id}"


class CategoryFloor(Dated):
    """That a family carrying a category is seen at least every so many days, whatever its grade (类别的最长间隔)."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="floors")
    days = models.PositiveSmallIntegerField("最长间隔")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["category", "starts_on"], name="category_floor_once_a_day"),
            models.CheckConstraint(condition=Q(days__gte=1), name="category_floor_has_days"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.category_id} {self.days}"


class Standing(models.Model):
    """What a person or a household counted as on a day on which it was served.

    Derived from tags and memberships when a service is recorded, and again whenever one of these
    changes, so that a report reads it without asking the whole history. `occasion` is the service
    record's key; no category valid leaves one row with none (未分类).
    """

    PERSONAL: ClassVar = frozenset({"person", "household", "category"})

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    occasion = models.UUIDField()
    occurred_on = models.DateField()
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True, household__isnull=False)
                | Q(person__isnull=False, household__isnull=True),
                name="standing_person_or_household",
            ),
        ]
        indexes = [
            models.Index(fields=["occasion", "category"], name="standing_occasion"),
            models.Index(fields=["station", "category", "occurred_on", "occasion"], name="standing_list"),
            models.Index(fields=["category", "occurred_on", "occasion"], name="standing_city_list"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.category_id}"


class FindKey(models.Model):
    """One way to find a family as somebody types, within a station that serves it."""

    PERSONAL: ClassVar = frozenset({"key"})

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="find_keys", db_index=False)
    kind = models.PositiveSmallIntegerField(choices=FindKind)
    key = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["household", "station", "kind", "key"], name="find_key_once")]
        indexes = [
            models.Index(fields=["station", "key"], opclasses=["", "varchar_pattern_ops"], name="find_key_typed"),
        ]

    def __str__(self) -> str:
        return self.key
