"""What is known of a family beside its people, categories and file: facts, care, housing, money, needs, consent.

Each row is a part of the dossier. A part that was entered in error is voided with a reason and stays in the history;
a snapshot is never changed: the next one is taken, or it is voided and taken anew.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import label_of, labels_of
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.ids import new_id, random_id
from shuangbai.core.models import Dated, Entered
from shuangbai.dossier import enums
from shuangbai.households.models import Household, Person
from shuangbai.network.models import OrgUnit
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.enums import NEEDS

STANDING = Q(void_reason="")  # the parts that were not voided


class Part(Entered):
    """What every part has: a key, the station that keeps it, a version, a history, and why it was voided."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    void_reason = models.CharField("作废理由", max_length=100, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = HistoricalRecords(inherit=True)

    PART: ClassVar[str] = ""  # its name in addresses
    WORDS: ClassVar[str] = ""  # what people call it
    ONCE: ClassVar[tuple[str, ...]] = ()  # what may be said once among the standing ones; none: as often as one likes
    OTHER: ClassVar[str] = ""  # the field that names somebody else: a carer, whoever consents
    CODED: ClassVar[Mapping[str, CodeSpec]] = {}  # fields whose words are the city's
    DAY: ClassVar[str] = ""  # the day of which it speaks
    HIDDEN: ClassVar[tuple[str, ...]] = ()  # encrypted, shown masked

    class Meta:
        abstract = True

    def said(self, field: str) -> str:
        """A field as people read it: a code in the city's words of the day, '' for what is not said."""
        value = getattr(self, field)
        if value in (None, "", []):
            return ""
        if field in self.CODED:
            codes = value if isinstance(value, list) else [value]
            return "、".join(labels_of(self.CODED[field], codes, getattr(self, self.DAY)))
        if isinstance(value, Decimal):
            return f"{value:,.2f}".rstrip("0").rstrip(".")
        told = getattr(self, f"get_{field}_display", None)
        return str(told() if told else value)


def _word(field: str) -> Any:
    """As Django names the label of a code; here it is the city's on the day."""
    return lambda self: self.said(field)


def _of_person() -> Any:
    return models.ForeignKey(Person, verbose_name="谁", on_delete=models.PROTECT, related_name="+")


def _of_household() -> Any:
    return models.ForeignKey(Household, verbose_name="家庭", on_delete=models.PROTECT, related_name="+")


def _perhaps_of_person() -> Any:
    return models.ForeignKey(
        Person, verbose_name="谁", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )


# ABOUT A PERSON --------------------------------------------------------------


class PersonSheet(Part):
    """What is known of somebody beside name, birth and ID: one sheet a person, changed in place with its history."""

    PART, WORDS, DAY = "sheet", "基本情况", "known_on"
    ONCE = ("person_id",)
    CODED: ClassVar = {"registration": enums.REGISTRATIONS, "work": enums.WORKS, "health": enums.HEALTHS}
    HIDDEN = ("chronic", "serious", "mind")
    PERSONAL: ClassVar = frozenset(
        {"person", "aliases", "nation", "marriage", "politics", "education", "school", "school_year", "registration",
         "work", "work_note", "whereabouts", "labour", "health", "chronic", "serious", "mind", "note", "void_reason"}
    )  # fmt: skip

    person = _of_person()
    known_on = models.DateField("核实日期")
    aliases = models.CharField("乳名、外号", max_length=60, blank=True)
    nation = models.CharField("民族", max_length=2, choices=enums.Nation, blank=True)
    marriage = models.CharField("婚姻", max_length=2, choices=enums.Marriage, blank=True)
    politics = models.CharField("政治面貌", max_length=2, choices=enums.Politics, blank=True)
    education = models.CharField("文化程度", max_length=2, choices=enums.Education, blank=True)
    school = models.CharField("在读学校", max_length=40, blank=True)
    school_year = models.CharField("年级", max_length=20, blank=True)
    registration = models.CharField("户籍状态", max_length=16, blank=True)
    work = models.CharField("就业状态", max_length=16, blank=True)
    work_note = models.CharField("职业或没有就业的原因", max_length=60, blank=True)
    whereabouts = models.CharField("去向（外出地）", max_length=60, blank=True)
    labour = models.CharField("劳动能力", max_length=8, choices=enums.Labour, blank=True)
    health = models.CharField("健康状况", max_length=16, blank=True)
    chronic = EncryptedTextField("慢性病", blank=True, purpose="person_sheet.chronic")
    serious = EncryptedTextField("重病", blank=True, purpose="person_sheet.serious")
    mind = EncryptedTextField("精神状况", blank=True, purpose="person_sheet.mind")
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "person"], name="sheet_once_a_person")]
        indexes = [models.Index(fields=["person"], name="sheet_person")]

    def __str__(self) -> str:
        return "基本情况"

    get_registration_display, get_work_display = _word("registration"), _word("work")
    get_health_display = _word("health")


