"""What the dated rows about a family say as things that happened on a day: for the timeline.

A row tells up to two things, that it began and that it ended. Nothing here is stored: correct the row, and the
timeline is right.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import TextChoices
from django.urls import reverse

from shuangbai.assistance.queries import Line
from shuangbai.assistance.rules import GRANTED
from shuangbai.codes.queries import label_of
from shuangbai.dossier.queries import Dossier, yuan
from shuangbai.followups.models import Task
from shuangbai.households.enums import GRADES, Relation
from shuangbai.households.grades import versions_of
from shuangbai.households.models import (
    FamilyFile,
    FileGrade,
    FilePause,
    FileWorker,
    GradeLevel,
    Household,
    HouseholdStation,
    Membership,
    Residence,
    Tag,
)
from shuangbai.resources.models import Referral, ResourceLink


class Matter(TextChoices):
    """What a timeline can be narrowed to."""

    VISIT = "visit", "走访"
    ACTIVITY = "activity", "活动"
    TAG = "tag", "类别"
    MEMBER = "member", "家庭成员"
    FILE = "file", "档案"
    NEED = "need", "需求"
    CONDITION = "condition", "家庭情况"
    PAPER = "paper", "同意与附件"
    TASK = "task", "跟进事项"
    PLACE = "place", "居住与服务站"
    HELP = "help", "资源与救助"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened on a day. With `key` it has a place among others of the day; `title` names people
    only as `shown` lets them be named."""

    on: date
    key: UUID
    matter: Matter
    title: str
    meta: tuple[str, ...] = ()
    text: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A family with the rows that tell its facts, as the page has read them already.

    `entries`: everybody of `memberships` with all under whom they were entered (people known twice).
    `since`: the day before which the reader's stations know nothing of it. `besides`: the other entries of a family
    known twice that the reader sees, in the same manner.
    """

    household: Household
    memberships: Sequence[Membership]
    tags: Sequence[Tag]
    serving: Sequence[HouseholdStation]
    shown: Callable[[str], str]
    dossier: Dossier
    tasks: Sequence[Task] = ()
    links: Sequence[ResourceLink] = ()
    referrals: Sequence[Referral] = ()
    assisted: Sequence[Line] = ()
    since: date | None = None
    entries: Mapping[UUID, Collection[UUID]] = field(default_factory=dict)
    besides: Sequence["Known"] = ()

    @property
    def every(self) -> list["Known"]:
        """This entry and the others, this one first."""
        return [self, *self.besides]

    def today(self, day: date) -> tuple[list[Membership], list[Membership]]:
        """Who is of the family on the day, and who was, in their order."""
        here = [row for row in self.memberships if row.holds_on(day)]
        return here, [row for row in self.memberships if not row.holds_on(day)]

    @property
    def people(self) -> list[UUID]:
        """All under whom the family's people were entered."""
        told = {entry for entries in self.entries.values() for entry in entries}
        return sorted(told | {row.person_id for row in self.memberships})

    @property
    def everybody(self) -> list[UUID]:
        """The people of all entries."""
        return sorted({person for one in self.every for person in one.people})

    def was_of(self, person_id: UUID, day: date) -> bool:
        """Whether somebody was of the family on the day, or on the day before (what ends a membership counts)."""
        same = {key for key, entries in self.entries.items() if person_id in entries} | {person_id}
        rows = [row for row in self.memberships if row.person_id in same]
        return any(row.holds_on(day) or row.holds_on(day - timedelta(days=1)) for row in rows)


def _end(key: Any) -> UUID:
    """A key of its own for the end of a row, beside that of its beginning."""
    return UUID(int=(key if isinstance(key, int) else key.int) ^ 1)


def _begin(key: Any) -> UUID:
    return UUID(int=key) if isinstance(key, int) else key


