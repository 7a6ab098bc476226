"""Activities of the demonstration city: titles, head counts, who was named, campaigns."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from shuangbai.demo.days import in_epidemic, is_holiday
from shuangbai.demo.people import Population, keeper_on, members_on, village_on
from shuangbai.demo.places import Rota
from shuangbai.demo.shapes import LAST_WORK_DAY, WIDE, Activity, Campaign, Household, Unit, Voiding
from shuangbai.demo.tagging import Carried
from shuangbai.demo.work import entry_time
from shuangbai.households.rules import age_on

CAMPAIGNS = (
    Campaign("mid-autumn-2018", "2018年中秋慰问", date(2018, 9, 17), date(2018, 9, 24)),
    Campaign("cold-wave-2019", "2019年寒潮探访", date(2019, 12, 5), date(2019, 12, 16)),
    Campaign("epidemic-2020", "2020年新冠肺炎疫情防控", date(2020, 1, 27), date(2020, 4, 30)),
    Campaign("sw-week-2020", "2020年社工宣传周·六一", date(2020, 5, 25), date(2020, 6, 5)),
)
CHILDREN = Campaign("children-2019", "2019年暑假儿童系列", date(2019, 7, 8), date(2019, 8, 30))
SERIES = "相伴童行"
SERIES_STATION = "SW-CQ-01"
_SERIES_PARTS = ((date(2020, 5, 28), 32), (date(2020, 5, 30), 28), (date(2020, 6, 1), 31), (date(2020, 6, 2), 29))
HEADS = ("children", "elders", "clients", "volunteers", "others")

# kind: (weight, titles, usual size, shares of the heads, places, partners, summaries)
KINDS: dict[str, tuple[int, str, int, tuple[int, ...], str, str, str]] = {
    "publicity": (
        18,
        "社工站政策宣传 圩日社工咨询 低保政策进村 防诈骗宣传 残疾人两项补贴宣传 反家暴宣传 社工服务摆摊 禁毒进村",
        44,
        (4, 18, 14, 6, 58),
        "圩市路口 村口榕树下 党群服务中心门前 市场门口 文化广场",
        "村委会 居委会 司法所 派出所 妇联 残联 综治办",
        "摆两张桌子,问低保和高龄津贴的人多,现场记下{n}户待回访。/发放宣传单,老人多问养老认证。/赶圩人多,咨询不断,登记{n}人想了解残疾证。/收摊时宣传单发完。",
    ),
    "festival": (
        11,
        "重阳敬老茶话会 端午包粽子 中秋游园 元宵猜灯谜 春节送春联 冬至做汤圆 三八节茶话会 八一慰问座谈 七夕姐妹会",
        42,
        (18, 34, 14, 12, 22),
        "祠堂 老人活动中心 文化室 党群服务中心 村委会大院",
        "村委会 居委会 妇联 老人协会 村民理事会",
        "老人们带来自家小菜,唱了{n}段戏。/包了{n}十多个粽子,送去给行动不便的邻居。/气氛热闹,{n}位老人说第一次参加。/节目由村民自排,社工只帮忙搬凳子。",
    ),
    "culture_sports": (
        10,
        "广场舞晚会 社区趣味运动会 潮剧白字戏欣赏 露天电影 村民乒乓球赛 老照片展 渔歌教唱",
        45,
        (20, 26, 6, 8, 40),
        "文化广场 小学操场 祠堂前 戏台 篮球场",
        "文化站 村委会 老人协会 舞蹈队",
        "{n}支队上场,散场后大家自觉收凳子。/下小雨,移到廊下继续。/男女老少都有,{n}位新面孔留下电话。",
    ),
    "lecture": (
        12,
        "高血压健康讲座 家庭教育讲座 防溺水安全课 用电安全讲座 长者防跌倒课 青春期讲座 照顾者减压讲座",
        29,
        (24, 30, 14, 5, 27),
        "文化室 会议室 小学教室 老人活动中心 卫生院会议室",
        "卫生院 学校 消防中队 村委会 妇联",
        "讲者用本地话讲,提问的有{n}人。/会后{n}位老人留下量血压。/孩子答题抢着举手,家长坐后排。/内容偏多,后半段有人离场。",
    ),
    "children": (
        20,
        "四点半课堂 假期作业辅导 绘本共读 亲子手工 暑期成长营 儿童安全小卫士 留守儿童生日会 趣味实验 小小志愿者",
        27,
        (72, 3, 10, 8, 7),
        "社工站活动室 儿童乐园 小学教室 村文化室 农家书屋",
        "学校 妇联 团委 村委会 大学生志愿队",
        "孩子分{n}组,年纪大的带小的。/有{n}个孩子第一次来,起初不说话,后来抢着上台。/作品挂在活动室墙上。/一名孩子中途想回家,陪其给祖辈打电话后留下。",
    ),
    "elders": (
        14,
        "长者生日会 怀旧茶座 健脑手工 长者智能手机班 老友记聚会 八段锦练习 口述村史",
        24,
        (2, 70, 12, 9, 7),
        "老人活动中心 祠堂 社工站活动室 榕树下",
        "老人协会 村委会 卫生院 志愿队",
        "{n}位独居老人由志愿者接送。/老人讲起旧时圩市,录下{n}段。/手机班重点教视频通话。/有老人耳背,志愿者坐旁边重讲。",
    ),
    "clinic": (
        6,
        "义诊进村 免费剪发修单车 眼科筛查 家电维修日 中医义诊",
        53,
        (6, 50, 18, 10, 16),
        "村委会大院 文化广场 党群服务中心 祠堂前",
        "卫生院 市人民医院 理发志愿队 村委会",
        "量血压、测血糖,{n}人建议复查。/剪发的老人排到中午。/查出{n}位白内障,登记转介。",
    ),
    "environment": (
        6,
        "清洁家园 河道捡垃圾 三清三拆动员 巷道美化 种树日",
        31,
        (16, 10, 6, 40, 28),
        "河边 村口 旧厕所旁 巷道 海边沙滩",
        "村委会 村民理事会 学校 志愿队",
        "清出垃圾{n}车,村民自带工具。/巷口画了三面墙。/{n}名学生参加,午前结束。",
    ),
    "volunteer": (
        7,
        "志愿者培训 巾帼志愿队例会 青少年志愿者探访 志愿者表彰 党员志愿服务日",
        19,
        (14, 8, 2, 66, 10),
        "社工站活动室 党群服务中心 村文化室",
        "妇联 团委 村委会 巾帼队",
        "商定下月探访{n}户独居老人。/新加入{n}人,学填服务记录。/老队员带新队员入户。",
    ),
    "meeting": (
        6,
        "村民议事会 旧厕所改造商议会 需求座谈会 志愿队筹备会 儿童乐园筹建会",
        18,
        (1, 28, 6, 10, 55),
        "村委会会议室 祠堂 党群服务中心 居委会",
        "村委会 居委会 村民理事会 乡贤",
        "提出{n}条意见,路灯和垃圾点最多。/当场认捐,写在红纸上。/意见不一,下次再议。",
    ),
}


@dataclass(slots=True)
class Gatherings:
    """What the making of activities shares."""

    pop: Population
    rota: Rota
    carried: Carried
    rng: Random
    activities: list[Activity] = field(default_factory=list)
    homes: dict[str, list[Household]] = field(default_factory=dict)


def make_activities(base: Gatherings, stations: list[Unit]) -> None:
    """Plan the activities of all stations, month by month, and the publicity week."""
    for home in base.pop.households:
        for keeper in home.keepers:
            base.homes.setdefault(keeper.unit, []).append(home)
    for unit in stations:
        _station_months(base, unit)
    _publicity_week(base, stations)
    base.activities.sort(key=lambda a: (a.on, a.station, a.start_time))
    for key, activity in enumerate(base.activities):
        activity.key = key
        activity.title, activity.summary = activity.title.translate(WIDE), activity.summary.translate(WIDE)
    _void_some(base)


def _station_months(base: Gatherings, unit: Unit) -> None:
    rng = base.rng
    assert unit.opened_on is not None
    month = date(unit.opened_on.year, unit.opened_on.month, 1)
    eager = rng.uniform(1.25, 2.25)
    while month <= date(2020, 5, 1):
        following = (month + timedelta(days=32)).replace(day=1)
        expected = eager * (0.55 if month == unit.opened_on else 1.0)
        if month in (date(2020, 2, 1), date(2020, 3, 1), date(2020, 4, 1)):
            expected *= 0.28
        elif month.month in (7, 8, 9, 12):
            expected *= 1.25
        for _ in range(int(expected + rng.random())):
            day = month + timedelta(days=rng.randrange((following - month).days))
            if not is_holiday(day) and day < date(2020, 5, 24):
                _ordinary(base, unit.code, day)
        month = following


def _size(rng: Random, usual: int) -> int:
    return max(6, round(usual * rng.lognormvariate(-0.06, 0.42)))


def _ordinary(base: Gatherings, station: str, day: date) -> None:
    rng = base.rng
    if in_epidemic(day):
        activity = _epidemic(base, station, day)
    else:
        kinds = list(KINDS)
        weights = [KINDS[k][0] * (2.2 if k == "children" and day.month in (7, 8) else 1) for k in kinds]
        activity = _activity(base, station, day, rng.choices(kinds, weights=weights)[0])
    for campaign in CAMPAIGNS[:3]:
        fits = activity.kind in ("festival", "elders", "publicity")
        if campaign.starts_on <= day <= campaign.ends_on and fits:
            activity.campaign = campaign.code
    if rng.random() < 0.46:
        _name_people(base, activity)
    base.activities.append(activity)


def _epidemic(base: Gatherings, station: str, day: date) -> Activity:
    rng = base.rng
    activity = _activity(base, station, day, "publicity", rng.randrange(9, 42))
    activity.title = f"{base.rota.village_names[activity.village]}{rng.choice(_EPIDEMIC_TITLES)}"
    activity.summary = rng.choice(_EPIDEMIC_SUMMARIES).format(n=rng.randrange(3, 9))
    return activity


_EPIDEMIC_TITLES = (
    "防疫宣传入巷",
    "流动广播讲防疫",
    "村口测温劝导",
    "口罩与消毒水派发",
    "线上防疫知识问答",
    "返乡人员心理支持微课",
)
_EPIDEMIC_SUMMARIES = (
    "分散进行,不聚集,{n}名志愿者轮班。",
    "沿巷用小喇叭讲解,逐户贴告知书。",
    "登记返乡人员{n}户,告知隔离要求。",
    "线上进行,按在线名单清点人数,{n}人提问。",
)


def _activity(base: Gatherings, station: str, day: date, kind: str, total: int = 0) -> Activity:
    """One activity with head counts; nobody is named yet."""
    rng, rota = base.rng, base.rota
    _, titles, usual, shares, places, partners, summaries = KINDS[kind]
    coverages = rota.covered(station, day)
    village = rng.choices(coverages, weights=[2.4 if c.kind == "base" else 1 for c in coverages])[0]
    total = total or _size(rng, usual)
    staff = rota.at(station, day)
    workers = rng.sample(staff, min(len(staff), rng.choice((1, 2, 2, 3))))
    hour = rng.choice((9, 9, 10, 14, 15, 15, 16, 19))
    title = rng.choice(titles.split())
    if rng.random() < 0.5:
        title = f"{village.village_name}{title}"
    activity = Activity(
        0,
        station,
        day,
        title,
        kind,
        rng.choice(places.split()),
        village.village,
        workers,
        _split(rng, total, shares),
        rng.choices(("signed", "counted", "estimated"), weights=(48, 40, 12))[0],
        partners=rng.sample(partners.split(), rng.choice((0, 1, 1, 2))),
        start_time=f"{hour:02d}:{rng.choice(('00', '30', '00', '15'))}",
        summary=rng.choice(summaries.split("/")).format(n=rng.choice("两三四五六七八")),
    )
    if activity.count_method == "estimated":  # estimates are round
        _round_heads(activity)
    activity.volunteer_hours = activity.heads["volunteers"] * rng.choice((1.5, 2.0, 2.0, 2.5, 3.0))
    activity.entered_by = workers[0]
    activity.entered_at = entry_time(rng, rota, station, workers[0], day)
    return activity


def _split(rng: Random, total: int, shares: tuple[int, ...]) -> dict[str, int]:
    """Split a head count by category, each head falling where the shares let it."""
    heads = dict.fromkeys(HEADS, 0)
    for name in rng.choices(HEADS, weights=shares, k=total):
        heads[name] += 1
    return heads


def _round_heads(activity: Activity) -> None:
    total = sum(activity.heads.values())
    activity.heads["others"] += -total % 5


def _name_people(base: Gatherings, activity: Activity, most: int = 14) -> None:
    """Name some of the participants: people of the station's families, clients first."""
    rng, day = base.rng, activity.on
    wanted = {"children": (6, 15), "elders": (60, 120), "clinic": (50, 120), "festival": (50, 120)}
    low, high = wanted.get(activity.kind, (14, 90))
    group = "children" if activity.kind == "children" else "elders" if low >= 50 else "others"
    count = min(rng.randrange(3, most), activity.heads[group] + activity.heads["clients"])
    found: list[int] = []
    homes = base.homes[activity.station]
    for _ in range(count * 30):
        if len(found) == count:
            break
        home = homes[rng.randrange(len(homes))]
        if home.known_on > day or keeper_on(home, day) != activity.station:
            continue
        near = village_on(home, day) == activity.village
        for member in members_on(home, day):
            age = age_on(base.pop.people[member.person].born_on, day)
            likely = 0.9 if base.carried.civil(member.person, day) else 0.25
            if low <= age <= high and member.person not in found and rng.random() < likely * (1 if near else 0.35):
                found.append(member.person)
                break
    for person in found:  # a named participant is no longer one of the anonymous heads
        at = "clients" if base.carried.civil(person, day) and activity.heads["clients"] else group
        at = at if activity.heads[at] else max(HEADS, key=lambda name: activity.heads[name])
        if activity.heads[at]:
            activity.heads[at] -= 1
            activity.named.append(person)
    if activity.named:
        activity.count_method = "signed"


