"""When something said about the system can be taken. Pure."""

import re

from shuangbai.core.findings import Finding
from shuangbai.feedback.enums import FeedbackState

SHORTEST, LONGEST = 4, 2000
A_DAY = 20
UNTOLD = ("/safeguarding/", "/cases/", "/stories/")  # that somebody was there would tell of an alarm, or of a case
_KEY = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}")
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def plain_path(path: str) -> str:
    """The page without what it was about: no query, no keys, so that no family is named by its address."""
    bare = path.partition("?")[0].partition("#")[0]
    if bare.startswith(UNTOLD):
        return ""
    return _KEY.sub("…", bare)[:200] if bare.startswith("/") else ""


_PAGES = {
    "": "今日", "visits": "走访", "activities": "活动", "families": "家庭", "people": "人员", "records": "记录",
    "reports": "成效报告", "network": "机构", "search": "查找", "setup": "设置", "system": "系统", "feedback": "提意见",
    "campaigns": "专项", "groups": "小组", "projects": "社区项目", "meetings": "会议", "problems": "公共问题",
    "trail": "留痕", "account": "账号", "accounts": "账号",
}  # fmt: skip


def page_name(path: str) -> str:
    """Which part of the system a page belongs to, in words; '' where none was sent."""
    return _PAGES.get(path.strip("/").partition("/")[0], "其他页面") if path else ""


def text_findings(text: str, field: str = "text") -> list[Finding]:
    said = text.strip()
    if len(said) < SHORTEST:
        return [Finding("text", field, "请多写几个字，让人看得懂说的是什么")]
    if len(said) > LONGEST:
        return [Finding("text", field, f"太长了，最多 {LONGEST} 个字，请写要紧的")]
    if _ID_NUMBER.search(said):
        return [Finding("text_id", field, "文字里像有身份证号，请删去；这里不需要任何人的证件号")]
    return []


def often_findings(today: int) -> list[Finding]:
    if today < A_DAY:
        return []
    return [Finding("often", "text", f"今天已提了 {A_DAY} 条，请明天再提；紧急的请直接找系统管理员")]


def state_findings(state: str, *, wanted: FeedbackState) -> list[Finding]:
    """What may follow what: open and answered may be answered or closed; answered and closed opened again."""
    if wanted == FeedbackState.OPEN and state == FeedbackState.OPEN:
        return [Finding("state", "text", "这条意见还在等待答复，不必再次提出；可以另提一条")]
    if wanted != FeedbackState.OPEN and state == FeedbackState.CLOSED:
        return [Finding("state", "text", "这条意见已办结；提的人再次提出后才能答复")]
    return []
