"""What a case was given and where its people were sent, for the few who may know of it."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.cases.actions.opening import note_looked
from shuangbai.core import clock
from shuangbai.network.context import SignedIn
from shuangbai.resources import queries
from shuangbai.resources.access import case_known_to, cases_to_write_in, links_visible_to, referrals_visible_to


@require_safe
def case_resources(request: SignedIn, pk: UUID) -> HttpResponse:
    """个案的资源与转介; each look is kept in the trail, as of the case's page."""
    case = case_known_to(request.user, pk)
    if case is None:
        raise Http404
    note_looked(by=request.user, case=case)
    links = queries.links_in_order(links_visible_to(request.user).filter(queries.STANDING, case_key=pk))
    referrals = queries.referrals_in_order(referrals_visible_to(request.user).filter(case_key=pk))
    writes = case in cases_to_write_in(request.user, case.household_key)
    context = {
        "case": case, "links": list(links), "referrals": list(referrals), "day": clock.today(), "writes": writes,
        "about": f"?family={case.household_key}&case={pk}",
        "crumbs": [(_("一件个案"), reverse("case", args=[pk])), (_("资源与转介"), "")],
    }  # fmt: skip
    return render(request, "resources/case.html", context)
