"""The columns by which figures are split, and what their values are called."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import TextChoices

from shuangbai.activities.enums import KINDS
from shuangbai.activities.models import Series
from shuangbai.assistance.enums import POLICIES, MatterKind
from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import items_of, label_of
from shuangbai.core import clock
from shuangbai.counter.enums import TOPICS, Outcome, Way
from shuangbai.groups.enums import KINDS as GROUP_KINDS
from shuangbai.households.grades import Schemes
from shuangbai.households.models import Category
from shuangbai.network.enums import CoverageKind, Post, Sex
from shuangbai.network.models import Area, OrgUnit, Staff
from shuangbai.projects.enums import MEETINGS, CountedHow, LineKind, Origin
from shuangbai.reports.enums import AgeBand
from shuangbai.reports.queries import Dimension
from shuangbai.resources.enums import KINDS as RESOURCE_KINDS
from shuangbai.resources.enums import ReferralState, ValuedBy
from shuangbai.services.enums import ContactKind, HeadGroup, RecordKind
from shuangbai.services.models import Campaign
from shuangbai.stories.enums import AwardFor, Level
from shuangbai.visits.enums import MODES, PURPOSES, RESULTS
from shuangbai.volunteers.enums import TEAM_KINDS, TeamStage

NONE = "none"


def of_choices(
    code: str, name: str, choices: type[TextChoices], empty: str = "", said: Mapping[str, str] | None = None
) -> Dimension:
    """A column of a code list. `empty` names rows that have none; `said` what is called otherwise in a report."""
    names = {str(value): str(label) for value, label in choices.choices} | ({"": empty} if empty else {})
    names |= said or {}

    def named(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
        return {value: (value or NONE, names.get(value, value)) for value in values}

    def read(key: str) -> str:
        value = "" if key == NONE else key
        if value not in names:
            raise LookupError(key)
        return value

    return Dimension(code, name, named, read, offered=lambda: list(names))


def of_codes(code: str, name: str, spec: CodeSpec, missing: str = "") -> Dimension:
    """A column of a list that the city decides, by what its items are called today. `missing` names rows with none."""

    def named(values: list[Any]) -> Mapping[Any, tuple[str, str]]:
        today = clock.today()
        return {value: (value, label_of(spec, value, today)) if value else (NONE, missing) for value in values}

    def read(key: str) -> str | None:
        if missing and key == NONE:
            return None
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
        of_codes("mode", "方式", MODES, "不是走访"),
        of_codes("result", "结果", RESULTS),
        of_codes("purpose", "类型", PURPOSES),
        of_rows("campaign", "专项", Campaign, "日常工作", order="starts_on"),
        of_rows("village", "村居", Area, "未填村居", key="pk"),
        of_codes("activity_kind", "活动类型", KINDS, "不是活动"),
        of_codes("group_kind", "小组类型", GROUP_KINDS),
        of_rows("series", "系列", Series, "不属系列", key="pk"),
        of_choices("naming", "实名", ContactKind, said={ContactKind.PERSON: "实名", ContactKind.HEADS: "未实名"}),
        of_choices("group", "人群", HeadGroup, empty="实名参加者"),
        of_choices("record_kind", "来源", RecordKind),
        of_codes("topic", "咨询内容", TOPICS),
        of_choices("way", "怎么来的", Way),
        of_choices("outcome", "咨询结果", Outcome),
        of_codes("team_kind", "志愿队类型", TEAM_KINDS),
        of_choices("team_stage", "状态", TeamStage),
        of_choices("post", "岗位", Post),
        of_choices("coverage", "覆盖方式", CoverageKind),
        of_codes("resource_kind", "资源种类", RESOURCE_KINDS),
        of_choices("referral_state", "转介状态", ReferralState),
        of_codes("policy", "政策", POLICIES),
        of_choices("matter_kind", "办什么", MatterKind),
        of_choices("project_origin", "项目缘起", Origin),
        of_codes("meeting_kind", "会议类型", MEETINGS, "不是会议"),
        of_choices("counted_how", "怎样数的", CountedHow, empty="没有写"),
        of_choices("line_kind", "给的是", LineKind),
        of_choices("valued_by", "怎样估的", ValuedBy),
        of_choices("award_level", "级别（获奖）", Level),
        of_choices("award_of", "获奖的是", AwardFor),
        of_rows("worker", "社工", Staff, "未记社工", key="pk", overlaps=True),
        of_choices("sex", "性别", Sex),
        of_choices("age", "年龄段", AgeBand, empty="年龄不详"),
        Dimension("grade", "级别", _levels, _level, offered=lambda: list(Schemes(clock.today()).levels)),
    ]
}
