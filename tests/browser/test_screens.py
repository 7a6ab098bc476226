"""Every page at a desk's and a phone's width, for eyes that need 200 % zoom or 大字, and on paper: nothing sticks out
sideways, is cut off, left in English or bars anybody's way.

With SCREENS=1 (`make screens`) the pictures of docs/screens are taken on the way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser import (
    campaigns,
    casework,
    counter,
    events,
    groupwork,
    leading,
    papers,
    pictures,
    projects,
    surveys,
    tales,
)
from tests.browser.conftest import SignIn
from tests.browser.looking import TAKEN, WIDTHS, look, look_enlarged, take, take_on_paper
from tests.demonstration import FROM, TO, Installed, once

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOMS = (casework, papers, tales, groupwork, leading, pictures, events, projects, surveys, counter, campaigns)
SPAN = f"first={FROM}&last={TO}"

# Asked of the served city: addresses that carry an id.
IDS = """
from datetime import date, timedelta
from django.db.models import Count
from shuangbai.activities.models import Activity
from shuangbai.assistance.models import Matter
from shuangbai.core import clock
from shuangbai.core.models import AuditEvent
from shuangbai.dossier.models import Economy
from shuangbai.filings.models import Filing, Manifest
from shuangbai.households.actions import enter_household
from shuangbai.households.entries import HouseholdEntry, MemberEntry
from shuangbai.households.enums import Relation
from shuangbai.households.identity import merge_families
from shuangbai.households.known import HouseholdPair, PersonPair, SameHousehold
from shuangbai.households.models import FamilyFile, Membership, Person
from shuangbai.ledgers.actions import ask_for_import, bring_in, take_in
from shuangbai.ledgers.deals import ask_to_deal, deal_out, take_in_many
from shuangbai.ledgers.models import Dealing, Import
from shuangbai.lives.actions.handing import GiveEntry, start_handover
from shuangbai.lives.enums import HandoverReason
from shuangbai.lives.models import Handover
from shuangbai.network.models import User
from shuangbai.network.queries import colleagues
from shuangbai.reports.actions import save_table
from shuangbai.reports.models import SavedTable
from shuangbai.resources.models import Referral, Resource, ResourceLink
from shuangbai.safeguarding.models import Alarm
from shuangbai.services.actions import void_records
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
from shuangbai.volunteers.models import Certificate, Organisation, Team, TeamService, VolunteerHours
station = User.objects.get(username="worker").grants.filter(role="worker", ends_on=None).latest("pk").unit
mine = {"record__station": station, "record__voided_at": None}
visit = Visit.objects.filter(result="met", **mine).exclude(narrative="").order_by("-record__occurred_on").first()
file = FamilyFile.objects.filter(station=station, closed_on=None).order_by("-opened_on").first()
activity = Activity.objects.filter(series__isnull=False, **mine).order_by("-record__occurred_on").first()
posting = station.postings.filter(ends_on=None).order_by("pk").first()
# A family whose dossier was kept over the years, and one with three generations.
told = Economy.objects.filter(station=station).values("household").annotate(n=Count("pk")).order_by("-n", "household")
told = told[0]["household"]
# Somebody of the station entered once more, and families offered to a colleague.
by, head, today = User.objects.get(username="worker"), User.objects.get(username="head"), clock.today()
if not HouseholdPair.objects.filter(state="open").exists():
    heads = Person.objects.filter(station=station, died_on=None, memberships__relation=Relation.HEAD)
    person = heads.filter(birth_date__lt=date(1960, 1, 1)).order_by("pk").first()
    again = MemberEntry(person.name, Relation.HEAD, person.sex, person.birth_date)
    home = person.memberships.order_by("pk").first().household
    enter_household(by=by, entry=HouseholdEntry(station, home.village_id, today, [again]), acknowledged=True)
