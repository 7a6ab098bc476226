"""What stands on the papers of a case: plain texts and lists by the names of the forms (blanks), for every file alike.

Identity numbers, phones and addresses are never on them: where a form has a box for one, it is filled in by hand.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from shuangbai.cases.blanks import BLANKS, STATEMENTS, Blank, Drawing, Facts, Fixed, Part, Rows, Signs, Words
from shuangbai.cases.enums import CLOSE_REASONS, KINDS, SOURCES, Consent, Risk, Scale, ViewKind
from shuangbai.cases.helped import Helped, Sent, helped_of
from shuangbai.cases.models import Assessment, Case, Closing, Evaluation, Plan
from shuangbai.cases.pictures import Drawn, attainment_on_paper, attainment_over_time, ecomap_on_paper, ties_on, tree_of
from shuangbai.cases.queries import (
    Client,
    Numbered,
    Rated,
    clients_of,
    closing_of,
    follow_ups_of,
    goals_of,
    risks_of,
    sessions_of,
    views_of,
)
from shuangbai.codes.queries import label_of
from shuangbai.core import clock
from shuangbai.core.queries import installation_names
from shuangbai.core.rasters import pedigree_png
from shuangbai.households.doubles import groups_of
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.known import FAMILIES
from shuangbai.households.models import Household, Membership, Person
from shuangbai.households.pictures import ASIDE
from shuangbai.network.models import User
from shuangbai.scales.queries import Repeated, catalogue, newest_of, repeated_of

Values = dict[str, Any]
SATISFACTION_SCALE = "service5"  # the product's five statements (scales/data/scales.json)
UNITS_A_MM = 96 / 25.4
TREE_ACROSS, TREE_DOWN = 165.0, 90.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Who takes papers away, by account, when and why."""

    by: str
    at: str
    purpose: str

    def __str__(self) -> str:
        return f"{self.by} {self.at} 取出"


class Told:
    """A case with everything that its papers may say; each part is read when a form first asks for it."""

    def __init__(self, case: Case, by: User) -> None:
        self.case = case
        self.by = by
        self.goals: list[Rated] = goals_of(case)
        self.clients: list[Client] = clients_of([case.pk])[case.pk]
        self.sessions: list[Numbered] = [one for one in reversed(sessions_of(case)) if one.number is not None]

    @property
    def names(self) -> str:
        return "、".join(client.name for client in self.clients)

    @cached_property
    def household(self) -> Household | None:
        return Household.objects.filter(pk=self.case.household_key).select_related("village").first()

    @cached_property
    def assessment(self) -> Assessment | None:
        return self.case.assessments.order_by("-assessed_on", "-entered_at").first()

    @cached_property
    def plan(self) -> Plan | None:
        return self.case.plans.first()

    @cached_property
    def evaluation(self) -> Evaluation | None:
        return self.case.evaluations.order_by("-evaluated_on", "-entered_at").first()

    @cached_property
    def closing(self) -> Closing | None:
        return closing_of(self.case)

    @cached_property
    def repeated(self) -> list[Repeated]:
        return repeated_of(self.case.pk)

    @cached_property
    def helped(self) -> Helped:
        """What the rooms above tell whoever takes the papers."""
        return helped_of(self.by, self.case)

    @cached_property
    def views(self) -> list[Any]:
        return views_of(self.case)

    def name_of(self, person_key: Any) -> str:
        return next((client.name for client in self.clients if client.row.person_key == person_key), "")

    def view(self, kind: ViewKind) -> str:
        """The latest of what the supervisor said of the plan or the closing."""
        found = next((one for one in self.views if one.kind == kind), None)
        if found is None:
            return ""
        agreed = "同意。" if found.agrees else "不同意。"
        return f"{agreed}{found.text}（{found.entered_by}，{_day(clock.local(found.entered_at).date())}）"


def values_of(told: Told, blank: Blank, mark: Mark, one: Any = None) -> Values:
    """What a form says, by the names of its parts; every name is there. `one`: of those of which each has a sheet."""
    case = told.case
    values: Values = {
        "title": blank.name, "bureau": installation_names().bureau, "station": str(case.charge), "case_no": case.number,
        "clients": told.names, "worker": str(case.worker), "mark": str(mark), "purpose": mark.purpose,
    }  # fmt: skip
    said = SHEETS[blank.code](told, one) if blank.each else SHEETS[blank.code](told)
    return padded(blank, values | said)


