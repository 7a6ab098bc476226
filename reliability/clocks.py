"""Two clocks that differ: the web's clock ahead of everybody else's, then set back, with people signed in."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

from reliability.disk import address_of, save
from reliability.serving import PASSWORD, Installation, say

AHEAD = 20 * 60
LENT = """
from datetime import datetime, timedelta, UTC
from time_machine import travel
travel(datetime.now(UTC) + timedelta(seconds={seconds})).start()
"""
LATEST = """
import json
from shuangbai.core.models import Installation
from shuangbai.visits.models import Visit
rows = Visit.objects.filter(narrative__startswith="时钟").select_related("record")
visits = {visit.narrative: visit.record for visit in rows}
print(json.dumps({story: [row.entered_at.isoformat(), str(row.occurred_on)] for story, row in visits.items()}))
"""


def start_with_clock(city: Installation, seconds: int) -> None:
    """The web under a clock that is so far ahead of the machine's, from the first line that it runs."""
    with tempfile.TemporaryDirectory(prefix="sbclock-") as found:
        Path(found, "sitecustomize.py").write_text(LENT.format(seconds=seconds), "utf-8")
        city.beside = Path(found) if seconds else None
        try:
            city.start("web")
            city.until_ready()
        finally:
            city.beside = None


def measure(city: Installation) -> str:
    city.code("from shuangbai.core.models import Installation; Installation.objects.update(clock_on=None)")
    start_with_clock(city, AHEAD)
    client = city.client()
    client.sign_in("worker", PASSWORD)
    address = address_of(client)
    ahead = save(client, address, "时钟 在前").status
    city.stop()
    start_with_clock(city, 0)
    client.close()
    still = client.get("/")
    back = save(client, address, "时钟 调回").status
    city.start("worker", "periodic")
    findings = json.loads(city.command("doctor", "--quick", "--json").stdout)["findings"]
    told = sorted({one["code"] for one in findings} & {"clock_back", "clocks_differ"})
    found = json.loads(city.code(LATEST))
    city.stop()
    days = [found[story][1] for story in ("时钟 在前", "时钟 调回")]
    first, second = (datetime.fromisoformat(found[story][0]) for story in ("时钟 在前", "时钟 调回"))
    line = (
        f"The web's clock {AHEAD // 60} minutes ahead: saving {ahead}. Set back: the sign-in holds ({still.status} at "
        f"{still.path}), saving {back}; entered_at goes back with the clock "
        f"({(first - second).total_seconds() / 60:.0f} minutes), the day of the visit does not ({' and '.join(days)}); "
        f"doctor says {told}."
    )
    say(line)
    if ahead != 200 or back != 200 or still.path != "/" or "clock_back" not in told:
        raise RuntimeError("the clocks did harm, or nobody was told")
    return line