def facts_of(known: Known) -> list[Fact]:
    """Every fact of the family that may be told, in no order: five queries an entry, however many there are.

    What is told under two entries, as of somebody of both, is told once; what only another tells says so.
    """
    found: dict[tuple[date, UUID], Fact] = {}
    for one in known.every:
        for fact in _of_entry(one):
            told = fact if one is known else replace(fact, meta=(*fact.meta, elsewhere(one.household)))
            found.setdefault((fact.on, fact.key), told)
    return list(found.values())


def elsewhere(household: Household) -> str:
    """By what something is told apart that stands under another entry of a family."""
    return f"另一份登记（{household.station}）"


def _of_entry(known: Known) -> list[Fact]:
    files = list(FamilyFile.objects.filter(household=known.household.pk))
    told = [
        *members(known),
        *tags(known),
        *_of_files(files),
        *_of_residences(known.household.pk),
        *_of_serving(known.serving),
        *_of_people(known),
        *_of_snapshots(known.dossier),
        *_of_needs(known),
        *_of_papers(known),
        *_of_tasks(known),
        *_of_help(known),
    ]
    return [fact for fact in told if known.since is None or fact.on >= known.since]


# PEOPLE --------------------------------------------------------------------


def members(known: Known) -> Iterator[Fact]:
    """Who joined, whose relation changed, who died, who left."""
    joined: dict[date, list[Membership]] = defaultdict(list)
    by_person: dict[UUID, list[Membership]] = defaultdict(list)
    for row in sorted(known.memberships, key=lambda row: (row.starts_on, row.pk)):
        before = by_person[row.person_id]
        if before and before[-1].ends_on == row.starts_on - timedelta(days=1):
            yield _related(known, before[-1], row)
        else:
            joined[row.starts_on].append(row)
        before.append(row)
    yield from (_joined(known, rows) for rows in joined.values())
    for rows in by_person.values():
        yield from _gone(known, rows)


def _related(known: Known, was: Membership, now: Membership) -> Fact:
    name = known.shown(now.person.name)
    title = (
        f"{name}成为户主" if now.relation == Relation.HEAD else f"{name}与户主的关系改为{now.get_relation_display()}"
    )
    return Fact(now.starts_on, now.pk, Matter.MEMBER, title, (f"原为{was.get_relation_display()}",))


def _joined(known: Known, rows: Sequence[Membership]) -> Fact:
    """Those who came on one day, in one line."""
    names = [f"{known.shown(row.person.name)}（{row.get_relation_display()}）" for row in rows]
    first = min(row.starts_on for row in known.memberships) == rows[0].starts_on
    title = (
        f"家庭成员 {len(rows)} 人"
        if first
        else f"{names[0]}成为家庭成员"
        if len(rows) == 1
        else f"新成员 {len(rows)} 人"
    )
    return Fact(
        rows[0].starts_on, rows[0].pk, Matter.MEMBER, title, text="、".join(names) if first or len(rows) > 1 else ""
    )


def _gone(known: Known, rows: Sequence[Membership]) -> Iterator[Fact]:
    """A death while they were of the family, and each departure that no relation to come explains."""
    person, died = rows[0].person, rows[0].person.died_on
    name = known.shown(person.name)
    if died and known.was_of(person.pk, died):
        yield Fact(died, _end(person.pk), Matter.MEMBER, f"{name}去世")
    starts = {row.starts_on for row in rows}
    for row in rows:
        if row.ends_on is None or row.ends_on + timedelta(days=1) in starts or (died and row.ends_on >= died):
            continue
        yield Fact(row.ends_on, _end(row.pk), Matter.MEMBER, f"{name}离开这户家庭", (row.get_relation_display(),))


# CATEGORIES ----------------------------------------------------------------


