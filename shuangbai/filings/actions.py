"""Writes of the reports that are handed up: each step, and the freezing that ends them."""

from datetime import date, datetime
from uuid import UUID

from shuangbai.accounts.codes import new_code
from shuangbai.core import audit, clock
from shuangbai.core.actions import action
from shuangbai.core.findings import Conflict, NotAllowed, Refused
from shuangbai.filings.access import filings_visible_to, may_accept, may_draft, may_review
from shuangbai.filings.enums import OPEN, FilingState, PaperForm, StepKind
from shuangbai.filings.manifest import NOTHING_BEFORE, hash_of
from shuangbai.filings.models import Filing, FilingStep, Manifest
from shuangbai.filings.queries import last_edition, latest_accepted
from shuangbai.filings.rules import (
    BEFORE_ACCEPTING,
    BEFORE_CONFIRMING,
    BEFORE_REVIEWING,
    RETURNABLE,
    WITHDRAWABLE,
    check_days,
    check_reason,
    check_state,
)
from shuangbai.network.models import OrgUnit, User

_WHICH = "{unit} {first} 至 {last} 第 {edition} 版"
DRAFTED = audit.kind("filing.drafted", f"{{by}} 起草了上报报告：{_WHICH}")
CONFIRMED = audit.kind("filing.confirmed", f"{{by}} 确认了上报报告：{_WHICH}")
REVIEWED = audit.kind("filing.reviewed", f"{{by}} 复核了上报报告：{_WHICH}")
RETURNED = audit.kind("filing.returned", f"{{by}} 退回了上报报告：{_WHICH}，理由：{{reason}}", label="退回上报报告")
WITHDRAWN = audit.kind("filing.withdrawn", f"{{by}} 撤回了上报报告：{_WHICH}")
ACCEPTING = audit.kind("filing.accepting", f"{{by}} 接收上报报告，开始封存：{_WHICH}", label="接收上报报告")
FROZEN = audit.kind("filing.frozen", f"{{by}} 接收的报告已封存：{_WHICH}，第 {{number}} 号，{{hash}}", label="封存报告")
TAKEN = audit.kind("filing.taken", f"{{by}} 取出了封存的报告（{{form}}）：{_WHICH}", label="取出封存的报告")
FAILED = audit.kind("filing.failed", f"{{by}} 接收的报告没有封存成：{_WHICH}", label="没有封存成报告")


@action
def draft_filing(*, by: User, owner: OrgUnit, first: date, last: date, reason: str = "") -> Filing:
    """Begin a report to be handed up. After one was accepted, a new edition, for a reason.

    Raises NotAllowed, or Refused for a period without a report or with one on its way.
    """
    if not may_draft(by, owner):
        raise NotAllowed
    check_days(first, last, clock.today(), owner.starts_on)
    OrgUnit.objects.select_for_update(no_key=True).get(pk=owner.pk)  # of two at once the second sees the first
    if Filing.objects.filter(owner=owner, first=first, last=last, state__in=OPEN).exists():
        raise Refused.because("last", "这个单位这段时间已有一份在办的报告，请到「上报」里接着办")
    again = latest_accepted(owner.pk, first, last) is not None
    edition = last_edition(owner.pk, first, last) + 1
    said = check_reason("reason", reason, "补录了三户走访") if again else reason.strip()[:200]
    if edition > 1 and not said:
        said = "前一版已撤回"
    filing = Filing(
        owner=owner, first=first, last=last, edition=edition, reason=said, code=new_code(2), entered_by=by,
        entered_at=clock.now(),
    )  # fmt: skip
    filing.save(force_insert=True)
    _note(filing, StepKind.DRAFTED, DRAFTED, by)
    return filing


@action
def confirm_filing(*, by: User, filing: Filing, version: int) -> Filing:
    """The head, or whoever drafts above stations, stands for the numbers."""
    current = _current(filing, version)
    if not may_draft(by, current.owner):
        raise NotAllowed
    check_state(current.state, BEFORE_CONFIRMING)
    return _move(current, FilingState.CONFIRMED, StepKind.CONFIRMED, CONFIRMED, by)


@action
def review_filing(*, by: User, filing: Filing, version: int) -> Filing:
    """The centre has looked at it."""
    current = _current(filing, version)
    if not may_review(by, current.owner):
        raise NotAllowed
    check_state(current.state, BEFORE_REVIEWING)
    return _move(current, FilingState.REVIEWED, StepKind.REVIEWED, REVIEWED, by)


@action
def return_filing(*, by: User, filing: Filing, version: int, comment: str) -> Filing:
    """Send it back to whoever drafts, with what is to be put right."""
    current = _current(filing, version)
    if not (may_review(by, current.owner) or may_accept(by, current.owner)):
        raise NotAllowed
    check_state(current.state, *RETURNABLE)
    said = check_reason("comment", comment, "三月的走访少了一个村，请核对")
    return _move(current, FilingState.DRAFT, StepKind.RETURNED, RETURNED, by, said)


