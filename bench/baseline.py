"""The same questions in SQL written by hand, for either database, on the same connection as ours."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from bench import bulk

SPAN = "occurred_on BETWEEN %(first)s AND %(last)s"
VISITED = f"r.{SPAN} AND r.kind = 'visit' AND r.voided_at IS NULL"


def ask(sql: str, params: Any = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def listed(station: UUID, category: int, size: int = 51) -> list[tuple]:
    """A station's newest records of a category, with what a row of the list shows."""
    return ask(
        "SELECT r.*, v.*, a.*, u.name, p.name, h.head_name FROM"
        " (SELECT DISTINCT occurred_on, occasion FROM households_standing WHERE station_id = %s AND category_id = %s"
        " ORDER BY occurred_on DESC, occasion DESC LIMIT %s) s"
        " JOIN services_servicerecord r ON r.id = s.occasion AND r.voided_at IS NULL"
        " JOIN network_orgunit u ON u.id = r.station_id"
        " LEFT JOIN visits_visit v ON v.record_id = r.id LEFT JOIN activities_activity a ON a.record_id = r.id"
        " LEFT JOIN network_area p ON p.id = r.village_id LEFT JOIN households_household h ON h.id = r.household_id"
        " ORDER BY s.occurred_on DESC, s.occasion DESC",
        [station.hex, category, size],
    )


def worded(station: UUID, words: str, size: int = 50) -> list[tuple]:
    """The newest visits of a station whose narrative holds the words, by LIKE."""
    return ask(
        "SELECT r.*, v.narrative FROM services_servicerecord r JOIN visits_visit v ON v.record_id = r.id"
        " WHERE r.station_id = %s AND r.kind = 'visit' AND r.voided_at IS NULL AND v.narrative LIKE %s"
        " ORDER BY r.occurred_on DESC, r.id DESC LIMIT %s",
        [station.hex, f"%{words}%", size],
    )


def worded_anywhere(words: str, size: int = 50) -> list[tuple]:
    return ask(
        "SELECT r.*, v.narrative FROM services_servicerecord r JOIN visits_visit v ON v.record_id = r.id"
        " WHERE r.kind = 'visit' AND r.voided_at IS NULL AND v.narrative LIKE %s"
        " ORDER BY r.occurred_on DESC, r.id DESC LIMIT %s",
        [f"%{words}%", size],
    )


def suggested(station: UUID, typed: str, size: int = 10) -> list[tuple]:
    """Families of a station by the beginning of a find key."""
    if connection.vendor == bulk.SQLITE:
        begins, values = "k.key >= %s AND k.key < %s", [typed, typed + "\U0010ffff"]
    else:
        begins, values = "k.key LIKE %s", [f"{typed}%"]
    return ask(
        "SELECT DISTINCT h.id, h.head_name FROM households_findkey k"
        " JOIN households_household h ON h.id = k.household_id"
        f" WHERE k.station_id = %s AND {begins} LIMIT %s",
        [station.hex, *values, size],
    )


def facts(first: date, last: date) -> int:
    """Every record and every contact of a span with what a manifest keeps of them; how many rows."""
    span = [first.isoformat(), last.isoformat()]
    day = "r.occurred_on >= %s AND r.occurred_on <= %s AND r.voided_at IS NULL"
    records = ask(
        "SELECT r.id, r.version, r.kind, r.occurred_on, r.station_id, r.reached, r.household_id, r.counted_key,"
        " r.village_id, r.campaign_id, v.mode, v.result, v.purpose, a.kind, a.series_id, a.volunteer_hours"
        " FROM services_servicerecord r LEFT JOIN visits_visit v ON v.record_id = r.id"
        f" LEFT JOIN activities_activity a ON a.record_id = r.id WHERE {day}",
        span,
    )
    contacts = ask(
        'SELECT c.id, c.record_id, c.kind, c.person_id, c.heads, c."group" FROM services_contact c'
        f" JOIN services_servicerecord r ON r.id = c.record_id WHERE {day}",
        span,
    )
    carried = ask(
        "SELECT s.occasion, s.person_id, s.category_id FROM households_standing s"
        " WHERE s.occurred_on >= %s AND s.occurred_on <= %s",
        span,
    )
    return len(records) + len(contacts) + len(carried)


def visited(first: date, last: date) -> list[tuple]:
    """The first page of the families visited in a span, the latest first."""
    return ask(
        "SELECT household_id, max(occurred_on), count(*) FROM services_servicerecord"
        " WHERE kind = 'visit' AND reached AND voided_at IS NULL AND occurred_on >= %s AND occurred_on <= %s"
        " GROUP BY household_id ORDER BY 2 DESC, 1 LIMIT 51",
        [first.isoformat(), last.isoformat()],
    )


