"""Writes about families and people. Each has a bulk form; the single form is a batch of one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q

from shuangbai.core import audit, clock, idnumber
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, insert_rows, make, sign
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Conflict, Door, Finding, NotAllowed, Refused, judge, refuse_if_any
from shuangbai.core.ids import new_id
from shuangbai.core.pinyin import initials
from shuangbai.households.access import households_visible_to, people_visible_to
from shuangbai.households.entries import Entered, HouseholdEntry, MemberEntry, TagEntry
from shuangbai.households.enums import BirthPrecision, IdState, Relation, TagEnd
from shuangbai.households.finding import refresh_find_keys, write_find_keys
from shuangbai.households.likeness import (
    AT_ONCE,
    known_findings,
    known_people,
    look_for,
    others_with_another_id,
    traits_of_entry,
)
from shuangbai.households.models import (
    Category,
    Household,
    HouseholdStation,
    Membership,
    Person,
    Residence,
    Standing,
    Tag,
)
from shuangbai.households.queries import phone_tails, tail_hash
from shuangbai.households.rules import (
    DOORS,
    death_findings,
    joined_before_birth,
    membership_findings,
    met_since,
    person_findings,
    phone_findings,
    tag_findings,
    twice_findings,
    village_findings,
)
from shuangbai.households.standing import rewrite_standing
from shuangbai.network.access import check_reaches, viewer_of
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.queries import coverage_pairs
from shuangbai.network.roles import Permission
from shuangbai.upkeep.alerts import check_may_open, tell_auditor

BATCH = 500

OPENED = audit.kind("household.opened", "{by} 登记了一户家庭")
CHANGED = audit.kind("household.changed", "{by} 修改了家庭资料：{fields}")
MEMBER_ADDED = audit.kind("household.member_added", "{by} 登记了家庭新成员")
MEMBER_CHANGED = audit.kind("person.changed", "{by} 修改了人员资料：{fields}")
TAGGED = audit.kind("tag.opened", "{by} 登记了类别「{category}」")
UNTAGGED = audit.kind("tag.closed", "{by} 结束了类别「{category}」")
RELATED = audit.kind("household.member_dated", "{by} 修改了成员在家庭中的关系或起止日期")
UNMASKED = audit.kind("household.unmasked", "{by} 查看了隐去的内容（{what}），理由：{reason}", opens=True)


def _category_rows() -> dict[str, Category]:
    return {category.code: category for category in Category.objects.all()}


def _entry_findings(entry: HouseholdEntry, categories: dict[str, Category], today: date) -> list[Finding]:
    if not entry.members:
        return [Finding("no_member", "members", "请至少填写一名家庭成员（户主）")]
    findings = [f for tag in entry.tags for f in _tag_findings(tag, categories, for_household=True, born=None)]
    findings += twice_findings(_said(entry.tags, categories))
    findings += phone_findings(entry.phone)
    named = [member.known for member in entry.members if member.known]
    if len(set(named)) < len(named):
        findings.append(Finding("known_member", "members", "两行选了同一个已登记的人，请去掉一行"))
    for index, member in enumerate(entry.members):
        found = [] if member.known else person_findings(
            name=member.name, id_no=member.id_no, sex=member.sex, birth_date=member.birth_date, today=today,
            phone=member.phone,
        )  # fmt: skip
        if member.died_on and not member.known:
            found += death_findings(died_on=member.died_on, born=member.birth_date, today=today)
        if member.known and member.tags:
            found.append(Finding("known_tags", "category", "这个人已登记过，类别请保存后在其资料中登记"))
        for tag in member.tags:
            found += _tag_findings(tag, categories, for_household=False, born=member.birth_date)
        found += twice_findings(_said(member.tags, categories))
        findings += [replace(finding, field=f"members-{index}-{finding.field}") for finding in found]
    return findings


def _said(tags: Sequence[TagEntry], categories: dict[str, Category]) -> list[tuple[str, date, date | None]]:
    return [(categories[t.category].name, t.starts_on, t.ends_on) for t in tags if t.category in categories]


def _tag_findings(
    tag: TagEntry, categories: dict[str, Category], *, for_household: bool, born: date | None
) -> list[Finding]:
    category = categories.get(tag.category)
    if category is None:
        return [Finding("category_ended", "category", f"没有「{tag.category}」这一类别，请从列表中选择")]
    row = {name: getattr(category, name) for name in ("name", "unit", "starts_on", "ends_on", "min_age", "max_age")}
    return tag_findings(
        category=row, for_household=for_household, starts_on=tag.starts_on, ends_on=tag.ends_on, birth_date=born,
        today=clock.today(),
    )  # fmt: skip


def _person(member: MemberEntry, station: OrgUnit, by: User, at: datetime) -> Person:
    """A person row with everything that follows from the entry: initials, hashes, birth date and sex of the ID."""
    read = idnumber.read(member.id_no) if member.id_no.strip() else None
    sound = read if isinstance(read, idnumber.IdNumber) else None
    sex = member.sex if member.sex in {"1", "2"} or sound is None else sound.sex
    return make(
        Person, station=station, name=member.name.strip(), initials=initials(member.name), sex=sex,
        birth_date=member.birth_date or (sound.birth_date if sound else None),
        birth_precision=member.birth_precision, phone=member.phone.strip(), phone_tails=phone_tails(member.phone),
        id_no=sound.number if sound else "", id_hash=lookup_hash(sound.number, "id") if sound else "",
        id_tail=tail_hash(sound.number) if sound else "", id_state=IdState.SOUND if sound else IdState.MISSING,
        died_on=member.died_on, entered_at=at, entered_by=by,
    )  # fmt: skip


def _tag(tag: TagEntry, categories: dict[str, Category], *, at: datetime, by: User, **bearer: Any) -> Tag:
    return make(
        Tag, category=categories[tag.category], starts_on=tag.starts_on, ends_on=tag.ends_on, level=tag.level,
        amount=tag.amount, certificate=tag.certificate, source=tag.source, end_reason=tag.end_reason,
        entered_at=at, entered_by=by, **bearer,
    )  # fmt: skip


def enter_household(*, by: User, entry: HouseholdEntry, door: Door = Door.PAGE, acknowledged: bool = False) -> Entered:
    """Enter one family. Raises Refused, NeedsAcknowledgement or NotAllowed."""
    return enter_households(by=by, entries=[entry], door=door, acknowledged=acknowledged)[0]


@action
def enter_households(
    *, by: User, entries: Sequence[HouseholdEntry], door: Door, acknowledged: bool = True
) -> list[Entered]:
    """Enter families with their people, memberships and categories.

    Raises NotAllowed unless `by` may edit families at every station; Refused where a rule refuses an
    entry, before anything of the batch is written.
    """
    check_reaches(by, Permission.EDIT_FAMILIES, {entry.station.pk for entry in entries})
    on_file = _on_file(by, [member for entry in entries for member in entry.members])
    categories, now, today = _category_rows(), clock.now(), clock.today()
    covered = coverage_pairs({entry.station.pk for entry in entries}, today)
    for entry in entries:
        found = _entry_findings(entry, categories, today)
        found += village_findings(covered=(entry.station.pk, entry.village_id) in covered)
        if not acknowledged:
            found += _known_findings(by, entry)
        refuse_if_any(judge(found, door, DOORS), acknowledged=acknowledged)
    made, memberships, tags = [], [], []
    for entry in entries:
        at = entry.entered_at or now
        household = make(
            Household, station=entry.station, village_id=entry.village_id, group=entry.group, address=entry.address,
            phone=entry.phone, phone_tails=phone_tails(entry.phone), note=entry.note, entered_at=at, entered_by=by,
        )  # fmt: skip
        one = Entered(household)
        tags += [_tag(t, categories, at=at, by=by, station=entry.station, household=household) for t in entry.tags]
        for member in entry.members:
            person = on_file[member.known] if member.known else _person(member, entry.station, by, at)
            one.people.append(person)
            memberships.append(_membership(household, person, member, member.starts_on or entry.since))
            tags += [_tag(t, categories, at=at, by=by, station=entry.station, person=person) for t in member.tags]
        household.head_name = _head_name(entry.members, one.people)
        made.append(one)
    _write_families(by, entries, made, memberships, tags)
    return made


def _membership(household: Household, person: Person, entry: MemberEntry, starts_on: date) -> Membership:
    """Somebody in a household from a day on. Who has a home already has this one as a further one."""
    further = entry.known is not None and _has_home(person.pk, starts_on)
    return make(
        Membership, station_id=household.station_id, household=household, person=person, relation=entry.relation,
        is_primary=entry.is_primary and not further, starts_on=starts_on, ends_on=entry.ends_on,
    )  # fmt: skip


def _on_file(by: User, members: Sequence[MemberEntry]) -> dict[UUID | None, Person]:
    """The people on file whom these entries name. Raises NotAllowed for one that `by` may not edit."""
    ids = {member.known for member in members if member.known}
    if not ids:
        return {}
    found: dict[UUID | None, Person] = {
        person.pk: person for person in people_visible_to(by, Permission.EDIT_FAMILIES).filter(pk__in=ids)
    }
    if len(found) < len(ids):
        raise NotAllowed
    return found


def _has_home(person_id: UUID, day: date) -> bool:
    """Whether somebody has a primary household on the day or later: a further one is then not primary."""
    return Membership.objects.touching(day, date.max).filter(person=person_id, is_primary=True).exists()


def _known_findings(by: User, entry: HouseholdEntry) -> list[Finding]:
    """Who of these members may be on file already, each sentence beside the member's name."""
    new = [(index, member) for index, member in enumerate(entry.members) if not member.known]
    asked = [
        traits_of_entry(
            member, village_id=entry.village_id, phones=(member.phone, entry.phone),
            family=[other.name for other in entry.members if other is not member],
        )
        for _, member in new
    ]  # fmt: skip
    found = known_people(by, asked)
    return [f for (index, _), one in zip(new, found, strict=True) for f in known_findings(*one, f"members-{index}-")]


