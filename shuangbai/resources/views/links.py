"""What reached whom: noted from a family's page, one link, corrected, voided, its receipt."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shuangbai.core import clock
from shuangbai.core.findings import Conflict, NotAllowed
from shuangbai.core.views import paper_answer
from shuangbai.households.models import Household
from shuangbai.households.queries import members_on
from shuangbai.households.views import FORM, conflict_of, tried
from shuangbai.network.changes import changes_of
from shuangbai.network.context import SignedIn
from shuangbai.resources import queries
from shuangbai.resources.access import (
    case_known_to,
    cases_to_write_in,
    links_visible_to,
    may_void,
    may_write,
    thing_of,
    thing_to_help,
)
from shuangbai.resources.actions import linking
from shuangbai.resources.forms import LinkForm, VoidForm, yuan
from shuangbai.resources.models import ResourceLink
from shuangbai.resources.views import family_asked, key, resource_name, start_of
from shuangbai.resources.views.drafts import taken_up

# What a link's history does not tell: keys, and which case it is of.
SILENT = {"id", "station", "client_id", "household", "case_key", "subject", "subject_key", "in_cash", "stored", "pages",
          "voided_at", "voided_by", "version", "entered_at", "entered_by"}  # fmt: skip


@require_http_methods(FORM)
def link_new(request: SignedIn) -> HttpResponse:
    """链接资源: which, to whom, how much; from a family's page."""
    if "about" in request.GET:
        return link_new_about(request)
    household, first = family_asked(request), start_of(request)
    members = list(members_on(household.pk, clock.today()))
    form = LinkForm(
        request.POST or None, request.FILES or None, household=household, members=members,
        cases=cases_to_write_in(request.user, household.pk), **first,
    )  # fmt: skip
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: linking.link_resource(by=request.user, **said)):
            messages.success(request, _("已记下这次链接"))
            return redirect("resource-link", made.pk)
    more = taken_up(request, form, household, "linking", first)
    return link_form(request, form, household, _("链接资源"), reverse("family", args=[household.pk]), **more)


def link_new_about(request: SignedIn) -> HttpResponse:
    """链接资源 for an activity or a project: from its page. Nobody in particular gets it."""
    name, pk = request.GET["about"], key(request.GET.get("key", ""))
    thing = thing_to_help(request.user, name, pk)
    if thing is None:
        raise Http404
    first = start_of(request) | {"occurred_on": min(thing.day, clock.today())}
    form = LinkForm(request.POST or None, request.FILES or None, about=(name, pk), **first)
    if form.is_valid():
        said: dict[str, Any] = {"entry": form.entry(), "acknowledged": form.acknowledged}
        if made := tried(form, lambda: linking.link_resource(by=request.user, **said)):
            messages.success(request, _("已记下这次链接"))
            return redirect("resource-link", made.pk)
    trail = [(thing.title, thing.url), (_("链接资源"), "")]
    return link_form(request, form, None, _("链接资源"), thing.url, thing=thing, crumbs=trail)


def link_form(
    request: SignedIn, form: LinkForm, household: Household | None, heading: str, back: str, **more: Any
) -> HttpResponse:
    """The form of a link; 422 where something is to be put right."""
    context = {
        "form": form, "household": household, "heading": heading, "back_url": back,
        "resource_name": resource_name(request, form["resource"].value()),
        "suggest_url": f"{reverse('resource-suggest')}?q=",
        "search_url": f"{reverse('resource-list')}?family={household.pk}" if household else reverse("resource-list"),
        **more,
    }  # fmt: skip
    status = more.get("status") or (422 if form.is_bound else 200)
    return render(request, "resources/link_form.html", context, status=status)


def link_of(request: SignedIn, pk: UUID) -> ResourceLink:
    """Raises Http404, as for what does not exist."""
    return get_object_or_404(queries.links_in_order(links_visible_to(request.user)).select_related("voided_by"), pk=pk)


@require_safe
def link(request: SignedIn, pk: UUID) -> HttpResponse:
    """One link: what, when, to whom, how much and how that was told, what came of it."""
    return link_page(request, link_of(request, pk))


def link_page(request: SignedIn, found: ResourceLink, **more: Any) -> HttpResponse:
    open_ = found.voided_at is None
    context = {
        "link": found, "value": yuan(found.value), "crumbs": crumbs(found, _("一次链接")),
        "case": case_known_to(request.user, found.case_key), "thing": thing_of(request.user, found),
        "may_write": open_ and may_write(request.user, found), "may_void": open_ and may_void(request.user, found),
        "changes": changes_of(ResourceLink, silent=SILENT, id=found.pk) if found.version > 1 else [], **more,
    }  # fmt: skip
    return render(request, "resources/link.html", context, status=more.get("status", 200))


def crumbs(found: ResourceLink, here: str) -> list[tuple[str, str]]:
    if found.household is None:
        return [(_("资源名录"), reverse("resource-list")), (here, "")]
    home = reverse("family", args=[found.household_id])
    return [(_("家庭"), reverse("family-list")), (str(found.household), home), (here, "")]


@require_http_methods(FORM)
def link_correct(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正一次链接."""
    found = link_of(request, pk)
    if not may_write(request.user, found) or found.voided_at:
        raise Http404
    members = list(members_on(found.household_id, clock.today())) if found.household_id else []
    about = (found.subject, found.subject_key) if found.subject_key else None
    form = LinkForm(
        request.POST or None, request.FILES or None, household=found.household, members=members, about=about, link=found
    )
    more: dict[str, Any] = {"link": found, "thing": thing_of(request.user, found)}
    if form.is_valid():
        try:
            if tried(form, lambda: corrected(request, form, found)):
                messages.success(request, _("已更正，原来的内容留在历史里"))
                return redirect("resource-link", pk)
        except Conflict as conflict:
            current: Any = conflict.current
            more |= conflict_of(form, current, form.theirs(current))
    back = reverse("resource-link", args=[pk])
    return link_form(request, form, found.household, _("更正资源链接"), back, **more)


def corrected(request: SignedIn, form: LinkForm, found: ResourceLink) -> ResourceLink:
    return linking.correct_link(
        by=request.user, link=found, version=form.cleaned_data["version"] or 0, entry=form.entry(),
        reason=form.cleaned_data["reason"], acknowledged=form.acknowledged,
    )  # fmt: skip


@require_http_methods(FORM)
def link_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废一次链接."""
    found = link_of(request, pk)
    if not may_void(request.user, found) or found.voided_at:
        raise Http404
    form = VoidForm(request.POST or None, initial={"version": found.version})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        said = {"version": form.cleaned_data["version"] or 0, "reason": form.cleaned_data["reason"]}
        try:
            if tried(form, lambda: linking.void_link(by=request.user, link=found, **said)):
                messages.success(request, _("已作废，不再计入任何数字"))
                return redirect("resource-link", pk)
        except Conflict:
            form.add_error(None, _("您打开之后同事改过这次链接，请返回看过再决定"))
            status = 409
    context = {"form": form, "link": found, "crumbs": crumbs(found, _("作废")), "value": yuan(found.value)}
    return render(request, "resources/link_void.html", context, status=status)


@require_POST
def link_receipt(request: SignedIn, pk: UUID) -> HttpResponse:
    """Sends the receipt; the trail keeps who opened it."""
    found = link_of(request, pk)
    try:
        linking.note_receipt_looked(by=request.user, link=found)
        return paper_answer(found.stored, shown_as="receipt")
    except (NotAllowed, FileNotFoundError):
        raise Http404 from None
