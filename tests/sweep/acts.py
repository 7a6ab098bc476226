"""Every action as everybody. How to read and extend the table: the package's docstring."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from shuangbai.accounts import codes
from shuangbai.accounts.actions import AccountEntry
from shuangbai.accounts.actions.policies import FIELDS
from shuangbai.accounts.enums import Outcome, Purpose
from shuangbai.accounts.models import Policy, ResetRequest
from shuangbai.codes.actions import CITY_FIELDS
from shuangbai.codes.enums import SPECS
from shuangbai.core.findings import Door
from shuangbai.core.papers import Paper
from shuangbai.desk.enums import PaperForm, PaperReason
from shuangbai.dossier.entries import PartEntry
from shuangbai.dossier.models import Housing
from shuangbai.feedback.enums import FeedbackKind
from shuangbai.followups.actions import TaskEntry
from shuangbai.households.entries import FileEntry, MoveEntry, TagEntry
from shuangbai.households.enums import CloseReason, Grade, PauseReason, Relation, TagEnd
from shuangbai.households.models import Category
from shuangbai.households.moves import JoinEntry
from shuangbai.network.actions import UnitEntry, cover_villages, open_units
from shuangbai.network.divisions import PlaceEntry
from shuangbai.network.enums import CoverageKind, Post, UnitKind
from shuangbai.network.models import AreaAlias, OrgUnit, Posting, RoleGrant, Staff, User
from shuangbai.network.roles import Role
from shuangbai.network.teams import StaffEntry, post_staff
from shuangbai.network.tree import close_unit
from shuangbai.rounds.actions.calls import CallEntry, CallListEntry
from shuangbai.rounds.actions.plans import PlanEntry
from shuangbai.rounds.queries import Criteria
from shuangbai.rounds.rules import Stop
from shuangbai.upkeep.enums import Origin
from tests.cast import START, TODAY, a_household, a_member, a_visit_entry, an_activity_entry
from tests.sweep import casework, filings, ledgers, lists, lives, planning, reports, safeguarding
from tests.sweep.addresses import PASSWORD_AFTER, WHY
from tests.sweep.world import ISSUER, SECRET, Place

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
desk.actions.note_paper_taken               | +++ .. +. ... ... | ... .+ +. ... ...
households.actions.note_unmasked            | +++ .. .. ... ... | ... .+ .. ... ...
households.files.enter_household_with_file  | +++ .. .. ... ... | ... .+ .. ... ...
households.files.open_files                 | !!! .. .. ... ... | ... .! .. ... ...
households.files.close_file                 | +++ .. .. ... ... | ... .+ .. ... ...
households.files.pause_file                 | +++ .. .. ... ... | ... .+ .. ... ...
households.files.resume_file                | !!! .. .. ... ... | ... .! .. ... ...
households.files.grade_files                | +++ .. .. ... ... | ... .+ .. ... ...
households.schemes.add_scheme               | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.change_level             | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.add_level                | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.end_level                | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.choose_scheme            | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.set_floors               | ... .. .+ ... ... | ... .. .+ ... ...
households.schemes.end_floor                | ... .. .+ ... ... | ... .. .+ ... ...
followups.actions.ask_tasks                 | +++ .. +. ... ... | ... .+ +. ... ...
followups.actions.answer_task               | +++ .. .. ... ... | ... .+ .. ... ...
followups.actions.drop_task                 | +.+ .. .. ... ... | ... .+ .. ... ...
followups.actions.hand_task                 | +++ .. .. ... ... | ... .+ .. ... ...
households.files.assign_files               | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.join_households            | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.move_households            | +++ .. .. ... ... | ... .+ .. ... ...
households.moves.serve_households           | +++ .. .. ... ... | ... .+ .. ... ...
households.identity.merge_people            | +++ .. .. ... ... | ... .+ .. ... ...
households.identity.merge_families          | +++ .. .. ... ... | ... .+ .. ... ...
households.identity.undo_merge              | !!! .. .. ... ... | ... .! .. ... ...
households.identity.tell_apart              | +++ .. .. ... ... | ... .+ .. ... ...
households.identity.put_off                 | +++ .. .. ... ... | ... .+ .. ... ...
households.identity.reopen_pair             | !!! .. .. ... ... | ... .! .. ... ...
dossier.actions.enter_parts                 | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.write_sheet                 | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.change_part                 | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.retake_snapshot             | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.void_part                   | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.attach                      | +++ .. .. ... ... | ... .+ .. ... ...
dossier.actions.note_looked                 | +++ .. +. ... ... | ... .+ +. ... ...
lives.actions.homes.move_home               | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.homes.split_household         | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.homes.merge_households        | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.homes.give_to_station         | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.people.note_death             | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.people.leave_area             | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.people.add_second_home        | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.people.rotate_homes           | !!! .. .. ... ... | ... .! .. ... ...
lives.actions.undoing.undo_change           | +++ .. .. ... ... | ... .+ .. ... ...
lives.actions.erasing.ask_erasure           | ..+ .. .. ... ... | ... .. .. ... ...
lives.actions.erasing.decide_erasure        | ... .. .+ ... ... | ... .. .+ ... ...
lives.actions.erasing.withdraw_erasure      | ..+ .. .. ... ... | ... .. .. ... ...
lives.actions.erasing.set_retention         | ... .. .+ ... ... | ... .. .+ ... ...
lives.actions.handing.start_handover        | !.! .. .. ... ... | ... .! .. ... ...
lives.actions.handing.give                  | !.! .. .. ... ... | ... .! .. ... ...
lives.actions.handing.answer_items          | +.. .. .. ... ... | ... .+ .. ... ...
lives.actions.handing.withdraw_items        | +.+ .. .. ... ... | ... .+ .. ... ...
visits.actions.record_visits                | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.correct_visit                | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.save_draft                   | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.drop_draft                   | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.record_evening               | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.save_grid_draft              | +++ .. .. ... ... | ... .+ .. ... ...
visits.actions.drop_grid_draft              | +++ .. .. ... ... | ... .+ .. ... ...
rounds.actions.calls.make_call_list         | +++ .. .. ... ... | ... .+ .. ... ...
rounds.actions.calls.record_calls           | +++ .. .. ... ... | ... .+ .. ... ...
rounds.actions.calls.open_numbers           | +++ .. .. ... ... | ... .+ .. ... ...
rounds.actions.plans.save_plan              | +++ .. .. ... ... | ... .+ .. ... ...
rounds.actions.plans.flag_family            | !!! .. .. ... ... | ... .! .. ... ...
rounds.actions.plans.end_flag               | +++ .. .. ... ... | ... .+ .. ... ...
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
upkeep.alerts.ask_for_check                 | ... .. .. ..+ ... | ... .. .. ..+ ...
upkeep.alerts.look_at_alert                 | ... .. .. ..+ ... | ... .. .. ..+ ...
accounts.actions.factors.enrol_factor       | +!+ ++ ++ +++ ++. | +!+ ++ ++ +++ ++.
accounts.actions.factors.renew_recovery_codes | !+! !! !! !!! !!. | !+! !! !! !!! !!.
accounts.actions.factors.remove_factor      | !+! !! !! !!! !!. | !+! !! !! !!! !!.
accounts.actions.factors.reset_factor       | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.granting.ask_role          | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.granting.ask_role#security | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.granting.ask_role#oneself  | ... .. .. ... ... | ... .. .. ... ...
accounts.actions.granting.decide_role       | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.granting.withdraw_role     | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.granting.end_grant         | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.granting.end_grant#wider   | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.granting.end_grant#security | ... .. .. ... ... | ... .. .. ... ...
accounts.actions.granting.stop_account      | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.granting.stop_account#oneself | ... .. .. ... ... | ... .. .. ... ...
accounts.actions.granting.start_account     | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.issuing.issue_code         | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.issuing.issue_code#reset   | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.issuing.issue_code#administrator | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.issuing.issue_code#sysadmin | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.issuing.revoke_code        | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.linking.link_provider      | +.. .. .. +.. ... | ... .+ .. +.. ...
accounts.actions.linking.link_provider#administrator | ... .. .. .++ ... | ... .. .. .++ ...
accounts.actions.linking.unlink_provider    | .+. .. .. +.. ... | ... .. .. +.. ...
accounts.actions.opening.invite             | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.opening.open_accounts      | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.passwords.change_password  | +++ ++ ++ +++ ++. | +++ ++ ++ +++ ++.
accounts.actions.passwords.ask_reset        | ..+ .. .. ... ... | ... .. .. ... ...
accounts.actions.passwords.decide_reset     | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.passwords.decide_reset#administrator | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.passwords.unlock           | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.policies.set_policy        | ... .. .. .+. ... | ... .. .. .+. ...
accounts.actions.sessions.end_session       | +.. .. .. +.. ... | ... .+ .. +.. ...
accounts.actions.sessions.end_other_sessions | +++ ++ ++ +++ ++. | +++ ++ ++ +++ ++.
accounts.actions.sessions.end_all_sessions  | ... .. .. +.. ... | ... .. .. +.. ...
accounts.actions.sessions.sign_out          | +++ ++ ++ +++ +++ | +++ ++ ++ +++ +++
network.actions.open_units                  | ... .. .. +.. ... | ... .. .. +.. ...
network.actions.cover_villages              | ... .. .. +.. ... | ... .. .. +.. ...
network.actions.hire                        | ... .. .. +.. ... | ... .. .. +.. ...
network.actions.hire_again                  | ... .. .. +.. ... | ... .. .. +.. ...
network.actions.load_areas                  | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.add_areas                 | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.rename_area               | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.end_area                  | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.add_alias                 | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.remove_alias              | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.add_code                  | ... .. .. +.. ... | ... .. .. +.. ...
network.divisions.end_code                  | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.change_unit                    | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.move_unit                      | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.close_unit                     | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.reopen_unit                    | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.take_back_unit                 | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.end_coverage                   | ... .. .. +.. ... | ... .. .. +.. ...
network.tree.take_back_coverage             | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.take_on                       | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.change_staff                  | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.post_staff                    | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.change_posting                | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.transfer                      | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.leave                         | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.return_to_work                | ... .. .. +.. ... | ... .. .. +.. ...
network.teams.take_back_posting             | ... .. .. +.. ... | ... .. .. +.. ...
"""
TABLE += filings.ACTS + ledgers.ACTS + lists.ACTS + planning.ACTS + reports.ACTS + safeguarding.ACTS
TABLE += casework.ACTS

