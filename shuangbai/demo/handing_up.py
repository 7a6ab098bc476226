"""Reports on their way in the demonstration: April of the city is frozen, and each role finds one that waits for it."""

from datetime import date

from shuangbai.filings.access import may_draft
from shuangbai.filings.actions import (
    accept_filing,
    confirm_filing,
    draft_filing,
    note_frozen,
    review_filing,
)
from shuangbai.filings.jobs import made
from shuangbai.network.models import OrgUnit, User

APRIL, MAY = (date(2020, 4, 1), date(2020, 4, 30)), (date(2020, 5, 1), date(2020, 5, 31))


def fill(heads: dict[str, User]) -> None:
    """The city's April, accepted; May of three stations: drafted, confirmed, reviewed. `heads` by their station."""
    supervisor, officer, shown = (User.objects.get(username=name) for name in ("supervisor", "officer", "head"))
    root = OrgUnit.objects.get(parent=None)
    whole = draft_filing(by=supervisor, owner=root, first=APRIL[0], last=APRIL[1])
    confirm_filing(by=supervisor, filing=whole, version=1)
    review_filing(by=supervisor, filing=whole, version=2)
    accept_filing(by=officer, filing=whole, version=3)
    header, facts, counted_at = made(whole)
    note_frozen(filing_id=whole.pk, header=header, facts=facts, counted_at=counted_at)
    units = {unit.code: unit for unit in OrgUnit.objects.filter(code__in=heads).order_by("path")}
    leads = {code: User.objects.get(pk=heads[code].pk) for code in units}  # as they are today
    led = [code for code in units if may_draft(leads[code], units[code])]
    led.sort(key=lambda code: leads[code].pk != shown.pk)  # the head whose sign-in is printed finds a draft
    for code, steps in zip(led, range(3), strict=False):
        one = draft_filing(by=leads[code], owner=units[code], first=MAY[0], last=MAY[1])
        if steps > 0:
            confirm_filing(by=leads[code], filing=one, version=1)
        if steps > 1:
            review_filing(by=supervisor, filing=one, version=2)
