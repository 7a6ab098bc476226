"""When a picture may be shown to everybody, and what is wrong with what is said of one. Pure.

`PUBLISHABLE` is the one rule. Pages, queries and the addresses that anybody may open all ask it.
"""

from datetime import date

from shuangbai.core.findings import Door, Finding, Severity
from shuangbai.pictures.enums import Consent, Faces

MOST_AT_ONCE = 9  # what a telephone's album lets choose, and what one request may weigh
MOST = 60  # of one thing

# A minor's face is in none of these, whatever was agreed to; a picture nobody has looked at neither.
PUBLISHABLE = frozenset({
    (Faces.NOBODY, Consent.NOT_ASKED), (Faces.NOBODY, Consent.AGREED), (Faces.OTHERS, Consent.AGREED),
})  # fmt: skip
SAYS = (Consent.AGREED, Consent.REFUSED, Consent.WITHDRAWN)  # somebody was asked

DOORS = {
    code: dict.fromkeys(Door, Severity.REFUSE)
    for code in ("future", "no_form", "no_day", "no_asker", "asked_later", "no_withdrawal", "withdrawn_early",
                 "withdrawn_later", "too_many", "reason_missing")
}  # fmt: skip


def publishable(faces: str, consent: str) -> bool:
    """Whether everybody may see a picture that was not voided, of a thing that stands."""
    return (faces, consent) in PUBLISHABLE


def why_not(faces: str, consent: str) -> str:
    """Why a picture is not shown to everybody, in a few words; empty where it is."""
    if publishable(faces, consent):
        return ""
    if faces == Faces.MINOR:
        return "有未成年人正脸，不公开"
    if consent == Consent.REFUSED:
        return "本人不同意，不公开"
    if consent == Consent.WITHDRAWN:
        return "同意已撤回，不再公开"
    if faces == Faces.UNKNOWN:
        return "还没标有没有人脸，先不公开"
    return "还没得到同意，先不公开"


def picture_findings(
    *, taken_on: date, consent: str, consent_form: str, asked_on: date | None, asked: bool,
    withdrawn_on: date | None, today: date,
) -> list[Finding]:  # fmt: skip
    """`asked`: whether it is said who asked."""
    found = []
    if taken_on > today:
        found.append(Finding("future", "taken_on", "拍摄日期在今天之后，请核对"))
    if consent in (Consent.AGREED, Consent.WITHDRAWN):
        if not consent_form:
            found.append(Finding("no_form", "consent_form", "请选择是怎样同意的"))
        if asked_on is None:
            found.append(Finding("no_day", "asked_on", "请填写哪天问的"))
        if not asked:
            found.append(Finding("no_asker", "asked_by", "请选择是谁去问的"))
    if asked_on and asked_on > today:
        found.append(Finding("asked_later", "asked_on", "问的日期在今天之后，请核对"))
    if consent == Consent.WITHDRAWN:
        if withdrawn_on is None:
            found.append(Finding("no_withdrawal", "withdrawn_on", "请填写哪天撤回的"))
        elif withdrawn_on > today:
            found.append(Finding("withdrawn_later", "withdrawn_on", "撤回日期在今天之后，请核对"))
        elif asked_on and withdrawn_on < asked_on:
            found.append(Finding("withdrawn_early", "withdrawn_on", "撤回不会早于同意，请核对两个日期"))
    return found


def count_findings(there: int, more: int) -> list[Finding]:
    """`there` are kept of the thing already."""
    if there + more <= MOST:
        return []
    sentence = f"一件事最多留 {MOST} 张图片，已有 {there} 张，这次最多再加 {max(MOST - there, 0)} 张；请挑一挑"
    return [Finding("too_many", "pictures", sentence)]


def void_findings(reason: str) -> list[Finding]:
    if reason.strip():
        return []
    return [Finding("reason_missing", "reason", "请写明为什么作废，如“拍到了不该拍的”“加错了地方”")]