def _head_name(members: Sequence[MemberEntry], people: Sequence[Person]) -> str:
    heads = [p for m, p in zip(members, people, strict=True) if m.relation == Relation.HEAD]
    return (heads or people)[0].name


def _write_families(
    by: User, entries: Sequence[HouseholdEntry], made: list[Entered], memberships: list[Membership], tags: list[Tag]
) -> None:
    known = {member.known for entry in entries for member in entry.members if member.known}
    people = [person for one in made for person in one.people if person.pk not in known]
    insert([one.household for one in made], by=by)
    insert(people, by=by)
    insert(memberships, by=by)
    insert(tags, by=by)
    since = [(one.household, entry.since) for one, entry in zip(made, entries, strict=True)]
    columns = ("household_id", "station_id", "starts_on")
    insert_rows(HouseholdStation, columns, ((h.pk, h.station_id, day) for h, day in since))
    lived = ((new_id(), h.pk, h.station_id, day, h.village_id) for h, day in since)
    insert_rows(Residence, ("id", *columns, "village_id"), lived)
    if not known:
        write_find_keys(made, {row.person_id for row in memberships if row.ends_on is None})
    else:
        refresh_find_keys([one.household.pk for one in made])
        first = min(entry.since for entry in entries)
        rewrite_standing(household_ids=[h.pk for h, _ in since], person_ids=known, first=first, last=None)  # type: ignore[arg-type]
    audit.record_all([audit.entry(OPENED, by=by, about=one.household) for one in made])
    everybody = [person.pk for one in made for person in one.people]
    if len(everybody) <= AT_ONCE:  # the job looks for those of a longer list (likeness.look_for_due)
        look_for(everybody)


