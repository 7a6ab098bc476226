"""Community projects of the demonstration, as their stations wrote them down from week to week: invented, of nobody.

河园's square is the article's: a latrine that had become a dump, and what neighbourhood committee, council and
villagers gave in money, things and days of work. Each step is taken on its own day, by the station's head.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from PIL import ImageDraw

from shuangbai.core import clock
from shuangbai.core.findings import Door
from shuangbai.demo import album
from shuangbai.network.models import OrgUnit, User
from shuangbai.pictures.actions import PictureSaid, PicturesEntry, add_pictures
from shuangbai.pictures.enums import Faces
from shuangbai.projects.actions import ledger, meetings, problems, projects
from shuangbai.projects.entries import (
    LineEntry,
    MeetingEntry,
    MilestoneEntry,
    OutcomeEntry,
    ProblemEntry,
    ProjectEntry,
    StakeholderEntry,
)
from shuangbai.projects.enums import Answer, Giver, LineKind, ProjectState
from shuangbai.projects.models import Project
from shuangbai.projects.queries import AFTER, BEFORE
from shuangbai.services.enums import CountMethod

HEYUAN, PARK, LAMPS = "SW-HF-01", "SW-CQ-01", "SW-HF-02"
S = ProjectState
CASH, GOODS, DAYS, SPENT = LineKind.CASH, LineKind.GOODS, LineKind.DAYS, LineKind.SPENT
MET, UNIT = Giver.PERSON, Giver.UNIT

# day, kind, who or what for, named in public, amount or quantity with unit, worth, thing
_HEYUAN: tuple[tuple[str, LineKind, Giver | str, str, bool, str, str, str, str], ...] = (
    ("2019-04-08", CASH, UNIT, "河园村村民理事会", True, "3000", "", "", ""),
    ("2019-04-08", CASH, UNIT, "云岭小学校友会", True, "2000", "", "", ""),
    ("2019-04-12", CASH, MET, "卓阿海", True, "500", "", "", ""),
    ("2019-04-12", CASH, MET, "卓木清", True, "300", "", "", ""),
    ("2019-04-12", CASH, MET, "施玉莲", False, "200", "", "", ""),
    ("2019-04-13", CASH, MET, "施丁财", False, "100", "", "", ""),
    ("2019-04-15", CASH, MET, "卓守业", True, "5000", "", "", "乡贤，在深圳开店"),
    ("2019-04-18", CASH, MET, "颜秀琴", False, "200", "", "", ""),
    ("2019-04-20", CASH, MET, "颜大目", False, "1000", "", "", ""),
    ("2019-05-10", GOODS, MET, "卓水生", True, "60", "袋", "1500", "水泥"),
    ("2019-05-12", GOODS, UNIT, "顺发建材店", True, "1200", "块", "2400", "红砖"),
    ("2019-05-20", GOODS, MET, "施阿兰", False, "8", "棵", "640", "榕树苗"),
    ("2019-05-25", GOODS, UNIT, "海珠竹木厂", True, "4", "张", "1200", "长凳"),
    ("2019-05-11", DAYS, MET, "第一、二村民小组", False, "38", "工日", "", "拆旧厕所、清垃圾"),
    ("2019-05-26", DAYS, MET, "第三村民小组", False, "24.5", "工日", "", "平整地面、铺砖"),
    ("2019-06-02", DAYS, MET, "青年志愿者", False, "12", "工日", "", "种树、刷墙"),
    ("2019-05-13", SPENT, "", "挖掘机两天", False, "2400", "", "", ""),
    ("2019-05-14", SPENT, "", "清运垃圾四车", False, "1600", "", "", ""),
    ("2019-05-22", SPENT, "", "地砖和沙石", False, "3360", "", "", ""),
    ("2019-06-05", SPENT, "", "凉亭木料和瓦", False, "2860.5", "", "", ""),
    ("2019-06-20", SPENT, "", "太阳能路灯两盏", False, "760", "", "", ""),
)  # fmt: skip
_PARK: tuple[tuple[str, LineKind, Giver | str, str, bool, str, str, str, str], ...] = (
    ("2018-10-10", CASH, UNIT, "东洲商会", True, "6000", "", "", ""),
    ("2018-10-12", CASH, MET, "陈佩珠", False, "300", "", "", ""),
    ("2018-11-05", GOODS, UNIT, "小螺号幼儿园", True, "1", "套", "2800", "旧滑梯，已检修"),
    ("2018-11-18", DAYS, MET, "家长志愿者", False, "18", "工日", "", "铺软垫、画墙"),
    ("2018-11-08", SPENT, "", "软垫和围栏", False, "4300", "", "", ""),
    ("2018-12-01", SPENT, "", "图书和书架", False, "1680", "", "", ""),
)  # fmt: skip
_TALKS = (
    ("村居环境怎样分段管", "deliberation", 22, "按村民小组分段，每月初一大家一起扫。"),
    ("明年老人节怎么办", "residents", 35, "不摆酒席，请医生来量血压，中午一起吃饭。"),
    ("放学后孩子在哪里写作业", "committee", 9, "祠堂侧屋收拾出来，志愿者轮流看。"),
    ("困难家庭名单公示", "residents", 41, "名单贴七天，有意见写在纸上投进信箱。"),
)


class Book:
    """Writes at a station on given days, as its head."""

    def __init__(self, station: OrgUnit, head: User) -> None:
        assert head.staff_id is not None
        self.station, self.head, self.worker = station, head, head.staff_id

    @contextmanager
    def on(self, day: date) -> Iterator[User]:
        with clock.pinned(day):
            yield User.objects.select_related("staff").get(pk=self.head.pk)

    def now(self, project: Project) -> Project:
        return Project.objects.get(pk=project.pk)

    def begin(self, key: int, day: date, **said: Any) -> Project:
        with self.on(day) as by:
            entry = ProjectEntry(
                station=self.station, begun_on=day, worker_id=self.worker, client_id=UUID(int=(9 << 64) + key), **said
            )
            return projects.begin_project(by=by, entry=entry)

    def move(self, project: Project, day: date, to: ProjectState) -> None:
        with self.on(day) as by:
            row = self.now(project)
            projects.move_project(by=by, project=row, version=row.version, to=to, on=day)

    def joined(self, project: Project, day: date, *rows: tuple[str, str, str]) -> None:
        with self.on(day) as by:
            for role, name, does in rows:
                entry = StakeholderEntry(role, name, day, does=does)
                projects.add_stakeholder(by=by, project=project, entry=entry)

    def reached(self, project: Project, *rows: tuple[str, date, date | None]) -> None:
        for title, planned, done in rows:
            with self.on(done or project.begun_on) as by:
                entry = MilestoneEntry(title, planned_on=planned, done_on=done)
                projects.add_milestone(by=by, project=project, entry=entry)

    def met(self, project: Project | None, *rows: tuple[date, str, str, int, str], place: str = "") -> None:
        for number, (day, kind, title, people, decisions) in enumerate(rows):
            with self.on(day + timedelta(days=1)) as by:
                key = UUID(int=(10 << 64) + day.toordinal() * 1000 + number * 30 + int(self.station.code[-2:]))
                entry = MeetingEntry(
                    station=self.station, occurred_on=day, kind=kind, title=title, worker_ids=[self.worker],
                    people=people, method=CountMethod.SIGNED, project=project, place=place, decisions=decisions,
                    client_id=key,
                )  # fmt: skip
                meetings.record_meetings(by=by, entries=[entry], door=Door.SHEET)

    def noted(self, project: Project, key: int, rows: tuple[Any, ...]) -> None:
        """The ledger in the order of its days."""
        for number, row in enumerate(sorted(rows, key=lambda one: one[0])):
            day = date.fromisoformat(row[0])
            with self.on(day + timedelta(days=1)) as by:
                entry = _line(row, day, UUID(int=(11 << 64) + key * 1000 + number))
                ledger.note_lines(by=by, project=project, entries=[entry])


def _line(row: tuple[Any, ...], day: date, key: UUID) -> LineEntry:
    _day, kind, giver, name, named, number, unit, worth, thing = row
    said: dict[str, Any] = {"what": thing, "name": name, "giver": giver, "named": named, "client_id": key}
    if kind == SPENT:
        said |= {"what": name, "name": "", "amount": Decimal(number), "receipt": f"收据 {day:%m%d}"}
    elif kind == CASH:
        said |= {"amount": Decimal(number), "receipt": f"{day:%y%m}-{int(Decimal(number))}", "thanked_on": day}
    else:
        said |= {"quantity": Decimal(number), "unit": unit, "thanked_on": day}
    if worth:
        said |= {"value": Decimal(worth), "valued_by": "market"}
    return LineEntry(kind, day, **said)


# PICTURES ------------------------------------------------------------------


def _dump(draw: ImageDraw.ImageDraw) -> None:
    """A hut without a roof, and heaps."""
    draw.rectangle([0, 380, 800, 600], fill="#b7a98a")
    draw.polygon([(260, 400), (260, 210), (330, 235), (400, 200), (470, 240), (470, 400)], fill="#a39c90")
    draw.rectangle([330, 300, 380, 400], fill="#57524a")
    for n, colour in enumerate(("#7d7464", "#8f6f55", "#6f7a6b", "#857a5f", "#9a8468")):
        left = 60 + n * 150
        draw.polygon([(left - 60, 520), (left, 430 + n % 2 * 25), (left + 90, 520)], fill=colour)


def _square(draw: ImageDraw.ImageDraw) -> None:
    """Tiles, a pavilion, two benches and a young tree."""
    draw.rectangle([0, 380, 800, 600], fill="#d9c7a6")
    for n in range(9):
        draw.line([(n * 110 - 60, 600), (n * 60 + 160, 380)], fill="#c3ad86", width=3)
    draw.polygon([(240, 250), (400, 160), (560, 250)], fill="#b5654a")
    for left in (270, 520):
        draw.rectangle([left, 250, left + 14, 430], fill="#6b4f38")
    for left in (90, 610):
        draw.rectangle([left, 470, left + 130, 484], fill="#8a6f4d")
        draw.rectangle([left + 12, 484, left + 22, 515], fill="#6b4f38")
        draw.rectangle([left + 108, 484, left + 118, 515], fill="#6b4f38")
    draw.rectangle([694, 330, 706, 430], fill="#6b4f38")
    draw.ellipse([640, 210, 760, 345], fill="#7da06a")


album.SCENES.update({"dump": _dump, "square": _square})


def _pictured(book: Book, project: Project, key: int, *rows: tuple[str, str, date, str]) -> None:
    for number, (subject, scene, day, caption) in enumerate(rows):
        with book.on(day) as by:
            said = PictureSaid(day, caption, Faces.NOBODY)
            client = UUID(int=(12 << 64) + key * 10 + number)
            add_pictures(by=by, entry=PicturesEntry(subject, project.pk, [album.scene(scene)], said, client))


# THE PROJECTS ----------------------------------------------------------------


def _heyuan(book: Book) -> None:
    """海城: 河园's old latrine turned into a place to sit."""
    with book.on(date(2019, 3, 1)) as by:
        box = problems.switch_box(by=by, station=book.station, opened=True, version=0)
    said = "村口的旧厕所没人用，成了垃圾堆，一下雨水流到路上，老人小孩都绕着走。"
    with book.on(date(2019, 3, 5)):
        told = ProblemEntry(said, date(2019, 3, 5), place="河园村村口", name="卓姨")
        raised = problems.send_problem(box=box, entry=told)
    with book.on(date(2019, 3, 12)) as by:
        entry = ProjectEntry(
            station=book.station, title="河园村：旧厕所变小广场", begun_on=date(2019, 3, 12), worker_id=book.worker,
            place="河园村村口", problem=said, client_id=UUID(int=(9 << 64) + 1),
            aim="拆掉旧厕所，清走垃圾，做一块能坐、能乘凉、孩子能玩的地方；用村里自己的钱和力气，做好交给村里管。",
        )  # fmt: skip
        project = projects.begin_project(by=by, entry=entry, problem=raised)
    book.joined(
        project, date(2019, 3, 20), ("committee", "河园村居委", "出面协调地块，请挖掘机"),
        ("council", "河园村村民理事会", "召集开会，管账贴账"), ("group", "三个村民小组", "出工"),
        ("native", "卓守业", "带头捐款"), ("unit", "顺发建材店", "送红砖"),
    )  # fmt: skip
    book.met(
        project,
        (date(2019, 3, 20), "deliberation", "旧厕所怎么办", 32, "都同意拆。地是集体的，居委出函；先算要多少钱。"),
        (date(2019, 4, 3), "council", "图样和预算", 11, "凉亭一座、长凳四张、路灯两盏；账每半月贴一次。"),
        (date(2019, 6, 28), "deliberation", "做好以后谁来管", 29, "理事会管，三个小组轮流扫；结余留作修灯。"),
        place="河园村老人活动中心",
    )
    _heyuan_done(book, project)
    _further(book, box)


