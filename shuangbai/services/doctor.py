"""What the check-up looks at in records: whether what everybody served counted as follows from what is known."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef

from shuangbai.core.bulk import in_parts
from shuangbai.households.models import Household, Standing
from shuangbai.households.queries import Belongings
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.upkeep.doctor import Check, Found, Kind, found
from shuangbai.upkeep.enums import Severity

FAMILIES_AT_ONCE = 500
KINDS = {
    "standing_differs": Kind(
        Severity.PROBLEM, "有 {many} 次服务，服务对象当时的类别与类别、成员登记对不上，分类别的数字不准。",
        "查明并重新计算以前，不要上报分类别的数字；保存现状，联系维护人员。",
    ),
}  # fmt: skip

Noted = tuple[UUID, UUID]  # a record, and a person or a family whom it served


def standings_follow() -> Iterator[Found]:
    """Standings that are not what tags and memberships say of the day; each person or family served counts once."""
    differing = _without()
    for homes in in_parts(Household.objects.order_by("pk").values_list("pk", flat=True), FAMILIES_AT_ONCE):
        near = Belongings(homes)
        differing |= _differing("household_id", homes, near.carried_by_household)
        differing |= _differing("person_id", near.homes, near.carried_by_person)
    if differing:
        yield found("standing_differs", many=len(differing))


def _without() -> set[Noted]:
    """Whoever was served and of whom nothing was noted, not even that they carried no category."""
    noted = Standing.objects.filter(occasion=OuterRef("record"), person=OuterRef("person"))
    people = Contact.objects.filter(person__isnull=False).exclude(Exists(noted)).values_list("record_id", "person_id")
    noted = Standing.objects.filter(occasion=OuterRef("pk"), household=OuterRef("household"))
    homes = ServiceRecord.objects.filter(household__isnull=False).exclude(Exists(noted))
    return {*people, *homes.values_list("pk", "household_id")}  # type: ignore[arg-type]


def _differing(bearer: str, keys: Iterable[UUID], carried: Callable[[UUID, date], set[int]]) -> set[Noted]:
    noted: dict[tuple[UUID, UUID, date], set[int]] = {}
    for some in in_parts(keys):
        rows = Standing.objects.filter(**{f"{bearer}__in": some})
        for occasion, key, day, category in rows.values_list("occasion", bearer, "occurred_on", "category_id"):
            noted.setdefault((occasion, key, day), set()).update({category} - {None})
    return {(occasion, key) for (occasion, key, day), said in noted.items() if said != carried(key, day)}


CHECK = Check("服务时的类别", standings_follow, slow=True)
