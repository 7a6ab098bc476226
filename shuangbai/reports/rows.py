"""The rows of records and of whom they reached, from which most figures are counted."""

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce

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