def number(first: date, last: date) -> list[tuple]:
    """The families visited in a span, in the same span a year earlier, and in each of its months."""
    sqlite = connection.vendor == bulk.SQLITE
    month = "strftime('%%Y-%%m', occurred_on)" if sqlite else "to_char(occurred_on, 'YYYY-MM')"
    where = (
        "FROM services_servicerecord WHERE kind = 'visit' AND reached AND voided_at IS NULL"
        " AND occurred_on >= %s AND occurred_on <= %s"
    )
    found = []
    for begins, ends in ((first, last), (first.replace(year=first.year - 1), last.replace(year=last.year - 1))):
        found += ask(f"SELECT count(DISTINCT household_id) {where}", [begins.isoformat(), ends.isoformat()])
    by_month = f"SELECT {month}, count(DISTINCT household_id) {where} GROUP BY 1"
    return found + ask(by_month, [first.isoformat(), last.isoformat()])


def campaign(key: UUID, first: date, last: date) -> dict[str, dict[Any, int]]:
    """What was done under a campaign in its days: activities and person-times by station, its families and people."""
    standing = "r.campaign_id = %s AND r.voided_at IS NULL AND r.occurred_on BETWEEN %s AND %s"
    said = [key.hex, first.isoformat(), last.isoformat()]
    done = ask(
        "SELECT r.station_id, r.kind, count(DISTINCT r.counted_key), count(*) FROM services_servicerecord r"
        f" WHERE {standing} GROUP BY 1, 2",
        said,
    )
    reached = ask(
        "SELECT r.station_id, r.kind, sum(CASE WHEN c.kind = 'person' THEN 1 ELSE c.heads END)"
        " FROM services_contact c JOIN services_servicerecord r ON r.id = c.record_id"
        f" WHERE {standing} AND c.kind <> 'household' GROUP BY 1, 2",
        said,
    )
    ask(
        "SELECT count(DISTINCT CASE WHEN r.reached THEN r.household_id END), count(DISTINCT c.person_id)"
        " FROM services_servicerecord r LEFT JOIN services_contact c ON c.record_id = r.id"
        f" WHERE {standing}",
        said,
    )
    return {
        "A1": {as_key(station): many for station, kind, _once, many in done if kind == "activity"},
        "A2": {as_key(station): times for station, kind, times in reached if kind == "activity"},
    }


def as_key(value: Any) -> UUID:
    """A key as either database gives it."""
    return value if isinstance(value, UUID) else UUID(str(value))


def crossed(first: date, last: date) -> list[tuple]:
    """Visits and families visited by category and manner, with the totals of both and of everything."""
    stood = "JOIN households_standing s ON s.occasion = r.id AND s.household_id = r.household_id"
    visit = "JOIN visits_visit v ON v.record_id = r.id"
    span = [first.isoformat(), last.isoformat()]
    found = []
    for number, more in (("count(DISTINCT r.counted_key)", ""), ("count(DISTINCT r.household_id)", "AND r.reached")):
        where = f"WHERE r.kind = 'visit' AND r.voided_at IS NULL AND r.occurred_on >= %s AND r.occurred_on <= %s {more}"
        for columns, join in (
            ("s.category_id, v.mode", f"{stood} {visit}"), ("s.category_id", stood), ("v.mode", visit),
        ):  # fmt: skip
            found += ask(
                f"SELECT {columns}, {number} FROM services_servicerecord r {join} {where} GROUP BY {columns}", span
            )
        found += ask(f"SELECT {number} FROM services_servicerecord r {where}", span)
    return found


