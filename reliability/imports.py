"""kill -9 of the job worker while it brings a ledger in, again and again: never half in, and in the end all, once."""

import json
import random
import time

from reliability.serving import Installation, say

ROWS, FAMILIES = 4000, 800
ASK = f"""
import json
from shuangbai.ledgers.actions import take_in
from shuangbai.ledgers.jobs import order_import
from shuangbai.network.models import User
by = User.objects.get(username="head")
station = by.grants.filter(role="head", ends_on=None).latest("pk").unit
village = station.coverage.order_by("pk").first().village.name
lines = ["走访日期,村居,户主,走访方式,走访内容"]
for number in range({ROWS}):
    who = number % {FAMILIES}
    lines.append(f"2020-0{{1 + number // {FAMILIES}}}-{{1 + who % 28:02d}},{{village}},杀不死{{who:04d}},入户,血压偏高")
source = take_in(by=by, station=station, data=chr(10).join(lines).encode(), name="杀不死.csv")
order_import(by=by, source=source, version=1)
print(json.dumps(source.counts["fates"]))
"""
COUNTS = """
import json
from shuangbai.core.models import TextDocument
from shuangbai.households.models import Household
from shuangbai.ledgers.models import Import, ImportedRow, Made
from shuangbai.visits.models import Visit
ours = Household.objects.filter(head_name__startswith="杀不死")
visits = Visit.objects.filter(record__household__in=ours)
print(json.dumps({
    "state": Import.objects.latest("entered_at").state, "families": ours.count(), "visits": visits.count(),
    "rows": ImportedRow.objects.count(), "made": Made.objects.count(),
    "unheard": visits.exclude(pk__in=TextDocument.objects.values("subject_id")).count(),
}))
"""
NOTHING = {"state": "queued", "families": 0, "visits": 0, "rows": 0, "made": 0, "unheard": 0}


def measure(city: Installation, times: int) -> str:
    """Raises RuntimeError where something was half in, doubled, or never came in."""
    asked, chance = json.loads(city.code(ASK)), random.Random(9)
    killed = 0
    for _ in range(times):
        city.start("worker")
        time.sleep(chance.uniform(2, 12))
        city.kill()
        found = json.loads(city.code(COUNTS))
        if found["state"] == "done":
            break
        if found != NOTHING:
            raise RuntimeError(f"half in: {found}")
        killed += 1
    city.start("worker")
    deadline = time.monotonic() + 600
    while (found := json.loads(city.code(COUNTS)))["state"] == "queued" and time.monotonic() < deadline:
        time.sleep(2)
    city.stop()
    whole = {"state": "done", "families": FAMILIES, "visits": asked["new"], "rows": ROWS, "unheard": 0}
    if {name: found[name] for name in whole} != whole:
        raise RuntimeError(f"not whole: {found}")
    line = (
        f"{city.vendor}: {killed} deaths of the worker in the middle of {ROWS:,} visits, after each nothing was in; "
        f"then all of it, once."
    )
    say(line)
    return line
