"""Writes about volunteers: entered and corrected, joined and left, what else is noted of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert, sign
from shuangbai.core.crypto import lookup_hash
from shuangbai.core.findings import Conflict, Finding, NotAllowed, Refused, Severity, refuse_if_any
from shuangbai.core.idnumber import IdNumber, read
from shuangbai.core.pinyin import initials
from shuangbai.households.access import people_visible_to
from shuangbai.households.models import Person
from shuangbai.households.queries import phone_tails
from shuangbai.network.access import check_reaches
from shuangbai.network.enums import Sex
from shuangbai.network.models import User
from shuangbai.network.roles import Permission
from shuangbai.upkeep.alerts import check_may_open, tell_auditor
from shuangbai.volunteers.access import may_look_after, may_open_masked, may_take_back
from shuangbai.volunteers.entries import MeritEntry, VolunteerEntry
from shuangbai.volunteers.enums import MeritKind
from shuangbai.volunteers.models import Merit, Team, Volunteer
from shuangbai.volunteers.queries import volunteer_of_person
from shuangbai.volunteers.rules import reason_findings, volunteer_findings

ENTERED = audit.kind("volunteer.entered", "{by} 登记了一位志愿者")
CHANGED = audit.kind("volunteer.changed", "{by} 改了志愿者的资料：{fields}")
LEFT = audit.kind("volunteer.left", "{by} 记下一位志愿者退出：{reason}")
BACK = audit.kind("volunteer.back", "{by} 记下一位志愿者又来了")
OPENED = audit.kind("volunteer.unmasked", "{by} 查看了志愿者隐去的内容（{what}），理由：{reason}", opens=True)
NOTED = audit.kind("merit.noted", "{by} 记下了一次{kind}：{title}", personal=("title",))
NOTE_VOIDED = audit.kind("merit.voided", "{by} 作废了一次{kind}，理由：{reason}")
# What a page may change of a volunteer, and what only of one who is not on file.
OWN = ("name", "sex", "birth_date", "birth_precision", "id_no", "phone")
PLAIN = ("village_id", "skills", "times", "platform_no", "guardian", "consented_on", "note", "since")


# ENTERING ------------------------------------------------------------------


def enter_volunteer(*, by: User, entry: VolunteerEntry, acknowledged: bool = False) -> Volunteer:
    """Enter a volunteer; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    return enter_volunteers(by=by, entries=[entry], acknowledged=acknowledged)[0]


@action
def enter_volunteers(*, by: User, entries: Sequence[VolunteerEntry], acknowledged: bool = True) -> list[Volunteer]:
    """Enter volunteers, in the order of the entries. One sent before is given back as it stands."""
    check_reaches(by, Permission.WRITE_RECORDS, {entry.station.pk for entry in entries})
    sent = Volunteer.objects.filter(
        station__in={entry.station.pk for entry in entries}, client_id__in=[entry.client_id for entry in entries]
    ).select_related("person")
    known = {(row.station_id, row.client_id): row for row in sent}
    fresh = [entry for entry in entries if (entry.station.pk, entry.client_id) not in known]
    people = _people(by, fresh)
    for entry in fresh:
        person = people.get(entry.person_id)
        refuse_if_any(_findings(entry, person), acknowledged=acknowledged)
    rows = [_made(by, entry, people.get(entry.person_id)) for entry in fresh]
    insert(rows, by=by)
    audit.record_all([audit.entry(ENTERED, by=by, about=row) for row in rows])
    known |= {(row.station_id, row.client_id): row for row in rows}
    return [known[entry.station.pk, entry.client_id] for entry in entries]


def _people(by: User, entries: Iterable[VolunteerEntry]) -> dict[UUID | None, Person]:
    """Who is on file of those named so; another's are refused as if they did not exist."""
    wanted = {entry.person_id for entry in entries if entry.person_id}
    rows = people_visible_to(by, Permission.EDIT_FAMILIES).filter(pk__in=wanted, forgotten=False)
    found: dict[UUID | None, Person] = {row.pk: row for row in rows}
    if set(found) != wanted:
        raise NotAllowed
    return found


