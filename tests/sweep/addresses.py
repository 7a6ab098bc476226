"""Every address as everybody. How to read and extend the table: the package's docstring."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from shuangbai.households.models import Category
from tests.cast import PASSWORD
from tests.sweep.world import Place, fresh_id

WHY = "按新口径"

SIGNS = {
    "+": "200, the page",
    ">": "302, to a page inside",
    "s": "302 (to htmx 401), to the sign-in page",
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
person(person)                        | GET  | +++ .. +. ... ..ss | ... .+ +. ... ..ss
person(person)                        | HTMX | +++ .. +. ... ..ss | ... .+ +. ... ..ss

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

visit-new                             | GET  | +++ ++ .. ... ..ss
visit-new?family={household}          | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-new?family={household}          | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-new?family={household}          | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss
evening                               | GET  | +++ ++ .. ... ..ss
evening?family={household}            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
evening                               | POST | >>> !! .. ... ..ss | !!! !> .. ... ..ss
evening-row?family={household}        | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit(visit)                          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
visit-correct(visit)                  | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-correct(visit)                  | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
visit-correct(visit)                  | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss

activity-new                          | GET  | +++ ++ .. ... ..ss
activity-new                          | HTMX | +++ ++ .. ... ..ss
activity-new                          | POST | >>> !! .. ... ..ss | !!! !> .. ... ..ss
people-suggest?q=陈大                 | GET  | +++ ++ .. ... ..ss
activity(activity)                    | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
activity-correct(activity)            | GET  | +++ .. .. ... ..ss | ... .+ .. ... ..ss
activity-correct(activity)            | HTMX | +++ .. .. ... ..ss | ... .+ .. ... ..ss
activity-correct(activity)            | POST | >>> .. .. ... ..ss | ... .> .. ... ..ss

record-list                           | GET  | +++ ++ ++ +++ ++ss
record-list?q=血压                    | GET  | +++ ++ ++ +++ ++ss
record(record)                        | GET  | >>> .. >> ... ..ss | ... .> >> ... ..ss
record-void(record)                   | POST | >.> .. .. ... ..ss | ... .> .. ... ..ss
campaign(campaign)                    | GET  | +++ ++ ++ ... ..ss

results                               | GET  | +++ ++ ++ ... ..ss
results?scope={station}               | GET  | +++ !! ++ ... ..ss | !!! !+ ++ ... ..ss
results-pdf                           | POST | >>> !! >> ... ..ss | !!! !> >> ... ..ss
results-file(report)                  | GET  | +.. .. .. ... ..ss | ... .+ .. ... ..ss
results-file(report)                  | HTMX | +.. .. .. ... ..ss | ... .+ .. ... ..ss
results-download(report)              | GET  | >.. .. .. ... ..ss | ... .> .. ... ..ss
definitions                           | GET  | +++ ++ ++ ... ..ss
evidence(V2)                          | GET  | +++ ++ ++ ... ..ss
evidence(V2)?scope={station}          | GET  | +++ .. ++ ... ..ss | ... .+ ++ ... ..ss
evidence(nothing)                     | GET  | ... .. .. ... ..ss

network                               | GET  | +++ ++ ++ +++ ++ss
roles                                 | GET  | +++ ++ ++ +++ ++ss
station(station)                      | GET  | +++ .. ++ +++ ..ss | ... .+ ++ +++ ..ss
signin                                | GET  | >>> >> >> >>> >>++
signin                                | POST | >>> >> >> >>> >>>>
signin?next=https://elsewhere.example | GET  | >>> >> >> >>> >>++
signout                               | POST | >>> >> >> >>> >>ss

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

setup                                 | GET  | ... .. .+ ++. ..ss
unit-list                             | GET  | ... .. .. +.. ..ss
unit(station)                         | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
unit-edit(station)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-list                            | GET  | ... .. .. +.. ..ss
staff-new                             | GET  | ... .. .. +.. ..ss
staff-paste                           | GET  | ... .. .. +.. ..ss
staff(staff)                          | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
staff-edit(staff)                     | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
area-list                             | GET  | ... .. .. +.. ..ss

account-list                          | GET  | ... .. .. +.. ..ss
account-new                           | GET  | ... .. .. +.. ..ss
account-paste                         | GET  | ... .. .. +.. ..ss
account(user)                         | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
account-stop(user)                    | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
role-new(user)                        | GET  | ... .. .. +.. ..ss | ... .. .. +.. ..ss
role-list                             | GET  | ... .. .. .+. ..ss
policies                              | GET  | ... .. .. .+. ..ss
own-account                           | GET  | +++ ++ ++ +++ ++ss
own-password                          | GET  | +++ ++ ++ +++ ++ss
team-accounts                         | GET  | ..+ .. .. ... ..ss
team-reset(user)                      | GET  | ..+ .. .. ... ..ss | ... .. .. ... ..ss

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


# Addresses whose lines are still to be written: who may is proved in the tests of their rooms alone.
NOT_YET = {
    "account-do", "account-provider", "administrator-do", "grant-end", "own-factor", "own-factor-codes",
    "own-factor-remove", "own-provider", "own-session-end", "own-sessions-end", "provider", "provider-back",
    "reset-decide", "role-decide", "signin-again", "signin-code", "trail-alert", "trail-event", "welcome",
    "posting-take-back", "posting-transfer", "posting-edit", "staff-return", "staff-leave", "staff-post",
    "cover-take-back", "cover-end", "cover", "unit-take-back", "unit-reopen", "unit-close", "unit-move", "unit-new",
    "area-code-end", "alias-remove", "area-code", "area-alias", "area-villages", "area-end", "area-rename", "area-add",
    "area", "first-run",
}  # fmt: skip
# And addresses that have a line for looking at them, and none yet for sending.
NOT_YET_SENT = {
    "account-new", "account-paste", "account-stop", "role-new", "policies", "own-password", "team-reset", "unit-edit",
    "staff-new", "staff-paste", "staff-edit",
}  # fmt: skip


# What each POST sends, valid for the place that it gets.
def _member(at: Place) -> dict[str, Any]:
    return {"name": "林新", "relation": "20", "starts_on": "2019-01-01", "sex": "1"}


def _visit(at: Place) -> dict[str, Any]:
    return {
        "occurred_on": "2020-06-05", "mode": "home", "result": "met", "workers": [str(at.by.staff_id)],
        "met": [str(at.person.pk)], "followup": "none", "purpose": "ordinary", "client_id": fresh_id(),
        "narrative": "说了些家常。",
    }  # fmt: skip


def _evening(at: Place) -> dict[str, Any]:
    row = f"row-{at.household.pk.hex}"
    return {
        "occurred_on": "2020-06-05", "mode": "home", "purpose": "ordinary", "workers": [str(at.by.staff_id)],
        "rows": [str(at.household.pk)], f"{row}-client_id": fresh_id(), f"{row}-result": "met",
        f"{row}-met": [str(at.person.pk)], "acknowledged": "on",
    }  # fmt: skip


def _activity(at: Place) -> dict[str, Any]:
    return {
        "title": "读书会", "kind": "children", "occurred_on": "2020-06-01", "workers": [str(at.by.staff_id)],
        "children": "20", "method": "signed", "client_id": fresh_id(), "acknowledged": "on",
    }  # fmt: skip


def _category() -> dict[str, Any]:
    return {
        "name": "刚性支出困难", "group": "社会救助", "unit": "either", "statutory": "yes", "starts_on": "2020-06-06",
        "reason": WHY,
    }  # fmt: skip


def _correction(make: Callable[[Place], dict[str, Any]]) -> Callable[[Place], dict[str, Any]]:
    return lambda at: make(at) | {"version": "1", "reason": "补记", "acknowledged": "on"}


FORMS: dict[str, Callable[[Place], dict[str, Any]]] = {
    "family-new": lambda at: {
        "village": at.village.pk, "since": "2019-07-01", "members-TOTAL_FORMS": "1", "members-INITIAL_FORMS": "0",
        "members-0-name": "林新", "members-0-relation": "02",
    },
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
    "visit-new": _visit,
    "evening": _evening,
    "visit-correct": _correction(_visit),
    "activity-new": _activity,
    "activity-correct": _correction(_activity),
    "record-void": lambda at: {"reason": "重复录入"},
    "results-pdf": lambda at: {"first": "2020-01-01", "last": "2020-06-01", "scope": at.station.code},
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
}  # fmt: skip
