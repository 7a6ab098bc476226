"""When a family is to be seen next, and the one sentence that says why (domain 4.3). Pure: facts in, a date out.

The date is the earliest of what asks for one: the grade's interval, its meetings face to face, the longest interval
of a category, the date that was agreed. It follows from the last effective contact; a visit that met nobody resets
nothing and counts as an attempt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from shuangbai.core.findings import Finding
from shuangbai.followups.enums import Origin, State
from shuangbai.households.rules import FACE_TO_FACE, Level

SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Contact:
    """A visit that met somebody. `mode` is the built-in way of visiting."""

    on: date
    mode: str
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A visit that met nobody, with what was found in words."""

    on: date
    found: str
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    level: Level
    since: date


@dataclass(frozen=True, slots=True)
class Bound:
    """A category's longest interval that binds a family since a day."""

    name: str
    days: int
    since: date


@dataclass(frozen=True, slots=True)
class Pause:
    """That a file is paused from a day on for a reason; `until` is the day from which it is followed up again."""

    since: date
    until: date
    why: str
    over: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a family on a day. Grades the oldest first, visits the newest first; the latest pause.

    `opened_on` is the file's first day (None: there is no file); `words` says what the ways of visiting are called.
    """

    day: date
    opened_on: date | None = None
    grades: Sequence[Graded] = ()
    met: Sequence[Contact] = ()
    tried: Sequence[Attempt] = ()
    bounds: Sequence[Bound] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    pause: Pause | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When the family is to be seen next, how that stands on the day, why, and how often it was tried in vain."""

    on: date | None
    state: State
    reason: str
    attempts: int = 0
    met_on: date | None = None
    days: int = 0  # past the date: positive; still to go: negative
    paused: bool = False

    @property
    def days_left(self) -> int:
        return -self.days


@dataclass(frozen=True, slots=True)
class _Claim:
    on: date
    why: str
    grace: int = 0


def due(facts: Facts) -> Due:
    """The earliest date that anything asks for; of a paused file the day on which the pause should be over."""
    met_on = facts.met[0].on if facts.met else None
    attempts = [one for one in facts.tried if met_on is None or one.on > met_on]
    if facts.pause and not facts.pause.over:
        return _paused(facts, facts.pause, met_on)
    claims = [*_by_grade(facts), *_by_face(facts), *_by_bounds(facts), *_by_promise(facts)]
    if not claims:
        reason = "还没有定级，也没有约好的日子，所以没有到期日"
        return Due(None, State.NONE, reason + _attempted(attempts, facts), len(attempts), met_on)
    chosen = _resumed(min(claims, key=lambda claim: claim.on), facts)
    reason = chosen.why + _attempted(attempts, facts)
    days = (facts.day - chosen.on).days
    return Due(chosen.on, _state(days, chosen.grace), reason, len(attempts), met_on, days)


def _paused(facts: Facts, pause: Pause, met_on: date | None) -> Due:
    """Nothing falls due but the end that was planned."""
    days = (facts.day - pause.until).days
    since, until = said_on(pause.since, facts.day), said_on(pause.until, facts.day)
    told = f"预计{until}恢复" if days < 0 else f"原定{until}恢复，请恢复跟进，或写明还要暂停到哪天"
    return Due(pause.until, _state(days, 0), f"{since}起暂停跟进（{pause.why}），{told}", 0, met_on, days, True)


def _resumed(claim: _Claim, facts: Facts) -> _Claim:
    """What fell into a pause or was open before it is due on the day on which it is over."""
    pause = facts.pause
    if pause is None or claim.on >= pause.until:
        return claim
    return _Claim(pause.until, f"{said_on(pause.until, facts.day)}恢复跟进；{claim.why}", claim.grace)


def _state(days: int, grace: int) -> State:
    if days > grace:
        return State.OVERDUE
    if days >= 0:
        return State.DUE
    return State.SOON if days >= -SOON_DAYS else State.LATER


def said_on(day: date, today: date) -> str:
    """A day as people say it: without the year where it is this year's."""
    return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"


def _attempted(attempts: Sequence[Attempt], facts: Facts) -> str:
    if not attempts:
        return ""
    latest = attempts[0]
    return f"；此后 {len(attempts)} 次没见到人（最近{said_on(latest.on, facts.day)}，{latest.found}）"


def _way(contact: Contact, facts: Facts) -> str:
    return f"上次{facts.words.get(contact.mode, '走访')}见到人是{said_on(contact.on, facts.day)}"


