"""Stories and prizes: their lines of the tables, and what is sent. The places' stories are written in world.py."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PIL import Image

from shuangbai.core.ids import random_id
from shuangbai.core.papers import Paper
from shuangbai.dossier.enums import ConsentForm
from shuangbai.network.models import OrgUnit, User
from shuangbai.stories.actions.awarding import AwardEntry, enter_award
from shuangbai.stories.actions.consenting import ConsentEntry, record_consent
from shuangbai.stories.actions.writing import StoryEntry, draft_story
from shuangbai.stories.enums import AwardFor, AwardGrade, Does, Level, Reach, Step
from shuangbai.stories.models import Story, StoryConsent, StoryMove
from shuangbai.stories.rules import READ
from tests.cast import TODAY

if TYPE_CHECKING:
    from tests.sweep.cases import Casework
    from tests.sweep.world import Place

KEYS = {"tale", "told", "consented", "award"}
TITLE = {"here": "天亮以后有人敲门", "there": "等船靠岸的孩子"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
story-list                            | GET  | +++ ++ ++ ... ..ss
story-new                             | GET  | +++ ++ .. ... ..ss
story-new?case={closed_case}          | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
story-new                             | POST | >!> !! .. ... ..ss | !!! !> .. ... ..ss
story(tale)                           | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
story(told)                           | GET  | +++ ++ ++ ... ..ss | +++ ++ ++ ... ..ss
story-take(tale)                      | POST | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
story-take(told)                      | POST | +++ ++ ++ ... ..ss | +++ ++ ++ ... ..ss
story-edit(tale)                      | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
story-edit(tale)                      | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
story-decide(tale)                    | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
story-words(tale)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
story-step(tale)                      | POST | >.> .. >. ... ..ss | ... .> >. ... ..ss
story-consent(tale)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
story-consent(tale)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
story-consent-withdraw(tale,consented) | GET | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
story-consent-withdraw(tale,consented) | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
story-consent-paper(tale,consented)   | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
award-list                            | GET  | +++ ++ ++ +++ ..ss
award-new                             | GET  | +++ ++ .. ... ..ss
award-new                             | POST | >>> >> .. ... ..ss
award(award)                          | GET  | +++ ++ ++ +++ ..ss | +++ ++ ++ +++ ..ss
award-certificate(award)              | GET  | +++ ++ ++ +++ ..ss | +++ ++ ++ +++ ..ss
award-edit(award)                     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
award-edit(award)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
award-void(award)                     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
award-void(award)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
stories.actions.writing.draft_story         | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.writing.write_story         | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.writing.decide              | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.writing.replace_sure        | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.writing.rename_words        | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.writing.note_looked         | +.+ .. +. ... ... | ... .+ +. ... ...
stories.actions.moving.move_story           | +.+ .. +. ... ... | ... .+ +. ... ...
stories.actions.moving.note_taken           | +.+ .. +. ... ... | ... .+ +. ... ...
stories.actions.consenting.record_consent   | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.consenting.withdraw_consent | +.+ .. .. ... ... | ... .+ .. ... ...
stories.actions.consenting.note_paper       | +.+ .. +. ... ... | ... .+ +. ... ...
stories.actions.awarding.enter_award        | +++ .. .. ... ... | ... .+ .. ... ...
stories.actions.awarding.correct_award      | +++ .. .. ... ... | ... .+ .. ... ...
stories.actions.awarding.void_award         | +++ .. .. ... ... | ... .+ .. ... ...
"""


@dataclass
class Tales:
    """A place's stories: one that is being written, with a consent; one that all read; and a prize."""

    tale: Any
    told: Any
    consented: Any
    award: Any

    def keys(self) -> dict[str, UUID]:
        return {name: getattr(self, name).pk for name in ("tale", "told", "consented", "award")}


def a_paper() -> Paper:
    drawn = io.BytesIO()
    Image.new("L", (4, 4), 255).save(drawn, "PNG")
    return Paper(drawn.getvalue(), "png")


def a_consent(person: UUID, **more: Any) -> ConsentEntry:
    said = {"giver": "母亲", "reach": Reach.PUBLIC, "form": ConsentForm.WRITTEN, "given_on": TODAY, **more}
    return ConsentEntry(client_id=random_id(), person_key=person, as_guardian=True, **said)


def a_prize(station: OrgUnit, **more: Any) -> AwardEntry:
    said = {"of": AwardFor.STATION, "name": "先进社工站", "level": Level.CITY, "grade": AwardGrade.HONOUR, **more}
    return AwardEntry(station=station, client_id=random_id(), awarded_on=date(2020, 3, 17), body="市民政局", **said)


