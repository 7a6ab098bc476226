"""Reading visits: one visit, what a worker wants to know of a family at the door."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import Household, Membership, Person
from shuangbai.households.queries import member_rows, members_on, open_file_of, tags_on
from shuangbai.households.rules import age_on
from shuangbai.network.models import OrgUnit
from shuangbai.services.access import records_visible_to
from shuangbai.services.enums import ContactKind
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit


def visits_visible_to(user: Any) -> QuerySet[Visit]:
    """Visits within reach, with what their page shows of the record."""
    return Visit.objects.filter(record__in=records_visible_to(user)).select_related(
        "record__station", "record__village", "record__household", "record__campaign", "record__entered_by",
        "record__voided_by", "station",
    )  # fmt: skip


def family_of(record: ServiceRecord) -> Household:
    """The family that a visit was to: a visit always has one."""
    if record.household is None:
        raise Household.DoesNotExist
    return record.household


def latest_visit(household: Household, station: OrgUnit) -> Visit | None:
    """The latest visit of the station to the family that counts."""
    rows = Visit.objects.filter(record__household=household, station=station, record__voided_at__isnull=True)
    return rows.select_related("record").order_by("-record__occurred_on", "-record_id").first()


def member_label(membership: Membership, day: date) -> str:
    """林炳明 72岁 户主. The age is left out where the year of birth is not known."""
    person = membership.person
    parts = [person.name]
    if person.birth_date and person.birth_date <= day:
        about = "约" if person.birth_precision == BirthPrecision.ESTIMATED else ""
        parts.append(f"{about}{age_on(person.birth_date, day)}岁")
    return " ".join([*parts, membership.get_relation_display()])


def member_choices(household_id: UUID, day: date, picked: Iterable[UUID] = ()) -> list[tuple[str, str]]:
    """Who is of the family on the day, and whoever was picked before the day was changed."""
    rows = member_rows(household_id, day)
    found = [(str(row.person_id), member_label(row, day)) for row in rows]
    strays = set(picked) - {row.person_id for row in rows}
    if strays:
        once = Person.objects.filter(pk__in=strays, memberships__household=household_id).distinct()
        found += [(str(person.pk), f"{person.name}（当天不在这户）") for person in once]
    return found


def family_line(household: Household, day: date) -> dict[str, Any]:
    """Who a family is, in one line: its members and categories on the day and its file."""
    tags = tags_on(day, household_ids=[household.pk])[household.pk]
    return {
        "household": household,
        "members": members_on(household.pk, day).count(),
        "categories": list(dict.fromkeys(tag.category.name for tag in tags)),
        "file": open_file_of(household.pk),
    }


def met_labels(record: ServiceRecord) -> list[str]:
    """The people whom a visit met, as they were in the family on the day."""
    people = Person.objects.filter(contacts__record=record, contacts__kind=ContactKind.PERSON)
    names = dict(people.values_list("pk", "name"))
    rows = [row for row in member_rows(family_of(record).pk, record.occurred_on) if row.person_id in names]
    known = {row.person_id for row in rows}
    labels = [member_label(row, record.occurred_on) for row in rows]
    return labels + [name for pk, name in names.items() if pk not in known]


def family_names(household_id: UUID) -> list[str]:
    """The names of everybody who ever was of the family, to be veiled in what was written about it."""
    rows = Membership.objects.filter(household_id=household_id).values_list("person__name", flat=True)
    return list(rows.distinct())
