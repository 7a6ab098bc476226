"""Reading the directory, links and referrals."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.urls import reverse

from shuangbai.codes.queries import label_of, labels_of
from shuangbai.core.models import holds_on
from shuangbai.dossier.enums import ConsentScope
from shuangbai.dossier.models import STANDING as PART_STANDING
from shuangbai.dossier.models import Consent
from shuangbai.network.enums import AreaLevel, UnitKind
from shuangbai.network.models import Area, Coverage, OrgUnit
from shuangbai.network.places import path_of
from shuangbai.network.queries import not_posted
from shuangbai.resources.access import links_visible_to, thing_to_help
from shuangbai.resources.enums import KINDS
from shuangbai.resources.models import (
    STANDING,
    FamilyDraft,
    Referral,
    Resource,
    ResourceArea,
    ResourceLink,
    ResourceTerm,
)
from shuangbai.resources.rules import OPEN, SOON, Offer
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import ServiceRecord
from shuangbai.services.queries import RecordPart
from shuangbai.visits.enums import NEEDS

LISTED = 50
TYPED = 10


def stored_names() -> set[str]:
    """The names of every receipt that is kept."""
    return set(ResourceLink.objects.exclude(stored="").values_list("stored", flat=True))


# THE DIRECTORY ---------------------------------------------------------------


def standing_on(found: QuerySet[Resource], day: date) -> Any:
    """Resources with how they stand on a day: `valid`, `until`; of those that are not, since or until when."""
    terms = ResourceTerm.objects.filter(resource=OuterRef("pk"))
    now = terms.filter(holds_on(day))
    past = terms.filter(ends_on__lt=day).order_by().values("resource").annotate(one=Max("ends_on")).values("one")
    coming = terms.filter(starts_on__gt=day).order_by().values("resource").annotate(one=Min("starts_on")).values("one")
    return found.annotate(
        valid=Exists(now), until=Subquery(now.order_by("-starts_on").values("ends_on")[:1]),
        expired_on=Subquery(past), begins_on=Subquery(coming),
    )  # fmt: skip


def by_use(found: QuerySet[Resource], day: date) -> Any:
    """What is to be had today first, then by name."""
    return standing_on(found, day).order_by("-valid", "name", "id").select_related("unit")


def places_of(village: Area) -> list[int]:
    """A village and every place in which it lies."""
    return [area.pk for area in path_of(village)]


def find(
    found: QuerySet[Resource], *, words: str = "", need: str = "", kind: str = "", village: Area | None = None
) -> QuerySet[Resource]:
    """By words (parts of a name, or initials), a need, a kind, and where it is to be had."""
    for word in words.split()[:4]:
        named = Q(name__icontains=word) | Q(provider__icontains=word) | Q(conditions__icontains=word)
        found = found.filter(named | Q(initials__contains=word.lower()))
    if need:
        found = found.annotate(needs_said=Cast("needs", TextField())).filter(needs_said__contains=f'"{need}"')
    if kind:
        found = found.filter(kind=kind)
    if village:
        limited = ResourceArea.objects.filter(resource=OuterRef("pk"))
        found = found.filter(~Exists(limited) | Exists(limited.filter(area__in=places_of(village))))
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A resource as lists show it on a day, with what `standing_on` told of it."""

    resource: Any
    needs: list[str]
    soon: bool

    @property
    def state(self) -> str:
        return "valid" if self.resource.valid else "later" if self.resource.begins_on else "expired"


def lines(rows: Iterable[Any], day: date) -> list[Line]:
    """What lists show of resources that `standing_on` told of; asks nothing."""
    return [
        Line(
            one, labels_of(NEEDS, one.needs, day),
            bool(one.valid and one.until and one.until - day <= SOON),
        )
        for one in rows
    ]  # fmt: skip


def offer_of(resource: Resource, day: date, village: Area | None) -> Offer:
    """How a resource stands to a link of a day in a village: three queries at most."""
    told = standing_on(Resource.objects.filter(pk=resource.pk), day).get()
    areas = list(resource.areas.values_list("area_id", flat=True))  # type: ignore[attr-defined]
    covers = not areas or village is None or bool(set(areas) & set(places_of(village)))
    return Offer(bool(told.valid), told.expired_on, told.begins_on, told.in_cash, covers, told.covers)


def areas_offered(unit: OrgUnit, day: date) -> list[Area]:
    """The places of which a unit may say that a resource is to be had there: a station's villages and town; the
    counties and towns of a city or county."""
    if unit.kind == UnitKind.STATION:
        covered = Coverage.objects.on(day).filter(station=unit).values("village")
        villages = Area.objects.filter(pk__in=covered).order_by("name", "id")
        towns = Area.objects.filter(pk__in=Area.objects.filter(pk__in=covered).values("parent")).order_by("name", "id")
        return [*towns, *villages]
    stations = OrgUnit.objects.filter(path__startswith=unit.path, kind=UnitKind.STATION)
    counties = Area.objects.filter(pk__in=stations.values("county"), level=AreaLevel.COUNTY)
    towns = Area.objects.filter(pk__in=stations.values("town")).select_related("parent")
    return [*counties.order_by("name", "id"), *towns.order_by("parent__name", "name", "id")]


def terms_of(resource: Resource) -> list[ResourceTerm]:
    """Every term, the newest first."""
    return list(ResourceTerm.objects.filter(resource=resource).order_by("-starts_on", "-id"))


def used_after(resource: Resource, day: date) -> date | None:
    """The latest day after `day` on which it was given to somebody."""
    rows = ResourceLink.objects.filter(STANDING, resource=resource, occurred_on__gt=day)
    return rows.aggregate(latest=Max("occurred_on"))["latest"]