def _begins(facts: Facts) -> date:
    """The day from which a graded file is followed up: its opening or its first grade, the later."""
    return max(facts.grades[0].since, facts.opened_on or date.min)


def _every(level: Level) -> str:
    return f"「{level.label}」每 {level.interval_days} 天一次"


def _by_grade(facts: Facts) -> list[_Claim]:
    """Last contact in an allowed way and the interval; a grade raised since then pulls the date forward."""
    if not facts.grades:
        return []
    level = facts.grades[-1].level
    last = next((one for one in facts.met if one.mode in level.modes), None)
    anchor = last.on if last else _begins(facts)
    before = [one for one in facts.grades if one.since <= anchor]
    held = before[-1] if before else facts.grades[0]
    on, raised, rule = anchor + timedelta(days=held.level.interval_days), "", _every(held.level)
    for one in facts.grades:
        if one.since <= held.since:
            continue
        if one.level.interval_days < held.level.interval_days:
            pulled = one.since + timedelta(days=one.level.interval_days)
            how = f"{said_on(one.since, facts.day)}由「{held.level.label}」升为「{one.level.label}」"
            if pulled < on:
                raised = f"{how}，从那天起 {one.level.interval_days} 天内"
                on, rule = pulled, f"{said_on(one.since, facts.day)}起 {one.level.interval_days} 天内"
            else:
                raised = f"{how}，原定的日子更早，仍按原定（{rule}）"
        else:
            on, raised, rule = anchor + timedelta(days=one.level.interval_days), "", _every(one.level)
        held = one
    late = ""
    if on < _begins(facts):  # whoever was last seen before grading began was not late before it
        on = _begins(facts)
        late = f"；{said_on(on, facts.day)}才开始按级别跟进，从那天算起"
    if last:
        seen = _way(last, facts)
    elif facts.met:
        seen = f"{said_on(anchor, facts.day)}起跟进，还没有以规定的方式见到人"
    else:
        seen = f"{said_on(anchor, facts.day)}起跟进，至今没有见到人"
    return [_Claim(on, (f"{raised}；{seen}" if raised else f"{_every(level)}，{seen}") + late, level.grace_days)]


def _by_face(facts: Facts) -> list[_Claim]:
    """So many meetings face to face within so many days: the earliest of the last of them and the period."""
    if not facts.grades or not facts.grades[-1].level.face_times:
        return []
    level = facts.grades[-1].level
    faces = [one for one in facts.met if one.mode in FACE_TO_FACE]
    counted = faces[level.face_times - 1].on if len(faces) >= level.face_times else None
    anchor = max(counted or date.min, _begins(facts))
    rule = f"「{level.label}」每 {level.face_days} 天至少当面见 {level.face_times} 次"
    if counted and level.face_times > 1:
        seen = f"往回数第 {level.face_times} 次当面见是{said_on(counted, facts.day)}"
    else:
        seen = f"上次当面见是{said_on(faces[0].on, facts.day)}" if faces else "还没有当面见过"
    if anchor != counted:
        seen += f"；从{said_on(anchor, facts.day)}开始跟进算起"
    return [_Claim(anchor + timedelta(days=level.face_days), f"{rule}，{seen}", level.grace_days)]


def _by_bounds(facts: Facts) -> list[_Claim]:
    """A category's longest interval, from the last contact or from the day since which it binds."""
    claims = []
    for bound in facts.bounds:
        last = facts.met[0] if facts.met else None
        since = max(bound.since, facts.opened_on or date.min)
        anchor = max(last.on, since) if last else since
        rule = f"家里有「{bound.name}」，至少每 {bound.days} 天一次"
        if facts.grades and facts.grades[-1].level.interval_days > bound.days:
            rule += f"，比「{facts.grades[-1].level.label}」的 {facts.grades[-1].level.interval_days} 天严"
        seen = _way(last, facts) if last else f"{said_on(since, facts.day)}起算，至今没有见到人"
        if last and last.on < since:
            seen += f"，这一条从{said_on(since, facts.day)}算起"
        claims.append(_Claim(anchor + timedelta(days=bound.days), f"{rule}；{seen}"))
    return claims


def _by_promise(facts: Facts) -> list[_Claim]:
    """The date that the newest visit named, unless somebody was met after that visit."""
    met_on = facts.met[0].on if facts.met else date.min
    visits: list[Contact | Attempt] = [*facts.met, *facts.tried]
    said = [(one.on, one.next_on) for one in visits if one.next_on and one.on >= met_on]
    if not said:
        return []
    on, next_on = max(said)
    if next_on is None or next_on <= met_on:
        return []
    return [_Claim(next_on, f"{said_on(on, facts.day)}走访时约好{said_on(next_on, facts.day)}再联系")]