def padded(blank: Blank, values: Mapping[str, Any]) -> Values:
    """Every name of a form, and as many rows of a table as there must be at least: what is missing is left blank."""
    whole = dict(values)
    for part in blank.parts:
        match part:
            case Facts():
                whole |= {name: whole.get(name) or "" for row in part.rows for _label, name in row}
            case Words():
                whole[part.name] = whole.get(part.name) or ""
            case Drawing():
                whole[part.name] = whole.get(part.name) or ""
                whole[part.words] = whole[part.name].words if whole[part.name] else ""
            case Rows():
                fields = [field for _head, field, _wide in part.columns]
                rows = [{field: row.get(field) or "" for field in fields} for row in whole.get(part.name) or ()]
                rows += [dict.fromkeys(fields, "") for _ in range(part.least - len(rows))]
                whole[part.name] = rows
    return whole


def laid_out(blank: Blank, values: Values) -> list[dict[str, Any]]:
    """The form's parts with what they say, as a template walks through them."""
    return [_laid(part, values) for part in blank.parts]


def _laid(part: Part, values: Values) -> dict[str, Any]:
    match part:
        case Facts():
            rows = [[(label, values[name]) for label, name in row] for row in part.rows]
            return {"kind": part.kind, "rows": rows}
        case Words():
            text = values[part.name]
            return {"kind": part.kind, "label": part.label, "text": text, "lines": "" if text else "x" * part.lines}
        case Rows():
            rows = [[row[field] for _head, field, _wide in part.columns] for row in values[part.name]]
            whole = sum(wide for _head, _field, wide in part.columns)
            heads = [(head, f"{100 * wide // whole}%") for head, _field, wide in part.columns]  # never more than all
            return {"kind": part.kind, "label": part.label, "heads": heads, "rows": rows}
        case Drawing():
            drawn = values[part.name]
            return {"kind": part.kind, "label": part.label, "svg": drawn.svg if drawn else "",
                    "words": values[part.words]}  # fmt: skip
        case Fixed():
            return {"kind": part.kind, "label": part.label, "paragraphs": part.paragraphs}
        case Signs():
            return {"kind": part.kind, "labels": part.labels}


def _day(day: date | None) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def _of(row: Any, *names: str) -> Values:
    """These fields of a row that may not be there."""
    return {name: getattr(row, name) for name in names} if row else {}


# THE FORMS -----------------------------------------------------------------


def _intake(told: Told) -> Values:
    case = told.case
    decided = "接案" if case.accepted_on else "不接案" if case.stage == "declined" else ""
    return {
        "opened_on": _day(case.opened_on), "source": label_of(SOURCES, case.source, case.opened_on),
        "type": label_of(KINDS, case.kind, case.opened_on), "urgency": case.get_urgency_display(),
        "risk": case.get_risk_display() if case.risk else "", "co_worker": str(case.co_worker or ""),
        "village": told.household.village.short_name if told.household else "", "people": _people(told),
        "accepted": decided, "accepted_on": _day(case.accepted_on),
        **_of(case, "presenting", "judgement", "accept_reason"),
    }  # fmt: skip


def _people(told: Told) -> list[dict[str, str]]:
    keys = [client.row.person_key for client in told.clients]
    people = Person.objects.filter(forgotten=False).in_bulk(keys)
    own = told.case.household_key
    entries = groups_of([own], FAMILIES)[own]
    rows = list(Membership.objects.filter(household__in=entries, person__in=keys).order_by("starts_on"))
    rows.sort(key=lambda row: row.household_id == own)  # where both entries say something, the case's own holds
    related = {row.person_id: row.get_relation_display() for row in rows}
    return [
        {"name": client.name, "relation": related.get(key, ""), **_body(people.get(key))}
        for key, client in zip(keys, told.clients, strict=True)
    ]


def _body(person: Person | None) -> dict[str, str]:
    """Sex and month of birth: a day would tell the middle of an identity number."""
    if person is None:
        return {}
    sex = person.get_sex_display() if person.sex in ("1", "2") else ""
    if person.birth_date is None:
        return {"sex": sex}
    shape = "%Y-%m" if person.birth_precision in (BirthPrecision.DAY, BirthPrecision.MONTH) else "%Y"
    return {"sex": sex, "born": f"{person.birth_date:{shape}}"}


def _consent(told: Told) -> Values:
    case = told.case
    given = "" if case.consent == Consent.PENDING else case.get_consent_display()
    return {"consent": given, "consent_on": _day(case.consent_on), "consent_reason": case.consent_reason}


ASSESSED = ("physical", "psychological", "social", "tried", "strengths", "resources", "needs", "analysis")


