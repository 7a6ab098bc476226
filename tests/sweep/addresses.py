"""Every address as everybody. How to read and extend the table: the package's docstring."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from shuangbai.accounts import codes
from shuangbai.accounts.actions.policies import FIELDS
from shuangbai.accounts.again import Typed, seal
from shuangbai.accounts.models import Policy
from shuangbai.accounts.views.own import SEALED
from shuangbai.core.crypto import encrypt
from shuangbai.households.models import Category
from tests.cast import PASSWORD
from tests.sweep import casework, filings, ledgers, lists, lives, planning, reports, safeguarding
from tests.sweep.sent import FOLLOWUPS, ROUNDS
from tests.sweep.world import SECRET, Place, fresh_id

WHY = "按新口径"

SIGNS = {
    "+": "200, the page",
    ">": "302, to a page inside",
    "s": "302 (to htmx 401), to the sign-in page; 401, sign in once more",
    ".": "404, not there",
    "x": "405, not by this method",
    "!": "422, put right what was typed",
    "?": "400, not understood",
    "=": "409, somebody else saved first",
    "c": "403, a form without its token",
}

# name                                | by   | 城东: own 海 上 管理 out | 东洲
TABLE = """
today                                 | GET  | +++ ++ ++ +++ ++ss
search                                | GET  | +++ ++ ++ ... ..ss
search?q=曾秀                         | GET  | +++ ++ ++ ... ..ss
search?q=血压                         | GET  | +++ ++ ++ ... ..ss
family(household)                     | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
family(household)                     | HTMX | +++ .. +. ... ..ss | ... .+ +. ... ..ss
family-openings(household)            | GET  | +.+ .. +. ... ..ss | ... .+ +. ... ..ss
family-history(household,people)      | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
person(person)                        | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
person(person)                        | HTMX | +++ .. +. ... ..ss | ... .+ +. ... ..ss
doubles                               | GET  | +++ ++ +. ... ..ss
double(pair)                          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
double(pair)                          | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
double(across)                        | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
double(across)                        | POST | ... .. >. ... ..ss | ... .. >. ... ..ss
family-doubles                        | GET  | +++ ++ +. ... ..ss
family-double(homes)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
family-double(homes)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
family-double(homes_across)           | GET  | ... .. +. ... ..ss | ... .. +. ... ..ss
family-double(homes_across)           | POST | ... .. >. ... ..ss | ... .. >. ... ..ss

family-list                           | GET  | +++ ++ +. ... ..ss
family-list?q=曾秀                    | GET  | +++ ++ +. ... ..ss
family-suggest?q=曾秀                 | GET  | +++ ++ ++ +++ ++ss
family-new                            | GET  | +++ ++ .. ... ..ss
family-new                            | POST | >>> !! .. ... ..ss | !!! !> .. ... ..ss
categories                            | GET  | +++ ++ ++ +++ ++ss
family-edit(household)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
family-edit(household)                | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
family-unmask(household)              | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
member-add(household)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
member-add(household)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
member-edit(household,membership)     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
member-edit(household,membership)     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
tag-open(household)                   | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
tag-open(household)                   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
tag-close(household,tag)              | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
tag-close(household,tag)              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
file-open(household)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
file-open(household)                  | POST | !!! .. .. ... ..ss | ... .! .. ... ..ss
file-close(household)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
file-close(household)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss

