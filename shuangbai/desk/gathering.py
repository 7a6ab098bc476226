"""What stands in the lists that are taken away: people of families, visits, activities, some at a time.

A column is named as the importer (ledgers) names its field, and its values are written as the importer reads them
back to the same. Columns without a field of the importer's are kept by it as notes.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from shuangbai.activities.models import Activity
from shuangbai.codes.queries import labels_of
from shuangbai.core import clock
from shuangbai.counter.models import Consultation, StockMove
from shuangbai.counter.queries import balances, moves_of_month
from shuangbai.counter.rules import told
from shuangbai.desk.enums import ListKind
from shuangbai.dossier.enums import CarerRole
from shuangbai.dossier.models import STANDING, Carer, Disability, PersonSheet, SelfCare
from shuangbai.groups.models import GroupSession
from shuangbai.households.access import households_visible_to, known_from
from shuangbai.households.enums import BirthPrecision, Relation
from shuangbai.households.models import (
    Category,
    FamilyFile,
    FileGrade,
    FileWorker,
    Household,
    HouseholdStation,
    Membership,
    Person,
    Tag,
)
from shuangbai.households.queries import one_of_each, shown_name
from shuangbai.ledgers.enums import FIELDS
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.services.access import records_visible_to, sees_names
from shuangbai.services.enums import ContactKind
from shuangbai.services.models import Contact, RecordWorker
from shuangbai.services.queries import by_key
from shuangbai.surveys.enums import QuestionKind
from shuangbai.surveys.models import AnswerSheet
from shuangbai.surveys.rules.sheets import Question, answer_told
from shuangbai.visits.enums import NEEDS, TOPICS
from shuangbai.visits.models import Visit
from shuangbai.volunteers.models import Volunteer
from shuangbai.volunteers.queries import Line as VolunteerLine
from shuangbai.volunteers.queries import lines as volunteer_lines

_AT_ONCE = 300  # families or records that are read together
_FIRST = (Relation.HEAD, Relation.SELF)
_GUARDS = (CarerRole.GUARDIAN, CarerRole.BOTH)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list: its heading, its width in characters, what stands in it (text, or a whole number)."""

    heading: str
    width: int
    value: Callable[[Any], str | int]
    opened: bool = False  # of what is masked on pages


def _of(name: str, width: int, value: Callable[[Any], str | int], heading: str = "", *, opened: bool = False) -> Column:
    """The column of a field of the importer's."""
    return Column(heading or FIELDS[name].label, width, value, opened)


