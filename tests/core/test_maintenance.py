"""Maintenance: reading goes on, nothing is written, nothing typed is lost, and every process sees it at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from shuangbai.cli import main
from shuangbai.core import clock, maintenance
from shuangbai.core.actions import writing
from shuangbai.core.findings import Refused
from shuangbai.core.models import AuditEvent
from shuangbai.network.models import User
from shuangbai.visits.models import Visit
from tests.cast import PASSWORD, a_family, a_visit

WORDS = "老人说屋顶漏雨，\n答应下周带人来看。"


@pytest.fixture
def closed(city: Any) -> Iterator[None]:
    maintenance.begin(reason="升级系统", until=clock.machine_now() + timedelta(hours=2))
    yield
    maintenance.end()


@pytest.fixture
def client_for(client_for: Any) -> Any:
    """Signed in as through the door, which stays open meanwhile."""

    def signed_in(user: User) -> Client:
        with maintenance.working():
            return client_for(user)

    return signed_in


def typed(worker: User, **more: Any) -> dict[str, Any]:
    return {
        "occurred_on": "2020-06-05", "mode": "home", "result": "refused", "workers": [str(worker.staff_id)],
        "followup": "none", "purpose": "ordinary", "narrative": WORDS, **more,
    }  # fmt: skip


@pytest.fixture
def family(city: Any, worker: User) -> Any:
    return a_family(city.chengdong, worker, phone="19900001234")


class TestOnPages:
    def test_reading_goes_on_under_a_banner(self, client_for: Any, worker: User, family: Any, closed: Any) -> None:
        client = client_for(worker)
        for address in ("/", "/families/", f"/families/{family.household.pk}/", "/records/"):
            answer = client.get(address)
            assert answer.status_code == 200
            assert "系统维护中（升级系统）：可以查看，暂时不能保存，预计" in answer.content.decode()

    def test_the_form_comes_back_with_all_that_was_typed(
        self, client_for: Any, worker: User, family: Any, closed: Any
    ) -> None:
        answer = client_for(worker).post(f"/visits/new?family={family.household.pk}", typed(worker))
        assert answer.status_code == 503
        assert answer["Retry-After"]
        page = answer.content.decode()
        assert WORDS.splitlines()[0] in page
        assert "没有保存。系统维护中（升级系统）" in page
        assert not Visit.objects.exists()

    def test_where_there_is_no_form_a_page_gives_the_words_back(
        self, client_for: Any, worker: User, family: Any, closed: Any
    ) -> None:
        answer = client_for(worker).post(
            "/reports/results/pdf", {"first": "2020-01-01", "last": "2020-06-01", "remark": WORDS}
        )
        assert answer.status_code in (200, 503)  # 200: this machine makes no PDF, and nothing was to be written
        if answer.status_code == 503:
            assert "屋顶漏雨" in answer.content.decode()

    def test_words_given_back_are_no_passwords(self, rf: Any) -> None:
        from shuangbai.core.middleware import typed as given_back

        sent = {"password": "密码", "csrfmiddlewaretoken": "令牌", "narrative": WORDS, "mode": "home"}
        assert given_back(rf.post("/", sent)) == [WORDS]

    def test_what_would_have_to_stand_in_the_trail_is_not_opened(
        self, client_for: Any, worker: User, family: Any, closed: Any
    ) -> None:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client_for(worker).post(
                f"/families/{family.household.pk}/unmask", {"reason": "reach"}, headers=headers
            )
            assert answer.status_code == 503
            assert "19900001234" not in answer.content.decode()
        assert not AuditEvent.objects.filter(kind="household.unmasked").exists()

    def test_one_can_sign_in_and_out_and_change_the_letters(self, city: Any, closed: Any) -> None:
        client = Client()
        assert client.post("/signin", {"username": "worker", "password": PASSWORD})["Location"] == "/"
        assert client.post("/textsize", {"size": "large", "next": "/"}).status_code == 302
        assert "系统维护中" in client.get("/").content.decode()
        assert client.post("/signout").status_code == 302
        assert "系统维护中" in client.get("/signin").content.decode()

    def test_a_page_that_writes_past_the_actions_is_stopped_at_the_database(self, city: Any, closed: Any) -> None:
        refused = pytest.raises(maintenance.UnderMaintenance)
        with maintenance.refusing() as refusals, refused, transaction.atomic():
            User.objects.filter(username="worker").update(display_name="别人")
        assert refusals
        with maintenance.refusing() as refusals:
            assert User.objects.filter(username="worker").exists()
        assert refusals == []


class TestElsewhere:
    def test_an_action_refuses_whoever_calls_it(self, city: Any, worker: User, family: Any, closed: Any) -> None:
        with pytest.raises(Refused, match="系统维护中"):
            a_visit(city.chengdong, worker, family)

    def test_the_work_for_which_it_is_closed_may_write(self, city: Any, worker: User, family: Any, closed: Any) -> None:
        with maintenance.working():
            a_visit(city.chengdong, worker, family)
        assert Visit.objects.count() == 1
        with pytest.raises(Refused), writing():
            raise AssertionError("it was let in")

    def test_when_it_is_over_all_is_as_before(self, client_for: Any, worker: User, family: Any, closed: Any) -> None:
        assert maintenance.end()
        assert not maintenance.end()
        client = client_for(worker)
        assert client.post(f"/visits/new?family={family.household.pk}", typed(worker)).status_code == 302
        assert "系统维护中" not in client.get("/").content.decode()

    def test_another_process_sees_it_at_once(self, city: Any, closed: Any) -> None:
        code = (
            "import django; django.setup()\nfrom shuangbai.core import maintenance\nprint(maintenance.notice().reason)"
        )
        said = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "SHUANGBAI_DATA": str(settings.DATA_DIR)}
        done = subprocess.run([sys.executable, "-c", code], env=said, capture_output=True, text=True)
        assert done.stdout.strip() == "升级系统", done.stderr


@pytest.mark.nodb
class TestTheSign:
    @pytest.fixture(autouse=True)
    def _gone(self, settings: Any, tmp_path: Any) -> None:
        settings.DATA_DIR = tmp_path

    def test_a_changed_notice_is_read_anew(self) -> None:
        assert maintenance.notice() is None
        maintenance.begin(reason="升级")
        assert maintenance.notice().sentence == "系统维护中（升级）：可以查看，暂时不能保存，恢复时间请问系统管理员"
        maintenance.begin(reason="换盘一块")
        assert maintenance.notice().reason == "换盘一块"

    def test_a_file_that_cannot_be_read_closes_too(self, tmp_path: Any) -> None:
        (tmp_path / maintenance.NAME).write_text("升级")
        assert "管理员正在处理" in maintenance.notice().sentence

    def test_a_reason_is_needed(self) -> None:
        with pytest.raises(Refused, match="请写明维护原因"):
            maintenance.begin(reason=" ")

    def test_an_hour_that_is_past_is_tomorrows(self) -> None:
        now = clock.machine_now()
        found = maintenance.next_at(time(now.hour, now.minute))
        assert found is not None
        assert found - now <= timedelta(days=1)
        assert found > now

    def test_on_the_console(self, capsys: Any) -> None:
        assert main(["maintenance", "on", "升级系统", "--until", "18:30"]) == 0
        assert "系统维护中（升级系统）" in capsys.readouterr().out
        assert main(["maintenance", "status"]) == 0
        assert "18:30" in capsys.readouterr().out
        assert main(["demo", "--reset", "--no-serve"]) == 1
        assert "系统维护中" in capsys.readouterr().err
        assert main(["maintenance", "off"]) == 0
        assert maintenance.notice() is None
        assert main(["maintenance", "on"]) == 1
        assert "请写明维护原因" in capsys.readouterr().err
