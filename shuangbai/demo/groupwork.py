"""Groups of the demonstration city, planned beside its activities; groupbook enters them.

A group's person-times give way in the activities of its station, head for head, so that what activities and groups
reached together stays what the article says. Members on file carry no civil-affairs category on the days they come:
the person-times of 民政对象 stay as published too. Everything here has a generator of its own, so the rest of the city
is the same with groups and without.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from shuangbai.demo.days import in_epidemic, is_holiday
from shuangbai.demo.gatherings import Gatherings
from shuangbai.demo.names import Names
from shuangbai.demo.people import keeper_on, members_on
from shuangbai.demo.shapes import LAST_WORK_DAY, Activity, Unit
from shuangbai.households.rules import age_on

SEED = 95_2017
LEFT_AT_LEAST = 6  # heads that an activity keeps

# title, kind, place in the list of stations, first session, sessions, ages, need, goals, themes
_GROUPS: tuple[tuple[str, str, int, date, int, tuple[int, int], str, str, str], ...] = (
    ("小海星自信成长小组", "growth", 0, date(2018, 7, 9), 6, (7, 12), "暑假里不少孩子由祖辈照看，怕生、不敢开口。",
     "六节之后，每位组员能在大家面前说一件自己做到的事。", "认识新朋友 我的名片 我会 我怕 一起闯关 分享会"),
    ("隔代同心祖辈教养小组", "education", 1, date(2018, 10, 12), 5, (52, 74), "带孙的老人常说管不住、也不知跟谁讲。",
     "组员学会两种不打骂的办法，愿意互相打电话。", "带孙的一天 孩子为什么闹 好好说话 手机怎么管 互相帮"),
    ("高血压自我管理小组", "education", 2, date(2018, 11, 6), 6, (60, 84), "走访中多位老人不按时吃药，凭感觉停药。",
     "组员会自己量血压、记在本子上，按时复诊。", "认识血压 会量会记 少盐 药不能停 动一动 我的本子"),
    ("巧手妈妈互助小组", "task", 3, date(2019, 3, 5), 6, (24, 50), "外嫁来的妇女白天在家，少有往来。",
     "组员结成小队，能自己约时间做手工、看孩子。", "见面 串珠 贝壳画 义卖筹备 义卖 我们的小队"),
    ("青春不迷路支持小组", "support", 4, date(2019, 4, 13), 5, (12, 16), "初中老师说几个孩子不愿上学，回家就关门。",
     "组员找到至少一位可以说话的大人。", "我是谁 烦心事 身边的人 我想要的 写给自己"),
    ("照顾者加油站支持小组", "support", 5, date(2019, 5, 8), 5, (32, 68), "长期照顾残疾和卧床家人的，自己也病了。",
     "组员知道去哪里申请补贴，每周有半天能歇。", "说一说 累在哪里 补贴与政策 换手照顾 照顾自己"),
    ("怀旧时光长者小组", "support", 6, date(2019, 6, 11), 6, (65, 88), "独居老人说一天讲不到三句话。",
     "组员每周至少和一位组员来往一次。", "老照片 我的圩市 渔船与田 做一道老菜 唱白字戏 留一本册"),
    ("好好说话亲子沟通小组", "education", 7, date(2019, 8, 3), 4, (26, 50), "家长课上不少家长问怎样和孩子说话。",
     "组员一周里有三次不打断孩子说完。", "听 说 生气的时候 约定"),
    ("四点半学习互助小组", "task", 8, date(2019, 9, 3), 8, (8, 13), "放学后没人看功课的孩子多。",
     "组员能两人一对互相问功课。", "分对 时间表 读书 算术 问问题 考前 我教你 收获"),
    ("八段锦兴趣小组", "interest", 9, date(2019, 10, 15), 8, (58, 80), "老人活动中心的老人想学一样不花钱的。",
     "组员能自己带着练，天天有人来。", "起势 托天 开弓 单举 往后瞧 摇头摆尾 攀足 一整套"),
    ("防溺水小卫士教育小组", "education", 10, date(2019, 7, 6), 4, (8, 13), "村前有河，暑假最怕孩子下水。",
     "组员说得出三样不能做的事，会喊人、会抛绳。", "河边走一走 不能做的 怎样救 讲给同学"),
    ("走出来支持小组", "support", 0, date(2020, 5, 8), 4, (56, 82), "疫情里有老人失去老伴，丧事从简，话没处说。",
     "组员能说起老伴，能出门走一走。", "认识 说起老伴 一个人的日子 相约"),
)  # fmt: skip
_WAITING = (
    "暑期小领袖成长小组",
    "growth",
    12,
    (10, 14),
    "去年夏令营的孩子问今年还办不办。",
    "组员能带六七个弟妹玩一个下午。",
)


@dataclass(slots=True)
class Member:
    """Somebody on a group's list: a person of the plan, or a name and about how old."""

    person: int | None
    name: str = ""
    sex: str = ""
    age: int = 0


@dataclass(slots=True)
class Session:
    on: date
    theme: str
    workers: list[str]
    there: list[int]  # places in the list of members
    late: list[int]
    guests: int
    entered_at: datetime


@dataclass(slots=True)
class GroupPlan:
    """One group of the demonstration."""

    key: int
    station: str
    title: str
    kind: str
    village: str
    begun_on: date
    worker: str
    need: str
    goals: str
    members: list[Member] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    @property
    def person_times(self) -> int:
        return sum(len(one.there) + one.guests for one in self.sessions)