# Actions that nobody's page reaches: they have no `by`, and the reason stands here.
WITHOUT_ACTOR = {
    "network.actions.found_city": "the first run, before there is anybody",
    "network.actions.end_first_run": "the first run, before there is anybody",
    "desk.actions.found_place": "the first run, before there is anybody",
    "desk.actions.found_tree": "the first run, before there is anybody",
    "desk.actions.found_first_account": "the first run, before there is anybody",
    "accounts.actions.opening.found_administration": "the first run, before there is anybody",
    "accounts.actions.passwords.accept_code": "the door, of whoever holds the code",
    "accounts.actions.factors.prove_factor": "the door, of whoever holds the authenticator",
    "accounts.actions.sessions.begin_session": "the door, of somebody who has just come in",
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
    "upkeep.alerts.note_check_progress": "the running verification",
    "upkeep.alerts.note_checked": "the running verification",
    "upkeep.alerts.note_check_failed": "the running verification",
    "filings.actions.note_frozen": "the job that froze it",
    "filings.actions.note_not_frozen": "the job that did not",
    **casework.WITHOUT_ACTOR,
    **ledgers.WITHOUT_ACTOR,
    **reports.WITHOUT_ACTOR,
}


def account(username: str) -> User:
    return User.objects.get(username=username)


