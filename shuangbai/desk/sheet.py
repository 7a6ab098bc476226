"""The paper form of a family's file (家庭服务档案表): what it says, for page, PDF and Word file alike.

Plain texts and lists of them, so that a city's own Word template can use every one (docs/how-to/family-form.md).
The grade is never on it. Masked values are masked, unless `clear`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.cases.models import CaseClient
from shuangbai.core import clock
from shuangbai.core.queries import installation_names
from shuangbai.desk import queries
from shuangbai.desk.facts import Known
from shuangbai.dossier.queries import Dossier, Series, covered_parts, economy_facts, housing_facts, series_of, yuan
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import FilePause, FileWorker, Membership, Person, Tag
from shuangbai.households.pictures import Tree
from shuangbai.households.queries import Covered, covered_values, open_file_of
from shuangbai.households.rules import age_on
from shuangbai.resources.models import Referral
from shuangbai.services.access import sees_names

TITLE = "家庭服务档案表"
RECORDS = 10
SHORT = 160  # characters of a record's text on paper


@dataclass(frozen=True, slots=True)
class Mark:
    """Who takes the sheet away, by account, when and why."""

    by: str
    at: str
    reason: str

    def __str__(self) -> str:
        return f"{self.by} {self.at} 取出"


def covered_of(known: Known) -> dict[str, Covered]:
    """What is masked of the family, its people and its dossier, by key."""
    people = {row.person_id: row.person for row in known.memberships}
    return covered_values(known.household, known.memberships) | covered_parts(known.dossier, people)


def on_sheet(known: Known) -> list[Covered]:
    """The masked values that the sheet shows: those of the family and of its people of today."""
    here = {str(row.person_id) for row in _here(known)}
    found = covered_values(known.household, _here(known)).values()
    return [one for one in found if "." not in one.key or one.key.partition(".")[2] in here]


def sheet(
    user: Any, known: Known, tree: Tree | None, mark: Mark, *, clear: bool, records: int = RECORDS
) -> dict[str, Any]:
    """Everything that the paper form says."""
    home, values = known.household, covered_of(known)

    def said(key: str) -> str:
        one = values.get(key)
        return (one.clear if clear else one.masked) if one else ""

    return {
        "title": TITLE, "bureau": installation_names().bureau, "family": f"{known.shown(home.head_name)}户",
        "mark": str(mark), "printed_by": mark.by, "printed_at": mark.at, "reason": mark.reason, "clear": clear,
        **_file(known), "village": home.village.short_name, "group": home.group, "address": said("address"),
        "phone": said("phone"), "note": home.note if sees_names(user) else "",
        "members": [_member(known, row, said, clear=clear) for row in _here(known)],
        "gone": [_gone(known, row) for row in _left(known)],
        "carers": _carers(known), "tags": [_tag(known, tag) for tag in known.tags],
        **_snapshots(known.dossier), "needs": _needs(user, known),
        "strengths": [{"kind": str(s), "whose": _whose(known, s), "text": s.text} for s in known.dossier.strengths],
        "consents": _consents(known), "tree": tree, "tree_words": tree.words if tree else "",
        "records": _records(user, known, records),
    }  # fmt: skip


# THE FAMILY ----------------------------------------------------------------


def _here(known: Known) -> list[Membership]:
    return [row for row in known.memberships if row.holds_on(clock.today())]


def _left(known: Known) -> list[Membership]:
    """Those who were of it and no longer are, each once, by their last membership."""
    here = {row.person_id for row in _here(known)}
    last = {row.person_id: row for row in sorted(known.memberships, key=lambda row: row.starts_on)}
    return [row for pk, row in last.items() if pk not in here]


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _file(known: Known) -> dict[str, str]:
    """The open file's number, day, state and worker, and the station that serves the family today."""
    file = open_file_of(*(one.household.pk for one in known.every))
    kept = FileWorker.objects.on(clock.today()).filter(file=file).select_related("staff").first() if file else None
    pause = FilePause.objects.on(clock.today()).filter(file=file).order_by("starts_on").last() if file else None
    stations = [str(row.station) for row in known.serving if row.holds_on(clock.today())]
    return {
        "number": file.number if file else "", "opened_on": _day(file.opened_on) if file else "",
        "state": _state(pause) if file else "", "worker": str(kept.staff) if kept else "",
        "station": "、".join(stations),
    }  # fmt: skip