class Report:
    """The figures of the results report for the whole city, in thirty statements; without `splits` in ten."""

    def __init__(self, first: date, last: date, civil: Sequence[int], *, splits: bool = True) -> None:
        self.splits = splits
        self.params = {"first": first.isoformat(), "last": last.isoformat()}
        self.civil = ", ".join(str(pk) for pk in civil)
        sqlite = connection.vendor == bulk.SQLITE
        self.month = "strftime('%%Y-%%m', {})" if sqlite else "to_char({}, 'YYYY-MM')"

    def rows(self, sql: str) -> list[tuple]:
        return ask(sql, self.params)

    def figures(self) -> dict[str, Any]:
        """Every figure by its code; its splits and its stations under `code.dimension`."""
        return {
            **self._network(),
            **self._visits(),
            **self._clients(),
            **self._files(),
            **self._activities(),
            **self._groups(),
        }

    def _grouped(self, codes: Sequence[str], dimension: str, sql: str) -> dict[str, dict[Any, Any]]:
        """One statement whose columns after the first are the figures of these codes."""
        if not self.splits:
            return {}
        rows = self.rows(sql)
        return {f"{code}.{dimension}": {row[0]: row[at] for row in rows} for at, code in enumerate(codes, 1)}

    def _network(self) -> dict[str, Any]:
        held = "starts_on <= %(last)s AND (ends_on IS NULL OR ends_on >= %(last)s)"
        unit, post, cover = ("network_orgunit", "network_posting", "network_coverage")
        ((s1,),) = self.rows(f"SELECT count(*) FROM {unit} WHERE kind = 'station' AND {held}")
        ((s2,),) = self.rows(f"SELECT count(DISTINCT staff_id) FROM {post} WHERE {held}")
        ((s3,),) = self.rows(f"SELECT count(DISTINCT village_id) FROM {cover} WHERE {held}")
        found: dict[str, Any] = {"S1": s1, "S2": s2, "S3": s3}
        staff = "SELECT {0}, count(DISTINCT staff_id) FROM network_posting WHERE " + held + " GROUP BY 1"
        places = "SELECT {0}, count(DISTINCT village_id) FROM network_coverage WHERE " + held + " GROUP BY 1"
        found |= self._grouped(["S2"], "station", staff.format("unit_id"))
        found |= self._grouped(["S2"], "post", staff.format("post"))
        found |= self._grouped(["S3"], "station", places.format("station_id"))
        found |= self._grouped(["S3"], "coverage", places.format("kind"))
        return found

    def _visits(self) -> dict[str, Any]:
        once = "count(DISTINCT r.counted_key)"
        effective = "count(DISTINCT CASE WHEN r.reached THEN r.counted_key END)"
        homes = "count(DISTINCT CASE WHEN r.reached THEN r.household_id END)"
        spine = f"FROM services_servicerecord r {{}} WHERE {VISITED} {{}}"
        detail = "JOIN visits_visit v ON v.record_id = r.id"
        stood = "JOIN households_standing s ON s.occasion = r.id AND s.household_id = r.household_id"
        ((v1, v3, v2),) = self.rows(f"SELECT {once}, {effective}, {homes} {spine.format('', '')}")
        ((v6,),) = self.rows(f"SELECT {once} {spine.format(detail, '')} AND v.mode = 'phone'")
        found: dict[str, Any] = {"V1": v1, "V2": v2, "V3": v3, "V6": v6, "V7": v1 - v3}
        month = self.month.format("r.occurred_on")
        for codes, dimension, column, figures, join in (
            (["V1", "V3", "V2"], "station", "r.station_id", f"{once}, {effective}, {homes}", ""),
            (["V1", "V3"], "month", month, f"{once}, {effective}", ""),
            (["V1", "V3", "V2"], "category", "s.category_id", f"{once}, {effective}, {homes}", stood),
            (["V1"], "mode", "v.mode", once, detail),
            (["V1"], "result", "v.result", once, detail),
        ):
            sql = f"SELECT {column}, {figures} {spine.format(join, 'GROUP BY 1')}"
            found |= self._grouped(codes, dimension, sql)
        return found

    def _clients(self) -> dict[str, Any]:
        met = (
            "FROM services_contact c JOIN services_servicerecord r ON r.id = c.record_id {}"
            f" WHERE c.kind = 'person' AND r.{SPAN} AND r.voided_at IS NULL"
        )
        listed = (
            " AND EXISTS (SELECT 1 FROM households_standing t"
            " WHERE t.occasion = c.record_id AND t.person_id = c.person_id"
            f" AND t.category_id IN ({self.civil}))"
        )
        stood = "JOIN households_standing s ON s.occasion = c.record_id AND s.person_id = c.person_id"
        only = f" AND s.category_id IN ({self.civil})"
        visits = f"{met.format('')} AND r.kind = 'visit'"
        each = "count(DISTINCT CASE WHEN r.reached THEN c.person_id END)"
        ((v4, v8),) = self.rows(f"SELECT count(*), {each} {visits}")
        ((v5,),) = self.rows(f"SELECT count(*) {met.format('')} {listed}")
        found: dict[str, Any] = {"V4": v4, "V5": v5, "V8": v8}
        for dimension, column, join in (
            ("station", "r.station_id", ""), ("record_kind", "r.kind", ""), ("category", "s.category_id", stood + only)
        ):  # fmt: skip
            sql = f"SELECT {column}, count(DISTINCT c.id) {met.format(join)} {listed} GROUP BY 1"
            found |= self._grouped(["V5"], dimension, sql)
        return found

    def _files(self) -> dict[str, Any]:
        opened = "CASE WHEN opened_on BETWEEN %(first)s AND %(last)s THEN 1 ELSE 0 END"
        is_open = "CASE WHEN opened_on <= %(last)s AND (closed_on IS NULL OR closed_on > %(last)s) THEN 1 ELSE 0 END"
        closed = "CASE WHEN closed_on BETWEEN %(first)s AND %(last)s THEN 1 ELSE 0 END"
        sums = f"sum({opened}), sum({is_open}), sum({closed}) FROM households_familyfile"
        ((f2, f1, f3),) = self.rows(f"SELECT {sums}")
        month = self.month.format("opened_on")
        return {
            "F2": f2, "F1": f1, "F3": f3,
            **self._grouped(["F2", "F1"], "station", f"SELECT station_id, {sums} GROUP BY 1"),
            **self._grouped(["F2"], "month", f"SELECT {month}, sum({opened}) FROM households_familyfile GROUP BY 1"),
        }  # fmt: skip

    def _groups(self) -> dict[str, Any]:
        """No person of the generated cities is known twice, so a person is counted by their key."""
        session = (
            "FROM services_servicerecord r JOIN groups_groupsession g ON g.record_id = r.id"
            " JOIN groups_group p ON p.id = g.group_id WHERE r.voided_at IS NULL"
        )
        held = f"{session} AND r.{SPAN}"
        first = f"SELECT g.group_id, min(r.occurred_on) AS occurred_on {session} GROUP BY 1"
        roll = (
            "FROM groups_attendance a JOIN services_servicerecord r ON r.id = a.record_id"
            f" WHERE a.presence IN ('present', 'late') AND r.{SPAN} AND r.voided_at IS NULL"
        )
        came = (
            "FROM services_contact c JOIN services_servicerecord r ON r.id = c.record_id"
            f" WHERE c.kind <> 'household' AND r.kind = 'group_session' AND r.{SPAN} AND r.voided_at IS NULL"
        )
        times = "sum(CASE WHEN c.kind = 'person' THEN 1 ELSE c.heads END)"
        ((g1, g2),) = self.rows(f"SELECT count(DISTINCT g.group_id), count(*) {held}")
        ((g1a,),) = self.rows(f"SELECT count(*) FROM ({first}) AS r WHERE r.{SPAN}")
        ended = "state = 'ended' AND ended_on BETWEEN %(first)s AND %(last)s"
        ((g1b,),) = self.rows(f"SELECT count(*) FROM groups_group WHERE {ended}")
        ((g3,),) = self.rows(f"SELECT count(DISTINCT coalesce(a.person_id, a.member_id)) {roll}")
        ((g4,),) = self.rows(f"SELECT {times} {came}")
        kinds = f"SELECT p.kind, count(DISTINCT g.group_id) {held} GROUP BY 1"
        return {
            "G1": g1, "G1A": g1a, "G1B": g1b, "G2": g2, "G3": g3, "G4": g4,
            **self._grouped(["G1"], "group_kind", kinds),
            **self._grouped(["G4"], "naming", f"SELECT c.kind, {times} {came} GROUP BY 1"),
        }  # fmt: skip

    def _activities(self) -> dict[str, Any]:
        event = (
            "FROM services_servicerecord r JOIN activities_activity a ON a.record_id = r.id"
            f" WHERE r.{SPAN} AND r.kind = 'activity' AND r.voided_at IS NULL"
        )
        times = "sum(CASE WHEN c.kind = 'person' THEN 1 ELSE c.heads END)"
        came = (
            "FROM services_contact c JOIN services_servicerecord r ON r.id = c.record_id"
            " LEFT JOIN activities_activity a ON a.record_id = r.id"
            f" WHERE c.kind <> 'household' AND r.{SPAN} AND r.voided_at IS NULL AND r.kind IN ({{}})"
        )
        both, only = came.format("'activity', 'group_session'"), came.format("'activity'")
        ((a1, t3),) = self.rows(f"SELECT count(*), sum(a.volunteer_hours) {event}")
        ((a2, a3, a6),) = self.rows(f"SELECT {times}, sum(c.heads), count(DISTINCT c.person_id) {only}")
        ((b1,),) = self.rows(f"SELECT {times} {both}")
        found: dict[str, Any] = {"A1": a1, "T3": t3, "A2": a2, "A3": a3, "A6": a6, "B1": b1}
        month = self.month.format("r.occurred_on")
        for code, dimension, column, figure, source in (
            ("A1", "station", "r.station_id", "count(*)", event), ("A1", "activity_kind", "a.kind", "count(*)", event),
            ("A1", "campaign", "r.campaign_id", "count(*)", event), ("A2", "naming", "c.kind", times, only),
            ("A2", "group", 'c."group"', times, only), ("A2", "activity_kind", "a.kind", times, only),
            ("A2", "campaign", "r.campaign_id", times, only), ("B1", "month", month, times, both),
            ("B1", "campaign", "r.campaign_id", times, both), ("B1", "station", "r.station_id", times, both),
        ):  # fmt: skip
            found |= self._grouped([code], dimension, f"SELECT {column}, {figure} {source} GROUP BY 1")
        return found
