"""Code lists of the network."""

from django.db.models import TextChoices


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
