"""When an activity is right (domain 3.9, 6.1). Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from shuangbai.core.findings import Finding

HOURS_A_DAY = 24


def activity_findings(
    *,
    title: str,
    named: int,
    heads: Mapping[Any, int],
    has_method: bool,
    stated_total: int | None,
    volunteers: int,
    volunteer_hours: Decimal,
    workers: int,
) -> list[Finding]:
    """`heads` counts those not named, by group; `stated_total` is the total that was written down, if any."""
    findings = []
    anonymous = sum(heads.values())
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请填写活动名称"))
    if not workers:
        findings.append(Finding("no_worker", "workers", "请选择负责社工（至少一人）"))
    if not named and not anonymous:
        findings.append(Finding("nobody_counted", "heads", "请选择参加的人，或填写未实名人数（两者至少一项）"))
    if anonymous and not has_method:
        findings.append(Finding("method_missing", "method", "填了未实名人数，请选择计数方式（签到表、现场清点或估计）"))
    if stated_total is not None and stated_total != named + anonymous:
        sentence = (
            f"总人次 {stated_total} 与分项不符：实名 {named} + 未实名各项 {anonymous} = {named + anonymous}，"
            "请改总数或分项，也可把总数留空"
        )
        findings.append(Finding("total_contradicts", "stated_total", sentence))
    return findings + _volunteer_findings(volunteers, volunteer_hours)


def _volunteer_findings(volunteers: int, hours: Decimal) -> list[Finding]:
    if hours and not volunteers:
        return [Finding("hours_without_volunteers", "volunteers", "填了志愿服务小时，请填志愿者人数")]
    if hours > volunteers * HOURS_A_DAY:
        sentence = f"志愿服务小时是全体合计，{volunteers}人一天不会超过{volunteers * HOURS_A_DAY}小时，请核对"
        return [Finding("hours_impossible", "volunteer_hours", sentence)]
    return []
