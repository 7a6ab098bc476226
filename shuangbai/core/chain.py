"""The chain over the trail: entries are sealed in blocks, each block holds the hash of the one before.

Writers never wait for it: an entry is written with its digest, and once a minute a job seals whatever is not
sealed yet. Ids can become visible out of order, so a block says which entries are its own. Each block's head
is added to a file outside the database (core/heads.py). What this proves and what not: docs/explanation/trail.md.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.db.models import QuerySet

from shuangbai.core import audit, clock, heads, trailguard
from shuangbai.core.actions import writing
from shuangbai.core.digests import NOTHING_BEFORE, block_hash, packed, unpacked
from shuangbai.core.models import AuditBlock, AuditEvent

# The longest that an entry may stay unsealed while the jobs run: a minute between turns, two of patience with a
# killed worker, and room for a transaction that was long in committing.
WINDOW = timedelta(minutes=5)
BLOCK_MOST = 2000
IDS_AT_ONCE = 500
BLOCKS_AT_ONCE = 50
FAULTS_TOLD = 20
_HEADS_CAUGHT_UP = 500

RESTORED = audit.kind(
    "trail.restored", "{by} 说明数据库已从备份恢复到留痕第 {number} 块，理由：{reason}", label="说明数据库已恢复"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail; `block` and `event` where it can be said."""

    code: str
    sentence: str
    block: int | None = None
    event: UUID | None = None


@dataclass(slots=True)
class Report:
    """What a verification found. `faults` in the order of the chain, the first twenty."""

    at: datetime
    blocks: int = 0
    events: int = 0
    forgotten: int = 0
    number: int = 0
    head: str = NOTHING_BEFORE
    unsealed: int = 0
    oldest_unsealed: timedelta | None = None
    restored: list[int] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    faults_in_all: int = 0

    @property
    def sound(self) -> bool:
        return not self.faults_in_all

    def add(self, fault: Fault) -> None:
        self.faults_in_all += 1
        if len(self.faults) < FAULTS_TOLD:
            self.faults.append(fault)

    def sentences(self) -> list[str]:
        """The whole report in Chinese, the verdict first."""
        if self.sound:
            verdict = f"留痕完好：核对了 {self.blocks} 块、{self.events} 条，逐条与封存时一致。"
        else:
            verdict = f"留痕有 {self.faults_in_all} 处不符，请保留现场，并与备份和块首文件比对。"
        said = [verdict, *(fault.sentence for fault in self.faults)]
        if self.faults_in_all > len(self.faults):
            said.append(f"另有 {self.faults_in_all - len(self.faults)} 处未逐一列出。")
        said.append(f"最后一块：第 {self.number} 块，块首 {self.head}。" if self.number else "还没有封存的块。")
        if self.oldest_unsealed is not None:
            seconds = int(self.oldest_unsealed.total_seconds())
            said.append(f"待封存 {self.unsealed} 条，最早的一条已等 {seconds} 秒（最长 {minutes(WINDOW)} 分钟）。")
        if self.forgotten:
            said.append(f"其中 {self.forgotten} 条的个人内容已按规定抹去，其余内容仍可核对。")
        said += [f"曾从备份恢复到第 {number} 块：其后的块首以恢复后的为准。" for number in self.restored]
        return said


def minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def made_at(key: UUID) -> datetime:
    """The machine's moment at which a key was made (core/ids.py), for entries and blocks."""
    return datetime.fromtimestamp((key.int >> 80) / 1000, tz=clock.machine_now().tzinfo)


# SEALING -------------------------------------------------------------------


def seal() -> int:
    """Seal whatever is not sealed yet, and add the heads to the file. The number of blocks made.

    Raises OSError where the file of heads cannot be written: the blocks stand, their heads follow next time.
    """
    made = 0
    try:
        while _seal_one():
            made += 1
    finally:
        keep_heads()
    return made


def _seal_one() -> bool:
    """Make one block. False where nothing was unsealed, or where another worker was sealing it."""
    if not _unsealed().exists():
        return False  # looking writes nothing
    try:
        with writing():
            return _write_block()
    except IntegrityError:
        return False


def _unsealed() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(block__isnull=True)


