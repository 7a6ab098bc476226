"""When a change of life may be entered. Pure: what surrounds it comes in, findings with a sentence go out."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shuangbai.core.findings import Finding, Refused, Severity

UNDO_DAYS = 30
AHEAD = timedelta(days=366)  # a rotation is agreed for a year, hardly for longer


class Preview(Refused):
    """What will happen, in sentences: nothing is written until the same sentences are confirmed."""

    def __init__(self, sentences: Sequence[str], cautions: Sequence[str] = ()) -> None:
        super().__init__([Finding("preview", "", one, Severity.WARN) for one in sentences])
        self.sentences, self.cautions = list(sentences), list(cautions)
        self.token = token_of([*sentences, *cautions])


def token_of(sentences: Sequence[str]) -> str:
    """What stands for exactly these sentences: with any other the preview is shown again."""
    return hashlib.sha256("\n".join(sentences).encode()).hexdigest()[:16]


def day_findings(field: str, day: date, *, today: date, earliest: date | None, what: str) -> list[Finding]:
    """The day of a change, against today and the first day that the family is known."""
    if day > today:
        return [Finding("change_in_future", field, f"{what}的日期在今天之后，请等到那天再登记，或改为今天以前")]
    if earliest and day <= earliest:
        sentence = f"{what}的日期应在本站开始服务这户（{earliest:%Y-%m-%d}）之后，请核对"
        return [Finding("change_too_early", field, sentence)]
    return []


@dataclass(frozen=True, slots=True)
class Parting:
    """Somebody who leaves for a new household: their key, name, relation there and the day they joined here."""

    key: object
    name: str
    relation: str
    joined_on: date


def split_findings(leaving: Sequence[Parting], *, members: int, on: date) -> list[Finding]:
    findings = []
    if not leaving:
        findings.append(Finding("nobody", "", "请至少为一位成员选好在新户里的关系，其余留在原户"))
    elif len(leaving) >= members:
        findings.append(Finding("everybody", "", "不能所有人都分出去；全家搬走请用「搬家」，整户离开请用「离开本地」"))
    heads = [one for one in leaving if one.relation == "02"]
    if leaving and len(heads) != 1:
        said = (
            "新户要有一位户主，请把其中一位的关系选为「户主」" if not heads else "新户只能有一位户主，请改正其余的关系"
        )
        findings.append(Finding("one_head", f"relation-{(heads or leaving)[-1].key}", said))
    return findings + joined_findings(leaving, on)


def joined_findings(people: Sequence[Parting], on: date) -> list[Finding]:
    """Nobody leaves before, or on, the day they joined."""
    return [
        Finding("joined_later", "on", f"{one.name}从{one.joined_on:%Y-%m-%d}起才是这家的人，日期应在这天之后")
        for one in people
        if on <= one.joined_on
    ]


def dead_already(died_before: date | None, name: str) -> list[Finding]:
    if died_before is None:
        return []
    sentence = f"{name}已登记于{died_before:%Y-%m-%d}去世，不必再登记；日期有误请改成员资料"
    return [Finding("dead_already", "person", sentence)]


@dataclass(frozen=True, slots=True)
class Stay:
    """A turn with one of several homes, from a day to a day; without a last day until further notice."""

    home: object
    starts_on: date
    ends_on: date | None


def rotation_findings(stays: Sequence[Stay], *, today: date) -> list[Finding]:
    """The turns of somebody who lives with their children in turn: in order, without an overlap or a gap."""
    if len(stays) < 2:
        return [Finding("turns", "", "请至少填写两段轮住的日期；只在一家住请用「并户」或改成员资料")]
    findings = []
    for index, stay in enumerate(stays):
        if stay.ends_on and stay.ends_on < stay.starts_on:
            findings.append(Finding("turn_dates", f"turns-{index}-ends_on", "结束日期早于开始日期，请改正"))
        if stay.starts_on > today + AHEAD:
            findings.append(Finding("turn_far", f"turns-{index}-starts_on", "最多排到一年以后，更远的请到时再排"))
        if stay.ends_on is None and index < len(stays) - 1:
            findings.append(Finding("turn_open", f"turns-{index}-ends_on", "后面还有一段，请填这一段住到哪天"))
        if index and (before := stays[index - 1].ends_on):
            findings += _between(index, before, stay.starts_on)
    return findings


def _between(index: int, before: date, starts_on: date) -> list[Finding]:
    field = f"turns-{index}-starts_on"
    if starts_on <= before:
        sentence = f"与上一段重叠：上一段住到{before:%Y-%m-%d}，这一段应从次日或以后起"
        return [Finding("turn_overlap", field, sentence)]
    if starts_on > before + timedelta(days=1):
        sentence = f"与上一段之间空了 {(starts_on - before).days - 1} 天，请填上这几天住在哪家，或改成连着的日期"
        return [Finding("turn_gap", field, sentence)]
    return []


def undo_findings(
    *, entered_on: date, today: date, undone: bool, changed: Sequence[str], held: Sequence[str]
) -> list[Finding]:
    """Whether a change may be taken back. `changed` is what has become other since; `held` what hangs on its rows."""
    if undone:
        return [Finding("undone", "", "这次变化已经撤销过了")]
    if (today - entered_on).days > UNDO_DAYS:
        sentence = f"登记已超过 {UNDO_DAYS} 天，不能整个撤销；请用新的变化登记现在的情况"
        return [Finding("undo_late", "", sentence)]
    if changed:
        sentence = f"登记之后{'、'.join(changed)}又有改动，不能整个撤销；请逐项改回，或用新的变化登记现在的情况"
        return [Finding("undo_changed", "", sentence)]
    if held:
        sentence = f"新户已有{'、'.join(held)}，不能整个撤销；请改用「并户」，两户的记录都会保留"
        return [Finding("undo_held", "", sentence)]
    return []