due-list                              | GET  | +++ ++ +. ... ..ss
due-list?state=overdue                | GET  | +++ ++ +. ... ..ss
due-upward                            | GET  | +++ ++ +. ... ..ss
due-station                           | GET  | ..+ .. .. ... ..ss
due-share                             | POST | ..> .. .. ... ..ss | ..! .. .. ... ..ss
due-give-back                         | POST | ..> .. .. ... ..ss | ..> .. .. ... ..ss
file-pause(household)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
file-pause(household)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
file-resume(household)                | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
file-resume(household)                | POST | !!! .. .. ... ..ss | ... .! .. ... ..ss
file-grade(household)                 | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
file-grade(household)                 | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
task-list                             | GET  | +++ ++ +. ... ..ss
task-new(household)                   | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
task-new(household)                   | POST | >>> .. >. ... ..ss | ... .> >. ... ..ss
task(task)                            | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
task-answer(task)                     | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
task-drop(task)                       | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
task-hand(task)                       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
dossier-history(household,housing)    | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
dossier-history(household,sheet)      | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
dossier-new(household,housing)        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dossier-new(household,housing)        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
dossier-new(household,attachment)     | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dossier-edit(household,disability,disability_row) | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dossier-edit(household,disability,disability_row) | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
dossier-void(household,housing,housing_row) | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dossier-void(household,housing,housing_row) | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
dossier-sheet(household,person)       | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
dossier-sheet(household,person)       | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
dossier-unmask(household)?what=certificate.{disability_row} | POST | +++ .. .. ... ..ss | ... .+ .. ... ..ss
attachment-open(household,paper)      | POST | +++ .. +. ... ..ss | ... .+ +. ... ..ss

visit-new                             | GET  | +++ ++ .. ... ..ss
visit-new?family={household}          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-new?family={household}          | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-new?family={household}          | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
visit-draft?family={household}        | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
visit-draft-drop?family={household}   | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
grid-draft?page=evening               | POST | >>> >> .. ... ..ss
grid-draft-drop?page=evening          | POST | >>> >> .. ... ..ss
evening                               | GET  | +++ ++ .. ... ..ss
evening?family={household}            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
evening                               | POST | >>> !! .. ... ..ss | !!! !> .. ... ..ss
week-plan                             | GET  | +++ ++ .. ... ..ss
week-plan                             | POST | =>> .. .. ... ..ss | ... .= .. ... ..ss
week-plan-print                       | GET  | +.. .+ .. ... ..ss
calls                                 | GET  | +++ ++ +. ... ..ss
call-new                              | GET  | +++ ++ .. ... ..ss
call-new?pick=1&categories=disabled   | GET  | +++ ++ .. ... ..ss
call-new                              | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
call-list(call_list)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
call-list(call_list)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
call-result(call_list)                | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
safety(household)                     | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
safety(household)                     | POST | !!! .. .. ... ..ss | ... .! .. ... ..ss
safety-end(flag)                      | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
evening-row?family={household}        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit(visit)                          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
visit-correct(visit)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-correct(visit)                  | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-correct(visit)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss

activity-new                          | GET  | +++ ++ .. ... ..ss
activity-new                          | HTMX | +++ ++ .. ... ..ss
activity-new                          | POST | >>> !! .. ... ..ss | !!! !> .. ... ..ss
people-suggest?q=陈大                 | GET  | +++ ++ .. ... ..ss
activity-joint                        | GET  | +++ ++ .. ... ..ss
activity(activity)                    | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
activity-correct(activity)            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
activity-correct(activity)            | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
activity-correct(activity)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
record-list                           | GET  | +++ ++ ++ +++ ++ss
record-list?q=血压                    | GET  | +++ ++ ++ +++ ++ss
record(record)                        | GET  | >>> .. >> ... ..ss | ... .> >> ... ..ss
record-void(record)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
campaign(campaign)                    | GET  | +++ ++ ++ ... ..ss



network                               | GET  | +++ ++ ++ +++ ++ss
roles                                 | GET  | +++ ++ ++ +++ ++ss
station(station)                      | GET  | +++ .. ++ +++ ..ss | ... .+ ++ +++ ..ss
signin                                | GET  | >>> >> >> >>> >>++
signin                                | POST | >>> >> >> >>> >>>>
signin?next=https://elsewhere.example | GET  | >>> >> >> >>> >>++
signout                               | POST | >>> >> >> >>> >>ss
signin-code                           | GET  | >>> >> >> >>> >>>>
signin-code                           | POST | >>> >> >> >>> >>>>
signin-again                          | POST | +++ ++ ++ +++ ++++
signin-again#wrong                    | POST | sss ss ss sss ssss
welcome                               | GET  | +++ ++ ++ +++ ++++
welcome                               | POST | >>> >> >> >>> >>>>
welcome#wrong                         | POST | !!! !! !! !!! !!!!
provider                              | GET  | >>> >> >> >>> >>>>
provider-back                         | GET  | >>> >> >> >>> >>>>
first-run                             | GET  | >>> >> >> >>> >>>>
first-run                             | POST | >>> >> >> >>> >>>>