twice = SameHousehold.objects.filter(kept__station=station).order_by("pk").first()
if twice is None:
    known = {"person__birth_precision": "day", "person__birth_date__lt": date(1970, 1, 1), "person__died_on": None}
    rows = Membership.objects.filter(station=station, relation=Relation.HEAD, ends_on=None, **known)
    row = rows.filter(household__files__state="open").order_by("pk").last()
    home = row.household
    again = MemberEntry(row.person.name, Relation.HEAD, row.person.sex, row.person.birth_date)
    entry = HouseholdEntry(station, home.village_id, today, [again], phone="邻居 0660-5550001")
    other = enter_household(by=by, entry=entry, acknowledged=True).household
    pair = HouseholdPair.objects.get(first__in=[home.pk, other.pk], second__in=[home.pk, other.pk])
    merge_families(by=by, pair=pair, keep=home.pk, reason="同一户登记了两次，问过户主")
    twice = SameHousehold.objects.get(household=other)
handed = Handover.objects.filter(station=station, closed_at=None).first()
if handed is None:
    giver, receiver = colleagues(station.pk, today).exclude(pk__in=[by.staff_id, head.staff_id])[:2]
    files = FamilyFile.objects.filter(station=station, state="open", workers__staff=giver, workers__ends_on=None)
    items = [(file, receiver.pk) for file in files.order_by("pk")[:3]]
    starts = today + timedelta(days=1)
    handed = start_handover(by=head, entry=GiveEntry(station, giver, starts, HandoverReason.LEAVING, items))
kept = SavedTable.objects.first()
if kept is None:
    officer = User.objects.get(username="officer")
    question = {"figures": ["V2", "V1"], "rows": "station", "columns": "", "held": "", "span": "last_month"}
    scope = officer.grants.latest("pk").unit
    kept = save_table(by=officer, name="上月各站走访", scope=scope, question=question, shared=True)
# The city's report that is frozen, and a visit of its month voided since; the station's own on its way.
frozen = Manifest.objects.select_related("filing").get()
april = (frozen.filing.first, frozen.filing.last)
late = Visit.objects.filter(record__occurred_on__range=april, **mine).order_by("pk")
if not ServiceRecord.objects.filter(station=station, void_reason="重复录入").exists():
    void_records(by=head, records=[late[0].record], reason="重复录入")
# A ledger that waits and one that was brought in.
place = station.coverage.order_by("pk").first().village
lines = ["走访日期,村居,户主,联系电话,走访方式,走访结果,走访社工,走访内容,存在困难及需求,备注"]
for day, name, phone, met, said in (
    ("2020-05-04", "连进财", "19900000001", "见面", "屋顶漏雨，已请村委来看"),
    ("2020.5.6", "连阿妹", "", "不在家", "邻居说去了女儿家"),
    ("2020-05-32", "连二弟", "", "见面", "近来身体一般"), ("5月9日", "连秀英", "", "见面", "血压偏高"),
):
    lines.append(f"{day},{place.name},{name},{phone},入户,{met},{by.staff.name},{said},,补录")
lines.append(f"2020-05-11,大埔老村,连土生,,电访,见面,{by.staff.name},一切都好,,")
ledger = Import.objects.filter(state="read").first() or take_in(
    by=by, station=station, data=chr(10).join(lines).encode(), name="五月走访台账.csv")
brought = Import.objects.filter(state="done").first()
if brought is None:
    brought = take_in(by=by, station=station, data=chr(10).join(lines[:2]).encode(), name="四月走访台账.csv")
    ask_for_import(by=by, source=brought, version=1)
    bring_in(by=by, source_id=brought.pk)
# A workbook of several stations, and one that was dealt out.
centre = User.objects.get(username="supervisor")
named = (station.name, "市督导中心", "")
several = [f"所属站点,{lines[0]}"] + [f"{name},{one}" for name in named for one in lines[1:4]]
dealing, dealt = (Dealing.objects.filter(state=state).first() for state in ("read", "dealt"))
for name in ("全县走访汇总.csv", "上月走访汇总.csv") if dealing is None else ():
    dealt, dealing = dealing, take_in_many(
        by=centre, owner=station.parent, data=chr(10).join(several).encode(), name=name)
if dealt and dealt.state == "read":
    ask_to_deal(by=centre, dealing=dealt, version=1)
    deal_out(by=centre, dealing_id=dealt.pk)
