"""What the station knows that a story may not tell; a first draft of the case's own records; what still could tell."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shuangbai.cases.enums import SessionMode
from shuangbai.cases.models import Assessment, Case, CaseClient, Evaluation, Plan, Session
from shuangbai.cases.queries import closing_of, follow_ups_of, goals_of, sessions_of
from shuangbai.core import clock
from shuangbai.dossier.models import STANDING, Carer, PersonSheet
from shuangbai.households.doubles import groups_of
from shuangbai.households.enums import Relation
from shuangbai.households.models import Household, Membership, Person
from shuangbai.households.rules import age_on
from shuangbai.network.models import Area, Coverage, OrgUnit, Posting
from shuangbai.stories.deidentify.checking import check, named, replaced
from shuangbai.stories.deidentify.days import chinese, told
from shuangbai.stories.deidentify.parts import Kind, Known, Part, Place, Spot, Surroundings
from shuangbai.stories.deidentify.places import KNOWN_PLACE
from shuangbai.stories.models import Story
from shuangbai.stories.rules import SECTIONS, TEXTS

ELDER = 60
BESIDE = 14  # characters shown on either side of a finding
LETTERS = "甲乙丙丁戊己庚辛壬癸"
# What somebody is to the head of the household, in the words of a story.
_OF_HEAD: Mapping[str, str] = {
    Relation.HUSBAND: "丈夫", Relation.WIFE: "妻子", Relation.SPOUSE: "配偶", Relation.SON: "儿子",
    Relation.DAUGHTER: "女儿", Relation.FOSTER_SON: "儿子", Relation.FOSTER_DAUGHTER: "女儿",
    Relation.SON_IN_LAW: "女婿", Relation.DAUGHTER_IN_LAW: "儿媳", Relation.GRANDSON: "孙子",
    Relation.GRANDDAUGHTER: "孙女",
    Relation.GRANDCHILD: "孙辈", Relation.FATHER: "父亲", Relation.MOTHER: "母亲", Relation.GRANDFATHER: "祖父",
    Relation.GRANDMOTHER: "祖母",
}  # fmt: skip
# What the head is to somebody who stands to the head as named, where that is sure: by the head's sex.
_HEAD_TO: Mapping[str, tuple[str, str]] = {
    Relation.SON: ("父亲", "母亲"), Relation.DAUGHTER: ("父亲", "母亲"), Relation.GRANDSON: ("祖父", "祖母"),
    Relation.GRANDDAUGHTER: ("祖父", "祖母"), Relation.WIFE: ("丈夫", "丈夫"), Relation.HUSBAND: ("妻子", "妻子"),
    Relation.SPOUSE: ("丈夫", "妻子"), Relation.FATHER: ("儿子", "女儿"), Relation.MOTHER: ("儿子", "女儿"),
}  # fmt: skip
_CHILDREN = {Relation.SON, Relation.DAUGHTER, Relation.FOSTER_SON, Relation.FOSTER_DAUGHTER}


# WHO AND WHERE ---------------------------------------------------------------


def surroundings_of(case: Case) -> Surroundings:
    """The people, places and values of which the station knows, for the checker of a story of the case."""
    station = OrgUnit.objects.select_related("town", "county").get(pk=case.charge_id)
    family = _family(case)
    near = {person.pk for _, person in family}
    relatives = _relatives(near)
    workers = _workers(station)
    others = Person.objects.filter(station=station, forgotten=False).exclude(pk__in=near).values_list("pk", "name")
    people = [
        *(known for known, _ in family), *relatives, *workers,
        *(Known(f"other:{pk}", name, Part.OTHER, "某人") for pk, name in others if len(name) > 1),
    ]  # fmt: skip
    return Surroundings(people, _places(station), _values(case, family, near), case.opened_on)


def _family(case: Case) -> list[tuple[Known, Person]]:
    """The clients and everybody who is or was of their families, with what each is called in the story."""
    clients = list(CaseClient.objects.filter(case=case).order_by("position", "id"))
    every = groups_of({row.person_key for row in clients})
    homes = Membership.objects.filter(person__in={one for group in every.values() for one in group})
    rows = Membership.objects.filter(household__in={*homes.values_list("household", flat=True), case.household_key})
    members = {row.person_id: row for row in rows.select_related("person").order_by("starts_on")}
    sheets = PersonSheet.objects.filter(STANDING, person__in=members).values_list("person_id", "aliases")
    nicknames = {pk: tuple(part for part in _apart(aliases)) for pk, aliases in sheets}
    keys = [row.person_key for row in clients]
    labels = _labels(keys, members)
    return [
        (
            Known(
                f"person:{pk}", row.person.name, Part.CLIENT if pk in keys else Part.MEMBER, labels[pk],
                nicknames.get(pk, ()), _female(row.person), _is_elder(row.person),
            ),
            row.person,
        )
        for pk, row in members.items() if not row.person.forgotten
    ]  # fmt: skip


def _apart(aliases: str) -> list[str]:
    for mark in "，,、；; /":
        aliases = aliases.replace(mark, " ")
    return aliases.split()


def _female(person: Person) -> bool | None:
    return {"1": False, "2": True}.get(person.sex)


def _is_elder(person: Person) -> bool | None:
    return age_on(person.birth_date, clock.today()) >= ELDER if person.birth_date else None


def _labels(clients: Sequence[UUID], members: Mapping[UUID, Membership]) -> dict[UUID, str]:
    """案主, or 案主甲 of several; the others by what they are to the first client: 案主母亲, otherwise 家人甲."""
    found = {pk: "案主" if len(clients) == 1 else f"案主{LETTERS[place]}" for place, pk in enumerate(clients)}
    first = members.get(clients[0]) if clients else None
    taken = set(found.values())
    for pk, row in members.items():
        if pk in found:
            continue
        said = _to_client(first, row) if first else ""
        label = f"案主{said}" if said else "家人"
        if label in taken or not said:
            label = next(f"{label}{letter}" for letter in [*LETTERS, *map(str, range(11, 200))]
                         if f"{label}{letter}" not in taken)  # fmt: skip
        found[pk] = label
        taken.add(label)
    return found


def _to_client(client: Membership, other: Membership) -> str:
    """What somebody is to the client, by what both are to the head; empty where that does not tell."""
    if client.household_id != other.household_id:
        return ""
    if client.relation in {Relation.HEAD, Relation.SELF}:
        return _OF_HEAD.get(other.relation, "")
    if other.relation in {Relation.HEAD, Relation.SELF}:
        man, woman = _HEAD_TO.get(client.relation, ("", ""))
        return woman if other.person.sex == "2" else man
    if client.relation in _CHILDREN and other.relation in {Relation.WIFE, Relation.HUSBAND, Relation.SPOUSE}:
        mother = other.relation == Relation.WIFE or (other.relation == Relation.SPOUSE and other.person.sex == "2")
        return "母亲" if mother else "父亲"
    if client.relation in _CHILDREN and other.relation in {Relation.FATHER, Relation.MOTHER}:
        return "祖父" if other.relation == Relation.FATHER else "祖母"
    if client.relation in _CHILDREN and other.relation in _CHILDREN:
        return {"1": "兄弟", "2": "姐妹"}.get(other.person.sex, "手足")
    return ""


def _relatives(near: Iterable[UUID]) -> list[Known]:
    """Who cares for them or is their guardian, and is no person of the system."""
    rows = Carer.objects.filter(STANDING, person__in=list(near), carer__isnull=True).exclude(name="")
    told = dict(rows.order_by("name", "relation").values_list("name", "relation"))
    return [
        Known(f"carer:{name}", name, Part.RELATIVE, f"亲属（{relation}）" if relation else "亲属")
        for name, relation in told.items()
    ]


def _workers(station: OrgUnit) -> list[Known]:
    """Everybody who is or was posted at the station."""
    rows = Posting.objects.filter(unit=station).select_related("staff").order_by("starts_on", "pk")
    return [Known(f"staff:{pk}", name, Part.WORKER, "社工") for pk, name in
            {row.staff_id: row.staff.name for row in rows}.items()]  # fmt: skip


def _places(station: OrgUnit) -> list[Place]:
    """The station, its villages, and every village and town of its town and county; the city."""
    towns = Area.objects.filter(parent=station.county) if station.county_id else Area.objects.none()
    inside = Area.objects.filter(parent=station.town) if station.town_id else Area.objects.none()
    covered = Area.objects.filter(pk__in=Coverage.objects.filter(station=station).values("village"))
    found = [Place(station.name, "社工站", Kind.UNIT), Place(f"{station.name}社工站", "社工站", Kind.UNIT)]
    names = [(name, "某村" if "村" in name else "某社区") for name in
             {*inside.values_list("name", flat=True), *covered.values_list("name", flat=True)}]  # fmt: skip
    names += [(name, "某街道" if name.endswith("街道") else "某镇") for name in towns.values_list("name", flat=True)]
    if station.county:
        county = Area.objects.select_related("parent").get(pk=station.county.pk)
        names.append((county.name, "某县区"))
        if county.parent:
            names.append((county.parent.name, "某市"))
    return [*found, *(Place(name, label) for name, label in names if len(name) > 1)]


def _values(case: Case, family: Sequence[tuple[Known, Person]], near: Iterable[UUID]) -> dict[str, Kind]:
    """Exact values of their files: identity and telephone numbers, addresses, schools, places of work."""
    found: dict[str, Kind] = {case.number: Kind.NUMBER}
    for _, person in family:
        found |= dict.fromkeys(filter(None, (person.id_no, *(person.phone or "").split())), Kind.NUMBER)
    for household in Household.objects.filter(pk=case.household_key):
        found |= dict.fromkeys(filter(None, (household.phone or "").split()), Kind.NUMBER)
        found |= dict.fromkeys(filter(None, (household.address, household.group)), Kind.ADDRESS)
    for sheet in PersonSheet.objects.filter(STANDING, person__in=list(near)):
        found |= dict.fromkeys(filter(None, (sheet.school,)), Kind.UNIT)
    return {value: kind for value, kind in found.items() if len(value) > 2}


# THE DRAFT -------------------------------------------------------------------


def gathered(case: Case) -> dict[str, str]:
    """The case's own words under the headings of a story, as they stand in its records."""
    assessment = Assessment.objects.filter(case=case).order_by("-assessed_on", "-entered_at").first()
    plan = Plan.objects.filter(case=case).first()
    evaluation = Evaluation.objects.filter(case=case).order_by("-evaluated_on", "-entered_at").first()
    closing, goals = closing_of(case), goals_of(case)
    held = [one for one in reversed(sessions_of(case)) if one.number is not None]
    rated = [
        f"{one.goal.statement}：{'已达到' if one.reached else '部分达到'}。{one.latest.note}"
        for one in goals
        if one.latest
    ]
    said = [_session(one.session, one.number, case.opened_on) for one in held]
    aims = [f"{place}. {_goal(one.goal)}" for place, one in enumerate(goals, 1)]
    visits = [f"结案后回访：{one.note}" for one in follow_ups_of(case) if one.note and one.done_on]
    return {
        "background": _joined(case.presenting, case.judgement, assessment.social if assessment else ""),
        "analysis": _joined(
            *(_line(assessment, name) for name in ("physical", "psychological", "tried", "strengths", "resources")),
            _line(assessment, "needs"), assessment.analysis if assessment else "",
        ),
        "theory": _joined(plan.theory if plan else ""),
        "goals": _joined(plan.purpose if plan else "", *aims),
        "process": _joined(plan.strategy if plan else "", *said),
        "outcome": _joined(
            *rated, *((evaluation.outcome, _said(evaluation.client_words)) if evaluation else ()),
            closing.outcome if closing else "", *visits,
        ),
        "reflection": _joined(
            *(one.session.reflection for one in held), evaluation.process if evaluation else "",
            closing.summary if closing else "",
        ),
    }  # fmt: skip


