"""Forgetting somebody in every table, by what the tables declare: rows of theirs are cleared, the name elsewhere goes.

Histories are written anew as well: what was said before is as personal as what is said now. What counts (that a person
was met, on a day, with a category) is left as it is, so that every figure stays the same.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import F, Model, Q, TextField, Value
from django.db.models.functions import Cast, Left, Replace

from shuangbai.core import audit, textindex
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.models import AuditEvent
from shuangbai.households.doubles import groups_of
from shuangbai.households.finding import refresh_find_keys
from shuangbai.households.forgetting import (
    ANONYMOUS,
    FORGETTERS,
    Forgetting,
    forget_households,
    forget_person,
    namesakes,
    with_history,
)
from shuangbai.households.models import FamilyFile, FindKey, Household, Membership, Person
from shuangbai.lives.models import Erasure
from shuangbai.services.enums import RecordKind
from shuangbai.services.models import Contact, ServiceRecord
from shuangbai.services.queries import text_of
from shuangbai.volunteers.keeping import forget_volunteer, others_so_called
from shuangbai.volunteers.models import Volunteer, VolunteerHours

# Rooms that keep nobody served, and tables that are forgotten by their own hand.
ABOUT_NOBODY = {"core", "network", "codes", "accounts", "upkeep"}
BY_HAND = {FindKey}  # made anew from the rest
WORDS_KEPT = {Erasure}  # why somebody was forgotten is told for good, without their name
LEAST = 2  # a name of one character is found everywhere


def forgetting_of(person: Person) -> Forgetting:
    """Everything that is known of who is to be forgotten, read before any of it goes."""
    names = {person.name, *Person.history.filter(id=person.pk).values_list("name", flat=True)}
    households = frozenset(Membership.objects.filter(person=person).values_list("household_id", flat=True))
    others = Membership.objects.filter(household__in=households, person__forgotten=False).exclude(person=person)
    theirs = Q(household__in=households) | Q(pk__in=Contact.objects.filter(person=person).values("record"))
    return Forgetting(
        person_id=person.pk,
        names=tuple(sorted(name for name in names if len(name) >= LEAST and name != ANONYMOUS)),
        households=households,
        alone=households - frozenset(others.values_list("household_id", flat=True)),
        record_ids=frozenset(ServiceRecord.objects.filter(theirs).values_list("pk", flat=True)),
    )  # fmt: skip


def entries_of(person: Person) -> list[Person]:
    """Every entry of one and the same person: what two stations have merged is forgotten as one."""
    rows = Person.objects.filter(pk__in=groups_of([person.pk])[person.pk]).exclude(forgotten=True)
    return list(rows.order_by("id"))


def forget(*, by: Any, person: Person, basis: str) -> dict[str, Any]:
    """Forget somebody for good, in every table. Returns counts, and the records whose words are to be read again."""
    what, phones = forgetting_of(person), _phones(person)
    everywhere = not namesakes(what)
    named = {pk: text for pk, text in _records_naming(what).items() if everywhere or pk in what.record_ids}
    elsewhere = [] if everywhere else [pk for pk in _records_naming(what) if pk not in what.record_ids]
    rows = sum(forgetter.forget(what) for forgetter in FORGETTERS.values())
    rows += sum(_forget_table(model, what, everywhere=everywhere) for model in _tables())
    forget_person(person)
    forget_households(what, phones)
    _index_anew(named)
    refresh_find_keys(list(what.households))
    told = _forget_trail(by, what, basis, everywhere=everywhere)
    with_words = [pk for pk, text in _texts(what.record_ids).items() if text]
    return {
        "counts": {"rows": rows, "records": len(named), "trail": told},
        "to_check": [str(pk) for pk in [*with_words, *elsewhere]],
    }


def forget_helper(*, by: Any, volunteer: Volunteer, basis: str) -> dict[str, Any]:
    """Forget a volunteer who is not on file, by the same declarations. Returns as `forget` does."""
    names = {volunteer.name, *Volunteer.history.filter(id=volunteer.pk).values_list("name", flat=True)}
    served = VolunteerHours.objects.filter(volunteer=volunteer).values_list("record", flat=True)
    what = Forgetting(
        person_id=volunteer.pk,  # a key that no person has
        names=tuple(sorted(name for name in names if len(name) >= LEAST and name != ANONYMOUS)),
        households=frozenset(), alone=frozenset(), record_ids=frozenset(served),
    )  # fmt: skip
    everywhere = not namesakes(what) and not others_so_called(what.names, volunteer)
    named = {pk: text for pk, text in _records_naming(what).items() if everywhere or pk in what.record_ids}
    rows = forget_volunteer(volunteer, what)
    rows += sum(_forget_table(model, what, everywhere=everywhere) for model in _tables())
    _index_anew(named)
    told = _forget_trail(by, what, basis, everywhere=everywhere)
    to_check = [str(pk) for pk, text in _texts(what.record_ids).items() if text]
    return {"counts": {"rows": rows, "records": len(named), "trail": told}, "to_check": to_check}


def _phones(person: Person) -> set[str]:
    return {person.phone, *Person.history.filter(id=person.pk).values_list("phone", flat=True)}


# TABLES --------------------------------------------------------------------


def _tables() -> Iterator[Any]:
    for model in apps.get_models():
        room = model._meta.app_config.label
        ours = model._meta.app_config.name.startswith("shuangbai.")
        if ours and room not in ABOUT_NOBODY and not hasattr(model, "history_date") and model not in BY_HAND:
            yield model


def _keys_to(model: type[Model], target: type[Model]) -> list[str]:
    return [f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model is target]


def _forget_table(model: Any, what: Forgetting, *, everywhere: bool) -> int:
    """One table and its history: how many rows were written anew."""
    personal = set(getattr(model, "PERSONAL", ()))
    count = 0
    for table in with_history(model):
        fields = [f for f in table._meta.concrete_fields if f.name in personal and not f.is_relation]
        count += _clear_own(table, model, fields, what)
        named = [f for f in fields if isinstance(f, models.CharField | models.TextField) and not f.choices]
        if hasattr(table, "history_date"):
            named.append(table._meta.get_field("history_change_reason"))
        named += [f for f in table._meta.concrete_fields if f.name == "title"]  # of an activity, plain and still words
        for field in dict.fromkeys(named):
            if isinstance(field, EncryptedTextField):
                count += _replace_sealed(table, model, field, what)
            else:
                count += _replace(table, model, field, what, everywhere=everywhere)
        for field in fields:
            if isinstance(field, models.JSONField):
                count += _replace_json(table, field, what)
    return count


def _theirs(model: Any, what: Forgetting) -> Q:
    """Rows about the person, about a family of theirs, or about a record that concerns them."""
    about = Q(pk__in=[])
    for target, keys in ((Person, [what.person_id]), (Household, what.households), (ServiceRecord, what.record_ids)):
        for name in _keys_to(model, target):
            about |= Q(**{f"{name}__in": keys})
    if model is ServiceRecord:
        about |= Q(id__in=what.record_ids)
    for name in _keys_to(model, FamilyFile):  # a row of a file is the family's
        about |= Q(**{f"{name}__in": FamilyFile.objects.filter(household__in=what.households).values("pk")})
    return about


def _clear_own(table: Any, model: Any, fields: Sequence[Any], what: Forgetting) -> int:
    """Rows that are the person's alone lose every word of theirs."""
    own = Q(pk__in=[])
    for name in _keys_to(model, Person):
        own |= Q(**{name: what.person_id})
    if not _keys_to(model, Person) or model in WORDS_KEPT:
        return 0
    rows, count = table._base_manager.filter(own), 0
    for field in fields:
        if isinstance(field, models.FileField):
            _remove_files(table, own, field)
            count += rows.update(**{field.name: None if field.null else ""})
        elif isinstance(field, EncryptedTextField):
            count += rows.update(**{field.name: ""})
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            # What was said becomes that something was said: a database that asks for words still has them.
            count += rows.exclude(**{field.name: ""}).update(**{field.name: ANONYMOUS[: field.max_length or None]})
        elif isinstance(field, models.JSONField):
            count += rows.update(**{field.name: field.get_default()})
        elif field.null and isinstance(field, models.DecimalField):
            count += rows.update(**{field.name: None})
    return count


