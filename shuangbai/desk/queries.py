"""What the composite pages read from the rooms below: who is due, one family's history, a station at a glance."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.urls import reverse

from shuangbai.assistance.access import matters_visible_to
from shuangbai.assistance.models import STANDING
from shuangbai.assistance.rules import OPEN as MATTERS_OPEN
from shuangbai.cases.access import cases_visible_to
from shuangbai.codes.queries import base_of, label_of, labels_of
from shuangbai.core import textindex
from shuangbai.counter.enums import TOPICS as ASKED
from shuangbai.counter.models import Consultation, Handout
from shuangbai.counter.queries import SEALED as UNTOLD
from shuangbai.followups.enums import Origin
from shuangbai.followups.queries import Reminder
from shuangbai.followups.rules import said_on
from shuangbai.groups.models import GroupSession
from shuangbai.groups.queries import SEALED
from shuangbai.households.models import FamilyFile, Household, Membership
from shuangbai.households.queries import one_of_each
from shuangbai.network.models import Area, OrgUnit, Posting
from shuangbai.projects.models import Meeting
from shuangbai.resources.access import referrals_visible_to
from shuangbai.resources.rules import OPEN as REFERRALS_OPEN
from shuangbai.services.access import records_shown_to, records_visible_to, sees_names, shown_name
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import Contact, RecordWorker, ServiceRecord
from shuangbai.services.queries import (
    Asked,
    Cursor,
    counted,
    listed_page,
    newest_first,
    of_household,
    of_people,
    text_of,
    worded_page,
)
from shuangbai.visits.enums import FOLLOWUPS, NEEDS, TOPICS, Followup
from shuangbai.visits.models import Visit
from shuangbai.volunteers.models import TeamService

HISTORY = 20
AFTER_VISITS = timedelta(days=60)  # how long a visit's word of what is to follow is reminded of
Signed = tuple[ServiceRecord, list[str]]  # a record with its workers' names
NEEDS_FROM = timedelta(days=365)
AROUND = 30  # characters shown on either side of a word that was searched


def latest_of(user: Any, station_id: UUID, staff_id: UUID, limit: int) -> list[Signed]:
    """The newest records that somebody did at a station."""
    asked = Asked(reach=[station_id], station_id=station_id, worker_id=staff_id)
    ids, _ = listed_page(records_visible_to(user), asked, None, limit)
    return signed(records_visible_to(user), ids)


def signed(records: QuerySet[ServiceRecord], ids: Sequence[UUID]) -> list[Signed]:
    """The records of these ids in their order with what a history shows of them: two queries."""
    details = records.select_related(
        "station", "village", "household", "visit", "activity", "team_service", "meeting",
        "group_session__group", "consultation", "handout",
    )  # fmt: skip
    # An address is decrypted as it is read: nobody asked for it here.
    rows = details.defer("household__address", "household__phone", *SEALED, *UNTOLD).in_bulk(list(ids))
    workers: dict[UUID, list[str]] = {}
    done_by = RecordWorker.objects.filter(record__in=list(rows)).order_by("position")
    for record, name in done_by.values_list("record_id", "staff__name"):
        workers.setdefault(record, []).append(name)
    return [(rows[pk], workers.get(pk, [])) for pk in ids if pk in rows]


@dataclass(slots=True)
class Happening:
    """A record as a history shows it. `under`: where it stands under another entry of a family known twice."""

    record: ServiceRecord
    title: str
    workers: list[str]
    words: list[str]
    text: str
    under: str = ""

    @property
    def on(self) -> date:
        return self.record.occurred_on

    @property
    def url(self) -> str:
        return reverse("record", args=[self.record.pk])

    @property
    def meta(self) -> list[str]:
        """What stands in small letters under the title."""
        said = ["、".join(self.workers), "、".join(self.words), "已作废" if self.record.voided_at else "", self.under]
        return [part for part in said if part]

    @property
    def state(self) -> str:
        if self.record.voided_at:
            return "void"
        return "done" if self.record.reached else "unmet"


def happenings(user: Any, records: Sequence[Signed]) -> list[Happening]:
    """These records as lines of a history; without the right to names, no text that may hold them."""
    rows = Contact.objects.filter(record__in=[record.pk for record, _ in records], kind=ContactKind.PERSON)
    met = dict(rows.values("record_id").annotate(n=Count("id")).values_list("record_id", "n"))
    names = sees_names(user)
    return [_happening(record, workers, met.get(record.pk, 0), names) for record, workers in records]


def _happening(record: ServiceRecord, workers: list[str], met: int, names: bool) -> Happening:
    detail, words = getattr(record, record.kind, None), []
    title = record.get_kind_display()
    if isinstance(detail, Visit):
        found = f"见到 {met} 人" if record.reached else detail.get_result_display()
        title = f"{detail.get_mode_display()}走访，{found}"
        words = labels_of(TOPICS, detail.topics, record.occurred_on)
    elif isinstance(detail, TeamService):
        title = f"志愿队：{detail.title}"
    elif isinstance(detail, GroupSession):
        title, words = f"小组：{detail}", [detail.group.get_kind_display()]
    elif isinstance(detail, Consultation):
        topic = label_of(ASKED, detail.topic, record.occurred_on)
        title, words = f"{detail.get_way_display()}咨询：{topic}", [detail.get_outcome_display()]
    elif isinstance(detail, Handout):
        title, words = f"宣传资料：{detail.title}", [f"{detail.copies} 份"]
    elif isinstance(detail, Meeting):
        title, words = f"会议：{detail.title}", [detail.get_kind_display()]
    elif detail is not None:
        title = f"活动：{detail.title}"
        words = [detail.get_kind_display()]
    text = text_of(record).removeprefix(getattr(detail, "title", "")).strip() if names else ""
    return Happening(record, title, workers, words, text)


def sources_of(
    visible: QuerySet[ServiceRecord], household_ids: Sequence[UUID], person_ids: Sequence[UUID]
) -> list[QuerySet[ServiceRecord]]:
    """The records of a family under its entries, or of people where there is none, each from an index of its own."""
    if not household_ids:
        return [of_people(visible, person_ids)]
    # Of their people's records those without a household: what a member did in another family is not this one's.
    own = [of_household(visible, pk) for pk in household_ids]
    return [*own, of_people(visible.filter(household=None), person_ids)]


def history_page(
    user: Any,
    *,
    household_ids: Sequence[UUID] = (),
    person_ids: Sequence[UUID],
    after: Cursor | None,
    size: int = HISTORY,
) -> tuple[list[Signed], Cursor | None]:
    """One page of a family's or a person's history, newest first, voided records too, and where the next begins.

    The records of the household and those that reached these people elsewhere are read from the index of
    each and put in order here.
    """
    visible = records_shown_to(user)
    keys: set[tuple[date, UUID]] = set()
    for source in sources_of(visible, household_ids, person_ids):
        keys.update(newest_first(source, after).values_list("occurred_on", "id")[: size + 1])
    ordered = sorted(keys, reverse=True)
    following = Cursor(*ordered[size - 1]) if len(ordered) > size else None
    return signed(visible, [pk for _, pk in ordered[:size]]), following


def needs_of(user: Any, household_ids: Sequence[UUID], day: date) -> list[tuple[str, date]]:
    """Needs that visits of the last year named, each with the day it was last named, newest first."""
    visible = counted(records_shown_to(user)).filter(household__in=household_ids, occurred_on__gte=day - NEEDS_FROM)
    named: dict[str, date] = {}
    rows = Visit.objects.filter(record__in=visible).exclude(needs=[])
    for codes, on in rows.order_by("-record__occurred_on", "-record_id").values_list("needs", "record__occurred_on"):
        for code in codes:
            named.setdefault(label_of(NEEDS, code, on), on)
    return list(named.items())


@dataclass(frozen=True, slots=True)
class Glance:
    """A station at a glance: people posted, files open, records of the month, day of the latest record."""

    unit: OrgUnit
    staff: int
    files: int
    records: int
    latest_on: date | None


def glances(stations: Sequence[OrgUnit], day: date) -> list[Glance]:
    """The stations at a glance, in their order: four queries however many there are."""
    ids = [station.pk for station in stations]
    posted = Posting.objects.on(day).filter(unit__in=ids).values("unit_id")
    staff = dict(posted.annotate(n=Count("staff", distinct=True)).values_list("unit_id", "n"))
    opened = FamilyFile.objects.filter(station__in=ids, state="open").values("station_id")
    files = dict(opened.annotate(n=Count("id")).values_list("station_id", "n"))
    standing = counted(ServiceRecord.objects.filter(station__in=ids, occurred_on__lte=day))
    month = standing.filter(occurred_on__gte=day.replace(day=1)).values("station_id")
    records = dict(month.annotate(n=Count("id")).values_list("station_id", "n"))
    # The month's own maximum would miss a station that has gone quiet, which is what one looks for.
    latest = dict(standing.values("station_id").annotate(on=Max("occurred_on")).values_list("station_id", "on"))
    return [
        Glance(unit, staff.get(unit.pk, 0), files.get(unit.pk, 0), records.get(unit.pk, 0), latest.get(unit.pk))
        for unit in stations
    ]


@dataclass(frozen=True, slots=True)
class Found:
    """A record that holds words which were searched, with what stands around them."""

    record: ServiceRecord
    title: str
    before: str
    words: str
    after: str


def records_with(user: Any, words: str, station_ids: Sequence[UUID], limit: int) -> list[Found]:
    """The newest records that hold the words. Raises ValueError under two characters that go together."""
    visible = records_visible_to(user)
    ids, _ = worded_page(visible, words, Asked(reach=station_ids), None, limit)
    return [_found(user, record, words) for record, _ in signed(visible, ids)]


def _found(user: Any, record: ServiceRecord, words: str) -> Found:
    detail = getattr(record, record.kind, None)
    title = getattr(detail, "title", "") or record.get_kind_display()
    if record.household:
        title = f"{shown_name(user, record.household.head_name)}户"
    text = text_of(record).replace("\n", " ") if sees_names(user) else ""
    start = text.lower().find(words.lower()) if text else -1
    if start < 0:
        return Found(record, title, text[: AROUND * 2], "", "")
    end, first = start + len(words), max(start - AROUND, 0)
    before = ("…" if first else "") + text[first:start]
    return Found(record, title, before, text[start:end], text[end : end + AROUND * 2])


def searchable(words: str) -> bool:
    """Whether the words hold two characters that go together."""
    return bool(textindex.grams(words))


def memberships_of(household: Household, day: date) -> tuple[list[Membership], list[Membership]]:
    """Who is of the family on the day, the head first, each person once; and who was."""
    listed = household.memberships.select_related("person").order_by("relation", "person__birth_date", "id")
    rows = list(listed.annotate(kept=F("person__same__kept")))
    here = one_of_each(row for row in rows if row.holds_on(day))
    return here, [row for row in rows if not row.holds_on(day)]


# WHAT VISITS SAID WOULD FOLLOW -----------------------------------------------


def left_after_visits(user: Any, station_id: UUID, me: UUID, homes: Collection[UUID], day: date) -> list[Reminder]:
    """What the latest visit to a family said would follow and no record has answered: a case, a referral, help.

    Of one's own visits of the last weeks and of those to `homes`. One query, three more where something is to follow.
    A visit that met somebody since, and says otherwise, ends it.
    """
    said = _to_follow(station_id, me, homes, day)
    done = _begun_for(user, {home for home, *_ in said}) if said else set()
    return [
        Reminder(home, name, village, on, Origin.VISIT, f"{said_on(on, day)}走访后要{word}，还没有登记")
        for home, name, village, on, what, word in said
        if not any(key == home and kind == what and (still or since >= on) for key, kind, since, still in done)
    ]


def _to_follow(
    station_id: UUID, me: UUID, homes: Collection[UUID], day: date
) -> list[tuple[UUID, str, str, date, str, str]]:
    """Family, its name and village, the day of the visit, what is to follow and what the city calls it."""
    mine = Exists(RecordWorker.objects.filter(record=OuterRef("pk"), staff=me))
    visits = ServiceRecord.objects.filter(
        Q(household__in=list(homes)) | mine, station=station_id, kind=RecordKind.VISIT, voided_at__isnull=True,
        occurred_on__gt=day - AFTER_VISITS, occurred_on__lte=day,
    )  # fmt: skip
    columns = ("household_id", "household__head_name", "household__village__name", "occurred_on", "reached")
    latest: dict[UUID, tuple[UUID, str, str, date, str, str]] = {}
    for home, name, village, on, reached, code in visits.order_by("-occurred_on", "-id").values_list(
        *columns, "visit__followup"
    ):
        what = base_of(FOLLOWUPS, code)
        if home not in latest and (reached or what in FOLLOWED_BY):
            latest[home] = (home, name, Area(name=village).short_name, on, what, label_of(FOLLOWUPS, code, on))
    return [one for one in latest.values() if one[4] in FOLLOWED_BY]


FOLLOWED_BY = (Followup.CASE, Followup.REFERRAL, Followup.APPLY)


def _begun_for(user: Any, homes: set[UUID]) -> set[tuple[UUID, str, date, bool]]:
    """Cases, referrals and applications of these families that somebody may know of: since when, and whether open."""
    cases = cases_visible_to(user).filter(household_key__in=homes)
    found = {(home, str(Followup.CASE), since, ended is None)
             for home, since, ended in cases.values_list("household_key", "opened_on", "closed_on")}  # fmt: skip
    sent = referrals_visible_to(user).filter(household__in=homes).values_list("household_id", "asked_on", "state")
    found |= {(home, str(Followup.REFERRAL), since, state in REFERRALS_OPEN) for home, since, state in sent}
    helped = matters_visible_to(user).filter(STANDING, household__in=homes)
    found |= {(home, str(Followup.APPLY), since, stage in MATTERS_OPEN)
              for home, since, stage in helped.values_list("household_id", "opened_on", "stage")}  # fmt: skip
    return found
