"""A story goes from its draft to its readers, step by step, and back."""

from collections.abc import Sequence
from uuid import UUID

from shuangbai.cases.models import Case, CaseClient
from shuangbai.cases.queries import clients_of
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import NotAllowed, refuse_if_any
from shuangbai.core.ids import random_id
from shuangbai.network.models import User
from shuangbai.stories.access import may_agree, may_write, stories_visible_to, wrote
from shuangbai.stories.actions.trail import MOVED, TAKEN, check_sees, keep, read_locked
from shuangbai.stories.enums import Step, StoryState
from shuangbai.stories.gathering import surroundings_of, undecided
from shuangbai.stories.models import Story, StoryConsent, StoryMove
from shuangbai.stories.rules import AFTER, SECTIONS, Ready, asked_reach, reaches, step_findings

NEEDED = ("background", "process", "outcome")  # a story without these is none


@action
def move_story(*, by: User, story: Story, version: int, step: Step, reason: str = "") -> Story:
    """Take a story one step on, or back. Raises NotAllowed, Refused, Conflict."""
    case = check_sees(by, story)
    if not may_step(by, case, step):
        raise NotAllowed
    current = read_locked(story, version)
    ready = readiness(by, current, case, step)
    refuse_if_any(step_findings(state=current.state, step=step, reason=reason, ready=ready), acknowledged=False)
    if step == Step.SUBMIT:
        current.submitted_to = reason.strip()
    put_move(by, current, step, reason)
    return current


def may_step(by: User, case: Case | None, step: Step) -> bool:
    """Who writes the story does all but agree; who agrees may send it back, and withdraw it."""
    if step == Step.AGREE:
        return may_agree(by, case)
    return may_write(by, case) or (step in {Step.BACK, Step.WITHDRAW} and may_agree(by, case))


def readiness(by: User, story: Story, case: Case, step: Step) -> Ready:
    """What the step looks at."""
    checks = step in {Step.CHECK, Step.AGREE, Step.RELEASE}
    return Ready(
        undecided=undecided(story, surroundings_of(case)) if checks else 0,
        empty=[SECTIONS[name] for name in NEEDED if not getattr(story, name).strip()] if step == Step.CHECK else [],
        lacking=lacking(story, case, step) if step in {Step.RELEASE, Step.SUBMIT} else [],
        own=step == Step.AGREE and wrote(by, story),
    )


def lacking(story: Story, case: Case, step: Step) -> Sequence[str]:
    """The clients for whom nobody agreed, or not that far, or no longer."""
    asked = asked_reach(step)
    agreed = {
        row.person_key for row in StoryConsent.objects.filter(story=story, withdrawn_on__isnull=True)
        if reaches(row.reach, asked)
    }  # fmt: skip
    return [one.name for one in clients_of([case.pk])[case.pk] if one.row.person_key not in agreed]


def put_move(by: User, story: Story, step: Step, reason: str) -> None:
    """Keep the step, and the story in the state that follows."""
    before, story.state = story.state, AFTER[StoryState(story.state)][step]
    if story.state == StoryState.RELEASED:
        story.released_on = clock.today()
    move = StoryMove(
        id=random_id(), station=story.station, story=story, step=step, from_state=before, to_state=story.state,
        reason=reason.strip(), entered_by=by, entered_at=clock.now(),
    )  # fmt: skip
    insert([move], by=by)
    keep(story, by)
    audit.record(MOVED, by=by, about=story, what=step.label)


def is_about(story: Story, person_key: UUID) -> bool:
    """Whether the story's case is about somebody, or was."""
    return CaseClient.objects.filter(case=story.case_key, person_key=person_key).exists()


@action
def note_taken(*, by: User, story: Story, what: str) -> None:
    """Keep in the trail that a story was taken away as a file. Raises NotAllowed."""
    if not stories_visible_to(by).filter(pk=story.pk).exists():
        raise NotAllowed
    audit.record(TAKEN, by=by, about=story, what=what)
