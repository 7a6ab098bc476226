"""`shuangbai setup`: a city from a shell, told by options, twice the same, its result alone on standard output."""

import json
import os

from tests.demonstration import Installed

WORDS = ("setup", "--province-code", "4415", "--admin", "luowei", "--admin-name", "罗伟")


def test_by_options_and_once_more(fresh: Installed) -> None:
    secret = fresh.data.parent / "secret.txt"
    secret.write_text("walk-the-village-roads-26\n", encoding="utf-8")
    first = fresh.run(*WORDS, "--password-file", str(secret))
    assert first.code == 0, first.err
    told = json.loads(first.out)
    assert told["ready"] is True
    assert told["areas"] == 976
    assert told["units"][:2] == ["SW", "SW-ZX"]
    assert "已建立" in first.err
    again = fresh.run("setup")
    assert again.code == 0, again.err
    assert json.loads(again.out) == told
    assert "不动" in again.err
    shut = fresh.run("setup", "--code")
    assert (shut.code, shut.out) == (1, "")
    assert "不再需要" in shut.err


def test_without_a_password_it_gives_an_invitation(fresh: Installed) -> None:
    ran = fresh.run(*WORDS)
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["invitation"]["username"] == "luowei"


def test_what_is_missing_is_named_in_one_line(fresh: Installed) -> None:
    ran = fresh.run("setup", "--admin", "luowei")
    assert ran.code == 1
    assert ran.err.strip().count("\n") == 0
    assert "--province-code" in ran.err
    wrong = fresh.run("setup", "--province-code", "9999")
    assert "9999" in wrong.err


def test_a_city_half_founded_is_finished(fresh: Installed) -> None:
    weak = fresh.data.parent / "weak.txt"
    weak.write_text("123\n", encoding="utf-8")
    half = fresh.run(*WORDS, "--password-file", str(weak))
    assert half.code == 1
    whole = fresh.run(*WORDS)
    assert whole.code == 0, whole.err
    assert "城市：已有" in whole.err
    assert json.loads(whole.out)["accounts"] == ["luowei"]


def test_before_it_reports_say_what_to_run(fresh: Installed) -> None:
    ran = fresh.run("report", "results", "--from", "2020-01-01", "--to", "2020-12-31")
    assert ran.code == 1
    assert "shuangbai setup" in ran.err
    assert not os.path.exists(fresh.data / "first-run.code")