def _state(pause: FilePause | None) -> str:
    if pause is None:
        return "在档"
    return f"{_day(pause.starts_on)} 起暂停跟进（{pause.get_reason_display()}），预计 {_day(pause.planned_on)} 恢复"


def _age(person: Person) -> str:
    if person.birth_date is None:
        return ""
    about = "约" if person.birth_precision == BirthPrecision.ESTIMATED else ""
    return f"{about}{age_on(person.birth_date, person.died_on or clock.today())}"


def _born(person: Person, *, clear: bool) -> str:
    """The birth date; beside a masked number, whose middle it is, without the day."""
    return f"{person.birth_date:{'%Y-%m-%d' if clear else '%Y-%m'}}" if person.birth_date else ""


def _member(known: Known, row: Membership, said: Callable[[str], str], *, clear: bool) -> dict[str, str]:
    person, pk = row.person, row.person_id
    sheet = known.dossier.sheets.get(pk)
    disabled = [str(d) for d in known.dossier.disabilities.get(pk, []) if d.ended_on is None]
    care = [str(c) for c in known.dossier.selfcare.get(pk, [])[:1]]
    condition = [sheet.said("health") if sheet else "", *disabled, *care]
    return {
        "name": known.shown(person.name), "relation": row.get_relation_display(),
        "sex": person.get_sex_display() if person.sex in ("1", "2") else "", "born": _born(person, clear=clear),
        "age": _age(person), "id_no": said(f"id.{pk}"), "phone": said(f"phone.{pk}"),
        "education": sheet.said("education") if sheet else "", "work": sheet.said("work") if sheet else "",
        "condition": "；".join(part for part in condition if part),
        "died_on": _day(person.died_on),
    }  # fmt: skip


def _gone(known: Known, row: Membership) -> dict[str, str]:
    died = row.person.died_on
    why = f"{_day(died)} 去世" if died else f"{_day(row.ends_on)} 离开"
    return {"name": known.shown(row.person.name), "relation": row.get_relation_display(), "why": why}


def _carers(known: Known) -> list[dict[str, str]]:
    here = {row.person_id for row in _here(known)}
    rows = [row for pk in here for row in known.dossier.carers.get(pk, []) if row.holds_on(clock.today())]
    return [
        {"whose": known.shown(row.person.name), "name": known.shown(str(row)), "role": row.get_role_display(),
         "relation": row.relation}
        for row in rows
    ]  # fmt: skip


def _tag(known: Known, tag: Tag) -> dict[str, str]:
    amount = f"每月 {yuan(tag.amount)} 元" if tag.amount is not None else ""
    until = _day(tag.ends_on) or ("还没开始" if tag.starts_on > clock.today() else "至今")
    return {
        "category": str(tag.category), "whose": known.shown(tag.person.name) if tag.person else "整户",
        "starts_on": _day(tag.starts_on), "ends_on": until,
        "level": "，".join(part for part in (tag.level, amount) if part), "source": tag.get_source_display(),
    }  # fmt: skip


def _whose(known: Known, part: Any) -> str:
    return known.shown(part.person.name) if part.person else "全家"


# SNAPSHOTS -----------------------------------------------------------------