feedback-own                          | GET  | +++ ++ ++ +++ ++ss
feedback-new                          | GET  | +++ ++ ++ +++ ++ss
feedback-new                          | POST | >>> >> >> >>> >>ss
feedback-asks                         | GET  | +++ ++ ++ +++ ++ss
feedback-all                          | GET  | ... .. .. +.. ..ss
feedback(feedback)                    | GET  | +.. .. .. +.. ..ss | ... .+ .. +.. ..ss
feedback-answer(feedback)             | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
feedback-reopen(feedback)             | POST | !.. .. .. ... ..ss | ... .! .. ... ..ss
feedback-close(feedback)              | POST | >.. .. .. >.. ..ss | ... .> .. >.. ..ss

codes                                 | GET  | ... .. .+ ... ..ss
code-list(visit.mode)                 | GET  | ... .. .+ ... ..ss
code-list(nothing)                    | GET  | ... .. .. ... ..ss
code-add(visit.mode)                  | GET  | ... .. .+ ... ..ss
code-add(visit.mode)                  | POST | ... .. .> ... ..ss
code-rename(visit.mode,home)          | GET  | ... .. .+ ... ..ss
code-rename(visit.mode,home)          | POST | ... .. .> ... ..ss
code-end(visit.mode,chance)           | GET  | ... .. .+ ... ..ss
code-end(visit.mode,chance)           | POST | ... .. .> ... ..ss
code-resume(visit.mode,home)          | GET  | ... .. .+ ... ..ss
code-resume(visit.mode,home)          | POST | ... .. .! ... ..ss
code-move(visit.mode,phone)           | POST | ... .. .> ... ..ss
category-add                          | GET  | ... .. .+ ... ..ss
category-add                          | POST | ... .. .> ... ..ss
category-edit(floating)               | GET  | ... .. .+ ... ..ss
category-edit(floating)               | POST | ... .. .> ... ..ss
category-move(dibao_rural)            | POST | ... .. .> ... ..ss
category-listed                       | GET  | ... .. .+ ... ..ss
category-listed                       | POST | ... .. .> ... ..ss
category-unlisted(listed)             | GET  | ... .. .+ ... ..ss
category-unlisted(listed)             | POST | ... .. .> ... ..ss
grading                               | GET  | ... .. .+ ... ..ss
level-edit(yellow)                    | GET  | ... .. .+ ... ..ss
level-edit(yellow)                    | POST | ... .. .> ... ..ss
level-add(own1)                       | GET  | ... .. .+ ... ..ss
level-add(own1)                       | POST | ... .. .> ... ..ss
level-end(own1-2)                     | GET  | ... .. .+ ... ..ss
level-end(own1-2)                     | POST | ... .. .> ... ..ss
scheme-add                            | GET  | ... .. .+ ... ..ss
scheme-add                            | POST | ... .. .> ... ..ss
scheme-choose                         | GET  | ... .. .+ ... ..ss
scheme-choose                         | POST | ... .. .> ... ..ss
floors-set                            | GET  | ... .. .+ ... ..ss
floors-set                            | POST | ... .. .> ... ..ss
floor-end(floor)                      | GET  | ... .. .+ ... ..ss
floor-end(floor)                      | POST | ... .. .> ... ..ss
numbering                             | GET  | ... .. .+ ... ..ss
numbering-change                      | GET  | ... .. .+ ... ..ss
numbering-change                      | POST | ... .. .> ... ..ss
city                                  | GET  | ... .. .. +.. ..ss
city-change                           | GET  | ... .. .. +.. ..ss
city-change                           | POST | ... .. .. >.. ..ss
emblem(none)                          | GET  | ... .. .. ... ..ss