def _findings(entry: VolunteerEntry, person: Person | None, besides: UUID | None = None) -> list[Finding]:
    born = person.birth_date if person else entry.birth_date or _born(entry.id_no)
    found = volunteer_findings(
        known=person is not None, name=entry.name, id_no=entry.id_no, sex=entry.sex, birth_date=born,
        phone=entry.phone, since=entry.since, until=entry.until, consented_on=entry.consented_on,
        today=clock.today(),
    )  # fmt: skip
    twice = None
    if person is not None:
        twice = volunteer_of_person(entry.station, person)
    elif (number := _number(entry.id_no)) and entry.until is None:
        serving = Volunteer.objects.filter(station=entry.station, until__isnull=True)
        twice = serving.filter(id_hash=lookup_hash(number, "id")).first()
        if twice is None:
            twice = serving.filter(person__id_hash=lookup_hash(number, "id")).select_related("person").first()
    if twice is not None and twice.pk != besides:
        field = "person" if person else "id_no"
        found.append(Finding("twice", field, f"{twice.called}已经是本站的志愿者，不必再登记；请到志愿者名单里找"))
    elif person is None and not found:
        found += _alike(entry, besides)
    return found


def _alike(entry: VolunteerEntry, besides: UUID | None) -> list[Finding]:
    """Somebody of the same name at the station, as a volunteer or on file: perhaps the same, which people know."""
    name = entry.name.strip()
    rows = Volunteer.objects.filter(station=entry.station, until__isnull=True, name=name).exclude(
        pk__in=[besides] if besides else []
    )
    if rows.exists():
        return [Finding("same_name", "name", f"本站已有叫{name}的志愿者；如果是另一位，请照此保存", Severity.WARN)]
    return []


def _number(text: str) -> str:
    found = read(text) if text.strip() else None
    return found.number if isinstance(found, IdNumber) else ""


def _born(text: str) -> date | None:
    found = read(text) if text.strip() else None
    return found.birth_date if isinstance(found, IdNumber) else None


def _own(entry: VolunteerEntry) -> dict[str, Any]:
    """What follows from the fields of somebody who is not on file: initials, hashes, birth date and sex of the ID."""
    found = read(entry.id_no) if entry.id_no.strip() else None
    sound = found if isinstance(found, IdNumber) else None
    number = sound.number if sound else ""
    return {
        "name": entry.name.strip(), "initials": initials(entry.name),
        "sex": entry.sex if entry.sex in {"1", "2"} or sound is None else sound.sex,
        "birth_date": entry.birth_date or (sound.birth_date if sound else None),
        "birth_precision": entry.birth_precision, "id_no": number,
        "id_hash": lookup_hash(number, "id") if number else "", "phone": entry.phone.strip(),
        "phone_tails": phone_tails(entry.phone),
    }  # fmt: skip


def _made(by: User, entry: VolunteerEntry, person: Person | None) -> Volunteer:
    own = {} if person else _own(entry)
    if not own.get("sex"):
        own["sex"] = Sex.UNKNOWN
    return Volunteer(
        station=entry.station, client_id=entry.client_id, person=person, village_id=entry.village_id,
        skills=entry.skills.strip(), times=list(entry.times), platform_no=entry.platform_no.strip(),
        since=entry.since, until=entry.until, guardian=entry.guardian.strip(), consented_on=entry.consented_on,
        note=entry.note.strip(), entered_by=by, entered_at=entry.entered_at or clock.now(), **own,
    )  # fmt: skip


def current(by: User, row: Any, version: int) -> Any:
    """A row of this room as it stands, locked. Raises NotAllowed, Conflict, Refused."""
    found = type(row)._base_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if not may_look_after(by, found.station_id):
        raise NotAllowed
    if found.version != version:
        raise Conflict(found)
    check_known(found)
    return found


def check_known(row: Any) -> None:
    """Of somebody who was forgotten nothing more is written. Raises Refused."""
    if getattr(row, "forgotten", False):
        raise Refused.because("", "这位志愿者的资料已依法抹去，不能再改、再添")


def changed_words(row: Any, changes: dict[str, Any]) -> str:
    fields = [name for name in changes if getattr(row, name) != changes[name]]
    words = [str(row._meta.get_field(name.removesuffix("_id")).verbose_name) for name in fields]
    return "、".join(words) or "无变化"


@action
def change_volunteer(
    *, by: User, volunteer: Volunteer, version: int, entry: VolunteerEntry, acknowledged: bool = False
) -> Volunteer:
    """Correct what is known of a volunteer. Somebody found on file becomes theirs: what was typed here goes.

    Raises NotAllowed, Conflict, Refused, NeedsAcknowledgement.
    """
    row = current(by, volunteer, version)
    entry.station, entry.until = row.station, row.until
    # Who it is was decided before, wherever the family lives now; somebody new is one of the station's families.
    kept = entry.person_id is not None and entry.person_id == row.person_id
    person = row.person if kept else _people(by, [entry]).get(entry.person_id)
    if entry.person_id is None and row.person_id:
        raise Refused.because("person", "这位志愿者已对应到档案里的人，姓名、证件、电话请到个人页改")
    refuse_if_any(_findings(entry, person, row.pk), acknowledged=acknowledged)
    changes = {name: getattr(entry, name) for name in PLAIN} | {"times": list(entry.times)}
    words = changed_words(row, changes)
    blank = {"name": "", "initials": "", "sex": Sex.UNKNOWN, "birth_date": None, "id_no": "", "id_hash": "",
             "phone": "", "phone_tails": ""}  # fmt: skip
    own = blank if person else _own(entry)
    if person is None:
        own["sex"] = own["sex"] or Sex.UNKNOWN
        words = "、".join(filter(None, [changed_words(row, {k: own[k] for k in OWN}), words]))
    for name, value in {**changes, **own, "person": person}.items():
        setattr(row, name, value)
    row.version += 1
    sign(row, by=by)
    row.save()
    audit.record(CHANGED, by=by, about=row, fields=words)
    return row  # type: ignore[no-any-return]


