"""People who die, leave, live with two families, or with several in turn. Each is one action."""

from datetime import date
from uuid import UUID

from django.db.models import Count, Max

from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused
from shuangbai.households.actions import check_bearer
from shuangbai.households.enums import CloseReason, Relation, TagEnd
from shuangbai.households.models import Household, Membership, Person, Tag
from shuangbai.households.rules import death_findings, met_since
from shuangbai.lives.actions.journal import Journal
from shuangbai.lives.actions.parts import (
    DAY,
    acting_station,
    close_files,
    confirm,
    drop_tasks,
    end_tags,
    here_on,
    join,
    keep,
    known_since,
    leave,
    open_files,
    open_tasks,
    put_at_head,
    refuse,
    succession,
    told_of_tasks,
)
from shuangbai.lives.entries import Death, Leaving, Rotation, SecondHome
from shuangbai.lives.enums import ChangeKind
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import Parting, day_findings, dead_already, joined_findings, rotation_findings
from shuangbai.network.models import User
from shuangbai.services.access import records_visible_to


def own_tags(people: list[UUID], day: date) -> list[Tag]:
    """The categories that these people carry after the day, themselves."""
    rows = Tag.objects.touching(day, date.max).filter(person__in=people).select_related("category", "person")
    return list(rows.order_by("category__position", "id"))


def _member(household: Household, person: Person, day: date) -> Membership:
    rows = household.memberships.touching(day, date.max).filter(person=person).select_related("person")
    found = rows.order_by("starts_on").first()
    if found is None:
        raise Refused.because("person", f"{person}在这一天不是这家的人，请核对日期，或先改成员资料")
    return found


# DEATH ---------------------------------------------------------------------


@action
def note_death(*, by: User, entry: Death, confirmed: str = "") -> LifeChange:
    """Somebody died: their places and categories end on the day; a family that dies out has its file closed."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station = acting_station(by, household)
    person = Person.objects.select_for_update(no_key=True).get(pk=entry.person.pk)
    refuse(dead_already(person.died_on, person.name))
    refuse(death_findings(died_on=entry.died_on, born=person.birth_date, today=clock.today()))
    _member(household, person, entry.died_on)
    on, today = entry.died_on + DAY, clock.today()
    here = [row for row in here_on(household, today) if row.person_id != person.pk]
    heir, successor = succession(household, here_on(household, entry.died_on), [person.pk], entry.new_head)
    tags = [tag for tag in own_tags([person.pk], on) if tag.pk in {one.pk for one in entry.ends}]
    dies_out = not here and entry.closes_file
    said = _death_sentences(entry, household, person, tags, successor, dies_out=dies_out, alone=not here)
    tasks = open_tasks(household) if not here else open_tasks(household, person)
    said += told_of_tasks(tasks)
    said = confirm(said, [*_kept(own_tags([person.pk], on), tags), *_met_after(by, person, entry.died_on)], confirmed)
    journal = Journal(by)
    drop_tasks(journal, tasks, "本人去世")
    journal.change(person, died_on=entry.died_on)
    for row in person.memberships.select_related("household").order_by("starts_on"):
        leave(journal, row, entry.died_on)
    end_tags(journal, tags, entry.died_on, TagEnd.DEATH)
    if heir:
        put_at_head(journal, household, heir, on)
    if dies_out:
        close_files(journal, household, entry.died_on, CloseReason.DECEASED)
    return keep(journal, ChangeKind.DEATH, household, entry.died_on, said, station=station, note=entry.note)


def _death_sentences(
    entry: Death, household: Household, person: Person, tags: list[Tag], successor: str, *, dies_out: bool, alone: bool
) -> list[str]:
    said = [f"{person}于{entry.died_on:%Y-%m-%d}去世，到这一天为止算{household}的人"]
    if tags:
        said.append(f"结束类别：{'、'.join(tag.category.name for tag in tags)}，原因为「死亡」")
    if successor:
        said.append(successor)
    if dies_out:
        numbers = "、".join(file.number for file in open_files(household))
        said.append(f"这户没有别的人了：档案{numbers}销档" if numbers else "这户没有别的人了；没有在档的档案")
    elif alone:
        said.append("这户没有别的人了，档案暂不销；以后可在家庭页结档")
    said.append("去世以后的慰问走访仍可以记，系统会提示核对")
    return said


def _kept(all_of: list[Tag], ends: list[Tag]) -> list[str]:
    ending = {tag.pk for tag in ends}
    kept = [tag.category.name for tag in all_of if tag.pk not in ending]
    return [f"这些类别没有勾选结束，仍会算在去世的人名下：{'、'.join(kept)}"] if kept else []


def _met_after(by: User, person: Person, day: date, what: str = "去世") -> list[str]:
    """What records within reach say of somebody after the day on which they died, or were last here."""
    records = records_visible_to(by).filter(voided_at__isnull=True, occurred_on__gt=day, contacts__person=person)
    met = records.aggregate(times=Count("pk", distinct=True), latest=Max("occurred_on"))
    return [met_since(person.name, met["times"], met["latest"], what)] if met["times"] else []


# LEAVING -------------------------------------------------------------------


@action
def leave_area(*, by: User, entry: Leaving, confirmed: str = "") -> LifeChange:
    """People of a family left the area. If nobody stays, the file closes with 迁出; the family remains to be read."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station, here = acting_station(by, household), here_on(household, entry.on)
    gone = [row for row in here if row.person_id in set(entry.people)]
    findings = day_findings("on", entry.on, today=clock.today(), earliest=known_since(household), what="离开")
    refuse(findings + joined_findings([Parting(r.person_id, r.person.name, "", r.starts_on) for r in gone], entry.on))
    if not gone:
        raise Refused.because("people", "请勾选离开的人；全家离开请全部勾选")
    everybody = len(gone) == len(here)
    heir, successor = succession(household, here, [row.person_id for row in gone], entry.new_head)
    last = entry.on - DAY
    ends = [tag for tag in entry.ends if tag.ends_on is None or tag.ends_on > last]
    said = [f"{'、'.join(row.person.name for row in gone)}从{entry.on:%Y-%m-%d}起离开本地，不再是{household}的人"]
    if ends:
        said.append(f"结束类别：{'、'.join(tag.category.name for tag in ends)}，原因为「迁出」")
    said += [successor] if successor else []
    if everybody:
        numbers = "、".join(file.number for file in open_files(household))
        said.append(f"全家离开：档案{numbers}结档，原因为「迁出」" if numbers else "全家离开；没有在档的档案")
    tasks = open_tasks(household) if everybody else [t for row in gone for t in open_tasks(household, row.person)]
    met = [sentence for row in gone for sentence in _met_after(by, row.person, last, "离开")]
    said = confirm([*said, *told_of_tasks(tasks)], met, confirmed)
    journal = Journal(by)
    drop_tasks(journal, tasks, "已离开本地")
    for row in gone:
        leave(journal, row, last)
    end_tags(journal, ends, last, TagEnd.MOVED)
    if heir:
        put_at_head(journal, household, heir, entry.on)
    if everybody:
        close_files(journal, household, last, CloseReason.MOVED)
    return keep(journal, ChangeKind.LEAVE, household, entry.on, said, station=station, note=entry.note)