@action
def withdraw_filing(*, by: User, filing: Filing, version: int) -> Filing:
    """Take back a report that is not accepted: another can be drafted."""
    current = _current(filing, version)
    if not may_draft(by, current.owner):
        raise NotAllowed
    check_state(current.state, *WITHDRAWABLE)
    return _move(current, FilingState.WITHDRAWN, StepKind.WITHDRAWN, WITHDRAWN, by)


@action
def accept_filing(*, by: User, filing: Filing, version: int) -> Filing:
    """The bureau accepts it: from here on it is being frozen (`jobs.order_freezing` queues that together with this).

    Who confirmed or reviewed it cannot accept it too.
    """
    current = _current(filing, version)
    if not may_accept(by, current.owner):
        raise NotAllowed
    check_state(current.state, BEFORE_ACCEPTING)
    if current.steps.filter(by=by, kind__in=[StepKind.CONFIRMED, StepKind.REVIEWED]).exists():
        raise Refused.because("", "您确认或复核过这份报告，请由另一位经办人接收")
    current.trouble = ""
    return _move(current, FilingState.FREEZING, StepKind.ACCEPTING, ACCEPTING, by)


@action
def note_frozen(*, filing_id: UUID, header: str, facts: bytes, counted_at: datetime) -> Manifest | None:
    """Put the manifest at the end of the chain and accept the report with it, or neither.

    None where it was frozen before, by a job that was begun twice. Raises IntegrityError where another report
    took the same place in the chain: the job tries again.
    """
    filing = Filing.objects.select_for_update(of=("self",)).select_related("owner").get(pk=filing_id)
    if filing.state != FilingState.FREEZING:
        return None
    before = Manifest.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = (before[0] + 1, before[1]) if before else (1, NOTHING_BEFORE)
    manifest = Manifest(
        filing=filing, owner=filing.owner, number=number, previous=previous, header=header, facts=facts,
        counted_at=counted_at,
        hash=hash_of(number=number, previous=previous, filing=filing.pk, header=header, facts=facts),
    )  # fmt: skip
    manifest.save(force_insert=True)
    by = _accepted_by(filing)
    _move(filing, FilingState.ACCEPTED, StepKind.FROZEN, FROZEN, by, number=number, hash=manifest.hash)
    return manifest


@action
def note_not_frozen(*, filing_id: UUID, why: str) -> None:
    """Nothing was frozen, and why: the report is where it was before it was accepted."""
    filing = Filing.objects.select_for_update(of=("self",)).select_related("owner").get(pk=filing_id)
    if filing.state == FilingState.FREEZING:
        filing.trouble = why[:200]
        _move(filing, FilingState.REVIEWED, StepKind.FAILED, FAILED, _accepted_by(filing), why)


@action
def note_paper_taken(*, by: User, filing: Filing, form: PaperForm) -> None:
    """Keep in the trail that somebody took a frozen report away as a file.

    Raises NotAllowed for who may not see it, Refused for one that is not frozen.
    """
    current = filings_visible_to(by).filter(pk=filing.pk).first()
    if current is None:
        raise NotAllowed
    check_state(current.state, FilingState.ACCEPTED)
    audit.record(TAKEN, by=by, about=current, **_which(current), form=form.label)


def _accepted_by(filing: Filing) -> User:
    step = filing.steps.filter(kind=StepKind.ACCEPTING).select_related("by").order_by("-at", "-id").first()
    assert step is not None  # noqa: S101  only `accept_filing` makes a report freezing
    return step.by


def _current(filing: Filing, version: int) -> Filing:
    """The report's row, locked. Raises Conflict where somebody took a step since `version`."""
    current = Filing.objects.select_for_update(of=("self",)).select_related("owner").get(pk=filing.pk)
    if current.version != version:
        raise Conflict(current)
    return current


def _move(
    filing: Filing, to: FilingState, step: StepKind, kind: audit.Kind, by: User, comment: str = "", **said: object
) -> Filing:
    filing.state, filing.version = to, filing.version + 1
    filing.save()
    _note(filing, step, kind, by, comment, **said)
    return filing


def _note(filing: Filing, step: StepKind, kind: audit.Kind, by: User, comment: str = "", **said: object) -> None:
    FilingStep(filing=filing, owner=filing.owner, kind=step, by=by, at=clock.now(), comment=comment[:200]).save(
        force_insert=True
    )
    audit.record(kind, by=by, about=filing, **_which(filing), reason=comment[:100], **said)


def _which(filing: Filing) -> dict[str, object]:
    """What the trail calls a report by."""
    said = {"unit": filing.owner.name, "first": f"{filing.first}", "last": f"{filing.last}"}
    return {**said, "edition": filing.edition}
