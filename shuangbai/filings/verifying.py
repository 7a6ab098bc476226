"""Whether a frozen report still is what was frozen, and whether it stands where it stood in the chain of reports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shuangbai.core import heads
from shuangbai.core.periods import Period
from shuangbai.core.snapshots import one_snapshot
from shuangbai.filings.comparing import Change, FigureChange, changes, counted, figure_changes, first_faults
from shuangbai.filings.enums import ChangeKind, FilingState
from shuangbai.filings.gathering import FROZEN, SOURCES, gather
from shuangbai.filings.manifest import NOTHING_BEFORE, Broken, Facts, hash_of, recount, recount_stations, unpacked
from shuangbai.filings.models import Filing, Manifest
from shuangbai.filings.queries import salt_of
from shuangbai.reports.dimensions import DIMENSIONS
from shuangbai.reports.indicators import BY_CODE
from shuangbai.reports.queries import Ask


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `code`: what kind of thing, of which only the first is told."""

    code: str
    sentence: str


@dataclass(slots=True)
class Proof:
    """What a verification of one report found.

    `faults`: somebody changed the report or the records by hand. `figures` and `changed`: what today's records give
    otherwise, and why; that is no fault. `notes`: definitions that are others today.
    """

    filing: Filing
    number: int
    hash: str
    facts: int = 0
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: list[FigureChange] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.faults

    @property
    def kinds(self) -> dict[ChangeKind, int]:
        return counted(self.changed)

    def sentences(self) -> list[str]:
        """The whole finding in Chinese, the verdict first."""
        name = f"第 {self.number} 号报告（{self.filing.owner} {self.filing.period}，第 {self.filing.edition} 版）"
        if self.sound:
            said = [f"{name}完好：{self.facts} 条依据逐条与封存时一致，每个数字都由它们重新数出。"]
        else:
            said = [f"{name}有 {len(self.faults)} 类不符。", *(fault.sentence for fault in self.faults)]
        if self.changed:
            kinds = "，".join(f"{kind.label} {n} 条" for kind, n in self.kinds.items())
            said.append(f"与今天的记录相比：{kinds}；{len(self.figures)} 个数字因此不同。")
        elif self.sound:
            said.append("与今天的记录相比：没有差异。")
        return [*said, *self.notes]


def ask_of(filing: Filing) -> Ask:
    return Ask(Period(filing.first, filing.last), filing.owner)


def facts_today(filing: Filing) -> Facts:
    """The facts of the same question as the records are now, of one moment."""
    with one_snapshot():
        return gather(ask_of(filing), salt_of(filing))


def prove(manifest: Manifest, *, today: Facts | None = None) -> Proof:
    """Count a report again from its manifest, and hold it against today's records. Reads only."""
    filing = manifest.filing
    proof = Proof(filing, manifest.number, manifest.hash)
    _check_hash(manifest, proof)
    try:
        header = json.loads(manifest.header)
        facts = unpacked(header, bytes(manifest.facts))
    except Broken as error:
        proof.faults.append(Fault(error.code, error.sentence))
        return proof
    except (ValueError, KeyError, TypeError):
        proof.faults.append(Fault("header_changed", "封存件的首部读不懂，与封存时不同。"))
        return proof
    proof.facts = sum(len(table.keys) for table in facts.tables.values())
    _check_question(header, filing, proof)
    _check_figures(header, facts, proof)
    _note_definitions(header, proof)
    today = today or facts_today(filing)
    proof.figures = figure_changes(facts, today)
    proof.changed = changes(facts, today, header["marks"])
    for kind, change in first_faults(proof.changed).items():
        proof.faults.append(Fault(kind.value, _fault_sentence(kind, change)))
    return proof


def _is_as_hashed(manifest: Manifest) -> bool:
    expected = hash_of(
        number=manifest.number, previous=manifest.previous, filing=manifest.filing_id, header=manifest.header,
        facts=bytes(manifest.facts),
    )  # fmt: skip
    return expected == manifest.hash


