"""kill -9 while visits are saved, a few times; two hundred times it is `make reliability ARGS=kills`."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
import uuid
from pathlib import Path

from reliability.client import Client, form_of, over_port
from tests.cast import PASSWORD
from tests.demonstration import Installed, free_port
from tests.server.conftest import Start
from tests.server.test_programs import until_ready

KILLS = 4
CITY = """
from shuangbai.cli import prepare_data
prepare_data()
from shuangbai.core.actions import writing
from tests.cast import a_family, make_city
with writing():
    city = make_city()
    for _ in range(3):
        a_family(city.chengdong, city.users["worker"])
answer = None
"""
FOUND = """
from collections import Counter
from django.db.models import Count
from shuangbai.services.models import ServiceRecord
from shuangbai.visits.models import Visit
bare = ServiceRecord.objects.filter(visit__isnull=True).count()
bare += ServiceRecord.objects.annotate(n=Count("workers")).filter(n=0).count()
answer = {"bare": bare, "stories": Counter(Visit.objects.values_list("narrative", flat=True))}
"""


class Writer(threading.Thread):
    """Saves visits, one after another; what was not answered is sent again, as a person would."""

    def __init__(self, client: Client, address: str, form: dict[str, list[str]]) -> None:
        super().__init__(daemon=True)
        self.client, self.address, self.form = client, address, form
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            story = f"提醒按时服药 {uuid.uuid4().hex}"
            sent = self.form | {"narrative": [story], "client_id": [str(uuid.uuid4())]}
            while not self.stopping.is_set():
                try:
                    if story in self.client.send(self.address, sent).text:
                        self.acknowledged.append(story)
                        break
                except Exception:
                    self.client.close()
                    time.sleep(0.05)


def opened(port: int) -> Writer:
    client = Client(over_port(port), "localhost")
    client.sign_in("worker", PASSWORD)
    family = re.findall(r"/families/([0-9a-f-]{36})/", client.get("/families/").text)[0]
    address = f"/visits/new?family={family}"
    form, choices = form_of(client.get(address).text)
    return Writer(client, address, form | {"met": choices["met"][:1]})


def test_what_was_acknowledged_is_there_once(fresh: Installed, start: Start, tmp_path: Path) -> None:
    fresh.asks(CITY)
    port = free_port()
    web = start("web", PORT=str(port), SHUANGBAI_WEB_PROCESSES="1")
    until_ready(port)
    writer = opened(port)
    writer.start()
    for _ in range(KILLS):
        limit, count = time.monotonic() + 30, len(writer.acknowledged)
        while len(writer.acknowledged) < count + 2 and time.monotonic() < limit:
            time.sleep(0.01)
        os.killpg(web.pid, signal.SIGKILL)
        web.wait()
        web = start("web", PORT=str(port), SHUANGBAI_WEB_PROCESSES="1")
        until_ready(port)
    writer.stopping.set()
    writer.join(30)
    writer.client.close()
    found = fresh.asks(FOUND)
    assert len(writer.acknowledged) >= 2 * KILLS
    assert {story: found["stories"].get(story) for story in writer.acknowledged} == dict.fromkeys(
        writer.acknowledged, 1
    )
    assert max(found["stories"].values()) == 1
    assert found["bare"] == 0