def _heyuan_done(book: Book, project: Project) -> None:
    """What was given and spent, what was reached, and to whom it was handed over."""
    book.move(project, date(2019, 3, 28), S.PLAN)
    book.move(project, date(2019, 5, 6), S.DOING)
    book.noted(project, 1, _HEYUAN)
    with book.on(date(2019, 6, 30)) as by:
        line = project.lines.get(amount=1000)
        reason = "家里急用，本人收回，已退还"
        ledger.reverse_line(by=by, line=line, version=1, on=date(2019, 6, 30), reason=reason, acknowledged=True)
    book.reached(
        project, ("拆掉旧厕所、清走垃圾", date(2019, 5, 15), date(2019, 5, 14)),
        ("铺好地面", date(2019, 5, 31), date(2019, 5, 28)), ("凉亭和长凳", date(2019, 6, 15), date(2019, 6, 12)),
        ("装两盏路灯", date(2019, 6, 20), date(2019, 6, 21)),
    )  # fmt: skip
    _pictured(
        book, project, 1, (BEFORE, "dump", date(2019, 3, 13), "拆之前，从村口看"),
        (AFTER, "square", date(2019, 7, 2), "铺好以后，同一个位置"),
    )  # fmt: skip
    book.move(project, date(2019, 7, 1), S.REVIEW)
    _told(
        book, project, date(2019, 7, 20),
        outcome="垃圾堆没有了，村口多了一块能坐的地方；傍晚有二三十人来，老人纳凉，孩子写作业。",
        families=186, people=742, counted_how="register", counted_note="按三个村民小组的户籍数",
        handed_on=date(2019, 7, 18), handed_to="河园村村民理事会",
        agreement="三个小组每月轮流打扫；结余和以后的捐款由理事会管，每半年贴账；路灯坏了理事会修。",
    )  # fmt: skip
    book.move(project, date(2019, 7, 20), S.DONE)
    _shown(book, project, date(2019, 7, 21))


