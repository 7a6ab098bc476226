"""What a city decided about its lists: dated items, and who decided what, when and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from shuangbai.core import clock
from shuangbai.core.ids import new_id
from shuangbai.core.models import Dated


class CodeList(models.Model):
    """A list in which a city changed something. The row is locked by whoever changes; `version` counts changes."""

    code = models.CharField("代码", max_length=30, primary_key=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.code


class CodeItem(Dated):
    """What an item was called from a day to a day. Built-in items have a row once a city changed them.

    Records keep `code`, which never changes; `base` is the built-in code whose meaning it has.
    """

    list = models.ForeignKey(CodeList, on_delete=models.PROTECT, related_name="items")
    code = models.CharField("代码", max_length=16)
    base = models.CharField("算作", max_length=16)
    label = models.CharField("名称", max_length=20)
    position = models.PositiveSmallIntegerField("次序")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "code", "starts_on"], name="code_item_once_a_day"),
            models.CheckConstraint(condition=~Q(label="") & ~Q(base=""), name="code_item_has_label_and_base"),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return self.label


class Decision(models.Model):
    """Something that a city decided on a set-up page: what was and became, who, when and why. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.CharField(max_length=30)
    item = models.CharField(max_length=40, blank=True)
    name = models.CharField("什么", max_length=60)
    what = models.CharField("怎样", max_length=60)
    was = models.CharField("原来", max_length=300, blank=True)
    became = models.CharField("改为", max_length=300, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = [models.Index(fields=["subject", "item", "id"], name="decision_about")]

    def __str__(self) -> str:
        return f"{self.name} {self.what}"


class SpecialDay(models.Model):
    """A day off that is no weekend, or (`works`) a day of a weekend that is worked, by the notice of its year."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    day = models.DateField("日期", unique=True)
    works = models.BooleanField("上班", default=False)
    source = models.CharField("依据", max_length=200)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="special_day_has_a_source")]

    def __str__(self) -> str:
        return f"{self.day} {self.works}"


class PaperTemplate(Dated):
    """A Word template of the city's own for a form, from a day to a day. It holds no word about anybody served."""

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    form = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    file = models.BinaryField()
    name = models.CharField("文件名", max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="paper_template_once"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(ends_on__isnull=True), name="paper_template_one_in_use"
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.number}"
