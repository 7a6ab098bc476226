"""Every action as everybody. How to read and extend the table: the package's docstring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from shuangbai.codes.actions import CITY_FIELDS
from shuangbai.codes.enums import SPECS
from shuangbai.core.findings import Door
from shuangbai.feedback.enums import FeedbackKind
from shuangbai.households.entries import FileEntry, MoveEntry, TagEntry
from shuangbai.households.enums import CloseReason, Grade, Relation, TagEnd
from shuangbai.households.models import Category
from shuangbai.households.moves import JoinEntry
from shuangbai.upkeep.enums import Origin
from tests.cast import START, TODAY, a_household, a_member, a_visit_entry, an_activity_entry
from tests.sweep.addresses import WHY
from tests.sweep.world import Place

SIGNS = {"+": "done", ".": "NotAllowed", "!": "Refused, for a reason of the matter"}
DAY = date(2020, 6, 1)

# room.module.action                        | 城东: own 海 上 管理 shut | 东洲
TABLE = """
households.actions.enter_households         | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.add_member               | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.open_tags                | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.close_tag                | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.change_household         | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.change_person            | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.change_member            | +++ .. .. ... ... | ... .+ .. ... ...
households.actions.note_unmasked            | +++ .. .. ... ... | ... .+ .. ... ...
households.files.enter_household_with_file  | +++ .. .. ... ... | ... .+ .. ... ...
households.files.open_files                 | !!! .. .. ... ... | ... .! .. ... ...
households.files.close_file                 | +++ .. .. ... ... | ... .+ .. ... ...
households.files.grade_files                | +++ .. .. ... ... | ... .+ .. ... ...
households.files.assign_files               | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.join_households            | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.move_households            | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.serve_households           | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.record_visits                | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.correct_visit                | +++ .. .. ... ... | ... .+ .. ... ...
activities.actions.record_activities        | +++ .. .. ... ... | ... .+ .. ... ...
activities.actions.correct_activity         | +++ .. .. ... ... | ... .+ .. ... ...
services.actions.void_records               | +.+ .. .. ... ... | ... .+ .. ... ...
feedback.actions.send_feedback              | +++ ++ ++ +++ ++. | +++ ++ ++ +++ ++.
feedback.actions.answer_feedback            | ... .. .. +.. ... | ... .. .. +.. ...
feedback.actions.close_feedback             | +.. .. .. +.. ... | ... .+ .. +.. ...
feedback.actions.reopen_feedback            | !.. .. .. ... ... | ... .! .. ... ...
codes.actions.add_item                      | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.rename_item                   | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.end_item                      | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.resume_item                   | ... .. .! ... ... | ... .. .! ... ...
codes.actions.move_item                     | ... .. .+ ... ... | ... .. .+ ... ...
codes.actions.name_city                     | ... .. .. +.. ... | ... .. .. +.. ...
households.lists.add_category               | ... .. .+ ... ... | ... .. .+ ... ...
households.lists.change_category            | ... .. .+ ... ... | ... .. .+ ... ...
households.lists.move_category              | ... .. .+ ... ... | ... .. .+ ... ...
households.lists.list_category              | ... .. .+ ... ... | ... .. .+ ... ...
households.lists.unlist_category            | ... .. .+ ... ... | ... .. .+ ... ...
households.lists.set_numbering              | ... .. .+ ... ... | ... .. .+ ... ...
upkeep.actions.ask_for_backup               | ... .. .. +.. ... | ... .. .. +.. ...
upkeep.actions.change_key                   | ... .. .. .+. ... | ... .. .. .+. ...
upkeep.actions.continue_rekeying            | ... .. .. .+. ... | ... .. .. .+. ...
upkeep.actions.retire_key                   | ... .. .. .!. ... | ... .. .. .!. ...
upkeep.actions.change_signing_key           | ... .. .. .+. ... | ... .. .. .+. ...
reports.actions.ask_for_pdf                 | +++ .. ++ ... ... | ... .+ ++ ... ...
"""

# Actions that nobody's page reaches: they have no `by`, and the reason stands here.
WITHOUT_ACTOR = {
    "network.actions.load_areas": "the console, on the first run",
    "network.actions.open_units": "the console and the demonstration",
    "network.actions.cover_villages": "the console and the demonstration",
    "network.actions.hire": "the console and the demonstration",
    "network.actions.open_account": "the console and the demonstration",
    "households.lists.load_categories": "the console, on the first run",
    "services.actions.open_campaign": "the demonstration",
    "upkeep.actions.note_step": "the running backup",
    "upkeep.actions.note_backup_made": "the running backup",
    "upkeep.actions.note_backup_failed": "the running backup",
    "upkeep.actions.close_dead_runs": "the running backup",
    "upkeep.actions.note_restored": "the console that restores",
    "upkeep.actions.note_rekeyed": "the running change of key",
    "upkeep.actions.keep_checkup": "the check-up",
    "upkeep.alerts.note_signin_failed": "the door, of somebody who did not come in",
    "upkeep.alerts.note_locked_out": "the door, of somebody who did not come in",
    "reports.actions.note_made": "the job that made the file",
    "reports.actions.note_failed": "the job that did not",
}

# Actions whose lines are still to be written: who may is proved in the tests of their rooms alone.
NOT_YET = {
    *(f"accounts.actions.{name}" for name in """
        factors.enrol_factor factors.prove_factor factors.remove_factor factors.renew_recovery_codes
        factors.reset_factor granting.ask_role granting.decide_role granting.end_grant granting.start_account
        granting.stop_account granting.withdraw_role issuing.issue_code issuing.revoke_code linking.link_provider
        linking.unlink_provider opening.found_administration opening.invite opening.open_accounts
        passwords.accept_code passwords.ask_reset passwords.change_password passwords.decide_reset passwords.unlock
        policies.set_policy sessions.begin_session sessions.end_all_sessions sessions.end_other_sessions
        sessions.end_session sessions.sign_out""".split()),
    *(f"upkeep.alerts.{name}" for name in
      "ask_for_check look_at_alert note_check_failed note_check_progress note_checked".split()),
    "reports.actions.note_printed", "reports.actions.note_taken",
    *"""desk.actions.found_first_account desk.actions.found_place desk.actions.found_tree network.actions.end_first_run
        network.actions.found_city network.actions.hire_again network.divisions.add_alias network.divisions.add_areas
        network.divisions.add_code network.divisions.end_area network.divisions.end_code network.divisions.remove_alias
        network.divisions.rename_area network.teams.change_posting network.teams.change_staff network.teams.leave
        network.teams.post_staff network.teams.return_to_work network.teams.take_back_posting network.teams.take_on
        network.teams.transfer network.tree.change_unit network.tree.close_unit network.tree.end_coverage
        network.tree.move_unit network.tree.reopen_unit network.tree.take_back_coverage
        network.tree.take_back_unit""".split(),
}  # fmt: skip


def _category() -> dict[str, Any]:
    return {
        "name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": True, "jinmin_code": "",
        "old_names": [], "min_age": None, "max_age": None, "starts_on": TODAY, "ends_on": None,
    }  # fmt: skip


MODES = SPECS["visit.mode"]


# Arguments for each, valid for the place; `by` is added. The place's own worker stands in the entries.
ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "households.actions.enter_households": lambda at: {"entries": [a_household(at.station)], "door": Door.PAGE},
    "households.actions.add_member": lambda at: {
        "household": at.household, "entry": a_member("林新", Relation.DAUGHTER), "acknowledged": True,
    },
    "households.actions.open_tags": lambda at: {
        "bearer": at.person, "entries": [TagEntry("left_child", START)], "acknowledged": True,
    },
    "households.actions.close_tag": lambda at: {"tag": at.tag, "ends_on": DAY, "reason": TagEnd.LEFT},
    "households.actions.change_household": lambda at: {
        "household": at.household, "version": 1, "changes": {"note": "改过"},
    },
    "households.actions.change_person": lambda at: {
        "person": at.person, "version": 1, "changes": {"phone": "19900009999"}, "acknowledged": True,
    },
    "households.actions.change_member": lambda at: {
        "membership": at.membership, "version": 1, "changes": {"phone": "19900009999"},
        "dated": {"relation": Relation.DAUGHTER}, "acknowledged": True,
    },
    "households.actions.note_unmasked": lambda at: {
        "household": at.household, "what": "电话", "reason": "联系本人或家属",
    },
    "households.files.enter_household_with_file": lambda at: {
        "entry": a_household(at.station), "opened_on": DAY, "worker_id": at.by.staff_id, "acknowledged": True,
    },
    "households.files.open_files": lambda at: {"entries": [FileEntry(at.household, DAY)], "door": Door.PAGE},
    "households.files.close_file": lambda at: {"file": at.file, "closed_on": DAY, "reason": CloseReason.STABLE},
    "households.files.grade_files": lambda at: {"entries": [(at.file, Grade.RED, DAY, "独居")]},
    "households.files.assign_files": lambda at: {"entries": [(at.file, at.by.staff_id, DAY)]},
    "households.moves.join_households": lambda at: {
        "entries": [JoinEntry(at.household, at.person, Relation.DAUGHTER, DAY, is_primary=False)],
    },
    "households.moves.move_households": lambda at: {"entries": [MoveEntry(at.household, at.village.pk, DAY)]},
    "households.moves.serve_households": lambda at: {"entries": [(at.household, at.further, DAY)]},
    "visits.actions.record_visits": lambda at: {
        "entries": [a_visit_entry(at.station, at.by, at.family, on=DAY)], "door": Door.PAGE,
    },
    "visits.actions.correct_visit": lambda at: {
        "visit": at.visit, "version": 1, "reason": "补记", "acknowledged": True,
        "entry": a_visit_entry(at.station, at.by, at.family, narrative="改过"),
    },
    "activities.actions.record_activities": lambda at: {
        "entries": [an_activity_entry(at.station, at.by, title="读书会")], "door": Door.PAGE,
    },
    "activities.actions.correct_activity": lambda at: {
        "activity": at.activity, "version": 1, "reason": "补记", "acknowledged": True,
        "entry": an_activity_entry(at.station, at.by, title="改过"),
    },
    "services.actions.void_records": lambda at: {"records": [at.visit.record], "reason": "重复录入"},
    "feedback.actions.send_feedback": lambda at: {"kind": FeedbackKind.AWKWARD, "text": "走访页上的字太小"},
    "feedback.actions.answer_feedback": lambda at: {"feedback": at.feedback, "version": 1, "text": "下一版改大"},
    "feedback.actions.close_feedback": lambda at: {"feedback": at.feedback, "version": 1},
    "feedback.actions.reopen_feedback": lambda at: {"feedback": at.feedback, "version": 1, "text": "还是太小"},
    "codes.actions.add_item": lambda at: {
        "spec": MODES, "label": "语音", "base": "phone", "starts_on": DAY, "reason": WHY,
    },
    "codes.actions.rename_item": lambda at: {
        "spec": MODES, "code": "home", "version": 0, "label": "到家", "starts_on": DAY, "reason": WHY,
    },
    "codes.actions.end_item": lambda at: {
        "spec": MODES, "code": "chance", "version": 0, "ends_on": DAY, "reason": WHY,
    },
    "codes.actions.resume_item": lambda at: {
        "spec": MODES, "code": "home", "version": 0, "starts_on": DAY, "reason": WHY,
    },
    "codes.actions.move_item": lambda at: {"spec": MODES, "code": "phone", "up": True},
    "codes.actions.name_city": lambda at: {
        "version": 1, "said": dict.fromkeys(CITY_FIELDS, "") | {"city_name": "汕尾", "bureau_name": "民政局"},
        "reason": WHY,
    },
    "households.lists.add_category": lambda at: {"said": _category(), "reason": WHY},
    "households.lists.change_category": lambda at: {
        "category": at.tag.category, "version": 1, "reason": WHY, "acknowledged": True,
        "said": {name: getattr(at.tag.category, name) for name in _category()} | {"jinmin_code": "999"},
    },
    "households.lists.move_category": lambda at: {"category": at.tag.category, "up": False},
    "households.lists.list_category": lambda at: {
        "category": Category.objects.get(code="floating"), "starts_on": date(2020, 7, 1), "reason": WHY,
        "acknowledged": True,
    },
    "households.lists.unlist_category": lambda at: {
        "item": at.listed, "ends_on": date(2020, 6, 30), "reason": WHY, "acknowledged": True,
    },
    "households.lists.set_numbering": lambda at: {
        "pattern": "{村码}{序号:3}", "starts_on": TODAY, "version": 0, "reason": WHY, "acknowledged": True,
    },
    "upkeep.actions.ask_for_backup": lambda at: {"origin": Origin.PAGE},
    "upkeep.actions.change_key": lambda at: {"cipher": "sm4-gcm"},
    "upkeep.actions.continue_rekeying": lambda at: {},
    "upkeep.actions.retire_key": lambda at: {"key_id": "k1"},
    "upkeep.actions.change_signing_key": lambda at: {"forget": False},
    "reports.actions.ask_for_pdf": lambda at: {"ask": at.ask, "origin": "http://testserver/"},
}  # fmt: skip
