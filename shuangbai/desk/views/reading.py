"""How a family is read: its timeline, its tree, and who opened what is masked."""

from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.core import clock
from shuangbai.desk import pictures, queries
from shuangbai.desk.access import may_see_openings
from shuangbai.desk.facts import Known, Matter
from shuangbai.desk.timeline import Asked, page_of
from shuangbai.dossier.queries import dossier_of
from shuangbai.followups.access import tasks_visible_to
from shuangbai.households.access import households_visible_to, known_from
from shuangbai.households.likeness import entries_seen
from shuangbai.households.models import Household
from shuangbai.households.queries import tags_of_family
from shuangbai.network.context import SignedIn
from shuangbai.services.access import shown_name
from shuangbai.upkeep import trail
from shuangbai.upkeep.views.trail import turned

OPENINGS_SHOWN = 3


def known_of(request: SignedIn, household: Household) -> Known:
    """A family with all that its page and its paper form tell: a number of queries that does not grow.

    Without what had ended before the day before which the reader's stations know nothing of it.
    """
    since = known_from(request.user, household.pk)

    def told(row: Any) -> bool:
        return since is None or row.ends_on is None or row.ends_on >= since

    here, gone = queries.memberships_of(household, clock.today())
    gone = [row for row in gone if told(row)]
    entries = entries_seen(request.user, [row.person_id for row in (*here, *gone)])
    people = list({one for group in entries.values() for one in group})
    return Known(
        household, [*here, *gone], [tag for tag in tags_of_family(household.pk, people) if told(tag)],
        serving=[row for row in household.serving.select_related("station").order_by("starts_on") if told(row)],
        shown=partial(shown_name, request.user), dossier=dossier_of(household, list(entries), since),
        tasks=list(tasks_visible_to(request.user).filter(household=household)), since=since, entries=entries,
    )  # fmt: skip


def timeline(request: SignedIn, url: str, known: Known) -> dict[str, Any]:
    """A page of everything that happened, the addresses of the next and of what it can be narrowed to."""
    asked = Asked.parse(request.GET)
    page = page_of(request.user, known, asked)

    def at(**words: Any) -> str:
        kept = {name: value for name, value in words.items() if value}
        return f"{url}?{urlencode(kept)}" if kept else url

    matters = [("", _("全部")), *Matter.choices]
    years = [(None, _("各年")), *((year, str(year)) for year in page.years)]
    here = at(matter=asked.matter, year=asked.year)
    return {
        "happenings": page.entries,
        "older_url": at(matter=asked.matter, year=asked.year, after=page.following) if page.following else "",
        "newest_url": here if asked.after else "",
        "narrowed": bool(asked.matter or asked.year or asked.after),
        "all_url": url,
        "matters": [{"label": label, "url": at(matter=code, year=asked.year), "chosen": code == asked.matter}
                    for code, label in matters],
        "years": [{"label": label, "url": at(matter=asked.matter, year=year), "chosen": year == asked.year}
                  for year, label in years],
    }  # fmt: skip


def tree(known: Known, *, linked: bool = True) -> pictures.Tree | None:
    """The family tree of everybody who is or was of the family; who carries a category today stands out."""
    today = clock.today()
    marked = {tag.person_id for tag in known.tags if tag.person_id and tag.holds_on(today)}
    people = [row.person_id for row in known.memberships if row.holds_on(today)]
    title = _("%(family)s的家系图") % {"family": f"{known.shown(known.household.head_name)}户"}
    elsewhere = pictures.elsewhere(known.household.pk, people)
    return pictures.tree_of(
        title, known.memberships, shown=known.shown, marked=marked, elsewhere=elsewhere, linked=linked
    )


def openings(request: SignedIn, household: Household) -> dict[str, Any]:
    """The latest times that somebody opened what is masked of a family; nothing for who may not know."""
    if not may_see_openings(request.user, household):
        return {"sees_openings": False}
    found = trail.openings_about(household._meta.label_lower, [household.pk])
    rows = list(found[: OPENINGS_SHOWN + 1])
    return {"sees_openings": True, "openings": rows[:OPENINGS_SHOWN], "more_openings": len(rows) > OPENINGS_SHOWN}


@require_safe
def openings_page(request: SignedIn, pk: UUID) -> HttpResponse:
    """谁看过这户: who opened what is masked of a family, when and why."""
    visible = households_visible_to(request.user).select_related("village")
    household = get_object_or_404(visible, pk=pk)
    if not may_see_openings(request.user, household):
        raise Http404
    found = trail.openings_about(household._meta.label_lower, [pk])
    rows, following = trail.page(found, trail.Place.parse(request.GET.get("after", "")))
    crumbs = [(_("家庭"), reverse("family-list")), (str(household), reverse("family", args=[pk])), (_("谁看过"), "")]
    context = {"household": household, "openings": rows, "crumbs": crumbs, **turned(request, following)}
    return render(request, "desk/openings.html", context)
