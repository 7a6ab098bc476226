"""Code lists of the network, and the list of places that the product brings."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from django.db.models import TextChoices

# The statistics bureau's list of Guangdong down to the village, edition of 2023-06-30: code,name,level,parent_code.
DIVISIONS = Path(__file__).parent / "data" / "divisions-guangdong.csv.gz"


def read_divisions(path: Path = DIVISIONS) -> Iterator[dict[str, str]]:
    """Every place of such a list: code, name, level, parent_code."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


class AreaLevel(TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县区"
    TOWN = "town", "镇街"
    VILLAGE = "village", "村居"


class UnitKind(TextChoices):
    """What stands in the bureau's management tree, which is not the tree of areas (domain 2, 8)."""

    BUREAU = "bureau", "民政局"
    CENTRE = "centre", "督导中心"
    COUNTY = "county", "县区片"
    STATION = "station", "社工站"
    POINT = "point", "社工点"


class CoverageKind(TextChoices):
    BASE = "base", "驻村重点"
    AROUND = "around", "周边覆盖"


class Post(TextChoices):
    STATION_HEAD = "station_head", "站长"
    SERVICE = "service", "服务岗"
    AFFAIRS = "affairs", "事务岗"


class Batch(TextChoices):
    FIRST = "first", "第一批"
    SECOND = "second", "第二批"
    PROJECT = "project", "双百工程"


class Sex(TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", "未知"
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"
