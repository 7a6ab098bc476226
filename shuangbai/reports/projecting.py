"""The figures of community projects (domain 6.3, Q2 and Q3): projects, meetings, what was given, whom they serve.

Money, what things are worth and days of work are three figures and never added. What was taken back is a line of its
own, on its own day: a period counts what came in less what was taken back in it.
"""

from django.db.models import Q

from shuangbai.projects.enums import LineKind, ProjectState
from shuangbai.projects.models import LedgerLine, Project
from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.reports.rows import reached, records
from shuangbai.services.enums import RecordKind


def projects(ask: Ask) -> Rows:
    """Projects that were under way on at least one day of the period."""
    still = Q(ended_on__isnull=True) | Q(ended_on__gte=ask.period.first)
    return Project.objects.filter(still, ask.stations(), begun_on__lte=ask.period.last)


def begun(ask: Ask) -> Rows:
    return Project.objects.filter(ask.days("begun_on"), ask.stations())


def done(ask: Ask) -> Rows:
    return Project.objects.filter(ask.days("ended_on"), ask.stations(), state=ProjectState.DONE)


def lines(ask: Ask) -> Rows:
    """Lines of the period, those that take others back among them."""
    return LedgerLine.objects.filter(ask.days(), ask.stations())


def worth(ask: Ask) -> Rows:
    return lines(ask).filter(kind__in=[LineKind.GOODS, LineKind.DAYS], value__isnull=False)


_PROJECT = {"station": "station", "village": "village", "project_origin": "origin"}
_LINE = {"station": "station", "month": "occurred_on", "village": "project__village"}
_DONE = {**_PROJECT, "month": "ended_on", "counted_how": "counted_how"}
_BACK = "期内冲回的减去，各按自己的日期；不论项目是否完成"
_HOW = "按各项目写明的计法（逐户登记、户籍数、现场清点或估计），项目之间可能有重复，不去重"

FIGURES = [
    Indicator(
        "Q2", "社区项目", "个", "期内至少有一天在做的社区项目：已开始、没有在期初以前完成或中止的。", projects,
        thing="project", key="pk", record="pk", by=_PROJECT,
    ),
    Indicator(
        "Q2A", "新开社区项目", "个", "期内开始的社区项目，按开始日期；后来中止的也算。", begun,
        thing="project", key="pk", record="pk", by={**_PROJECT, "month": "begun_on"},
    ),
    Indicator(
        "Q2B", "完成社区项目", "个", "期内完成的社区项目，按完成日期；中止的不算，后来重新打开的到再完成时算。", done,
        thing="project", key="pk", record="pk", by=_DONE,
    ),
    Indicator(
        "Q3", "议事会次", "次",
        "期内社工参与的村（居）会议（议事会、居民会议、理事会等），不论是否属于项目；作废的不算。",
        lambda ask: records(ask, RecordKind.MEETING), thing="record", key="pk", record="pk",
        by={"station": "station", "month": "occurred_on", "village": "village", "meeting_kind": "meeting__kind"},
    ),
    Indicator(
        "Q3A", "到会人次", "人次", "这些会议的到会人数之和，一人一会算一人次；不计入活动和小组的人次。",
        lambda ask: reached(ask, RecordKind.MEETING), thing="record", key="record", record="record",
        adds="person_times",
        by={
            "station": "record__station", "month": "record__occurred_on", "village": "record__village",
            "meeting_kind": "record__meeting__kind",
        },
    ),
    Indicator(
        "Q4A", "项目筹得现金", "元", f"期内社区项目账上收到的现金；{_BACK}；物资和工日不在内。",
        lambda ask: lines(ask).filter(kind=LineKind.CASH), thing="ledger_line", key="pk", record="pk", adds="amount",
        by=_LINE,
    ),
    Indicator(
        "Q4B", "项目物资和工日折合", "元", f"期内社区项目收到的物资和工日折合的金额；没有估价的不计；{_BACK}。", worth,
        thing="ledger_line", key="pk", record="pk", adds="value",
        by={**_LINE, "line_kind": "kind", "valued_by": "valued_by"},
    ),
    Indicator(
        "Q4C", "项目出工", "工日", f"期内社区项目记的工日，一人做一天算一个；{_BACK}。",
        lambda ask: lines(ask).filter(kind=LineKind.DAYS), thing="ledger_line", key="pk", record="pk",
        adds="quantity", by=_LINE,
    ),
    Indicator(
        "Q5A", "项目受益户数", "户", f"期内完成的社区项目写明的受益户数之和；{_HOW}。",
        lambda ask: done(ask).filter(families__isnull=False), thing="project", key="pk", record="pk",
        adds="families", by=_DONE,
    ),
    Indicator(
        "Q5B", "项目受益人数", "人", f"期内完成的社区项目写明的受益人数之和；{_HOW}。",
        lambda ask: done(ask).filter(people__isnull=False), thing="project", key="pk", record="pk", adds="people",
        by=_DONE,
    ),
]  # fmt: skip
