"""A story is drafted from its case, written on, and decided on, place by place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from shuangbai.cases.access import cases_visible_to
from shuangbai.cases.access import may_write as may_write_case
from shuangbai.cases.models import Case
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import NotAllowed, Refused, refuse_if_any
from shuangbai.network.models import User
from shuangbai.stories.actions.trail import DECIDED, DRAFTED, LOOKED, WROTE, check_sees, keep, locked
from shuangbai.stories.deidentify.checking import check, named, renamed, replaced
from shuangbai.stories.enums import Does, StoryState
from shuangbai.stories.gathering import (
    betrays,
    drafted,
    dumped,
    loaded,
    spots_of,
    surroundings_of,
    texts_of,
)
from shuangbai.stories.models import Story
from shuangbai.stories.rules import (
    SECTIONS,
    TITLE_MOST,
    decide_findings,
    not_draft_finding,
    text_findings,
    word_findings,
)


@dataclass(slots=True)
class StoryEntry:
    """A story's title and its texts by heading (rules.SECTIONS)."""

    title: str
    texts: Mapping[str, str]


@action
def draft_story(*, by: User, case: Case, client_id: UUID, title: str) -> Story:
    """Draft a story of a case's own records, de-identified; sent twice it is the first. Raises NotAllowed, Refused."""
    seen = cases_visible_to(by).filter(pk=case.pk).first()
    if seen is None or not may_write_case(by, seen):
        raise NotAllowed
    before = Story.objects.filter(station=seen.charge_id, client_id=client_id, entered_by=by).first()
    if before:
        return before
    refuse_if_any(text_findings(state=StoryState.DRAFT, title=title, texts={}), acknowledged=False)
    texts, words = drafted(seen, surroundings_of(seen))
    story = Story(
        station=seen.charge, client_id=client_id, case_key=seen.pk, title=title.strip()[:TITLE_MOST],
        words=dumped(words), entered_by=by, entered_at=clock.now(), **texts,
    )  # fmt: skip
    insert([story], by=by)
    audit.record(DRAFTED, by=by, about=story)
    return story


@action
def write_story(*, by: User, story: Story, version: int, entry: StoryEntry) -> Story:
    """Save what was written. Raises NotAllowed, Refused, or Conflict where somebody else wrote since `version`."""
    current, _ = locked(by, story, version)
    refuse_if_any(text_findings(state=current.state, title=entry.title, texts=entry.texts), acknowledged=False)
    current.title = entry.title.strip()
    for name in SECTIONS:
        setattr(current, name, entry.texts.get(name, "").strip())
    keep(current, by)
    audit.record(WROTE, by=by, about=current)
    return current


@action
def decide(*, by: User, story: Story, version: int, subject: str, does: Does, words: str = "") -> Story:
    """Say of something that the checker found what takes its place, or why it may stay, wherever it stands.

    Raises NotAllowed, Refused, Conflict.
    """
    current, case = locked(by, story, version)
    if current.state != StoryState.DRAFT:
        raise Refused([not_draft_finding()])
    kept = loaded(current.kept)
    kept.pop(subject, None)
    if does != Does.ASK:
        around = surroundings_of(case)
        spots = spots_of(current, around)
        there = any(spot.subject == subject for found in spots.values() for spot in found)
        found = decide_findings(does=does, words=words, known=there)
        if does == Does.REPLACE and not found:
            found = word_findings(word=words.strip(), betrays=betrays(words, around))
        refuse_if_any(found, acknowledged=False)
        if does == Does.KEEP:
            kept[subject] = words.strip()
        else:
            current.words = dumped(loaded(current.words) | {subject: words.strip()})
            for name, text in texts_of(current).items():
                mine = [replace(spot, proposal=words.strip()) for spot in spots[name] if spot.subject == subject]
                setattr(current, name, replaced(text, mine))
    current.kept = dumped(kept)
    keep(current, by)
    audit.record(DECIDED, by=by, about=current)
    return current


@action
def replace_sure(*, by: User, story: Story, version: int) -> Story:
    """Replace all that is sure and that nobody decided to keep, as in a draft. Raises NotAllowed, Refused, Conflict."""
    current, case = locked(by, story, version)
    if current.state != StoryState.DRAFT:
        raise Refused([not_draft_finding()])
    around, kept = surroundings_of(case), loaded(current.kept)
    words = named(texts_of(current).values(), around, loaded(current.words))
    for name, text in texts_of(current).items():
        setattr(current, name, replaced(text, check(text, around, words), kept=kept, only_sure=True))
    current.words = dumped(words)
    keep(current, by)
    audit.record(DECIDED, by=by, about=current)
    return current


@action
def rename_words(*, by: User, story: Story, version: int, changes: Mapping[str, str]) -> Story:
    """Call somebody or something otherwise throughout: the word that stands now, and the new one.

    Raises NotAllowed, Refused, Conflict.
    """
    current, case = locked(by, story, version)
    said = loaded(current.words)
    wanted = {old: new.strip() for old, new in changes.items() if old in said.values() and new.strip() != old}
    found = [] if current.state == StoryState.DRAFT else [not_draft_finding()]
    around = surroundings_of(case)
    for new in wanted.values():
        found += word_findings(word=new, betrays=betrays(new, around))
    refuse_if_any(found, acknowledged=False)
    for name, text in texts_of(current).items():
        setattr(current, name, renamed(text, wanted))
    current.words = dumped({subject: wanted.get(word, word) for subject, word in said.items()})
    keep(current, by)
    audit.record(WROTE, by=by, about=current)
    return current


@action
def note_looked(*, by: User, story: Story) -> None:
    """Keep in the trail that somebody read a story that is being written. Raises NotAllowed."""
    check_sees(by, story)
    audit.record(LOOKED, by=by, about=story)
