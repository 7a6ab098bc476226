"""Visits and files of the demonstration city.

First every family gets its dates, then each visit its station, visitors, mode and the
members met; narratives come last, in order of time, when who was met is settled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random

from shuangbai.demo.days import in_epidemic, suits
from shuangbai.demo.narratives import Scene, Writer
from shuangbai.demo.people import Population, keeper_on, members_on, village_on
from shuangbai.demo.places import Rota
from shuangbai.demo.shapes import (
    FIRST_DAY,
    GRADING_SINCE,
    LAST_WORK_DAY,
    WIDE,
    Correction,
    File,
    FileWorker,
    Grade,
    Household,
    Unit,
    Visit,
    Voiding,
)
from shuangbai.demo.tagging import Carried
from shuangbai.households.rules import age_on

VISITED = 10_412
FILES = 1_435
_CLOSED = 60
_CAMPAIGNS = (
    ("mid-autumn-2018", date(2018, 9, 17), date(2018, 9, 24), 0.8),
    ("cold-wave-2019", date(2019, 12, 5), date(2019, 12, 16), 0.7),
    ("epidemic-2020", date(2020, 1, 27), date(2020, 4, 30), 0.75),
)


@dataclass(slots=True)
class Work:
    """What the making of visits shares."""

    pop: Population
    rota: Rota
    carried: Carried
    rng: Random
    visits: list[Visit] = field(default_factory=list)
    filed: list[int] = field(default_factory=list)
    visited: list[int] = field(default_factory=list)


def choose_households(work: Work, seconds: list[int]) -> None:
    """Choose which families are visited at all and which of them get a file."""
    rng, homes = work.rng, work.pop.households
    ranked = []
    for home in homes:
        if home.known_on > LAST_WORK_DAY - timedelta(days=25):
            continue
        codes = {c for m in home.members for c in work.carried.codes(m.person, home.known_on)}
        weight = 0.12 + 3.0 * min(len(codes), 3)
        ranked.append((rng.random() ** (1 / weight), home.key))
    ranked.sort(reverse=True)
    work.filed = sorted(key for _, key in ranked[:FILES])
    chosen = dict.fromkeys(work.filed + seconds)
    rest = [home.key for home in homes if home.key not in chosen]
    rng.shuffle(rest)
    work.visited = sorted([*chosen, *rest[: VISITED - len(chosen)]])


def _end_of(work: Work, home: Household) -> date:
    """The last day on which a family could be visited."""
    last = min(home.last_day or LAST_WORK_DAY, LAST_WORK_DAY)
    for coverage in work.rota.coverages[home.station]:
        if coverage.village == home.village and coverage.ends_on and len(home.residences) == 1:
            last = min(last, coverage.ends_on)
    return max(last, home.known_on)


def _day_between(work: Work, home: Household, first: date, last: date) -> date:
    rng, span = work.rng, (last - first).days
    day = first
    for _ in range(25):
        day = first + timedelta(days=rng.randrange(span + 1))
        if suits(rng, home.village, day):
            break
    return day


def _how_many(rng: Random, filed: bool, known: bool, room: int) -> int:
    """How many effective visits a family gets; few get many, and mostly those with a category."""
    if not filed:
        dice = rng.random() + (0.0 if known else -0.13)
        count = 1 if dice < 0.84 else 2 if dice < 0.96 else 3
    else:
        count = 1 + int(rng.expovariate(1 / 2.9))
        if rng.random() < 0.12:
            count += int(rng.expovariate(1 / 6))
    return max(1, min(count, 25, 1 + room // 13))


def _visit(work: Work, home: Household, day: date, result: str, unit: str = "") -> Visit:
    """One visit with its mode, visitors and whom it met; not yet written up."""
    rng = work.rng
    station = unit or keeper_on(home, day)
    mode = _mode(rng, day)
    if result in ("vacant", "refused", "nobody_home", "away", "hospital"):
        mode = "home"
    elif result == "wrong_number":
        mode = "phone"
    staff = work.rota.at(station, day)
    principal = staff[(home.key * 7 + (day.toordinal() // 400)) % len(staff)]
    if home.file:
        principal = next(
            (
                w.staff
                for w in home.file.workers
                if w.staff in staff and w.starts_on <= day and (w.ends_on is None or day <= w.ends_on)
            ),
            principal,
        )
    visitors = [principal]
    if len(staff) > 1 and rng.random() < (0.44 if mode == "home" else 0.06):
        visitors.append(rng.choice([s for s in staff if s != principal]))
    visit = Visit(0, station, home.key, village_on(home, day), day, mode, result, visitors, [])
    if result == "met":
        visit.met = _met(work, home, day, mode)
    if rng.random() < 0.62:
        hour = rng.choice((9, 9, 10, 10, 11, 15, 15, 16, 16, 17, 19))
        visit.start_time = f"{hour:02d}:{rng.choice((0, 0, 10, 15, 20, 30, 30, 40, 45, 50)):02d}"
    for code, first, last, share in _CAMPAIGNS:
        if first <= day <= last and rng.random() < share:
            visit.campaign = code
    work.visits.append(visit)
    return visit


def _mode(rng: Random, day: date) -> str:
    dice = rng.random()
    hard = in_epidemic(day) and day.month in (2, 3)
    if in_epidemic(day):
        home, phone, wechat = (0.1, 0.72, 0.14) if hard else (0.38, 0.48, 0.08)
    else:
        home, phone, wechat = 0.89, 0.04, 0.01
    if dice < home:
        return "home"
    if dice < home + phone:
        return "phone"
    if dice < home + phone + wechat:
        return "wechat"
    return rng.choice(("office", "office", "chance", "chance", "institution"))


def _met(work: Work, home: Household, day: date, mode: str) -> list[int]:
    """Who was met: those who are usually at home in the daytime are met most."""
    rng, present = work.rng, members_on(home, day)
    shares: list[tuple[float, int]] = []
    for member in present:
        person = work.pop.people[member.person]
        age = age_on(person.born_on, day)
        share = 0.88 if age >= 60 else 0.62 if age < 6 else 0.42 if age < 18 else 0.55
        if person.disability:
            share = 0.8
        if mode != "home" and age < 16:
            share = 0.02
        shares.append((share, member.person))
    if mode == "home":
        met = [key for share, key in shares if rng.random() < share]
        return met or [max(shares)[1]]
    weights = [share for share, _ in shares]
    return [rng.choices([key for _, key in shares], weights=weights)[0]]


def make_visits(work: Work, seconds: list[int]) -> None:
    """Plan all visits: effective ones, attempts, second stations, then files."""
    filed = set(work.filed)
    for key in work.visited:
        home = work.pop.households[key]
        _visit_family(work, home, key in filed)
        if key in seconds:
            _second_station(work, home)
    _attempts(work)
    work.visits.sort(key=lambda v: (v.on, v.station, v.household, v.start_time))


def _visit_family(work: Work, home: Household, filed: bool) -> None:
    rng, last = work.rng, _end_of(work, home)
    room = (last - home.known_on).days
    first = home.known_on
    if rng.random() < 0.07 and room > 30:  # not met the first time
        _visit(work, home, first, _unmet_result(rng))
        first = _day_between(work, home, first + timedelta(days=2), first + timedelta(days=25))
    days = {first}
    for _ in range(_how_many(rng, filed, work.carried.has_any(home), (last - first).days) - 1):
        for _try in range(6):
            day = _day_between(work, home, first + timedelta(days=6), last)
            if all(abs((day - other).days) > 4 for other in days):
                days.add(day)
                break
    ordered = sorted(days)
    if filed:
        _open_file(work, home, ordered)
    for day in ordered:
        _visit(work, home, day, "met")
        if len(ordered) > 2 and rng.random() < 0.06 and day < last - timedelta(days=4):
            _visit(work, home, min(day + timedelta(days=rng.randrange(2, 5)), last), _unmet_result(rng))


def _second_station(work: Work, home: Household) -> None:
    """A visit by the second station; at times on the same day as the owner's."""
    rng, keeper = work.rng, home.keepers[-1]
    own = [v.on for v in work.visits[-30:] if v.household == home.key and v.on >= keeper.starts_on]
    day = _day_between(work, home, keeper.starts_on, LAST_WORK_DAY)
    if own and rng.random() < 0.6:
        day = own[0]
    _visit(work, home, day, "met", keeper.unit)
    if rng.random() < 0.2 and day not in own:
        _visit(work, home, day, "met")


