"""One family on one page, and one person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shuangbai.cases.access import may_know_of_cases, may_open_cases
from shuangbai.cases.gathering import known_of
from shuangbai.cases.models import Case
from shuangbai.cases.queries import about_families, about_people
from shuangbai.codes.queries import counting_as
from shuangbai.core import clock
from shuangbai.desk import queries
from shuangbai.desk.facts import Known
from shuangbai.desk.pairs import page_name
from shuangbai.desk.pictures import trends_of
from shuangbai.desk.views import reading
from shuangbai.dossier.access import opens_guarded
from shuangbai.dossier.enums import ATTACHMENTS
from shuangbai.dossier.queries import (
    completeness_of,
    covered_parts,
    economy_facts,
    housing_facts,
    people_of,
)
from shuangbai.dossier.rules import GUARDED
from shuangbai.followups import queries as followups
from shuangbai.followups.access import tasks_visible_to
from shuangbai.households.access import households_visible_to, may_edit, pairs_to_decide, people_visible_to
from shuangbai.households.doubles import entries_seen
from shuangbai.households.enums import BirthPrecision, UnmaskReason
from shuangbai.households.identity import aliases_of, pair_of
from shuangbai.households.known import FAMILIES, PEOPLE, HouseholdAlias, Kind, PersonAlias, kind_of
from shuangbai.households.models import FileGrade, FilePause, FileWorker, Household, Membership, Person, Tag
from shuangbai.households.queries import (
    covered_values,
    open_file_of,
    tags_of_family,
)
from shuangbai.households.rules import age_on
from shuangbai.ledgers.queries import origins_of_family
from shuangbai.lives.hints import family_hints
from shuangbai.lives.queries import family_known
from shuangbai.network.context import SignedIn
from shuangbai.network.roles import Permission
from shuangbai.rounds.queries import flags_on
from shuangbai.safeguarding.access import may_know_of_alarms, may_raise
from shuangbai.safeguarding.queries import lines, open_about
from shuangbai.services.queries import Cursor
from shuangbai.visits.queries import last_met

CASES_SHOWN = 20


@require_safe
def family(request: SignedIn, pk: UUID) -> HttpResponse:
    """一户家庭 on one page; to htmx the next part of its history."""
    visible = households_visible_to(request.user).select_related("station", "village__parent")
    household = get_object_or_404(visible, pk=pk)
    day, known = clock.today(), reading.known_of(request, household)
    every = [one.household.pk for one in known.every]
    here, gone = known.today(day)
    context = reading.timeline(request, reverse("family", args=[pk]), known)
    if request.htmx:
        whole = request.htmx.target == "history"
        return render(request, "desk/_timeline.html" if whole else "desk/_history.html", context)
    context |= {
        "household": household, "gone": gone, **file_of(household, known.since), **tags_of(known.tags),
        "tree": reading.tree(known), "trends": trends_of(known.dossier), **reading.openings(request, household),
        **sections(request, household, [*here, *gone], known), "may_edit": may_edit(request.user, household),
        "may_record": records_here(request, household), "needs": queries.needs_of(request.user, every, day),
        **following(request, every, day), "serving": known.serving, "same": same_family(request, every),
        **met(household, known.since, day), "besides": reading.beside(known), "origins": origins_of_family(pk),
        **alarms(request, known.people, f"?family={pk}"), **cases(request, every, known.people, pk), **helped(known),
    }  # fmt: skip
    context["file_elsewhere"] = next((one.file for one in context["besides"] if one.file), None)
    context["members"] = [member(row, context, set(known.entries[row.person_id])) for row in here]
    cover(known.tags, context["certificates"])
    context |= standing(household, here, context)
    context["hints"] = family_hints(family_known(here, known.tags, day), day) if context["may_edit"] else []
    return render(request, "desk/family.html", context)


def helped(known: Known) -> dict[str, Any]:
    """What reached the family, where it was sent and what was applied for, under all of its entries."""
    return {
        "links": [link for one in known.every for link in one.links],
        "referrals": [referral for one in known.every for referral in one.referrals],
        "assisted": [line for one in known.every for line in one.assisted],
    }


def cover(tags: Iterable[Any], certificates: Mapping[Any, Any]) -> None:
    """Give each category its certificate as it may be shown."""
    for tag in tags:
        tag.covered = certificates.get(tag.pk)


def following(request: SignedIn, entries: Sequence[UUID], day: date) -> dict[str, Any]:
    """When the family is to be seen next and why, where it has a file; and what is to be done about it."""
    pk, visible = entries[0], households_visible_to(request.user)
    one = followups.families_due(visible, day, household_ids=[pk])[0]
    asks = households_visible_to(request.user, Permission.ASK_FOLLOWUPS).filter(pk=pk).exists()
    tasks = followups.open_tasks(tasks_visible_to(request.user).filter(household__in=entries))
    flags = flags_on(entries, day)
    return {"due": one if one.file_id else None, "tasks": list(tasks), "may_ask": asks, "day": day,
            "safety": next((flags[entry] for entry in entries if entry in flags), None)}  # fmt: skip


def member(row: Membership, known: dict[str, Any], entries: set[UUID]) -> dict[str, Any]:
    """Somebody of the family as the table shows them, with the categories of all their entries."""
    return {
        "row": row,
        "person": row.person,
        "age": age_of(row.person),
        "tags": one_of_a_kind(tag for one in entries for tag in known["person_tags"].get(one, [])),
        "id_no": known["masked"].get(f"id.{row.person_id}"),
        "phone": known["masked"].get(f"phone.{row.person_id}"),
    }


def one_of_a_kind(tags: Iterable[Any]) -> list[Any]:
    """Each category once, in their order: two entries of one person may carry the same."""
    found = {tag.category_id: tag for tag in tags}
    return sorted(found.values(), key=lambda tag: tag.category.position)


def age_of(person: Person) -> str:
    """Completed years today, or at death; 约 where the birth date is a guess."""
    if person.birth_date is None:
        return ""
    about = _("约") if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"{about}{age_on(person.birth_date, min(person.died_on or clock.today(), clock.today()))}"


def file_of(household: Household, since: date | None = None) -> dict[str, Any]:
    """The open file with its worker, grade and pause of today, or the one that was closed last."""
    day, file = clock.today(), open_file_of(household.pk)
    closed = household.files.filter(state="closed").order_by("-closed_on")
    closed = closed.filter(closed_on__gte=since) if since else closed
    worker = FileWorker.objects.on(day).filter(file=file).select_related("staff").first() if file else None
    grade = FileGrade.objects.on(day).filter(file=file).first() if file else None
    pause = FilePause.objects.on(day).filter(file=file).order_by("starts_on").last() if file else None
    return {"file": file, "worker": worker, "grade": grade, "pause": pause, "closed_files": closed}


def tags_of(tags: Sequence[Tag]) -> dict[str, Any]:
    """Categories in force and ended, of the family and of each of its people."""
    day = clock.today()
    for_person: dict[UUID, list[Any]] = {}
    for tag in tags:
        if tag.person_id and tag.holds_on(day):
            for_person.setdefault(tag.person_id, []).append(tag)
    return {
        "household_tags": [tag for tag in tags if tag.household_id and tag.holds_on(day)],
        "person_tags": for_person,
        **tags_by_day(tags),
    }


def tags_by_day(tags: Sequence[Tag]) -> dict[str, list[Tag]]:
    """Those in force today, those to come, and those that ended."""
    day = clock.today()
    return {
        "tags_now": [tag for tag in tags if tag.holds_on(day)],
        "tags_later": [tag for tag in tags if tag.starts_on > day],
        "tags_past": [tag for tag in tags if tag.starts_on <= day and not tag.holds_on(day)],
    }


def sections(request: SignedIn, household: Household, memberships: list[Membership], known: Known) -> dict[str, Any]:
    """The dossier, and the masked values of all, each with the address that opens it where this person may."""
    people = {row.person_id: row.person for row in memberships}
    may = opens_guarded(request.user, household)
    found = [
        ("family-unmask", covered_values(household, memberships, known.tags)),
        ("dossier-unmask", covered_parts(known.dossier, people)),
    ]
    shown = {
        key: {
            "masked": one.masked,
            "label": one.label,
            "url": f"{reverse(name, args=[household.pk])}?what={key}" if may else "",
        }
        for name, values in found
        for key, one in values.items()
    }
    guarded = [code for base in GUARDED for code in counting_as(ATTACHMENTS, base)]
    return {
        "masked": shown, "reasons": UnmaskReason.choices, "dossier": known.dossier, "guarded": guarded, "may_open": may,
        "certificates": {tag.pk: shown[f"tag.{tag.pk}"] for tag in known.tags if tag.certificate},
    }  # fmt: skip


def standing(household: Household, here: list[Membership], page: dict[str, Any]) -> dict[str, Any]:
    """What the dossier says of the people of today, its latest snapshots, and what is missing."""
    known, day = page["dossier"], clock.today()
    file_open = (page["file"] or page["file_elsewhere"]) is not None
    return {
        "people_known": people_of(known, [row.person for row in here], page["masked"], day),
        "housing_facts": housing_facts(known.housing[0]) if known.housing else [],
        "economy_facts": economy_facts(known.economy[0]) if known.economy else [],
        "gaps": completeness_of(household, here, page["tags_now"], known, file_open=file_open, day=day),
    }


def records_here(request: SignedIn, household: Household) -> bool:
    """Whether this person's station serves the family today and may write of it."""
    return households_visible_to(request.user, Permission.WRITE_RECORDS).filter(pk=household.pk).exists()


