"""What the demonstration's four cases were given, where their people were sent, and what was applied for with them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from shuangbai.assistance.actions.matters import MatterEntry, StepEntry, move_matter, open_matter, tick_papers
from shuangbai.assistance.enums import MatterKind
from shuangbai.assistance.enums import Move as Step
from shuangbai.assistance.models import Matter, MatterPaper
from shuangbai.cases.models import Case, CaseClient
from shuangbai.core import clock
from shuangbai.core.ids import random_id
from shuangbai.demo.casebook import Claim, Gift, Sent, Told
from shuangbai.demo.shapes import CLOCK_DAY
from shuangbai.households.enums import Relation
from shuangbai.households.models import Household, Membership
from shuangbai.network.models import OrgUnit, User
from shuangbai.resources.actions.linking import LinkEntry, link_resource
from shuangbai.resources.actions.referring import MoveEntry, ReferralEntry, move_referral, start_referral
from shuangbai.resources.enums import Move
from shuangbai.resources.models import Referral, Resource


@dataclass(slots=True)
class Desk:
    """Who writes at a station: one worker for all of it, the head, the supervisor; and who has a case already."""

    station: OrgUnit
    worker: UUID
    head: UUID
    taken: set[UUID]

    @contextmanager
    def on(self, day: date) -> Iterator[User]:
        """The worker's account as a request on that day would load it."""
        with clock.pinned(min(day, CLOCK_DAY)):
            yield User.objects.get(pk=self.worker)


@dataclass(slots=True)
class Names:
    """What the blanks of the texts become."""

    said: dict[str, str]

    def __call__(self, text: str) -> str:
        return text.format_map(self.said) if text else ""

    def all(self, texts: Mapping[str, str]) -> dict[str, str]:
        return {name: self(text) for name, text in texts.items()}


def give(desk: Desk, case: Case, names: Names, told: Told) -> None:
    """Links, referrals and applications, each on its day."""
    home = Household.objects.get(pk=case.household_key)
    client = CaseClient.objects.filter(case=case).order_by("position")[0].person_key
    for gift in told.gifts:
        _link(desk, case, home, client, gift, secret=told.secret)
    wife = Membership.objects.filter(household=home, relation__in=[Relation.WIFE, Relation.SPOUSE]).first()
    for sent in told.sent:
        whom = client if sent.client or wife is None else wife.person_id
        _refer(desk, case, home, whom, names, sent, secret=told.secret)
    for claim in told.claims:
        _claim(desk, case, home, client, claim)


def _link(desk: Desk, case: Case, home: Household, client: UUID, gift: Gift, *, secret: bool) -> None:
    on = case.opened_on + timedelta(days=gift.day)
    entry = LinkEntry(
        random_id(), Resource.objects.get(name=gift.resource).pk, on, household=home, case_key=case.pk,
        person_id=client if gift.client else None, only_case=secret, result=gift.result,
    )  # fmt: skip
    if gift.value:
        entry.value, entry.valued_by = Decimal(gift.value), gift.valued_by
    if gift.quantity:
        entry.quantity, entry.unit = Decimal(gift.quantity[0]), gift.quantity[1]
    with desk.on(on) as user:
        link_resource(by=user, entry=entry, acknowledged=True)


def _refer(desk: Desk, case: Case, home: Household, whom: UUID, names: Names, sent: Sent, *, secret: bool) -> None:
    asked = case.opened_on + timedelta(days=sent.steps[0][1])
    entry = ReferralEntry(
        random_id(), asked, names(sent.why), names(sent.asks), household=home, case_key=case.pk, body=names(sent.body),
        person_id=whom, only_case=secret, contact=sent.contact,
    )  # fmt: skip
    with desk.on(asked) as user:
        referral = start_referral(by=user, entry=entry, acknowledged=True)
    for move, day, with_whom, note in sent.steps:
        on = case.opened_on + timedelta(days=day)
        with desk.on(on) as user:
            now = Referral.objects.get(pk=referral.pk)
            move_referral(
                by=user,
                referral=now,
                version=now.version,
                entry=MoveEntry(Move(move), on, whom=with_whom, note=names(note)),
            )


def _claim(desk: Desk, case: Case, home: Household, client: UUID, claim: Claim) -> None:
    began = case.opened_on + timedelta(days=claim.steps[0][1])
    with desk.on(began) as user:
        entry = MatterEntry(random_id(), home, claim.policy, MatterKind.NEW, began, person_id=client)
        matter = open_matter(by=user, entry=entry, acknowledged=True)
        papers = list(MatterPaper.objects.filter(matter=matter).values_list("pk", flat=True))
        if papers:
            matter = tick_papers(by=user, matter=matter, version=matter.version, got=papers)
    for step, day, note in claim.steps:
        on = case.opened_on + timedelta(days=day)
        said = StepEntry(Step(step), on, note)
        if said.move == Step.GRANT and claim.amount:
            said.amount = Decimal(claim.amount)
        with desk.on(on) as user:
            now = Matter.objects.get(pk=matter.pk)
            move_matter(by=user, matter=now, version=now.version, entry=said)
