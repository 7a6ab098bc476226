"""Surveys of villages, questionnaires in versions, and the sheets that were filled in (docs/adr/0066)."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.core.models import Entered
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.surveys.enums import Method, State, Whose


def _station() -> models.ForeignKey:
    return models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)


def _voided_for_a_reason(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(voided_at__isnull=True, voided_by__isnull=True, void_reason="")
        | (Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
        name=f"{prefix}_voided_by_somebody_for_a_reason",
    )


class Voidable(models.Model):
    """What is never deleted, but taken out of every number with a reason."""

    version = models.PositiveIntegerField(default=1, editable=False)
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False, db_index=False
    )
    void_reason = models.CharField("作废理由", max_length=200, blank=True, editable=False)

    class Meta:
        abstract = True


class Survey(Entered, Voidable):
    """A survey of one village from a day to a day. `answers` by the codes of enums.FIELDS; what is unknown is absent.

    A number with a source is {"value", "source", "way"}, lines are a list, of needs in their order.
    """

    PERSONAL: ClassVar = frozenset({"answers", "summary", "void_reason"})  # texts may tell of people

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    village = models.ForeignKey(Area, verbose_name="村居", on_delete=models.PROTECT, related_name="+", db_index=False)
    first_on = models.DateField("开始日期")
    last_on = models.DateField("结束日期")
    worker = models.ForeignKey(
        Staff, verbose_name="负责社工", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    methods = models.JSONField("方法", default=list)
    sample = models.PositiveIntegerField("样本", null=True, blank=True)
    answers = models.JSONField(default=dict)
    summary = models.TextField("小结与建议", blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="survey_sent_once"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="survey_days_in_order"),
            models.CheckConstraint(condition=Q(sample__isnull=True) | Q(sample__gte=1), name="survey_sample_of_some"),
            _voided_for_a_reason("survey"),
        ]
        indexes = [
            models.Index(fields=["village", "last_on"], name="survey_of_village"),
            models.Index(fields=["station", "last_on"], name="survey_list", condition=Q(voided_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.village.short_name}调研 {self.period}"

    @property
    def period(self) -> str:
        """From when to when, in as few words as it takes."""
        same = (self.first_on.year, self.first_on.month) == (self.last_on.year, self.last_on.month)
        return f"{self.last_on:%Y-%m}" if same else f"{self.first_on:%Y-%m} 至 {self.last_on:%Y-%m}"

    @property
    def methods_said(self) -> str:
        return "、".join(Method(one).label for one in self.methods)


class Questionnaire(Entered):
    """One version of a questionnaire of a station, or of a unit above for all its stations.

    `questions` is a list of {"code", "text", "kind", "choices": [[code, label]], "required"}. Once published it is
    fixed; a change is the next `edition` of the same `line`, and publishing that ends this one.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False)
    client_id = models.UUIDField(editable=False)
    line = models.UUIDField(editable=False)
    edition = models.PositiveSmallIntegerField(editable=False, default=1)
    title = models.CharField("名称", max_length=60)
    about = models.CharField("问谁、为什么问", max_length=200, blank=True)
    questions = models.JSONField("题目", default=list)
    state = models.CharField("状态", max_length=10, choices=State, default=State.DRAFT, editable=False)
    published_on = models.DateField(null=True, editable=False)
    ended_on = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="questionnaire_sent_once"),
            models.UniqueConstraint(fields=["line", "edition"], name="questionnaire_edition_once"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state="published"), name="questionnaire_one_edition_in_use"
            ),
            models.CheckConstraint(condition=~Q(title="") & Q(edition__gte=1), name="questionnaire_is_named"),
            models.CheckConstraint(
                condition=Q(state="draft", published_on__isnull=True, ended_on__isnull=True)
                | Q(state="published", published_on__isnull=False, ended_on__isnull=True)
                | Q(state="ended", published_on__isnull=False, ended_on__isnull=False, ended_on__gte=F("published_on")),
                name="questionnaire_state_has_its_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第 {self.edition} 版）" if self.edition > 1 else self.title


class AnswerSheet(Entered, Voidable):
    """One sheet that was filled in (一份). `answers` are codes and numbers by question, `words` what was written.

    Nobody is named by it and nothing leads to a family: `whose` is for counting alone. Its id tells no time.
    """

    PERSONAL: ClassVar = frozenset({"answers", "words", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = _station()
    client_id = models.UUIDField(editable=False)
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="sheets", db_index=False)
    village = models.ForeignKey(
        Area, verbose_name="村居", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    filled_on = models.DateField("填写日期")
    whose = models.CharField("谁填的", max_length=8, choices=Whose, default=Whose.UNSAID)
    answers = models.JSONField(default=dict)
    words = EncryptedTextField(purpose="answer_sheet.words", blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="answer_sheet_sent_once"),
            _voided_for_a_reason("answer_sheet"),
        ]
        indexes = [
            models.Index(
                fields=["questionnaire", "station", "filled_on"], name="answer_sheet_list",
                condition=Q(voided_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.questionnaire_id} {self.filled_on}"

    @property
    def said(self) -> dict[str, Any]:
        """Every answer by its question."""
        return {**self.answers, **(json.loads(self.words) if self.words else {})}