def _told(book: Book, project: Project, day: date, **said: Any) -> None:
    with book.on(day) as by:
        row = book.now(project)
        projects.tell_outcome(by=by, project=row, version=row.version, entry=OutcomeEntry(**said))


def _shown(book: Book, project: Project, day: date) -> None:
    with book.on(day) as by:
        row = book.now(project)
        projects.show_ledger(by=by, project=row, version=row.version, public=True)


def _further(book: Book, box: Any) -> None:
    """Two more that villagers sent: one answered, one that waits."""
    with book.on(date(2020, 4, 21)):
        entry = ProblemEntry("卫生站门口的路灯坏了半个月", date(2020, 4, 21), place="卫生站门口")
        lamp = problems.send_problem(box=box, entry=entry)
    with book.on(date(2020, 4, 24)) as by:
        said = "路灯归镇里管，我们当天报了，师傅说这个星期来换。还没亮的话请再说一声。"
        problems.answer_problem(by=by, problem=lamp, version=1, state=Answer.NOT_OURS, answer=said)
    with book.on(date(2020, 6, 3)):
        entry = ProblemEntry("文化室的门锁坏了，下雨天孩子没处去", date(2020, 6, 3), place="文化室", name="施叔")
        problems.send_problem(box=box, entry=entry)


def _park(book: Book) -> None:
    """东洲: the children's park."""
    project = book.begin(
        2, date(2018, 9, 3), title="“守护天使的翅膀”儿童乐园", origin="visits", place="社工站旁空屋",
        problem="四个村的孩子放学后没有地方去，有的在马路边玩。", aim="把空屋收拾成儿童乐园：能看书、能玩、有人看着。",
    )  # fmt: skip
    book.joined(
        project, date(2018, 9, 10), ("committee", "东一村委", "免费借出空屋"), ("unit", "东洲商会", "捐款"),
        ("volunteers", "家长志愿者", "铺垫子、轮流看孩子"),
    )  # fmt: skip
    book.met(project, (date(2018, 9, 20), "residents", "空屋给孩子用行不行", 24, "同意借用三年，水电由村委出。"))
    book.move(project, date(2018, 9, 25), S.PLAN)
    book.move(project, date(2018, 10, 20), S.DOING)
    book.noted(project, 2, _PARK)
    book.reached(
        project,
        ("修好门窗", date(2018, 11, 1), date(2018, 10, 28)),
        ("铺软垫、装滑梯", date(2018, 11, 20), date(2018, 11, 19)),
    )
    book.move(project, date(2018, 12, 5), S.REVIEW)
    _told(
        book, project, date(2018, 12, 20),
        outcome="周一到周五放学后开门，每天十几个孩子来，家长志愿者两人一班。", people=160, counted_how="listed",
        counted_note="登记过的孩子", handed_on=date(2018, 12, 18), handed_to="东一村委和家长志愿者",
        agreement="村委管屋和水电，家长志愿者排班，社工站每月来看一次。",
    )  # fmt: skip
    book.move(project, date(2018, 12, 20), S.DONE)
    _shown(book, project, date(2018, 12, 21))