def tales_of(place: str, station: OrgUnit, by: User, casework: Casework, person: UUID) -> Tales:
    tale = draft_story(by=by, case=casework.case, client_id=random_id(), title=TITLE[place])
    told = draft_story(by=by, case=casework.closed, client_id=random_id(), title="有人等他放学")
    clean = {"background": "案主读小学。", "process": "社工每周见一次。", "outcome": "案主按时上学。", "reflection": ""}
    Story.objects.filter(pk=told.pk).update(state="released", released_on=TODAY, words="", **clean)
    consented = record_consent(by=by, story=tale, entry=a_consent(person, paper=a_paper()), acknowledged=True)
    award = enter_award(by=by, entry=a_prize(station, paper=a_paper()))
    return Tales(tale, told, consented, award)


def more_stories(at: Place) -> None:
    """A second draft, of another case, and a step of the first."""
    draft_story(by=at.by, case=at.casework.closed, client_id=random_id(), title="又一篇")


def no_stories(at: Place) -> None:
    """As if nobody at the place had ever begun one that others do not read."""
    own = Story.objects.filter(station=at.station).exclude(state__in=READ)
    keys = list(own.values_list("pk", flat=True))
    for model in (StoryConsent, StoryMove):
        model.objects.filter(story__in=keys).delete()
    Story.history.filter(id__in=keys).delete()
    Story.objects.filter(pk__in=keys)._raw_delete("default")


def _version(at: Place) -> int:
    return Story.objects.get(pk=at.tales.tale.pk).version


AWARD = {
    "of": "station", "name": "先进社工站", "level": "city", "grade": "honour", "awarded_on": "2020-03-17",
    "body": "市民政局",
}  # fmt: skip

FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "story-new": lambda at: {"case": str(at.casework.closed.pk), "title": "又一篇", "client_id": str(random_id())},
    "story-take": lambda at: {"form": "word"},
    "story-edit": lambda at: {"title": "改过的标题", "background": "案主读小学。", "version": f"{_version(at)}"},
    "story-decide": lambda at: {"subject": "day:2020-05-04", "does": "ask", "version": f"{_version(at)}"},
    "story-words": lambda at: {"version": f"{_version(at)}"},
    "story-step": lambda at: {"step": "withdraw", "reason": "先不写了", "version": f"{_version(at)}"},
    "story-consent": lambda at: {
        "person": str(at.person.pk), "reach": "inside", "giver": "母亲", "as_guardian": "on", "form": "written",
        "given_on": "2020-06-06", "client_id": str(random_id()), "acknowledged": "on",
    },
    "story-consent-withdraw": lambda at: {"withdrawn_on": "2020-06-06", "reason": "不想公开了"},
    "award-new": lambda at: {**AWARD, "client_id": str(random_id())},
    "award-edit": lambda at: {**AWARD, "client_id": str(random_id()), "version": "1"},
    "award-void": lambda at: {"reason": "登记错了", "version": "1"},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "stories.actions.writing.draft_story": lambda at: {
        "case": at.casework.closed, "client_id": random_id(), "title": "又一篇",
    },
    "stories.actions.writing.write_story": lambda at: {
        "story": at.tales.tale, "version": _version(at), "entry": StoryEntry("改过的标题", {}),
    },
    "stories.actions.writing.decide": lambda at: {
        "story": at.tales.tale, "version": _version(at), "subject": "day:2020-05-04", "does": Does.ASK,
    },
    "stories.actions.writing.replace_sure": lambda at: {"story": at.tales.tale, "version": _version(at)},
    "stories.actions.writing.rename_words": lambda at: {
        "story": at.tales.tale, "version": _version(at), "changes": {},
    },
    "stories.actions.writing.note_looked": lambda at: {"story": at.tales.tale},
    "stories.actions.moving.move_story": lambda at: {
        "story": at.tales.tale, "version": _version(at), "step": Step.WITHDRAW, "reason": "先不写了",
    },
    "stories.actions.moving.note_taken": lambda at: {"story": at.tales.tale, "what": "Word"},
    "stories.actions.consenting.record_consent": lambda at: {
        "story": at.tales.tale, "entry": a_consent(at.person.pk), "acknowledged": True,
    },
    "stories.actions.consenting.withdraw_consent": lambda at: {
        "consent": at.tales.consented, "withdrawn_on": TODAY,
    },
    "stories.actions.consenting.note_paper": lambda at: {"consent": at.tales.consented},
    "stories.actions.awarding.enter_award": lambda at: {"entry": a_prize(at.station)},
    "stories.actions.awarding.correct_award": lambda at: {
        "award": at.tales.award, "version": 1, "entry": a_prize(at.station),
    },
    "stories.actions.awarding.void_award": lambda at: {
        "award": at.tales.award, "version": 1, "reason": "登记错了",
    },
}  # fmt: skip
