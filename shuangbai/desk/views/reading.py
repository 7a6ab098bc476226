"""How a family is read: its timeline, its tree, and who opened what is masked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.assistance.access import matters_visible_to
from shuangbai.assistance.queries import matters_of
from shuangbai.core import clock
from shuangbai.desk import changes, queries
from shuangbai.desk.access import may_see_openings
from shuangbai.desk.facts import Known, Matter
from shuangbai.desk.timeline import Asked, page_of
from shuangbai.dossier.queries import dossier_of
from shuangbai.followups.access import tasks_visible_to
from shuangbai.households import pictures
from shuangbai.households.access import households_visible_to, known_from
from shuangbai.households.doubles import FamilyEntries, entries_seen
from shuangbai.households.models import FamilyFile, FileWorker, Household
from shuangbai.households.queries import tags_of_family
from shuangbai.network.context import SignedIn
from shuangbai.resources.access import links_visible_to, referrals_visible_to
from shuangbai.resources.queries import links_of, referrals_of
from shuangbai.services.access import shown_name
from shuangbai.upkeep import trail
from shuangbai.upkeep.views.trail import turned

OPENINGS_SHOWN = 3


def known_of(request: SignedIn, household: Household) -> Known:
    """A family with all that its page and its paper form tell: a number of queries that grows with its entries alone.

    Without what had ended before the day before which the reader's stations know nothing of it.
    """
    visible = households_visible_to(request.user)
    entries = [pk for pk in FamilyEntries(visible, [household.pk]).seen(household.pk) if pk != household.pk]
    others = visible.select_related("station", "village__parent").in_bulk(entries) if entries else {}
    besides = [_known_entry(request, others[pk]) for pk in entries if pk in others]
    return replace(_known_entry(request, household), besides=besides)


def _known_entry(request: SignedIn, household: Household) -> Known:
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
        links=links_of(links_visible_to(request.user), [household.pk], since),
        referrals=referrals_of(referrals_visible_to(request.user), [household.pk], since),
        assisted=matters_of(matters_visible_to(request.user), [household.pk], since, clock.today()),
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


@dataclass(frozen=True, slots=True)
class Beside:
    """Another entry of a family as its page shows it: its file, and in short what only it says, by section."""

    household: Household
    file: FamilyFile | None
    worker: str
    parts: list[tuple[str, str, str]]  # what, what it says, where on its page


def beside(known: Known) -> list[Beside]:
    """What the other entries of a family hold besides this one: two queries, none where there is no other."""
    ids = [one.household.pk for one in known.besides]
    files = (
        {file.household_id: file for file in FamilyFile.objects.filter(household__in=ids, state="open")} if ids else {}
    )
    kept = FileWorker.objects.on(clock.today()).filter(file__in=[file.pk for file in files.values()])
    workers = dict(kept.values_list("file_id", "staff__name")) if files else {}
    found = []
    for other in known.besides:
        file = files.get(other.household.pk)
        found.append(Beside(other.household, file, workers.get(file.pk, "") if file else "", _only_there(known, other)))
    return found


def _only_there(known: Known, other: Known) -> list[tuple[str, str, str]]:
    """What an entry says in each section that the page's own does not."""
    day, dossier = clock.today(), other.dossier
    here = {person for one in known.today(day)[0] for person in known.entries.get(one.person_id, {one.person_id})}
    people = [row for row in other.today(day)[0] if row.person_id not in here]
    carried = {tag.category_id for tag in known.tags if tag.holds_on(day)}
    tags = {str(tag.category) for tag in other.tags if tag.holds_on(day) and tag.category_id not in carried}
    papers = len(dossier.consents) + len(dossier.attachments)
    names = [f"{known.shown(row.person.name)}（{row.get_relation_display()}）" for row in people]
    said = [
        (_("家里的人"), "、".join(names), "people"),
        (_("类别"), "、".join(sorted(tags)), "tags"),
        (_("需求"), "、".join(dict.fromkeys(str(need) for need in dossier.open_needs)), "needs"),
        (_("住房"), _taken(dossier.housing), "housing"),
        (_("收入与支出"), _taken(dossier.economy), "economy"),
        (_("优势与资源"), "、".join(dict.fromkeys(str(one) for one in dossier.strengths)), "strengths"),
        (_("同意与附件"), _("%(n)d 份") % {"n": papers} if papers else "", "consents"),
        (_("电话、住址"), _("那份也登记了") if other.household.phone or other.household.address else "", "file"),
    ]  # fmt: skip
    return [one for one in said if one[1]]


def _taken(snapshots: Sequence[Any]) -> str:
    return _("%(day)s 了解过") % {"day": f"{snapshots[0].taken_on:%Y-%m-%d}"} if snapshots else ""


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


@require_safe
def history_page(request: SignedIn, pk: UUID, section: str) -> HttpResponse:
    """改动历史 of a family's own data: was, became, who, when."""
    if section not in changes.Section.values:
        raise Http404
    visible = households_visible_to(request.user).select_related("village")
    household, asked = get_object_or_404(visible, pk=pk), changes.Section(section)
    since = known_from(request.user, pk)
    rows = household.memberships.select_related("person").defer("person__id_no", "person__phone")
    people = {row.person_id: shown_name(request.user, row.person.name) for row in rows}
    context = {
        "household": household, "heading": _("%(what)s的改动历史") % {"what": asked.label},
        "changes": changes.history_of(asked, household, people, since),
    }  # fmt: skip
    return render(request, "desk/changes.html", context)