def tags(known: Known) -> Iterator[Fact]:
    """Categories that began and ended while their bearer was of the family."""
    for tag in known.tags:
        bearer = known.shown(tag.person.name) if tag.person else "整户"
        level = tag.level or ""
        amount = f"每月 {yuan(tag.amount)} 元" if tag.amount is not None else ""
        meta = tuple(part for part in (bearer, level, amount, tag.get_source_display()) if part)
        if tag.person_id is None or known.was_of(tag.person_id, tag.starts_on):
            yield Fact(tag.starts_on, tag.pk, Matter.TAG, f"开始列为「{tag.category}」", meta)
        if tag.ends_on and (tag.person_id is None or known.was_of(tag.person_id, tag.ends_on)):
            why = tag.get_end_reason_display() if tag.end_reason else ""
            ended = tuple(part for part in (bearer, why) if part)
            yield Fact(tag.ends_on, _end(tag.pk), Matter.TAG, f"「{tag.category}」结束", ended)


# FILES ---------------------------------------------------------------------


def _of_files(files: Sequence[FamilyFile]) -> Iterator[Fact]:
    """Opened, closed, handed over, graded, paused: three queries for all files."""
    ids = [file.pk for file in files]
    kept = FileWorker.objects.filter(file__in=ids).select_related("staff").order_by("starts_on", "id")
    workers: dict[UUID, list[FileWorker]] = defaultdict(list)
    for row in kept:
        workers[row.file_id].append(row)
    for file in files:
        yield from _of_file(file, workers[file.pk])
    graded = list(FileGrade.objects.filter(file__in=ids).order_by("starts_on", "id"))
    yield from _paused(FilePause.objects.filter(file__in=ids).order_by("starts_on", "id"))
    versions = versions_of({row.grade for row in graded})
    yield from (_graded(row, versions) for row in graded)


def _of_file(file: FamilyFile, workers: Sequence[FileWorker]) -> Iterator[Fact]:
    number = f"档案 {file.number}"
    first = next((row for row in workers if row.starts_on <= file.opened_on), None)
    meta = (number, f"由{first.staff}负责") if first else (number,)
    yield Fact(file.opened_on, file.pk, Matter.FILE, "建档", meta)
    before = first
    for row in workers:
        if row is not first:
            title = f"负责社工由{before.staff}换为{row.staff}" if before else f"由{row.staff}负责"
            yield Fact(row.starts_on, row.pk, Matter.FILE, title, (number,))
        before = row
    if file.closed_on:
        yield Fact(file.closed_on, _end(file.pk), Matter.FILE, "结档", (number, file.get_close_reason_display()))


def _paused(rows: Iterable[FilePause]) -> Iterator[Fact]:
    """Paused, paused longer, followed up again."""
    told = list(rows)
    starts = {(row.file_id, row.starts_on) for row in told}
    for row in told:
        meta = (row.get_reason_display(), f"预计 {row.planned_on:%Y-%m-%d} 恢复")
        yield Fact(row.starts_on, row.pk, Matter.FILE, "暂停跟进", meta, row.note)
        if row.ends_on and (row.file_id, row.ends_on + timedelta(days=1)) not in starts:
            yield Fact(row.ends_on + timedelta(days=1), _end(row.pk), Matter.FILE, "恢复跟进")


def _graded(row: FileGrade, versions: Mapping[str, Sequence[GradeLevel]]) -> Fact:
    """With the level's name as it was when the grade was given."""
    named = [level.label for level in versions.get(row.grade, ()) if level.starts_on <= row.starts_on]
    built_in = label_of(GRADES, row.grade, row.starts_on) if row.grade in GRADES.built_in else ""
    label = built_in or (named[-1] if named else row.grade)
    return Fact(row.starts_on, row.pk, Matter.FILE, f"跟进级别定为{label}", text=row.reason)


# PLACES --------------------------------------------------------------------


def _of_residences(household_id: UUID) -> Iterator[Fact]:
    rows = Residence.objects.filter(household=household_id).select_related("village").order_by("starts_on", "id")
    before = ""
    for row in rows:
        village = row.village.short_name
        if before and village != before:
            yield Fact(row.starts_on, row.pk, Matter.PLACE, f"迁到{village}", (f"原住{before}",))
        before = village