@action
def leave(*, by: User, volunteer: Volunteer, version: int, until: date | None, reason: str) -> Volunteer:
    """Note that somebody is no longer a volunteer after a day; None: that they are again. Hours stay."""
    row = current(by, volunteer, version)
    today = clock.today()
    if until is None:
        if row.until is None:
            raise Refused.because("until", "这位志愿者没有退出，不必改")
        if row.person and volunteer_of_person(row.station, row.person):
            raise Refused.because("until", "这个人后来又另外登记了一次，请用那一份")
    elif until < row.since or until > today:
        raise Refused.because("until", f"退出日期要在加入日期（{row.since:%Y-%m-%d}）到今天之间")
    elif row.hours.filter(voided_at__isnull=True, record__voided_at=None, record__occurred_on__gt=until).exists():
        raise Refused.because("until", "这一天之后还登记了服务时长，请核对退出日期，或先作废那些时长")
    row.until, row.left_reason = until, reason.strip()[:100]
    row.version += 1
    sign(row, by=by, reason=row.left_reason)
    row.save()
    if until is None:
        audit.record(BACK, by=by, about=row)
    else:
        for member in row.teams.filter(ends_on__isnull=True):
            member.ends_on = max(until, member.starts_on)
            sign(member, by=by, reason="退出志愿服务")
            member.save()
        audit.record(LEFT, by=by, about=row, reason=row.left_reason or "没有写原因")
    return row  # type: ignore[no-any-return]


@action
def note_opened(*, by: User, volunteer: Volunteer, what: str, reason: str, key: str) -> None:
    """Keep in the trail that somebody opened what is masked of a volunteer. Raises NotAllowed, TooOften."""
    if not may_open_masked(by, volunteer):
        raise NotAllowed
    check_may_open(by=by, many=1)
    audit.record(OPENED, by=by, about=volunteer, what=what, reason=reason, count=1, keys=[key])
    tell_auditor(by=by)


# WHAT ELSE IS NOTED ---------------------------------------------------------


@action
def note_merit(*, by: User, about: Volunteer | Team, entry: MeritEntry) -> Merit:
    """A training, an award, praise or a complaint. Raises NotAllowed, Refused."""
    if not may_look_after(by, about.station_id):
        raise NotAllowed
    check_known(about)
    if not entry.title.strip():
        raise Refused.because("title", "请写明内容，如「急救培训」「镇优秀志愿者」")
    if entry.happened_on > clock.today():
        raise Refused.because("happened_on", "日期在今天之后，请到时再记")
    whose = {"volunteer": about} if isinstance(about, Volunteer) else {"team": about}
    row = Merit(
        station_id=about.station_id, kind=entry.kind, happened_on=entry.happened_on, title=entry.title.strip(),
        giver=entry.giver.strip(), hours=entry.hours, note=entry.note.strip(), entered_by=by, entered_at=clock.now(),
        **whose,
    )  # fmt: skip
    insert([row], by=by)
    audit.record(NOTED, by=by, about=row, kind=MeritKind(row.kind).label, title=row.title)
    return row


@action
def void_merit(*, by: User, merit: Merit, reason: str) -> Merit:
    """Take back what was noted. Raises NotAllowed, Refused."""
    row = Merit.objects.select_for_update(of=("self",)).get(pk=merit.pk)
    if not may_take_back(by, row):
        raise NotAllowed
    refuse_if_any(reason_findings(reason), acknowledged=True)
    if row.voided_at:
        raise Refused.because("reason", "已经作废，不必再作废")
    row.voided_at, row.voided_by, row.void_reason = clock.now(), by, reason.strip()[:200]
    row.save(update_fields=["voided_at", "voided_by", "void_reason"])
    audit.record(NOTE_VOIDED, by=by, about=row, kind=MeritKind(row.kind).label, reason=row.void_reason[:100])
    return row
