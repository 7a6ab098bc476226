"""Volunteers of the demonstration: two teams at 东洲, the women's team of 赤山, some elsewhere.

Invented people, the same each time. Hours in activities stay within what the activities count, so that no figure
published of the city moves; what teams did on their own comes on top of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.demo.names import Names
from shuangbai.households.enums import BirthPrecision
from shuangbai.households.models import Person
from shuangbai.network.models import Area, Coverage, OrgUnit, User
from shuangbai.volunteers.actions.certifying import CertificateEntry, issue_certificate
from shuangbai.volunteers.actions.hours import give_hours, record_team_service
from shuangbai.volunteers.actions.leading import open_link, return_report, send_report
from shuangbai.volunteers.actions.people import enter_volunteers, note_merit
from shuangbai.volunteers.actions.teams import enter_organisation, form_team, join_team, move_team, note_help
from shuangbai.volunteers.entries import (
    HoursEntry,
    MeritEntry,
    OrganisationEntry,
    TeamEntry,
    TeamReportEntry,
    TeamServiceEntry,
    VolunteerEntry,
)
from shuangbai.volunteers.enums import FreeTime, MeritKind, OrganisationKind, Standing, TeamKind, TeamRole, TeamStage
from shuangbai.volunteers.models import Team, Volunteer

SEED = 20181103
DONGZHOU, CHENGDONG = "SW-CQ-01", "SW-HF-02"
SKILLS = ("广场舞、组织", "做饭", "理发", "会开三轮车", "讲故事", "量血压", "写毛笔字", "会修水电", "拍照", "照顾老人")
NAMED = 8  # activities of a station whose volunteers are named


@dataclass(frozen=True)
class Planned:
    """A team as it is to be: stages after its founding, how many, and what it did on its own, with days and hours."""

    station: str
    name: str
    kind: TeamKind
    founded: date
    village: str
    aim: str
    size: int
    sex: str
    born: tuple[int, int]
    stages: Sequence[tuple[date, TeamStage, str]]
    services: Sequence[tuple[date, str, str, str]] = ()
    first: TeamStage = TeamStage.GROWING


TEAMS = (
    Planned(
        CHENGDONG, "赤山村巾帼志愿队", TeamKind.WOMEN, date(2018, 11, 3), "赤山", "清扫村道，看望独居长者",
        22, "2", (1962, 1984),
        (
            (date(2019, 3, 8), TeamStage.GROWING, "一起跳广场舞的姐妹定下每周六一起做事，站里每月开一次会"),
            (date(2019, 11, 2), TeamStage.RUNNING, "自己排班、自己开例会已半年，站里不再到场"),
        ),
        (
            (date(2019, 4, 13), "清扫祠堂前的空地", "祠堂前", "2"),
            (date(2019, 9, 7), "给独居长者送月饼、打扫", "赤山村", "2.5"),
            (date(2019, 12, 21), "冬至搓汤圆分给高龄长者", "文化室", "3"),
            (date(2020, 2, 15), "口罩和蔬菜送到门口", "赤山村", "2"),
            (date(2020, 5, 9), "清理水沟、洒药防蚊", "赤山村", "2"),
        ),
        TeamStage.GATHERING,
    ),
    Planned(
        DONGZHOU, "东洲青春志愿队", TeamKind.YOUTH, date(2018, 4, 14), "东一", "陪孩子做游戏，活动当天布置、带组",
        9, "", (1996, 2006), ((date(2019, 9, 14), TeamStage.RUNNING, "队员自己招新，暑假排班不用站里催"),),
    ),
    Planned(
        DONGZHOU, "东洲巾帼志愿队", TeamKind.WOMEN, date(2018, 9, 8), "东二", "亲子活动带组，照看儿童乐园",
        8, "2", (1970, 1988), (),
        ((date(2020, 4, 25), "清洗儿童乐园的器材", "“守护天使的翅膀”儿童乐园", "2"),),
    ),
    Planned(
        "SW-HF-01", "海城邻里志愿队", TeamKind.NEIGHBOURS, date(2020, 3, 21), "", "楼上楼下搭把手",
        4, "", (1955, 1990), (), (), TeamStage.GATHERING,
    ),
)  # fmt: skip

HANDED_IN = (
    (date(2020, 5, 30), "儿童乐园开门半天，带孩子做游戏", "儿童乐园", 5),
    (date(2020, 5, 24), "给乐园的栏杆上漆", "儿童乐园", 3),
)


def fill(heads: Mapping[str, User]) -> None:
    """Everything by the heads of the stations, dated as it would have been."""
    rng = Random(SEED)
    names = Names(rng)
    for planned in TEAMS:
        if planned.station in heads:
            _Team(planned, heads[planned.station], names, rng).make()
    for code in (DONGZHOU, CHENGDONG):
        if code in heads:
            _name_helpers(heads[code], OrgUnit.objects.get(code=code))
    _organisations(heads)
    _handed_in(heads[DONGZHOU])
    _paper(heads[CHENGDONG])


def _afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


class _Team:
    def __init__(self, planned: Planned, by: User, names: Names, rng: Random) -> None:
        self.planned, self.by, self.names, self.rng = planned, by, names, rng
        self.station = OrgUnit.objects.get(code=planned.station)
        covered = Coverage.objects.filter(station=self.station).values("village")
        near = Area.objects.filter(pk__in=covered, name__contains=planned.village).order_by("pk")
        self.village = near.first() if planned.village else None

    def make(self) -> None:
        said = self.planned
        team = form_team(by=_afresh(self.by), entry=TeamEntry(
            self.station, said.name, said.kind, said.founded, self.village.pk if self.village else None,
            aim=said.aim, stage=said.first, client_id=UUID(int=self.rng.getrandbits(128)),
        ))  # fmt: skip
        people = enter_volunteers(by=_afresh(self.by), entries=[self._volunteer(n) for n in range(said.size)])
        for number, volunteer in enumerate(people):
            role = (TeamRole.LEADER, TeamRole.DEPUTY, TeamRole.MEMBER)[min(number, 2)]
            join_team(by=_afresh(self.by), team=team, volunteer=volunteer, starts_on=volunteer.since, role=role)
        for version, (on, stage, why) in enumerate(said.stages, 1):
            move_team(by=_afresh(self.by), team=team, version=version, to=stage, on=on, reason=why)
        for on, title, place, hours in said.services:
            self._service(team, people, on, title, place, Decimal(hours))

    def _volunteer(self, number: int) -> VolunteerEntry:
        said, rng = self.planned, self.rng
        sex = said.sex or rng.choice("12")
        born = date(rng.randint(*said.born), rng.randint(1, 12), rng.randint(1, 28))
        person = self._on_file() if number == 1 and said.station == CHENGDONG else None
        minor = born > date(2002, 6, 6)
        own: dict[str, Any] = {} if person else {
            "name": self.names.full(self.names.surname(), sex, born.year), "sex": sex, "birth_date": born,
            "birth_precision": BirthPrecision.DAY, "phone": self.names.mobile(),
        }  # fmt: skip
        return VolunteerEntry(
            station=self.station, since=said.founded, person_id=person.pk if person else None,
            village_id=self.village.pk if self.village else None, skills=rng.choice(SKILLS),
            times=[FreeTime.WEEKEND] if minor or number % 3 else [FreeTime.WEEKDAY, FreeTime.EVENING],
            guardian="母亲" if minor else "", consented_on=said.founded if minor and number % 4 else None,
            client_id=UUID(int=rng.getrandbits(128)), **own,
        )  # fmt: skip

    def _on_file(self) -> Person | None:
        """A woman of a family that the station serves in this village."""
        rows = Person.objects.filter(
            sex="2", birth_date__range=(date(1962, 1, 1), date(1980, 12, 31)), died_on=None,
            memberships__household__serving__station=self.station, memberships__household__village=self.village,
            memberships__ends_on=None, memberships__household__serving__ends_on=None,
        )  # fmt: skip
        return rows.order_by("birth_date", "name", "initials").first()

    def _service(
        self, team: Team, people: Sequence[Volunteer], on: date, title: str, place: str, hours: Decimal
    ) -> None:  # fmt: skip
        chosen = people[: self.rng.randint(len(people) // 2, len(people))]
        entry = TeamServiceEntry(
            self.station, on, title, team.pk, self.village.pk if self.village else None, place,
            hours=[HoursEntry(one.pk, hours) for one in chosen], client_id=UUID(int=self.rng.getrandbits(128)),
            entered_at=clock.at(on + timedelta(days=1), 9, 20),
        )  # fmt: skip
        record_team_service(by=_afresh(self.by), entry=entry)


def _name_helpers(by: User, station: OrgUnit) -> None:
    """Who the counted volunteers of the latest activities were, as far as they are on the station's list."""
    people = list(Volunteer.objects.filter(station=station).select_related("person").order_by("since", "client_id"))
    held = Activity.objects.filter(station=station, volunteers__gt=0, record__voided_at=None)
    for place, activity in enumerate(held.select_related("record").order_by("-record__occurred_on", "title")[:NAMED]):
        each = (activity.volunteer_hours / activity.volunteers).quantize(Decimal("0.1"))
        many = min(activity.volunteers, 4)
        if not each or each * many > activity.volunteer_hours:
            continue
        chosen = [people[(place * 4 + step) % len(people)] for step in range(many)]
        chosen = [one for one in dict.fromkeys(chosen) if one.serves_on(activity.record.occurred_on)]
        entries = [HoursEntry(one.pk, each, task="带组、维持秩序") for one in chosen]
        give_hours(by=_afresh(by), record=activity.record, entries=entries)


