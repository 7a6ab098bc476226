"""Where the work happens and who does it: areas, the bureau's tree, coverage, staff, accounts."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated
from shuangbai.network.enums import AreaLevel, Batch, CoverageKind, Post, Sex, UnitKind
from shuangbai.network.roles import Role

# How the name of a village is written in the division, and how it is said.
SAID = (
    ("社区居民委员会", "社区"), ("社区居委会", "社区"), ("村民委员会", "村"), ("村委会", "村"),
    ("居民委员会", "居委"), ("居委会", "居委"),
)  # fmt: skip

_ENDINGS = (
    "社区居民委员会", "社区居委会", "村民委员会", "居民委员会", "村委会", "居委会", "街道办事处", "居委", "街道",
    "社区", "村", "镇", "乡", "县", "区", "市",
)  # fmt: skip


def stem(name: str) -> str:
    """What is left of a name without the kind of place: 赤山 of 赤山村民委员会 and of 赤山村."""
    for ending in _ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name


class Area(models.Model):
    """A place of the administrative or statistical division. Its key is ours; codes are in AreaCode.

    `ends_on` is the last day of a place that was abolished or went into its `successor`. What was there
    before anybody kept dates has no `starts_on`.
    """

    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=10, choices=AreaLevel)
    parent = models.ForeignKey(
        "self", verbose_name="上级", on_delete=models.PROTECT, null=True, related_name="children"
    )
    starts_on = models.DateField("设立日期", null=True, blank=True)
    ends_on = models.DateField("撤销日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", verbose_name="并入", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="area_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(ends_on__isnull=False), name="area_successor_has_end"
            ),
        ]
        indexes = [models.Index(fields=["level", "name"], name="area_level_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """As people say it: 赤山村 for 赤山村民委员会, 海珠社区 for 海珠社区居民委员会."""
        for written, said in SAID:
            if self.name.endswith(written) and len(self.name) > len(written):
                return self.name.removesuffix(written) + said
        return self.name


class AreaCode(Dated):
    """What one code system calls an area in one edition. Two systems may give one code to two places."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="codes")
    system = models.CharField("代码体系", max_length=10)
    edition = models.CharField("版本", max_length=20)
    code = models.CharField("代码", max_length=12)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["system", "edition", "code"], name="area_code_once_an_edition"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class AreaAlias(models.Model):
    """Another way to write an area's name: 鲘门镇 for 鮜门镇; with `ends_on`, its own name until that day: 东海镇."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField("别名", max_length=60)
    ends_on = models.DateField("正式使用至", null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="area_alias_once")]
        indexes = [models.Index(fields=["name"], name="area_alias_name")]

    def __str__(self) -> str:
        return self.name


class OrgUnit(Dated):
    """A unit of the bureau's management tree. `path` holds the codes from the root: /SW/SW-HF/SW-HF-01/."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField("代码", max_length=20, unique=True)
    kind = models.CharField("类型", max_length=10, choices=UnitKind)
    name = models.CharField("名称", max_length=60)
    parent = models.ForeignKey(
        "self", verbose_name="上级机构", on_delete=models.PROTECT, null=True, related_name="children"
    )
    path = models.CharField(max_length=200, unique=True, editable=False)
    town = models.ForeignKey(Area, verbose_name="所在镇街", on_delete=models.PROTECT, null=True, related_name="+")
    county = models.ForeignKey(Area, verbose_name="所在县区", on_delete=models.PROTECT, null=True, related_name="+")
    batch = models.CharField("批次", max_length=10, choices=Batch, blank=True)
    address = models.CharField("地址", max_length=100, blank=True)
    phone = models.CharField("电话", max_length=30, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [*Dated.Meta.constraints]
        indexes = [models.Index(fields=["kind", "path"], name="unit_kind_path")]

    def __str__(self) -> str:
        return self.name


class Coverage(Dated):
    """A village that a station serves, from a day on. Coverage grows; its history is kept."""

    station = models.ForeignKey(OrgUnit, verbose_name="社工站", on_delete=models.PROTECT, related_name="coverage")
    village = models.ForeignKey(Area, verbose_name="村居", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("方式", max_length=10, choices=CoverageKind)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "village", "starts_on"], name="coverage_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.village_id}"


class Staff(models.Model):
    """A social worker or supervisor. Where and as what they work is in Posting."""

    PERSONAL: ClassVar = frozenset({"name", "sex"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("姓名", max_length=40)
    sex = models.CharField("性别", max_length=1, choices=Sex, default=Sex.UNKNOWN)
    hired_on = models.DateField("入职日期")
    left_on = models.DateField("离职日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("hired_on")), name="staff_left_after_hired"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Posting(Dated):
    """Somebody at a unit in a post, from a day to a day, both included."""

    staff = models.ForeignKey(Staff, verbose_name="人员", on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(OrgUnit, verbose_name="机构", on_delete=models.PROTECT, related_name="postings")
    post = models.CharField("岗位", max_length=20, choices=Post)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "unit", "starts_on"], name="posting_once_a_day"),
            *Dated.Meta.constraints,
        ]
        indexes = [models.Index(fields=["unit", "starts_on"], name="posting_unit_start")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.unit_id} {self.post}"


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """An account. What it may do comes from its grants (roles.py); whose it is, from `staff`."""

    PERSONAL: ClassVar = frozenset({"display_name"})

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField("账号", max_length=40, unique=True)
    display_name = models.CharField("称呼", max_length=40)
    staff = models.OneToOneField(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="account")
    is_active = models.BooleanField("启用", default=True)
    last_login = None  # type: ignore[assignment]  # signing in writes nothing to the account

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.display_name


class RoleGrant(Dated):
    """A role that an account holds for a unit, from a day to a day."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField("角色", max_length=20, choices=Role)
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "unit", "starts_on"], name="grant_once_a_day"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.unit_id}"
