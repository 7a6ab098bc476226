"""When volunteers, teams, hours and certificates are right. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from shuangbai.core.findings import Finding, Severity
from shuangbai.households.rules import age_on, person_findings
from shuangbai.volunteers.enums import Standing, TeamStage

ADULT = 18
ALONE_FROM = 10  # younger, a guardian comes along
DAY_HOURS = Decimal(24)
LINE_MOST, WORDS_MOST = 80, 2000

# How a team may go on, from which stage to which. Whatever does not stand here is refused.
AFTER: Mapping[TeamStage, Sequence[TeamStage]] = {
    TeamStage.GATHERING: (TeamStage.GROWING, TeamStage.ENDED),
    TeamStage.GROWING: (TeamStage.RUNNING, TeamStage.GATHERING, TeamStage.ENDED),
    TeamStage.RUNNING: (TeamStage.GROWING, TeamStage.ENDED),
    TeamStage.ENDED: (TeamStage.GATHERING, TeamStage.GROWING),
}
COUNTED = (TeamStage.GROWING, TeamStage.RUNNING)  # a team that T1 counts


def diagram() -> str:
    """The table of stages as a mermaid diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {TeamStage.GATHERING}", f"    [*] --> {TeamStage.GROWING}"]
    lines += [f"    {stage}: {stage.label}" for stage in TeamStage]
    lines += [f"    {stage} --> {to}" for stage, following in AFTER.items() for to in following]
    return "\n".join(lines)


# WHO -----------------------------------------------------------------------


def volunteer_findings(
    *, known: bool, name: str, id_no: str, sex: str, birth_date: date | None, phone: str, since: date,
    until: date | None, consented_on: date | None, today: date,
) -> list[Finding]:  # fmt: skip
    """`known`: they are on file, and what their file says is not asked again."""
    findings = []
    if not known:
        findings += person_findings(
            name=name, id_no=id_no, sex=sex, birth_date=birth_date, today=today, phone=phone
        )  # fmt: skip
    if since > today:
        findings.append(Finding("since_future", "since", "加入日期在今天之后，请核对"))
    if birth_date and since < birth_date:
        findings.append(Finding("since_before_birth", "since", "加入日期早于出生日期，请核对年份"))
    if until and until < since:
        findings.append(Finding("until_before", "until", f"退出日期早于加入日期（{since:%Y-%m-%d}），请核对"))
    if until and until > today:
        findings.append(Finding("until_future", "until", "退出日期在今天之后，请到时再记"))
    if consented_on and consented_on > today:
        findings.append(Finding("consent_future", "consented_on", "监护人同意的日期在今天之后，请核对"))
    return findings


def lacks_consent(born: date | None, consented_on: date | None, day: date) -> bool:
    """Whether somebody is a minor on the day and nobody has noted a guardian's consent."""
    return born is not None and age_on(born, day) < ADULT and consented_on is None


def comes_along(born: date | None, day: date) -> bool:
    """Whether somebody is so young that a guardian comes along."""
    return born is not None and age_on(born, day) < ALONE_FROM


# TEAMS ---------------------------------------------------------------------


def team_findings(*, name: str, founded_on: date, today: date, twice: bool) -> list[Finding]:
    findings = []
    if not name.strip():
        findings.append(Finding("name_missing", "name", "请填写队名，如「赤山村巾帼志愿队」"))
    if founded_on > today:
        findings.append(Finding("founded_future", "founded_on", "成立日期在今天之后，请核对"))
    if twice:
        findings.append(Finding("name_taken", "name", "本站已有同名的队伍，请核对是不是同一支；不是就把村名写进队名"))
    return findings


def stage_findings(*, stage: str, to: str, on: date, since: date, today: date, reason: str) -> list[Finding]:
    """Whether a team may go from `stage`, in which it is `since`, to another `on` a day."""
    findings = []
    if to not in AFTER[TeamStage(stage)]:
        offered = "、".join(one.label for one in AFTER[TeamStage(stage)])
        findings.append(Finding("stage", "to", f"现在是「{TeamStage(stage).label}」，下一步可以是：{offered}"))
    if on > today:
        findings.append(Finding("stage_future", "on", "日期在今天之后，请到时再记"))
    elif on <= since:
        sentence = f"日期要在现在这一状态的开始（{since:%Y-%m-%d}）之后，请核对"
        findings.append(Finding("stage_before", "on", sentence))
    if len(reason.strip()) < 2:
        findings.append(Finding("reason", "reason", "请写明依据，如「连续三个月自己排班、自己开例会」"))
    return findings


