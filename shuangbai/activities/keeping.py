"""What this room keeps that other rooms ask about: activities are things of which there are pictures."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from shuangbai.activities.models import Activity
from shuangbai.activities.queries import activities_visible_to
from shuangbai.pictures.access import About, Subject


class Activities(Subject):
    """Pictures of activities (pictures.access)."""

    words = "活动"

    def rows(self, user: Any) -> QuerySet[Activity]:
        return activities_visible_to(user)

    def about(self, row: Activity) -> About:
        record, url = row.record, reverse("activity", args=[row.pk])
        return About(row.pk, record.station, row.title, record.occurred_on, url, record.voided_at is None)

    def standing(self, keys: Iterable[UUID]) -> set[UUID]:
        rows = Activity.objects.filter(pk__in=list(keys), record__voided_at__isnull=True)
        return set(rows.values_list("pk", flat=True))
