"""Cases and what hangs on them. Ids tell no time, words are encrypted, in the history too (docs/adr/0055).

Nothing here has a foreign key to a family, a person or a record: whoever takes back a change, a file or a ledger is
told, or refused for, what hangs on them, and must not learn from it of a case. `…_key` is such a key.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from shuangbai.cases import ties  # noqa: F401  a table of this room, in a file of its own
from shuangbai.cases.enums import (
    Consent,
    FollowUpResult,
    FollowUpState,
    GoalState,
    Move,
    OfferState,
    Risk,
    Satisfaction,
    Scale,
    SessionMode,
    Stage,
    Urgency,
    ViewKind,
)
from shuangbai.core import clock
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.network.models import OrgUnit, Staff


def _account(**options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False, **options
    )


def _staff(label: str, **options: Any) -> models.ForeignKey:
    return models.ForeignKey(
        Staff, verbose_name=label, on_delete=models.PROTECT, related_name="+", db_index=False, **options
    )


def _words(label: str, purpose: str) -> EncryptedTextField:
    return EncryptedTextField(label, purpose=purpose, blank=True)


class Kept(Entered):
    """A row of a case, or of a story of one: a random key, the station that wrote it for good."""

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)

    class Meta:
        abstract = True


class Case(Kept):
    """A case (个案) of one or more people of a household; the record of 接案 is the case itself.

    `charge`: the station in whose charge it is today, another than `station` once that was closed. `number` is drawn
    by lot within station and year of `opened_on`, so that nobody infers another case. `stage` moves by StageMove
    alone. `risk` is the newest CaseRisk. Closed, with a day, in stages FOLLOWUP and DECLINED only; `closed_on` and
    `close_reason` are then the newest Closing's. `accepted_on`: the day on which it was taken on (C1),
    never empty beyond INTAKE. Seen by
    worker, co-worker, supervisor and the head of the station (access.cases_visible_to), and by nobody else.
    """

    PERSONAL: ClassVar = frozenset(
        {"household_key", "presenting", "judgement", "accept_reason", "consent_reason"}
    )  # fmt: skip

    charge = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    client_id = models.UUIDField(editable=False)
    number = models.CharField("案号", max_length=12, editable=False)
    household_key = models.UUIDField(editable=False)
    source = models.CharField("来源", max_length=16)
    kind = models.CharField("类型", max_length=16)
    urgency = models.CharField("紧急程度", max_length=10, choices=Urgency, default=Urgency.USUAL)
    risk = models.CharField("风险", max_length=10, choices=Risk, blank=True, editable=False)
    presenting = _words("求助的问题", "case.presenting")
    judgement = _words("初步判断", "case.judgement")
    opened_on = models.DateField("登记日期")
    accepted_on = models.DateField("接案日期", null=True, blank=True)
    accept_reason = _words("接或不接的理由", "case.accept_reason")
    consent = models.CharField("同意接受服务", max_length=10, choices=Consent, default=Consent.PENDING)
    consent_on = models.DateField("同意日期", null=True, blank=True)
    consent_reason = _words("没有同意的原因", "case.consent_reason")
    worker = _staff("主责社工")
    co_worker = _staff("协同社工", null=True, blank=True)
    supervisor = _account(verbose_name="督导", null=True, blank=True)
    stage = models.CharField("阶段", max_length=10, choices=Stage, default=Stage.INTAKE, editable=False)
    stage_on = models.DateField("进入阶段日期", editable=False)
    closed_on = models.DateField("结案日期", null=True, editable=False)
    close_reason = models.CharField("结案原因", max_length=16, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="case_opened_once"),
            models.UniqueConstraint(fields=["station", "number"], name="case_number_once"),
            models.CheckConstraint(
                condition=Q(stage__in=["followup", "declined"], closed_on__isnull=False)
                | ~Q(stage__in=["followup", "declined"]) & Q(closed_on__isnull=True, close_reason=""),
                name="case_closed_by_its_stage",
            ),
            models.CheckConstraint(condition=~Q(stage="followup", close_reason=""), name="case_closed_with_reason"),
            models.CheckConstraint(
                condition=Q(stage="intake")
                | Q(stage="declined", accepted_on__isnull=True)
                | ~Q(stage="declined") & Q(accepted_on__isnull=False),
                name="case_accepted_beyond_intake",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=True) | Q(accepted_on__gte=models.F("opened_on")),
                name="case_accepted_after_it_was_opened",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="case_closed_after_it_was_opened",
            ),
            models.CheckConstraint(condition=~Q(co_worker=models.F("worker")), name="case_co_worker_is_another"),
        ]
        indexes = [
            models.Index(fields=["household_key"], name="case_household"),
            models.Index(fields=["worker"], name="case_worker"),
            models.Index(fields=["charge", "stage"], name="case_charge"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        return self.closed_on is None


class CaseClient(Kept):
    """Somebody about whom a case is. `name` is how they were called then, for when their file is gone."""

    PERSONAL: ClassVar = frozenset({"person_key", "name"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clients")
    person_key = models.UUIDField(editable=False)
    name = _words("姓名", "case_client.name")
    position = models.PositiveSmallIntegerField("次序", default=0)
    ended_on = models.DateField("不再是服务对象", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "case", "person_key"], condition=Q(ended_on__isnull=True), name="case_client_once"
            )
        ]
        indexes = [models.Index(fields=["person_key"], name="case_client_person")]

    def __str__(self) -> str:
        return f"{self.position}"


class CaseRisk(Kept):
    """How great the risk is from a day on, and why. Nothing is altered: another is written."""

    PERSONAL: ClassVar = frozenset({"level", "reason"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="risks")
    level = models.CharField("风险", max_length=10, choices=Risk)
    on = models.DateField("从哪天起")
    reason = _words("依据", "case_risk.reason")

    def __str__(self) -> str:
        return f"{self.level} {self.on}"


class StageMove(Kept):
    """How a case came from one stage to another: when, by whom, how, why. Never altered.

    `missing` are the codes of the documents (rules.DOCUMENTS) that were not there then.
    """

    PERSONAL: ClassVar = frozenset({"reason"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="moves")
    move = models.CharField(max_length=10, choices=Move)
    from_stage = models.CharField(max_length=10, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=10, choices=Stage)
    on = models.DateField("日期")
    reason = _words("理由", "stage_move.reason")
    missing = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"{self.from_stage} {self.to_stage}"


class Assessment(Kept):
    """预估, as of a day. The newest of a case leads. `needs`: one a line, the most pressing first."""

    PERSONAL: ClassVar = frozenset(
        {"physical", "psychological", "social", "tried", "strengths", "resources", "needs", "analysis"}
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="assessments")
    client_id = models.UUIDField(editable=False)
    assessed_on = models.DateField("预估日期")
    physical = _words("生理：健康、残疾、自理", "assessment.physical")
    psychological = _words("心理：情绪、想法、经历", "assessment.psychological")
    social = _words("社会：家庭、邻里、学校、工作、经济", "assessment.social")
    tried = _words("试过的办法", "assessment.tried")
    strengths = _words("优势", "assessment.strengths")
    resources = _words("可用的资源", "assessment.resources")
    needs = _words("需求，按轻重排列", "assessment.needs")
    analysis = _words("分析", "assessment.analysis")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "client_id"], name="assessment_once")]

    def __str__(self) -> str:
        return f"{self.assessed_on}"


class Plan(Kept):
    """服务计划: the agreement with the client, of one case, with its history. The goals stand beside it."""

    PERSONAL: ClassVar = frozenset(
        {"purpose", "theory", "strategy", "worker_duties", "client_duties", "schedule"}
    )  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="plans")
    planned_on = models.DateField("计划日期")
    purpose = _words("总目的", "plan.purpose")
    theory = _words("理论或方法", "plan.theory")
    strategy = _words("策略与步骤", "plan.strategy")
    worker_duties = _words("社工的责任", "plan.worker_duties")
    client_duties = _words("服务对象的责任", "plan.client_duties")
    schedule = _words("时间安排", "plan.schedule")
    agreed_on = models.DateField("服务对象同意日期", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "case"], name="plan_one_a_case")]

    def __str__(self) -> str:
        return f"{self.planned_on}"


class Goal(Kept):
    """What is to be reached, how one sees it, from where to where, by when. The five levels' words are optional.

    `scale` says how its ratings are read; `weight` counts in the T-score of Goal Attainment Scaling.
    """

    PERSONAL: ClassVar = frozenset(
        {"statement", "indicator", "baseline", "target", "level_m2", "level_m1", "level_0", "level_p1", "level_p2",
         "state_reason"}
    )  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="goals")
    client_id = models.UUIDField(editable=False)
    position = models.PositiveSmallIntegerField("次序", default=0)
    statement = _words("目标", "goal.statement")
    indicator = _words("怎样衡量", "goal.indicator")
    baseline = _words("现在的情况", "goal.baseline")
    target = _words("要达到的情况", "goal.target")
    set_on = models.DateField("订立日期")
    due_on = models.DateField("期限")
    scale = models.CharField("怎样评分", max_length=10, choices=Scale, default=Scale.GAS)
    weight = models.PositiveSmallIntegerField("权重", default=1)
    level_m2 = _words("−2 远低于预期", "goal.level_m2")
    level_m1 = _words("−1 低于预期", "goal.level_m1")
    level_0 = _words("0 达到预期", "goal.level_0")
    level_p1 = _words("+1 高于预期", "goal.level_p1")
    level_p2 = _words("+2 远高于预期", "goal.level_p2")
    state = models.CharField(max_length=10, choices=GoalState, default=GoalState.OPEN)
    state_reason = _words("为什么不再追求，或重新追求", "goal.state_reason")
    dropped_on = models.DateField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="goal_once"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("set_on")), name="goal_dates_in_order"),
            models.CheckConstraint(condition=Q(weight__gte=1, weight__lte=10), name="goal_weight_in_reason"),
            models.CheckConstraint(
                condition=Q(state="open", dropped_on__isnull=True) | Q(state="dropped", dropped_on__isnull=False),
                name="goal_dropped_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.due_on}"


class GoalRating(Kept):
    """How far a goal is on a day, on its own scale. Nothing is altered; of a day the one entered last holds."""

    PERSONAL: ClassVar = frozenset({"note"})

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    rated_on = models.DateField("评分日期")
    scale = models.CharField(max_length=10, choices=Scale)
    value = models.SmallIntegerField("得分")
    note = _words("依据", "goal_rating.note")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scale="gas", value__gte=-2, value__lte=2)
                | Q(scale="percent", value__gte=0, value__lte=100),
                name="goal_rating_within_its_scale",
            )
        ]

    def __str__(self) -> str:
        return f"{self.rated_on} {self.value}"


class Session(Kept):
    """One session of a case (会谈, 节): who, how long, what was said and what comes next. Counted by C4, unless voided.

    It is no record of the spine: lists, search, timelines and due dates of a family know nothing of it. Which one it is
    within its case is told by the order of days (queries.sessions_of).
    """

    PERSONAL: ClassVar = frozenset(
        {"place", "present_keys", "present", "purpose", "process", "response", "reflection", "next_step", "void_reason"}
    )

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions")
    client_id = models.UUIDField(editable=False)
    held_on = models.DateField("日期")
    starts_at = models.TimeField("开始", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("时长（分钟）")
    mode = models.CharField("方式", max_length=12, choices=SessionMode)
    worker = _staff("谈话的社工")
    place = _words("地点", "session.place")
    present_keys = models.JSONField("在场的家人", default=list)
    present = _words("其他在场的人", "session.present")
    purpose = _words("目的", "session.purpose")
    process = _words("过程", "session.process")
    response = _words("服务对象的反应", "session.response")
    reflection = _words("评估与反思", "session.reflection")
    next_step = _words("下一步", "session.next_step")
    next_on = models.DateField("下次日期", null=True, blank=True)
    voided_at = models.DateTimeField(null=True, editable=False)
    void_reason = _words("作废原因", "session.void_reason")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "client_id"], name="session_once"),
            models.CheckConstraint(condition=Q(minutes__gte=1, minutes__lte=600), name="session_minutes_in_reason"),
        ]
        indexes = [models.Index(fields=["held_on"], name="session_held")]

    def __str__(self) -> str:
        return f"{self.held_on}"


class CaseVisit(Kept):
    """That a visit of the family belongs to the case. Only those who see the case are told, the visit's page too."""

    PERSONAL: ClassVar = frozenset({"record_key"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="visits")
    record_key = models.UUIDField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "case", "record_key"], condition=Q(ended_at__isnull=True), name="case_visit_once"
            )
        ]
        indexes = [models.Index(fields=["record_key"], name="case_visit_record")]

    def __str__(self) -> str:
        return f"{self.record_key}"