def _remove_files(table: Any, own: Q, field: Any) -> None:
    for row in table._base_manager.filter(own).exclude(**{field.name: ""}):
        stored = getattr(row, field.name)
        if stored:
            stored.delete(save=False)


def _replace(table: Any, model: Any, field: Any, what: Forgetting, *, everywhere: bool) -> int:
    """The name in plain words: everywhere, or (where it is somebody else's too) in rows about them."""
    rows, count = table._base_manager.all(), 0
    if not everywhere:
        rows = rows.filter(_theirs(model, what))
    for name in sorted(what.names, key=len, reverse=True):
        found = rows.filter(**{f"{field.name}__contains": name})
        words: Any = Replace(F(field.name), Value(name), Value(ANONYMOUS))
        if field.max_length:  # 已匿名 is longer than many names
            words = Left(words, field.max_length)
        count += found.update(**{field.name: words})
    return count


def _replace_sealed(table: Any, model: Any, field: Any, what: Forgetting) -> int:
    """The name in words that the database cannot read: in rows about them."""
    count = 0
    for row in table._base_manager.filter(_theirs(model, what)):
        was = getattr(row, field.name) or ""
        now = what.without_names(was)
        if now != was:
            count += table._base_manager.filter(pk=row.pk).update(**{field.name: now})
    return count


