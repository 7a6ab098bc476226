"""The plan of the demonstration city, and its own proof.

``make_plan`` puts everything together; ``check`` counts again, in a way of its own and
without any of the code that made the records, and raises ``PlanError`` when a total is
off. ``python -m shuangbai.demo.plan`` prints the totals as JSON.
"""

from __future__ import annotations

import itertools
import json
import sys
from datetime import date
from random import Random

from shuangbai.demo.gatherings import CAMPAIGNS, CHILDREN, Gatherings, call_together, make_activities
from shuangbai.demo.groupwork import make_groups
from shuangbai.demo.names import Names
from shuangbai.demo.people import (
    Population,
    change_lives,
    make_households,
    second_stations,
    share_people,
)
from shuangbai.demo.places import Rota, make_accounts, make_coverage, make_staff, make_units
from shuangbai.demo.shapes import CLOCK_DAY, FIRST_DAY, Activity, Household, Plan
from shuangbai.demo.tagging import Carried, categories, tag_people
from shuangbai.demo.work import (
    Work,
    choose_households,
    finish_files,
    make_mistakes,
    make_visits,
    tune_met,
    write_up,
)

SEED = 20_200_606
CIVIL_PERSON_TIMES = 15_100
EXACT = {"S1": 21, "S2": 73, "V2": 10_412, "V5": CIVIL_PERSON_TIMES, "F2": 1_435, "series": 120}
RANGES = {"B1": (30_500, 34_000), "campaign": (3_200, 3_299)}


class PlanError(Exception):
    """The plan does not come out as it must."""


def make_plan(seed: int = SEED) -> Plan:
    """Make the whole city; the same seed gives the same city. Takes a few seconds."""
    rng = Random(seed)
    names = Names(rng)
    units = make_units()
    stations = [unit for unit in units if unit.kind == "station"]
    coverages = make_coverage(rng)
    staff = make_staff(rng, names)
    rota = Rota(staff, coverages)
    pop = Population(rng, names)
    make_households(pop, stations, rota)
    change_lives(pop, rota, stations)
    share_people(pop)
    seconds = second_stations(pop, stations, rota)
    tags = tag_people(pop, rng)
    carried = Carried(pop, tags)
    base = Gatherings(pop, rota, carried, rng)
    make_activities(base, stations)
    groups = make_groups(base, stations)
    work = Work(pop, rota, carried, rng)
    choose_households(work, seconds)
    make_visits(work, seconds)
    named = sum(carried.civil(person, a.on) for a in base.activities if a.voided is None for person in a.named)
    tune_met(work, CIVIL_PERSON_TIMES - named)
    make_mistakes(work)
    finish_files(work, stations)
    write_up(work)
    call_together(base.activities, stations)
    return Plan(
        units,
        coverages,
        staff,
        make_accounts(staff),
        pop.people,
        pop.households,
        tags,
        [*CAMPAIGNS, CHILDREN],
        work.visits,
        base.activities,
        groups,
    )


class _Ledger:
    """Counts the plan afresh: a table of (person, category, first day, last day), nothing else."""

    def __init__(self, plan: Plan) -> None:
        civil = {code for code, row in categories().items() if row["civil"]}
        self.spans: dict[int, list[tuple[date, date]]] = {}
        homes: dict[int, list[tuple[date, date]]] = {}
        for tag in plan.tags:
            if tag.category in civil:
                span = (tag.starts_on, tag.ends_on or date.max)
                if tag.person is not None:
                    self.spans.setdefault(tag.person, []).append(span)
                elif tag.household is not None:
                    homes.setdefault(tag.household, []).append(span)
        for home in plan.households:
            self._inherit(home, homes.get(home.key, []))

    def _inherit(self, home: Household, spans: list[tuple[date, date]]) -> None:
        for member in home.members:
            for first, last in spans:
                start, end = max(first, member.starts_on), min(last, member.ends_on or date.max)
                if start <= end:
                    self.spans.setdefault(member.person, []).append((start, end))

    def carries(self, person: int, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans.get(person, ()))