def history(request: SignedIn, url: str, **whose: Any) -> dict[str, Any]:
    """A page of records, newest first, and the address of the next."""
    after = Cursor.parse(request.GET.get("after", ""))
    rows, following = queries.history_page(request.user, after=after, **whose)
    return {
        "happenings": queries.happenings(request.user, rows),
        "older_url": f"{url}?after={following}" if following else "",
        "newest_url": url if after else "",
    }


@require_safe
def person(request: SignedIn, pk: UUID) -> HttpResponse:
    """一个人: the families they were of, what they carried, when they were reached, under all of their entries."""
    found = get_object_or_404(people_visible_to(request.user).select_related("same"), pk=pk)
    entries = entries_seen(request.user, [pk])[pk]
    kept = found.same.kept_id if hasattr(found, "same") else pk
    if kept != pk and kept in entries:
        return redirect("person", kept)
    context = history(request, reverse("person", args=[pk]), person_ids=list(entries))
    if request.htmx:
        return render(request, "desk/_history.html", context)
    theirs = Exists(households_visible_to(request.user).filter(pk=OuterRef("household")))
    homes = Membership.objects.filter(theirs, person__in=entries)
    tags = tags_of_family(UUID(int=0), list(entries))
    context |= {
        "person": found,
        "age": age_of(found),
        "homes": homes.select_related("household__village", "person").order_by("-starts_on"),
        "sources": same_person(request, entries),
        **tags_by_day(tags),
        **alarms(request, entries, f"?person={pk}"),
        **cases(request, (), entries, None),
    }
    return render(request, "desk/person.html", context)


