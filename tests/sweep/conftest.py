"""The one world of the sweep: it takes seconds to make, and every question asked of it is taken back."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template import Template

from shuangbai.accounts import codes
from shuangbai.core.logs import WithoutValues
from shuangbai.reports import pdf
from tests import cast
from tests.sweep.world import ISSUER, SECRET, World, make_world, undone, watch


def _plainly(template: Template, context: Any) -> Any:
    return template.nodelist.render(context)


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of the sweep that a process runs; each question is taken back (`undone`)."""
    kept = pdf.available, codes.new_secret, settings.OIDC_ISSUER, Template._render
    Template._render = _plainly  # the test client keeps a copy of each context, and nobody here looks at one
    pdf.available = lambda: True  # whether this machine has the library is not what is asked
    codes.new_secret = lambda: SECRET  # a page that offers one says the same each time
    settings.OIDC_ISSUER = ISSUER
    with django_db_blocker.unblock(), connection.execute_wrapper(watch), undone():
        yield make_world()
    pdf.available, codes.new_secret, settings.OIDC_ISSUER, Template._render = kept
    cast.forget_installation()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any logger says, as the product writes it; the database's own echo of queries left out."""
    said, root = io.StringIO(), logging.getLogger()
    handler = logging.StreamHandler(said)
    handler.setFormatter(WithoutValues("%(name)s %(message)s"))
    handler.addFilter(lambda record: not record.name.startswith("django.db.backends"))
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(handler)
    root.setLevel(before)