@action
def add_member(*, by: User, household: Household, entry: MemberEntry, acknowledged: bool = False) -> Membership:
    """Somebody more in a family from `entry.starts_on` (today where it is not said), new or on file already."""
    check_bearer(by, household)
    starts_on, known = entry.starts_on or clock.today(), _on_file(by, [entry]).get(entry.known)
    findings = _member_findings(by, household, entry, starts_on, acknowledged)
    born = _born_after(known, {}) if known else entry.born
    findings += _membership_findings(household.pk, entry.relation, starts_on, entry.ends_on, born=born)
    refuse_if_any(judge(findings, Door.PAGE, DOORS), acknowledged=acknowledged)
    person = known or _person(entry, household.station, by, clock.now())
    if known is None:
        sign(person, by=by)
        person.save(force_insert=True)
    membership = _membership(household, person, entry, starts_on)
    sign(membership, by=by)
    membership.save(force_insert=True)
    _after_membership(household.pk, person, relation=entry.relation, first=starts_on)
    look_for([person.pk])
    audit.record(MEMBER_ADDED, by=by, about=household)
    return membership


def _member_findings(
    by: User, household: Household, entry: MemberEntry, starts_on: date, acknowledged: bool
) -> list[Finding]:
    """Of somebody new: who they are, and who on file they may be. Of somebody known: whether they are of it already."""
    if entry.known:
        here = Membership.objects.touching(starts_on, entry.ends_on or date.max)
        if not here.filter(household=household, person=entry.known).exists():
            return []
        return [Finding("known_member", "known", "这个人在这段时间已是这户的成员，不必再登记")]
    findings = person_findings(
        name=entry.name, id_no=entry.id_no, sex=entry.sex, birth_date=entry.birth_date, today=clock.today(),
        phone=entry.phone,
    )  # fmt: skip
    if acknowledged:
        return findings
    members = Membership.objects.on(clock.today()).filter(household=household)
    asked = traits_of_entry(
        entry, village_id=household.village_id, phones=(entry.phone, household.phone),
        homes=[household.pk], family=members.values_list("person__name", flat=True),
    )  # fmt: skip
    return findings + known_findings(*known_people(by, [asked])[0])


