"""获奖: prizes of stations, entered, put right, voided; the certificate."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shuangbai.core.findings import Conflict
from shuangbai.core.forms import rebase
from shuangbai.core.views import paper_answer
from shuangbai.households.views import FORM, own_station, tried
from shuangbai.network.context import SignedIn
from shuangbai.network.models import OrgUnit
from shuangbai.network.roles import Permission
from shuangbai.stories import queries
from shuangbai.stories.access import (
    awards_visible_to,
    may_change_award,
    may_enter_awards,
    may_read_stories,
    may_see_awards,
    stories_visible_to,
)
from shuangbai.stories.actions import awarding
from shuangbai.stories.forms import AwardForm, VoidForm
from shuangbai.stories.models import Award
from shuangbai.stories.rules import READ


def crumbs_to(*here: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("获奖"), reverse("award-list")), *here]


@require_safe
def award_list(request: SignedIn) -> HttpResponse:
    """All prizes of the stations that somebody sees, by year."""
    if not may_see_awards(request.user):
        raise Http404
    rows = list(queries.all_awards(request.user))
    new_url = reverse("award-new") if may_enter_awards(request.user) else ""
    context = {"rows": rows, "new_url": new_url, "reads": may_read_stories(request.user)}
    return render(request, "stories/awards.html", context)


def award_of(request: SignedIn, pk: UUID) -> Award:
    rows = awards_visible_to(request.user).select_related("station", "staff", "story", "entered_by")
    return get_object_or_404(rows, pk=pk)


def changed_award(request: SignedIn, pk: UUID) -> Award:
    """A prize that somebody may put right. Raises Http404."""
    found = award_of(request, pk)
    if not may_change_award(request.user, found):
        raise Http404
    return found


@require_safe
def award(request: SignedIn, pk: UUID) -> HttpResponse:
    """One prize; the story it is of is named by its link for whoever may read it."""
    found = award_of(request, pk)
    readable = _is_read(request, found)
    context = {
        "award": found, "story_url": reverse("story", args=[found.story_id]) if readable and found.story_id else "",
        "changes": may_change_award(request.user, found),
        "crumbs": crumbs_to((str(found), "")),
    }  # fmt: skip
    return render(request, "stories/award.html", context)


def _is_read(request: SignedIn, found: Award) -> bool:
    read = stories_visible_to(request.user).filter(state__in=READ)
    return found.story_id is not None and read.filter(pk=found.story_id).exists()


def form_for(request: SignedIn, station: OrgUnit, found: Award | None = None) -> AwardForm:
    stories = [(one.pk, one.title) for one in queries.readable_of(request.user, station)]
    if found and found.story_id and found.story_id not in dict(stories):
        stories.append((found.story_id, found.title))
    staff = [(one.pk, one.name) for one in queries.staff_of(station)]
    return AwardForm(
        request.POST or None, request.FILES or None, station=station, stories=stories, staff=staff, award=found
    )


@require_http_methods(FORM)
def award_new(request: SignedIn) -> HttpResponse:
    """登记获奖 of one's own station."""
    station = own_station(request, Permission.WRITE_RECORDS)
    form = form_for(request, station)
    if form.is_valid():
        entry = form.entry()
        if made := tried(form, lambda: awarding.enter_award(by=request.user, entry=entry)):
            messages.success(request, _("已登记"))
            return redirect("award", made.pk)
    crumbs = crumbs_to((_("登记"), ""))
    context = {"form": form, "station": station, "crumbs": crumbs, "back": reverse("award-list")}
    return render(request, "stories/award_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(FORM)
def award_edit(request: SignedIn, pk: UUID) -> HttpResponse:
    """更正获奖."""
    found, status = changed_award(request, pk), 422
    form = form_for(request, found.station, found)
    if form.is_valid():
        version, entry = form.cleaned_data["version"] or 0, form.entry()
        try:
            if tried(form, lambda: awarding.correct_award(by=request.user, award=found, version=version, entry=entry)):
                messages.success(request, _("已保存"))
                return redirect("award", pk)
        except Conflict:
            found, status = changed_award(request, pk), 409
            rebase(form, found.version)
            form.add_error(
                None, _("您打开之后别人改过这一项：现在是“%(now)s”；请核对，再按一次保存") % {"now": str(found)}
            )
    back = reverse("award", args=[pk])
    crumbs = crumbs_to((str(found), back), (_("更正"), ""))
    context = {"form": form, "station": found.station, "award": found, "crumbs": crumbs, "back": back}
    return render(request, "stories/award_form.html", context, status=status if form.is_bound else 200)


@require_http_methods(FORM)
def award_void(request: SignedIn, pk: UUID) -> HttpResponse:
    """作废 with a reason."""
    found, status = changed_award(request, pk), 422
    form = VoidForm(request.POST or None, initial={"version": found.version})
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            if tried(form, lambda: awarding.void_award(by=request.user, award=found, **said)):
                messages.success(request, _("已作废"))
                return redirect("award-list")
        except Conflict:
            found, status = changed_award(request, pk), 409
            rebase(form, found.version)
            form.add_error(None, _("您打开之后别人改过这一项，请核对，再按一次"))
    crumbs = crumbs_to((str(found), reverse("award", args=[pk])), (_("作废"), ""))
    context = {"form": form, "award": found, "crumbs": crumbs}
    return render(request, "stories/award_void.html", context, status=status if form.is_bound else 200)


@require_safe
def award_certificate(request: SignedIn, pk: UUID) -> HttpResponse:
    """The certificate, for whoever sees the prize."""
    try:
        return paper_answer(award_of(request, pk).stored, shown_as="certificate")
    except FileNotFoundError:
        raise Http404 from None
