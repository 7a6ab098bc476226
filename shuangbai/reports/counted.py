"""The figures of small things that are counted too: leaflets (A4), consultations (A5)."""

from django.db.models import F
from django.db.models.functions import Coalesce

from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.reports.rows import reached, records
from shuangbai.services.enums import RecordKind


def with_copies(rows: Rows) -> Rows:
    """Records with the leaflets that each adds: those of an activity, or those handed out by themselves."""
    copies = Coalesce(F("activity__leaflets"), 0) + Coalesce(F("handout__copies"), 0)
    found: Rows = rows.annotate(leaflet_copies=copies)
    return found


def leaflets(ask: Ask) -> Rows:
    given: Rows = with_copies(records(ask, RecordKind.ACTIVITY, RecordKind.HANDOUT)).filter(leaflet_copies__gt=0)
    return given


FIGURES: list[Indicator] = [
    Indicator(
        "A4", "宣传资料", "份",
        "期内发出的宣传资料：活动当中发的按活动里填的份数，活动以外发的按宣传资料记录；一份只在一处记。",
        leaflets, thing="record", key="pk", record="pk", adds="leaflet_copies",
        by={"station": "station", "month": "occurred_on", "record_kind": "kind", "village": "village",
            "campaign": "campaign"},
    ),
    Indicator(
        "A5", "咨询人次", "人次",
        "期内来访、来电、线上咨询的人次：来问的每个人一次算一人次，在册不在册都算；作废的不算。"
        "它不计入走访，也不计入活动及小组受益人次和服务民政对象人次。",
        lambda ask: reached(ask, RecordKind.CONSULTATION),
        thing="record", key="record", record="record", adds="person_times",
        by={"station": "record__station", "month": "record__occurred_on", "village": "record__village",
            "topic": "record__consultation__topic", "way": "record__consultation__way",
            "outcome": "record__consultation__outcome", "naming": "kind", "group": "group"},
    ),
]  # fmt: skip