def _unmet_result(rng: Random) -> str:
    return rng.choices(
        ("nobody_home", "vacant", "refused", "away", "hospital", "wrong_number"),
        weights=(58, 7, 9, 13, 6, 7),
    )[0]


def _attempts(work: Work) -> None:
    """Attempts at families that were never met."""
    rng, visited = work.rng, set(work.visited)
    for home in work.pop.households:
        if home.key in visited or rng.random() > 0.31:
            continue
        result = _unmet_result(rng)
        _visit(work, home, home.known_on, result)
        last = _end_of(work, home)
        again = result in ("nobody_home", "away", "hospital") and rng.random() < 0.3
        if again and (last - home.known_on).days > 12:
            day = _day_between(work, home, home.known_on + timedelta(days=5), last)
            _visit(work, home, day, result)


# --- files ---------------------------------------------------------------------------


def _open_file(work: Work, home: Household, days: list[date]) -> None:
    """Open a file on or soon after one of the first visits."""
    rng, rota = work.rng, work.rota
    start = days[min(rng.choice((0, 0, 0, 0, 1)), len(days) - 1)]
    opened = min(start + timedelta(days=rng.choice((0, 0, 0, 0, 0, 0, 1, 2, 7, 25))), _end_of(work, home))
    station = keeper_on(home, opened)
    workers, day = [], opened
    while True:
        unit = keeper_on(home, day)
        staff = rota.at(unit, day)
        person = staff[(home.key * 7 + (opened.toordinal() // 400)) % len(staff)]
        last = rota.last_day(unit, person, day)
        moves = [k.starts_on - timedelta(days=1) for k in home.keepers if k.kind == "own"]
        last = min([last, *(m for m in moves if m >= day)])
        workers.append(FileWorker(person, day, last if last < LAST_WORK_DAY else None))
        if last >= LAST_WORK_DAY:
            break
        day = last + timedelta(days=1)
    home.file = File("", station, opened, workers)


def finish_files(work: Work, stations: list[Unit]) -> None:
    """Number the files, close some, and grade the open ones from January 2020."""
    rng = work.rng
    homes = [work.pop.households[key] for key in work.filed]
    letters = {u.code: u.short for u in stations}
    counters: dict[tuple[str, int], int] = {}
    last_visit: dict[int, date] = {}
    for visit in work.visits:
        last_visit[visit.household] = visit.on
    for home in sorted(homes, key=lambda h: (h.file.opened_on, h.key)):  # type: ignore[union-attr]
        file = home.file
        assert file is not None
        slot = (file.station, file.opened_on.year)
        counters[slot] = counters.get(slot, 0) + 1
        file.number = f"{letters[file.station]}{slot[1]}{counters[slot]:04d}"
    _close_files(work, homes, last_visit)
    seen = {visit.household: visit.on for visit in work.visits if visit.result == "met"}
    for home in homes:
        _grade_file(work, home)
        _fit_grades(home, seen.get(home.key, FIRST_DAY))
        file = home.file
        if file and file.closed_on:
            file.workers = [w for w in file.workers if w.starts_on <= file.closed_on]
            last = file.workers[-1]
            if last.ends_on is None or last.ends_on > file.closed_on:
                file.workers[-1] = replace(last, ends_on=file.closed_on)
    rng.random()


def _close_files(work: Work, homes: list[Household], last_visit: dict[int, date]) -> None:
    rng, closed = work.rng, 0
    order = sorted(homes, key=lambda h: (h.last_day is None, rng.random()))
    for home in order:
        file = home.file
        assert file is not None
        earliest = max(file.opened_on + timedelta(days=70), last_visit[home.key] + timedelta(days=3))
        if home.last_day:
            earliest = max(home.last_day, file.opened_on) + timedelta(days=rng.randrange(2, 9))
        if closed == _CLOSED or earliest >= LAST_WORK_DAY:
            continue
        room = (LAST_WORK_DAY - earliest).days
        file.closed_on = earliest + timedelta(days=0 if home.last_day else rng.randrange(min(room, 120) + 1))
        file.close_reason = "died" if home.last_day else rng.choice(("improved", "improved", "moved", "merged"))
        closed += 1


def _grade_file(work: Work, home: Household) -> None:
    rng, file = work.rng, home.file
    assert file is not None
    end = file.closed_on
    start = max(GRADING_SINCE + timedelta(days=rng.randrange(1, 21)), file.opened_on + timedelta(days=rng.randrange(9)))
    if start > LAST_WORK_DAY or (end and end <= start) or rng.random() < 0.04:
        return
    codes = {c for m in members_on(home, start) for c in work.carried.codes(m.person, start)}
    grave = {"no_care_child", "orphan", "disabled_severe", "mental", "frail_elder", "hard_child"} & codes
    level = rng.choices(("red", "yellow", "green"), weights=(16, 54, 30) if grave else (3, 27, 70))[0]
    by = work.rota.head(keeper_on(home, start), start)
    grade = Grade(level, start, end, _GRADE_REASONS[level][rng.randrange(3)], by)
    file.grades.append(grade)
    change = start + timedelta(days=rng.randrange(40, 130))
    if rng.random() < 0.1 and change < LAST_WORK_DAY and (end is None or change < end):
        grade.ends_on = change - timedelta(days=1)
        other = "yellow" if level != "yellow" else rng.choice(("red", "green", "green"))
        by = work.rota.head(keeper_on(home, change), change)
        file.grades.append(Grade(other, change, end, _GRADE_REASONS[other][rng.randrange(3)], by))


def _fit_grades(home: Household, seen_on: date) -> None:
    """Let the grade that stands follow how often the family is seen: a station sees most often those it graded high.

    With luck of its own, so that whatever is drawn for visits and their words stays as it is.
    """
    file, rng = home.file, Random(f"grade {home.key}")
    if file is None or file.closed_on or not file.grades:
        return
    unseen = (LAST_WORK_DAY - seen_on).days
    if unseen > 200 and rng.random() < 0.6:
        file.grades.clear()  # not come to yet
        return
    last = file.grades[-1]
    level = last.level
    if level == "red" and unseen > 8 and rng.random() < 0.85:
        level = "yellow"
    if level == "yellow" and unseen > 34 and rng.random() < 0.85:
        level = "green"
    if level == "green" and unseen <= 12 and rng.random() < 0.2:
        level = rng.choice(("yellow", "yellow", "red"))
    if level == last.level:
        return
    if len(file.grades) > 1 and file.grades[-2].level == level:
        file.grades.pop()
        file.grades[-1].ends_on = last.ends_on
        return
    file.grades[-1] = replace(last, level=level, reason=_GRADE_REASONS[level][rng.randrange(3)])


_GRADE_REASONS = {
    "red": ("无人照料,需密切关注", "病情不稳定,家中无其他劳力", "儿童监护缺失"),
    "yellow": ("生活有困难,定期跟进", "照护压力较大", "独居或留守,身体一般"),
    "green": ("生活稳定,例行关注", "政策已落实,情况平稳", "家人照顾到位"),
}

# --- the sum of person-times ---------------------------------------------------------


def civil_person_times(work: Work) -> int:
    """Person-times in effective visits of people who carried a civil-affairs category."""
    return sum(
        work.carried.civil(person, visit.on)
        for visit in work.visits
        if visit.result == "met" and visit.voided is None
        for person in visit.met
    )


def tune_met(work: Work, wanted: int) -> None:
    """Let a few more, or fewer, members be at home until the person-times come out as wanted."""
    missing = wanted - civil_person_times(work)
    order = [v for v in work.visits if v.result == "met" and v.mode == "home"]
    work.rng.shuffle(order)
    for visit in order:
        if missing == 0:
            return
        present = [m.person for m in members_on(work.pop.households[visit.household], visit.on)]
        if missing > 0:
            others = [p for p in present if p not in visit.met and work.carried.civil(p, visit.on)]
            if others:
                visit.met.append(others[0])
                missing -= 1
        elif len(visit.met) > 1:
            carriers = [p for p in visit.met if work.carried.civil(p, visit.on)]
            if carriers:
                visit.met.remove(carriers[-1])
                missing += 1
    if missing:
        raise RuntimeError(f"person-times cannot be met by {missing}")


# --- mistakes ------------------------------------------------------------------------


def make_mistakes(work: Work) -> None:
    """Double visits, double entries that are voided, and corrections."""
    rng, plain = work.rng, []
    for visit in work.visits:
        if visit.result == "met" and visit.mode == "home" and visit.start_time:
            home = work.pop.households[visit.household]
            if not any(work.carried.civil(m.person, visit.on) for m in members_on(home, visit.on)):
                plain.append(visit)
    extra = []
    for visit in rng.sample(plain, 10):  # the same family twice on a day: 户次 counts it once
        again = replace(visit, visitors=visit.visitors[:], met=visit.met[:1])
        again.start_time = "17:30" if visit.start_time < "16" else "18:20"
        extra.append(again)
    for number, visit in enumerate(rng.sample(work.visits, 25)):
        wrong = replace(visit, visitors=visit.visitors[:], met=visit.met[:])
        wrong.voided = Voiding(
            ("同一次走访录了两遍", "重复录入,保留较完整的一条", "网络慢时重复提交", "录错家庭,已重录")[number % 4],
            visit.visitors[0],
            datetime.combine(visit.on, time(17, 30)),
        )
        extra.append(wrong)
    work.visits += extra
    work.visits.sort(key=lambda v: (v.on, v.station, v.household, v.start_time, v.voided is not None))


# --- writing up ----------------------------------------------------------------------


def entry_time(rng: Random, rota: Rota, unit: str, worker: str, day: date) -> datetime:
    """When a record was entered: mostly within two days, some late, never after the worker left."""
    dice = rng.random()
    lag = 0 if dice < 0.5 else 1 if dice < 0.78 else rng.randrange(2, 8) if dice < 0.94 else rng.randrange(8, 41)
    entered = min(day + timedelta(days=lag), LAST_WORK_DAY, rota.last_day(unit, worker, day))
    hour = rng.choice((17, 18, 20, 21)) if entered == day else rng.choice((8, 9, 10, 11, 14, 15, 16, 17))
    return datetime.combine(entered, time(max(hour, 18) if entered == day else hour, rng.randrange(60)))


PROMISES_SLIP_SINCE = date(2020, 5, 1)
_NEXT_DAYS = (7, 14, 14, 21, 28, 30, 30, 45, 60)
_PROMISE = re.compile("([两三四五六七八])(周再来|天后再看|天后再来|周后再核)")


def _promised(narrative: str) -> int:
    """The days after which the text says to come again, or 0."""
    found = _PROMISE.search(narrative)
    return ("两三四五六七八".index(found[1]) + 2) * (7 if found[2][0] == "周" else 1) if found else 0


def write_up(work: Work) -> None:
    """Number the visits, write the narratives, and say when each was entered."""
    rng, writer, seen = work.rng, Writer(work.rng), set()
    for key, visit in enumerate(work.visits):
        visit.key = key
        home = work.pop.households[visit.household]
        present = [(work.pop.people[m.person], m.relation) for m in members_on(home, visit.on)]
        codes = {p.key: work.carried.codes(p.key, visit.on) for p, _ in present}
        met = [work.pop.people[p] for p in visit.met]
        first = visit.household not in seen
        scene = Scene(home, visit.on, visit.mode, visit.result, first, visit.visitors[0], present, met, codes)
        text = writer.write(scene)
        if visit.result == "met":
            seen.add(visit.household)
        visit.narrative, visit.topics = text.narrative.translate(WIDE), text.topics
        visit.needs, visit.next = text.needs, text.next
        if visit.next == "next_visit":
            visit.next_on = visit.on + timedelta(days=_promised(visit.narrative) or rng.choice(_NEXT_DAYS))
        visit.entered_by = visit.visitors[0]
        visit.entered_at = entry_time(rng, work.rota, visit.station, visit.entered_by, visit.on)
        if visit.voided:
            visit.voided.at = _after(rng, visit.entered_at)
    _keep_promises(work)
    _correct(work)


def _keep_promises(work: Work) -> None:
    """A day named for coming again either brought a visit or is still ahead; only this spring's may have slipped."""
    latest = {v.household: v.on for v in work.visits if v.result == "met" and v.voided is None}
    for visit in work.visits:
        if visit.next_on and visit.next_on < PROMISES_SLIP_SINCE and latest.get(visit.household, visit.on) <= visit.on:
            visit.next, visit.next_on = "none", None


def _after(rng: Random, moment: datetime) -> datetime:
    """Some hours or days later, within the records."""
    later = moment + timedelta(days=rng.randrange(0, 4), minutes=rng.randrange(5, 50))
    return min(later, datetime.combine(LAST_WORK_DAY, time(22, 30)))


def _correct(work: Work) -> None:
    """Correct some records afterwards; the values as first entered are kept."""
    rng = work.rng
    good = [v for v in work.visits if v.voided is None and v.result == "met" and len(v.narrative) > 30]
    for number, visit in enumerate(rng.sample(good, 40)):
        assert visit.entered_at is not None
        if number % 3 == 0:
            was = {"narrative": visit.narrative[: len(visit.narrative) // 2].rstrip("\uff0c\u3002\uff1b") + "。"}
            reason = "补充访谈内容"
        elif number % 3 == 1:
            visit.start_time = visit.start_time or "10:00"
            was = {"start_time": "20:30" if visit.start_time < "18" else "08:30"}
            reason = "开始时间填错"
        else:
            was = {"mode": "chance" if visit.mode != "chance" else "home"}
            reason = "走访方式选错"
        visit.correction = Correction(reason, visit.entered_by, _after(rng, visit.entered_at), was)