def _holding(rows: Any, field: str, names: Sequence[str]) -> Any:
    """Rows whose JSON holds a name, written out or escaped, as the database keeps it."""
    held = Q()
    for name in names:
        held |= Q(written_out__contains=name) | Q(written_out__contains=json.dumps(name)[1:-1])
    return rows.annotate(written_out=Cast(field, TextField())).filter(held) if names else rows.none()


def _replace_json(table: Any, field: Any, what: Forgetting) -> int:
    count = 0
    for row in _holding(table._base_manager.all(), field.name, what.names):
        value = _rewritten(getattr(row, field.name), what)
        count += table._base_manager.filter(pk=row.pk).update(**{field.name: value})
    return count


def _rewritten(value: Any, what: Forgetting) -> Any:
    if isinstance(value, str):
        return what.without_names(value)
    if isinstance(value, list):
        return [_rewritten(one, what) for one in value]
    if isinstance(value, dict):
        return {key: _rewritten(one, what) for key, one in value.items()}
    return value


# WORDS THAT ARE SEARCHED ----------------------------------------------------


def _texts(ids: Any) -> dict[UUID, str]:
    """What is searched of records, by their key; one that was voided is not searched."""
    kinds = [str(kind) for kind in RecordKind if hasattr(ServiceRecord, kind)]
    rows = ServiceRecord.objects.filter(pk__in=list(ids), voided_at__isnull=True).select_related(*kinds)
    return {row.pk: text_of(row) for row in rows.defer("household__address", "household__phone")}


def _records_naming(what: Forgetting) -> dict[UUID, str]:
    """Records that stand in the index and name the person, with their words as they are now."""
    found = set(what.record_ids)
    for name in what.names:
        found |= {subject for _, subject in textindex.find(name, owners=None, limit=10_000)}
    texts = _texts(found)
    return {pk: text for pk, text in texts.items() if any(name in text for name in what.names)}


def _index_anew(named: dict[UUID, str]) -> None:
    """The index forgets the pairs of characters of the old words and learns the new ones."""
    rows = {row.pk: row for row in ServiceRecord.objects.filter(pk__in=list(named))}
    for pk, old in named.items():
        textindex.forget(rows[pk].station_id, pk, old)
    fresh = _texts(named)
    textindex.put(
        textindex.Text(rows[pk].station_id, pk, rows[pk].occurred_on, text) for pk, text in fresh.items() if text
    )


# THE TRAIL ------------------------------------------------------------------


def _forget_trail(by: Any, what: Forgetting, basis: str, *, everywhere: bool) -> int:
    """Entries about the person and theirs that name them; the chain holds, for it covers no words (core.audit)."""
    rows = _holding(AuditEvent.objects.exclude(salt=""), "personal", what.names)
    if not everywhere:
        keys = [what.person_id, *what.households, *what.record_ids]
        rows = rows.filter(about_id__in=[str(key) for key in keys])
    return audit.forget(by=by, events=list(rows), basis=basis)
