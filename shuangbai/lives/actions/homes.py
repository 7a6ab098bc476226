"""Families that move, part, come together, or go to another station. Each is one action: all of it or nothing."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Refused
from shuangbai.core.ids import new_id
from shuangbai.households.actions import check_bearer
from shuangbai.households.enums import CloseReason, FileState, Relation, TagEnd
from shuangbai.households.files import next_number
from shuangbai.households.models import (
    FamilyFile,
    FileWorker,
    Household,
    HouseholdStation,
    Membership,
    Residence,
)
from shuangbai.households.queries import numbering_rules
from shuangbai.lives.actions.journal import Journal
from shuangbai.lives.actions.parts import (
    DAY,
    acting_station,
    carry_tag,
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
    tags_of_household,
    told_of_tasks,
)
from shuangbai.lives.entries import Merge, MovedHome, Split, ToStation
from shuangbai.lives.enums import ChangeKind, MergedTag, TagGoes
from shuangbai.lives.models import LifeChange
from shuangbai.lives.rules import Parting, day_findings, joined_findings, split_findings
from shuangbai.network.models import Area, User
from shuangbai.network.queries import coverage_pairs


def _village(village_id: int, on: date) -> Area:
    """A village that is one on the day. Raises Refused for one that was abolished by then."""
    village = Area.objects.get(pk=village_id)
    if village.ends_on and village.ends_on < on:
        sentence = f"{village}已于{village.ends_on:%Y-%m-%d}撤销，请选择并入的村居"
        raise Refused.because("village", sentence, "village_ended")
    return village


def _outside(station_id: UUID, village_id: int, on: date) -> list[str]:
    if (station_id, village_id) in coverage_pairs([station_id], on):
        return []
    return ["这个村居当天不在本站覆盖范围内；确由本站继续服务可照此办理，否则请用「转到别的站」"]


# MOVING --------------------------------------------------------------------


@action
def move_home(*, by: User, entry: MovedHome, confirmed: str = "") -> LifeChange:
    """A family moves, and its station goes on serving it. Raises Preview until its sentences are confirmed."""
    household = Household.objects.select_for_update(no_key=True).select_related("village").get(pk=entry.household.pk)
    station = acting_station(by, household)
    refuse(day_findings("on", entry.on, today=clock.today(), earliest=known_since(household), what="搬家"))
    later = household.residences.filter(starts_on__gt=entry.on).exists()
    if later:
        raise Refused.because("on", "这户在这天以后已登记过另一次搬家，请先核对那一次")
    village = _village(entry.village_id, entry.on)
    said = [f"从{entry.on:%Y-%m-%d}起，{household}住在{village.short_name}{entry.group}；以前的走访仍属原来的村居"]
    if entry.address is not None:
        said.append("门牌地址改为新填的" if entry.address else "门牌地址清空，知道后再填")
    said = confirm(said, _outside(station, village.pk, entry.on), confirmed)
    journal = Journal(by)
    reside(journal, household, village.pk, entry.on)
    place: dict[str, Any] = {"village": village, "group": entry.group}
    if entry.address is not None:
        place["address"] = entry.address
    journal.change(household, **place)
    return keep(journal, ChangeKind.MOVE, household, entry.on, said, station=station, note=entry.note)


def reside(journal: Journal, household: Household, village_id: int, on: date) -> None:
    """In which village the family lives from a day on."""
    now = household.residences.filter(ends_on__isnull=True).first()
    if now and now.village_id == village_id:
        return
    if now and now.starts_on >= on:
        journal.change(now, village=village_id)
        return
    if now:
        journal.change(now, ends_on=on - DAY)
    journal.make(_residence(household, village_id, on))


def _residence(household: Household, village_id: int, on: date) -> Residence:
    return Residence(
        id=new_id(), station_id=household.station_id, household=household, village_id=village_id, starts_on=on
    )


# PARTING -------------------------------------------------------------------


@action
def split_household(*, by: User, entry: Split, confirmed: str = "") -> LifeChange:
    """Members form a household of their own from a day on (分户). What becomes of categories is the entry's word."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station, here = acting_station(by, household), here_on(household, entry.on)
    rows = [row for row in here if row.person_id in entry.leaving]
    parts = [Parting(r.person_id, r.person.name, entry.leaving[r.person_id], r.starts_on) for r in rows]
    findings = day_findings("on", entry.on, today=clock.today(), earliest=known_since(household), what="分户")
    refuse(findings + split_findings(parts, members=len(here), on=entry.on))
    heir, successor = succession(household, here, entry.leaving, entry.new_head)
    village, tags = _village(entry.village_id, entry.on), tags_of_household(household, entry.on)
    for tag in tags:
        if tag.pk not in entry.tags:
            raise Refused.because(f"tag-{tag.pk}", f"「{tag.category}」登记在整户名下，请选择分户后怎样办")
    said = _split_sentences(entry, household, parts, village, successor)
    said += [f"「{tag.category}」：{TagGoes(entry.tags[tag.pk]).label}" for tag in tags]
    said.append("新户同时建档" if entry.opens_file else "新户暂不建档；原户的档案不变")
    said = confirm(said, _outside(station, village.pk, entry.on), confirmed)
    journal = Journal(by)
    new = _new_household(journal, entry, household, station)
    for row in rows:
        leave(journal, row, entry.on - DAY)
        join(journal, new, row.person, entry.leaving[row.person_id], entry.on, primary=row.is_primary)
    if heir:
        put_at_head(journal, household, heir, entry.on)
    _divide_tags(journal, entry.tags, household, new, entry.on)
    if entry.opens_file:
        _open_file(journal, new, entry)
    return keep(journal, ChangeKind.SPLIT, household, entry.on, said, station=station, other=new, note=entry.note)