class Disability(Part):
    """A class and grade of disability (GB/T 26341); `ended_on`: the certificate was cancelled or the class ended."""

    PART, WORDS, DAY = "disability", "残疾", "issued_on"
    ONCE = ("person_id", "kind")
    HIDDEN = ("certificate",)
    PERSONAL: ClassVar = frozenset(
        {"person", "kind", "grade", "certificate", "issued_on", "expires_on", "ended_on", "note", "void_reason"}
    )

    person = _of_person()
    kind = models.CharField("残疾类别", max_length=1, choices=enums.DisabilityKind)
    grade = models.CharField("残疾等级", max_length=1, choices=enums.DisabilityGrade, blank=True)
    certificate = EncryptedTextField("残疾证号", blank=True, purpose="disability.certificate")
    issued_on = models.DateField("发证日期", null=True, blank=True)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    ended_on = models.DateField("停止日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "person", "kind"],
                condition=Q(void_reason="", ended_on__isnull=True),
                name="disability_kind_once",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(expires_on__isnull=True) | Q(expires_on__gte=F("issued_on")),
                name="disability_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(ended_on__isnull=True) | Q(ended_on__gte=F("issued_on")),
                name="disability_ends_after_issue",
            ),
        ]
        indexes = [
            models.Index(fields=["person"], name="disability_person"),
            models.Index(
                fields=["expires_on"],
                condition=Q(void_reason="", ended_on__isnull=True, expires_on__isnull=False),
                name="disability_expiring",
            ),
        ]

    def __str__(self) -> str:
        grade = enums.DisabilityGrade(self.grade).label if self.grade else ""
        return f"{enums.DisabilityKind(self.kind).label}{grade}"


class SelfCare(Part):
    """How somebody looks after themselves, assessed on a day by a scheme. `cannot`: items not done without help."""

    PART, WORDS, DAY = "selfcare", "自理能力", "assessed_on"
    ONCE = ("person_id", "scheme", "assessed_on")
    CODED: ClassVar = {"level": enums.CARE_LEVELS}
    PERSONAL: ClassVar = frozenset({"person", "cannot", "level", "assessor", "note", "void_reason"})

    person = _of_person()
    assessed_on = models.DateField("评估日期")
    scheme = models.CharField("评估办法", max_length=8, choices=enums.CareScheme, default=enums.CareScheme.CIVIL)
    cannot = models.JSONField("不能自己做的", default=list, blank=True)
    level = models.CharField("自理能力", max_length=8)
    assessor = models.CharField("评估人", max_length=40, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "person", "scheme", "assessed_on"],
                condition=STANDING,
                name="selfcare_once_a_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    scheme=enums.CareScheme.CIVIL,
                    level__in=[enums.CareLevel.ABLE, enums.CareLevel.HALF, enums.CareLevel.UNABLE],
                )
                | Q(scheme=enums.CareScheme.PANYU, level__in=["p1", "p2", "p3", "p4"]),
                name="selfcare_level_of_scheme",
            ),
        ]
        indexes = [models.Index(fields=["person", "assessed_on"], name="selfcare_person")]

    def __str__(self) -> str:
        return self.said("level")

    get_level_display = _word("level")


