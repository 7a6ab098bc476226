"""Pictures, with consent and what may be published: their lines of the tables, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from shuangbai.core.ids import random_id
from shuangbai.core.pictures import Picture as Pixels
from shuangbai.pictures.actions import PictureSaid, PicturesEntry, add_pictures
from shuangbai.pictures.enums import Faces
from shuangbai.pictures.models import Picture
from tests.album import TAKEN, a_file, drawn, said

if TYPE_CHECKING:
    from shuangbai.network.models import OrgUnit, User
    from tests.sweep.world import Place

KEYS = {"picture", "open_picture"}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
picture-new(activities,activity)      | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
picture-new(activities,activity)      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
picture-new(sessions,group_record)    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
picture-new(problems,problem)         | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
picture-marks(activities,activity)    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
picture-marks(activities,activity)    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
picture(picture)                      | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
picture(open_picture)                 | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
picture-edit(picture)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
picture-edit(picture)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
picture-void(picture)                 | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
picture-whole(picture)                | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
picture-small(picture)                | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
picture-public(open_picture)          | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
picture-public(picture)               | GET  | ... .. .. ... .... | ... .. .. ... ....
picture-public-small(open_picture)    | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
"""

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
ACTS = """
pictures.actions.add_pictures               | +++ .. .. ... ... | ... .+ .. ... ...
pictures.actions.describe_picture           | +++ .. .. ... ... | ... .+ .. ... ...
pictures.actions.mark_pictures              | +++ .. .. ... ... | ... .+ .. ... ...
pictures.actions.void_picture               | +.+ .. .. ... ... | ... .+ .. ... ...
"""


def _entry(key: Any, said: PictureSaid) -> PicturesEntry:
    return PicturesEntry("activities", key, [Pixels(drawn(), "jpg", 40, 30)], said)


def made_at(station: OrgUnit, by: User, words: str, keys: dict[str, Any]) -> dict[str, Any]:
    """What this room makes at a place, by the names of KEYS; `keys` has what the place has so far."""
    told = said(caption=words, faces=Faces.MINOR), said(faces=Faces.NOBODY)
    [minor], [nobody] = [add_pictures(by=by, entry=_entry(keys["activity"], one)) for one in told]
    return {"picture": minor.pk, "open_picture": nobody.pk}


def _typed(**more: Any) -> dict[str, Any]:
    return {"taken_on": str(TAKEN), "faces": "nobody", "consent": "not_asked", **more}


def _marks(at: Place) -> dict[str, Any]:
    found = {}
    for key in (at.keys["picture"], at.keys["open_picture"]):
        prefix = key.replace("-", "")
        found |= {f"{prefix}-faces": "nobody", f"{prefix}-version": "1"}
    return found


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "picture-new": lambda at: _typed(pictures=[a_file()], client_id=str(random_id())),
    "picture-marks": _marks,
    "picture-edit": lambda at: _typed(version="1"),
    "picture-void": lambda at: {"reason": "拍到了门牌"},
}


def _picture(at: Place) -> Picture:
    return Picture.objects.get(pk=at.keys["picture"])


ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "pictures.actions.add_pictures": lambda at: {"entry": _entry(at.activity.pk, said())},
    "pictures.actions.describe_picture": lambda at: {"picture": _picture(at), "version": 1, "said": said()},
    "pictures.actions.mark_pictures": lambda at: {
        "subject": "activities", "key": at.activity.pk, "versions": {_picture(at).pk: 1},
        "said": {_picture(at).pk: said()},
    },
    "pictures.actions.void_picture": lambda at: {"picture": _picture(at), "reason": "拍到了门牌"},
}  # fmt: skip
