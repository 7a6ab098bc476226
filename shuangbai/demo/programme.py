"""Planned activities of the demonstration: the children's series of 东洲 with who signed up and what was said, and one
for which people still sign up at each of two stations. Invented people, the same each time.

The series was recorded as any activity; the plans are put to it, so that no figure moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.demo.gatherings import SERIES, SERIES_STATION
from shuangbai.demo.names import Names
from shuangbai.events.actions.holding import RemarkEntry, call_roll, link_activity, say
from shuangbai.events.actions.joining import SignUpEntry, enter_sign_up, join
from shuangbai.events.actions.planning import EventEntry, move_event, plan_event
from shuangbai.events.enums import ChildBand, EventState, Grade
from shuangbai.events.models import Event
from shuangbai.events.queries import signed_of
from shuangbai.network.models import Coverage, OrgUnit, User

SEED = 20200601
CHENGDONG = "SW-HF-02"
_CALLED = "小宇 阿乐 欣欣 豆豆 小航 晴晴 阿杰 朵朵 小满 佳佳 阿浩 果果 小雨 丁丁 文文 阿锋 小铃 贝贝".split()
_GOOD = ("难得陪孩子玩半天", "志愿者有耐心", "孩子回家还在说", "游戏两个人才玩得成，好", "离家近", "", "", "")
_CHANGE = ("太阳大，搭个棚", "早点开始", "饮水再多备些", "人多的时候要排队", "", "", "", "", "")
_GRADES = (Grade.VERY,) * 11 + (Grade.RATHER,) * 6 + (Grade.FAIR,) * 2 + (Grade.LITTLE,)


def fill(heads: Mapping[str, User]) -> None:
    rng = Random(SEED)
    names = Names(rng)
    _series(heads[SERIES_STATION], names, rng)
    _coming(heads, names, rng)


def _afresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def _key(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128))


def _series(by: User, names: Names, rng: Random) -> None:
    """The four afternoons: planned two weeks before, signed up for, called, put to their records, thanked for."""
    held = Activity.objects.filter(series__name=SERIES, record__voided_at__isnull=True)
    rows = held.select_related("record__campaign", "record__station").order_by("record__occurred_on", "title")
    for activity in rows:
        record = activity.record
        on = record.occurred_on
        worker = record.workers.order_by("position").values_list("staff_id", flat=True)[0]
        with clock.pinned(on - timedelta(days=14)):
            event = plan_event(by=_afresh(by), entry=EventEntry(
                station=record.station, title=activity.title, kind=activity.kind, held_on=on, worker_id=worker,
                series=SERIES, campaign=record.campaign, starts_at=time(15), ends_at=time(17), client_id=_key(rng),
                village_id=record.village_id, place=record.place, partners=activity.partners,
                audience="五至十二岁的孩子，至少一位家长陪着来", places=40, waiting_most=10, for_children=True,
                aim="让平时忙的家长陪孩子玩半天；让孩子认识同村的伙伴；顺带让大家知道社工站在哪里。",
                steps=(("14:30", "布置场地、摆签到台", "妇女志愿队"), ("15:00", "认识新朋友", "社工"),
                       ("15:20", "亲子合作项目，四队轮换", "青少年志愿队带组"),
                       ("16:40", "分享、合影（愿意的）", "社工"),
                       ("17:00", "收拾，请家长扫码说说", "全体")),
                budget=(("游戏材料", "180.00", "172.50", "站活动经费"),
                        ("饮水、水果", "120.00", "126.00", "站活动经费"),
                        ("小奖品", "100.00", "100.00", "村委会支持")),
                risks="太阳大：场地有树荫，备水；下雨：改到村委会二楼；孩子走失：入口一位志愿者登记接送。",
                publicity="一周前在村务群发海报，校门口贴一张；走访时当面邀请困境儿童家庭。",
            ))  # fmt: skip
            event = move_event(by=_afresh(by), event=event, version=event.version, to=EventState.OPEN)
        _names(event, names, rng, count=rng.randint(13, 16), before=on)
        _held(by, event, activity, rng)


def _names(event: Event, names: Names, rng: Random, *, count: int, before: date) -> None:
    """Children with who answers for them, on the days before."""
    for number, called in enumerate(rng.sample(_CALLED, count)):
        day = before - timedelta(days=max(1, 12 - number))
        entry = SignUpEntry(
            called, names.mobile(), people=rng.choice((1, 2, 2, 3)), age_band=rng.choice(ChildBand.values[:3]),
            guardian=names.full(names.surname(), rng.choice("12"), 1985), agreed=True, client_id=_key(rng),
            entered_at=clock.at(day, 19, rng.randrange(60)),
        )  # fmt: skip
        with clock.pinned(day):
            join(event=event, entry=entry)


def _held(by: User, event: Event, activity: Activity, rng: Random) -> None:
    on = event.held_on
    with clock.pinned(on):
        rows = list(signed_of(event).filter(waiting=False))
        there = {one.number: one.people for one in rows if rng.random() < 0.9}
        call_roll(by=_afresh(by), event=event, came=there)
    with clock.pinned(on + timedelta(days=1)):
        now = Event.objects.get(pk=event.pk)
        event = link_activity(by=_afresh(by), event=now, version=now.version, activity=activity)
        for _ in range(rng.randint(9, 15)):
            grade, good, change = rng.choice(_GRADES), rng.choice(_GOOD), rng.choice(_CHANGE)
            say(event=event, entry=RemarkEntry(grade, good, change, _key(rng)))


def _coming(heads: Mapping[str, User], names: Names, rng: Random) -> None:
    """What is still to come: the elders' rice dumplings at 城东, a lesson about water for children at 东洲."""
    dumplings = _opened(heads, CHENGDONG, rng, "赤山", {
        "title": "端午包粽子，送给独居老人", "kind": "elders", "held_on": date(2020, 6, 20), "starts_at": time(9),
        "ends_at": time(11, 30), "place": "赤山村文化室", "audience": "六十岁以上的老人，会不会包都欢迎",
        "places": 24,
        "aim": "老人聚一聚，包的粽子由志愿者送到独居老人家里。", "partners": "村委会",
        "risks": "热水、刀具由志愿者管；有糖尿病的老人另备杂粮。", "publicity": "村务广播两次，文化室门口贴海报。",
        "steps": (("9:00", "洗叶、备料", "妇女志愿队"), ("9:30", "一起包，边包边讲古", "社工"),
                  ("11:00", "装袋，志愿者送到家", "志愿者")),
        "budget": (("糯米、粽叶", "260.00", "", "站活动经费"), ("一次性手套", "30.00", "", "站活动经费")),
    })  # fmt: skip
    for number in range(9):
        name = names.full(names.surname(), rng.choice("12"), 1950)
        entry = SignUpEntry(name, names.mobile(), people=rng.choice((1, 1, 2)), client_id=_key(rng))
        if number < 3:  # who has no such telephone comes by
            enter_sign_up(by=_afresh(heads[CHENGDONG]), event=dumplings, entry=entry)
        else:
            join(event=dumplings, entry=entry)
    water = _opened(heads, SERIES_STATION, rng, "东一", {
        "title": "防溺水亲子课", "kind": "children", "held_on": date(2020, 6, 13), "starts_at": time(15),
        "ends_at": time(16, 30), "place": "儿童乐园", "audience": "六至十三岁的孩子和家长", "places": 20,
        "waiting_most": 8, "for_children": True, "aim": "孩子说得出三个不能下水的地方，家长知道怎么救、不能怎么救。",
    })  # fmt: skip
    _names(water, names, rng, count=12, before=date(2020, 6, 7))


def _opened(heads: Mapping[str, User], code: str, rng: Random, village: str, said: dict[str, Any]) -> Event:
    """Planned ten days ago and open since."""
    by, station = heads[code], OrgUnit.objects.get(code=code)
    assert by.staff_id is not None
    covered = Coverage.objects.filter(station=station, village__name__startswith=village)
    at = covered.values_list("village", flat=True).first()
    with clock.pinned(date(2020, 5, 27)):
        event = plan_event(by=_afresh(by), entry=EventEntry(
            station=station, worker_id=by.staff_id, village_id=at, client_id=_key(rng), **said
        ))  # fmt: skip
        return move_event(by=_afresh(by), event=event, version=event.version, to=EventState.OPEN)