def _asked_for_auditor(at: Place) -> ResetRequest:
    """Nobody asks for an administrator on a page: somebody who became one meanwhile waits for this."""
    said = {"user": account("auditor"), "asked_by": at.managed.reset.asked_by, "asked_at": at.managed.reset.asked_at}
    return ResetRequest.objects.create(**said)


def _first_auditor() -> dict[str, Any]:
    RoleGrant.objects.filter(role=Role.AUDITOR).delete()
    return {"username": "first", "display_name": "林新", "role": Role.AUDITOR}


def _rules() -> dict[str, Any]:
    return {name: getattr(Policy(), name) for name in FIELDS} | {"shortest": 12}


def _point(at: Place) -> UnitEntry:
    return UnitEntry("SW-NEW-01", UnitKind.POINT, "新点", at.station.code, DAY)


# What was entered today, so that it may be taken back.
def _opened_today(at: Place) -> OrgUnit:
    return open_units(by=account("sysadmin"), entries=[_point(at)])["SW-NEW-01"]


def _closed_today(at: Place) -> dict[str, Any]:
    closed = close_unit(by=account("sysadmin"), unit=_opened_today(at), version=1, ends_on=TODAY)
    return {"unit": closed, "version": closed.version}


def _covered_today(at: Place) -> dict[str, Any]:
    entry = (at.station, at.abroad.pk, CoverageKind.AROUND, DAY, None)
    return {"cover": cover_villages(by=account("sysadmin"), entries=[entry])[0], "version": 1}