trail                                 | GET  | ... .. .. ..+ ..ss
trail-chain                           | GET  | ... .. .. ..+ ..ss
trail-chain                           | HTMX | ... .. .. ..+ ..ss
trail-verify                          | POST | ... .. .. ..> ..ss
trail-openings                        | GET  | ... .. .. ..+ ..ss
trail-event(event)                    | GET  | ... .. .. ..+ ..ss | ... .. .. ..+ ..ss
trail-alert(alert)                    | GET  | ... .. .. ..+ ..ss | ... .. .. ..+ ..ss
trail-alert(alert)                    | POST | ... .. .. ..> ..ss | ... .. .. ..> ..ss

setup                                 | GET  | ... .. .+ ++. ..ss
unit-list                             | GET  | ... .. .. +.. ..ss
unit(station)                         | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-new(county,centre)               | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-new(county,centre)               | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-new(station,point)               | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-new(station,point)               | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-new(station,bureau)              | GET  | ... .. .. ... ..ss | ... .. .. ... ..ss
unit-edit(station)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-edit(station)                    | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-move(station)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-move(station)                    | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-close(station)                   | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-close(station)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-reopen(station)                  | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
unit-take-back(station)               | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
cover(station)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
cover(station)                        | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
cover-end(coverage)                   | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
cover-end(coverage)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
cover-take-back(coverage)             | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff-list                            | GET  | ... .. .. +.. ..ss
staff-new                             | GET  | ... .. .. +.. ..ss
staff-new                             | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff-paste                           | GET  | ... .. .. +.. ..ss
staff-paste                           | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff(staff)                          | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-edit(staff)                     | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-edit(staff)                     | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff-post(staff)                     | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-post(staff)                     | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff-leave(staff)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-leave(staff)                    | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
staff-return(staff)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
posting-edit(posting)                 | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
posting-edit(posting)                 | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
posting-transfer(posting)             | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
posting-transfer(posting)             | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
posting-take-back(posting)            | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-list                             | GET  | ... .. .. +.. ..ss
area(area)                            | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-add(town)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-add(town)                        | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-villages(town)                   | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-villages(town)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-rename(area)                     | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-rename(area)                     | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-end(area)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-end(area)                        | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-alias(area)                      | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-alias(area)                      | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-code(area)                       | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-code(area)                       | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
alias-remove(alias)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
area-code-end(code)                   | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-code-end(code)                   | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss

