"""The navigation that each role sees, and what a request by somebody signed in carries."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.network.roles import Permission


class SignedIn(HttpRequest):
    """A request by somebody signed in: the sign-in middleware lets no other reach a view."""

    user: User
    htmx: HtmxDetails


# (url name, label, icon, permission, what else lies under it); no permission: for everybody who signed in
ITEMS: list[tuple[str, str, str, Permission | None, tuple[str, ...]]] = [
    ("today", "今日", "today", None, ()),
    ("family-list", "家庭", "family", Permission.SEE_FAMILIES, ("/people/", "/search")),
    ("record-list", "记录", "list", Permission.SEE_RECORDS, ("/visits/", "/activities/")),
    ("results", "成效", "report", Permission.SEE_REPORTS, ("/reports/",)),
    ("trail", "留痕", "history", Permission.READ_TRAIL, ()),
    ("network", "机构", "network", Permission.SEE_NETWORK, ()),
    ("checkup", "系统", "settings", Permission.RUN_SYSTEM, ("/system/backups/",)),
    ("keys", "密钥", "shield", Permission.SET_POLICIES, ()),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": []}
    viewer = viewer_of(user)
    items = [
        {"url": reverse(name), "label": _(label), "icon": icon, "active": _is_under(request.path, reverse(name), more)}
        for name, label, icon, permission, more in ITEMS
        if permission is None or viewer.may(permission)
    ]
    posts = "、".join(dict.fromkeys(f"{held.unit.name} · {held.role.label}" for held in viewer.held))
    return {"nav": items, "viewer": viewer, "user_post": posts}


def _is_under(path: str, root: str, more: tuple[str, ...]) -> bool:
    """The page of today is the root of everything and lights up only for itself."""
    return path == root or (root != "/" and path.startswith(root)) or path.startswith(more)