class Carer(Part, Dated):
    """Who cares for somebody or is their guardian, from a day to a day: a person of the system or somebody else."""

    PART, WORDS, DAY = "carer", "照顾与监护", "starts_on"
    ONCE = ("person_id", "carer_id", "role", "starts_on")
    OTHER = "carer_id"
    HIDDEN = ("phone",)
    PERSONAL: ClassVar = frozenset(
        {"person", "role", "carer", "name", "phone", "relation", "note", "starts_on", "ends_on", "void_reason"}
    )

    person = _of_person()
    role = models.CharField("身份", max_length=10, choices=enums.CarerRole, default=enums.CarerRole.CARER)
    carer = models.ForeignKey(
        Person, verbose_name="照顾者或监护人", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField("姓名或单位", max_length=40, blank=True)
    phone = EncryptedTextField("电话", blank=True, purpose="carer.phone")
    relation = models.CharField("与本人关系", max_length=20, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(carer__isnull=True, name__gt="") | Q(carer__isnull=False, name=""),
                name="carer_known_or_named",
            ),
            models.CheckConstraint(
                condition=Q(carer__isnull=True) | ~Q(carer=F("person")), name="carer_is_somebody_else"
            ),
            models.UniqueConstraint(
                fields=["station", "person", "carer", "role", "starts_on"],
                condition=Q(void_reason="", carer__isnull=False),
                name="carer_once_a_day",
            ),
            *Dated.Meta.constraints,
        ]
        indexes = [
            models.Index(fields=["person"], name="carer_person"),
            models.Index(fields=["carer"], name="carer_carer"),
        ]

    def __str__(self) -> str:
        return self.carer.name if self.carer else self.name

    @property
    def is_guardian(self) -> bool:
        return self.role in {enums.CarerRole.GUARDIAN, enums.CarerRole.BOTH}


# ABOUT THE FAMILY: SNAPSHOTS -------------------------------------------------


class Housing(Part):
    """How the family lived, as seen on a day. Never changed: the next is taken."""

    PART, WORDS, DAY = "housing", "住房", "taken_on"
    ONCE = ("household_id", "taken_on")
    CODED: ClassVar = {
        "kind": enums.HOUSE_KINDS, "structure": enums.STRUCTURES, "water": enums.WATERS, "power": enums.POWERS,
        "fuel": enums.FUELS, "toilet": enums.TOILETS, "hazards": enums.HAZARDS,
    }  # fmt: skip
    PERSONAL: ClassVar = frozenset(
        {"household", "presence", "kind", "area", "rooms", "structure", "danger", "water", "power", "fuel", "toilet",
         "hazards", "belongings", "note", "void_reason"}
    )  # fmt: skip

    household = _of_household()
    taken_on = models.DateField("看到的日期")
    presence = models.CharField("人户分离", max_length=1, choices=enums.Presence, blank=True)
    kind = models.CharField("住房类型", max_length=16, blank=True)
    area = models.DecimalField("面积（平方米）", max_digits=7, decimal_places=1, null=True, blank=True)
    rooms = models.PositiveSmallIntegerField("房间数", null=True, blank=True)
    structure = models.CharField("结构", max_length=16, blank=True)
    danger = models.CharField("危房等级", max_length=1, choices=enums.DangerGrade, blank=True)
    water = models.CharField("用水", max_length=16, blank=True)
    power = models.CharField("用电", max_length=16, blank=True)
    fuel = models.CharField("用气与燃料", max_length=16, blank=True)
    toilet = models.CharField("厕所", max_length=16, blank=True)
    hazards = models.JSONField("安全隐患", default=list, blank=True)
    belongings = models.CharField("家电家具", max_length=100, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "household", "taken_on"], condition=STANDING, name="housing_once_a_day"
            ),
            models.CheckConstraint(condition=Q(area__isnull=True) | Q(area__gt=0), name="housing_area_positive"),
        ]
        indexes = [models.Index(fields=["household", "taken_on"], name="housing_household")]

    def __str__(self) -> str:
        return f"{self.taken_on:%Y-%m-%d} 住房"


class Economy(Part):
    """What the family lived on, as told on a day: lines by source, debts, benefits. Never changed: the next is taken.

    The sums are of the lines, in yuan a month; `people` are the members of the day, by whom income is divided.
    """

    PART, WORDS, DAY = "economy", "收支", "taken_on"
    ONCE = ("household_id", "taken_on")
    CODED: ClassVar = {"benefits": enums.BENEFITS}
    PERSONAL: ClassVar = frozenset(
        {"household", "income", "expense", "per_head", "debt", "debt_note", "assets", "benefits", "note",
         "void_reason"}
    )  # fmt: skip

    household = _of_household()
    taken_on = models.DateField("了解的日期")
    people = models.PositiveSmallIntegerField("家庭人口")
    income = models.DecimalField("月收入", null=True, blank=True, max_digits=10, decimal_places=2)
    expense = models.DecimalField("月支出", null=True, blank=True, max_digits=10, decimal_places=2)
    per_head = models.DecimalField("人均月收入", null=True, blank=True, max_digits=10, decimal_places=2)
    debt = models.DecimalField("欠债（元）", null=True, blank=True, max_digits=10, decimal_places=2)
    debt_note = models.CharField("欠债原因", max_length=100, blank=True)
    assets = models.CharField("土地、车辆、经营", max_length=100, blank=True)
    benefits = models.JSONField("享受的政策", default=list, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "household", "taken_on"], condition=STANDING, name="economy_once_a_day"
            ),
            models.CheckConstraint(
                condition=(Q(income__isnull=True) | Q(income__gte=0))
                & (Q(expense__isnull=True) | Q(expense__gte=0))
                & (Q(debt__isnull=True) | Q(debt__gte=0)),
                name="economy_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(per_head__isnull=True) | Q(people__gt=0, income__isnull=False),
                name="economy_per_head_of_people",
            ),
        ]
        indexes = [models.Index(fields=["household", "taken_on"], name="economy_household")]

    def __str__(self) -> str:
        return f"{self.taken_on:%Y-%m-%d} 收支"