def _check_hash(manifest: Manifest, proof: Proof) -> None:
    if not _is_as_hashed(manifest):
        proof.faults.append(Fault("report_changed", "封存件（首部的数字与口径，或依据）与封存时不同。"))


def _check_question(header: dict[str, Any], filing: Filing, proof: Proof) -> None:
    frozen = header["question"]
    told = {"first": f"{filing.first}", "last": f"{filing.last}", "unit": filing.owner.code, "edition": filing.edition}
    for name, value in told.items():
        if frozen[name] != value:
            sentence = f"报告的期间、单位或版次被改动：封存时是 {frozen[name]}，现在是 {value}。"
            proof.faults.append(Fault("question_changed", sentence))
            return


def _check_figures(header: dict[str, Any], facts: Facts, proof: Proof) -> None:
    """That every number told, of the whole and of each station, is counted from its set. The first that is not."""
    told = [(code, figure["value"]) for code, figure in header["figures"].items()]
    printed = [(figure["code"], figure["value"]) for figure in header["report"]["figures"]]
    for code, value in (*told, *printed):
        number = recount(facts, code) if code in facts.figures else "没有"
        if number != value:
            sentence = f"数字 {code} 写的是 {value}，而由所计的依据数出的是 {number}。"
            proof.faults.append(Fault("figure_changed", sentence))
            return
    for row in header["report"]["rows"]:
        for code in header["columns"]:
            number = recount_stations(facts, code).get(row["station"], 0) if code in facts.figures else row[code]
            if number != row[code]:
                sentence = f"{row['name']}的 {code} 写的是 {row[code]}，而由所计的依据数出的是 {number}。"
                proof.faults.append(Fault("figure_changed", sentence))
                return


def _note_definitions(header: dict[str, Any], proof: Proof) -> None:
    for code, told in header["definitions"].items():
        now = BY_CODE.get(code)
        if now is None:
            proof.notes.append(f"今天已没有 {code}「{told['name']}」这个数字。")
        elif now.version != told["version"]:
            proof.notes.append(
                f"{code}「{told['name']}」的口径在封存后有改动（第 {told['version']} 版变为第 {now.version} 版），"
                "今天的数按新口径。"
            )


# What is not a dimension of a figure, as people call it.
COLUMN_WORDS = {
    "occurred_on": "日期", "reached": "是否见到人", "family": "家庭", "version": "版次", "kind": "种类",
    "whoever": "见到的人", "person_times": "人次", "opened_on": "建档日期", "closed_on": "结档日期", "code": "代码",
    "starts_on": "开始日期", "ends_on": "结束日期", "staff": "人员", "village": "村居", "person": "本人",
    "due_on": "到期日", "due_state": "是否到期", "level": "级别", "met_on": "上次见到",
    "service_hours": "志愿服务小时", "hours": "小时", "value": "价值", "in_cash": "现金", "sent_on": "发出日期",
    "decided_on": "审批日期", "stage": "办到哪里", "since": "加入日期", "until": "退出日期", "team": "队伍",
}  # fmt: skip


def column_name(path: str) -> str:
    """What a column is called: by the dimension that splits by it, or by itself."""
    dimensions = {column: name for code in FROZEN for name, column in BY_CODE[code].by.items()}
    plain = path.removeprefix("record__").removesuffix("__code")
    named = dimensions.get(path.removesuffix("__code"))
    if named and named != "month":
        return DIMENSIONS[named].name
    return COLUMN_WORDS.get(plain, "其他")


def _fault_sentence(kind: ChangeKind, change: Change) -> str:
    name = SOURCES[change.table].name
    if kind == ChangeKind.VANISHED:
        return f"{name}里编号 {change.key} 的一条不见了：没有作废，也没有痕迹。"
    where = f"（{'、'.join(dict.fromkeys(map(column_name, change.columns)))}）" if change.columns else ""
    return f"{name}里编号 {change.key} 的一条{where}与封存时不同，而没有更正的痕迹：有人直接改了数据库。"