def _joined(*parts: str | None) -> str:
    return "\n".join(part.strip() for part in parts if part and part.strip())


def _line(row: Assessment | None, name: str) -> str:
    text = getattr(row, name, "") if row else ""
    field: Any = Assessment._meta.get_field(name)
    label = str(field.verbose_name).partition("：")[0].partition("，")[0]
    return f"{label}：{'；'.join(text.split())}" if text and name == "needs" else f"{label}：{text}" if text else ""


def _goal(goal: object) -> str:
    parts = [f"{getattr(goal, 'statement', '')}"]
    for name, word in (("indicator", "衡量"), ("baseline", "起点"), ("target", "要达到")):
        if text := getattr(goal, name, ""):
            parts.append(f"{word}：{text}")
    return "；".join(parts) + "。"


def _said(text: str) -> str:
    return f"服务对象说：{text}" if text else ""


def _session(session: Session, number: int | None, starts_on: date) -> str:
    head = f"第{chinese(number or 1)}节（{told(session.held_on, starts_on)}，{SessionMode(session.mode).label}）"
    parts = [
        session.purpose and f"目的：{session.purpose}",
        session.process,
        session.response and f"反应：{session.response}",
    ]
    return f"{head}：" + " ".join(filter(None, parts))


def drafted(case: Case, around: Surroundings) -> tuple[dict[str, str], dict[str, str]]:
    """The first texts, with all that is sure said otherwise, and what was said instead of what."""
    texts = gathered(case)
    words = named(texts.values(), around)
    made = {name: replaced(text, check(text, around, words), only_sure=True) for name, text in texts.items()}
    return made, words