class MoneyLine(models.Model):
    """One source of income or use of money of a snapshot, as it was said: each month or each year."""

    station = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+", editable=False, db_index=False)
    source = models.CharField("来源", max_length=16)
    amount = models.DecimalField("金额（元）", max_digits=10, decimal_places=2)
    per = models.CharField("每", max_length=5, choices=enums.Per, default=enums.Per.MONTH)

    class Meta:
        abstract = True


class IncomeLine(MoneyLine):
    PERSONAL: ClassVar = frozenset({"source", "amount"})

    snapshot = models.ForeignKey(Economy, on_delete=models.CASCADE, related_name="incomes", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "source", "per"], name="income_source_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="income_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount}"

    def get_source_display(self) -> str:
        return label_of(enums.INCOMES, self.source, self.snapshot.taken_on)


class ExpenseLine(MoneyLine):
    PERSONAL: ClassVar = frozenset({"source", "amount"})

    snapshot = models.ForeignKey(Economy, on_delete=models.CASCADE, related_name="expenses", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "source", "per"], name="expense_use_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="expense_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.amount}"

    def get_source_display(self) -> str:
        return label_of(enums.EXPENSES, self.source, self.snapshot.taken_on)


# ABOUT THE FAMILY: NEEDS, STRENGTHS, CONSENT, ATTACHMENTS ---------------------


class FamilyNeed(Part):
    """A need of the family or of somebody in it: opened on a day, perhaps by a visit, with its state, and closed."""

    PART, WORDS, DAY = "need", "需求", "opened_on"
    ONCE = ("household_id", "person_id", "kind")
    CODED: ClassVar = {"kind": NEEDS}
    PERSONAL: ClassVar = frozenset(
        {"household", "person", "kind", "detail", "state", "outcome", "opened_by", "closed_by", "void_reason"}
    )

    household = _of_household()
    person = _perhaps_of_person()
    kind = models.CharField("需求", max_length=16)
    detail = models.CharField("具体是什么", max_length=200, blank=True)
    state = models.CharField("状态", max_length=8, choices=enums.NeedState, default=enums.NeedState.OPEN)
    opened_on = models.DateField("发现日期")
    opened_by = models.ForeignKey(
        ServiceRecord, verbose_name="由哪次记录发现", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_on = models.DateField("解决日期", null=True, blank=True)
    closed_by = models.ForeignKey(
        ServiceRecord, verbose_name="由哪次记录解决", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField("怎样解决的", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=enums.NeedState.SOLVED, closed_on__isnull=False)
                | Q(
                    state__in=[enums.NeedState.OPEN, enums.NeedState.WORKING],
                    closed_on__isnull=True,
                    closed_by__isnull=True,
                ),
                name="need_solved_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")), name="need_dates_in_order"
            ),
        ]
        indexes = [models.Index(fields=["household", "opened_on"], name="need_household")]

    def __str__(self) -> str:
        return self.said("kind")

    get_kind_display = _word("kind")


class Strength(Part, Dated):
    """Something the family can rely on, from a day on."""

    PART, WORDS, DAY = "strength", "优势与资源", "starts_on"
    CODED: ClassVar = {"kind": enums.STRENGTHS}
    PERSONAL: ClassVar = frozenset({"household", "person", "kind", "text", "void_reason"})

    household = _of_household()
    person = _perhaps_of_person()
    kind = models.CharField("种类", max_length=16)
    text = models.CharField("是什么", max_length=200)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="strength_is_told"),
            *Dated.Meta.constraints,
        ]
        indexes = [models.Index(fields=["household", "starts_on"], name="strength_household")]

    def __str__(self) -> str:
        return self.said("kind")

    get_kind_display = _word("kind")