def said(line: Any, name: str, value: Any) -> str | None:
    """How a value of the directory's history reads."""
    if name == "needs":
        return "、".join(labels_of(NEEDS, value or [], line.listed_on))
    if name == "kind":
        return label_of(KINDS, value, line.listed_on)
    return "（改过）" if name == "phone" and value else None


# LINKS -------------------------------------------------------------------------

SHOWN = ("resource", "household__village", "person", "entered_by", "station")
_HIDDEN = ("household__phone", "household__address", "person__id_no", "person__phone", "resource__phone")


def links_in_order(found: QuerySet[ResourceLink]) -> QuerySet[ResourceLink]:
    return found.select_related(*SHOWN).defer(*_HIDDEN).order_by("-occurred_on", "-entered_at", "id")


def links_of(found: QuerySet[ResourceLink], household_ids: Collection[UUID], since: date | None) -> list[ResourceLink]:
    """What reached a family, the newest first: one query."""
    rows = links_in_order(found.filter(STANDING, household__in=list(household_ids)))
    return list(rows.filter(occurred_on__gte=since) if since else rows)


def linked_to(user: Any, name: str, key: UUID) -> RecordPart | None:
    """What was given for an activity or a project, as a section of its page: one query, and two for who may add."""
    rows = list(links_in_order(links_visible_to(user).filter(STANDING, subject=name, subject_key=key)))
    may = thing_to_help(user, name, key) is not None
    if not rows and not may:
        return None
    said = [_in_words(row) for row in rows] or ["还没有记：物资、场地、经费、来帮忙的单位，都可以从名录里链接。"]
    url = f"{reverse('resource-link-new')}?about={name}&key={key}"
    return RecordPart("链接的资源", said, url if may else "", "链接资源" if may else "")


def _in_words(row: ResourceLink) -> str:
    many = f" {row.quantity.normalize():f} {row.unit}" if row.quantity is not None else ""
    worth = ""
    if row.value is not None:
        worth = f"，{'' if row.in_cash else '折合 '}{row.value:,.2f}".removesuffix(".00") + " 元"
    return f"{row.resource.name}{many}{worth}（{row.resource.provider}）"


def beside_record(user: Any, record: ServiceRecord) -> RecordPart | None:
    """What stands on an activity's page of what was given for it; of other kinds nothing, and nothing is asked."""
    return linked_to(user, "activities", record.pk) if record.kind == RecordKind.ACTIVITY else None


# REFERRALS ---------------------------------------------------------------------


def referrals_in_order(found: QuerySet[Referral]) -> QuerySet[Referral]:
    """The open ones first, by the day on which somebody is to be reminded."""
    shown = found.select_related("resource", "household__village", "person", "worker", "station").defer(*_HIDDEN)
    return shown.annotate(running=Q(state__in=OPEN)).order_by(
        "-running", F("next_on").asc(nulls_last=True), "-asked_on", "-entered_at", "id"
    )


def referrals_of(found: QuerySet[Referral], household_ids: Collection[UUID], since: date | None) -> list[Referral]:
    """Where a family was sent, the open ones first: one query."""
    rows = referrals_in_order(found.filter(household__in=list(household_ids)))
    return list(rows.filter(asked_on__gte=since) if since else rows)


def for_worker(staff_id: UUID | None, day: date) -> Q:
    """The condition that an open referral is somebody's, or nobody's who is at the station, or of a case they know."""
    return Q(worker=staff_id) | not_posted("worker", day) | Q(household__isnull=True) if staff_id else Q()


def late(found: QuerySet[Referral], day: date) -> QuerySet[Referral]:
    """Open referrals whose day of reminding has come."""
    return referrals_in_order(found.filter(state__in=OPEN, next_on__lte=day))


def steps_of(referral: Referral) -> QuerySet[Any]:
    """What was done and answered, in the order in which it happened."""
    rows = referral.steps.select_related("entered_by")  # type: ignore[attr-defined]
    found: QuerySet[Any] = rows.order_by("happened_on", "entered_at", "id")
    return found


def consents_to_share(household_id: UUID) -> list[Consent]:
    """That what is known may be told to whoever helps, as it was agreed to for a family, the oldest first."""
    rows = Consent.objects.filter(PART_STANDING, household=household_id, scope=ConsentScope.REFERRAL, agreed=True)
    return list(rows.order_by("given_on", "id"))


def shared_since(consents: Iterable[Consent], people: Collection[UUID | None], day: date) -> date | None:
    """Since when sharing was agreed to and not withdrawn on a day, by the family or for one of these people."""
    whose = {*people, None}
    return next((row.given_on for row in consents if row.person_id in whose and row.holds_on(day)), None)


def consented(household_id: UUID, person_id: UUID | None, day: date) -> bool:
    """Whether sharing what is known with whoever helps was agreed to and not withdrawn, by the family or for them."""
    return shared_since(consents_to_share(household_id), {person_id}, day) is not None


# DRAFTS ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Drafted:
    """What a form of help for a family makes, which has `client_id`, and the name of its address."""

    model: Any
    url: str


# By the page that the form is; rooms above add theirs.
DRAFTED: dict[str, Drafted] = {
    "linking": Drafted(ResourceLink, "resource-link-new"), "referring": Drafted(Referral, "referral-new"),
}  # fmt: skip


def drafts_of(user: Any, household_id: UUID, page: str) -> QuerySet[FamilyDraft]:
    """Somebody's own draft of a form about a family: nobody else's is ever asked for."""
    return FamilyDraft.objects.filter(household=household_id, entered_by=user, page=page).order_by("-updated_at")
