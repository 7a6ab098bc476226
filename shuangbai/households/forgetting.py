"""How somebody is forgotten for good, told where the rooms above may add what they keep.

Most follows from the declarations: what a table calls PERSONAL is cleared where the row is the person's, and the name
is replaced where it stands in other words (lives/actions/forgetting.py). A room that keeps more than its tables say
(files on a disk, an index) registers a forgetter when it starts, as keepers do (network.closing, docs/adr/0041).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q

from shuangbai.core import telephones
from shuangbai.households.enums import BirthPrecision, IdState, Relation
from shuangbai.households.known import MatchDue, MatchKey
from shuangbai.households.models import Household, Membership, Person, Tag
from shuangbai.households.queries import phone_tails
from shuangbai.network.models import Staff

ANONYMOUS = "已匿名"


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Who is forgotten: the names they went by; every family they were of; those in which nobody else is known."""

    person_id: UUID
    names: tuple[str, ...]
    households: frozenset[UUID]
    alone: frozenset[UUID]
    record_ids: frozenset[UUID]

    def without_names(self, text: str) -> str:
        for name in sorted(self.names, key=len, reverse=True):
            text = text.replace(name, ANONYMOUS)
        return text


class Forgetter(Protocol):
    """What a room above keeps besides its declared fields."""

    def forget(self, what: Forgetting) -> int:
        """Forget it for good; how many things were changed."""


FORGETTERS: dict[str, Forgetter] = {}


def register(room: str, forgetter: Forgetter) -> None:
    """Called once by a room's AppConfig. A second forgetter of a room takes the place of the first."""
    FORGETTERS[room] = forgetter


def with_history(model: Any) -> list[Any]:
    """A model and the table of its history, where it keeps one."""
    return [model, model.history.model] if hasattr(model, "history") else [model]


def namesakes(what: Forgetting) -> bool:
    """Whether the name is also somebody else's, or part of it: then words that are not theirs are left alone."""
    called = Q()
    for name in what.names:
        called |= Q(name__contains=name)
    if not what.names:
        return True
    return Person.objects.filter(called).exclude(pk=what.person_id).exists() or Staff.objects.filter(called).exists()


def forget_person(person: Person) -> None:
    """What this room itself keeps of somebody: what is left is a sex, a year of birth, and that they were counted."""
    born = person.birth_date
    blank: dict[str, Any] = {
        "name": ANONYMOUS, "initials": "", "id_no": "", "id_hash": "", "id_tail": "", "id_state": IdState.MISSING,
        "phone": "", "phone_tails": "", "birth_date": date(born.year, 1, 1) if born else None,
        "birth_precision": BirthPrecision.YEAR, "died_on": None, "forgotten": True,
    }  # fmt: skip
    for model in with_history(Person):
        model._base_manager.filter(id=person.pk).update(**blank)
    MatchKey.objects.filter(person=person).delete()
    MatchDue.objects.filter(person=person).delete()
    for model in with_history(Membership):
        rows = model._base_manager.filter(person=person.pk).exclude(relation=Relation.HEAD)
        rows.update(relation=Relation.OTHER)
    for model in with_history(Tag):
        model._base_manager.filter(person=person.pk).update(certificate="", amount=None)


def forget_households(what: Forgetting, phones: Iterable[str]) -> None:
    """The family's own fields: all of them where nobody else is known, otherwise what is the person's."""
    own = {one.dialled for phone in phones for one in telephones.read(phone)}
    for model in with_history(Household):
        table = model._base_manager
        table.filter(id__in=what.alone).update(address="", phone="", phone_tails="", group="", note="")
        table.filter(id__in=what.households, head_name__in=what.names).update(head_name=ANONYMOUS)
        for row in table.filter(id__in=what.households - what.alone):
            left = telephones.without(row.phone, own)
            if left != row.phone:
                table.filter(pk=row.pk).update(phone=left, phone_tails=phone_tails(left))


def without_names(table: Any, row: Any, sealed: Iterable[str], what: Forgetting) -> int:
    """Take the person's name out of the sealed words of a row that is somebody else's; how many rows were changed."""
    was = {name: getattr(row, name) or "" for name in sealed}
    changed = {name: now for name, text in was.items() if (now := what.without_names(text)) != text}
    return int(table._base_manager.filter(pk=row.pk).update(**changed)) if changed else 0
