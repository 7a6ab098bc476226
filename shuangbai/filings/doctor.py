"""What the check-up looks at in frozen reports: their chain, its heads outside the database, and each one's hash.

Counting every figure again, and holding it against today's records, is `shuangbai verify`; this takes seconds.
"""

from collections.abc import Iterator

from shuangbai.filings.verifying import changed_reports, prove_chain
from shuangbai.upkeep.doctor import Check, Found, Kind, found
from shuangbai.upkeep.enums import Severity

P, W, N = Severity.PROBLEM, Severity.WARNING, Severity.NOTE
_KEEP = "保护现场，先不要接收新的报告；请安全审计员对照备份、打印件和库外的块首文件"
KINDS = {
    "report_removed": Kind(P, "封存的报告缺了：{why}", f"{_KEEP}，从最近一份还有它的备份恢复。"),
    "report_chain_broken": Kind(
        P, "封存的报告前后接不上：{why}", f"{_KEEP}，运行 shuangbai verify --all 看是哪一份，从备份恢复。"
    ),
    "report_changed": Kind(
        P, "封存的报告被改动：{why}", f"{_KEEP}，运行 shuangbai verify --all 看是哪些数字，从备份恢复。"
    ),
    "report_heads_short": Kind(
        P, "报告链在库外的记录不全：{why}",
        "从备份找回 trail-heads.log；若只是当时磁盘写不进去，下一份报告封存时会补上，再体检一次。",
    ),
    "report_to_accept_again": Kind(W, "{why}", "到「上报」里找到这些单位和期间，重新接收；打印过的旧件作废。"),
    "report_head": Kind(N, "{why}", "可把这一行抄到别处，日后核对最新的报告有没有被移除。"),
}  # fmt: skip
# What the proof of the chain calls a thing, as the check-up calls it.
CALLED = {"chain_broken": "report_chain_broken", "heads_short": "report_heads_short"}


def reports_are_whole() -> Iterator[Found]:
    chain = prove_chain()
    faults = [*chain.faults, *changed_reports()]
    for fault in faults:
        yield found(CALLED.get(fault.code, fault.code), why=fault.sentence)
    for note in chain.notes:
        yield found("report_to_accept_again", why=note)
    if chain.reports and not faults:
        yield found("report_head", why=f"报告链完好，共 {chain.reports} 份；最后一份的链首是 {chain.head}。")


CHECK = Check("封存的报告", reports_are_whole, slow=True)
