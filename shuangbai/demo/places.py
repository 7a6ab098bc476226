"""Units, villages, coverage and staff of the demonstration city.

The towns and villages are real and come from the divisions file; that a station stands
in them is invented except for the four that the article of 2020 names. Points are
set by hand for a schematic map.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from shuangbai.demo.names import Names
from shuangbai.demo.shapes import CLOCK_DAY, Account, Coverage, Posting, Staff, Unit
from shuangbai.network.gazetteer import read_divisions

BATCHES = {1: ("第一批", date(2017, 7, 1)), 2: ("第二批", date(2019, 7, 1))}
COUNTIES = (
    ("SW-CQ", "城区", "441502"),
    ("SW-HF", "海丰县", "441521"),
    ("SW-LH", "陆河县", "441523"),
    ("SW-LF", "陆丰市", "441581"),
)
# code, name, town, letters, batch, longitude, latitude, staff on the last day, base village, villages in the end
_STATIONS = (
    ("SW-CQ-01", "东洲", "441502005", "DZ", 1, 115.462, 22.768, 5, "东一", 4),
    ("SW-CQ-02", "凤山", "441502003", "FS", 1, 115.371, 22.773, 3, "", 6),
    ("SW-CQ-03", "捷胜", "441502103", "JS", 1, 115.430, 22.712, 4, "", 6),
    ("SW-CQ-04", "香洲", "441502002", "XZ", 2, 115.358, 22.796, 3, "", 4),
    ("SW-CQ-05", "红草", "441502100", "HO", 2, 115.318, 22.862, 3, "", 3),
    ("SW-HF-01", "海城", "441521115", "HC", 1, 115.323, 22.968, 4, "", 8),
    ("SW-HF-02", "城东", "441521120", "CD", 1, 115.372, 22.985, 4, "赤山", 7),
    ("SW-HF-03", "可塘", "441521110", "KT", 1, 115.462, 22.925, 3, "", 6),
    ("SW-HF-04", "黄羌", "441521112", "HQ", 1, 115.420, 23.120, 3, "", 6),
    ("SW-HF-05", "公平", "441521118", "GP", 2, 115.400, 23.062, 4, "", 4),
    ("SW-HF-06", "梅陇", "441521101", "ML", 2, 115.212, 22.895, 3, "", 4),
    ("SW-HF-07", "平东", "441521113", "PD", 2, 115.495, 23.090, 3, "", 3),
    ("SW-LH-01", "河田", "441523100", "HT", 1, 115.655, 23.302, 4, "", 7),
    ("SW-LH-02", "新田", "441523103", "XT", 1, 115.560, 23.190, 3, "", 6),
    ("SW-LH-03", "河口", "441523102", "HK", 2, 115.700, 23.180, 3, "", 4),
    ("SW-LH-04", "螺溪", "441523105", "LX", 2, 115.615, 23.372, 3, "", 3),
    ("SW-LF-01", "乌坎", "441581001", "WK", 1, 115.665, 22.900, 4, "乌坎", 8),
    ("SW-LF-02", "碣石", "441581102", "JE", 1, 115.825, 22.825, 4, "", 7),
    ("SW-LF-03", "南塘", "441581107", "NT", 1, 115.925, 22.935, 3, "", 6),
    ("SW-LF-04", "甲子", "441581101", "JZ", 2, 116.065, 22.895, 4, "", 4),
    ("SW-LF-05", "博美", "441581105", "BM", 2, 115.800, 22.945, 3, "", 4),
)
# Posts at a station that changed hands: (station, place in the station's list).
_LEFT = (
    ("SW-CQ-01", 1), ("SW-CQ-02", 0), ("SW-CQ-03", 2), ("SW-HF-01", 1), ("SW-HF-02", 2), ("SW-HF-03", 1),
    ("SW-HF-03", 2), ("SW-HF-04", 0), ("SW-LH-01", 2), ("SW-LH-02", 1), ("SW-LF-01", 2), ("SW-LF-02", 1),
    ("SW-LF-02", 2), ("SW-LF-03", 0), ("SW-HF-06", 2), ("SW-LF-04", 1),
)  # fmt: skip
# Pairs of stations that exchanged a worker, and when.
_EXCHANGED = (
    ("SW-CQ-01", "SW-CQ-02", date(2019, 3, 1)),
    ("SW-HF-01", "SW-HF-04", date(2018, 9, 1)),
    ("SW-LH-01", "SW-LH-02", date(2019, 9, 2)),
    ("SW-LF-01", "SW-LF-03", date(2020, 3, 2)),
)
STAFF_TOTAL = 73


def short_village(name: str) -> str:
    """Shorten 东一村委会 to 东一村 and 海珠社区居民委员会 to 海珠社区."""
    for tail in ("村民委员会", "村委会"):
        if name.endswith(tail):
            return name.removesuffix(tail) + "村"
    for tail in ("居民委员会", "居委会", "居委"):
        if name.endswith(tail):
            stem = name.removesuffix(tail)
            return stem if stem.endswith("社区") else stem + "社区"
    return name


def is_rural(village: str) -> bool:
    """Whether the NBS code is that of a village (2xx) and not of a community."""
    return village[9] == "2"


def read_villages(towns: list[str]) -> dict[str, list[tuple[str, str]]]:
    """Read (code, short name) of the villages of some towns from the divisions file."""
    found: dict[str, list[tuple[str, str]]] = {town: [] for town in towns}
    for row in read_divisions():
        if row["level"] == "village" and row["parent_code"] in found:
            found[row["parent_code"]].append((row["code"], short_village(row["name"])))
    return found


def make_units() -> list[Unit]:
    """The management tree: bureau, centre, four county units, 21 stations."""
    units = [
        Unit("SW", "汕尾市民政局", "bureau", None, "4415"),
        Unit("SW-ZX", "汕尾市社工督导中心", "centre", "SW", "4415"),
    ]
    units += [Unit(code, name, "county", "SW-ZX", area) for code, name, area in COUNTIES]
    for code, name, town, letters, batch, lon, lat, *_ in _STATIONS:
        label, opened = BATCHES[batch]
        units.append(Unit(code, f"{name}社工站", "station", code[:5], town, letters, label, opened, (lon, lat)))
    return units


def make_coverage(rng: Random) -> list[Coverage]:
    """One base village a station from the first day, then others around it, year by year."""
    villages = read_villages([row[2] for row in _STATIONS])
    coverages: list[Coverage] = []
    for code, _name, town, _letters, batch, *_rest, base, count in _STATIONS:
        opened = BATCHES[batch][1]
        choice = villages[town]
        if town == "441502005":  # 东洲 works in the four villages that bear numbers
            choice = [pair for pair in choice if pair[1].startswith("东")]
        named = [pair for pair in choice if base and pair[1].startswith(base)]
        first = named[0] if named else rng.choice([p for p in choice if is_rural(p[0])] or choice)
        others = [pair for pair in choice if pair != first]
        rng.shuffle(others)
        coverages.append(Coverage(code, *first, "base", opened))
        day, span = opened, (850 if batch == 1 else 240) // max(count - 1, 1)
        for village, name in others[: count - 1]:
            day += timedelta(days=int(span * rng.uniform(0.75, 1.15)))
            coverages.append(Coverage(code, village, name, "around", day))
    for code, day in (("SW-HF-01", date(2019, 6, 30)), ("SW-LF-02", date(2019, 12, 31))):
        second = next(c for c in coverages if c.unit == code and c.kind == "around")
        second.ends_on = day
    return coverages


class _Team:
    """Hires the staff of the stations post by post."""

    def __init__(self, rng: Random, names: Names) -> None:
        self.rng, self.names = rng, names
        self.staff: list[Staff] = []
        self.used: set[str] = set()
        self.count: dict[str, int] = {}

    def hire(self, unit: str, letters: str, post: str, day: date) -> Staff:
        rng, names = self.rng, self.names
        sex = "2" if rng.random() < 0.68 else "1"
        name = names.full(names.surname(), sex, rng.randrange(1984, 1997))
        while name in self.used:
            name = names.full(names.surname(), sex, 1992)
        self.used.add(name)
        self.count[letters] = self.count.get(letters, 0) + 1
        key = f"{letters.lower()}{self.count[letters]}"
        person = Staff(key, name, sex, names.mobile(), day, None, [Posting(unit, post, day)])
        self.staff.append(person)
        return person

    def leave(self, person: Staff, day: date) -> None:
        person.left_on = person.postings[-1].ends_on = day


def _fill_station(team: _Team, row: tuple[Any, ...], leavers: set[tuple[str, int]]) -> None:
    """Hire a station's posts, with the changes of hands that ``leavers`` asks for."""
    rng = team.rng
    code, _name, _town, letters, batch, _lon, _lat, size, *_ = row
    opened = BATCHES[batch][1]
    months = 34 if batch == 1 else 10
    holders: list[Staff] = []
    for place in range(size):
        post = "station_head" if place == 0 else "affairs" if place == 3 else "service"
        later = timedelta(days=rng.randrange(200, 700) if batch == 1 else rng.randrange(30, 200))
        holders.append(team.hire(code, letters, post, opened if place < 3 else opened + later))
    for place, person in enumerate(holders):
        if (code, place) not in leavers:
            continue
        last = opened + timedelta(days=int(rng.uniform(0.3, 0.85) * months * 30))
        team.leave(person, last)
        if place == 0:  # the longest-serving colleague becomes head
            heir = holders[1]
            heir.postings[-1].ends_on = last
            heir.postings.append(Posting(code, "station_head", last + timedelta(days=1)))
        team.hire(code, letters, "service", last + timedelta(days=rng.randrange(8, 50)))