_WEEK = (
    ("children", "六一游园", "分{n}个摊位,孩子集章换小礼物。"),
    ("children", "童心同行亲子运动会", "家长与孩子两人三足,{n}对得奖。"),
    ("publicity", "社工宣传周摆摊", "展板讲三年服务,{n}人当场报名志愿者。"),
    ("children", "六一慰问困境儿童", "与{n}家爱心店送书包。"),
    ("lecture", "儿童保护家长课", "讲强制报告与防溺水,家长提问{n}个。"),
    ("publicity", "社工进校园", "到{n}个班讲求助电话。"),
    ("festival", "六一文艺晚会", "{n}个节目由孩子自己报幕。"),
)


def _publicity_week(base: Gatherings, stations: list[Unit]) -> None:
    """The publicity week of 2020 over all stations, 东洲's series among it."""
    rng = base.rng
    week = CAMPAIGNS[3]
    others = [unit.code for unit in stations if unit.code != SERIES_STATION]
    weights = [rng.uniform(0.7, 1.35) for _ in others]
    whole = 3_127
    for code, weight in zip(others, weights, strict=True):
        total, parts = round(whole * weight / sum(weights)), rng.choice((2, 2, 3, 3, 4))
        cuts = [rng.uniform(0.7, 1.3) for _ in range(parts)]
        for kind, title, summary in rng.sample(_WEEK, parts):
            size = max(8, round(total * cuts.pop() / (sum(cuts) + 1.0)) if cuts else total)
            size = min(size, total) if cuts else total
            total -= size
            day = date(2020, 5, 25) + timedelta(days=rng.choice((0, 1, 2, 3, 4, 5, 6, 7, 7, 7, 8, 9, 10, 11)))
            if size > 0:
                activity = _activity(base, code, day, kind, size)
                activity.title, activity.campaign = title, week.code
                activity.summary = summary.format(n=rng.choice("三四五六七八"))
                activity.count_method = rng.choice(("signed", "counted", "counted"))
                _settle(activity, size)
                if rng.random() < 0.4:
                    _name_people(base, activity)
                base.activities.append(activity)
    _series(base, week.code)