def _organisations(heads: Mapping[str, User]) -> None:
    asked = (
        (CHENGDONG, "赤山村文艺队", OrganisationKind.CULTURE, Standing.FILED, "城东备2019012", date(2019, 6, 12),
         "协助备案，联系文化站借音响"),
        (DONGZHOU, "东一村老年人协会", OrganisationKind.ELDERS, Standing.NEITHER, "", None,
         "帮忙写章程，商量每月一次的长者生日会"),
    )  # fmt: skip
    for place, (code, name, kind, standing, number, on, what) in enumerate(asked):
        by, station = heads[code], OrgUnit.objects.get(code=code)
        entry = OrganisationEntry(station, name, kind, standing, number, on, client_id=UUID(int=SEED + place))
        row = enter_organisation(by=_afresh(by), entry=entry, acknowledged=True)
        note_help(by=_afresh(by), organisation=row, happened_on=date(2019, 6, 20), what=what)


def _handed_in(by: User) -> None:
    """A team of 东洲 has a page of its own: one service waits for the station, one was sent back to the leader."""
    team = Team.objects.get(name="东洲巾帼志愿队")
    link, _ = open_link(by=_afresh(by), team=team, months=6)
    people = [row.volunteer_id for row in team.members.order_by("starts_on", "volunteer__client_id")]
    for place, (on, title, where, many) in enumerate(HANDED_IN):
        entry = TeamReportEntry(
            on,
            title,
            many + 1,
            [(pk, Decimal(2)) for pk in people[:many]],
            where,
            client_id=UUID(int=SEED + 100 + place),
        )
        report = send_report(link=link, entry=entry)
        if place:
            return_report(by=_afresh(by), report=report, version=1, answer="请把几点到几点补上，那天下午队里还有别的事")


def _paper(by: User) -> None:
    """A training, an award, and a certificate of the women's leader."""
    team = Team.objects.get(name=TEAMS[0].name)
    leader = team.members.get(role=TeamRole.LEADER).volunteer
    training = MeritEntry(MeritKind.TRAINING, date(2019, 5, 18), "长者跌倒急救", "镇卫生院", Decimal(3))
    note_merit(by=_afresh(by), about=leader, entry=training)
    award = MeritEntry(MeritKind.AWARD, date(2020, 3, 5), "镇优秀志愿服务队", "镇政府")
    note_merit(by=_afresh(by), about=team, entry=award)
    entry = CertificateEntry(team.founded_on, date(2020, 5, 20), "镇妇联评优")
    issue_certificate(by=_afresh(by), volunteer=leader, entry=entry)