def _split_sentences(
    entry: Split, household: Household, parts: list[Parting], village: Area, successor: str
) -> list[str]:
    names = "、".join(f"{one.name}（{Relation(one.relation).label}）" for one in parts)
    until = entry.on - DAY
    return [
        f"{names}到{until:%Y-%m-%d}为止是{household}的人，从{entry.on:%Y-%m-%d}起另立一户，住{village.short_name}",
        "个人的类别随人走；以前的走访留在原户，数字不变",
        *([successor] if successor else []),
    ]


def _new_household(journal: Journal, entry: Split, household: Household, station: UUID) -> Household:
    head = next(key for key, relation in entry.leaving.items() if relation == Relation.HEAD)
    name = Membership.objects.filter(person=head).select_related("person").first()
    new = Household(
        id=new_id(), station_id=station, head_name=name.person.name if name else "", village_id=entry.village_id,
        group=entry.group, address=entry.address, entered_at=clock.now(), entered_by=journal.by,
    )  # fmt: skip
    journal.make(new)
    journal.make(_residence(new, entry.village_id, entry.on))
    for one in HouseholdStation.objects.on(entry.on).filter(household=household):
        journal.make(HouseholdStation(station_id=one.station_id, household=new, starts_on=entry.on))
    return new


def _divide_tags(
    journal: Journal, said: Mapping[UUID, TagGoes], household: Household, new: Household, on: date
) -> None:
    for tag in tags_of_household(household, on):
        goes = said[tag.pk]
        if goes in (TagGoes.BOTH, TagGoes.GOES):
            carry_tag(journal, tag, new, on)
        if goes in (TagGoes.GOES, TagGoes.ENDS):
            end_tags(journal, [tag], on - DAY, TagEnd.CHANGED)


def _open_file(journal: Journal, new: Household, entry: Split) -> None:
    number = next_number(new.station, entry.on, new.village_id, numbering_rules())
    file = FamilyFile(
        id=new_id(), station_id=new.station_id, household=new, number=number, opened_on=entry.on,
        state=FileState.OPEN, entered_at=clock.now(), entered_by=journal.by,
    )  # fmt: skip
    journal.make(file)
    if entry.worker_id:
        journal.make(
            FileWorker(id=new_id(), station_id=file.station_id, file=file, staff_id=entry.worker_id, starts_on=entry.on)
        )


# COMING TOGETHER -----------------------------------------------------------


