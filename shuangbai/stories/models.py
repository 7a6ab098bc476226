"""Stories made of cases, what clients agreed to, and prizes. Ids tell no time; words are encrypted (docs/adr/0058).

No story has a foreign key to a case, and no consent one to a person: whoever takes something back is told what hangs
on it, and must not learn from it of a case. `…_key` is such a key.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.cases.models import Kept
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id
from shuangbai.core.models import Entered
from shuangbai.dossier.enums import ConsentForm
from shuangbai.network.models import OrgUnit, Staff
from shuangbai.stories.enums import AwardFor, AwardGrade, Level, Reach, Step, StoryState


def _words(label: str, purpose: str) -> EncryptedTextField:
    return EncryptedTextField(label, purpose=purpose, blank=True)


class Story(Kept):
    """A write-up of a case, de-identified, under the usual headings (rules.SECTIONS).

    Until it is released it is known to those of the case alone; then to whoever may read stories, who are told title,
    station and text, and neither the case nor who wrote it, nor the day. `words`: what stands for whom or what, as
    JSON by subject (deidentify.parts.Spot); `kept`: by subject why it may stay; both are the key to who somebody is.
    """

    PERSONAL: ClassVar = frozenset(
        {"case_key", "title", "background", "analysis", "theory", "goals", "process", "outcome", "reflection", "words",
         "kept", "submitted_to"}
    )  # fmt: skip

    client_id = models.UUIDField(editable=False)
    case_key = models.UUIDField(editable=False)
    title = _words("标题", "story.title")
    background = _words("背景", "story.background")
    analysis = _words("预估与分析", "story.analysis")
    theory = _words("理论与方法", "story.theory")
    goals = _words("目标", "story.goals")
    process = _words("服务过程", "story.process")
    outcome = _words("成效", "story.outcome")
    reflection = _words("反思", "story.reflection")
    words = _words("代称", "story.words")
    kept = _words("保留的理由", "story.kept")
    state = models.CharField("状态", max_length=10, choices=StoryState, default=StoryState.DRAFT, editable=False)
    released_on = models.DateField("发布日期", null=True, editable=False)
    submitted_to = _words("报送到", "story.submitted_to")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="story_drafted_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["released", "submitted", "awarded"]) | Q(released_on__isnull=False),
                name="story_released_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["case_key"], name="story_case"),
            models.Index(fields=["state", "station"], name="story_state"),
        ]

    def __str__(self) -> str:
        return f"{self.state}"


class StoryMove(Kept):
    """That a story came from one state to another: who, when, why. Never altered."""

    PERSONAL: ClassVar = frozenset({"reason"})

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="moves")
    step = models.CharField(max_length=10, choices=Step)
    from_state = models.CharField(max_length=10, choices=StoryState)
    to_state = models.CharField(max_length=10, choices=StoryState)
    reason = _words("说明", "story_move.reason")

    def __str__(self) -> str:
        return f"{self.from_state} {self.to_state}"


class StoryConsent(Kept):
    """That a client, or a guardian for them, agreed that the story goes so far; withdrawn from a day on.

    `person_key`: whom it concerns; `giver`: who said so. `stored`: the signed paper (core.papers), '' without one.
    """

    PERSONAL: ClassVar = frozenset({"person_key", "giver", "witness", "withdrawn_reason", "stored"})

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="consents")
    client_id = models.UUIDField(editable=False)
    person_key = models.UUIDField(editable=False)
    giver = _words("由谁表示", "story_consent.giver")
    as_guardian = models.BooleanField("以监护人身份", default=False)
    reach = models.CharField("同意到什么范围", max_length=10, choices=Reach)
    form = models.CharField("形式", max_length=10, choices=ConsentForm)
    witness = _words("见证人", "story_consent.witness")
    given_on = models.DateField("日期")
    stored = models.CharField("签字的纸", max_length=40, blank=True, editable=False)
    withdrawn_on = models.DateField("撤回日期", null=True, editable=False)
    withdrawn_reason = _words("撤回说明", "story_consent.withdrawn_reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="story_consent_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=models.F("given_on")),
                name="story_consent_withdrawn_after",
            ),
        ]
        indexes = [models.Index(fields=["person_key"], name="story_consent_person")]

    def __str__(self) -> str:
        return f"{self.reach} {self.given_on}"


class Award(Entered):
    """A prize of a story, somebody of the staff, the station or a project. Voided with a reason, never deleted.

    `title`: what was awarded, in words that everybody may read; of a story its title.
    """

    PERSONAL: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False)
    client_id = models.UUIDField(editable=False)
    of = models.CharField("获奖的是", max_length=10, choices=AwardFor)
    story = models.ForeignKey(Story, on_delete=models.PROTECT, null=True, blank=True, related_name="awards")
    staff = models.ForeignKey(
        Staff, verbose_name="社工", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField("案例、项目的名称", max_length=80, blank=True)
    name = models.CharField("奖项名称", max_length=80)
    level = models.CharField("级别", max_length=10, choices=Level)
    grade = models.CharField("等次", max_length=10, choices=AwardGrade)
    awarded_on = models.DateField("获奖日期")
    body = models.CharField("颁奖单位", max_length=80)
    note = models.CharField("备注", max_length=200, blank=True)
    stored = models.CharField("证书", max_length=40, blank=True, editable=False)
    void_reason = models.CharField("作废理由", max_length=100, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="award_entered_once"),
            models.CheckConstraint(
                condition=Q(of="person", staff__isnull=False, story__isnull=True)
                | Q(of="story", staff__isnull=True)
                | Q(of__in=["station", "project"], staff__isnull=True, story__isnull=True),
                name="award_is_somebodys",
            ),
        ]
        indexes = [models.Index(fields=["station", "awarded_on"], name="award_station")]

    def __str__(self) -> str:
        return f"{self.name} {self.get_grade_display()}"

    @property
    def what(self) -> str:
        """What or who was awarded, as people read it: never more than the prize itself says."""
        said: Any = {AwardFor.PERSON: self.staff.name if self.staff else "", AwardFor.STATION: self.station.name}
        return str(said.get(AwardFor(self.of), f"《{self.title}》" if self.of == AwardFor.STORY else self.title))
