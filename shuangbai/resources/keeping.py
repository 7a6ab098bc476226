"""What this room keeps where the network ends something, where work changes hands, and where somebody is forgotten."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from shuangbai.cases.models import Case, CaseClient
from shuangbai.core.bulk import copy_to_history
from shuangbai.core.fields import EncryptedTextField
from shuangbai.core.papers import drop_paper
from shuangbai.households.forgetting import Forgetting, namesakes, with_history
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.resources.models import Referral, ReferralStep, Resource, ResourceArea, ResourceLink
from shuangbai.resources.rules import OPEN


class Help:
    """The keeper (network.closing). Links are history; open referrals go with their family; the directory goes over.

    Of what is a case's alone nothing is counted: whoever closes a station may not know of the case.
    """

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        yield Kept("资源名录里的资源", Resource.objects.filter(unit=station).count(), "项", to_hand_over=True)
        running = Referral.objects.filter(station=station, state__in=OPEN, household__isnull=False, case_key=None)
        yield Kept("没有办完的转介（随家庭走）", running.count(), "件")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        keys = list(Resource.objects.filter(unit=station).values_list("pk", flat=True))
        Resource.objects.filter(pk__in=keys).update(unit=to, version=F("version") + 1)
        copy_to_history(Resource, keys, kind="~", by=by, reason=f"由{station}移交")

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield Kept("覆盖这里的资源", ResourceArea.objects.filter(area=village).count(), "项", to_hand_over=True)

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        there = ResourceArea.objects.filter(area=to).values("resource")
        ResourceArea.objects.filter(area=village, resource__in=there).delete()
        ResourceArea.objects.filter(area=village).update(area=to)

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        running = Referral.objects.filter(worker=staff, state__in=OPEN, household__isnull=False, case_key=None)
        yield Kept("名下没有办完的转介", running.count(), "件", to_hand_over=True)


def hand_referrals(*, by: User, giver_id: UUID, receiver_id: UUID, household_ids: Collection[UUID]) -> int:
    """Open referrals of these families go to whoever takes them; how many. Inside the caller's action (lives)."""
    rows = Referral.objects.filter(worker=giver_id, state__in=OPEN, household__in=list(household_ids))
    keys = list(rows.values_list("pk", flat=True))
    if keys:
        Referral.objects.filter(pk__in=keys).update(worker=receiver_id, version=F("version") + 1)
        copy_to_history(Referral, keys, kind="~", by=by, reason="随家庭交接")
    return len(keys)


class Receipts:
    """The forgetter (households.forgetting): receipts of who is forgotten go, and words of their referrals' steps.

    Of a person's own the rest follows from what the tables declare. Of a family in which others are still known, a
    link about the whole family stays, with its receipt. What is a case's alone no declaration reaches: of a case about
    the person alone its words go, of other cases the name (cases.keeping).
    """

    def forget(self, what: Forgetting) -> int:
        return self._of_family(what) + self._of_cases(what)

    def _of_cases(self, what: Forgetting) -> int:
        theirs = set(CaseClient.objects.filter(person_key=what.person_id).values_list("case_id", flat=True))
        others = CaseClient.objects.filter(case__in=theirs).exclude(person_key=what.person_id)
        alone = theirs - set(others.values_list("case_id", flat=True))
        near = theirs | set(Case.objects.filter(household_key__in=what.households).values_list("pk", flat=True))
        anyones, count = namesakes(what), 0
        for model, path in ((ResourceLink, "case_key"), (Referral, "case_key"), (ReferralStep, "referral__case_key")):
            for table in with_history(model):
                sealed = sealed_in(table)
                ours = table._base_manager.filter(**{f"{path}__isnull": False})
                count += ours.filter(**{f"{path}__in": alone}).update(**dict.fromkeys(sealed, ""))
                named = ours.exclude(**{f"{path}__in": alone})
                for row in named.filter(**{f"{path}__in": near}) if anyones else named:
                    now = {name: what.without_names(getattr(row, name) or "") for name in sealed}
                    changed = {name: text for name, text in now.items() if text != (getattr(row, name) or "")}
                    count += table._base_manager.filter(pk=row.pk).update(**changed) if changed else 0
        return count

    def _of_family(self, what: Forgetting) -> int:
        theirs = Q(person=what.person_id) | Q(household__in=what.alone)
        alone = CaseClient.objects.filter(person_key=what.person_id).values("case")
        mixed = CaseClient.objects.filter(case__in=alone).exclude(person_key=what.person_id).values("case")
        theirs |= Q(case_key__in=alone) & ~Q(case_key__in=mixed)
        names = list(ResourceLink.objects.filter(theirs).exclude(stored="").values_list("stored", flat=True))
        for name in names:
            transaction.on_commit(lambda name=name: drop_paper(name))  # type: ignore[misc]
        about: Any = Referral.objects.filter(theirs).values("pk")
        count = len(names) + ReferralStep.objects.filter(referral__in=about).update(whom="", note="")
        for model in (ResourceLink, Referral):
            for table in with_history(model):
                count += table._base_manager.filter(theirs).update(**dict.fromkeys(sealed_in(table), ""))
        return count


def sealed_in(table: Any) -> list[str]:
    return [field.name for field in table._meta.concrete_fields if isinstance(field, EncryptedTextField)]