def call_together(activities: list[Activity], stations: list[Unit]) -> None:
    """What the year before was called together for the children, and what two stations of a county held as one.

    Once everything else is made: no number moves.
    """
    for one in activities:
        if one.kind == "children" and not one.campaign and CHILDREN.starts_on <= one.on <= CHILDREN.ends_on:
            one.campaign = CHILDREN.code
    week = [one for one in activities if one.campaign == CAMPAIGNS[3].code and not one.series]
    for one in week[3::9]:
        county = one.station.rpartition("-")[0]
        others = [unit.code for unit in stations if unit.code.startswith(county) and unit.code != one.station]
        one.joint = next(iter(sorted(others)), "")


def _settle(activity: Activity, size: int) -> None:
    """Take back what rounding added."""
    extra = sum(activity.heads.values()) - size
    activity.heads["others"] -= min(extra, activity.heads["others"])


def _series(base: Gatherings, campaign: str) -> None:
    rng = base.rng
    villages = base.rota.coverages[SERIES_STATION]
    parts = zip(_SERIES_PARTS, villages, ("两人三足", "手工风筝", "绘本剧与套圈", "水枪大战与拼图"), strict=True)
    for number, ((day, size), coverage, game) in enumerate(parts, 1):
        activity = _activity(base, SERIES_STATION, day, "children", size)
        _settle(activity, size)
        activity.title = f"“{SERIES}”六一亲子活动(第{'一二三四'[number - 1]}场)"
        activity.series, activity.campaign, activity.village = SERIES, campaign, coverage.village
        activity.place = f"{coverage.village_name}文化广场" if number > 1 else "“守护天使的翅膀”儿童乐园"
        activity.partners = ["村委会", "东洲街道妇联"] if number % 2 else ["村委会"]
        activity.count_method = "signed"
        activity.summary = f"亲子合作项目:{game},妇女与青少年志愿者带组,顺带介绍社工周。有家长说平时忙,难得陪孩子半天。"
        activity.heads["volunteers"] = max(activity.heads["volunteers"], 2)
        _settle_volunteers(activity, size)
        activity.volunteer_hours = activity.heads["volunteers"] * 2.5
        _name_people(base, activity, 12)
        rng.random()
        base.activities.append(activity)


def _settle_volunteers(activity: Activity, size: int) -> None:
    extra = sum(activity.heads.values()) - size
    activity.heads["children"] -= extra


def _void_some(base: Gatherings) -> None:
    """A few activities were entered twice; the second entry is voided."""
    rng = base.rng
    chosen = rng.sample([a for a in base.activities if not a.campaign], 4)
    for original in chosen:
        assert original.entered_at is not None
        twin = Activity(
            len(base.activities),
            original.station,
            original.on,
            original.title,
            original.kind,
            original.place,
            original.village,
            original.workers[:],
            {**original.heads, "others": original.heads["others"] + len(original.named)},
            "counted",
            start_time=original.start_time,
            summary="现场人多,人数按清点。",
            entered_at=original.entered_at,
            entered_by=original.entered_by,
        )
        moment = min(original.entered_at + timedelta(days=1), datetime.combine(LAST_WORK_DAY, time(22)))
        twin.voided = Voiding("同一场活动录了两遍", original.entered_by, moment)
        base.activities.append(twin)
