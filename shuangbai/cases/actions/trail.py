"""What every write about a case begins and ends with. The trail says who did what, never about whom, or where."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from shuangbai.cases.access import cases_visible_to, may_write
from shuangbai.cases.enums import Move, Stage
from shuangbai.cases.models import Case, StageMove
from shuangbai.codes.enums import CodeSpec
from shuangbai.codes.queries import unoffered
from shuangbai.core import audit, clock
from shuangbai.core.bulk import insert, sign
from shuangbai.core.findings import Conflict, Finding, NotAllowed
from shuangbai.core.ids import random_id
from shuangbai.network.models import User

OPENED = audit.kind("case.opened", "{by} 登记了一件个案", placeless=True)
LOOKED = audit.kind("case.looked", "{by} 看了一件个案", placeless=True)
CHANGED = audit.kind("case.changed", "{by} 改了一件个案的登记内容", placeless=True)
MOVED = audit.kind("case.moved", "{by} 改了一件个案的阶段：{what}", placeless=True, label="改个案的阶段")
WROTE = audit.kind("case.wrote", "{by} 写了一件个案的{what}", placeless=True, label="写个案的文书")
VIEWED = audit.kind("case.viewed", "{by} 对一件个案说了意见", placeless=True)
TEAMED = audit.kind("case.teamed", "{by} 改了一件个案由谁负责", placeless=True)
OFFERED = audit.kind("case.offered", "{by} 交出一件个案，等人接手", placeless=True)
ANSWERED = audit.kind("case.answered", "{by} {what}了一件个案的交接", placeless=True, label="答复个案的交接")


def check_sees(by: User, case: Case) -> None:
    if not cases_visible_to(by).filter(pk=case.pk).exists():
        raise NotAllowed


def locked(by: User, case: Case, version: int | None = None) -> Case:
    """The case as it stands, locked, for whoever writes in it. Raises NotAllowed; Conflict where `version` is old."""
    check_sees(by, case)
    if not may_write(by, case):
        raise NotAllowed
    return read_locked(case, version)


def read_locked(case: Case, version: int | None = None) -> Case:
    current = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if version is not None and current.version != version:
        raise Conflict(current)
    return current


def keep(case: Case, by: User) -> None:
    """Save the case as its next version."""
    case.version += 1
    sign(case, by=by)
    case.save()


def put_move(
    by: User, case: Case, move: Move, before: Stage | None, on: date, *, reason: str = "",
    missing: Sequence[str] = (), at: datetime | None = None,
) -> StageMove:  # fmt: skip
    """Keep how a case came to the stage in which it now is."""
    row = StageMove(
        id=random_id(), station=case.station, case=case, move=move, from_stage=before or "", to_stage=case.stage,
        on=on, reason=reason.strip(), missing=list(missing), entered_by=by, entered_at=at or clock.now(),
    )  # fmt: skip
    insert([row], by=by)
    return row


def not_offered(spec: CodeSpec, code: str, day: date, field: str) -> Iterable[Finding]:
    """That an item of a list does not hold on the day."""
    for label in unoffered(spec, [code], day):
        yield Finding("unoffered", field, f"「{label}」那天不在{spec.name}里，请另选一项")
