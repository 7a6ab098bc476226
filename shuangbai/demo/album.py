"""Pictures of the demonstration: drawn, of nobody and of no place. A few scenes, each coloured once.

The four afternoons at 东洲 have two each, one of them with children's faces that stays inside; every station has one
of the publicity week, which everybody may see.
"""

import io
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from uuid import UUID

from PIL import Image, ImageDraw

from shuangbai.activities.models import Activity
from shuangbai.core import clock
from shuangbai.core.pictures import Picture as Pixels
from shuangbai.core.pictures import read_picture
from shuangbai.demo.gatherings import SERIES
from shuangbai.network.models import User
from shuangbai.pictures.actions import PictureSaid, PicturesEntry, add_pictures
from shuangbai.pictures.enums import Consent, ConsentForm, Faces

WIDE, HIGH = 800, 600
SKY, SEA, GRASS, SAND, WALL, INK = "#cfe3ea", "#6aa5b8", "#9fbf8a", "#e8d9b0", "#efe6d6", "#3c4a4a"
PAPERS = ("#d98b6a", "#e0b65c", "#7fae9b", "#6c8fb3", "#c47f92", "#a8b56a")
FIGURES = ("#b5654a", "#4f7d8c", "#8a7a3f", "#6b5b85", "#4d7f5e")
WEEK = "sw-week-2020"


def _figures(draw: ImageDraw.ImageDraw, ground: int, many: int, tall: int) -> None:
    """People as a child draws them: a body, a head, nobody's face."""
    for n in range(many):
        left = 90 + n * (WIDE - 140) // many
        colour, head = FIGURES[n % len(FIGURES)], tall // 4
        draw.polygon([(left, ground), (left + tall // 2, ground), (left + tall // 4, ground - tall)], fill=colour)
        top = ground - tall - head
        draw.ellipse([left + tall // 4 - head // 2, top, left + tall // 4 + head // 2, top + head], fill="#e3c7a4")


def _booth(draw: ImageDraw.ImageDraw) -> None:
    """A table under an awning on a square."""
    draw.rectangle([0, 330, WIDE, HIGH], fill=SAND)
    for n in range(8):
        draw.polygon([(120 + n * 70, 150), (190 + n * 70, 150), (155 + n * 70, 210)], fill=PAPERS[n % 2 * 3])  # bunting
    draw.rectangle([120, 130, 680, 152], fill=PAPERS[0])
    for left in (130, 655):
        draw.rectangle([left, 150, left + 14, 470], fill=INK)
    draw.rectangle([180, 390, 620, 410], fill=WALL)
    draw.rectangle([180, 410, 620, 500], fill=PAPERS[3])
    for n in range(5):
        draw.rectangle([210 + n * 80, 372, 255 + n * 80, 390], fill=PAPERS[n])


def _posters(draw: ImageDraw.ImageDraw) -> None:
    """Sheets of paper on a wall."""
    draw.rectangle([0, 0, WIDE, HIGH], fill=WALL)
    for n in range(8):
        left, top = 70 + n % 4 * 175, 70 + n // 4 * 245
        draw.rectangle([left, top, left + 140, top + 195], fill="white", outline=INK)
        draw.ellipse([left + 40, top + 25, left + 100, top + 85], fill=PAPERS[n % 6])
        for line in range(3):
            draw.rectangle(
                [left + 20, top + 110 + line * 24, left + 120, top + 118 + line * 24], fill=PAPERS[(n + 2) % 6]
            )


def _kites(draw: ImageDraw.ImageDraw) -> None:
    """Kites over grass and the sea."""
    draw.rectangle([0, 300, WIDE, 400], fill=SEA)
    draw.rectangle([0, 400, WIDE, HIGH], fill=GRASS)
    for n, (left, top) in enumerate(((120, 90), (330, 50), (520, 120), (650, 60))):
        draw.polygon([(left, top), (left + 50, top + 40), (left, top + 100), (left - 50, top + 40)], fill=PAPERS[n])
        draw.line([(left, top + 100), (left - 30, top + 320)], fill=INK, width=2)


def _games(draw: ImageDraw.ImageDraw) -> None:
    """Figures in a row on the grass."""
    draw.rectangle([0, 360, WIDE, HIGH], fill=GRASS)
    _figures(draw, 540, 5, 130)


def _meeting(draw: ImageDraw.ImageDraw) -> None:
    """Grown-ups around a table."""
    draw.rectangle([0, 0, WIDE, HIGH], fill=WALL)
    _figures(draw, 420, 4, 170)
    draw.rectangle([60, 420, 740, 450], fill="#8a6f4d")


SCENES = {"booth": _booth, "posters": _posters, "kites": _kites, "games": _games, "meeting": _meeting}


@cache
def scene(name: str) -> Pixels:
    """A scene as somebody's telephone would send it: through the same door."""
    picture = Image.new("RGB", (WIDE, HIGH), SKY)
    SCENES[name](ImageDraw.Draw(picture))
    sent = io.BytesIO()
    picture.save(sent, "PNG")
    size = sent.tell()
    sent.seek(0)
    return read_picture(sent, size=size)


def fill(heads: Mapping[str, User]) -> None:
    """The pictures of the series and of the publicity week, each added the day after by the station's head."""
    rows = Activity.objects.filter(record__campaign__code=WEEK, record__voided_at__isnull=True)
    rows = rows.select_related("record__station", "series").order_by("record__occurred_on", "pk")
    seen: set[str] = set()
    for number, activity in enumerate(rows):
        station = activity.record.station.code
        series = activity.series is not None and activity.series.name == SERIES
        if series or station not in seen:
            seen |= set() if series else {station}
            _of(activity, number, User.objects.select_related("staff").get(pk=heads[station].pk), series=series)


def _of(activity: Activity, number: int, by: User, *, series: bool) -> None:
    day = activity.record.occurred_on
    agreed = PictureSaid(
        day, "和村干部商量摊位怎么摆", Faces.OTHERS, Consent.AGREED, ConsentForm.SPOKEN, day, by.staff_id, "在场的人"
    )
    told = [
        ("booth", PictureSaid(day, "彩旗下的咨询台，收摊前", Faces.NOBODY)), ("meeting", agreed),
        ("kites", PictureSaid(day, "海边放风筝", Faces.NOBODY)),
    ][number % 3 : number % 3 + 1]  # fmt: skip
    if series:
        told = [("posters", PictureSaid(day, "孩子们的作品，贴在墙上", Faces.NOBODY)),
                ("games", PictureSaid(day, "分组做游戏", Faces.MINOR))]  # fmt: skip
    with clock.pinned(day + timedelta(days=1)):
        for place, (name, said) in enumerate(told):
            key = UUID(int=(7 << 64) + number * 2 + place)
            add_pictures(by=by, entry=PicturesEntry("activities", activity.pk, [scene(name)], said, key))