def _write_block() -> bool:
    # The block before is asked for first: whoever seals in between has then taken this one's number.
    before = AuditBlock.objects.order_by("-number").defer("members").first()
    members = list(_unsealed().order_by("id").values_list("id", "digest")[:BLOCK_MOST])
    if not members:
        return False
    number, previous = (before.number + 1, before.hash) if before else (1, NOTHING_BEFORE)
    body, now = packed(members), clock.now()
    block = AuditBlock(
        number=number, previous=previous, first_id=members[0][0], last_id=members[-1][0], count=len(members),
        members=body, sealed_at=now, hash=block_hash(number=number, previous=previous, sealed_at=now, members=body),
    )  # fmt: skip
    # The key of the block is what two workers would both take: the second waits here, and gives up.
    block.save(force_insert=True)
    keys = [key for key, _ in members]
    taken = sum(
        _unsealed().filter(pk__in=keys[start : start + IDS_AT_ONCE]).update(block=number)
        for start in range(0, len(keys), IDS_AT_ONCE)
    )
    if taken != len(keys):
        raise RuntimeError(f"block {number}: {taken} of {len(keys)} entries were still there to seal")
    return True


def head_line(block: AuditBlock) -> str:
    return f"{block.number} {block.hash} {block.count} {block.sealed_at.isoformat(timespec='seconds')}"


def keep_heads() -> None:
    """Add to the file the heads of blocks that it does not have yet: also those of a turn that was killed."""
    latest = AuditBlock.objects.order_by("-number").defer("members")[:_HEADS_CAUGHT_UP]
    known = {(line.number, line.hash) for line in heads.tail()}
    lacking = []
    for block in latest:
        if (block.number, block.hash) in known:
            break
        lacking.append(block)
    heads.append(head_line(block) for block in reversed(lacking))


def say_restored(*, by: audit.Actor | None, reason: str) -> None:
    """Say that the database was put back to an earlier state, so that the heads that followed are explained.

    The line stays in the file and in every report. Only for who restores a backup: it is no way to mend a chain.
    """
    with writing():
        block = AuditBlock.objects.order_by("-number").defer("members").first()
        if block:
            audit.record(RESTORED, by=by, about=block, number=block.number, reason=reason)
    if block:
        heads.append([f"{heads.RESTORED} {head_line(block)}"])


# VERIFYING -----------------------------------------------------------------


def verify(told: Callable[[int, int], None] = lambda done, whole: None) -> Report:
    """Compute everything again and compare. Reads only; `told` hears how many blocks of how many are done."""
    report = Report(at=clock.now())
    heads_by_number: dict[int, str] = {}
    forgotten = set(AuditEvent.objects.filter(kind=audit.FORGOTTEN.code).values_list("about_id", flat=True))
    whole = AuditBlock.objects.count()
    for batch in _batches():
        _check_batch(report, batch, heads_by_number, forgotten)
        told(report.blocks, whole)
    _check_strays(report)
    _check_unsealed(report, forgotten)
    _check_heads(report, heads_by_number)
    if not trailguard.is_set():
        sentence = "数据库中防止改动留痕的触发器不全，请运行 shuangbai manage migrate，或请管理员查明原因。"
        report.add(Fault("guard", sentence))
    return report


def _batches() -> Iterator[list[AuditBlock]]:
    after = 0
    while batch := list(AuditBlock.objects.filter(number__gt=after).order_by("number")[:BLOCKS_AT_ONCE]):
        yield batch
        after = batch[-1].number


def _check_batch(report: Report, batch: list[AuditBlock], heads_by_number: dict[int, str], forgotten: set[str]) -> None:
    first, last = batch[0].number, batch[-1].number
    events: dict[int, dict[UUID, AuditEvent]] = {}
    for event in AuditEvent.objects.filter(block__gte=first, block__lte=last).iterator(2000):
        events.setdefault(event.block or 0, {})[event.pk] = event
    for block in batch:
        if block.number != report.number + 1:
            _missing_blocks(report, report.number + 1, block.number - 1)
        elif block.previous != report.head:
            sentence = f"第 {block.number} 块没有接在第 {block.number - 1} 块之后：两块之一被改动或换过。"
            report.add(Fault("chain", sentence, block.number))
        _check_block(report, block, events.get(block.number, {}), forgotten)
        report.blocks += 1
        report.number, report.head = block.number, block.hash
        heads_by_number[block.number] = block.hash


def _missing_blocks(report: Report, first: int, last: int) -> None:
    which = f"第 {first} 块" if first == last else f"第 {first} 至 {last} 块"
    report.add(Fault("block_missing", f"{which}不见了。", first))


def _check_block(report: Report, block: AuditBlock, events: dict[UUID, AuditEvent], forgotten: set[str]) -> None:
    number, body = block.number, bytes(block.members)
    expected = block_hash(number=number, previous=block.previous, sealed_at=block.sealed_at, members=body)
    members = dict(unpacked(body))
    ends = (next(iter(members), None), next(reversed(members), None))
    if expected != block.hash or len(members) != block.count or ends != (block.first_id, block.last_id):
        report.add(Fault("block_changed", f"第 {number} 块本身与封存时不同。", number))
    for place, (key, digest) in enumerate(members.items(), 1):
        event = events.pop(key, None)
        if event is None:
            sentence = f"第 {number} 块第 {place} 条（编号 {key}）不见了，或被移到别的块。"
            report.add(Fault("event_missing", sentence, number, key))
            continue
        report.events += 1
        if not is_sound(event) or event.digest != digest:
            sentence = f"第 {number} 块第 {place} 条（编号 {key}）的内容与封存时不同。"
            report.add(Fault("event_changed", sentence, number, key))
        _check_forgotten(report, event, forgotten)
    for key in events:
        report.add(Fault("event_added", f"编号 {key} 的一条不属于第 {number} 块，却记在这一块里。", number, key))