def make_staff(rng: Random, names: Names) -> list[Staff]:
    """The 73 in post on the clock's day, those who left before, supervisors and officers."""
    team = _Team(rng, names)
    for row in _STATIONS:
        _fill_station(team, row, set(_LEFT))
    for one, two, day in _EXCHANGED:
        pair = [
            next(
                s
                for s in team.staff
                if len(s.postings) == 1
                and s.left_on is None
                and s.postings[0].unit == unit
                and s.postings[0].post == "service"
                and s.hired_on < day - timedelta(days=120)
            )
            for unit in (one, two)
        ]
        for person, unit in zip(pair, (two, one), strict=True):
            person.postings[0].ends_on = day - timedelta(days=1)
            person.postings.append(Posting(unit, "service", day))
    for _ in range(3):
        team.hire("SW-ZX", "ZX", "supervisor", date(2017, 5, 2))
    for _ in range(2):
        team.hire("SW", "MZ", "officer", date(2016, 3, 1))
    return team.staff


def make_accounts(staff: list[Staff]) -> list[Account]:
    """One sign-in for each role and one for a worker of another station."""

    def holder(unit: str, post: str) -> Staff:
        return next(
            s
            for s in staff
            if s.left_on is None
            and s.postings[-1].unit == unit
            and s.postings[-1].post == post
            and s.hired_on <= CLOCK_DAY
        )

    rows = (
        ("worker", "worker", "SW-CQ-01", "service"),
        ("head", "head", "SW-CQ-01", "station_head"),
        ("supervisor", "supervisor", "SW-ZX", "supervisor"),
        ("officer", "officer", "SW", "officer"),
        ("stranger", "worker", "SW-LF-01", "service"),
    )
    accounts = []
    for username, role, unit, post in rows:
        person = holder(unit, post)
        accounts.append(Account(username, person.name, role, unit, person.key))
    accounts.insert(4, Account("sysadmin", "系统管理员", "sysadmin", "SW", None))
    accounts.insert(5, Account("security", "安全管理员", "security", "SW", None))
    accounts.insert(6, Account("auditor", "安全审计员", "auditor", "SW", None))
    return accounts