def _of_serving(serving: Sequence[HouseholdStation]) -> Iterator[Fact]:
    """The first station begins with the family and is no event; every other is."""
    rows = sorted(serving, key=lambda row: (row.starts_on, row.pk))
    for row in rows[1:]:
        left = [one for one in rows if one.ends_on == row.starts_on - timedelta(days=1)]
        also = "" if left else "也"
        title = f"改由{row.station}服务" if left else f"{row.station}{also}开始服务"
        yield Fact(row.starts_on, _begin(row.pk), Matter.PLACE, title, tuple(f"原由{one.station}服务" for one in left))
    followed = {row.starts_on - timedelta(days=1) for row in rows}
    for row in rows:
        if row.ends_on and row.ends_on not in followed:
            yield Fact(row.ends_on, _end(row.pk), Matter.PLACE, f"{row.station}不再服务")


# THE DOSSIER ---------------------------------------------------------------


def _of_people(known: Known) -> Iterator[Fact]:
    """Disabilities, self-care and carers of the family's people."""
    dossier = known.dossier
    for disability in chain.from_iterable(dossier.disabilities.values()):
        name = known.shown(disability.person.name)
        if disability.issued_on:
            expires = f"有效期至 {disability.expires_on:%Y-%m-%d}" if disability.expires_on else ""
            yield _condition(disability.issued_on, disability.pk, f"{name}的残疾证发证：{disability}", expires)
        if disability.ended_on:
            yield _condition(disability.ended_on, _end(disability.pk), f"{name}的残疾证停止：{disability}")
    for care in chain.from_iterable(dossier.selfcare.values()):
        title = f"评估{known.shown(care.person.name)}的自理能力：{care}"
        yield _condition(care.assessed_on, care.pk, title, f"由{care.assessor}评估" if care.assessor else "")
    for row in chain.from_iterable(dossier.carers.values()):
        whose, carer, role = known.shown(row.person.name), known.shown(str(row)), row.get_role_display()
        yield _condition(row.starts_on, row.pk, f"{carer}成为{whose}的{role}", row.relation)
        if row.ends_on:
            yield _condition(row.ends_on, _end(row.pk), f"{carer}不再是{whose}的{role}")


def _condition(on: date, key: UUID, title: str, *meta: str, text: str = "") -> Fact:
    return Fact(on, key, Matter.CONDITION, title, tuple(part for part in meta if part), text)


def _of_snapshots(dossier: Dossier) -> Iterator[Fact]:
    """What was seen of the house and told of money, with what the few figures say."""
    for house in dossier.housing:
        said = (house.said("kind"), house.said("structure"), f"危房等级 {house.said('danger')}" if house.danger else "")
        hazards = f"隐患：{house.said('hazards')}" if house.hazards else ""
        yield _condition(house.taken_on, house.pk, "了解住房", *said, hazards, text=house.note)
    for money in dossier.economy:
        per_head = f"人均月收入 {yuan(money.per_head)} 元" if money.per_head is not None else ""
        debt = f"欠债 {yuan(money.debt)} 元" if money.debt else ""
        yield _condition(money.taken_on, money.pk, "了解收入与支出", per_head, debt, text=money.note)


def _of_needs(known: Known) -> Iterator[Fact]:
    """Needs and what the family can rely on."""
    for need in known.dossier.needs:
        whose = (known.shown(need.person.name),) if need.person else ()
        yield Fact(need.opened_on, need.pk, Matter.NEED, f"发现需求：{need}", whose, need.detail)
        if need.closed_on:
            yield Fact(need.closed_on, _end(need.pk), Matter.NEED, f"需求已解决：{need}", whose, need.outcome)
    for one in known.dossier.strengths:
        whose = (known.shown(one.person.name),) if one.person else ()
        yield Fact(one.starts_on, one.pk, Matter.NEED, f"优势与资源：{one}", whose, one.text)