def _born_after(person: Person, changes: Mapping[str, Any]) -> date | None:
    """The birth date, where it is known to the day, once these changes are made."""
    exact = changes.get("birth_precision", person.birth_precision) == BirthPrecision.DAY
    born: date | None = changes.get("birth_date", person.birth_date)
    return born if exact else None


def _membership_findings(
    household_id: UUID,
    relation: str,
    starts_on: date,
    ends_on: date | None,
    *,
    born: date | None,
    besides: UUID | None = None,
) -> list[Finding]:
    heads = Membership.objects.filter(household=household_id, relation=Relation.HEAD)
    heads = heads.exclude(pk=besides) if besides else heads
    head = heads.touching(starts_on, ends_on or date.max).select_related("person").first()
    return membership_findings(
        relation=relation, starts_on=starts_on, ends_on=ends_on, today=clock.today(),
        other_head=head.person.name if head and relation == Relation.HEAD else "", born=born,
    )  # fmt: skip


def _after_membership(household_id: UUID, person: Person, *, relation: str, first: date) -> None:
    """What follows from a membership that is new or has other dates: the family's name, its keys, its standing."""
    if relation == Relation.HEAD:
        Household.objects.filter(pk=household_id).update(head_name=person.name)
    refresh_find_keys([household_id])
    rewrite_standing(household_ids=[household_id], person_ids=[person.pk], first=first, last=None)


# CATEGORIES ----------------------------------------------------------------


@action
def open_tags(
    *,
    by: User,
    bearer: Household | Person,
    entries: Sequence[TagEntry],
    door: Door = Door.PAGE,
    acknowledged: bool = False,
) -> list[Tag]:
    """Give a household or a person categories from a day on. What was served since then is counted anew."""
    check_bearer(by, bearer)
    categories = _category_rows()
    for_household = isinstance(bearer, Household)
    findings = []
    for entry in entries:
        born = None if isinstance(bearer, Household) else bearer.birth_date
        findings += _tag_findings(entry, categories, for_household=for_household, born=born)
    held = bearer.tags.values_list("category__name", "starts_on", "ends_on")
    findings += twice_findings(_said(entries, categories), list(held))
    refuse_if_any(judge(findings, door, DOORS), acknowledged=acknowledged)
    about = {"household": bearer} if for_household else {"person": bearer}
    now = clock.now()
    tags = [_tag(e, categories, at=now, by=by, station_id=bearer.station_id, **about) for e in entries]
    insert(tags, by=by)
    for tag in tags:
        _recount(bearer, tag.starts_on, tag.ends_on)
        audit.record(TAGGED, by=by, about=bearer, category=tag.category.open_name)
    return tags


@action
def close_tag(*, by: User, tag: Tag, ends_on: date, reason: TagEnd) -> Tag:
    """End a category on its last day. Raises Refused for a day before it began."""
    bearer = tag.household or tag.person
    if bearer is None:
        raise NotAllowed
    check_bearer(by, bearer)
    if ends_on < tag.starts_on:
        raise Refused.because("ends_on", f"结束日期早于开始日期（{tag.starts_on:%Y-%m-%d}），请改正")
    was = tag.ends_on
    tag.ends_on, tag.end_reason = ends_on, reason
    sign(tag, by=by)
    tag.save()
    _recount(bearer, min(ends_on, was or ends_on), None if was is None else max(ends_on, was))
    audit.record(UNTAGGED, by=by, about=bearer, category=tag.category.open_name)
    return tag


