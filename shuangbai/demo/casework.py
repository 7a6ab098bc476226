"""Cases of the demonstration, with what came of them: the article's four, others that run, two stories and their prizes.

Through the actions, on the days on which things happened, by whoever worked at the station then.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from uuid import UUID

from django.db.models import Q, QuerySet

from shuangbai.cases.actions.ending import (
    ClosingEntry,
    EvaluationEntry,
    FollowUpEntry,
    close_case,
    evaluate_case,
    record_follow_up,
    write_closing,
)
from shuangbai.cases.actions.moving import move_case
from shuangbai.cases.actions.opening import CaseEntry, OpenEntry, open_case
from shuangbai.cases.actions.scoring import record_scale
from shuangbai.cases.actions.watching import say_view
from shuangbai.cases.actions.working import (
    AssessmentEntry,
    GoalEntry,
    PlanEntry,
    SessionEntry,
    assess,
    plan_case,
    rate_goal,
    record_session,
    set_goal,
)
from shuangbai.cases.enums import Consent, FollowUpResult, Risk, SessionMode, Stage, Urgency, ViewKind
from shuangbai.cases.models import Case, CaseClient, FollowUp, Goal
from shuangbai.cases.rules import OPEN_STAGES
from shuangbai.cases.sheet import SATISFACTION_SCALE
from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.demo import casehelp as helped
from shuangbai.demo.casebook import BEATEN, FIRE, FOUR, MOTHERLESS, REKINDLED, ROPE, Aim, Talk, Told, Written
from shuangbai.demo.casehelp import Desk, Names
from shuangbai.demo.caseload import RUNNING, Running
from shuangbai.demo.shapes import CLOCK_DAY
from shuangbai.dossier.enums import ConsentForm
from shuangbai.households.enums import Relation
from shuangbai.households.models import HouseholdStation, Membership, Person
from shuangbai.network.models import OrgUnit, Posting, User
from shuangbai.scales.actions import ResultEntry
from shuangbai.scales.enums import Filler
from shuangbai.stories.actions.awarding import AwardEntry, enter_award
from shuangbai.stories.actions.consenting import ConsentEntry, record_consent
from shuangbai.stories.actions.moving import move_story
from shuangbai.stories.actions.writing import StoryEntry, decide, draft_story, write_story
from shuangbai.stories.enums import AwardFor, AwardGrade, Does, Level, Reach, Step
from shuangbai.stories.gathering import found_in, surroundings_of
from shuangbai.stories.models import Story
from shuangbai.stories.rules import SECTIONS

CHILDREN = [Relation.SON, Relation.DAUGHTER, Relation.GRANDSON, Relation.GRANDDAUGHTER]
SPOUSES = [Relation.WIFE, Relation.HUSBAND, Relation.SPOUSE]
PLACES = {"home": "家里", "office": "社工站"}
KEEP = "泛指，认不出是谁、是哪里"


def _born(day: date, youngest: int, eldest: int) -> Q:
    """Born so that somebody is between two ages on the day."""
    return Q(birth_date__lte=_back(day, youngest), birth_date__gt=_back(day, eldest + 1))


def _back(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))


# Whom a case of a kind is about: who they are in the family, and how old.
PICKS: Mapping[str, Callable[[date], Q]] = {
    "teen": lambda day: _born(day, 13, 15) & _in(day, [Relation.SON]),
    "granddaughter": lambda day: _born(day, 9, 11) & _in(day, [Relation.GRANDDAUGHTER]) & _with_grandmother(day),
    "kid": lambda day: _born(day, 7, 14) & _in(day, CHILDREN),
    "elder": lambda day: _born(day, 72, 88) & _in(day, [Relation.HEAD]) & Q(sex="2"),
    "old": lambda day: _born(day, 66, 90) & _in(day, [Relation.HEAD]),
    "disabled": lambda day: _born(day, 36, 52) & _in(day, [Relation.HEAD]) & Q(sex="1"),
    "adult": lambda day: _born(day, 28, 58) & _in(day, [Relation.HEAD]),
    "wife": lambda day: _born(day, 26, 55) & _in(day, SPOUSES),
}


def _with_grandmother(day: date) -> Q:
    """Of a family that an old woman heads, without the parents."""
    heads = Membership.objects.on(day).filter(
        relation=Relation.HEAD, person__sex="2", person__birth_date__lte=_back(day, 70)
    )
    parents = Membership.objects.on(day).filter(relation__in=[Relation.SON, Relation.DAUGHTER_IN_LAW])
    here = Membership.objects.on(day).filter(household__in=heads.values("household"))
    return Q(pk__in=here.exclude(household__in=parents.values("household")).values("person"))


def _in(day: date, relations: Sequence[str]) -> Q:
    return Q(pk__in=Membership.objects.on(day).filter(relation__in=relations, is_primary=True).values("person"))


def fill(heads: dict[str, User]) -> None:
    """All cases, stories and prizes. `heads`: the head's account by the station's code."""
    supervisor = User.objects.get(username="supervisor")
    taken: dict[str, set[UUID]] = defaultdict(set)

    def desk(code: str, day: date) -> Desk:
        return _desk(code, heads[code], day, taken[code])

    done = [_whole(desk(told.station, told.opened), told, supervisor) for told in FOUR]
    for one in RUNNING:
        _running(desk(one.station, one.opened), one, supervisor)
    for told, written in ((REKINDLED, FIRE), (MOTHERLESS, ROPE)):
        _story(desk(told.station, told.opened), done[FOUR.index(told)], written, supervisor)
    _draft(desk(BEATEN.station, BEATEN.opened), done[FOUR.index(BEATEN)])


def _desk(code: str, head: User, day: date, taken: set[UUID]) -> Desk:
    """The worker whose sign-in is printed, where they were there on the day; otherwise who was there longest."""
    station = OrgUnit.objects.get(code=code)
    posted = Posting.objects.filter(unit=station, starts_on__lte=day, ends_on__isnull=True).exclude(staff=head.staff_id)
    rows = posted.select_related("staff__account").order_by("starts_on", "staff__name", "pk")
    shown = {"worker", "stranger"}
    accounts = sorted((row.staff.account for row in rows), key=lambda user: user.username not in shown)
    return Desk(station, accounts[0].pk if accounts else head.pk, head.pk, taken)


# ONE CASE -------------------------------------------------------------------


def _client(desk: Desk, day: date, pick: str) -> Person:
    """Who fits and has no case yet, of a family with a file where there is one: by birth and name, always the same."""
    served = HouseholdStation.objects.on(day).filter(station=desk.station).values("household")
    theirs = Membership.objects.filter(household__in=served).values("person")
    found: QuerySet[Person] = Person.objects.filter(PICKS[pick](day), pk__in=theirs, died_on=None)
    found = found.exclude(pk__in=desk.taken).order_by("birth_date", "name", "id_tail")
    on_file = {"household__files__opened_on__lte": day, "household__files__closed_on": None}
    homes = Membership.objects.on(day).filter(**on_file).values("person")
    one = found.filter(pk__in=homes).first() or found.first()
    assert one is not None, (desk.station.code, pick)
    return one


def _names(person: Person, home: Membership, worker: User, father: str = "") -> Names:
    head = Membership.objects.filter(household=home.household_id, relation=Relation.HEAD).select_related("person")
    first = next((row.person.name for row in head if row.person_id != person.pk), person.name)
    village = home.household.village
    return Names({
        "K": person.name, "k": person.name[-2:] if len(person.name) > 2 else person.name,
        "F": person.name[0] + father if father else first,
        "V": village.short_name, "W": worker.display_name,
    })  # fmt: skip


def _opened(desk: Desk, told: Told | Running, supervisor: User) -> tuple[Case, Names]:
    day = told.opened
    with desk.on(day) as user:
        person = _client(desk, day, told.client)
        home = Membership.objects.on(day).select_related("household__village").filter(
            person=person, is_primary=True
        ).order_by("pk")[0]  # fmt: skip
        family = Membership.objects.filter(household=home.household_id).values_list("person_id", flat=True)
        desk.taken.update(family)
        names = _names(person, home, user, getattr(told, "father", ""))
        at = clock.at(day, 17, 20)
        said = CaseEntry(
            source=told.source, kind=told.kind, presenting=names(told.presenting), people=[person.pk], opened_on=day,
            urgency=Urgency(told.urgency), judgement=names(told.judgement), accepted_on=day if told.accept else None,
            accept_reason=names(told.accept), consent=Consent(told.consent or "pending"),
            consent_on=day if told.consent else None,
        )  # fmt: skip
        case = open_case(by=user, acknowledged=True, entry=OpenEntry(
            station=desk.station, client_id=random_id(), household_id=home.household_id, said=said,
            risk=Risk(told.risk) if told.risk else None, risk_reason=names(told.risk_reason),
            supervisor_id=supervisor.pk, entered_at=at,
        ))  # fmt: skip
    return case, names


def _assessed(desk: Desk, case: Case, names: Names, on: date, texts: Mapping[str, str]) -> None:
    with desk.on(on) as user:
        entry = AssessmentEntry(on, entered_at=clock.at(on, 18))
        for name, text in names.all(texts).items():
            setattr(entry, name, text)
        assess(by=user, case=case, entry=entry)


def _planned(desk: Desk, case: Case, names: Names, on: date, texts: Mapping[str, str], aims: Sequence[Aim]) -> None:
    with desk.on(on) as user:
        entry = PlanEntry(on, **names.all(texts), agreed_on=on, entered_at=clock.at(on, 18))
        plan_case(by=user, case=case, version=0, entry=entry)
        for aim in aims:
            set_goal(by=user, case=case, acknowledged=True, entry=GoalEntry(
                statement=names(aim.statement), indicator=names(aim.indicator), target=names(aim.target), set_on=on,
                due_on=on + timedelta(days=180), baseline=names(aim.baseline), entered_at=clock.at(on, 18),
            ))  # fmt: skip


def _talked(desk: Desk, case: Case, names: Names, talk: Talk, following: date | None = None) -> None:
    on = case.opened_on + timedelta(days=talk.day)
    with desk.on(on) as user:
        assert user.staff_id is not None
        record_session(by=user, case=case, entry=SessionEntry(
            on, talk.minutes, SessionMode(talk.mode), names(talk.process), user.staff_id, purpose=names(talk.purpose),
            response=names(talk.response), reflection=names(talk.reflection), next_step=names(talk.next_step),
            place=names(talk.place or PLACES.get(talk.mode, "")), present=names(talk.present), next_on=following,
            entered_at=clock.at(on, 19),
        ))  # fmt: skip


def _rated(desk: Desk, case: Case, names: Names, aims: Sequence[Aim], until: date) -> None:
    goals = list(Goal.objects.filter(case=case).order_by("position"))
    for goal, aim in zip(goals, aims, strict=True):
        for day, value, note in aim.ratings:
            on = max(case.opened_on + timedelta(days=day), goal.set_on)
            if on <= until:
                with desk.on(on) as user:
                    rate_goal(
                        by=user, goal=goal, value=value, rated_on=on, note=names(note), entered_at=clock.at(on, 18)
                    )


def _moved(desk: Desk, case: Case, to: Stage, on: date, reason: str = "") -> None:
    with desk.on(on) as user:
        now = Case.objects.get(pk=case.pk)
        move_case(
            by=user, case=now, version=now.version, to=to, on=on, reason=reason, acknowledged=True,
            entered_at=clock.at(on, 18),
        )  # fmt: skip


def _viewed(supervisor: User, case: Case, kind: ViewKind, on: date, text: str) -> None:
    with clock.pinned(on):
        agrees = None if kind == ViewKind.COMMENT else True
        by = User.objects.get(pk=supervisor.pk)
        say_view(by=by, case=case, kind=kind, text=text, agrees=agrees, entered_at=clock.at(on, 20))


# THE FOUR --------------------------------------------------------------------


def _whole(desk: Desk, told: Told, supervisor: User) -> Case:
    """A case from the first knock to the visits afterwards."""
    case, names = _opened(desk, told, supervisor)
    assessed, planned = told.opened + timedelta(days=4), told.opened + timedelta(days=9)
    _moved(desk, case, Stage.ASSESS, told.opened)
    _assessed(desk, case, names, assessed, told.assessment)
    _moved(desk, case, Stage.PLAN, assessed)
    _planned(desk, case, names, planned, told.plan, told.aims)
    _viewed(supervisor, case, ViewKind.PLAN, planned, told.views[0])
    _moved(desk, case, Stage.ACT, planned)
    for talk, after in zip_longest(told.talks, told.talks[1:]):
        _talked(desk, case, names, talk, told.opened + timedelta(days=after.day) if after else None)
    helped.give(desk, case, names, told)
    closed_on = told.opened + timedelta(days=told.closed_after)
    _rated(desk, case, names, told.aims, closed_on)
    evaluated = closed_on - timedelta(days=2)
    _moved(desk, case, Stage.EVALUATE, evaluated)
    with desk.on(evaluated) as user:
        entry = EvaluationEntry(evaluated, satisfaction=told.satisfaction, entered_at=clock.at(evaluated, 18))
        for name, text in names.all(told.evaluation).items():
            setattr(entry, name, text)
        evaluate_case(by=user, case=case, entry=entry)
        person = CaseClient.objects.filter(case=case).order_by("position")[0].person_key
        answers = {str(place): points for place, points in enumerate(told.answers, 1)}
        said = ResultEntry(random_id(), person, SATISFACTION_SCALE, 1, evaluated, Filler.CLIENT, answers)
        record_scale(by=user, case=case, entry=said)
    _moved(desk, case, Stage.CLOSE, closed_on)
    _closed(desk, case, names, told, closed_on, supervisor)
    return Case.objects.get(pk=case.pk)


def _closed(desk: Desk, case: Case, names: Names, told: Told, on: date, supervisor: User) -> None:
    """Written, agreed to by the supervisor, closed; and the visits afterwards."""
    months = sorted({1, 3, 6} | {month for month, _, _ in told.follow_ups})
    with desk.on(on) as user:
        now = Case.objects.get(pk=case.pk)
        entry = ClosingEntry("reached", months=months, **names.all(told.closing))
        write_closing(by=user, case=now, version=now.version, entry=entry)
    _viewed(supervisor, case, ViewKind.CLOSING, on, told.views[1])
    with desk.on(on) as user:
        now = Case.objects.get(pk=case.pk)
        close_case(by=user, case=now, version=now.version, entry=entry, on=on, entered_at=clock.at(on, 18))
    planned = list(FollowUp.objects.filter(case=case).order_by("due_on"))
    for row, (_months, result, note) in zip(planned, told.follow_ups, strict=False):
        with desk.on(row.due_on) as user:
            assert user.staff_id is not None
            record_follow_up(by=user, follow_up=row, version=1, entry=FollowUpEntry(
                row.due_on, SessionMode.HOME, FollowUpResult(result), names(note), user.staff_id
            ))  # fmt: skip


# THOSE THAT RUN ----------------------------------------------------------------


def _running(desk: Desk, one: Running, supervisor: User) -> None:
    """A case that has come to a stage, with what it has by then."""
    case, names = _opened(desk, one, supervisor)
    reached = OPEN_STAGES.index(Stage(one.stage))
    day = one.opened + timedelta(days=5)
    if reached >= OPEN_STAGES.index(Stage.ASSESS):
        _moved(desk, case, Stage.ASSESS, one.opened)
    if one.assessment:
        _assessed(desk, case, names, day, one.assessment)
    if reached >= OPEN_STAGES.index(Stage.PLAN):
        _moved(desk, case, Stage.PLAN, day, one.hurry)
    if one.plan:
        _planned(desk, case, names, day + timedelta(days=3), one.plan, one.aims)
    if reached >= OPEN_STAGES.index(Stage.ACT):
        _moved(desk, case, Stage.ACT, day + timedelta(days=3), one.hurry)
    for place, talk in enumerate(one.talks):
        last = place == len(one.talks) - 1
        _talked(desk, case, names, talk, one.next_on if last else None)
    _rated(desk, case, names, one.aims if one.plan else (), CLOCK_DAY)
    if reached >= OPEN_STAGES.index(Stage.EVALUATE):
        _moved(desk, case, Stage.EVALUATE, CLOCK_DAY - timedelta(days=4), one.hurry)
    if one.comment:
        _viewed(supervisor, case, ViewKind.COMMENT, CLOCK_DAY - timedelta(days=2), one.comment)


# STORIES AND PRIZES ------------------------------------------------------------


def _story(desk: Desk, case: Case, written: Written, supervisor: User) -> None:
    """Drafted, written, decided on place by place, agreed to by the head and the client, sent in, awarded."""
    with desk.on(written.drafted) as user:
        story = draft_story(by=user, case=case, client_id=random_id(), title=written.title)
        story = write_story(by=user, story=story, version=1, entry=StoryEntry(written.title, written.texts))
        around = surroundings_of(case)
        for found in found_in(story, around):
            story = decide(
                by=user, story=story, version=story.version, subject=found.subject, does=Does.KEEP, words=KEEP
            )
        story = _step(user, story, Step.CHECK)
    with clock.pinned(written.released - timedelta(days=3)):
        agrees = desk.head if desk.head != desk.worker else supervisor.pk
        story = _step(User.objects.get(pk=agrees), story, Step.AGREE)
    with desk.on(written.released) as user:
        _consented(user, story, case, written.released)
        story = _step(user, story, Step.RELEASE)
    day, where = written.submitted
    with desk.on(day) as user:
        story = _step(user, story, Step.SUBMIT, where)
    with desk.on(written.awarded) as user:
        enter_award(by=user, entry=AwardEntry(
            station=desk.station, client_id=random_id(), of=AwardFor.STORY, name=written.name, level=Level.PROVINCE,
            grade=AwardGrade(written.grade), awarded_on=written.awarded, body="全省社会工作案例评选组委会",
            story_id=story.pk,
        ))  # fmt: skip


def _step(by: User, story: Story, step: Step, reason: str = "") -> Story:
    return move_story(by=by, story=story, version=story.version, step=step, reason=reason)


def _consented(user: User, story: Story, case: Case, on: date) -> None:
    client = CaseClient.objects.filter(case=case).order_by("position")[0]
    person = Person.objects.get(pk=client.person_key)
    minor = person.birth_date is not None and person.birth_date > _back(on, 18)
    record_consent(by=user, story=story, entry=ConsentEntry(
        random_id(), person.pk, "父亲" if minor else person.name, Reach.PUBLIC, ConsentForm.WRITTEN, on,
        as_guardian=minor,
    ))  # fmt: skip


def _draft(desk: Desk, case: Case) -> None:
    """One that is being written: a name and a rare fact that were typed wait to be decided on."""
    with desk.on(CLOCK_DAY - timedelta(days=3)) as user:
        story = draft_story(by=user, case=case, client_id=random_id(), title="天亮以后，他学会了说出来")
        texts = {name: getattr(story, name) for name in SECTIONS}
        client = CaseClient.objects.filter(case=case).order_by("position")[0]
        texts["background"] += f"\n邻居黄丽华说，{client.name}从小在海边长大，家里有五个孩子。"
        write_story(by=user, story=story, version=1, entry=StoryEntry(story.title, texts))
