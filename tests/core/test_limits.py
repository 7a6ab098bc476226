"""How often somebody may ask: counted for each account, over a window, without writing."""

import pytest

from shuangbai.core import limits
from shuangbai.core.limits import Limit, TooOften


@pytest.fixture
def at(monkeypatch):
    """Sets the seconds that the machine has run."""

    def turn(seconds: float) -> None:
        monkeypatch.setattr(limits.time, "monotonic", lambda: seconds)

    turn(600)
    return turn


def test_up_to_the_limit_nothing_happens_and_beyond_it_one_is_told_when(at):
    limit = Limit("查找", 3, 60)
    at(600)
    for _ in range(3):
        limit.count("a")
    at(620)
    with pytest.raises(TooOften) as refused:
        limit.count("a")
    assert refused.value.wait == 40
    assert refused.value.sentence == "查找太频繁：一分钟内最多 3 次。请 40 秒后再试。"


def test_the_next_window_begins_anew(at):
    limit = Limit("查找", 1, 60)
    limit.count("a")
    at(660)
    limit.count("a")


def test_what_is_refused_is_not_counted(at):
    limit = Limit("查找", 1, 60)
    limit.count("a")
    for _ in range(5):
        with pytest.raises(TooOften):
            limit.count("a")
    at(660)
    limit.count("a")


def test_each_account_has_a_count_of_its_own(at):
    limit = Limit("查找", 1, 60)
    limit.count("a")
    limit.count("b")


def test_what_is_remembered_does_not_grow_without_end(at, monkeypatch):
    monkeypatch.setattr(limits, "_KEPT_MOST", 10)
    limit = Limit("查找", 1, 60)
    for who in range(11):
        limit.count(who)
    at(660)
    limit.count("late")
    assert len(limit._counts) == 1


def test_a_long_wait_is_said_in_minutes():
    assert (
        limits.told("查看隐去的内容", 60, 3600, 1500) == "查看隐去的内容太频繁：一小时内最多 60 次。请 25 分钟后再试。"
    )