def member_findings(
    *, starts_on: date, ends_on: date | None, founded_on: date, since: date, until: date | None, today: date,
    already: bool,
) -> list[Finding]:  # fmt: skip
    """`since`, `until`: from when to when somebody is a volunteer. `already`: they are of the team in these days."""
    findings = []
    if starts_on > today:
        findings.append(Finding("joins_future", "starts_on", "入队日期在今天之后，请核对"))
    elif starts_on < founded_on:
        findings.append(Finding("joins_before", "starts_on", f"入队日期早于成立日期（{founded_on:%Y-%m-%d}），请核对"))
    elif starts_on < since or (until and starts_on > until):
        findings.append(
            Finding("joins_outside", "starts_on", f"这位志愿者 {since:%Y-%m-%d} 才登记加入或已退出，请核对日期")
        )
    if ends_on and ends_on < starts_on:
        findings.append(Finding("leaves_before", "ends_on", "离队日期早于入队日期，请核对"))
    if ends_on and ends_on > today:
        findings.append(Finding("leaves_future", "ends_on", "离队日期在今天之后，请到时再记"))
    if already:
        findings.append(Finding("member_already", "volunteer", "这位志愿者那时已经在队里，不必再登记"))
    return findings


def organisation_findings(
    *, name: str, standing: str, number: str, registered_on: date | None, today: date, twice: bool
) -> list[Finding]:
    findings = []
    if not name.strip():
        findings.append(Finding("name_missing", "name", "请填写组织名称"))
    if twice:
        findings.append(Finding("name_taken", "name", "本站已有同名的组织，请核对是不是同一个"))
    if standing == Standing.NEITHER and (number.strip() or registered_on):
        findings.append(Finding("number_without", "standing", "填了编号或日期，请选「已登记」或「已备案」"))
    if standing != Standing.NEITHER and not number.strip():
        sentence = "还没有填登记号或备案号；可以先保存，拿到后补上"
        findings.append(Finding("number_missing", "number", sentence, Severity.WARN))
    if registered_on and registered_on > today:
        findings.append(Finding("registered_future", "registered_on", "日期在今天之后，请核对"))
    return findings


# HOURS ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worked:
    """Hours of one person on one day, somewhere; `first` and `last` where the times are known."""

    what: str
    hours: Decimal
    first: time | None = None
    last: time | None = None

    def overlaps(self, other: "Worked") -> bool:
        if None in (self.first, self.last, other.first, other.last):
            return False
        return self.first < other.last and other.first < self.last  # type: ignore[operator]


def span_hours(first: time, last: time) -> Decimal:
    """How many hours lie between two times of a day."""
    minutes = (last.hour - first.hour) * 60 + last.minute - first.minute
    return Decimal(minutes) / 60


def hours_findings(
    *, who: str, now: Worked, others: Sequence[Worked], on: date, since: date, until: date | None
) -> list[Finding]:
    """Whether somebody can have served so long on a day. `others`: their other hours of the same day."""
    findings = []
    if now.hours <= 0:
        findings.append(Finding("hours_none", "hours", "时长要大于 0，如 1.5；不含往返路上的时间"))
    if on < since or (until and on > until):
        ends = f"至{until:%Y-%m-%d}" if until else "至今"
        sentence = f"{who}登记为志愿者的日子是{since:%Y-%m-%d}{ends}，不含服务当天；请先核对加入日期"
        findings.append(Finding("not_yet", "volunteers", sentence))
    if (now.first is None) != (now.last is None):
        findings.append(Finding("times_half", "first", "开始、结束时间要填就两个都填，或都留空"))
    elif now.first and now.last and now.first >= now.last:
        findings.append(Finding("times_order", "last", "结束时间要在开始时间之后；跨过半夜的请分两天记"))
    elif now.first and now.last and now.hours > span_hours(now.first, now.last):
        span = span_hours(now.first, now.last).quantize(Decimal("0.1"))
        findings.append(
            Finding("times_short", "hours", f"{who}：开始到结束只有 {span.normalize():f} 小时，时长不能更多")
        )
    return findings + _day_findings(who, now, others)