class Evaluation(Kept):
    """评估 of a case as of a day: the process, what came of it, what the client says. The newest leads."""

    PERSONAL: ClassVar = frozenset({"process", "outcome", "client_words"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evaluations")
    client_id = models.UUIDField(editable=False)
    evaluated_on = models.DateField("评估日期")
    process = _words("过程评估", "evaluation.process")
    outcome = _words("成效评估", "evaluation.outcome")
    satisfaction = models.PositiveSmallIntegerField("满意度", choices=Satisfaction, null=True, blank=True)
    client_words = _words("服务对象的话", "evaluation.client_words")
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "client_id"], name="evaluation_once")]

    def __str__(self) -> str:
        return f"{self.evaluated_on}"


class Closing(Kept):
    """结案表: written while the case is open, in force once the case is closed by it (`closed_on`).

    Reopening a case ends it (`reopened_on`) and leaves it to be read. `months`: after how many months the client is
    seen again; each becomes a FollowUp when the case is closed.
    """

    PERSONAL: ClassVar = frozenset({"summary", "outcome", "client_view"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="closings")
    reason = models.CharField("结案原因", max_length=16, blank=True)
    summary = _words("总结", "closing.summary")
    outcome = _words("目标达成情况", "closing.outcome")
    client_view = _words("服务对象的意见", "closing.client_view")
    months = models.JSONField("结案后几个月回访", default=list)
    closed_on = models.DateField("结案日期", null=True, editable=False)
    reopened_on = models.DateField("重开日期", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "case"], condition=Q(reopened_on__isnull=True), name="closing_one_in_force"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True, reopened_on__isnull=True)
                | Q(closed_on__isnull=False) & ~Q(reason=""),
                name="closing_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason}"