class Rota:
    """Who was posted at a station on a day, and which villages it covered."""

    def __init__(self, staff: list[Staff], coverages: list[Coverage]) -> None:
        self._posts: dict[str, list[tuple[date, date, str, str]]] = {}
        for person in staff:
            for p in person.postings:
                self._posts.setdefault(p.unit, []).append((p.starts_on, p.ends_on or date.max, person.key, p.post))
        self._days: dict[tuple[str, date], list[str]] = {}
        self.coverages: dict[str, list[Coverage]] = {}
        for coverage in coverages:
            self.coverages.setdefault(coverage.unit, []).append(coverage)
        self.village_names = {c.village: c.village_name for c in coverages}

    def at(self, unit: str, day: date) -> list[str]:
        """Keys of the staff posted at a unit on a day."""
        key = (unit, day)
        if key not in self._days:
            self._days[key] = [k for a, b, k, _ in self._posts[unit] if a <= day <= b]
        return self._days[key]

    def head(self, unit: str, day: date) -> str:
        """The station head on a day."""
        heads = [k for a, b, k, post in self._posts[unit] if a <= day <= b and post == "station_head"]
        return heads[0] if heads else self.at(unit, day)[0]

    def last_day(self, unit: str, person: str, day: date) -> date:
        """The last day of somebody's unbroken time at a unit that includes ``day``."""
        for a, b, k, _ in sorted(self._posts[unit]):
            if k == person and a <= day <= b:
                if b == date.max:
                    return b
                day = b + timedelta(days=1)
        return day - timedelta(days=1)

    def covered(self, unit: str, day: date) -> list[Coverage]:
        """The coverages of a unit that are valid on a day."""
        return [c for c in self.coverages[unit] if c.starts_on <= day and (c.ends_on is None or day <= c.ends_on)]