def _assessment(told: Told) -> Values:
    row = told.assessment
    day = row.assessed_on if row else clock.today()
    risk = next((one for one in risks_of(told.case) if one.on <= day), None)
    tree = tree_of(told.case, told.clients, day=day, linked=False)
    until = max(day, told.plan.planned_on) if row and told.plan else clock.today()  # later ones stand in the evaluation
    heart = f"{told.clients[0].name if told.clients else ''} 一家"
    ties = ties_on(told.case, day) or ties_on(told.case, clock.today())  # drawn after the assessment, it belongs to it
    return {
        "assessed_on": _day(row.assessed_on) if row else "", **_of(row, *ASSESSED),
        "risk": Risk(risk.level).label if risk else "", "risk_reason": risk.reason if risk else "",
        "tree": _tree(tree) if tree else None, "ecomap": ecomap_on_paper(heart, ties),
        "scales": [
            {"on": _day(line.result.taken_on), "whose": told.name_of(one.person_key), "scale": line.scale.name,
             "total": f"{line.total}" if line.total is not None else "", "band": line.band}
            for one in told.repeated for line in one.lines[::-1] if line.result.taken_on <= until
        ],
    }  # fmt: skip


def _tree(tree: Any) -> Drawn:
    """The family tree in its natural size, or as large as the page lets it be."""
    plan = tree.plan()
    wide, high = plan.width / UNITS_A_MM, plan.height / UNITS_A_MM
    across = wide * min(1.0, TREE_ACROSS / wide, TREE_DOWN / high)
    return Drawn(tree.svg(), lambda: pedigree_png(tree.lineage, aside_title=ASIDE), across, tree.words)


def _plan(told: Told) -> Values:
    row = told.plan
    return {
        "planned_on": _day(row.planned_on) if row else "", "agreed_on": _day(row.agreed_on) if row else "",
        "aim": row.purpose if row else "",
        **_of(row, "theory", "strategy", "schedule", "worker_duties", "client_duties"),
        "goals": [
            {**_of(one.goal, "statement", "indicator", "baseline", "target"), "due_on": _day(one.goal.due_on)}
            for one in _pursued(told)
        ],
        "supervisor_plan": told.view(ViewKind.PLAN),
    }  # fmt: skip


def _pursued(told: Told) -> list[Rated]:
    return [one for one in told.goals if one.goal.state == "open"]


def _session(told: Told, one: Numbered | None) -> Values:
    if one is None:
        return {}
    row = one.session
    begins = f"{row.starts_at:%H:%M} 起，" if row.starts_at else ""
    return {
        "number": f"第 {one.number} 节", "held_on": _day(row.held_on), "time": f"{begins}{row.minutes} 分钟",
        "mode": row.get_mode_display(), "held_by": str(row.worker), "present": one.present, "aim": row.purpose,
        **_of(row, "place", "process", "response", "reflection", "next_step"), "next_on": _day(row.next_on),
        "entered_on": _day(clock.local(row.entered_at).date()),
    }  # fmt: skip


def _linking(told: Told) -> Values:
    links = [{**one, "whom": one["whom"] or told.names} for one in told.helped.links]
    return {**told.helped.sums, "links": links}


def _referral(told: Told, one: Sent | None) -> Values:
    if one is None:
        return {"whom": told.names, "sent_by": str(told.case.worker)}
    return {**one.said, "steps": one.steps}  # of the case's own it is not recorded whom: for the pen


def _supervision(told: Told) -> Values:
    case = told.case
    agreed = {True: "同意。", False: "不同意。", None: ""}
    return {
        "supervisor": str(case.supervisor or ""), "worker": str(case.worker),
        "views": [
            {"on": _day(clock.local(one.entered_at).date()), "about": one.get_kind_display(), "by": str(one.entered_by),
             "text": f"{agreed[one.agrees]}{one.text}"}
            for one in told.views[::-1]
        ],
    }  # fmt: skip


def _level(rating: Any) -> str:
    if rating is None:
        return ""
    value = f"{rating.value:+d}" if rating.scale == Scale.GAS and rating.value else f"{rating.value}"
    return f"{value}（{_day(rating.rated_on)}）"


def _evaluation(told: Told) -> Values:
    row, points = told.evaluation, attainment_over_time(told.goals)
    return {
        "evaluated_on": _day(row.evaluated_on) if row else "",
        "t_score": f"{points[-1][1]:g}（50 为恰好达到预期）" if points else "",
        "results": [
            {"statement": one.goal.statement, "due_on": _day(one.goal.due_on),
             "first": _level(one.ratings[0]) if len(one.ratings) > 1 else "", "latest": _level(one.latest),
             "note": one.latest.note if one.latest else ""}
            for one in _pursued(told)
        ],
        "attainment": attainment_on_paper(told.goals),
        "repeated": [_repeated(told, one) for one in told.repeated if len(one.lines) > 1],
        **_of(row, "process", "outcome", "client_words"),
    }  # fmt: skip