def _recount(bearer: Household | Person, first: date, last: date | None) -> None:
    households = [bearer.pk] if isinstance(bearer, Household) else []
    people = [bearer.pk] if isinstance(bearer, Person) else []
    rewrite_standing(household_ids=households, person_ids=people, first=first, last=last)


def check_bearer(by: User, bearer: Household | Person) -> None:
    """Raise NotAllowed unless `by` may edit the household, or a household of the person."""
    visible = households_visible_to(by, Permission.EDIT_FAMILIES)
    wanted = Q(pk=bearer.pk) if isinstance(bearer, Household) else Q(memberships__person=bearer)
    if not visible.filter(wanted).exists():
        raise NotAllowed


# CHANGES -------------------------------------------------------------------


@action
def change_household(*, by: User, household: Household, version: int, changes: dict[str, Any]) -> Household:
    """Change a family's own fields. Raises Conflict where it was changed since `version` was read."""
    check_bearer(by, household)
    current = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if current.version != version:
        raise Conflict(current)
    refuse_if_any(phone_findings(changes.get("phone", "")), acknowledged=False)
    if changes.get("village_id", current.village_id) != current.village_id:
        change_residence(current, changes["village_id"], clock.today())
    return _change(current, changes, by, CHANGED, phone_tails=phone_tails(changes.get("phone", current.phone)))


@action
def change_person(
    *, by: User, person: Person, version: int, changes: dict[str, Any], acknowledged: bool = False
) -> Person:
    """Change a person's fields, under the same rules as when they were entered."""
    check_bearer(by, person)
    current = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    if current.version != version:
        raise Conflict(current)
    if current.forgotten:
        raise Refused.because("name", "此人的资料已依法抹去，不能再填写；如重新服务，请另行登记", "forgotten")
    wanted = {name: changes.get(name, getattr(current, name)) for name in ("name", "id_no", "sex", "birth_date")}
    findings = person_findings(today=clock.today(), phone=changes.get("phone", ""), **wanted)
    read = idnumber.read(wanted["id_no"]) if wanted["id_no"] else None
    sound = read if isinstance(read, idnumber.IdNumber) else None
    number = sound.number if sound else ""
    if number and others_with_another_id(person.pk, lookup_hash(number, "id")):
        sentence = "这个人与另一份资料已认定为同一人，那份的身份证号不同；请先核对，必要时撤销认定，再改证号"
        findings.append(Finding("id_of_merged", "id_no", sentence))
    if (died_on := changes.get("died_on")) and died_on != current.died_on:
        findings += _death_findings(by, current, died_on, wanted["birth_date"])
    refuse_if_any(judge(findings, Door.PAGE, DOORS), acknowledged=acknowledged)
    if sound:
        changes = {**changes, "birth_date": wanted["birth_date"] or sound.birth_date}
        changes["sex"] = wanted["sex"] if wanted["sex"] in {"1", "2"} else sound.sex
    changed = _change(
        current, {**changes, "id_no": number}, by, MEMBER_CHANGED,
        initials=initials(wanted["name"]), phone_tails=phone_tails(changes.get("phone", current.phone)),
        id_hash=lookup_hash(number, "id") if number else "", id_tail=tail_hash(number),
        id_state=IdState.SOUND if number else IdState.MISSING,
    )  # fmt: skip
    heads = Household.objects.filter(memberships__person=changed, memberships__relation=Relation.HEAD)
    heads.update(head_name=changed.name)
    refresh_find_keys(list(changed.memberships.values_list("household_id", flat=True)))
    look_for([changed.pk])
    return changed


def _death_findings(by: User, person: Person, died_on: date, born: date | None) -> list[Finding]:
    """Another day of death: possible, and nobody met them after it. Voided records are told too: it is a question."""
    within = viewer_of(by).reach(Permission.SEE_RECORDS)
    served = Standing.objects.filter(within, person=person, occurred_on__gt=died_on)
    met = served.aggregate(times=Count("occasion", distinct=True), latest=Max("occurred_on"))
    findings = death_findings(died_on=died_on, born=born, today=clock.today())
    if met["times"] and not findings:
        sentence = met_since(person.name, met["times"], met["latest"])
        findings.append(Finding("death_then_met", "died_on", sentence))
    return findings


