"""What this room keeps where a station ends and where somebody is forgotten. To whoever asks, it keeps nothing."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.apps import apps

from shuangbai.cases.models import Case, CaseClient
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.fields import EncryptedTextField
from shuangbai.households.forgetting import Forgetting, namesakes, with_history, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User


class Cases:
    """The keeper (network.closing). Whoever closes a station, or ends somebody's work, is not told of cases.

    The successor's head takes charge and sees whose worker is posted there no more (queries.unkept).
    """

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        keys = list(Case.objects.filter(charge=station).values_list("pk", flat=True))
        Case.objects.filter(pk__in=keys).update(charge=to)
        copy_to_history(Case, keys, kind="~", by=by)

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: a case is of a station."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        yield from ()


class Words:
    """The forgetter (households.forgetting): no declaration reaches cases, which have no key to a person.

    Of a case that was about the person alone every word goes. Of the others the name goes: of those that are about
    somebody else too, or about their families, always; elsewhere where it is nobody else's.
    """

    def forget(self, what: Forgetting) -> int:
        theirs = set(CaseClient.objects.filter(person_key=what.person_id).values_list("case_id", flat=True))
        others = CaseClient.objects.filter(case__in=theirs).exclude(person_key=what.person_id)
        alone = theirs - set(others.values_list("case_id", flat=True))
        near = theirs | set(Case.objects.filter(household_key__in=what.households).values_list("pk", flat=True))
        anyones, count = namesakes(what), 0
        for model in apps.get_app_config("cases").get_models():
            path = case_path(model)
            for table in with_history(model) if path else ():
                sealed = [field.name for field in table._meta.concrete_fields if isinstance(field, EncryptedTextField)]
                if sealed:
                    own = table._base_manager.filter(**{f"{path}__in": alone})
                    count += own.update(**dict.fromkeys(sealed, ""))
                    named = table._base_manager.exclude(**{f"{path}__in": alone})
                    for row in named.filter(**{f"{path}__in": near}) if anyones else named:
                        count += without_names(table, row, sealed, what)
        for table in with_history(CaseClient):
            count += table._base_manager.filter(person_key=what.person_id).update(name="")
        return count


def case_path(model: Any) -> str:
    """How a row of this room says of which case it is; empty for what is of none, and for histories."""
    names = {field.name for field in model._meta.concrete_fields}
    if hasattr(model, "history_date"):
        return ""
    return "id" if model is Case else "case" if "case" in names else "goal__case" if "goal" in names else ""
