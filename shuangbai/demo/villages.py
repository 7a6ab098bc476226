"""Villages that were surveyed, and the elders' meals asked about, in the demonstration city.

Three villages of two stations in two periods, the numbers of each from the first survey moved by the years between;
forty sheets of one questionnaire. Everything is made up, by a generator of its own, and entered by the room's actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from shuangbai.core import clock
from shuangbai.network.models import Area, User
from shuangbai.surveys.actions.asking import (
    QuestionnaireEntry,
    SheetEntry,
    draft_questionnaire,
    enter_sheets,
    move_questionnaire,
)
from shuangbai.surveys.actions.surveying import SurveyEntry, enter_survey
from shuangbai.surveys.enums import QuestionKind, State, Whose
from shuangbai.surveys.rules.sheets import Question

SEED = 66_2020
ZONE = ZoneInfo("Asia/Shanghai")
STATIONS = (("SW-CQ-01", 2), ("SW-HF-01", 1))  # how many villages of each
PERIODS = ((date(2018, 10, 8), date(2018, 10, 26)), (date(2020, 4, 13), date(2020, 4, 30)))
SHEETS = 40
ASKED_ON = date(2020, 5, 11)

_PROBLEMS = (
    ("旱厕拆了，空地没有人管", "老人看病要自己搭车", "放学后孩子没有去处"),
    ("老人看病要自己搭车", "垃圾点离旧围太远", "放学后孩子没有去处"),
)
_STRENGTHS = ("理事会说话有人听", "外出乡亲每年回来修路修庙", "妇女爱跳广场舞，叫得动人")
_NEEDS = (("看病接送", "暑假有人看孩子", "空地清理"), ("暑假有人看孩子", "长者食堂", "看病接送"))
_FACILITIES = (
    ["clinic", "school", "ancestral", "temple", "water"],
    ["clinic", "school", "ancestral", "temple", "water", "lights", "playground"],
)
_OLD = ["committee", "party", "council", "clan", "temple"]
_ORGANISED = (_OLD, [*_OLD, "team", "arts"])

QUESTIONS = (
    Question(
        "q1", "您每周来吃几天", QuestionKind.ONE,
        (("1", "天天来"), ("2", "三四天"), ("3", "一两天"), ("4", "偶尔")),
    ),
    Question("q2", "饭菜合不合口味", QuestionKind.ONE, (("1", "很合"), ("2", "还可以"), ("3", "不太合"))),
    Question(
        "q3", "想添些什么", QuestionKind.SEVERAL, (("1", "汤"), ("2", "鱼"), ("3", "软一点的饭"), ("4", "水果")),
        required=False,
    ),
    Question("q4", "饭菜送到家，您愿意吗", QuestionKind.YES_NO),
    Question("q5", "一餐您能出多少元", QuestionKind.NUMBER, required=False),
    Question("q6", "还想说什么", QuestionKind.TEXT, required=False),
)  # fmt: skip
_WORDS = ("菜淡一点更好", "下雨天不方便来", "人多热闹，吃得香", "想初一十五有素菜", "楼梯不好走")


def fill(made: Any) -> None:
    """`made` is the builder: heads and units by code."""
    rng = Random(SEED)
    for code, count in STATIONS:
        station, by = made.units[code], made.heads[code]
        covered = station.coverage.filter(ends_on=None).order_by("starts_on", "pk")
        for coverage in covered.select_related("village")[:count]:
            _survey(rng, station, by, coverage.village)
    station, by = made.units[STATIONS[0][0]], made.heads[STATIONS[0][0]]
    _ask(rng, station, by)


def _counted(value: int, source: str = "committee", way: str = "ledger") -> dict[str, Any]:
    return {"value": value, "source": source, "way": way}


def _survey(rng: Random, station: Any, by: User, village: Area) -> None:
    registered = rng.randrange(2400, 4200, 10)
    for place, (first, last) in enumerate(PERIODS):
        assert by.staff_id is not None  # a head is somebody
        registered += place * rng.randrange(15, 40)
        entry = SurveyEntry(
            station=station, village_id=village.pk, first_on=first, last_on=last, worker_id=by.staff_id,
            methods=["interview", "meeting", "walk"] if place else ["interview", "observation", "oral"],
            sample=rng.randrange(30, 60), answers=_answers(rng, registered, place), entered_at=_at(last),
            summary="青壮年多在外，老人和孩子在村里。先把看病接送和孩子的去处做起来。" if place else
            "头一回走遍全村，先认识人、记下最急的几件事。",
        )  # fmt: skip
        enter_survey(by=by, entry=entry, acknowledged=True)


def _answers(rng: Random, registered: int, place: int) -> Mapping[str, Any]:
    away, floating = int(registered * (0.24 + 0.02 * place)), rng.randrange(30, 90)
    return {
        "households": _counted(registered // 4), "registered": _counted(registered, "police"),
        "away": _counted(away, way="estimated"), "floating": _counted(floating, way="estimated"),
        "resident": _counted(registered - away + floating, way="estimated"),
        "elders": _counted(int(registered * (0.155 + 0.012 * place))), "children": _counted(int(registered * 0.21)),
        "disabled": _counted(int(registered * 0.021), "town"), "dibao": _counted(int(registered * 0.014), "town"),
        "tekun": _counted(rng.randrange(4, 12), "town"), "hamlets": rng.randrange(3, 9),
        "town_km": rng.randrange(15, 90) / 10, "livelihoods": ["farming", "fishing", "away"],
        "organisations": _ORGANISED[place], "facilities": _FACILITIES[place], "problems": list(_PROBLEMS[place]),
        "crowds": "留守老人多在旧围，白天独自在家；孩子放学后三五成群在路边玩。",
        "history": "同姓聚居，正月祭祖，出嫁的女儿也回来。", "strengths": list(_STRENGTHS),
        "needs": list(_NEEDS[place]),
    }  # fmt: skip


def _ask(rng: Random, station: Any, by: User) -> None:
    """The questionnaire, published before the first sheet was filled in."""
    with clock.pinned(ASKED_ON):
        entry = QuestionnaireEntry("长者午餐问卷", QUESTIONS, "问来吃午餐的老人：合不合口味，还要什么。不记姓名。")
        asked = draft_questionnaire(by=by, owner=station, entry=entry)
        asked = move_questionnaire(by=by, questionnaire=asked, version=asked.version, to=State.PUBLISHED)
    villages = list(station.coverage.filter(ends_on=None).order_by("starts_on", "pk").values_list("village", flat=True))
    entries = []
    for place in range(SHEETS):
        day = ASKED_ON + timedelta(days=1 + place // 3)
        village = villages[0] if place % 8 else villages[-1]
        entries.append(
            SheetEntry(
                station=station,
                questionnaire=asked,
                filled_on=day,
                answers=_sheet(rng),
                village_id=village,
                whose=Whose.FILED if rng.random() < 0.6 else Whose.OTHERS,
                entered_at=_at(day) + timedelta(seconds=place),
            )
        )
    enter_sheets(by=by, entries=entries)


def _sheet(rng: Random) -> dict[str, Any]:
    said: dict[str, Any] = {
        "q1": rng.choices("1234", (18, 12, 7, 3))[0], "q2": rng.choices("123", (20, 15, 5))[0],
        "q3": sorted(rng.sample("1234", rng.randrange(0, 3))), "q4": rng.choices(("yes", "no"), (13, 27))[0],
    }  # fmt: skip
    if rng.random() < 0.8:
        said["q5"] = rng.choice((2, 3, 3, 5, 5, 6, 8))
    if rng.random() < 0.3:
        said["q6"] = rng.choice(_WORDS)
    return said


def _at(day: date) -> datetime:
    return datetime.combine(day, time(17), ZONE)