@action
def change_member(
    *,
    by: User,
    membership: Membership,
    version: int,
    changes: dict[str, Any],
    dated: dict[str, Any],
    acknowledged: bool = False,
) -> Membership:
    """Change a person's fields and how they belong to the family (`dated`: relation, starts_on, ends_on)."""
    # The family first: somebody who is of two families may be changed by both, each membership by its own alone.
    check_bearer(by, membership.household)
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    before = (current.relation, current.starts_on, current.ends_on)
    for name, value in dated.items():
        setattr(current, name, value)
    born = _born_after(membership.person, changes)
    if before != (current.relation, current.starts_on, current.ends_on):
        findings = _membership_findings(
            current.household_id, current.relation, current.starts_on, current.ends_on, born=born, besides=current.pk
        )
        refuse_if_any(judge(findings, Door.PAGE, DOORS), acknowledged=acknowledged)
        sign(current, by=by)
        current.save()
        audit.record(RELATED, by=by, about=current)
    elif born and born != membership.person.birth_date and current.starts_on < born:
        raise Refused.because("starts_on", joined_before_birth(born))
    person = change_person(by=by, person=membership.person, version=version, changes=changes, acknowledged=acknowledged)
    _after_membership(current.household_id, person, relation=current.relation, first=min(before[1], current.starts_on))
    return current


def _change(current: Any, changes: dict[str, Any], by: User, kind: audit.Kind, **derived: Any) -> Any:
    words = [
        str(current._meta.get_field(name).verbose_name) for name in changes if getattr(current, name) != changes[name]
    ]
    for name, value in {**changes, **derived}.items():
        setattr(current, name, value)
    current.version += 1
    sign(current, by=by)
    current.save()
    if isinstance(current, Household):
        refresh_find_keys([current.pk])
    audit.record(kind, by=by, about=current, fields="、".join(words) or "无变化")
    return current


def change_residence(household: Household, village_id: int, day: date) -> None:
    """The dated residence; the household's own row is the caller's to change."""
    open_one = household.residences.filter(ends_on__isnull=True).first()
    if open_one and day <= open_one.starts_on:
        open_one.village_id = village_id
        open_one.save(update_fields=["village_id"])
    else:
        if open_one:
            open_one.ends_on = day - timedelta(days=1)
            open_one.save(update_fields=["ends_on"])
        Residence.objects.create(
            id=new_id(), station_id=household.station_id, household=household, village_id=village_id, starts_on=day
        )


@action
def note_unmasked(*, by: User, household: Household, what: str, reason: str, keys: Sequence[str] = ("",)) -> None:
    """Keep in the trail that somebody opened what is masked, and why; `keys` say which values (queries.Covered).

    Raises Refused without a reason, TooOften beyond what one may open in an hour.
    """
    if not households_visible_to(by, Permission.OPEN_MASKED).filter(pk=household.pk).exists():
        raise NotAllowed
    if len(reason.strip()) < 2:
        raise Refused.because("reason", "请写明查看理由，如「协助办理低保申请」")
    check_may_open(by=by, many=len(keys))
    said = {"count": len(keys), "keys": [key for key in keys if key]}
    audit.record(UNMASKED, by=by, about=household, what=what, reason=reason.strip()[:100], **said)
    tell_auditor(by=by)


@action
def note_list_unmasked(
    *, by: User, opened: Mapping[UUID, Sequence[str]], what: str, reason: str, most: int = 5_000
) -> None:
    """As `note_unmasked`, of the values of many families at once, by family: an entry for each.

    Raises Refused for more than `most` values, TooOften beyond what one may open in an hour.
    """
    visible = households_visible_to(by, Permission.OPEN_MASKED).filter(pk__in=list(opened)).defer("phone", "address")
    homes = list(visible)
    if len(homes) < len(opened):
        raise NotAllowed
    many = sum(map(len, opened.values()))
    if many > most:
        raise Refused.because("clear", f"这份名单要写出 {many} 项证件号、电话、住址，一次最多 {most} 项，请先缩小筛选")
    check_may_open(by=by, many=many)
    said = {"what": what, "reason": reason}
    audit.record_all(
        audit.entry(UNMASKED, by=by, about=home, count=len(opened[home.pk]), keys=list(opened[home.pk]), **said)
        for home in homes
    )
    tell_auditor(by=by)
