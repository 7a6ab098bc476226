"""Scales filled in for a case: what the room of scales keeps, for those who work on the case."""

from shuangbai.cases.actions.trail import WROTE, locked
from shuangbai.cases.models import Case, CaseClient
from shuangbai.core import audit
from shuangbai.core.actions import action
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.network.models import User
from shuangbai.scales.actions import ResultEntry, keep_result, void_result
from shuangbai.scales.models import ScaleResult
from shuangbai.scales.rules import Scored


@action
def record_scale(*, by: User, case: Case, entry: ResultEntry) -> tuple[ScaleResult, Scored]:
    """Keep a scale filled in about somebody whom the case is about; sent twice it is the first.

    Raises NotAllowed, Refused. That an answer tells of danger is in what is returned, and written nowhere.
    """
    current = locked(by, case)
    if not CaseClient.objects.filter(case=current, person_key=entry.person_key, ended_on__isnull=True).exists():
        raise Refused.because("person", "这个人不是这件个案的服务对象，请重选")
    made = keep_result(by=by, station=current.station, subject_key=current.pk, entry=entry, first=current.opened_on)
    audit.record(WROTE, by=by, about=current, what="量表结果")
    return made


@action
def void_scale(*, by: User, case: Case, result: ScaleResult, reason: str) -> None:
    """Take a result out of a case; it stays in the database. Raises NotAllowed, Refused."""
    current = locked(by, case)
    if result.subject_key != current.pk:
        raise NotAllowed
    void_result(by=by, result=result, reason=reason)
    audit.record(WROTE, by=by, about=current, what="量表结果（作废）")
