"""The plan that another process draws up while the tables are made."""

from __future__ import annotations

import multiprocessing
import os

import pytest

from shuangbai.demo import ahead

pytestmark = pytest.mark.nodb


def test_the_plan_comes_from_another_process(monkeypatch):
    monkeypatch.setattr(ahead, "checked_plan", lambda: ("drawn", os.getpid()))
    with ahead.planning() as plan:
        said, where = plan()
    assert said == "drawn"
    assert where != os.getpid()


def test_where_that_process_is_lost_it_is_drawn_here(monkeypatch):
    mine = os.getpid()
    monkeypatch.setattr(ahead, "checked_plan", lambda: "drawn here" if os.getpid() == mine else os._exit(9))
    with ahead.planning() as plan:
        assert plan() == "drawn here"


def test_whoever_is_stopped_before_leaves_no_process(monkeypatch):
    before = multiprocessing.active_children()
    monkeypatch.setattr(ahead, "checked_plan", lambda: (multiprocessing.Event().wait(), "never")[1])
    with pytest.raises(ZeroDivisionError), ahead.planning():
        raise ZeroDivisionError
    assert multiprocessing.active_children() == before