# TASKS ---------------------------------------------------------------------

HEAD_AFTER, SUPERVISOR_AFTER = 3, 10  # days past its date after which a task is shown to the head, to the supervisor
FAMILY_UPWARD_AFTER = 30  # days past its date after which a family is shown to the supervisor
LOOK_AHEAD, LOOK_BACK = 30, 30
EXPIRES_WITHIN = 60
REVIEW_AHEAD = 14
BEGINNINGS = (60, 80)  # birthdays with which categories and allowances begin


def task_findings(*, subject: str, due_on: date, today: date, serves: bool, of_family: bool) -> list[Finding]:
    """A task as it is asked for."""
    findings = []
    if not subject.strip():
        findings.append(Finding("subject", "subject", "请写清要办什么，如“问清住院后谁照料”"))
    if due_on < today:
        findings.append(Finding("due_on", "due_on", "办理期限请定在今天或以后"))
    if not serves:
        findings.append(Finding("station", "", "这户今天没有社工站在服务，布置不了事项；请先核对服务站"))
    if not of_family:
        findings.append(Finding("person", "person", "所选的人今天不是这户的成员，请重新选择"))
    return findings


def birthday_on(born: date, age: int) -> date:
    """The day on which somebody is so many years old; born on 29 February, on 1 March of other years."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)


@dataclass(frozen=True, slots=True)
class Carries:
    """A category that somebody carries on the day: up to which age it is meant, and its last day if known."""

    name: str
    max_age: int | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """A reminder about somebody or about a file: its day, what kind it is, and a sentence."""

    on: date
    origin: Origin
    sentence: str


def birthday_reminders(name: str, born: date | None, carries: Sequence[Carries], day: date) -> list[Said]:
    """Birthdays that end a category, until it is ended; and those with which others begin, for some weeks."""
    if born is None:
        return []
    said = []
    for one in carries:
        if one.max_age is None or one.ends_on is not None:
            continue
        on = birthday_on(born, one.max_age + 1)
        if on <= day + timedelta(days=LOOK_AHEAD):
            sentence = f"{name}{said_on(on, day)}满 {one.max_age + 1} 岁，「{one.name}」需复核"
            said.append(Said(on, Origin.BIRTHDAY, sentence))
    for age in BEGINNINGS:
        on = birthday_on(born, age)
        if -LOOK_BACK <= (on - day).days <= LOOK_AHEAD:
            sentence = f"{name}{said_on(on, day)}满 {age} 岁，请核对老人类别和津贴"
            said.append(Said(on, Origin.BIRTHDAY, sentence))
    return said


def expiry_reminders(name: str, carries: Sequence[Carries], day: date) -> list[Said]:
    """Categories and certificates whose known last day is near."""
    return [
        Said(
            one.ends_on, Origin.CERTIFICATE, f"{name}的「{one.name}」到{said_on(one.ends_on, day)}为止，请核对是否续办"
        )
        for one in carries
        if one.ends_on and day <= one.ends_on <= day + timedelta(days=EXPIRES_WITHIN)
    ]


def certificate_reminders(name: str, papers: Sequence[tuple[str, date]], day: date) -> list[Said]:
    """Certificates that expire soon, or have: until a new one is entered."""
    said = []
    for paper, on in papers:
        if on <= day + timedelta(days=EXPIRES_WITHIN):
            how = "到期" if on >= day else "已过期"
            said.append(Said(on, Origin.CERTIFICATE, f"{name}的{paper}{said_on(on, day)}{how}，请提醒换证"))
    return said


def review_reminders(level: Level | None, graded_on: date | None, outdated: bool, day: date) -> list[Said]:
    """A grade to be looked at again after its level's days, or because the station has another scheme."""
    if level is None or graded_on is None:
        return []
    if outdated:
        return [Said(day, Origin.SCHEME, f"「{level.label}」是原来办法的级别，请按现在的办法重新定级")]
    on = graded_on + timedelta(days=level.review_days)
    if on > day + timedelta(days=REVIEW_AHEAD):
        return []
    since = said_on(graded_on, day)
    return [Said(on, Origin.REVIEW, f"{since}定为「{level.label}」，每 {level.review_days} 天复评一次，该复评了")]