class FollowUp(Kept):
    """回访 after closing: due on a day, then done with what was found, or dropped with a reason (in `note`).

    It is no task of the followups room, which the whole station reads: it shows on 今日 of those of the case alone.
    """

    PERSONAL: ClassVar = frozenset({"result", "note"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    due_on = models.DateField("到期")
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.PLANNED)
    done_on = models.DateField("回访日期", null=True, blank=True)
    mode = models.CharField("方式", max_length=12, choices=SessionMode, blank=True)
    result = models.CharField("现在怎样", max_length=10, choices=FollowUpResult, blank=True)
    note = _words("回访情况", "follow_up.note")
    worker = _staff("回访的社工", null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="planned", done_on__isnull=True, result="")
                | Q(state="done", done_on__isnull=False, worker__isnull=False) & ~Q(result="")
                | Q(state="dropped", done_on__isnull=True, result=""),
                name="follow_up_done_is_told",
            )
        ]
        indexes = [models.Index(fields=["due_on"], name="follow_up_due", condition=Q(state="planned"))]

    def __str__(self) -> str:
        return f"{self.due_on}"


class SupervisorView(Kept):
    """What the supervisor (or the head, who may comment) says of a case; `agrees` to the plan or the closing, or not.

    `about_version`: of the plan or closing that was read; a later one is told as changed since.
    """

    PERSONAL: ClassVar = frozenset({"text"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="views")
    kind = models.CharField(max_length=10, choices=ViewKind)
    agrees = models.BooleanField("同意", null=True)
    text = _words("意见", "supervisor_view.text")
    about_version = models.PositiveIntegerField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="comment", agrees__isnull=True)
                | Q(kind__in=["plan", "closing"], agrees__isnull=False, about_version__isnull=False),
                name="supervisor_view_agrees_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}"