@action
def merge_households(*, by: User, entry: Merge, confirmed: str = "") -> LifeChange:
    """The members of `other` join the family from a day on; the file of the other closes (并户)."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    other = Household.objects.select_for_update(no_key=True).get(pk=entry.other.pk)
    station = acting_station(by, household)
    check_bearer(by, other)
    if household.pk == other.pk:
        raise Refused.because("", "不能并入自己，请选择另一户")
    earliest = max((d for d in (known_since(household), known_since(other)) if d), default=None)
    coming = here_on(other, entry.on)
    findings = day_findings("on", entry.on, today=clock.today(), earliest=earliest, what="并户")
    parts = [Parting(r.person_id, r.person.name, entry.relations.get(r.person_id, ""), r.starts_on) for r in coming]
    refuse(findings + joined_findings(parts, entry.on))
    for one in parts:
        if not one.relation or one.relation == Relation.HEAD:
            raise Refused.because(f"relation-{one.key}", f"请选择{one.name}与{household.head_name}的关系（户主不变）")
    tags = tags_of_household(other, entry.on)
    for tag in tags:
        if tag.pk not in entry.tags:
            raise Refused.because(f"tag-{tag.pk}", f"「{tag.category}」登记在{other}整户名下，请选择并户后怎样办")
    said = _merge_sentences(entry, household, other, parts)
    said += [f"「{tag.category}」：{MergedTag(entry.tags[tag.pk]).label}" for tag in tags]
    tasks = open_tasks(other)
    said = confirm([*said, *told_of_tasks(tasks, "转到合并后的户：")], [], confirmed)
    journal = Journal(by)
    for task in tasks:
        journal.change(task, household=household)
    for row in coming:
        _come_over(journal, row, household, entry.relations[row.person_id], entry.on)
    for tag in tags:
        if entry.tags[tag.pk] == MergedTag.CARRIED:
            carry_tag(journal, tag, household, entry.on)
    end_tags(journal, tags, entry.on - DAY, TagEnd.CHANGED)
    close_files(journal, other, entry.on - DAY, CloseReason.MERGED)
    journal.touch(household)
    return keep(journal, ChangeKind.MERGE, household, entry.on, said, station=station, other=other, note=entry.note)


def _merge_sentences(entry: Merge, household: Household, other: Household, parts: list[Parting]) -> list[str]:
    names = "、".join(f"{one.name}（{Relation(one.relation).label}）" for one in parts) or "没有成员"
    files = "、".join(file.number for file in open_files(other))
    return [
        f"从{entry.on:%Y-%m-%d}起，{other}的{len(parts)}人成为{household}的人：{names}",
        f"{other}的档案{files}结档，原因为「与其他档案合并」" if files else f"{other}没有在档的档案",
        f"{other}以前的走访和档案留在原处，仍可查看，数字不变",
    ]


def _come_over(journal: Journal, row: Membership, household: Household, relation: str, on: date) -> None:
    """Somebody joins the family that is kept; who was of it already is of it once, and it is their first home."""
    leave(journal, row, on - DAY)
    here = household.memberships.touching(on, date.max).filter(person=row.person_id).first()
    if here is None:
        join(journal, household, row.person, relation, on, primary=row.is_primary)
    elif row.is_primary and not here.is_primary and here.starts_on < on:
        leave(journal, here, on - DAY)
        join(journal, household, row.person, here.relation, on)
    elif row.is_primary and not here.is_primary:
        journal.change(here, is_primary=True)


# TO ANOTHER STATION --------------------------------------------------------


@action
def give_to_station(*, by: User, entry: ToStation, confirmed: str = "") -> LifeChange:
    """Another station serves the family from a day on. With its history only where the family agreed (ADR 0041)."""
    household = Household.objects.select_for_update(no_key=True).get(pk=entry.household.pk)
    station = acting_station(by, household)
    if entry.station.pk == station:
        raise Refused.because("station", "这户现在就由本站服务；在本站范围内搬家请用「搬家」")
    if not entry.station.holds_on(entry.on):
        raise Refused.because("station", f"{entry.station}在这天不开放，请核对日期或另选一站")
    if entry.with_history and len(entry.note.strip()) < 2:
        raise Refused.because("note", "带着以前的记录要经家庭同意：请写明谁、怎样同意的，如「户主当面同意」")
    refuse(day_findings("on", entry.on, today=clock.today(), earliest=known_since(household), what="转站"))
    village = _village(entry.village_id, entry.on)
    tasks = [task for task in open_tasks(household) if task.station_id == station]
    said = [*_station_sentences(entry, household, village), *told_of_tasks(tasks)]
    outside = (entry.station.pk, village.pk) not in coverage_pairs([entry.station.pk], entry.on)
    said = confirm(
        said, [f"{village.short_name}当天不在{entry.station}覆盖范围内，请核对"] if outside else [], confirmed
    )
    journal = Journal(by)
    reside(journal, household, village.pk, entry.on)
    journal.change(household, village=village)
    _change_station(journal, household, station, entry)
    drop_tasks(journal, tasks, "已转到别的站")
    for file in open_files(household):
        if file.station_id == station:
            close_files(journal, household, entry.on - DAY, CloseReason.MOVED)
    return keep(journal, ChangeKind.STATION, household, entry.on, said, station=station, note=entry.note)


def _station_sentences(entry: ToStation, household: Household, village: Area) -> list[str]:
    history = (
        "经家庭同意，以前的走访记录、已结束的类别和档案一并给新站看（只看，不能改）"
        if entry.with_history
        else "不带以前的记录：新站只看到现在的成员、现有类别和接手之后的记录"
    )
    return [
        f"从{entry.on:%Y-%m-%d}起，{household}由{entry.station}服务，住{village.short_name}；本站从这天起看不到这户",
        history,
        "本站的档案结档，原因为「迁出」；新站自己建档",
        "本站以前做的走访仍算本站的，数字不变",
    ]


def _change_station(journal: Journal, household: Household, station: UUID, entry: ToStation) -> None:
    serving = HouseholdStation.objects.touching(entry.on, date.max).filter(household=household)
    for row in serving.filter(station=station):
        if row.starts_on >= entry.on:
            raise Refused.because("on", f"本站从{row.starts_on:%Y-%m-%d}起才服务这户，日期应在这天之后")
        journal.change(row, ends_on=entry.on - DAY)
    there = serving.filter(station=entry.station).first()
    if there is None:
        journal.make(
            HouseholdStation(
                household=household, station=entry.station, starts_on=entry.on, with_history=entry.with_history
            )
        )
    elif entry.with_history and not there.with_history:
        journal.change(there, with_history=True)
