"""Reading activities: one activity, a station's series, and finding participants as one types."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from shuangbai.activities.models import Activity, HeldWith, Series
from shuangbai.households.access import households_visible_to, households_within
from shuangbai.households.models import Membership, Person
from shuangbai.households.queries import one_of_each, typed_suggestions
from shuangbai.households.rules import age_on
from shuangbai.network.access import viewer_of
from shuangbai.network.enums import UnitKind
from shuangbai.network.models import OrgUnit, User
from shuangbai.network.roles import Permission
from shuangbai.services.access import visible_by_record
from shuangbai.services.enums import ContactKind, HeadGroup
from shuangbai.services.models import Contact, ServiceRecord

SUGGESTED = 12
MOST_STATIONS = 40  # offered to hold something with
JOINED = ("series", "record__station", "record__village", "record__campaign", "record__entered_by", "record__voided_by")


class Places:
    """Where activities are held, as a room above keeps it: what the form offers and the actions save. Here, nowhere."""

    def offered(self, station: OrgUnit, day: date, picked: UUID | None) -> list[tuple[UUID, str]]:
        """The station's places that are open on the day, and one that was picked before, with their names."""
        return []

    def of(self, record_id: UUID) -> UUID | None:
        """Where an activity was held."""
        return None

    def hold(self, *, by: User, record: ServiceRecord, place_id: UUID | None) -> None:
        """Keep where it was held, inside the action that saves it. Raises Refused, NotAllowed."""


PLACES = {"venue": Places()}  # the room above puts its own here (counter.keeping)


def activities_visible_to(user: Any) -> QuerySet[Activity]:
    """Activities within reach, with what their page shows of the record."""
    return Activity.objects.filter(visible_by_record(user)).select_related(*JOINED)


def held_with(user: Any) -> Q:
    """The condition that a record is of an activity that another station held together with one within reach."""
    reach = viewer_of(user).reach(Permission.SEE_RECORDS, "partner")
    return Q(pk__in=HeldWith.objects.filter(reach).values("record"))


def activities_shown_to(user: Any) -> QuerySet[Activity]:
    """Activities within reach, and those that another station held together with one within reach."""
    mine = visible_by_record(user) | held_with(user)
    return Activity.objects.filter(mine).select_related(*JOINED)


def joint_activities(user: Any, station: OrgUnit) -> QuerySet[Activity]:
    """What other stations held together with this one, the newest first; voided ones left out."""
    theirs = HeldWith.objects.filter(partner=station).values("record")
    rows = Activity.objects.filter(record__in=theirs, record__voided_at__isnull=True).select_related(*JOINED)
    return rows.order_by("-record__occurred_on", "-pk")


def stations_beside(station: OrgUnit, day: date, picked: Collection[UUID]) -> list[OrgUnit]:
    """Stations with which this one may hold something on the day: of the city, or, where these are many, of the
    county; and those picked before."""
    others = OrgUnit.objects.on(day).filter(kind=UnitKind.STATION).exclude(pk=station.pk).order_by("path")
    found = list(others[: MOST_STATIONS + 1])
    if len(found) > MOST_STATIONS:
        found = list(others.filter(parent=station.parent_id))
    strays = set(picked) - {one.pk for one in found} - {station.pk}
    return [*found, *(OrgUnit.objects.filter(pk__in=strays, kind=UnitKind.STATION) if strays else ())]


def joint_stations(record: ServiceRecord) -> list[OrgUnit]:
    """The stations that held it too, in the tree's order."""
    return list(OrgUnit.objects.filter(pk__in=record.held_with.values("partner")).order_by("path"))


def series_names(station: OrgUnit) -> list[str]:
    return list(Series.objects.filter(station=station).order_by("name").values_list("name", flat=True))


def suggested_people(user: Any, station: OrgUnit, typed: str, day: date) -> list[Membership]:
    """Members, on the day, of the station's families whose name or initials begin with what was typed.

    The families come from the find index; of each only the members that answer to it.
    """
    text = typed.strip()
    if not text:
        return []
    families = households_visible_to(user, Permission.WRITE_RECORDS)
    found = typed_suggestions(families, [station.pk], text, SUGGESTED * 2)
    answers = Q(person__name__contains=text) | Q(person__initials__startswith=text.lower())
    answers |= Q(person__known_as__person__name__contains=text)  # as another entry of theirs calls them
    rows = Membership.objects.on(day).filter(answers, household__in=found)
    rows = rows.select_related("person", "household__village").order_by("person__name", "id")
    rows = rows.annotate(kept=F("person__same__kept"))
    return list({row.person_id: row for row in one_of_each(rows)}.values())[:SUGGESTED]


def person_hint(membership: Membership, day: date) -> str:
    """赤山村 · 12岁 · 林炳明户: what tells two people of one name apart."""
    parts = [membership.household.village.name]
    if membership.person.birth_date:
        parts.append(f"{age_on(membership.person.birth_date, day)}岁")
    return " · ".join([*parts, f"{membership.household.head_name}户"])


def participants(record: ServiceRecord) -> list[Person]:
    """Who is named in attendance, by name."""
    named = Person.objects.filter(contacts__record=record, contacts__kind=ContactKind.PERSON)
    return list(named.order_by("name", "id"))


def heads_of(record: ServiceRecord) -> list[Contact]:
    """The anonymous head counts, in the order of the groups on the form."""
    order = list(HeadGroup.values)
    return sorted(record.contacts.filter(kind=ContactKind.HEADS), key=lambda row: order.index(row.group))


def people_labels(user: Any, person_ids: Sequence[UUID]) -> list[tuple[UUID, str]]:
    """Names of the people already picked, in the order of picking; only of those within reach."""
    families = households_within(user, Permission.WRITE_RECORDS)
    known = Person.objects.filter(pk__in=person_ids, memberships__household__in=families)
    names = dict(known.values_list("pk", "name"))
    return [(pk, names[pk]) for pk in dict.fromkeys(person_ids) if pk in names]