def _pairs(facts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """What the latest snapshot says, field by field."""
    return [{"label": label, "value": value} for label, value in facts]


def _snapshots(dossier: Dossier) -> dict[str, Any]:
    """The latest of housing and money, and what changed over the years."""
    house, money = next(iter(dossier.housing), None), next(iter(dossier.economy), None)
    changed = [one for one in (*series_of(dossier.economy), *series_of(dossier.housing)) if len(one.steps) > 1]
    return {
        "housing_on": _day(house.taken_on) if house else "",
        "housing": _pairs(housing_facts(house)) if house else [],
        "economy_on": _day(money.taken_on) if money else "",
        "economy": _pairs(economy_facts(money)) if money else [],
        "changes": [{"label": one.label, "said": _over_time(one)} for one in changed],
    }


def _over_time(series: Series) -> str:
    """A field over the years in words: 2018-05 400 → 2019-06 520."""
    return " → ".join(f"{point.on:%Y-%m} {point.shown}" for point in series.steps)


# NEEDS, CONSENT, RECORDS ---------------------------------------------------


def _needs(user: Any, known: Known) -> list[dict[str, str]]:
    """Needs of the dossier, those still open first; and what visits of the last year named beside them."""
    rows = [*known.dossier.open_needs, *known.dossier.met_needs]
    found = [
        {"kind": str(need), "whose": _whose(known, need), "state": need.get_state_display(), "on": _day(need.opened_on),
         "detail": need.outcome or need.detail}
        for need in rows
    ]  # fmt: skip
    named = {one["kind"] for one in found}
    for label, on in queries.needs_of(user, [one.household.pk for one in known.every], clock.today()):
        if label not in named:
            found.append({"kind": label, "whose": "全家", "state": "走访中提到", "on": _day(on), "detail": ""})
    return found


def _consents(known: Known) -> list[dict[str, str]]:
    return [
        {"scope": str(row), "whose": _whose(known, row), "answer": "同意" if row.agreed else "不同意",
         "by": known.shown(row.given_by.name) if row.given_by else known.shown(row.giver),
         "on": _day(row.given_on), "withdrawn_on": _day(row.withdrawn_on)}
        for row in known.dossier.consents
    ]  # fmt: skip


def _records(user: Any, known: Known, most: int) -> list[dict[str, str]]:
    """The latest services, those that were voided left out."""
    homes, people = [one.household.pk for one in known.every], known.everybody
    signed, _ = queries.history_page(user, household_ids=homes, person_ids=people, after=None, size=most)
    shown = queries.happenings(user, [one for one in signed if one[0].voided_at is None])
    return [
        {"on": _day(one.on), "title": one.title, "workers": "、".join(one.workers), "topics": "、".join(one.words),
         "text": _cut(one.text)}
        for one in shown
    ]  # fmt: skip


def _cut(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SHORT else f"{plain[:SHORT]}……"


# A REFERRAL'S LETTER ---------------------------------------------------------

LETTER = "转介函"


def letter(referral: Referral, mark: Mark) -> dict[str, Any]:
    """Everything that a referral's letter says: no more of anybody than the receiver needs, and never a number."""
    home, person, station = referral.household, referral.person, referral.station
    whom = person.name if person else f"{home.head_name}户" if home else _clients(referral.case_key)
    return {
        "title": LETTER, "mark": str(mark), "station": station.name, "phone": station.phone,
        "address": station.address, "body": referral.body, "contact": referral.contact, "whom": whom,
        "facts": "，".join(_in_short(person)) if person else "整个家庭" if home else "",
        "village": home.village.short_name if home else "", "why": referral.why, "asks": referral.asks,
        "worker": str(referral.worker or ""), "day": f"{clock.today():%Y-%m-%d}",
    }  # fmt: skip


def _clients(case_key: UUID | None) -> str:
    """Whom a case is about, for a letter that is a case's alone."""
    return "、".join(
        client.name for client in CaseClient.objects.filter(case=case_key, ended_on=None).order_by("position")
    )


def _in_short(person: Person) -> list[str]:
    sex = [str(person.get_sex_display())] if person.sex in ("1", "2") else []
    return [*sex, f"{age_on(person.birth_date, clock.today())} 岁"] if person.birth_date else sex
