"""The navigation that each role sees, and what a request by somebody signed in carries."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from shuangbai.network.access import viewer_of
from shuangbai.network.models import User
from shuangbai.network.roles import Permission as P


class SignedIn(HttpRequest):
    """A request by somebody signed in: the sign-in middleware lets no other reach a view."""

    user: User
    htmx: HtmxDetails


# (url name, label, icon, for whom: one of these permissions, or everybody; what else lies under it)
SETS_UP = frozenset({P.MANAGE_NETWORK, P.MANAGE_CODES, P.MANAGE_ACCOUNTS, P.RUN_SYSTEM, P.GRANT_ROLES, P.SET_POLICIES})
# Pages of setting up that lie under another item's address. The later item of ITEMS lights up.
SETUP_PATHS = (
    *(f"/network/{part}/" for part in ("areas", "aliases", "codes", "units", "coverage", "staff", "postings")),
    "/system/",
    "/scales/",
    "/assistance/policies/",
)
WORK = (
    "/visits/", "/activities/", "/groups/", "/volunteers/", "/teams/", "/pictures/", "/projects/",
    "/meetings/", "/problems/", "/events/", "/campaigns/", "/surveys/", "/villages/", "/questionnaires/",
)  # fmt: skip
HOMES = ("/people/", "/search", "/ledgers/", "/resources/", "/assistance/", "/cases/")
ITEMS: list[tuple[str, str, str, frozenset[P] | None, tuple[str, ...]]] = [
    ("today", "今日", "today", None, ()),
    ("family-list", "家庭", "family", frozenset({P.SEE_FAMILIES}), HOMES),
    ("record-list", "记录", "list", frozenset({P.SEE_RECORDS}), WORK),
    ("results", "成效", "report", frozenset({P.SEE_REPORTS}), ("/reports/", "/stories/", "/awards/")),
    ("trail", "留痕", "history", frozenset({P.READ_TRAIL}), ()),
    ("network", "机构", "network", frozenset({P.SEE_NETWORK}), ()),
    ("setup", "设置", "settings", SETS_UP, SETUP_PATHS),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"nav": []}
    viewer = viewer_of(user)
    shown = [item for item in ITEMS if item[3] is None or any(map(viewer.may, item[3]))]
    under = [name for name, _label, _icon, _for, more in ITEMS if _is_under(request.path, reverse(name), more)]
    items = [
        {"url": reverse(name), "label": _(label), "icon": icon, "active": under[-1:] == [name]}
        for name, label, icon, *_rest in shown
    ]
    posts = "、".join(dict.fromkeys(f"{held.unit.name} · {held.role.label}" for held in viewer.held))
    number_url = reverse("number") if viewer.may(P.SEE_REPORTS) else ""
    alarm = "alarm-new" if viewer.may(P.RAISE_ALARMS) else "alarm-list" if viewer.may(P.SEE_ALARMS) else ""
    doors = {"number_url": number_url, "alarm_url": reverse(alarm) if alarm else ""}
    return {"nav": items, "viewer": viewer, "user_post": posts, **doors}


def _is_under(path: str, root: str, more: tuple[str, ...]) -> bool:
    """The page of today is the root of everything and lights up only for itself."""
    return path == root or (root != "/" and path.startswith(root)) or path.startswith(more)
