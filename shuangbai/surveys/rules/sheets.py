"""Questionnaires and what was answered: what is wrong with either, how answers add up, who is told what. Pure."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any, TypeVar

from shuangbai.core.findings import Door, DoorTable, Finding, Severity
from shuangbai.core.privacy import LEAST_TOLD
from shuangbai.surveys.enums import YES_NO, QuestionKind, State

R, W = Severity.REFUSE, Severity.WARN
QUESTIONS_MOST = 40
CHOICES_MOST = 10  # the keys 1 to 9, and 0
NUMBER_MOST = 1_000_000
WORDS_MOST = 300

DOORS: DoorTable = {
    code: dict.fromkeys(Door, R)
    for code in (
        "no_way", "no_question", "too_many", "no_text", "twice", "choices", "unknown", "outside", "missing", "empty",
        "too_long", "future", "before", "after", "village", "reason_missing",
    )
}  # fmt: skip

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    text: str
    kind: QuestionKind
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = True

    @property
    def offers(self) -> tuple[tuple[str, str], ...]:
        return YES_NO if self.kind == QuestionKind.YES_NO else self.choices


def questions_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Questions from what a questionnaire keeps."""
    return tuple(
        Question(
            one["code"], one["text"], QuestionKind(one["kind"]), tuple((c, t) for c, t in one.get("choices", [])),
            bool(one.get("required", True)),
        )
        for one in rows
    )  # fmt: skip


def kept_as(questions: Iterable[Question]) -> list[dict[str, Any]]:
    """Questions as a questionnaire keeps them."""
    return [
        {"code": q.code, "text": q.text, "kind": str(q.kind), "choices": [list(c) for c in q.choices],
         "required": q.required}
        for q in questions
    ]  # fmt: skip


# WHETHER A QUESTIONNAIRE CAN BE ASKED --------------------------------------


def questionnaire_findings(questions: Sequence[Question]) -> list[Finding]:
    """What is wrong with questions before anybody is asked; fields are the rows of the page (text-2)."""
    if not questions:
        return [Finding("no_question", "questions", "还没有题目，请至少写一题")]
    if len(questions) > QUESTIONS_MOST:
        return [Finding("too_many", "questions", f"最多 {QUESTIONS_MOST} 题；题目多了没有人愿意答完，请删减")]
    findings = []
    for place, one in enumerate(questions, 1):
        if not one.text.strip():
            findings.append(Finding("no_text", "questions", f"第 {place} 题没有写题目"))
        if one.kind in (QuestionKind.ONE, QuestionKind.SEVERAL):
            labels = [label for _code, label in one.choices]
            if not 2 <= len(labels) <= CHOICES_MOST:
                sentence = f"第 {place} 题要有 2 到 {CHOICES_MOST} 个选项，用“／”隔开，如“满意／一般／不满意”"
                findings.append(Finding("choices", "questions", sentence))
            elif len(set(labels)) < len(labels):
                findings.append(Finding("choices", "questions", f"第 {place} 题有两个选项一样，请核对"))
        elif one.choices:
            sentence = f"第 {place} 题是{one.kind.label}，不用写选项；要给选项请改成单选或多选"
            findings.append(Finding("choices", "questions", sentence))
    texts = [one.text.strip() for one in questions]
    if len(set(texts)) < len(texts):
        findings.append(Finding("twice", "questions", "有两题完全一样，请核对"))
    return findings


WAYS: Mapping[State, Mapping[State, str]] = {
    State.DRAFT: {State.PUBLISHED: "发布"},
    State.PUBLISHED: {State.ENDED: "停用"},
    State.ENDED: {},
}


def move_findings(was: str, to: str, questions: Sequence[Question]) -> list[Finding]:
    if State(to) not in WAYS[State(was)]:
        return [Finding("no_way", "to", f"这份问卷现在是「{State(was).label}」，不能这样改；请刷新后再看")]
    return questionnaire_findings(questions) if to == State.PUBLISHED else []


# WHETHER A SHEET IS RIGHT --------------------------------------------------


def sheet_findings(
    questions: Sequence[Question], answers: Mapping[str, Any], *, filled_on: date, today: date,
    published_on: date | None, ended_on: date | None, covered: bool,
) -> list[Finding]:  # fmt: skip
    """What is wrong with one sheet; the field of a question is its code."""
    findings = []
    if filled_on > today:
        findings.append(Finding("future", "filled_on", "填写日期在今天之后，请核对"))
    elif published_on is None:
        findings.append(Finding("before", "filled_on", "这份问卷还没有发布，不能录入；请先发布"))
    elif ended_on and filled_on > ended_on:
        sentence = f"这一版问卷用到 {ended_on:%Y-%m-%d} 为止；这天以后填的请录到新的一版"
        findings.append(Finding("after", "filled_on", sentence))
    if not covered:
        findings.append(Finding("village", "village", "本站没有服务过这个村（居），请重新选择"))
    known = {one.code for one in questions}
    if strange := [code for code in answers if code not in known]:
        findings.append(Finding("unknown", "", f"问卷里没有第 {'、'.join(strange)} 题，请重新打开本页"))
    if not any(_said(answers.get(code)) for code in known):
        return [*findings, Finding("empty", questions[0].code if questions else "", "一题也没有答，不算一份")]
    for place, one in enumerate(questions, 1):
        findings += _answer_findings(place, one, answers.get(one.code))
    return findings