# What families of the station were helped with.
matters = Matter.objects.filter(station=station)
matter, granted = matters.get(stage="running", policy="dibao"), matters.filter(stage="granted", tag=None).first()
given = VolunteerHours.objects.filter(station=station, record__kind="activity").order_by("pk").first()
women = Team.objects.get(name="赤山村巾帼志愿队")
answer = {
    "matter": str(matter.pk), "granted": str(granted.pk),
    "resource": str(Resource.objects.filter(unit=station).order_by("name").first().pk),
    "link": str(ResourceLink.objects.filter(station=station).order_by("-occurred_on", "id").first().pk),
    "referral": str(Referral.objects.get(station=station, state="accepted").pk),
    "helped": str(matter.household_id),
    "women": str(women.pk), "own_team": str(Team.objects.filter(station=station).order_by("name").first().pk),
    "helped_at": str(given.record_id), "hours": str(given.pk), "helper": str(given.volunteer_id),
    "certificate": str(Certificate.objects.get().pk), "served": str(TeamService.objects.filter(team=women).first().pk),
    "organisation": str(Organisation.objects.filter(station=station).first().pk),
    "dealing": str(dealing.pk), "dealt": str(dealt.pk),
    "ledger": str(ledger.pk), "brought": str(brought.pk), "ledger_row": str(brought.rows.first().pk),
    "frozen": str(frozen.pk), "filing": str(Filing.objects.get(owner=station).pk),
    "table": str(kept.pk), "teen": str(Alarm.objects.get(drill=False).person_key),
    "alarm": str(Alarm.objects.get(drill=False).pk), "drill": str(Alarm.objects.get(drill=True).pk),
    "twice": str(twice.kept_id),
    "told": str(told), "pair": str(PersonPair.objects.filter(state="open").order_by("-score").first().pk),
    "homes": str(HouseholdPair.objects.filter(state="open").order_by("-score").first().pk),
    "handover": str(handed.pk), "giver": str(handed.giver_id),
    "account": str(User.objects.get(username="worker").pk), "officer": str(User.objects.get(username="officer").pk),
    "grant": str(User.objects.get(username="officer").grants.latest("pk").pk),
    "event": str(AuditEvent.objects.filter(kind="campaign.opened").first().pk),
    "town": str(station.town_id), "village": str(station.coverage.order_by("pk").first().village_id),
    "cover": str(station.coverage.filter(ends_on=None).order_by("pk").first().pk),
    "posting": str(posting.pk), "staff": str(posting.staff_id),
    "visit": str(visit.pk), "family": str(file.household_id), "station": station.code,
    "activity": str((activity or Activity.objects.filter(**mine).first()).pk),
    "person": str(Membership.objects.filter(household_id=file.household_id).first().person_id),
}
"""

# page: who looks, and at which address; {…} from IDS
PAGES = {
    "signin": ("", "/signin"),
    "today": ("worker", "/"),
    "today-officer": ("officer", "/"),
    "families": ("worker", "/families/"),
    "family": ("worker", "/families/{family}/"),
    "family-new": ("worker", "/families/new"),
    "family-edit": ("worker", "/families/{family}/edit"),
    "person": ("worker", "/people/{person}/"),
    "categories": ("worker", "/families/categories/"),
    "search": ("worker", "/search?q=血压"),
    "visit-choose": ("worker", "/visits/new"),
    "visit-new": ("worker", "/visits/new?family={family}"),
    "visit": ("worker", "/visits/{visit}/"),
    "visit-correct": ("worker", "/visits/{visit}/correct"),
    "activity-new": ("worker", "/activities/new"),
    "activity": ("worker", "/activities/{activity}/"),
    "records": ("worker", "/records/"),
    "records-officer": ("officer", "/records/"),
    "campaign": ("officer", "/campaigns/sw-week-2020"),
    "network": ("officer", "/network/"),
    "station": ("officer", "/network/stations/{station}/"),
    "roles": ("sysadmin", "/network/roles/"),
    "checkup": ("sysadmin", "/system/doctor/"),
    "backups": ("sysadmin", "/system/backups/"),
    "keys": ("security", "/system/keys/"),
    "today-auditor": ("auditor", "/"),
    "trail": ("auditor", "/trail/"),
    "trail-event": ("auditor", "/trail/{event}/"),
    "trail-chain": ("auditor", "/trail/chain/"),
    "trail-openings": ("auditor", "/trail/openings/"),
    "setup": ("sysadmin", "/setup/"),
    "areas": ("sysadmin", "/network/areas/"),
    "areas-found": ("sysadmin", "/network/areas/?q=城东"),
    "area": ("sysadmin", "/network/areas/{town}/"),
    "area-rename": ("sysadmin", "/network/areas/{town}/rename"),
    "area-end": ("sysadmin", "/network/areas/{village}/end"),
    "area-villages": ("sysadmin", "/network/areas/{town}/villages"),
    "area-code": ("sysadmin", "/network/areas/{town}/code"),
    "units": ("sysadmin", "/network/units/"),
    "unit": ("sysadmin", "/network/units/{station}/"),
    "unit-new": ("sysadmin", "/network/units/SW-HF/new/station"),
    "unit-edit": ("sysadmin", "/network/units/{station}/edit"),
    "unit-move": ("sysadmin", "/network/units/{station}/move"),
    "unit-close": ("sysadmin", "/network/units/{station}/close"),
    "cover": ("sysadmin", "/network/units/{station}/villages"),
    "cover-end": ("sysadmin", "/network/coverage/{cover}/end"),
    "station-managed": ("sysadmin", "/network/stations/{station}/"),
    "staff-list": ("sysadmin", "/network/staff/"),
    "staff-new": ("sysadmin", "/network/staff/new"),
    "staff-paste": ("sysadmin", "/network/staff/paste"),
    "staff": ("sysadmin", "/network/staff/{staff}/"),
    "staff-leave": ("sysadmin", "/network/staff/{staff}/leave"),
    "posting-transfer": ("sysadmin", "/network/postings/{posting}/transfer"),
    "results": ("officer", f"/reports/results/?{SPAN}"),
    "results-station": ("worker", f"/reports/results/?{SPAN}"),
    "evidence": ("officer", f"/reports/evidence/V2/?{SPAN}"),
    "definitions": ("officer", "/reports/definitions/"),
    "codes": ("officer", "/setup/codes/"),
    "code-list": ("officer", "/setup/codes/visit.result/"),
    "code-add": ("officer", "/setup/codes/visit.result/new"),
    "code-rename": ("officer", "/setup/codes/visit.mode/wechat/rename"),
    "categories-officer": ("officer", "/families/categories/"),
    "category-edit": ("officer", "/setup/categories/dibao_rural/edit"),
    "numbering": ("officer", "/setup/numbering/"),
    "numbering-change": ("officer", "/setup/numbering/change"),
    "city": ("sysadmin", "/setup/city/"),
    "city-change": ("sysadmin", "/setup/city/change"),
    "feedback-new": ("worker", "/feedback/new?from=/visits/new"),
    "feedback-own": ("worker", "/feedback/"),
    "feedback-asks": ("worker", "/feedback/asks/"),
    "feedback-all": ("sysadmin", "/setup/feedback/"),
    "welcome": ("", "/welcome"),
    "own-account": ("worker", "/account/"),
    "own-password": ("worker", "/account/password"),
    "own-factor": ("worker", "/account/factor"),
    "team": ("head", "/account/team"),
    "accounts": ("sysadmin", "/setup/accounts/"),
    "account": ("sysadmin", "/setup/accounts/{account}/"),
    "account-new": ("sysadmin", "/setup/accounts/new"),
    "account-paste": ("sysadmin", "/setup/accounts/list"),
    "account-stop": ("sysadmin", "/setup/accounts/{account}/stop"),
    "role-new": ("sysadmin", "/setup/accounts/{officer}/roles/new"),
    "role-list": ("security", "/setup/roles/"),
    "grant-end": ("security", "/setup/roles/grants/{grant}/end"),
    "policies": ("security", "/setup/policies/"),
    "today-head": ("head", "/"),
    "today-supervisor": ("supervisor", "/"),
    "family-told": ("worker", "/families/{told}/"),
    "family-years": ("worker", "/families/{told}/dossier/economy/"),
    "family-economy": ("worker", "/families/{told}/dossier/economy/new"),
    "family-housing": ("worker", "/families/{told}/dossier/housing/new"),
    "family-consent": ("worker", "/families/{told}/dossier/consent/new"),
    "family-print": ("worker", "/families/{told}/sheet"),
    "family-export": ("worker", "/families/export?file=yes"),
    "record-export": ("supervisor", "/records/export"),
    "family-openings": ("head", "/families/{told}/openings"),
    "family-grade": ("worker", "/families/{family}/grade"),
    "family-hints": ("worker", "/families/{told}/hints/"),
    "family-changes": ("worker", "/families/{told}/changes/"),
    "family-split": ("worker", "/families/{told}/changes/split"),
    "family-death": ("worker", "/families/{told}/changes/death"),
    "family-station": ("worker", "/families/{told}/changes/station"),
    "safety": ("worker", "/rounds/safety/{told}/"),
    "alarm-new": ("worker", "/safeguarding/new?person={teen}"),
    "alarm-family": ("worker", "/safeguarding/new?family={family}"),
    "alarms": ("head", "/safeguarding/"),
    "alarm": ("head", "/safeguarding/{alarm}/"),
    "alarm-drill": ("supervisor", "/safeguarding/{drill}/"),
    "alarm-figure": ("officer", "/safeguarding/figure"),
    "alarm-rule": ("officer", "/safeguarding/rule"),
    "resources": ("worker", "/resources/"),
    "resources-need": ("worker", "/resources/?need=education&village={village}&ended=on"),
    "resource": ("worker", "/resources/{resource}/"),
    "resource-new": ("supervisor", "/resources/new"),
    "link-new": ("worker", "/resources/links/new?family={helped}&resource={resource}"),
    "link": ("worker", "/resources/links/{link}/"),
    "referrals": ("head", "/resources/referrals/?all"),
    "referral-new": ("worker", "/resources/referrals/new?family={helped}"),
    "referral": ("worker", "/resources/referrals/{referral}/"),
    "referral-letter": ("worker", "/resources/referrals/{referral}/letter"),
    "matters": ("head", "/assistance/?all"),
    "matter-new": ("worker", "/assistance/new?family={told}"),
    "matter": ("worker", "/assistance/{matter}/"),
    "matter-granted": ("worker", "/assistance/{granted}/"),
    "family-helped": ("worker", "/families/{helped}/"),
    "matter-policies": ("officer", "/assistance/policies/"),
    "matter-policy": ("officer", "/assistance/policies/dibao"),
    "workdays": ("officer", "/setup/workdays/"),
    "due": ("worker", "/due/"),
    "due-station": ("head", "/due/station/"),
    "family-pause": ("worker", "/families/{told}/pause"),
    "family-twice": ("worker", "/families/{twice}/"),
    "tasks": ("worker", "/tasks/"),
    "task-new": ("worker", "/families/{told}/tasks/new"),
    "evening": ("worker", "/visits/evening"),
    "week": ("worker", "/rounds/week/?fresh=1&most=8"),
    "calls": ("worker", "/rounds/calls/"),
    "calls-new": ("worker", "/rounds/calls/new?pick=1&categories=alone_elder&unseen_days=3"),
    "handovers": ("head", "/handover/"),
    "handover-new": ("head", "/handover/of/{giver}"),
    "handover": ("head", "/handover/{handover}"),
    "doubles": ("worker", "/people/doubles/"),
    "double": ("worker", "/people/doubles/{pair}/"),
    "family-doubles": ("worker", "/families/doubles/"),
    "family-double": ("worker", "/families/doubles/{homes}/"),
    "erasure-ask": ("head", "/people/{person}/erasure"),
    "erasures": ("officer", "/erasures/"),
    "retention": ("head", "/retention/"),
    "retention-rule": ("officer", "/setup/retention/"),
    "grading": ("officer", "/setup/grading/"),
    "rates": ("officer", "/reports/rates/"),
    "filings": ("head", "/filings/"),
    "filing-new": ("head", "/filings/new"),
    "filing-draft": ("head", "/filings/{filing}/"),
    "filing": ("officer", "/filings/{frozen}/"),
    "filing-proof": ("officer", "/filings/{frozen}/proof"),
    "balances": ("officer", "/reports/balances/"),
    "balance-new": ("head", "/reports/balances/new"),
    "targets": ("supervisor", "/reports/targets/"),
    "targets-set": ("officer", "/reports/targets/SW-CQ-01/2020/set"),
    "catalogue": ("officer", "/reports/forms/"),
    "catalogue-head": ("head", "/reports/forms/"),
    "catalogue-new": ("officer", "/reports/forms/new"),
    "number": ("officer", f"/reports/number/?figure=V2&{SPAN}"),
    "number-rate": ("head", "/reports/number/?figure=F7"),
    "number-choose": ("officer", "/reports/number/"),
    "compare": ("officer", "/reports/compare/"),
    "tables": ("officer", f"/reports/tables/?figures=V2&figures=V1&figures=B1&rows=station&{SPAN}"),
    "table-two-ways": ("officer", f"/reports/tables/?figures=V2&rows=category&columns=month&{SPAN}"),
    "tables-errors": ("officer", "/reports/tables/?figures=V2&figures=F5&rows=grade&span=this_year"),
    "table-change": ("officer", "/reports/tables/{table}/change"),
    "table-delete": ("officer", "/reports/tables/{table}/delete"),
    "ledgers": ("worker", "/ledgers/"),
    "ledger": ("worker", "/ledgers/{ledger}/"),
    "ledger-columns": ("worker", "/ledgers/{ledger}/columns"),
    "ledger-wrong": ("worker", "/ledgers/{ledger}/rows?fate=wrong"),
    "ledger-done": ("worker", "/ledgers/{brought}/"),
    "ledger-row": ("worker", "/ledgers/rows/{ledger_row}/"),
    "dealings": ("supervisor", "/ledgers/dealt/"),
    "dealing": ("supervisor", "/ledgers/dealt/{dealing}/"),
    "dealing-done": ("supervisor", "/ledgers/dealt/{dealt}/"),
    "volunteers": ("worker", "/volunteers/"),
    "volunteer": ("worker", "/volunteers/{helper}/"),
    "volunteer-new": ("worker", "/volunteers/new"),
    "volunteer-hours": ("worker", "/volunteers/records/{helped_at}/"),
    "volunteer-correct": ("worker", "/volunteers/hours/{hours}/"),
    "volunteer-teams": ("worker", "/teams/"),
    "volunteer-team": ("worker", "/teams/{own_team}/"),
    "volunteer-women": ("supervisor", "/teams/{women}/"),
    "volunteer-women-officer": ("officer", "/teams/{women}/"),
    "volunteer-service": ("supervisor", "/teams/services/{served}/"),
    "volunteer-service-new": ("worker", "/teams/services/new?team={own_team}"),
    "volunteer-organisation": ("worker", "/teams/organisations/{organisation}/"),
    "volunteer-certify": ("worker", "/volunteers/{helper}/certificate"),
    "volunteer-certificate": ("supervisor", "/volunteers/certificates/{certificate}/"),
    "volunteer-certificates": ("supervisor", "/volunteers/certificates/"),
    "missing": ("worker", "/families/00000000-0000-7000-8000-000000000000/"),
    "wrong-method": ("worker", "/families/{family}/unmask"),
    **{name: page for room in ROOMS for name, page in room.PAGES.items()},
}

# Pages that are to be looked at though something is wrong.
NOT_WELL = {"missing": 404, "wrong-method": 405, "tables-errors": 422}


@pytest.fixture(scope="session")
def ids(demo_copy: Installed) -> dict[str, str]:
    return once("ids", lambda _: demo_copy.asks("".join([IDS, *(room.IDS for room in ROOMS)])))


# Households visited; the tests save some visits into the copy of the city that they are served.
VISITED = re.compile(r"10,4[12]\d")


@pytest.mark.parametrize("device", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits(
    name: str, device: str, looking_at: Page, sign_in: SignIn, demo_server: str, ids: dict[str, str]
) -> None:
    page = looking_at
    who, address = PAGES[name]
    if who:
        sign_in(page, who, home=False)
    answer = page.goto(demo_server + address.format(**ids))
    assert answer
    assert answer.status == NOT_WELL.get(name, 200)
    assert not who or "/signin" not in page.url  # the door answers 200 too
    look(page, name, WIDTHS[device])
    look_enlarged(page, name, device)


@pytest.mark.parametrize("device", WIDTHS)
def test_a_conflict_fits(
    device: str, request: pytest.FixtureRequest, sign_in: SignIn, demo_server: str, ids: dict[str, str]
) -> None:
    """The form beside what somebody else saved meanwhile: an earlier version is sent along."""
    page: Page = request.getfixturevalue(device)
    sign_in(page, "worker").goto(f"{demo_server}/visits/{ids['visit']}/correct")
    page.evaluate("document.querySelector('[name=version]').value = 0")
    page.get_by_label("更正理由").fill("补上漏记的一句")
    page.get_by_label("谈了什么、看到什么").fill("血压偏高，已约下周三陪同去卫生院。")
    page.get_by_role("button", name="保存更正").click()
    page.get_by_role("heading", name="已保存的版本").wait_for()
    look(page, "conflict", WIDTHS[device])


@pytest.mark.parametrize("device", WIDTHS)
def test_the_printed_file(
    device: str, request: pytest.FixtureRequest, sign_in: SignIn, demo_server: str, ids: dict[str, str]
) -> None:
    """The first page of a family's file as a printer gets it: the page of the form, laid out for paper."""
    page: Page = request.getfixturevalue(device)
    sign_in(page, "worker").goto(f"{demo_server}/families/{ids['told']}/sheet")
    page.locator("[name=form][value=page]").check()
    page.locator("#id_reason").select_option("review")
    page.get_by_role("button", name="取出").click()
    page.locator("[data-print]").wait_for()
    look(page, "family-sheet", WIDTHS[device])
    if TAKEN and device == "page":
        take_on_paper(page, "family-sheet-print")