# THE CHAIN -------------------------------------------------------------------


@dataclass(slots=True)
class ChainProof:
    """What the chain of reports looks like: how many, its head, and what is wrong with it."""

    reports: int = 0
    head: str = NOTHING_BEFORE
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        if not self.reports and not self.faults:
            return ["还没有封存的报告。", *self.notes]
        verdict = f"报告链：{self.reports} 份，链首 {self.head}。"
        return [verdict, *(fault.sentence for fault in self.faults), *self.notes]


def prove_chain() -> ChainProof:
    """Whether every report that was accepted is still there, in its order."""
    proof, known = ChainProof(), {}
    last = 0
    for number, previous, own in Manifest.objects.order_by("number").values_list("number", "previous", "hash"):
        if number != last + 1:
            which = f"第 {last + 1} 号" if number == last + 2 else f"第 {last + 1} 至 {number - 1} 号"
            proof.faults.append(Fault("report_removed", f"{which}报告不见了。"))
        elif previous != proof.head:
            proof.faults.append(
                Fault("chain_broken", f"第 {number} 号报告没有接在第 {last} 号之后：两份之一被改动或换过。")
            )
        proof.reports, proof.head, last = proof.reports + 1, own, number
        known[number] = own
    _check_heads(proof, known, last)
    _check_accepted(proof)
    return proof


def _check_accepted(proof: ChainProof) -> None:
    """That no report says it was accepted while what it was made of is gone: then the file may be cut, too."""
    if any(fault.code == "report_removed" for fault in proof.faults):
        return
    lost = Filing.objects.filter(state=FilingState.ACCEPTED, manifest=None).select_related("owner").order_by("last")
    for one in lost[:1]:
        sentence = f"{one.owner} {one.period} 的报告（第 {one.edition} 版）已接收，而它的封存件不见了。"
        proof.faults.append(Fault("report_removed", sentence))


def changed_reports() -> Iterator[Fault]:
    """Reports whose manifest is not what its hash says; the head of each is in the chain and outside the database."""
    for manifest in accepted():
        if not _is_as_hashed(manifest):
            which = f"第 {manifest.number} 号报告（{manifest.filing.owner} {manifest.filing.period}）"
            yield Fault("report_changed", f"{which}的封存件与封存时的摘要不符。")


def _check_heads(proof: ChainProof, known: dict[int, str], last: int) -> None:
    written, explained = _written()
    for number, own in written.items():
        if number in known and known[number] != own:
            proof.faults.append(Fault("report_changed", f"第 {number} 号报告与块首文件所记不同：其一被改动。"))
            break
    beyond = sorted(number for number in written if number > last)
    if beyond and beyond[-1] not in explained:
        proof.faults.append(
            Fault("report_removed", f"块首文件记到第 {beyond[-1]} 号报告，而库里只到第 {last} 号：最新的报告被移除。")
        )
    elif beyond:
        proof.notes.append(f"数据库曾从备份恢复，第 {last + 1} 号以后的报告随之不在，须重新接收。")
    lacking = sorted(set(known) - set(written))
    if lacking:
        proof.faults.append(Fault("heads_short", f"块首文件里没有第 {lacking[0]} 号报告：文件被截短，或当时写不进去。"))


def _written() -> tuple[dict[int, str], set[int]]:
    """The heads in the file outside the database, the latest of each number; and those before a restore."""
    written: dict[int, str] = {}
    explained: set[int] = set()
    for line in heads.read_reports():
        if line.restored:
            explained |= set(written)
        else:
            written[line.number] = line.hash
            explained.discard(line.number)
    return written, explained


def accepted() -> Iterator[Manifest]:
    """Every accepted report in the order of the chain."""
    return Manifest.objects.select_related("filing__owner").order_by("number").iterator(chunk_size=1)
