"""The columns by which figures are split, and what their values are called."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Series
from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import items_of, label_of
from shuangbai.core import clock
from shuangbai.households.grades import Schemes
from shuangbai.households.models import Category
from shuangbai.network.enums import CoverageKind, Post
from shuangbai.network.models import Area, OrgUnit
from shuangbai.reports.queries import Dimension
from shuangbai.services.enums import ContactKind, HeadGroup, RecordKind
from shuangbai.services.models import Campaign
from shuangbai.visits.enums import MODES, PURPOSES, RESULTS

NONE = "none"


def of_choices(code: str, name: str, choices: type[TextChoices], empty: str = "") -> Dimension:
    """A column of a code list. `empty` names rows that have none."""
    names = {str(value): str(label) for value, label in choices.choices} | ({"": empty} if empty else {})

    def named(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
        return {value: (value or NONE, names.get(value, value)) for value in values}

    def read(key: str) -> str:
        value = "" if key == NONE else key
        if value not in names:
            raise LookupError(key)
        return value

    return Dimension(code, name, named, read, offered=lambda: list(names))


def of_codes(code: str, name: str, spec: CodeSpec) -> Dimension:
    """A column of a list that the city decides, by what its items are called today."""

    def named(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
        today = clock.today()
        return {value: (value, label_of(spec, value, today)) for value in values}

    def read(key: str) -> str:
        if key not in items_of(spec):
            raise LookupError(key)
        return key

    return Dimension(code, name, named, read, offered=lambda: list(items_of(spec)))


def of_rows(
    code: str, name: str, model: Any, missing: str, *, key: str = "code", overlaps: bool = False, order: str = ""
) -> Dimension:
    """A column that points to rows with a name. `missing` names rows that point to none; `order` offers all of them."""

    def offered() -> list[Any]:
        return [*model.objects.order_by(order).values_list("pk", flat=True), None]

    def named(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
        rows = model.objects.filter(pk__in=[value for value in values if value is not None])
        found = {pk: (str(row_key), row_name) for pk, row_key, row_name in rows.values_list("pk", key, "name")}
        return {value: found.get(value, (NONE, missing)) for value in values}

    def read(text: str) -> Any:
        if text == NONE:
            return None
        try:
            return model.objects.values_list("pk", flat=True).get(**{key: text})
        except (model.DoesNotExist, ValueError, ValidationError) as error:
            raise LookupError(text) from error

    return Dimension(code, name, named, read, overlaps, offered if order else None)


def read_month(key: str) -> date:
    try:
        return date.fromisoformat(f"{key}-01")
    except ValueError as error:
        raise LookupError(key) from error


def _levels(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
    levels = Schemes(clock.today()).levels
    return {value: (value, levels[value].label if value in levels else value) for value in values}


def _level(key: str) -> str:
    if key not in Schemes(clock.today()).levels:
        raise LookupError(key)
    return key


MONTH = Dimension("month", "月份", lambda values: {v: (f"{v:%Y-%m}", f"{v:%Y-%m}") for v in values}, read_month)

DIMENSIONS = {
    dimension.code: dimension
    for dimension in [
        of_rows("station", "社工站", OrgUnit, "未知", overlaps=True),
        of_rows("category", "类别", Category, "未分类", overlaps=True, order="position"),
        MONTH,
        of_codes("mode", "方式", MODES),
        of_codes("result", "结果", RESULTS),
        of_codes("purpose", "类型", PURPOSES),
        of_rows("campaign", "专项", Campaign, "日常工作", order="starts_on"),
        of_rows("village", "村居", Area, "未填村居", key="pk"),
        of_codes("activity_kind", "活动类型", KINDS),
        of_rows("series", "系列", Series, "不属系列", key="pk"),
        of_choices("naming", "实名", ContactKind),
        of_choices("group", "人群", HeadGroup, empty="实名参加者"),
        of_choices("record_kind", "来源", RecordKind),
        of_choices("post", "岗位", Post),
        of_choices("coverage", "覆盖方式", CoverageKind),
        Dimension("grade", "级别", _levels, _level, offered=lambda: list(Schemes(clock.today()).levels)),
    ]
}
