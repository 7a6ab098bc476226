"""Was, became, who and when of a family's own data: the family, its people, categories and file; masked stays masked.

The parts of the dossier have their own (dossier.queries.history_of).
"""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, TextChoices

from shuangbai.core import clock, telephones
from shuangbai.core.privacy import mask_address, mask_id
from shuangbai.households.models import FamilyFile, Household, Membership, Person, Tag
from shuangbai.network.changes import Change, changes_of, newest


class Section(TextChoices):
    """What of a family has a history of its own here."""

    FAMILY = "family", "家庭资料"
    PEOPLE = "people", "家里的人"
    TAGS = "tags", "类别"
    FILE = "file", "档案"


# What is derived, what a row is found by, and what its title says already.
_NOT_TOLD = {
    "id", "version", "station", "household", "person", "head_name", "initials", "id_hash", "id_tail", "id_state",
    "phone_tails", "forgotten", "entered_at", "entered_by",
}  # fmt: skip
_MASKS = {"phone": telephones.masked, "address": mask_address, "id_no": mask_id, "certificate": mask_id}


def history_of(section: Section, household: Household, people: Mapping[UUID, str], since: date | None) -> list[Change]:
    """The changes of a section, newest first. `people`: everybody of it by name; before `since` nothing is told."""
    ids = list(people)
    if section == Section.FAMILY:
        return _changes(Household, [household.pk], since, {})
    if section == Section.FILE:
        files = FamilyFile.objects.filter(household=household).values_list("pk", flat=True)
        return _changes(FamilyFile, list(files), since, {})
    if section == Section.TAGS:
        tags = Tag.objects.filter(Q(household=household) | Q(person__in=ids)).values_list("pk", flat=True)
        return _changes(Tag, list(tags), since, people)
    belongings = Membership.objects.filter(household=household).values_list("pk", flat=True)
    return newest(_changes(Person, ids, since, people), _changes(Membership, list(belongings), since, people))


def _changes(model: Any, ids: Collection[UUID], since: date | None, people: Mapping[UUID, str]) -> list[Change]:
    where: dict[str, Any] = {"id__in": ids}
    if since is not None:
        where["history_date__gte"] = clock.at(since, 0)
    return changes_of(model, lambda line: _whose(line, people), silent=_NOT_TOLD, say=_said, **where)


def _whose(line: Any, people: Mapping[UUID, str]) -> str:
    """Whom a line is about; of a category of the whole family nobody."""
    return people.get(getattr(line, "person_id", None) or line.id, "")


def _said(line: Any, name: str, value: Any) -> str | None:
    if name == "birth_date":  # the day is the middle of a masked number
        return f"{value:%Y-%m}"
    mask = _MASKS.get(name)
    return mask(value) if mask else None
