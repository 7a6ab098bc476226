"""What the sweep sends where lives change, work changes hands, and somebody is to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from shuangbai.households.enums import Relation
from shuangbai.lives.actions.handing import GiveEntry
from shuangbai.lives.entries import Death, Leaving, Merge, MovedHome, Rotation, SecondHome, Split, ToStation
from shuangbai.lives.enums import ErasureBasis, HandoverReason, TagGoes
from shuangbai.lives.rules import Stay
from shuangbai.volunteers.models import Volunteer
from tests.cast import TODAY
from tests.sweep.world import Place

WHY = "按新口径"
DAY = date(2020, 6, 1)

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
changes(household)                    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
change-new(household,move)            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
change-new(household,move)            | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
change(change)                        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
change-undo(change)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
family-hints(household)               | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
hint-ask(household,person,care)       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
hint-ask(household,person,care)       | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
erasure-ask(person)                   | GET  | ..+ .. .. ... ..ss
erasure-ask(person)                   | POST | ..> .. .. ... ..ss
volunteer-erasure(outsider)           | GET  | ..+ .. .. ... ..ss
volunteer-erasure(outsider)           | POST | ..> .. .. ... ..ss
erasure-list                          | GET  | ..+ .. .+ ... ..ss
erasure(erasure)                      | GET  | ..+ .. .+ ... ..ss | ... .. .+ ... ..ss
erasure-decide(erasure)               | POST | ... .. .> ... ..ss | ... .. .> ... ..ss
retention                             | GET  | ..+ .. .. ... ..ss
retention                             | POST | ..! .. .. ... ..ss
retention-rule                        | GET  | ... .. .+ ... ..ss
retention-rule                        | POST | ... .. .> ... ..ss
handover-list                         | GET  | +++ ++ .. ... ..ss
handover-new(staff)                   | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
handover-new(staff)                   | POST | !.! .. .. ... ..ss | ... .! .. ... ..ss
handover(handover)                    | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
handover-answer(handover)             | POST | >.. .. .. ... ..ss | ... .> .. ... ..ss
"""


def _who_left(at: Place) -> Volunteer:
    """A volunteer who is not on file, and no longer serves."""
    volunteer: Volunteer = at.volunteering.outsider
    Volunteer.objects.filter(pk=volunteer.pk).update(until=TODAY)
    return volunteer


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "change-new": lambda at: {"on": "2020-06-01", "village": at.village.pk, "group": "九组", "address": ""},
    "change-undo": lambda at: {"reason": "登记错了"},
    "hint-ask": lambda at: {"father": "dead", "mother": "unknown"},
    "erasure-ask": lambda at: {"basis": "asked", "reason": "本人书面要求删除", "sure": "on"},
    "volunteer-erasure": lambda at: {
        "basis": "asked", "reason": "本人书面要求删除", "sure": "on" if _who_left(at) else "",
    },
    "erasure-decide": lambda at: {"does": "refuse", "answer": "仍须保存"},
    "retention": lambda at: {"reason": "结档已满年限", "sure": "on"},
    "retention-rule": lambda at: {"years": "10", "starts_on": "2020-06-06", "version": "0", "reason": WHY},
    "handover-new": lambda at: {"starts_on": "2020-06-06", "reason": "leaving", "everything": ""},
    "handover-answer": lambda at: {"does": "take", "item": str(at.item.pk)},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    # Told first: without the confirmation of what was told, each of these is refused.
    "lives.actions.homes.move_home": lambda at: {"entry": MovedHome(at.household, DAY, at.village.pk, "九组")},
    "lives.actions.homes.split_household": lambda at: {
        "entry": Split(
            at.household, DAY, {at.person.pk: Relation.HEAD}, at.village.pk, tags={at.tag.pk: TagGoes.STAYS}
        ),
    },
    "lives.actions.homes.merge_households": lambda at: {"entry": Merge(at.household, at.household, DAY, {})},
    "lives.actions.homes.give_to_station": lambda at: {
        "entry": ToStation(at.household, at.further, at.village.pk, DAY),
    },
    "lives.actions.people.note_death": lambda at: {"entry": Death(at.household, at.person, DAY)},
    "lives.actions.people.leave_area": lambda at: {"entry": Leaving(at.household, DAY, [at.person.pk])},
    "lives.actions.people.add_second_home": lambda at: {
        "entry": SecondHome(at.household, at.household, at.person, Relation.SON, DAY),
    },
    "lives.actions.people.rotate_homes": lambda at: {
        "entry": Rotation(at.household, at.person, [Stay(at.household.pk, DAY, None)], {}),
    },
    "lives.actions.undoing.undo_change": lambda at: {"change": at.change, "reason": "登记错了"},
    "lives.actions.erasing.ask_erasure": lambda at: {
        "station": at.station, "people": [at.person], "basis": ErasureBasis.ASKED, "reason": "本人书面要求删除",
    },
    "lives.actions.erasing.ask_volunteer_erasure": lambda at: {
        "volunteer": _who_left(at), "basis": ErasureBasis.ASKED, "reason": "本人书面要求删除",
    },
    "lives.actions.erasing.decide_erasure": lambda at: {"erasure": at.erasure, "agrees": False, "answer": "仍须保存"},
    "lives.actions.erasing.withdraw_erasure": lambda at: {"erasure": at.erasure},
    "lives.actions.erasing.set_retention": lambda at: {"years": 10, "starts_on": TODAY, "version": 0, "reason": WHY},
    "lives.actions.handing.start_handover": lambda at: {
        "entry": GiveEntry(at.station, at.by.staff, TODAY, HandoverReason.AWAY, [(at.file, at.by.staff_id)]),
    },
    "lives.actions.handing.give": lambda at: {
        "entry": GiveEntry(at.station, at.by.staff, TODAY, HandoverReason.AWAY, [(at.file, at.by.staff_id)]),
        "cases": [],
    },
    "lives.actions.handing.answer_items": lambda at: {"items": [at.item], "take": True},
    "lives.actions.handing.withdraw_items": lambda at: {"items": [at.item]},
}  # fmt: skip
