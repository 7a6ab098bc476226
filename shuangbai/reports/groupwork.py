"""The figures of social groups (domain 6.1, G1 to G4): 个, 节, 人 and 人次 apart.

A session is a record, so sessions and person-times are counted as those of every kind of record are. People are counted
from the roll: of whoever is on file once a person, however many groups and aliases; of whoever is only named once a
group, for nothing more is known of them.
"""

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from shuangbai.groups.enums import THERE, GroupState
from shuangbai.groups.models import Attendance, Group, GroupSession
from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.reports.rows import reached, records
from shuangbai.services.enums import RecordKind


def sessions(ask: Ask) -> Rows:
    return records(ask, RecordKind.GROUP_SESSION)


def first_sessions(ask: Ask) -> Rows:
    """Sessions before which their group had none that stands: of two on one day, one of them."""
    others = GroupSession.objects.filter(group=OuterRef("group_session__group"), record__voided_at__isnull=True)
    earlier = others.filter(record__occurred_on__lt=OuterRef("occurred_on"))
    same_day = others.filter(record__occurred_on=OuterRef("occurred_on"), record__lt=OuterRef("pk"))
    found: Rows = sessions(ask).filter(~Exists(earlier), ~Exists(same_day))
    return found


def ended(ask: Ask) -> Rows:
    return Group.objects.filter(ask.days("ended_on"), ask.stations(), state=GroupState.ENDED)


def there(ask: Ask) -> Rows:
    """Who was at sessions of the period, each row with `whoever` it is: a person, or a member who is only named."""
    rows: Rows = Attendance.objects.filter(
        ask.days("record__occurred_on"), ask.stations("record__station"), presence__in=THERE,
        record__voided_at__isnull=True,
    )  # fmt: skip
    return rows.annotate(whoever=Coalesce("same__kept", "person", "member"))


_SESSION = {
    "station": "station",
    "month": "occurred_on",
    "village": "village",
    "group_kind": "group_session__group__kind",
}
_THERE = {
    "station": "record__station",
    "month": "record__occurred_on",
    "village": "record__village",
    "group_kind": "record__group_session__group__kind",
}
_ONCE = "已认定为同一人的，两站都有也只算一人"

FIGURES = [
    Indicator(
        "G1", "开展小组", "个", "期内至少举行过一节的小组，一个小组不论几节只算一个。", sessions,
        thing="group", key="group_session__group", record="pk", by=_SESSION,
    ),
    Indicator(
        "G1A", "新开小组", "个", "开展小组中，第一节在期内的。", first_sessions,
        thing="group", key="group_session__group", record="pk", by=_SESSION,
    ),
    Indicator(
        "G1B", "结束小组", "个", "期内结束的小组，按结束日期；取消的不算，后来重新开始的到再结束时算。", ended,
        thing="group", key="pk", record="pk",
        by={"station": "station", "month": "ended_on", "village": "village", "group_kind": "kind"},
    ),
    Indicator(
        "G2", "小组节次", "节", "期内举行的小组节次，一节算一节；作废的不算。", sessions,
        thing="record", key="pk", record="pk", by=_SESSION,
    ),
    Indicator(
        "G3", "小组人数", "人",
        f"期内到过小组（含迟到）的不同的人，参加几个小组、几节都只算一人；{_ONCE}；"
        "只写姓名、不在名册里的组员在一个小组里算一人；来宾只有人数，不算。",
        there, thing="participant", key="whoever", record="record", by={**_THERE, "category": "standings__category"},
    ),
    Indicator(
        "G4", "小组人次", "人次",
        "参加小组各节的人次：点名到场（含迟到）的组员一人一节一人次，加来宾人数；没来的不算。",
        lambda ask: reached(ask, RecordKind.GROUP_SESSION),
        thing="record", key="record", record="record", adds="person_times",
        by={**_THERE, "naming": "kind", "group": "group"},
    ),
]  # fmt: skip
