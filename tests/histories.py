"""Generated histories of two stations that share a family, for tests that hold whatever was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import transaction

from shuangbai.core.findings import Refused
from shuangbai.core.periods import Period
from shuangbai.households.actions import close_tag, open_tags
from shuangbai.households.entries import Entered, TagEntry
from shuangbai.households.enums import PairState, Relation, TagEnd
from shuangbai.households.identity import merge_families, merge_people, undo_merge
from shuangbai.households.known import FAMILIES, PEOPLE
from shuangbai.households.moves import serve_households
from shuangbai.services.enums import CountMethod, HeadGroup
from shuangbai.services.models import ServiceRecord
from shuangbai.surveys.actions.asking import void_sheet
from shuangbai.surveys.actions.surveying import void_survey
from shuangbai.surveys.models import Questionnaire
from shuangbai.visits.enums import Mode, Result
from shuangbai.volunteers.actions.hours import give_hours, record_team_service
from shuangbai.volunteers.actions.people import enter_volunteer
from shuangbai.volunteers.actions.teams import form_team
from shuangbai.volunteers.entries import HoursEntry, TeamEntry, TeamServiceEntry, VolunteerEntry
from shuangbai.volunteers.enums import TeamKind, TeamStage
from shuangbai.volunteers.models import Volunteer
from tests.cast import City, a_campaign, a_family, a_file, a_member, a_visit, an_activity
from tests.surveying import a_questionnaire, a_survey, sheets_in

FIRST, LAST = date(2019, 7, 1), date(2020, 6, 6)
SPAN = Period(date(2019, 9, 1), date(2020, 5, 15))


@contextmanager
def undone() -> Iterator[None]:
    """One generated history, taken back afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class History:
    """A generated history of two stations that share a family."""

    city: City
    seed: int
    families: list[Entered] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self.stations = [self.city.chengdong, self.city.haicheng]
        self.campaign = a_campaign(self.city.centre, first=FIRST, last=LAST)

    def day(self) -> date:
        return FIRST + timedelta(days=self.random.randrange((LAST - FIRST).days + 1))

    def make(self) -> None:
        for index in range(6):
            station = self.stations[index % 2]
            tags = self.random.sample(["dibao_rural", "jiandang"], self.random.randrange(2))
            own = self.random.sample(["disabled", "alone_elder", "aged", "fringe"], self.random.randrange(3))
            members = [a_member(f"陈甲{index}", Relation.HEAD, tags=own), a_member(f"陈乙{index}", Relation.SON)]
            self.families.append(a_family(station, self.city.member_of(station), tags=tags, members=members))
        shared = self.families[0].household
        serve_households(by=self.city.users["worker"], entries=[(shared, self.city.haicheng, FIRST)])
        for step in range(self.random.randrange(14, 24)):
            steps = [self.visit, self.visit, self.visit, self.activity, self.tag, self.file, self.same, self.help]
            self.random.choice(steps)(step)
        for _ in range(self.random.randrange(1, 5)):
            self.survey()

    def visit(self, step: int) -> None:
        family = self.random.choice(self.families)
        station = family.household.station
        if family is self.families[0] and self.random.random() < 0.5:
            station = self.city.haicheng
        result = self.random.choice([Result.MET, Result.MET, Result.NOBODY_HOME, Result.REFUSED])
        met = self.random.sample(family.people, self.random.randrange(1, 3)) if result == Result.MET else []
        mode = self.random.choice([Mode.HOME, Mode.HOME, Mode.PHONE])
        on = self.random.choice([self.day(), date(2020, 1, 15)])
        campaign = self.random.choice([None, self.campaign])
        by = self.city.member_of(station)
        a_visit(station, by, family, on=on, result=result, met=met, mode=mode, campaign=campaign)

    def activity(self, step: int) -> None:
        station = self.random.choice(self.stations)
        mine = [f for f in self.families if f.household.station_id == station.pk]
        people = self.random.sample(self.random.choice(mine).people, self.random.randrange(3))
        heads = {group: self.random.randrange(9) for group in (HeadGroup.CHILDREN, HeadGroup.VOLUNTEERS)}
        if not people and not any(heads.values()):
            heads[HeadGroup.CHILDREN] = 3
        an_activity(
            station, self.city.member_of(station), on=self.day(), people=people, heads=heads,
            method=CountMethod.COUNTED, series=self.random.choice(["", "相伴童行"]), volunteers=4, volunteer_hours=6,
        )  # fmt: skip

    def tag(self, step: int) -> None:
        """A category opened with an earlier date, and now and then ended again."""
        family = self.random.choice(self.families)
        by = self.city.member_of(family.household.station)
        bearer = self.random.choice([family.household, *family.people])
        code = "dibian" if bearer is family.household else self.random.choice(["veteran", "mental", "left_woman"])
        starts = self.day()
        if bearer.tags.filter(category__code=code).exists():
            return
        [tag] = open_tags(by=by, bearer=bearer, entries=[TagEntry(code, starts)], acknowledged=True)
        if self.random.random() < 0.5:
            close_tag(by=by, tag=tag, ends_on=min(starts + timedelta(days=90), LAST), reason=TagEnd.LEFT)

    def file(self, step: int) -> None:
        family = self.random.choice(self.families)
        if not family.household.files.exists():
            a_file(family, self.city.member_of(family.household.station), on=self.day())

    def same(self, step: int) -> None:
        """Two families of two stations, and their heads, are held to be one; or what was held before is taken back."""
        one, other = self.random.choice(self.families[2::2]), self.random.choice(self.families[1::2])
        by = self.city.users["supervisor"]
        for kind, both in ((FAMILIES, [one.household, other.household]), (PEOPLE, [one.people[0], other.people[0]])):
            first, second = sorted(both, key=lambda entry: entry.pk.int)
            said = {"station": first.station, "score": 60}
            pair, _ = kind.pair.objects.get_or_create(first=first, second=second, defaults=said)
            if pair.state == PairState.SAME:
                undo_merge(by=by, pair=pair, reason="不是同一户")
                continue
            merge: Any = merge_families if kind == FAMILIES else merge_people
            with suppress(Refused):  # one of them was merged into a third before
                merge(by=by, pair=pair, keep=self.random.choice(both).pk, reason="对过户口本")

    def help(self, step: int) -> None:
        """Somebody becomes a volunteer and helps, in what was recorded or with a team of their own."""
        station = self.random.choice(self.stations)
        by = self.city.member_of(station)
        mine = [f for f in self.families if f.household.station_id == station.pk]
        person = self.random.choice(self.random.choice(mine).people)
        on_file = self.random.random() < 0.5
        known = Volunteer.objects.filter(station=station, person=person).first() if on_file else None
        who = {"person_id": person.pk} if on_file else {"name": f"林望{step}"}
        with suppress(Refused):  # already one under another entry of theirs, or more than a day holds
            one = known or enter_volunteer(by=by, entry=VolunteerEntry(station, FIRST, **who), acknowledged=True)
            served = [HoursEntry(one.pk, Decimal(self.random.choice(["0.5", "1.5", "3"])))]
            records = list(ServiceRecord.objects.filter(station=station, voided_at=None, occurred_on__gte=FIRST))
            if records and self.random.random() < 0.7:
                give_hours(by=by, record=self.random.choice(records), entries=served)
                return
            kind = self.random.choice([TeamKind.WOMEN, TeamKind.YOUTH])
            team = form_team(by=by, entry=TeamEntry(station, f"{step}队", kind, FIRST, stage=TeamStage.GROWING))
            record_team_service(by=by, entry=TeamServiceEntry(station, self.day(), "清扫", team.pk, hours=served))

    def survey(self) -> None:
        """A village is surveyed and sheets of a questionnaire are entered, some of each voided again."""
        station, on = self.random.choice(self.stations), self.day()
        by = self.city.member_of(station)
        survey = a_survey(station, by, first_on=on, last_on=on)
        asked = Questionnaire.objects.filter(owner=station).first() or a_questionnaire(station, by)
        villages = [None, survey.village_id]
        sheets = [sheets_in(station, by, asked, 1, filled_on=on, village_id=self.random.choice(villages))[0]
                  for _ in range(self.random.randrange(4))]  # fmt: skip
        if self.random.random() < 0.3:
            void_survey(by=by, survey=survey, reason="录重了")
        if sheets and self.random.random() < 0.3:
            void_sheet(by=by, sheet=sheets[0], reason="录重了")