# MORE THAN ONE HOME --------------------------------------------------------


@action
def add_second_home(*, by: User, entry: SecondHome, confirmed: str = "") -> LifeChange:
    """A child between two homes: of the other family too, with the first one remaining the first."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station = acting_station(by, household)
    check_bearer(by, entry.other)
    member = _member(household, entry.person, entry.on)
    refuse(day_findings("on", entry.on, today=clock.today(), earliest=None, what="两家住"))
    if entry.ends_on and entry.ends_on < entry.on:
        raise Refused.because("ends_on", "结束日期早于开始日期，请改正")
    if entry.other.pk == household.pk:
        raise Refused.because("", "请选择另一户")
    if entry.relation == Relation.HEAD:
        raise Refused.because("relation", "住在第二家的人不能是那家的户主，请选择与那家户主的关系")
    last = entry.ends_on or date.max
    there = entry.other.memberships.touching(entry.on, last).filter(person=entry.person)
    if there.exists():
        raise Refused.because("on", f"{entry.person}在这段时间已是{entry.other}的人，不必再登记")
    until = f"到{entry.ends_on:%Y-%m-%d}为止" if entry.ends_on else "，没有结束日期"
    said = confirm(
        [
            f"从{entry.on:%Y-%m-%d}起{until}，{entry.person}也是{entry.other}的人（{Relation(entry.relation).label}）",
            f"主要家庭仍是{household}；人数只算一次，两家的走访都看得到这个孩子",
        ],
        [] if member.is_primary else [f"{entry.person}的主要家庭不是{household}，请核对"],
        confirmed,
    )
    journal = Journal(by)
    join(journal, entry.other, entry.person, entry.relation, entry.on, primary=False, ends_on=entry.ends_on)
    journal.touch(household)
    return keep(
        journal, ChangeKind.SECOND_HOME, household, entry.on, said, station=station, other=entry.other, note=entry.note
    )


@action
def rotate_homes(*, by: User, entry: Rotation, confirmed: str = "") -> LifeChange:
    """An elder lives with several families in turn: a place in each, dated, each the first home of its days."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station, stays = acting_station(by, household), sorted(entry.stays, key=lambda one: one.starts_on)
    homes = Household.objects.in_bulk({stay.home for stay in stays})
    for home in homes.values():
        check_bearer(by, home)
    refuse(rotation_findings(stays, today=clock.today()))
    first = stays[0].starts_on
    now = _member(household, entry.person, first)
    refuse(joined_findings([Parting("", entry.person.name, "", now.starts_on)], first + DAY))
    heir, successor = succession(household, here_on(household, first), [entry.person.pk], entry.new_head)
    said = [f"{entry.person}轮住，共 {len(stays)} 段；每一段里，所住的那家是主要家庭："]
    said += [f"{homes[s.home]}：{s.starts_on:%Y-%m-%d}至{s.ends_on or '以后'}" for s in stays]  # type: ignore[index]
    said += [successor] if successor else []
    said = confirm([*said, "原来登记的所属日期到第一段前一天为止"], [], confirmed)
    journal = Journal(by)
    _make_room(journal, entry.person, first)
    for stay in stays:
        home = homes[stay.home]  # type: ignore[index]
        join(journal, home, entry.person, entry.relations[home.pk], stay.starts_on, ends_on=stay.ends_on)
    if heir:
        put_at_head(journal, household, heir, first)
    return keep(journal, ChangeKind.ROTATION, household, first, said, station=station, note=entry.note)


def _make_room(journal: Journal, person: Person, first: date) -> None:
    """Every place that reaches into the turns ends the day before the first of them."""
    for row in person.memberships.touching(first, date.max).order_by("starts_on"):
        if row.starts_on >= first:
            sentence = f"此人从{row.starts_on:%Y-%m-%d}起另有登记的家庭，第一段应从这天之后起，或先改成员资料"
            raise Refused.because("turns-0-starts_on", sentence)
        leave(journal, row, first - DAY)
