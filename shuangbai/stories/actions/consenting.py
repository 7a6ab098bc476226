"""What clients agree to, and take back: a story goes no further than they let it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import NotAllowed, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper, drop_paper, keep_paper
from shuangbai.dossier.enums import ConsentForm
from shuangbai.households.models import Person
from shuangbai.households.rules import age_on
from shuangbai.network.models import User
from shuangbai.stories.actions.moving import is_about, lacking, put_move
from shuangbai.stories.actions.trail import AGREED, OPENED, TAKEN_BACK, check_sees, locked, read_locked
from shuangbai.stories.enums import Reach, Step, StoryState
from shuangbai.stories.models import Story, StoryConsent
from shuangbai.stories.rules import READ, consent_findings, withdraw_findings


@dataclass(slots=True)
class ConsentEntry:
    """That somebody agreed for a client; `paper`: the signed sheet, written anew (core.papers)."""

    client_id: UUID
    person_key: UUID
    giver: str
    reach: Reach
    form: ConsentForm
    given_on: date
    as_guardian: bool = False
    witness: str = ""
    paper: Paper | None = None


@action
def record_consent(*, by: User, story: Story, entry: ConsentEntry, acknowledged: bool = False) -> StoryConsent:
    """Keep a client's consent; sent twice it is the first. Raises NotAllowed, Refused, NeedsAcknowledgement."""
    current, _ = locked(by, story)
    if not is_about(current, entry.person_key):
        raise NotAllowed
    before = StoryConsent.objects.filter(station=current.station, client_id=entry.client_id).first()
    if before:
        return before
    found = consent_findings(
        giver=entry.giver, age=_age(entry.person_key, entry.given_on), as_guardian=entry.as_guardian,
        given_on=entry.given_on, today=clock.today(), spoken=entry.form == ConsentForm.SPOKEN, witness=entry.witness,
    )  # fmt: skip
    refuse_if_any(found, acknowledged=acknowledged)
    stored = keep_paper(entry.paper) if entry.paper else ""
    row = StoryConsent(
        id=random_id(), station=current.station, story=current, client_id=entry.client_id, person_key=entry.person_key,
        giver=entry.giver.strip(), as_guardian=entry.as_guardian, reach=entry.reach, form=entry.form,
        witness=entry.witness.strip(), given_on=entry.given_on, stored=stored, entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    try:
        insert([row], by=by)
        audit.record(AGREED, by=by, about=current)
    except BaseException:
        drop_paper(stored)
        raise
    return row


def _age(person_key: UUID, day: date) -> int | None:
    born = Person.objects.filter(pk=person_key).values_list("birth_date", flat=True).first()
    return age_on(born, day) if born else None


@action
def withdraw_consent(*, by: User, consent: StoryConsent, withdrawn_on: date, reason: str = "") -> StoryConsent:
    """Take a consent back; a story that others read and that now lacks it is withdrawn with it.

    Raises NotAllowed, Refused.
    """
    current, case = locked(by, consent.story)
    row = StoryConsent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    found = withdraw_findings(
        withdrawn=row.withdrawn_on is not None, on=withdrawn_on, given_on=row.given_on, today=clock.today()
    )
    refuse_if_any(found, acknowledged=False)
    row.withdrawn_on, row.withdrawn_reason = withdrawn_on, reason.strip()
    row.save(update_fields=["withdrawn_on", "withdrawn_reason"])
    audit.record(TAKEN_BACK, by=by, about=current)
    step = Step.RELEASE if current.state == StoryState.RELEASED else Step.SUBMIT
    if current.state in READ and lacking(current, case, step):
        put_move(by, read_locked(current, None), Step.WITHDRAW, "服务对象撤回了同意")
    return row


@action
def note_paper(*, by: User, consent: StoryConsent) -> None:
    """Keep in the trail that somebody opened a signed paper. Raises NotAllowed."""
    check_sees(by, consent.story)
    audit.record(OPENED, by=by, about=consent.story)