account-list                          | GET  | ... .. .. +.. ..ss
account-new                           | GET  | ... .. .. +.. ..ss
account-new                           | POST | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-paste                         | GET  | ... .. .. +.. ..ss
account-paste                         | POST | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account(user)                         | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account(sysadmin)                     | GET  | ... .. .. +.. ..ss
account(security)                     | GET  | ... .. .. +.. ..ss
account(invited)                      | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account(bound)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-do(user)#reset                | POST | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-do(sysadmin)#reset            | POST | ... .. .. ... ..ss
account-do(security)#reset            | POST | ... .. .. ... ..ss
account-do(invited)#invite            | POST | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-do(invited)#revoke            | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-do(user)#unlock               | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-do(user)#sessions             | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-do(user)#start                | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-do(bound)#unlink              | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-do(security)#unlink           | POST | ... .. .. ... ..ss
account-do(user)#nothing              | POST | ... .. .. ... ..ss | ... .. .. ... ..ss
account-stop(user)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-stop(user)                    | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-stop(sysadmin)                | POST | ... .. .. ... ..ss
account-provider(user)                | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-provider(user)                | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
account-provider(security)            | POST | ... .. .. ... ..ss
role-new(user)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
role-new(user)                        | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
role-new(sysadmin)                    | GET  | ... .. .. ... ..ss
role-new(sysadmin)                    | POST | ... .. .. ... ..ss
reset-decide(reset)                   | POST | ... .. .. +.. ..ss | ... .. .. +.. ..ss
role-list                             | GET  | ... .. .. .+. ..ss
role-decide(request)#granted          | POST | ... .. .. .>. ..ss | ... .. .. .>. ..ss
role-decide(request)#declined         | POST | ... .. .. .>. ..ss | ... .. .. .>. ..ss
role-decide(request)#withdrawn        | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
grant-end(grant)                      | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
grant-end(grant)                      | POST | ... .. .. >.. ..ss | ... .. .. >.. ..ss
grant-end(wider)                      | GET  | ... .. .. .+. ..ss
grant-end(wider)                      | POST | ... .. .. .>. ..ss
administrator-do(bound)#factor        | POST | ... .. .. .>. ..ss | ... .. .. .>. ..ss
administrator-do(bound)#reset         | POST | ... .. .. ... ..ss | ... .. .. ... ..ss
administrator-do(sysadmin)#reset      | POST | ... .. .. .+. ..ss
administrator-do(security)#reset      | POST | ... .. .. ... ..ss
administrator-do(security)#factor     | POST | ... .. .. ... ..ss
policies                              | GET  | ... .. .. .+. ..ss
policies                              | POST | ... .. .. .>. ..ss
own-account                           | GET  | +++ ++ ++ +++ ++ss
own-password                          | GET  | +++ ++ ++ +++ ++ss
own-password                          | POST | >>> >> >> >>> >>ss
own-password#wrong                    | POST | !!! !! !! !!! !!ss
own-factor                            | GET  | +>+ ++ ++ +++ ++ss
own-factor                            | POST | +>> >> >> >>> >>ss
own-factor-codes                      | GET  | .+. .. .. ... ..ss
own-factor-codes                      | POST | .+. .. .. ... ..ss
own-factor-remove                     | GET  | .+. .. .. ... ..ss
own-factor-remove                     | POST | .>. .. .. ... ..ss
own-session-end(session)              | POST | >.. .. .. ... ..ss | ... .> .. ... ..ss
own-sessions-end                      | POST | >>> >> >> >>> >>ss
own-provider                          | POST | >>> >> >> >>> >>ss
team-accounts                         | GET  | ..+ .. .. ... ..ss
team-reset(user)                      | GET  | ..+ .. .. ... ..ss | ... .. .. ... ..ss
team-reset(user)                      | POST | ..> .. .. ... ..ss | ... .. .. ... ..ss

checkup                               | GET  | ... .. .. +.. ..ss
checkup-start                         | POST | ... .. .. >.. ..ss
backups                               | GET  | ... .. .. +.. ..ss
backups                               | HTMX | ... .. .. +.. ..ss
backup-start                          | POST | ... .. .. >.. ..ss
keys                                  | GET  | ... .. .. .+. ..ss
keys                                  | HTMX | ... .. .. .+. ..ss
key-change                            | POST | ... .. .. .>. ..ss
key-continue                          | POST | ... .. .. .>. ..ss