def totals(plan: Plan, first: date = FIRST_DAY, last: date = CLOCK_DAY) -> dict[str, int]:
    """Count the plan's totals over a period, both days included."""
    ledger = _Ledger(plan)
    station_codes = {u.code for u in plan.units if u.kind == "station" and u.opened_on and u.opened_on <= last}
    met = [v for v in plan.visits if v.result == "met" and v.voided is None and first <= v.on <= last]
    unmet = [v for v in plan.visits if v.result != "met" and v.voided is None and first <= v.on <= last]
    held = [a for a in plan.activities if a.voided is None and first <= a.on <= last]
    sessions = [(g, one) for g in plan.groups for one in g.sessions if first <= one.on <= last]
    called = [(g.members[at].person, one.on) for g, one in sessions for at in one.there]
    person_times = [(p, v.on) for v in met for p in v.met] + [(p, a.on) for a in held for p in a.named]
    person_times += [(person, day) for person, day in called if person is not None]
    posted = {
        s.key
        for s in plan.staff
        for p in s.postings
        if p.unit in station_codes and p.starts_on <= last and (p.ends_on is None or p.ends_on >= last)
    }
    return {
        "S1": len(station_codes),
        "S2": len(posted),
        "V2": len({v.household for v in met}),
        "V5": sum(ledger.carries(p, day) for p, day in person_times),
        "F2": len({h.file.number for h in plan.households if h.file and first <= h.file.opened_on <= last}),
        "B1": sum(participants(a) for a in held) + sum(len(one.there) + one.guests for _g, one in sessions),
        "G4": sum(len(one.there) + one.guests for _g, one in sessions),
        "series": sum(participants(a) for a in held if a.series == "相伴童行"),
        "campaign": sum(participants(a) for a in held if a.campaign == "sw-week-2020"),
        "effective_visits": len(met),
        "unmet_visits": len(unmet),
        "voided": sum(v.voided is not None for v in plan.visits),
        "persons_met": sum(len(v.met) for v in met),
        "named": sum(len(a.named) for a in held),
        "activities": len(held),
        "households": len(plan.households),
        "people": len(plan.people),
        "tags": len(plan.tags),
        "closed_files": sum(1 for h in plan.households if h.file and h.file.closed_on),
    }


def participants(activity: Activity) -> int:
    """Person-times of an activity: named ones and anonymous heads."""
    return len(activity.named) + sum(activity.heads.values())


def check(plan: Plan) -> dict[str, int]:
    """Count again; raises PlanError if a total or an invariant is off, else returns the totals."""
    found = totals(plan)
    wrong = [f"{code} is {found[code]}, not {want}" for code, want in EXACT.items() if found[code] != want]
    wrong += [
        f"{code} is {found[code]}, not in {low}..{high}"
        for code, (low, high) in RANGES.items()
        if not low <= found[code] <= high
    ]
    if sum(1 for a in plan.activities if a.series == "相伴童行") != 4:
        wrong.append("the series does not have four sessions")
    stations = {a.station for a in plan.activities if a.campaign == "sw-week-2020"}
    if len(stations) != found["S1"]:
        wrong.append("not all stations take part in the campaign")
    wrong += _broken(plan)
    if wrong:
        raise PlanError("; ".join(wrong[:20]))
    return found


def _broken(plan: Plan) -> list[str]:
    """Records that the rules of the product would refuse."""
    opened = {u.code: u.opened_on for u in plan.units}
    at = {s.key: [(p.unit, p.starts_on, p.ends_on or date.max) for p in s.postings] for s in plan.staff}
    wrong = []
    for v in plan.visits:
        home = plan.households[v.household]
        there = {m.person for m in home.members if m.starts_on <= v.on <= (m.ends_on or date.max)}
        if not set(v.met) <= there or bool(v.met) != (v.result == "met") or len(set(v.met)) != len(v.met):
            wrong.append(f"visit {v.key}: met {v.met}")
        if v.on < (opened[v.station] or v.on) or v.entered_at is None or not v.on <= v.entered_at.date() < CLOCK_DAY:
            wrong.append(f"visit {v.key}: dates")
        if not all(any(u == v.station and a <= v.on <= b for u, a, b in at[s]) for s in v.visitors):
            wrong.append(f"visit {v.key}: visitors {v.visitors}")
        if not any(k.unit == v.station and k.starts_on <= v.on <= (k.ends_on or date.max) for k in home.keepers):
            wrong.append(f"visit {v.key}: station {v.station}")
    for a in plan.activities:
        if min(a.heads.values()) < 0 or not a.entered_at or not a.on <= a.entered_at.date() < CLOCK_DAY:
            wrong.append(f"activity {a.key}")
        if not all(any(u == a.station and x <= a.on <= y for u, x, y in at[s]) for s in a.workers):
            wrong.append(f"activity {a.key}: workers")
    return wrong + _broken_lives(plan)


def _broken_lives(plan: Plan) -> list[str]:
    wrong = []
    primary: dict[int, list[tuple[date, date]]] = {}
    for home in plan.households:
        for m in home.members:
            if (m.ends_on and m.ends_on < m.starts_on) or m.starts_on < plan.people[m.person].born_on:
                wrong.append(f"household {home.key}: membership of {m.person}")
            if m.primary:
                primary.setdefault(m.person, []).append((m.starts_on, m.ends_on or date.max))
        file = home.file
        if file and ((file.closed_on and file.closed_on < file.opened_on) or not file.workers):
            wrong.append(f"file {file.number}")
    for person, spans in primary.items():
        spans.sort()
        if any(second[0] <= first[1] for first, second in itertools.pairwise(spans)):
            wrong.append(f"person {person} has two primary memberships")
    return wrong


def main() -> None:
    """Print the totals of the plan as JSON."""
    json.dump(check(make_plan()), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