def is_sound(event: AuditEvent) -> bool:
    """Whether an entry is what its digest says; of a forgotten one, all but the personal part."""
    if event.salt and audit.commitment_of(event) != event.commitment:
        return False
    return audit.digest_of(event) == event.digest


def _check_forgotten(report: Report, event: AuditEvent, forgotten: set[str]) -> None:
    """A personal part that is gone must have been taken away by the product, which leaves an entry of its own."""
    if event.salt:
        return
    report.forgotten += 1
    if str(event.pk) not in forgotten:
        sentence = f"编号 {event.pk} 的一条，个人内容被抹去而没有留下抹去的记录。"
        report.add(Fault("event_changed", sentence, event.block, event.pk))


def _check_strays(report: Report) -> None:
    """Entries that name a block which is not there."""
    strays = AuditEvent.objects.filter(block__isnull=False).exclude(block__in=AuditBlock.objects.values("number"))
    for event in strays.order_by("block", "id")[:FAULTS_TOLD]:
        sentence = f"编号 {event.pk} 的一条记在第 {event.block} 块，而这一块不在。"
        report.add(Fault("event_added", sentence, event.block, event.pk))


def _check_unsealed(report: Report, forgotten: set[str]) -> None:
    now = clock.machine_now()
    report.unsealed = _unsealed().count()
    for event in _unsealed().order_by("id").iterator(2000):
        if not is_sound(event):
            sentence = f"尚未封存的一条（编号 {event.pk}）与写入时不同。"
            report.add(Fault("event_changed", sentence, None, event.pk))
        _check_forgotten(report, event, forgotten)
        age = now - made_at(event.pk)
        if report.oldest_unsealed is None:
            report.oldest_unsealed = age
            if age > WINDOW:
                sentence = f"编号 {event.pk} 的一条超过 {minutes(WINDOW)} 分钟没有封存：请查看后台任务是否在运行。"
                report.add(Fault("event_unsealed", sentence, None, event.pk))


# THE FILE OUTSIDE ----------------------------------------------------------


def _check_heads(report: Report, known: dict[int, str]) -> None:
    seen: set[int] = set()
    lines = _explained(report, heads.read())
    if not lines and known:
        sentence = f"块首文件 {heads.path()} 不见了或是空的，库尾是否被截去无从核对；请从备份找回。"
        report.add(Fault("heads_missing", sentence))
        return
    for line in lines:
        if line.number < 0:
            report.add(Fault("heads_changed", f"块首文件有一行读不懂，文件被改动过：{line.hash}"))
        elif line.number > report.number:
            continue
        elif line.number in known and known[line.number] != line.hash:
            sentence = f"第 {line.number} 块与块首文件所记不同：数据库或文件之一被改动。"
            report.add(Fault("heads_differ", sentence, line.number))
        seen.add(line.number)
    furthest = max((line.number for line in lines), default=0)
    if furthest > report.number:
        sentence = (
            f"数据库只到第 {report.number} 块，而块首文件记到第 {furthest} 块：库尾被截去，"
            "或数据库从较早的备份恢复而没有说明。"
        )
        report.add(Fault("end_cut", sentence, report.number + 1))
    # On a new machine the file begins with the restore: what was before came with the backup.
    lacking = sorted(number for number in set(known) - seen if number > max(report.restored, default=0))
    if lacking and clock.machine_now() - _last_made(lacking[0]) > WINDOW:
        sentence = f"块首文件缺第 {lacking[0]} 块{'等' if len(lacking) > 1 else ''}：文件被截短，或磁盘写不进去。"
        report.add(Fault("heads_short", sentence, lacking[0]))


def _explained(report: Report, lines: Iterable[heads.Line]) -> list[heads.Line]:
    """The lines that the database must answer to: those beyond a block to which it was restored are explained."""
    kept: list[heads.Line] = []
    for line in lines:
        if line.restored:
            report.restored.append(line.number)
            kept = [one for one in kept if one.number <= line.number]
        kept.append(line)
    return kept


def _last_made(number: int) -> datetime:
    return made_at(AuditBlock.objects.values_list("last_id", flat=True).get(number=number))
