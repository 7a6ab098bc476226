"""The navigation that each role sees."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from shuangbai.network.access import viewer_of
from shuangbai.network.roles import Permission

# (url name, label, icon, permission)
ITEMS = [
    ("today", "今日", "today", Permission.SEE_FAMILIES),
    ("family-list", "家庭", "families", Permission.SEE_FAMILIES),
    ("record-list", "记录", "records", Permission.SEE_RECORDS),
    ("results", "成效", "report", Permission.SEE_REPORTS),
    ("network", "机构", "network", Permission.SEE_NETWORK),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": []}
    viewer = viewer_of(user)
    path = request.path
    items = [
        {"url": reverse(name), "label": _(label), "icon": icon, "active": path.startswith(reverse(name))}
        for name, label, icon, permission in ITEMS
        if viewer.may(permission)
    ]
    return {"nav": items, "viewer": viewer}