def _lamps(book: Book) -> None:
    """城东: lamps along a path, not yet done."""
    project = book.begin(
        3, date(2020, 4, 13), title="赤山村夜路装灯", place="祠堂到学校的小路", origin="committee",
        problem="妇女队晚上练舞回家要走一段黑路，有老人摔过。", aim="装六盏太阳能灯，村民自己认养。",
    )  # fmt: skip
    book.joined(
        project, date(2020, 4, 20), ("council", "赤山村村民理事会", "召集"), ("volunteers", "巾帼志愿队", "逐户问")
    )
    book.met(project, (date(2020, 4, 28), "deliberation", "灯装在哪里、谁认养", 27, "先装六盏，一户或几户认养一盏。"))
    book.move(project, date(2020, 5, 6), S.PLAN)
    row = ("2020-05-12", CASH, MET, "林素心", False, "350", "", "", "认养一盏")
    book.noted(project, 3, (row, ("2020-05-20", CASH, UNIT, "赤山村村民理事会", True, "700", "", "", "认养两盏")))
    book.reached(project, ("凑齐六盏的钱", date(2020, 6, 30), None), ("装好", date(2020, 7, 31), None))


def fill(units: Mapping[str, OrgUnit], heads: Mapping[str, User]) -> None:
    """The three projects, and meetings that belong to none."""
    for code, write in ((HEYUAN, _heyuan), (PARK, _park), (LAMPS, _lamps)):
        write(Book(units[code], heads[code]))
    codes = [code for code in sorted(heads) if code not in (HEYUAN, PARK, LAMPS)]
    for number, code in enumerate(codes[:12]):
        title, kind, people, decisions = _TALKS[number % len(_TALKS)]
        day = date(2020, 5, 7) + timedelta(days=number * 2 % 25)
        Book(units[code], heads[code]).met(None, (day, kind, title, people + number % 5, decisions))
