"""What surrounds a family in an ecomap (生态图): a table of this room in a file of its own, and its words."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q, TextChoices

from shuangbai.core import ecomap
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Entered
from shuangbai.network.models import OrgUnit


class System(TextChoices):
    """Of what kind something is that surrounds a family."""

    KIN = "kin", "家人（不同住）"
    RELATIVES = "relatives", "亲属"
    NEIGHBOURS = "neighbours", "邻里"
    FRIENDS = "friends", "朋友、同伴"
    SCHOOL = "school", "学校"
    WORK = "work", "工作"
    VILLAGE = "village", "村（居）委会"
    HOSPITAL = "hospital", "医院、卫生站"
    STATION = "station", "社工站"
    OFFICE = "office", "政府部门"
    FAITH = "faith", "宗祠、庙宇、教会"
    GROUP = "group", "社会组织、志愿者"
    OTHER = "other", "其他"


class Strength(TextChoices):
    """How the family is tied to it; each is drawn as a line of another form."""

    STRONG = ecomap.STRONG, "紧密、有力"
    WEAK = ecomap.WEAK, "淡、少来往"
    STRESSED = ecomap.STRESSED, "紧张、有冲突"
    BROKEN = ecomap.BROKEN, "断了来往"


class Flow(TextChoices):
    """Which way support and effort go; arrows in the drawing."""

    BOTH = ecomap.BOTH, "互相"
    FROM = ecomap.FROM, "对方支持这一家"
    TO = ecomap.TO, "这一家付出"
    NEITHER = ecomap.NEITHER, "没有"


class CaseTie(Entered):
    """That a family is tied to something, from a day until, but not on, the day on which it is otherwise.

    A change ends one and begins another; so the ecomap of any day can be drawn.
    """

    PERSONAL: ClassVar = frozenset({"name", "note"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="ties")
    client_id = models.UUIDField(editable=False)
    system = models.CharField("是什么", max_length=12, choices=System)
    name = EncryptedTextField("叫什么", purpose="case_tie.name", blank=True)
    strength = models.CharField("关系", max_length=10, choices=Strength)
    flow = models.CharField("支持的方向", max_length=10, choices=Flow)
    note = EncryptedTextField("说明", purpose="case_tie.note", blank=True)
    starts_on = models.DateField("从哪天起")
    ended_on = models.DateField("从哪天起不再这样", null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="case_tie_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="case_tie_dates_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.starts_on}"

    @property
    def shown(self) -> str:
        return self.name or self.get_system_display().partition("（")[0]