def _posted_today(at: Place) -> dict[str, Any]:
    said = {"staff": at.by.staff, "unit": at.station.parent, "post": Post.SERVICE, "starts_on": DAY}
    return {"posting": post_staff(by=account("sysadmin"), **said), "version": 1}


def _level() -> dict[str, Any]:
    return {
        "label": "黄", "colour": "yellow", "interval_days": 21, "grace_days": 3, "modes": ["home", "phone"],
        "face_times": 0, "face_days": 0, "review_days": 180, "starts_on": date(2020, 7, 1),
    }  # fmt: skip


def _category() -> dict[str, Any]:
    return {
        "name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": True, "restricted": False,
        "jinmin_code": "",
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
    "desk.actions.note_paper_taken": lambda at: {
        "household": at.household, "form": PaperForm.PAGE, "reason": PaperReason.REVIEW,
    },
    "households.actions.note_unmasked": lambda at: {
        "household": at.household, "what": "电话", "reason": "联系本人或家属",
    },
    "households.files.enter_household_with_file": lambda at: {
        "entry": a_household(at.station), "opened_on": DAY, "worker_id": at.by.staff_id, "acknowledged": True,
    },
    "households.files.open_files": lambda at: {"entries": [FileEntry(at.household, DAY)], "door": Door.PAGE},
    "households.files.close_file": lambda at: {"file": at.file, "closed_on": DAY, "reason": CloseReason.STABLE},
    "households.schemes.add_scheme": lambda at: {"name": "本市", "starts_on": TODAY, "like": "rag", "reason": WHY},
    "households.schemes.change_level": lambda at: {"level": "yellow", "version": 0, "said": _level(), "reason": WHY},
    "households.schemes.add_level": lambda at: {
        "scheme": "own1", "version": 1, "said": _level() | {"label": "丙"}, "reason": WHY,
    },
    "households.schemes.end_level": lambda at: {"level": "own1-2", "version": 1, "ends_on": TODAY, "reason": WHY},
    "households.schemes.choose_scheme": lambda at: {
        "stations": [at.station], "scheme": "abc", "starts_on": TODAY, "reason": WHY,
    },
    "households.schemes.set_floors": lambda at: {
        "categories": list(Category.objects.filter(code="empty_elder")), "days": 30, "starts_on": TODAY, "reason": WHY,
    },
    "households.schemes.end_floor": lambda at: {"floor": at.floor, "ends_on": TODAY, "reason": WHY},
    "followups.actions.ask_tasks": lambda at: {"entries": [TaskEntry(at.household, "问候", TODAY)]},
    "followups.actions.answer_task": lambda at: {"task": at.task, "version": 1, "answer": "已办"},
    "followups.actions.drop_task": lambda at: {"task": at.task, "version": 1, "answer": "不用办"},
    "followups.actions.hand_task": lambda at: {"task": at.task, "version": 1, "to": at.by.staff},
    "households.files.pause_file": lambda at: {
        "file": at.file, "starts_on": DAY, "planned_on": date(2020, 9, 1), "reason": PauseReason.AWAY,
    },
    "households.files.resume_file": lambda at: {"file": at.file, "resumed_on": TODAY},
    "households.files.grade_files": lambda at: {"entries": [(at.file, Grade.RED, DAY, "独居")]},
    "households.files.assign_files": lambda at: {"entries": [(at.file, at.by.staff_id, DAY)]},
    "households.moves.join_households": lambda at: {
        "entries": [JoinEntry(at.household, at.person, Relation.DAUGHTER, DAY, is_primary=False)],
    },
    "households.moves.move_households": lambda at: {"entries": [MoveEntry(at.household, at.village.pk, DAY)]},
    "households.moves.serve_households": lambda at: {"entries": [(at.household, at.further, DAY)]},
    "households.identity.merge_people": lambda at: {"pair": at.pair, "keep": at.pair.first_id, "reason": WHY},
    "households.identity.merge_families": lambda at: {"pair": at.homes, "keep": at.homes.first_id, "reason": WHY},
    **{
        f"households.identity.{name}": lambda at: {"pair": at.pair, "reason": WHY}
        for name in ("undo_merge", "tell_apart", "put_off", "reopen_pair")
    },
    "dossier.actions.enter_parts": lambda at: {
        "kind": Housing, "entries": [PartEntry(at.household, {"taken_on": DAY, "kind": "own"})],
    },
    "dossier.actions.write_sheet": lambda at: {
        "household": at.household, "person_id": at.person.pk, "version": 0, "said": {"known_on": DAY},
    },
    "dossier.actions.change_part": lambda at: {
        "household": at.household, "part": at.parts.disability, "version": 1, "said": {"note": "改过"},
        "acknowledged": True,
    },
    "dossier.actions.retake_snapshot": lambda at: {
        "household": at.household, "part": at.parts.housing, "version": 1, "said": {"taken_on": DAY, "kind": "own"},
    },
    "dossier.actions.void_part": lambda at: {
        "household": at.household, "part": at.parts.housing, "version": 1, "reason": "登记错了",
    },
    "dossier.actions.attach": lambda at: {
        "household": at.household, "person_id": None, "said": {"kind": "house", "taken_on": DAY},
        "paper": Paper(b"%PDF-", "pdf"),
    },
    "dossier.actions.note_looked": lambda at: {"household": at.household, "attachment": at.parts.paper},
    **filings.ARGUMENTS, **ledgers.ARGUMENTS, **lists.ARGUMENTS, **lives.ARGUMENTS,
    **planning.ARGUMENTS, **reports.ARGUMENTS, **safeguarding.ARGUMENTS, **casework.ARGUMENTS,
    "visits.actions.record_visits": lambda at: {
        "entries": [a_visit_entry(at.station, at.by, at.family, on=DAY)], "door": Door.PAGE,
    },
    "rounds.actions.calls.make_call_list": lambda at: {
        "entry": CallListEntry(at.station, "重阳问候", [at.household.pk], Criteria()),
    },
    "rounds.actions.calls.record_calls": lambda at: {
        "call_list": at.call_list, "entries": [CallEntry(a_visit_entry(at.station, at.by, at.family, on=DAY), 0)],
    },
    "rounds.actions.calls.open_numbers": lambda at: {
        "call_list": at.call_list, "households": [at.household], "reason": "联系本人或家属",
    },
    "rounds.actions.plans.save_plan": lambda at: {
        "entry": PlanEntry(at.station, date(2020, 6, 15), 8, 0, [Stop(at.household.pk, date(2020, 6, 16), 1)]),
    },
    "rounds.actions.plans.flag_family": lambda at: {
        "station": at.station, "household": at.household, "starts_on": DAY, "reason": "有家人酒后打人",
    },
    "rounds.actions.plans.end_flag": lambda at: {
        "flag": at.flag, "version": 1, "ends_on": at.flag.starts_on, "reason": "当事人已去外地",
    },
    "visits.actions.save_draft": lambda at: {
        "station": at.station, "household_id": at.household.pk, "typed": {"narrative": ["还没写完"]},
    },
    "visits.actions.drop_draft": lambda at: {"station": at.station, "household_id": at.household.pk},
    "visits.actions.record_evening": lambda at: {
        "station": at.station, "entries": [a_visit_entry(at.station, at.by, at.family, on=DAY)], "acknowledged": True,
    },
    "visits.actions.save_grid_draft": lambda at: {
        "station": at.station, "page": "evening", "head": {}, "rows": {str(at.household.pk): {"result": ["met"]}},
    },
    "visits.actions.drop_grid_draft": lambda at: {"station": at.station, "page": "evening"},
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
    "upkeep.alerts.ask_for_check": lambda at: {},
    "upkeep.alerts.look_at_alert": lambda at: {"alert": at.managed.alert, "remark": "已与站长核实"},
    # ACCOUNTS
    "accounts.actions.factors.enrol_factor": lambda at: {
        "secret": SECRET, "typed": codes.digits_at(SECRET, time.time()),
    },
    "accounts.actions.factors.renew_recovery_codes": lambda at: {},
    "accounts.actions.factors.remove_factor": lambda at: {"keep": None},
    "accounts.actions.factors.reset_factor": lambda at: {"user": at.managed.bound},
    "accounts.actions.granting.ask_role": lambda at: {
        "user": at.by, "role": Role.SUPERVISOR, "unit": at.root, "starts_on": TODAY,
    },
    "accounts.actions.granting.ask_role#security": lambda at: {
        "user": account("security"), "role": Role.SUPERVISOR, "unit": at.root, "starts_on": TODAY,
    },
    "accounts.actions.granting.ask_role#oneself": lambda at: {
        "user": account("sysadmin"), "role": Role.SUPERVISOR, "unit": at.root, "starts_on": TODAY,
    },
    "accounts.actions.granting.decide_role": lambda at: {
        "request_id": at.managed.request.pk, "outcome": Outcome.GRANTED,
    },
    "accounts.actions.granting.withdraw_role": lambda at: {"request_id": at.managed.request.pk},
    "accounts.actions.granting.end_grant": lambda at: {
        "grant_id": at.managed.grant.pk, "ends_on": TODAY, "seen": None,
    },
    "accounts.actions.granting.end_grant#wider": lambda at: {
        "grant_id": at.managed.wider.pk, "ends_on": TODAY, "seen": None,
    },
    "accounts.actions.granting.end_grant#security": lambda at: {
        "grant_id": account("security").grants.get().pk, "ends_on": TODAY, "seen": None,
    },
    "accounts.actions.granting.stop_account": lambda at: {"user": at.by, "reason": WHY},
    "accounts.actions.granting.stop_account#oneself": lambda at: {"user": account("sysadmin"), "reason": WHY},
    "accounts.actions.granting.start_account": lambda at: {"user": account("stopped")},
    "accounts.actions.issuing.issue_code": lambda at: {"user": at.managed.invited},
    "accounts.actions.issuing.issue_code#reset": lambda at: {"user": at.by, "purpose": Purpose.RESET},
    "accounts.actions.issuing.issue_code#administrator": lambda at: {
        "user": account("auditor"), "purpose": Purpose.RESET,
    },
    "accounts.actions.issuing.issue_code#sysadmin": lambda at: {
        "user": account("sysadmin"), "purpose": Purpose.RESET,
    },
    "accounts.actions.issuing.revoke_code": lambda at: {"user": at.managed.invited},
    "accounts.actions.linking.link_provider": lambda at: {"user": at.by, "issuer": ISSUER, "claim": "somebody"},
    "accounts.actions.linking.link_provider#administrator": lambda at: {
        "user": account("auditor"), "issuer": ISSUER, "claim": "somebody",
    },
    "accounts.actions.linking.unlink_provider": lambda at: {"user": at.managed.bound, "issuer": ISSUER},
    "accounts.actions.opening.invite": lambda at: _first_auditor(),
    "accounts.actions.opening.open_accounts": lambda at: {
        "entries": [AccountEntry("further", "林新", Role.SUPERVISOR, at.root)],
    },
    "accounts.actions.passwords.change_password": lambda at: {"password": PASSWORD_AFTER, "keep": None},
    "accounts.actions.passwords.ask_reset": lambda at: {"user": at.by, "reason": "忘了"},
    "accounts.actions.passwords.decide_reset": lambda at: {
        "request_id": at.managed.reset.pk, "outcome": Outcome.GRANTED,
    },
    "accounts.actions.passwords.decide_reset#administrator": lambda at: {
        "request_id": _asked_for_auditor(at).pk, "outcome": Outcome.GRANTED,
    },
    "accounts.actions.passwords.unlock": lambda at: {"user": at.by},
    "accounts.actions.policies.set_policy": lambda at: {"version": 0, "values": _rules(), "reason": WHY},
    "accounts.actions.sessions.end_session": lambda at: {"session_id": at.managed.session.pk},
    "accounts.actions.sessions.end_other_sessions": lambda at: {"keep": str(at.managed.session.pk)},
    "accounts.actions.sessions.end_all_sessions": lambda at: {"user": at.by},
    "accounts.actions.sessions.sign_out": lambda at: {"session_id": str(at.managed.session.pk)},
    # THE NETWORK
    "network.actions.open_units": lambda at: {"entries": [_point(at)]},
    "network.actions.cover_villages": lambda at: {
        "entries": [(at.station, at.abroad.pk, CoverageKind.AROUND, DAY, None)],
    },
    "network.actions.hire": lambda at: {
        "entries": [(Staff(name="林新", hired_on=DAY), [(at.station, Post.SERVICE, DAY, None)])],
    },
    "network.actions.hire_again": lambda at: {
        "postings": [Posting(staff=at.by.staff, unit=at.station.parent, post=Post.SERVICE, starts_on=DAY)],
    },
    "network.actions.load_areas": lambda at: {"only": "441521120203"},
    "network.divisions.add_areas": lambda at: {
        "parent": at.village.parent, "entries": [PlaceEntry("新围村民委员会")], "starts_on": DAY,
    },
    "network.divisions.rename_area": lambda at: {
        "area": at.village, "version": 1, "name": "新围村民委员会", "on": DAY,
    },
    "network.divisions.end_area": lambda at: {
        "area": at.village, "version": 1, "ends_on": TODAY, "successor": at.beside,
    },
    "network.divisions.add_alias": lambda at: {"area": at.village, "name": "新围"},
    "network.divisions.remove_alias": lambda at: {"alias": AreaAlias.objects.get(pk=at.managed.alias.pk)},
    "network.divisions.add_code": lambda at: {
        "area": at.village, "system": "mca", "edition": "2026", "code": "441599001", "starts_on": DAY,
    },
    "network.divisions.end_code": lambda at: {"row": at.managed.area_code, "ends_on": date(2024, 1, 1)},
    "network.tree.change_unit": lambda at: {"unit": at.station, "version": 1, "changes": {"phone": "0660"}},
    "network.tree.move_unit": lambda at: {"unit": at.station, "version": 1, "parent": at.root},
    "network.tree.close_unit": lambda at: {
        "unit": casework.all_over(at.station), "version": 1, "ends_on": TODAY, "to": at.further, "move_staff": True,
    },
    "network.tree.reopen_unit": _closed_today,
    "network.tree.take_back_unit": lambda at: {"unit": _opened_today(at), "version": 1},
    "network.tree.end_coverage": lambda at: {"cover": at.managed.coverage, "version": 1, "ends_on": DAY},
    "network.tree.take_back_coverage": _covered_today,
    "network.teams.take_on": lambda at: {"entries": [StaffEntry("林新", at.station, Post.SERVICE, DAY)]},
    "network.teams.change_staff": lambda at: {"staff": at.by.staff, "version": 1, "changes": {"sex": "2"}},
    "network.teams.post_staff": lambda at: {
        "staff": at.by.staff, "unit": at.station.parent, "post": Post.SERVICE, "starts_on": DAY,
    },
    "network.teams.change_posting": lambda at: {
        "posting": at.managed.posting, "version": 1, "changes": {"post": Post.AFFAIRS},
    },
    "network.teams.transfer": lambda at: {
        "posting": at.managed.posting, "version": 1, "unit": at.further, "post": Post.SERVICE, "on": DAY,
    },
    "network.teams.leave": lambda at: {"staff": at.by.staff, "version": 1, "left_on": TODAY},
    "network.teams.return_to_work": lambda at: {"staff": at.by.staff, "version": 1},
    "network.teams.take_back_posting": _posted_today,
}  # fmt: skip
