"""Whose changes, handovers and erasures somebody may see and decide."""

from typing import Any

from django.db.models import Q, QuerySet

from shuangbai.lives.models import Erasure, Handover, LifeChange
from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission


def changes_visible_to(user: Any) -> QuerySet[LifeChange]:
    """Changes that a station within reach entered."""
    return LifeChange.objects.filter(viewer_of(user).reach(Permission.EDIT_FAMILIES))


def handovers_visible_to(user: Any) -> QuerySet[Handover]:
    """All of the station for its head; for a worker those that they give or receive."""
    viewer = viewer_of(user)
    own = Q(giver=user.staff_id) | Q(items__receiver=user.staff_id) if user.staff_id else Q(pk__in=[])
    mine = Handover.objects.filter(viewer.reach(Permission.EDIT_FAMILIES)).filter(own).values("pk")
    heads = Handover.objects.filter(viewer.reach(Permission.HAND_OVER)).values("pk")
    return Handover.objects.filter(Q(pk__in=mine) | Q(pk__in=heads))


def erasures_visible_to(user: Any) -> QuerySet[Erasure]:
    """Those that the head's station asked for, and those that somebody may decide."""
    viewer = viewer_of(user)
    asked = viewer.reach(Permission.ASK_ERASURE)
    decides = viewer.reach(Permission.DECIDE_ERASURE)
    return Erasure.objects.filter(Q(pk__in=Erasure.objects.filter(asked)) | Q(pk__in=Erasure.objects.filter(decides)))