health                                | GET  | +++ ++ ++ +++ ++++
ready                                 | GET  | +++ ++ ++ +++ ++++
textsize                              | POST | >>> >> >> >>> >>>>
"""
TABLE += filings.TABLE + ledgers.TABLE + lists.TABLE + lives.TABLE + planning.TABLE + reports.TABLE + safeguarding.TABLE
TABLE += casework.TABLE


# What each POST sends, valid for the place that it gets.
def _member(at: Place) -> dict[str, Any]:
    return {"name": "林新", "relation": "20", "starts_on": "2019-01-01", "sex": "1"}


def _visit(at: Place) -> dict[str, Any]:
    return {
        "occurred_on": "2020-06-05", "mode": "home", "result": "met", "workers": [str(at.by.staff_id)],
        "met": [str(at.person.pk)], "followup": "none", "purpose": "ordinary", "client_id": fresh_id(),
        "narrative": "说了些家常。",
    }  # fmt: skip


def _activity(at: Place) -> dict[str, Any]:
    return {
        "title": "读书会", "kind": "children", "occurred_on": "2020-06-01", "workers": [str(at.by.staff_id)],
        "children": "20", "method": "signed", "client_id": fresh_id(), "acknowledged": "on",
    }  # fmt: skip


def _category() -> dict[str, Any]:
    return {
        "name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": "yes", "restricted": "no",
        "starts_on": "2020-06-06",
        "reason": WHY,
    }  # fmt: skip


def _level() -> dict[str, Any]:
    return {
        "label": "黄", "colour": "yellow", "interval_days": "21", "grace_days": "3", "modes": ["home", "phone"],
        "review_days": "180", "starts_on": "2020-07-01", "reason": WHY,
    }  # fmt: skip


def _correction(make: Callable[[Place], dict[str, Any]]) -> Callable[[Place], dict[str, Any]]:
    return lambda at: make(at) | {"version": "1", "reason": "补记", "acknowledged": "on"}


def _unit(name: str, code: str = "") -> dict[str, Any]:
    return {"name": name, "code": code, "starts_on": "2017-07-01", "batch": "first", "address": "", "phone": ""}


def _typed_too_late(at: Place) -> str:
    return seal(Typed(str(at.by.pk), "/visits/new", [("narrative", "说了些家常。")], had_files=False))


def _rules() -> dict[str, Any]:
    """The rules of signing in as they stand by default, but for one."""
    kept = {name: getattr(Policy(), name) for name in FIELDS if name != "factor_roles"}
    return kept | {"shortest": 12, "version": "0", "reason": WHY}


PASSWORD_AFTER = "walk-the-village-roads-26"
NEW = {"password": PASSWORD_AFTER, "password_again": PASSWORD_AFTER}
FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "family-new": lambda at: {
        "village": at.village.pk, "since": "2019-07-01", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-name": "林新", "members-0-relation": "02",
    },
    "double": lambda at: {"decision": "apart", "reason": "两个人"},
    "family-double": lambda at: {"decision": "apart", "reason": "两户人家"},
    "family-edit": lambda at: {"village": at.village.pk, "group": "二组", "version": "1"},
    "family-unmask": lambda at: {"reason": "apply"},
    "member-add": _member,
    "member-edit": lambda at: _member(at) | {"version": "1"},
    "tag-open": lambda at: {
        "bearer": at.person.pk, "category": at.tag.category_id, "starts_on": "2019-01-01", "source": "worker",
        "acknowledged": "on",
    },
    "tag-close": lambda at: {"ends_on": "2020-06-01", "reason": "left"},
    "file-open": lambda at: {"opened_on": "2020-06-01"},
    "file-close": lambda at: {"closed_on": "2020-06-01", "reason": "stable"},
    "dossier-new": lambda at: {"taken_on": "2020-06-01", "kind": "own"},
    "dossier-edit": lambda at: {
        "kind": "4", "grade": "2", "person": at.family.people[0].pk, "note": "改过", "version": "1",
        "acknowledged": "on",
    },
    "dossier-void": lambda at: {"reason": "登记错了", "version": "1"},
    "dossier-sheet": lambda at: {"known_on": "2020-06-01", "nation": "01", "version": "0"},
    "dossier-unmask": lambda at: {"reason": "apply"},
    "attachment-open": lambda at: {},
    "visit-new": _visit,
    "visit-draft": _visit,
    "visit-draft-drop": lambda at: {},
    "grid-draft": lambda at: {
        "rows": [str(at.household.pk)], f"row-{at.household.pk.hex}-narrative": "还没写完",
    },
    "grid-draft-drop": lambda at: {},
    **ROUNDS,
    "visit-correct": _correction(_visit),
    "activity-new": _activity,
    "activity-correct": _correction(_activity),
    "record-void": lambda at: {"reason": "重复录入"},
    "signin": lambda at: {"username": "worker", "password": PASSWORD},
    "signout": lambda at: {},
    "feedback-new": lambda at: {"kind": "awkward", "text": "走访页上的字太小", "page": "/visits/new"},
    "feedback-answer": lambda at: {"text": "下一版改大", "version": "1"},
    "feedback-reopen": lambda at: {"text": "还是太小", "version": "1"},
    "feedback-close": lambda at: {"version": "1"},
    "code-add": lambda at: {"label": "语音", "base": "phone", "starts_on": "2020-06-01", "reason": WHY},
    "code-rename": lambda at: {"label": "到家", "starts_on": "2020-06-01", "version": "0", "reason": WHY},
    "code-end": lambda at: {"ends_on": "2020-06-06", "version": "0", "reason": WHY},
    "code-resume": lambda at: {"starts_on": "2020-06-06", "version": "0", "reason": WHY},
    "code-move": lambda at: {"to": "up"},
    "category-add": lambda at: _category(),
    "due-share": lambda at: {"file": [str(at.file.pk)], "to": str(at.by.staff_id)},
    **FOLLOWUPS,
    "level-edit": lambda at: _level() | {"version": "0"},
    "level-add": lambda at: _level() | {"label": "丙", "version": "1"},
    "level-end": lambda at: {"ends_on": "2020-06-30", "version": "1", "reason": WHY},
    "scheme-add": lambda at: {"name": "本市四级", "like": "rag", "reason": WHY},
    "scheme-choose": lambda at: {
        "stations": [str(at.station.pk)], "scheme": "abc", "starts_on": "2020-06-06", "reason": WHY,
    },
    "floors-set": lambda at: {
        "categories": [str(Category.objects.get(code="empty_elder").pk)], "days": "30", "starts_on": "2020-06-06",
        "reason": WHY,
    },
    "floor-end": lambda at: {"ends_on": "2020-06-30", "reason": WHY},
    "category-edit": lambda at: _category() | {"version": "1", "acknowledged": "on"},
    "category-move": lambda at: {"to": "down"},
    "category-listed": lambda at: {
        "category": Category.objects.get(code="floating").pk, "starts_on": "2020-07-01", "reason": WHY,
        "acknowledged": "on",
    },
    "category-unlisted": lambda at: {"ends_on": "2020-06-30", "reason": WHY, "acknowledged": "on"},
    "numbering-change": lambda at: {
        "pattern": "{村码}{序号:3}", "starts_on": "2020-06-06", "version": "0", "reason": WHY,
    },
    "city-change": lambda at: {"city_name": "汕尾", "bureau_name": "汕尾市民政局", "version": "1", "reason": WHY},
    "trail-verify": lambda at: {},
    "checkup-start": lambda at: {},
    "backup-start": lambda at: {},
    "key-change": lambda at: {"cipher": "sm4-gcm"},
    "key-continue": lambda at: {},
    "textsize": lambda at: {"size": "large", "next": "/search?q=x"},
    # THE DOOR AND ONE'S OWN ACCOUNT
    "signin-code": lambda at: {"code": codes.digits_at(SECRET, time.time())},
    "signin-again": lambda at: {"typed": _typed_too_late(at), "password": PASSWORD},
    "signin-again#wrong": lambda at: {"typed": _typed_too_late(at), "password": "x"},
    "welcome": lambda at: {"username": at.managed.invited.username, "code": at.managed.code, **NEW},
    "welcome#wrong": lambda at: {"username": at.managed.invited.username, "code": "2222-2222-2222", **NEW},
    "first-run": lambda at: {"code": "2222-2222-2222"},
    "own-password": lambda at: {"old": PASSWORD, **NEW},
    "own-password#wrong": lambda at: {"old": "x", **NEW},
    "own-factor": lambda at: {
        "sealed": encrypt(f"{at.by.pk}:{SECRET}", SEALED), "code": codes.digits_at(SECRET, time.time()),
    },
    "own-factor-codes": lambda at: {"password": PASSWORD},
    "own-factor-remove": lambda at: {"password": PASSWORD},
    "own-session-end": lambda at: {},
    "own-sessions-end": lambda at: {},
    "own-provider": lambda at: {},
    "team-reset": lambda at: {"reason": "忘了"},
    # ACCOUNTS AND ROLES
    "account-new": lambda at: {
        "username": "further", "display_name": "林新", "role": "supervisor", "unit": at.station.parent_id,
        "reason": WHY,
    },
    "account-paste": lambda at: {
        "text": f"林新,further,{at.station.parent.name},督导", "open": "", "line": "1",
    },
    "account-do#reset": lambda at: {"do": "reset"},
    "account-do#invite": lambda at: {"do": "invite"},
    "account-do#revoke": lambda at: {"do": "revoke"},
    "account-do#unlock": lambda at: {"do": "unlock"},
    "account-do#sessions": lambda at: {"do": "sessions"},
    "account-do#start": lambda at: {"do": "start"},
    "account-do#unlink": lambda at: {"do": "unlink"},
    "account-do#nothing": lambda at: {"do": "nothing"},
    "account-stop": lambda at: {"reason": WHY},
    "account-provider": lambda at: {"claim": "somebody"},
    "role-new": lambda at: {
        "role": "supervisor", "unit": at.station.parent_id, "starts_on": "2020-06-06", "reason": WHY,
    },
    "reset-decide": lambda at: {"outcome": "granted"},
    "role-decide#granted": lambda at: {"outcome": "granted"},
    "role-decide#declined": lambda at: {"outcome": "declined"},
    "role-decide#withdrawn": lambda at: {"outcome": "withdrawn"},
    "grant-end": lambda at: {"ends_on": "2020-06-30", "seen": ""},
    "administrator-do#reset": lambda at: {"do": "reset"},
    "administrator-do#factor": lambda at: {"do": "factor"},
    "policies": lambda at: _rules(),
    # THE NETWORK
    "unit-new": lambda at: _unit("新点", "SW-NEW-01"),
    "unit-edit": lambda at: _unit("改名社工站") | {"town": at.village.parent_id, "version": "1"},
    "unit-move": lambda at: {"parent": at.root.pk, "version": "1"},
    "unit-close": lambda at: {
        "ends_on": casework.all_over(at.station) and "2020-06-06", "to": at.further.pk, "move_staff": "on",
        "version": "1", "sure": "",
    },
    "unit-reopen": lambda at: {"version": "1"},
    "unit-take-back": lambda at: {"version": "1"},
    "cover": lambda at: {"kind": "around", "starts_on": "2020-06-06", "names": "海丰县/海城镇/长埔村", "sure": ""},
    "cover-end": lambda at: {"ends_on": "2020-06-05", "version": "1"},
    "cover-take-back": lambda at: {"version": "1"},
    "staff-new": lambda at: {"name": "林新", "unit": at.station.pk, "post": "service", "hired_on": "2020-06-01"},
    "staff-paste": lambda at: {"text": f"林新,女,{at.station.name},服务岗,2020-06-01", "sure": ""},
    "staff-edit": lambda at: {"name": "林新", "sex": "2", "hired_on": "2017-07-01", "version": "1"},
    "staff-post": lambda at: {"unit": at.station.parent_id, "post": "service", "starts_on": "2020-06-06"},
    "staff-leave": lambda at: {"left_on": "2020-06-06", "version": "1"},
    "staff-return": lambda at: {"version": "1"},
    "posting-edit": lambda at: {"post": "affairs", "starts_on": "2017-07-01", "ends_on": "", "version": "1"},
    "posting-transfer": lambda at: {"unit": at.further.pk, "post": "service", "on": "2020-06-06", "version": "1"},
    "posting-take-back": lambda at: {"version": "1"},
    "area-add": lambda at: {"name": "新围村民委员会", "starts_on": "2020-06-06", "code": "", "edition": "2023"},
    "area-villages": lambda at: {"text": "新围村民委员会,,新围", "edition": "2023", "sure": ""},
    "area-rename": lambda at: {"name": "新围村民委员会", "on": "2020-06-06", "version": "1"},
    "area-end": lambda at: {"ends_on": "2020-06-06", "successor": at.beside.pk, "version": "1"},
    "area-alias": lambda at: {"name": "新围"},
    "area-code": lambda at: {"system": "mca", "edition": "2026", "code": "441599001", "starts_on": "2020-06-06"},
    "alias-remove": lambda at: {},
    "area-code-end": lambda at: {"ends_on": "2024-01-01"},
    "trail-alert": lambda at: {"remark": "已与站长核实"},
    **filings.FORMS, **ledgers.FORMS, **lists.FORMS, **lives.FORMS, **planning.FORMS, **reports.FORMS,
    **safeguarding.FORMS, **casework.FORMS,
}  # fmt: skip
