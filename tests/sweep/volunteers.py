"""Volunteers: their lines of the tables, and what is sent. A place's volunteers, teams and hours are made here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from shuangbai.network.models import OrgUnit, User
from shuangbai.volunteers.actions.certifying import CertificateEntry, issue_certificate
from shuangbai.volunteers.actions.hours import give_hours, record_team_service
from shuangbai.volunteers.actions.leading import open_link, send_report
from shuangbai.volunteers.actions.people import enter_volunteer, note_merit
from shuangbai.volunteers.actions.teams import enter_organisation, form_team, join_team
from shuangbai.volunteers.entries import (
    HoursEntry,
    MeritEntry,
    OrganisationEntry,
    TeamEntry,
    TeamReportEntry,
    TeamServiceEntry,
    VolunteerEntry,
)
from shuangbai.volunteers.enums import MeritKind, OrganisationKind, Standing, TeamKind, TeamStage
from tests.cast import TODAY
from tests.sweep.moments import a_moment_ago

if TYPE_CHECKING:
    from tests.sweep.world import Place

SINCE, DAY = date(2020, 1, 6), date(2020, 5, 2)

TABLE = """
volunteer-list                        | GET  | +++ ++ +. ... ..ss
volunteer-list?q=陈&minors=on         | GET  | +++ ++ +. ... ..ss
volunteer-export                      | GET  | +++ ++ +. ... ..ss
volunteer-export                      | POST | +++ ++ +. ... ..ss
volunteer-suggest?q=陈                | GET  | +++ ++ .. ... ..ss
volunteer-new                         | GET  | +++ ++ .. ... ..ss
volunteer-new                         | POST | >>> >> .. ... ..ss
volunteer(volunteer)                  | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
volunteer-edit(volunteer)             | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
volunteer-edit(volunteer)             | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
volunteer-leave(volunteer)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
volunteer-unmask(outsider)?what=phone | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
volunteer-merit(volunteer)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
merit-void(merit)                     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
merit-void(merit)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
certificate-new(volunteer)            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
certificate-new(volunteer)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
certificate-list                      | GET  | +++ ++ +. ... ..ss
certificate(certificate)              | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
certificate-print(certificate)        | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
certificate-withdraw(certificate)     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
volunteer-hours(activity)             | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
volunteer-hours(activity)             | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
hours-correct(hours)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
hours-correct(hours)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
hours-void(hours)                     | GET  | +.+ .. .. ... ..ss | ... .+ .. ... ..ss
hours-void(hours)                     | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
team-list                             | GET  | +++ ++ ++ ... ..ss
team-new                              | GET  | +++ ++ .. ... ..ss
team-new                              | POST | >>> >> .. ... ..ss
team(team)                            | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
team-edit(team)                       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-edit(team)                       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-stage(team)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-join(team)                       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-merit(team)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-member(member)                   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-member(member)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-service-new                      | GET  | +++ ++ .. ... ..ss
team-service-new                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team_service(team_service)            | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
team-service-correct(team_service)    | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-service-correct(team_service)    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-link(team)                       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-link(team)                       | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-link-end(led)                    | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-reports                          | GET  | +++ ++ .. ... ..ss
team-report(team_report)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
team-report(team_report)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
team-page(team_page)                  | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
team-page(team_page)                  | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
team-page-report(team_page,team_report) | GET  | +++ ++ ++ +++ ++++ | +++ ++ ++ +++ ++++
team-page-report(team_page,team_report) | POST | >>> >> >> >>> >>>> | >>> >> >> >>> >>>>
organisation-new                      | GET  | +++ ++ .. ... ..ss
organisation-new                      | POST | >>> >> .. ... ..ss
organisation(organisation)            | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
organisation-edit(organisation)       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
organisation-edit(organisation)       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
organisation-help(organisation)       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
"""

ACTS = """
volunteers.actions.people.enter_volunteers       | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.people.change_volunteer       | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.people.leave                  | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.people.note_opened            | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.people.note_merit             | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.people.void_merit             | +.+ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.form_team               | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.change_team             | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.move_team               | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.join_team               | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.end_membership          | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.change_role             | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.enter_organisation      | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.change_organisation     | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.teams.note_help               | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.hours.give_hours              | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.hours.correct_hours           | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.hours.void_hours              | +.+ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.hours.record_team_service     | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.hours.correct_team_service    | +++ .. .. ... ... | ... .+ .. ... ...
lives.actions.erasing.ask_volunteer_erasure      | ..+ .. .. ... ... | ... .. .. ... ...
volunteers.actions.leading.open_link             | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.leading.end_link              | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.leading.accept_report         | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.leading.return_report         | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.leading.refuse_report         | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.certifying.issue_certificate  | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.certifying.note_taken         | +++ .. .. ... ... | ... .+ .. ... ...
volunteers.actions.certifying.withdraw_certificate | +.+ .. .. ... ... | ... .+ .. ... ...
"""

WITHOUT_ACTOR = {
    "volunteers.actions.leading.send_report": "a team's own page, of whoever holds its address",
    "volunteers.actions.leading.amend_report": "a team's own page, of whoever holds its address",
    "volunteers.actions.leading.withdraw_report": "a team's own page, of whoever holds its address",
}


@dataclass
class Volunteering:
    """Somebody on file and somebody who is not, their team, what they did, and what was noted of it."""

    volunteer: Any
    outsider: Any
    team: Any
    member: Any
    hours: Any
    merit: Any
    certificate: Any
    service: Any
    organisation: Any
    led: Any
    team_page: str
    team_report: Any

    @property
    def keys(self) -> dict[str, Any]:
        said = {name: getattr(self, name).pk for name in KEYS - {"team_service", "team_page"}}
        return said | {"team_service": self.service.pk, "team_page": self.team_page}


KEYS = {
    "volunteer", "outsider", "team", "member", "hours", "merit", "certificate", "organisation", "team_service", "led",
    "team_page", "team_report",
}  # fmt: skip


def volunteering_of(station: OrgUnit, by: User, person: Any, visit: Any) -> Volunteering:
    volunteer = enter_volunteer(by=by, entry=VolunteerEntry(station, SINCE, person.pk), acknowledged=True)
    other = VolunteerEntry(station, SINCE, name="卓望", phone="19900000404", skills="理发")
    outsider = enter_volunteer(by=by, entry=other, acknowledged=True)
    team = form_team(by=by, entry=_team(station, f"{station.name}志愿队"))
    member = join_team(by=by, team=team, volunteer=volunteer, starts_on=SINCE)
    service = record_team_service(by=by, entry=_service(station, volunteer, team.pk))
    [hours] = give_hours(by=by, record=visit.record, entries=[HoursEntry(outsider.pk, Decimal(1))])
    merit = note_merit(by=by, about=volunteer, entry=_merit())
    certificate = issue_certificate(by=by, volunteer=volunteer, entry=CertificateEntry(SINCE, TODAY))
    organisation = enter_organisation(by=by, entry=_organisation(station, f"{station.name}文艺队"))
    # A team's own page names its members: this one has nobody who is on file.
    led = form_team(by=by, entry=_team(station, f"{station.name}清洁队"))
    join_team(by=by, team=led, volunteer=outsider, starts_on=SINCE)
    link, token = open_link(by=by, team=led, months=6)
    report = send_report(link=link, entry=_handed_in(outsider))
    made = (volunteer, outsider, team, member, hours, merit, certificate, service, organisation)
    return Volunteering(*made, led, token, report)


def _handed_in(volunteer: Any) -> TeamReportEntry:
    return TeamReportEntry(date(2020, 5, 30), "清扫码头", 1, [(volunteer.pk, Decimal(1))])


def _team(station: OrgUnit, name: str) -> TeamEntry:
    return TeamEntry(station, name, TeamKind.WOMEN, SINCE, stage=TeamStage.GROWING)


def _service(station: OrgUnit, volunteer: Any, team: Any = None) -> TeamServiceEntry:
    return TeamServiceEntry(station, DAY, "清扫村道", team, hours=[HoursEntry(volunteer.pk, Decimal(2))])


def _merit() -> MeritEntry:
    return MeritEntry(MeritKind.TRAINING, DAY, "急救培训")


def _organisation(station: OrgUnit, name: str) -> OrganisationEntry:
    return OrganisationEntry(station, name, OrganisationKind.CULTURE, Standing.NEITHER)


_TEAM_FORM = {"name": "新队", "kind": "women", "founded_on": "2020-05-01", "stage": "gathering"}
_ORGANISATION_FORM = {"name": "新协会", "kind": "elders", "standing": "neither"}


def _report_form(at: Place) -> dict[str, Any]:
    return {
        "occurred_on": "2020-05-31", "title": "清扫码头", "hours": "1", "made": a_moment_ago("ReportForm"),
        "volunteers": [str(at.volunteering.outsider.pk)], "client_id": str(uuid4()),
    }  # fmt: skip


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "volunteer-export": lambda at: {"kind": "volunteers", "reason": "check"},
    "volunteer-new": lambda at: {"name": "林新", "since": "2020-05-01"},
    "volunteer-edit": lambda at: {
        "person": str(at.person.pk), "since": "2020-01-06", "skills": "做饭", "version": "1",
    },
    "volunteer-leave": lambda at: {"until": "2020-06-05", "reason": "搬家", "version": "1"},
    "volunteer-unmask": lambda at: {"reason": "reach"},
    "volunteer-merit": lambda at: {"kind": "award", "happened_on": "2020-05-04", "title": "优秀志愿者"},
    "merit-void": lambda at: {"reason": "记错了"},
    "certificate-new": lambda at: {"first": "2020-01-06", "last": "2020-06-05"},
    "certificate-print": lambda at: {"form": "page"},
    "certificate-withdraw": lambda at: {"reason": "写错了", "version": "1"},
    "volunteer-hours": lambda at: {"volunteers": [str(at.volunteering.volunteer.pk)], "hours": "2"},
    "hours-correct": lambda at: {"hours": "1.5", "reason": "填错了", "version": "1"},
    "hours-void": lambda at: {"reason": "记重了", "version": "1"},
    "team-new": lambda at: _TEAM_FORM,
    "team-edit": lambda at: {**_TEAM_FORM, "founded_on": "2020-01-06", "version": "1"},
    "team-stage": lambda at: {"to": "running", "on": "2020-06-05", "reason": "自己排班半年了", "version": "1"},
    "team-join": lambda at: {
        "volunteer": str(at.volunteering.outsider.pk), "starts_on": "2020-05-01", "role": "member",
    },
    "team-merit": lambda at: {"kind": "award", "happened_on": "2020-05-04", "title": "优秀队伍"},
    "team-member": lambda at: {"role": "leader"},
    "team-service-new": lambda at: {
        "occurred_on": "2020-05-09", "title": "探望长者", "hours": "2",
        "volunteers": [str(at.volunteering.volunteer.pk)],
    },
    "team-service-correct": lambda at: {
        "occurred_on": "2020-05-02", "title": "清扫村道和祠堂", "reason": "写全", "version": "1",
    },
    "team-link": lambda at: {"months": "6"},
    "team-link-end": lambda at: {},
    "team-report": lambda at: {"decision": "accept", "version": "1"},
    "team-page": _report_form,
    "team-page-report": lambda at: _report_form(at) | {"version": "1"},
    "organisation-new": lambda at: _ORGANISATION_FORM,
    "organisation-edit": lambda at: {**_ORGANISATION_FORM, "version": "1"},
    "organisation-help": lambda at: {"happened_on": "2020-05-04", "what": "协助备案"},
}  # fmt: skip

ARGUMENTS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "volunteers.actions.people.enter_volunteers": lambda at: {
        "entries": [VolunteerEntry(at.station, SINCE, name="林新")],
    },
    "volunteers.actions.people.change_volunteer": lambda at: {
        "volunteer": at.volunteering.volunteer, "version": 1,
        "entry": VolunteerEntry(at.station, SINCE, at.person.pk, skills="做饭"),
    },
    "volunteers.actions.people.leave": lambda at: {
        "volunteer": at.volunteering.volunteer, "version": 1, "until": TODAY, "reason": "搬家",
    },
    "volunteers.actions.people.note_opened": lambda at: {
        "volunteer": at.volunteering.outsider, "what": "联系电话", "reason": "联系本人或家属", "key": "phone",
    },
    "volunteers.actions.people.note_merit": lambda at: {"about": at.volunteering.team, "entry": _merit()},
    "volunteers.actions.people.void_merit": lambda at: {"merit": at.volunteering.merit, "reason": "记错了"},
    "volunteers.actions.teams.form_team": lambda at: {"entry": _team(at.station, "新队")},
    "volunteers.actions.teams.change_team": lambda at: {
        "team": at.volunteering.team, "version": 1, "entry": _team(at.station, "改名队"),
    },
    "volunteers.actions.teams.move_team": lambda at: {
        "team": at.volunteering.team, "version": 1, "to": TeamStage.RUNNING, "on": TODAY, "reason": "自己排班",
    },
    "volunteers.actions.teams.join_team": lambda at: {
        "team": at.volunteering.team, "volunteer": at.volunteering.outsider, "starts_on": DAY,
    },
    "volunteers.actions.teams.end_membership": lambda at: {"member": at.volunteering.member, "ends_on": TODAY},
    "volunteers.actions.teams.change_role": lambda at: {"member": at.volunteering.member, "role": "leader"},
    "volunteers.actions.teams.enter_organisation": lambda at: {"entry": _organisation(at.station, "新协会")},
    "volunteers.actions.teams.change_organisation": lambda at: {
        "organisation": at.volunteering.organisation, "version": 1, "entry": _organisation(at.station, "改名会"),
    },
    "volunteers.actions.teams.note_help": lambda at: {
        "organisation": at.volunteering.organisation, "happened_on": DAY, "what": "协助备案",
    },
    "volunteers.actions.hours.give_hours": lambda at: {
        "record": at.activity.record, "entries": [HoursEntry(at.volunteering.volunteer.pk, Decimal(2))],
    },
    "volunteers.actions.hours.correct_hours": lambda at: {
        "row": at.volunteering.hours, "version": 1, "hours": Decimal(2), "first": None, "last": None, "task": "",
        "reason": "填错了",
    },
    "volunteers.actions.hours.void_hours": lambda at: {
        "row": at.volunteering.hours, "version": 1, "reason": "记重了",
    },
    "volunteers.actions.hours.record_team_service": lambda at: {
        "entry": _service(at.station, at.volunteering.volunteer),
    },
    "volunteers.actions.hours.correct_team_service": lambda at: {
        "service": at.volunteering.service, "version": 1, "reason": "写全",
        "entry": _service(at.station, at.volunteering.volunteer),
    },
    "volunteers.actions.leading.open_link": lambda at: {"team": at.volunteering.team, "months": 6},
    "volunteers.actions.leading.end_link": lambda at: {"team": at.volunteering.led},
    "volunteers.actions.leading.accept_report": lambda at: {"report": at.volunteering.team_report, "version": 1},
    "volunteers.actions.leading.return_report": lambda at: {
        "report": at.volunteering.team_report, "version": 1, "answer": "请补上地点",
    },
    "volunteers.actions.leading.refuse_report": lambda at: {
        "report": at.volunteering.team_report, "version": 1, "answer": "已由社工记过",
    },
    "volunteers.actions.certifying.issue_certificate": lambda at: {
        "volunteer": at.volunteering.volunteer, "entry": CertificateEntry(SINCE, TODAY),
    },
    "volunteers.actions.certifying.note_taken": lambda at: {"certificate": at.volunteering.certificate},
    "volunteers.actions.certifying.withdraw_certificate": lambda at: {
        "certificate": at.volunteering.certificate, "version": 1, "reason": "写错了",
    },
}  # fmt: skip
