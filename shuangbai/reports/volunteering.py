"""The figures of volunteers (domain 6.3, T1 to T3), each declared once; indicators.py lists them with the others."""

from django.db.models import Q

from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.services.models import ServiceRecord
from shuangbai.volunteers.models import TeamState, Volunteer, VolunteerHours
from shuangbai.volunteers.queries import standing, whoever, with_service_hours
from shuangbai.volunteers.rules import COUNTED


def teams_standing(ask: Ask) -> Rows:
    """The stages in which teams are on the last day, those that count."""
    return TeamState.objects.on(ask.period.last).filter(ask.stations(), stage__in=COUNTED)


def volunteers_registered(ask: Ask) -> Rows:
    """Who is a volunteer on the last day, each as `whoever`: one person of two stations is one."""
    last = ask.period.last
    still = Q(until__isnull=True) | Q(until__gte=last)
    rows: Rows = Volunteer.objects.filter(still, ask.stations(), since__lte=last)
    return rows.annotate(whoever=whoever())


def hours_served(ask: Ask) -> Rows:
    """Hours by name in the period, each with the volunteer as `whoever`."""
    rows = standing(VolunteerHours.objects.filter(ask.days("record__occurred_on"), ask.stations()))
    found: Rows = rows.annotate(whoever=whoever("volunteer__"))
    return found


def records_with_hours(ask: Ask) -> Rows:
    """Records in which volunteers served, each with the hours that it adds."""
    named = VolunteerHours.objects.filter(voided_at__isnull=True).values("record")
    served = Q(activity__volunteer_hours__gt=0) | Q(pk__in=named)
    rows = ServiceRecord.objects.filter(served, ask.days(), ask.stations(), voided_at__isnull=True)
    return with_service_hours(rows)


VOLUNTEERING = [
    Indicator(
        "T1",
        "志愿队",
        "支",
        "期末当天「培育中」或「能自己运转」的志愿队；还在召集的、停止活动的不计。",
        teams_standing,
        thing="team",
        key="team",
        record="team",
        by={"station": "station", "team_kind": "team__kind", "team_stage": "stage"},
        as_of=True,
    ),
    Indicator(
        "T2",
        "登记志愿者",
        "人",
        "期末当天已登记、没有退出的志愿者；对应到家庭档案、认定为同一人的，两站都登记全市也只算一人；"
        "没有对应到档案的，两站各算一人。",
        volunteers_registered,
        thing="volunteer",
        key="whoever",
        record="pk",
        by={"station": "station"},
        as_of=True,
    ),
    Indicator(
        "T2A",
        "参加服务的志愿者",
        "人",
        "期内实名登记过服务时长的不同的志愿者，多次服务只算一人；只有人数、没有姓名的不能去重，不计入。",
        hours_served,
        thing="served",
        key="whoever",
        record="record",
        by={"station": "station", "month": "record__occurred_on"},
    ),
    Indicator(
        "T3",
        "志愿服务小时",
        "小时",
        "期内活动、走访和志愿队自己的服务中志愿者服务的小时，不含往返路上。活动按合计与实名登记之和取大的一个："
        "实名的人就在合计的人里面，两者不相加；走访和志愿队服务按实名登记之和。",
        records_with_hours,
        thing="record",
        key="pk",
        record="pk",
        adds="service_hours",
        by={
            "station": "station",
            "month": "occurred_on",
            "record_kind": "kind",
            "activity_kind": "activity__kind",
            "campaign": "campaign",
            "series": "activity__series",
            "village": "village",
        },
        version=2,
    ),
]