class Consent(Part):
    """That somebody agreed, or did not, to something: for themselves or as guardian; withdrawn from a day on.

    `person`: whom it concerns; none means the whole family. `given_by`: a person of the system, else `giver`.
    """

    PART, WORDS, DAY = "consent", "同意", "given_on"
    ONCE = ("household_id", "person_id", "scope", "given_on")
    OTHER = "given_by_id"
    PERSONAL: ClassVar = frozenset(
        {"household", "person", "scope", "agreed", "given_by", "giver", "witness", "withdrawn_reason", "note",
         "void_reason"}
    )  # fmt: skip

    household = _of_household()
    person = _perhaps_of_person()
    scope = models.CharField("同意什么", max_length=10, choices=enums.ConsentScope)
    agreed = models.BooleanField("是否同意", default=True)
    given_by = models.ForeignKey(
        Person, verbose_name="由谁表示", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    giver = models.CharField("由家庭以外的谁表示", max_length=40, blank=True)
    as_guardian = models.BooleanField("以监护人身份", default=False)
    given_on = models.DateField("日期")
    form = models.CharField("形式", max_length=8, choices=enums.ConsentForm)
    witness = models.CharField("见证人", max_length=40, blank=True)
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤回说明", max_length=100, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(given_by__isnull=False, giver="") | Q(given_by__isnull=True, giver__gt=""),
                name="consent_is_somebodys",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(agreed=True, withdrawn_on__gte=F("given_on")),
                name="consent_withdrawn_after",
            ),
            models.CheckConstraint(
                condition=~Q(form=enums.ConsentForm.SPOKEN) | ~Q(witness=""), name="consent_spoken_has_witness"
            ),
            models.UniqueConstraint(
                fields=["station", "household", "person", "scope", "given_on"],
                condition=Q(void_reason="", person__isnull=False),
                name="consent_once_a_day",
            ),
            models.UniqueConstraint(
                fields=["station", "household", "scope", "given_on"],
                condition=Q(void_reason="", person__isnull=True),
                name="consent_of_family_once_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["household", "given_on"], name="consent_household"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="consent_person"),
        ]

    def __str__(self) -> str:
        return str(enums.ConsentScope(self.scope).label)

    def holds_on(self, day: date) -> bool:
        """Whether it was agreed to and is not withdrawn on the day; the day of withdrawal is the first without."""
        return self.agreed and self.given_on <= day and (self.withdrawn_on is None or day < self.withdrawn_on)


class Attachment(Part):
    """A picture or PDF of the file, kept encrypted by a name that tells nothing. Voided, the file itself is gone."""

    PART, WORDS, DAY = "attachment", "附件", "taken_on"
    CODED: ClassVar = {"kind": enums.ATTACHMENTS}
    PERSONAL: ClassVar = frozenset({"household", "person", "kind", "title", "stored", "void_reason"})

    id = models.UUIDField(primary_key=True, default=random_id, editable=False)
    household = _of_household()
    person = _perhaps_of_person()
    kind = models.CharField("种类", max_length=16)
    title = models.CharField("说明", max_length=60, blank=True)
    taken_on = models.DateField("日期")
    stored = models.CharField("文件", max_length=40, editable=False)
    size = models.PositiveIntegerField("大小", editable=False)
    pages = models.PositiveSmallIntegerField("页数", default=1, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "stored"], condition=~Q(stored=""), name="attachment_stored_once"
            ),
            models.CheckConstraint(
                condition=Q(void_reason="", stored__gt="") | Q(void_reason__gt="", stored=""),
                name="attachment_has_file",
            ),
        ]
        indexes = [models.Index(fields=["household", "taken_on"], name="attachment_household")]

    def __str__(self) -> str:
        return self.title or self.said("kind")

    get_kind_display = _word("kind")

    @property
    def is_picture(self) -> bool:
        return not self.stored.endswith(".pdf")


KINDS: dict[str, type[Part]] = {
    kind.PART: kind
    for kind in (PersonSheet, Disability, SelfCare, Carer, Housing, Economy, FamilyNeed, Strength, Consent, Attachment)
}
OF_PERSON = ("sheet", "disability", "selfcare", "carer")  # the others are the family's
SNAPSHOTS = ("housing", "economy")  # never changed: taken anew