def _of_papers(known: Known) -> Iterator[Fact]:
    """Consents given, refused and withdrawn; what was attached."""
    for row in known.dossier.consents:
        giver = known.shown(row.given_by.name) if row.given_by else known.shown(row.giver)
        about = f"关于{known.shown(row.person.name)}" if row.person else "关于全家"
        by = f"由{giver}以监护人身份表示" if row.as_guardian else f"由{giver}表示"
        done = "同意" if row.agreed else "不同意"
        yield Fact(row.given_on, row.pk, Matter.PAPER, f"{done}：{row}", (about, by, row.get_form_display()))
        if row.withdrawn_on:
            yield Fact(row.withdrawn_on, _end(row.pk), Matter.PAPER, f"撤回同意：{row}", (about,))
    for paper in known.dossier.attachments:
        whose = (known.shown(paper.person.name),) if paper.person else ()
        yield Fact(paper.taken_on, paper.pk, Matter.PAPER, f"附件：{paper.get_kind_display()}", whose, paper.title)


# TASKS ---------------------------------------------------------------------


def _of_tasks(known: Known) -> Iterator[Fact]:
    """What was to be done, and what came of it."""
    for task in known.tasks:
        meta = (task.get_origin_display(), f"期限 {task.due_on:%Y-%m-%d}")
        url = reverse("task", args=[task.pk])
        yield Fact(task.asked_on, task.pk, Matter.TASK, "提出跟进事项", meta, task.subject, url)
        if task.closed_on:
            told = "：".join(part for part in (task.subject, task.answer) if part)
            yield Fact(task.closed_on, _end(task.pk), Matter.TASK, f"跟进事项{task.get_state_display()}", (), told, url)


# HELP ----------------------------------------------------------------------


def _of_help(known: Known) -> Iterator[Fact]:
    """What reached the family, where it was sent, which policies were applied for and how that was decided."""
    for link in known.links:
        much = f"{link.quantity.normalize():f} {link.unit}" if link.quantity is not None else ""
        worth = f"{yuan(link.value)} 元" if link.value is not None else ""
        yield _helped(link.occurred_on, link.pk, f"链接资源：{link.resource}", known, link.person, much, worth,
                      url=reverse("resource-link", args=[link.pk]))  # fmt: skip
    for one in known.referrals:
        yield _helped(one.asked_on, one.pk, f"转介至{one.body}", known, one.person, one.get_state_display(),
                      url=reverse("referral", args=[one.pk]))  # fmt: skip
    for line in known.assisted:
        matter = line.matter
        url, what = reverse("matter", args=[matter.pk]), f"{matter}（{matter.get_kind_display()}）"
        yield _helped(matter.opened_on, matter.pk, f"协助申请{what}", known, matter.person, url=url)
        if matter.decided_on:
            amount = f"每月 {yuan(matter.amount)} 元" if matter.amount is not None else ""
            done = "批准" if matter.stage in GRANTED else "不批准"
            yield _helped(matter.decided_on, _end(matter.pk), f"{what}{done}", known, matter.person, amount, url=url)


def _helped(on: date, key: UUID, title: str, known: Known, person: Any, *meta: str, url: str) -> Fact:
    whose = (known.shown(person.name),) if person else ()
    return Fact(on, key, Matter.HELP, title, (*whose, *(part for part in meta if part)), url=url)


# READING -------------------------------------------------------------------


def settled(facts: Iterable[Fact], today: date) -> list[Fact]:
    """The facts up to today. What is entered for a day to come has not happened."""
    return [fact for fact in facts if fact.on <= today]


def narrowed(facts: Iterable[Fact], *, matter: str = "", year: int | None = None) -> list[Fact]:
    return [fact for fact in facts if (not matter or fact.matter == matter) and (not year or fact.on.year == year)]


def years(*days: Collection[date]) -> list[int]:
    """The years of these days, newest first."""
    return sorted({day.year for day in chain(*days)}, reverse=True)


def veiled(fact: Fact) -> Fact:
    """Without the words that somebody wrote, for those who may not see names: these may hold some."""
    return replace(fact, text="")