@pytest.mark.parametrize("device", WIDTHS)
def test_the_printed_week(device: str, request: pytest.FixtureRequest, sign_in: SignIn, demo_server: str) -> None:
    """A week's plan as it is taken along: proposed, saved, and laid out for paper."""
    page: Page = request.getfixturevalue(device)
    sign_in(page, "worker").goto(f"{demo_server}/rounds/week/?fresh=1&most=6")
    page.get_by_role("button", name="保存计划").click()
    page.get_by_role("link", name="打印").click()
    page.locator("[data-print]").wait_for()
    look(page, "week-print", WIDTHS[device])
    if TAKEN and device == "page":
        take_on_paper(page, "week-paper")


@pytest.mark.parametrize("device", WIDTHS)
def test_a_form_with_errors_fits(
    device: str, request: pytest.FixtureRequest, sign_in: SignIn, demo_server: str, ids: dict[str, str]
) -> None:
    page: Page = request.getfixturevalue(device)
    sign_in(page, "worker").goto(f"{demo_server}/visits/new?family={ids['family']}")
    page.locator("#id_occurred_on").fill("2020-07-01")
    page.get_by_role("button", name="保存走访").click()
    page.locator(".error-summary").wait_for()
    look(page, "visit-errors", WIDTHS[device])


class TestThePicturesOfTheReadme:
    def test_a_visit_on_a_phone(self, phone: Page, sign_in: SignIn, demo_server: str, ids: dict[str, str]) -> None:
        sign_in(phone, "worker").goto(f"{demo_server}/visits/new?family={ids['family']}")
        phone.get_by_role("group", name="见到了谁").locator("label.chip").first.tap()
        phone.get_by_label("谈了什么、看到什么").fill("血压偏高，提醒按时服药；屋顶漏雨，答应下周带村干部来看。")
        if TAKEN:
            phone.set_viewport_size({"width": 390, "height": 1000})
            phone.wait_for_timeout(600)  # until the mark of the finger has faded
            take(phone, "visit-phone", "#id_met")

    def test_the_report_and_what_a_number_counts(self, page: Page, sign_in: SignIn, demo_server: str) -> None:
        sign_in(page, "officer")
        page.set_viewport_size({"width": 1280, "height": 1500})
        for name, top in (("results", ".report"), ("evidence", "body")):
            page.goto(demo_server + PAGES[name][1])
            assert page.get_by_text(VISITED).first.is_visible()
            if TAKEN:
                take(page, name, top)