class CaseOffer(Kept):
    """That a case is to become a colleague's: theirs once they take it, the giver's until then."""

    PERSONAL: ClassVar = frozenset({"note", "why"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="offers")
    giver = _staff("交出")
    receiver = _staff("接手")
    note = _words("交接说明", "case_offer.note")
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.WAITING)
    why = _words("退回理由", "case_offer.why")
    decided_at = models.DateTimeField(null=True, editable=False)
    decided_by = _account(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "case"], condition=Q(state="waiting"), name="case_offer_waits_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="case_offer_decided",
            ),
        ]
        indexes = [models.Index(fields=["receiver"], name="case_offer_receiver", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.state}"


class CaseDraft(Kept):
    """What somebody typed in a form of a case and has not saved: theirs alone, without history (docs/adr/0042).

    `page` names the form; `typed` is its fields as they were sent, as JSON: name, and list of values.
    """

    PERSONAL: ClassVar = frozenset({"typed"})

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="drafts")
    page = models.CharField(max_length=50, editable=False)
    typed = _words("填了的内容", "case_draft.typed")
    updated_at = models.DateTimeField("存下时间", default=clock.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "case", "entered_by", "page"], name="case_draft_once")
        ]

    def __str__(self) -> str:
        return f"{self.page} {self.updated_at:%Y-%m-%d}"


class CaseRule(Dated):
    """What the city says of cases from a day on.

    `agree_plan`, `agree_closing`: the supervisor's agreement is one of the documents. `months`: when clients are seen
    again after closing, unless the closing says otherwise. `review_days`: how often goals are rated.
    """

    agree_plan = models.BooleanField("计划要督导同意", default=False)
    agree_closing = models.BooleanField("结案要督导同意", default=False)
    months = models.JSONField("结案后几个月回访", default=list)
    review_days = models.PositiveSmallIntegerField("几天评一次目标")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["starts_on"], name="case_rule_once_a_day"),
            models.CheckConstraint(
                condition=Q(review_days__gte=7, review_days__lte=366), name="case_rule_days_in_reason"
            ),
            *Dated.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"
