"""Pages of resources: the directory, what reached whom, referrals; and what they share."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from shuangbai.households.access import households_visible_to
from shuangbai.households.models import Household
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.resources.access import resources_visible_to


def key(text: Any) -> UUID:
    """A key of an address. Raises Http404."""
    try:
        return UUID(str(text))
    except ValueError:
        raise Http404 from None


def family_asked(request: SignedIn, permission: Permission = Permission.WRITE_RECORDS) -> Household:
    """The family that the address names, for whoever may. Raises Http404."""
    visible = households_visible_to(request.user, permission).select_related("village__parent", "station")
    return get_object_or_404(visible.defer("phone", "address"), pk=key(request.GET.get("family", "")))


def resource_name(request: SignedIn, value: Any) -> str:
    """What the resource is called whose key stands in a form, while it may be read."""
    try:
        pk = UUID(str(value))
    except ValueError:
        return ""
    return resources_visible_to(request.user).filter(pk=pk).values_list("name", flat=True).first() or ""


def start_of(request: SignedIn) -> dict[str, Any]:
    """What a link filled in: somebody of the family, a resource, a case."""
    return {name: request.GET[name] for name in ("person", "resource", "case") if request.GET.get(name)}