def _day_findings(who: str, now: Worked, others: Sequence[Worked]) -> list[Finding]:
    for other in others:
        if now.overlaps(other):
            when = f"{other.first:%H:%M}–{other.last:%H:%M}"
            sentence = f"{who}同一天 {when} 已记在「{other.what}」，两处时间重叠，请核对是哪一处"
            return [Finding("overlap", "first", sentence)]
    total = now.hours + sum((one.hours for one in others), Decimal(0))
    if total > DAY_HOURS:
        elsewhere = "、".join(f"「{one.what}」{one.hours.normalize():f} 小时" for one in others)
        more = f"，其中别处已记{elsewhere}" if elsewhere else ""
        return [Finding("day_over", "hours", f"{who}这一天合计 {total.normalize():f} 小时，超过 24 小时{more}，请核对")]
    return []


def activity_findings(
    *, named: int, hours: Decimal, stated: int, stated_hours: Decimal, many: int = 1
) -> list[Finding]:
    """The volunteers named on an activity, with all their hours, beside what the activity itself says of them.

    `stated` 0 says nothing. `many`: how many would be named by what is entered now.
    """
    findings = []
    if stated and named > stated:
        sentence = f"活动上记的志愿者是 {stated} 人，加上这次实名登记的是 {named} 人；请先更正活动的志愿者人数"
        findings.append(Finding("more_than_counted", "volunteers" if many else "", sentence))
    if stated_hours and hours > stated_hours:
        sentence = (
            f"活动上记的志愿服务合计 {stated_hours.normalize():f} 小时，实名登记的合计 {hours.normalize():f} 小时；"
            "请核对每人时长，或先更正活动的合计"
        )
        findings.append(Finding("hours_over_counted", "hours" if many else "", sentence))
    return findings


# A LEADER'S PAGE ------------------------------------------------------------

REPORT_DAYS = 60  # how far back a leader tells what was done
WAITING_MOST = 20  # of one team: a leader's page that was passed on floods no station
LINK_MONTHS = (3, 6, 12)


def report_findings(
    *, occurred_on: date, today: date, founded_on: date, title: str, people: int, named: int, waiting: int
) -> list[Finding]:
    """What a leader hands in: on which day, how many, and whether too much waits already."""
    findings = []
    if waiting >= WAITING_MOST:
        sentence = f"已有 {WAITING_MOST} 次在等社工站核对，请等核对后再交；着急的话请给社工站打电话"
        findings.append(Finding("waiting", "", sentence))
    if occurred_on > today:
        findings.append(Finding("future", "occurred_on", "日期在今天之后，请核对"))
    elif occurred_on < today - timedelta(days=REPORT_DAYS):
        sentence = f"这里只能交最近 {REPORT_DAYS} 天做的事；更早的请告诉社工站"
        findings.append(Finding("too_old", "occurred_on", sentence))
    elif occurred_on < founded_on:
        sentence = f"日期早于这支队的成立日期（{founded_on:%Y-%m-%d}），请核对"
        findings.append(Finding("before_team", "occurred_on", sentence))
    if not title.strip():
        findings.append(Finding("title_missing", "title", "请写明做了什么，如「清理村口河道」"))
    if not named:
        findings.append(Finding("nobody", "volunteers", "请点选参加的队员；名单里没有的人，先请社工站登记"))
    elif people < named:
        sentence = f"点选了 {named} 位队员，一共来的人数不能比这少"
        findings.append(Finding("fewer", "people", sentence))
    return findings


# CERTIFICATES --------------------------------------------------------------


def certificate_findings(*, first: date, last: date, today: date, hours: Decimal) -> list[Finding]:
    findings = []
    if last < first:
        findings.append(Finding("period", "last", "结束日期早于开始日期，请核对"))
    if last > today:
        findings.append(Finding("period_future", "last", "结束日期在今天之后：没有发生的服务不能证明"))
    if not findings and not hours:
        findings.append(Finding("nothing", "first", "这段时间没有登记过服务时长，不能出具证明；请先补记，或换一段时间"))
    return findings


def reason_findings(reason: str) -> list[Finding]:
    if len(reason.strip()) < 2:
        return [Finding("reason", "reason", "请写明理由，如「时长填错」")]
    return []