def _repeated(told: Told, one: Repeated) -> dict[str, str]:
    first, latest = one.lines[-1], one.lines[0]
    same = first.scale.version == latest.scale.version and None not in (first.total, latest.total)

    def said(line: Any) -> str:
        band = f"，{line.band}" if line.band else ""
        return f"{line.total}{band}（{_day(line.result.taken_on)}）" if line.total is not None else ""

    change = f"{(latest.total or 0) - (first.total or 0):+d}" if same else ""
    whose = told.name_of(one.person_key)
    return {"scale": one.scale.name, "whose": whose, "first": said(first), "latest": said(latest), "change": change}


def _satisfaction(told: Told) -> Values:
    """The five statements; ticked where somebody filled them in here, otherwise to be filled in by hand."""
    asked = newest_of(SATISFACTION_SCALE, catalogue())
    found = next((one for one in told.repeated if one.scale.code == SATISFACTION_SCALE), None)
    scale = found.latest.scale if found else asked
    answers: Mapping[str, int] = found.latest.result.told.get("answers", {}) if found else {}
    row = told.evaluation
    return {
        "answers": [
            {"text": f"{item.code}. {item.text}",
             **{f"a{place}": "✓" if answers.get(item.code) == place else "" for place in range(1, len(STATEMENTS) + 1)}}
            for item in (scale.items if scale else ())
        ],
        "satisfaction": row.get_satisfaction_display() if row and row.satisfaction else "",
        "filled_on": _day(found.latest.result.taken_on) if found else "",
    }  # fmt: skip


def _closing(told: Told) -> Values:
    row, case = told.closing, told.case
    return {
        "closed_on": _day(row.closed_on) if row else "",
        "reason": label_of(CLOSE_REASONS, row.reason, row.closed_on or clock.today()) if row and row.reason else "",
        "accepted_on": _day(case.accepted_on), "sessions": f"{len(told.sessions)} 节",
        **_of(row, "summary", "outcome", "client_view"),
        "results": [
            {"statement": one.goal.statement, "latest": _level(one.latest),
             "reached": ("达到" if one.reached else "未达到") if one.latest else ""}
            for one in _pursued(told)
        ],
        "supervisor_closing": told.view(ViewKind.CLOSING),
        "plan": "、".join(f"{month} 个月" for month in row.months) + "后回访" if row and row.months else "",
    }  # fmt: skip


def _followup(told: Told) -> Values:
    row = told.closing
    return {
        "closed_on": _day(row.closed_on) if row else "",
        "reason": label_of(CLOSE_REASONS, row.reason, row.closed_on or clock.today()) if row and row.reason else "",
        "visits": [
            {"due_on": _day(one.due_on), "done_on": _day(one.done_on), "by": str(one.worker or ""),
             "mode": one.get_mode_display() if one.mode else "",
             "result": one.get_result_display() if one.result else "", "note": one.note}
            for one in follow_ups_of(told.case)
        ],
    }  # fmt: skip


SHEETS: Mapping[str, Callable[..., Values]] = {
    "intake": _intake, "consent": _consent, "assessment": _assessment, "plan": _plan, "session": _session,
    "linking": _linking, "referral": _referral, "supervision": _supervision, "evaluation": _evaluation,
    "satisfaction": _satisfaction, "closing": _closing, "followup": _followup,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of paper, or several of one form: what it is called in a file's name, and what it says."""

    blank: Blank
    name: str
    values: Values

    @property
    def parts(self) -> list[dict[str, Any]]:
        return laid_out(self.blank, self.values)


# Of which form each has a sheet of its own: what they are, in their order.
EACH: Mapping[str, Callable[[Told], Sequence[Any]]] = {
    "session": lambda told: told.sessions, "referral": lambda told: told.helped.referrals,
}  # fmt: skip


def sheets_of(told: Told, blanks: Iterable[Blank], mark: Mark) -> list[Sheet]:
    """The papers asked for, in the order of the forms: one each, of some one for each that there is, or a blank one."""
    made: list[Sheet] = []
    for blank in blanks:
        ones = EACH[blank.code](told) if blank.each else ()
        for place, one in enumerate(ones or [None], 1):
            name = f"{blank.name}_{place:02d}" if ones else blank.name
            made.append(Sheet(blank, name, values_of(told, blank, mark, one)))
    return made


def applying(told: Told) -> list[str]:
    """The codes of the forms that are ticked at first: all but those of help, where none was given."""
    nothing = {"linking": not told.helped.links, "referral": not told.helped.referrals}
    return [blank.code for blank in BLANKS if not nothing.get(blank.code)]