# WHAT STILL COULD TELL ---------------------------------------------------------


def standing_words(story: Story) -> list[tuple[str, str]]:
    """Each word that stands for somebody or something in the story as it is, and for how many kinds of things."""
    texts = "\n".join(texts_of(story).values())
    found: dict[str, set[str]] = {}
    for subject, word in loaded(story.words).items():
        if word in texts:
            found.setdefault(word, set()).add(_MEANT.get(subject.partition(":")[0], "其他"))
    return sorted((word, "、".join(sorted(kinds))) for word, kinds in found.items())


_MEANT = {
    "person": "家里的人", "carer": "亲属", "staff": "社工", "other": "别的人", "name": "别的人", "title": "别的人",
    "place": "地方", "unit": "单位", "address": "住址", "day": "日期", "born": "日期", "age": "年龄", "amount": "金额",
    "number": "号码", "rare": "少见的事", "value": "档案内容",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A subject that stands in a story's text, each place with what is beside it; `kept`: why it may stay."""

    subject: str
    kind: Kind
    why: str
    text: str
    proposal: str
    places: Sequence[tuple[str, str, str, str]]  # heading, before, the words, behind
    kept: str

    @property
    def decided(self) -> bool:
        return bool(self.kept)


def loaded(text: str) -> dict[str, str]:
    return dict(json.loads(text)) if text else {}


def dumped(said: Mapping[str, str]) -> str:
    return json.dumps(dict(said), ensure_ascii=False, sort_keys=True) if said else ""


def texts_of(story: Story) -> dict[str, str]:
    return {name: getattr(story, name) for name in TEXTS}


def spots_of(story: Story, around: Surroundings) -> dict[str, list[Spot]]:
    """By part of the story all that could tell who somebody is."""
    words = loaded(story.words)
    return {name: check(text, around, words) for name, text in texts_of(story).items()}


def found_in(story: Story, around: Surroundings) -> list[Found]:
    """What the checker asks about, those that nobody decided on first, each subject once."""
    kept, gathered_ = loaded(story.kept), dict[str, list[tuple[str, Spot]]]()
    for name, spots in spots_of(story, around).items():
        for spot in spots:
            gathered_.setdefault(spot.subject, []).append((name, spot))
    told_ = [_found(subject, rows, story, kept.get(subject, "")) for subject, rows in gathered_.items()]
    return sorted(told_, key=lambda one: one.decided)


def _found(subject: str, rows: Sequence[tuple[str, Spot]], story: Story, kept: str) -> Found:
    first = rows[0][1]
    places = []
    for name, spot in rows:
        text = getattr(story, name)
        before, behind = text[max(spot.start - BESIDE, 0) : spot.start], text[spot.end : spot.end + BESIDE]
        places.append((SECTIONS.get(name, "标题"), before, spot.text, behind))
    return Found(subject, first.kind, first.why, first.text, first.proposal, places, kept)


_KNOWN = ("person:", "carer:", "staff:", "other:", "value:")


def betrays(word: str, around: Surroundings) -> bool:
    """Whether a word that is to stand for somebody or something is itself a name or a value that the station knows."""
    return any(
        spot.subject.startswith(_KNOWN) or spot.kind in {Kind.NUMBER, Kind.ADDRESS} or spot.why == KNOWN_PLACE
        for spot in check(word, around)
    )


def undecided(story: Story, around: Surroundings) -> int:
    return sum(not one.decided for one in found_in(story, around))
