"""Who reads and keeps the directory, whose links and referrals somebody sees, and what a case keeps to itself."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.access import may_write as may_write_case
from shuangbai.cases.models import Case
from shuangbai.core import clock
from shuangbai.households.access import households_visible_to
from shuangbai.households.models import HouseholdStation
from shuangbai.network.access import EVERY, above, viewer_of
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.pictures.access import About
from shuangbai.resources.models import HELPED, Referral, Resource, ResourceLink

# THE DIRECTORY ---------------------------------------------------------------


def resources_visible_to(user: Any) -> QuerySet[Resource]:
    """The directory as somebody reads it: what the units above theirs keep for all, their own, and what lies below."""
    units = viewer_of(user).units(Permission.KEEP_RESOURCES)
    found = Q(pk__in=[])
    for unit in units:
        found |= Q(unit__path__startswith=unit.path) | Q(unit__path__in=above(unit.path))
    return Resource.objects.filter(found)


def may_read_directory(user: Any) -> bool:
    return viewer_of(user).may(Permission.KEEP_RESOURCES)


def units_kept_by(user: Any) -> list[OrgUnit]:
    """The units for which somebody keeps the directory: those where they hold the role, and none below."""
    return viewer_of(user).units(Permission.KEEP_RESOURCES)


def may_keep(user: Any, resource: Resource) -> bool:
    return any(unit.pk == resource.unit_id for unit in units_kept_by(user))


# CASES -------------------------------------------------------------------------


def case_known_to(user: Any, case_key: UUID | None) -> Case | None:
    """The case of that key, for one of the few who may know of it; for everybody else there is none."""
    return cases_visible_to(user).filter(pk=case_key).first() if case_key else None


def cases_to_write_in(user: Any, household_id: UUID) -> list[Case]:
    """The open cases of a family in which somebody writes; none for whoever may not know of one."""
    found = (
        cases_visible_to(user).filter(household_key=household_id, closed_on__isnull=True).order_by("opened_on", "pk")
    )
    return [case for case in found if may_write_case(user, case)]


# LINKS AND REFERRALS -----------------------------------------------------------


def _seen(user: Any, day: str) -> Q:
    """Of the stations within reach, or come along with a family by its consent; a case's own only for its few."""
    reach = viewer_of(user).reach(Permission.SEE_FAMILIES)
    if reach == Q():
        of_station = EVERY
    else:
        came = HouseholdStation.objects.on(clock.today()).filter(
            reach, with_history=True, household=OuterRef("household"), starts_on__gt=OuterRef(day)
        )
        of_station = reach | Q(Exists(came))
    own = Q(household__isnull=True, case_key__in=cases_visible_to(user).values("pk"))
    return (Q(household__isnull=False) & of_station) | own


def links_visible_to(user: Any) -> QuerySet[ResourceLink]:
    """Links, voided ones too; another station's, and those of a case that somebody may not know of, are not there."""
    of_things = Q(subject_key__isnull=False) & viewer_of(user).reach(Permission.SEE_FAMILIES)
    return ResourceLink.objects.filter(_seen(user, "occurred_on") | of_things)


def referrals_visible_to(user: Any) -> QuerySet[Referral]:
    return Referral.objects.filter(_seen(user, "asked_on"))


def thing_of(user: Any, link: ResourceLink) -> About | None:
    """The activity or project that a link was for, as somebody may see it; None for a family's, or not for them."""
    return _thing(user, link.subject, link.subject_key) if link.subject_key else None


def _thing(user: Any, name: str, key: UUID) -> About | None:
    kind = HELPED.get(name)
    row = kind.rows(user).filter(pk=key).first() if kind else None
    return kind.about(row) if kind and row else None


def thing_to_help(user: Any, name: str, key: UUID) -> About | None:
    """An activity or project for which somebody notes what was given; None where there is none, or not for them."""
    found = _thing(user, name, key)
    return found if found and HELPED[name].written_by(user, found) else None


def may_write(user: Any, row: ResourceLink | Referral) -> bool:
    """Whoever writes records about the family today; of what is a case's alone, whoever writes in the case; of what an
    activity or project got, whoever writes it."""
    if isinstance(row, ResourceLink) and row.subject_key:
        return thing_to_help(user, row.subject, row.subject_key) is not None
    if row.household_id is None:
        case = case_known_to(user, row.case_key)
        return case is not None and may_write_case(user, case)
    return households_visible_to(user, Permission.WRITE_RECORDS).filter(pk=row.household_id).exists()


def may_void(user: Any, link: ResourceLink) -> bool:
    """One's own entries, or any of the station's for its head; of a case's alone those who write in the case."""
    if link.case_key and link.household_id is None:
        return may_write(user, link)
    if viewer_of(user).reaches(Permission.VOID_ANY_RECORD, link.station_id):
        return True
    return link.entered_by_id == user.pk and may_write(user, link)


def may_make(user: Any) -> bool:
    """Whether somebody links resources and refers at all."""
    return viewer_of(user).may(Permission.WRITE_RECORDS)