def _some(keys: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (keys[at : at + _AT_ONCE] for at in range(0, len(keys), _AT_ONCE))


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


# PEOPLE ----------------------------------------------------------------------


@dataclass(slots=True)
class Someone:
    """A member of a family on the day; a family without members is one without a membership."""

    household: Household
    name: str
    head: str
    membership: Membership | None = None
    file: FamilyFile | None = None
    worker: str = ""
    grade: str = ""
    own: list[Category] = field(default_factory=list)
    family: list[Category] = field(default_factory=list)  # what the whole family carries, with its first member alone
    sheet: PersonSheet | None = None
    disabled: list[Disability] = field(default_factory=list)
    care: SelfCare | None = None
    guardian: str = ""
    clear: bool = False

    @property
    def categories(self) -> list[Category]:
        return list(dict.fromkeys([*self.own, *self.family]))

    def masked(self) -> dict[str, tuple[str, str]]:
        """What is masked on pages, by its key there: kind and value. Nothing where it is not opened here."""
        if not self.clear:
            return {}
        found = {"phone": ("联系电话", self.household.phone), "address": ("住址", self.household.address)}
        if self.membership:
            person = self.membership.person
            found[f"id.{person.pk}"] = ("证件号", person.id_no)
            found[f"phone.{person.pk}"] = ("联系电话", person.phone)
        return {key: said for key, said in found.items() if said[1]}

    def opened(self, kind: str) -> str:
        """A masked value by the beginning of its key: that of the person, else of the family."""
        return next((said[1] for key, said in self.masked().items() if key.startswith(kind)), "")


def _born(one: Someone) -> str:
    """The birth date as exactly as it is known; without the day where the number, whose middle it is, stays masked."""
    person = one.membership.person if one.membership else None
    if person is None or person.birth_date is None:
        return ""
    if person.birth_precision in (BirthPrecision.YEAR, BirthPrecision.ESTIMATED):
        return f"{person.birth_date.year}年"
    exact = one.clear and person.birth_precision == BirthPrecision.DAY
    return _day(person.birth_date) if exact else f"{person.birth_date:%Y-%m}"


def _sex(one: Someone) -> str:
    known = one.membership is not None and one.membership.person.sex in ("1", "2")
    return str(one.membership.person.get_sex_display()) if known and one.membership else ""


def _said(name: str) -> Callable[[Someone], str]:
    return lambda one: one.sheet.said(name) if one.sheet else ""


def _town(household: Household) -> str:
    above = household.village.parent
    return above.name if above else ""


_FAMILY = [
    _of("household.file_no", 18, lambda one: one.file.number if one.file else ""),
    Column("镇街", 12, lambda one: _town(one.household)),
    _of("household.village", 14, lambda one: one.household.village.short_name),
    _of("household.group", 12, lambda one: one.household.group),
    _of("household.address", 26, lambda one: one.opened("address"), opened=True),
    _of("household.head_name", 10, lambda one: one.head),
]
_KEPT = [
    _of("household.phone", 14, lambda one: one.opened("phone") if one.household.phone else "", opened=True),
    _of("household.grade", 10, lambda one: one.grade),
    _of("household.opened_on", 12, lambda one: _day(one.file.opened_on) if one.file else ""),
    _of("household.worker", 10, lambda one: one.worker),
]
_RELATION = _of("person.relation", 11, lambda one: one.membership.get_relation_display() if one.membership else "")
_IDENTITY = [
    _of("person.sex", 6, _sex),
    _of("person.birth_date", 12, _born),
    _of("person.id_number", 21, lambda one: one.opened("id."), opened=True),
    _of("person.phone", 14, lambda one: one.opened("phone."), "本人电话", opened=True),
]
_CIRCUMSTANCES = [
    _of("person.disability", 16, lambda one: "、".join(map(str, one.disabled))),
    _of("person.self_care", 10, lambda one: str(one.care) if one.care else ""),
    _of("person.ethnicity", 8, _said("nation")),
    _of("person.education", 12, _said("education")),
    _of("person.marital", 10, _said("marriage")),
    _of("person.health", 12, _said("health")),
    _of("person.guardian", 12, lambda one: one.guardian),
]
_OWN = _of("person.categories", 22, lambda one: "、".join(category.name for category in one.own))
_SHARED = _of("person.categories", 18, lambda one: "、".join(category.name for category in one.family), "家庭类别")
_LISTED = _of("person.categories", 22, lambda one: "、".join(category.name for category in one.categories))


def _named(heading: str) -> Column:
    return _of("person.name", 10, lambda one: one.name, heading)


def people(
    user: Any, household_ids: Sequence[UUID], *, clear: bool, only: Category | None = None, listed: bool = False
) -> Iterator[Someone]:
    """Who is of these families today, in their order, the head first; who is known twice once.

    `clear`: with what is masked, of the families of which `user` may open it. `listed`: only people with a category,
    each family's own with its first member; of `only` where it is given, and then nothing is said of other categories.
    """
    for keys in _some(household_ids):
        for one in _Families(user, keys, clear=clear).members():
            if listed:
                one.own = [category for category in one.own if only in (None, category)]
                one.family = [category for category in one.family if only in (None, category)]
                if not one.categories or not one.membership:
                    continue
            yield one


class _Families:
    """Some families with all that a list says of their members: a number of queries that does not grow."""

    def __init__(self, user: Any, keys: Collection[UUID], *, clear: bool) -> None:
        self.day = clock.today()
        self.keys, self.names = list(keys), sees_names(user)
        hidden = [] if clear else ["phone", "address"]
        rows = Household.objects.filter(pk__in=keys).select_related("village__parent").defer(*hidden)
        self.homes = {home.pk: home for home in rows}
        opens = households_visible_to(user, Permission.OPEN_MASKED).filter(pk__in=keys) if clear else None
        self.clear: set[UUID] = set(opens.values_list("pk", flat=True)) if opens is not None else set()
        members = Membership.objects.on(self.day).filter(household__in=keys).select_related("person")
        members = members.defer(*([] if clear else ["person__id_no", "person__phone"]))
        members = members.annotate(kept=F("person__same__kept")).order_by("relation", "person__birth_date", "id")
        self.memberships: dict[UUID, list[Any]] = defaultdict(list)
        for row in members:
            self.memberships[row.household_id].append(row)
        self.person_ids = [row.person_id for rows in self.memberships.values() for row in rows]
        self._read_files()
        self._read_categories()
        self._read_circumstances(self._since(user))

    def _read_files(self) -> None:
        rows = FamilyFile.objects.filter(household__in=self.keys, state="open")
        self.files = {file.household_id: file for file in rows}
        of_files = {"file__in": [file.pk for file in self.files.values()]}
        kept = FileWorker.objects.on(self.day).filter(**of_files)
        self.workers = dict(kept.values_list("file_id", "staff__name"))
        self.grades = {
            row.file_id: row.get_grade_display() for row in FileGrade.objects.on(self.day).filter(**of_files)
        }

    def _read_categories(self) -> None:
        self.tags: dict[UUID | None, list[Category]] = defaultdict(list)
        rows = Tag.objects.on(self.day).filter(Q(household__in=self.keys) | Q(person__in=self.person_ids))
        for tag in rows.select_related("category").order_by("category__position", "id"):
            carried = self.tags[tag.household_id or tag.person_id]
            if tag.category not in carried:
                carried.append(tag.category)

    def _since(self, user: Any) -> dict[UUID, date]:
        """By person, the day before which the reader's stations know nothing, where another station served them."""
        before = HouseholdStation.objects.filter(household__in=self.keys, ends_on__lt=self.day)
        came = set(before.values_list("household_id", flat=True))
        found = {key: since for key in came if (since := known_from(user, key)) is not None}
        return {row.person_id: found[key] for key in found for row in self.memberships[key]}

    def _read_circumstances(self, since: dict[UUID, date]) -> None:
        def told(kind: Any, *order: str) -> Iterator[Any]:
            for row in kind.objects.filter(STANDING, person__in=self.person_ids).order_by(*order):
                first = since.get(row.person_id)
                known = first is None or getattr(row, kind.DAY) >= first or row.entered_at >= clock.at(first, 0)
                if known:
                    yield row

        self.sheets = {row.person_id: row for row in told(PersonSheet, "known_on")}
        self.care = {row.person_id: row for row in told(SelfCare, "assessed_on", "id")}
        self.disabled: dict[UUID, list[Disability]] = defaultdict(list)
        for row in told(Disability, "kind", "id"):
            if row.ended_on is None or row.ended_on >= self.day:
                self.disabled[row.person_id].append(row)
        guards = [row for row in told(Carer, "starts_on", "id") if row.role in _GUARDS and row.holds_on(self.day)]
        names = _names(row.carer_id for row in guards)
        self.guardians = {row.person_id: row.name or names.get(row.carer_id, "") for row in guards}

    def members(self) -> Iterator[Someone]:
        for key in self.keys:
            home = self.homes[key]
            rows = one_of_each(self.memberships[key])
            first = next((row for row in rows if row.relation in _FIRST), rows[0] if rows else None)
            rows.sort(key=lambda row, first=first: row is not first)  # type: ignore[misc]
            for row in rows or [None]:
                yield self._someone(home, row, is_first=row is first)

    def _someone(self, home: Household, row: Any, *, is_first: bool) -> Someone:
        file, pk = self.files.get(home.pk), row.person_id if row else home.pk
        return Someone(
            home, shown_name(row.person.name, self.names) if row else "", shown_name(home.head_name, self.names), row,
            file, self.workers.get(file.pk, "") if file else "", self.grades.get(file.pk, "") if file else "",
            self.tags[pk] if row else [], self.tags[home.pk] if is_first else [], self.sheets.get(pk),
            self.disabled[pk] if row else [], self.care.get(pk), self.guardians.get(pk, ""), home.pk in self.clear,
        )  # fmt: skip


def _names(person_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    keys = {key for key in person_ids if key}
    return dict(Person.objects.filter(pk__in=keys).values_list("pk", "name")) if keys else {}


# RECORDS ---------------------------------------------------------------------


@dataclass(slots=True)
class Done:
    """A visit, an activity or a session with what stands beside it. `words`: whether what was written may be read."""

    detail: Any
    workers: str
    people: int
    words: bool
    head: str = ""
    file_no: str = ""

    @property
    def record(self) -> Any:
        return self.detail.record


def _place(one: Done) -> str:
    return one.record.village.short_name if one.record.village else ""


def _town_of(one: Done) -> str:
    village = one.record.village
    return village.parent.name if village and village.parent else ""


def _times(one: Done) -> str:
    moments = [one.detail.started_at, one.detail.ended_at]
    return "-".join(f"{moment:%H:%M}" for moment in moments if moment)


def _coded(spec: Any, name: str) -> Callable[[Done], str]:
    return lambda one: "、".join(labels_of(spec, getattr(one.detail, name), one.record.occurred_on))


def _written(name: str) -> Callable[[Done], str]:
    return lambda one: getattr(one.detail, name) if one.words else ""


_VISITS = [
    _of("visit.date", 12, lambda one: _day(one.record.occurred_on)),
    _of("visit.time", 12, _times),
    Column("镇街", 12, _town_of),
    _of("household.village", 14, _place),
    _of("household.file_no", 18, lambda one: one.file_no),
    _of("household.head_name", 10, lambda one: one.head),
    _of("visit.mode", 10, lambda one: one.detail.get_mode_display()),
    _of("visit.result", 10, lambda one: one.detail.get_result_display()),
    _of("visit.purpose", 12, lambda one: one.detail.get_purpose_display()),
    _of("visit.persons_met", 9, lambda one: one.people),
    _of("visit.worker", 16, lambda one: one.workers),
    _of("visit.narrative", 60, _written("narrative")),
    _of("visit.narrative", 40, _written("observation"), "观察情况"),
    Column("谈及的话题", 20, _coded(TOPICS, "topics")),
    _of("visit.needs", 18, _coded(NEEDS, "needs")),
    _of("visit.followup", 14, lambda one: one.detail.get_followup_display()),
    _of("visit.next_date", 13, lambda one: _day(one.detail.next_on)),
    Column("专项", 16, lambda one: str(one.record.campaign or "")),
    Column("社工站", 18, lambda one: str(one.record.station)),
]
_ACTIVITIES = [
    _of("activity.date", 12, lambda one: _day(one.record.occurred_on)),
    _of("activity.name", 30, lambda one: one.detail.title),
    _of("activity.kind", 12, lambda one: one.detail.get_kind_display()),
    Column("镇街", 12, _town_of),
    _of("activity.village", 14, _place),
    Column("场所", 18, lambda one: one.record.place),
    _of("activity.person_times", 9, lambda one: one.people),
    _of("activity.volunteers", 9, lambda one: one.detail.volunteers),
    Column("系列", 18, lambda one: str(one.detail.series or "")),
    Column("合作单位", 20, lambda one: one.detail.partners),
    Column("社工", 16, lambda one: one.workers),
    Column("小结", 60, _written("summary")),
    Column("专项", 16, lambda one: str(one.record.campaign or "")),
    Column("社工站", 18, lambda one: str(one.record.station)),
]
_SESSIONS = [
    Column("日期", 12, lambda one: _day(one.record.occurred_on)),
    Column("小组名称", 28, lambda one: one.detail.group.title),
    Column("小组类型", 12, lambda one: one.detail.group.get_kind_display()),
    Column("第几节", 8, lambda one: one.detail.number),
    Column("主题", 26, _written("theme")),
    Column("阶段", 10, lambda one: one.detail.get_phase_display()),
    Column("镇街", 12, _town_of),
    Column("村居", 14, _place),
    Column("场所", 18, lambda one: one.record.place),
    Column("人次", 9, lambda one: one.people),
    Column("其中来宾", 9, lambda one: sum(one.detail.guests.values())),
    Column("社工", 16, lambda one: one.workers),
    Column("过程", 60, _written("process")),
    Column("社工站", 18, lambda one: str(one.record.station)),
]
_CONSULTATIONS = [
    Column("日期", 12, lambda one: _day(one.record.occurred_on)),
    Column("怎么来的", 10, lambda one: one.detail.get_way_display()),
    Column("来的是", 10, lambda one: one.detail.get_group_display()),
    Column("户主", 10, lambda one: one.head),
    Column("档案号", 18, lambda one: one.file_no),
    Column("人次", 8, lambda one: one.people),
    Column("咨询内容", 18, lambda one: one.detail.get_topic_display()),
    Column("问了什么", 50, _written("summary")),
    Column("结果", 14, lambda one: one.detail.get_outcome_display()),
    Column("镇街", 12, _town_of),
    Column("村居", 14, _place),
    Column("社工", 16, lambda one: one.workers),
    Column("社工站", 18, lambda one: str(one.record.station)),
]
_GOODS = [
    Column("日期", 12, lambda one: _day(one.move.moved_on)),
    Column("名称", 18, lambda one: one.move.item.name),
    Column("怎么进出", 10, lambda one: one.move.get_way_display()),
    Column("收入", 10, lambda one: told(one.move.quantity) if one.move.quantity > 0 else ""),
    Column("支出", 10, lambda one: told(-one.move.quantity) if one.move.quantity < 0 else ""),
    Column("单位", 8, lambda one: one.move.item.unit),
    Column("结存", 10, lambda one: told(one.balance)),
    Column("价值（元）", 12, lambda one: told(one.move.value) if one.move.value is not None else ""),
    Column("来源或去向", 24, lambda one: "、".join(filter(None, [one.family, one.move.whom if one.words else ""]))),
    Column("票据号", 14, lambda one: one.move.receipt_no),
    Column("理由", 24, lambda one: one.move.reason if one.words else ""),
    Column("已冲销", 8, lambda one: "是" if one.taken_back else ""),
    Column("经手", 12, lambda one: one.move.entered_by.display_name),
]


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """A move of a month, and what was left after it."""

    move: StockMove
    balance: Decimal
    family: str
    words: bool
    taken_back: bool


def goods_moved(user: Any, station: OrgUnit, first: date, last: date) -> Iterator[GoodsLine]:
    """The month's moves, item by item, each with what was left: what was taken back weighs nothing."""
    names = sees_names(user)
    left = {one.item.pk: one.opening for one in balances(station, first, last)}
    for move in moves_of_month(station, first, last):
        taken_back = any(True for _one in move.reversals.all())
        if not (taken_back or move.reverses_id):
            left[move.item_id] += move.quantity
        head = f"{shown_name(move.household.head_name, names)}户" if move.household else ""
        yield GoodsLine(move, left[move.item_id], head, names, taken_back)


def of_sheets(questions: Iterable[Question]) -> list[Column]:
    """The columns of a questionnaire's sheets. What was written never waits on the disk: it is encrypted where kept."""
    asked = [
        Column(f"{place}. {one.text}", 24, partial(_answer, one), opened=one.kind == QuestionKind.TEXT)
        for place, one in enumerate(questions, 1)
    ]
    return [
        Column("填写日期", 12, lambda one: _day(one.filled_on)),
        Column("村居", 14, lambda one: one.village.short_name if one.village else ""),
        Column("谁填的", 12, lambda one: one.get_whose_display()),
        *asked,
    ]


def _answer(question: Question, sheet: AnswerSheet) -> str | int:
    return answer_told(question, sheet.said.get(question.code))


def filled(sheets: QuerySet[AnswerSheet]) -> Iterator[AnswerSheet]:
    """By their day, and on one day in no order that tells who was asked after whom."""
    return sheets.select_related("village").order_by("filled_on", "id").iterator(_AT_ONCE)


_DETAILS: dict[ListKind, tuple[type[Any], tuple[str, ...]]] = {
    ListKind.VISITS: (Visit, ()),
    ListKind.ACTIVITIES: (Activity, ("series",)),
    ListKind.SESSIONS: (GroupSession, ("group",)),
    ListKind.CONSULTATIONS: (Consultation, ()),
}


def records(user: Any, kind: ListKind, pages: Iterable[Sequence[UUID]]) -> Iterator[Done]:
    """The visits, activities, sessions or consultations of these keys, in their order, those that `user` sees."""
    model, joined = _DETAILS[kind]
    names = sees_names(user)
    for page in pages:
        for keys in _some(page):
            yield from _done(user, model, joined, keys, names=names)


def _done(user: Any, model: type[Any], joined: Sequence[str], keys: Sequence[UUID], *, names: bool) -> Iterator[Done]:
    rows = model.objects.filter(record__in=by_key(records_visible_to(user), keys))
    also = ("record__station", "record__village__parent", "record__household", "record__campaign", *joined)
    rows = rows.select_related(*also).defer("record__household__phone", "record__household__address")
    found = {row.pk: row for row in rows}
    workers: dict[UUID, list[str]] = defaultdict(list)
    done_by = RecordWorker.objects.filter(record__in=list(found)).order_by("position")
    for pk, name in done_by.values_list("record_id", "staff__name"):
        workers[pk].append(name)
    reached = Contact.objects.filter(record__in=list(found)).exclude(kind=ContactKind.HOUSEHOLD)
    named = dict(
        reached.filter(kind=ContactKind.PERSON)
        .values("record_id")
        .annotate(n=Count("id"))
        .values_list("record_id", "n")
    )
    heads: dict[UUID, int] = defaultdict(int)
    for pk, many in reached.filter(kind=ContactKind.HEADS).values_list("record_id", "heads"):
        heads[pk] += many
    homes = {row.record.household_id for row in found.values()}
    files = FamilyFile.objects.filter(household__in=homes, state="open") if names else FamilyFile.objects.none()
    numbers = dict(files.values_list("household_id", "number"))
    for key in keys:
        if key in found:
            home = found[key].record.household
            people = named.get(key, 0) + heads[key]
            head = shown_name(home.head_name, names) if home else ""
            number = numbers.get(home.pk, "") if home else ""
            yield Done(found[key], "、".join(workers[key]), people, names, head, number)


# VOLUNTEERS ------------------------------------------------------------------


def _born_told(line: VolunteerLine) -> str:
    """To the month: the day is masked on pages."""
    born = line.volunteer.born
    return f"{born:%Y-%m}" if born else ""


def _sex_told(line: VolunteerLine) -> str:
    return line.volunteer.sex_word if line.volunteer.sex_word in ("男", "女") else ""


_VOLUNTEERS = [
    _of("person.name", 10, lambda one: one.volunteer.called),
    _of("person.sex", 6, _sex_told),
    _of("person.birth_date", 12, _born_told),
    _of("household.village", 14, lambda one: one.volunteer.village.name if one.volunteer.village else ""),
    _of("volunteer.skills", 24, lambda one: one.volunteer.skills),
    _of("volunteer.team", 24, lambda one: "、".join(one.teams)),
    _of("volunteer.since", 12, lambda one: _day(one.volunteer.since)),
    _of("volunteer.number", 20, lambda one: one.volunteer.platform_no),
    _of("volunteer.hours", 9, lambda one: f"{one.hours.normalize():f}"),
    Column("监护人同意", 12, lambda one: _day(one.volunteer.consented_on)),
    Column("社工站", 18, lambda one: str(one.volunteer.station)),
]


def enrolled(volunteers: QuerySet[Volunteer]) -> Iterator[VolunteerLine]:
    """Volunteers in the order of the list, some at a time."""
    keys = list(volunteers.values_list("pk", flat=True))
    for some in _some(keys):
        rows = Volunteer.objects.select_related("person", "station", "village").in_bulk(list(some))
        yield from volunteer_lines([rows[pk] for pk in some if pk in rows], clock.today())


COLUMNS: dict[ListKind, list[Column]] = {
    ListKind.HOUSEHOLDS: [*_FAMILY, *_KEPT, _named("成员姓名"), _RELATION, *_IDENTITY, _OWN, _SHARED, *_CIRCUMSTANCES],
    ListKind.PERSONS: [_named(""), *_IDENTITY, *_FAMILY[1:], _OWN, _SHARED, *_CIRCUMSTANCES, _FAMILY[0]],
    ListKind.ROSTER: [*_FAMILY[1:3], _named(""), *_IDENTITY, _LISTED, _FAMILY[4], *_FAMILY[5:], _RELATION, _FAMILY[0]],
    ListKind.VISITS: _VISITS,
    ListKind.ACTIVITIES: _ACTIVITIES,
    ListKind.VOLUNTEERS: _VOLUNTEERS,
    ListKind.SESSIONS: _SESSIONS,
    ListKind.CONSULTATIONS: _CONSULTATIONS,
    ListKind.GOODS: _GOODS,
}
