"""Odd requests to the JSON addresses, made by schemathesis from their own description (suggestions.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.http import JsonResponse
from django.test.client import ClientHandler
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode

from tests.sweep.asking import client_as, rows
from tests.sweep.world import World, undone

pytestmark = pytest.mark.django_db
DESCRIBED: dict[str, Any] = json.loads((Path(__file__).parent / "suggestions.json").read_text(encoding="utf-8"))
EXAMPLES = 25  # for each address and person, odd and ordinary ones


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """The product by WSGI, on the test's own connection: the server's handler would close it after each answer."""
    response = ClientHandler()(environ)
    start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


def test_every_address_that_answers_json_is_described(world: World) -> None:
    found = set()
    for row in rows():
        if row.method == "GET" and row.here["worker"] == "+":
            with undone():
                response = client_as(world, "worker").get(row.address(world.here.keys))
            if isinstance(response, JsonResponse):
                found.add(row.name)
    operations = {path["get"]["operationId"] for path in DESCRIBED["paths"].values()}
    assert found == operations


@pytest.mark.parametrize("who", ["worker", "stranger", "out"])
@pytest.mark.parametrize("path", DESCRIBED["paths"])
def test_whatever_is_typed_the_answer_is_as_described(world: World, path: str, who: str) -> None:
    schema = schemathesis.openapi.from_dict(DESCRIBED)
    schema.app = application
    cookies = {name: morsel.value for name, morsel in client_as(world, who).cookies.items()}

    @given(case=schema[path]["GET"].as_strategy(generation_mode=GenerationMode.POSITIVE))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    def asked(case: Any) -> None:
        response = case.call(cookies=cookies)
        case.validate_response(response)
        assert response.status_code < 500
        if response.status_code == 200 and who != "worker":
            said = response.text
            assert "曾" not in said
            assert "陈大文" not in said

    with undone():
        asked()
