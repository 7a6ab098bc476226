"""What this room keeps where a station or somebody's work ends, where somebody is forgotten, and what has pictures."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from shuangbai.core.fields import EncryptedTextField
from shuangbai.groups.access import sessions_visible_to
from shuangbai.groups.models import Group, GroupDraft, GroupMember, GroupSession
from shuangbai.groups.rules import OPEN
from shuangbai.households.forgetting import Forgetting, with_history, without_names
from shuangbai.network.closing import Kept
from shuangbai.network.models import Area, OrgUnit, Staff, User
from shuangbai.pictures.access import About, Subject


class Groups:
    """The groups' keeper (network.closing). A group stays with the station that runs it, and must end there."""

    def at_station(self, station: OrgUnit, ends_on: date) -> Iterator[Kept]:
        count = Group.objects.filter(station=station, state__in=OPEN).count()
        yield Kept("没有结束的小组", count, "个", hinders=f"{station}还有 {count} 个小组没有结束，请先结束或取消")

    def hand_over_station(self, *, by: User | None, station: OrgUnit, to: OrgUnit, on: date) -> None:
        """Nothing: what is over is history."""

    def in_village(self, village: Area, ends_on: date) -> Iterator[Kept]:
        yield from ()

    def hand_over_village(self, *, by: User | None, village: Area, to: Area, on: date) -> None:
        """Nothing: a group is of a station."""

    def of_staff(self, staff: Staff) -> Iterator[Kept]:
        leads = Q(worker=staff) | Q(coworker=staff)
        yield Kept("没有结束的小组", Group.objects.filter(leads, state__in=OPEN).count(), "个")


class Words:
    """The forgetter (households.forgetting). Sessions that somebody missed name no record of theirs: done here."""

    def forget(self, what: Forgetting) -> int:
        groups = GroupMember.objects.filter(person=what.person_id).values_list("group_id", flat=True)
        count = 0
        for table in with_history(GroupSession):
            sealed = [field.name for field in table._meta.concrete_fields if isinstance(field, EncryptedTextField)]
            for row in table._base_manager.filter(group__in=list(groups)):
                count += without_names(table, row, sealed, what)
        for draft in GroupDraft.objects.filter(group__in=list(groups)):
            count += without_names(GroupDraft, draft, ["typed"], what)
        return count


class Sessions(Subject):
    """Pictures of groups' sessions (pictures.access)."""

    words = "小组节次"

    def rows(self, user: Any) -> QuerySet[GroupSession]:
        return sessions_visible_to(user)

    def about(self, row: GroupSession) -> About:
        record, url = row.record, reverse("group_session", args=[row.pk])
        return About(row.pk, record.station, str(row), record.occurred_on, url, record.voided_at is None)

    def standing(self, keys: Iterable[UUID]) -> set[UUID]:
        rows = GroupSession.objects.filter(pk__in=list(keys), record__voided_at__isnull=True)
        return set(rows.values_list("pk", flat=True))
