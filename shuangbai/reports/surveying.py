"""The figures of surveys (domain 6.3, Q1): surveys of villages, the villages they cover, sheets of questionnaires."""

from shuangbai.reports.queries import Ask, Indicator, Rows
from shuangbai.surveys.models import AnswerSheet, Survey


def surveys(ask: Ask) -> Rows:
    return Survey.objects.filter(ask.days("last_on"), ask.stations(), voided_at__isnull=True)


def sheets(ask: Ask) -> Rows:
    return AnswerSheet.objects.filter(ask.days("filled_on"), ask.stations(), voided_at__isnull=True)


_SURVEY = {"station": "station", "month": "last_on", "village": "village"}
_SHEET = {"station": "station", "month": "filled_on", "village": "village"}

FIGURES = [
    Indicator(
        "Q1", "社区调研", "份", "期内完成的社区调研，按结束日期；一个村一次算一份，作废的不算。", surveys,
        thing="survey", key="pk", record="pk", by=_SURVEY,
    ),
    Indicator(
        "Q1A", "调研村居", "个", "期内完成过调研的不同的村（居），一个村做几次都只算一个。", surveys,
        thing="village", key="village", record="pk", by=_SURVEY,
    ),
    Indicator(
        "Q6", "问卷", "份", "期内填写、已录入的问卷，按填写日期；不记名，一份算一份，作废的不算。", sheets,
        thing="sheet", key="pk", record="pk", by=_SHEET,
    ),
]  # fmt: skip