def _said(answer: Any) -> bool:
    return answer is not None and answer not in ("", [])


def _answer_findings(place: int, question: Question, answer: Any) -> list[Finding]:
    if not _said(answer):
        sentence = f"第 {place} 题还没有答"
        return [Finding("missing", question.code, sentence)] if question.required else []
    outside = Finding("outside", question.code, f"第 {place} 题的回答不在选项里，请重选")
    offered = {code for code, _label in question.offers}
    if question.kind == QuestionKind.SEVERAL:
        return [] if set(answer) <= offered else [outside]
    if question.kind == QuestionKind.NUMBER:
        fits = isinstance(answer, int | float | Decimal) and 0 <= answer <= NUMBER_MOST
        sentence = f"第 {place} 题请填 0 到 {NUMBER_MOST:,} 的数字"
        return [] if fits else [Finding("outside", question.code, sentence)]
    if question.kind == QuestionKind.TEXT:
        long = len(str(answer)) > WORDS_MOST
        return [Finding("too_long", question.code, f"第 {place} 题最多 {WORDS_MOST} 个字")] if long else []
    return [] if answer in offered else [outside]


def answer_told(question: Question, answer: Any) -> str | int:
    """An answer as a cell says it: what was chosen by code and label, a number, words; empty where there is none."""
    if not _said(answer):
        return ""
    if question.kind == QuestionKind.NUMBER:
        return answer if isinstance(answer, int) else f"{answer:g}"
    if question.kind == QuestionKind.TEXT:
        return str(answer)
    chosen = {answer} if isinstance(answer, str) else set(answer)
    plain = question.kind == QuestionKind.YES_NO
    return "；".join(label if plain else f"{code} {label}" for code, label in question.offers if code in chosen)


# ADDING UP -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """How many chose something; `share` in per cent of those who answered the question, to 0.1."""

    code: str
    label: str
    count: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the numbers of one question come to."""

    mean: Decimal
    middle: Decimal
    least: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class Tally:
    """One question over many sheets. `answered` (n) is who answered it, `asked` every sheet."""

    question: Question
    asked: int
    answered: int
    shares: Sequence[Share] = ()
    numbers: Numbers | None = None
    words: Sequence[str] = ()


def tally(questions: Sequence[Question], sheets: Sequence[Mapping[str, Any]]) -> list[Tally]:
    """Every question added up over the answers of sheets, each by question."""
    return [_tally(one, [sheet.get(one.code) for sheet in sheets]) for one in questions]


def _tally(question: Question, answers: Sequence[Any]) -> Tally:
    given = [answer for answer in answers if _said(answer)]
    asked, n = len(answers), len(given)
    if question.kind == QuestionKind.TEXT:
        return Tally(question, asked, n, words=given)
    if question.kind == QuestionKind.NUMBER:
        return Tally(question, asked, n, numbers=_numbers([Decimal(str(one)) for one in given]))
    chosen = Counter(code for one in given for code in ([one] if isinstance(one, str) else set(one)))
    shares = [Share(code, label, chosen[code], share_of(chosen[code], n)) for code, label in question.offers]
    return Tally(question, asked, n, shares)


def _numbers(given: Sequence[Decimal]) -> Numbers | None:
    if not given:
        return None
    return Numbers(
        _rounded(sum(given, Decimal(0)) / len(given)), _rounded(Decimal(median(given))), min(given), max(given)
    )


def share_of(count: int, whole: int) -> Decimal:
    return _rounded(Decimal(100) * count / whole) if whole else Decimal("0.0")


def _rounded(number: Decimal | int) -> Decimal:
    return Decimal(number).quantize(Decimal("0.1"), ROUND_HALF_UP)


# WHO IS TOLD WHAT ----------------------------------------------------------


def parts_told(counts: Mapping[Key, int], least: int = LEAST_TOLD) -> set[Key]:
    """The parts whose answers may be told beside those of the whole to whoever is not of the station.

    None of fewer than `least` sheets; and what is left of the whole when every part that is told is taken away is
    nothing or again at least so many, or the answers of few could be worked out.
    """
    told = {key for key, count in counts.items() if count >= least}
    left = sum(count for key, count in counts.items() if key not in told)
    while told and 0 < left < least:
        smallest = min(told, key=lambda key: (counts[key], str(key)))
        told.discard(smallest)
        left += counts[smallest]
    return told
