"""Resources linked to a project: on its page, in the figures once, for whoever writes the project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from shuangbai.core.findings import NotAllowed
from shuangbai.core.ids import random_id
from shuangbai.core.periods import Period
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask
from shuangbai.resources.actions.linking import LinkEntry, link_resource
from shuangbai.resources.models import ResourceLink
from tests.cast import TODAY
from tests.resources.test_resources import a_resource

pytestmark = pytest.mark.django_db


@pytest.fixture
def digger(city: Any, worker: Any) -> Any:
    return a_resource(worker, city.chengdong, name="挖机", provider="顺发工程队", kind="service")


def test_it_is_linked_from_the_projects_page_and_shown_there(
    client_for, worker, officer, supervisor, project, digger, text_of
) -> None:
    client, page = client_for(worker), f"/projects/{project.pk}/"
    new = f"/resources/links/new?about=projects&key={project.pk}"
    assert new.replace("&", "&amp;") in text_of(client.get(page))
    assert project.title in text_of(client.get(new))
    told = {"resource": str(digger.pk), "occurred_on": "2020-06-01", "quantity": "2", "unit": "天", "value": "1600",
            "valued_by": "market", "client_id": str(random_id())}  # fmt: skip
    answer = text_of(client.post(new, told, follow=True))
    assert project.title in answer
    assert "社区项目" in answer
    said = "挖机 2 天，折合 1,600 元（顺发工程队）"
    assert said in text_of(client.get(page))
    assert said in text_of(client_for(supervisor).get(page))
    assert "挖机" not in text_of(client_for(officer).get(page))


def test_it_counts_once_and_reaches_no_family_and_no_person(city, worker, stranger, project, digger) -> None:
    def linked(by: Any) -> ResourceLink:
        entry = LinkEntry(
            random_id(), digger.pk, date(2020, 6, 1), about=("projects", project.pk), value=Decimal(1600),
            valued_by="market",
        )  # fmt: skip
        return link_resource(by=by, entry=entry, acknowledged=True)

    with pytest.raises(NotAllowed):
        linked(stranger)
    ask = Ask(Period(date(2020, 1, 1), TODAY), city.root)
    before = {code: BY_CODE[code].value(ask) for code in ("R1", "R2", "R3", "R4A", "R4B", "Q4B")}
    linked(worker)
    after = {code: BY_CODE[code].value(ask) for code in before}
    assert after == before | {"R1": 1, "R3": 1600}
    assert all(BY_CODE[code].evidence(ask) == after[code] for code in ("R1", "R2", "R3", "R4A", "R4B"))
