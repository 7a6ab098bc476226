"""The rows of records and of whom they reached, from which most figures are counted."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, ExpressionWrapper, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear

from shuangbai.households.models import FamilyFile
from shuangbai.reports.enums import AgeBand
from shuangbai.reports.queries import Ask, Rows
from shuangbai.services.enums import ContactKind, RecordKind
from shuangbai.services.models import Contact, ServiceRecord


def records(ask: Ask, *kinds: RecordKind) -> Rows:
    """Service records of these kinds in the period, voided ones left out."""
    return ServiceRecord.objects.filter(ask.days(), ask.stations(), kind__in=kinds, voided_at__isnull=True)


def contacts(ask: Ask, *kinds: RecordKind) -> Rows:
    """Whom records of these kinds reached; who was named in one twice, under two of their entries, once."""
    rows: Rows = Contact.objects.filter(
        ask.days("record__occurred_on"),
        ask.stations("record__station"),
        record__kind__in=kinds,
        record__voided_at__isnull=True,
    )
    return rows.exclude(pk__in=named_twice().values("pk"))


def as_families(rows: Rows, household: str = "household", same: str = "household__same") -> Rows:
    """Rows with the family that they are of as `family`: of one that is known twice, the entry that is kept."""
    found: Rows = rows.annotate(family=Coalesce(f"{same}__kept", household))
    return found


def files_open(ask: Ask) -> Rows:
    """The files in hand on the last day, with their families."""
    last = ask.period.last
    closed_later = Q(closed_on__isnull=True) | Q(closed_on__gt=last)
    return as_families(FamilyFile.objects.filter(closed_later, ask.stations(), opened_on__lte=last))


def living_on(day: date) -> Q:
    """The condition that the person of a membership lives on a day."""
    return Q(person__died_on__isnull=True) | Q(person__died_on__gt=day)


def _as_number(column: str) -> Any:
    """A date as the number 20200606: the difference of two, by ten thousand, is the years between them."""
    return ExtractYear(column) * 10_000 + ExtractMonth(column) * 100 + ExtractDay(column)


def aged(rows: Rows) -> Rows:
    """Contacts with the age that a person had on the day, as `age_band`: an AgeBand, "" without a birth date."""
    lived = _as_number("record__occurred_on") - _as_number("person__birth_date")
    bands = [When(lived__gte=int(band) * 10_000, then=Value(str(band))) for band in reversed(AgeBand)]
    unknown = When(person__birth_date__isnull=True, then=Value(""))
    told: Rows = rows.annotate(
        lived=ExpressionWrapper(lived, IntegerField()),
        age_band=Case(unknown, *bands, default=Value(str(AgeBand.SMALL)), output_field=CharField()),
    )
    return told


def named_twice() -> Rows:
    """Contacts of an entry that was merged, in a record that names the same person under another entry too."""
    kept_too = Q(person=OuterRef("same__kept"))
    other_too = Q(same__kept=OuterRef("same__kept"), pk__lt=OuterRef("pk"))
    there = Contact.objects.filter(kept_too | other_too, record=OuterRef("record"))
    named: Rows = Contact.objects.filter(Exists(there), same__kept__isnull=False)
    return named


def as_people(rows: Rows) -> Rows:
    """Contacts with the person whom they reached as `whoever`: of one who is known twice, the entry that is kept."""
    met: Rows = rows.filter(kind=ContactKind.PERSON).annotate(whoever=Coalesce("same__kept", "person"))
    return met


def reached(ask: Ask, *kinds: RecordKind) -> Rows:
    """Whom these records reached, each row with the person-times it adds."""
    one_each = When(kind=ContactKind.PERSON, then=Value(1))
    adds = Case(one_each, default=F("heads"), output_field=IntegerField())
    rows = contacts(ask, *kinds).exclude(kind=ContactKind.HOUSEHOLD)
    counted: Rows = rows.annotate(person_times=adds)
    return counted