def alarms(request: SignedIn, people: Iterable[UUID], about: str) -> dict[str, Any]:
    """Alarms about these people, for the few who may know of them; and with whom the way to a new one is filled in."""
    if not may_know_of_alarms(request.user):
        return {}
    found = lines(open_about(request.user, people), clock.now())
    return {"alarms": found, "alarm_about": about, "may_raise": may_raise(request.user)}


def cases(request: SignedIn, families: Iterable[UUID], people: Iterable[UUID], family: UUID | None) -> dict[str, Any]:
    """Cases of this family or about these people, for the few who may know of them; and the way to a new one."""
    if not may_know_of_cases(request.user):
        return {}
    of_family = about_families(request.user, families).values("pk")
    found = Case.objects.filter(Q(pk__in=of_family) | Q(pk__in=about_people(request.user, people).values("pk")))
    rows = known_of(found.select_related("worker").order_by("closed_on", "-opened_on")[:CASES_SHOWN], clock.today())
    return {"cases": rows, "case_family": family if may_open_cases(request.user) else None, "today": clock.today()}


def met(household: Household, since: date | None, day: date) -> dict[str, Any]:
    """When somebody of the family was last met, and how many days ago; not before what the reader may know."""
    on = last_met([household.pk]).get(household.pk)
    on = None if on and since and on < since else on
    return {"met_on": on, "unseen": (day - on).days if on else None}


def same_family(request: SignedIn, entries: Sequence[UUID]) -> dict[str, Any]:
    """That there are other entries of this family, with the decisions."""
    return {"entries": len(entries) > 1, **decisions(request, FAMILIES, set(entries))}


def same_person(request: SignedIn, entries: set[UUID]) -> dict[str, Any]:
    """The entries that were found to be of one person, where they are several, with the decisions."""
    rows = Person.objects.filter(pk__in=entries).select_related("station").order_by("entered_at", "id")
    return {"entries": rows if len(entries) > 1 else [], **decisions(request, PEOPLE, entries)}


def decisions(request: SignedIn, kind: Kind, entries: set[UUID]) -> dict[str, Any]:
    """What was decided of these entries, each with its address; `beyond`: some are another station's."""
    made = aliases_of(entries, kind)
    seen = [alias for alias in made if {getattr(alias, f"{kind.entry}_id"), alias.into_id} <= entries]
    return {"decided": [(alias, pair_url(request, alias)) for alias in seen], "beyond": len(made) > len(seen)}


def pair_url(request: SignedIn, alias: PersonAlias | HouseholdAlias) -> str:
    """The address at which a decision can be looked at and taken back, for whoever may."""
    pair, kind = pair_of(alias), kind_of(alias)
    may = pair is not None and pairs_to_decide(request.user, kind).filter(pk=pair.pk).exists()
    return reverse(page_name(kind), args=[pair.pk]) if may else ""
