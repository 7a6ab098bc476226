"""A case becomes a colleague's: offered by its worker or the head, theirs once they take it. It is never nobody's."""

from collections.abc import Sequence

from shuangbai.cases.access import leads
from shuangbai.cases.actions.trail import ANSWERED, OFFERED, check_sees, keep, read_locked
from shuangbai.cases.enums import OfferState
from shuangbai.cases.models import Case, CaseOffer
from shuangbai.cases.queries import may_work_at
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.bulk import insert
from shuangbai.core.findings import NotAllowed, Refused
from shuangbai.core.ids import random_id
from shuangbai.network.access import viewer_of
from shuangbai.network.models import Staff, User
from shuangbai.network.roles import Permission


def may_give(by: User, case: Case) -> bool:
    """The head of the station, or the worker of the case."""
    return leads(by, case) or (by.staff_id is not None and by.staff_id == case.worker_id)


@action
def offer_cases(*, by: User, cases: Sequence[tuple[Case, Staff]], note: str = "") -> list[CaseOffer]:
    """Offer cases to colleagues. Each stays its worker's until it is taken. Raises NotAllowed, Refused."""
    today, rows = clock.today(), []
    for case, receiver in cases:
        check_sees(by, case)
        current = read_locked(case)
        if not may_give(by, current):
            raise NotAllowed
        if receiver.pk == current.worker_id:
            raise Refused.because("", "接手的人现在就是主责社工，请另选")
        if not may_work_at(current.charge, today).filter(pk=receiver.pk).exists():
            raise Refused.because("", "所选的接手人今天不在本站任职，请另选一位")
        if CaseOffer.objects.filter(case=current, state=OfferState.WAITING).exists():
            raise Refused.because("", "有的个案已在等别人确认，请刷新这一页，或先收回那一项")
        rows.append(
            CaseOffer(
                id=random_id(), station=current.station, case=current, giver_id=current.worker_id, receiver=receiver,
                note=note.strip(), entered_by=by, entered_at=clock.now(),
            )
        )  # fmt: skip
    insert(rows, by=by)
    audit.record_all([audit.entry(OFFERED, by=by, about=row.case) for row in rows])
    return rows


@action
def answer_offer(*, by: User, offer: CaseOffer, take: bool, why: str = "") -> CaseOffer:
    """Whoever receives takes a case, or sends it back with a reason. Taken, it is theirs and no more the giver's.

    Raises NotAllowed, Refused.
    """
    row = _waiting(offer)
    case = read_locked(row.case)
    if row.receiver_id != by.staff_id or not viewer_of(by).reaches(Permission.WORK_CASES, case.charge_id):
        raise NotAllowed
    if not take and len(why.strip()) < 2:
        raise Refused.because("why", "请写明为什么退回，如「手上已有 8 件，接不下」")
    if take:
        case.worker_id = row.receiver_id
        if case.co_worker_id == row.receiver_id:
            case.co_worker = None
        keep(case, by)
    return _decide(by, row, OfferState.TAKEN if take else OfferState.DECLINED, why)


@action
def withdraw_offer(*, by: User, offer: CaseOffer) -> CaseOffer:
    """Whoever gives takes back what nobody has confirmed yet. Raises NotAllowed, Refused."""
    row = _waiting(offer)
    check_sees(by, row.case)
    if not may_give(by, row.case):
        raise NotAllowed
    return _decide(by, row, OfferState.WITHDRAWN, "")


def _waiting(offer: CaseOffer) -> CaseOffer:
    row = CaseOffer.objects.select_for_update(of=("self",)).select_related("case").get(pk=offer.pk)
    if row.state != OfferState.WAITING:
        raise Refused.because("", "这一件已经确认、退回或收回了，请刷新这一页")
    return row


def _decide(by: User, row: CaseOffer, state: OfferState, why: str) -> CaseOffer:
    row.state, row.why, row.decided_at, row.decided_by = state, why.strip(), clock.now(), by
    row.save()
    audit.record(ANSWERED, by=by, about=row.case, what=row.get_state_display().removeprefix("已"))
    return row