# PLANNED -------------------------------------------------------------------


def make_groups(base: Gatherings, stations: list[Unit]) -> list[GroupPlan]:
    """Plan the groups, and let the activities of their stations give way."""
    rng = Random(SEED)
    names = Names(rng)
    found = []
    for key, (title, kind, place, first, count, ages, need, goals, themes) in enumerate(_GROUPS):
        days = _days(first, count)
        station = _station(stations, place, days[0])
        one = _group(base, rng, key, station, title, kind, days[0], need, goals)
        one.members = _members(base, rng, names, station, ages, days, "2" if "妈妈" in title else "12")
        for day, theme in zip(days, themes.split(), strict=True):
            one.sessions.append(_session(base, rng, one, day, theme))
        _give_way(base.activities, one)
        found.append(one)
    title, kind, place, ages, need, goals = _WAITING
    day = date(2020, 5, 25)
    one = _group(
        base, rng, len(found), _station(stations, place, day), title, kind, day + timedelta(days=21), need, goals
    )
    one.members = _members(base, rng, names, one.station, ages, [day], "12")
    return [*found, one]


def _station(stations: list[Unit], place: int, first: date) -> str:
    """A station that had been open for a quarter of a year."""
    open_ones = [one for one in stations if one.opened_on and one.opened_on <= first - timedelta(days=90)]
    return open_ones[place % len(open_ones)].code


def _days(first: date, count: int) -> list[date]:
    """A day a week, holidays passed over."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if not is_holiday(day) and not in_epidemic(day):
            days.append(day)
        day += timedelta(days=7)
    return days


def _group(
    base: Gatherings, rng: Random, key: int, station: str, title: str, kind: str, first: date, need: str, goals: str
) -> GroupPlan:
    begun = first - timedelta(days=21)
    village = base.rota.covered(station, begun)[0].village
    return GroupPlan(key, station, title, kind, village, begun, rng.choice(base.rota.at(station, begun)), need, goals)


def _members(
    base: Gatherings, rng: Random, names: Names, station: str, ages: tuple[int, int], days: list[date], sexes: str
) -> list[Member]:
    """A few of the station's families who carry no civil-affairs category then, and a few who are only named."""
    low, high = ages
    found: list[Member] = []
    homes, wanted = base.homes[station], rng.randrange(3, 6)
    for _ in range(4_000):
        if len(found) == wanted:
            break
        home = homes[rng.randrange(len(homes))]
        if home.known_on > days[0] or keeper_on(home, days[-1]) != station:
            continue
        for member in members_on(home, days[0]):
            person = base.pop.people[member.person]
            stays = member.ends_on is None and person.died_on is None and person.sex in sexes
            fits = low <= age_on(person.born_on, days[0]) <= high and stays
            carries = any(base.carried.civil(member.person, day) for day in days)
            if fits and not carries and member.person not in [one.person for one in found]:
                found.append(Member(member.person))
                break
    for _ in range(rng.randrange(5, 9)):
        sex, age = rng.choice(sexes), rng.randint(low, high)
        found.append(Member(None, names.full(names.surname(), sex, days[0].year - age), sex, age))
    return found


def _session(base: Gatherings, rng: Random, one: GroupPlan, day: date, theme: str) -> Session:
    staff = base.rota.at(one.station, day)
    worker = one.worker if one.worker in staff else staff[0]
    others = [key for key in staff if key != worker]
    workers = [worker, *([rng.choice(others)] if others and rng.random() < 0.6 else [])]
    there = [at for at in range(len(one.members)) if rng.random() < 0.88] or [0]
    late = [at for at in there if rng.random() < 0.06]
    last = base.rota.last_day(one.station, worker, day)
    entered = min(day + timedelta(days=rng.choice((0, 0, 1, 2))), LAST_WORK_DAY, last)
    guests = rng.choice((0, 0, 0, 0, 2, 3))
    return Session(day, theme, workers, there, late, guests, datetime.combine(entered, time(20, rng.randrange(60))))


def _give_way(activities: list[Activity], one: GroupPlan) -> None:
    """Take a group's person-times from unnamed heads of the station's activities, the nearest in time first.

    Campaigns, series, what was entered twice, estimates (round) and volunteers (their hours count) are left alone.
    """
    twice = {(each.station, each.on, each.title) for each in activities if each.voided}
    middle = one.sessions[len(one.sessions) // 2].on
    near = [
        each
        for each in activities
        if each.station == one.station and not each.campaign and not each.series
        and each.count_method != "estimated" and (each.station, each.on, each.title) not in twice
    ]  # fmt: skip
    near.sort(key=lambda each: (abs((each.on - middle).days), each.key))
    left = one.person_times
    for each in near:
        # A third of an activity at the most: it stays what its summary says it was.
        spare = min(left, sum(each.heads.values()) // 3, sum(each.heads.values()) - LEFT_AT_LEAST)
        for group in sorted((name for name in each.heads if name != "volunteers"), key=lambda name: -each.heads[name]):
            taken = max(0, min(spare, each.heads[group] - 1))
            each.heads[group] -= taken
            spare, left = spare - taken, left - taken
        if not left:
            return
    raise ValueError(f"{one.station} has too few heads to give way to {one.title}")
